"""A writer that is killed in the middle of its work leaves a log that opens, is whole, and is continued."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from logs import ORIGIN, Made, data

from partita.prove import Log, create_log, files, make_key, merkle, open_log
from partita.prove.checkpoint import Checkpoint

WRITER = """
import sys
from pathlib import Path
from partita.prove import make_key, open_log
log = open_log(Path(sys.argv[1]))
key = make_key(log.origin, b"k" * 32)
while True:
    log.append([b"%d" % number for number in range(log.size, log.size + 1777)])
    log.sign(key)
    print(log.size, log.root.hex(), flush=True)
"""
STEP = 1777


@pytest.mark.parametrize("wait_s", [0.0, 0.013, 0.031, 0.07])
def test_a_killed_writer_leaves_a_whole_log(tmp_path: Path, wait_s: float) -> None:
    """Killed at any moment: what was reported as written is there, nothing half is, and appending goes on."""
    folder = tmp_path / "log"
    create_log(folder, ORIGIN)
    with subprocess.Popen([sys.executable, "-c", WRITER, folder], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        told = [writer.stdout.readline().split() for _ in range(2)][-1]
        time.sleep(wait_s)
        os.kill(writer.pid, signal.SIGKILL)
        told = ([line.split() for line in writer.stdout.read().splitlines() if len(line.split()) == 2] or [told])[-1]
    key = make_key(ORIGIN, b"k" * 32)
    log = open_log(folder, [key.verifier])
    log.holds(Checkpoint(ORIGIN, int(told[0]), bytes.fromhex(told[1])))
    assert log.size % STEP == 0
    log.check()
    log.append([b"%d" % number for number in range(log.size, log.size + 5)])
    log.sign(key)
    assert log.root == merkle.root(merkle.leaf_hashes([b"%d" % number for number in range(log.size)]))
    assert beyond(log) == []


def beyond(log: Log) -> list[str]:
    """The files in a log's folder that are not whole, or that no tree of its size or smaller has."""
    every = [file.relative_to(log.folder) for file in log.folder.rglob("*") if file.is_file()]
    unfinished = [str(file) for file in every if file.name.endswith(files.FRESH)]
    full = [file for file in every if file.parts[0] == "tile" and ".p" not in str(file)]
    counts = {"entries": log.size, **{str(level): log.size >> 8 * level for level in range(8)}}
    number = {file: int("".join(file.parts[2:]).replace("x", "")) for file in full}
    return unfinished + [str(file) for file in full if number[file] >= counts[file.parts[1]] // 256]


@pytest.mark.parametrize("last", range(1, 9))
def test_whatever_was_written_last_the_log_is_as_before(made: Made, last: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that stops after any of its files leaves the old log; the next one clears up after it."""
    rename, count = os.rename, iter(range(1, 1000))

    def stops(old: str, new: str) -> None:
        if next(count) == last:
            raise KeyboardInterrupt
        rename(old, new)

    size, root = made.log.size, made.log.root
    with monkeypatch.context() as patched:
        patched.setattr(os, "rename", stops)
        with pytest.raises(KeyboardInterrupt):
            made.log.append(data(1000, 9000))
    log = open_log(made.log.folder, [made.key.verifier])
    assert (log.size, log.root) == (size, root)
    log.check()
    log.append(data(3, 600))
    log.check()
    assert log.root == merkle.root(merkle.leaf_hashes(data(603)))
    assert beyond(log) == []


def test_a_full_disk_leaves_the_log_as_it_was(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error while writing is told, and neither the log nor what is known of it has changed."""

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        with pytest.raises(OSError, match="No space"):
            made.log.append(data(1000, 9000))
    made.log.append(data(400, 600))
    made.log.check()
    assert made.log.root == merkle.root(merkle.leaf_hashes(data(1000)))

"""Files that are written whole or not at all, outlast a loss of power, and have one writer at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from partita.prove.faults import LogBusy

FRESH = ".new"
"""How the name of a file ends that is not whole yet."""

FILES_ONE_BY_ONE = 24
"""So many files are brought to the disk one by one; for more it is quicker to ask for everything at once."""


def beginning(file: Path, most: int) -> bytes:
    """A file's contents, but no more than one byte above the most that it may hold: longer ones are not read whole."""
    with file.open("rb") as handle:
        return handle.read(most + 1)


def put(file: Path, data: bytes) -> None:
    """Writes one file, durably, in place of what it held."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = f"{os.fspath(file)}{FRESH}"
    _write(fresh, data)
    _sync(fresh)
    Path(fresh).replace(file)
    _sync(os.fspath(file.parent))


def put_all(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Writes files (path within the folder, contents) one after the other, each whole, and then makes all durable.

    Until it returns nobody may rely on them: whoever names them in another file writes that one afterwards.
    """
    begun = os.fspath(folder)
    written, folders = [], {begun}
    for name, data in files:
        file = f"{begun}/{name}"
        above = file.rpartition("/")[0]
        if above not in folders:
            Path(above).mkdir(parents=True, exist_ok=True)
            while above not in folders:
                folders.add(above)
                above = above.rpartition("/")[0]
        _write(file + FRESH, data)
        os.rename(file + FRESH, file)  # noqa: PTH104 - a batch writes thousands, and a Path costs as much
        written.append(file)
    if len(written) > FILES_ONE_BY_ONE:
        os.sync()
    else:
        for each in (*written, *sorted(folders)):
            _sync(each)


def _write(file: str, data: bytes) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
    finally:
        os.close(handle)


def _sync(file: str) -> None:
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def alone(lock: Path, *, wait: bool = False) -> Iterator[None]:
    """Holds the only writer's place, which a killed writer gives up; raises `LogBusy` where it is taken."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise LogBusy("another writer is at work in this log", file=str(lock.parent)) from error
        yield

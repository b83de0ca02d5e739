"""How fast a log of ten million entries is written to tiles, proven from and checked, beside bare hashing and pymerkle.

`python benchmarks/log.py [--entries N] [--peer-entries N] [--peer-python PATH] [--json]`. The log lies in a temporary
folder. The floor is what hashing alone takes: one SHA-256 for each entry and one for each node above, in memory, with
nothing written; it is measured between the appends, so that both meet the same machine. pymerkle 7.0.0 keeps its tree
in a SQLite file; it is given the same entries, in its quickest way of adding them, in the environment of the peers.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import random
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import measured
import numpy as np

from partita import prove
from partita.prove import Entry, Log, merkle, proof_file

ENTRIES = 10_000_000
PEER_ENTRIES = 1_000_000
BATCH = 200_000
ASKED = 2000
ORIGIN = "benchmark.example/log"
PER_SECOND_LEAST = 200_000
MS_MOST = 1.0
PEER = Path(__file__).parent / "peers/with_pymerkle.py"


def entries(start: int, end: int) -> list[bytes]:
    """Entries as the log holds them: canonical JSON of about 120 bytes."""
    model = Entry("2026-11-22T10:00:00Z", "usage", bytes(merkle.HASH_BYTES)).data()
    before, after = model.split(base64.b64encode(bytes(merkle.HASH_BYTES)))
    return [before + base64.b64encode(number.to_bytes(merkle.HASH_BYTES)) + after for number in range(start, end)]


def append(log: Log, count: int) -> dict[str, float]:
    """Seconds of writing the log, by the clock and of this process, and of hashing the same entries alone."""
    taken = {"wall": 0.0, "process": 0.0, "floor": 0.0}
    for start in range(0, count, BATCH):
        part = entries(start, min(start + BATCH, count))
        wall, process = time.perf_counter(), time.process_time()
        log.append(part)
        taken["wall"] += time.perf_counter() - wall
        taken["process"] += time.process_time() - process
        process = time.process_time()
        merkle.root(merkle.leaf_hashes(part))
        taken["floor"] += time.process_time() - process
    return taken


def milliseconds(act: Callable[[int], object], numbers: list[int]) -> tuple[float, float]:
    """The median and the 99th percentile of what each call takes."""
    taken = []
    for number in numbers:
        begun = time.perf_counter()
        act(number)
        taken.append((time.perf_counter() - begun) * 1e3)
    median, high = np.percentile(taken, [50, 99]).tolist()
    return median, high


def reading(folder: Path, count: int, key: prove.SigningKey) -> list[dict[str, Any]]:
    """What opening, proving, verifying and checking take, on a log opened anew."""
    begun = time.perf_counter()
    log = prove.open_log(folder, [key.verifier])
    opened = (time.perf_counter() - begun) * 1e3
    asked = random.Random(1).sample(range(1, count), min(ASKED, count - 1))  # noqa: S311 - a sample, no secret
    policy, proofs = prove.Policy((key.verifier,)), {index: str(log.proof(index)) for index in asked[:200]}
    known = {index: log.entry(index) for index in proofs}
    proven, proven_high = milliseconds(log.prove, asked)
    consistent, _ = milliseconds(log.consistency, asked)
    verified, _ = milliseconds(lambda index: proof_file.verify(proofs[index], known[index], policy), list(proofs))
    begun = time.perf_counter()
    log.check()
    return [
        _figure("one entry proven from the tiles, median", proven, "ms", most=MS_MOST),
        _figure("one entry proven: 99th percentile", proven_high, "ms"),
        _figure("consistency with an earlier tree proven, median", consistent, "ms"),
        _figure("a proof file verified, median", verified, "ms"),
        _figure("the log opened, its edge and checkpoint verified", opened, "ms"),
        _figure("the whole log checked, every byte", time.perf_counter() - begun, "s"),
    ]


def peer(python: Path, count: int) -> list[dict[str, Any]]:
    """The figures of pymerkle, none where its environment is absent."""
    if not python.is_file():
        return []
    with tempfile.TemporaryDirectory(prefix="partita-log-peer-") as folder:
        file = Path(folder) / "entries"
        file.write_bytes(b"\n".join(entries(0, count)))
        done = subprocess.run([python, PEER, file, folder], capture_output=True, text=True, check=False)
    if done.returncode:
        return []
    told = json.loads(done.stdout)
    return [
        _figure(f"pymerkle: entries appended in a second, of {count:,}", told["per_second"], "1/s"),
        _figure("pymerkle: one entry proven, median", told["proven_ms"], "ms"),
        _figure("pymerkle: the first proof after opening", told["first_ms"], "ms"),
    ]


def measure(count: int, peer_count: int, python: Path) -> dict[str, Any]:
    """The figures, in the form of `benchmarks/run.py`."""
    key = prove.make_key(ORIGIN, b"b" * 32)
    with tempfile.TemporaryDirectory(prefix="partita-log-") as folder:
        log = prove.create_log(Path(folder) / "log", ORIGIN)
        taken = append(log, count)
        log.sign(key)
        read = reading(log.folder, count, key)
        files = sum(len(names) for _, _, names in os.walk(log.folder))
    per_second, floor = count / taken["wall"], count / taken["floor"]
    return {
        "figures": [
            _figure("entries appended in a second, on the disk", per_second, "1/s", least=PER_SECOND_LEAST),
            _figure("entries appended in a second of processor time", count / taken["process"], "1/s"),
            _figure("the floor: the same entries hashed and nothing else", floor, "1/s"),
            _figure("share of the floor that appending reaches", 100 * taken["floor"] / taken["process"], "%"),
            *read,
            *peer(python, peer_count),
        ],
        "notes": notes(count, files),
    }


def notes(count: int, files: int) -> list[str]:
    """What the figures were measured on."""
    made = f"{count:,} entries of about 120 bytes, {BATCH:,} at a time, in {files:,} files; each batch is durable"
    load = f"Five minutes' load of the machine, which has {os.cpu_count()} cores, at the end of this run"
    return [f"{made} before the next one begins.", f"{load}: {os.getloadavg()[1]:.1f}."]


def _figure(
    name: str, value: float, unit: str, *, least: float | None = None, most: float | None = None
) -> dict[str, Any]:
    aim: dict[str, Any] = {}
    if least is not None:
        aim = {"target": f">= {least:,}", "met": value >= least}
    elif most is not None:
        aim = {"target": f"<= {most:,}", "met": value <= most}
    return {"name": name, "value": round(value, 3) if value < 100 else round(value), "unit": unit} | aim


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=ENTRIES)
    parser.add_argument("--peer-entries", type=int, default=PEER_ENTRIES)
    parser.add_argument(
        "--peer-python", type=Path, default=Path(os.environ.get("PARTITA_PEERS", ".venv-bench/bin/python"))
    )
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    measured.told(measure(given.entries, given.peer_entries, given.peer_python), as_json=given.json)


if __name__ == "__main__":
    main()

"""A training run end to end: how fast, and how right against what the case's generator knows to be true.

`python benchmarks/training.py [--items N] [--json]`. The case is examples/training with N items and another seed than
its tests'. The floor beside reading is pyarrow's own reading of the same two files of rows, which checks nothing.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import measured
import pyarrow.json as pj
import pyarrow.parquet as pq

from partita import identify
from partita.jobs import registry, training, training_inputs, trainingfile

ITEMS = 400_000
SEED = 11
CASE = Path(__file__).parents[1] / "examples" / "training"
REGISTERED = dt.datetime(2026, 1, 31, tzinfo=dt.UTC)
PRECISION_LEAST = 0.995


def case(folder: Path, items: int) -> trainingfile.TrainingJob:
    """Writes the case's files and its registry into `folder`, and reads its job."""
    sys.path.insert(0, str(CASE))
    import make  # type: ignore[import-not-found]  # noqa: PLC0415 - the example's own program

    make.make(folder, seed=SEED, items=items)
    for file in CASE.glob("*.toml"):
        shutil.copy(file, folder)
    registry.import_files(str(folder / "registry.db"), sorted((folder / "registry").glob("*.csv")), "case", REGISTERED)
    return trainingfile.load(folder / "job.toml")


def floor(folder: Path) -> float:
    """CPU seconds that pyarrow takes to read the same JSON lines and Parquet, without a look at a single value.

    Lines that are broken on purpose, which pyarrow does not read past, are left out for it before.
    """
    lines = (folder / "manifests" / "pages.jsonl").read_bytes().splitlines(keepends=True)
    whole = folder / "whole.jsonl"
    whole.write_bytes(b"".join(line for line in lines if line.rstrip().endswith(b"}") and line.startswith(b"{")))
    begun = time.process_time()
    try:
        pj.read_json(whole)
    except (OSError, ValueError):
        return 0.0
    pq.read_table(folder / "manifests" / "audio.parquet")
    return time.process_time() - begun


def judged(found: training.Found, folder: Path) -> dict[str, Any]:
    """Precision and recall of works, and answers that allow what nobody allowed, over the model with all manifests."""
    rows = pq.read_table(folder / "truth.parquet").to_pylist()
    truth = {f"{row['manifest']}:{row['item_id']}": row for row in rows}
    mine = [row for row in found.findings.to_pylist() if row["model"] == "songbird/v2"]
    told = [row for row in mine if row["work_id"]]
    right = sum(row["work_id"] == truth[row["item_id"]]["work_id"] for row in told)
    named = sum(bool(truth[row["item_id"]]["work_id"]) for row in mine)
    wrongly = sum(
        row["answer"] == "allowed" and row["code"] != "licensed" and truth[row["item_id"]]["reserved"]
        for row in told
        if row["dated"] and row["work_id"] == truth[row["item_id"]]["work_id"]
    )
    return {"precision": right / len(told), "recall": right / named, "wrongly": wrongly}


def measure(items: int) -> dict[str, Any]:
    """The figures, in the form of `benchmarks/run.py`."""
    identify.warm()
    with tempfile.TemporaryDirectory(prefix="partita-training-") as name:
        folder = Path(name)
        job = case(folder, items)
        begun = time.process_time()
        training_inputs.read_manifests(job, folder)
        read = time.process_time() - begun
        least = floor(folder)
        wall, begun = time.perf_counter(), time.process_time()
        settled = training.compute(job, folder)
        wall, process = time.perf_counter() - wall, time.process_time() - begun
        found = judged(settled.found, folder)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {
        "figures": [
            _figure("manifests read, items in a CPU second", round(items / read), "1/s"),
            *([_figure("CPU of reading beside pyarrow's own", round(read / least, 1), "x")] if least else []),
            _figure("the whole run, items in a second by the clock", round(items / wall), "1/s"),
            _figure("the whole run, items in a CPU second", round(items / process), "1/s"),
            _figure("peak memory", peak, "MiB"),
            _figure("works: precision", round(found["precision"], 4), "")
            | {"target": f">= {PRECISION_LEAST}", "met": found["precision"] >= PRECISION_LEAST},
            _figure("works: recall", round(found["recall"], 4), ""),
            _figure("items allowed without a licence, although reserved that day", found["wrongly"], "items")
            | {"target": "0", "met": not found["wrongly"]},
        ],
        "notes": notes(items, settled.found.findings.num_rows),
    }


def notes(items: int, asked: int) -> list[str]:
    """What the figures were measured on."""
    what = f"{items:,} items, three models, {asked:,} findings, each of the day of taking and of that of training"
    load = f"Five minutes' load of the machine, which has {os.cpu_count()} cores, at the end: {os.getloadavg()[1]:.1f}."
    return [f"{what}; four licences, 407 works. Wrong titles are among the faults of the case.", load]


def _figure(name: str, value: float, unit: str) -> dict[str, Any]:
    return {"name": name, "value": value, "unit": unit}


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=ITEMS)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    measured.told(measure(given.items), as_json=given.json)


if __name__ == "__main__":
    main()

"""How fast a registry of a million reservations is recorded, looked up, decided on one use at a time, and read whole.

`python benchmarks/registry.py [--statements N] [--json]`. SQLite in a temporary folder; the data are `registry_data`'s.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import tempfile
import time
from pathlib import Path
from typing import Any

import measured
import numpy as np
import registry_data

from partita import clear
from partita.registry import lookup, snapshot
from partita.registry.store import Store, open_store

DAY = dt.date(2025, 1, 1)
ASKED = 3000
MS_MOST = 1.0


def decided(store: Store, data: registry_data.Made) -> dict[str, list[float]]:
    """For each kind of target, the milliseconds of gathering its facts and deciding on one use of it."""
    chance = random.Random(registry_data.SEED)  # noqa: S311 - a sample, no secret
    targets = {"work": data.works, "recording": data.recordings, "content": data.contents, "url": data.urls}
    found: dict[str, list[float]] = {}
    for kind, pool in targets.items():
        for target in chance.sample(pool, min(ASKED, len(pool))):
            begun = time.perf_counter()
            use = clear.Use("1", kind, target, "train_generative", "suno/v5", "DE", DAY)
            clear.decide(use, lookup.facts(store, kind, target, DAY))
            found.setdefault(kind, []).append((time.perf_counter() - begun) * 1e3)
    return found


def measure(statements: int) -> dict[str, Any]:
    """The figures, in the form of `benchmarks/run.py`."""
    data = registry_data.made(statements)
    rows = sum(table.num_rows for table in data.tables.values())
    with tempfile.TemporaryDirectory(prefix="partita-registry-") as folder:
        path = Path(folder) / "registry.db"
        store = open_store(path)
        begun = time.perf_counter()
        registry_data.build(store, data)
        recorded_s = time.perf_counter() - begun
        times = decided(store, data)
        begun = time.perf_counter()
        snapshot.read(store)
        read_s = time.perf_counter() - begun
        size = path.stat().st_size
        store.close()
    figures = [_figure("rows recorded in a second, checked, in whole acts", rows / recorded_s, "1/s")]
    for kind, taken in times.items():
        median, high = np.percentile(taken, [50, 99]).tolist()
        figures += [
            _figure(f"one use of a {kind}: facts gathered and decided, median", median, "ms", MS_MOST),
            _figure(f"one use of a {kind}: 99th percentile", high, "ms"),
        ]
    figures.append(_figure("the whole registry read into tables", read_s, "s"))
    return {
        "figures": figures,
        "notes": [f"{statements:,} statements among {rows:,} rows of nine tables; {size >> 20:,} MiB on the disk."],
    }


def _figure(name: str, value: float, unit: str, most: float | None = None) -> dict[str, Any]:
    aim = {} if most is None else {"target": most, "met": value <= most}
    return {"name": name, "value": round(value, 3 if value < 100 else 0), "unit": unit} | aim


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--statements", type=int, default=registry_data.STATEMENTS)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    measured.told(measure(given.statements), as_json=given.json)


if __name__ == "__main__":
    main()

"""How fast uses are cleared against a registry of a million reservations: whole tables, and one by one.

`python benchmarks/clear.py [--reservations N] [--uses N] [--json]`. The registry is that of `registry_data`; a tenth of
the uses are URLs. Times are wall seconds on as many cores as there are.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import time
from collections.abc import Callable
from typing import Any, TypeVar

import measured
import numpy as np
import pyarrow as pa
import registry_data

from partita import clear, tables
from partita.registry.facts import Facts, Held, Mandate, Said
from partita.tables import rights

T = TypeVar("T")

DAY = dt.date(2026, 7, 1)
PURPOSES = ("train", "train_generative", "ground", "any_ai")
PLACES = ("world", "EU", "FR", "TW", "US")
TARGET_PER_S = 100_000


def snapshot(data: registry_data.Made) -> dict[str, pa.Table]:
    """The tables as the registry would give them back: each with all its columns."""
    return {table.name: _full(table, data.tables.get(table.name, table.empty())) for table in rights.REGISTRY}


def _full(table: tables.Table, data: pa.Table) -> pa.Table:
    columns = {}
    for column in table.columns:
        if column.name in data.column_names:
            columns[column.name] = data.column(column.name)
            continue
        empty = registry_data.FIRST if column.name == "recorded_at" else [] if pa.types.is_list(column.type) else ""
        columns[column.name] = pa.array([None if column.null else empty] * data.num_rows, column.type)
    return tables.conform(pa.table(columns), table)


def uses(data: registry_data.Made, count: int, chance: np.random.Generator) -> pa.Table:
    """Uses of one month: of works, recordings, content codes and URLs."""
    pools = {"work": data.works, "recording": data.recordings, "content": data.contents, "url": data.urls}
    kinds = chance.choice(list(pools), count, p=[0.5, 0.3, 0.1, 0.1]).tolist()
    places = chance.random(count).tolist()
    days = chance.integers(0, 30, count).tolist()
    return pa.table(
        {
            "use_id": [f"u{n:08}" for n in range(count)],
            "target_kind": kinds,
            "target": [pools[k][int(x * len(pools[k]))] for k, x in zip(kinds, places, strict=True)],
            "purpose": chance.choice(PURPOSES, count),
            "system": chance.choice(registry_data.SYSTEMS[1:], count),
            "territory": chance.choice(PLACES, count),
            "at": [DAY + dt.timedelta(days=day) for day in days],
            "known": pa.nulls(count, pa.timestamp("s")),
        },
        schema=rights.USES.schema,
    )


def one() -> tuple[clear.Use, Facts]:
    """A typical use: three holders of two societies, a reservation, a licence of a repertoire, a claim."""
    said = Said("1", "licence", "repertoire", "S", "train", "suno", "world", "S", None, "registry", "machine",
                "signed", "", "", DAY)  # fmt: skip
    facts = Facts(
        "work", "W", (("work", "W"),),
        (said, said._replace(statement_id="2", kind="reservation", target_kind="party", target="C", party_id="C"),
         said._replace(statement_id="3", kind="reservation", target_kind="work", target="W", party_id="X")),
        (Held("work", "W", "A", "CA", "S", 500_000), Held("work", "W", "B", "CA", "S", 250_000),
         Held("work", "W", "C", "CA", "T", 250_000)),
        (Mandate("S", "", "mandate", "ai_training", "train", "world", ""),),
    )  # fmt: skip
    return clear.Use("u", "work", "W", "train", "suno/v5", "DK", DAY), facts


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Wall seconds and the result."""
    begin = time.perf_counter()
    result = work()
    return time.perf_counter() - begin, result


def measure(reservations: int, count: int) -> dict[str, Any]:
    """The figures, in the form of `benchmarks/run.py`."""
    chance = np.random.default_rng(7)
    made = registry_data.made(reservations)
    data, asked = snapshot(made), uses(made, count, chance)
    clear.decide_all(asked.slice(0, 10), {name: table.slice(0, 50) for name, table in data.items()})
    prepare_s, prepared = timed(lambda: clear.prepare(data))
    first_s, answers = timed(lambda: clear.decide_all(asked, prepared))
    begun = time.process_time()
    clear.decide_all(asked, prepared)
    cpu_s = time.process_time() - begun
    again_s = min(timed(lambda: clear.decide_all(asked, prepared))[0] for _ in range(3))
    use, facts = one()
    single_s = min(timed(lambda: [clear.decide(use, facts) for _ in range(200)])[0] for _ in range(5)) / 200
    found = answers.column("answer").value_counts().to_pylist()
    return {
        "figures": [
            _figure("uses answered in a second, registry made ready already", count / again_s, "1/s", TARGET_PER_S),
            _figure("the same at the first call", count / first_s, "1/s", TARGET_PER_S),
            _figure("uses in a second, with making the registry ready", count / (prepare_s + first_s), "1/s"),
            _figure("processor time of answering a million uses", cpu_s / count * 1e6, "s"),
            _figure("making the registry ready", prepare_s, "s"),
            _figure("one use with its facts at hand", single_s * 1e3, "ms"),
        ],
        "notes": [
            f"{reservations:,} statements, nine in ten of them reservations; {count:,} uses of 30 days.",
            f"{os.cpu_count()} cores; {os.getloadavg()[0]:.1f} processes wanted them at the end.",
            "Answers: " + ", ".join(sorted(f"{f['values']} {f['counts']:,}" for f in found)) + ".",
        ],
    }


def _figure(name: str, value: float, unit: str, target: float | None = None) -> dict[str, Any]:
    aim = {} if target is None else {"target": target, "met": value >= target}
    return {"name": name, "value": round(value, 3 if value < 100 else 0), "unit": unit} | aim


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reservations", type=int, default=1_000_000)
    parser.add_argument("--uses", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    measured.told(measure(given.reservations, given.uses), as_json=given.json)


if __name__ == "__main__":
    main()

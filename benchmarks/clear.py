"""How fast uses are cleared against a registry of a million reservations: whole tables, and one by one.

`python benchmarks/clear.py [--reservations N] [--uses N] [--json]`. The registry is made here, from a fixed seed; a
tenth of the uses are URLs. Times are wall seconds on as many cores as there are.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import time
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa

from partita import clear
from partita.registry.facts import Facts, Held, Mandate, Said
from partita.tables import rights

T = TypeVar("T")

DAY = dt.date(2026, 7, 1)
SYSTEMS = ("*", "suno", "suno/v5", "udio", "openai", "anthropic")
PURPOSES = ("train", "train_generative", "ground", "any_ai")
PLACES = ("world", "EU", "FR", "TW", "US")
SOCIETIES = 40
TARGET_PER_S = 100_000


def _table(table: rights.Table, rows: int, **columns: Any) -> pa.Table:
    """`rows` rows of a table: the columns given, and what a row says that says nothing."""
    times = {
        "valid_from": dt.date(2020, 1, 1),
        "recorded_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None),
    }
    made = []
    for column in table.columns:
        value = columns.get(column.name, times.get(column.name, None if column.null else ""))
        plain = value is None or isinstance(value, (str, int, dt.date))
        made.append(pa.array([value] * rows if plain else value, column.type))
    return pa.table(made, schema=table.schema)


def registry(reservations: int, chance: np.random.Generator) -> dict[str, pa.Table]:
    """Works with two or three holders, most of them members; reservations on works, recordings, URLs and parties."""
    works, parties = reservations, reservations // 10
    kinds = chance.choice(["work", "recording", "url", "party"], reservations, p=[0.6, 0.2, 0.15, 0.05])
    number = chance.integers(0, works, reservations)
    target = [_target(kind, n) for kind, n in zip(kinds.tolist(), number.tolist(), strict=True)]
    speaker = [
        f"P{(n * 7) % parties}" if kind != "url" else ""
        for kind, n in zip(kinds.tolist(), number.tolist(), strict=True)
    ]
    held = np.repeat(np.arange(works), 2)
    holder = [(n * 7 + k) % parties for k, n in zip([0, 1] * works, held.tolist(), strict=True)]
    statements = _table(
        rights.STATEMENTS, reservations, statement_id=[f"s{n}" for n in range(reservations)], kind="reservation",
        target_kind=kinds, target=target, purpose=chance.choice(PURPOSES, reservations),
        system=chance.choice(SYSTEMS, reservations), territory=chance.choice(PLACES, reservations), party_id=speaker,
        carrier="registry", form="machine", evidence="declared",
    )  # fmt: skip
    consents = _table(
        rights.STATEMENTS, SOCIETIES, statement_id=[f"c{n}" for n in range(SOCIETIES)], kind="licence",
        target_kind="repertoire", target=[f"S{n}" for n in range(SOCIETIES)], purpose="train", system="suno",
        territory="world", party_id=[f"S{n}" for n in range(SOCIETIES)], carrier="registry", form="machine",
        evidence="signed", offer_id=[f"o{n}" for n in range(SOCIETIES)],
    )  # fmt: skip
    made = {
        "statements": pa.concat_tables([statements, consents]),
        "holdings": _table(rights.HOLDINGS, 2 * works, target_kind="work", target=[f"W{n}" for n in held.tolist()],
                           party_id=[f"P{n}" for n in holder], role="CA", society=[f"S{n % SOCIETIES}" for n in holder],
                           share_ppm=500_000),
        "links": _table(rights.LINKS, works // 2, target_kind="recording", parent_kind="work",
                        target=[_target("recording", n) for n in range(works // 2)],
                        parent=[f"W{n}" for n in range(works // 2)]),
        "mandates": _table(rights.MANDATES, SOCIETIES, society=[f"S{n}" for n in range(SOCIETIES)], kind="mandate",
                           right="ai_training", purpose="train", territory="world"),
        "offers": _table(rights.OFFERS, SOCIETIES, offer_id=[f"o{n}" for n in range(SOCIETIES)], payee="S0",
                         licensor=[f"S{n}" for n in range(SOCIETIES)], target_kind="repertoire", purpose="train",
                         target=[f"S{n}" for n in range(SOCIETIES)], system="*", territory="world"),
    }  # fmt: skip
    return made | {table.name: table.empty() for table in rights.REGISTRY if table.name not in made}


def _target(kind: str, number: int) -> str:
    if kind == "recording":
        return f"TWBEN{number % 10_000_000:07}"
    if kind == "url":
        return f"https://host{number % 5000}.example/songs/{number}"
    return f"P{number % 1000}" if kind == "party" else f"W{number}"


def uses(count: int, works: int, chance: np.random.Generator) -> pa.Table:
    """Uses of one month: of works, recordings and URLs."""
    kinds = chance.choice(["work", "recording", "url"], count, p=[0.6, 0.3, 0.1])
    numbers = chance.integers(0, works, count)
    days = chance.integers(0, 30, count)
    return _table(
        rights.USES, count, use_id=[f"u{n:08}" for n in range(count)], target_kind=kinds,
        target=[_target(kind, n) for kind, n in zip(kinds.tolist(), numbers.tolist(), strict=True)],
        purpose=chance.choice(PURPOSES, count), system=chance.choice(SYSTEMS[1:], count),
        territory=chance.choice(PLACES, count), at=[DAY + dt.timedelta(days=int(day)) for day in days],
    )  # fmt: skip


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
    data, asked = registry(reservations, chance), uses(count, reservations, chance)
    clear.decide_all(asked.slice(0, 10), {name: table.slice(0, 50) for name, table in data.items()})
    prepare_s, prepared = timed(lambda: clear.prepare(data))
    first_s, answers = timed(lambda: clear.decide_all(asked, prepared))
    again_s = min(timed(lambda: clear.decide_all(asked, prepared))[0] for _ in range(3))
    use, facts = one()
    single_s = min(timed(lambda: [clear.decide(use, facts) for _ in range(200)])[0] for _ in range(5)) / 200
    found = answers.column("answer").value_counts().to_pylist()
    return {
        "figures": [
            _figure("uses answered in a second, registry made ready already", count / again_s, "1/s", TARGET_PER_S),
            _figure("the same at the first call", count / first_s, "1/s", TARGET_PER_S),
            _figure("uses in a second, with making the registry ready", count / (prepare_s + first_s), "1/s"),
            _figure("making the registry ready", prepare_s, "s"),
            _figure("one use with its facts at hand", single_s * 1e3, "ms"),
        ],
        "notes": [
            f"{reservations:,} reservations, {count:,} uses of 30 days, {os.cpu_count()} cores.",
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
    result = measure(given.reservations, given.uses)
    if given.json:
        print(json.dumps(result))
        return
    for figure in result["figures"]:
        print(f"{figure['value']:>14,} {figure['unit']:<4} {figure['name']}")
    print(*result["notes"], sep="\n")


if __name__ == "__main__":
    main()

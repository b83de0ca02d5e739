"""A made registry for measuring: a million statements over works, recordings, content codes, URL patterns and parties.

All of it is invented by a seeded generator; the same seed and size give the same registry. `python
benchmarks/registry_data.py FILE [STATEMENTS]` makes one in an SQLite file, or in the PostgreSQL database of a URL.
"""

from __future__ import annotations

import base64
import datetime as dt
import random
import sys
import time
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from partita.registry import lookup, record, snapshot
from partita.registry.store import Store, open_store

STATEMENTS = 1_000_000
SEED = 20261122
SOCIETIES = tuple(f"SOC{number:02d}" for number in range(30))
PLACES = ("world", "EU", "TW", "JP", "US", "DE", "FR", "GB")
SYSTEMS = ("*", "suno", "suno/v5", "udio", "openai", "openai/gpt-5")
FIRST = dt.datetime(2024, 1, 1)  # noqa: DTZ001 - UTC, as the registry's moments are
LATER = dt.datetime(2025, 6, 1)  # noqa: DTZ001
OPENED = dt.date(2000, 1, 1)

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Made:
    """The registry's tables by name, as they are first recorded, and the targets that questions can be asked about."""

    tables: dict[str, pa.Table]
    works: list[str]
    recordings: list[str]
    contents: list[str]
    urls: list[str]


def made(statements: int = STATEMENTS, seed: int = SEED) -> Made:
    """Tables for a registry of so many statements; three works for ten statements, and as many recordings."""
    chance = np.random.default_rng(seed)
    count = max(statements * 3 // 10, 100)
    works = [f"W{number:07d}" for number in range(count)]
    recordings = [f"XX{'ABCDEFGH'[n % 8]}{n % 90 + 10}{n % 25:02d}{n // 25 % 100_000:05d}" for n in range(count)]
    contents = [_iscc(code) for code in chance.bytes(16 * (count * 2 // 3)).hex(" ", 16).split()]
    patterns = [_pattern(number) for number in range(count // 2)]
    parties = [_ipi(number) for number in range(max(count // 15, 50))]
    tables = {
        "parties": _parties(parties),
        "works": _works(works),
        "links": _links(works, recordings, contents, patterns),
        "holdings": _holdings(chance, works, recordings, parties),
        "mandates": _mandates(chance, parties),
        "reciprocals": _reciprocals(),
        "authorship": _authorship(chance, works, parties),
        "statements": _statements(chance, statements, {"work": works, "recording": recordings, "content": contents,
                                                       "url": patterns, "party": parties}, parties),
        "offers": _offers(chance),
    }  # fmt: skip
    return Made(tables, works, recordings, contents, [_asked(pattern) for pattern in patterns])


def build(store: Store, data: Made) -> dict[str, float]:
    """Records everything, then corrects and withdraws some of it a year later; seconds that each took, by table."""
    took = {}
    for name, table in data.tables.items():
        begun = time.perf_counter()
        record.add(store, name, table, "benchmark", FIRST)
        took[name] = time.perf_counter() - begun
    begun = time.perf_counter()
    statements = data.tables["statements"]
    changed = statements.take(np.arange(0, statements.num_rows, 100)).to_pylist()
    record.correct(store, "statements", [{**row, "territory": "world"} for row in changed], "benchmark", LATER)
    ended = [{"statement_id": id_} for id_ in statements.column("statement_id")[50::200].to_pylist()]
    record.withdraw(store, "statements", ended, dt.date(2026, 1, 1), "benchmark", LATER)
    took["corrections and withdrawals"] = time.perf_counter() - begun
    return took


def _iscc(code: str) -> str:
    """An ISCC-CODE of two units: main type 5, sub-type 5 (no content unit), version 0, no optional units."""
    return "ISCC:" + base64.b32encode(bytes([0x55, 0x00]) + bytes.fromhex(code)).decode().rstrip("=")


def _ipi(number: int) -> str:
    digits = f"{number + 100_000_000:09d}"
    total = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), digits, strict=True))
    return f"{digits}{(101 - total % 101) % 100:02d}"


def _pattern(number: int) -> str:
    """A few large hosts with a pattern for each work, many small ones with a folder, some with every host below."""
    if number % 10 < 5:
        return f"https://music{number % 5}.example.com/watch?v={number * 2654435761 % 2**40:011x}*"
    if number % 10 < 9:
        return f"https://site{number % 3000}.example.org/catalogue/{number}/*"
    return f"https://*.band{number}.example.net/songs/*.mp3$"


def _asked(pattern: str) -> str:
    """A URL that the pattern matches."""
    return pattern.replace("://*.", "://www.").replace("*.mp3$", "a/one.mp3").removesuffix("*") + (
        "" if pattern.endswith("$") else "&t=1"
    )


def _column(values: object, count: int) -> pa.Array:
    return pa.array([values] * count if isinstance(values, str | dt.date) else values)


def _table(count: int, **columns: object) -> pa.Table:
    given = {"valid_from": OPENED} | columns
    return pa.table({name: _column(values, count) for name, values in given.items()})


def _parties(parties: list[str]) -> pa.Table:
    both = [*parties, *SOCIETIES]
    kinds = ["person"] * len(parties) + ["society"] * len(SOCIETIES)
    ipis = pa.array([*parties, *[None] * len(SOCIETIES)])
    return _table(len(both), party_id=both, name=[f"Party {p}" for p in both], kind=kinds, ipi=ipis)


def _works(works: list[str]) -> pa.Table:
    numbers = range(len(works))
    return _table(
        len(works), work_id=works, title=[f"Song {n}" for n in numbers], alt_titles=[[f"歌 {n}"] for n in numbers],
        writers=[[f"Writer {n % 20_000}"] for n in numbers], iswc=[_iswc(n) for n in numbers],
        language=["nan" if n % 3 else "cmn" for n in numbers],
    )  # fmt: skip


def _iswc(number: int) -> str:
    digits = f"{number:09d}"
    total = 1 + sum(weight * int(digit) for weight, digit in enumerate(digits, start=1))
    return f"T{digits}{(10 - total % 10) % 10}"


def _links(works: list[str], recordings: list[str], contents: list[str], patterns: list[str]) -> pa.Table:
    rows = [("recording", r, "work", works[n]) for n, r in enumerate(recordings)]
    rows += [("content", c, "recording", recordings[n]) for n, c in enumerate(contents)]
    rows += [("url", p, "content", contents[n]) for n, p in enumerate(patterns)]
    kinds, targets, parents, parent = zip(*rows, strict=True)
    return _table(len(rows), target_kind=kinds, target=targets, parent_kind=parents, parent=parent)


def _holdings(chance: np.random.Generator, works: list[str], recordings: list[str], parties: list[str]) -> pa.Table:
    """Two holders a work, and a producer for every third recording."""
    holders = chance.integers(0, len(parties), len(works))
    others = (holders + 1 + chance.integers(0, len(parties) - 1, len(works))) % len(parties)
    members = chance.integers(0, len(SOCIETIES), len(parties))
    rows = []
    for n, work in enumerate(works):
        rows += [("work", work, parties[p], "CA", SOCIETIES[members[p]], 500_000) for p in (holders[n], others[n])]
    rows += [("recording", r, parties[holders[n * 3]], "PR", "", 1_000_000) for n, r in enumerate(recordings[::3])]
    kinds, targets, who, roles, societies, shares = zip(*rows, strict=True)
    return _table(len(rows), target_kind=kinds, target=targets, party_id=who, role=roles, society=societies,
                  share_ppm=shares)  # fmt: skip


def _mandates(chance: np.random.Generator, parties: list[str]) -> pa.Table:
    """Every society by its statutes; one member in ten with a mandate for AI training; one in fifty withdrew it."""
    rows = [(s, "", "mandate", right, "any") for s in SOCIETIES for right in ("performing", "making_available")]
    rows += [(s, "", "mandate", "reproduction", "any") for s in SOCIETIES[::2]]
    given = chance.integers(0, len(SOCIETIES), len(parties))
    rows += [(SOCIETIES[given[n]], p, "mandate", "ai_training", "train") for n, p in enumerate(parties) if n % 10 == 0]
    rows += [(SOCIETIES[given[n]], p, "withdrawal", "ai_training", "train") for n, p in enumerate(parties)
             if n % 50 == 0]  # fmt: skip
    societies, who, kinds, rights, purposes = zip(*rows, strict=True)
    columns = {"society": societies, "party_id": who, "kind": kinds, "right": rights, "purpose": purposes}
    return _table(len(rows), **columns, territory="world", source="made")


def _reciprocals() -> pa.Table:
    rows = [(a, b, right) for a in SOCIETIES for b in SOCIETIES if a != b for right in ("performing", "ai_training")]
    grantors, grantees, rights = zip(*rows, strict=True)
    columns = {"grantor": grantors, "grantee": grantees, "right": rights}
    return _table(len(rows), **columns, purpose="any", territory="world", source="made")


def _authorship(chance: np.random.Generator, works: list[str], parties: list[str]) -> pa.Table:
    some = works[::10]
    making = chance.integers(0, 3, len(some))
    return _table(
        len(some), work_id=some, part="whole", party_id=[parties[n % len(parties)] for n in range(len(some))],
        making=[("human", "assisted", "generated")[m] for m in making],
        evidence=[["edits: the chorus was written anew"] if m == 1 else [] for m in making],
    )  # fmt: skip


def _statements(
    chance: np.random.Generator, count: int, things: dict[str, list[str]], parties: list[str]
) -> pa.Table:  # fmt: skip
    """Mostly reservations, by level as registries have them: works first, then recordings, codes, URLs and parties."""
    kinds = np.repeat(np.arange(5), np.diff([0, *(np.array([400, 650, 800, 950, 1000]) * count // 1000)]))
    names = list(things)
    offsets = [chance.integers(0, len(things[name]), count) for name in names]
    targets = [things[names[k]][offsets[k][n]] for n, k in enumerate(kinds.tolist())]
    said = chance.choice(["reservation", "permission", "consent"], count, p=[0.9, 0.05, 0.05])
    speaker = chance.integers(0, len(parties), count)
    years = chance.integers(0, 5, count)
    return _table(
        count, statement_id=[f"S{n:08d}" for n in range(count)], kind=said, target_kind=[names[k] for k in kinds],
        target=targets, purpose=chance.choice(["train", "train_generative", "any_ai", "mining", "any"], count),
        system=chance.choice(SYSTEMS, count, p=[0.8, 0.04, 0.04, 0.04, 0.04, 0.04]),
        territory=chance.choice(PLACES, count, p=[0.72, *[0.04] * 7]),
        party_id=["" if names[k] == "url" else parties[p] for k, p in zip(kinds, speaker, strict=True)],
        carrier=["robots" if names[k] == "url" else "registry" for k in kinds], form="machine", evidence="declared",
        valid_from=[dt.date(2020 + y, 1, 1) for y in years.tolist()],
    )  # fmt: skip


def _offers(chance: np.random.Generator) -> pa.Table:
    models = chance.choice(["share_of_income", "fee_per_work"], len(SOCIETIES))
    return _table(
        len(SOCIETIES), offer_id=[f"O{s}" for s in SOCIETIES], licensor=SOCIETIES, target_kind="repertoire",
        target=SOCIETIES, purpose="train", system="*", territory="world", model=models, payee=SOCIETIES,
        currency="EUR", terms="{}",
    )  # fmt: skip


def look_ups(store: Store, data: Made, count: int = 3000) -> dict[str, tuple[float, float, float]]:
    """For each kind of target the median and 99th percentile in ms of looking up its facts, and the median CPU time."""
    chance = random.Random(SEED)  # noqa: S311 - a sample, no secret
    targets = {"work": data.works, "recording": data.recordings, "content": data.contents, "url": data.urls}
    found = {}
    for kind, pool in targets.items():
        wall, cpu = [], []
        for target in chance.sample(pool, min(count, len(pool))):
            begun, used = time.perf_counter(), time.thread_time()
            lookup.facts(store, kind, target, dt.date(2025, 1, 1))
            cpu.append((time.thread_time() - used) * 1e3)
            wall.append((time.perf_counter() - begun) * 1e3)
        found[kind] = (*np.percentile(wall, [50, 99]).tolist(), float(np.median(cpu)))
    return found


def main(where: str, statements: int) -> None:
    """Makes the registry and says how long that, looking up and reading it whole take."""
    begun = time.perf_counter()
    data = made(statements)
    sizes = ", ".join(f"{name} {table.num_rows:,}" for name, table in data.tables.items())
    print(f"made in {time.perf_counter() - begun:.1f} s: {sizes}")
    store = open_store(where)
    used = time.process_time()
    for name, seconds in build(store, data).items():
        rows = data.tables[name].num_rows if name in data.tables else 0
        print(f"{name:30} {seconds:7.2f} s  {f'{rows / seconds:12,.0f} rows/s' if rows else ''}")
    print(f"{'all of it, CPU':30} {time.process_time() - used:7.2f} s")
    for kind, (median, high, cpu) in look_ups(store, data).items():
        print(f"facts of a {kind:19} {median:7.3f} ms median, {high:.3f} ms 99th percentile, {cpu:.3f} ms CPU")
    begun, used = time.perf_counter(), time.process_time()
    snapshot.read(store)
    print(f"{'snapshot':30} {time.perf_counter() - begun:7.2f} s, {time.process_time() - used:.2f} s CPU")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else STATEMENTS)

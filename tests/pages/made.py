"""A run made for tests: three fictional societies, three operators, real public-domain songs, made-up numbers.

The books are made by `distribute` itself, so that pages are tested on what they will meet.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from partita import tables
from partita.distribute import Books, DistributePolicy, distribute
from partita.formats.pages import RunView
from partita.formats.reading import FileNote

FROM, TO = dt.date(2024, 1, 1), dt.date(2024, 12, 31)
USED = [dt.datetime.fromisoformat(f"2024-{month:02d}-05T20:15:00") for month in range(1, 13)]
SONGS = (
    ("望春風", "鄧雨賢", "李臨秋"), ("雨夜花", "鄧雨賢", "周添旺"), ("月夜愁", "鄧雨賢", "周添旺"),
    ("四季紅", "鄧雨賢", "李臨秋"), ("送別", "John Pond Ordway", "李叔同"), ("荒城の月", "滝廉太郎", "土井晩翠"),
    ("Auld Lang Syne", "traditional", "Robert Burns"), ("Beautiful Dreamer", "Stephen Foster", "Stephen Foster"),
    ("O Sole Mio", "Eduardo di Capua", "Giovanni Capurro"), ("Greensleeves", "traditional", ""),
)  # fmt: skip
SOCIETIES = {
    "NORTH": {"en": "Society North", "zh-Hant": "北風音樂著作權協會"},
    "SOUTH": {"en": "Society South", "zh-Hant": "南島音樂著作權協會"},
    "EAST": {"en": "Society East", "zh-Hant": "東岸音樂著作權協會"},
}
LICENSEES = {
    "HARBOUR": {"en": "Harbour Karaoke", "zh-Hant": "海港歡唱"},
    "LANTERN": {"en": "Lantern Rooms", "zh-Hant": "燈籠歡唱"},
    "HARVEST": {"en": "Harvest Machines", "zh-Hant": "豐收伴唱機"},
}
RULES = {"matched": "title+writer", "ambiguous": "scored", "unmatched": "no_candidate", "out_of_scope": "language"}
FEES = {"NORTH": (150_000, 0), "SOUTH": (120_000, 30_000), "EAST": (100_000, 0)}


def run(*, works: int = 90, lines: int = 2000, titles: Sequence[str] = (), seed: int = 7, **changes: Any) -> RunView:
    """A balanced run; `titles` are reported by a licensee too, and nobody registered them."""
    dice = random.Random(seed)  # noqa: S311 - the same log every time
    catalogue, shares = _catalogue(works, dice)
    usage, matches = _log(catalogue, lines, dice, titles)
    problems = _problems(dice)
    pools, steps = _pools()
    books = booked(pools, usage, matches, shares, problems)
    view = RunView(
        run_id="3f9ac2d1e07b", title={"en": "Karaoke 2024", "zh-Hant": "卡拉OK 2024 年度分配"}, currency="TWD",
        period_from=FROM, period_to=TO, as_of=dt.date(2025, 3, 31), contact="desk@example.org", usage=usage,
        matches=matches, repertoire=catalogue, shares=shares, charges=tables.CHARGES.empty(), charge_steps=steps,
        pools=pools, allocations=books.allocations, suspense=books.suspense, payouts=books.payouts,
        journal=books.journal, problems=problems, files=_files(usage.num_rows), societies=SOCIETIES,
        licensees=LICENSEES, fictional=frozenset([*SOCIETIES, *LICENSEES]), version="0.1.0",
        fees={"NORTH": ("15 %", "0"), "SOUTH": ("12 %", "3 %"), "EAST": ("10 %", "0")},
        tariffs={"tw-ktv-room": {"en": "Karaoke rooms, per room and year", "zh-Hant": "KTV 每年每間包廂"}},
    )  # fmt: skip
    return replace(view, **changes)


def booked(pools: pa.Table, usage: pa.Table, matches: pa.Table, shares: pa.Table, problems: pa.Table) -> Books:
    """The books of these tables, with a minimum payout so that something is carried forward."""
    policy = DistributePolicy(fees=FEES, minimum_micro={"TWD": 300_000_000}, unit_micro={"TWD": 1_000_000})
    return distribute(pools, usage, matches, shares, policy, charges=tables.CHARGES.empty(), problems=problems)


def party(society: str, number: int) -> tuple[str, str]:
    """Id and name of a party that does not exist, and says so."""
    return f"{society}-{number:03d}", f"{society.title()} member {number} 會員{number}（虛構）"


def _catalogue(works: int, dice: random.Random) -> tuple[pa.Table, pa.Table]:
    rows, shares = [], []
    for number in range(works):
        title, composer, lyricist = SONGS[number % len(SONGS)]
        society = dice.choice(list(SOCIETIES))
        work_id = f"W{number:05d}"
        rows.append({
            "work_id": work_id, "title": title if number < len(SONGS) else f"{title} {number}", "alt_titles": [],
            "writers": [name for name in (composer, lyricist) if name], "performers": [], "iswc": None, "isrc": [],
            "language": None, "society": society,
        })  # fmt: skip
        for role, ppm in (("C", 500_000), ("A", 333_333), ("E", 166_667)):
            other = society if role != "A" else dice.choice(list(SOCIETIES))
            party_id, name = party(other, min(int(dice.expovariate(0.06)), 60))
            shares.append({"work_id": work_id, "party_id": party_id, "party_name": name, "role": role,
                           "society": other, "share_ppm": ppm})  # fmt: skip
    return _table(rows, tables.REPERTOIRE), _table(shares, tables.SHARES)


def _log(catalogue: pa.Table, lines: int, dice: random.Random, titles: Sequence[str]) -> tuple[pa.Table, pa.Table]:
    known = catalogue.to_pylist()
    usage, matches = [], []
    for number in range(lines):
        work = known[min(int(dice.expovariate(0.04)), len(known) - 1)]
        outcome = dice.choices(("matched", "ambiguous", "unmatched", "out_of_scope"), (88, 4, 6, 2))[0]
        title = (
            work["title"] if outcome != "unmatched" else f"{dice.choice(('無人登記', 'Unknown', '夜市'))} {number % 40}"
        )
        usage.append(_line(number, title, dice, [] if outcome == "unmatched" else work["writers"]))
        matches.append(_match(f"L{number}", outcome, work["work_id"], known))
    for number, title in enumerate(titles):
        usage.append(_line(lines + number, title, dice, []) | {"plays": 5000})
        matches.append(_match(f"L{lines + number}", "unmatched", "", known))
    return _table(usage, tables.USAGE), _table(matches, tables.MATCHES)


def _line(number: int, title: str, dice: random.Random, writers: list[str]) -> dict[str, Any]:
    return {
        "line_id": f"L{number}", "list": "log", "licensee": list(LICENSEES)[number % 3], "title": title,
        "performers": [], "writers": writers[:1], "isrc": None, "iswc": None, "language": None, "territory": "TW",
        "category": None, "plays": dice.randrange(1, 400), "seconds": None, "weight": None,
        "used_at": USED[number % 12] if number % 5 else None, "file": "log.csv", "line": number + 2,
    }  # fmt: skip


def _match(line_id: str, outcome: str, work_id: str, known: list[dict[str, Any]]) -> dict[str, Any]:
    candidates = [{"work_id": work_id, "probability": 0.97}] if outcome == "matched" else []
    if outcome == "ambiguous":
        candidates = [{"work_id": work_id, "probability": 0.48}, {"work_id": known[0]["work_id"], "probability": 0.41}]
    return {
        "line_id": line_id, "outcome": outcome, "work_id": work_id if outcome == "matched" else None,
        "probability": candidates[0]["probability"] if candidates else 0.0,
        "rule": RULES[outcome],
        "candidates": candidates,
    }  # fmt: skip


def _problems(dice: random.Random) -> pa.Table:
    rows = [
        {"file": "log.csv", "line": 9000 + number, "code": dice.choice(("usage.plays", "usage.title")),
         "severity": "quarantined", "column": "點播次數", "value": "-3", "reason": "a count below zero",
         "mend": "Write how often it was played", "list": "log", "plays": dice.randrange(1, 90)}
        for number in range(25)
    ]  # fmt: skip
    rows.append(
        {"file": "works.csv", "line": 12, "code": "repertoire.iswc", "severity": "warning", "column": "iswc",
         "value": "T1", "reason": "no ISWC", "mend": "Check it", "list": "works", "plays": 0}
    )  # fmt: skip
    return _table(rows, tables.PROBLEMS)


def _pools() -> tuple[pa.Table, pa.Table]:
    pools, steps = [], []
    for society, rate in (("NORTH", 500), ("SOUTH", 300), ("EAST", 200)):
        for licensee, rooms in (("HARBOUR", 1200), ("LANTERN", 640), ("HARVEST", 77)):
            pools.append(_pool(f"{licensee}/tw-ktv-room/{society}", licensee, society, [society], rate * rooms))
            steps.append({"charge_id": pools[-1]["pool_id"], "step": 1, "label": "rate", "source": "Art. 24",
                          "formula": f"{rate} x {rooms} rooms", "amount_micro": pools[-1]["amount_micro"]})  # fmt: skip
    joint = _pool("HARVEST/joint", "HARVEST", "NORTH", ["NORTH", "SOUTH"], 6300 * 77)
    return _table([*pools, {**joint, "tariff_id": "tw-joint-machine"}], tables.POOLS), _table(
        steps, tables.CHARGE_STEPS
    )


def _pool(pool_id: str, licensee: str, society: str, societies: list[str], amount: int) -> dict[str, Any]:
    return {
        "pool_id": pool_id, "licensee": licensee, "society": society, "societies": societies,
        "tariff_id": "tw-ktv-room", "method": "room", "period_from": FROM, "period_to": TO, "currency": "TWD",
        "amount_micro": amount * 1_000_000, "allocation_key": "plays",
    }  # fmt: skip


def _files(rows: int) -> tuple[FileNote, ...]:
    titles = {"title": "曲名"}
    works = FileNote("works.csv", "ab" * 32, 50_000, "CSV", "utf-8", "valid UTF-8", rows=90, columns=titles)
    reason, columns = "valid Big5, and the most likely reading", {"title": "歌名", "plays": "點播次數"}
    log = FileNote("log.csv", "cd" * 32, 910_000, "CSV", "cp950", reason, ",", rows, 25, columns, ["備註"])
    return works, log


def _table(rows: list[dict[str, Any]], table: tables.Table) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=table.schema)

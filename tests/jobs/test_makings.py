"""A run says how much of its plays and money goes to people's and machines' works, and nothing where nobody knows."""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections import defaultdict
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
import harbour

from partita import tables
from partita.jobs import makings, run
from partita.jobs.settle import settle
from partita.registry import record
from partita.registry.store import open_store

MADE = {
    "N-1": ("lyrics", "human"),
    "N-2": ("melody", "generated"),
    "N-3": ("whole", "assisted"),
}


def registry(path: Path, *rows: tuple[str, str, str]) -> None:
    """A registry that knows how parts of works were made."""
    store = open_store(path)
    since = dt.date(2000, 1, 1)
    made = [
        {"work_id": work, "part": part, "party_id": "", "making": making, "tool": "", "evidence": [], "sha256": [],
         "source": "tests", "valid_from": since}
        for work, part, making in rows
    ]  # fmt: skip
    known = [{"work_id": "R-9", "title": "四季紅", "iswc": "T0345246801", "valid_from": since}]
    record.add_all(store, {"works": known, "authorship": made}, "tests", dt.datetime(2018, 1, 1, tzinfo=dt.UTC))
    store.close()


def settled(folder: Path, works: str = harbour.WORKS, *, job: str = "") -> Path:
    """The small case with these works, settled."""
    path = harbour.write(folder / "case")
    (folder / "case" / "works.csv").write_text(works, encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8") + job, encoding="utf-8")
    settle(path, folder / "run")
    return folder / "run"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small case, whose registry knows the making of three of its works."""
    folder = tmp_path_factory.mktemp("makings")
    (folder / "case").mkdir()
    known = [(work, *made) for work, made in MADE.items()]
    registry(folder / "case" / "registry.db", *known, ("N-4", "vocals", "generated"))
    return settled(folder, job='\n[clear]\nregistry = "registry.db"\n')


def test_plays_and_money_are_told_by_month_and_making(told: Path) -> None:
    """Each matched play is counted once, in its month, by the making of its work; what is not recorded is unknown."""
    rows = run.read_table(told, tables.MAKING_SHARES).to_pylist()
    plays = {(row["month"], row["making"]): row["plays"] for row in rows if row["plays"]}
    assert plays[("2019-03", "human")] == 40
    assert plays[("2019-04", "generated")] == 25
    assert plays[("2019-05", "assisted")] == 10
    assert plays[("2019-05", "unknown")] == 5 + 5 + 7


def test_all_money_that_is_paid_stands_in_the_table(told: Path) -> None:
    """The months' amounts sum exactly to what was allocated, by making too."""
    found: dict[str, int] = defaultdict(int)
    for row in run.read_table(told, tables.MAKING_SHARES).to_pylist():
        found[row["making"]] += row["amount_micro"]
    paid: dict[str, int] = defaultdict(int)
    for row in run.read_table(told, tables.ALLOCATIONS).to_pylist():
        paid[MADE.get(row["work_id"], ("", "unknown"))[1]] += row["amount_micro"]
    assert dict(found) == dict(paid)
    assert found["generated"] > 0


def test_the_report_shows_a_picture_and_a_table_in_both_languages(told: Path) -> None:
    """A chart with its words read out, the table beside it, months and totals, in English and Chinese."""
    for name, heading, unknown in (
        ("report.html", "Works by people and by machines", "unknown"),
        ("report.zh-Hant.html", "人類創作與人工智慧生成著作", "不明"),
    ):
        page = (told / name).read_text(encoding="utf-8")
        assert f'aria-label="{heading}' in page
        table = re.search(r'id="makings".*?</table>', page, re.DOTALL)
        assert table
        assert "2019-04" in table[0]
        assert unknown in table[0]


def test_nothing_is_shown_where_nothing_is_known(tmp_path: Path) -> None:
    """Without a record of any work there is no table and no heading: unknown throughout is no finding."""
    plain = settled(tmp_path / "plain")
    (tmp_path / "other" / "case").mkdir(parents=True)
    registry(tmp_path / "other" / "case" / "registry.db", ("R-1", "whole", "human"))
    other = settled(tmp_path / "other", job='\n[clear]\nregistry = "registry.db"\n')
    for folder in (plain, other):
        assert not (folder / "making_shares.parquet").exists()
        assert 'id="makings"' not in (folder / "report.html").read_text(encoding="utf-8")


def test_a_work_is_found_by_its_iswc(tmp_path: Path) -> None:
    """Where the registry has the work under another number, the one work with its ISWC counts."""
    (tmp_path / "case").mkdir()
    registry(tmp_path / "case" / "registry.db", ("R-9", "whole", "generated"))
    head, *rows = harbour.WORKS.strip().splitlines()
    works = "\n".join([f"{head},iswc", *(f"{row},{'T0345246801' if row.startswith('S-1') else ''}" for row in rows)])
    folder = settled(tmp_path, works, job='\n[clear]\nregistry = "registry.db"\n')
    found = {row["making"]: row["plays"] for row in run.read_table(folder, tables.MAKING_SHARES).to_pylist()}
    assert found["generated"] == 5


def test_a_column_of_the_repertoire_says_it_too(tmp_path: Path) -> None:
    """Without a registry, a column `making` counts; a word that is no making is a remark, and the work unknown."""
    head, *rows = harbour.WORKS.strip().splitlines()
    said = {"N-1": "Human", "N-2": "generated", "S-1": "by elves"}
    works = "\n".join([f"{head},making", *(f"{row},{said.get(row.split(',')[0], '')}" for row in rows)])
    folder = settled(tmp_path, works)
    rows_ = run.read_table(folder, tables.MAKING_SHARES).to_pylist()
    assert {row["making"] for row in rows_} == {"human", "generated", "unknown"}
    remarks = run.read_table(folder, tables.PROBLEMS).to_pylist()
    assert [row["value"] for row in remarks if row["code"] == "repertoire.making"] == ["by elves"]


def test_the_making_does_not_touch_the_books(told: Path, tmp_path: Path) -> None:
    """Who made a work how is shown and decides nothing: the books are those of the same job without the column."""
    plain = settled(tmp_path)
    for table in (tables.MATCHES, tables.PAYOUTS, tables.JOURNAL):
        assert run.read_table(plain, table).num_rows == run.read_table(told, table).num_rows
    head, *rows = harbour.WORKS.strip().splitlines()
    works = "\n".join([f"{head},making", *(f"{row},generated" for row in rows)])
    made = settled(tmp_path / "made", works)
    for table in (tables.ALLOCATIONS, tables.PAYOUTS, tables.JOURNAL):
        assert run.read_table(plain, table).equals(run.read_table(made, table))


DAYS = st.sampled_from([None, dt.datetime(2019, 1, 5), dt.datetime(2019, 2, 5), dt.datetime(2020, 2, 5)])  # noqa: DTZ001
LINES = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9), DAYS), max_size=8)
PAID = st.lists(st.tuples(st.sampled_from("abcd"), st.integers(-(10**15), 10**15)), min_size=1, max_size=6)


def _table(rows: list[dict[str, object]], table: tables.Table) -> pa.Table:
    """Rows of a table of the contract, with empty values where none is given."""
    empty = {"string": "", "int64": 0}
    blank = {c.name: None if c.null else empty.get(str(c.type), []) for c in table.columns}
    return pa.Table.from_pylist([blank | row for row in rows], schema=table.schema)


@given(LINES, PAID)
def test_no_unit_of_money_is_lost_or_made(
    lines: list[tuple[str, int, dt.datetime | None]], paid: list[tuple[str, int]]
) -> None:
    """Whatever was played and paid, also less than nothing, the months' amounts sum to it, work by work."""
    numbered = list(enumerate(lines))
    usage = [{"line_id": str(n), "plays": plays, "used_at": day, "licensee": "h"} for n, (_, plays, day) in numbered]
    matches = [{"line_id": str(n), "outcome": "matched", "work_id": work, "probability": 1.0, "candidates": []}
               for n, (work, _, _) in numbered]  # fmt: skip
    pool = {"pool_id": "p", "licensee": "", "period_from": dt.date(2019, 1, 1), "period_to": dt.date(2019, 12, 31)}
    inputs = {
        "usage": _table(usage, tables.USAGE),
        "matches": _table(matches, tables.MATCHES),
        "pools": _table([pool], tables.POOLS),
        "allocations": _table([{"pool_id": "p", "work_id": w, "amount_micro": a} for w, a in paid], tables.ALLOCATIONS),
    }
    whole = {"a": "human", "b": "generated"}
    made = makings.counted(whole, inputs).to_pylist()
    wanted: dict[str, int] = defaultdict(int)
    for work, amount in paid:
        wanted[whole.get(work, "unknown")] += amount
    found: dict[str, int] = defaultdict(int)
    for row in made:
        found[row["making"]] += row["amount_micro"]
    known = {whole.get(work) for work, _ in paid} | {whole.get(work) for work, _, _ in lines}
    if known - {None}:
        assert {key: value for key, value in found.items() if value} == {k: v for k, v in wanted.items() if v}
        assert sum(row["plays"] for row in made) == sum(plays for _, plays, _ in lines)
    else:
        assert made == []

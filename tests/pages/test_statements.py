"""Statements: complete, exact, safe for spreadsheets and for folders."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import made
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita import money, tables
from partita.formats import pages
from partita.formats.pages import cells


def sheet(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV by the English half of each header."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    return [dict(zip((name.split(" ")[0] for name in rows[0]), row, strict=True)) for row in rows[1:]]


def test_the_combined_json_holds_every_payee_and_every_allocation(folder: Path, run: pages.RunView) -> None:
    """What stands in statements.json is what stands in payouts and allocations, to the millionth."""
    found = json.loads((folder / "statements/statements.json").read_text(encoding="utf-8"))
    by_payee = {row["payee"]["party_id"]: row for row in found}
    payouts = run.payouts.to_pylist()
    assert sorted(by_payee) == sorted(row["party_id"] for row in payouts)
    for row in payouts:
        statement = by_payee[row["party_id"]]
        assert statement["money"]["paid_micro"] == row["paid_micro"]
        assert sum(line["amount_micro"] for line in statement["lines"]) == row["gross_micro"]
    assert sum(len(row["lines"]) for row in found) == run.allocations.num_rows


def test_each_payee_of_the_csv_adds_up_to_zero(folder: Path, run: pages.RunView) -> None:
    """Allocations in, deductions, payment and carry out: a spreadsheet's own sum shows that nothing is missing."""
    sums: dict[str, Decimal] = {}
    for row in sheet(folder / "statements/statements.csv"):
        sums[row["payee_id"]] = sums.get(row["payee_id"], Decimal(0)) + Decimal(row["amount"])
    assert len(sums) == run.payouts.num_rows
    assert set(sums.values()) == {Decimal(0)}


def test_a_payees_own_files_say_what_the_combined_ones_say(folder: Path) -> None:
    """One statement, three forms: the payee's JSON is an element of the combined file, its CSV a part of the sheet."""
    found = json.loads((folder / "statements/statements.json").read_text(encoding="utf-8"))
    everybody = (folder / "statements/statements.csv").read_bytes().decode("utf-8-sig")
    for statement in found[:5]:
        name = pages.safe_name(
            statement["payee"]["name"], statement["payee"]["party_id"], statement["payee"]["society"]
        )
        own = folder / "statements" / name
        assert json.loads(own.with_suffix(".json").read_text(encoding="utf-8")) == statement
        rows = own.with_suffix(".csv").read_bytes().decode("utf-8-sig").split("\r\n", 1)[1]
        assert rows in everybody


def test_json_amounts_are_integers_and_exact_text(folder: Path) -> None:
    """A program gets integers of a millionth; a reader gets the same as text; nobody gets a float."""
    found = json.loads((folder / "statements/statements.json").read_text(encoding="utf-8"), parse_float=pytest.fail)
    line = found[0]["lines"][0]
    assert isinstance(line["amount_micro"], int)
    assert money.micro(line["amount"]) == line["amount_micro"]


def test_plays_are_those_of_the_works_lines_in_the_pool(folder: Path, run: pages.RunView) -> None:
    """The plays beside an allocation are the matched lines' plays of that licensee."""
    matched = {r["line_id"]: r["work_id"] for r in run.matches.to_pylist() if r["outcome"] == "matched"}
    plays: dict[tuple[str, str], int] = {}
    for row in run.usage.to_pylist():
        if work := matched.get(row["line_id"]):
            plays[row["licensee"], work] = plays.get((row["licensee"], work), 0) + row["plays"]
    for row in sheet(folder / "statements/statements.csv"):
        if row["entry"] == "allocation":
            assert int(row["plays"]) == plays[row["licensee"], row["work_id"]]


def test_a_party_that_only_carries_gets_a_statement(tmp_path: Path) -> None:
    """Somebody with money from before and no use in this run is told so."""
    run = made.run(works=10, lines=50)
    row: dict[str, Any] = dict.fromkeys(tables.PAYOUTS.schema.names, 0) | {
        "party_id": "OLD", "party_name": "Carried", "society": "NORTH", "currency": "TWD",
        "carried_in_micro": 5_000_000, "carried_out_micro": 5_000_000,
    }  # fmt: skip
    extra = pa.Table.from_pylist([row], schema=tables.PAYOUTS.schema)
    pages.write(tmp_path, replace(run, payouts=pa.concat_tables([run.payouts, extra])))
    own = tmp_path / "statements" / f"{pages.safe_name('Carried', 'OLD', 'NORTH')}.html"
    assert "No work of yours was found" in own.read_text(encoding="utf-8")


def test_only_the_largest_payees_get_pages_but_the_csv_has_all(tmp_path: Path) -> None:
    """`html_most` bounds the number of files, never what is told."""
    run = made.run(works=30, lines=300, html_most=3)
    pages.write(tmp_path, run, languages=("en",))
    names = sorted(p.name for p in (tmp_path / "statements").iterdir())
    assert len([n for n in names if n.endswith(".html")]) == 4
    assert len({r["payee_id"] for r in sheet(tmp_path / "statements/statements.csv")}) == run.payouts.num_rows


@given(st.text(max_size=300), st.text(min_size=1, max_size=20))
def test_a_file_name_is_a_plain_name_whatever_the_party_is_called(name: str, party_id: str) -> None:
    """No separator, no dot, no control character, never empty, short enough for any file system."""
    made_name = pages.safe_name(name, party_id)
    assert Path(made_name).name == made_name
    assert all(c == "-" or c.isalnum() for c in made_name)
    assert len(f"{made_name}.zh-Hant.html".encode()) < 200
    assert made_name != pages.safe_name(name, party_id + "x")


@pytest.mark.parametrize("name", ["../../etc/passwd", "CON", "a/b\\c", "\0", ".", "..", "", "𠮷野家", "x" * 5000])
def test_hostile_names_stay_in_their_folder(name: str, tmp_path: Path) -> None:
    """Path tricks, reserved names and endless names give a file in the folder, and only there."""
    path = (tmp_path / f"{pages.safe_name(name, 'P')}.html").resolve()
    assert path.parent == tmp_path.resolve()
    path.write_text("", encoding="utf-8")


ACTIVE = "=+-@\t\r\n＝＋－＠"


@given(st.text(max_size=40))
def test_no_text_cell_starts_a_formula(value: str) -> None:
    """Whatever a title says, a spreadsheet shows it and runs nothing; a plain number stays a number."""
    cell = str(cells.safe(value))
    assert not cell.startswith(tuple(ACTIVE)) or Decimal(cell) is not None
    assert not any(ord(c) < 32 and c not in "\t\r\n" for c in cell)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("=1+1", "'=1+1"), ("-5", "-5"), ("-12.50", "-12.50"), ("-x", "'-x"), ("@A1", "'@A1"), ("+886", "'+886"),
     ("\t=1", "'\t=1"), ("＝1", "'＝1"), ("望春風", "望春風"), (7, 7), (None, None), ("\x00=1", "'=1")],
)  # fmt: skip
def test_what_a_cell_becomes(value: Any, expected: Any) -> None:
    """Cells that begin a formula get an apostrophe; numbers and plain text stay as they are."""
    assert cells.safe(value) == expected


@given(st.integers(-(10**15), 10**15))
def test_an_amount_in_a_cell_is_exact(amount_micro: int) -> None:
    """What the CSV says, read back, is the amount to the millionth, and a number to every spreadsheet."""
    text = cells.amount(amount_micro, "TWD")
    assert int(Decimal(text) * 1_000_000) == amount_micro
    assert cells.safe(text) == text

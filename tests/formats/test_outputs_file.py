"""Outputs of models: exact incomes, weights scaled alike, one income an output, each work once."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita import tables
from partita.errors import InputError
from partita.formats import outputs_file
from partita.formats.reading import Reading
from partita.tables.training import OUTPUTS

Write = Callable[..., Path]
HEAD = "model,output_id,made_at,use,income,work_id,weight,attributed_by\n"


def read(path: Path) -> Reading:
    """The outputs at `path`, in the shapes of the contract."""
    found = outputs_file.read(path, name="o", today=dt.date(2026, 11, 22))
    tables.conform(found.table, OUTPUTS)
    tables.conform(found.problems, tables.PROBLEMS)
    assert found.notes.rows == found.table.num_rows + found.notes.quarantined
    return found


def problems(found: Reading) -> list[tuple[int, str]]:
    """Line and code of each problem."""
    return [(row["line"], row["code"]) for row in found.problems.to_pylist()]


def test_incomes_are_exact_to_the_millionth(text: Write) -> None:
    """Each is a whole number of millionths, the same on all rows of an output; none stated is none, not nothing."""
    found = read(text(HEAD + "m/1,a,2025-01-02,stream,0.000125,W1,3,x\nm/1,a,,,,W2,1,\nm/1,b,,,1e-4,,,\nm/1,c,,,,,,\n"))
    rows = [(r["output_id"], r["income_micro"], r["work_id"], r["weight"]) for r in found.table.to_pylist()]
    assert rows == [("a", 125, "W1", 3), ("a", 125, "W2", 1), ("b", 100, "", 0), ("c", None, "", 0)]
    assert problems(found) == []


def test_broken_weights_are_scaled_alike(text: Write) -> None:
    """One weight with decimals makes all weights millionths; a work without one weighs one."""
    found = read(text(HEAD + "m/1,a,,,1,W1,0.25,\nm/1,a,,,1,W2,2,\nm/1,b,,,1,W1,,\n"))
    assert found.table.column("weight").to_pylist() == [250_000, 2_000_000, 1_000_000]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (",x,,,1,W1,1,", "outputs.model"),
        ("m/1,,,,1,W1,1,", "outputs.output"),
        ("m/1,x,,,-1,W1,1,", "outputs.income"),
        ("m/1,x,,,0.0000001,W1,1,", "outputs.income"),
        ("m/1,x,,,free,W1,1,", "outputs.income"),
        ("m/1,x,,,NaN,W1,1,", "outputs.income"),
        ("m/1,x,,,1e30,W1,1,", "outputs.income"),
        ("m/1,x,,,1,W1,-1,", "outputs.weight"),
        ("m/1,x,,,1,W1,much,", "outputs.weight"),
        ("m/1,x,,,1,,2,", "outputs.work"),
        ("m/1,a,,,2,W2,1,", "outputs.income_differs"),
        ("m/1,a,,,1,W1,1,", "outputs.twice"),
    ],
)
def test_rows_that_cannot_count_are_set_aside(text: Write, row: str, code: str) -> None:
    """Each with its line and code; the row above stays."""
    found = read(text(HEAD + "m/1,a,,,1,W1,1,\n" + row + "\n"))
    assert problems(found) == [(3, code)]
    assert found.table.num_rows == 1


@pytest.mark.parametrize("moment", ["2025-02-30", "2031-01-01", "soon"])
def test_a_moment_that_cannot_be_is_left_out(text: Write, moment: str) -> None:
    """The output still counts."""
    found = read(text(HEAD + f"m/1,a,{moment},,1,W1,1,\n"))
    assert problems(found) == [(2, "outputs.made_at")]
    assert found.table.column("made_at").to_pylist() == [None]


def test_parquet_and_json_lines_give_the_same(tmp_path: Path) -> None:
    """Decimals, doubles and texts of one amount are one amount."""
    rows = [{"model": "m/1", "output_id": "a", "income": "0.000125", "work_id": "W1", "weight": 2},
            {"model": "m/1", "output_id": "b", "income": "1234567.890123", "work_id": "", "weight": 0}]  # fmt: skip
    made = pa.Table.from_pylist(rows)
    amounts = [Decimal(str(row["income"])) for row in rows]
    pq.write_table(made.set_column(2, "income", pa.array(amounts, pa.decimal128(20, 6))), tmp_path / "a.parquet")
    pq.write_table(made.set_column(2, "income", pa.array(map(float, amounts), pa.float64())), tmp_path / "b.parquet")
    (tmp_path / "c.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    numbers = "\n".join(json.dumps({**row, "income": float(amount)}) for row, amount in zip(rows, amounts, strict=True))
    (tmp_path / "d.jsonl").write_text(numbers, encoding="utf-8")
    found = [read(tmp_path / name).table for name in ("a.parquet", "b.parquet", "c.jsonl", "d.jsonl")]
    assert found[0].column("income_micro").to_pylist() == [125, 1_234_567_890_123]
    assert all(table.equals(found[0]) for table in found)


def test_micro_units_may_be_stated(text: Write) -> None:
    """A column in millionths is taken as it is."""
    found = read(text("model,output_id,income_micro\nm/1,a,125\nm/1,b,-1\n"))
    assert found.table.column("income_micro").to_pylist() == [125]
    assert problems(found) == [(3, "outputs.income")]


def test_what_is_no_list_of_outputs(text: Write, tmp_path: Path) -> None:
    """A file without outputs, and a file that is not there, are refused in one line."""
    with pytest.raises(InputError, match="output_id"):
        read(text("a,b\n1,2\n"))
    with pytest.raises(InputError):
        read(tmp_path / "absent.csv")


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["", "W1", "W2"]), st.integers(0, 10**9)), max_size=12)
)
def test_every_row_counts_once_or_is_set_aside(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, int]]
) -> None:
    """Rows kept and rows set aside make all rows; each output has one income, each pair stands once."""
    path = tmp_path_factory.mktemp("outputs") / "o.csv"
    lines = [f"m/1,{output},,,{money}.5,{work},{1 if work else ''},\n" for output, work, money in rows]
    path.write_text(HEAD + "m/1,first,,,1,,,\n" + "".join(lines), encoding="utf-8")
    found = read(path)
    assert found.notes.rows == len(rows) + 1
    kept = found.table.to_pylist()
    assert len({(r["output_id"], r["income_micro"]) for r in kept}) == len({r["output_id"] for r in kept})
    assert len({(r["output_id"], r["work_id"]) for r in kept}) == len(kept)

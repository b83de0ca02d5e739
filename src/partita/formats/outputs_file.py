"""What models made, what it earned, and which works are said to have shaped it, as OUTPUTS: CSV, JSON lines or Parquet.

One row for each output and work; an output with no work has one row. Incomes are exact to the millionth; weights are
whole numbers, or decimals that are scaled alike throughout a file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from partita import money, tables
from partita.errors import InputError
from partita.formats import problems
from partita.formats.grid import Grid
from partita.formats.manifests import figures, kinds, rows_of, withheld
from partita.formats.manifests.columns import Found
from partita.formats.manifests.moments import moments
from partita.formats.manifests.stated import Stated
from partita.formats.reading import Reading
from partita.formats.sieve import Mask, Sieve, as_text, each, mask
from partita.tables.training import OUTPUTS

INCOME_MICRO_MOST = 10**15
WEIGHT_MOST = 10**12
_MICRO = r"^\+?(?P<whole>[0-9]{1,9})(?:\.(?P<decimals>[0-9]{1,6})0*)?$"


@dataclass(frozen=True, slots=True)
class _Block:
    """Rows of OUTPUTS with weights in millionths, their lines, and whether a weight is no whole number."""

    rows: pa.Table
    lines: pa.Array
    broken: bool


def read(
    path: Path, *, name: str, columns: Mapping[str, str] | None = None, encoding: str | None = None,
    sheet: str | None = None, today: dt.date | None = None,
) -> Reading:  # fmt: skip
    """The outputs at `path` as OUTPUTS and PROBLEMS; raises InputError for a file that is not what it says."""
    stated = Stated(columns=columns or {}, encoding=encoding, sheet=sheet, today=today)
    try:
        form = kinds.form(path, "")
        found, parts, problem_parts, last = Found(stated.columns, "outputs"), [], [], None
        for one in rows_of.grids(path, form, found, stated, lambda _: None):
            shown = withheld.hidden_grid(one)
            block, wrong = _block(shown, stated, path.name, name)
            parts.append(block)
            problem_parts.append(wrong)
            last = one
        note = rows_of.note(path, path.name, form, found, last)
    except InputError as error:
        raise withheld.hidden_error(error) from None
    except OSError as error:
        reason = f"the file cannot be opened: {error.strerror or error}"
        raise InputError(reason, file=str(path), mend="Check its name, and that you may read it") from None
    table, twice = _agreeing(parts, path.name, name)
    wrong = pa.concat_tables([tables.PROBLEMS.empty(), *problem_parts, twice])
    order = [(key, "ascending") for key in (*tables.PROBLEMS.key, "value", "reason")]
    refused = int(pc.sum(pc.equal(wrong.column("severity"), problems.QUARANTINED)).as_py() or 0)
    note = replace(note, rows=table.num_rows + refused, quarantined=refused)
    return Reading(table, wrong.sort_by(order).combine_chunks(), note)


def _block(grid: Grid, stated: Stated, file: str, name: str) -> tuple[_Block, pa.Table]:
    sieve = Sieve(grid)
    texts = {column: sieve.text(column) for column in ("model", "output_id", "use", "work_id", "attributed_by")}
    sieve.refuse("outputs.model", "model", mask(pc.equal(texts["model"], "")))
    sieve.refuse("outputs.output", "output_id", mask(pc.equal(texts["output_id"], "")))
    income = _income(sieve)
    weight, stated_weight = _weight(sieve)
    none = mask(pc.equal(texts["work_id"], ""))
    sieve.refuse("outputs.work", "weight", none & mask(pc.greater(weight, 0)))
    weight = pc.if_else(stated_weight, weight, money.MICRO)
    made = {
        **{column: texts[column] for column in ("model", "output_id", "use", "work_id", "attributed_by")},
        "made_at": _made_at(sieve, stated),
        "income_micro": income,
        "weight": pc.if_else(pa.array(none), 0, weight),
    }
    kept = pa.array(sieve.kept)
    rows = tables.conform(pa.table({c.name: made[c.name] for c in OUTPUTS.columns}).filter(kept), OUTPUTS)
    weights = rows.column("weight").to_numpy()
    broken = bool((weights % money.MICRO).any())
    found = sieve.problems(file=file, name=name) if sieve.rows else tables.PROBLEMS.empty()
    return _Block(rows, grid.lines.filter(kept), broken), found


def _income(sieve: Sieve) -> pa.Array:
    """Millionths of the currency unit; null where nothing is stated."""
    columns = sieve.grid.columns
    if "income_micro" in columns:
        found, bad, texts = figures.counts(columns["income_micro"][0])
        bad |= mask(pc.greater(found, INCOME_MICRO_MOST))
        sieve.refuse("outputs.income", "income_micro", bad, texts)
        return found
    if "income" not in columns:
        return pa.nulls(sieve.grid.size, pa.int64())
    found, bad, texts = _millionths(columns["income"][0], INCOME_MICRO_MOST)
    sieve.refuse("outputs.income", "income", bad, texts)
    return found


def _weight(sieve: Sieve) -> tuple[pa.Array, pa.Array]:
    """Weights in millionths, and where one is stated."""
    columns = sieve.grid.columns
    if "weight" not in columns:
        return pa.repeat(pa.scalar(0, pa.int64()), sieve.grid.size), pa.repeat(pa.scalar(value=False), sieve.grid.size)
    found, bad, texts = _millionths(columns["weight"][0], WEIGHT_MOST * money.MICRO)
    sieve.refuse("outputs.weight", "weight", bad, texts)
    return pc.fill_null(found, 0), pc.is_valid(found)


def _millionths(column: pa.ChunkedArray, most: int) -> tuple[pa.Array, Mask, pa.Array]:
    """Amounts from 0 on with at most six decimals as whole millionths, null where empty; which are wrong; the texts."""
    if pa.types.is_floating(column.type):
        # A double shows the decimals that were written, as long as they are not too many for it.
        texts = pa.array([None if v is None or v != v else repr(v) for v in column.to_pylist()], pa.string())  # noqa: PLR0124
        texts = pc.fill_null(texts, "")
    else:
        texts = pc.utf8_trim_whitespace(as_text(column))
    usual = pc.match_substring_regex(texts, _MICRO)
    parts = pc.extract_regex(texts, _MICRO)
    decimals = pc.utf8_rpad(pc.fill_null(pc.struct_field(parts, "decimals"), ""), 6, padding="0")
    whole = pc.binary_join_element_wise(pc.struct_field(parts, "whole"), decimals, "").cast(pa.int64())
    odd = pc.and_(pc.invert(usual), pc.not_equal(texts, ""))
    bad = np.zeros(len(texts), np.bool_)
    if pc.any(odd).as_py():
        others, bad = each(pc.if_else(odd, texts, ""), lambda text: _one(text, most), pa.int64())
        whole = pc.if_else(odd, others, whole)
    return whole, bad, texts


def _one(text: str, most: int) -> int:
    try:
        value = Decimal(text.replace(",", "") if text.count(".") <= 1 else text).scaleb(6)
    except InvalidOperation:
        raise ValueError(text) from None
    if not value.is_finite() or value < 0 or value > most or value != value.to_integral_value():
        raise ValueError(text)
    return int(value)


def _made_at(sieve: Sieve, stated: Stated) -> pa.Array:
    column = sieve.grid.columns.get("made_at")
    if column is None:
        return pa.nulls(sieve.grid.size, pa.timestamp("s"))
    if pa.types.is_timestamp(column[0].type) or pa.types.is_date(column[0].type):
        found, bad = figures.instants(column[0]), np.zeros(sieve.grid.size, np.bool_)
        texts = found.cast(pa.string())
    else:
        texts = sieve.text("made_at")
        found, bad = moments(texts)
    if stated.today:
        bad |= mask(pc.greater(found.cast(pa.date32()), pa.scalar(stated.today)))
    sieve.warn("outputs.made_at", "made_at", bad, texts)
    return pc.if_else(pa.array(bad), pa.scalar(None, pa.timestamp("s")), found)


def _agreeing(blocks: list[_Block], file: str, name: str) -> tuple[pa.Table, pa.Table]:
    """All rows: an output's income is one, each of its works stands once, whole weights stay whole."""
    rows = pa.concat_tables([OUTPUTS.empty(), *(block.rows for block in blocks)]).combine_chunks()
    lines = pa.concat_arrays([pa.array([], pa.int64()), *(block.lines for block in blocks)])
    if not any(block.broken for block in blocks):
        whole = pc.divide(rows.column("weight"), money.MICRO)
        rows = rows.set_column(rows.column_names.index("weight"), "weight", whole)
    output = _places(rows, ("model", "output_id"))
    pair = _places(rows, ("model", "output_id", "work_id"))
    incomes = rows.column("income_micro").combine_chunks()
    stated = np.flatnonzero(mask(pc.is_valid(incomes)))
    first = np.full(int(output.max(initial=-1)) + 1, -1, np.int64)
    first[output[stated[::-1]]] = stated[::-1]
    known = incomes.take(pa.array(np.where(first[output] < 0, 0, first[output]), mask=first[output] < 0))
    differs = mask(pc.not_equal(incomes, known))
    seen = np.full(int(pair.max(initial=-1)) + 1, -1, np.int64)
    sound = np.flatnonzero(~differs)
    seen[pair[sound[::-1]]] = sound[::-1]
    twice = ~differs & (seen[pair] != np.arange(len(pair)))
    found = [
        _set_aside(code, column, lines, rows, bad)
        for code, column, bad in (("outputs.income_differs", "income", differs), ("outputs.twice", "work_id", twice))
        if bad.any()
    ]
    rows = rows.set_column(rows.column_names.index("income_micro"), "income_micro", known)
    kept = rows.filter(pa.array(~differs & ~twice))
    return tables.conform(kept, OUTPUTS), problems.table(found, file=file, name=name)


def _set_aside(code: str, column: str, lines: pa.Array, rows: pa.Table, bad: Mask) -> pa.Table:
    """Problems of the rows of `bad`, which show the output."""
    picked = pa.array(bad)
    shown = rows.column("output_id").combine_chunks().filter(picked)
    return problems.rows(code, lines=lines.filter(picked), columns=column, values=shown)


def _places(rows: pa.Table, columns: tuple[str, ...]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """For each row the number of its group by some columns."""
    codes = np.zeros(rows.num_rows, np.int64)
    for column in columns:
        own = rows.column(column).combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
        codes = np.unique(codes * (int(own.max(initial=0)) + 1) + own, return_inverse=True)[1].astype(np.int64)
    return codes

"""`unlicensed.csv` of a training run: one line for each item and model that no licence covers, with its evidence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from partita.formats.pages.cells import Cell, Sheet

ROWS_AT_ONCE = 65_536


def write(path: Path, evidence: pa.Table) -> None:
    """Writes the rows of `clear.uncovered` as they are; no cell runs anything in a spreadsheet."""
    with Sheet(path, evidence.column_names) as sheet:
        sheet.write(_rows(evidence))


def _rows(evidence: pa.Table) -> Iterator[list[Cell]]:
    for batch in evidence.to_batches(max_chunksize=ROWS_AT_ONCE):
        columns = [[_cell(value) for value in column.to_pylist()] for column in batch.columns]
        yield from map(list, zip(*columns, strict=True))


def _cell(value: Any) -> Cell:
    """Lists with spaces between, truth as yes or no, days as ISO 8601 writes them."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " ".join(value)
    return value if value is None or isinstance(value, int) else str(value)

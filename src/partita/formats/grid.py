"""A grid: what every file kind is read into first. Header names, columns as Arrow arrays, and each row's place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from partita.formats.headers import Columns


@dataclass(frozen=True, slots=True)
class Origin:
    """How the file was read: see FileNote."""

    format: str
    encoding: str = ""
    encoding_reason: str = ""
    delimiter: str = ""
    sheet: str = ""
    header_line: int = 0


@dataclass(frozen=True, slots=True)
class Remark:
    """A row (or, with line 0, a whole file) that reading itself has something to say about."""

    line: int
    code: str
    value: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """`columns` (one per header), `lines` (of the file, from 1) and `numbers` (data rows from 0) are equally long.

    A remark whose code quarantines stands for a row that is in no column.
    """

    columns: dict[str, tuple[pa.ChunkedArray, ...]]
    found: Columns
    lines: pa.Array
    numbers: pa.Array
    remarks: tuple[Remark, ...]
    origin: Origin

    @property
    def size(self) -> int:
        """Rows that have columns."""
        return len(self.lines)


class Builder:
    """Collects rows of text into Arrow columns, a batch at a time, so that Python holds few rows at once."""

    BATCH = 65_536

    def __init__(self, width: int, places: Sequence[int]) -> None:
        self._width, self._places = width, sorted(set(places))
        self._rows: list[Sequence[str]] = []
        self._lines: list[int] = []
        self._numbers: list[int] = []
        self._done: list[tuple[pa.Array, ...]] = []
        self.remarks: list[Remark] = []
        self.next_number = 0

    def add(self, row: Sequence[str], line: int) -> None:
        """Takes one row of exactly `width` cells."""
        self._rows.append(row)
        self._lines.append(line)
        self._numbers.append(self.next_number)
        self.next_number += 1
        if len(self._rows) >= self.BATCH:
            self._flush()

    def refuse(self, remark: Remark) -> None:
        """Takes note of a row that cannot be read; it keeps its number."""
        self.remarks.append(remark)
        self.next_number += 1

    def _flush(self) -> None:
        cells: Iterator[tuple[str, ...]] = zip(*self._rows, strict=True)
        wanted = set(self._places)
        columns = [pa.array(c, pa.string()) for place, c in enumerate(cells) if place in wanted]
        empty = [pa.array([], pa.string())] * len(self._places)
        self._done.append((*(columns or empty), pa.array(self._lines, pa.int64()), pa.array(self._numbers, pa.int64())))
        self._rows, self._lines, self._numbers = [], [], []

    def grid(self, found: Columns, origin: Origin) -> Grid:
        """The rows as a grid."""
        self._flush()
        joined = [pa.chunked_array(list(chunks)) for chunks in zip(*self._done, strict=True)]
        by_place = dict(zip(self._places, joined, strict=False))
        columns = {ours: tuple(by_place[p] for p in places) for ours, places in found.places.items()}
        lines, numbers = joined[-2].combine_chunks(), joined[-1].combine_chunks()
        return Grid(columns, found, lines, numbers, tuple(self.remarks), origin)

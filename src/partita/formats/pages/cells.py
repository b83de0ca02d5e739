"""CSV that spreadsheets open as it is meant: UTF-8 with a byte order mark, and no cell that turns into a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc

from partita import money

_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")

Cell = str | int | None
"""Text, a whole number, or nothing. Amounts and percentages come as text made by `amount` and `percent`."""


def text(value: str) -> str:
    """`value` as a text cell: what a spreadsheet would run as a formula gets an apostrophe before it."""
    clean = _CONTROL.sub("", value)
    return f"'{clean}" if clean.startswith(_ACTIVE) else clean


def amount(amount_micro: int, currency: str) -> str:
    """`1234.50`: exact, without thousands separators, micro-units shown where there are any."""
    whole, part = divmod(abs(amount_micro), money.MICRO)
    digits = f"{part:06d}".rstrip("0").ljust(_places(currency), "0")
    sign = "-" if amount_micro < 0 else ""
    return f"{sign}{whole}.{digits}" if digits else f"{sign}{whole}"


@lru_cache(maxsize=32)
def _places(currency: str) -> int:
    return len(str(money.MICRO // money.minor_micro(currency))) - 1


def percent(share_ppm: int) -> str:
    """`33.3333` for 333,333 ppm: exact, no percent sign."""
    whole, part = divmod(share_ppm, 10_000)
    digits = f"{part:04d}".rstrip("0")
    return f"{whole}.{digits}" if digits else str(whole)


def ratio(part: int, whole: int) -> str:
    """`12.3` for 123 of 1,000: per cent with one decimal, rounded half up; empty where there is no whole."""
    if not whole:
        return ""
    tenths = Fraction(part * 1000, whole) + Fraction(1, 2)
    value = tenths.numerator // tenths.denominator
    sign, value = ("-", -value) if value < 0 else ("", value)
    return f"{sign}{value // 10}.{value % 10}"


class Sheet:
    """A CSV file being written; refuses to replace a file. Cells named in `numbers` are written as they are."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self._file = path.open("x", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file, lineterminator="\r\n")
        self._writer.writerow(header)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Writes rows; every text cell passes through `safe`."""
        self.write_safe([[safe(cell) for cell in row] for row in rows])

    def write_safe(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Writes rows whose cells have passed through `safe` already."""
        self._writer.writerows(rows)


def safe(cell: Cell) -> Cell:
    """A cell that runs nothing: numbers (also as text, `-12.50`) stay numbers, all other text is made harmless."""
    if not isinstance(cell, str) or (cell.isprintable() and not cell.startswith(_ACTIVE)) or _NUMBER.fullmatch(cell):
        return cell
    return text(cell)


def safe_column(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column of texts, each as `safe` makes it."""
    clean = pc.replace_substring_regex(values, _CONTROL.pattern, "")
    active = pc.match_substring_regex(clean, f"^[{re.escape(''.join(_ACTIVE))}]")
    number = pc.match_substring_regex(clean, f"^(?:{_NUMBER.pattern})$")
    return pc.if_else(pc.and_not(active, number), pc.binary_join_element_wise("'", clean, ""), clean)

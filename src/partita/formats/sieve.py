"""Whole columns to values, each distinct text converted once; rows that fail are sifted out with a problem."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from partita import ids
from partita.formats import headers, problems, values
from partita.formats.grid import Grid, Remark

Mask = NDArray[np.bool_]

TEXT_MOST = 2_000
"""Characters of one cell."""
_BREAKS = "[\\x{0009}-\\x{000d}\\x{0085}\\x{2028}\\x{2029}]+"
_REMOVED = (
    "[\\x{0000}-\\x{001f}\\x{007f}-\\x{009f}\\x{200b}\\x{200e}\\x{200f}\\x{202a}-\\x{202e}\\x{2060}-\\x{2069}\\x{feff}]"
)
_ODD = (
    "[\\x{0000}-\\x{001f}\\x{007f}-\\x{009f}\\x{200b}\\x{200e}\\x{200f}\\x{2028}-\\x{202e}\\x{2060}-\\x{2069}\\x{feff}]"
)


@dataclass(frozen=True, slots=True)
class _Found:
    code: str
    places: NDArray[np.int64]
    column: str
    values: pa.Array
    reasons: list[str] | None


class Sieve:
    """The rows of one grid, which of them are still good, and what was found wrong with the others."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.kept: Mask = np.ones(grid.size, np.bool_)
        self._refused: list[_Found] = []
        self._warned: list[_Found] = []

    def header(self, ours: str) -> str:
        """The file's own word for our column."""
        return self.grid.found.names.get(ours, "")

    def refuse(
        self, code: str, ours: str, bad: Mask, values: pa.Array | None = None, reasons: Sequence[str] | None = None
    ) -> None:
        """Sets the rows of `bad` aside, each once. `reasons` has one for each row of `bad`."""
        new = bad & self.kept
        if new.any():
            picked = None if reasons is None else [r for r, take in zip(reasons, new[bad], strict=True) if take]
            self._refused.append(self._found(code, ours, new, values, picked))
            self.kept &= ~bad

    def warn(self, code: str, ours: str, bad: Mask, values: pa.Array | None = None) -> None:
        """Remarks on rows; only those that are used in the end are reported."""
        if bad.any():
            self._warned.append(self._found(code, ours, bad, values, None))

    def _found(self, code: str, ours: str, bad: Mask, values: pa.Array | None, reasons: list[str] | None) -> _Found:
        places = np.flatnonzero(bad)
        shown = pa.array([""] * len(places)) if values is None else values.take(pa.array(places))
        return _Found(code, places, self.header(ours), shown, reasons)

    def text(self, ours: str) -> pa.Array:
        """The column as clean text: trimmed, control characters removed with a warning; empty where there is none."""
        raw = self._raw(ours)
        if raw is None:
            return pa.array([""], pa.string()).take(pa.array(np.zeros(self.grid.size, np.int64)))
        self.refuse("row.too_long", ours, mask(pc.greater(pc.utf8_length(raw), TEXT_MOST)), raw)
        odd = mask(pc.match_substring_regex(raw, _ODD))
        if odd.any():
            clean = pc.replace_substring_regex(pc.replace_substring_regex(raw, _BREAKS, " "), _REMOVED, "")
            trimmed = pc.utf8_trim_whitespace(clean)
            self.warn("text.controls", ours, odd & mask(pc.not_equal(pc.utf8_trim_whitespace(raw), trimmed)), raw)
            return trimmed
        return pc.utf8_trim_whitespace(raw)

    def _raw(self, ours: str, place: int = 0) -> pa.Array | None:
        columns = self.grid.columns.get(ours)
        return None if columns is None else as_text(columns[place])

    def optional(self, ours: str) -> pa.Array:
        """As `text`, null where empty."""
        texts = self.text(ours)
        return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)

    def parsed(
        self, ours: str, parse: Callable[[str], Any], kind: pa.DataType, code: str, *, warn: bool = False
    ) -> pa.Array:
        """The column through `parse`, null where empty; where it raises, the row is set aside (or only remarked on)."""
        texts = self.text(ours)
        values, bad = each(texts, parse, kind)
        if warn:
            self.warn(code, ours, bad, texts)
        else:
            self.refuse(code, ours, bad, texts)
        return values

    def lists(self, ours: str, narrow: Callable[[str], list[str]], wide: Callable[[str], list[str]]) -> pa.Array:
        """The column, or all columns of that meaning, as lists of texts; `wide` splits under a header beyond ASCII."""
        columns = self.grid.columns.get(ours, ())
        split = narrow if self.header(ours).isascii() else wide
        parts = [self._split(ours, place, split) for place in range(len(columns))]
        if not parts:
            return _empty_lists(self.grid.size)
        return parts[0] if len(parts) == 1 else union(parts)

    def _split(self, ours: str, place: int, split: Callable[[str], list[str]]) -> pa.Array:
        column = self.grid.columns[ours][place]
        if pa.types.is_list(column.type):
            self.refuse(
                "row.too_long", ours, mask(pc.greater(pc.utf8_length(as_text(column)), TEXT_MOST)), as_text(column)
            )
            return _clean_lists(column)
        one = Sieve(Grid({ours: (column,)}, self.grid.found, self.grid.lines, self.grid.numbers, (), self.grid.origin))
        texts = one.text(ours)
        for found in one._refused:
            bad = np.zeros(self.grid.size, np.bool_)
            bad[found.places] = True
            self.refuse(found.code, ours, bad, as_text(column))
        self._warned += one._warned
        return each(texts, split, pa.list_(pa.string()), empty=[])[0]

    def problems(self, *, file: str, name: str, plays: pa.Array | None = None, more: Sequence[Remark] = ()) -> pa.Table:
        """PROBLEMS: rows set aside (holding back their `plays`), remarks on rows kept, the reader's, and `more`."""
        parts = [self._table(found, plays) for found in self._refused]
        for found in self._warned:
            used = self.kept[found.places]
            if used.any():
                values = found.values.filter(pa.array(used))
                parts.append(self._table(_Found(found.code, found.places[used], found.column, values, None), None))
        parts += [self._remarked(remark, 0 if plays is None else 1) for remark in (*self.grid.remarks, *more)]
        if not self.rows:
            parts.append(problems.rows("file.no_rows", lines=[self.grid.origin.header_line]))
        place = [self.grid.origin.header_line]
        twice = self.grid.found.twice
        parts += [problems.rows("file.header_twice", lines=place, columns=header, values=[header]) for header in twice]
        return problems.table(parts, file=file, name=name)

    def _remarked(self, remark: Remark, plays: int) -> pa.Table:
        held = plays if _quarantines(remark) else 0
        reasons = [remark.reason] if remark.reason else None
        return problems.rows(remark.code, lines=[remark.line], values=[remark.value], reasons=reasons, plays=[held])

    def _table(self, found: _Found, plays: pa.Array | None) -> pa.Table:
        places = pa.array(found.places)
        held = None if plays is None else pc.fill_null(plays.take(places), 1)
        return problems.rows(found.code, lines=self.grid.lines.take(places), columns=found.column, values=found.values,
                             reasons=found.reasons, plays=held)  # fmt: skip

    @property
    def quarantined(self) -> int:
        """Rows set aside, by the reader and since."""
        return self.rows - int(np.count_nonzero(self.kept))

    @property
    def rows(self) -> int:
        """Rows of the file, blank ones and the header not counted."""
        return self.grid.size + sum(1 for remark in self.grid.remarks if _quarantines(remark))


def _quarantines(remark: Remark) -> bool:
    return problems.CODES[remark.code].severity == problems.QUARANTINED


def identifier(sieve: Sieve, ours: str) -> pa.Array:
    """The column `isrc` or `iswc` in canonical form; a wrong one is left out with a warning."""
    texts = sieve.text(ours)
    found, _ = each(texts, ids.isrc if ours == "isrc" else ids.iswc, pa.string())
    sieve.warn(f"id.{ours}", ours, mask(pc.and_(pc.not_equal(texts, ""), pc.is_null(found))), texts)
    return found


def language(sieve: Sieve) -> pa.Array:
    """The column `language` as BCP 47 tags; an unknown word is left out with a warning."""

    def parse(text: str) -> str:
        return headers.word(text, "languages") or values.tag(text)

    return sieve.parsed("language", parse, pa.string(), "text.language", warn=True)


def filled(texts: pa.Array, otherwise: str) -> pa.Array:
    """`texts`, with `otherwise` where they are empty."""
    return pc.if_else(pc.equal(texts, ""), otherwise, texts)


def mask(values: pa.Array) -> Mask:
    """A boolean Arrow array as a NumPy mask, null as false."""
    return np.asarray(pc.fill_null(values, False).to_numpy(zero_copy_only=False), np.bool_)


def as_text(column: pa.ChunkedArray) -> pa.Array:
    """Any column of a grid as text, empty where null: numbers in figures, dates in ISO form."""
    kind = column.type
    if pa.types.is_list(kind):
        column = pc.binary_join(pc.fill_null(column, []), " / ")
    elif pa.types.is_floating(kind):
        column = pc.if_else(pc.is_finite(column), column, pa.scalar(None, kind)).cast(pa.string())
    elif pa.types.is_timestamp(kind) and kind.tz:
        column = pc.local_timestamp(column).cast(pa.string())
    elif not pa.types.is_string(kind):
        column = column.cast(pa.string())
    filled = pc.fill_null(column, "")
    return filled.combine_chunks() if isinstance(filled, pa.ChunkedArray) else filled


def each(
    texts: pa.Array, parse: Callable[[str], Any], kind: pa.DataType, *, empty: Any = None
) -> tuple[pa.Array, Mask]:
    """`parse` of each distinct text, and a mask of the rows whose text it refuses; `empty` where there is no text."""
    encoded = pc.dictionary_encode(texts)
    results: list[Any] = []
    refused: list[bool] = []
    for text in encoded.dictionary.to_pylist():
        value, bad = empty, False
        if text:
            try:
                value = parse(text)
            except (ValueError, OverflowError):
                bad = True
        results.append(value)
        refused.append(bad)
    bad_rows = np.array(refused, np.bool_)[encoded.indices.to_numpy()] if refused else np.zeros(0, np.bool_)
    return pa.array(results, kind).take(encoded.indices), bad_rows


def _empty_lists(size: int) -> pa.Array:
    return pa.ListArray.from_arrays(pa.array(np.zeros(size + 1, np.int32)), pa.array([], pa.string()))


def _clean_lists(column: pa.ChunkedArray) -> pa.Array:
    """Lists of a Parquet file without control characters, spaces around, or empty texts."""
    lists = column.combine_chunks()
    texts = pc.replace_substring_regex(pc.list_flatten(lists), _BREAKS, " ")
    texts = pc.fill_null(pc.utf8_trim_whitespace(pc.replace_substring_regex(texts, _REMOVED, "")), "")
    full = mask(pc.not_equal(texts, ""))
    sizes = np.bincount(pc.list_parent_indices(lists).to_numpy()[full], minlength=len(lists))
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), texts.filter(pa.array(full)))


def union(parts: Sequence[pa.Array]) -> pa.Array:
    """Lists joined row by row, each text once, in the order of the parts."""
    full = [part for part in parts if len(pc.list_flatten(part))] or list(parts[:1])
    if len(full) == 1:
        return full[0]
    rows = np.concatenate([pc.list_parent_indices(part).to_numpy() for part in full])
    order = np.argsort(rows, kind="stable")
    rows = rows[order]
    texts = pa.concat_arrays([pc.list_flatten(part) for part in full]).take(pa.array(order))
    codes = pc.dictionary_encode(texts).indices.to_numpy().astype(np.int64)
    _, firsts = np.unique(rows * (codes.max() + 1) + codes, return_index=True)
    firsts.sort()
    sizes = np.bincount(rows[firsts], minlength=len(full[0]))
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), texts.take(pa.array(firsts)))

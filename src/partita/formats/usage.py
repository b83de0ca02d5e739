"""Usage lists: what a licensee reported, one row a line. A row that cannot be used is set aside with its plays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from partita import tables
from partita.formats import headers, problems, values
from partita.formats.grid import Remark
from partita.formats.load import load
from partita.formats.reading import Reading
from partita.formats.sieve import Mask, Sieve, filled, identifier, language, mask, union

_TOTALS = frozenset(
    {
        "",
        "total",
        "grandtotal",
        "subtotal",
        "sum",
        "總計",
        "总计",
        "合計",
        "合计",
        "小計",
        "小计",
        "總和",
        "共計",
        "共计",
        "합계",
        "총계",
        "소계",
    }
)
_TOTAL_MOST = 20
_OWN_IDS = frozenset({"lineid", "line", "id"})
"""Headers that are a list's own ids by contract; others count only where their values are one to a line."""


def read(
    path: Path, *, name: str, licensee: str = "", columns: Mapping[str, str] | None = None, encoding: str | None = None,
    sheet: str | None = None,
) -> Reading:  # fmt: skip
    """The usage list at `path` as USAGE and PROBLEMS; `columns` maps our names to the file's headers.

    `licensee` stands where the row itself names none. Raises InputError for a file that is not what it says.
    """
    grid, note = load(path, "usage", columns=columns or {}, encoding=encoding, sheet=sheet)
    sieve = Sieve(grid)
    plays = _plays(sieve)
    titles = sieve.text("title")
    performers = sieve.lists("performers", values.names, values.names_wide)
    totals = _totals(titles, performers, plays)
    sieve.refuse("usage.total", "plays", totals, titles)
    isrc, iswc = identifier(sieve, "isrc"), identifier(sieve, "iswc")
    numbers = {name: sieve.optional(name) for name in ("work_number", "sender_number")}
    nameless = mask(pc.equal(titles, ""))
    for identifier_ in (isrc, iswc, *numbers.values()):
        nameless &= mask(pc.is_null(identifier_))
    sieve.refuse("usage.title", "title", nameless)
    made = {
        "title": titles,
        "performers": performers,
        "writers": union(
            [sieve.lists(c, values.names, values.names_wide) for c in ("writers", "composer", "lyricist")]
        ),
        "isrc": isrc,
        "iswc": iswc,
        **numbers,
        "plays": pc.fill_null(plays, 1),
        "language": language(sieve),
        "territory": _territory(sieve),
        "category": sieve.optional("category"),
        "seconds": sieve.parsed("seconds", values.seconds, pa.int64(), "usage.seconds"),
        "weight": sieve.parsed("weight", values.weight, pa.int64(), "usage.weight"),
        "used_at": _used_at(sieve),
        "licensee": filled(sieve.text("licensee"), licensee),
        "line": grid.lines,
        "line_id": _line_ids(sieve, mapped="line_id" in (columns or {})),
        "list": pa.array([name] * grid.size, pa.string()),
        "file": pa.array([note.file] * grid.size, pa.string()),
    }
    table = tables.conform(pa.table(made).filter(pa.array(sieve.kept)), tables.USAGE).combine_chunks()
    held = pc.if_else(pa.array(totals), 0, plays)
    found = sieve.problems(file=note.file, name=name, plays=held, more=_absent(sieve, note.unused))
    return Reading(table, found, replace(note, rows=sieve.rows, quarantined=sieve.quarantined))


def _plays(sieve: Sieve) -> pa.Array:
    """Plays, null where the cell is empty or cannot be read."""
    columns = sieve.grid.columns.get("plays")
    if columns and pa.types.is_integer(columns[0].type):
        column = columns[0].combine_chunks()
        bad = pc.or_(pc.less(column, 0), pc.greater(column, min(values.COUNT_MOST, _largest(column.type))))
        sieve.refuse("usage.plays", "plays", mask(bad), column.cast(pa.string()))
        return pc.if_else(pc.fill_null(bad, False), pa.scalar(None, pa.int64()), _signed(column, bad))
    return sieve.parsed("plays", values.count, pa.int64(), "usage.plays")


def _absent(sieve: Sieve, unused: Sequence[str]) -> list[Remark]:
    """A remark where no column counts plays and some column is used for nothing: it may be the one that does."""
    unknown = [header for header in unused if header not in sieve.grid.found.twice]
    if "plays" in sieve.grid.columns or not unknown:
        return []
    shown = ", ".join(repr(header[:40]) for header in unknown[:10])
    reason = f"{problems.CODES['usage.plays_absent'].reason}; columns used for nothing: {shown}"
    return [Remark(sieve.grid.origin.header_line, "usage.plays_absent", reason=reason)]


def _totals(titles: pa.Array, performers: pa.Array, plays: pa.Array) -> Mask:
    """Rows that only add up the rows above: no performer, a title such as `Total` or none, and exactly their sum."""
    word = {text: headers.key(text) in _TOTALS for text in pc.unique(titles).to_pylist() if len(text) <= _TOTAL_MOST}
    named = np.array([word.get(text, False) for text in titles.to_pylist()], np.bool_)
    candidates = named & mask(pc.equal(pc.list_value_length(performers), 0)) & mask(pc.is_valid(plays))
    counts = pc.fill_null(plays, 1).to_numpy()
    running = np.concatenate([[0], np.cumsum(counts)])
    result = np.zeros(len(named), np.bool_)
    earlier, since = 0, 0
    for place in np.flatnonzero(candidates):
        own = int(counts[place])
        whole, part = int(running[place]) - earlier, int(running[place] - running[since])
        if own and ((place > 1 and own == whole) or (place - since > 1 and own == part)):
            result[place] = True
            earlier, since = earlier + own, int(place) + 1
    return result


def _largest(kind: pa.DataType) -> int:
    bits = kind.bit_width if pa.types.is_unsigned_integer(kind) else kind.bit_width - 1
    return int(2**bits - 1)


def _signed(column: pa.Array, bad: pa.Array) -> pa.Array:
    return pc.if_else(pc.fill_null(bad, False), pa.scalar(0, column.type), column).cast(pa.int64())


def _territory(sieve: Sieve) -> pa.Array:
    def parse(text: str) -> str:
        return headers.word(text, "territories") or values.country(text)

    return sieve.parsed("territory", parse, pa.string(), "text.territory", warn=True)


def _used_at(sieve: Sieve) -> pa.Array:
    column = sieve.grid.columns.get("used_at", (pa.chunked_array([], pa.string()),))[0]
    kind = column.type
    if pa.types.is_date(kind) or (pa.types.is_timestamp(kind) and not kind.tz):
        whole = pc.floor_temporal(column, unit="second") if pa.types.is_timestamp(kind) else column
        return whole.cast(pa.timestamp("s"), safe=False).combine_chunks()
    return sieve.parsed("used_at", values.moment, pa.timestamp("s"), "usage.used_at")


def _line_ids(sieve: Sieve, *, mapped: bool) -> pa.Array:
    """The list's own ids, or the row numbers from 0. Later lines with an id that was there before are set aside."""
    numbers = sieve.grid.numbers.cast(pa.string())
    if "line_id" not in sieve.grid.columns:
        return numbers
    texts = sieve.text("line_id")
    blank = mask(pc.equal(texts, ""))
    again, first = _again(texts)
    if not mapped and headers.key(sieve.header("line_id")) not in _OWN_IDS and (blank | again).any():
        place = np.flatnonzero(blank | again)[:1]
        one = np.zeros(len(texts), np.bool_)
        one[place] = True
        sieve.warn("usage.line_id_unused", "line_id", one, texts)
        return numbers
    sieve.refuse("usage.line_id", "line_id", blank)
    lines = sieve.grid.lines.to_numpy()
    reasons = [f"the line has the id of line {lines[p]}" for p in first[again]]
    sieve.refuse("usage.line_id_twice", "line_id", again, texts, reasons)
    return texts


def _again(texts: pa.Array) -> tuple[Mask, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Which rows repeat an earlier row's text, and for each row the place where its text stands first."""
    indices = pc.dictionary_encode(texts).indices.to_numpy()
    _, first = np.unique(indices, return_index=True)
    where = first[indices]
    return where != np.arange(len(indices)), where.astype(np.int64)

"""Usage lines as they will be compared: distinct lines, and the ways in which each may be read.

A reading is a title and names. Beside the line as it stands there is `Artist - Title` in one field, and title and
performer in each other's place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from partita.identify.fields import Names, Titles, names, titles
from partita.identify.index import NAMES_BETWEEN, distinct_of
from partita.text import fold_all
from partita.text.ragged import Places
from partita.text.titles import dashed

AS_GIVEN, DASHED, DASHED_TURNED, SWAPPED = 0, 1, 2, 3
"""Kinds of reading."""

_DASH = re.compile("[-\u2010-\u2015\u2212\uff0d]")


@dataclass(frozen=True, slots=True)
class Lines:
    """Distinct lines: their texts, and for each row of the usage table the distinct line it is."""

    title: list[str]
    performers: list[str]
    writers: list[str]
    identifiers: pa.Table
    line_of_row: Places

    def __len__(self) -> int:
        return len(self.title)


def distinct_lines(usage: pa.Table, *, senders: bool = False) -> Lines:
    """The distinct (title, performers, writers, identifiers) of a USAGE table, in sorted order.

    With `senders` the sender's own number counts too, with the list and licensee whose number it is.
    """
    stated = _identifiers(usage, senders=senders)
    columns = [
        _texts(usage.column("title")),
        _texts(pc.binary_join(usage.column("performers"), NAMES_BETWEEN)),
        _texts(pc.binary_join(usage.column("writers"), NAMES_BETWEEN)),
        *stated.values(),
    ]
    code = np.zeros(usage.num_rows, np.int64)
    for column in columns:
        encoded = column.dictionary_encode().indices.to_numpy(zero_copy_only=False).astype(np.int64)
        most = int(encoded.max(initial=0))
        if most:
            code = np.unique(code * (most + 1) + encoded, return_inverse=True)[1]
    _, first, line_of_row = np.unique(code, return_index=True, return_inverse=True)
    picked = [column.take(pa.array(first)) for column in columns]
    there = dict(zip(stated, picked[3:], strict=True))
    nothing = pa.repeat(pa.scalar("", pa.large_string()), len(first))
    identifiers = pa.table({name: there.get(name, nothing) for name in IDENTIFIERS})
    title, performers, writers = (column.to_pylist() for column in picked[:3])
    return Lines(title, performers, writers, identifiers, line_of_row.astype(np.int64))


IDENTIFIERS = ("iswc", "isrc", "work_number", "sender_number", "list", "licensee")
"""Columns of `Lines.identifiers`: texts, empty where not stated; the last two only beside a sender's number."""


def _identifiers(usage: pa.Table, *, senders: bool) -> dict[str, pa.Array]:
    """Those of `IDENTIFIERS` that any line states: a list without them costs nothing."""
    names = [name for name in IDENTIFIERS[: 4 if senders else 3] if name in usage.column_names]
    stated = {name: _texts(usage.column(name)) for name in names if usage.column(name).null_count < usage.num_rows}
    if "sender_number" in stated:
        unnumbered = pc.equal(stated["sender_number"], "")
        for name in ("list", "licensee"):
            stated[name] = pc.if_else(unnumbered, "", _texts(usage.column(name)))
    return stated


def _texts(column: pa.ChunkedArray) -> pa.Array:
    filled = pc.fill_null(column.cast(pa.large_string()), "")
    return filled.combine_chunks() if isinstance(filled, pa.ChunkedArray) else filled


@dataclass(frozen=True, slots=True)
class Readings:
    """Readings of some lines: `line` is the distinct line; title and names are places in the columns here."""

    titles: Titles
    performers: Names
    writers: Names
    line: Places
    kind: NDArray[np.int8]
    title: Places
    performer: Places
    writer: Places

    def __len__(self) -> int:
        return len(self.line)

    def only(self, wanted: NDArray[np.bool_]) -> Readings:
        """The readings that are `wanted`, over the same columns."""
        return replace(self, line=self.line[wanted], kind=self.kind[wanted], title=self.title[wanted],
                       performer=self.performer[wanted], writer=self.writer[wanted])  # fmt: skip


def given(lines: Lines, chosen: Places) -> Readings:
    """The chosen lines as they stand and, where a dash divides the title field, as `Artist - Title` and its reverse."""
    title = [lines.title[i] for i in chosen.tolist()]
    places, kind = list(range(len(title))), [AS_GIVEN] * len(title)
    performers = [lines.performers[i] for i in chosen.tolist()]
    dashing = [i for i, text in enumerate(title) if _DASH.search(text)]
    for i, text in zip(dashing, fold_all([title[i] for i in dashing]), strict=True):
        halves = dashed(text)
        if halves:
            places += [i, i]
            kind += [DASHED, DASHED_TURNED]
            title += [halves[1], halves[0]]
            performers += [halves[0], halves[1]]
    return _readings(lines, chosen[places], kind, title, performers)


def swapped(lines: Lines, chosen: Places) -> Readings:
    """The chosen lines with title and performers in each other's place, where both are filled."""
    both = np.array([i for i in chosen.tolist() if lines.performers[i] and lines.title[i]], np.int64)
    title = [lines.performers[i] for i in both.tolist()]
    performers = [lines.title[i] for i in both.tolist()]
    return _readings(lines, both, [SWAPPED] * len(both), title, performers)


def _readings(lines: Lines, line: Places, kind: list[int], title: list[str], performers: list[str]) -> Readings:
    titles_, title_places = distinct_of(title)
    performers_, performer_places = distinct_of(performers)
    writers_, writer_places = distinct_of([lines.writers[i] for i in line.tolist()])
    return Readings(titles(titles_), names(performers_), names(writers_), line, np.array(kind, np.int8),
                    title_places, performer_places, writer_places)  # fmt: skip

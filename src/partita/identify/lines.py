"""Usage lines as they will be compared: distinct lines, and the ways in which each may be read.

A reading is a title and names. Beside the line as it stands there is `Artist - Title` in one field, and title and
performer in each other's place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from partita.identify.distinct import distinct_rows
from partita.identify.fields import Names, Titles, names, titles
from partita.identify.index import NAMES_BETWEEN
from partita.identify.parallel import side_by_side
from partita.identify.written import distinct_texts
from partita.text.fold import folded_texts
from partita.text.glance import Runs
from partita.text.ragged import Places, Texts
from partita.text.titles import dashed

AS_GIVEN, DASHED, DASHED_TURNED, SWAPPED = 0, 1, 2, 3
"""Kinds of reading."""

_DASHES = Runs.of("-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d")


@dataclass(frozen=True, slots=True)
class Lines:
    """Distinct lines: their texts, and for each row of the usage table the distinct line it is."""

    title: pa.LargeStringArray
    performers: pa.LargeStringArray
    writers: pa.LargeStringArray
    identifiers: pa.Table
    line_of_row: Places

    def __len__(self) -> int:
        return len(self.title)


def distinct_lines(usage: pa.Table, *, senders: bool = False) -> Lines:
    """The distinct (title, performers, writers, identifiers) of a USAGE table, as they first stand.

    With `senders` the sender's own number counts too, with the list and licensee whose number it is.
    """
    stated = _identifiers(usage, senders=senders)
    columns = list(side_by_side(_joined, [usage.column(name) for name in ("title", "performers", "writers")]))
    kept, line_of_row = distinct_rows([*columns, *stated.values()], usage.num_rows)
    there = dict(zip(stated, kept[len(columns) :], strict=True))
    nothing = pa.repeat(pa.scalar("", pa.large_string()), len(kept[0]))
    identifiers = pa.table({name: there.get(name, nothing) for name in IDENTIFIERS})
    title, performers, writers = kept[: len(columns)]
    return Lines(title, performers, writers, identifiers, line_of_row)


def _joined(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.binary_join(column, NAMES_BETWEEN) if pa.types.is_list(column.type) else column


IDENTIFIERS = ("iswc", "isrc", "work_number", "sender_number", "list", "licensee")
"""Columns of `Lines.identifiers`: texts, empty where not stated; the last two only beside a sender's number."""


def _identifiers(usage: pa.Table, *, senders: bool) -> dict[str, pa.ChunkedArray]:
    """Those of `IDENTIFIERS` that any line states: a list without them costs nothing."""
    names = [name for name in IDENTIFIERS[: 4 if senders else 3] if name in usage.column_names]
    stated = {name: usage.column(name) for name in names if usage.column(name).null_count < usage.num_rows}
    if "sender_number" in stated:
        unnumbered = pc.equal(pc.fill_null(stated["sender_number"], ""), "")
        for name in ("list", "licensee"):
            stated[name] = pc.if_else(unnumbered, "", usage.column(name))
    return stated


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
    title, title_place = distinct_texts(lines.title, chosen)
    performer, performer_place = distinct_texts(lines.performers, chosen)
    halves, half_of = _halves(title)
    row = np.flatnonzero(half_of[title_place, 0] >= 0)
    half = half_of[title_place[row]]
    both = half[:, ::-1].ravel(), half.ravel()
    kind = np.concatenate((np.full(len(chosen), AS_GIVEN), np.tile((DASHED, DASHED_TURNED), len(row))))
    return _readings(
        lines, np.concatenate((chosen, np.repeat(chosen[row], 2))), kind,
        (title.followed_by(halves), np.concatenate((title_place, len(title) + both[0]))),
        (performer.followed_by(halves), np.concatenate((performer_place, len(performer) + both[1]))),
    )  # fmt: skip


def _halves(titles_: Texts) -> tuple[Texts, Places]:
    """The texts before and after the dash of titles that have one, and for each title which these are, or -1."""
    places = np.flatnonzero(_DASHES.within(titles_))
    divided = [dashed(text) for text in folded_texts(titles_.some(places))]
    number: dict[str, int] = {}
    of_title = np.full((len(titles_), 2), -1, np.int64)
    for place, both in zip(places.tolist(), divided, strict=True):
        if both:
            of_title[place] = [number.setdefault(half, len(number)) for half in both]
    return Texts.of([*number]), of_title


def swapped(lines: Lines, chosen: Places) -> Readings:
    """The chosen lines with title and performers in each other's place, where both are filled."""
    rows = pa.array(chosen)
    filled = pc.and_(*(pc.not_equal(column.take(rows), "") for column in (lines.performers, lines.title)))
    both = chosen[filled.to_numpy(zero_copy_only=False)]
    return _readings(lines, both, np.full(len(both), SWAPPED), distinct_texts(lines.performers, both),
                     distinct_texts(lines.title, both))  # fmt: skip


def _readings(
    lines: Lines, line: Places, kind: Places, title: tuple[Texts, Places], performer: tuple[Texts, Places]
) -> Readings:
    writer, writer_place = distinct_texts(lines.writers, line)
    return Readings(titles(title[0]), names(performer[0]), names(writer), line, kind.astype(np.int8),
                    title[1], performer[1], writer_place)  # fmt: skip

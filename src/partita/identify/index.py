"""A repertoire made searchable: works, their titles, performers and writers as arrays, and the keys that find them.

A work is one `work_id`; all rows that carry it (several societies, several spellings) are one work here. Works are
numbered in the order of their ids, so that the order of rows never matters and ties go to the smaller id.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from partita import ids
from partita.identify.aloud import Spoken
from partita.identify.codes import Codes
from partita.identify.fields import Names, Titles, names, titles
from partita.identify.written import texts_of
from partita.text.ragged import Hashes, Places, are_among

NAMES_BETWEEN = " / "
_MOST = np.int64(1 << 31)


@dataclass(frozen=True)
class Index:
    """The works of a repertoire. An entry is a work under one of its titles."""

    work_ids: list[str]
    titles: Titles
    entry_work: Places
    entry_title: Places
    performers: Names
    work_performers: Places
    writers: Names
    work_writers: Places
    title_texts: pa.LargeStringArray
    performer_texts: pa.LargeStringArray
    identifiers: dict[str, Codes]

    @property
    def works(self) -> int:
        """Number of works."""
        return len(self.work_ids)

    @cached_property
    def title_works(self) -> NDArray[np.float32]:
        """For each title, how many works share its core, as a logarithm: common titles say little."""
        _, inverse, counts = np.unique(self.titles.core_hash, return_inverse=True, return_counts=True)
        entries = np.bincount(inverse[self.entry_title], minlength=len(counts))
        result: NDArray[np.float32] = np.log2(1 + entries[inverse]).astype(np.float32)
        return result

    @cached_property
    def has_aside(self) -> NDArray[np.bool_]:
        """Whether a title has brackets that are no tags."""
        result: NDArray[np.bool_] = self.titles.aside_texts.lengths > 0
        return result

    @cached_property
    def performers_spoken(self) -> Spoken:
        """The keys by sound of each performer."""
        return Spoken.of(self.performers.part_texts)

    @cached_property
    def known_words(self) -> Hashes:
        """The words of all titles, sorted: a line's word that is not among them may be misspelt."""
        return sorted_distinct(self.titles.words)

    @cached_property
    def known_cores(self) -> Hashes:
        """The core titles there are, hashed and sorted."""
        return sorted_distinct(self.titles.core_hash)


def build(repertoire: pa.Table) -> Index:
    """The index of a REPERTOIRE table."""
    work_ids, rows = distinct_of(repertoire.column("work_id"))
    entry_work, entry_title, title_texts = _entries(repertoire, rows)
    performer_texts, work_performers = _by_work(repertoire.column("performers"), rows, len(work_ids))
    writer_texts, work_writers = _by_work(repertoire.column("writers"), rows, len(work_ids))
    return Index(
        work_ids.to_pylist(), titles(texts_of(title_texts)), entry_work, entry_title,
        names(texts_of(performer_texts)), work_performers, names(texts_of(writer_texts)), work_writers,
        title_texts, performer_texts,
        {"iswc": _identifiers(repertoire, "iswc", rows), "isrc": _identifiers(repertoire, "isrc", rows)},
    )  # fmt: skip


def _entries(repertoire: pa.Table, rows: Places) -> tuple[Places, Places, pa.LargeStringArray]:
    other_rows, alternatives = _listed(repertoire.column("alt_titles"), rows)
    every = pa.concat_arrays([_whole(repertoire.column("title")), alternatives])
    distinct, title = distinct_of(every)
    works = np.concatenate((rows, other_rows))
    pairs = sorted_distinct(works * _MOST + title)
    return pairs // _MOST, pairs % _MOST, distinct


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The column in one piece, of no rows too."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def _listed(column: pa.ChunkedArray, rows: Places) -> tuple[Places, pa.Array]:
    """The texts in a column of lists, and the number of each text's row."""
    lists = _whole(column)
    return rows[pc.list_parent_indices(lists).to_numpy()], lists.flatten()


def _by_work(column: pa.ChunkedArray, rows: Places, works: int) -> tuple[pa.LargeStringArray, Places]:
    """The distinct texts of names (one a work, names as they are listed), and which of them each work has.

    Where rows of one work list them differently, a name stands where it is listed first.
    """
    lists = _whole(column)
    owners, listed = _listed(column, rows)
    distinct, name = distinct_of(listed)
    filled = pc.not_equal(distinct, "").to_numpy(zero_copy_only=False)[name]
    place = np.arange(len(name)) - (lists.offsets.to_numpy()[:-1] - lists.offsets[0].as_py())[
        pc.list_parent_indices(lists).to_numpy()]  # fmt: skip
    owners, name, place = owners[filled], name[filled], place[filled]
    first = _first_listed(owners, name, place, once=len(rows) == works)
    starts = np.searchsorted(owners[first], np.arange(works + 1)).astype(np.int32)
    parts = distinct.cast(pa.string()).take(pa.array(name[first]))
    return distinct_of(pc.binary_join(pa.ListArray.from_arrays(pa.array(starts), parts), NAMES_BETWEEN), in_order=False)


def _first_listed(owners: Places, name: Places, place: Places, *, once: bool) -> Places:
    """Where each name of each work is listed first, by work and place; `once`: no work is listed twice."""
    pairs = owners * _MOST + name
    if once and len(sorted_distinct(pairs)) == len(pairs):
        return np.argsort(owners, kind="stable")
    order = np.lexsort((place, pairs))
    new = np.ones(len(order), bool)
    new[1:] = np.diff(pairs[order]) != 0
    first = order[new]
    result: Places = first[np.lexsort((name[first], place[first], owners[first]))]
    return result


def sorted_distinct(values: NDArray[Any]) -> NDArray[Any]:
    """The distinct values in order; for these many whole numbers faster than numpy's own."""
    values = np.sort(values)
    new = np.ones(len(values), bool)
    new[1:] = values[1:] != values[:-1]
    return values[new]


def among(values: Hashes, ordered: Hashes) -> NDArray[np.bool_]:
    """Which hashes are among those of an array that is in order."""
    return are_among(values, ordered)


def distinct_of(column: pa.Array | pa.ChunkedArray, *, in_order: bool = True) -> tuple[pa.LargeStringArray, Places]:
    """The distinct strings, and for each string its place among them; null is the empty string.

    They are sorted, or else as they first stand.
    """
    encoded = pc.fill_null(_whole(column).cast(pa.large_string()), "").dictionary_encode()
    if not in_order:
        return encoded.dictionary, encoded.indices.to_numpy().astype(np.int64)
    order = pc.sort_indices(encoded.dictionary)
    place = np.empty(len(order), np.int64)
    place[order.to_numpy()] = np.arange(len(order))
    return encoded.dictionary.take(order), place[encoded.indices.to_numpy()]


def _identifiers(repertoire: pa.Table, name: str, rows: Places) -> Codes:
    """The works by their valid ISWC or ISRC."""
    column = repertoire.column(name)
    owners, texts = _listed(column, rows) if pa.types.is_list(column.type) else (rows, _whole(column))
    return Codes.of((ids.iswcs if name == "iswc" else ids.isrcs)(texts), owners)

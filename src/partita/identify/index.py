"""A repertoire made searchable: works, their titles, performers and writers as arrays, and the keys that find them.

A work is one `work_id`; all rows that carry it (several societies, several spellings) are one work here. Works are
numbered in the order of their ids, so that the order of rows never matters and ties go to the smaller id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from partita import ids
from partita.identify.fields import Names, Titles, names, titles
from partita.text.ragged import Hashes, Places, expand

NAMES_BETWEEN = " / "


@dataclass(frozen=True, slots=True)
class Keys:
    """An equi-join: sorted hashes, and the row that each belongs to."""

    hashes: Hashes
    rows: Places

    @classmethod
    def of(cls, hashes: Hashes, rows: Places) -> Keys:
        """Sorted by hash, then row; hash 0 finds nothing."""
        kept = hashes != 0
        hashes, rows = hashes[kept], rows[kept]
        order = np.lexsort((rows, hashes))
        hashes, rows = hashes[order], rows[order]
        new = np.ones(len(rows), bool)
        new[1:] = (hashes[1:] != hashes[:-1]) | (rows[1:] != rows[:-1])
        return cls(hashes[new], rows[new])

    def find(self, wanted: Hashes, owners: Places, most: int) -> tuple[Places, Places]:
        """Pairs (owner, row) with equal hashes; groups of more than `most` rows say too little and find nothing."""
        order = np.argsort(wanted)
        in_order = wanted[order]
        low, count = np.empty(len(wanted), np.int64), np.empty(len(wanted), np.int64)
        low[order] = np.searchsorted(self.hashes, in_order, side="left")
        count[order] = np.searchsorted(self.hashes, in_order, side="right")
        count -= low
        count[(count > most) | (wanted == 0)] = 0
        return np.repeat(owners, count), self.rows[expand(low, count)]


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
    identifiers: dict[str, dict[str, int]]

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


def build(repertoire: pa.Table) -> Index:
    """The index of a REPERTOIRE table."""
    work_ids = sorted(set(repertoire.column("work_id").to_pylist()))
    number = {work: i for i, work in enumerate(work_ids)}
    rows = np.fromiter((number[w] for w in repertoire.column("work_id").to_pylist()), np.int64, repertoire.num_rows)
    entry_work, entry_title, title_strings = _entries(repertoire, rows)
    performer_strings, work_performers = _by_work(repertoire.column("performers"), rows, len(work_ids))
    writer_strings, work_writers = _by_work(repertoire.column("writers"), rows, len(work_ids))
    return Index(
        work_ids, titles(title_strings), entry_work, entry_title,
        names(performer_strings), work_performers, names(writer_strings), work_writers,
        {"iswc": _identifiers(repertoire, "iswc", rows), "isrc": _identifiers(repertoire, "isrc", rows)},
    )  # fmt: skip


def _entries(repertoire: pa.Table, rows: Places) -> tuple[Places, Places, list[str]]:
    alternatives = repertoire.column("alt_titles").combine_chunks()
    alternative_rows = rows[pc.list_parent_indices(alternatives).to_numpy()]
    strings = repertoire.column("title").to_pylist() + alternatives.flatten().to_pylist()
    works = np.concatenate((rows, alternative_rows))
    distinct = sorted({s or "" for s in strings})
    number = {s: i for i, s in enumerate(distinct)}
    title = np.fromiter((number[s or ""] for s in strings), np.int64, len(strings))
    pairs = np.unique(np.stack((works, title), axis=1), axis=0) if len(works) else np.zeros((0, 2), np.int64)
    return pairs[:, 0], pairs[:, 1], distinct


def _by_work(column: pa.ChunkedArray, rows: Places, works: int) -> tuple[list[str], Places]:
    """The distinct texts of names (one a work, names in sorted order), and which of them each work has."""
    texts: list[set[str]] = [set() for _ in range(works)]
    for row, listed in zip(rows.tolist(), column.to_pylist(), strict=True):
        if listed:
            texts[row].update(filter(None, listed))
    joined = [NAMES_BETWEEN.join(sorted(t)) if len(t) > 1 else next(iter(t), "") for t in texts]
    return distinct_of(joined)


def distinct_of(strings: Sequence[str]) -> tuple[list[str], Places]:
    """The distinct strings in sorted order, and for each string its place among them."""
    distinct = sorted(set(strings))
    number = {s: i for i, s in enumerate(distinct)}
    return distinct, np.fromiter((number[s] for s in strings), np.int64, len(strings))


_UNSURE = -1
"""An identifier that several works claim decides nothing."""


def _identifiers(repertoire: pa.Table, name: str, rows: Places) -> dict[str, int]:
    valid = ids.iswc if name == "iswc" else ids.isrc
    found: dict[str, int] = {}
    for row, value in zip(rows.tolist(), repertoire.column(name).to_pylist(), strict=True):
        for text in value if isinstance(value, list) else [value]:
            key = valid(text) if text else None
            if key:
                found[key] = row if found.get(key, row) == row else _UNSURE
    return found

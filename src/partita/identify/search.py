"""The search for what no key finds: works that share the rarest pieces of a line's title and names.

A piece is three letters, or one or two Han, kana or Hangul characters. Each line asks with its rarest pieces only, so
that its cost is bounded whatever it is made of.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from partita.identify.candidates import Found
from partita.identify.fields import Names
from partita.identify.index import Index
from partita.identify.lines import Readings
from partita.text.ragged import Places, Texts, expand

_WIDE = 0x2E80
_BUCKET_BITS = 22
_ENTRY_BITS, _WEIGHT_BITS = np.uint64(26), np.uint64(12)

Pieces = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Budget:
    """What one asking row may cost: its rarest pieces, rows they may name, rows of one piece, and rows found."""

    pieces: int
    postings: int
    common: int
    found: int


ENTRIES = Budget(8, 400, 1500, 3)


def _mixed(codes: NDArray[np.uint64], salt: int) -> Pieces:
    return (codes * np.uint64(0x9E3779B97F4A7C15) + np.uint64(salt)) >> np.uint64(64 - _BUCKET_BITS)


def _pieces(texts: Texts, salt: int) -> tuple[Pieces, Places]:
    """The pieces of every text, each as a bucket, with the text it stands in."""
    codes, owners = texts.codes.astype(np.uint64), texts.owners
    wide = codes >= _WIDE
    same_next = owners[1:] == owners[:-1]
    two = codes[:-1] * np.uint64(0x110000) + codes[1:]
    pair = same_next & wide[1:] & wide[:-1]
    three = two[:-1] * np.uint64(0x1F0001) + codes[2:] if len(codes) > 2 else codes[:0]
    triple = same_next[:-1] & same_next[1:] & ~(wide[:-2] & wide[1:-1] & wide[2:]) if len(codes) > 2 else wide[:0]
    short = np.flatnonzero((texts.lengths > 0) & (texts.lengths < 3))
    return (
        np.concatenate((_mixed(codes[wide], salt + 1), _mixed(two[pair], salt + 2), _mixed(three[triple], salt + 3),
                        _mixed(texts.hashes()[short], salt + 4))),
        np.concatenate((owners[wide], owners[:-1][pair], owners[: len(triple)][triple], short)),
    )  # fmt: skip


def _name_texts(names: Names) -> Texts:
    return names.bag_texts.squeezed()


def _both(titles: Texts, names: Texts, title: Places, name: Places) -> tuple[Pieces, Places]:
    """The pieces of rows that have a title and names: (piece, row)."""
    found: list[tuple[Pieces, Places]] = []
    for texts, of_row, salt in ((titles, title, 0), (names, name, 16)):
        pieces, owners = _pieces(texts, salt)
        order = np.argsort(owners, kind="stable")
        starts = np.searchsorted(owners[order], np.arange(len(texts) + 1))
        count = starts[of_row + 1] - starts[of_row]
        found.append((pieces[order][expand(starts[of_row], count)], np.repeat(np.arange(len(of_row)), count)))
    return np.concatenate([f[0] for f in found]), np.concatenate([f[1] for f in found])


@dataclass(frozen=True, slots=True)
class Postings:
    """The rows that hold each piece; pieces are hashed to buckets, few of which hold two."""

    starts: Places
    entries: NDArray[np.int32]

    @classmethod
    def of(cls, pieces: Pieces, rows: Places) -> Postings:
        """The postings of (piece, row)."""
        packed = np.sort((pieces << _ENTRY_BITS) | rows.astype(np.uint64))
        packed = packed[np.concatenate(([True], packed[1:] != packed[:-1]))] if len(packed) else packed
        counts = np.bincount((packed >> _ENTRY_BITS).astype(np.int64), minlength=1 << _BUCKET_BITS)
        entries = (packed & ((np.uint64(1) << _ENTRY_BITS) - np.uint64(1))).astype(np.int32)
        return cls(np.concatenate(([0], np.cumsum(counts))).astype(np.int64), entries)

    def nearest(self, pieces: Pieces, rows: Places, budget: Budget) -> tuple[Places, Places]:
        """Pairs (asking row, row): those that share most of the rarest pieces."""
        at = pieces.astype(np.int64)
        count = self.starts[at + 1] - self.starts[at]
        rare = np.flatnonzero((count > 0) & (count <= budget.common))
        return self._best(*_rarest(at[rare], rows[rare], count[rare], budget), budget.found)

    def _best(self, at: Places, rows: Places, count: Places, most: int) -> tuple[Places, Places]:
        weight = np.clip(np.log2(len(self.entries) / count) * 16, 1, 400).astype(np.uint64)
        entry = self.entries[expand(self.starts[at], count)].astype(np.uint64)
        packed = np.sort(
            (np.repeat(rows, count).astype(np.uint64) << (_ENTRY_BITS + _WEIGHT_BITS))
            | (entry << _WEIGHT_BITS) | np.repeat(weight, count)
        )  # fmt: skip
        pair = packed >> _WEIGHT_BITS
        begins = np.flatnonzero(np.concatenate(([True], pair[1:] != pair[:-1]))) if len(pair) else np.zeros(0, np.int64)
        if not len(begins):
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        score = np.add.reduceat((packed & np.uint64(0xFFF)).astype(np.int64), begins)
        row = (pair[begins] >> _ENTRY_BITS).astype(np.int64)
        found = (pair[begins] & ((np.uint64(1) << _ENTRY_BITS) - np.uint64(1))).astype(np.int64)
        ranked = np.argsort((row << 16) - np.minimum(score, 0xFFFF), kind="stable")
        row, found = row[ranked], found[ranked]
        kept = np.arange(len(row)) - np.searchsorted(row, row, side="left") < most
        return row[kept], found[kept]


@dataclass(frozen=True, slots=True)
class Searcher:
    """Postings of all entries."""

    entries: Postings

    @classmethod
    def of(cls, index: Index) -> Searcher:
        """The postings of an index."""
        return cls(Postings.of(*_both(index.titles.core_texts, _name_texts(index.performers), index.entry_title,
                                      index.work_performers[index.entry_work])))  # fmt: skip

    def find(self, lines: Readings) -> Found:
        """Pairs (reading, entry): the entries that share most of a reading's rarest pieces."""
        pieces, rows = _both(lines.titles.core_texts, _name_texts(lines.performers), lines.title, lines.performer)
        row, entry = self.entries.nearest(pieces, rows, ENTRIES)
        none = np.zeros(len(row), bool)
        return Found(row, entry, none, none)


def _rarest(at: Places, rows: Places, count: Places, budget: Budget) -> tuple[Places, Places, Places]:
    """For each row its rarest pieces, as many as the bounds allow; ties by the piece itself."""
    order = np.lexsort((at, count, rows))
    at, rows, count = at[order], rows[order], count[order]
    again = np.zeros(len(at), bool)
    again[1:] = (at[1:] == at[:-1]) & (rows[1:] == rows[:-1])
    at, rows, count = at[~again], rows[~again], count[~again]
    first = np.searchsorted(rows, rows, side="left")
    running = np.concatenate(([0], np.cumsum(count)))
    spent = running[:-1] - running[first]
    kept = (np.arange(len(rows)) - first < budget.pieces) & (spent < budget.postings)
    return at[kept], rows[kept], count[kept]

"""The search for what no key finds: works that share the rarest pieces of a line's title and names.

A piece is three letters, or one or two Han, kana or Hangul characters. Each line asks with its rarest pieces only, so
that its cost is bounded whatever it is made of.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from partita.identify.candidates import Found
from partita.identify.fields import Names, Titles
from partita.identify.index import Index
from partita.identify.lines import Readings
from partita.text.compiled import compiled
from partita.text.ragged import Codes, Hashes, Places

_WIDE = 0x2E80
_BUCKET_BITS, _PARTS_BITS = 22, 9

Buckets = NDArray[np.uint32]
Rows = NDArray[np.int32]


class Budget(NamedTuple):
    """What one asking row may cost: its rarest pieces, rows they may name, rows of one piece, and rows found."""

    pieces: int
    postings: int
    common: int
    found: int


ENTRIES = Budget(8, 400, 1500, 3)


class Pieces(NamedTuple):
    """The pieces of rows that have a title and names: those of title `i` are `title[title_starts[i]:...]`."""

    title: Buckets
    title_starts: Places
    names: Buckets
    names_starts: Places
    title_of: Places
    names_of: Places


@compiled
def _bucket(piece: np.uint64, salt: int) -> int:
    mixed = piece * np.uint64(0x9E3779B97F4A7C15) + np.uint64(salt)
    return int(np.int64(mixed >> np.uint64(64 - _BUCKET_BITS)))


@compiled
def _pieces(codes: Codes, starts: Places, hashes: Hashes, salt: int) -> tuple[Buckets, Places]:
    """The pieces of every text, each as a bucket."""
    out, ends, at = np.empty(3 * len(codes) + len(starts), np.uint32), np.zeros(len(starts), np.int64), 0
    for n in range(len(starts) - 1):
        begin, end = starts[n], starts[n + 1]
        for k in range(begin, end):
            one = np.uint64(codes[k])
            two = one * np.uint64(0x110000) + np.uint64(codes[k + 1]) if k + 1 < end else one
            wide = codes[k] >= _WIDE
            if wide:
                out[at] = _bucket(one, salt + 1)
                at += 1
            wide = wide and k + 1 < end and codes[k + 1] >= _WIDE
            if wide:
                out[at] = _bucket(two, salt + 2)
                at += 1
            if k + 2 < end and not (wide and codes[k + 2] >= _WIDE):
                out[at] = _bucket(two * np.uint64(0x1F0001) + np.uint64(codes[k + 2]), salt + 3)
                at += 1
        if 0 < end - begin < 3:
            out[at] = _bucket(hashes[n], salt + 4)
            at += 1
        ends[n + 1] = at
    return out[:at], ends


def pieces_of(titles: Titles, names: Names, title: Places, name: Places) -> Pieces:
    """The pieces of rows that have these titles and names; no others are taken to pieces."""
    titled, title = np.unique(title, return_inverse=True)
    named, name = np.unique(name, return_inverse=True)
    core, bags = titles.core_texts.some(titled), names.bag_texts.some(named).squeezed()
    return Pieces(*_pieces(core.codes, core.starts, core.hashes(), 0),
                  *_pieces(bags.codes, bags.starts, bags.hashes(), 16), title, name)  # fmt: skip


@compiled
def _count(pieces: Pieces, row: int) -> int:
    """How many pieces a row has."""
    title, names = pieces.title_of[row], pieces.names_of[row]
    of_title = pieces.title_starts[title + 1] - pieces.title_starts[title]
    return int(of_title + pieces.names_starts[names + 1] - pieces.names_starts[names])


@compiled
def _piece(pieces: Pieces, row: int, place: int) -> int:
    """A row's piece at a place; those of the title come first."""
    at = pieces.title_starts[pieces.title_of[row]] + place
    beyond = at - pieces.title_starts[pieces.title_of[row] + 1]
    if beyond < 0:
        return int(pieces.title[at])
    return int(pieces.names[pieces.names_starts[pieces.names_of[row]] + beyond])


@compiled
def _parted(pieces: Pieces) -> tuple[Places, Buckets, Rows]:
    """Each piece and its row, by the first bits of the piece, rows in order."""
    starts, shift = np.zeros((1 << _PARTS_BITS) + 1, np.int64), np.uint32(_BUCKET_BITS - _PARTS_BITS)
    title, title_starts, names, names_starts, title_of, names_of = pieces
    for row in range(len(title_of)):
        for at in range(title_starts[title_of[row]], title_starts[title_of[row] + 1]):
            starts[np.int64(title[at] >> shift) + 1] += 1
        for at in range(names_starts[names_of[row]], names_starts[names_of[row] + 1]):
            starts[np.int64(names[at] >> shift) + 1] += 1
    for part in range(1 << _PARTS_BITS):
        starts[part + 1] += starts[part]
    filled, buckets, rows = starts[:-1].copy(), np.empty(starts[-1], np.uint32), np.empty(starts[-1], np.int32)
    for row in range(len(title_of)):
        for at in range(title_starts[title_of[row]], title_starts[title_of[row] + 1]):
            _put(title[at], row, filled, shift, buckets, rows)
        for at in range(names_starts[names_of[row]], names_starts[names_of[row] + 1]):
            _put(names[at], row, filled, shift, buckets, rows)
    return starts, buckets, rows


@compiled
def _put(bucket: np.uint32, row: int, filled: Places, shift: np.uint32, buckets: Buckets, rows: Rows) -> None:
    at = filled[np.int64(bucket >> shift)]
    filled[np.int64(bucket >> shift)] += 1
    buckets[at], rows[at] = bucket, row


@compiled
def _posted(pieces: Pieces) -> tuple[Rows, Rows]:
    """For each bucket where its rows begin, and the rows in order, each once.

    The pieces are parted roughly first: what is put in its place at random then lies within the processor's reach.
    """
    parts, buckets, rows = _parted(pieces)
    size = 1 << (_BUCKET_BITS - _PARTS_BITS)
    starts, out = np.zeros((1 << _BUCKET_BITS) + 1, np.int32), np.empty(len(rows), np.int32)
    last, filled = np.empty(size, np.int32), np.empty(size, np.int32)
    for part in range(len(parts) - 1):
        of_part = starts[part * size : (part + 1) * size + 1]
        last[:] = -1
        for k in range(parts[part], parts[part + 1]):
            of = np.int64(buckets[k]) & (size - 1)
            of_part[of + 1] += int(last[of] != rows[k])
            last[of] = rows[k]
        for bucket in range(size):
            of_part[bucket + 1] += of_part[bucket]
            filled[bucket] = of_part[bucket]
        for k in range(parts[part], parts[part + 1]):
            of = np.int64(buckets[k]) & (size - 1)
            if filled[of] == of_part[of] or out[filled[of] - 1] != rows[k]:
                out[filled[of]] = rows[k]
                filled[of] += 1
    return starts, out[: starts[-1]]


@compiled
def _rarest(pieces: Pieces, row: int, starts: Rows, budget: Budget, rare: Places) -> int:
    """Writes a row's rarest buckets to `rare`, as many as the bounds allow, ties by the bucket itself; their number."""
    kept = 0
    for place in range(_count(pieces, row)):
        bucket = _piece(pieces, row, place)
        count = starts[bucket + 1] - starts[bucket]
        if count == 0 or count > budget.common:
            continue
        at = kept
        while at > 0 and (starts[rare[at - 1] + 1] - starts[rare[at - 1]], rare[at - 1]) > (count, bucket):
            at -= 1
        if at < budget.pieces and not (at > 0 and rare[at - 1] == bucket):
            kept = min(kept + 1, budget.pieces)
            for later in range(kept - 1, at, -1):
                rare[later] = rare[later - 1]
            rare[at] = bucket
    spent = 0
    for n in range(kept):
        if spent >= budget.postings:
            return n
        spent += starts[rare[n] + 1] - starts[rare[n]]
    return kept


@compiled
def _summed(rare: Places, starts: Rows, rows: Rows, weights: Places, table: Rows) -> int:
    """Adds up in `table` what each row shares of some buckets; its third line lists the slots taken.

    Gives their number.
    """
    taken, slots = 0, table.shape[1]
    for bucket in rare:
        weight = weights[starts[bucket + 1] - starts[bucket]]
        for place in range(starts[bucket], starts[bucket + 1]):
            row = rows[place]
            slot = (np.int64(row) * 0x9E3779B1) & (slots - 1)
            while table[1, slot] != 0 and table[0, slot] != row:
                slot = (slot + 1) & (slots - 1)
            if table[1, slot] == 0:
                table[0, slot], table[2, taken] = row, slot
                taken += 1
            table[1, slot] += weight
    return taken


@compiled
def _best(table: Rows, taken: int, best: Places) -> int:
    """Writes to `best` the slots of the highest sums, of equal ones the lowest row, as many as it holds; their number.

    Leaves the table empty.
    """
    kept = 0
    for n in range(taken):
        slot = table[2, n]
        at = kept
        while at > 0 and (-table[1, best[at - 1]], table[0, best[at - 1]]) > (-table[1, slot], table[0, slot]):
            at -= 1
        if at < len(best):
            kept = min(kept + 1, len(best))
            for later in range(kept - 1, at, -1):
                best[later] = best[later - 1]
            best[at] = slot
    for n in range(taken):
        table[1, table[2, n]] = 0
    return kept


@compiled
def _nearest(pieces: Pieces, starts: Rows, rows: Rows, weights: Places, budget: Budget) -> tuple[Places, Places]:
    asking = np.empty(len(pieces.title_of) * budget.found, np.int64)
    found, count, slots = np.empty(len(asking), np.int64), 0, 2
    while slots < 2 * (budget.postings + budget.common):
        slots *= 2
    rare, best = np.zeros(budget.pieces + 1, np.int64), np.zeros(budget.found, np.int64)
    table = np.zeros((3, slots), np.int32)
    for row in range(len(pieces.title_of)):
        taken = _summed(rare[: _rarest(pieces, row, starts, budget, rare)], starts, rows, weights, table)
        for n in range(_best(table, taken, best)):
            asking[count], found[count] = row, table[0, best[n]]
            count += 1
    return asking[:count], found[:count]


@dataclass(frozen=True, slots=True)
class Postings:
    """The rows that hold each piece; pieces are hashed to buckets, few of which hold two."""

    starts: Rows
    rows: Rows

    @classmethod
    def of(cls, pieces: Pieces) -> Postings:
        """The postings of rows' pieces."""
        return cls(*_posted(pieces))

    def nearest(self, pieces: Pieces, budget: Budget) -> tuple[Places, Places]:
        """Pairs (asking row, row): those that share most of the rarest pieces, of equal ones the first."""
        counts = np.arange(budget.common + 1)
        weights = np.clip(np.log2(max(len(self.rows), 1) / np.maximum(counts, 1)) * 16, 1, 400).astype(np.int64)
        return _nearest(pieces, self.starts, self.rows, weights, budget)


@dataclass(frozen=True, slots=True)
class Searcher:
    """Postings of all entries."""

    entries: Postings

    @classmethod
    def of(cls, index: Index) -> Searcher:
        """The postings of an index."""
        return cls(Postings.of(pieces_of(index.titles, index.performers, index.entry_title,
                                   index.work_performers[index.entry_work])))  # fmt: skip

    def find(self, lines: Readings) -> Found:
        """Pairs (reading, entry): the entries that share most of a reading's rarest pieces."""
        row, entry = self.entries.nearest(
            pieces_of(lines.titles, lines.performers, lines.title, lines.performer), ENTRIES
        )
        none = np.zeros(len(row), bool)
        return Found(row, entry, none, none)

"""The equi-join of hashed keys: each hash stands in the bucket that its first bits name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from partita.text.compiled import compiled
from partita.text.ragged import Hashes, Places

_PARTS_BITS = 9
_SORTED_AT_ONCE = 64
"""Keys of one bucket that are sorted by exchanging neighbours; more are sorted by numpy."""

Rows = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Keys:
    """Hashes in order, and the row that each belongs to; those that begin with the bits `i` from `starts[i]` on."""

    starts: Places
    hashes: Hashes
    rows: Rows

    @classmethod
    def of(cls, hashes: Hashes, rows: Places) -> Keys:
        """Sorted by hash, then row, each pair once; hash 0 finds nothing. Rows are less than 2^31."""
        bits = max(int(len(hashes) // 2).bit_length(), 1)
        starts, hashes, few = _in_buckets(hashes, rows, bits)
        for bucket in np.flatnonzero(np.diff(starts) > _SORTED_AT_ONCE).tolist():
            begin, end = starts[bucket], starts[bucket + 1]
            order = np.lexsort((few[begin:end], hashes[begin:end]))
            hashes[begin:end], few[begin:end] = hashes[begin:end][order], few[begin:end][order]
        count = _once(starts, hashes, few)
        return cls(starts, hashes[:count], few[:count])

    def find(self, wanted: Hashes, owners: Places, most: int) -> tuple[Places, Places]:
        """Pairs (owner, row) with equal hashes; groups of more than `most` rows say too little and find nothing."""
        return _found(self.starts, self.hashes, self.rows, wanted, owners, most)


@compiled
def _parted(hashes: Hashes, rows: Places, bits: int) -> tuple[Places, Hashes, Rows]:
    """The pairs by the first few bits of their hashes, in the order they come in; those of hash 0 are left out."""
    shift = np.uint64(64 - bits)
    starts = np.zeros((1 << bits) + 1, np.int64)
    for hash_ in hashes:
        starts[np.int64(hash_ >> shift) + 1] += int(hash_ != 0)
    for part in range(1 << bits):
        starts[part + 1] += starts[part]
    filled, out, rows_out = starts[:-1].copy(), np.empty(starts[-1], np.uint64), np.empty(starts[-1], np.int32)
    for k in range(len(hashes)):
        if hashes[k] != 0:
            part = int(hashes[k] >> shift)
            out[filled[part]], rows_out[filled[part]] = hashes[k], rows[k]
            filled[part] += 1
    return starts, out, rows_out


@compiled
def _in_buckets(hashes: Hashes, rows: Places, bits: int) -> tuple[Places, Hashes, Rows]:
    """The pairs by the first bits of their hashes, within few of them in order; pairs of hash 0 are left out.

    They are parted roughly first: what is put in its place at random then lies within the processor's reach.
    """
    rough, shift = min(bits, _PARTS_BITS), np.uint64(64 - bits)
    parts, there, rows_there = _parted(hashes, rows, rough)
    size = 1 << (bits - rough)
    starts, out, rows_out = np.zeros((1 << bits) + 1, np.int64), np.empty_like(there), np.empty_like(rows_there)
    filled = np.empty(size, np.int64)
    for part in range(len(parts) - 1):
        of_part = starts[part * size : (part + 1) * size + 1]
        for k in range(parts[part], parts[part + 1]):
            of_part[(np.int64(there[k] >> shift) & (size - 1)) + 1] += 1
        for bucket in range(size):
            of_part[bucket + 1] += of_part[bucket]
            filled[bucket] = of_part[bucket]
        for k in range(parts[part], parts[part + 1]):
            hash_, row, of = there[k], rows_there[k], np.int64(there[k] >> shift) & (size - 1)
            place = filled[of]
            filled[of] += 1
            first = of_part[of] if place - of_part[of] < _SORTED_AT_ONCE else place
            while place > first and (out[place - 1], rows_out[place - 1]) > (hash_, row):
                out[place], rows_out[place] = out[place - 1], rows_out[place - 1]
                place -= 1
            out[place], rows_out[place] = hash_, row
    return starts, out, rows_out


@compiled
def _once(starts: Places, hashes: Hashes, rows: Rows) -> int:
    """Moves the pairs together that differ from the one before, and the starts with them; gives their number."""
    count = 0
    for bucket in range(len(starts) - 1):
        begin = count
        for place in range(starts[bucket], starts[bucket + 1]):
            if count == begin or hashes[place] != hashes[count - 1] or rows[place] != rows[count - 1]:
                hashes[count], rows[count] = hashes[place], rows[place]
                count += 1
        starts[bucket] = begin
    starts[-1] = count
    return count


@compiled
def _first(starts: Places, hashes: Hashes, wanted: np.uint64, shift: np.uint64) -> tuple[int, int]:
    """The place of the first key that is not less than the wanted hash, and where its bucket ends."""
    bucket = np.int64(wanted >> shift)
    low, high = starts[bucket], starts[bucket + 1]
    end = high
    while high - low > 8:
        middle = (low + high) // 2
        if hashes[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    while low < high and hashes[low] < wanted:
        low += 1
    return low, end


@compiled
def _found(
    starts: Places, hashes: Hashes, rows: Rows, wanted: Hashes, owners: Places, most: int
) -> tuple[Places, Places]:
    bits = 0
    while (2 << bits) < len(starts):
        bits += 1
    shift = np.uint64(64 - bits)
    firsts, counts, total = np.empty(len(wanted), np.int64), np.zeros(len(wanted), np.int64), 0
    for k in range(len(wanted)):
        first, end = _first(starts, hashes, wanted[k], shift)
        place = first
        while place < end and place - first <= most and hashes[place] == wanted[k]:
            place += 1
        firsts[k] = first
        if place - first <= most and wanted[k] != 0:
            counts[k] = place - first
            total += place - first
    owner, row, at = np.empty(total, np.int64), np.empty(total, np.int64), 0
    for k in range(len(wanted)):
        for place in range(firsts[k], firsts[k] + counts[k]):
            owner[at], row[at] = owners[k], rows[place]
            at += 1
    return owner, row

"""Distinct rows of long tables, numbered in the order in which they first stand.

Rows are told apart by a hash of their bytes; rows of one hash are compared byte by byte, so that no two that differ are
ever taken for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from partita.identify.parallel import pieces, side_by_side
from partita.text.compiled import compiled
from partita.text.ragged import Hashes, Places

Bytes = NDArray[np.uint8]

_SLOTS_LEAST = 1 << 12
_PRIME = np.uint64(0x100000001B3)
_GOLD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class _Stored:
    """Texts as they lie in memory: those of row `i` are `data[starts[i]:starts[i + 1]]`; null is the empty text."""

    texts: pa.LargeStringArray
    data: Bytes
    starts: Places

    @classmethod
    def of(cls, column: pa.ChunkedArray | pa.Array) -> _Stored:
        whole = pc.fill_null(column, "") if column.null_count else column
        whole = whole.cast(pa.large_string())
        if isinstance(whole, pa.ChunkedArray):
            whole = whole.combine_chunks() if whole.num_chunks else pa.array([], pa.large_string())
        _, starts, data = whole.buffers()
        if not len(whole):
            return cls(whole, np.zeros(0, np.uint8), np.zeros(1, np.int64))
        places = np.frombuffer(starts, np.int64)[whole.offset : whole.offset + len(whole) + 1]
        return cls(whole, np.frombuffer(data, np.uint8) if data else np.zeros(0, np.uint8), places)


def distinct_rows(columns: Sequence[pa.ChunkedArray | pa.Array], rows: int) -> tuple[list[pa.LargeStringArray], Places]:
    """Columns of strings with each distinct row once, as they first stand, and for each row which of these it is.

    Null is the empty text.
    """
    every = list(side_by_side(_Stored.of, columns))
    for salt in count(1):
        hashes = np.full(rows, salt, np.uint64)
        list(side_by_side(partial(_hash_all, every, hashes), pieces(rows)))
        number, first = _numbered(hashes)
        kept = [_Stored.of(column.texts.take(pa.array(first))) for column in every]
        if all(side_by_side(partial(_all_same, every, kept, number), pieces(rows))):
            break
    return [column.texts for column in kept], number


def _hash_all(columns: list[_Stored], hashes: Hashes, rows: slice) -> None:
    for column in columns:
        _hash(column.data, column.starts[rows.start : rows.stop + 1], hashes[rows])


def _all_same(columns: list[_Stored], kept: list[_Stored], number: Places, rows: slice) -> bool:
    """Whether some rows have the texts that were kept for their numbers."""
    return all(_same(a.data, a.starts[rows.start : rows.stop + 1], b.data, b.starts, number[rows])
               for a, b in zip(columns, kept, strict=True))  # fmt: skip


@compiled
def _hash(data: Bytes, starts: Places, hashes: Hashes) -> None:
    """Goes on with each row's hash over the bytes of its text (FNV-1a, then a mixed length)."""
    for row in range(len(hashes)):
        value = hashes[row]
        for place in range(starts[row], starts[row + 1]):
            value = (value ^ np.uint64(data[place])) * _PRIME
        value = (value ^ np.uint64(starts[row + 1] - starts[row])) * _GOLD
        hashes[row] = value ^ (value >> np.uint64(29))


@compiled
def _numbered(hashes: Hashes) -> tuple[Places, Places]:
    """Each row's number among the distinct hashes, and the row where each distinct one first stands."""
    numbers, first = np.empty(len(hashes), np.int64), np.empty(len(hashes), np.int64)
    slots, kept = np.full(_SLOTS_LEAST, -1, np.int64), np.zeros(_SLOTS_LEAST, np.uint64)
    found = 0
    for row in range(len(hashes)):
        slot = _slot(slots, kept, hashes[row])
        if slots[slot] < 0:
            if 2 * found >= len(slots):
                slots, kept = _wider(hashes, first[:found], 4 * len(slots))
                slot = _slot(slots, kept, hashes[row])
            slots[slot], kept[slot] = found, hashes[row]
            first[found] = row
            found += 1
        numbers[row] = slots[slot]
    return numbers, first[:found].copy()


@compiled
def _slot(slots: Places, kept: Hashes, value: np.uint64) -> int:
    """Where a hash's number stands, or the free place where it would."""
    slot = int((value * _GOLD) >> np.uint64(33)) & (len(slots) - 1)
    while slots[slot] >= 0 and kept[slot] != value:
        slot = (slot + 1) & (len(slots) - 1)
    return slot


@compiled
def _wider(hashes: Hashes, first: Places, size: int) -> tuple[Places, Hashes]:
    slots, kept = np.full(size, -1, np.int64), np.zeros(size, np.uint64)
    for number in range(len(first)):
        slot = _slot(slots, kept, hashes[first[number]])
        slots[slot], kept[slot] = number, hashes[first[number]]
    return slots, kept


@compiled
def _same(data: Bytes, starts: Places, kept: Bytes, kept_starts: Places, numbers: Places) -> bool:
    """Whether every row has the bytes that were kept for its number."""
    for row in range(len(numbers)):
        begin, other = starts[row], kept_starts[numbers[row]]
        length = starts[row + 1] - begin
        if kept_starts[numbers[row] + 1] - other != length:
            return False
        for step in range(length):
            if data[begin + step] != kept[other + step]:
                return False
    return True

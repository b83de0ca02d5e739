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
_WORD = 8
"""Bytes that are read at once."""
_AT_ONCE = 64
"""Rows of which is looked up together what they may be equal to: memory gives many as soon as one."""
_PRIME = np.uint64(0xBF58476D1CE4E5B9)
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
def _eight(data: Bytes, place: int) -> np.uint64:
    """The eight bytes from a place on, as one number."""
    value, first = np.uint64(0), np.uint64(place)  # a place without a sign is not asked whether it counts from the end
    for k in range(8):
        value |= np.uint64(data[first + np.uint64(k)]) << np.uint64(8 * k)
    return value


@compiled
def _last(data: Bytes, begin: int, end: int) -> np.uint64:
    """The last eight bytes of a text, or all where it has fewer, as one number."""
    if end - begin >= _WORD:
        return _eight(data, end - _WORD)
    value = np.uint64(0)
    for place in range(begin, end):
        value = (value << np.uint64(8)) | np.uint64(data[place])
    return value


@compiled
def _hash(data: Bytes, starts: Places, hashes: Hashes) -> None:
    """Goes on with each row's hash over the bytes of its text, eight at once, and over its length."""
    for row in range(len(hashes)):
        value, begin, end = hashes[row], starts[row], starts[row + 1]
        for place in range(begin, end - _WORD, _WORD):
            value = (value ^ _eight(data, place)) * _PRIME
            value ^= value >> np.uint64(32)
        value = (value ^ _last(data, begin, end)) * _PRIME
        value = ((value ^ (value >> np.uint64(32))) + np.uint64(end - begin)) * _GOLD
        hashes[row] = value ^ (value >> np.uint64(29))


@compiled
def _numbered(hashes: Hashes) -> tuple[Places, Places]:
    """Each row's number among the distinct hashes, and the row where each distinct one first stands."""
    numbers, first = np.empty(len(hashes), np.int64), np.empty(len(hashes), np.int64)
    slots, kept = np.full(_SLOTS_LEAST, -1, np.int64), np.zeros(_SLOTS_LEAST, np.uint64)
    found, seen = 0, np.empty(_AT_ONCE, np.uint64)
    for row in range(len(hashes)):
        if row % _AT_ONCE == 0:
            for k in range(min(_AT_ONCE, len(hashes) - row)):
                seen[k] = kept[_begin(slots, hashes[row + k])] + np.uint64(slots[_begin(slots, hashes[row + k])])
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
def _begin(slots: Places, value: np.uint64) -> int:
    """Where a hash's number is looked for first."""
    return int((value * _GOLD) >> np.uint64(33)) & (len(slots) - 1)


@compiled
def _slot(slots: Places, kept: Hashes, value: np.uint64) -> int:
    """Where a hash's number stands, or the free place where it would."""
    slot = _begin(slots, value)
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
    begins, ends, seen = np.empty(_AT_ONCE, np.int64), np.empty(_AT_ONCE, np.int64), np.empty(_AT_ONCE, np.uint8)
    for row in range(len(numbers)):
        at = row % _AT_ONCE
        if at == 0:
            some = min(_AT_ONCE, len(numbers) - row)
            for k in range(some):
                begins[k], ends[k] = kept_starts[numbers[row + k]], kept_starts[numbers[row + k] + 1]
            for k in range(some):
                seen[k] = kept[begins[k]] if begins[k] < ends[k] else 0
        begin, length = starts[row], starts[row + 1] - starts[row]
        if ends[at] - begins[at] != length:
            return False
        here, there, differs = np.uint64(begin), np.uint64(begins[at]), np.uint8(0)
        for step in range(np.uint64(length)):
            differs |= data[here + step] ^ kept[there + step]
        if differs:
            return False
    return True

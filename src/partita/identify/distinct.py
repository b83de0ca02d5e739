"""Distinct rows of long tables, numbered in the order in which they first stand.

Rows are told apart by a hash of their bytes; rows of one hash are compared byte by byte, so that no two that differ are
ever taken for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, count

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from partita.identify.parallel import side_by_side
from partita.text.compiled import compiled
from partita.text.ragged import Hashes, Places

Bytes = NDArray[np.uint8]

_NOTHING = pa.array([], pa.large_string())
_PART_MOST = 1 << 17
"""Rows of which columns are looked at together."""
_SLOTS_LEAST = 1 << 12
_WORD = 8
"""Bytes that are read at once."""
_AT_ONCE = 64
"""Rows of which is looked up together what they may be equal to: memory gives many as soon as one."""
_PRIME = np.uint64(0xBF58476D1CE4E5B9)
_GOLD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class _Stored:
    """Texts as they lie in memory: those of row `i` are `data[starts[i]:starts[i + 1]]`."""

    data: Bytes
    starts: Places

    @classmethod
    def of(cls, texts: pa.LargeStringArray) -> _Stored:
        _, starts, data = texts.buffers()
        if not len(texts):
            return cls(np.zeros(0, np.uint8), np.zeros(1, np.int64))
        places = np.frombuffer(starts, np.int64)[texts.offset : texts.offset + len(texts) + 1]
        return cls(np.frombuffer(data or b"", np.uint8), places)


@dataclass(frozen=True, slots=True)
class _Part:
    """Some rows that follow each other, as they were given: whole columns in one piece would be copies."""

    begin: int
    end: int
    given: pa.RecordBatch

    def texts(self) -> list[pa.LargeStringArray]:
        """Their columns, null as the empty text."""
        filled = [pc.fill_null(column, "") if column.null_count else column for column in self.given.columns]
        return [column.cast(pa.large_string()) for column in filled]

    def some(self, rows: Places) -> list[pa.LargeStringArray]:
        """Their columns of those of the rows, in order, that are in this part."""
        first, last = np.searchsorted(rows, (self.begin, self.end))
        places = pa.array(rows[first:last] - self.begin)
        return [column.take(places) for column in self.texts()]


def distinct_rows(columns: Sequence[pa.ChunkedArray | pa.Array], rows: int) -> tuple[list[pa.LargeStringArray], Places]:
    """Columns of strings with each distinct row once, as they first stand, and for each row which of these it is.

    Null is the empty text.
    """
    parts = _parted(columns)
    for salt in count(1):
        hashes = np.full(rows, salt, np.uint64)
        list(side_by_side(partial(_hash_all, hashes), parts))
        number, first = _numbered(hashes)
        found = list(side_by_side(partial(_Part.some, rows=first), parts))
        kept = [pa.concat_arrays([_NOTHING, *(part[k] for part in found)]) for k in range(len(columns))]
        stored = [_Stored.of(column) for column in kept]
        if all(side_by_side(partial(_all_same, stored, number), parts)):
            break
    return kept, number


def _parted(columns: Sequence[pa.ChunkedArray | pa.Array]) -> list[_Part]:
    batches = pa.table(list(columns), [str(k) for k in range(len(columns))]).to_batches(max_chunksize=_PART_MOST)
    ends = accumulate(batch.num_rows for batch in batches)
    return [_Part(end - batch.num_rows, end, batch) for batch, end in zip(batches, ends, strict=True)]


def _hash_all(hashes: Hashes, part: _Part) -> None:
    for column in map(_Stored.of, part.texts()):
        _hash(column.data, column.starts, hashes[part.begin : part.end])


def _all_same(kept: list[_Stored], number: Places, part: _Part) -> bool:
    """Whether the rows of a part have the texts that were kept for their numbers."""
    return all(_same(a.data, a.starts, b.data, b.starts, number[part.begin : part.end])
               for a, b in zip(map(_Stored.of, part.texts()), kept, strict=True))  # fmt: skip


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

"""How alike texts are, pair by pair: kernels over columns of code points, so that no string is made for a comparison.

Every function takes two columns and the places `i` and `j` of the texts that make up each pair. A place that appears in
many pairs costs nothing more. Figures are those of `rapidfuzz` for the same texts, to the last bit.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from partita.text.compiled import compiled
from partita.text.ragged import POSITIONS_MOST, Codes, Places, Texts

Figures = NDArray[np.float32]

_SLOTS, _FEW_SLOTS = 4096, 256
"""Places for the distinct characters of a text: four times as many as it can have (see `POSITIONS_MOST`)."""
_WORD = 64
_ASCII = 128
_WORDS = POSITIONS_MOST // _WORD + 1
_MASKS = _SLOTS * _WORDS
_ROW_MOST = POSITIONS_MOST + 2
_AT_ONCE = 64
"""Pairs whose texts are looked for together: they stand far apart, and memory gives many as soon as one."""

Masks = NDArray[np.uint64]
_Noted = tuple[Codes, Masks, Places, Masks]
_Several = tuple[Codes, Places, Places]


def ratio(left: Texts, right: Texts, i: Places, j: Places) -> Figures:
    """1 - (letters to delete and insert) / (letters of both), from 0 to 1; 1 for two empty texts."""
    return _ratio(left.codes, left.starts, right.codes, right.starts, i, j)


def common_beginning(left: Texts, right: Texts, i: Places, j: Places) -> Places:
    """How many letters two texts have in common from the first on."""
    return _common_beginning(left.codes, left.starts, right.codes, right.starts, i, j)


def slips(left: Texts, right: Texts, i: Places, j: Places, most: int) -> Places:
    """Letters lost, added, wrong, or exchanged with their neighbour; `most` where there are as many or more."""
    return _slips(left.codes, left.starts, right.codes, right.starts, i, j, most)


def best_of_several(
    left: Texts, left_starts: Places, right: Texts, right_starts: Places, i: Places, j: Places, most: int
) -> Figures:
    """The highest `ratio` of any of the texts `left_starts[i] ..` with any of `right_starts[j] ..`, `most` of each."""
    several = left.codes, left.starts, left_starts
    return _best_of_several(several, (right.codes, right.starts, right_starts), i, j, most)


@compiled
def _slot(keys: Codes, slots: int, code: np.uint32) -> int:
    """Where a character's mask stands or would: that of ASCII at its code, of others in the upper half."""
    if code < _ASCII:
        return int(code)
    half = slots // 2
    place = int(np.int64(code) * 40503) & (half - 1)
    while keys[half + place] != 0 and keys[half + place] != code + 1:
        place = (place + 1) & (half - 1)
    return half + place


@compiled
def _ones(bits: np.uint64) -> int:
    count = 0
    while bits:
        bits &= bits - np.uint64(1)
        count += 1
    return count


@compiled
def _nothing_noted() -> _Noted:
    return (np.zeros(_SLOTS, np.uint32), np.zeros(_MASKS, np.uint64), np.zeros(_WORDS * _WORD, np.int64),
            np.zeros(_WORDS, np.uint64))  # fmt: skip


@compiled
def _fill(a: Codes, begin: int, end: int, noted: _Noted) -> None:
    """Notes for every character of a text where it stands, as bits; what `_common` needs of it."""
    keys, masks, places = noted[:3]
    words = (end - begin + _WORD - 1) // _WORD
    slots = _FEW_SLOTS if words == 1 else _SLOTS
    for k in range(end - begin):
        place = _slot(keys, slots, a[begin + k])
        places[k], keys[place] = place, a[begin + k] + 1
        masks[place * words + k // _WORD] |= np.uint64(1) << np.uint64(k % _WORD)


@compiled
def _empty(length: int, noted: _Noted) -> None:
    """Takes back what `_fill` noted of a text of `length`."""
    keys, masks, places = noted[:3]
    words = (length + _WORD - 1) // _WORD
    for k in range(length):
        keys[places[k]] = 0
        for w in range(words):
            masks[places[k] * words + w] = 0


@compiled
def _common(length: int, b: Codes, begin: int, end: int, noted: _Noted) -> int:
    """Letters of the longest common subsequence of a text of `length` that was noted with another (Hyyrö 2004)."""
    keys, masks, _, state = noted
    words = (length + _WORD - 1) // _WORD
    if words == 1:
        return _common_in_word(length, b, begin, end, keys, masks)
    for w in range(words):
        state[w] = ~np.uint64(0)
    for k in range(begin, end):
        place = _slot(keys, _SLOTS, b[k])
        if keys[place] == 0:
            continue
        carry = np.uint64(0)
        for w in range(words):
            held, shared = state[w], state[w] & masks[place * words + w]
            total = held + shared
            over = np.uint64(total < held)
            total += carry
            over |= np.uint64(total < carry)
            state[w] = total | (held - shared)
            carry = over
    return _lost(state, length)


@compiled
def _common_in_word(length: int, b: Codes, begin: int, end: int, keys: Codes, masks: Masks) -> int:
    """`_common` of a text of at most 64 characters: what is not noted has no bits, and changes nothing."""
    state = ~np.uint64(0)
    for k in range(begin, end):
        shared = state & masks[_slot(keys, _FEW_SLOTS, b[k])]
        state = (state + shared) | (state - shared)
    return _ones(~state & (~np.uint64(0) >> np.uint64(_WORD - length)))


@compiled
def _lost(state: Masks, length: int) -> int:
    """How many of the first `length` bits are 0."""
    count = 0
    for w in range((length + _WORD - 1) // _WORD):
        bits, rest = ~state[w], length - w * _WORD
        if rest < _WORD:
            bits &= (np.uint64(1) << np.uint64(rest)) - np.uint64(1)
        count += _ones(bits)
    return count


@compiled
def _share(common: int, most: int) -> np.float32:
    """The figure that rapidfuzz gives for so many letters in common of so many in both."""
    return np.float32((1.0 - (most - 2 * common) / most) * 100.0) / np.float32(100) if most else np.float32(1)


@compiled
def _looked_for(b: Codes, of_b: Places, places: Places, ends: Places, seen: Codes) -> None:
    """Sets where some texts begin and end, and how they begin; no step waits for memory to give the one before.

    A place after the last text is taken for the last one.
    """
    for n in range(len(places)):
        place = min(places[n], len(of_b) - 2)
        ends[0, n], ends[1, n] = of_b[place], of_b[place + 1]
    for n in range(len(places)):
        seen[n] = b[ends[0, n]] if ends[0, n] < len(b) else 0


@compiled
def _ratio(a: Codes, of_a: Places, b: Codes, of_b: Places, i: Places, j: Places) -> Figures:
    noted = _nothing_noted()
    ends, seen = np.empty((2, _AT_ONCE), np.int64), np.empty(_AT_ONCE, np.uint32)
    out = np.empty(len(i), np.float32)
    begin = end = 0
    for n in range(len(i)):
        if n % _AT_ONCE == 0:
            _looked_for(b, of_b, j[n : n + _AT_ONCE], ends, seen)
        if n == 0 or i[n] != i[n - 1]:
            _empty(end - begin, noted)
            begin, end = of_a[i[n]], of_a[i[n] + 1]
            _fill(a, begin, end, noted)
        first, last = ends[0, n % _AT_ONCE], ends[1, n % _AT_ONCE]
        common = _common(end - begin, b, first, last, noted)
        out[n] = _share(common, end - begin + last - first)
    return out


@compiled
def _best_of_several(one: _Several, other: _Several, i: Places, j: Places, most: int) -> Figures:
    a, of_a, in_a = one
    b, of_b, in_b = other
    noted, out = _nothing_noted(), np.zeros(len(i), np.float32)
    ends, seen = np.empty((2, _AT_ONCE), np.int64), np.empty(_AT_ONCE, np.uint32)
    for n in range(len(i)):
        if n % _AT_ONCE == 0:
            _looked_for(b, of_b, in_b[j[n : n + _AT_ONCE]], ends, seen)
        for x in range(in_a[i[n]], min(in_a[i[n] + 1], in_a[i[n]] + most)):
            begin, length = of_a[x], of_a[x + 1] - of_a[x]
            _fill(a, begin, begin + length, noted)
            for y in range(in_b[j[n]], min(in_b[j[n] + 1], in_b[j[n]] + most)):
                first, both = of_b[y], length + of_b[y + 1] - of_b[y]
                if _share(min(length, both - length), both) > out[n]:
                    common = _common(length, b, first, first + both - length, noted)
                    out[n] = max(out[n], _share(common, both))
            _empty(length, noted)
    return out


@compiled
def _common_beginning(a: Codes, of_a: Places, b: Codes, of_b: Places, i: Places, j: Places) -> Places:
    out = np.empty(len(i), np.int64)
    for n in range(len(i)):
        x, y = of_a[i[n]], of_b[j[n]]
        most = min(of_a[i[n] + 1] - x, of_b[j[n] + 1] - y)
        same = 0
        while same < most and a[x + same] == b[y + same]:
            same += 1
        out[n] = same
    return out


@compiled
def _slips(a: Codes, of_a: Places, b: Codes, of_b: Places, i: Places, j: Places, most: int) -> Places:
    rows = np.empty((3, _ROW_MOST), np.int64)
    out = np.empty(len(i), np.int64)
    for n in range(len(i)):
        out[n] = _distance(a[of_a[i[n]] : of_a[i[n] + 1]], b[of_b[j[n]] : of_b[j[n] + 1]], rows, most)
    return out


@compiled
def _distance(a: Codes, b: Codes, rows: Places, most: int) -> int:
    """Optimal string alignment in a band of `most` around the diagonal, of what differs between beginning and end."""
    if abs(len(a) - len(b)) >= most:
        return most
    while len(a) and len(b) and a[0] == b[0]:
        a, b = a[1:], b[1:]
    while len(a) and len(b) and a[-1] == b[-1]:
        a, b = a[:-1], b[:-1]
    for y in range(len(b) + 1):
        rows[0, y] = y
    for x in range(1, len(a) + 1):
        now, last, before = x % 3, (x - 1) % 3, (x - 2) % 3
        low, high = max(1, x - most), min(len(b), x + most)
        rows[now, low - 1] = x if low == 1 else most
        least = rows[now, low - 1]
        for y in range(low, high + 1):
            best = rows[last, y - 1] + (a[x - 1] != b[y - 1])
            above = rows[last, y] if y < x + most else most
            best = min(best, above + 1, rows[now, y - 1] + 1)
            if x > 1 and y > 1 and a[x - 1] == b[y - 2] and a[x - 2] == b[y - 1]:
                best = min(best, rows[before, y - 2] + 1)
            rows[now, y] = best
            least = min(least, best)
        if least >= most + 1:
            return most
    distance: int = min(rows[len(a) % 3, len(b)], most)
    return distance

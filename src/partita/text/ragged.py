"""Many strings as one array of code points: the shape in which whole columns are folded and hashed.

Hashes are 64-bit, fixed for ever (version 1), and serve only to find candidates: equality is always checked on text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from partita.text.compiled import compiled

Codes = NDArray[np.uint32]
Places = NDArray[np.int64]
Hashes = NDArray[np.uint64]

POSITIONS_MOST = 1024
"""Characters of one text that count; what is longer is compared by its beginning."""


def mix(values: Hashes) -> Hashes:
    """The finaliser of SplitMix64: every bit of the input moves every bit of the result."""
    out = values + np.uint64(0x9E3779B97F4A7C15)
    out = (out ^ (out >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    out = (out ^ (out >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return out ^ (out >> np.uint64(31))


_MARKS = mix(np.arange(POSITIONS_MOST + 1, dtype=np.uint64)) | np.uint64(1)


def join(*parts: Hashes | int) -> Hashes:
    """One hash of several, in order."""
    total: Hashes = np.zeros(1, np.uint64)
    for part in parts:
        total = mix(total * np.uint64(3) + np.asarray(part, dtype=np.uint64))
    return total


def expand(starts: Places, lengths: Places) -> Places:
    """The positions `starts[i] .. starts[i] + lengths[i] - 1` of every segment, one after another."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    places: Places = np.arange(total, dtype=np.int64) + np.repeat(starts - (ends - lengths), lengths)
    return places


def segment_sum(values: Hashes, starts: Places, lengths: Places) -> Hashes:
    """The sum, modulo 2^64, of each segment of `values`; 0 for an empty one."""
    running = np.zeros(len(values) + 1, np.uint64)
    np.cumsum(values, out=running[1:])
    sums: Hashes = running[starts + lengths] - running[starts]
    return sums


_KINDS_MOST = 128
"""Characters that are put in order by counting them, where no two are further apart."""


@compiled
def _in_order(codes: Codes, starts: Places) -> Codes:
    out = codes.copy()
    ends = np.zeros(_KINDS_MOST + 1, np.int64)
    for n in range(len(starts) - 1):
        begin, end = starts[n], starts[n + 1]
        if end - begin < 2:
            continue
        least, last = codes[begin], codes[begin]
        for k in range(begin, end):
            least, last = min(least, codes[k]), max(last, codes[k])
        kinds = np.int64(last) - np.int64(least) + 1
        if kinds > _KINDS_MOST:
            out[begin:end].sort()
            continue
        for k in range(begin, end):
            ends[np.int64(codes[k]) - np.int64(least) + 1] += 1
        for kind in range(kinds):
            ends[kind + 1] += ends[kind]
        for k in range(begin, end):
            at = np.int64(codes[k]) - np.int64(least)
            out[begin + ends[at]] = codes[k]
            ends[at] += 1
        ends[: kinds + 1] = 0
    return out


@compiled
def _decoded(data: NDArray[np.uint8], offsets: Places, most: int) -> tuple[Codes, Places]:
    """The code points of well-formed UTF-8, at most `most` of each text."""
    codes, starts, place = np.empty(offsets[-1] - offsets[0], np.uint32), np.zeros(len(offsets), np.int64), 0
    for n in range(len(offsets) - 1):
        k, limit = offsets[n], place + most
        while k < offsets[n + 1] and place < limit:
            code, more = np.uint32(data[k]), 0
            if code >= 0xC0:
                more = 1 + int(code >= 0xE0) + int(code >= 0xF0)
                code &= np.uint32(0x3F >> more)
            for step in range(1, more + 1):
                code = (code << np.uint32(6)) | np.uint32(data[k + step] & 0x3F)
            codes[place] = code
            place, k = place + 1, k + 1 + more
        starts[n + 1] = place
    return codes[:place], starts


@compiled
def _mixed(value: np.uint64) -> np.uint64:
    """`mix` of one number."""
    out = value + np.uint64(0x9E3779B97F4A7C15)
    out = (out ^ (out >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    out = (out ^ (out >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return out ^ (out >> np.uint64(31))


@compiled
def _hashes(codes: Codes, starts: Places, marks: Hashes) -> Hashes:
    result = np.zeros(len(starts) - 1, np.uint64)
    for n in range(len(starts) - 1):
        total = np.uint64(0)
        for k in range(starts[n], min(starts[n + 1], starts[n] + len(marks))):
            total += _mixed(np.uint64(codes[k])) * marks[k - starts[n]]
        result[n] = total
    return result


@compiled
def _words(codes: Codes, starts: Places, marks: Hashes, separator: int) -> tuple[Hashes, Places]:
    count, inner = 0, False
    for n in range(len(starts) - 1):
        inner = False
        for k in range(starts[n], starts[n + 1]):
            count += int(not inner and codes[k] != separator)
            inner = codes[k] != separator
    hashes, owners, word = np.zeros(count, np.uint64), np.zeros(count, np.int64), -1
    for n in range(len(starts) - 1):
        begin = -1
        for k in range(starts[n], starts[n + 1]):
            if codes[k] == separator:
                begin = -1
                continue
            if begin < 0:
                begin, word = k, word + 1
                owners[word] = n
            hashes[word] += _mixed(np.uint64(codes[k])) * marks[k - begin]
    return hashes, owners


@compiled
def _some(codes: Codes, starts: Places, places: Places) -> tuple[Codes, Places]:
    found = np.zeros(len(places) + 1, np.int64)
    for n in range(len(places)):
        found[n + 1] = found[n] + starts[places[n] + 1] - starts[places[n]]
    out = np.empty(found[-1], np.uint32)
    for n in range(len(places)):
        begin, at = starts[places[n]], found[n]
        for k in range(found[n + 1] - at):
            out[at + k] = codes[begin + k]
    return out, found


@compiled
def _with_others(
    codes: Codes, starts: Places, places: Places, others: Codes, other_starts: Places
) -> tuple[Codes, Places]:
    """The texts with those at `places` (in order, each once) exchanged for the others."""
    found, gone = np.zeros(len(starts), np.int64), np.int64(0)
    for m in range(len(places)):
        gone += starts[places[m] + 1] - starts[places[m]]
    out = np.empty(len(codes) - gone + other_starts[-1] - other_starts[0], np.uint32)
    first, at = np.int64(0), np.int64(0)
    for m in range(len(places) + 1):
        end = places[m] if m < len(places) else np.int64(len(starts) - 1)
        shift = at - starts[first]
        for k in range(starts[first], starts[end]):
            out[k + shift] = codes[k]
        for n in range(first, end):
            found[n + 1] = starts[n + 1] + shift
        at = starts[end] + shift
        if m < len(places):
            for k in range(other_starts[m], other_starts[m + 1]):
                out[at] = others[k]
                at += 1
            found[end + 1], first = at, end + 1
    return out, found


@compiled
def _without(codes: Codes, starts: Places, unwanted: int) -> tuple[Codes, Places]:
    out, found, place = np.empty(len(codes), np.uint32), np.zeros(len(starts), np.int64), 0
    for n in range(len(starts) - 1):
        for k in range(starts[n], starts[n + 1]):
            if codes[k] != unwanted:
                out[place] = codes[k]
                place += 1
        found[n + 1] = place
    return out[:place], found


@compiled
def _edges(codes: Codes, starts: Places, marks: Hashes, count: int, step: int) -> Hashes:
    """A hash of the first `count` characters of each text, or (`step` -1) of the last, from the end."""
    result = np.zeros(len(starts) - 1, np.uint64)
    for n in range(len(starts) - 1):
        first = starts[n] if step > 0 else starts[n + 1] - 1
        for k in range(min(count, starts[n + 1] - starts[n])):
            result[n] += _mixed(np.uint64(codes[first + step * k])) * marks[k]
    return result


@compiled
def _without_a_letter(
    codes: Codes, starts: Places, wanted: NDArray[np.bool_], marks: Hashes, longest: int
) -> tuple[Hashes, Places]:
    """For each wanted text its hash and those without one of its characters; `longest` is the length of the longest."""
    total, at = 0, 0
    for n in range(len(wanted)):
        total += (starts[n + 1] - starts[n] + 1) * int(wanted[n])
    hashes, owners = np.empty(total, np.uint64), np.empty(total, np.int64)
    letters = np.empty(longest, np.uint64)
    for n in range(len(wanted)):
        if not wanted[n]:
            continue
        size, whole, after = starts[n + 1] - starts[n], np.uint64(0), np.uint64(0)
        for k in range(size):
            letters[k] = _mixed(np.uint64(codes[starts[n] + k]))
            whole += letters[k] * marks[k]
            if k > 0:
                after += letters[k] * marks[k - 1]
        hashes[at] = whole
        before = np.uint64(0)
        for k in range(size):
            hashes[at + 1 + k] = before + after
            before += letters[k] * marks[k]
            if k + 1 < size:
                after -= letters[k + 1] * marks[k]
        owners[at : at + size + 1] = n
        at += size + 1
    return hashes, owners


@compiled
def _before(a: Codes, b: Codes) -> bool:
    """Whether one word stands before another in the order of their code points."""
    for k in range(min(len(a), len(b))):
        if a[k] != b[k]:
            return bool(a[k] < b[k])
    return len(a) < len(b)


@compiled
def _words_within(codes: Codes, starts: Places, begins: Places, ends: Places) -> int:
    """Sets where each word of some texts begins and ends, the words in order; returns how many there are."""
    count = 0
    for n in range(len(starts) - 1):
        begin = starts[n]
        for k in range(starts[n], starts[n + 1] + 1):
            if k < starts[n + 1] and codes[k] != 32:
                continue
            if k > begin:
                place = count
                while place and _before(codes[begin:k], codes[begins[place - 1] : ends[place - 1]]):
                    begins[place], ends[place] = begins[place - 1], ends[place - 1]
                    place -= 1
                begins[place], ends[place] = begin, k
                count += 1
            begin = k + 1
    return count


@compiled
def _words_in_order(codes: Codes, starts: Places, groups: Places, most: int) -> tuple[Codes, Places]:
    longest = 0
    for n in range(len(groups) - 1):
        longest = max(longest, starts[groups[n + 1]] - starts[groups[n]])
    begins, ends = np.zeros(longest + 1, np.int64), np.zeros(longest + 1, np.int64)
    out, found, place = np.empty(len(codes) + len(starts), np.uint32), np.zeros(len(groups), np.int64), 0
    for n in range(len(groups) - 1):
        limit = place + most
        for word in range(_words_within(codes, starts[groups[n] : groups[n + 1] + 1], begins, ends)):
            if word and place < limit:
                out[place] = 32
                place += 1
            for k in range(begins[word], min(ends[word], begins[word] + limit - place)):
                out[place] = codes[k]
                place += 1
        found[n + 1] = place
    return out[:place], found


@compiled
def are_among(values: Hashes, ordered: Hashes) -> NDArray[np.bool_]:
    """Which hashes are among those of an array that is in order.

    Hashes lie evenly: each is looked for around the place that its size names, ever further away.
    """
    result, share = np.zeros(len(values), np.bool_), len(ordered) / 2.0**64
    for n in range(len(values) if len(ordered) else 0):
        wanted, step = values[n], 16
        low = min(int(np.float64(wanted) * share), len(ordered) - 1)
        high = low + 1
        while low > 0 and ordered[low] > wanted:
            low, step = max(low - step, 0), 2 * step
        while high < len(ordered) and ordered[high - 1] < wanted:
            high, step = min(high + step, len(ordered)), 2 * step
        while high - low > 1:
            middle = (low + high) // 2
            if ordered[middle] <= wanted:
                low = middle
            else:
                high = middle
        result[n] = ordered[low] == wanted
    return result


@dataclass(frozen=True, slots=True)
class Texts(Sequence[str]):
    """`codes[starts[i]:starts[i + 1]]` are the code points of text `i`."""

    codes: Codes
    starts: Places

    @classmethod
    def of(cls, strings: Sequence[str]) -> Texts:
        """The texts of `strings`, each cut to `POSITIONS_MOST` characters."""
        cut = [s[:POSITIONS_MOST] if len(s) > POSITIONS_MOST else s for s in strings]
        starts = np.zeros(len(cut) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, cut), np.int64, len(cut)), out=starts[1:])
        return cls(np.frombuffer(bytearray("".join(cut).encode("utf-32-le", "surrogatepass")), np.uint32), starts)

    @classmethod
    def of_utf8(cls, data: NDArray[np.uint8], offsets: Places) -> Texts:
        """The texts `data[offsets[i]:offsets[i + 1]]` of well-formed UTF-8, each cut to `POSITIONS_MOST` characters."""
        return cls(*_decoded(data, offsets, POSITIONS_MOST))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, place: int | slice) -> Any:
        """One of the texts as a Python string, or several."""
        if isinstance(place, slice):
            return [self.text(k) for k in range(*place.indices(len(self)))]
        return self.text(range(len(self))[place])

    def __iter__(self) -> Iterator[str]:
        """The texts as Python strings."""
        return iter(self.strings())

    @property
    def lengths(self) -> Places:
        """Characters in each text."""
        return np.diff(self.starts)

    @property
    def owners(self) -> Places:
        """For each code point, the text it stands in."""
        return np.repeat(np.arange(len(self), dtype=np.int64), self.lengths)

    @property
    def places(self) -> Places:
        """For each code point, its position in its text, from 0."""
        return np.arange(len(self.codes), dtype=np.int64) - np.repeat(self.starts[:-1], self.lengths)

    def strings(self) -> list[str]:
        """The texts as Python strings."""
        whole = self.codes.tobytes().decode("utf-32-le", "surrogatepass")
        marks = self.starts.tolist()
        return [whole[a:b] for a, b in pairwise(marks)]

    def text(self, place: int) -> str:
        """One of the texts as a Python string."""
        codes = self.codes[self.starts[place] : self.starts[place + 1]]
        return codes.tobytes().decode("utf-32-le", "surrogatepass")

    def some(self, places: Places) -> Texts:
        """The texts at `places`, in that order."""
        return Texts(*_some(self.codes, self.starts, places))

    def followed_by(self, others: Texts) -> Texts:
        """The texts and, after them, the others."""
        return Texts(np.concatenate((self.codes, others.codes)),
                     np.concatenate((self.starts, self.starts[-1] + others.starts[1:])))  # fmt: skip

    def with_others(self, places: Places, others: Texts) -> Texts:
        """The same texts but for those at `places` (in order, each once), which are the `others`."""
        return (
            Texts(*_with_others(self.codes, self.starts, places, others.codes, others.starts)) if len(places) else self
        )

    def in_order(self) -> Texts:
        """Each text with its characters in order."""
        return Texts(_in_order(self.codes, self.starts), self.starts)

    def keep(self, wanted: NDArray[np.bool_]) -> Texts:
        """The same texts without the code points that are not `wanted`."""
        running = np.zeros(len(self.codes) + 1, np.int64)
        np.cumsum(wanted, out=running[1:])
        return Texts(self.codes[wanted], running[self.starts])

    def squeezed(self) -> Texts:
        """The same texts without their spaces."""
        return Texts(*_without(self.codes, self.starts, 32))

    def hashes(self) -> Hashes:
        """A hash of each text; 0 for an empty text."""
        return _hashes(self.codes, self.starts, _MARKS)

    def first_hashes(self, first: int) -> Hashes:
        """A hash of the first `first` characters of each text; 0 for an empty text."""
        return _edges(self.codes, self.starts, _MARKS, first, 1)

    def last_hashes(self, last: int) -> Hashes:
        """A hash of the last `last` characters of each text; 0 for an empty text."""
        return _edges(self.codes, self.starts, _MARKS, last, -1)

    def without_a_letter(self, wanted: NDArray[np.bool_]) -> tuple[Hashes, Places]:
        """Hashes of the wanted texts as they are and without one of their characters, and whose they are.

        Two texts that are one slip of the pen apart have one of them in common.
        """
        longest = int(self.lengths[wanted].max(initial=0))
        return _without_a_letter(self.codes, self.starts, wanted, _MARKS, longest)

    def words(self, *, separator: int = 32) -> tuple[Hashes, Places]:
        """The hash of every word of every text, and the text it stands in."""
        return _words(self.codes, self.starts, _MARKS, separator)

    def words_in_order(self, groups: Places) -> Texts:
        """The words of the texts from `groups[i]` to `groups[i + 1]`, in order, as one text, a space between two."""
        return Texts(*_words_in_order(self.codes, self.starts, groups, POSITIONS_MOST))

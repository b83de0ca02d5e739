"""Many strings as one array of code points: the shape in which whole columns are folded and hashed.

Hashes are 64-bit, fixed for ever (version 1), and serve only to find candidates: equality is always checked on text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

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


@compiled
def _in_order(codes: Codes, starts: Places) -> Codes:
    out = codes.copy()
    for n in range(len(starts) - 1):
        for k in range(starts[n] + 1, starts[n + 1]):
            code, place = out[k], k
            while place > starts[n] and out[place - 1] > code:
                out[place] = out[place - 1]
                place -= 1
            out[place] = code
    return out


@dataclass(frozen=True, slots=True)
class Texts:
    """`codes[starts[i]:starts[i + 1]]` are the code points of text `i`."""

    codes: Codes
    starts: Places

    @classmethod
    def of(cls, strings: Sequence[str]) -> Texts:
        """The texts of `strings`, each cut to `POSITIONS_MOST` characters."""
        cut = [s[:POSITIONS_MOST] if len(s) > POSITIONS_MOST else s for s in strings]
        starts = np.zeros(len(cut) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, cut), np.int64, len(cut)), out=starts[1:])
        codes = np.frombuffer("".join(cut).encode("utf-32-le", "surrogatepass"), np.uint32)
        return cls(codes, starts)

    def __len__(self) -> int:
        return len(self.starts) - 1

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
        lengths = self.lengths[places]
        starts = np.zeros(len(places) + 1, np.int64)
        np.cumsum(lengths, out=starts[1:])
        return Texts(self.codes[expand(self.starts[places], lengths)], starts)

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
        return self.keep(self.codes != 32)

    def hashes(self) -> Hashes:
        """A hash of each text; 0 for an empty text."""
        values = mix(self.codes.astype(np.uint64)) * _MARKS[self.places]
        return segment_sum(values, self.starts[:-1], self.lengths)

    def first_hashes(self, first: int) -> Hashes:
        """A hash of the first `first` characters of each text; 0 for an empty text."""
        return self._edge(self.starts[:-1], 1, first)

    def last_hashes(self, last: int) -> Hashes:
        """A hash of the last `last` characters of each text; 0 for an empty text."""
        return self._edge(self.starts[1:] - 1, -1, last)

    def _edge(self, start: Places, step: int, count: int) -> Hashes:
        total, lengths = np.zeros(len(self), np.uint64), self.lengths
        for place in range(count):
            there = np.flatnonzero(lengths > place)
            total[there] += mix(self.codes[start[there] + step * place].astype(np.uint64)) * _MARKS[place]
        return total

    def deletions(self) -> tuple[Hashes, Places]:
        """A hash of each text without one of its characters, for every character, and the text.

        Two texts that are one slip of the pen apart have one of them in common.
        """
        mixed, places = mix(self.codes.astype(np.uint64)), self.places
        before, after = np.zeros((2, len(mixed) + 1), np.uint64)
        np.cumsum(mixed * _MARKS[places], out=before[1:])
        np.cumsum(mixed * _MARKS[np.maximum(places - 1, 0)], out=after[1:])
        owners, here = self.owners, np.arange(len(mixed))
        ends = self.starts[owners + 1]
        return before[here] - before[self.starts[owners]] + after[ends] - after[here + 1], owners

    def words(self, *, separator: int = 32) -> tuple[Hashes, Places]:
        """The hash of every word of every text, and the text it stands in."""
        inner = self.codes != separator
        begins = inner.copy()
        begins[1:] &= ~inner[:-1]
        begins[self.starts[:-1][self.lengths > 0]] |= inner[self.starts[:-1][self.lengths > 0]]
        number = np.cumsum(begins)
        starts = np.flatnonzero(begins)
        lengths = np.bincount(number[inner], minlength=len(starts) + 1)[1:] if len(starts) else starts
        pieces = Texts(self.codes[inner], np.concatenate(([0], np.cumsum(lengths))).astype(np.int64))
        return pieces.hashes(), self.owners[starts]

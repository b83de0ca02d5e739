"""What folded texts may hold, seen on their code points: most titles and names need no more than this look.

A look never passes over what the rules of `titles` and `nobody` would find; where something may be there, those rules
decide, on Python strings. The signs and words that are looked for are theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from partita.text.compiled import compiled
from partita.text.ragged import Codes, Places, Texts

Mask = NDArray[np.bool_]

_PAGE = 128
_ASCII = 128
_NO_DIGITS = ((0x2E80, 0xA000), (0xAC00, 0xD7A4))
"""Ranges (Han, kana, Hangul) of which Python takes no character for a digit."""


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of characters that are looked for; those whose first one ends in the seven bits `i` from `pages[i]` on."""

    texts: Texts
    pages: Places

    @classmethod
    def of(cls, strings: Iterable[str]) -> Runs:
        """These runs, none of which is empty."""
        texts = Texts.of(sorted(strings, key=lambda run: (ord(run[0]) % _PAGE, run)))
        first = texts.codes[texts.starts[:-1]] % _PAGE
        return cls(texts, np.searchsorted(first, np.arange(_PAGE + 1)).astype(np.int64))

    def within(self, texts: Texts) -> Mask:
        """Which texts have one of the runs in them."""
        return _within(texts.codes, texts.starts, self.texts.codes, self.texts.starts, self.pages)


@compiled
def _stands_at(codes: Codes, place: int, end: int, runs: Codes, first: int, last: int) -> bool:
    """Whether the characters from `place` on, before `end`, begin with `runs[first:last]`."""
    k = first
    while k < last and place < end and codes[place] == runs[k]:
        place, k = place + 1, k + 1
    return k == last


@compiled
def _within(codes: Codes, starts: Places, runs: Codes, run_starts: Places, pages: Places) -> Mask:
    result = np.zeros(len(starts) - 1, np.bool_)
    for n in range(len(starts) - 1):
        found = False
        for place in range(starts[n], starts[n + 1]):
            page = codes[place] % _PAGE
            for r in range(pages[page], pages[page + 1]):
                found |= _stands_at(codes, place, starts[n + 1], runs, run_starts[r], run_starts[r + 1])
            if found:
                break
        result[n] = found
    return result


@compiled
def _last_words(codes: Codes, starts: Places) -> tuple[Codes, Places]:
    out, found, place = np.empty(len(codes), np.uint32), np.zeros(len(starts), np.int64), 0
    for n in range(len(starts) - 1):
        begin = starts[n + 1]
        while begin > starts[n] and codes[begin - 1] != 32:
            begin -= 1
        for k in range(begin, starts[n + 1]):
            out[place] = codes[k]
            place += 1
        found[n + 1] = place
    return out[:place], found


def last_words(texts: Texts) -> Texts:
    """What stands after the last space of each text: the whole text where it has none."""
    return Texts(*_last_words(texts.codes, texts.starts))


def at(texts: Texts, place: int) -> Codes:
    """The character at this place of each text, from its end where negative; 0 where the text is shorter."""
    lengths = texts.lengths
    there = lengths > place if place >= 0 else lengths >= -place
    result = np.zeros(len(texts), np.uint32)
    edge = texts.starts[:-1] if place >= 0 else texts.starts[1:]
    result[there] = texts.codes[edge[there] + place]
    return result


def latin(texts: Texts) -> Mask:
    """Which texts have no character beyond ASCII."""
    return ~_have(texts, texts.codes >= _ASCII)


def may_have_other_digits(texts: Texts) -> Mask:
    """Which texts have a character beyond ASCII that may be a digit to Python."""
    return _have(texts, may_be_digit(texts.codes) & (texts.codes >= _ASCII))


def _have(texts: Texts, wanted: Mask) -> Mask:
    """Which texts have one of the wanted characters."""
    running = np.concatenate(([0], np.cumsum(wanted)))
    result: Mask = running[texts.starts[1:]] != running[texts.starts[:-1]]
    return result


def may_be_digit(codes: Codes) -> Mask:
    """Whether a character may be a digit to Python: all that are not ASCII, but for Han, kana and Hangul."""
    other = codes >= _ASCII
    for begin, end in _NO_DIGITS:
        other &= (codes < begin) | (codes >= end)
    result: Mask = other | ((codes >= ord("0")) & (codes <= ord("9")))
    return result


def among(codes: Codes, chars: Iterable[str]) -> Mask:
    """Which characters are one of these few."""
    return _among(codes, np.array(sorted(map(ord, chars)), np.uint32))


@compiled
def _among(codes: Codes, chars: Codes) -> Mask:
    result = np.zeros(len(codes), np.bool_)
    for n in range(len(codes)):
        for char in chars:
            result[n] |= codes[n] == char
    return result


@compiled
def _pieces(codes: Codes, starts: Places, signs: Mask, prefix: Codes, most: int) -> tuple[Codes, Places, Places]:
    """What stands between signs, and of each text how many pieces there are before it; see `pieces`."""
    out, ends, place = np.empty(len(codes), np.uint32), np.zeros(len(codes) + 1, np.int64), 0
    counts, count = np.zeros(len(starts), np.int64), 0
    for n in range(len(starts) - 1):
        begin = starts[n]
        for k in range(starts[n], starts[n + 1] + 1):
            if k < starts[n + 1] and not (codes[k] < len(signs) and signs[codes[k]]):
                continue
            first, last = begin, k
            while first < last and codes[first] == 32:
                first += 1
            while first < last and codes[last - 1] == 32:
                last -= 1
            begin = k + 1
            if first == last or count - counts[n] == most:
                continue
            if _stands_at(codes, first, last, prefix, 0, len(prefix)):
                first += len(prefix)
            for c in range(first, last):
                out[place] = codes[c]
                place += 1
            count += 1
            ends[count] = place
        counts[n + 1] = count
    return out[:place].copy(), ends[: count + 1].copy(), counts


def pieces(texts: Texts, signs: Iterable[str], prefix: str, most: int) -> tuple[Texts, Places]:
    """The first `most` pieces between signs (below U+0100) of each text, without spaces around them and that prefix.

    Empty pieces are none. Pieces of text `i` are those from `starts[i]` to `starts[i + 1]`.
    """
    table = np.zeros(0x100, np.bool_)
    table[[*map(ord, signs)]] = True
    codes, starts, counts = _pieces(texts.codes, texts.starts, table, Texts.of([prefix]).codes, most)
    return Texts(codes, starts), counts

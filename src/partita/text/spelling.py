"""Whether a word in Latin letters could be spelt in some system: quick looks that never go back on themselves.

Every test here takes time in proportion to the word, whatever stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

_VOWELS = re.compile("([aeiouwy]+)")

CHARACTERS_MOST = 80
"""Longer texts have no key by sound: they say enough as they are written."""
_SYLLABLE_MOST = 6


@dataclass(frozen=True, slots=True)
class Shape:
    """Words made of runs of consonants and of vowels: what may begin, stand within and end, and which vowels."""

    begin: frozenset[str]
    within: frozenset[str]
    end: frozenset[str]
    vowels: frozenset[str]

    def fits(self, word: str) -> bool:
        """Whether the runs of a word are all of them possible."""
        runs = _VOWELS.split(word)
        if len(runs) < 3:
            return False
        return (
            runs[0] in self.begin
            and runs[-1] in self.end
            and all(run in self.vowels for run in runs[1::2])
            and all(run in self.within for run in runs[2:-1:2])
        )


def shape(begin: Collection[str], end: Collection[str], vowels: Collection[str]) -> Shape:
    """The shape of words whose syllables begin with, end with and hold these."""
    first, last = {"", *begin}, {"", *end}
    return Shape(frozenset(first), frozenset(a + b for a in last for b in first), frozenset(last), frozenset(vowels))


def syllables(word: str, known: Mapping[str, str]) -> tuple[str, ...] | None:
    """The fewest syllables of `known` that make up a word, the first as long as it can be; None where none do.

    Within a word a syllable that begins with a vowel is taken only where nothing else fits, a lone vowel never.
    """
    if word in known:
        return (word,)
    best = _ways(word, known)
    if best[0] is None:
        return None
    parts, place = [], 0
    while step := best[place]:
        if not step[1]:
            break
        parts.append(word[place : place + step[1]])
        place += step[1]
    return tuple(parts)


def _ways(word: str, known: Mapping[str, str]) -> list[tuple[int, int] | None]:
    """For each place in the word the cost of the best way to its end, and the length of the next syllable."""
    best: list[tuple[int, int] | None] = [*[None] * len(word), (0, 0)]
    for place in range(len(word) - 1, -1, -1):
        vowel = place > 0 and word[place] in "aeiou"
        for size in range(min(_SYLLABLE_MOST, len(word) - place), vowel, -1):
            rest = best[place + size]
            if rest is None or word[place : place + size] not in known:
                continue
            cost = rest[0] + (11 if vowel else 1)
            found = best[place]
            if found is None or cost < found[0]:
                best[place] = (cost, size)
    return best

"""Whether a word in Latin letters could be spelt in some system: quick looks that never go back on themselves.

Every test here takes time in proportion to the word, whatever stands in it. Columns of texts are looked at by compiled
functions, in tables of letters that `trie` makes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from partita.text.compiled import compiled
from partita.text.ragged import Codes, Places

CHARACTERS_MOST = 80
"""Longer texts have no key by sound: they say enough as they are written."""
_SYLLABLE_MOST = 6
_LETTERS = 26
_BEGIN, _WITHIN, _END, _VOWELS = 1, 2, 4, 8
_AIUEO, _AIUEOWY, _AEO, _PTKHS = (
    sum(1 << ord(letter) - ord("a") for letter in letters) for letters in ("aiueo", "aiueowy", "aeo", "ptkhs")
)
"""Sets of letters, a bit for each."""

Trie = NDArray[np.int32]
"""Words letter by letter: `[node, letter]` is the next node or 0; `[node, 26]` what the word that ends there means."""
Letters = NDArray[np.uint8]
Tests = tuple[Trie, Trie, Trie, Trie, Trie, Trie, Trie, Trie]
"""Tables by which a word is tested: English words; syllables of pinyin, of Wade-Giles, of Cantonese names; runs of
Japanese, of Hokkien; syllables of Hokkien without a vowel; runs of Korean."""


def trie(words: Mapping[str, int]) -> Trie:
    """The table of words of the letters a to z, each with what it means: a number that is not 0."""
    nodes = [[0] * (_LETTERS + 1)]
    for word, meaning in words.items():
        node = 0
        for char in word:
            letter = ord(char) - ord("a")
            if not nodes[node][letter]:
                nodes[node][letter] = len(nodes)
                nodes.append([0] * (_LETTERS + 1))
            node = nodes[node][letter]
        nodes[node][_LETTERS] = meaning
    return np.array(nodes, np.int32)


def shape(
    begin: Collection[str], end: Collection[str], vowels: Collection[str], within: Collection[str] | None = None
) -> Trie:
    """The runs of consonants and of vowels that words are made of: what may begin, end and stand within them.

    Without `within`, whatever may end a syllable and begin the next.
    """
    first, last = {"", *begin}, {"", *end}
    kinds = (
        (first, _BEGIN), ({a + b for a in last for b in first} if within is None else within, _WITHIN), (last, _END),
        (vowels, _VOWELS),
    )  # fmt: skip
    runs: dict[str, int] = {}
    for words, kind in kinds:
        for word in sorted(words):
            runs[word] = runs.get(word, 0) | kind
    return trie(runs)


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


@compiled
def _one_of(code: int, letters: int) -> bool:
    return 97 <= code <= 122 and (letters >> (code - 97)) & 1 == 1


@compiled
def _said(text: Codes, out: Letters) -> int:
    """Writes the words of an ASCII text to `out`, a space between two, and gives their length; -1 for other texts.

    An apostrophe between syllables (`Xi'an`) divides them, one of Wade-Giles (`Ts'ai`) does not; `u:` is u.
    """
    size, before, umlaut = 0, 0, False
    for k in range(len(text)):
        code = int(text[k])
        if code >= 128:
            return -1
        dots = umlaut and code == 58
        umlaut = code == 117 or (umlaut and code == 39)
        if code == 39:
            after = int(text[k + 1]) if k + 1 < len(text) else 0
            aspirated = _one_of(before, _PTKHS)
            before = code
            if aspirated or not _one_of(after, _AEO):
                continue
            umlaut = False
        before = code
        if (97 <= code <= 122) or (48 <= code <= 57):
            out[size] = code
            size += 1
        elif not dots and size > 0 and out[size - 1] != 32:
            out[size] = 32
            size += 1
    if size > 0 and out[size - 1] == 32:
        size -= 1
    return size


@compiled
def _meaning(word: Letters, words: Trie) -> int:
    """What a whole word means in a table; 0 where it does not stand there."""
    node = 0
    for code in word:
        if code < 97:
            return 0
        node = words[node, code - 97]
        if node == 0:
            return 0
    return int(words[node, _LETTERS])


@compiled
def _of_syllables(word: Letters, known: Trie, there: NDArray[np.bool_]) -> bool:
    """Whether syllables make up a word, as `syllables` takes them."""
    if _meaning(word, known) != 0:
        return True
    there[: len(word) + 1] = False
    there[0] = True
    for place in range(len(word)):
        if not there[place]:
            continue
        code = word[place]
        vowel = place > 0 and _one_of(int(code), _AIUEO)
        node = 0
        for size in range(1, min(_SYLLABLE_MOST, len(word) - place) + 1):
            letter = word[place + size - 1]
            node = known[node, letter - 97] if letter >= 97 else 0
            if node == 0:
                break
            if known[node, _LETTERS] != 0 and (size > 1 or not vowel):
                there[place + size] = True
    return len(word) > 0 and there[len(word)]


@compiled
def _of_runs(word: Letters, runs: Trie, vowels: int, free: bool) -> bool:
    """Whether a word is made of possible runs; with `free`, of any vowels. `vowels`: a bit for each letter."""
    node, kind, within_vowels = 0, _BEGIN, False
    for code in word:
        if code < 97:
            return False
        vowel = _one_of(int(code), vowels)
        if vowel != within_vowels:
            if not (within_vowels and free) and runs[node, _LETTERS] & kind == 0:
                return False
            node, kind, within_vowels = 0, _VOWELS if vowel else _WITHIN, vowel
        if not (vowel and free):
            node = runs[node, code - 97]
            if node == 0:
                return False
    if within_vowels:
        return bool((free or runs[node, _LETTERS] & _VOWELS != 0) and runs[0, _LETTERS] & _END != 0)
    return bool(kind == _WITHIN and runs[node, _LETTERS] & _END != 0)


@compiled
def _bare(word: Letters, tones: int) -> Letters:
    """The word without the figures from 1 to `tones` at its end."""
    size = len(word)
    while size > 0 and 49 <= word[size - 1] <= 48 + tones:
        size -= 1
    return word[:size]


@compiled
def _systems(word: Letters, fits: int, tests: Tests, there: NDArray[np.bool_]) -> int:
    """Those of the systems `fits` that a word could be spelt in."""
    english, pinyin, wade, cantonese, japanese, hokkien, vowelless, korean = tests
    if _meaning(word, english) != 0:
        return 0
    said = _bare(word, 5)
    if fits & 1 and not _of_syllables(said, pinyin, there):
        fits &= ~1
    if fits & 2 and not _of_syllables(said, wade, there):
        fits &= ~2
    if fits & 4 and _meaning(word, cantonese) == 0:
        fits &= ~4
    if fits & 8 and not _of_runs(word, japanese, _AIUEO, True) and not (len(word) == 1 and word[0] == 110):
        fits &= ~8
    said = _bare(word, 9)
    if fits & 16 and _meaning(said, vowelless) == 0 and not _of_runs(said, hokkien, _AIUEOWY, False):
        fits &= ~16
    if fits & 32 and not _of_runs(word, korean, _AIUEOWY, False):
        fits &= ~32
    return fits


@compiled
def readable(codes: Codes, starts: Places, tests: Tests) -> tuple[Letters, Letters, Places]:
    """For each text the systems that all its words could be spelt in, as bits, and the words of those that have some.

    The bits from the lowest: pinyin, Wade-Giles, Cantonese names, Japanese, Hokkien, Korean. 0 for a text that is
    longer than `CHARACTERS_MOST`, is not ASCII, holds an English word or no word.
    """
    fits = np.zeros(len(starts) - 1, np.uint8)
    words = np.empty(len(codes) + CHARACTERS_MOST, np.uint8)
    ends = np.zeros(len(starts), np.int64)
    there = np.zeros(CHARACTERS_MOST + 1, np.bool_)
    filled = 0
    for n in range(len(starts) - 1):
        text = codes[starts[n] : starts[n + 1]]
        if len(text) <= CHARACTERS_MOST:
            out = words[filled : filled + CHARACTERS_MOST]
            size = _said(text, out)
            found, begin = 63 if size > 0 else 0, 0
            while found and begin < size:
                end = begin
                while end < size and out[end] != 32:
                    end += 1
                found = _systems(out[begin:end], found, tests, there)
                begin = end + 1
            fits[n] = found
            if found:
                filled += size
        ends[n + 1] = filled
    return fits, words[:filled], ends

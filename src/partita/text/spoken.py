"""Keys by sound: what a text may be called in another script or spelling. Keys only propose candidates.

That two texts share a key is never a reason to call them equal: 心願 and 新願 share one. Every function takes distinct
texts as `fold` made them, and looks at each once; those of more than `spelling.CHARACTERS_MOST` characters have no key. A key
begins with its system: `p:` Mandarin, `ps:` Mandarin in any order of syllables, `w:` Mandarin of more than four syllables
in coarse letters, `h:` Hokkien, `r:` Japanese, `k:` Korean, `ks:` Korean in any order, `c:` characters of Hokkien.
"""

# ruff: noqa: E501 - tables of syllables and of wide characters

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from partita.text import hangul, hokkien, kana, mandarin
from partita.text.compiled import compiled
from partita.text.han import han_keys
from partita.text.ragged import Codes, Places, Texts
from partita.text.spelling import CHARACTERS_MOST, Tests, readable, trie

KEYS_MOST = 6
"""Keys that one Latin text has at most."""

_HAN, _KANA, _HANGUL = 1, 2, 3
_NOT_SAID = re.compile("[^a-z0-9\n]+")
_ENGLISH = frozenset((
    "the", "of", "and", "my", "your", "is", "it", "this", "that", "for", "with", "from", "be", "are", "was", "on",
    "love",
))  # fmt: skip
_PINYIN, _WADE, _CANTONESE, _JAPANESE, _HOKKIEN, _KOREAN = (1 << n for n in range(6))
_LETTERS_LEAST = 3
_NOT_SPELT = re.compile("[^a-zN\n|]+")
_NAME = range(2, 5)
"""Syllables of a person's name."""


class Keyed(NamedTuple):
    """Keys, and the text that each belongs to, in the order of the texts."""

    keys: Texts
    owners: Places


@cache
def _tests() -> Tests:
    return (
        trie(dict.fromkeys(_ENGLISH, 1)), trie(dict.fromkeys(mandarin.coarse_syllables(), 1)),
        trie(dict.fromkeys(mandarin.wade_syllables(), 1)), trie(dict.fromkeys(mandarin.CANTONESE, 1)), kana.RUNS,
        hokkien.RUNS, trie(dict.fromkeys(hokkien.VOWELLESS, 1)), hangul.RUNS,
    )  # fmt: skip


class _Latin(NamedTuple):
    """The texts that could be another language's in Latin letters: their words, and the systems that they all fit."""

    places: list[int]
    words: list[str]
    fits: list[int]

    def of(self, system: int) -> tuple[list[int], list[str]]:
        """The numbers here, not the places, of those that fit a system, and their words, one text a line."""
        chosen = [n for n, fits in enumerate(self.fits) if fits & system]
        return chosen, [self.words[n] for n in chosen]


def _latin(texts: Texts) -> _Latin:
    fits, words, starts = readable(texts.codes, texts.starts, _tests())
    places = np.flatnonzero(fits)
    found = Texts(words.astype(np.uint32), np.append(starts[places], len(words))).strings()
    return _Latin(places.tolist(), found, fits[places].tolist())


@compiled
def _scripts(codes: Codes, starts: Places) -> NDArray[np.uint8]:
    """The script of each text of at most 80 characters: Han with no kana, nothing but kana, or nothing but Hangul."""
    out = np.zeros(len(starts) - 1, np.uint8)
    for n in range(len(out)):
        plain, kana_, hangul_, han = 0, 0, 0, 0
        for code in codes[starts[n] : min(starts[n + 1], starts[n] + CHARACTERS_MOST + 1)]:
            plain += 0x20 <= code <= 0x7E
            kana_ += 0x3041 <= code <= 0x30FF
            hangul_ += 0xAC00 <= code <= 0xD7A3
            han += code == 0x3005 or 0x3400 <= code <= 0x9FFF or 0x20000 <= code <= 0x3FFFF
        size = starts[n + 1] - starts[n]
        if size > CHARACTERS_MOST:
            continue
        if han and not kana_:
            out[n] = _HAN
        elif kana_ and kana_ + plain == size:
            out[n] = _KANA
        elif hangul_ and hangul_ + plain == size:
            out[n] = _HANGUL
    return out


def _han_keys(texts: Texts) -> Keyed:
    places = np.flatnonzero(_scripts(texts.codes, texts.starts) == _HAN)
    keys, owners = han_keys(texts.some(places))
    return Keyed(keys, places[owners])


def _kana(texts: Texts) -> tuple[list[int], list[str]]:
    """The texts of nothing but kana, and how they sound."""
    places = np.flatnonzero(_scripts(texts.codes, texts.starts) == _KANA)
    blob = kana.romaji_of("\n".join(texts.some(places).strings()))
    return places.tolist(), kana.sound(_NOT_SAID.sub("", blob)).split("\n")


def _korean(texts: Texts, between: str = "") -> tuple[list[int], list[str]]:
    """The texts of nothing but Hangul, and how they sound; with `between`, each syllable by itself."""
    places = np.flatnonzero(_scripts(texts.codes, texts.starts) == _HANGUL)
    blob = "\n".join([between.join(text) for text in texts.some(places).squeezed().strings()])
    return places.tolist(), _NOT_SPELT.sub("", hangul.of_hangul(blob)).split("\n")


def native_keyed(texts: Texts) -> Keyed:
    """The keys under which each Han, kana or Hangul text is found; none for other texts."""
    found: list[tuple[int, str]] = []
    for prefix, (places, sounds) in (("r:", _kana(texts)), ("k:", _korean(texts))):
        found += [(i, prefix + said) for i, said in zip(places, sounds, strict=False) if len(said) >= _LETTERS_LEAST]
    places, sounds = _korean(texts, "|")
    sizes = texts.squeezed().lengths[places].tolist()
    found += [
        (i, "ks:" + "".join(sorted(said.replace("|", ""))))
        for i, said, size in zip(places, sounds, sizes, strict=False)
        if size in _NAME
    ]
    return _together(_han_keys(texts), _keyed(found))


def _keyed(found: list[tuple[int, str]]) -> Keyed:
    return Keyed(Texts.of([key for _, key in found]), np.array([i for i, _ in found], np.int64))


def _together(a: Keyed, b: Keyed) -> Keyed:
    """The keys of both; no text has some in each."""
    keys = Texts(np.concatenate((a.keys.codes, b.keys.codes)),
                 np.concatenate((a.keys.starts, b.keys.starts[1:] + a.keys.starts[-1])))  # fmt: skip
    owners = np.concatenate((a.owners, b.owners))
    order = np.argsort(owners, kind="stable")
    return Keyed(keys.some(order), owners[order])


def _listed(keyed: Keyed, count: int) -> list[tuple[str, ...]]:
    """The keys of each of `count` texts, each once."""
    found: list[dict[str, None]] = [{} for _ in range(count)]
    for key, owner in zip(keyed.keys.strings(), keyed.owners.tolist(), strict=True):
        found[owner][key] = None
    return [tuple(keys) for keys in found]


def native_keys(strings: Sequence[str]) -> list[tuple[str, ...]]:
    """`native_keyed` as lists: the keys of each string."""
    return _listed(native_keyed(Texts.of(strings)), len(strings))


def _latin_mandarin(latin: _Latin) -> list[list[str]]:
    """The keys of words that may be Mandarin, in whichever spelling."""
    pinyin, wade = _Cached(mandarin.pinyin), _Cached(mandarin.wade)
    return [
        _one_mandarin(words.split(" "), fits, pinyin, wade) if fits & (_PINYIN | _WADE | _CANTONESE) else []
        for words, fits in zip(latin.words, latin.fits, strict=True)
    ]


class _Cached(dict[str, tuple[str, ...]]):
    """The syllables of words, each divided once."""

    def __init__(self, divide: Callable[[str], tuple[str, ...]]) -> None:
        super().__init__()
        self._divide = divide

    def __missing__(self, word: str) -> tuple[str, ...]:
        found = self[word] = self._divide(word)
        return found


def _one_mandarin(words: list[str], fits: int, pinyin: _Cached, wade: _Cached) -> list[str]:
    said = [part for word in words for part in pinyin[word]] if fits & _PINYIN else []
    keys = ["p:" + "".join(said).replace("v", "u")] if len(said) > 1 else []
    ways = [mandarin.coarse(said)]
    if fits & _WADE:
        ways.append([part for word in words for part in wade[word]])
    if fits & _CANTONESE:
        ways.append([mandarin.CANTONESE[word] for word in words])
    for coarse in ways:
        if len(coarse) in _NAME:
            keys.append("ps:" + " ".join(sorted(coarse)))
        elif len(coarse) > _NAME[-1]:
            keys.append("w:" + "".join(coarse))
    return keys


def _romaji(latin: _Latin) -> tuple[list[int], list[str]]:
    chosen, words = latin.of(_JAPANESE)
    return chosen, kana.sound("\n".join(words).replace(" ", "")).split("\n")


def _taiwanese(latin: _Latin) -> tuple[list[int], list[str]]:
    chosen, words = latin.of(_HOKKIEN)
    return chosen, hokkien.spelling("\n".join(words)).split("\n")


def _romanised(latin: _Latin) -> tuple[list[int], list[str]]:
    chosen, words = latin.of(_KOREAN)
    return chosen, hangul.of_latin("\n".join(words)).split("\n")


def _romanised_names(latin: _Latin) -> tuple[list[int], list[str]]:
    """Those that have as many words as a name has syllables, each by itself: its letters in order."""
    chosen = [n for n, fits in enumerate(latin.fits) if fits & _KOREAN and latin.words[n].count(" ") + 1 in _NAME]
    said = hangul.of_latin("\n".join([latin.words[n] for n in chosen]), "|").replace("|", "").split("\n")
    return chosen, ["".join(sorted(letters)) for letters in said]


def latin_keyed(texts: Texts) -> Keyed:
    """The keys under which a text of another script, or another spelling, would be found; at most `KEYS_MOST` a text.

    None for texts of other scripts, for those that hold an English word, and for those that fit no system.
    """
    latin = _latin(texts)
    keys = _latin_mandarin(latin)
    ways = (("r:", _romaji(latin)), ("h:", _taiwanese(latin)), ("k:", _romanised(latin)),
            ("ks:", _romanised_names(latin)))  # fmt: skip
    for prefix, (chosen, sounds) in ways:
        for n, said in zip(chosen, sounds, strict=False):
            keys[n].append(prefix + said)
    return _keyed([
        (place, key)
        for place, found in zip(latin.places, keys, strict=True)
        for key in [key for key in dict.fromkeys(found) if len(key) > _LETTERS_LEAST][:KEYS_MOST]
    ])  # fmt: skip


def latin_keys(strings: Sequence[str]) -> list[tuple[str, ...]]:
    """`latin_keyed` as lists: the keys of each string."""
    return _listed(latin_keyed(Texts.of(strings)), len(strings))

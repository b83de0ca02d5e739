"""Taiwanese Hokkien in Latin letters: Pe̍h-ōe-jī (POJ) and Tâi-lô as one toneless spelling.

Folded text has lost the marks of tones and the dot of o͘, and its raised n is a plain one.
"""

# ruff: noqa: E501 - tables of syllables and of wide characters

from __future__ import annotations

import re

from partita.text.spelling import shape

_ONSETS = ("p", "ph", "b", "m", "t", "th", "n", "l", "k", "kh", "g", "ng", "h", "ts", "tsh", "ch", "chh", "s", "j")
_CODAS = ("n", "nn", "nnh", "m", "ng", "p", "t", "k", "h", "hnn")
_VOWELS = ("a", "ai", "au", "e", "i", "ia", "iau", "io", "ioo", "iu", "o", "oo", "ou", "u", "ua", "uai", "ue", "ui", "oa",
           "oai", "oe", "iuai")  # fmt: skip
_SYLLABIC = frozenset(("m", "ng", "hm", "hng", "png", "mng", "tng", "thng", "nng", "kng", "khng", "tsng", "tshng", "chng", "chhng",
             "sng"))  # fmt: skip
_TONES = "123456789"
_SHAPE = shape(_ONSETS, _CODAS, _VOWELS)
_MEANS = {"chh": "tsh", "ch": "ts", "oa": "ua", "oe": "ue", "eng": "ing", "ek": "ik", "oo": "o", "ou": "o", "nn": "n"}
_SPELT = re.compile("|".join(_MEANS))


def is_hokkien(word: str) -> bool:
    """Whether a word, with or without figures of tones, could be POJ or Tâi-lô."""
    bare = word.rstrip(_TONES)
    return bare in _SYLLABIC or _SHAPE.fits(bare)


def spelling(words: list[str]) -> str:
    """The toneless Tâi-lô of words in POJ or Tâi-lô, run together, without nasal marks."""
    return _SPELT.sub(lambda found: _MEANS[found[0]], "".join(word.rstrip(_TONES) for word in words))

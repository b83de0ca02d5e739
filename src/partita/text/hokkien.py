"""Taiwanese Hokkien in Latin letters: Pe̍h-ōe-jī (POJ) and Tâi-lô as one toneless spelling.

Folded text has lost the marks of tones and the dot of o͘, and its raised n is a plain one.
"""

# ruff: noqa: E501 - tables of syllables and of wide characters

from __future__ import annotations

import re

from partita.text.spelling import shape

ONSETS = ("p", "ph", "b", "m", "t", "th", "n", "l", "k", "kh", "g", "ng", "h", "ts", "tsh", "ch", "chh", "s", "j")
CODAS = ("n", "nn", "nnh", "m", "ng", "p", "t", "k", "h", "hnn")
VOWELS = ("a", "ai", "au", "e", "i", "ia", "iau", "io", "ioo", "iu", "o", "oo", "ou", "u", "ua", "uai", "ue", "ui", "oa",
           "oai", "oe", "iuai")  # fmt: skip
VOWELLESS = frozenset(("m", "ng", "hm", "hng", "png", "mng", "tng", "thng", "nng", "kng", "khng", "tsng", "tshng", "chng", "chhng",
             "sng"))  # fmt: skip
"""Syllables without a vowel."""
_TONES = re.compile(r"[1-9]+(?=\s|$)")
RUNS = shape(ONSETS, CODAS, VOWELS)
"""What words in POJ or Tâi-lô are made of."""
_MEANS = {"chh": "tsh", "ch": "ts", "oa": "ua", "oe": "ue", "eng": "ing", "ek": "ik", "oo": "o", "ou": "o", "nn": "n"}
_SPELT = re.compile("|".join(_MEANS))


def spelling(words: str) -> str:
    """The toneless Tâi-lô of words in POJ or Tâi-lô, run together, without nasal marks; of one text a line."""
    return _SPELT.sub(lambda found: _MEANS[found[0]], _TONES.sub("", words).replace(" ", ""))

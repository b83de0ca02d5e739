"""Sounds of Han characters, as keys that find candidates. Equal sound is never a reason to call two titles equal.

One reading a character (the most usual, without tone), by pypinyin's table of single characters.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from pypinyin.constants import PINYIN_DICT

from partita.text.ragged import Codes, Texts

_TABLE_CODES = 0x30000
_TONES = {"ā": "a", "á": "a", "ǎ": "a", "à": "a", "ē": "e", "é": "e", "ě": "e", "è": "e", "ê": "e", "ế": "e",
          "ề": "e",
          "ī": "i", "í": "i", "ǐ": "i", "ì": "i", "ō": "o", "ó": "o", "ǒ": "o", "ò": "o", "ū": "u", "ú": "u", "ǔ": "u",
          "ù": "u", "ü": "v", "ǖ": "v", "ǘ": "v", "ǚ": "v", "ǜ": "v", "ń": "n", "ň": "n", "ǹ": "n",
          "ḿ": "m"}  # fmt: skip
_PARTICLES = "底地得"
"""Characters that also write the particle 的."""
_STRIP = str.maketrans(_TONES)


@cache
def _tables() -> tuple[Codes, dict[int, str]]:
    letters = {
        code: "".join(c for c in said.split(",")[0].translate(_STRIP) if c.isascii() and c.isalpha())
        for code, said in sorted(PINYIN_DICT.items())
        if code < _TABLE_CODES
    }
    number = {syllable: _TABLE_CODES + i for i, syllable in enumerate(sorted(set(letters.values())))}
    table = np.arange(_TABLE_CODES, dtype=np.uint32)
    for code, syllable in letters.items():
        table[code] = number[syllable]
    table[[ord(char) for char in _PARTICLES]] = table[ord("的")]
    return table, letters


def sounds(texts: Texts) -> Texts:
    """The texts with every Han character replaced by a code of its syllable; other characters stay."""
    table, _ = _tables()
    heard = table[np.minimum(texts.codes, _TABLE_CODES - 1)]
    return Texts(np.where(texts.codes < _TABLE_CODES, heard, texts.codes + np.uint32(_TABLE_CODES)), texts.starts)


def letters(text: str) -> str:
    """The syllables of `text` in Latin letters, run together; other characters stay."""
    _, syllables = _tables()
    return "".join(syllables.get(ord(c), c) for c in text)

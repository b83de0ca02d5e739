"""Japanese by sound: hiragana, katakana, and Hepburn, Kunrei and keyboard romaji, as one spelling.

Long vowels, doubled consonants and the syllables that romaji confuse (`tu`, `tsu`; `ha` and `wa` of the particle は; `v`
and `b`) are one. Characters of Chinese origin have no form here: their readings are not a matter of tables.
"""

# ruff: noqa: E501 - tables of syllables and of wide characters

from __future__ import annotations

import re

from partita.text.spelling import shape

_ROWS = {
    "": "あいうえお", "k": "かきくけこ", "s": "さしすせそ", "t": "たちつてと", "n": "なにぬねの", "h": "はひふへほ", "m": "まみむめも", "r": "らりるれろ",
    "g": "がぎぐげご", "z": "ざじずぜぞ", "d": "だぢづでど", "b": "ばびぶべぼ", "p": "ぱぴぷぺぽ",
}  # fmt: skip
_LETTERS = {char: onset + vowel for onset, row in _ROWS.items() for char, vowel in zip(row, "aiueo", strict=True)} | {
    "や": "ya", "ゆ": "yu", "よ": "yo", "わ": "wa", "ゐ": "i", "ゑ": "e", "を": "o", "ん": "n", "ゔ": "bu", "っ": "", "ー": "",
    "ぁ": "*a", "ぃ": "*i", "ぅ": "*u", "ぇ": "*e", "ぉ": "*o", "ゃ": "*ya", "ゅ": "*yu", "ょ": "*yo", "ゎ": "*wa", "ゕ": "ka", "ゖ": "ke",
    "ゝ": "", "ゞ": "",
}  # fmt: skip
TABLE: dict[int, str] = {
    code: said for char, said in _LETTERS.items() for code in (ord(char), ord(char) + 0x60)
} | {ord("ー"): "", ord("ヷ"): "ba", ord("ヺ"): "bo"}  # fmt: skip
"""Each kana's code point with its sound; a small vowel begins with a star."""
del TABLE[ord("ー") + 0x60]

_SMALL_E = re.compile(r"i\*(?=e)")
_SMALL = re.compile(r"i\*(?=y)|[eu]\*(?=yu)|u\*(?=[aieo])|(?<=[td])[eo]\*(?=[iu])|\*")
_SOUND = re.compile("[tc]ch|ch|sh|j|ts|dz|d(?=[iuy])|f|v|cy|wo|m(?=[bpm])|h(?![aiueoy])|w(?=[iueo])")
_BEFORE_I = {"tch": "t", "cch": "t", "ch": "t", "sh": "s", "j": "z"}
_MEANS = {"tch": "ty", "cch": "ty", "ch": "ty", "sh": "sy", "j": "zy", "ts": "t", "dz": "z", "d": "z", "f": "h", "v": "b", "cy": "ty",
          "wo": "o", "m": "n", "h": "", "w": ""}  # fmt: skip
_LONG = re.compile(r"([a-z])\1+|o+u")
_CONSONANTS = frozenset((
    "k", "g", "s", "z", "t", "d", "n", "h", "b", "p", "m", "y", "r", "w", "f", "j", "v", "ky", "gy", "ny", "hy",
    "by", "py", "my", "ry", "fy", "jy", "dy", "ty", "sy", "zy", "vy", "cy", "ch", "sh", "ts", "dz", "kw", "gw",
))  # fmt: skip
CLUSTERS = (
    _CONSONANTS
    | {"n" + consonant for consonant in _CONSONANTS}
    | {consonant[0] + consonant for consonant in _CONSONANTS if consonant[0] not in "nmwy"}
    | {"", "tch", "mb", "mp", "mm", "mby", "mpy", "mmy"}
)
LONG_H = frozenset("h" + consonant for consonant in "kstnmrgzdbp")
RUNS = shape(CLUSTERS, ("n", "h"), (), CLUSTERS | LONG_H)
"""What words of Japanese in Latin letters are made of, beside vowels."""


def _sound(found: re.Match[str]) -> str:
    said, after = found[0], found.string[found.end() : found.end() + 1]
    return _BEFORE_I[said] if after == "i" and said in _BEFORE_I else _MEANS[said]


def sound(romaji: str) -> str:
    """The one spelling of romaji without spaces, or of many such texts between line ends."""
    text = _SOUND.sub(_sound, romaji).replace("jy", "zy").replace("zyy", "zy").replace("tyy", "ty").replace("syy", "sy")
    return _LONG.sub(lambda found: found[1] or "o", text).replace("ha", "wa")


def romaji_of(kana: str) -> str:
    """Kana in romaji before `sound`; what is no kana stays as it is."""
    return _SMALL.sub("", _SMALL_E.sub("y", kana.translate(TABLE)))

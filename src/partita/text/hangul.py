"""Korean by sound: Hangul, Revised Romanisation, McCune-Reischauer and names as people spell them, as one spelling.

The spelling is coarse: plain, tense and aspirated consonants are one, ㅓ and ㅗ are `o`, ㅡ and ㅜ are `u`, and before ng
all four are. Sounds change where syllables meet as Revised Romanisation has them.
"""

# ruff: noqa: E501 - tables of syllables and of wide characters

from __future__ import annotations

import re
import unicodedata
from itertools import product

from partita.text.spelling import shape

_LEADS = ("k", "k", "n", "t", "t", "l", "m", "p", "p", "s", "s", "", "c", "c", "c", "k", "t", "p", "h")
_VOWELS = (
    "a", "e", "ya", "ye", "o", "e", "yo", "ye", "o", "wa", "we", "we", "yo", "u", "wo", "we", "wi", "yu", "u", "ui",
    "i",
)  # fmt: skip
_SHUT = ("k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "N", "t", "t",
         "k", "t", "p", "")  # fmt: skip
"""Finals before a consonant and at the end; N is ng."""
_OPEN = ("k", "k", "ks", "n", "nc", "n", "t", "l", "lk", "lm", "lp", "ls", "lt", "lp", "l", "m", "p", "ps", "s", "s", "N", "c",
         "c", "k", "t", "p", "")  # fmt: skip
"""Finals before a vowel."""
_FIRST_LEAD, _FIRST_VOWEL, _FIRST_TAIL = 0x1100, 0x1161, 0x11A8
_OPEN_TAIL = re.compile("([\u11a8-\u11c2])\u110b(?!\u1175)|([\u11a8-\u11c2])\u110b")
_TABLE = (
    {_FIRST_LEAD + i: said for i, said in enumerate(_LEADS)}
    | {_FIRST_VOWEL + i: said for i, said in enumerate(_VOWELS)}
    | {_FIRST_TAIL + i: said for i, said in enumerate(_SHUT)}
)
_MEET = {"kn": "Nn", "km": "Nm", "tn": "nn", "tm": "nm", "pn": "mn", "pm": "mm", "nl": "l", "ln": "l", "ml": "mn", "Nl": "Nn",
         "pl": "mn", "kl": "Nn", "tl": "l"}  # fmt: skip
_MEETING = re.compile("|".join(_MEET))

ONSETS = ("g", "kk", "k", "n", "d", "tt", "t", "r", "l", "m", "b", "pp", "p", "s", "ss", "sh", "j", "jj", "ch", "tch", "tj",
           "h", "dd", "gg", "bb")  # fmt: skip
CODAS = ("k", "n", "t", "l", "m", "p", "ng", "rk", "h", "ck")
_NUCLEI = [
    "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu",
    "ui", "i", "oo", "woo", "yoo", "ee", "ou", "ai", "oi", "yi",
]  # fmt: skip
VOWEL_RUNS = {*_NUCLEI, *map("".join, product(_NUCLEI, repeat=2))}
RUNS = shape(ONSETS, CODAS, VOWEL_RUNS)
"""What words of Korean in Latin letters are made of."""
_FREE = {"young": "yong", "lee": "i", "park": "pak", "choi": "coe", "oo": "u", "ee": "i", "ou": "u", "woo": "u", "hyun": "hyeon",
         "kyung": "kyeong", "yoo": "yu", "ck": "k", "tch": "ch", "tj": "j", "sh": "s", "yi": "i"}  # fmt: skip
_FREELY = re.compile(r"(?<![a-z])(?:lee|yi)(?![a-z])|young|park|choi|yoo|woo|oo|ee|(?<!e)ou|hyun|kyung|ck|tch|tj|sh")
_LETTERS = {"aeu": "au", "ng": "N", "ch": "c", "yeo": "yo", "yae": "ye", "wae": "we", "eo": "o", "eu": "u", "ae": "e", "oe": "we", "j": "c",
            "g": "k", "d": "t", "b": "p", "r": "l"}  # fmt: skip
_LETTER = re.compile("|".join(_LETTERS))
_DOUBLE = re.compile("([kntlmpsc])\\1+")
_BACK = re.compile("[ou](?=N)")


def _met(letters: str) -> str:
    """The letters as they sound together, and no finer than every way of spelling them is."""
    said = _DOUBLE.sub(r"\1", _MEETING.sub(lambda found: _MEET[found[0]], letters)).replace("nk", "N")
    return _BACK.sub("o", said.replace("ui", "i").replace("wo", "o").replace("wu", "u"))


def _opened(found: re.Match[str]) -> str:
    tail = (found[1] or found[2])[0]
    place = ord(tail) - _FIRST_TAIL
    if found[2] and place in (6, 24):  # ㄷ and ㅌ before i: 같이, 굳이
        return "c"
    return _OPEN[place]


def of_hangul(text: str) -> str:
    """Hangul (or many texts of it between line ends) in the coarse spelling; what is no Hangul stays as it is."""
    letters = _OPEN_TAIL.sub(_opened, unicodedata.normalize("NFD", text)).translate(_TABLE)
    return _met(letters)


def of_latin(words: str, between: str = "") -> str:
    """Words in Latin letters in the coarse spelling, joined by `between`; of one text a line."""
    text = _FREELY.sub(lambda found: _FREE[found[0]], words).replace(" ", between)
    letters = _LETTER.sub(lambda found: _LETTERS[found[0]], text)
    return _met(letters)

"""Folding: one table from code point to its comparable form, applied to whole columns at once.

`fold` gives NFKC, casefold, Latin letters without accents (kana keep their voicing marks), Han in one form
(traditional, simplified, Japanese, variant), brackets and quotation marks in one form, and keeps punctuation. `bare`
also turns punctuation into spaces and drops apostrophes and full stops; a text of nothing but signs keeps them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from partita.text.compiled import compiled
from partita.text.ragged import POSITIONS_MOST, Codes, Places, Texts
from partita.text.variants import han_map, phrases

_TABLE_CODES = 0x30000
_TABLE_RANGES = ((0, 0xD800), (0xE000, 0x10000), (0x1D400, 0x1D800), (0x1F100, 0x1F200), (0x2F800, 0x2FA20))
_COMPOSING = np.array([0x1100, 0x11FF, 0x3099, 0x309A, 0xFF9E, 0xFF9F], np.uint32)
"""First and last of the characters that are joined to others."""
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i"})
_MARKS = str.maketrans({
    "【": "[", "】": "]", "〔": "[", "〕": "]", "〖": "[", "〗": "]", "｢": '"', "｣": '"',
    "「": '"', "」": '"',
    "『": '"', "』": '"', "《": '"', "》": '"', "〈": '"', "〉": '"', "“": '"', "”": '"', "„": '"',
    "«": '"', "»": '"',
    "‘": "'", "’": "'", "ʼ": "'", "ʻ": "'", "ʽ": "'", "′": "'", "´": "'", "`": "'",
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-",
    "―": "-", "−": "-",
    "～": "~", "〜": "~", "、": ",", "，": ",", "。": ".", "・": " ", "·": " ", "•": " ",
    "‧": " ", "＆": "&", "｜": "|", "ヶ": "ケ", "ヵ": "カ",
})  # fmt: skip
_DROPPED = frozenset("'.")


@dataclass(frozen=True, slots=True)
class Table:
    """For each code point the first of its folded form, how many there are, and where the others stand in `rest`."""

    first: Codes
    lengths: NDArray[np.int8]
    others: Places
    rest: Codes

    def apply(self, texts: Texts) -> Texts:
        """Each text with every code point replaced by its form, cut to `POSITIONS_MOST` characters."""
        return self._made(texts, _AS_THEY_COME)

    def tidied(self, texts: Texts, *, kept: bool = False) -> Texts:
        """`apply` with single spaces, none at either end; `kept`: a text of which nothing would be left stays whole."""
        return self._made(texts, _TIDY_OR_ALL if kept else _TIDY)

    def squeezed(self, texts: Texts) -> Texts:
        """`apply` without spaces."""
        return self._made(texts, _SQUEEZED)

    def _made(self, texts: Texts, spaces: int) -> Texts:
        table = self.first, self.lengths, self.others, self.rest
        return Texts(*_made(texts.codes, texts.starts, table, spaces, POSITIONS_MOST))


_AS_THEY_COME, _TIDY, _TIDY_OR_ALL, _SQUEEZED = range(4)


@compiled
def _room(codes: Codes, lengths: NDArray[np.int8]) -> int:
    """Characters that the forms have at most, or the texts themselves."""
    room = len(codes)
    for code in codes:
        if code < len(lengths) and lengths[code] > 1:
            room += lengths[code] - 1
    return room


@compiled
def _made(
    codes: Codes, starts: Places, table: tuple[Codes, NDArray[np.int8], Places, Codes], spaces: int, most: int
) -> tuple[Codes, Places]:
    """The forms of the texts' characters, of each text `most`, with the spaces as they come, tidied, or left out."""
    first, lengths, others, rest = table
    out, found, place = np.empty(_room(codes, lengths), np.uint32), np.zeros(len(starts), np.int64), 0
    for n in range(len(starts) - 1):
        begin, count, waits = place, 0, False
        for k in range(starts[n], starts[n + 1]):
            code, there = codes[k], codes[k] < len(first)
            for step in range(min(lengths[code], most - count) if there else min(1, most - count)):
                form = code if not there else first[code] if step == 0 else rest[others[code] + step - 1]
                count += 1
                if spaces != _AS_THEY_COME and form == 32:
                    waits = spaces != _SQUEEZED and place > begin
                    continue
                if waits:
                    out[place] = 32
                    place, waits = place + 1, False
                out[place] = form
                place += 1
        if spaces == _TIDY_OR_ALL and place == begin:
            for k in range(starts[n], starts[n + 1]):
                out[place] = codes[k]
                place += 1
        found[n + 1] = place
    return out[:place].copy(), found


def table_of(forms: Mapping[str, str]) -> Table:
    """The table that gives each of these characters another form, and leaves all others as they are."""
    first = np.arange(_TABLE_CODES, dtype=np.uint32)
    lengths = np.ones(_TABLE_CODES, np.int8)
    others = np.zeros(_TABLE_CODES, np.int64)
    rest: list[int] = []
    for char, made in sorted(forms.items()):
        first[ord(char)] = ord(made[0]) if made else 0
        lengths[ord(char)], others[ord(char)] = len(made), len(rest)
        rest += map(ord, made[1:])
    return Table(first, lengths, others, np.array(rest, np.uint32))


def _table(form: Callable[[str], str]) -> Table:
    every = {chr(code) for begin, end in _TABLE_RANGES for code in range(begin, end)} | set(han_map())
    return table_of({char: made for char in every if (made := form(char)) != char})


def _folded(char: str) -> str:
    text = unicodedata.normalize("NFKC", char.translate(_MARKS)).casefold().translate(_LETTERS)
    if any(unicodedata.name(c, "").startswith(("LATIN", "COMBINING", "GREEK")) for c in char + text[:1]):
        text = "".join(c for c in unicodedata.normalize("NFD", text) if not "\u0300" <= c <= "\u036f").translate(
            _LETTERS
        )
    text = "".join(han_map().get(c, c) for c in text).translate(_MARKS)
    return "".join(_plain(c) for c in text)


def _plain(char: str) -> str:
    kind = unicodedata.category(char)
    if kind in {"Cf", "Cn", "Cs", "Co", "Me"} or "\u0300" <= char <= "\u036f" or "\ufe00" <= char <= "\ufe0f":
        return ""
    return " " if kind[0] in "CZ" else char


def _bared(char: str) -> str:
    if char in _DROPPED:
        return ""
    return " " if unicodedata.category(char)[0] in "PSZC" else char


@cache
def _fold_table() -> Table:
    return _table(_folded)


@cache
def _bare_table() -> Table:
    return _table(_bared)


@cache
def _squeeze_table() -> Table:
    return _table(lambda char: "".join(b for c in _folded(char) if (b := _bared(c)) != " "))


def squeezed_texts(strings: Sequence[str]) -> Texts:
    """Strings folded, without punctuation and spaces, in one step; a text of nothing but signs is empty."""
    return phrased(_squeeze_table().squeezed(composed(_texts_of(strings))))


def folded_texts(strings: Sequence[str]) -> Texts:
    """`fold` of each string; at most `POSITIONS_MOST` characters of each."""
    return phrased(_fold_table().tidied(composed(_texts_of(strings))))


def _texts_of(strings: Sequence[str]) -> Texts:
    return strings if isinstance(strings, Texts) else Texts.of(strings)


@compiled
def _composing(codes: Codes, starts: Places, ranges: Codes) -> NDArray[np.bool_]:
    """Which texts have a character of these ranges (first and last, one pair after another)."""
    result = np.zeros(len(starts) - 1, np.bool_)
    for n in range(len(starts) - 1):
        for k in range(starts[n], starts[n + 1]):
            if codes[k] >= ranges[0]:
                for r in range(0, len(ranges), 2):
                    result[n] |= ranges[r] <= codes[k] <= ranges[r + 1]
    return result


def composed(texts: Texts) -> Texts:
    """The texts with Hangul letters and kana voicing marks joined to what they belong to."""
    places = np.flatnonzero(_composing(texts.codes, texts.starts, _COMPOSING))
    if not len(places):
        return texts
    return texts.with_others(places, Texts.of([unicodedata.normalize("NFKC", s) for s in texts.some(places)]))


@cache
def _phrase_tables() -> tuple[NDArray[np.bool_], NDArray[np.uint64], Codes]:
    """Which signs begin a phrase; the phrases as numbers, sorted; and the two signs that each becomes."""
    pairs = sorted(((ord(spelt[0]) << 32) + ord(spelt[1]), word) for spelt, word in phrases().items())
    begins = np.zeros(_TABLE_CODES, bool)
    begins[[pair >> 32 for pair, _ in pairs]] = True
    return (
        begins,
        np.array([pair for pair, _ in pairs], np.uint64),
        np.array([[*map(ord, w)] for _, w in pairs], np.uint32),
    )


@compiled
def _phrased(codes: Codes, starts: Places, begins: NDArray[np.bool_], pairs: NDArray[np.uint64], words: Codes) -> Codes:
    out = codes
    for n in range(len(starts) - 1):
        taken = -1
        for k in range(starts[n], starts[n + 1] - 1):
            if codes[k] >= len(begins) or not begins[codes[k]]:
                continue
            pair = (np.uint64(codes[k]) << np.uint64(32)) + np.uint64(codes[k + 1])
            place = np.searchsorted(pairs, pair)
            if place == len(pairs) or pairs[place] != pair:
                continue
            if out is codes:
                out = codes.copy()
            if taken != k:
                out[k] = words[place, 0]
            out[k + 1] = words[place, 1]
            taken = k + 1
    return out


def phrased(texts: Texts) -> Texts:
    """Folded texts with each phrase of `variants.PHRASES` in its one spelling; no lengths change."""
    return Texts(_phrased(texts.codes, texts.starts, *_phrase_tables()), texts.starts)


def fold_all(strings: Sequence[str]) -> list[str]:
    """`fold` of each string; at most `POSITIONS_MOST` characters of each."""
    return folded_texts(strings).strings()


def bare_texts(folded: Sequence[str]) -> Texts:
    """Folded strings without punctuation; where nothing would be left, the string as it was."""
    return _bare_table().tidied(_texts_of(folded), kept=True)


def bare_all(folded: Sequence[str]) -> list[str]:
    """`bare` of each string that `fold` made."""
    return bare_texts(folded).strings()


def fold(text: str) -> str:
    """The comparable form of one text, with its punctuation."""
    return fold_all([text])[0]


def bare(text: str) -> str:
    """The comparable form of one text, without punctuation."""
    return bare_all(fold_all([text]))[0]

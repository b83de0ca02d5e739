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
_TABLE_RANGES = ((0x1D400, 0x1D800), (0x1F100, 0x1F200), (0x2F800, 0x2FA20))
"""Characters of other planes, besides Han ones, that have forms."""
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


_SEVERAL = 0xFFFFFFFF
"""Stands for a form that is not one character."""


@dataclass(frozen=True, slots=True)
class Table:
    """For each code point its folded form, or `_SEVERAL`: then how many characters that has, and where in `several`."""

    forms: Codes
    lengths: NDArray[np.int8]
    places: Places
    several: Codes

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
        table = self.forms, self.lengths, self.places, self.several
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
def _put(form: np.uint32, out: Codes, begin: int, place: int, waits: bool, spaces: int) -> tuple[int, bool]:
    """Writes a character behind what is written; gives the place after it, and whether a space is to come first."""
    if spaces != _AS_THEY_COME and form == 32:
        return place, spaces != _SQUEEZED and place > begin
    if waits:
        out[place] = 32
        place += 1
    out[place] = form
    return place + 1, False


@compiled
def _made(
    codes: Codes, starts: Places, table: tuple[Codes, NDArray[np.int8], Places, Codes], spaces: int, most: int
) -> tuple[Codes, Places]:
    """The forms of the texts' characters, of each text `most`, with the spaces as they come, tidied, or left out."""
    forms, lengths, places, several = table
    out, found, place = np.empty(_room(codes, lengths), np.uint32), np.zeros(len(starts), np.int64), 0
    for n in range(len(starts) - 1):
        begin, count, waits = place, 0, False
        for k in range(starts[n], starts[n + 1]):
            code = codes[k]
            form = forms[code] if code < len(forms) else code
            if form != _SEVERAL:
                if count < most:
                    place, waits = _put(form, out, begin, place, waits, spaces)
                    count += 1
                continue
            for step in range(min(lengths[code], most - count)):
                place, waits = _put(several[places[code] + step], out, begin, place, waits, spaces)
                count += 1
        if spaces == _TIDY_OR_ALL and place == begin:
            for k in range(starts[n], starts[n + 1]):
                out[place] = codes[k]
                place += 1
        found[n + 1] = place
    return out[:place], found


def table_of(forms: Mapping[str, str]) -> Table:
    """The table that gives each of these characters another form, and leaves all others as they are."""
    single, lengths = np.arange(_TABLE_CODES, dtype=np.uint32), np.ones(_TABLE_CODES, np.int8)
    places = np.zeros(_TABLE_CODES, np.int64)
    made = [forms[char] for char in sorted(forms)]
    codes = np.fromiter(map(ord, sorted(forms)), np.int64, len(forms))
    count = np.fromiter(map(len, made), np.int64, len(forms))
    single[codes] = np.fromiter((ord(form) if len(form) == 1 else _SEVERAL for form in made), np.uint32, len(forms))
    lengths[codes] = count
    places[codes] = np.cumsum(count) - count
    return Table(single, lengths, places, np.fromiter(map(ord, "".join(made)), np.uint32))


_UNCHANGED = ((0x3400, 0x4DB6), (0x4E00, 0x9FA6), (0xAC00, 0xD7A4), (0xD800, 0xE000))
"""Han, Hangul and lone surrogates: they stay as they are, but for those Han characters that have another form."""
_PRIVATE = (0xE000, 0xF900)
"""Signs that are whatever a font makes of them."""


def _forms(form: Callable[[str], str]) -> dict[str, str]:
    """The characters that have another form, with it."""
    skipped = sorted((*_UNCHANGED, _PRIVATE))
    begins = [0, *(end for _, end in skipped)]
    ends = [*(begin for begin, _ in skipped), 0x10000]
    ranges = [(a, b) for a, b in zip(begins, ends, strict=True) if a < b]
    every = {chr(code) for begin, end in (*ranges, *_TABLE_RANGES) for code in range(begin, end)} | han_map().keys()
    found = {char: made for char in every if (made := form(char)) != char}
    return found | dict.fromkeys(map(chr, range(*_PRIVATE)), form(chr(_PRIVATE[0])))


def _folded(char: str) -> str:
    text = unicodedata.normalize("NFKC", char.translate(_MARKS)).casefold().translate(_LETTERS)
    if unicodedata.normalize("NFD", text) != text and any(map(_loses_marks, char + text[:1])):
        text = "".join(c for c in unicodedata.normalize("NFD", text) if not "\u0300" <= c <= "\u036f").translate(
            _LETTERS
        )
    text = "".join(han_map().get(c, c) for c in text).translate(_MARKS)
    return "".join(map(_plain, text))


def _loses_marks(char: str) -> bool:
    return unicodedata.name(char, "").startswith(("LATIN", "COMBINING", "GREEK"))


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
def _folded_forms() -> dict[str, str]:
    return _forms(_folded)


@cache
def _bared_forms() -> dict[str, str]:
    return _forms(_bared)


@cache
def _fold_table() -> Table:
    return table_of(_folded_forms())


@cache
def _bare_table() -> Table:
    return table_of(_bared_forms())


@cache
def _squeeze_table() -> Table:
    folded, bared = _folded_forms(), _bared_forms()
    every = {*folded, *bared, " "}
    return table_of({char: "".join(bared.get(c, c) for c in folded.get(char, char)).replace(" ", "") for char in every})


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
def _phrase_tables() -> tuple[NDArray[np.bool_], int, NDArray[np.uint64], Codes]:
    """Which signs begin a phrase and the first of them; the phrases as numbers, sorted; the two signs of each."""
    pairs = sorted(((ord(spelt[0]) << 32) + ord(spelt[1]), word) for spelt, word in phrases().items())
    begins = np.zeros(_TABLE_CODES, bool)
    begins[[pair >> 32 for pair, _ in pairs]] = True
    return (
        begins,
        int(np.argmax(begins)),
        np.array([pair for pair, _ in pairs], np.uint64),
        np.array([[*map(ord, w)] for _, w in pairs], np.uint32),
    )


@compiled
def _phrases(
    codes: Codes, starts: Places, begins: NDArray[np.bool_], least: int, pairs: NDArray[np.uint64]
) -> tuple[Places, Places]:
    """Where a phrase stands, and which."""
    places, which, count = np.empty(len(codes), np.int64), np.empty(len(codes), np.int64), 0
    for n in range(len(starts) - 1):
        for k in range(starts[n], starts[n + 1] - 1):
            if codes[k] < least or codes[k] >= len(begins) or not begins[codes[k]]:
                continue
            pair = (np.uint64(codes[k]) << np.uint64(32)) + np.uint64(codes[k + 1])
            place = np.searchsorted(pairs, pair)
            if place < len(pairs) and pairs[place] == pair:
                places[count], which[count] = k, place
                count += 1
    return places[:count].copy(), which[:count].copy()


def phrased(texts: Texts) -> Texts:
    """Folded texts with each phrase of `variants.PHRASES` in its one spelling; no lengths change."""
    begins, least, pairs, words = _phrase_tables()
    places, which = _phrases(texts.codes, texts.starts, begins, least, pairs)
    if not len(places):
        return texts
    codes = texts.codes.copy()
    codes[places] = words[which, 0]
    codes[places + 1] = words[which, 1]  # a sign that ends one phrase is not taken for the beginning of the next
    return Texts(codes, texts.starts)


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

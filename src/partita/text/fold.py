"""Folding: one table from code point to its comparable form, applied to whole columns at once.

`fold` gives NFKC, casefold, Latin letters without accents (kana keep their voicing marks), Han in one form
(traditional, simplified, Japanese, variant), brackets and quotation marks in one form, and keeps punctuation. `bare`
also turns punctuation into spaces and drops apostrophes and full stops; a text of nothing but signs keeps them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from partita.text.ragged import POSITIONS_MOST, Codes, Places, Texts
from partita.text.variants import han_map, phrases

_TABLE_CODES = 0x30000
_TABLE_RANGES = ((0, 0xD800), (0xE000, 0x10000), (0x1D400, 0x1D800), (0x1F100, 0x1F200), (0x2F800, 0x2FA20))
_COMPOSING = re.compile("[\u1100-\u11ff\u3099\u309a\uff9e\uff9f]")
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
        """Each text with every code point replaced by its form."""
        codes = np.minimum(texts.codes, _TABLE_CODES - 1)
        beyond = texts.codes >= _TABLE_CODES
        forms, lengths = np.where(beyond, texts.codes, self.first[codes]), self.lengths[codes]
        if lengths.size == 0 or lengths.min() == lengths.max() == 1:
            return Texts(forms, texts.starts)
        running = np.zeros(len(codes) + 1, np.int64)
        np.cumsum(lengths, out=running[1:])
        result = np.repeat(forms, lengths)
        for extra in range(1, int(lengths.max())):
            longer = np.flatnonzero(lengths > extra)
            result[running[longer] + extra] = self.rest[self.others[codes[longer]] + extra - 1]
        return _bounded(Texts(result, running[texts.starts]))


def _bounded(texts: Texts) -> Texts:
    """The texts cut to `POSITIONS_MOST` characters, where the forms of some are longer than they were."""
    if texts.lengths.max() <= POSITIONS_MOST:
        return texts
    return texts.keep(texts.places < POSITIONS_MOST)


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
    texts = _squeeze_table().apply(Texts.of(_composed(strings)))
    return phrased(texts.squeezed())


def _composed(strings: Sequence[str]) -> Sequence[str]:
    """The strings with Hangul letters and kana voicing marks joined to what they belong to."""
    if not _COMPOSING.search("".join(strings)):
        return strings
    return [unicodedata.normalize("NFKC", s) if _COMPOSING.search(s) else s for s in strings]


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


def phrased(texts: Texts) -> Texts:
    """Folded texts with each phrase of `variants.PHRASES` in its one spelling; no lengths change."""
    begins, pairs, words = _phrase_tables()
    codes = texts.codes
    there = np.flatnonzero(begins[np.minimum(codes[:-1], _TABLE_CODES - 1)])
    if not len(there):
        return texts
    pair = (codes[there].astype(np.uint64) << np.uint64(32)) + codes[there + 1]
    place = np.minimum(np.searchsorted(pairs, pair), len(pairs) - 1)
    same = pairs[place] == pair
    same &= ~np.isin(there + 1, texts.starts)
    result = codes.copy()
    for step in (0, 1):
        result[there[same] + step] = words[place[same], step]
    return Texts(result, texts.starts)


def tidy(texts: Texts) -> Texts:
    """The texts with runs of spaces made one, and none at either end."""
    space = texts.codes == 32
    drop = space.copy()
    drop[1:] &= space[:-1]
    begins = texts.starts[:-1][texts.lengths > 0]
    drop[begins] = space[begins]
    texts = texts.keep(~drop)
    ends = texts.starts[1:][texts.lengths > 0] - 1
    keep = np.ones(len(texts.codes), bool)
    keep[ends] = texts.codes[ends] != 32
    return texts.keep(keep)


def fold_all(strings: Sequence[str]) -> list[str]:
    """`fold` of each string; at most `POSITIONS_MOST` characters of each."""
    cut = [s[:POSITIONS_MOST] if len(s) > POSITIONS_MOST else s for s in strings]
    return phrased(tidy(_fold_table().apply(Texts.of(_composed(cut))))).strings()


def bare_texts(folded: Sequence[str]) -> Texts:
    """Folded strings without punctuation; where nothing would be left, the string as it was."""
    texts = Texts.of(folded)
    bare_ = tidy(_bare_table().apply(texts))
    if not np.any((bare_.lengths == 0) & (texts.lengths > 0)):
        return bare_
    return Texts.of([b or f for b, f in zip(bare_.strings(), folded, strict=True)])


def bare_all(folded: Sequence[str]) -> list[str]:
    """`bare` of each string that `fold` made."""
    return bare_texts(folded).strings()


def fold(text: str) -> str:
    """The comparable form of one text, with its punctuation."""
    return fold_all([text])[0]


def bare(text: str) -> str:
    """The comparable form of one text, without punctuation."""
    return bare_all(fold_all([text]))[0]

"""Columns of titles and of names made comparable once, for a repertoire and for usage lines alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from partita.text import fold_all
from partita.text.fold import bare_texts
from partita.text.nobody import somebody, without_strokes
from partita.text.pinyin import letters_of, sounds
from partita.text.ragged import Hashes, Places, Texts, mix
from partita.text.titles import TitleParts, all_title_parts, loose, name_parts

SPACE, WIDE = 32, 0x2E80
"""Code points: the space, and from where Han, kana and Hangul characters stand."""
PARTS_MOST = 64
"""Names of one line or work that are compared; a medley's credit list may be longer."""

_ORDINAL = ord("第")
_HAN_DIGITS = np.array(sorted(map(ord, "一二三四五六七八九十百千零〇两")), np.uint32)
_COUNTED = np.array(sorted(map(ord, "章集岁年月日回部楼号乐节季")), np.uint32)
"""What Han numerals before it count, folded; 一天 and 一生 are words."""
_NUMERALS = ("ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")


@dataclass(frozen=True, slots=True)
class Titles:
    """Distinct titles: their parts, the squeezed text (no spaces) of core, full and raw form, and the same hashed.

    `spelt` is the core with its spaces and punctuation, `said` the core with Han in pinyin; `aside` is what stands in
    brackets that are no tags; `words` are hashes of words, of Han titles those of two signs.
    """

    parts: list[TitleParts]
    core: list[str]
    full: list[str]
    raw: list[str]
    core_texts: Texts
    full_texts: Texts
    raw_texts: Texts
    aside_texts: Texts
    spelt_texts: Texts
    said_texts: Texts
    core_hash: Hashes
    full_hash: Hashes
    raw_hash: Hashes
    loose_hash: Hashes
    sound_hash: Hashes
    numbers: Hashes
    aside: list[str]
    words: Hashes
    word_owners: Places
    size: NDArray[np.float32]
    latin: NDArray[np.bool_]
    exact_hash: Hashes

    def __len__(self) -> int:
        return len(self.core)


def titles(strings: Sequence[str]) -> Titles:
    """The comparable forms of each title."""
    folded = fold_all(strings)
    parts = all_title_parts(folded)
    spaced = bare_texts([p.core for p in parts])
    texts = spaced.squeezed()
    core, core_hash = texts.strings(), texts.hashes()
    full, full_hash = _other_form(core, core_hash, {i: p.full for i, p in enumerate(parts) if p.full != p.core})
    raw, raw_hash = _other_form(core, core_hash, {i: f for i, f in enumerate(folded) if f != parts[i].core})
    plain = spaced.strings()
    _, loose_hash = _other_form(core, core_hash, {i: t for i, text in enumerate(plain) if (t := loose(text)) != text})
    aside = _asides(parts)
    return Titles(parts, core, full, raw, texts, Texts.of(full), Texts.of(raw), Texts.of(aside),
                  Texts.of([p.core for p in parts]), letters_of(texts), core_hash, full_hash, raw_hash, loose_hash,
                  _sounds(texts), _numbers(spaced), aside, *_words(spaced), _sizes(texts),
                  _narrow(texts) & (texts.lengths > 3), Texts.of(strings).hashes())  # fmt: skip


def _other_form(core: list[str], core_hash: Hashes, differs: dict[int, str]) -> tuple[list[str], Hashes]:
    """The squeezed texts and hashes of a form that differs from the core in some titles."""
    texts = bare_texts(list(differs.values())).squeezed()
    forms, hashes = core.copy(), core_hash.copy()
    for place, form in zip(differs, texts.strings(), strict=True):
        forms[place] = form
    hashes[list(differs)] = texts.hashes()
    return forms, hashes


def _sounds(texts: Texts) -> Hashes:
    """A hash of how each title with at least two Han characters sounds; 0 for others. A key, never evidence."""
    heard = sounds(texts)
    han = np.bincount(texts.owners[heard.codes != texts.codes], minlength=len(texts))
    return np.where(han >= 2, heard.hashes(), np.uint64(0))


def _numbers(spaced: Texts) -> Hashes:
    """A hash of the numbers (digits, Roman numerals after the first word) of each text; 0 where it has none."""
    digit = (spaced.codes >= 48) & (spaced.codes <= 57)
    kept = Texts(np.where(digit, spaced.codes, np.uint32(SPACE)), spaced.starts)
    result = np.zeros(len(spaced), np.uint64)
    words, owners = kept.words()
    np.add.at(result, owners, mix(words))
    words, owners = spaced.words()
    first = np.ones(len(words), bool)
    first[1:] = owners[1:] != owners[:-1]
    last = np.append(first[1:], True)[: len(words)]
    roman = np.isin(words, Texts.of(_NUMERALS).hashes()) | (last & (words == Texts.of(["i"]).hashes()[0]))
    roman &= ~first
    np.add.at(result, owners[roman], mix(words[roman]))
    counted = _counted(spaced)
    place = spaced.places[counted].astype(np.uint64)
    np.add.at(
        result, spaced.owners[counted], mix(spaced.codes[counted].astype(np.uint64) * (place + np.uint64(0x9E37)))
    )
    return result


def _counted(texts: Texts) -> NDArray[np.bool_]:
    """Which characters are Han numerals that count something: after 第, or before a chapter, an age or a date."""
    digit = np.isin(texts.codes, _HAN_DIGITS)
    owners = texts.owners
    new = np.ones(len(digit), bool)
    new[1:] = (digit[1:] != digit[:-1]) | (owners[1:] != owners[:-1])
    begins = np.flatnonzero(new)
    ends = np.append(begins[1:], len(digit))[: len(begins)]
    before, after = np.maximum(begins - 1, 0), np.minimum(ends, len(digit) - 1)
    ordinal = (texts.codes[before] == _ORDINAL) & (owners[before] == owners[begins]) & (begins > 0)
    unit = np.isin(texts.codes[after], _COUNTED) & (owners[after] == owners[begins]) & (ends < len(digit))
    counted: NDArray[np.bool_] = digit & np.repeat(ordinal | unit, ends - begins)
    return counted


def _asides(parts: Sequence[TitleParts]) -> list[str]:
    """The squeezed text of each title's brackets; empty where it has none."""
    result = [""] * len(parts)
    there = [i for i, p in enumerate(parts) if p.brackets]
    for place, text in zip(there, bare_texts([" ".join(parts[i].brackets) for i in there]).squeezed().strings(),
                           strict=True):  # fmt: skip
        result[place] = text
    return result


def _words(spaced: Texts) -> tuple[Hashes, Places]:
    """What a title is made of: words of letters, and each two wide characters that stand together; with its title."""
    wide = spaced.codes >= WIDE
    words, owners = Texts(np.where(wide, np.uint32(SPACE), spaced.codes), spaced.starts).words()
    every = spaced.owners
    both = np.flatnonzero(wide[1:] & wide[:-1] & (every[1:] == every[:-1]))
    codes = spaced.codes.astype(np.uint64)
    pairs = mix(codes[both] * np.uint64(0x110000) + codes[both + 1])
    return np.concatenate((words, pairs)), np.concatenate((owners, every[both]))


def _narrow(texts: Texts) -> NDArray[np.bool_]:
    """Whether a text has no wide character."""
    narrow: NDArray[np.bool_] = np.bincount(texts.owners[texts.codes >= WIDE], minlength=len(texts)) == 0
    return narrow


def _sizes(texts: Texts) -> NDArray[np.float32]:
    """How much a title says: its characters, where a Han, kana or Hangul character counts as two and a half letters."""
    wide = texts.codes >= WIDE
    weight = np.where(wide, np.float32(2.5), np.float32(1.0))
    running = np.concatenate(([0.0], np.cumsum(weight, dtype=np.float64)))
    size: NDArray[np.float32] = (running[texts.starts[1:]] - running[texts.starts[:-1]]).astype(np.float32)
    return size


@dataclass(frozen=True, slots=True)
class Names:
    """Distinct texts of names: all their words in sorted order, and each name by itself.

    Names of text `i` are `part[starts[i]:starts[i + 1]]`: `part_hash` hashes the sorted words of a name, so that `Last,
    First` in one name and `First Last` are one; `bag_hash` does so for all words of the text. `said` has the
    letters of a name, Han in pinyin, in alphabetical order: it is the same in whichever order its syllables stand.
    """

    bag: list[str]
    bag_texts: Texts
    part_texts: Texts
    said_texts: Texts
    bag_hash: Hashes
    part: list[str]
    part_hash: Hashes
    starts: Places
    word_hash: Hashes
    word_starts: Places
    part_wide: NDArray[np.bool_]
    wide: NDArray[np.bool_]
    ordered_hash: Hashes

    def __len__(self) -> int:
        return len(self.bag)


def names(strings: Sequence[str]) -> Names:
    """The comparable forms of each text of names (names within it stand between `/`, `;`, `,`, `&`, `feat.` ...).

    Words for nobody (`佚名`, `Traditional`) are no names and are left out.
    """
    split = [somebody(name_parts(without_strokes(text))[:PARTS_MOST]) for text in fold_all(strings)]
    starts = np.concatenate(([0], np.cumsum(np.fromiter(map(len, split), np.int64, len(split))))).astype(np.int64)
    spaced = bare_texts([p for parts in split for p in parts])
    words, owners = spaced.words()
    part_hash = _sums(mix(words), owners, len(spaced))
    part_of_word = np.searchsorted(starts, owners, side="right") - 1
    bag_hash = _sums(mix(words), part_of_word, len(split))
    flat = spaced.strings()
    part = [text if " " not in text else " ".join(sorted(text.split(" "))) for text in flat]
    marks = starts.tolist()
    bag = [part[a] if b - a == 1 else " ".join(sorted(" ".join(part[a:b]).split(" "))).strip()
           for a, b in pairwise(marks)]  # fmt: skip
    word_starts = np.searchsorted(part_of_word, np.arange(len(split) + 1)).astype(np.int64)
    part_wide = ~_narrow(spaced)
    running = np.concatenate(([0], np.cumsum(part_wide)))
    wide = running[starts[1:]] > running[starts[:-1]]
    ordered = _ordered(part_hash, starts)
    part_texts = Texts.of(part)
    said = letters_of(part_texts).squeezed().in_order()
    return Names(
        bag,
        Texts.of(bag),
        part_texts,
        said,
        bag_hash,
        part,
        part_hash,
        starts,
        words,
        word_starts,
        part_wide,
        wide,
        ordered,
    )


def _ordered(hashes: Hashes, starts: Places) -> Hashes:
    """A hash of the names of each text in the order in which they stand; 0 where it has none."""
    counts = np.diff(starts)
    place = np.arange(len(hashes), dtype=np.uint64) - np.repeat(starts[:-1], counts).astype(np.uint64)
    return _sums(mix(hashes + place), np.repeat(np.arange(len(counts)), counts), len(counts))


def _sums(values: Hashes, owners: Places, count: int) -> Hashes:
    result = np.zeros(count, np.uint64)
    np.add.at(result, owners, values)
    return result

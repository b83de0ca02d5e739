"""Columns of titles and of names made comparable once, for a repertoire and for usage lines alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from partita.text.apart import taken_apart
from partita.text.fold import bare_texts, folded_texts
from partita.text.nobody import all_without_strokes, of_nobody
from partita.text.pinyin import letters_of, sounds
from partita.text.ragged import Hashes, Places, Texts, are_among, mix, segment_sum
from partita.text.titles import TitleParts, all_name_parts, loose, may_be_loose, title_parts

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
    words: Hashes
    word_owners: Places
    size: NDArray[np.float32]
    latin: NDArray[np.bool_]
    exact_hash: Hashes
    parted: Places
    parted_texts: Texts

    def __len__(self) -> int:
        return len(self.core_texts)

    def parts_of(self, place: int) -> TitleParts:
        """The parts of one title; `parted` are the places of those that have some, `parted_texts` these as folded."""
        at = int(np.searchsorted(self.parted, place))
        there = at < len(self.parted) and self.parted[at] == place
        return title_parts(self.parted_texts[at] if there else self.spelt_texts[place])


def titles(strings: Sequence[str]) -> Titles:
    """The comparable forms of each title."""
    written = strings if isinstance(strings, Texts) else Texts.of(strings)
    folded = folded_texts(written)
    apart = taken_apart(folded)
    spelt = folded.with_others(apart.places, apart.core)
    spaced = bare_texts(spelt)
    core = spaced.squeezed()
    hashes = core.hashes()
    full, raw, aside = (bare_texts(texts).squeezed() for texts in (apart.full, apart.written, apart.beside))
    places, loosened = _loose(spaced)
    return Titles(core, core.with_others(apart.places, full), core.with_others(apart.places, raw),
                  _empty(len(core)).with_others(apart.places, aside), spelt, letters_of(core), hashes,
                  _hashed(hashes, apart.places, full), _hashed(hashes, apart.places, raw),
                  _hashed(hashes, places, bare_texts(loosened).squeezed()), _sounds(core), _numbers(spaced),
                  *_words(spaced), _sizes(core), _narrow(core) & (core.lengths > 3), written.hashes(), apart.places,
                  apart.written)  # fmt: skip


def _hashed(hashes: Hashes, places: Places, others: Texts) -> Hashes:
    """The hashes with those at `places` exchanged for those of the others."""
    result = hashes.copy()
    result[places] = others.hashes()
    return result


def _empty(count: int) -> Texts:
    return Texts(np.zeros(0, np.uint32), np.zeros(count + 1, np.int64))


def _loose(spaced: Texts) -> tuple[Places, Texts]:
    """The cores that may have a loose form, and that."""
    places = np.flatnonzero(may_be_loose(spaced))
    return places, Texts.of([loose(text) for text in spaced.some(places)])


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
    roman = are_among(words, np.sort(Texts.of(_NUMERALS).hashes())) | (last & (words == Texts.of(["i"]).hashes()[0]))
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
    letters of a name, Han in pinyin, in alphabetical order: it is the same in whichever order its syllables stand;
    `said_together` those of all names of the text.
    """

    bag_texts: Texts
    part_texts: Texts
    said_texts: Texts
    said_together: Texts
    bag_hash: Hashes
    part_hash: Hashes
    starts: Places
    word_hash: Hashes
    word_starts: Places
    part_wide: NDArray[np.bool_]
    wide: NDArray[np.bool_]
    ordered_hash: Hashes

    def __len__(self) -> int:
        return len(self.bag_texts)


def names(strings: Sequence[str]) -> Names:
    """The comparable forms of each text of names (names within it stand between `/`, `;`, `,`, `&`, `feat.` ...).

    Words for nobody (`佚名`, `Traditional`) are no names and are left out.
    """
    pieces, starts = all_name_parts(all_without_strokes(folded_texts(strings)), PARTS_MOST)
    somebody = ~of_nobody(pieces)
    starts = np.concatenate(([0], np.cumsum(somebody)))[starts]
    spaced = bare_texts(pieces.some(np.flatnonzero(somebody)))
    words, owners = spaced.words()
    of_part = np.searchsorted(owners, np.arange(len(spaced) + 1))
    word_starts = of_part[starts]
    part_texts = spaced.words_in_order(np.arange(len(spaced) + 1))
    part_hash = _sums(mix(words), of_part)
    part_wide = ~_narrow(spaced)
    wide = _sums(part_wide.astype(np.uint64), starts) > 0
    said = letters_of(part_texts).squeezed().in_order()
    bag_texts = part_texts.words_in_order(starts)
    together = letters_of(bag_texts).squeezed().in_order()
    return Names(bag_texts, part_texts, said, together, _sums(mix(words), word_starts), part_hash, starts,
                 words, word_starts, part_wide, wide, _ordered(part_hash, starts))  # fmt: skip


def _ordered(hashes: Hashes, starts: Places) -> Hashes:
    """A hash of the names of each text in the order in which they stand; 0 where it has none."""
    place = np.arange(len(hashes), dtype=np.uint64) - np.repeat(starts[:-1], np.diff(starts)).astype(np.uint64)
    return _sums(mix(hashes + place), starts)


def _sums(values: Hashes, starts: Places) -> Hashes:
    return segment_sum(values, starts[:-1], np.diff(starts))

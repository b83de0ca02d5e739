"""Which works a line might be: equi-joins on hashed keys, each cheap, each blind to another kind of noise.

A key only proposes. Sounds (pinyin) propose too; whether a proposal is the work is for the features and the scorer,
which look at text.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from partita.identify.aloud import Spoken, name_keys, rows_of, spoken_of, title_keys
from partita.identify.fields import Names, Titles
from partita.identify.index import Index, among
from partita.identify.keys import Keys
from partita.identify.lines import Readings
from partita.text.ragged import Hashes, Places, Texts, expand, join

TITLE, TITLE_NAME, NAME_PREFIX, NAME_SUFFIX, PREFIXES, TITLE_WRITER, WRITER_PREFIX = range(1, 8)
SOUND, NAME, TITLE_NEAR = range(8, 11)
TITLE_SPOKEN, TITLE_SPELT, NAME_SPOKEN, NAME_SPELT = range(11, 15)
"""The kinds of key; the number salts the hash."""

GROUP_MOST = {TITLE: 40, TITLE_NAME: 40, NAME_PREFIX: 60, NAME_SUFFIX: 60, PREFIXES: 20, TITLE_WRITER: 40,
               WRITER_PREFIX: 20, SOUND: 12, NAME: 400, TITLE_NEAR: 12, TITLE_SPOKEN: 30, TITLE_SPELT: 30,
               NAME_SPOKEN: 400, NAME_SPELT: 400}  # fmt: skip
"""Rows of the repertoire that may share a key of a kind; larger groups say too little and propose nothing."""
_NAMED = frozenset((TITLE_NAME, NAME_PREFIX, NAME_SUFFIX, TITLE_WRITER, WRITER_PREFIX, NAME, NAME_SPOKEN, NAME_SPELT))
_NEAR_LEAST, _NEAR_MOST, _NAME_LEAST = 5.0, 48, 4
"""Size of titles, and letters of titles and names, for which one letter more or less may be a slip of the pen."""
_ENTRIES_MOST = np.int64(1 << 30)

_ALOUD = frozenset((TITLE_SPOKEN, TITLE_SPELT))


class Found(NamedTuple):
    """Pairs (reading, entry), each once and in order.

    `named`: a shared name found them; `aloud`: a title did that is the same said aloud.
    """

    reading: Places
    entry: Places
    named: NDArray[np.bool_]
    aloud: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the joins: rows that have a title, performers and writers."""

    titles: Titles
    performers: Names
    writers: Names
    title: Places
    performer: Places
    writer: Places


def _side_of_index(index: Index) -> Side:
    return Side(index.titles, index.performers, index.writers, index.entry_title,
                index.work_performers[index.entry_work], index.work_writers[index.entry_work])  # fmt: skip


def _side_of_readings(lines: Readings) -> Side:
    return Side(lines.titles, lines.performers, lines.writers, lines.title, lines.performer, lines.writer)


def _named(names: Names, of_row: Places, *, words: bool) -> tuple[Places, Hashes]:
    """For each row, each of its names (and words of names, and all words together) as (row, hash)."""
    rows = np.arange(len(of_row), dtype=np.int64)
    kinds = [(names.starts, names.part_hash), (np.arange(len(names) + 1, dtype=np.int64), names.bag_hash)]
    if words:
        kinds.append((names.word_starts, names.word_hash))
    owners, hashes = [], []
    for starts, values in kinds:
        count = starts[of_row + 1] - starts[of_row]
        owners.append(np.repeat(rows, count))
        hashes.append(values[expand(starts[of_row], count)])
    return np.concatenate(owners), np.concatenate(hashes)


def _both(left: Hashes, right: Hashes, kind: int) -> Hashes:
    out = join(left, right, kind)
    out[(left == 0) | (right == 0)] = 0
    return out


def without_a_letter(texts: Texts, wanted: NDArray[np.bool_]) -> tuple[Hashes, Places]:
    """Hashes of the wanted texts as they are and without one letter, and whose they are; none of very long texts.

    Two texts that are one slip of the pen apart have one of them in common.
    """
    return texts.without_a_letter(wanted & (texts.lengths <= _NEAR_MOST))


KeysByKind = dict[int, tuple[Hashes, Places]]


def _exact_keys(side: Side) -> KeysByKind:
    """The keys of rows whose title is one of the work's to the letter, or but for what stands beside it."""
    rows = np.arange(len(side.title), dtype=np.int64)
    core, full = side.titles.core_hash[side.title], side.titles.full_hash[side.title]
    loose = side.titles.loose_hash[side.title]
    more, other = np.flatnonzero(full != core), np.flatnonzero(loose != core)
    named, name = _named(side.performers, side.performer, words=True)
    wrote, writer = _named(side.writers, side.writer, words=False)
    return {
        TITLE: (np.concatenate((core, full[more], loose[other])), np.concatenate((rows, more, other))),
        TITLE_NAME: (_both(loose[named], name, TITLE_NAME), named),
        TITLE_WRITER: (_both(loose[wrote], writer, TITLE_WRITER), wrote),
    }


def _inexact_keys(side: Side) -> KeysByKind:
    """The keys of rows whose title is spelt differently: its beginning or end with a name, its sound."""
    rows = np.arange(len(side.title), dtype=np.int64)
    begin = side.titles.core_texts.first_hashes(3)[side.title]
    end = side.titles.core_texts.last_hashes(3)[side.title]
    prefix = side.titles.core_texts.first_hashes(5)[side.title]
    named, name = _named(side.performers, side.performer, words=False)
    wrote, writer = _named(side.writers, side.writer, words=False)
    bags = side.performers.bag_texts.first_hashes(4)[side.performer]
    return {
        NAME_PREFIX: (_both(begin[named], name, NAME_PREFIX), named),
        NAME_SUFFIX: (_both(end[named], name, NAME_SUFFIX), named),
        PREFIXES: (_both(prefix, bags, PREFIXES), rows),
        WRITER_PREFIX: (_both(begin[wrote], writer, WRITER_PREFIX), wrote),
        SOUND: (side.titles.sound_hash[side.title], rows),
    }


def _near_keys(side: Side) -> KeysByKind:
    """The keys of titles as they are and without one letter each, where they are long enough to be told apart."""
    titles = side.titles
    asked = np.zeros(len(titles), bool)
    asked[side.title] = True
    hashes, title = without_a_letter(titles.core_texts, asked & (titles.size >= _NEAR_LEAST))
    return {TITLE_NEAR: rows_of(hashes, title, side.title, len(titles))}


def _near_names(names: Texts) -> tuple[Hashes, Places]:
    """The names as they are and without one letter each, where they are long enough to be told apart."""
    return without_a_letter(names, names.lengths >= _NAME_LEAST)


def _name_keys(side: Side) -> KeysByKind:
    """The keys of a row's performers alone: all their works, to be looked through for a title like the line's."""
    named, name = _named(side.performers, side.performer, words=False)
    return {NAME: (name, named)}


def _aloud_keys(side: Side, performers: Spoken | None = None) -> KeysByKind:
    """The keys of titles and performers said aloud: a Latin spelling meets native ones and other Latin ones.

    `performers`: those of all performers, where the side is the repertoire's.
    """
    titles, names = side.titles, side.performers
    asked_titles, asked_names = np.zeros(len(titles), bool), np.zeros(len(names), bool)
    asked_titles[side.title] = True
    asked_names[side.performer] = True
    result: KeysByKind = {}
    usage, of_parts = performers is None, performers or spoken_of(names, asked_names)
    for latin in (True, False):
        of_titles = title_keys(titles, asked_titles, latin=latin).of_rows(side.title, len(titles))
        of_names = name_keys(names, of_parts, asked_names, latin=latin).of_rows(side.performer, len(names))
        for spoken, spelt, found in ((TITLE_SPOKEN, TITLE_SPELT, of_titles), (NAME_SPOKEN, NAME_SPELT, of_names)):
            if latin == usage:
                _add(result, spoken, found.keys)
                _add(result, spoken, found.letters)
            if latin or usage:
                _add(result, spelt, found.keys)
    return result


def _add(keys: KeysByKind, kind: int, pairs: tuple[Hashes, Places]) -> None:
    old = keys.get(kind)
    keys[kind] = (np.concatenate((old[0], pairs[0])), np.concatenate((old[1], pairs[1]))) if old else pairs


@dataclass(frozen=True, slots=True)
class Finder:
    """The keys of a repertoire, sorted; `near_names` finds performers, not entries."""

    keys: dict[int, Keys]
    near_names: Keys
    part_hash: Hashes

    @classmethod
    def of(cls, index: Index) -> Finder:
        """All keys of all entries."""
        side = _side_of_index(index)
        keys: dict[int, Keys] = {}
        for made in (
            _near_keys,
            _exact_keys,
            _inexact_keys,
            _name_keys,
            partial(_aloud_keys, performers=index.performers_spoken),
        ):
            pairs = made(side)
            keys |= {kind: Keys.of(*pairs.pop(kind)) for kind in tuple(pairs)}  # what is sorted is not kept twice
        known, first = np.unique(index.performers.part_hash, return_index=True)
        near = index.performers.part_texts.some(first).squeezed()
        return cls(keys, Keys.of(*_near_names(near)), known)

    def exact(self, lines: Readings) -> Found:
        """Pairs (reading, entry) whose titles are equal, and whether a name was in the key."""
        return self._find(_exact_keys(_side_of_readings(lines)))

    def inexact(self, lines: Readings) -> Found:
        """Pairs (reading, entry) that share another key, and whether a name was in it."""
        return self._find(_inexact_keys(_side_of_readings(lines)))

    def by_name(self, lines: Readings) -> Found:
        """Pairs (reading, entry) that share a performer, or anything said aloud."""
        side = _side_of_readings(lines)
        return self._find(_name_keys(side) | _aloud_keys(side))

    def nearly(self, lines: Readings) -> Found:
        """Pairs (reading, entry) whose titles are a slip of the pen apart, or whose performers are."""
        near = _near_keys(_side_of_readings(lines))
        return self._find(near | {NAME: self._near_names(lines)})

    def unknown(self, lines: Readings) -> NDArray[np.bool_]:
        """Whether none of a reading's performers, if it has any, is one of the repertoire's."""
        names = lines.performers
        known = np.concatenate(([0], np.cumsum(among(names.part_hash, self.part_hash))))
        some: NDArray[np.bool_] = known[names.starts[1:]] == known[names.starts[:-1]]
        return some[lines.performer]

    def _near_names(self, lines: Readings) -> tuple[Hashes, Places]:
        """For each reading the performers that are a slip of the pen from one of its own, which nobody has."""
        names = lines.performers
        asked = np.zeros(len(names), bool)
        asked[lines.performer] = True
        strange = np.flatnonzero(np.repeat(asked, np.diff(names.starts)) & ~among(names.part_hash, self.part_hash))
        hashes, part = _near_names(names.part_texts.some(strange).squeezed())
        part, known = self.near_names.find(hashes, part, 8)
        pairs = np.unique(np.column_stack((part, known)), axis=0)
        text = np.searchsorted(names.starts, strange[pairs[:, 0]], side="right") - 1
        return rows_of(self.part_hash[pairs[:, 1]], text, lines.performer, len(names))

    def _find(self, keys: KeysByKind) -> Found:
        found = []
        for kind, pairs in keys.items():
            reading, entry = self.keys[kind].find(*pairs, GROUP_MOST[kind])
            how = np.int64((kind in _NAMED) | (kind in _ALOUD) << 1)
            found.append(((reading * _ENTRIES_MOST + entry) << 2) | how)
        code = np.sort(np.concatenate(found))
        every = code >> 2
        begins = np.flatnonzero(np.concatenate((np.ones(min(len(code), 1), bool), every[1:] != every[:-1])))
        ways: Places = np.bitwise_or.reduceat(code & 3, begins) if len(code) else code
        pair = every[begins]
        return Found(pair // _ENTRIES_MOST, pair % _ENTRIES_MOST, (ways & 1) > 0, ways > 1)

"""Which works a line might be: equi-joins on hashed keys, each cheap, each blind to another kind of noise.

A key only proposes. Sounds (pinyin) propose too; whether a proposal is the work is for the features and the scorer,
which look at text.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from partita.identify.fields import Names, Titles
from partita.identify.index import Index, Keys
from partita.identify.lines import Readings
from partita.text.pinyin import letters
from partita.text.ragged import Hashes, Places, Texts, expand, join

TITLE, TITLE_NAME, NAME_PREFIX, NAME_SUFFIX, PREFIXES, TITLE_WRITER, WRITER_PREFIX, SOUND, LETTERS = range(1, 10)
"""The kinds of key; the number salts the hash."""

_GROUP_MOST = {TITLE: 40, TITLE_NAME: 40, NAME_PREFIX: 60, NAME_SUFFIX: 60, PREFIXES: 20, TITLE_WRITER: 40,
               WRITER_PREFIX: 20, SOUND: 12, LETTERS: 12}  # fmt: skip
_NAMED = frozenset((TITLE_NAME, NAME_PREFIX, NAME_SUFFIX, TITLE_WRITER, WRITER_PREFIX))
_ENTRIES_MOST = np.int64(1 << 31)


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


def _starts_of(titles: Titles) -> Hashes:
    return titles.core_texts.first_hashes(3)


def _ends_of(titles: Titles) -> Hashes:
    return titles.core_texts.last_hashes(3)


def _letter_hashes(titles: Titles, *, spelt: bool) -> Hashes:
    """A hash of each title's pinyin in letters: made from Han titles, or (`spelt`) taken from Latin ones as it is."""
    if spelt:
        latin = np.bincount(titles.core_texts.owners[titles.core_texts.codes > 127], minlength=len(titles)) == 0
        return np.where(latin & (titles.core_texts.lengths > 4), titles.core_hash, np.uint64(0))
    han = np.flatnonzero(titles.sound_hash)
    result = np.zeros(len(titles), np.uint64)
    result[han] = Texts.of([letters(titles.core[i]) for i in han.tolist()]).hashes()
    return result


def _keys(side: Side, *, usage: bool) -> dict[int, tuple[Hashes, Places]]:
    """Every key of every row, by kind."""
    rows = np.arange(len(side.title), dtype=np.int64)
    core, full = side.titles.core_hash[side.title], side.titles.full_hash[side.title]
    loose = side.titles.loose_hash[side.title]
    other = np.flatnonzero(loose != core)
    begin, end = _starts_of(side.titles)[side.title], _ends_of(side.titles)[side.title]
    named, name = _named(side.performers, side.performer, words=True)
    whole, wholly = _named(side.performers, side.performer, words=False)
    wrote, writer = _named(side.writers, side.writer, words=False)
    bags = Texts.of(side.performers.bag).first_hashes(4)[side.performer]
    prefix = side.titles.core_texts.first_hashes(5)[side.title]
    sound = side.titles.sound_hash[side.title]
    spelt = _letter_hashes(side.titles, spelt=usage)[side.title]
    return {
        TITLE: (np.concatenate((core, full, loose[other])), np.concatenate((rows, rows, other))),
        TITLE_NAME: (_both(loose[named], name, TITLE_NAME), named),
        NAME_PREFIX: (_both(begin[whole], wholly, NAME_PREFIX), whole),
        NAME_SUFFIX: (_both(end[whole], wholly, NAME_SUFFIX), whole),
        PREFIXES: (_both(prefix, bags, PREFIXES), rows),
        TITLE_WRITER: (_both(loose[wrote], writer, TITLE_WRITER), wrote),
        WRITER_PREFIX: (_both(begin[wrote], writer, WRITER_PREFIX), wrote),
        SOUND: (sound, rows),
        LETTERS: (spelt, rows),
    }


@dataclass(frozen=True, slots=True)
class Finder:
    """The keys of a repertoire, sorted."""

    keys: dict[int, Keys]

    @classmethod
    def of(cls, index: Index) -> Finder:
        """All keys of all entries."""
        return cls({kind: Keys.of(*pairs) for kind, pairs in _keys(_side_of_index(index), usage=False).items()})

    def find(self, lines: Readings) -> tuple[Places, Places, NDArray[np.bool_]]:
        """Pairs (reading, entry) that share a key, each once, in order, and whether a name was in the key."""
        found, named = [], []
        for kind, pairs in _keys(_side_of_readings(lines), usage=True).items():
            reading, entry = self.keys[kind].find(*pairs, _GROUP_MOST[kind])
            found.append(reading * _ENTRIES_MOST + entry)
            if kind in _NAMED:
                named.append(found[-1])
        code = np.unique(np.concatenate(found))
        return code // _ENTRIES_MOST, code % _ENTRIES_MOST, np.isin(code, np.concatenate(named))

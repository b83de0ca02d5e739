"""Titles and names that are written in different scripts or spellings, and are the same said aloud.

Keys of `text.spoken` only propose; the features say how far both sides agree, and the scorer and the rules of `outcome`
ask for a second field. Plain letters meet where usage is in Latin letters and a repertoire is not: the other way round
they would be made of every Latin title of a repertoire, for the few that spell another language.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from partita.identify.fields import Names, Titles
from partita.text.compiled import compiled
from partita.text.ragged import Hashes, Places, Texts, expand, join, mix, segment_sum
from partita.text.spoken import latin_keyed, native_keyed


class Aloud(NamedTuple):
    """Hashes, and the title or text of names that each belongs to: of keys by sound, and of plain letters."""

    keys: tuple[Hashes, Places]
    letters: tuple[Hashes, Places]

    def of_rows(self, of_row: Places, count: int) -> Aloud:
        """The same of the rows that have those titles or texts, of which there are `count`."""
        return Aloud(rows_of(*self.keys, of_row, count), rows_of(*self.letters, of_row, count))


@compiled
def rows_of(hashes: Hashes, places: Places, of_row: Places, count: int) -> tuple[Hashes, Places]:
    """The hashes of places (titles, texts of names; of which there are `count`) given to the rows that have those."""
    starts, order, total = np.zeros(count + 2, np.int64), np.empty(len(of_row), np.int64), 0
    for place in of_row:
        starts[place + 2] += 1
    for place in range(count):
        starts[place + 2] += starts[place + 1]
    for row in range(len(of_row)):
        order[starts[of_row[row] + 1]] = row
        starts[of_row[row] + 1] += 1
    for place in places:
        total += starts[place + 1] - starts[place]
    found, rows, at = np.empty(total, np.uint64), np.empty(total, np.int64), 0
    for k in range(len(hashes)):
        for row in order[starts[places[k]] : starts[places[k] + 1]]:
            found[at], rows[at] = hashes[k], row
            at += 1
    return found, rows


def title_keys(titles: Titles, chosen: NDArray[np.bool_], *, latin: bool) -> Aloud:
    """The keys of the chosen titles that are Latin, or of those that are not."""
    places = np.flatnonzero(chosen & (titles.latin == latin))
    found = (latin_keyed if latin else native_keyed)(titles.spelt_texts.some(places))
    spelt = titles.core_hash[places] if latin else titles.said_texts.some(places).hashes()
    return Aloud((found.keys.hashes(), places[found.owners]), (spelt, places))


class Spoken(NamedTuple):
    """Hashes of the keys by sound of each of some names, whatever the order of syllables: `hashes[starts[i] ...]`."""

    hashes: Hashes
    starts: Places

    @classmethod
    def of(cls, texts: Texts) -> Spoken:
        """The keys of names in one spelling each: Latin ones and those in other scripts."""
        found = native_keyed(texts), latin_keyed(texts)
        owners = np.concatenate([f.owners for f in found])
        order = np.argsort(owners, kind="stable")
        hashes = np.concatenate([_unordered(f.keys) for f in found])[order]
        return cls(hashes, np.searchsorted(owners[order], np.arange(len(texts) + 1)).astype(np.int64))


def name_keys(names: Names, spoken: Spoken, chosen: NDArray[np.bool_], *, latin: bool) -> Aloud:
    """The keys of the names in the chosen texts that are Latin or are not, each with the text that it stands in.

    `spoken`: of all names, or empty for those of other texts.
    """
    parts = np.flatnonzero(np.repeat(chosen, np.diff(names.starts)) & (names.part_wide != latin))
    texts_of = np.searchsorted(names.starts, parts, side="right") - 1
    bags = _bags(names.part_texts.some(parts).squeezed() if latin else names.said_texts.some(parts))
    counts = np.diff(spoken.starts)[parts]
    keys = spoken.hashes[expand(spoken.starts[parts], counts)]
    return Aloud((keys, np.repeat(texts_of, counts)), (bags, texts_of))


def spoken_of(names: Names, chosen: NDArray[np.bool_]) -> Spoken:
    """The keys of the names in the chosen texts; none of the others."""
    parts = np.flatnonzero(np.repeat(chosen, np.diff(names.starts)))
    some = Spoken.of(names.part_texts.some(parts))
    counts = np.zeros(len(names.part_texts), np.int64)
    counts[parts] = np.diff(some.starts)
    return Spoken(some.hashes, np.concatenate(([0], np.cumsum(counts))))


def names_shared(left: Texts, right: Spoken, i: Places, j: Places) -> NDArray[np.bool_]:
    """Whether two names, pair by pair, share a key, of which one is Latin and the other is not."""
    distinct, here = np.unique(i, return_inverse=True)
    spoken = Spoken.of(left.some(distinct))
    return _shared(spoken.hashes, spoken.starts, right.hashes, right.starts, here, j)


@compiled
def _shared(a: Hashes, of_a: Places, b: Hashes, of_b: Places, i: Places, j: Places) -> NDArray[np.bool_]:
    out = np.zeros(len(i), np.bool_)
    for pair in range(len(i)):
        for x in range(of_a[i[pair]], of_a[i[pair] + 1]):
            for y in range(of_b[j[pair]], of_b[j[pair] + 1]):
                out[pair] |= a[x] == b[y]
    return out


def _unordered(keys: Texts) -> Hashes:
    """A hash of the system of each key and of its letters in any order; of a key that is in no order, as it stands."""
    systems = keys.codes[keys.starts[:-1]]
    in_order = keys.codes[keys.starts[:-1] + 1] == ord(":")
    of_letters = segment_sum(mix(keys.codes.astype(np.uint64)), keys.starts[:-1] + 2, keys.lengths - 2)
    return np.where(in_order, join(of_letters, systems.astype(np.uint64)), keys.hashes())


def _bags(texts: Texts) -> Hashes:
    """A hash of the letters of each text in any order."""
    return segment_sum(mix(texts.codes.astype(np.uint64)), texts.starts[:-1], texts.lengths)

"""Titles and names that are written in different scripts or spellings, and are the same said aloud.

Keys of `text.spoken` only propose; the features say how far both sides agree, and the scorer and the rules of `outcome`
ask for a second field. Plain letters meet where usage is in Latin letters and a repertoire is not: the other way round
they would be made of every Latin title of a repertoire, for the few that spell another language.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from partita.identify.fields import Names, Titles
from partita.text.pinyin import letters
from partita.text.ragged import Hashes, Places, Texts, mix, segment_sum
from partita.text.spoken import latin_keys, native_keys

_ANY_ORDER = ("ps:", "ks:")


def title_keys(titles: Titles, chosen: NDArray[np.bool_], *, latin: bool, plain: bool) -> tuple[Hashes, Places]:
    """Hashes of the keys of the chosen titles that are Latin or not, each with its title; with plain letters or not."""
    places = np.flatnonzero(chosen & (titles.latin == latin))
    keyed = (latin_keys if latin else native_keys)([titles.parts[k].core for k in places.tolist()])
    hashes, owners = _of_keys(keyed, places)
    if not plain:
        return hashes, owners
    spelt = titles.core_hash[places] if latin else Texts.of([letters(titles.core[k]) for k in places.tolist()]).hashes()
    return np.concatenate((hashes, spelt)), np.concatenate((owners, places))


def name_keys(names: Names, chosen: NDArray[np.bool_], *, latin: bool, plain: bool) -> tuple[Hashes, Places]:
    """The same of names, whatever the order of their syllables; each with the text that it stands in."""
    parts = np.flatnonzero(np.repeat(chosen, np.diff(names.starts)) & (names.part_wide != latin))
    texts = [names.part[k] for k in parts.tolist()]
    hashes, owners = _of_keys([_unordered(keys) for keys in (latin_keys if latin else native_keys)(texts)], parts)
    if plain:
        bags = _bags(texts if latin else [letters(text) for text in texts])
        hashes, owners = np.concatenate((hashes, bags)), np.concatenate((owners, parts))
    return hashes, np.searchsorted(names.starts, owners, side="right") - 1


def names_shared(left: Texts, right: Texts, i: Places, j: Places) -> NDArray[np.bool_]:
    """Whether two names, pair by pair, share a key, of which one is Latin and the other is not."""
    both = [text.some(distinct) for text, distinct in ((left, np.unique(i)), (right, np.unique(j)))]
    here, there = (_keys_of(texts.strings()) for texts in both)
    a, b = np.searchsorted(np.unique(i), i).tolist(), np.searchsorted(np.unique(j), j).tolist()
    return np.fromiter((not here[x].isdisjoint(there[y]) for x, y in zip(a, b, strict=True)), bool, len(a))


def _keys_of(strings: list[str]) -> list[set[str]]:
    both = zip(native_keys(strings), latin_keys(strings), strict=True)
    return [{*_unordered(a), *_unordered(b)} for a, b in both]


def _of_keys(keyed: list[tuple[str, ...]], places: Places) -> tuple[Hashes, Places]:
    hashes = Texts.of([key for keys in keyed for key in keys]).hashes()
    return hashes, np.repeat(places, np.fromiter(map(len, keyed), np.int64, len(keyed)))


def _unordered(keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([k if k.startswith(_ANY_ORDER) else k[:2] + "".join(sorted(k[2:])) for k in keys])


def _bags(strings: Sequence[str]) -> Hashes:
    """A hash of the letters of each text in any order."""
    texts = Texts.of(strings).squeezed()
    return segment_sum(mix(texts.codes.astype(np.uint64)), texts.starts[:-1], texts.lengths)

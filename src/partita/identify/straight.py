"""The short way: lines whose title and performers stand in the repertoire to the letter, found by one join.

Most lines of most logs are such. They are decided by the same features and the same scorer as all others, but without
taking titles and names apart; where anything else could be meant (another work with the same title and performers, or
without performers; writers who differ; odds that are not high), the line goes the long way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from partita.identify import scorer
from partita.identify.features import NAMES, Figures, repertoire_works, writer_figures
from partita.identify.fields import names
from partita.identify.index import Index, among, sorted_distinct
from partita.identify.keys import Keys
from partita.identify.lines import Lines
from partita.identify.written import distinct_texts, texts_of
from partita.text.fold import squeezed_texts
from partita.text.glance import Runs
from partita.text.ragged import Hashes, Places, Texts, join

_SEVERAL = re.compile(r"[/;,&、，；＆]|\bfeat\b|\bft\b", re.IGNORECASE)
_SEVERAL_RUNS = Runs.of([*"/;,&、，；＆", *(a + b for a in "fF" for b in "eEtT")])
"""One of these stands where `_SEVERAL` finds something."""
SURE = 0.99
"""Probability from which the long way is spared."""
_AGREES = 0.85
_EQUAL = {"title_core": 1, "title_full": 1, "title_raw": 1, "title_begin": 1, "title_loose": 1, "performer_best": 1,
          "performer_all": 1, "title_spoken": -1, "performer_spoken": -1, "performer_order": 1}  # fmt: skip
"""What is known of a pair whose title and performers are equal; the other features are 0 or looked up."""


@dataclass(frozen=True, slots=True)
class Straight:
    """Entries that nothing else in the repertoire can be taken for, by title and performers as they stand."""

    keys: Keys
    exact: Hashes
    titles: Hashes
    performers: Hashes

    @classmethod
    def of(cls, index: Index) -> Straight:
        """The join's right side."""
        performer = index.work_performers[index.entry_work]
        names, titles = (_squeezed(texts_of(t)) for t in (index.performer_texts, index.title_texts))
        whole, title = names[performer], titles[index.entry_title]
        alone = ~_shared(index, performer) & (whole != 0) & (title != 0)
        hashes = np.where(alone, join(title, whole), np.uint64(0))
        parts = squeezed_texts(index.performers.part_texts).hashes()
        return cls(Keys.of(hashes, np.arange(len(hashes), dtype=np.int64)), index.titles.exact_hash,
                   sorted_distinct(titles), sorted_distinct(np.concatenate((names, parts))))  # fmt: skip

    def turned(self, lines: Lines, chosen: Places) -> Places:
        """The lines whose title may be performers.

        That is: it or the performers stand in the repertoire as the other, or it is a list of names.
        """
        texts = _texts(lines.title, chosen)
        title, performer = _squeezed(texts), _squeezed(_texts(lines.performers, chosen))
        either = _several(texts) | among(title, self.performers) | among(performer, self.titles)
        result: Places = chosen[(title != 0) & (performer != 0) & either]
        return result

    def find(self, lines: Lines, chosen: Places, index: Index) -> tuple[Places, Places, NDArray[np.float64], Figures]:
        """Lines, works, odds and features of those that are decided so."""
        texts = _texts(lines.title, chosen)
        title, whole = _squeezed(texts), _squeezed(_texts(lines.performers, chosen))
        wanted = np.where((title != 0) & (whole != 0), join(title, whole), np.uint64(0))
        place, entry = self.keys.find(wanted, np.arange(len(chosen), dtype=np.int64), 1)
        figures = _figures(index, entry)
        at = {name: i for i, name in enumerate(NAMES)}
        figures[:, at["title_exact"]] = texts.hashes()[place] == self.exact[index.entry_title[entry]]
        figures[:, [at["writer_state"], at["writer_best"]]] = _writers(lines, chosen[place], index, entry)
        odds = scorer.odds(figures)
        state, best = figures[:, at["writer_state"]], figures[:, at["writer_best"]]
        sure = (odds / (1 + odds) >= SURE) & ((state > 0) | (best >= _AGREES))
        return chosen[place[sure]], index.entry_work[entry[sure]], odds[sure], figures[sure]


def _texts(column: pa.LargeStringArray, rows: Places) -> Texts:
    return texts_of(column.take(pa.array(rows)))


def _squeezed(texts: Texts) -> Hashes:
    """A hash of each text without signs and spaces; 0 where nothing is left."""
    return squeezed_texts(texts).hashes()


def _several(titles: Texts) -> NDArray[np.bool_]:
    """Whether each title may be a list of names."""
    result = _SEVERAL_RUNS.within(titles)
    places = np.flatnonzero(result)
    result[places] = [_SEVERAL.search(text) is not None for text in titles.some(places)]
    return result


def _shared(index: Index, performer: Places) -> NDArray[np.bool_]:
    """Whether another work has an entry's title with the same performers, in any order, or with none."""
    core = index.titles.core_hash[index.entry_title]
    bag = index.performers.bag_hash[performer]
    nameless = core[bag == 0]
    result: NDArray[np.bool_] = np.isin(core, nameless) | _in_several(join(core, bag), index.entry_work)
    return result


def _in_several(hashes: Hashes, works: Places) -> NDArray[np.bool_]:
    """Whether the entries with a hash are of several works."""
    order = np.lexsort((works, hashes))
    h, w = hashes[order], works[order]
    begin = np.searchsorted(h, h, side="left")
    end = np.searchsorted(h, h, side="right") - 1
    result = np.zeros(len(h), bool)
    result[order] = w[begin] != w[end]
    return result


def _figures(index: Index, entry: Places) -> Figures:
    title = index.entry_title[entry]
    figures = np.zeros((len(entry), len(NAMES)), np.float32)
    known = _EQUAL | {
        "title_size": np.minimum(index.titles.size[title], 40),
        "title_works": index.title_works[title],
        "numbers": np.where(index.titles.numbers[title] != 0, 1, 0.5),
        "aside": np.where(index.has_aside[title], 1, -1),
        "repertoire_works": repertoire_works(index, title),
    }
    for name, value in known.items():
        figures[:, NAMES.index(name)] = value
    return figures


def _writers(lines: Lines, line: Places, index: Index, entry: Places) -> NDArray[np.float32]:
    """State and best similarity of the writers of each pair."""
    distinct, place = distinct_texts(lines.writers, line)
    state, best = writer_figures(names(distinct), index.writers, place, index.work_writers[index.entry_work[entry]])
    return np.column_stack((state, best))

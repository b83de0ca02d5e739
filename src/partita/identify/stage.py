"""The stage: usage lines and a repertoire in, one outcome a line out.

The page reads as the stage runs: distinct lines; what an identifier decides; candidates by keys and their odds; for
what is still open, other readings and the n-gram search; outcomes; back to rows; scope.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from partita import tables
from partita.identify import features, identifiers, memory, scope, scorer, senders
from partita.identify.candidates import Finder, Found
from partita.identify.common import by_common_title
from partita.identify.index import Index, build
from partita.identify.lines import Lines, Readings, distinct_lines, given, swapped
from partita.identify.outcome import Verdicts, empty_verdicts, verdicts
from partita.identify.parallel import pieces, side_by_side
from partita.identify.policy import IdentifyPolicy
from partita.identify.search import Searcher
from partita.identify.straight import Straight
from partita.text.compiled import compiled
from partita.text.ragged import Places

Progress = Callable[[str, int, int], None]
_WORKS_MOST = np.int64(1 << 31)
_ROWS_AT_ONCE = 1 << 18
"""Rows of the usage table that are given their outcomes together."""
_LOOKED_AT_MOST = 8
"""Candidates of a line that are compared in full; more are set aside by their titles."""
_ALIKE_LEAST = 0.35
"""Similarity of titles below which nothing else is looked at: such a pair could not be matched."""
_OF_A_NAME_MOST = 3
"""Works of a line's performer that are compared in full, those with the most similar titles."""


@dataclass(frozen=True)
class Prepared:
    """A repertoire's index with its keys: built once, used for any number of usage lists."""

    index: Index
    finder: Finder
    searcher: Searcher
    straight: Straight


def prepare(repertoire: pa.Table, decisions: pa.Table | None = None) -> Prepared:
    """The index and keys of a REPERTOIRE table, with the titles that DECISIONS add to its works."""
    index = build(memory.with_titles(repertoire, decisions))
    return Prepared(index, Finder.of(index), Searcher.of(index), Straight.of(index))


@dataclass(frozen=True, slots=True)
class Pairs:
    """Compared pairs: the distinct line, the work, the odds that it is right, and the row of features."""

    line: Places
    work: Places
    odds: NDArray[np.float64]
    figures: features.Figures

    def only(self, wanted: NDArray[np.bool_]) -> Pairs:
        """The pairs that are `wanted`."""
        return Pairs(self.line[wanted], self.work[wanted], self.odds[wanted], self.figures[wanted])


def compare(
    readings: Readings, prepared: Prepared, found: Found, most: int = _LOOKED_AT_MOST, alike_least: float = -1
) -> Pairs:
    """The pairs (reading, entry) that were found, compared; each work once a line (its best title and reading)."""
    reading, entry, named, aloud = found
    core, spoken, alike = features.first_look(readings, prepared.index, reading, entry, aloud)
    kept = _nearest(reading, entry, alike, named, most, alike_least)
    reading, entry = reading[kept], entry[kept]
    figures = features.rows(readings, prepared.index, reading, entry, core[kept], spoken[kept])
    return best_of(Pairs(readings.line[reading], prepared.index.entry_work[entry], scorer.odds(figures), figures))


def _nearest(
    reading: Places, entry: Places, alike: features.Figures, named: NDArray[np.bool_], most: int, alike_least: float
) -> Places:
    """Which pairs have the most similar titles of each reading; a shared name outweighs a slightly better title."""
    some = np.flatnonzero(alike >= alike_least)
    rank = alike[some] + np.float32(0.5) * named[some]
    order = some[np.lexsort((entry[some], -rank, reading[some]))]
    first = np.searchsorted(reading[order], reading[order], side="left")
    return np.sort(order[np.arange(len(order)) - first < most])


def best_of(pairs: Pairs) -> Pairs:
    """Each (line, work) once, with its best odds (of equal ones the earlier); ordered by line and work."""
    key = pairs.line * _WORKS_MOST + pairs.work
    order = np.argsort(key, kind="stable")
    kept = order[_best_of_each(key[order], pairs.odds[order])]
    return Pairs(pairs.line[kept], pairs.work[kept], pairs.odds[kept], pairs.figures[kept])


@compiled
def _best_of_each(keys: Places, odds: NDArray[np.float64]) -> Places:
    """Of each run of equal keys the place with the best odds, the first of equal ones."""
    out = np.empty(len(keys), np.int64)
    count = 0
    for place in range(len(keys)):
        if place == 0 or keys[place] != keys[place - 1]:
            out[count] = place
            count += 1
        elif odds[place] > odds[out[count - 1]]:
            out[count - 1] = place
    return out[:count]


def together(a: Pairs, b: Pairs) -> Pairs:
    """The pairs of both, each once."""
    return best_of(Pairs(np.concatenate((a.line, b.line)), np.concatenate((a.work, b.work)),
                         np.concatenate((a.odds, b.odds)), np.concatenate((a.figures, b.figures))))  # fmt: skip


def candidate_pairs(lines: Lines, chosen: Places, prepared: Prepared, policy: IdentifyPolicy) -> Pairs:
    """All compared pairs of the chosen distinct lines; those that go the short way have one."""
    short = Pairs(*prepared.straight.find(lines, chosen, prepared.index))
    long = np.setdiff1d(chosen, short.line, assume_unique=True)
    return together(short, searched_pairs(lines, long, prepared, policy))


def searched_pairs(lines: Lines, chosen: Places, prepared: Prepared, policy: IdentifyPolicy) -> Pairs:
    """All compared pairs of lines that no equal entry decides."""
    straight = given(lines, chosen)
    pairs = compare(straight, prepared, prepared.finder.exact(straight))
    open_ = still_open(pairs, chosen, policy)
    rest, turned = straight.only(np.isin(straight.line, open_)), swapped(lines, prepared.straight.turned(lines, open_))
    pairs = together(pairs, compare(rest, prepared, prepared.finder.inexact(rest)))
    pairs = together(pairs, compare(turned, prepared, prepared.finder.exact(turned)))
    open_ = still_open(pairs, chosen, policy)
    rest, turned = straight.only(np.isin(straight.line, open_)), turned.only(np.isin(turned.line, open_))
    pairs = together(pairs, compare(turned, prepared, prepared.finder.inexact(turned)))
    pairs = together(pairs, compare(rest, prepared, prepared.finder.by_name(rest), _OF_A_NAME_MOST, _ALIKE_LEAST))
    rest = rest.only(np.isin(rest.line, still_open(pairs, chosen, policy)))
    pairs = together(pairs, compare(rest, prepared, prepared.finder.nearly(rest), _OF_A_NAME_MOST, _ALIKE_LEAST))
    rest = rest.only(np.isin(rest.line, still_open(pairs, chosen, policy)) & prepared.finder.unknown(rest))
    return together(pairs, compare(rest, prepared, prepared.searcher.find(rest), _OF_A_NAME_MOST, _ALIKE_LEAST))


def still_open(pairs: Pairs, chosen: Places, policy: IdentifyPolicy) -> Places:
    """The chosen lines of which it is not yet probable that some candidate is right."""
    some = np.zeros(int(chosen[-1]) + 1 if len(chosen) else 0)
    np.add.at(some, pairs.line, scorer.probabilities(pairs.line, pairs.odds))
    return chosen[some[chosen] < policy.accept]


def identify(
    usage: pa.Table, repertoire: pa.Table | Prepared, policy: IdentifyPolicy | None = None, *,
    decisions: pa.Table | None = None, registrations: pa.Table | None = None, progress: Progress | None = None,
    threads: int | None = None,
) -> pa.Table:  # fmt: skip
    """MATCHES: the outcome of each line of a USAGE table against a REPERTOIRE table (or one `prepare`d).

    `decisions`: a DECISIONS table of what people decided; one that was `prepare`d needs them there too.
    `registrations`: a REGISTRATIONS table, whose numbers of works count as work numbers beside the works' ids.
    `threads`: chunks of lines that are worked on at once; None: as many as there are cores.
    Pure: no clock, no randomness, no file; the order of rows in either table changes nothing but the order here.
    """
    policy = policy or IdentifyPolicy()
    tell = progress or (lambda _stage, _done, _total: None)
    tell("index", 0, 1)
    prepared = repertoire if isinstance(repertoire, Prepared) else prepare(repertoire, decisions)
    lines = distinct_lines(usage, senders=senders.numbered(decisions))
    lines, decided_before = memory.recall(lines, usage, decisions, prepared.index)
    said = identifiers.said(lines, prepared.index, registrations, decisions, decided_before)

    def verdicts_of(chosen: slice) -> Verdicts:
        return _chunk(lines, np.arange(chosen.start, chosen.stop), prepared, policy, decided_before, said)

    parts = [empty_verdicts()]
    tell("identify", 0, len(lines))
    for found in side_by_side(verdicts_of, pieces(len(lines), policy.chunk_lines), threads):
        parts.append(found)
        tell("identify", min((len(parts) - 1) * policy.chunk_lines, len(lines)), len(lines))
    decided = _of_rows(Verdicts.concat(parts).table(prepared.index.work_ids), lines.line_of_row, threads)
    decided = decided.add_column(0, "line_id", usage.column("line_id"))
    return tables.conform(scope.apply(decided, usage, policy), tables.MATCHES)


def _of_rows(decided: pa.Table, line_of_row: Places, threads: int | None) -> pa.Table:
    """What was decided of each row's distinct line."""

    def of_some(rows: slice) -> pa.Table:
        return decided.take(pa.array(line_of_row[rows]))

    found = side_by_side(of_some, pieces(len(line_of_row), _ROWS_AT_ONCE), threads)
    return pa.concat_tables([decided.slice(0, 0), *found])


def _chunk(
    lines: Lines, chosen: Places, prepared: Prepared, policy: IdentifyPolicy, decided: memory.Memory | None,
    said: identifiers.Said,
) -> Verdicts:  # fmt: skip
    pairs = candidate_pairs(lines, said.open(chosen), prepared, policy)
    if decided is not None:
        pairs = pairs.only(decided.allows(pairs.line, pairs.work))
    scored = verdicts(chosen, pairs.line, pairs.work, pairs.odds, pairs.figures, policy)
    scored = by_common_title(scored, lines, chosen, prepared.finder, prepared.index, policy.candidates_most)
    scored = identifiers.by_identifier(scored, said, chosen, policy.candidates_most)
    return memory.by_decision(scored, chosen, decided)

"""From the odds of a line's candidates to its outcome.

The probabilities of a line's candidates and of "none of them" sum to 1, so that two works that look the same share the
probability and neither can win: ambiguity needs no rule of its own. What never earns money by a guess: a title that
differs where no second field agrees.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from partita import tables
from partita.identify.features import NAMES, Figures
from partita.identify.lines import DASHED_TURNED
from partita.identify.policy import IdentifyPolicy
from partita.identify.scorer import Floats, probabilities
from partita.text.ragged import Places

MATCHED, AMBIGUOUS, UNMATCHED = 0, 1, 2
OUTCOMES = ("matched", "ambiguous", "unmatched", "out_of_scope")
RULES = ("title+performer+writer", "title+performer", "title+writer", "title", "scored", "none", "iswc", "isrc",
         "identifier_conflict", "decided", "decided_gone", "work_number", "sender_number")  # fmt: skip
_AT = {name: i for i, name in enumerate(NAMES)}
_TITLE_FORMS = [_AT["title_core"], _AT["title_full"], _AT["title_raw"]]
_TITLE_LIKENESS = [*_TITLE_FORMS, _AT["title_begin"], _AT["title_loose"]]
_AGREES = 0.85
"""Similarity from which a name is said to agree."""
_DISAGREES = 0.75
"""Similarity below which two performers are others."""
_SPOKEN = 0.9
"""Similarity from which a text in Latin letters is said to spell a Han one."""
_ALIKE = 0.5
"""Similarity below which a title is another title, whatever else agrees."""
_ASIDE_AGREES = 0.7
"""Similarity below which two texts in brackets are others."""
_SHORT, _FOR_EACH_MORE = 8, 2
"""Letters of a title (a Han character counts as two and a half) of which two wrong ones make another title.

For each more that is wrong the title may have two letters more: of ten, three (Chapter One, Chapter Two).
"""
_HALF = 0.6
"""Similarity below which so much of a title differs that no agreeing name makes it the same one."""
_SHOWN_LEAST = 0.01


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What was decided of some distinct lines: outcome, best work (-1: none), probability, rule, and candidates.

    Candidates of line `i` are `works[starts[i]:starts[i + 1]]` with their `shares`, best first.
    """

    outcome: NDArray[np.int8]
    work: Places
    probability: Floats
    rule: NDArray[np.int8]
    starts: Places
    works: Places
    shares: Floats

    @classmethod
    def concat(cls, parts: Sequence[Verdicts]) -> Verdicts:
        """The verdicts of several runs of lines, in order."""
        shift = np.cumsum([0, *(len(p.works) for p in parts)])
        starts = [p.starts[:-1] + s for p, s in zip(parts, shift[:-1], strict=True)]
        return cls(
            np.concatenate([p.outcome for p in parts]), np.concatenate([p.work for p in parts]),
            np.concatenate([p.probability for p in parts]), np.concatenate([p.rule for p in parts]),
            np.concatenate([*starts, shift[-1:]]), np.concatenate([p.works for p in parts]),
            np.concatenate([p.shares for p in parts]),
        )  # fmt: skip

    def table(self, work_ids: Sequence[str]) -> pa.Table:
        """The columns of MATCHES but `line_id`, one row a distinct line."""
        works = pa.array([*work_ids, None], pa.string())
        outcomes = pa.array(OUTCOMES, pa.string()).take(pa.array(self.outcome))
        winner = np.where(self.outcome == MATCHED, self.work, len(work_ids))
        pairs = pa.StructArray.from_arrays(
            [works.take(pa.array(self.works)), pa.array(self.shares)], fields=list(tables.CANDIDATES.value_type)
        )
        return pa.table({
            "outcome": outcomes,
            "work_id": works.take(pa.array(winner)),
            "probability": self.probability,
            "rule": pa.array(RULES, pa.string()).take(pa.array(self.rule)),
            "candidates": pa.ListArray.from_arrays(pa.array(self.starts, pa.int32()), pairs),
        })  # fmt: skip


def empty_verdicts() -> Verdicts:
    """The verdicts of no line."""
    none, float_none = np.zeros(0, np.int64), np.zeros(0, np.float64)
    few = none.astype(np.int8)
    return Verdicts(few, none, float_none, few, np.zeros(1, np.int64), none, float_none)


def verdicts(
    chosen: Places, line: Places, work: Places, odds: Floats, figures: Figures, policy: IdentifyPolicy
) -> Verdicts:
    """The verdict on each chosen line, from its compared pairs (ordered by line and work, each once)."""
    share = probabilities(line, odds)
    order = np.lexsort((work, -share, line))
    line, work, share, figures = line[order], work[order], share[order], figures[order]
    begin = np.searchsorted(line, chosen, side="left")
    count = np.searchsorted(line, chosen, side="right") - begin
    has = np.flatnonzero(count > 0)
    first = begin[has]
    best, second = np.zeros(len(chosen)), np.zeros(len(chosen))
    best[has] = share[first]
    two = np.flatnonzero(count > 1)
    second[two] = share[begin[two] + 1]
    outcome = np.full(len(chosen), UNMATCHED, np.int8)
    outcome[best >= policy.reject] = AMBIGUOUS
    sure = np.zeros(len(chosen), bool)
    sure[has] = sure_enough(figures[first])
    # ranks of candidates that are as good as each other share the probability; their sum says whether it is any of them
    together = np.zeros(len(chosen))
    np.add.at(together, np.searchsorted(chosen, line), share)
    outcome[(together >= policy.accept) & (outcome == UNMATCHED)] = AMBIGUOUS
    outcome[(best >= policy.accept) & (best - second >= policy.margin) & sure] = MATCHED
    rule = np.full(len(chosen), RULES.index("none"), np.int8)
    rule[has] = rules(figures[first])
    rule[outcome == UNMATCHED] = RULES.index("none")
    winner = np.full(len(chosen), -1, np.int64)
    winner[has] = work[first]
    return _shown(chosen, outcome, winner, best, rule, (line, work, share), policy)


def _shown(
    chosen: Places, outcome: NDArray[np.int8], winner: Places, best: Floats, rule: NDArray[np.int8],
    ranked: tuple[Places, Places, Floats], policy: IdentifyPolicy,
) -> Verdicts:  # fmt: skip
    """The verdicts with the candidates that are worth showing."""
    line, work, share = ranked
    place = np.searchsorted(chosen, line)
    rank = np.arange(len(line)) - np.searchsorted(line, line, side="left")
    show = (rank < policy.candidates_most) & (outcome[place] != UNMATCHED) & ((share >= _SHOWN_LEAST) | (rank == 0))
    starts = np.concatenate(([0], np.cumsum(np.bincount(place[show], minlength=len(chosen))))).astype(np.int64)
    return Verdicts(outcome, winner, best, rule, starts, work[show], np.round(share[show], 6))


def _agreement(figures: Figures) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether title (one of its forms, to the letter), performer and writer agree."""
    title = figures[:, _TITLE_FORMS].max(axis=1, initial=0) == 1
    name = figures[:, [_AT["performer_best"], _AT["performer_all"]]].max(axis=1, initial=0)
    spoken = figures[:, _AT["performer_spoken"]] >= _SPOKEN
    performer = (figures[:, _AT["performer_state"]] == 0) & ((name >= _AGREES) | spoken)
    writer = (figures[:, _AT["writer_state"]] == 0) & (figures[:, _AT["writer_best"]] >= _AGREES)
    return title, performer, writer


def sure_enough(figures: Figures) -> NDArray[np.bool_]:
    """False where a pair may not be matched however probable.

    That is: the titles are unlike, or differ and no name agrees, or are equal but the performers stated are others, or
    what stands in their brackets is, or one short word lies within the other. Where performer and title were read in
    each other's place, both must agree.
    """
    title, performer, writer = _agreement(figures)
    alike = figures[:, _TITLE_LIKENESS].max(axis=1, initial=0) >= _ALIKE
    alike |= figures[:, _AT["title_spoken"]] >= _SPOKEN
    best = figures[:, [_AT["performer_best"], _AT["performer_all"]]].max(axis=1, initial=0)
    other = (figures[:, _AT["performer_state"]] == 0) & (best < _DISAGREES) & ~performer
    fits = (title & (writer | ~other)) | (alike & (performer | writer))
    fits &= performer | (figures[:, _AT["reading"]] < DASHED_TURNED)
    result: NDArray[np.bool_] = fits & (~_apart(figures) | (writer & ~other & title))
    return result


def _apart(figures: Figures) -> NDArray[np.bool_]:
    """Whether titles are two, whatever names agree.

    Other brackets (`Tonight (A)`, `Tonight (B)`); other numbers; short words two letters apart; half of a short Han
    title another one (衢州, 湖州), unless it sounds the same.
    """
    at = {name: figures[:, place] for name, place in _AT.items()}
    forms = figures[:, _TITLE_FORMS].max(axis=1, initial=0)
    brackets = (at["aside"] >= 0) & (at["aside"] < _ASIDE_AGREES) & (np.maximum(at["title_full"], at["title_raw"]) < 1)
    looser = (at["title_begin"] == 1) | (at["title_loose"] == 1)
    short = (at["edits"] >= 2) & (at["title_size"] <= _SHORT + _FOR_EACH_MORE * (at["edits"] - 2))
    half = (forms < _HALF) & (at["sound"] == 0)
    spelt = at["title_spoken"] >= _SPOKEN
    result: NDArray[np.bool_] = brackets | ((forms < 1) & ((at["numbers"] == 0) | ((short | half) & ~looser & ~spelt)))
    return result


def rules(figures: Figures) -> NDArray[np.int8]:
    """Which rule names each pair's evidence."""
    title, performer, writer = _agreement(figures)
    names = np.where(performer & writer, 0, np.where(performer, 1, np.where(writer, 2, 3)))
    return np.where(title, names, RULES.index("scored")).astype(np.int8)

"""How right a matcher's best candidates are: one arithmetic for Partita and for every peer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NONE = -1
"""No work: as truth, the work is not in the repertoire; as answer, no candidate."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Of each line: the best candidate and its score, the work that was decided on (or NONE), whether it was asked."""

    best: NDArray[np.int64]
    score: NDArray[np.float64]
    asked: NDArray[np.bool_]
    decided: NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True)
class Rates:
    """Precision, recall and F1, rounded to four places."""

    precision: float
    recall: float
    f1: float


def rates(won: NDArray[np.int64], truth: NDArray[np.int64], chosen: NDArray[np.bool_]) -> Rates:
    """Over the chosen lines: precision of lines with a work, recall over lines whose work is in the repertoire."""
    given = (won != NONE) & chosen
    right = int((given & (won == truth)).sum())
    precision = right / max(1, int(given.sum()))
    recall = right / max(1, int(((truth != NONE) & chosen).sum()))
    f1 = 2 * precision * recall / max(1e-12, precision + recall)
    return Rates(round(precision, 4), round(recall, 4), round(f1, 4))


def _ranked(
    answers: Answers, truth: NDArray[np.int64], chosen: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Scores of chosen lines with a candidate, best first, and how many are right and are given down to each.

    Of lines with equal scores all are counted, or none.
    """
    place = np.flatnonzero(chosen & (answers.best != NONE))
    place = place[np.argsort(-answers.score[place], kind="stable")]
    score = answers.score[place]
    right = np.cumsum(answers.best[place] == truth[place])
    last = np.ones(len(score), bool)
    last[:-1] = score[1:] != score[:-1]
    return score[last], right[last], (np.arange(len(score)) + 1)[last]


def best_threshold(answers: Answers, truth: NDArray[np.int64], dev: NDArray[np.bool_]) -> float:
    """The score from which taking best candidates has the best F1 on the dev lines."""
    score, right, given = _ranked(answers, truth, dev & answers.asked)
    there = int(((truth != NONE) & dev & answers.asked).sum())
    f1 = 2 * right / np.maximum(1, given + there)
    return float(score[f1.argmax()]) if len(score) else 0.0


def over(answers: Answers, threshold: float) -> NDArray[np.int64]:
    """The best candidate of each line whose score reaches the threshold."""
    return np.where(answers.score >= threshold, answers.best, NONE)


def recall_at(least: float, answers: Answers, truth: NDArray[np.int64], chosen: NDArray[np.bool_]) -> float:
    """The largest recall that some threshold reaches at a precision of at least `least`, taking best candidates."""
    chosen = chosen & answers.asked
    _, right, given = _ranked(answers, truth, chosen)
    good = right / np.maximum(1, given) >= least
    return round(float(right[good].max(initial=0) / max(1, int(((truth != NONE) & chosen).sum()))), 4)

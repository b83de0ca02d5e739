"""From features to the odds that a pair is right, and from the odds of a line's candidates to probabilities.

`scorer_v1.json` holds a sum of small decision tables (oblivious trees): each asks a few yes-no questions of a row of
features and adds a whole number of thousandths of a logit. It was fitted by `python -m benchmarks.identify_train` on
made-up songs and usage; its probabilities are those of a choice among a line's candidates and "none of them".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from partita.identify.features import NAMES, Figures
from partita.text.compiled import compiled
from partita.text.ragged import Places

Floats = NDArray[np.float64]
_MILLI = 1000.0
_LOGIT_MOST = 16.0
_BLOCK = 512
"""Rows that are asked together."""


@dataclass(frozen=True, slots=True)
class Scorer:
    """Tests (feature <= threshold), trees (which tests each asks) and leaves (thousandths of a logit)."""

    version: int
    feature: NDArray[np.int64]
    threshold: NDArray[np.float32]
    trees: NDArray[np.int64]
    leaves: NDArray[np.int32]
    bias_milli: int

    @classmethod
    def of(cls, data: Mapping[str, object]) -> Scorer:
        """A scorer from its JSON form; raises ValueError where it was made for other features."""
        if data["features"] != list(NAMES):
            raise ValueError("scorer: its features are not those of this version")
        tests = np.array(data["tests"], np.float64).reshape(-1, 2)
        return cls(int(str(data["version"])), tests[:, 0].astype(np.int64), tests[:, 1].astype(np.float32),
                   np.array(data["trees"], np.int64), np.array(data["leaves_milli"], np.int32),
                   int(str(data["bias_milli"])))  # fmt: skip

    def logits(self, figures: Figures) -> Floats:
        """The logit of each row of features."""
        total = _added_up(figures, self.feature, self.threshold, self.trees, self.leaves) + np.int32(self.bias_milli)
        return np.clip(total / _MILLI, -_LOGIT_MOST, _LOGIT_MOST)


@compiled
def _added_up(
    figures: Figures, feature: Places, threshold: Figures, trees: Places, leaves: NDArray[np.int32]
) -> NDArray[np.int32]:
    """For each row the sum of the leaves that its answers lead to."""
    out = np.zeros(len(figures), np.int32)
    answers, place = np.zeros((len(feature), _BLOCK), np.uint8), np.zeros(_BLOCK, np.uint8)
    for begin in range(0, len(figures), _BLOCK):
        rows = min(_BLOCK, len(figures) - begin)
        for test in range(len(feature)):
            of_test, asked, bound = answers[test], feature[test], threshold[test]
            for row in range(rows):
                of_test[row] = figures[begin + row, asked] <= bound
        for tree in range(len(trees)):
            place[:] = 0
            for bit in range(trees.shape[1]):
                of_test = answers[trees[tree, bit]]
                for row in range(_BLOCK):
                    place[row] |= of_test[row] << np.uint8(bit)
            of_tree = leaves[tree]
            for row in range(rows):
                out[begin + row] += of_tree[place[row]]
    return out


@cache
def scorer_v1() -> Scorer:
    """The scorer that is shipped."""
    text = resources.files("partita.identify").joinpath("scorer_v1.json").read_text(encoding="utf-8")
    return Scorer.of(json.loads(text))


def odds(figures: Figures) -> Floats:
    """The odds of each pair against "none of the candidates"."""
    result: Floats = np.exp(scorer_v1().logits(figures))
    return result


def probabilities(line: Places, odds_: Floats) -> Floats:
    """Of pairs ordered by line: the probability of each, where those of a line and of "none" sum to 1."""
    if not len(line):
        return np.zeros(0, np.float64)
    new = np.concatenate(([True], line[1:] != line[:-1]))
    group = np.cumsum(new) - 1
    result: Floats = np.round(odds_ / (1 + np.bincount(group, weights=odds_))[group], 6)
    return result

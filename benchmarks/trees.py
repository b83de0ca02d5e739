"""Boosted oblivious trees for two classes, in numpy alone: every leaf of a tree asks the same questions.

Small data and few features only; the same data give the same trees.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DEPTH = 4
RATE = 0.15
PENALTY = 2.0
LEAST = 0.5
"""The weight (of second derivatives) that each side of a question needs in a leaf."""
CUTS_MOST = 24


@dataclass(frozen=True, slots=True)
class Trees:
    """Questions (feature, cut) of each tree, and the logit that each leaf adds."""

    questions: list[list[tuple[int, float]]]
    leaves: list[Floats]
    bias: float

    def logits(self, figures: Floats) -> Floats:
        """The logit of each row."""
        total = np.full(len(figures), self.bias)
        for asked, leaves in zip(self.questions, self.leaves, strict=True):
            place = np.zeros(len(figures), np.int64)
            for bit, (feature, cut) in enumerate(asked):
                place |= (figures[:, feature] <= cut).astype(np.int64) << bit
            total += leaves[place]
        return total


def fit(figures: Floats, right: NDArray[np.bool_], weight: Floats, count: int) -> Trees:
    """`count` trees for rows that are `right` or not, each row counting as much as its `weight`."""
    cuts = [_cuts(figures[:, f]) for f in range(figures.shape[1])]
    binned = np.stack([np.searchsorted(c, figures[:, f], side="left") for f, c in enumerate(cuts)]).astype(np.int32)
    share = float((weight * right).sum() / weight.sum())
    bias = float(np.log(share / (1 - share)))
    score = np.full(len(right), bias)
    questions, leaves = [], []
    for _ in range(count):
        said = 1 / (1 + np.exp(-score))
        hessian = weight * np.maximum(said * (1 - said), 1e-6)
        asked, place, values = _grow(binned, cuts, weight * (said - right), hessian)
        score += values[place]
        questions.append([(f, float(cuts[f][at])) for f, at in asked])
        leaves.append(values)
    return Trees(questions, leaves, bias)


def _cuts(column: Floats) -> Floats:
    """Halfway between neighbouring values, at the quantiles where there are too many."""
    values = np.unique(np.round(column, 4))
    if len(values) > CUTS_MOST:
        values = np.unique(np.quantile(values, np.linspace(0, 1, CUTS_MOST)))
    middle: Floats = (values[1:] + values[:-1]) / 2
    return middle


def _grow(
    binned: NDArray[np.int32], cuts: list[Floats], gradient: Floats, hessian: Floats
) -> tuple[list[tuple[int, int]], NDArray[np.int64], Floats]:
    """One tree: the questions that gain most, level by level; each row's leaf; each leaf's value."""
    place = np.zeros(len(gradient), np.int64)
    asked: list[tuple[int, int]] = []
    for level in range(DEPTH):
        gains = [_gain(binned[f], len(c) + 1, place, 1 << level, gradient, hessian) for f, c in enumerate(cuts)]
        best = max(range(len(cuts)), key=lambda f: (gains[f][0], -f))
        asked.append((best, gains[best][1]))
        place |= (binned[best] <= gains[best][1]).astype(np.int64) << level
    g, h = np.bincount(place, gradient, 1 << DEPTH), np.bincount(place, hessian, 1 << DEPTH)
    return asked, place, -RATE * g / (h + PENALTY)


def _gain(
    column: NDArray[np.int32], width: int, place: NDArray[np.int64], size: int, gradient: Floats, hessian: Floats
) -> tuple[float, int]:
    """The best cut of one feature: what it gains over all leaves, and where it lies."""
    if width < 2:
        return -1.0, 0
    code = place * width + column
    g = np.bincount(code, gradient, size * width).reshape(-1, width)
    h = np.bincount(code, hessian, size * width).reshape(-1, width)
    gl, hl = g.cumsum(1)[:, :-1], h.cumsum(1)[:, :-1]
    gr, hr = g.sum(1, keepdims=True) - gl, h.sum(1, keepdims=True) - hl
    whole = (gl + gr) ** 2 / (hl + hr + PENALTY)
    gain = gl**2 / (hl + PENALTY) + gr**2 / (hr + PENALTY) - whole
    gain = np.where((hl >= LEAST) & (hr >= LEAST), gain, 0).sum(0)
    at = int(gain.argmax())
    return float(gain[at]), at

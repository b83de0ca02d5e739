"""From features to the odds that a pair is right, and from the odds of all candidates to probabilities."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from partita.identify.features import NAMES, Figures
from partita.text.ragged import Places

Floats = NDArray[np.float64]


def odds(figures: Figures) -> Floats:
    """The odds of each pair, by hand-set weights."""
    at = {name: figures[:, i].astype(np.float64) for i, name in enumerate(NAMES)}
    title = np.maximum(np.maximum(at["title_core"], at["title_full"]), at["title_raw"])
    title = np.where((at["title_begin"] == 1) & (at["title_size"] >= 10), np.maximum(title, 0.93), title)
    performer = np.maximum(at["performer_best"], at["performer_all"])
    agree = np.where(at["performer_state"] == 0, 12 * (performer - 0.72), -0.5)
    wrote = np.where(at["writer_state"] == 0, np.where(at["writer_best"] > 0.9, 4.0, -0.5), 0.0)
    exact = np.where(title == 1, 1.0 + 0.12 * at["title_size"] - 0.5 * at["title_works"], -14 * (1 - title) / (0.3 + 0.7 * at["title_size"] / 40))
    numbers = np.where(at["numbers"] == 0, -4.0, 0.0)
    score = -1.0 + exact + agree + wrote + numbers + np.where(at["reading"] > 0, -0.5, 0.0) + at["sound"]
    score += 0.5 * (at["title_raw"] - 1)
    return np.exp(np.clip(score, -20, 14))


def probabilities(line: Places, odds_: Floats) -> Floats:
    """Of pairs ordered by line: the probability of each, where those of a line and of "none" sum to 1."""
    if not len(line):
        return np.zeros(0, np.float64)
    new = np.concatenate(([True], line[1:] != line[:-1]))
    group = np.cumsum(new) - 1
    result: Floats = odds_ / (1 + np.bincount(group, weights=odds_))[group]
    return result

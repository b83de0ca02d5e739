"""Fits the scorer of `identify` on made-up songs and usage, and writes `scorer_v1.json`.

    python -m benchmarks.identify_train [--out FILE] [--golden FILE]

Boosted oblivious trees in numpy, fitted as a choice among each line's candidates and "none of them", so that the
probabilities are calibrated by line; then scaled on songs of other seeds than it was fitted on. Everything is made
here from seeds, the first scorer too: the same command gives the same bytes, whatever was shipped before. Takes a few
minutes.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from benchmarks.identify_data import Case, case

from partita.identify import scorer
from partita.identify.features import NAMES
from partita.identify.lines import distinct_lines
from partita.identify.policy import IdentifyPolicy
from partita.identify.stage import prepare, searched_pairs
from partita.text.compiled import compiled

DEPTH, RATE, THRESHOLDS_MOST, PENALTY, CHILD_LEAST = 6, 0.15, 28, 3.0, 25
CAUTION = -0.45
"""Added to each logit: real repertoires hold what made-up ones do not, one song twice under other names and numbers."""
TREES = (40, 160)
"""Trees of the first scorer, which only chooses the readings that the second is fitted on, and of the second."""
OUT = Path(__file__).resolve().parents[1] / "src/partita/identify/scorer_v1.json"


@dataclass(slots=True)
class Examples:
    """Compared pairs: features, the line each belongs to, and 1 where it is right."""

    figures: np.ndarray
    group: np.ndarray
    right: np.ndarray
    groups: int


def examples(made: Case) -> Examples:
    """All candidate pairs of a made-up case (each distinct line once), labelled, in the order of lines and works."""
    prepared, lines = prepare(made.repertoire), distinct_lines(made.usage)
    pairs = searched_pairs(lines, np.arange(len(lines)), prepared, IdentifyPolicy(accept=1.0, reject=0.15))
    truth = np.full(len(lines), -1)
    number = {work: i for i, work in enumerate(prepared.index.work_ids)}
    truth[lines.line_of_row] = [number.get(work, -1) for work in made.truth]
    group = _first_seen(lines.line_of_row)[pairs.line]
    order = np.lexsort((pairs.work, group))
    right = (pairs.work == truth[pairs.line]).astype(np.float64)
    return Examples(pairs.figures[order], group[order], right[order], len(lines))


def _first_seen(line_of_row: np.ndarray) -> np.ndarray:
    """For each distinct line its place among them in the order of the usage list."""
    _, first = np.unique(line_of_row, return_index=True)
    return np.argsort(np.argsort(first))


def thresholds(column: np.ndarray) -> np.ndarray:
    """Where a feature may be cut: quantiles of its values, midway to the next value."""
    values = np.unique(np.round(column, 3))
    if len(values) > THRESHOLDS_MOST:
        similarity = values.max() <= 1
        spread = column[column < 1] if similarity else column
        cuts = np.unique(np.quantile(spread, np.linspace(0, 1, THRESHOLDS_MOST)).round(3)[:-1])
        return np.append(cuts[cuts < 0.999], 0.9995) if similarity else cuts
    return (values[1:] + values[:-1]) / 2


def shares(score: np.ndarray, data: Examples) -> np.ndarray:
    """The probability of each pair among its line's."""
    odds = np.exp(np.clip(score, -16, 16))
    return odds / (1 + np.bincount(data.group, weights=odds, minlength=data.groups))[data.group]


def loss(score: np.ndarray, data: Examples) -> float:
    """Mean negative log likelihood by line."""
    odds = np.exp(np.clip(score, -16, 16))
    total = 1 + np.bincount(data.group, weights=odds, minlength=data.groups)
    chosen = np.bincount(data.group, weights=odds * data.right, minlength=data.groups)
    none = np.bincount(data.group, weights=data.right, minlength=data.groups) == 0
    return float(-np.log(np.where(none, 1, chosen) / total).mean())


def bins(data: Examples, cuts: list[np.ndarray]) -> np.ndarray:
    """Each feature as the number of its cuts that lie below it."""
    return np.stack([np.searchsorted(c, data.figures[:, f], side="left") for f, c in enumerate(cuts)]).astype(np.uint8)


@compiled
def _sums(
    place: np.ndarray, binned: np.ndarray, width: int, gradient: np.ndarray, hessian: np.ndarray, nodes: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The sum of gradients and of hessians, and the number of rows, for each node and bin."""
    g, h, n = np.zeros((nodes, width)), np.zeros((nodes, width)), np.zeros((nodes, width), np.int64)
    for row in range(len(place)):
        node, at = place[row], binned[row]
        g[node, at] += gradient[row]
        h[node, at] += hessian[row]
        n[node, at] += 1
    return g, h, n


def grow(
    binned: np.ndarray, cuts: list[np.ndarray], gradient: np.ndarray, hessian: np.ndarray
) -> tuple[list[tuple[int, int]], np.ndarray]:
    """One tree: the tests that gain most, level by level, and the value of each leaf."""
    place = np.zeros(len(gradient), np.int64)
    chosen: list[tuple[int, int]] = []
    for level in range(DEPTH):
        best = (-1.0, (0, 0))
        for f, c in enumerate(cuts):
            if not len(c):
                continue
            width = len(c) + 1
            g, h, n = _sums(place, binned[f], width, gradient, hessian, 1 << level)
            gl, hl, nl = g.cumsum(1)[:, :-1], h.cumsum(1)[:, :-1], n.cumsum(1)[:, :-1]
            gr, hr, nr = g.sum(1, keepdims=True) - gl, h.sum(1, keepdims=True) - hl, n.sum(1, keepdims=True) - nl
            gain = gl**2 / (hl + PENALTY) + gr**2 / (hr + PENALTY) - (gl + gr) ** 2 / (hl + hr + PENALTY)
            gain = np.where((nl >= CHILD_LEAST) & (nr >= CHILD_LEAST), gain, 0).sum(0)
            at = int(gain.argmax())
            if gain[at] > best[0]:
                best = (float(gain[at]), (f, at))
        f, at = best[1]
        chosen.append((f, at))
        place |= (binned[f] <= at).astype(np.int64) << level
    g = np.bincount(place, gradient, 1 << DEPTH)
    h = np.bincount(place, hessian, 1 << DEPTH)
    return chosen, -RATE * g / (h + PENALTY)


def fit(data: Examples, count: int) -> dict[str, object]:
    """The scorer's JSON form."""
    cuts = [thresholds(data.figures[:, f]) for f in range(len(NAMES))]
    binned = bins(data, cuts)
    score = np.full(len(data.right), -2.0)
    tests: dict[tuple[int, float], int] = {}
    trees, leaves = [], []
    for number in range(count):
        share = shares(score, data)
        chosen, values = grow(binned, cuts, share - data.right, np.maximum(share * (1 - share), 1e-4))
        milli = np.round(values * 1000).astype(int)
        place = np.zeros(len(score), np.int64)
        tree = []
        for bit, (f, at) in enumerate(chosen):
            place |= (binned[f] <= at).astype(np.int64) << bit
            tree.append(tests.setdefault((f, round(float(cuts[f][at]), 4)), len(tests)))
        score += milli[place] / 1000
        trees.append(tree)
        leaves.append(milli.tolist())
        if number % 20 == 19:
            print(f"tree {number + 1}: loss {loss(score, data):.5f}", flush=True)
    return {"version": 1, "features": list(NAMES), "tests": [list(t) for t in tests], "trees": trees,
            "leaves_milli": leaves, "bias_milli": -2000}  # fmt: skip


def first_scorer() -> scorer.Scorer:
    """By hand: equal titles, begun titles, agreeing names. It only chooses between readings before one is fitted."""
    asked = [("title_core", 0.9995), ("title_core", 0.7), ("performer_best", 0.85), ("performer_best", 0.6),
             ("writer_best", 0.85), ("title_full", 0.9995)]  # fmt: skip
    worth = (1500, 2500, 2500, 500, 2500, 500)
    leaves = [sum(w for bit, w in enumerate(worth) if not place >> bit & 1) for place in range(1 << len(asked))]
    return scorer.Scorer.of({
        "version": 1, "features": list(NAMES), "tests": [[NAMES.index(name), cut] for name, cut in asked],
        "trees": [list(range(len(asked)))], "leaves_milli": [leaves], "bias_milli": -5000,
    })  # fmt: skip


def use(model: scorer.Scorer) -> None:
    """Has `identify` use this scorer, not the one on disk."""
    scorer.scorer_v1 = lambda: model


def scaled(made: dict[str, object], scale: float, shift: float) -> dict[str, object]:
    """The scorer with each logit times `scale` plus `shift`."""
    leaves = [[round(v * scale) for v in tree] for tree in made["leaves_milli"]]
    return made | {"leaves_milli": leaves, "bias_milli": round(made["bias_milli"] * scale + shift * 1000)}


def calibrated(made: dict[str, object], others: Examples) -> dict[str, object]:
    """The scorer scaled so that its probabilities are honest on songs that it has not seen, and then more careful."""
    score = scorer.Scorer.of(made).logits(others.figures)
    grid = [(round(0.6 + 0.05 * i, 2), round(-0.6 + 0.1 * j, 2)) for i in range(9) for j in range(13)]
    best = min(grid, key=lambda at: (loss(score * at[0] + at[1], others), at))
    print(f"calibration: logits times {best[0]} plus {best[1]}", flush=True)
    return scaled(made, best[0], best[1] + CAUTION)


def report(name: str, model: scorer.Scorer, data: Examples) -> None:
    """Prints loss and calibration by line."""
    score = model.logits(data.figures)
    share = shares(score, data)
    print(f"{name}: loss {loss(score, data):.5f}")
    order = np.lexsort((-share, data.group))
    first = order[np.concatenate(([True], data.group[order][1:] != data.group[order][:-1]))]
    edges = (0, 0.15, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 1)
    for low, high in pairwise(edges):
        here = first[(share[first] >= low) & (share[first] < high + (high == 1))]
        if len(here):
            said, right = share[here].mean(), data.right[here].mean()
            print(f"  {low:.3f}-{high:.3f}: {len(here):6d} lines, said {said:.4f}, right {right:.4f}")


def joined(parts: list[Examples]) -> Examples:
    """Examples of several cases as one."""
    shift = np.cumsum([0, *(p.groups for p in parts)])
    return Examples(np.concatenate([p.figures for p in parts]),
                    np.concatenate([p.group + s for p, s in zip(parts, shift[:-1], strict=True)]),
                    np.concatenate([p.right for p in parts]), int(shift[-1]))  # fmt: skip


def golden(model: scorer.Scorer) -> dict[str, object]:
    """Rows of features from the least to the most likely, and their scores in thousandths of a logit, for the tests."""
    rows = np.unique(np.round(examples(case(41, 600, 400)).figures, 3), axis=0)
    order = np.argsort(model.logits(rows), kind="stable")
    rows = rows[order[np.linspace(0, len(rows) - 1, 24).astype(int)]]
    logits = [round(x * 1000) for x in model.logits(rows).tolist()]
    return {"features": list(NAMES), "rows": rows.astype(float).round(3).tolist(), "logits_milli": logits}


def write(path: Path, data: dict[str, object]) -> None:
    """One line of JSON."""
    path.write_text(json.dumps(data, separators=(",", ":")) + "\n", encoding="utf-8")


CASES = (
    (150, 8, 15, 2_000, 0.1), (400, 10, 16, 6_000, 0.15), (700, 6, 17, 6_000, 0.25), (1_000, 20, 18, 6_000, 0.4),
    (800, 0, 13, 4_000, 0.3), (8_000, 0, 12, 12_000, 0.4),
    (60_000, 0, 11, 90_000, 0.15), (90_000, 0, 14, 90_000, 0.25), (150_000, 0, 19, 120_000, 0.15),
)  # fmt: skip
"""Works, performers where they are few, seed, lines, and the part of songs that no repertoire has.

Houses of few performers, a small register, one mostly of others' songs, and three large ones.
"""
SMALL = 6
"""How many of them, the first, the first scorer is fitted on."""
UNSEEN = ((40_000, 0, 21, 12_000, 0.2), (1_000, 0, 22, 4_000, 0.2), (400, 10, 23, 2_000, 0.2))
"""What the probabilities are calibrated on."""
JUDGED = ((40_000, 0, 31, 12_000, 0.2), (1_000, 0, 32, 4_000, 0.3), (400, 9, 33, 4_000, 0.2))
"""What they are judged on, here in print."""


def cases(rows: Sequence[tuple[int, int, int, int, float]]) -> list[Case]:
    """The made-up cases of rows as in `CASES`."""
    return [case(seed, works, lines, outside=outside, few=few) for works, few, seed, lines, outside in rows]


def main() -> None:
    """Makes the cases, fits, calibrates on other seeds, judges on others again, writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--golden", type=Path, help="also write golden scores for the tests here")
    arguments = parser.parse_args()
    made = cases(CASES)
    use(first_scorer())
    fitted: dict[str, object] = {}
    for count, of in zip(TREES, (made[:SMALL], made), strict=True):
        print(f"{count} trees", flush=True)
        fitted = fit(joined([examples(c) for c in of]), count)
        use(scorer.Scorer.of(fitted))
    fitted = calibrated(fitted, joined([examples(c) for c in cases(UNSEEN)]))
    use(scorer.Scorer.of(fitted))
    for row, judged in zip(JUDGED, cases(JUDGED), strict=True):
        report(f"{row[0]} works", scorer.Scorer.of(fitted), examples(judged))
    write(arguments.out, fitted)
    if arguments.golden:
        write(arguments.golden, golden(scorer.Scorer.of(fitted)))


if __name__ == "__main__":
    main()

"""Measures `partita.identify.clusters` on MusicBrainz 20K: which of 19,375 records of five sources are one recording.

    python benchmarks/musicbrainz.py [--json]

A fifth of the true clusters (drawn by a seed; 7 is the headline) is dev. Precision, recall and F1 are over pairs of the
other four fifths; a pair of which one record is dev counts one half. `pairs` are pairs above one threshold; `groups`
are pairs within groups, of which none holds two records of one source. `cosine`: nothing but the text in common, with
one threshold; what this data set is usually measured against. `threshold`: the weights of all answers are learned
without labels, and dev labels choose the threshold alone. `labelled`: boosted trees learn from pairs that touch a dev
record (complete clusters are labelled, so that its other pairs are known to be wrong), in four folds; dev pairs are
judged by trees that have not seen their cluster, other pairs by the mean of the four.

The data stand beside the checkout (`../shared/data`, or PARTITA_SHARED), not in it; without them it says so and ends
with exit 2.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cpdist

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.musicbrainz_records import SOURCES, Records, load

from benchmarks import trees
from partita.identify.clusters import Pieces, alike, distinct_pairs, grouped, neighbours, pairs_of, weights
from partita.text.ragged import Places, join

SHARED = Path(os.environ.get("PARTITA_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"
FOLDER = SHARED / "musicbrainz20k"
SEEDS = (7, 1, 2, 3, 4)
Floats = NDArray[np.float64]
FOLDS, TREES = 4, 120
HOPELESS = -14.0
"""A logit below which the trees do not look at a pair."""
ABSENT = -3.0
"""What a pair that nobody proposed weighs in a group."""
SHIFTS = np.arange(-4.0, 5.0)
_TEXT_CUTS = (0.4, 0.55, 0.7, 0.8, 0.9, 0.97)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Proposed pairs of records and how alike they are; NaN where a text is missing."""

    left: Places
    right: Places
    cosine: Floats
    likeness: dict[str, Floats]
    answers: NDArray[np.int8]
    logit: Floats


def cpu_s() -> float:
    """CPU seconds, user and system, of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def candidates(records: Records, pieces: Pieces) -> tuple[Places, Places]:
    """Pairs that share rare pieces of text, or agree in length and number, length and year, or number, year, language.

    The latter find records whose whole text was lost with its script.
    """
    every = np.arange(len(records))
    found = [neighbours(pieces, 6, asked=8, holders_most=200),
             alike(_key(records.number, records.year, records.language), every, 15)]  # fmt: skip
    for shift in (0, 1):
        half = np.where(records.seconds > 0, (records.seconds + shift) // 2, -1)
        found += [alike(_key(half, records.number), every, 40), alike(_key(half, records.year), every, 15)]
    return distinct_pairs(np.concatenate([low for low, _ in found]), np.concatenate([high for _, high in found]))


def _key(*columns: Places) -> NDArray[np.uint64]:
    key = join(*(column.astype(np.uint64) for column in columns))
    key[np.any([column < 0 for column in columns], axis=0)] = 0
    return key


def likeness(texts: list[str], left: Places, right: Places, scorer: Callable[..., float] = fuzz.ratio) -> Floats:
    """0 to 1; NaN where either is empty."""
    a, b = [texts[k] for k in left.tolist()], [texts[k] for k in right.tolist()]
    result = cpdist(a, b, scorer=scorer, dtype=np.float32).astype(np.float64)
    empty = np.array([not text for text in texts])
    result[empty[left] | empty[right]] = np.nan
    return result if scorer is JaroWinkler.similarity else result / 100


def compared(records: Records) -> Pairs:
    """All proposed pairs, with the logits that are learned without labels."""
    pieces = Pieces.of(records.whole)
    left, right = candidates(records, pieces)
    cosine = pieces.cosine(left, right)
    like = {name: likeness(getattr(records, name), left, right) for name in ("title", "artist", "album", "latin")}
    answers = _answers(records, left, right, cosine, like)
    return Pairs(left, right, cosine, like, answers, weights(answers, (cosine > 0.6).astype(np.float64)))


def _answers(
    records: Records, left: Places, right: Places, cosine: Floats, like: dict[str, Floats]
) -> NDArray[np.int8]:
    """What each pair answers to nine questions; where one record lost its script, only what is left of it is asked."""
    foreign = records.other_script
    lost = ((foreign[left] > 0.3) & (foreign[right] == 0)) | ((foreign[right] > 0.3) & (foreign[left] == 0))
    lost |= np.minimum(records.whole.lengths[left], records.whole.lengths[right]) < 3
    columns = []
    asked = [(cosine, np.arange(0.1, 0.95, 0.08)), *((like[name], _TEXT_CUTS) for name in ("title", "artist", "album"))]
    for value, cuts in asked:
        answer = np.searchsorted(cuts, np.nan_to_num(value), side="right")
        columns.append(np.where(np.isnan(value) | lost, -1, answer))
    remains = np.searchsorted((0.3, 0.5, 0.7, 0.9), np.nan_to_num(like["latin"]), side="right")
    columns.append(np.where(lost, remains, -1))
    for field, cuts in ((records.number, (1,)), (records.seconds, (1, 2, 3, 6)), (records.year, (1,)),
                        (records.language, (1,))):  # fmt: skip
        far = np.searchsorted(cuts, np.abs(field[left] - field[right]), side="right")
        columns.append(np.where((field[left] < 0) | (field[right] < 0), -1, far))
    return np.column_stack(columns).astype(np.int8)


def features(records: Records, pairs: Pairs) -> Floats:
    """One row of figures a pair, for the trees."""
    left, right = pairs.left, pairs.right
    whole = records.whole.strings()
    texts = [*pairs.likeness.values(), likeness(whole, left, right),
             *(likeness(t, left, right, fuzz.partial_ratio) for t in (records.title, records.latin, whole)),
             likeness(records.title, left, right, JaroWinkler.similarity)]  # fmt: skip
    length = records.whole.lengths
    columns = [
        pairs.logit, pairs.cosine, *(np.nan_to_num(t, nan=-0.1) for t in texts),
        *(_apart(f, left, right) for f in (records.number, records.seconds, records.year, records.language)),
        np.abs(records.other_script[left] - records.other_script[right]),
        np.minimum(length[left], length[right]), np.maximum(length[left], length[right]),
        *pairs.answers.T, *_margins(records.source, pairs),
    ]  # fmt: skip
    return np.column_stack(columns).astype(np.float64)


def _apart(field: Places, left: Places, right: Places) -> Floats:
    apart = np.minimum(np.abs(field[left] - field[right]), 60).astype(np.float64)
    return np.where((field[left] < 0) | (field[right] < 0), -1.0, apart)


def _margins(source: Places, pairs: Pairs) -> tuple[Floats, Floats]:
    """By how much a pair is better than the next best of either record with a record of the other's source."""
    keys = [a * SOURCES + source[b] for a, b in ((pairs.left, pairs.right), (pairs.right, pairs.left))]
    key, value = np.concatenate(keys), np.concatenate((pairs.logit, pairs.logit))
    order = np.lexsort((-value, key))
    first = np.concatenate(([True], key[order][1:] != key[order][:-1]))
    best = np.full(len(source) * SOURCES, -30.0)
    second = best.copy()
    best[key[order][first]] = value[order][first]
    runner = np.concatenate(([False], first[:-1])) & ~first
    second[key[order][runner]] = value[order][runner]
    ahead = [pairs.logit - np.where(best[k] == pairs.logit, second[k], best[k]) for k in keys]
    return np.minimum(*ahead), np.maximum(*ahead)


def labelled(records: Records, pairs: Pairs, figures: Floats, dev: NDArray[np.bool_]) -> Floats:
    """Logits of trees that learned from pairs that touch dev; those pairs' own are out of fold."""
    right = records.truth[pairs.left] == records.truth[pairs.right]
    weight = (dev[pairs.left].astype(np.float64) + dev[pairs.right]) / 2
    fold = (records.truth * 2_654_435_761 % (1 << 32) >> 8) % FOLDS
    of_pair = np.where(dev[pairs.left], fold[pairs.left], fold[pairs.right])
    total, own = np.zeros(len(right)), np.zeros(len(right))
    for number in range(FOLDS):
        touched = (dev[pairs.left] & (fold[pairs.left] == number)) | (dev[pairs.right] & (fold[pairs.right] == number))
        seen = (weight > 0) & ~touched
        said = trees.fit(figures[seen], right[seen], weight[seen], TREES).logits(figures)
        total += said
        own = np.where(of_pair == number, said, own)
    return np.where(weight > 0, own, total / FOLDS)


def rates(records: Records, found: tuple[Places, Places], chosen: NDArray[np.bool_]) -> dict[str, float]:
    """Precision, recall and F1 of pairs, each counting by how many of its records are chosen."""
    weight = _weight(found, chosen)
    right = records.truth[found[0]] == records.truth[found[1]]
    there = _weight(pairs_of(records.truth), chosen).sum()
    precision, recall = weight[right].sum() / max(weight.sum(), 1e-9), weight[right].sum() / there
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"precision": round(float(precision), 4), "recall": round(float(recall), 4), "f1": round(float(f1), 4)}


def _weight(found: tuple[Places, Places], chosen: NDArray[np.bool_]) -> Floats:
    return (chosen[found[0]].astype(np.float64) + chosen[found[1]]) / 2


def least_of(records: Records, pairs: Pairs, score: Floats, dev: NDArray[np.bool_]) -> float:
    """The threshold that is best on dev."""
    weight, right = _weight((pairs.left, pairs.right), dev), records.truth[pairs.left] == records.truth[pairs.right]
    order = np.argsort(-score, kind="stable")
    found, wrong = np.cumsum((weight * right)[order]), np.cumsum((weight * ~right)[order])
    there = _weight(pairs_of(records.truth), dev).sum()
    return float(score[order][(2 * found / (found + wrong + there)).argmax()])


def as_pairs(records: Records, pairs: Pairs, score: Floats, dev: NDArray[np.bool_]) -> dict[str, float]:
    """Rates on the other four fifths of the pairs above one threshold."""
    above = score >= least_of(records, pairs, score, dev)
    return rates(records, (pairs.left[above], pairs.right[above]), ~dev)


def as_groups(records: Records, pairs: Pairs, logit: Floats, dev: NDArray[np.bool_]) -> dict[str, float]:
    """Rates on the other four fifths of pairs within groups, at the threshold whose groups are best on dev."""
    least, sides = least_of(records, pairs, logit, dev), (len(records), pairs.left, pairs.right)
    groups = [pairs_of(grouped(*sides, logit - least - shift, records.source, absent=ABSENT)) for shift in SHIFTS]
    best = max(range(len(SHIFTS)), key=lambda k: (rates(records, groups[k], dev)["f1"], -abs(SHIFTS[k])))
    return rates(records, groups[best], ~dev)


def calibration(records: Records, pairs: Pairs, logit: Floats, dev: NDArray[np.bool_]) -> dict[str, dict[str, float]]:
    """What the labelled probabilities of pairs outside dev say, and how many of them are right."""
    there = ~dev[pairs.left] & ~dev[pairs.right]
    said, right = 1 / (1 + np.exp(-logit[there])), (records.truth[pairs.left] == records.truth[pairs.right])[there]
    edges = (0, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99, 1.01)
    place = np.searchsorted(edges, said, side="right") - 1
    result = {}
    for k, (low, high) in enumerate(pairwise(edges)):
        here = place == k
        result[f"{low:.2f} to {min(high, 1):.2f}"] = {
            "pairs": int(here.sum()),
            "said": round(float(said[here].mean()), 4),
            "right": round(float(right[here].mean()), 4),
        }
    return result


def of_dev(records: Records, seed: int) -> NDArray[np.bool_]:
    """Records of a fifth of the clusters."""
    clusters = np.unique(records.truth)
    drawn = np.random.default_rng(seed).permutation(clusters)[: len(clusters) // 5]
    return np.isin(records.truth, drawn)


def closer(pairs: Pairs) -> Pairs:
    """The pairs that are not hopeless."""
    kept = pairs.logit > HOPELESS
    like = {name: value[kept] for name, value in pairs.likeness.items()}
    return Pairs(pairs.left[kept], pairs.right[kept], pairs.cosine[kept], like, pairs.answers[kept], pairs.logit[kept])


def measure() -> dict[str, object]:
    """All figures of one run."""
    begin, wall = cpu_s(), time.perf_counter()
    records = load(FOLDER)
    pairs = compared(records)
    unlabelled_s = cpu_s() - begin
    found = int((records.truth[pairs.left] == records.truth[pairs.right]).sum())
    there, count = len(pairs_of(records.truth)[0]), len(pairs.left)
    every, pairs = pairs, closer(pairs)
    figures = features(records, pairs)
    results, spent, honest = [], [], {}
    for seed in SEEDS:
        dev = of_dev(records, seed)
        start = cpu_s()
        logit = labelled(records, pairs, figures, dev)
        spent.append(cpu_s() - start)
        results.append(
            {
                "cosine_pairs": as_pairs(records, every, every.cosine, dev),
                "threshold_pairs": as_pairs(records, pairs, pairs.logit, dev),
                "threshold_groups": as_groups(records, pairs, pairs.logit, dev),
                "labelled_pairs": as_pairs(records, pairs, logit, dev),
                "labelled_groups": as_groups(records, pairs, logit, dev),
            }
        )
        honest = honest or calibration(records, pairs, logit, dev)
    return {
        "records": len(records), "candidate_pairs": count, "candidate_recall": round(found / there, 4),
        **results[0],
        "seeds": {name: _spread([result[name]["f1"] for result in results]) for name in results[0]},
        "calibration_test": honest,
        "unlabelled_cpu_s": round(unlabelled_s, 2), "training_cpu_s": round(spent[0], 2),
        "wall_s": round(time.perf_counter() - wall, 2),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip


def _spread(values: list[float]) -> dict[str, float]:
    return {"mean_f1": round(float(np.mean(values)), 4), "worst_f1": min(values)}


def main() -> int:
    """Prints the figures as text, or as JSON with --json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    arguments = parser.parse_args()
    if not (FOLDER / "ground_truth.txt").exists():
        print("musicbrainz: skipped, the measuring data are absent (../shared/data or PARTITA_SHARED)", file=sys.stderr)
        return 2
    figures = measure()
    if arguments.json:
        print(json.dumps(figures))
        return 0
    for name, value in figures.items():
        print(f"{name:24} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Measures `partita.identify` with a scorer fitted on the list's own decided lines, beside the shipped one.

    python benchmarks/identify_labelled.py [--json] [--quick]

The shipped scorer is fitted on made-up songs alone. Matchers are often reported otherwise: trained on one part of the
lines, measured on the other. Here both scorers do the same lines, with the same candidates, features and rules; the
second is fitted on the first fifth of the lines (dev) without those that stand in the rest too. All quality is of the
other four fifths. The data stand beside the checkout; without them it ends with exit code 2.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import matching_data as data
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from benchmarks.identify_train import Examples, fit, use
from matching import quality
from matching_rates import NONE, Answers
from measured import tree_cpu_s

from partita.identify import IdentifyPolicy, identify, prepare, scorer
from partita.identify.lines import Lines, distinct_lines
from partita.identify.stage import Prepared, searched_pairs

TREES = 160
SHIPPED, OWN = "made-up songs (shipped)", "the list's first fifth"


def examples(lines: Lines, truth: np.ndarray, dev: np.ndarray, prepared: Prepared) -> Examples:
    """The compared pairs of the distinct lines that stand in dev alone, labelled."""
    wanted = np.setdiff1d(lines.line_of_row[dev], lines.line_of_row[~dev])
    pairs = searched_pairs(lines, wanted, prepared, IdentifyPolicy(accept=1.0))
    number = {work: i for i, work in enumerate(prepared.index.work_ids)}
    right = np.full(len(lines), NONE)
    right[lines.line_of_row] = [number.get(str(work), NONE) for work in truth.tolist()]
    group = np.searchsorted(wanted, pairs.line)
    return Examples(pairs.figures, group, (pairs.work == right[pairs.line]).astype(np.float64), len(wanted))


def answers(usage: pa.Table, prepared: Prepared) -> Answers:
    """Best candidate, its probability, and what the default policy decides."""
    matches = identify(usage, prepared, IdentifyPolicy())
    best = [c[0]["work_id"] if c else NONE for c in matches["candidates"].to_pylist()]
    decided = pc.fill_null(matches["work_id"].cast(pa.int64()), NONE).to_numpy()
    score = matches["probability"].to_numpy()
    return Answers(np.array(best, np.int64), score, np.ones(len(usage), bool), decided)


def measure(*, quick: bool = False) -> dict[str, Any]:
    """All figures of one run."""
    asked = data.lines(10 if quick else 1)
    usage, truth, dev = data.usage(asked), asked["truth"].to_numpy(), data.dev(asked)
    prepared = prepare(data.repertoire(data.works()))
    found = {SHIPPED: quality(answers(usage, prepared), quick=quick)}
    begin = tree_cpu_s()
    labelled = examples(distinct_lines(usage), truth, dev, prepared)
    fitted = fit(labelled, TREES)
    spent = tree_cpu_s() - begin
    use(scorer.Scorer.of(fitted))
    found[OWN] = quality(answers(usage, prepared), quick=quick)
    kinds = {name: one.pop("by_noise") for name, one in found.items()}
    return {
        "lines": len(usage), "decided_lines_that_it_was_fitted_on": labelled.groups, "fitting_cpu_s": round(spent, 1),
        "scorer_fitted_on": found,
        "recall_by_noise": {
            kind: {name: kinds[name][kind]["recall"] for name in kinds} for kind in kinds[SHIPPED]
        },
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(data.answer("identify_labelled", __doc__, measure, 40))

"""Measures `partita.identify` on 100,000 noisy multilingual lines against 151,066 works.

    python benchmarks/identify.py [--json]

The data stand beside the checkout (`../shared/data`, or PARTITA_SHARED), not in it; without them it says so and ends
with exit 2. Precision is over matched lines, recall over lines whose work is in the repertoire; a line that is left
ambiguous counts as not found. Figures are given for the first 20 % of the lines (dev) and for the other 80 % (test);
thresholds and the scorer were fixed on made-up data (`identify_train`) and on dev alone.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from measured import tree_cpu_s

from partita import tables
from partita.identify import IdentifyPolicy, identify, prepare

SHARED = Path(os.environ.get("PARTITA_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"
DEV = 0.2


def texts(column: pa.ChunkedArray, between: str) -> list[list[str]]:
    """A list of names or titles a row, from one text with `between` between them."""
    return [[part for part in (text or "").split(between) if part] for text in column.to_pylist()]


def filled(table: tables.Table, count: int, columns: dict[str, list]) -> pa.Table:
    """A contract table with the given columns, the others empty."""
    result = {}
    for column in table.columns:
        number = column.name in {"plays", "line"}
        empty: object = [] if column.type == tables.TEXTS else None if column.null else 1 if number else ""
        result[column.name] = pa.array(columns.get(column.name, [empty] * count), column.type)
    return tables.conform(pa.table(result), table)


def load() -> tuple[pa.Table, pa.Table, list[str], list[str]]:
    """Repertoire, usage, the true work of each line (empty: none), and the noise applied to it."""
    works = pq.read_table(SHARED / "bench_repertoire.parquet")
    lines = pq.read_table(SHARED / "bench_usage_100k.parquet")
    repertoire = filled(tables.REPERTOIRE, len(works), {
        "work_id": [str(w) for w in works["work_id"].to_pylist()], "title": works["title"].to_pylist(),
        "alt_titles": texts(works["alt_titles"], " ; "), "performers": texts(works["artist"], " / "),
        "writers": texts(works["writers"], " / "),
    })  # fmt: skip
    usage = filled(tables.USAGE, len(lines), {
        "line_id": [str(n) for n in lines["line"].to_pylist()], "title": lines["title"].to_pylist(),
        "performers": texts(lines["artist"], " / "), "writers": texts(lines["writers"], " / "),
    })  # fmt: skip
    return repertoire, usage, ["" if t < 0 else str(t) for t in lines["truth"].to_pylist()], lines["ops"].to_pylist()


def rates(won: np.ndarray, truth: np.ndarray, chosen: np.ndarray) -> dict[str, float]:
    """Precision, recall and F1 over the chosen lines."""
    matched, right, there = (won != "") & chosen, (won == truth) & (won != "") & chosen, (truth != "") & chosen
    precision, recall = right.sum() / max(1, matched.sum()), right.sum() / max(1, there.sum())
    f1 = 2 * precision * recall / max(1e-12, precision + recall)
    return {"precision": round(float(precision), 4), "recall": round(float(recall), 4), "f1": round(float(f1), 4)}


def recall_at(least: float, best: np.ndarray, share: np.ndarray, truth: np.ndarray, chosen: np.ndarray) -> float:
    """The largest recall that some threshold reaches at a precision of at least `least`, taking best candidates."""
    order = np.flatnonzero(chosen & (best != ""))
    order = order[np.argsort(-share[order], kind="stable")]
    right = np.cumsum(best[order] == truth[order])
    good = right / np.arange(1, len(order) + 1) >= least
    return round(float(right[good].max(initial=0) / max(1, ((truth != "") & chosen).sum())), 4)


def measure() -> dict[str, object]:
    """All figures of one run."""
    repertoire, usage, truths, operators = load()
    identify(usage.slice(0, 100), repertoire.slice(0, 100))
    begin = tree_cpu_s()
    prepared = prepare(repertoire)
    built, wall = tree_cpu_s(), time.perf_counter()
    matches = identify(usage, prepared, IdentifyPolicy())
    done, wall_s = tree_cpu_s(), time.perf_counter() - wall
    won, truth = np.array([w or "" for w in matches["work_id"].to_pylist()]), np.array(truths)
    best = np.array([c[0]["work_id"] if c else "" for c in matches["candidates"].to_pylist()])
    share = matches["probability"].to_numpy()
    dev = np.arange(len(usage)) < DEV * len(usage)
    outcome = matches["outcome"].to_pylist()
    applied = [set(ops.split(",")) if ops else {"clean"} for ops in operators]
    count = len(usage)
    return {
        "lines": count, "works": len(repertoire), "dev": rates(won, truth, dev), "test": rates(won, truth, ~dev),
        "recall_at_precision_0.995_test": recall_at(0.995, best, share, truth, ~dev),
        "outcomes": {o: outcome.count(o) for o in sorted(set(outcome))},
        "index_cpu_s": round(built - begin, 2), "identify_cpu_s": round(done - built, 2),
        "identify_wall_s": round(wall_s, 2),
        "lines_per_cpu_s": round(count / (done - built)), "lines_per_cpu_s_with_index": round(count / (done - begin)),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "by_noise_test": {
            op: {"lines": int(here.sum()), **rates(won, truth, here)}
            for op in sorted(set().union(*applied)) if (here := np.array([op in a for a in applied]) & ~dev).any()
        },
    }  # fmt: skip


def main() -> int:
    """Prints the figures as text, or as JSON with --json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    arguments = parser.parse_args()
    if not (SHARED / "bench_repertoire.parquet").exists():
        print("identify: skipped, the measuring data are absent (../shared/data or PARTITA_SHARED)", file=sys.stderr)
        return 2
    figures = measure()
    if arguments.json:
        print(json.dumps(figures))
        return 0
    for name, value in figures.items():
        if name != "by_noise_test":
            print(f"{name:32} {value}")
    for name, value in figures["by_noise_test"].items():
        print(f"  {name:30} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Peer: rapidfuzz, every line against every work, `token_sort_ratio` of title and performers together.

Too slow for all lines: a sample is matched, and its speed stands for all.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from common import THREADS, Case, Clock, best, picked, run
from rapidfuzz import fuzz, process

SAMPLE = 1_500
AT_ONCE = 100


def match(case: Case, clock: Clock) -> tuple[pa.Table, dict[str, Any]]:
    """The best work of each sampled line."""
    chosen = np.unique(np.linspace(0, len(case.line) - 1, min(SAMPLE, len(case.line))).astype(np.int64))
    asked, entries = picked(case.lines.bag, chosen), case.entries.bag
    clock.end("setup")
    place, score = np.zeros(len(chosen), np.int64), np.zeros(len(chosen))
    for at in range(0, len(chosen), AT_ONCE):
        grid = process.cdist(
            asked[at : at + AT_ONCE], entries, scorer=fuzz.token_sort_ratio, dtype=np.float32, workers=THREADS
        )
        place[at : at + AT_ONCE] = grid.argmax(axis=1)
        score[at : at + AT_ONCE] = grid.max(axis=1)
    answer = best(case, chosen, place, score)
    clock.end("match")
    settings = (
        f"process.cdist, token_sort_ratio of title and performers, {THREADS} workers, a sample of {len(chosen):,} lines"
    )
    return answer, {"lines": len(chosen), "settings": settings}


if __name__ == "__main__":
    run(match, ["rapidfuzz"])

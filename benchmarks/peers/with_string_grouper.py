"""Peer: string_grouper, TF-IDF of letter trigrams of title and performers; its default, which drops CJK, turned off."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from common import THREADS, Case, Clock, best, run
from string_grouper import match_strings

LEAST = 0.4
SIZE = 3


def match(case: Case, clock: Clock) -> tuple[pa.Table, dict[str, Any]]:
    """The best work of each line."""
    master, asked = pd.Series(case.entries.bag), pd.Series(case.lines.bag)
    clock.end("setup")
    found = match_strings(
        master, asked, normalize_to_ascii=False, ngram_size=SIZE, min_similarity=LEAST, max_n_matches=3,
        number_of_processes=THREADS,
    )  # fmt: skip
    answer = best(
        case,
        found["right_index"].to_numpy(np.int64),
        found["left_index"].to_numpy(np.int64),
        found["similarity"].to_numpy(),
    )
    clock.end("match")
    settings = (
        f"match_strings, normalize_to_ascii=False, ngram_size={SIZE}, min_similarity={LEAST}; index build included"
    )
    return answer, {"settings": settings}


if __name__ == "__main__":
    run(match, ["string_grouper", "sparse_dot_topn"])

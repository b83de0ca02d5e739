"""Peer: TF-IDF of letter trigrams (CJK: also one and two characters), top ten, then the hand rule.

scikit-learn counts and weighs, sparse_dot_topn multiplies.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pyarrow as pa
from common import THREADS, Case, Clock, best, hand_rule, run
from sklearn.feature_extraction.text import TfidfVectorizer
from sparse_dot_topn import sp_matmul_topn

TOP = 10
WIDE = re.compile("[\u2e80-\U0003ffff]+")


def pieces(text: str) -> list[str]:
    """Three letters with the spaces between them; one and two wide characters."""
    padded = f" {text} "
    found = [padded[i : i + 3] for i in range(len(padded) - 2)]
    for part in WIDE.findall(text):
        found += [*part, *(part[i : i + 2] for i in range(len(part) - 1))]
    return found


def match(case: Case, clock: Clock) -> tuple[pa.Table, dict[str, Any]]:
    """The best work of each line."""
    entries, asked = case.entries.bag, case.lines.bag
    clock.end("setup")
    weigher = TfidfVectorizer(analyzer=pieces, dtype=np.float32, sublinear_tf=True)
    index = weigher.fit_transform(entries).T.tocsr()
    clock.end("build")
    near = sp_matmul_topn(weigher.transform(asked), index, top_n=TOP, threshold=0.2, n_threads=THREADS).tocoo()
    line, entry = near.row.astype(np.int64), near.col.astype(np.int64)
    answer = best(case, line, entry, hand_rule(case, line, entry))
    clock.end("match")
    settings = f"char-3 and CJK 1-2 TF-IDF, sparse_dot_topn top {TOP}, the hand rule of the tantivy peer"
    return answer, {"settings": settings}


if __name__ == "__main__":
    run(match, ["sparse_dot_topn", "scikit-learn", "rapidfuzz"])

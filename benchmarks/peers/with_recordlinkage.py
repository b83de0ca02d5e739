"""Peer: recordlinkage, four blocking keys, string comparisons, logistic regression trained on the dev lines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import recordlinkage
from common import Case, Clock, Side, best, run
from recordlinkage.index import Block

BLOCKS = ("core", "artist_begin", "artist_end", "bag")


def frame(side: Side) -> pd.DataFrame:
    """The columns that are compared, and the blocking keys; an empty key blocks nothing."""
    made = pd.DataFrame({"core": side.core, "artist": side.artist, "writers": side.writers})
    made["artist_begin"] = [f"{a}|{t[:3]}" if a else None for t, a in zip(side.core, side.artist, strict=True)]
    made["artist_end"] = [f"{a}|{t[-3:]}" if a else None for t, a in zip(side.core, side.artist, strict=True)]
    made["bag"] = [" ".join(sorted(text.split())) for text in side.bag]
    return made


def match(case: Case, clock: Clock) -> tuple[pa.Table, dict[str, Any]]:
    """The best work of each line."""
    lines, entries = frame(case.lines), frame(case.entries)
    clock.end("setup")
    indexer = recordlinkage.Index([Block(name) for name in BLOCKS])
    pairs = indexer.index(lines, entries)
    compare = recordlinkage.Compare(n_jobs=1)
    for name in ("core", "artist", "writers"):
        compare.string(name, name, method="jarowinkler", missing_value=0, label=f"{name}_jw")
        compare.exact(name, name, missing_value=0, label=f"{name}_eq")
    compare.string("bag", "bag", method="levenshtein", missing_value=0, label="bag")
    vectors = compare.compute(pairs, lines, entries)
    vectors["no_artist"] = np.array([not a for a in case.lines.artist], float)[pairs.get_level_values(0)]
    line, entry = (pairs.get_level_values(i).to_numpy(np.int64) for i in (0, 1))
    known = case.known[line]
    dev = known > -2
    clock.end("match")
    model = recordlinkage.LogisticRegressionClassifier()
    model.fit(vectors[dev], vectors.index[dev & (known == case.work[entry])])
    clock.end("setup")
    answer = best(case, line, entry, model.prob(vectors).to_numpy())
    clock.end("match")
    settings = (
        "blocks: title, performers + first 3, performers + last 3, sorted words; Jaro-Winkler; regression on dev labels"
    )
    return answer, {"settings": settings}


if __name__ == "__main__":
    run(match, ["recordlinkage"])

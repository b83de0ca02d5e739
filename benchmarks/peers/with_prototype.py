"""Peer: the recipe of a fast matcher, rebuilt: key joins, a search for the rest, and trees trained on the dev lines.

polars joins on seven keys; what they leave open asks an index of letter trigrams (TF-IDF, sparse_dot_topn, top eight);
rapidfuzz compares; LightGBM scores. The trees learn from dev lines alone; the scores of those are out of fold.
"""

from __future__ import annotations

from typing import Any

import lightgbm
import numpy as np
import polars as pl
import pyarrow as pa
from common import THREADS, Case, Clock, Side, alike, best, picked, run
from pypinyin import lazy_pinyin
from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler
from sklearn.feature_extraction.text import TfidfVectorizer
from sparse_dot_topn import sp_matmul_topn
from with_tfidf import pieces

GROUP_MOST = 40
TOP = 8
KEPT = 4
CLOSED = 0.85
FOLDS = 3
TREES = {
    "objective": "binary",
    "num_leaves": 31,
    "learning_rate": 0.1,
    "verbose": -1,
    "num_threads": THREADS,
    "seed": 1,
}
ROUNDS = 120


def keys(side: Side) -> dict[str, list[str]]:
    """The keys of each row; an empty one joins nothing."""
    rows = list(zip(side.core, side.artist, side.writers, strict=True))
    sound = {c: lazy_pinyin(c)[0] for c in set("".join(side.core))}
    spelt = ["".join(sound[c] for c in t) for t in side.core]
    return {
        "title": [t.replace(" ", "") for t in side.core],
        "begin": [f"{a}|{t[:3]}" if a else "" for t, a, _ in rows],
        "end": [f"{a}|{t[-3:]}" if a else "" for t, a, _ in rows],
        "bag": [" ".join(sorted(b.split())) for b in side.bag],
        "both": [f"{t[:5]}|{a[:4]}" for t, a, _ in rows],
        "sound": [s.replace(" ", "") if len(s) > 3 else "" for s in spelt],
        "writer": [f"{' '.join(w.split()[:2])}|{t[:3]}" if w else "" for t, _, w in rows],
    }


def joined(lines: dict[str, list[str]], entries: dict[str, pl.DataFrame]) -> tuple[np.ndarray, np.ndarray]:
    """Pairs (line, entry) that share a key, each once."""
    found = []
    for name, texts in lines.items():
        asked = pl.DataFrame({"key": texts, "line": np.arange(len(texts))}).filter(pl.col("key") != "")
        found.append(asked.join(entries[name], on="key").select("line", "entry"))
    pairs = pl.concat(found).unique().sort("line", "entry")
    return pairs["line"].to_numpy(), pairs["entry"].to_numpy()


def index(side: Side) -> dict[str, pl.DataFrame]:
    """Keys of all entries, without those that too many share."""
    made = {}
    for name, texts in keys(side).items():
        table = pl.DataFrame({"key": texts, "entry": np.arange(len(texts))}).filter(pl.col("key") != "")
        made[name] = table.filter(pl.len().over("key") <= GROUP_MOST)
    return made


def features(case: Case, line: np.ndarray, entry: np.ndarray) -> np.ndarray:
    """One row a pair."""
    columns = []
    for name in ("core", "title", "artist", "writers"):
        left, right = picked(getattr(case.lines, name), line), picked(getattr(case.entries, name), entry)
        columns += [alike(left, right), alike(left, right, fuzz.token_set_ratio)]
        if name in {"core", "artist"}:
            columns += [alike(left, right, fuzz.partial_ratio), 100 * alike(left, right, JaroWinkler.similarity)]
    bags = picked(case.lines.bag, line), picked(case.entries.bag, entry)
    columns += [alike(*bags, fuzz.token_sort_ratio), alike(*bags, fuzz.token_set_ratio)]
    for side, place in ((case.lines, line), (case.entries, entry)):
        columns += [
            np.array([len(t) for t in getattr(side, n)], np.float32)[place] for n in ("core", "artist", "writers")
        ]
    _, inverse, count = np.unique(np.array(case.entries.core), return_inverse=True, return_counts=True)
    columns.append(count[inverse][entry])
    table = np.column_stack(columns).astype(np.float32)
    top = pl.DataFrame({"line": line, "bag": table[:, 12], "core": table[:, 0]})
    ranks = top.select(pl.col("bag", "core").rank("dense", descending=True).over("line")).to_numpy()
    return np.column_stack((table, ranks, top.select(pl.len().over("line")).to_numpy())).astype(np.float32)


def likeliest(case: Case, line: np.ndarray, entry: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each line the few pairs whose words are most alike, with that likeness."""
    likely = alike(picked(case.lines.bag, line), picked(case.entries.bag, entry), fuzz.token_sort_ratio)
    order = np.lexsort((entry, -likely, line))
    line, entry, likely = line[order], entry[order], likely[order]
    kept = np.arange(len(line)) - np.searchsorted(line, line) < KEPT
    return line[kept], entry[kept], likely[kept]


def near(case: Case, chosen: np.ndarray, weigher: TfidfVectorizer, grams: Any) -> tuple[np.ndarray, np.ndarray]:
    """The entries that share most with each chosen line."""
    asked = weigher.transform(picked(case.lines.bag, chosen))
    found = sp_matmul_topn(asked, grams, top_n=TOP, threshold=0.15, n_threads=THREADS).tocoo()
    return chosen[found.row], found.col.astype(np.int64)


def trained(rows: np.ndarray, right: np.ndarray, line: np.ndarray) -> tuple[lightgbm.Booster, np.ndarray]:
    """Trees of all rows, and the score of each row by trees that did not see its line."""
    score = np.zeros(len(rows))
    for fold in range(FOLDS):
        out = line % FOLDS == fold
        model = lightgbm.train(TREES, lightgbm.Dataset(rows[~out], right[~out]), ROUNDS)
        score[out] = model.predict(rows[out], num_threads=THREADS)
    return lightgbm.train(TREES, lightgbm.Dataset(rows, right), ROUNDS), score


def match(case: Case, clock: Clock) -> tuple[pa.Table, dict[str, Any]]:
    """The best work of each line."""
    clock.end("setup")
    entries = index(case.entries)
    weigher = TfidfVectorizer(analyzer=pieces, dtype=np.float32, sublinear_tf=True)
    grams = weigher.fit_transform(case.entries.bag).T.tocsr()
    clock.end("build")
    line, entry, likely = likeliest(case, *joined(keys(case.lines), entries))
    is_open = np.ones(len(case.line), bool)
    is_open[line[likely > CLOSED]] = False
    rest = likeliest(case, *near(case, np.flatnonzero(is_open), weigher, grams))
    both = np.unique(np.concatenate((line, rest[0])) * len(case.work) + np.concatenate((entry, rest[1])))
    line, entry = both // len(case.work), both % len(case.work)
    rows = features(case, line, entry)
    clock.end("match")
    dev = case.known[line] > -2
    right = case.known[line] == case.work[entry]
    model, of_dev = trained(rows[dev], right[dev], line[dev])
    clock.end("setup")
    score = np.zeros(len(line))
    score[dev] = of_dev
    score[~dev] = model.predict(rows[~dev], num_threads=THREADS)
    answer = best(case, line, entry, score)
    clock.end("match")
    settings = (
        f"seven key joins, char-3 and CJK 1-2 TF-IDF top {TOP} for the rest, {rows.shape[1]} features, LightGBM on dev"
    )
    return answer, {"settings": settings}


if __name__ == "__main__":
    run(match, ["polars", "rapidfuzz", "lightgbm", "sparse_dot_topn"])

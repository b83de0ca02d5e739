"""Measures `partita.identify` on a second noise model, to which nothing in it was ever fitted.

    python benchmarks/identify_noise_v2.py [--json] [--quick]

50,000 lines drawn with a fixed seed from the bench's works (real titles and performers), half of them of works in Han,
kana or Hangul, the popular ones more often. A fifth of the songs is taken out of the repertoire first; works whose
title and performer read the same go together. What happens to a line is told in `noise_v2.py`: none to three of 24
mechanisms. Reported: what the default policy decides; the best candidate at its `accept` probability, and at one half;
and each mechanism alone. The data stand beside the checkout; without them it ends with exit code 2.
"""

from __future__ import annotations

import random
import resource
import sys
import time
import unicodedata
from dataclasses import asdict
from typing import Any

import matching_data as data
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from matching_rates import NONE, Answers, over, rates, recall_at
from measured import tree_cpu_s
from noise_v2 import MECHANISMS, Line, Noise

from partita import tables
from partita.identify import IdentifyPolicy, identify, prepare

LINES = 50_000
OUTSIDE = 0.2
SEED = 904_117


def key(title: str, artist: str) -> str:
    """Songs that read the same: letters and figures of the title before any bracket, and of the performers."""
    text = unicodedata.normalize("NFKC", f"{title.partition('(')[0] or title}|{artist}").lower()
    return "".join(c for c in text if c.isalnum() or c == "|")


def case(count: int) -> tuple[pa.Table, pa.Table, list[int], list[list[str]]]:
    """Repertoire, usage, the true work of each line (NONE: not in the repertoire), and the mechanisms applied."""
    works = data.works()
    columns = {name: works[name].to_pylist() for name in works.column_names}
    dice = random.Random(SEED)  # noqa: S311
    keys = [key(t or "", a or "") for t, a in zip(columns["title"], columns["artist"], strict=True)]
    out = {one for one in sorted(set(keys)) if dice.random() < OUTSIDE}
    noise = Noise([t for t in columns["title"] if t], sorted({a for a in columns["artist"] if a})[::7], SEED)
    wide = [i for i, title in enumerate(columns["title"]) if any(c >= "\u2e80" for c in title or "")]
    pools = [_popular(dice, wide), _popular(dice, list(range(len(keys))))]
    rows: list[Line] = []
    truth: list[int] = []
    while len(rows) < count:
        pool, ranks = pools[dice.random() < 0.5]
        i = pool[dice.choices(range(len(pool)), cum_weights=ranks)[0]]
        titles = [columns["title"][i], *(t for t in (columns["alt_titles"][i] or "").split(" ; ") if t)]
        names, writers = ([p for p in (columns[n][i] or "").split(" / ") if p] for n in ("artist", "writers"))
        rows.append(noise.line(titles[0] if dice.random() < 0.8 else dice.choice(titles), names, writers))
        truth.append(NONE if keys[i] in out else columns["work_id"][i])
    inside = pa.array([k not in out for k in keys])
    return data.repertoire(works.filter(inside)), usage(rows), truth, [row.applied for row in rows]


def _popular(dice: random.Random, places: list[int]) -> tuple[list[int], list[float]]:
    """The places in an order of fame, and running weights by rank to the power of -0.5."""
    order = dice.sample(places, len(places))
    return order, np.cumsum(np.arange(1, len(order) + 1) ** -0.5).tolist()


def usage(rows: list[Line]) -> pa.Table:
    """The lines as a USAGE table."""
    return data.filled(tables.USAGE, len(rows), {
        "line_id": pa.array([str(i) for i in range(len(rows))]), "title": pa.array([row.title for row in rows]),
        "performers": pa.array([row.performers for row in rows], tables.TEXTS),
        "writers": pa.array([row.writers for row in rows], tables.TEXTS),
    })  # fmt: skip


def measure(*, quick: bool = False) -> dict[str, Any]:
    """All figures of one run."""
    repertoire, lines, works, applied = case(LINES // 10 if quick else LINES)
    policy = IdentifyPolicy()
    identify(lines.slice(0, 100), repertoire.slice(0, 100))
    begin = tree_cpu_s()
    prepared = prepare(repertoire)
    built, wall = tree_cpu_s(), time.perf_counter()
    matches = identify(lines, prepared, policy)
    done, wall_s = tree_cpu_s(), time.perf_counter() - wall
    truth, every = np.array(works, np.int64), np.ones(len(works), bool)
    best = np.array([c[0]["work_id"] if c else NONE for c in matches["candidates"].to_pylist()], np.int64)
    decided = pc.fill_null(matches["work_id"].cast(pa.int64()), NONE).to_numpy()
    answers = Answers(best, matches["probability"].to_numpy(), every, decided)
    outcome = matches["outcome"].to_pylist()
    return {
        "lines": len(works), "works": len(repertoire), "lines_of_songs_outside": works.count(NONE),
        "shipped_policy": asdict(rates(decided, truth, every)),
        f"best_candidate_at_{policy.accept}": asdict(rates(over(answers, policy.accept), truth, every)),
        "best_candidate_at_0.5": asdict(rates(over(answers, 0.5), truth, every)),
        "recall_at_precision_0.995": recall_at(0.995, answers, truth, every),
        **{name: outcome.count(name) for name in ("matched", "ambiguous", "unmatched")},
        "index_cpu_s": round(built - begin, 2), "identify_cpu_s": round(done - built, 2),
        "identify_wall_s": round(wall_s, 2), "lines_per_cpu_s": round(len(works) / max(0.01, done - built)),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "by_mechanism": by_mechanism(answers, truth, applied),
    }  # fmt: skip


def by_mechanism(answers: Answers, truth: np.ndarray, applied: list[list[str]]) -> dict[str, dict[str, Any]]:
    """For each mechanism, and for lines that none touched: lines, rates as shipped, recall of the best candidate."""
    result = {}
    for name in ["none", *MECHANISMS]:
        here = np.fromiter((name in one if one else name == "none" for one in applied), bool, len(applied))
        half = rates(over(answers, 0.5), truth, here)
        shipped = rates(answers.decided if answers.decided is not None else answers.best, truth, here)
        result[name] = {"lines": int(here.sum()), **asdict(shipped), "recall at 0.5": half.recall}
    return result


if __name__ == "__main__":
    sys.exit(data.answer("identify_noise_v2", __doc__, measure, 28))

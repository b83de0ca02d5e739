"""Measures `partita.identify` beside its peers on the same lines, in the same run: quality, speed, memory.

    python benchmarks/matching.py [--json] [--quick] [--only PART ...]

Parts: `bench` (100,000 noisy multilingual lines against 151,066 works), `million` (the same lines against a million
works), `hot100` and `log` (logs with repeats), `musicbrainz`, `peers`. Each runs in a process of its own; CPU seconds
are those of its whole process tree, and so is the peak of memory; of several rounds the median counts. F1 is that of
the best candidate where its probability reaches a threshold chosen on the first 20 % of the lines (dev); all quality is
reported on the other 80 %.
`--quick` takes a tenth of the lines. Exit code 2: the measuring data are absent.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

import matching_data as data
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from matching_rates import NONE, Answers, Rates, best_threshold, over, rates, recall_at
from measured import run, tree_cpu_s

from partita.identify import IdentifyPolicy, identify, prepare

HERE = Path(__file__).resolve().parent
PARTS = ("bench", "million", "hot100", "log", "musicbrainz", "peers")
PEERS = ("splink", "tantivy", "tfidf", "string_grouper", "recordlinkage", "rapidfuzz", "prototype")
PEER_MOST_S = 1_200


class Way(NamedTuple):
    """How a part is measured: threads (None: all cores), how often the index is built and the lines are matched."""

    threads: int | None = None
    builds: int = 1
    rounds: int = 1


WAYS = {"bench": Way(1, 3, 5), "million": Way(1, 1, 3), "hot100": Way(None, 1, 5), "log": Way(None, 1, 1)}
"""One thread where CPU seconds count, all cores where the clock does."""
PART_MOST_S = 3_600
KINDS = {"clean": "clean", "variant": "variant", "homophone": "homophone", "pinyin": "toneless pinyin",
         "noartist": "no performer"}  # fmt: skip
"""The noise that is named in the table; every kind stands in the table by noise."""


def timed(folder: Path, works: str, lines: str, way: Way) -> tuple[pa.Table, dict[str, Any]]:
    """MATCHES of a data set, and what it took (the median of all rounds), the index apart."""
    repertoire, usage = pq.read_table(folder / works), pq.read_table(folder / lines)
    identify(usage.slice(0, 200), repertoire.slice(0, 200))
    built, matched = [], []
    for _ in range(way.builds):
        prepared = None  # two indexes at once would not be the peak of one
        begin, begin_wall = tree_cpu_s(), time.perf_counter()
        prepared = prepare(repertoire)
        built.append((tree_cpu_s() - begin, time.perf_counter() - begin_wall))
    for _ in range(way.rounds):
        matches = None
        begin, begin_wall = tree_cpu_s(), time.perf_counter()
        matches = identify(usage, prepared, IdentifyPolicy(), threads=way.threads)
        matched.append((tree_cpu_s() - begin, time.perf_counter() - begin_wall))
    (build_cpu, build_wall), (cpu, wall) = np.median(built, axis=0), np.median(matched, axis=0)
    count = len(usage)
    outcomes = {row["values"]: row["counts"] for row in pc.value_counts(matches["outcome"]).to_pylist()}
    return matches, {
        "lines": count, "works": len(repertoire), "threads": way.threads or os.cpu_count(),
        "build_cpu_s": round(build_cpu, 2), "build_wall_s": round(build_wall, 2),
        "build_cpu_s_per_100k_works": round(build_cpu / len(repertoire) * 100_000, 2),
        "match_cpu_s": round(cpu, 2), "match_wall_s": round(wall, 2),
        "match_cpu_s_of_rounds": ", ".join(f"{one:.2f}" for one, _ in matched),
        "lines_per_cpu_s": round(count / max(0.01, cpu)),
        "lines_per_wall_s": round(count / max(0.01, wall)),
        **{name: outcomes.get(name, 0) for name in ("matched", "ambiguous", "unmatched")},
    }  # fmt: skip


def part(name: str, folder: Path) -> dict[str, Any]:
    """One part, in this process; quality parts leave `NAME.answer.parquet`: best candidate, probability, decision."""
    if name == "musicbrainz":
        sys.path.insert(0, str(HERE.parent))
        import musicbrainz  # noqa: PLC0415 - a benchmark of its own, which may be absent

        return dict(musicbrainz.measure())
    works = "million.works.parquet" if name == "million" else "bench.works.parquet"
    lines = f"{'bench' if name == 'million' else name}.lines.parquet"
    matches, figures = timed(folder, works, lines, WAYS.get(name, Way()))
    if name in {"bench", "million"}:
        best = [c[0]["work_id"] if c else NONE for c in matches["candidates"].to_pylist()]
        answer = {
            "best": np.array(best, np.int64), "score": matches["probability"].to_numpy(),
            "decided": pc.fill_null(matches["work_id"].cast(pa.int64()), NONE),
        }  # fmt: skip
        pq.write_table(pa.table(answer), folder / f"{name}.answer.parquet")
    return figures


def ours(name: str, folder: Path, *, quick: bool) -> dict[str, Any]:
    """A part run in a process of its own, with its quality where lines have a truth."""
    command = [sys.executable, str(HERE / "matching.py"), "--part", name, "--folder", str(folder)]
    said = run(command, environ=dict(os.environ), most_s=PART_MOST_S)
    file = folder / f"{name}.answer.parquet"
    if "failed" in said or not file.is_file():
        return said
    table = pq.read_table(file)
    every = np.ones(len(table), bool)
    answers = Answers(*(table[n].to_numpy() for n in ("best", "score")), every, table["decided"].to_numpy())
    return {**quality(answers, quick=quick), **said}


def quality(answers: Answers, *, quick: bool) -> dict[str, Any]:
    """Rates on the test lines, and recall by noise."""
    asked = data.lines(10 if quick else 1)
    truth, dev = asked["truth"].to_numpy(), data.dev(asked)
    test = ~dev & answers.asked
    threshold = best_threshold(answers, truth, dev)
    won = over(answers, threshold)
    at_threshold = rates(won, truth, test)
    shipped = rates(answers.decided, truth, test) if answers.decided is not None else None
    return {
        "f1": at_threshold.f1, "precision": at_threshold.precision, "recall": at_threshold.recall,
        "recall_at_precision_0.995": recall_at(0.995, answers, truth, test), "threshold": round(threshold, 4),
        **({} if shipped is None else {f"shipped_{n}": getattr(shipped, n) for n in Rates.__slots__}),
        "by_noise": by_noise(answers, won, truth, test, asked["ops"].to_pylist()),
    }  # fmt: skip


def by_noise(
    answers: Answers, won: np.ndarray, truth: np.ndarray, test: np.ndarray, ops: list[str]
) -> dict[str, dict[str, Any]]:
    """For each kind of noise: lines, and the recall at the threshold and as decided."""
    applied = [set(text.split(",")) if text else {"clean"} for text in ops]
    result = {}
    for kind in sorted(set().union(*applied)):
        here = np.fromiter((kind in one for one in applied), bool, len(applied)) & test
        if ((truth != NONE) & here).any():
            result[kind] = {"lines": int(here.sum()), "recall": rates(won, truth, here).recall}
            if answers.decided is not None:
                result[kind]["shipped recall"] = rates(answers.decided, truth, here).recall
    return result


def peer(name: str, python: Path, folder: Path, *, quick: bool) -> dict[str, Any]:
    """One peer on the bench, in its own interpreter, judged by the same arithmetic."""
    script = HERE / f"peers/with_{name}.py"
    if not script.is_file():
        return {"failed": "its script is absent"}
    said = run([str(python), str(script), str(folder)], environ=dict(os.environ), most_s=PEER_MOST_S)
    if "failed" in said:
        return said
    asked, answer = data.lines(10 if quick else 1), pq.read_table(folder / "answer.parquet")
    number = asked["line"].to_numpy().astype(np.int64)
    best, score = np.full(len(number), NONE, np.int64), np.full(len(number), -np.inf)
    place = np.searchsorted(number, answer["line"].to_numpy())
    best[place], score[place] = answer["work"].to_numpy(), answer["score"].to_numpy()
    looked = np.isin(number, answer["line"].to_numpy()) if said["lines"] < len(number) else np.ones(len(number), bool)
    cpu = said["match_cpu_s"]
    return {
        **quality(Answers(best, score, looked), quick=quick), **said,
        "lines_per_cpu_s": round(said["lines"] / max(0.01, cpu)),
        "lines_per_cpu_s_all": round(said["lines"] / max(0.01, cpu + said.get("setup_cpu_s", 0))),
    }  # fmt: skip


def measure(*, quick: bool = False, only: tuple[str, ...] = PARTS) -> dict[str, Any]:
    """All parts: names to figures; a part that could not run has `failed`."""
    result: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="partita-matching-") as place:
        folder = Path(place)
        made = [sys.executable, str(HERE / "matching.py"), "--part", "data", "--folder", place, "--only", *only]
        said = run(made + (["--quick"] if quick else []), environ=dict(os.environ), most_s=PART_MOST_S)
        if "failed" in said:
            return {"data": said}
        for name in only:
            print(f"matching: {name} ...", file=sys.stderr, flush=True)
            if name == "peers":
                result["peers"] = peers(folder, quick=quick)
            elif name == "musicbrainz" and not (HERE / "musicbrainz.py").is_file():
                result[name] = {"failed": "benchmarks/musicbrainz.py is absent"}
            else:
                result[name] = ours(name, folder, quick=quick)
                progress(result[name])
    return result


def progress(one: dict[str, Any]) -> None:
    """What a part or a peer gave, on standard error, so that a run that is stopped was not for nothing."""
    print("  ", {name: value for name, value in one.items() if name != "by_noise"}, file=sys.stderr, flush=True)


def peers(folder: Path, *, quick: bool) -> dict[str, Any]:
    """Every peer, one after the other."""
    python = Path(os.environ.get("PARTITA_PEERS", HERE.parent / ".venv-bench/bin/python"))
    if not python.is_file():
        return {"all": {"failed": f"the peers' interpreter {python.name} is absent; `make bench` installs it"}}
    data.for_peers(folder, quick=quick)
    result = {}
    for name in PEERS:
        print(f"matching: peer {name} ...", file=sys.stderr, flush=True)
        (folder / "answer.parquet").unlink(missing_ok=True)
        result[name] = peer(name, python, folder, quick=quick)
        progress(result[name])
    return result


def main() -> int:
    """Prints the table as text, or with --json as `run.py` reads it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument("--quick", action="store_true", help="a tenth of the lines")
    parser.add_argument("--only", nargs="*", default=PARTS, choices=PARTS, help="these parts alone")
    parser.add_argument("--part", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if reason := data.absent():
        print(f"matching: skipped, {reason}", file=sys.stderr)
        return 2
    if arguments.part == "data":
        data.write(arguments.folder, arguments.only, quick=arguments.quick)
        print(json.dumps({}))
        return 0
    if arguments.part:
        print(json.dumps(part(arguments.part, arguments.folder)))
        return 0
    from matching_page import said, shown  # noqa: PLC0415 - only where something is shown

    result = measure(quick=arguments.quick, only=tuple(arguments.only))
    page = said(result, quick=arguments.quick)
    print(json.dumps(page) if arguments.json else "\n".join(shown(page)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

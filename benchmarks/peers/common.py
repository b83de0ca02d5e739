"""What all peers share: the case they are given, one folding that keeps every script, the hand rule, and the answer.

A peer is started with one folder: `works.parquet`, `lines.parquet`, and `dev.parquet` with the true works of the lines
that may be used for setting it up. It leaves `answer.parquet` there (line, work, score: the best candidate of each line
that it looked at) and prints one JSON object. The folding is not charged to the peer that uses it.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import opencc
import pyarrow as pa
import pyarrow.parquet as pq
from rapidfuzz import fuzz, process

THREADS = 2
MARKS = re.compile("[\u0300-\u036f]")
BRACKETS = re.compile(r"[(\[{【（〔《][^)\]}】）〕》]*[)\]}】）〕》]?")
GUEST = re.compile(r"\b(?:feat|ft|featuring)\b.*")
TAGS = re.compile(
    r"\s-\s.*(?:remaster|live|version|edit|mix|karaoke|instrumental|acoustic|demo|mono|stereo|album|single|伴奏|版|曲).*$"
)
NUMBER = re.compile(r"^\d{1,3}\s*(?:[.)_-]\s*|\s(?=\D))")
SIGNS = re.compile(r"[^\w\u3099\u309a]+|_+")
VARIANTS = str.maketrans("臺台為爲裏裡裹妳你羣群峯峰綫线着著", "台台为为里里里你你群群峰峰线线着着")


@dataclass(frozen=True, slots=True)
class Side:
    """Lines, or works under one of their titles: whole folded title, its core, performers, writers."""

    title: list[str]
    core: list[str]
    artist: list[str]
    writers: list[str]

    @property
    def bag(self) -> list[str]:
        """Title and performers in one text."""
        return [f"{t} {a}".strip() for t, a in zip(self.core, self.artist, strict=True)]


@dataclass(frozen=True, slots=True)
class Case:
    """Works by entry (one for each title), lines, and the true work of dev lines (-1: none); other lines have -2."""

    entries: Side
    work: np.ndarray
    lines: Side
    line: np.ndarray
    known: np.ndarray


def plain(texts: Sequence[str]) -> list[str]:
    """Width, case, accents and Han forms made one; every script is kept, and kana keep their voicing marks."""
    simple = opencc.OpenCC("t2s")
    joined = "\n".join(t.replace("\n", " ") for t in texts)
    folded = unicodedata.normalize("NFKC", joined).lower()
    folded = simple.convert(folded).translate(VARIANTS)
    folded = unicodedata.normalize("NFC", MARKS.sub("", unicodedata.normalize("NFKD", folded)))
    result = folded.split("\n")
    if len(result) != len(texts):
        raise ValueError("a text has an odd line break")
    return result


def words(text: str) -> str:
    """Letters and figures alone, one space between words."""
    return SIGNS.sub(" ", text.replace("'", "")).strip()


def core(text: str) -> str:
    """The title without brackets, guests, tags and track number; the title itself where nothing would be left."""
    cut = NUMBER.sub("", GUEST.sub("", TAGS.sub("", BRACKETS.sub(" ", text))))
    return words(cut) or words(text) or text


def side(titles: Sequence[str], artists: Sequence[str], writers: Sequence[str]) -> Side:
    """Folded columns."""
    folded = plain(titles)
    return Side([words(t) for t in folded], [core(t) for t in folded],
                [words(GUEST.sub("", a)) or words(a) for a in plain(artists)],
                [words(w) for w in plain(writers)])  # fmt: skip


def load(folder: Path) -> Case:
    """The case in a folder."""
    works, lines = pq.read_table(folder / "works.parquet"), pq.read_table(folder / "lines.parquet")
    titles, place = [], []
    for i, (title, others) in enumerate(zip(works["title"].to_pylist(), works["alt_titles"].to_pylist(), strict=True)):
        for one in dict.fromkeys([title, *(t for t in (others or "").split(" ; ") if t)]):
            titles.append(one)
            place.append(i)
    at = np.array(place)
    artists, writers = works["artist"].to_pylist(), works["writers"].to_pylist()
    entries = side(titles, [artists[i] or "" for i in place], [writers[i] or "" for i in place])
    asked = side(*([t or "" for t in lines[name].to_pylist()] for name in ("title", "artist", "writers")))
    number = lines["line"].to_numpy().astype(np.int64)
    known = np.full(len(number), -2, np.int64)
    dev = pq.read_table(folder / "dev.parquet")
    order = np.argsort(number)
    known[order[np.searchsorted(number[order], dev["line"].to_numpy())]] = dev["truth"].to_numpy()
    return Case(entries, works["work_id"].to_numpy().astype(np.int64)[at], asked, number, known)


def alike(left: Sequence[str], right: Sequence[str], scorer: Callable[..., float] = fuzz.ratio) -> np.ndarray:
    """Similarity of each pair, 0 to 1; 0 where one is empty."""
    made = process.cpdist(left, right, scorer=scorer, workers=THREADS, dtype=np.float32) / np.float32(100)
    there = np.fromiter((bool(a) and bool(b) for a, b in zip(left, right, strict=True)), bool, len(left))
    return np.where(there, made, np.float32(0))


def picked(texts: Sequence[str], places: np.ndarray) -> list[str]:
    """The texts at these places."""
    return [texts[i] for i in places.tolist()]


def hand_rule(case: Case, line: np.ndarray, entry: np.ndarray) -> np.ndarray:
    """Likeness of a line and an entry: titles, then the better of performers and writers; or all words at once."""
    ours, theirs = case.lines, case.entries
    left, right = picked(ours.core, line), picked(theirs.core, entry)
    title = np.maximum(alike(left, right), alike(picked(ours.title, line), picked(theirs.title, entry)))
    artist = alike(picked(ours.artist, line), picked(theirs.artist, entry), fuzz.token_sort_ratio)
    artist = np.maximum(
        artist, 0.95 * alike(picked(ours.artist, line), picked(theirs.artist, entry), fuzz.token_set_ratio)
    )
    writer = alike(picked(ours.writers, line), picked(theirs.writers, entry), fuzz.token_set_ratio)
    bare = np.fromiter((not t for t in picked(ours.artist, line)), bool, len(line))
    second = np.maximum(artist, writer)
    rule = np.where(bare & (writer == 0), 0.75 * title, 0.55 * title + 0.45 * second)
    bag = alike(picked(case.lines.bag, line), picked(case.entries.bag, entry), fuzz.token_sort_ratio)
    return np.maximum(rule, 0.97 * bag)


def best(case: Case, line: np.ndarray, entry: np.ndarray, score: np.ndarray) -> pa.Table:
    """The answer: of each line the best work; where two works score the same, the line comes after all others."""
    work = case.work[entry]
    order = np.lexsort((-score, work, line))
    line, work, score = line[order], work[order], score[order]
    once = np.ones(len(line), bool)
    once[1:] = (line[1:] != line[:-1]) | (work[1:] != work[:-1])
    line, work, score = line[once], work[once], score[once].astype(np.float64)
    order = np.lexsort((work, -score, line))
    line, work, score = line[order], work[order], score[order]
    first = np.flatnonzero(np.concatenate(([True], line[1:] != line[:-1])))
    after = np.minimum(first + 1, len(line) - 1)
    tied = (after > first) & (line[after] == line[first]) & (score[after] == score[first])
    sure = np.where(tied, score[first] - (score.max(initial=0) - score.min(initial=0)) - 1, score[first])
    return pa.table({"line": case.line[line[first]], "work": work[first], "score": sure})


class Clock:
    """CPU seconds of the whole process tree and wall seconds, by phase."""

    def __init__(self) -> None:
        self.phases: dict[str, float] = {}
        self._cpu, self._wall = self._now()

    @staticmethod
    def _now() -> tuple[float, float]:
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(u.ru_utime + u.ru_stime for u in used), time.perf_counter()

    def end(self, phase: str) -> None:
        """What ran since the last phase is this phase's."""
        cpu, wall = self._now()
        self.phases[f"{phase}_cpu_s"] = self.phases.get(f"{phase}_cpu_s", 0) + cpu - self._cpu
        self.phases[f"{phase}_wall_s"] = self.phases.get(f"{phase}_wall_s", 0) + wall - self._wall
        self._cpu, self._wall = self._now()


def run(match: Callable[[Case, Clock], tuple[pa.Table, dict[str, Any]]], packages: Sequence[str]) -> None:
    """Loads the case, lets the peer match, and reports. `match` ends its phases: `setup`, `build` and `match`."""
    folder = Path(sys.argv[1])
    clock = Clock()
    case = load(folder)
    clock.end("folding")
    answer, said = match(case, clock)
    pq.write_table(answer, folder / "answer.parquet")
    figures = {name: round(value, 2) for name, value in clock.phases.items()}
    print(json.dumps({
        **figures, "lines": len(case.line), **said,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "versions": {name: metadata.version(name) for name in packages},
    }))  # fmt: skip

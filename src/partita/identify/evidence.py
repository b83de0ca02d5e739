"""Why one line matched, or did not: the same steps as `identify`, shown with everything that they looked at."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from partita import tables
from partita.identify.features import NAMES, Figures
from partita.identify.index import Index
from partita.identify.lines import Lines, distinct_lines, given
from partita.identify.policy import IdentifyPolicy
from partita.identify.scorer import probabilities
from partita.identify.stage import Pairs, Prepared, candidate_pairs, compare, identify, prepare, together
from partita.text import bare, bare_all, fold
from partita.text.ragged import Places
from partita.text.titles import name_parts, title_parts


@dataclass(frozen=True, slots=True)
class Candidate:
    """One work that was compared with the line: what it is, how alike each field is, and how probable it is."""

    work_id: str
    titles: tuple[str, ...]
    performers: tuple[str, ...]
    writers: tuple[str, ...]
    features: dict[str, float]
    probability: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """A line's outcome with its grounds.

    Fields as given, their normal forms, the candidates, best first, and in words why the best won and the next lost.
    """

    line_id: str
    outcome: str
    work_id: str | None
    probability: float
    rule: str
    fields: dict[str, object]
    normal: dict[str, object]
    candidates: tuple[Candidate, ...]
    reason: str
    runner_up: str
    thresholds: dict[str, float]

    def as_dict(self) -> dict[str, object]:
        """The evidence as plain dictionaries, lists, texts and numbers, ready for JSON."""
        result: dict[str, object] = asdict(self)
        return result


_DEFAULTS: dict[str, object] = {"line_id": "", "title": "", "plays": 1, "line": 0}
_SHOWN = ("title", "performers", "writers", "isrc", "iswc", "language", "territory")


def _row(line: Mapping[str, object]) -> pa.Table:
    values: dict[str, pa.Array] = {}
    for column in tables.USAGE.columns:
        empty: object = [] if column.type == tables.TEXTS else None if column.null else _DEFAULTS.get(column.name, "")
        value = line.get(column.name)
        values[column.name] = pa.array([empty if value is None else value], column.type)
    return tables.conform(pa.table(values), tables.USAGE)


def _normal(line: Mapping[str, object]) -> dict[str, object]:
    """The forms in which the line's fields were compared."""
    parts = title_parts(fold(str(line.get("title") or "")))
    names = {
        key: [bare(p) for text in _texts(line, key) for p in name_parts(fold(text))]
        for key in ("performers", "writers")
    }
    return {
        "title": bare(parts.core), "title_with_brackets": bare(parts.full), "tags": bare_all(parts.tags),
        "brackets": bare_all(parts.brackets), "featured": bare_all(parts.featured), **names,
    }  # fmt: skip


def _texts(line: Mapping[str, object], key: str) -> list[str]:
    value = line.get(key)
    return [str(v) for v in value] if isinstance(value, (list, tuple)) else []


def evidence(
    usage_line: Mapping[str, object], repertoire: pa.Table | Prepared, policy: IdentifyPolicy | None = None
) -> Evidence:
    """The evidence for one usage line (a mapping with the columns of USAGE that are known)."""
    policy = policy or IdentifyPolicy()
    prepared = repertoire if isinstance(repertoire, Prepared) else prepare(repertoire)
    usage = _row(usage_line)
    match = identify(usage, prepared, policy).to_pylist()[0]
    candidates = _candidates(usage, prepared, policy, match)
    return Evidence(
        match["line_id"], match["outcome"], match["work_id"], match["probability"], match["rule"],
        {key: usage_line[key] for key in _SHOWN if usage_line.get(key)}, _normal(usage_line), candidates,
        _reason(match, candidates, policy), _runner_up(match, candidates),
        {"accept": policy.accept, "reject": policy.reject, "margin": policy.margin},
    )  # fmt: skip


def _candidates(
    usage: pa.Table, prepared: Prepared, policy: IdentifyPolicy, match: Mapping[str, Any]
) -> tuple[Candidate, ...]:
    """The compared works, best first; those of the outcome with its probabilities, an identifier's among them."""
    lines = distinct_lines(usage)
    pairs = candidate_pairs(lines, np.arange(len(lines)), prepared, policy)
    said = {c["work_id"]: float(c["probability"]) for c in match["candidates"] or ()}
    number = {work: bisect_left(prepared.index.work_ids, work) for work in said}
    pairs = together(pairs, _named(lines, prepared, sorted(set(number.values()) - set(pairs.work.tolist()))))
    share = probabilities(pairs.line, pairs.odds)
    for work, value in said.items():
        share[pairs.work == number[work]] = value
    named = np.isin(pairs.work, list(number.values()))
    order = np.lexsort((pairs.work, -share, ~named))[: policy.candidates_most]
    return tuple(
        _candidate(prepared.index, int(pairs.work[i]), pairs.figures[i], float(share[i])) for i in order.tolist()
    )


def _named(lines: Lines, prepared: Prepared, works: list[int]) -> Pairs:
    """The line compared with these works, whether or not their titles would have proposed them."""
    entry = np.flatnonzero(np.isin(prepared.index.entry_work, works))
    readings = given(lines, np.arange(len(lines)))
    reading = np.repeat(np.arange(len(readings)), len(entry))
    entry = np.tile(entry, len(readings))
    return compare(readings, prepared, (reading, entry, np.zeros(len(entry), bool)))


def _candidate(index: Index, work: int, figures: Figures, share: float) -> Candidate:
    entries = np.flatnonzero(index.entry_work == work)
    titles = tuple(index.titles.parts[t].full for t in index.entry_title[entries].tolist())
    return Candidate(
        index.work_ids[work], titles,
        _names_of(index.performers.part, index.performers.starts, int(index.work_performers[work])),
        _names_of(index.writers.part, index.writers.starts, int(index.work_writers[work])),
        {name: round(float(value), 4) for name, value in zip(NAMES, figures, strict=True)}, round(share, 6),
    )  # fmt: skip


def _names_of(part: list[str], starts: Places, at: int) -> tuple[str, ...]:
    return tuple(part[starts[at] : starts[at + 1]])


_RULES = {
    "iswc": "the ISWC is the work's", "isrc": "the ISRC is the work's",
    "identifier_conflict": "the identifier belongs to a work with quite another title",
    "decided": "a person decided it",
    "decided_gone": "a person decided that it is a work which the repertoire no longer has",
    "title": "the title is equal; no second field speaks", "scored": "the fields are alike, none decides alone",
    "title+performer": "title and performer agree", "title+writer": "title and writer agree",
    "title+performer+writer": "title, performer and writer agree",
    "language": "the line's language is outside the policy and no work matches", "none": "no work is like it",
    "territory": "the line's territory is outside the policy",
    "period": "the line's date is outside the policy's period",
}  # fmt: skip


def _reason(match: Mapping[str, object], candidates: tuple[Candidate, ...], policy: IdentifyPolicy) -> str:
    ground = _RULES[str(match["rule"])]
    if match["outcome"] != "ambiguous" or not candidates:
        return ground
    best, rest = candidates[0], candidates[1:]
    if rest and best.probability - rest[0].probability < policy.margin:
        return f"{ground}, but {rest[0].work_id} is too close ({rest[0].probability:.2f} beside {best.probability:.2f})"
    if best.probability < policy.accept:
        return f"{ground}, but {best.probability:.2f} is below {policy.accept:.2f}"
    return f"{ground}; the title differs and no second field agrees"


def _runner_up(match: Mapping[str, object], candidates: tuple[Candidate, ...]) -> str:
    """In which fields the second candidate is worse than the first, or that it is as good."""
    if len(candidates) < 2:
        return "no other work came near" if candidates and match["outcome"] != "unmatched" else ""
    first, second = candidates[0], candidates[1]
    compared = [name for name in NAMES if name.startswith(("title_", "performer_", "writer_"))]
    worse = [
        f"{name} {second.features[name]:.2f} against {first.features[name]:.2f}" for name in compared
        if not name.endswith(("_state", "_size", "_works")) and second.features[name] < first.features[name] - 0.005
    ]  # fmt: skip
    if not worse:
        return f"{second.work_id} is as like the line as {first.work_id}"
    return f"{second.work_id} lost: {', '.join(worse)}"

"""Why one line matched, or did not: the same steps as `identify`, shown with everything that they looked at."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from partita import tables
from partita.identify import grounds, stance, words
from partita.identify.candidates import Found
from partita.identify.features import NAMES, Figures
from partita.identify.identifiers import KINDS, check
from partita.identify.index import Index
from partita.identify.lines import Lines, distinct_lines, given
from partita.identify.policy import IdentifyPolicy
from partita.identify.remarks import WORDS, work_named
from partita.identify.scorer import probabilities, scorer_v1
from partita.identify.senders import Learned, numbered
from partita.identify.stage import Pairs, Prepared, compare, identify, prepare, searched_pairs, together
from partita.registry import decisions as registry
from partita.text import bare, bare_all, fold
from partita.text.equal import keys
from partita.text.ragged import Places, Texts
from partita.text.spoken import latin_keys, native_keys
from partita.text.titles import name_parts, title_parts


@dataclass(frozen=True, slots=True)
class Candidate:
    """One work that was compared with the line: what it is, how alike each field is, and how probable it is.

    `words` says what each feature means and its value, for people.
    """

    work_id: str
    titles: tuple[str, ...]
    performers: tuple[str, ...]
    writers: tuple[str, ...]
    features: dict[str, float]
    words: dict[str, str]
    probability: float


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier that the line states: the work that bears it, if any, and what it comes to, in words."""

    kind: str
    value: str
    work_id: str | None
    says: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A line's outcome with its grounds.

    Fields as given, their normal forms, what identifiers and people said, the candidates, best first, and in words why
    the best won and the next lost, or which rules stopped it.
    """

    line_id: str
    outcome: str
    work_id: str | None
    probability: float
    rule: str
    fields: dict[str, object]
    normal: dict[str, object]
    identifiers: tuple[Identifier, ...]
    decisions: tuple[dict[str, object], ...]
    candidates: tuple[Candidate, ...]
    reason: str
    stopped_by: tuple[str, ...]
    runner_up: str
    differences: tuple[dict[str, object], ...]
    thresholds: dict[str, float]
    scorer: str

    def as_dict(self) -> dict[str, object]:
        """The evidence as plain dictionaries, lists, texts and numbers, ready for JSON."""
        result: dict[str, object] = asdict(self)
        return result


@dataclass(frozen=True, slots=True)
class _Known:
    """What a line is held against."""

    prepared: Prepared
    policy: IdentifyPolicy
    decisions: pa.Table | None
    registrations: pa.Table | None


_DEFAULTS: dict[str, object] = {"line_id": "", "title": "", "plays": 1, "line": 0}
_SHOWN = ("title", "performers", "writers", "isrc", "iswc", "work_number", "sender_number", "language", "territory")
_TOLD = ("decision_id", "recorded_at", "recorded_by", "kind", "list", "sender_number", "work_id", "note")


def evidence(
    usage_line: Mapping[str, object], repertoire: pa.Table | Prepared, policy: IdentifyPolicy | None = None, *,
    decisions: pa.Table | None = None, registrations: pa.Table | None = None,
) -> Evidence:  # fmt: skip
    """The evidence for one usage line (a mapping with the columns of USAGE that are known)."""
    policy = policy or IdentifyPolicy()
    prepared = repertoire if isinstance(repertoire, Prepared) else prepare(repertoire, decisions)
    known = _Known(prepared, policy, decisions, registrations)
    usage = _row(usage_line)
    match = identify(
        usage, prepared, policy, decisions=decisions, registrations=registrations
    ).to_pylist()[0]  # fmt: skip
    pairs, shares = _ranked(usage, known, match)
    candidates = tuple(
        _candidate(prepared.index, int(work), figures, share)
        for work, figures, share in zip(pairs.work, pairs.figures, shares, strict=True)
    )
    told = grounds.differences(pairs.figures[0], pairs.figures[1]) if len(candidates) > 1 else []
    identifiers = _identifiers(usage, known)
    return Evidence(
        match["line_id"], match["outcome"], match["work_id"], match["probability"], match["rule"],
        {key: usage_line[key] for key in _SHOWN if usage_line.get(key)}, _normal(usage_line),
        identifiers, _decisions(usage_line, decisions), candidates, _reason(match),
        tuple(_stopped_by(match, shares, pairs.figures, policy)),
        _runner_up([c.work_id for c in candidates], shares, told, identifiers),
        tuple(told), {"accept": policy.accept, "reject": policy.reject, "margin": policy.margin}, scorer_label(),
    )  # fmt: skip


def scorer_label() -> str:
    """The scorer's version and a hash of its content: `1-3f9a2bcd`. Equal labels, equal probabilities."""
    scorer = scorer_v1()
    total = hashlib.sha256(" ".join(NAMES).encode())
    for part in (scorer.feature, scorer.threshold, scorer.trees, scorer.leaves):
        total.update(np.ascontiguousarray(part).tobytes())
    total.update(str(scorer.bias_milli).encode())
    return f"{scorer.version}-{total.hexdigest()[:8]}"


def _row(line: Mapping[str, object]) -> pa.Table:
    values: dict[str, pa.Array] = {}
    for column in tables.USAGE.columns:
        empty: object = [] if column.type == tables.TEXTS else None if column.null else _DEFAULTS.get(column.name, "")
        value = line.get(column.name)
        values[column.name] = pa.array([empty if value is None else value], column.type)
    return tables.conform(pa.table(values), tables.USAGE)


def _normal(line: Mapping[str, object]) -> dict[str, object]:
    """The forms in which the line's fields were compared, and the keys of sound that proposed candidates."""
    parts = title_parts(fold(str(line.get("title") or "")))
    names = {
        key: [bare(p) for text in _texts(line, key) for p in name_parts(fold(text))]
        for key in ("performers", "writers")
    }
    return {
        "title": bare(parts.core), "title_with_brackets": bare(parts.full), "tags": bare_all(parts.tags),
        "brackets": bare_all(parts.brackets), "featured": bare_all(parts.featured), **names,
        "title_sounds": _sounds([parts.core]), "performers_sound": _sounds(names["performers"]),
    }  # fmt: skip


def _sounds(texts: Sequence[str]) -> list[str]:
    every = [*native_keys(texts), *latin_keys(texts)]
    return sorted({key for found in every for key in found})


def _texts(line: Mapping[str, object], key: str) -> list[str]:
    value = line.get(key)
    return [str(v) for v in value] if isinstance(value, (list, tuple)) else []


def _ranked(usage: pa.Table, known: _Known, match: Mapping[str, Any]) -> tuple[Pairs, list[float]]:
    """The compared works, best first; those of the outcome with its probabilities, an identifier's among them."""
    prepared, lines = known.prepared, distinct_lines(usage)
    # never the short way of lines that are sure: the runner-up is wanted too
    pairs = searched_pairs(lines, np.arange(len(lines)), prepared, known.policy)
    said = {c["work_id"]: float(c["probability"]) for c in match["candidates"] or ()}
    number = {work: bisect_left(prepared.index.work_ids, work) for work in said}
    pairs = together(pairs, _named(lines, prepared, sorted(set(number.values()) - set(pairs.work.tolist()))))
    share = probabilities(pairs.line, pairs.odds)
    for work, value in said.items():
        share[pairs.work == number[work]] = value
    named = np.isin(pairs.work, list(number.values()))
    order = np.lexsort((pairs.work, -share, ~named))[: known.policy.candidates_most]
    ranked = Pairs(pairs.line[order], pairs.work[order], pairs.odds[order], pairs.figures[order])
    return ranked, [round(float(s), 6) for s in share[order]]


def _named(lines: Lines, prepared: Prepared, works: list[int]) -> Pairs:
    """The line compared with these works, whether or not their titles would have proposed them."""
    entry = np.flatnonzero(np.isin(prepared.index.entry_work, works))
    readings = given(lines, np.arange(len(lines)))
    reading = np.repeat(np.arange(len(readings)), len(entry))
    entry = np.tile(entry, len(readings))
    return compare(readings, prepared, Found(reading, entry, *(np.zeros(len(entry), bool) for _ in Found._fields[2:])))


def _candidate(index: Index, work: int, figures: Figures, share: float) -> Candidate:
    entries = np.flatnonzero(index.entry_work == work)
    titles = tuple(index.titles.parts_of(t).full for t in index.entry_title[entries].tolist())
    values = {name: round(float(value), 4) for name, value in zip(NAMES, figures, strict=True)}
    return Candidate(
        index.work_ids[work], titles,
        _names_of(index.performers.part_texts, index.performers.starts, int(index.work_performers[work])),
        _names_of(index.writers.part_texts, index.writers.starts, int(index.work_writers[work])),
        values, words.sentences(values), share,
    )  # fmt: skip


def _names_of(part: Texts, starts: Places, at: int) -> tuple[str, ...]:
    return tuple(part[starts[at] : starts[at + 1]])


_STANCES = {
    stance.AGREES: "the line's title agrees", stance.SILENT: "the line states no title to check it by",
    stance.CONTRADICTS: "the line's title contradicts it",
}  # fmt: skip


def _identifiers(usage: pa.Table, known: _Known) -> tuple[Identifier, ...]:
    """What each identifier that the line states comes to."""
    index = known.prepared.index
    lines = distinct_lines(usage, senders=numbered(known.decisions))
    learned = Learned.of(known.decisions, index)
    found = []
    for kind in KINDS:
        value = usage.column(kind)[0].as_py()
        if not value:
            continue
        work, reason = check(kind, lines, index, known.registrations, learned)
        if work is None:
            found.append(Identifier(kind, value, None, f"{WORDS[kind]} {value}: {reason}"))
            continue
        pair = np.zeros(1, np.int64), np.array([work], np.int64)
        view = int(stance.of(lines, *pair, index)[0])
        confirmed = view == stance.CONTRADICTS and kind == "sender_number" and bool(learned.titled(lines, *pair)[0])
        says = "people confirmed it for a line with this title" if confirmed else _STANCES[view]
        named = f"{WORDS[kind]} {value} is of {work_named(index, work)}; {says}"
        found.append(Identifier(kind, value, index.work_ids[work], named))
    return tuple(found)


def _runner_up(
    works: Sequence[str], shares: Sequence[float], told: Sequence[Mapping[str, Any]], identifiers: Sequence[Identifier]
) -> str:
    """Why the second candidate lost: by the identifiers, where they name the first; else by what was compared."""
    named = {i.work_id for i in identifiers if i.work_id}
    if len(works) < 2 or works[0] not in named:
        return grounds.runner_up(works, shares, told)
    if works[1] in named:
        return f"{works[1]} is named by another identifier of the line"
    return f"{works[1]} is proposed by the line's text alone; an identifier names {works[0]}"


def _decisions(line: Mapping[str, object], decisions: pa.Table | None) -> tuple[dict[str, object], ...]:
    """The decisions in force that speak of the line: of its title and names, or of its sender's number."""
    if decisions is None or not decisions.num_rows:
        return ()
    rows = registry.in_force(decisions).to_pylist()
    mine = keys([str(line.get("title") or "")], [_texts(line, "performers")], [_texts(line, "writers")])[0]
    senders = {"", str(line.get("list") or ""), str(line.get("licensee") or "")}
    number = str(line.get("sender_number") or "")
    texts = [[row[name] for row in rows] for name in ("title", "performers", "writers")]
    about = [
        row for row, key in zip(rows, keys(*texts), strict=True)
        if row["list"] in senders and (key == mine or (number and row["sender_number"] == number))
    ]  # fmt: skip
    return tuple(
        {name: str(row[name]) if name == "recorded_at" else row[name] for name in _TOLD} for row in about
    )  # fmt: skip


_RULES = {
    "iswc": "the ISWC is the work's", "isrc": "the ISRC is the work's",
    "work_number": "the society's work number is the work's",
    "sender_number": "people confirmed the sender's number for the work",
    "identifier_conflict": "an identifier contradicts the title, or another identifier",
    "decided": "a person decided it",
    "decided_gone": "a person decided that it is a work which the repertoire no longer has",
    "title": "the title is equal; no second field speaks", "scored": "the fields are alike, none decides alone",
    "title+performer": "title and performer agree", "title+writer": "title and writer agree",
    "title+performer+writer": "title, performer and writer agree",
    "language": "the line's language is outside the policy and no work matches", "none": "no work is like it",
    "territory": "the line's territory is outside the policy",
    "period": "the line's date is outside the policy's period",
}  # fmt: skip


def _reason(match: Mapping[str, Any]) -> str:
    """The rule that decided, in words; its name where this table does not know it."""
    return _RULES.get(match["rule"], str(match["rule"]).replace("_", " "))


def _stopped_by(
    match: Mapping[str, Any], shares: Sequence[float], figures: Figures, policy: IdentifyPolicy
) -> list[str]:
    """Which rules kept the line from being matched."""
    if match["outcome"] == "out_of_scope" or match["rule"].startswith("decided"):
        return [_reason(match)]
    if match["rule"] == "identifier_conflict":
        return ["an identifier is never overruled, nor believed, in silence: a person has to look"]
    if match["rule"] == "work_number" and match["outcome"] != "matched":
        return ["a work number has no check digit: without a title it decides nothing"]
    return grounds.stopped_by(shares, figures, policy, match["outcome"] == "matched")

"""What people decided before, applied to this run's lines: it comes last and overrules everything.

A decision speaks of the lines that are equal to the decided one after folding (title, performers and writers in any
order; the list or licensee where it names one). The later of two decisions wins. Pure: decisions are a table like
any other.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from partita.identify.index import Index
from partita.identify.lines import Lines
from partita.identify.outcome import AMBIGUOUS, MATCHED, RULES, UNMATCHED, Verdicts
from partita.identify.scorer import Floats
from partita.identify.written import distinct_texts, listed
from partita.registry import decisions as registry
from partita.text.equal import Key, keys
from partita.text.fold import folded_texts
from partita.text.ragged import Places

_WORKS_MOST = np.int64(1 << 31)
_NOTHING, _GONE = -1, -2
"""Of a line: nothing was decided; it is a work that the repertoire has no more."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Memory:
    """What was decided of each distinct line: the work that it is, and the (line, work) that are not the same."""

    same: Places
    denied: NDArray[np.int64]

    def allows(self, line: Places, work: Places) -> NDArray[np.bool_]:
        """False for pairs of which a person said that they are not the same."""
        return ~np.isin(line * _WORKS_MOST + work, self.denied)


def with_titles(repertoire: pa.Table, decisions: pa.Table | None) -> pa.Table:
    """The REPERTOIRE with a row more for each title that people gave to one of its works."""
    rows = registry.in_force(decisions).to_pylist() if decisions is not None and decisions.num_rows else []
    given = sorted({(row["work_id"], row["title"]) for row in rows if row["kind"] == registry.ALT_TITLE})
    known = pc.is_in(pa.array([work for work, _ in given], pa.string()), value_set=_whole(repertoire.column("work_id")))
    empty: dict[str, Any] = {"alt_titles": [], "writers": [], "performers": [], "isrc": [], "society": ""}
    added = [empty | {"work_id": work, "title": title}
             for (work, title), there in zip(given, known.to_pylist(), strict=True) if there]  # fmt: skip
    if not added:
        return repertoire
    return pa.concat_tables([repertoire, pa.Table.from_pylist(added, schema=repertoire.schema)])


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def recall(lines: Lines, usage: pa.Table, decisions: pa.Table | None, index: Index) -> tuple[Lines, Memory | None]:
    """What the DECISIONS say of the lines; the lines of a list that a decision names become lines of their own."""
    if decisions is None or not decisions.num_rows:
        return lines, None
    rows = registry.in_force(decisions).to_pylist()
    about = _about(lines, rows)
    named = {row["list"] for row in rows} - {""}
    lines, origin, lists = _apart(lines, usage, np.array(sorted(about), np.int64), sorted(named))
    works = _places({row["work_id"] for row in rows}, index)
    same, denied = np.full(len(lines), _NOTHING, np.int64), []
    for line, source in _spoken_of(about, origin):
        said = [row for row in about[source] if row["list"] in ("", lists.get(line, ""))]
        same[line], others = _resolved(said, works)
        denied += [line * int(_WORKS_MOST) + work for work in others]
    return lines, Memory(same, np.array(sorted(denied), np.int64))


def _places(works: Iterable[str], index: Index) -> dict[str, int]:
    """The numbers of those works that the index has."""
    found = {work: bisect_left(index.work_ids, work) for work in works}
    return {work: at for work, at in found.items() if at < len(index.work_ids) and index.work_ids[at] == work}


def by_decision(scored: Verdicts, chosen: Places, memory: Memory | None) -> Verdicts:
    """The verdicts on the chosen lines with those overruled of which people decided."""
    if memory is None:
        return scored
    spoken = (memory.same[chosen] != _NOTHING) | np.isin(chosen, memory.denied // _WORKS_MOST)
    if not spoken.any():
        return scored
    return _overruled(scored, chosen, memory)


def _overruled(scored: Verdicts, chosen: Places, memory: Memory) -> Verdicts:
    """The verdicts with refused works left out, decided works alone in their lines, and what follows from both."""
    decided = memory.same[chosen]
    place = np.repeat(np.arange(len(chosen)), np.diff(scored.starts))
    left = memory.allows(chosen[place], scored.works)
    lost = np.bincount(place[~left], minlength=len(chosen)) > 0
    kept = np.flatnonzero(left & (decided[place] < 0))
    sure = np.flatnonzero(decided >= 0)
    owner = np.concatenate((place[kept], sure))
    order = np.argsort(owner, kind="stable")
    works = np.concatenate((scored.works[kept], decided[sure]))[order]
    shares = np.concatenate((scored.shares[kept], np.ones(len(sure))))[order]
    count = np.bincount(owner, minlength=len(chosen))
    starts = np.concatenate(([0], np.cumsum(count))).astype(np.int64)
    judged = _judged(scored, decided, lost, np.where(count > 0, starts[:-1], -1), works, shares)
    return Verdicts(*judged, starts, works, shares)


def _judged(
    scored: Verdicts, decided: Places, lost: NDArray[np.bool_], best: Places, works: Places, shares: Floats
) -> tuple[NDArray[np.int8], Places, Floats, NDArray[np.int8]]:
    """Outcome, work, probability and rule; `best` is where each line's best candidate stands now, -1 for none."""
    outcome, work = scored.outcome.copy(), scored.work.copy()
    probability, rule = scored.probability.copy(), scored.rule.copy()
    refused = np.flatnonzero(lost & (decided == _NOTHING))
    some = best[refused] >= 0
    outcome[refused] = np.where(some, AMBIGUOUS, UNMATCHED)
    work[refused] = np.where(some, np.append(works, -1)[best[refused]], -1)
    probability[refused] = np.where(some, np.append(shares, 0.0)[best[refused]], 0.0)
    gone, sure = np.flatnonzero(decided == _GONE), np.flatnonzero(decided >= 0)
    outcome[gone], rule[gone] = AMBIGUOUS, RULES.index("decided_gone")
    outcome[sure], work[sure], probability[sure] = MATCHED, decided[sure], 1.0
    rule[np.concatenate((sure, refused))] = RULES.index("decided")
    return outcome, work, probability, rule


def _resolved(said: Iterable[Row], works: Mapping[str, int]) -> tuple[int, set[int]]:
    """The work that a line is (or `_NOTHING`, `_GONE`) and those that it is not, by decisions in their order."""
    same, others = "", set[str]()
    for row in said:
        if row["kind"] != registry.NOT_SAME:
            same = row["work_id"]
            others.discard(same)
            continue
        same = "" if row["work_id"] in ("", same) else same
        others.add(row["work_id"])
    return works.get(same, _GONE) if same else _NOTHING, {works[work] for work in others if work in works}


def _about(lines: Lines, rows: Sequence[Row]) -> dict[int, list[Row]]:
    """For each distinct line of which something was decided, the decisions, in their order."""
    by_key: dict[Key, list[Row]] = defaultdict(list)
    for row, key in zip(rows, registry.keys_of(rows), strict=True):
        by_key[key].append(row)
    titles = {key[0] for key in by_key}
    texts, place = distinct_texts(lines.title, np.arange(len(lines)))
    there = np.array([title in titles for title in folded_texts(texts)], bool)
    near = np.flatnonzero(there[place])
    names = ([[text] for text in listed(column, near)] for column in (lines.performers, lines.writers))
    found = zip(near.tolist(), keys(listed(lines.title, near), *names), strict=True)
    return {line: by_key[key] for line, key in found if key in by_key}


def _apart(lines: Lines, usage: pa.Table, spoken: Places, lists: Sequence[str]) -> tuple[Lines, Places, dict[int, str]]:
    """The lines with those of which a decision speaks doubled for each list (or licensee) that decisions name.

    Also, for each line, which of the old ones it is, and the list of each new one.
    """
    origin, of_row, of_list = np.arange(len(lines)), lines.line_of_row, dict[int, str]()
    for name in lists:
        rows = np.flatnonzero(_among(usage.column("list"), [name]) | _among(usage.column("licensee"), [name]))
        rows = rows[np.isin(lines.line_of_row[rows], spoken) & (of_row[rows] < len(lines))]
        doubled, place = np.unique(lines.line_of_row[rows], return_inverse=True)
        of_row = of_row.copy()
        of_row[rows] = len(origin) + place
        of_list |= dict.fromkeys(range(len(origin), len(origin) + len(doubled)), name)
        origin = np.concatenate((origin, doubled))
    if len(origin) == len(lines):
        return lines, origin, of_list
    columns = {f.name: getattr(lines, f.name).take(origin) for f in fields(lines) if f.name != "line_of_row"}
    return replace(lines, **columns, line_of_row=of_row), origin, of_list


def _among(column: pa.ChunkedArray, values: Iterable[str]) -> NDArray[np.bool_]:
    found = pc.is_in(column, value_set=pa.array(list(values), pa.string()))
    return np.asarray(found.to_numpy(), np.bool_)


def _spoken_of(about: Mapping[int, object], origin: Places) -> list[tuple[int, int]]:
    """The lines, doubled ones too, of which something was decided, each with the line that it was at first."""
    places = np.flatnonzero(np.isin(origin, list(about)))
    return list(zip(places.tolist(), origin[places].tolist(), strict=True))

"""Items of a manifest, cleared: asked of at the day on which each was taken, and again at the day of training.

What `identify` found is laid beside the registry as links of this run (an item's URL belongs to the work), so that one
question about the URL is answered by all that is said at the site, of the recording, the work, its holders and their
societies. A licence of the job counts for what it alone changes: asked with it and without it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from partita import tables
from partita.clear.batch import decide_all
from partita.clear.prepared import Prepared
from partita.clear.reasons import REASON
from partita.errors import InputError
from partita.registry import urls
from partita.tables import rights

ALWAYS = dt.date(1, 1, 1)
RECORDED = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - the registry's moments have no zone, they are UTC
"""Times of the rows that a run adds: they hold on every day, and were known at every moment."""

_TARGETS = (("url", "url"), ("content", "iscc"), ("recording", "isrc"))
"""Kinds of target, the nearest first, and the columns of ITEMS that hold them."""

Snapshot = Mapping[str, pa.Table]


@dataclass(frozen=True, slots=True)
class Trained:
    """One model that was trained: its system, for what, where, on which day; and the moment known (None: now)."""

    system: str
    purpose: str
    territory: str
    trained_on: dt.date
    known: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Licence:
    """One licence of the job as statements say it: who licenses what to which systems, where, from when to when.

    `statement`: the registry's own statement that it is; empty where the run states it.
    """

    licence_id: str
    kind: str
    licensor: str
    systems: tuple[str, ...]
    purpose: str
    territory: str
    valid_from: dt.date
    valid_to: dt.date | None
    statement: str = ""

    @property
    def statement_ids(self) -> tuple[str, ...]:
        """The statements that say it, in the run's snapshot."""
        return (self.statement,) if self.statement else tuple(f"run:{self.licence_id}:{s}" for s in self.systems)


def _asked_by(items: pa.Table, work: pa.Array | None = None) -> tuple[pa.Array, pa.Array]:
    """The kind and the target by which each item is asked of; `work`: of those that have nothing else. Null: none."""
    kind, target = pa.nulls(items.num_rows, pa.string()), pa.nulls(items.num_rows, pa.string())
    for name, column in _TARGETS:
        values = _whole(items.column(column))
        kind = pc.if_else(pc.and_(pc.is_null(kind), pc.is_valid(values)), name, kind)
        target = pc.coalesce(target, values)
    if work is not None:
        kind = pc.if_else(pc.and_(pc.is_null(kind), pc.is_valid(work)), "work", kind)
        target = pc.coalesce(target, work)
    return kind, target


def _whole(column: pa.ChunkedArray) -> pa.Array:
    found = column.combine_chunks()
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def taken_on(items: pa.Table, otherwise: dt.date) -> pa.Array:
    """The day on which each item was copied; `otherwise` where the manifest does not say."""
    return pc.fill_null(_whole(items.column("taken_at")).cast(pa.date32()), pa.scalar(otherwise, pa.date32()))


def works_by_registry(items: pa.Table, prepared: Prepared, model: Trained) -> tuple[pa.Array, pa.Array]:
    """The work that the registry knows by an item's URL, ISCC or ISRC (null: none), and which of them said so."""
    kind, target = _asked_by(items)
    answers = _answers(kind, target, taken_on(items, model.trained_on), model, prepared)
    found = _whole(answers.column("work_id"))
    names = pc.replace_substring(pc.replace_substring(kind, "content", "iscc"), "recording", "isrc")
    return found, names


def links(items: pa.Table, matches: pa.Table, known: pa.Array) -> pa.Table:
    """LINKS that a run adds: from what each identified item is asked by to its work, unless the registry knows it."""
    kind, target = _asked_by(items)
    work = _whole(matches.column("work_id"))
    new = pc.and_(pc.and_(pc.is_valid(kind), pc.is_valid(work)), pc.is_null(known))
    # A recording that was found by its code is what the URL belongs to: then what is said of it counts too.
    coded = pc.and_(pc.equal(kind, "url"), pc.starts_with(_whole(matches.column("rule")), "isrc"))
    coded = pc.and_(coded, pc.is_valid(_whole(items.column("isrc"))))
    found = pa.table(
        {
            "target_kind": kind,
            "target": target,
            "parent_kind": pc.if_else(coded, "recording", "work"),
            "parent": pc.if_else(coded, _whole(items.column("isrc")), work),
        }
    ).filter(new)
    once = found.group_by(found.column_names).aggregate([])
    exact = [
        _exact(k, t) for k, t in zip(*(once.column(c).to_pylist() for c in ("target_kind", "target")), strict=True)
    ]
    once = once.set_column(1, "target", pa.array(exact, pa.string()))
    return _with_times(once.filter(pc.is_valid(once.column("target"))), rights.LINKS)


def _exact(kind: str, target: str) -> str | None:
    """The pattern of one URL and no other; None where no pattern can hold it: it then stays unknown."""
    if kind != "url":
        return target
    try:
        return urls.canonical_pattern(urls.canonical(target) + "$")
    except InputError:
        return None


def _with_times(rows: pa.Table, table: tables.Table) -> pa.Table:
    times = {"valid_from": ALWAYS, "valid_to": None, "recorded_at": RECORDED, "retired_at": None, "recorded_by": "run"}
    columns = {
        column.name: rows.column(column.name)
        if column.name in rows.column_names
        else pa.repeat(pa.scalar(times[column.name], column.type), rows.num_rows)
        for column in table.columns
    }
    return tables.conform(pa.table(columns), table)


def with_links(snapshot: Snapshot, added: pa.Table) -> dict[str, pa.Table]:
    """The snapshot with the run's LINKS."""
    return {**snapshot, "links": pa.concat_tables([tables.conform(snapshot["links"], rights.LINKS), added])}


def with_licences(snapshot: Snapshot, licences: Sequence[Licence]) -> dict[str, pa.Table]:
    """The snapshot with the statements of `licences`; the statements of no other licence of the job."""
    rows = [row for licence in licences if not licence.statement for row in _statements(licence, snapshot)]
    added = pa.Table.from_pylist(rows, schema=rights.STATEMENTS.schema)
    return {
        **snapshot,
        "statements": pa.concat_tables([tables.conform(snapshot["statements"], rights.STATEMENTS), added]),
    }


def without_licences(snapshot: Snapshot, licences: Sequence[Licence]) -> dict[str, pa.Table]:
    """The snapshot without what the registry itself holds of these licences."""
    named = pa.array([x.statement for x in licences if x.statement], pa.string())
    held = snapshot["statements"]
    kept = pc.invert(pc.is_in(held.column("statement_id"), value_set=named))
    return {**snapshot, "statements": held.filter(kept)}


def _statements(licence: Licence, snapshot: Snapshot) -> list[dict[str, object]]:
    societies = set(snapshot["holdings"].column("society").to_pylist())
    societies |= set(snapshot["mandates"].column("society").to_pylist())
    kind = "repertoire" if licence.licensor in societies else "party"
    return [
        {
            "statement_id": f"run:{licence.licence_id}:{system}",
            "kind": licence.kind,
            "target_kind": kind,
            "target": licence.licensor,
            "purpose": licence.purpose,
            "system": system,
            "territory": licence.territory,
            "party_id": licence.licensor,
            "offer_id": None,
            "carrier": "registry",
            "form": "machine",
            "evidence": "declared",
            "source": f"licence {licence.licence_id} of the job",
            "sha256": "",
            "note": "",
            "valid_from": licence.valid_from,
            "valid_to": licence.valid_to,
            "recorded_at": RECORDED,
            "retired_at": None,
            "recorded_by": "run",
        }
        for system in licence.systems
    ]


def answers(items: pa.Table, matches: pa.Table, days: pa.Array, model: Trained, prepared: Prepared) -> pa.Table:
    """ANSWERS in the order of ITEMS, each asked of on its day; what nothing is known of is `unknown`.

    An item that was not identified is never allowed, although what was taken from the same URL may be.
    """
    work = _whole(matches.column("work_id"))
    kind, target = _asked_by(items, work)
    found = _answers(kind, target, days, model, prepared)
    known = pc.or_(pc.is_valid(work), pc.not_equal(found.column("answer"), "allowed"))
    return _only_known(found, known)


def _only_known(answers: pa.Table, known: pa.ChunkedArray) -> pa.Table:
    """ANSWERS in which those not known are `unknown`: nobody can say yes to what is not identified."""
    reason = REASON["target_unknown"]
    columns: dict[str, object] = {
        "answer": reason.answer, "code": reason.code, "reason": reason.english, "statement_id": None, "level": "",
        "carrier": "", "evidence": "", "source": "", "sha256": "", "since": None, "allowed_ppm": 0, "payee": "",
    }  # fmt: skip
    for name, value in columns.items():
        place = answers.schema.get_field_index(name)
        field = answers.schema.field(place)
        answers = answers.set_column(
            place, field, pc.if_else(known, answers.column(name), pa.scalar(value, field.type))
        )
    return tables.conform(answers, rights.ANSWERS)


def _answers(kind: pa.Array, target: pa.Array, days: pa.Array, model: Trained, prepared: Prepared) -> pa.Table:
    count = len(kind)
    ids = pa.array([f"{number:012d}" for number in range(count)], pa.string())
    asked = pc.is_valid(kind)
    uses = pa.table(
        {
            "use_id": ids,
            "target_kind": kind,
            "target": target,
            "purpose": pa.repeat(model.purpose, count),
            "system": pa.repeat(model.system, count),
            "territory": pa.repeat(model.territory, count),
            "at": days,
            "known": pa.repeat(pa.scalar(_plain(model.known), pa.timestamp("s")), count),
        }
    ).filter(asked)
    found = decide_all(uses, prepared)
    place = pc.index_in(ids, value_set=_whole(found.column("use_id")))
    every = found.take(place)
    nothing = {"use_id": "", "answer": "unknown", "code": "target_unknown", "reason": REASON["target_unknown"].english}
    blank = {"allowed_ppm": 0, "refused_ppm": 0, "claims": 0, "contradicted": False, "offers": []}
    columns = {}
    for column in rights.ANSWERS.columns:
        values = _whole(every.column(column.name))
        if not column.null:
            value = nothing.get(column.name, blank.get(column.name, ""))
            values = pc.if_else(asked, values, pa.scalar(value, column.type))
        columns[column.name] = ids if column.name == "use_id" else values
    return tables.conform(pa.table(columns), rights.ANSWERS)


def _plain(known: dt.datetime | None) -> dt.datetime | None:
    return known.astimezone(dt.UTC).replace(tzinfo=None) if known is not None and known.tzinfo else known


@dataclass(frozen=True, slots=True)
class Covered:
    """What one licence allows of matched items: for each item whether on both days, when taken, and when trained on."""

    both: np.ndarray[tuple[int], np.dtype[np.bool_]]
    taken: np.ndarray[tuple[int], np.dtype[np.bool_]]
    trained: np.ndarray[tuple[int], np.dtype[np.bool_]]


def of_works(snapshot: Snapshot) -> dict[str, pa.Table]:
    """The snapshot without what hangs on URLs: all that bears on a work by itself, and far fewer rows."""
    kept = {name: snapshot[name].filter(pc.not_equal(snapshot[name].column("target_kind"), "url"))
            for name in ("links", "statements")}  # fmt: skip
    return {**snapshot, **kept}


def covered(without: Prepared, with_it: Prepared, matches: pa.Table, days: pa.Array, model: Trained) -> Covered:
    """The items of whose works a licence allows shares that nothing else allows, by work and day.

    `without` and `with_it` are snapshots of works prepared without and with that licence.
    """
    work = _whole(matches.column("work_id"))
    then = pa.repeat(pa.scalar(model.trained_on, pa.date32()), len(work))
    taken, trained = (_more(work, day, model, without=without, with_it=with_it) for day in (days, then))
    return Covered(taken & trained, taken, trained)


def covers_nothing(count: int) -> Covered:
    """What a licence for other systems covers of `count` items."""
    return Covered(*(np.zeros(count, np.bool_) for _ in range(3)))


def _more(
    work: pa.Array, days: pa.Array, model: Trained, *, without: Prepared, with_it: Prepared
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    pairs = pa.table({"work": work, "day": days})
    once = pairs.filter(pc.is_valid(work)).group_by(["work", "day"]).aggregate([])
    kind = pa.repeat("work", once.num_rows)
    asked = (_whole(once.column("work")), _whole(once.column("day")))
    shares = [
        np.asarray(_answers(kind, *asked, model, prepared).column("allowed_ppm")) for prepared in (without, with_it)
    ]
    more = once.filter(pa.array(shares[1] > shares[0], pa.bool_()))
    wanted = set(zip(more.column("work").to_pylist(), more.column("day").to_pylist(), strict=True))
    every = zip(work.to_pylist(), days.to_pylist(), strict=True)
    return np.fromiter((pair in wanted for pair in every), np.bool_, len(work))


__all__ = [
    "Covered",
    "Licence",
    "Trained",
    "answers",
    "covered",
    "covers_nothing",
    "links",
    "of_works",
    "taken_on",
    "with_licences",
    "with_links",
    "without_licences",
    "works_by_registry",
]

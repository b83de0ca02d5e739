"""What people decided of usage lines, and which of their decisions stand.

Nothing is ever overwritten: taking a decision back is a row of its own. Of two decisions that contradict each other the
later one stands. The file that holds them is read and written by `registry.decisions_file`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from partita import tables
from partita.registry.notes import Notes
from partita.text.equal import Key, keys

SAME, NOT_SAME, ALT_TITLE, UNDO = "same", "not_same", "alt_title", "undo"
KINDS = (SAME, NOT_SAME, ALT_TITLE, UNDO)

Row = Mapping[str, Any]
"""One row of DECISIONS."""


def in_force(decisions: pa.Table) -> pa.Table:
    """The rows of a DECISIONS table that stand, in the order in which they were made.

    Left out are undos, what they took back, and what a later decision of the same lines contradicts.
    """
    kept = _not_undone(decisions)
    overruled = {earlier["decision_id"] for earlier, _ in _contradictions(kept)}
    return pa.Table.from_pylist(
        [row for row in kept if row["decision_id"] not in overruled], schema=tables.DECISIONS.schema
    )


def notes(decisions: pa.Table, work_ids: pa.Array) -> pa.Table:
    """PROBLEMS: decisions that contradict each other, and those in force of a work that is not among `work_ids`."""
    found = Notes(column="decision_id")
    for earlier, later in _contradictions(_not_undone(decisions)):
        found.add("decisions.contradict", earlier["decision_id"], f"{said(earlier)}; {said(later)} stands")
    there = set(work_ids.to_pylist())
    for row in in_force(decisions).to_pylist():
        if row["kind"] != NOT_SAME and row["work_id"] not in there:
            found.add("decisions.work_gone", row["decision_id"], said(row))
    return found.table()


def said(row: Row) -> str:
    """A decision in one line."""
    words = {SAME: "is", NOT_SAME: "is not", ALT_TITLE: "is another title of"}[row["kind"]]
    by = f"{row['recorded_by']}, {row['recorded_at'].date().isoformat()}"
    return f"{row['decision_id']} ({row['title'][:40]!r} {words} {row['work_id'] or 'any work'}, {by})"


def answer_of(rows: Sequence[Row], decision_id: str) -> list[Row]:
    """The decision and those recorded with it in one answer: same lines, same person, same moment."""
    one = next(row for row in rows if row["decision_id"] == decision_id)
    common = ("recorded_at", "recorded_by", "title", "performers", "writers")
    return [row for row in rows if row["kind"] != UNDO and all(row[name] == one[name] for name in common)]


def _not_undone(decisions: pa.Table) -> list[Row]:
    ordered = tables.conform(decisions, tables.DECISIONS).sort_by([(k, "ascending") for k in tables.DECISIONS.key])
    rows: list[Row] = ordered.to_pylist()
    undone = {row["undoes"] for row in rows if row["kind"] == UNDO}
    return [row for row in rows if row["kind"] != UNDO and row["decision_id"] not in undone]


def _contradictions(rows: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    """Pairs of an earlier and a later row that cannot both be true of the same lines."""
    groups: dict[tuple[Key, str], list[Row]] = defaultdict(list)
    for row, key in zip(rows, keys_of(rows), strict=True):
        groups[key, row["list"]].append(row)
    for group in groups.values():
        yield from _contradicted(group)


def _contradicted(group: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    positive: list[Row] = []
    negative: list[Row] = []
    for row in group:
        if row["kind"] == NOT_SAME:
            against = [p for p in positive if row["work_id"] in ("", p["work_id"])]
            positive = [p for p in positive if p not in against]
            negative.append(row)
        else:
            against = [p for p in positive if p["work_id"] != row["work_id"]]
            against += [n for n in negative if n["work_id"] in ("", row["work_id"])]
            positive = [p for p in positive if p["work_id"] == row["work_id"]]
            negative = [n for n in negative if n not in against]
            positive.append(row)
        yield from ((earlier, row) for earlier in against)


def keys_of(rows: Sequence[Row]) -> list[Key]:
    """By what the lines of each decision are known."""
    return keys(*([row[name] for row in rows] for name in ("title", "performers", "writers")))

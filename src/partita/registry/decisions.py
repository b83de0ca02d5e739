"""What people decided of usage lines: an append-only file, and which of its decisions stand.

The file (`decisions.jsonl`) is one JSON object a line in UTF-8. Nothing in it is ever overwritten: taking a decision
back is a row of its own. This room opens that file alone; times come from the caller.
"""

from __future__ import annotations

import pyarrow as pa

from partita import tables

SAME, NOT_SAME, ALT_TITLE, UNDO = "same", "not_same", "alt_title", "undo"
KINDS = (SAME, NOT_SAME, ALT_TITLE, UNDO)


def in_force(decisions: pa.Table) -> pa.Table:
    """The rows of a DECISIONS table that were not taken back, without the undos, in the order in which they were made."""
    ordered = tables.conform(decisions, tables.DECISIONS).sort_by([(k, "ascending") for k in tables.DECISIONS.key])
    rows = ordered.to_pylist()
    undone = {row["undoes"] for row in rows if row["kind"] == UNDO}
    kept = [row for row in rows if row["kind"] != UNDO and row["decision_id"] not in undone]
    return pa.Table.from_pylist(kept, schema=tables.DECISIONS.schema)

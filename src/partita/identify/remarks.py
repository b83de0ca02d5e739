"""What there is to say about the identifiers of usage lines: conflicts, and what is no identifier at all.

A conflict is never settled in silence: its line is ambiguous, and a row of PROBLEMS says which identifier is of which
work, and what the line is called.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from partita import ids, tables
from partita.identify.identifiers import KINDS, Named, named
from partita.identify.index import Index
from partita.identify.lines import Lines, distinct_lines
from partita.identify.senders import Learned, numbered
from partita.identify.stage import Prepared

CONFLICT, INVALID = "identifier_conflict", "identifier_invalid"
WORDS = {"iswc": "ISWC", "isrc": "ISRC", "work_number": "work number", "sender_number": "sender's number"}
_MEND = {
    CONFLICT: "Correct the identifier or the title in the list, or have a person decide; until then the plays wait",
    INVALID: "Correct it in the list, or leave it empty; the title decided",
}  # fmt: skip
_SHOWN_MOST = 80
_TITLES_MOST = 3
_CHECKS = {"iswc": "its form or check digit is wrong", "isrc": "its form is wrong"}


def remarks(
    usage: pa.Table, matches: pa.Table, prepared: Prepared, *, decisions: pa.Table | None = None,
    registrations: pa.Table | None = None,
) -> pa.Table:  # fmt: skip
    """PROBLEMS (notes) on a USAGE table and its MATCHES, which were identified with these same other tables."""
    parts = [_invalid(usage, kind) for kind in ("iswc", "isrc")]
    clashing = matches.column("line_id").filter(pc.equal(matches.column("rule"), CONFLICT))
    if len(clashing):
        rows = usage.filter(pc.is_in(usage.column("line_id"), value_set=pa.concat_arrays(clashing.chunks)))
        parts.append(_conflicts(rows, prepared.index, decisions, registrations))
    order = [(key, "ascending") for key in (*tables.PROBLEMS.key, "value", "reason")]
    return pa.concat_tables([tables.PROBLEMS.empty(), *parts]).sort_by(order).combine_chunks()


def _invalid(usage: pa.Table, kind: str) -> pa.Table:
    """A note on each line whose identifier has the wrong form or check digit."""
    usage = usage.filter(pc.not_equal(usage.column(kind), ""))
    texts = pa.concat_arrays([pa.array([], pa.string()), *usage.column(kind).cast(pa.string()).chunks])
    valid = (ids.iswcs if kind == "iswc" else ids.isrcs)(texts)
    rows, shown = usage.filter(pc.is_null(valid)), texts.filter(pc.is_null(valid)).to_pylist()
    reasons = [f"{WORDS[kind]} {_cut(text)}: {_CHECKS[kind]}" for text in shown]
    return _notes(rows, INVALID, [kind] * len(shown), shown, reasons)


def _conflicts(usage: pa.Table, index: Index, decisions: pa.Table | None, registrations: pa.Table | None) -> pa.Table:
    """A note on each of these lines, whose identifiers contradict the title or each other."""
    lines = distinct_lines(usage, senders=numbered(decisions))
    found = named(lines, index, registrations, Learned.of(decisions, index))
    starts = np.searchsorted(found.line, np.arange(len(lines) + 1))
    said = [_said(lines, found, slice(starts[i], starts[i + 1]), index) for i in range(len(lines))]
    of_row = lines.line_of_row.tolist()
    columns, values, reasons = ([said[i][part] for i in of_row] for part in range(3))
    return _notes(usage, CONFLICT, columns, values, reasons)


def _said(lines: Lines, found: Named, part: slice, index: Index) -> tuple[str, str, str]:
    """Column and value of the first identifier of one line, and the sentence that names them all."""
    stated = []
    for kind, work in zip(found.kind[part].tolist(), found.work[part].tolist(), strict=True):
        value = lines.identifiers.column(KINDS[kind])[int(found.line[part.start])].as_py()
        stated.append((KINDS[kind], value, f"{WORDS[KINDS[kind]]} {_cut(value)} is of {work_named(index, work)}"))
    if not stated:
        return "", "", "an identifier contradicts the title"
    title = lines.title[int(found.line[part.start])].as_py()
    called = f'the line is called "{_cut(title)}"' if title.strip() else "the line has no title"
    return stated[0][0], stated[0][1], "; ".join([*(text for _, _, text in stated), called])


def work_named(index: Index, work: int) -> str:
    """A work's id and titles, for people."""
    entries = np.flatnonzero(index.entry_work == work)[:_TITLES_MOST]
    titles = ", ".join(f'"{_cut(index.title_texts[t].as_py())}"' for t in index.entry_title[entries].tolist())
    return f"{index.work_ids[work]} {titles}"


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN_MOST else text[: _SHOWN_MOST - 1] + "…"


def _notes(
    rows: pa.Table, code: str, columns: Sequence[str], values: Sequence[str], reasons: Sequence[str]
) -> pa.Table:
    """PROBLEMS of one code, a row for each row of USAGE."""
    size = rows.num_rows

    def same(text: str) -> pa.Array:
        return pa.array([text], pa.string()).take(pa.array(np.zeros(size, np.int64)))

    return tables.conform(pa.table({
        "file": rows.column("file"), "line": rows.column("line"), "code": same(code), "severity": same("note"),
        "column": pa.array(columns, pa.string()), "value": pa.array([_cut(v) for v in values], pa.string()),
        "reason": pa.array(reasons, pa.string()), "mend": same(_MEND[code]), "list": rows.column("list"),
        "plays": pa.array(np.zeros(size, np.int64)),
    }), tables.PROBLEMS)  # fmt: skip

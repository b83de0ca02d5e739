"""Works of the registry by title, writers and performers: through `identify`, as any usage line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from partita import identify, tables
from partita.jobs.inputs import Progress, silent
from partita.registry.store import Store
from partita.registry.works_on import works_on


def match(
    store: Store, title: str, writers: Sequence[str], performers: Sequence[str], at: dt.date, known: dt.datetime | None
) -> dict[str, Any]:
    """The work that a title names on that day, as known then: work_id (None unless sure), outcome, rule, candidates."""
    works = _repertoire(works_on(store, at, known))
    line = {"line_id": "1", "title": title, "writers": list(writers), "performers": list(performers)}
    found = match_all(works, pa.Table.from_pylist([line])).to_pylist()[0]
    names = dict(zip(works.column("work_id").to_pylist(), works.column("title").to_pylist(), strict=True))
    candidates = [{**c, "title": names.get(c["work_id"], "")} for c in found["candidates"]]
    return {
        "work_id": found["work_id"],
        "outcome": found["outcome"],
        "rule": found["rule"],
        "probability": found["probability"],
        "candidates": candidates,
    }


def match_all(works: pa.Table, lines: pa.Table, progress: Progress = silent) -> pa.Table:
    """MATCHES of lines with `line_id`, `title`, `writers` and `performers` against REPERTOIRE."""
    if not works.num_rows:
        works = tables.REPERTOIRE.empty()
    usage = usage_of(lines)
    return identify.identify(usage, works, progress=progress)


def usage_of(lines: pa.Table) -> pa.Table:
    """USAGE with nothing but ids, titles and names."""
    empty = {"list": "", "licensee": "", "file": "", "line": 0, "plays": 1, "writers": [], "performers": []}
    columns = []
    for column in tables.USAGE.columns:
        if column.name in lines.column_names:
            columns.append(lines.column(column.name).cast(column.type))
        else:
            columns.append(pa.array([empty.get(column.name)] * lines.num_rows, column.type))
    return tables.conform(pa.table(columns, names=[column.name for column in tables.USAGE.columns]), tables.USAGE)


def repertoire(works: pa.Table, at: dt.date, known: dt.datetime | None) -> pa.Table:
    """REPERTOIRE of the registry's works that hold on the day, as known then."""
    return _repertoire(works.filter(live(works, at, known)))


def live(rows: pa.Table, at: dt.date, known: dt.datetime | None) -> pa.ChunkedArray:
    """Which rows of a table of the registry hold on the day, as known then."""
    day = pa.scalar(at, pa.date32())
    mask = pc.and_(
        pc.less_equal(rows.column("valid_from"), day), pc.fill_null(pc.greater(rows.column("valid_to"), day), True)
    )
    retired = rows.column("retired_at")
    if known is None:
        return pc.and_(mask, pc.is_null(retired))
    moment = pa.scalar(known.replace(tzinfo=None), pa.timestamp("s"))
    mask = pc.and_(mask, pc.less_equal(rows.column("recorded_at"), moment))
    return pc.and_(mask, pc.fill_null(pc.greater(retired, moment), True))


def _repertoire(rows: pa.Table) -> pa.Table:
    """REPERTOIRE of rows of WORKS."""
    columns = {name: rows.column(name) for name in rows.column_names}
    columns["isrc"] = pa.array([[]] * rows.num_rows, tables.TEXTS)
    columns["society"] = pa.array([""] * rows.num_rows, pa.string())
    table = pa.table({column.name: columns[column.name] for column in tables.REPERTOIRE.columns})
    return tables.conform(table, tables.REPERTOIRE)

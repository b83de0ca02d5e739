"""The works that count on one day, as known at one moment: all that a title is looked for among."""

from __future__ import annotations

import datetime as dt
import json

import pyarrow as pa

from partita import tables
from partita.registry import lookup
from partita.registry.store import Store

_COLUMNS = ("work_id", "title", "alt_titles", "writers", "performers", "iswc", "language")


def works_on(store: Store, at: dt.date, known: dt.datetime | None) -> pa.Table:
    """Works by number, titles, names, ISWC and language, as WORKS has them, without its times; sorted by number.

    No other table is read, and the database is not copied. Raises InputError where it fails.
    """
    asked = lookup.when(at, known)
    names = ", ".join(f"t.{name}" for name in _COLUMNS)
    condition = lookup.live(known=asked.known)
    with store.reading() as run:
        rows = run(f"SELECT {names} FROM works AS t WHERE {condition}", asked.values)
    types = {column.name: column.type for column in tables.rights.WORKS.columns}
    columns = dict(zip(_COLUMNS, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(_COLUMNS, ())
    made = {
        name: pa.array(json.loads(f"[{','.join(values)}]") if types[name] == tables.TEXTS else values, types[name])
        for name, values in columns.items()
    }
    return pa.table(made).sort_by([("work_id", "ascending"), ("title", "ascending")])

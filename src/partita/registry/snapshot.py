"""The whole registry as Arrow tables of the contract, for work on many targets at once and for publishing.

Read through ADBC, in columns, from one consistent state. An SQLite file is copied first and the copy is read: two
builds of SQLite in one process (Python's and ADBC's) undo each other's locks on one file, and a write could be lost.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from adbc_driver_manager import Error
from adbc_driver_sqlite import dbapi as sqlite

from partita import tables
from partita.errors import InputError
from partita.registry import schema
from partita.registry.store import SQLITE, Store

BATCH = 65_536
"""Rows that ADBC reads at a time."""


def read(store: Store) -> dict[str, pa.Table]:
    """Every table of `tables.rights.REGISTRY` by name, history and all, sorted: the same from both databases.

    Raises InputError where the database fails.
    """
    try:
        if store.dialect is SQLITE:
            return _from_sqlite(store)
        return _from_postgresql(store)
    except (Error, sqlite3.Error, OSError) as error:
        text = " ".join(str(error).split())[:200]
        mend = "Check that the server runs, and that there is room for a copy of the registry"
        raise InputError(f"the registry cannot be read whole: {text}", file=store.name, mend=mend) from None


def _from_sqlite(store: Store) -> dict[str, pa.Table]:
    with tempfile.TemporaryDirectory(prefix="partita-registry-") as folder:
        copy = Path(folder) / "registry.db"
        with closing(sqlite3.connect(store.name)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        options = {"adbc.sqlite.query.batch_rows": str(BATCH)}
        with sqlite.connect(copy.as_uri() + "?mode=ro&immutable=1") as connection:
            return _all(connection, options, plain=True)


def _from_postgresql(store: Store) -> dict[str, pa.Table]:
    # An extra that users of SQLite do without.
    from adbc_driver_postgresql import dbapi as postgresql  # noqa: PLC0415

    address = store.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with postgresql.connect(address) as connection:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return _all(connection, {}, plain=False)


def _all(connection: Any, options: dict[str, str], *, plain: bool) -> dict[str, pa.Table]:
    found = {}
    for name, table in schema.TABLES.items():
        with connection.cursor() as cursor:
            cursor.adbc_statement.set_options(**options)
            cursor.execute(f"SELECT {', '.join(_selected(c, plain=plain) for c in table.columns)} FROM {name}")
            found[name] = _formed(cursor.fetch_arrow_table(), table)
    return found


def _selected(column: tables.Column, *, plain: bool) -> str:
    # ADBC's driver for SQLite takes a column's type from its first rows, which may all be null.
    return f'COALESCE("{column.name}", \'\') AS "{column.name}"' if plain and column.null else f'"{column.name}"'


def _formed(data: pa.Table, table: tables.Table) -> pa.Table:
    """The rows in the contract's types and order."""
    columns = {c.name: _column(data.column(c.name), c) for c in table.columns}
    order = [*table.key, "valid_from", "retired_at", "valid_to"]
    return tables.conform(pa.table(columns), table).sort_by([(name, "ascending") for name in order]).combine_chunks()


def _column(values: pa.ChunkedArray, column: tables.Column) -> pa.ChunkedArray:
    if not len(values):
        return pa.chunked_array([], column.type)
    if pa.types.is_string(values.type) and column.null:
        values = pc.if_else(pc.equal(values, ""), None, values)
    if column.type == tables.TEXTS:
        texts = ",".join(values.to_pylist())
        return pa.chunked_array([pa.array(json.loads(f"[{texts}]"), column.type)])
    return values.cast(column.type)

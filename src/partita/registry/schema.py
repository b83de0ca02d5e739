"""The registry's tables in a database: those of `tables.rights.REGISTRY`, a number for each row, and its entries.

The same on SQLite and PostgreSQL, but for the types of days and moments: SQLite keeps them as ISO 8601 text, which
sorts as they do. Lists are JSON. `registry.migrations` makes and changes the tables; a test holds the two together.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from partita import tables
from partita.tables import rights

VERSION = "0001"
"""The newest migration of `registry.migrations`."""

VERSION_TABLE = "partita_registry_version"

ROW = "row_id"
"""The number of a row within its table."""

URL_KEY = "url_key"
"""The key of a URL pattern (`registry.urls.pattern_keys`); null where the target is no URL."""

TABLES = {table.name: table for table in rights.REGISTRY}
"""The tables of the contract that the registry keeps, by name."""

WITH_URLS = tuple(name for name, table in TABLES.items() if any(c.name == "target_kind" for c in table.columns)
                  and name != "holdings")  # fmt: skip
"""Tables whose target may be a URL pattern."""

INDEXES = {
    "parties": (("party_id",),),
    "works": (("work_id",), ("iswc",)),
    "links": (("target_kind", "target"), (URL_KEY,)),
    "holdings": (("target_kind", "target"),),
    "mandates": (("party_id", "society"),),
    "reciprocals": (("grantor", "grantee"),),
    "authorship": (("work_id",),),
    "statements": (("target_kind", "target"), ("statement_id",), (URL_KEY,)),
    "offers": (("target_kind", "target"), ("offer_id",), (URL_KEY,)),
}
"""Columns by which rows are looked up."""

NUMBER: sa.types.TypeEngine[int] = sa.BigInteger().with_variant(sa.Integer, "sqlite")
DAY: sa.types.TypeEngine[Any] = sa.Date().with_variant(sa.Text, "sqlite")
MOMENT: sa.types.TypeEngine[Any] = sa.TIMESTAMP().with_variant(sa.Text, "sqlite")

metadata = sa.MetaData()


def kind(column: tables.Column) -> sa.types.TypeEngine[Any]:
    """How a column of the contract is kept."""
    if pa.types.is_date(column.type):
        return DAY
    if pa.types.is_timestamp(column.type):
        return MOMENT
    return sa.BigInteger() if pa.types.is_integer(column.type) else sa.Text()


def _made(table: tables.Table) -> sa.Table:
    columns = [sa.Column(c.name, kind(c), nullable=c.null) for c in table.columns]
    extra = [sa.Column(URL_KEY, sa.Text)] if table.name in WITH_URLS else []
    number = sa.Column(ROW, NUMBER, sa.Identity(always=True), primary_key=True)
    indexes = [sa.Index(f"{table.name}_by_{'_'.join(names)}", *names) for names in INDEXES[table.name]]
    return sa.Table(table.name, metadata, number, *columns, *extra, *indexes)


ROWS = {name: _made(table) for name, table in TABLES.items()}
"""The tables as the database has them, by name."""

ENTRIES = sa.Table(
    "entries",
    metadata,
    sa.Column("entry_id", NUMBER, sa.Identity(always=True), primary_key=True),
    sa.Column("recorded_at", MOMENT, nullable=False),
    sa.Column("recorded_by", sa.Text, nullable=False),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("added", sa.BigInteger, nullable=False),
    sa.Column("retired", sa.BigInteger, nullable=False),
)
"""One row for each time that the registry was told something: when, by whom, how many rows that added and retired."""

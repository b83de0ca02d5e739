"""Rows of the contract's tables from the fields that a test cares about."""

from __future__ import annotations

import pyarrow as pa

from partita import tables
from partita.identify import IdentifyPolicy, identify


def filled(table: tables.Table, rows: list[dict[str, object]]) -> pa.Table:
    """A table whose other columns are empty."""
    columns = {}
    for column in table.columns:
        number = column.name in {"plays", "line"}
        empty: object = [] if column.type == tables.TEXTS else None if column.null else 1 if number else ""
        columns[column.name] = pa.array([row.get(column.name, empty) for row in rows], column.type)
    return tables.conform(pa.table(columns), table)


def repertoire(*rows: dict[str, object]) -> pa.Table:
    """A REPERTOIRE table."""
    return filled(tables.REPERTOIRE, list(rows))


def usage(*rows: dict[str, object]) -> pa.Table:
    """A USAGE table; lines are numbered where they have no id."""
    return filled(tables.USAGE, [{"line_id": str(i), **row} for i, row in enumerate(rows)])


def outcomes(
    works: pa.Table, *lines: dict[str, object], policy: IdentifyPolicy | None = None
) -> list[tuple[str, str | None]]:
    """(outcome, work) of each line."""
    matches = identify(usage(*lines), works, policy)
    return list(zip(matches.column("outcome").to_pylist(), matches.column("work_id").to_pylist(), strict=True))

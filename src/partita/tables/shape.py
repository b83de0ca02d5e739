"""What a table of the contract is: a name, a meaning and its columns; and `conform`, which checks data against one."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

TEXTS = pa.list_(pa.string())


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its Arrow type, its unit (empty where it has none), whether it may be null, and what it means."""

    name: str
    type: pa.DataType
    meaning: str
    unit: str = ""
    null: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the contract; `key` names the columns by which it is sorted when it is written."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema, without metadata, so that equal tables give equal bytes."""
        return pa.schema([pa.field(c.name, c.type, nullable=c.null) for c in self.columns])

    def empty(self) -> pa.Table:
        """A table of this schema with no rows."""
        return self.schema.empty_table()


def text(name: str, meaning: str, *, null: bool = False) -> Column:
    """A column of text."""
    return Column(name, pa.string(), meaning, null=null)


def count(name: str, meaning: str, unit: str, *, null: bool = False) -> Column:
    """A column of whole numbers."""
    return Column(name, pa.int64(), meaning, unit, null)


def day(name: str, meaning: str, *, null: bool = False) -> Column:
    """A column of dates."""
    return Column(name, pa.date32(), meaning, "day", null)


def conform(data: pa.Table, table: Table) -> pa.Table:
    """`data` with exactly the columns, order and types of `table`; raises ValueError that names what differs."""
    missing = [c.name for c in table.columns if c.name not in data.column_names]
    if missing:
        raise ValueError(f"table {table.name}: columns missing: {', '.join(missing)}")
    result = data.select([c.name for c in table.columns]).cast(table.schema)
    for column in table.columns:
        nulls = result.column(column.name).null_count
        if nulls and not column.null:
            raise ValueError(f"table {table.name}: {nulls} nulls in {column.name}, which may not be null")
    return result

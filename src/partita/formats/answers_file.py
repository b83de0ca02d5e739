"""A table of answers being written as CSV or Parquet: piece by piece, and kept only when it is whole."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv
import pyarrow.parquet as pq

from partita.errors import InputError
from partita.formats.pages import cells

ENDINGS = (".csv", ".parquet")
_BYTE_ORDER = b"\xef\xbb\xbf"


class AnswersFile:
    """A file that appears, or replaces what was there, when all is written; after an error nothing has changed.

    CSV opens in a spreadsheet as it is meant: lists are joined by `; `, and no cell is a formula. Raises InputError for
    a name that ends in neither, and for a folder that is not there.
    """

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        check_name(path)
        self._path = path
        self._part = path.with_name(f".{path.name}.{os.getpid()}.partial")
        try:
            self._file = self._part.open("wb")
        except OSError as error:
            raise InputError(error.strerror or str(error), file=str(path), mend="Name a folder to write in") from None
        self._is_csv = path.suffix.lower() == ".csv"
        self._writer: Any
        if self._is_csv:
            self._file.write(_BYTE_ORDER)
            self._writer = pv.CSVWriter(self._file, _flat(schema.empty_table()).schema)
        else:
            self._writer = pq.ParquetWriter(self._file, schema, compression="zstd")

    def __enter__(self) -> Self:
        return self

    def write(self, rows: pa.Table) -> None:
        """Adds rows of the schema."""
        self._writer.write_table(_flat(rows) if self._is_csv else rows)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._writer.close()
            self._file.close()
            if kind is None:
                self._part.replace(self._path)
        finally:
            self._file.close()
            self._part.unlink(missing_ok=True)


def check_name(path: Path) -> None:
    """Raises InputError where answers cannot be written under that name."""
    if path.suffix.lower() not in ENDINGS:
        mend = f"Name it {' or '.join(ENDINGS)}"
        raise InputError(f"answers are not written as {path.suffix!r}", file=str(path), mend=mend)
    if path.is_dir():
        raise InputError("this is a folder", file=str(path), mend="Name a file in it")


def _flat(rows: pa.Table) -> pa.Table:
    """The rows as cells of a spreadsheet."""
    columns = {}
    for name in rows.column_names:
        column = rows.column(name)
        if pa.types.is_list(column.type):
            column = pc.binary_join(column, "; ")
        columns[name] = cells.safe_column(column) if pa.types.is_string(column.type) else column
    return pa.table(columns)

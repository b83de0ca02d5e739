"""Parquet: only the columns that are used are read, and stay columns."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from partita.errors import InputError
from partita.formats import headers
from partita.formats.grid import Grid, Origin

UNPACKED_MOST = 32 << 30
"""Bytes of all columns, unpacked, as the file itself states them."""


def read(path: Path, kind: str, columns: Mapping[str, str]) -> Grid:
    """The grid of a Parquet file; `lines` counts its rows from 1. Raises InputError."""
    try:
        return _read(path, kind, columns)
    except (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError, NotImplementedError) as error:
        text = " ".join(str(error).split())[:120]
        raise InputError(
            f"the Parquet file cannot be read: {text}", file=str(path), mend="Write it again; was it cut short?"
        ) from None


def _read(path: Path, kind: str, columns: Mapping[str, str]) -> Grid:
    with pq.ParquetFile(path) as file:
        names = list(file.schema_arrow.names)
        if len(names) > headers.COLUMNS_MOST:
            raise InputError(f"the file has {len(names)} columns; the limit is {headers.COLUMNS_MOST}", file=str(path))
        if sum(file.metadata.row_group(i).total_byte_size for i in range(file.metadata.num_row_groups)) > UNPACKED_MOST:
            raise InputError("the file unpacks to more than 32 GiB", file=str(path), mend="Split it")
        if headers.find([names], kind, columns) is None:
            raise headers.absent([names], kind, columns, str(path))
        matched = headers.match(names, kind, columns, str(path))
        places = sorted({p for found in matched.places.values() for p in found})
        if len({names[p] for p in places}) < len(places):
            raise InputError("two columns have the same name", file=str(path), mend="Rename one of them")
        data = file.read(columns=[names[p] for p in places])
    data.validate(full=True)
    by_place = {p: _plain(data.column(names[p]), names[p], str(path)) for p in places}
    found = {ours: tuple(by_place[p] for p in spots) for ours, spots in matched.places.items()}
    count = data.num_rows
    lines = pa.array(range(1, count + 1), pa.int64())
    return Grid(found, matched, lines, pc.subtract(lines, 1), (), Origin("parquet", "utf-8", "Parquet text is UTF-8"))


def _plain(column: pa.ChunkedArray, name: str, file: str) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _plain(column.cast(kind.value_type), name, file)
    if (
        pa.types.is_null(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_string_view(kind)
        or pa.types.is_binary(kind)
    ):
        return column.cast(pa.string())
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        if pa.types.is_string(kind.value_type) or pa.types.is_large_string(kind.value_type):
            return column.cast(pa.list_(pa.string()))
    elif not pa.types.is_nested(kind) and not pa.types.is_large_binary(kind):
        return column
    raise InputError(f"column {name!r} is of type {kind}, which is no text, number, date or list of texts", file=file)

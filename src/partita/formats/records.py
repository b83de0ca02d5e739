"""Records of any kind, one after the other, from JSON, JSON lines, CSV, TSV or Parquet: what is committed to a log.

A record is a JSON value as it stands in its file, nothing renamed and nothing guessed. Only what has no exact form in
JSON becomes text: a number with a point (`1.50` stays `1.50`), a date, a decimal; bytes become Base64. So whoever reads
the same file again has the same record. Files are read a piece at a time, JSON documents (not lines) whole.
"""

from __future__ import annotations

import base64
import csv
import datetime as dt
import decimal
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from partita.errors import InputError
from partita.formats.encoding import ERRORS, MARK, detect
from partita.formats.reading import bounded

JSON_MOST = 256 << 20
"""Bytes of one JSON document; lists larger than that are written as JSON lines."""
LINE_MOST = 1 << 24
"""Characters of one line."""
CELL_MOST = 1 << 20
ROWS_AT_ONCE = 16_384
LINES = (".jsonl", ".ndjson")
DELIMITED = (".csv", ".tsv")
PARQUET = (".parquet", ".pq")

Record = tuple[int, Any]
"""The line or row of the file, from 1, and the value."""


def read(path: Path, aside: list[InputError] | None = None) -> Iterator[Record]:
    """Every record of a file, in its order; raises InputError, with the line, at the first that cannot be read.

    Where `aside` is given, lines that cannot be read are put there instead, and reading goes on. A JSON document is one
    record, or one for each element where it is a list.
    """
    ending = path.suffix.lower()
    if not path.exists():
        raise InputError("there is no such file", file=str(path), mend="Check its name")
    if ending in LINES:
        return _lines(path, aside)
    if ending == ".json":
        return _document(path)
    if ending in DELIMITED:
        return _delimited(path, aside)
    if ending in PARQUET:
        return _parquet(path)
    mend = "Name it .json, .jsonl, .csv, .tsv or .parquet, or commit to the file as a whole"
    raise InputError(f"records are not read from files ending in {ending or 'nothing'!r}", file=str(path), mend=mend)


def whole(path: Path) -> dict[str, Any]:
    """A file of any kind as one record: its name, its size in bytes, its SHA-256."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return {"bytes": file.tell(), "file": path.name, "sha256": digest}
    except OSError as error:
        reason = f"the file cannot be read: {error.strerror or error}"
        raise InputError(reason, file=str(path), mend="Name a file that you may read") from None


def parse(text: str | bytes, file: str, line: int = 0) -> Any:
    """One JSON value, each key once in an object; raises InputError with its place."""
    try:
        return json.loads(text, parse_float=str, parse_constant=_no_number, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        place = line or error.lineno
        raise InputError(f"this is no JSON: {error.msg}", file=file, line=place, mend="Write the file again") from None
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise InputError(f"this JSON is not read: {reason[:200]}", file=file, line=line) from None


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number")


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON from its pairs; raises ValueError for a key that stands twice: readers differ there."""
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice[:60]!r} stands twice in one object")
    return made


def _document(path: Path) -> Iterator[Record]:
    found = parse(bounded(path, JSON_MOST, "Write it as JSON lines (.jsonl)"), str(path))
    yield from enumerate(found if isinstance(found, list) else [found], start=1)


def _refused(error: InputError, aside: list[InputError] | None) -> None:
    if aside is None:
        raise error
    aside.append(error)


def _lines(path: Path, aside: list[InputError] | None) -> Iterator[Record]:
    with path.open("rb") as file:
        yield from stream(file, str(path), aside)


def stream(file: BinaryIO, name: str, aside: list[InputError] | None = None) -> Iterator[Record]:
    """The records of JSON lines as they come, from a file that is open; as `read`."""
    number = 0
    while line := file.readline(LINE_MOST):
        number += 1
        if len(line) >= LINE_MOST:
            raise InputError(f"a line of more than {LINE_MOST:,} bytes", file=name, line=number)
        text = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if text.strip():
            try:
                value = parse(text, name, number)
            except InputError as error:
                _refused(error, aside)
            else:
                yield number, value


def _delimited(path: Path, aside: list[InputError] | None) -> Iterator[Record]:
    encoding = detect(path)
    if encoding.lossy and aside is None:
        raise InputError(f"the file is not {encoding.name} throughout", file=str(path), mend="Save it as UTF-8")
    csv.field_size_limit(CELL_MOST)
    with path.open("r", encoding=encoding.name, errors=ERRORS if encoding.lossy else "strict", newline="") as file:
        delimiter = "\t" if path.suffix.lower() == ".tsv" else _delimiter(file.readline(LINE_MOST))
        file.seek(0)
        rows = _rows(csv.reader(file, delimiter=delimiter, strict=True), str(path), aside)
        yield from rows if not encoding.lossy else _sound(rows, str(path), aside)


def _delimiter(header: str) -> str:
    return max(",;\t", key=header.count)


def _rows(reader: Any, file: str, aside: list[InputError] | None) -> Iterator[Record]:
    header: list[str] = next(reader, [])
    if not header or len(set(header)) < len(header) or not all(name.strip() for name in header):
        mend = "Give every column a name of its own in the first row"
        raise InputError("the header row is empty, or two columns are called alike", file=file, line=1, mend=mend)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            mend = "Close every quotation mark, and double those inside"
            _refused(InputError(f"the row cannot be read: {error}", file=file, line=line, mend=mend), aside)
            continue
        if cells is None:
            return
        if cells and len(cells) != len(header):
            reason = f"the row has {len(cells)} cells, the header {len(header)}"
            _refused(InputError(reason, file=file, line=line, mend="Quote cells that hold the delimiter"), aside)
        elif cells:
            yield line, dict(zip(header, cells, strict=True))


def _sound(rows: Iterator[Record], file: str, aside: list[InputError] | None) -> Iterator[Record]:
    """The rows without bytes that are no characters."""
    for line, row in rows:
        if any(MARK in cell for cell in row.values()):
            mend = "Write the row again in the file's encoding"
            _refused(InputError("the row holds bytes that are no characters", file=file, line=line, mend=mend), aside)
        else:
            yield line, row


def _parquet(path: Path) -> Iterator[Record]:
    number = 0
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(ROWS_AT_ONCE):
                for row in batch.to_pylist():
                    number += 1
                    yield number, _exact(row)
    except (pa.ArrowException, OSError, ValueError) as error:
        text = " ".join(str(error).split())[:120]
        raise InputError(
            f"the Parquet file cannot be read: {text}", file=str(path), mend="Write it again; was it cut short?"
        ) from None


def _exact(value: Any) -> Any:
    """A value as JSON has it, exactly."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, dict):
        return {str(name): _exact(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_exact(each) for each in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, (dt.date, dt.datetime, dt.time)):
        return value.isoformat()
    if isinstance(value, (float, decimal.Decimal, dt.timedelta)):
        return str(value)
    raise InputError(f"a value of type {type(value).__name__} has no form in JSON")


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row of an Arrow table as a record."""
    return {name: _exact(value) for name, value in row.items()}

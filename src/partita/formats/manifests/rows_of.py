"""Rows of the other file kinds, as grids: CSV and workbooks by the house's readers, Parquet, lists of URLs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from partita.errors import InputError
from partita.formats import delimited, headers, parquet, workbook
from partita.formats.grid import Grid, Origin, Remark
from partita.formats.manifests import jsonl, withheld
from partita.formats.manifests.columns import DEPTH_MOST, KIND, Block, Found, flat, grid
from partita.formats.manifests.stated import Stated
from partita.formats.reading import FileNote
from partita.formats.sieve import mask

ROWS = 1 << 17
"""Rows of one block."""
ARRAY_MOST = 256 << 20
"""Bytes of a JSON file that is one list: it can only be read whole."""


def grids(path: Path, form: str, found: Found, stated: Stated, progress: Callable[[int], None]) -> Iterator[Grid]:
    """The rows of a file of any form, some thousands at a time; `progress` is told how many bytes were read.

    Raises InputError for a file that cannot be read, and for a mapping that names no column of it.
    """
    if form == "csv":
        yield from of_grid(path, stated.columns, stated.encoding, stated.sheet, found.kind)
        return
    reads: dict[str, Callable[[], Iterator[Block]]] = {
        "jsonl": lambda: jsonl.read(path, stated.encoding, found, progress),
        "json": lambda: of_json(path, found),
        "parquet": lambda: of_parquet(path, found, progress),
        "urls": lambda: of_urls(path, stated.encoding, progress),
    }
    if form not in reads:
        raise InputError(f"a file of rows is read, not {form}", file=str(path), mend="Correct `format` in the job")
    origin = Origin(form, stated.encoding or "utf-8", "given" if stated.encoding else f"{form} is UTF-8")
    for block in reads[form]():
        yield grid(block, found, origin)
    _check(found, path)


def _check(found: Found, path: Path) -> None:
    """Refuses a mapping that names no column, and a file none of whose fields can name what it should."""
    listed = [header for some in found.names.values() for header in some] + list(found.unused)
    known = sorted({ours for ours, _ in headers.words(found.kind).values()})
    for ours, theirs in found.given.items():
        if ours not in known:
            reason = f"columns maps {ours!r}, which is no column of a file of {found.kind}"
            raise InputError(reason, file=str(path), mend=f"Use one of {', '.join(known)}")
        if ours not in found.names:
            raise headers.absent([listed], found.kind, {ours: theirs}, str(path))
    if listed and not headers.enough(set(found.names), found.kind):
        raise headers.absent([listed], found.kind, {}, str(path))


def note(path: Path, called: str, form: str, found: Found, last: Grid | None) -> FileNote:
    """How a file was read; rows are not counted here."""
    with path.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    csv = form == "csv" and last is not None
    names = last.found.names if csv and last else {n: " + ".join(h) for n, h in sorted(found.names.items())}
    unused = last.found.unused if csv and last else list(found.unused)
    origin = last.origin if last else Origin(form)
    return FileNote(
        file=called, sha256=digest, bytes=path.stat().st_size, format=origin.format, encoding=origin.encoding,
        encoding_reason=origin.encoding_reason, delimiter=origin.delimiter,
        columns={ours: withheld.hidden_text(theirs) for ours, theirs in names.items()},
        unused=[withheld.hidden_text(header) for header in unused], sheet=origin.sheet, header_line=origin.header_line,
    )  # fmt: skip


def of_grid(
    path: Path, columns: Mapping[str, str], encoding: str | None, sheet: str | None, kind: str = KIND
) -> Iterator[Grid]:
    """A CSV, TSV or XLSX file in slices; raises InputError where no header row is found."""
    with path.open("rb") as file:
        book = file.read(4) == b"PK\x03\x04"
    whole = workbook.read(path, kind, columns, sheet) if book else delimited.read(path, kind, columns, encoding)
    for first in range(0, max(whole.size, 1), ROWS):
        part = {n: tuple(c.slice(first, ROWS) for c in some) for n, some in whole.columns.items()}
        found = whole.found if first == 0 else headers.Columns(whole.found.places, whole.found.names, [], [])
        remarks = whole.remarks if first == 0 else ()
        yield Grid(part, found, whole.lines.slice(first, ROWS), whole.numbers.slice(first, ROWS), remarks, whole.origin)


def of_parquet(path: Path, found: Found, progress: Callable[[int], None]) -> Iterator[Block]:
    """A Parquet file's rows, only the columns that serve; raises InputError for a file that cannot be read."""
    try:
        with pq.ParquetFile(path) as file:
            yield from _row_groups(file, path, found, progress)
    except (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError, NotImplementedError) as error:
        text = " ".join(str(error).split())[:120]
        mend = "Write it again; was it cut short?"
        raise InputError(f"the Parquet file cannot be read: {text}", file=str(path), mend=mend) from None


def _row_groups(file: pq.ParquetFile, path: Path, found: Found, progress: Callable[[int], None]) -> Iterator[Block]:
    about = file.metadata
    if sum(about.row_group(i).total_byte_size for i in range(about.num_row_groups)) > parquet.UNPACKED_MOST:
        raise InputError("the file unpacks to more than 32 GiB", file=str(path), mend="Split it")
    names = list(_leaves("", file.schema_arrow, 0))
    if len(names) > headers.COLUMNS_MOST:
        raise InputError(f"the file has {len(names)} columns; the limit is {headers.COLUMNS_MOST}", file=str(path))
    wanted = [name for name in names if found.meaning(name)]
    for name in set(names) - set(wanted):
        found.note(name, None)
    row, size = 0, path.stat().st_size
    for batch in file.iter_batches(batch_size=ROWS, columns=wanted, use_threads=True):
        batch.validate(full=True)
        columns: dict[str, pa.Array] = {}
        for place, field in enumerate(batch.schema):
            columns |= dict(flat(field.name, batch.column(place)))
        numbers = np.arange(row, row + batch.num_rows)
        row += batch.num_rows
        yield Block(columns, pa.array(numbers + 1), pa.array(numbers))
        progress(size * row // max(about.num_rows, 1))


def _leaves(before: str, fields: Any, depth: int) -> Iterator[str]:
    """Every plain column of a schema, nested ones as `a.b`."""
    for field in fields:
        name = f"{before}{field.name}"
        if pa.types.is_struct(field.type) and depth < DEPTH_MOST:
            yield from _leaves(f"{name}.", field.type, depth + 1)
        else:
            yield name


def of_json(path: Path, found: Found) -> Iterator[Block]:
    """A JSON file that is one list of objects; `lines` counts its elements from 1."""
    if path.stat().st_size > ARRAY_MOST:
        mend = "Write it as JSON lines: one object a line"
        raise InputError(f"a JSON list of more than {ARRAY_MOST:,} bytes", file=str(path), mend=mend)
    try:
        value = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"not JSON: {str(error)[:100]}", file=str(path), mend="Write it again") from None
    items = (
        value
        if isinstance(value, list)
        else next((v for v in value.values() if isinstance(v, list)), None)
        if isinstance(value, dict)
        else None
    )
    if items is None:
        raise InputError("the JSON file holds no list of objects", file=str(path), mend="Write one object a line")
    yield from of_list(items, found)


def of_list(items: list[Any], found: Found) -> Iterator[Block]:
    """Elements of a list, of which each should be an object; `lines` counts them from 1."""
    for first in range(0, len(items), ROWS):
        part = items[first : first + ROWS]
        good = [n for n, item in enumerate(part) if isinstance(item, dict)]
        remarks = tuple(
            Remark(first + n + 1, "manifest.line", reason="the element is no object")
            for n, item in enumerate(part)
            if not isinstance(item, dict)
        )
        places = np.array(good, np.int64) + first
        columns = jsonl.columns([jsonl.wanted(part[n], found) for n in good])
        yield Block(columns, pa.array(places + 1), pa.array(places), remarks)


def of_urls(path: Path, encoding: str | None, progress: Callable[[int], None]) -> Iterator[Block]:
    """A list of URLs, one a line, with a day behind a tab where one is known; `#` begins a line that is none."""
    row = 0
    for lines, remarks in jsonl.lines_of(path, encoding, progress):
        texts = _lines_of(lines)
        comment = mask(pc.starts_with(texts, "#"))
        full = texts.filter(pa.array(~comment))
        columns = {"url": full}
        if pc.any(pc.match_substring(full, "\t")).as_py():
            parts = pc.extract_regex(full, r"^(?P<url>[^\t]*)(?:\t\s*(?P<day>[^\t]*))?")
            columns = {"url": pc.struct_field(parts, "url"), "taken_at": pc.struct_field(parts, "day")}
        size = len(full)
        numbers = np.arange(row, row + size)
        row += size + len(remarks)
        yield Block(columns, pa.array(lines.numbers[~comment]), pa.array(numbers), remarks)


def _lines_of(lines: jsonl.Lines) -> pa.Array:
    """Lines as texts, trimmed; what is not UTF-8 stands as a replacement character."""
    try:
        lines.data.decode("utf-8")
    except UnicodeDecodeError:
        pieces = [lines.data[a:b].decode("utf-8", "replace") for a, b in zip(lines.starts, lines.ends, strict=True)]
        return pc.utf8_trim_whitespace(pa.array(pieces, pa.string()))
    starts = lines.starts.astype(np.int32)
    bounds = np.append(starts, np.int32(lines.ends[-1] if len(lines.ends) else 0))
    whole = pa.StringArray.from_buffers(len(starts), pa.py_buffer(bounds), pa.py_buffer(lines.data))
    return pc.utf8_trim_whitespace(whole)

"""An import into the registry: a file per table (CSV, TSV, XLSX, Parquet), one YAML file with several, or a folder.

A file is of the table that its name begins with: `works.csv`, `statements-2026.parquet`. Columns are those of
docs/tables.md, without the registry's own (`recorded_at`, `retired_at`, `recorded_by`). What the values mean is for the
registry to judge; here they are read, and what cannot be read is set aside with its file and line.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import yaml

from partita import tables
from partita.errors import InputError
from partita.formats import headers, small_yaml, values
from partita.formats.grid import Grid, Origin, Remark
from partita.formats.load import load
from partita.formats.reading import FileNote
from partita.formats.sieve import Sieve, as_text, mask
from partita.tables import rights

YAML_MOST = 64 << 20
"""Bytes of a YAML file; larger imports are CSV or Parquet."""

FILES_MOST = 1000
DEPTH_MOST = 40
NAMES = {table.name: table for table in rights.REGISTRY}
OWN = frozenset({"recorded_at", "retired_at", "recorded_by"})
LONG = frozenset({"terms"})
"""Columns whose text may be longer than a cell of a list."""

_ENDINGS = frozenset({".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".parquet", ".pq", ".yaml", ".yml"})
_YAML = frozenset({".yaml", ".yml"})


@dataclass(frozen=True, slots=True)
class Import:
    """What an import holds: `rows` by table, file and line of each row in `places`, PROBLEMS, and notes on files."""

    rows: dict[str, pa.Table]
    places: dict[str, pa.Table]
    problems: pa.Table
    notes: tuple[FileNote, ...]

    def placed(self, found: pa.Table) -> pa.Table:
        """PROBLEMS that name a table in `list` and a row of it (from 1) in `line`, now with the row's file and line."""
        made = []
        for row in found.to_pylist():
            places = self.places.get(row["list"])
            if places is not None and 0 < row["line"] <= places.num_rows:
                made.append(row | places.slice(row["line"] - 1, 1).to_pylist()[0])
            else:
                made.append(row)
        order = [(name, "ascending") for name in tables.PROBLEMS.key]
        return pa.Table.from_pylist(made, schema=tables.PROBLEMS.schema).sort_by(order)


@dataclass(frozen=True, slots=True)
class _Read:
    table: tables.Table
    rows: pa.Table
    lines: pa.Array
    problems: pa.Table
    note: FileNote


def read(*paths: Path, encoding: str | None = None) -> Import:
    """One import of files and folders. Raises InputError for what is none; wrong rows are problems."""
    parts = [part for path in paths for file in _files(path) for part in _read(file, encoding)]
    rows: dict[str, list[pa.Table]] = {}
    places: dict[str, list[pa.Table]] = {}
    for part in parts:
        file = pa.array([part.note.file] * len(part.lines), pa.string())
        rows.setdefault(part.table.name, []).append(part.rows)
        places.setdefault(part.table.name, []).append(pa.table({"file": file, "line": part.lines}))
    found = pa.concat_tables([part.problems for part in parts] or [tables.PROBLEMS.empty()])
    return Import(
        {name: pa.concat_tables(some, promote_options="default") for name, some in rows.items()},
        {name: pa.concat_tables(some) for name, some in places.items()},
        found.sort_by([(name, "ascending") for name in tables.PROBLEMS.key]).combine_chunks(),
        tuple(part.note for part in parts),
    )


def _files(path: Path) -> list[Path]:
    """The files of an import, in the order of their names."""
    if not path.is_dir():
        return [path]
    try:
        found = sorted(p for p in path.iterdir() if p.suffix.lower() in _ENDINGS and not p.name.startswith((".", "~$")))
    except OSError as error:
        raise InputError(error.strerror or str(error), file=str(path), mend="Check that you may read it") from None
    if not found or len(found) > FILES_MOST:
        reason = f"the folder holds {len(found):,} files that could be tables" if found else "the folder holds no table"
        raise InputError(reason, file=str(path), mend=f"Put up to {FILES_MOST:,} files such as works.csv into it")
    return found


def _read(path: Path, encoding: str | None) -> Iterator[_Read]:
    if path.suffix.lower() in _YAML:
        yield from _from_yaml(path)
        return
    table = next((t for name, t in NAMES.items() if _begins(path.stem.casefold(), name)), None)
    if table is None:
        mend = f"Begin its name with one of {', '.join(NAMES)}"
        raise InputError("the file's name does not say which table it holds", file=str(path), mend=mend)
    grid, note = load(path, table.name, columns={}, encoding=encoding, sheet=None)
    yield _sifted(table, grid, note)


def _begins(stem: str, name: str) -> bool:
    return stem == name or (stem.startswith(name) and not stem[len(name)].isalnum())


def _sifted(table: tables.Table, grid: Grid, note: FileNote) -> _Read:
    """The grid's rows in the types of the table's columns, without those that cannot be read."""
    sieve = Sieve(grid)
    wanted = [c for c in table.columns if c.name not in OWN and c.name in grid.columns]
    rows = pa.table({c.name: _column(sieve, c) for c in wanted}).filter(pa.array(sieve.kept))
    note = replace(note, rows=sieve.rows, quarantined=sieve.quarantined)
    found = sieve.problems(file=note.file, name=table.name)
    return _Read(table, rows, grid.lines.filter(pa.array(sieve.kept)), found, note)


def _column(sieve: Sieve, column: tables.Column) -> pa.Array:
    name = column.name
    if pa.types.is_date(column.type):
        found = sieve.parsed(name, _day, pa.date32(), "registry.day")
        if not column.null:
            sieve.refuse("registry.day", name, mask(pc.is_null(found)))
        return pc.fill_null(found, dt.date.min) if not column.null else found
    if pa.types.is_integer(column.type):
        found = sieve.parsed(name, values.count, pa.int64(), "registry.count")
        sieve.refuse("registry.count", name, mask(pc.is_null(found)))
        return found
    if column.type == tables.TEXTS:
        return sieve.lists(name, values.names, values.names_wide)
    if name in LONG:
        return as_text(sieve.grid.columns[name][0])
    return sieve.optional(name) if column.null else sieve.text(name)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text[:10] if text[10:11] in {"T", " "} else text)
    except ValueError:
        return values.moment(text).date()


def _from_yaml(path: Path) -> Iterator[_Read]:
    """The tables of a YAML file: `statements:` and below it a list of rows, each `column: value`."""
    data = _bytes(path)
    digest = hashlib.sha256(data).hexdigest()
    for key, node in _sections(data, path):
        name = str(key.value)
        if name not in NAMES:
            mend = f"Use {', '.join(NAMES)}"
            raise InputError(f"{name[:40]!r} is no table of the registry", file=str(path), line=_line(key), mend=mend)
        grid = _grid(NAMES[name], node, path)
        note = FileNote(path.name, digest, len(data), "yaml", "utf-8", "YAML is UTF-8", columns=grid.found.names)
        yield _sifted(NAMES[name], grid, note)


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > YAML_MOST:
            mend = "Write it as CSV or Parquet, a file per table"
            raise InputError(f"the file has {size:,} bytes; the limit is {YAML_MOST:,}", file=str(path), mend=mend)
        return path.read_bytes()
    except OSError as error:
        reason = f"the file cannot be opened: {error.strerror or error}"
        raise InputError(reason, file=str(path), mend="Check its name, and that you may read it") from None


def _sections(data: bytes, path: Path) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
    """The file's top-level keys with what stands below each; no value is interpreted, and no alias is followed."""
    try:
        text = data.decode("utf-8-sig")
        small_yaml.refuse_tricks(text, path, DEPTH_MOST, "Write the rows as `column: value`")
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark: Any = error.problem_mark
        line = mark.line + 1 if mark else 0
        raise InputError(f"no YAML: {error.problem}", file=str(path), line=line, mend="Correct the line") from None
    except (UnicodeError, yaml.YAMLError, RecursionError) as error:
        reason = f"no YAML in UTF-8: {' '.join(str(error).split())[:100]}"
        raise InputError(reason, file=str(path), mend="Save it as UTF-8, without control characters") from None
    if not isinstance(node, yaml.MappingNode) or not all(isinstance(k, yaml.ScalarNode) for k, _ in node.value):
        raise InputError("the file is no list of tables", file=str(path), mend="Begin it with e.g. `statements:`")
    return [(key, below) for key, below in node.value if isinstance(key, yaml.ScalarNode)]


def _line(node: yaml.Node) -> int:
    mark: Any = node.start_mark
    return int(mark.line) + 1


def _grid(table: tables.Table, node: yaml.Node, path: Path) -> Grid:
    """The rows below one key as a grid of texts and lists of texts."""
    if not isinstance(node, yaml.SequenceNode):
        raise InputError(
            f"{table.name} is no list of rows", file=str(path), line=_line(node), mend="Begin rows with `- `"
        )
    known = {c.name: c for c in table.columns if c.name not in OWN}
    lines: list[int] = []
    rows: list[dict[str, Any]] = []
    remarks: list[Remark] = []
    for item in node.value:
        row = _row(item, known, path)
        if row is None:
            remarks.append(Remark(_line(item), "registry.row"))
        else:
            lines.append(_line(item))
            rows.append(row)
    given = [name for name in known if any(name in row for row in rows)]
    columns = {n: (pa.chunked_array([pa.array([r.get(n) for r in rows], _kind(known[n]))]),) for n in given}
    found = headers.Columns({n: (i,) for i, n in enumerate(given)}, {n: n for n in given}, [], [])
    numbers = pa.array(range(len(lines)), pa.int64())
    origin = Origin("yaml", "utf-8", header_line=_line(node))
    return Grid(columns, found, pa.array(lines, pa.int64()), numbers, tuple(remarks), origin)


def _kind(column: tables.Column) -> pa.DataType:
    return tables.TEXTS if column.type == tables.TEXTS else pa.string()


def _row(node: yaml.Node, known: dict[str, tables.Column], path: Path) -> dict[str, Any] | None:
    """One row; None where it is none. A column that the table does not have is a mistake of the whole file."""
    if not isinstance(node, yaml.MappingNode):
        return None
    row: dict[str, Any] = {}
    for key, value in node.value:
        name = str(key.value)
        if name not in known:
            mend = f"Use {', '.join(known)}"
            raise InputError(f"there is no column {name[:40]!r}", file=str(path), line=_line(key), mend=mend)
        if name in row:
            raise InputError(f"the column {name} stands twice", file=str(path), line=_line(key), mend="Delete one")
        read_ = _list(value) if known[name].type == tables.TEXTS else _text(value, name)
        if read_ is None:
            return None
        row[name] = read_
    return row


def _text(node: yaml.Node, name: str) -> str | None:
    """A plain value as it stands; terms may be written out in YAML and become JSON."""
    if isinstance(node, yaml.ScalarNode):
        return "" if node.tag == "tag:yaml.org,2002:null" else str(node.value)
    return json.dumps(_plain(node), ensure_ascii=False, sort_keys=True) if name in LONG else None


def _list(node: yaml.Node) -> list[str] | None:
    items: Sequence[yaml.Node] = node.value if isinstance(node, yaml.SequenceNode) else [node]
    texts = [_text(item, "") for item in items]
    return None if None in texts else [text for text in texts if text]


def _plain(node: yaml.Node) -> Any:
    """A value written out, as JSON has it; every plain value is a text."""
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    return str(node.value)

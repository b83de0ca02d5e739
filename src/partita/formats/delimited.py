"""CSV and TSV: rows of text with their line numbers. A row that cannot be read is set aside, and reading goes on."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from partita.errors import InputError
from partita.formats import headers
from partita.formats.encoding import ERRORS, MARK, Encoding, detect
from partita.formats.grid import Builder, Grid, Origin, Remark

DELIMITERS = (",", "\t", ";")
NAMES = {",": "comma", "\t": "tab", ";": "semicolon"}
RECORD_LINES_MOST = 100
"""A quoted cell may run over this many lines; beyond that a quotation mark was left open."""
HEAD_LINES = 100
LINE_MOST = 1 << 24
"""Characters of one line; no list has longer ones."""

Row = tuple[int, list[str], bool]
"""Line of the file, cells, and whether the line was split as it stands because its quotation marks are wrong."""


def read(path: Path, kind: str, columns: Mapping[str, str], encoding: str | None) -> Grid:
    """The grid of a CSV or TSV file of `kind`; raises InputError where no header row is found."""
    found = detect(path, encoding)
    try:
        with path.open("r", encoding=found.name, errors=ERRORS if found.lossy else "strict", newline="") as file:
            return _grid(file, path, kind, columns, found)
    except UnicodeError as error:
        raise InputError(f"the file is not in {found.name} throughout: {error}", file=str(path)) from None


def _grid(file: io.TextIOBase, path: Path, kind: str, columns: Mapping[str, str], encoding: Encoding) -> Grid:
    lines = _lines(file, str(path))
    head = list(islice(lines, HEAD_LINES))
    delimiter, place = _delimiter(head, kind, columns, str(path))
    source = _records(_Lines(iter(head), lines), delimiter)
    for _ in range(place):
        next(source)
    header_line, header, _ = next(source)
    if len(header) > headers.COLUMNS_MOST:
        raise InputError(
            f"the header row has {len(header)} columns; the limit is {headers.COLUMNS_MOST}", file=str(path)
        )
    matched = headers.match(header, kind, columns, str(path))
    builder = Builder(len(header), [p for places in matched.places.values() for p in places])
    if encoding.unsure:
        builder.remarks.append(
            Remark(0, "file.encoding_unsure", encoding.name, reason=f"the encoding is a close guess: {encoding.reason}")
        )
    named = max(place for place, cell in enumerate(header, start=1) if cell.strip())
    _fill(builder, source, (named, len(header)), delimiter, lossy=encoding.lossy)
    name = NAMES[delimiter] if len(header) > 1 else "none: one column"
    origin = Origin(
        "tsv" if delimiter == "\t" else "csv", encoding.name, encoding.reason, name, header_line=header_line
    )
    return builder.grid(matched, origin)


def _fill(builder: Builder, source: Iterator[Row], sizes: tuple[int, int], delimiter: str, *, lossy: bool) -> None:
    """`sizes`: columns up to the last one with a name, and all of them; a row may leave out nameless ones."""
    named, width = sizes
    for line, cells, as_it_stands in source:
        row = cells
        if len(row) != width:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) > width and not any(cell.strip() for cell in row[width:]):
                row = row[:width]
            elif named <= len(row) < width:
                row = row + [""] * (width - len(row))
            else:
                code = "row.undecodable" if lossy and any(MARK in cell for cell in row) else "row.columns"
                reason = f"the row has {len(row)} columns, the header row {width}" if code == "row.columns" else ""
                builder.refuse(Remark(line, code, _shown(row, delimiter), reason=reason))
                continue
        elif not "".join(row).strip():
            continue
        if lossy and any(MARK in cell for cell in row):
            builder.refuse(Remark(line, "row.undecodable", _shown(row, delimiter)))
            continue
        if as_it_stands:
            builder.remarks.append(Remark(line, "row.quotes", _shown(row, delimiter)))
        builder.add(row, line)


def _shown(row: list[str], delimiter: str) -> str:
    return delimiter.join(cell[:200] for cell in row[:20])[:200].replace(MARK, "\ufffd")


def _lines(file: io.TextIOBase, name: str) -> Iterator[str]:
    while line := file.readline(LINE_MOST):
        if len(line) >= LINE_MOST:
            raise InputError(
                f"a line is longer than {LINE_MOST:,} characters", file=name, mend="This is no list of rows"
            )
        yield line


def _delimiter(head: list[str], kind: str, columns: Mapping[str, str], file: str) -> tuple[str, int]:
    """The delimiter under which the header row names most columns, and how many records stand above that row."""
    best: tuple[int, int, str, int] | None = None
    seen: list[list[str]] = []
    for delimiter in DELIMITERS:
        source = _records(_Lines(iter(head), iter(())), delimiter)
        rows = [cells for _, cells, _ in islice(source, headers.ROWS_SEARCHED)]
        found = headers.find(rows, kind, columns)
        if found and (best is None or (found[1], len(rows[found[0]])) > best[:2]):
            best = (found[1], len(rows[found[0]]), delimiter, found[0])
        if max(map(len, rows), default=0) > max(map(len, seen), default=0):
            seen = rows
    if best is None:
        raise headers.absent(seen, kind, columns, file)
    return best[2], best[3]


class _Lines:
    """Lines with their number, remembering those of the record being read, so that it can be read again."""

    def __init__(self, head: Iterator[str], rest: Iterator[str]) -> None:
        self._head, self._rest = head, rest
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self.line = 1

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self._taken) >= RECORD_LINES_MOST:
            raise csv.Error("a record of too many lines")
        line = self._again.popleft() if self._again else next(self._head, "") or next(self._rest)
        self._taken.append(line)
        return line

    def begin(self) -> None:
        """The next line begins a record."""
        self.line += len(self._taken)
        self._taken.clear()

    def first_alone(self) -> str:
        """The first line of the record; the others will be read again."""
        first, *others = self._taken
        self._again.extendleft(reversed(others))
        self._taken[1:] = []
        return first


def _records(lines: _Lines, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            text = lines.first_alone().rstrip("\r\n")
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            yield lines.line, text.split(delimiter), True
        else:
            yield lines.line, cells, False

"""XLSX through calamine, after a look at the archive: its size unpacked, its cells, its texts. Formulas are not run."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from partita.errors import InputError
from partita.formats import headers, problems
from partita.formats.grid import Builder, Grid, Origin, Remark

UNPACKED_MOST = 2 << 30
"""Bytes of all parts of a workbook, unpacked."""
RATIO_MOST = 300
"""Unpacked to packed, for workbooks that unpack to more than `RATIO_FROM` bytes."""
RATIO_FROM = 64 << 20
MEMBERS_MOST = 10_000
CELLS_MOST = 50_000_000
"""Rows times columns of the area that a sheet uses."""
TEXT_MOST = 4 << 30
"""Bytes of all texts of a sheet, each counted as often as it is used."""

_LETTERS = re.compile(rb"""\br\s*=\s*["']\s*\$?([A-Za-z]{1,4})\$?[0-9]""")
_ROW = re.compile(rb"""\br\s*=\s*["']\s*\$?[A-Za-z]{0,4}\$?([0-9]{1,10})""")
_FAR = re.compile(rb'r="(?:[A-Z]{3}|[B-Z][A-Z]|A[V-Z]|[a-z$]|[A-Z]{1,2}(?:[0-9]{8}|[2-9][0-9]{6}|1[1-9][0-9]{5}|\$))')
"""A cell beyond column AU, or beyond the last row that Excel has: without one the area is within `CELLS_MOST`."""
_UNUSUAL = (
    b"r='",
    *(b"r" + sign + b"=" for sign in (b" ", b"\t", b"\n", b"\r")),
    *(b"r=" + s for s in (b" ", b"\t", b"\n", b"\r")),
)
"""Spellings of a cell's place that no spreadsheet program writes."""
_LOST = re.compile(rb"""\st="e"[\s>]|(?:</f>|<f/>)(?:<v\s?/>|<v></v>)?</c>""")
"""A cell that holds an error, or a formula without a result, as spreadsheet programs and libraries write them."""
_OVERLAP = 64
"""Bytes of a block read again with the next, so that no cell's place is cut in two."""
_BLOCK = 1 << 20
_WHOLE_MOST = 1e15
"""Whole numbers in floats are exact up to here."""

Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


def read(path: Path, kind: str, columns: Mapping[str, str], sheet: str | None) -> Grid:
    """The grid of one sheet: `sheet`, or the first one with a known header row, hidden ones last. Raises InputError."""
    lost = _check(path)
    try:
        grid = _read(path, kind, columns, sheet)
    except (InputError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001  calamine panics with an exception that is no Exception
        raise _broken(path, error) from None
    if not lost:
        return grid
    reason = f"{problems.CODES['file.cells_lost'].reason}: {lost:,} in the workbook"
    return replace(grid, remarks=(*grid.remarks, Remark(0, "file.cells_lost", reason=reason)))


def sheets(path: Path) -> Iterator[tuple[str, list[list[str]]]]:
    """Each visible sheet's name and its rows as texts, from row 1; raises InputError for what is no sound workbook."""
    _check(path)
    try:
        with CalamineWorkbook.from_path(path) as book:
            for about in book.sheets_metadata:
                if about.typ == SheetTypeEnum.WorkSheet and about.visible == SheetVisibleEnum.Visible:
                    rows = book.get_sheet_by_name(about.name).to_python(skip_empty_area=False)
                    yield about.name, [[text(cell) for cell in row] for row in rows]
    except (InputError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # noqa: BLE001  calamine panics with an exception that is no Exception
        raise _broken(path, error) from None


def _broken(path: Path, error: BaseException) -> InputError:
    text = " ".join(str(error).split())[:120]
    return InputError(f"the workbook cannot be read: {text}", file=str(path), mend="Open it and save it again as XLSX")


def _read(path: Path, kind: str, columns: Mapping[str, str], sheet: str | None) -> Grid:
    with CalamineWorkbook.from_path(path) as book:
        sheets = [m for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
        names = [m.name for m in sorted(sheets, key=lambda m: m.visible != SheetVisibleEnum.Visible)]
        if sheet is not None and sheet not in names:
            raise InputError(f"no sheet is called {sheet[:80]!r}; the workbook has {', '.join(map(repr, names[:20]))}",
                             file=str(path), mend="Correct `sheet` in the job file")  # fmt: skip
        first: list[list[str]] = []
        for name in [sheet] if sheet is not None else names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            head = [[text(cell) for cell in row] for row in rows[: headers.ROWS_SEARCHED]]
            found = headers.find(head, kind, columns)
            if found:
                origin = Origin("xlsx", sheet=name, header_line=found[0] + 1)
                matched = headers.match(head[found[0]], kind, columns, str(path))
                builder = Builder(len(head[found[0]]), [p for places in matched.places.values() for p in places])
                if len(names) > 1 and sheet is None:
                    builder.remarks.append(Remark(0, "file.sheet", name, reason=_several(name, names)))
                _fill(builder, rows, found[0] + 1)
                return builder.grid(matched, origin)
            first = first or head
    raise headers.absent(first, kind, columns, str(path))


def _several(name: str, names: Sequence[str]) -> str:
    others = ", ".join(repr(n) for n in names[:20] if n != name)
    return f"sheet {name!r} was read, the first with a known header row; not read: {others}"


def _fill(builder: Builder, rows: Sequence[Sequence[Cell]], first: int) -> None:
    for line, cells in enumerate(rows[first:], start=first + 1):
        row = [cell if type(cell) is str else text(cell) for cell in cells]
        if "".join(row).strip():
            builder.add(row, line)


def text(cell: Cell) -> str:
    """A cell as text: whole numbers without a fraction, dates and times in ISO form, durations in seconds."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _WHOLE_MOST else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, dt.timedelta):
        return str(int(cell.total_seconds()))
    return str(cell).upper() if isinstance(cell, bool) else str(cell)


def _check(path: Path) -> int:
    """How many cells have lost their value; refuses what is no workbook, or would unpack to more than memory holds."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            unpacked = sum(m.file_size for m in members)
            packed = sum(m.compress_size for m in members)
            if (
                len(members) > MEMBERS_MOST
                or unpacked > UNPACKED_MOST
                or (unpacked > RATIO_FROM and unpacked > RATIO_MOST * packed)
            ):
                raise InputError(f"the workbook unpacks to {unpacked:,} bytes from {packed:,}, which no real list does",
                                 file=str(path), mend="Export the list as CSV")  # fmt: skip
            if not any(m.filename.lower() == "xl/workbook.xml" for m in members):
                raise InputError(
                    "the file is a ZIP archive, but no XLSX workbook",
                    file=str(path),
                    mend="Save the list as XLSX or CSV",
                )
            return _check_parts(archive, members, str(path))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, ValueError, EOFError) as error:
        raise _broken(path, error) from None


def _check_parts(archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo], file: str) -> int:
    longest, cells, lost = 0, 0, 0
    for member in members:
        name = member.filename.lower()
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            count, empty = _area(archive, member, file)
            cells, lost = max(cells, count), lost + empty
        elif name.startswith("xl/sharedstrings"):
            longest = _longest(archive, member)
        else:
            with archive.open(member) as part:
                while part.read(_BLOCK):
                    continue
    if longest * cells > TEXT_MOST and longest > 200_000:
        raise InputError(f"a text in the workbook is {longest:,} bytes long", file=file, mend="Export the list as CSV")
    return lost


def _area(archive: zipfile.ZipFile, member: zipfile.ZipInfo, file: str) -> tuple[int, int]:
    """Cells written in the sheet, and those of them that hold an error, or a formula whose result was not saved.

    Refuses an area, from A1 to the outermost cell, that would not fit into memory.
    """
    count, lost, far, tail = 0, 0, False, b""
    with archive.open(member) as part:
        while block := part.read(_BLOCK):
            data = tail + block
            far = far or _FAR.search(data) is not None or any(sign in data for sign in _UNUSUAL)
            count += block.count(b"<c") + block.count(b":c")
            # A match that ends in the tail was counted with the block before.
            lost += sum(1 for found in _LOST.finditer(data) if found.end() > len(tail))
            tail = data[-_OVERLAP:]
    widest, lowest = _outermost(archive, member) if far else (1, 1)
    if widest * lowest > CELLS_MOST or count > CELLS_MOST:
        raise InputError(
            f"the sheet spans {widest:,} columns and {lowest:,} rows; the limit is {CELLS_MOST:,} cells",
            file=file,
            mend="Delete stray cells far from the list, or export it as CSV",
        )
    return count, lost


def _outermost(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> tuple[int, int]:
    """The last column and the last row that the sheet names."""
    widest, lowest, tail = 1, 1, b""
    with archive.open(member) as part:
        while block := part.read(_BLOCK):
            data = tail + block
            widest = max(widest, *(_column(letters) for letters in {m.upper() for m in _LETTERS.findall(data)}), 1)
            lowest = max(lowest, *(int(number) for number in set(_ROW.findall(data))), 1)
            tail = data[-_OVERLAP:]
    return widest, lowest


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _longest(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> int:
    """Bytes of the longest shared text, markup included."""
    longest, current = 0, 0
    with archive.open(member) as part:
        while block := part.read(_BLOCK):
            first, *others = block.split(b"<si")
            current += len(first)
            for piece in others:
                longest, current = max(longest, current), len(piece)
    return max(longest, current)

"""Writes an XLSX workbook of one sheet: text, numbers, a list to choose from. Nothing in it is ever evaluated.

Every text cell is an inline string in a cell style that keeps it text when it is edited, so that `=1+1` in a title
stays a title. The same rows give the same bytes: the archive has one fixed date, and no property names a machine or a
person. Form: ECMA-376, part 1.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from partita.errors import InputError

ROWS_MOST = 1_048_576
"""Rows of a sheet, as spreadsheet programs have them."""
TEXT_MOST = 32_767
"""Characters (UTF-16 units) of a cell."""
_DATE = (1980, 1, 1, 0, 0, 0)
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?")
_TEXT, _NUMERIC, _HEADER, _INPUT = 1, 2, 3, 4
_BLOCK = 1 << 20

Cell = str | int | None
"""Text, a whole number, or nothing."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header, width in characters, and how its cells are shown.

    `number`: texts such as `-12.50` become numbers. `choices`: what the cell's drop-down list offers; other text may be
    typed too. `entry`: shown as to be filled in. `hidden`: not shown.
    """

    header: str
    width: int = 12
    number: bool = False
    choices: tuple[str, ...] = ()
    entry: bool = False
    hidden: bool = False


def write(path: Path, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, frozen: int = 0) -> int:
    """Writes the workbook whole or not at all; returns how many rows. `frozen`: columns that stay in sight.

    Raises InputError where there are more rows than a sheet holds.
    """
    part = path.with_name(f".{path.name}.partial")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for member, text in _PARTS.items():
                _put(archive, member, text.replace("SHEET_NAME", escape(name[:31], {'"': "&quot;"})))
            with (
                archive.open(_info("xl/worksheets/sheet1.xml"), "w", force_zip64=True) as raw,
                io.TextIOWrapper(io.BufferedWriter(raw, _BLOCK), encoding="utf-8", newline="") as file,
            ):
                count = _sheet(file, columns, rows, frozen, path)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return count


def _sheet(
    file: io.TextIOBase, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], frozen: int, path: Path
) -> int:
    last = letters(len(columns))
    file.write(f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">')
    split = f'xSplit="{frozen}" ' if frozen else ""
    pane = "bottomRight" if frozen else "bottomLeft"
    file.write(f'<pane {split}ySplit="1" topLeftCell="{letters(frozen + 1)}2" activePane="{pane}" state="frozen"/>')
    file.write('</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>')
    for place, column in enumerate(columns, start=1):
        hidden = ' hidden="1"' if column.hidden else ""
        file.write(f'<col min="{place}" max="{place}" width="{column.width}" customWidth="1"{hidden}/>')
    file.write('</cols><sheetData><row r="1">')
    file.writelines(_text(f"{letters(p)}1", c.header, _HEADER) for p, c in enumerate(columns, start=1))
    file.write("</row>")
    styles = [(letters(p), c.number, _INPUT if c.entry else _TEXT) for p, c in enumerate(columns, start=1)]
    count = 0
    for count, row in enumerate(rows, start=1):
        if count >= ROWS_MOST:
            raise InputError(f"more than {ROWS_MOST - 1:,} rows do not fit into a sheet", file=str(path),
                             mend="Write .csv or .json instead, or fewer rows")  # fmt: skip
        cells = [_cell(f"{letter}{count + 1}", cell, number=number, style=style)
                 for (letter, number, style), cell in zip(styles, row, strict=True)]  # fmt: skip
        file.write(f'<row r="{count + 1}">{"".join(cells)}</row>')
    file.write(f'</sheetData><autoFilter ref="A1:{last}{count + 1}"/>{_choices(columns, count + 1)}</worksheet>')
    return count


def _choices(columns: Sequence[Column], last_row: int) -> str:
    """The drop-down lists; what is typed beside them is not refused here but where the answers are read."""
    made = []
    for place, column in enumerate(columns, start=1):
        if column.choices and last_row > 1:
            area = f"{letters(place)}2:{letters(place)}{last_row}"
            listed = escape('"' + ",".join(column.choices) + '"')
            made.append(
                f'<dataValidation type="list" allowBlank="1" showErrorMessage="0" sqref="{area}">'
                f"<formula1>{listed}</formula1></dataValidation>"
            )
    return f'<dataValidations count="{len(made)}">{"".join(made)}</dataValidations>' if made else ""


def _cell(place: str, cell: Cell, *, number: bool, style: int) -> str:
    if cell is None or (cell == "" and style != _INPUT):
        return ""
    if isinstance(cell, int) or (number and _NUMBER.fullmatch(cell)):
        return f'<c r="{place}" s="{_NUMERIC}"><v>{cell}</v></c>'
    return _text(place, cell, style) if cell else f'<c r="{place}" s="{style}"/>'


def _text(place: str, text: str, style: int) -> str:
    shown = escape(_ESCAPED.sub("_x005F_", legal(text)))
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'


def legal(text: str) -> str:
    """The text as a cell may hold it: no control characters or lone surrogates, cut to the length of a cell."""
    kept = _ILLEGAL.sub("", text).replace("\r", "")
    if len(kept) * 2 <= TEXT_MOST:
        return kept
    return kept.encode("utf-16-le")[: 2 * TEXT_MOST].decode("utf-16-le", "ignore")


def letters(column: int) -> str:
    """`A` for 1, `AA` for 27."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _info(member: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(member, _DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def _put(archive: zipfile.ZipFile, member: str, text: str) -> None:
    archive.writestr(_info(member), text)


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
    "_rels/.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}">'
    '<bookViews><workbookView/></bookViews><sheets><sheet name="SHEET_NAME" sheetId="1" r:id="rId1"/></sheets>'
    "</workbook>",
    "xl/_rels/workbook.xml.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_DOCUMENT}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'{_XML}<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE7E6E6"/></patternFill></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFFFF8DC"/></patternFill></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="3" borderId="0" xfId="0" applyNumberFormat="1" applyFill="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}
"""The fixed members of the archive: what it holds, one sheet, five cell styles (0 unused, then as numbered above)."""

"""The kinds of problem that reading can find, and the one way to collect them. docs/problems.md explains each code."""

# ruff: noqa: E501  a catalogue reads as a table

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from partita import tables

VALUE_MOST = 80
"""Characters of a value that a problem row shows."""

QUARANTINED, WARNING, NOTE = "quarantined", "warning", "note"


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of problem: what it does to the row, what is wrong, how to mend it."""

    severity: str
    reason: str
    mend: str


# fmt: off
CODES: dict[str, Code] = {
    "file.encoding_unsure": Code(WARNING, "the encoding is a close guess", 'State encoding = "..." in the job file'),
    "file.header_twice": Code(WARNING, "two columns mean the same; the first is used, this one is not", "Delete one, or map the right one under `columns` in the job file"),
    "file.sheet": Code(NOTE, "the workbook has several sheets; the first with a known header row was read", 'State sheet = "..." in the job file to read another'),
    "file.no_rows": Code(WARNING, "the file has a header row and no rows", "Export the list again if it should hold any"),
    "file.cells_lost": Code(WARNING, "cells hold an error, or a formula whose result was not saved; they were read as empty", "Open the workbook, mend the cells marked #N/A, #REF! and the like, and save it again"),
    "row.columns": Code(QUARANTINED, "the row does not have as many columns as the header row", "Quote cells that hold the delimiter, and close every quotation mark"),
    "row.undecodable": Code(QUARANTINED, "the row holds bytes that are no characters of the file's encoding", "Write the row again in the file's encoding"),
    "row.quotes": Code(WARNING, "a quotation mark is not closed or not doubled; the row was read as it stands", "Double quotation marks inside quoted cells"),
    "row.too_long": Code(QUARANTINED, "a cell holds more than 2,000 characters", "Shorten the cell; an unclosed quotation mark above may have swallowed rows"),
    "text.controls": Code(WARNING, "control or invisible characters were removed from the text", "Export the list again without them"),
    "text.language": Code(WARNING, "the language is not known; it was left out", "Write a BCP 47 tag such as nan, cmn, ja, en"),
    "text.territory": Code(WARNING, "the territory is not known; it was left out", "Write an ISO 3166 code such as TW"),
    "id.isrc": Code(WARNING, "not an ISRC; it was left out", "Write two letters, three letters or digits, seven digits, e.g. TWA471900001"),
    "id.iswc": Code(WARNING, "not an ISWC, or its check digit is wrong; it was left out", "Write T, nine digits and the check digit, e.g. T-034.524.680-1"),
    "usage.title": Code(QUARANTINED, "the line has no title and no identifier or number", "Fill in the title, ISRC or ISWC"),
    "usage.total": Code(QUARANTINED, "the row only adds up the rows above it", "Nothing needs mending; its plays are not held back"),
    "usage.plays": Code(QUARANTINED, "the number of plays is not a whole number from 0 to 10,000,000,000", "Write a whole number such as 12; leave it empty for 1"),
    "usage.plays_absent": Code(WARNING, "no column is known to be the number of plays; each row counts as one play", "If one of the unused columns counts plays, map it as plays under `columns` in the job file"),
    "usage.seconds": Code(QUARANTINED, "the duration is not a number of seconds", "Write seconds (225) or minutes and seconds (3:45)"),
    "usage.weight": Code(QUARANTINED, "the weight is not a whole number from 0 to 1,000,000,000,000", "Write a whole number"),
    "usage.used_at": Code(QUARANTINED, "the date cannot be read", "Write 2019-01-05, or 108/01/05 for year 108 of the Republic of China"),
    "usage.line_id": Code(QUARANTINED, "the list has an id column, but this line has no id", "Give each line an id of its own, or delete the column"),
    "usage.line_id_twice": Code(QUARANTINED, "the line has the id of an earlier line", "Give each line an id of its own, or delete the repeated line"),
    "usage.line_id_unused": Code(WARNING, "the numbers of this column are not one to a line; lines are numbered from 0 instead", "Map line_id under `columns` in the job file if the column is meant"),
    "repertoire.title": Code(QUARANTINED, "the work has no title", "Fill in the title"),
    "repertoire.work_id": Code(WARNING, "the work has no number; one was made from its title and performers", "Fill in the work number"),
    "repertoire.titles_differ": Code(WARNING, "rows with one work number have different titles; the others became alternative titles", "Give each work a number of its own"),
    "shares.work_id": Code(QUARANTINED, "the share names no work", "Fill in the work number"),
    "shares.party": Code(QUARANTINED, "the share names no party", "Fill in the party's number or name"),
    "shares.share": Code(QUARANTINED, "the share is not between 0 and 100 %", "Write a percentage (33.33), a fraction (1/3) or parts per million in a column share_ppm"),
    "shares.role": Code(WARNING, "the role is not known; the party is taken as a writer of unstated role", "Write C, A, CA, AR, AD, E, SE or W"),
    "registry.day": Code(QUARANTINED, "the day cannot be read", "Write it as 2026-11-22"),
    "registry.count": Code(QUARANTINED, "not a whole number", "Write parts per million, e.g. 500000 for a half"),
    "registry.row": Code(QUARANTINED, "the row is no list of columns with their values", "Write each row as `column: value`"),
    "uses.target": Code(QUARANTINED, "the row names neither a target nor a title", "Fill in an ISWC, ISRC, ISCC, URL or work number, or a title"),
    "uses.id": Code(QUARANTINED, "a row above has the same number", "Give every question a number of its own, or none"),
    "uses.kind": Code(QUARANTINED, "the kind of target is not known", "Write url, content, recording or work, or leave it empty"),
    "uses.at": Code(QUARANTINED, "the day of the use cannot be read", "Write it as 2026-11-22"),
    "uses.known": Code(QUARANTINED, "the moment of knowledge cannot be read", "Write it as 2026-11-22 or 2026-11-22T09:30"),
}
# fmt: on


def rows(
    code: str,
    *,
    lines: pa.Array | Sequence[int],
    columns: str | Sequence[str] = "",
    values: pa.Array | Sequence[str] | None = None,
    reasons: Sequence[str] | None = None,
    plays: pa.Array | Sequence[int] | None = None,
) -> pa.Table:
    """PROBLEMS rows of one code without `file` and `list`; `reasons` replaces the code's own where it says more."""
    size = len(lines)
    kind = CODES[code]
    shown = pa.array(values if values is not None else [""] * size, pa.string())
    names = [columns] * size if isinstance(columns, str) else columns
    return pa.table({
        "line": pa.array(lines, pa.int64()),
        "code": pa.array([code] * size, pa.string()),
        "severity": pa.array([kind.severity] * size, pa.string()),
        "column": pa.array(names, pa.string()),
        "value": pc.fill_null(pc.utf8_slice_codeunits(shown, 0, VALUE_MOST), ""),
        "reason": pa.array(reasons or [kind.reason] * size, pa.string()),
        "mend": pa.array([kind.mend] * size, pa.string()),
        "plays": pa.array(plays if plays is not None else np.zeros(size, np.int64), pa.int64()),
    })  # fmt: skip


def table(parts: Iterable[pa.Table], *, file: str, name: str) -> pa.Table:
    """PROBLEMS of one file, sorted by their key."""
    full = [p for p in parts if p.num_rows]
    if not full:
        return tables.PROBLEMS.empty()
    whole = pa.concat_tables(full)
    for column, text in (("file", file), ("list", name)):
        whole = whole.append_column(column, pa.array([text] * whole.num_rows, pa.string()))
    order = [(key, "ascending") for key in (*tables.PROBLEMS.key, "value", "reason")]
    return tables.conform(whole.sort_by(order).combine_chunks(), tables.PROBLEMS)

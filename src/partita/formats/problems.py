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
    "repertoire.making": Code(WARNING, "not a way of making; it counts as not said", "Write human, assisted or generated"),
    "shares.work_id": Code(QUARANTINED, "the share names no work", "Fill in the work number"),
    "shares.party": Code(QUARANTINED, "the share names no party", "Fill in the party's number or name"),
    "shares.share": Code(QUARANTINED, "the share is not between 0 and 100 %", "Write a percentage (33.33), a fraction (1/3) or parts per million in a column share_ppm"),
    "shares.role": Code(WARNING, "the role is not known; the party is taken as a writer of unstated role", "Write C, A, CA, AR, AD, E, SE or W"),
    "registry.day": Code(QUARANTINED, "the day cannot be read", "Write it as 2026-11-22"),
    "registry.count": Code(QUARANTINED, "not a whole number", "Write parts per million, e.g. 500000 for a half"),
    "registry.row": Code(QUARANTINED, "the row is no list of columns with their values", "Write each row as `column: value`"),
    "id.iscc": Code(WARNING, "not an ISCC; it was left out", "Write ISCC: and its letters, e.g. ISCC:KACT4EBWK27737D2AYCJRAL5Z36G76RFRMO4554RU26HZ4ORJGIVHDI"),
    "manifest.line": Code(QUARANTINED, "the line is no JSON object", "Write one JSON object a line"),
    "manifest.nothing": Code(QUARANTINED, "the row has nothing that names a thing: no URL that can be read, file name, hash, identifier or title", "Fill in one of them"),
    "manifest.item_id": Code(WARNING, "the row has no id, and others have; it is called by its number", "Give each row an id of its own, or delete the column"),
    "manifest.item_id_twice": Code(QUARANTINED, "the row has the id of an earlier row", "Give each row an id of its own, or map item_id under `columns` in the job file"),
    "manifest.url": Code(WARNING, "not an http(s) URL that can be read; it was left out", "Write it whole, e.g. https://example.org/songs/1"),
    "manifest.credentials": Code(WARNING, "the URL held a user, password, token or signature; they were taken out and are kept nowhere", "Take them out of the manifest, and change them: whoever has the manifest has them"),
    "manifest.day": Code(WARNING, "the day cannot be read; it was left out", "Write it as 2026-11-22 or 2026-11-22T09:30:00Z"),
    "manifest.future": Code(WARNING, "the day lies after the last on which this can have been taken; it was left out", "Correct the day, or `taken_on` in the job file"),
    "manifest.count": Code(WARNING, "not a size or length from 0 on; it was left out", "Write a whole number; a length in seconds such as 225.4, or as 3:45"),
    "manifest.sha256": Code(WARNING, "no SHA-256 of 64 hex digits; it was left out", "Write the SHA-256 of the file"),
    "manifest.long": Code(WARNING, "a text longer than any title, name or URL; it was left out", "Map the right column under `columns` in the job file"),
    "manifest.origin": Code(WARNING, "the origin is not known; it was left out", "Write public_dataset, licensed, private, crawled, user, synthetic or other"),
    "manifest.modality": Code(WARNING, "the modality is not known; it was left out", "Write text, image, audio, video or other"),
    "manifest.more": Code(NOTE, "a remark that stands here many times", "Mend the first ones; the others are of the same kind"),
    "manifest.archive": Code(WARNING, "an archive is not unpacked; nothing in it was read", "Unpack it beside the metadata, and describe the files in it"),
    "manifest.absent": Code(WARNING, "a file that the metadata describes does not lie beside it; nothing of it was read, and nothing is ever fetched", "Put the file beside the metadata"),
    "manifest.hash_differs": Code(WARNING, "the file's SHA-256 is not the one that the metadata states; nothing of it was read", "Get the file again, or the metadata that belongs to it"),
    "manifest.metadata": Code(WARNING, "the metadata says something that cannot be followed; that part was left out", "See docs/manifests.md"),
    "manifest.kind": Code(WARNING, "files of this kind hold no rows that are read", "Write CSV, JSON lines or Parquet"),
    "outputs.model": Code(QUARANTINED, "the row names no model", "Fill in the model, as the job calls it"),
    "outputs.output": Code(QUARANTINED, "the row names no output", "Give every output a number or name"),
    "outputs.made_at": Code(WARNING, "the moment cannot be read, or lies in the future; it was left out", "Write it as 2026-11-22T09:30:00Z"),
    "outputs.income": Code(QUARANTINED, "the income is no amount from 0 on with at most six decimals", "Write an amount such as 0.000125"),
    "outputs.income_differs": Code(QUARANTINED, "the output has another income in an earlier row; an output earns once", "Write the same income on each row of an output"),
    "outputs.weight": Code(QUARANTINED, "the weight is no number from 0 on with at most six decimals", "Write a number such as 0.25 or 3"),
    "outputs.twice": Code(QUARANTINED, "the output has this work in an earlier row", "Name each work once for each output"),
    "outputs.work": Code(QUARANTINED, "the row has a weight and names no work", "Fill in the work, or delete the weight"),
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

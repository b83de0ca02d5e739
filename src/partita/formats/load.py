"""The one door for files: is it what its name says, is it too large, and which reader takes it."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Mapping
from pathlib import Path

from partita.errors import InputError
from partita.formats import delimited, parquet, workbook
from partita.formats.grid import Grid
from partita.formats.reading import FileNote

TEXT_MOST = 8 << 30
PARQUET_MOST = 8 << 30
XLSX_MOST = 512 << 20

_KINDS = {
    ".csv": "text",
    ".tsv": "text",
    ".tab": "text",
    ".txt": "text",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".parquet": "parquet",
    ".pq": "parquet",
}
_LIMITS = {"text": TEXT_MOST, "xlsx": XLSX_MOST, "parquet": PARQUET_MOST}
_SIGNATURES = (
    (b"PK\x03\x04", "xlsx", "a ZIP archive or XLSX workbook"),
    (b"PK\x05\x06", "", "an empty ZIP archive"),
    (b"PAR1", "parquet", "a Parquet file"),
    (b"PARE", "", "an encrypted Parquet file"),
    (b"%PDF", "", "a PDF"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "", "an old Excel file (.xls) or an XLSX workbook with a password"),
    (b"\x1f\x8b", "", "a gzip archive"),
    (b"BZh", "", "a bzip2 archive"),
    (b"7z\xbc\xaf\x27\x1c", "", "a 7-Zip archive"),
    (b"Rar!", "", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "", "a Zstandard archive"),
    (b"\xfd7zXZ", "", "an XZ archive"),
    (b"\x89PNG", "", "a picture"),
    (b"\xff\xd8\xff", "", "a picture"),
    (b"GIF8", "", "a picture"),
    (b"SQLite format 3", "", "an SQLite database"),
    (b"\x7fELF", "", "a program"),
)
_MARKUP = (b"<!doctype html", b"<html", b"<?xml", b"<table", b"{\\rtf")
_CONTROLS = bytes(b for b in range(32) if b not in b"\t\n\r\x1a\x1b\0")


def load(
    path: Path, kind: str, *, columns: Mapping[str, str], encoding: str | None, sheet: str | None
) -> tuple[Grid, FileNote]:
    """The file at `path` as a grid, and a note that still lacks the counts. Raises InputError, and nothing else."""
    try:
        size = _size(path)
        form = _form(path, size)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if form == "text":
            grid = delimited.read(path, kind, columns, encoding)
        elif form == "xlsx":
            grid = workbook.read(path, kind, columns, sheet)
        else:
            grid = parquet.read(path, kind, columns)
    except OSError as error:
        reason = f"the file cannot be opened: {error.strerror or error}"
        raise InputError(reason, file=str(path), mend="Check its name, and that you may read it") from None
    origin = grid.origin
    note = FileNote(
        file=path.name, sha256=digest, bytes=size, format=origin.format, encoding=origin.encoding,
        encoding_reason=origin.encoding_reason, delimiter=origin.delimiter, columns=grid.found.names,
        unused=grid.found.unused, sheet=origin.sheet, header_line=origin.header_line,
    )  # fmt: skip
    return grid, note


def _size(path: Path) -> int:
    about = path.stat()
    if stat.S_ISDIR(about.st_mode):
        raise InputError("this is a folder", file=str(path), mend="Name the file in it")
    if not stat.S_ISREG(about.st_mode):
        raise InputError("this is no file", file=str(path), mend="Name a file on the disk, not a pipe or a device")
    if about.st_size == 0:
        raise InputError("the file is empty", file=str(path), mend="Export the list again")
    return about.st_size


def _form(path: Path, size: int) -> str:
    """`text`, `xlsx` or `parquet`, by the name's ending; refuses a file whose first bytes say otherwise."""
    form = _KINDS.get(path.suffix.lower())
    if form is None:
        raise InputError(f"files ending in {path.suffix or 'nothing'!r} are not read", file=str(path),
                         mend="Name it .csv, .tsv, .xlsx or .parquet")  # fmt: skip
    if size > _LIMITS[form]:
        raise InputError(
            f"the file has {size:,} bytes; the limit is {_LIMITS[form]:,}",
            file=str(path),
            mend="Split it, or write it as Parquet",
        )
    with path.open("rb") as file:
        head = file.read(1 << 16)
    for signature, really, name in _SIGNATURES:
        if head.startswith(signature) and really != form:
            mend = f"Name it .{really}" if really else "Save the list as CSV, XLSX or Parquet"
            raise InputError(f"the file is {name}, not {path.suffix.lower()}", file=str(path), mend=mend)
    if form == "text":
        _refuse_binary(head, path)
    elif not head.startswith((b"PK\x03\x04", b"PAR1")):
        raise InputError(f"the file is not {path.suffix.lower()}: its first bytes are {head[:8]!r}", file=str(path),
                         mend="Save it again as what its name says, or name it .csv if it is text")  # fmt: skip
    return form


def _refuse_binary(head: bytes, path: Path) -> None:
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        raise InputError(
            "the file is a web page or markup, not a list", file=str(path), mend="Open it and save it as XLSX or CSV"
        )
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff")) or head.count(0) * 50 > len(head)
    if not wide and len(head) - len(head.translate(None, _CONTROLS)) > max(len(head) // 10, 64):
        raise InputError("the file is binary, not text", file=str(path), mend="Save the list as CSV, XLSX or Parquet")

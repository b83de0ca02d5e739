"""What kind a file of rows is, by its first bytes rather than by its name."""

from __future__ import annotations

import json
import stat
from pathlib import Path

from partita.errors import InputError
from partita.formats.manifests import croissant

BYTES_MOST = 64 << 30
_HEAD = 1 << 16
_OTHERS = (
    (b"PARE", "an encrypted Parquet file"), (b"\x1f\x8b", "a gzip archive"), (b"BZh", "a bzip2 archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"), (b"Rar!", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"\xfd7zXZ", "an XZ archive"), (b"%PDF", "a PDF"), (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3", "an SQLite database"), (b"\x7fELF", "a program"), (b"WARC/", "a WARC archive of web pages"),
)  # fmt: skip


def form(path: Path, given: str) -> str:
    """What kind of manifest the file is, by its first bytes where the job does not say; raises InputError."""
    about = path.stat()
    if not stat.S_ISREG(about.st_mode):
        raise InputError("this is no file", file=str(path), mend="Name a file on the disk")
    if not about.st_size:
        raise InputError("the file is empty", file=str(path), mend="Export the manifest again")
    if about.st_size > BYTES_MOST:
        raise InputError(f"the file has more than {BYTES_MOST:,} bytes", file=str(path), mend="Split it")
    with path.open("rb") as file:
        head = file.read(_HEAD)
    for signature, what in _OTHERS:
        if head.startswith(signature):
            raise InputError(
                f"the file is {what}, not a manifest", file=str(path), mend="Unpack it, or write JSON lines"
            )
    if head.startswith(b"PAR1"):
        return _agreed("parquet", given, path)
    if given:
        return _agreed("", given, path)
    return "csv" if head.startswith(b"PK\x03\x04") else _form_of_text(path, head)


def _agreed(found: str, given: str, path: Path) -> str:
    if given and (found or given == "parquet") and found != given:
        shown = "a Parquet file" if found else "no Parquet file"
        raise InputError(
            f"the file is {shown}, and the job says {given}", file=str(path), mend="Correct `format` in the job"
        )
    return given or found


def _form_of_text(path: Path, head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head[: len(head) // 2 * 2].decode("utf-16", "replace")
    else:
        text = head.decode("utf-8-sig", "replace")
    body = text.lstrip()
    if body.startswith("{"):
        return "croissant" if _is_metadata(path, body) else "jsonl"
    if body.startswith("["):
        return "json"
    lines = [line.strip() for line in body.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    first = lines[0].casefold() if lines else ""
    return "urls" if first.startswith(("http://", "https://")) else "csv"


def _is_metadata(path: Path, head: str) -> bool:
    """Whether JSON that begins like this is one dataset's metadata rather than a row."""
    try:
        first = json.loads(head.split("\n", 1)[0])
    except (ValueError, RecursionError):
        printed = head.split("\n", 1)[0].strip() == "{" and '"@context"' in head
        return printed or croissant.is_metadata_file(path)
    return isinstance(first, dict) and croissant.is_metadata(first)

"""What reading a file gives: a table, the problems in it, and a note that says how the file was read."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from partita.errors import InputError


@dataclass(frozen=True, slots=True)
class FileNote:
    """How one file was read. `columns`: our name -> the file's header; `unused`: the headers nobody asked for."""

    file: str
    sha256: str
    bytes: int
    format: str
    encoding: str = ""
    encoding_reason: str = ""
    delimiter: str = ""
    rows: int = 0
    quarantined: int = 0
    columns: dict[str, str] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    sheet: str = ""
    header_line: int = 0

    def as_dict(self) -> dict[str, Any]:
        """The note as plain data, for `run.json`."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Reading:
    """`table` of USAGE, REPERTOIRE or SHARES; `problems` of PROBLEMS; `shares` where a repertoire itself names roles.

    `shares` has role per party and share_ppm 0: the society's split table fills it. `makings`, where a repertoire says
    how its works were made, has the columns of `repertoire.MAKINGS`.
    """

    table: pa.Table
    problems: pa.Table
    notes: FileNote
    shares: pa.Table | None = None
    makings: pa.Table | None = None


def bounded(path: Path, most: int, mend: str) -> bytes:
    """The bytes of a file of at most `most`; raises InputError for a larger one (`mend`), or one not to be opened."""
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        reason = f"the file cannot be opened: {error.strerror or error}"
        raise InputError(reason, file=str(path), mend="Check its name, and that you may read it") from None
    if len(content) > most:
        raise InputError(f"the file has more than {most:,} bytes", file=str(path), mend=mend)
    return content

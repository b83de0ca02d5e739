"""What reading a file gives: a table, the problems in it, and a note that says how the file was read."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import pyarrow as pa


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

    `shares` has role per party and share_ppm 0: the society's split table fills it.
    """

    table: pa.Table
    problems: pa.Table
    notes: FileNote
    shares: pa.Table | None = None

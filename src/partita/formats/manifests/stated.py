"""What is said of a manifest beside it: how to read it, and what holds for its rows where they are silent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

FORMATS = ("jsonl", "json", "csv", "parquet", "croissant", "urls")


@dataclass(frozen=True, slots=True)
class Stated:
    """`format` empty: found by content; `columns` maps our names to the file's; `today` is the last possible day.

    `taken_on` is the day on which all was taken that has no day of its own; nothing in the manifest can be later.
    """

    format: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    sheet: str | None = None
    origin: str = ""
    crawler: str = ""
    taken_on: dt.date | None = None
    modality: str = ""
    today: dt.date | None = None

    @property
    def last_day(self) -> dt.date | None:
        """The last day on which anything of the manifest can have been taken; None where nothing is said of it."""
        return min((day for day in (self.taken_on, self.today) if day), default=None)

"""What pages are made from: the tables of one run and the few facts about it that no table holds."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from partita import tables
from partita.formats.reading import FileNote

Names = Mapping[str, Mapping[str, str]]
"""Names by id and language tag: `{"ACMA": {"en": "...", "zh-Hant": "..."}}`. An id without a name shows itself."""


@dataclass(frozen=True, slots=True)
class RunView:
    """One run, as pages see it. Tables have the schemas of `partita.tables`; the run has one currency.

    `adjusts` holds the ids of the runs that this one adjusts, with commas between; else empty. `words` are those of the
    formulas of charges (units, classes, periods) by code and language tag. `fees`: management fee and fund by society,
    as the job writes them (`10 %`). `fictional`: ids of societies and licensees that do not exist. `html_most`: payees
    that get files of their own; CSV and JSON of everybody are always written. `art38`: whether the Taiwanese table is
    made.
    """

    run_id: str
    title: Mapping[str, str]
    currency: str
    period_from: dt.date
    period_to: dt.date
    usage: pa.Table
    matches: pa.Table
    repertoire: pa.Table
    shares: pa.Table
    charges: pa.Table
    charge_steps: pa.Table
    pools: pa.Table
    allocations: pa.Table
    suspense: pa.Table
    payouts: pa.Table
    journal: pa.Table
    problems: pa.Table
    clearances: pa.Table = field(default_factory=tables.CLEARANCES.empty)
    unlicensed: pa.Table = field(default_factory=tables.UNLICENSED.empty)
    making_shares: pa.Table = field(default_factory=tables.MAKING_SHARES.empty)
    as_of: dt.date | None = None
    contact: str = ""
    adjusts: str = ""
    files: tuple[FileNote, ...] = ()
    societies: Names = field(default_factory=dict)
    licensees: Names = field(default_factory=dict)
    tariffs: Names = field(default_factory=dict)
    words: Names = field(default_factory=dict)
    fees: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    fictional: frozenset[str] = frozenset()
    version: str = ""
    art38: bool = True
    html_most: int = 1000

    @property
    def day(self) -> dt.date:
        """The day from which ages are counted: `as_of`, else the period's last day."""
        return self.as_of or self.period_to

    def society(self, key: str, language: str) -> str:
        """A society's name, or its id where no name is known."""
        return _name(self.societies, key, language)

    def licensee(self, key: str, language: str) -> str:
        """A licensee's name, or its id where no name is known."""
        return _name(self.licensees, key, language)

    def tariff(self, key: str, language: str) -> str:
        """A tariff's name, or its id where no name is known."""
        return _name(self.tariffs, key, language)


def _name(names: Names, key: str, language: str) -> str:
    found = names.get(key, {})
    return found.get(language) or found.get("en") or key


def safe_name(name: str, *ids: str) -> str:
    """A file name without extension for `name`: ASCII letters, digits and Han kept, then 16 hex digits of `ids`.

    No name, however made, reaches another folder, a reserved name or the file of somebody else.
    """
    kept = "".join(c if _keeps(c) else "-" for c in name[:200].lower())
    words = "-".join(part for part in kept.split("-") if part)[:40].strip("-")
    mark = hashlib.sha256("\0".join(ids or (name,)).encode()).hexdigest()[:16]
    return f"{words or 'party'}-{mark}"


def _keeps(character: str) -> bool:
    return (character.isascii() and character.isalnum()) or "\u4e00" <= character <= "\u9fff"

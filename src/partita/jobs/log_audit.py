"""A usage list held against the closed days of a log: which lines are proven, altered, missing or extra.

The licensee hands in the list and the openings of its days; log and public key are public. Columns are compared by
their meaning (`曲名` is `title`) and as they stand; a line is found by the list's own id, else by all that it says.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from partita.errors import InputError
from partita.formats import headers, records
from partita.formats.pages import cells
from partita.jobs import log_append, log_files, log_openings
from partita.jobs.log_closed import Closed
from partita.jobs.log_days import KIND, of_head
from partita.jobs.log_files import Progress, silent
from partita.prove import open_log
from partita.prove.checkpoint import Policy

ID = "line_id"
ORDER = ("day_closed_twice", "day_not_closed", "altered_play", "missing_play", "extra_play", "unopened_day", "withheld")
"""Outcomes, gravest first."""
SHOWN = 20
COLUMNS = ("outcome", "line", "line_id", "venue", "day", "number", "entry", "title")

Fields = dict[str, str]


@dataclass
class Day:
    """One day as its openings tell it: the file, whose day, the entry (None where it is not closed), what was found."""

    file: str
    group: dict[str, Any]
    entry: int | None
    plays: int
    outcome: str = ""
    withheld: int = 0
    found: Counter[str] = field(default_factory=Counter)

    def said(self) -> dict[str, Any]:
        """The day as plain data."""
        counts = {name: self.found[name] for name in ("proven", "altered_play", "missing_play")}
        outcome = self.outcome or next((name for name in ORDER if counts.get(name)), "")
        outcome = outcome or ("withheld" if self.withheld else "proven")
        return {**self.group, "entry": self.entry, "plays": self.plays, "withheld": self.withheld, **counts,
                "outcome": outcome}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """A play of an opened day: its day's place among all days, its number, what it says by column."""

    day: int
    number: int
    fields: Fields


@dataclass(frozen=True, slots=True)
class Asked:
    """What is audited: the log, the openings, whom the reader trusts; days outside the period are left out.

    `shared`: the log holds other licensees' days too, so entries that no opening speaks of are no fault of this one.
    """

    log: Path
    openings: tuple[Path, ...]
    policy: Policy
    first: dt.date | None = None
    last: dt.date | None = None
    shared: bool = False


def audit(usage: Path, asked: Asked, out: Path | None = None, progress: Progress = silent) -> dict[str, Any]:
    """Holds the list `usage` against the log; `out` gets every line that is not proven, as CSV.

    Raises InputError for a file that cannot be read, Fault for a log that must not be relied upon.
    """
    if not asked.policy.logs:
        raise InputError("no public key is given", file=str(usage), mend="Say whom you trust with --key")
    closed = Closed(open_log(asked.log, asked.policy.logs))
    days, plays, opened = _days(asked, closed, progress)
    held = _Held(plays)
    counts: Counter[str] = Counter()
    wrong: list[dict[str, Any]] = []
    columns: set[str] = set()
    aside: list[InputError] = []
    for number, (line, row) in enumerate(records.read(usage, aside), start=1):
        fields = _fields(row, str(usage), line)
        columns = columns or set(fields)
        found, differs = held.take(fields)
        outcome = "extra_play" if found is None else "altered_play" if differs else "proven"
        counts[outcome] += 1
        if found is not None:
            days[found.day].found[outcome] += 1
        if outcome != "proven":
            wrong.append(_line(outcome, line, fields, found, days, differs))
        if not number % 10_000:
            progress("audit", number, 0)
    for play in held.left():
        counts["missing_play"] += 1
        days[play.day].found["missing_play"] += 1
        wrong.append(_line("missing_play", 0, play.fields, play, days, ()))
    known = {name for play in plays for name in play.fields}
    said = _said(days, counts, wrong, [] if asked.shared else _unopened(closed, opened))
    if out is not None:
        _write(out, wrong)
        said["out"] = str(out)
    return {"list": str(usage), "log": str(asked.log), **said, "set_aside": [str(each) for each in aside[:SHOWN]],
            "set_aside_lines": len(aside), "compared": sorted(columns & known),
            "not_committed": sorted(columns - known), "not_listed": sorted(known - columns)}  # fmt: skip


def _said(
    days: Sequence[Day], counts: Counter[str], wrong: list[dict[str, Any]], unopened: list[int]
) -> dict[str, Any]:
    told = [day.said() for day in days]
    faults = {day["outcome"] for day in told} | set(counts) | ({"unopened_day"} if unopened else set())
    outcome = next((name for name in ORDER if name in faults), "proven")
    return {
        "outcome": outcome, "lines": sum(counts[name] for name in ("proven", "altered_play", "extra_play")),
        "counts": dict(sorted(counts.items())), "plays": sum(day.plays for day in days),
        "withheld": sum(day.withheld for day in days), "days": told, "unopened": unopened, "wrong": wrong[:SHOWN],
        "wrong_lines": len(wrong),
    }  # fmt: skip


def _days(asked: Asked, closed: Closed, progress: Progress) -> tuple[list[Day], list[Listed], set[bytes]]:
    """Every day in the period with its plays, and the roots of all days that were opened, in the period or not."""
    days: list[Day] = []
    plays: list[Listed] = []
    opened: set[bytes] = set()
    groups: Counter[str] = Counter()
    files = [path for source in asked.openings for path in log_openings.files(source)]
    for number, path in enumerate(files):
        progress("read days", number, len(files))
        lines = list(log_openings.read(path))
        if not lines:
            continue
        _, said = of_head(lines[0].opening, path)
        if said["kind"] != KIND or said["log"] != closed.log.origin:
            raise InputError(f"these are openings of the log {said['log']}, {said['kind']}", file=str(path),
                             mend=f"Name openings of usage in the log {closed.log.origin}")  # fmt: skip
        made = log_append.ready(path, said["group"])
        opened.add(made.root)
        entries = closed.entries.get(made.root, [])
        for index, _ in entries:
            closed.proves(index)
        groups[str(said["group"])] += max(len(entries), 1)
        if not _within(asked, said["group"]):
            continue
        day = Day(str(path), said["group"], entries[0][0] if entries else None, made.count - 1)
        day.outcome = "" if entries else "day_not_closed"
        day.withheld = sum(1 for line in lines if line.opening is None)
        plays += [Listed(len(days), line.place, _fields(line.record, str(path), line.place + 1)) for line in lines[1:]
                  if line.opening]  # fmt: skip
        days.append(day)
    for day in days:
        day.outcome = "day_closed_twice" if groups[str(day.group)] > 1 else day.outcome
    return days, plays, opened


def _within(asked: Asked, group: dict[str, Any]) -> bool:
    day = str(group.get("day", ""))
    return (asked.first is None or day >= str(asked.first)) and (asked.last is None or day <= str(asked.last))


def _unopened(closed: Closed, opened: set[bytes]) -> list[int]:
    """Entries of usage that no opening speaks of: plays may stand in them that the list leaves out."""
    return sorted(index for root, found in closed.entries.items() if root not in opened
                  for index, told in found if told.kind == KIND)  # fmt: skip


class _Held:
    """Opened plays, each taken once: by the list's own id, or by all that the line says."""

    def __init__(self, plays: Sequence[Listed]) -> None:
        self._by: dict[Any, list[Listed]] = {}
        self._named = bool(plays) and all(ID in play.fields for play in plays)
        self._compared: frozenset[str] | None = None
        self._plays = plays
        for play in plays if self._named else ():
            self._by.setdefault(play.fields[ID], []).append(play)

    def take(self, fields: Fields) -> tuple[Listed | None, tuple[str, ...]]:
        """The play that a line is, and the columns in which it differs; None where there is none left."""
        if self._named and ID in fields:
            key: Any = fields[ID]
        else:
            key = self._all(fields)
        waiting = self._by.get(key, [])
        if not waiting:
            return None, ()
        found = min(waiting, key=lambda play: len(_differs(play.fields, fields)))
        waiting.remove(found)
        return found, _differs(found.fields, fields)

    def _all(self, fields: Fields) -> Any:
        """All that a line says in the columns that plays have too, by which plays are sorted when it is first asked."""
        if self._compared is None:
            self._compared = frozenset(name for play in self._plays for name in play.fields) & set(fields)
            self._by = {}
            for play in self._plays:
                self._by.setdefault(self._key(play.fields), []).append(play)
        return self._key(fields)

    def _key(self, fields: Fields) -> tuple[str, ...]:
        return tuple(fields.get(name, "") for name in sorted(self._compared or ()))

    def left(self) -> Iterator[Listed]:
        """The plays that no line of the list was."""
        for waiting in self._by.values() if self._by else [list(self._plays)]:
            yield from waiting


def _differs(play: Fields, line: Fields) -> tuple[str, ...]:
    return tuple(sorted(name for name in play.keys() & line.keys() if play[name] != line[name]))


def _fields(row: Any, file: str, line: int) -> Fields:
    """What a row says: our name of the column, or its own folded, and the text of the cell."""
    if not isinstance(row, dict):
        raise InputError("this is no row of a list", file=file, line=line, mend="A row is an object with columns")
    names = _names(tuple(row))
    return {names[name]: _text(value) for name, value in row.items()}


@lru_cache(maxsize=256)
def _names(columns: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for column in columns:
        known = headers.meaning(column, KIND)
        name = known[0] if known and known[0] not in found.values() else headers.key(column)
        found[column] = name
    return found


def _text(value: Any) -> str:
    return "" if value is None else unicodedata.normalize("NFC", str(value)).strip()


def _line(
    outcome: str, line: int, fields: Fields, found: Listed | None, days: Sequence[Day], differs: tuple[str, ...]
) -> dict[str, Any]:
    group = days[found.day].group if found else {}
    return {
        "outcome": outcome, "line": line or None, "line_id": fields.get(ID), "venue": group.get("venue"),
        "day": group.get("day"), "number": found.number if found else None,
        "entry": days[found.day].entry if found else None,
        "columns": {name: [found.fields[name], fields[name]] for name in differs} if found else {},
        "title": fields.get("title"),
    }  # fmt: skip


def _write(out: Path, wrong: Sequence[dict[str, Any]]) -> None:
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)
    writer.writerow((*COLUMNS, "column", "committed", "listed"))
    for each in wrong:
        row = [each[name] for name in COLUMNS]
        for column, (committed, listed) in each["columns"].items() or [("", ("", ""))]:
            writer.writerow(
                [cells.text("" if cell is None else str(cell)) for cell in (*row, column, committed, listed)]
            )
    log_files.save(out, "\ufeff" + sheet.getvalue(), private=True)

"""Plays as they come: one from the command line, or the rows of a file, committed to, their receipts written out."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from partita.errors import InputError
from partita.formats import headers, records, values
from partita.jobs import log_days, log_files, log_keys
from partita.jobs.log_days import Play, Venue
from partita.jobs.log_files import Progress, silent

STREAM = "-"
"""The name of standard input."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a file says the venue (or the venue of every row) and the date of a play."""

    venue: str = ""
    venue_column: str = ""
    day_column: str = ""


def one(venue: str, song: str, room: str | None, at: str, said: dict[str, str]) -> Iterator[Play]:
    """A single play; raises InputError for a moment that cannot be read, or a field that is said twice."""
    record = {"title": song, "used_at": at} | ({"room": room} if room else {})
    twice = sorted({*said} & {*record, ""})
    if twice:
        raise InputError(f"--field {twice[0]!r} is said twice, or has no name", mend="Write it as NAME=VALUE")
    try:
        day = values.moment(at).date()
    except ValueError:
        raise InputError(f"--at {at!r} is no moment", mend="Write it as 2019-01-05T21:03:00") from None
    yield Play(venue, day, {**record, **said})


def of_file(path: Path, where: Columns, aside: list[InputError]) -> Iterator[Play]:
    """The rows of a file as plays; those that are none, or have no venue or date, go into `aside`."""
    yield from _of_rows(records.read(path, aside), where, str(path), aside)


def of_stream(stream: BinaryIO, where: Columns, aside: list[InputError]) -> Iterator[Play]:
    """Plays as a machine writes them, JSON line by JSON line; those that are none go into `aside`."""
    yield from _of_rows(records.stream(stream, STREAM, aside), where, STREAM, aside)


def _of_rows(rows: Iterable[records.Record], where: Columns, file: str, aside: list[InputError]) -> Iterator[Play]:
    for line, row in rows:
        try:
            yield _of_row(row, where, file, line)
        except InputError as error:
            aside.append(error)


def _of_row(row: Any, where: Columns, file: str, line: int) -> Play:
    if not isinstance(row, dict):
        raise InputError("this is no play", file=file, line=line, mend="A play is a row with columns")
    column = where.day_column or _dated(tuple(row), file, line)
    lacking = [name for name in (column, where.venue_column) if name and not str(row.get(name, "")).strip()]
    if lacking:
        mend = "Name the columns with --venue-column and --day-column"
        raise InputError(f"the row has no {lacking[0]!r}", file=file, line=line, mend=mend)
    try:
        day = values.moment(str(row[column])).date()
    except ValueError:
        reason = f"{str(row[column])[:60]!r} is no date"
        raise InputError(reason, file=file, line=line, mend="Write it as 2019-01-05") from None
    return Play(str(row[where.venue_column]) if where.venue_column else where.venue, day, row)


def _dated(columns: tuple[str, ...], file: str, line: int) -> str:
    for column in columns:
        known = headers.meaning(column, log_days.KIND)
        if known and known[0] == "used_at":
            return column
    raise InputError("no column is known to be the date", file=file, line=line, mend="Name it with --day-column")


def play(
    days: Path,
    key: Path,
    origin: str,
    plays: Iterable[Play],
    out: Path | None = None,
    progress: Progress = silent,
    at_once: int = log_days.AT_ONCE,
) -> dict[str, Any]:
    """Commits to plays; their receipts go to `out`, one as JSON, several as JSON lines, as soon as they are made.

    With `at_once` 1, each play is on the disk and its receipt written before the next one is asked for.
    A killed program has given out no receipt for a play that is not on the disk.
    """
    signer = log_keys.signing(key)
    log = origin or signer.name
    if signer.name != log and not signer.name.startswith(f"{log}/"):
        mend = f"A key that signs for it is called {log}, or {log}/VENUE"
        raise InputError(f"the key of {signer.name} cannot sign for the log {log}", file=str(key), mend=mend)
    venue = Venue(days, log, signer)
    count, last = 0, None
    touched: set[tuple[str, str]] = set()
    lines = _lines(out) if out and out.suffix.lower() in records.LINES else None
    try:
        for receipt in log_days.play(venue, plays, at_once):
            count, last = count + 1, receipt
            group = receipt["opened"]["record"]["group"]
            touched.add((group["venue"], group["day"]))
            if lines:
                lines.write(_text(receipt))
                if at_once == 1:
                    lines.flush()
            if not count % 1000:
                progress("commit", count, 0)
    finally:
        if lines:
            lines.close()
    if last is None:
        raise InputError("there is no play", mend="Name a file that holds at least one")
    if out and not lines:
        if count > 1:
            raise InputError(f"{count} receipts need JSON lines", file=str(out), mend="End its name in .jsonl")
        log_files.save(out, _text(last), private=True)
    return {"days": str(days), "log": log, "plays": count, "touched": [list(each) for each in sorted(touched)],
            "out": str(out or ""), "receipt": last if count == 1 else None}  # fmt: skip


def _lines(out: Path) -> TextIO:
    """A file of receipts to add to, for its owner alone."""
    return os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8")


def _text(receipt: dict[str, Any]) -> str:
    return json.dumps(receipt, ensure_ascii=False, sort_keys=True) + "\n"

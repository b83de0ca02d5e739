"""Days: a venue's plays are committed to one by one while they are made, and each day is closed into one entry.

A folder of days is private: `VENUE/DAY.jsonl` holds the openings, the day's own first (venue, day, log), then a line a
play. A play is on the disk before its receipt is given. Closing publishes commitments and count, and nothing else.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from partita.errors import InputError
from partita.jobs import log_append, log_openings, log_slips
from partita.jobs.log_append import How, Made, Salt
from partita.jobs.log_batches import Growing
from partita.jobs.log_files import locked
from partita.jobs.log_slips import Slip
from partita.prove import commitment
from partita.prove.commitment import SALT_BYTES, Opening
from partita.prove.log import Log
from partita.prove.note import SigningKey

KIND = "usage"
CLOSED = ".closed.json"
VENUE_MOST = 60
AT_ONCE = 100_000
"""Plays of a list that are sorted into their days at a time."""


@dataclass(frozen=True, slots=True)
class Play:
    """One play to commit to: where, on which day, and the record with whatever else is known of it."""

    venue: str
    day: dt.date
    record: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Venue:
    """Who commits: the folder of days, the log that they will be closed into, the key that signs slips."""

    days: Path
    log: str
    signer: SigningKey
    salt: Salt = os.urandom


def play(venue: Venue, plays: Iterable[Play], at_once: int = AT_ONCE) -> Iterator[dict[str, Any]]:
    """Commits to plays in their order, so many at a time; the receipt of each, once it is on the disk.

    Raises InputError for a day that is closed, and for a record that cannot be committed to.
    """
    waiting: dict[tuple[str, dt.date], list[dict[str, Any]]] = {}
    for count, each in enumerate(plays, start=1):
        waiting.setdefault((each.venue, each.day), []).append(each.record)
        if not count % at_once:
            yield from _write(venue, waiting)
            waiting = {}
    yield from _write(venue, waiting)


def _write(venue: Venue, waiting: dict[tuple[str, dt.date], list[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    for (name, day), found in waiting.items():
        made = [Opening(commitment.canonical(record), venue.salt(SALT_BYTES)) for record in found]
        yield from _commit(venue, name, day, made)


def _commit(venue: Venue, name: str, day: dt.date, made: list[Opening]) -> list[dict[str, Any]]:
    file = place(venue.days, name, day)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with locked(file.parent):
        if closed(file).exists():
            mend = "What comes late belongs to the next day, with its own time in the record"
            raise InputError(f"{name}, {day} is closed", file=str(file), mend=mend)
        head, tree = _continued(file, venue, name, day)
        receipts = []
        for opening in made:
            tree.add(opening.commitment)
            slip = Slip(venue.log, name, str(day), tree.size - 1, tree.root, head.commitment, opening.commitment)
            receipts.append(_receipt(opening, head, log_slips.sign(slip, venue.signer)))
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_APPEND), "ab") as handle:
            handle.writelines(map(log_openings.line, made))
            handle.flush()
            os.fsync(handle.fileno())
    return receipts


def _continued(file: Path, venue: Venue, name: str, day: dt.date) -> tuple[Opening, Growing]:
    """The day's own opening and the tree so far, the file begun where there is none; a torn last line is cut off."""
    if not file.exists():
        group = {"day": str(day), "venue": name}
        head = Opening(log_append.head(group, KIND, venue.log), venue.salt(SALT_BYTES))
        fresh = file.with_name(file.name + ".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as handle:
            handle.write(log_openings.line(head))
            handle.flush()
            os.fsync(handle.fileno())
        fresh.replace(file)
        log_openings.sync(file.parent)
    _mend(file)
    tree = Growing()
    lines = log_openings.read(file)
    first = next(lines)
    tree.add(first.commitment)
    for line in lines:
        tree.add(line.commitment)
    head, said = of_head(first.opening, file)
    if (said["log"], said["group"]) != (venue.log, {"day": str(day), "venue": name}):
        raise InputError(f"this day belongs to the log {said['log']}", file=str(file), mend="Use a folder for each log")
    return head, tree


def _mend(file: Path) -> None:
    """Cuts off a line that a killed program left unfinished: its receipt was never given."""
    with file.open("r+b") as handle:
        size = handle.seek(0, os.SEEK_END)
        at = size
        while at and _byte(handle, at - 1) != b"\n":
            at -= 1
        if at < size:
            handle.truncate(at)
            os.fsync(handle.fileno())


def _byte(handle: BinaryIO, at: int) -> bytes:
    handle.seek(at)
    return handle.read(1)


def of_head(opening: Opening | None, file: Path) -> tuple[Opening, dict[str, Any]]:
    """A group's own opening and what it says: log, kind, and the group (of a day: day and venue).

    Raises InputError where it is none.
    """
    said = json.loads(opening.record) if opening else None
    if opening is None or not isinstance(said, dict) or set(said) != {"group", "kind", "log"}:
        raise InputError("the file does not begin with the opening of a group or day", file=str(file), line=1)
    return opening, said


def _receipt(opening: Opening, head: Opening, slip: str) -> dict[str, Any]:
    made = {"receipt": "play", "v": 1, "slip": slip}
    return {**made, **opened(opening), "opened": opened(head)}


def opened(opening: Opening) -> dict[str, Any]:
    """An opening as plain data: the record, and the salt in Base64."""
    return json.loads(log_openings.line(opening))  # type: ignore[no-any-return]


def place(days: Path, venue: str, day: dt.date) -> Path:
    """The file of a venue's day."""
    if not venue.strip() or len(venue) > VENUE_MOST:
        raise InputError(f"a venue's name has 1 to {VENUE_MOST} characters", mend="Name the venue with --venue")
    plain = "".join(sign if sign.isalnum() or sign in "-_" else f"%{ord(sign):04X}" for sign in venue)
    return days / plain / f"{day}{log_openings.ENDING}"


def closed(file: Path) -> Path:
    """Where it stands that a day is closed."""
    return file.with_name(file.stem + CLOSED)


def close(log: Log, days: Path, at: str, venue: str = "", day: str = "") -> dict[str, Any]:
    """Closes the open days of a folder (of one venue, one day) into one entry each; raises InputError where none is.

    What is written down first is which days are being closed, so that a killed closing is taken up and not repeated.
    """
    if days.resolve().is_relative_to(log.folder.resolve()):
        mend = "Keep the days outside the log's folder, which is published"
        raise InputError("days inside the log would be published with it", file=str(days), mend=mend)
    files = log_openings.files(days)
    with locked(days if days.is_dir() else days.parent):
        return _close(log, files, at, venue, day)


def _close(log: Log, files: list[Path], at: str, venue: str, day: str) -> dict[str, Any]:
    taken = _take_up(log, files)
    wanted = [file for file in files if not closed(file).exists() and _is(file, venue, day)]
    if not wanted and not taken:
        raise InputError("no such day is open", mend="See `partita log play --help`")
    made = [_closing(log, file) for file in wanted]
    if made:
        first = log_append.enter_batches(log, How(KIND, at), made)
        taken += [_finish(each.file, first + number) for number, each in enumerate(made)]
    found = sorted(taken, key=lambda each: int(each["entry"]))
    return {"log": str(log.folder), "size": log.size, "days": found, "plays": sum(each["plays"] for each in found)}


def _is(file: Path, venue: str, day: str) -> bool:
    if not venue and not day:
        return True
    group = of_head(next(log_openings.read(file)).opening, file)[1]["group"]
    return venue in ("", group.get("venue")) and day in ("", group.get("day"))


def _closing(log: Log, file: Path) -> Made:
    """A day made ready: no play is taken from now on."""
    with locked(file.parent):
        _mend(file)
        _, said = of_head(next(log_openings.read(file)).opening, file)
        if said["log"] != log.origin:
            raise InputError(f"this day belongs to the log {said['log']}, not {log.origin}", file=str(file))
        made = log_append.ready(file, said["group"])
        _mark(file, {**made.said(), "since": log.size, "entry": None})
    return made


def _mark(file: Path, said: dict[str, Any]) -> None:
    fresh = closed(file).with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as handle:
        json.dump(said, handle, ensure_ascii=False, sort_keys=True)
        handle.flush()
        os.fsync(handle.fileno())
    fresh.replace(closed(file))
    log_openings.sync(file.parent)


def _finish(file: Path, entry: int) -> dict[str, Any]:
    said = json.loads(closed(file).read_text(encoding="utf-8"))
    _mark(file, {**said, "entry": entry})
    return {**said["group"], "entry": entry, "plays": said["count"] - 1, "root": said["root"]}


def _take_up(log: Log, files: list[Path]) -> list[dict[str, Any]]:
    """Finishes closings that were killed: days whose entries came are closed, the others open again."""
    done = []
    for file in files:
        mark = closed(file)
        said: dict[str, Any] = json.loads(mark.read_text(encoding="utf-8")) if mark.exists() else {}
        if said and said["entry"] is None:
            made = log_append.ready(file, said["group"])
            entry = log_append.find(log, made.root, said["since"])
            if entry is None:
                mark.unlink()
            else:
                done.append(_finish(file, entry))
    return done

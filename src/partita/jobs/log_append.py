"""Appending: records are committed to, their openings kept beside the log, entries written, one a record or a batch.

In this order, so that nothing can stand in the log whose opening is lost: all records are read and their openings
written and flushed; then the lists of commitments; then the log; then the openings take the name of their entries. A
record that cannot be read stops it all before the log is touched.
"""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from partita.errors import InputError
from partita.jobs import log_batches as batches
from partita.jobs import log_openings as openings
from partita.jobs.log_files import Progress, locked, silent
from partita.prove import commitment
from partita.prove.commitment import SALT_BYTES, Opening
from partita.prove.entry import Entry
from partita.prove.log import Log
from partita.prove.tiles import WIDTH

AT_ONCE = 1 << 17
"""Entries that are handed to the log at a time."""
PENDING = "pending"
ALL = "all"
"""Openings of single entries, before they have their name."""
BUFFERED_MOST = 64 << 20
"""Bytes of openings that are held before they are written to the files of their groups."""

Salt = Callable[[int], bytes]
Sourced = tuple[str, int, Any]
"""The file, its line, and the record."""


@dataclass(frozen=True, slots=True)
class How:
    """The kind of entry, the second in UTC, and one entry a record, one for all (`whole`), or one a group (`by`)."""

    kind: str
    at: str
    whole: bool = False
    by: tuple[str, ...] = ()
    salt: Salt = os.urandom


def append(log: Log, records: Iterable[Sourced], how: How, folder: Path, progress: Progress = silent) -> dict[str, Any]:
    """Adds what `how` says to the log, with the openings in `folder`; the numbers of the entries and of the records.

    Raises InputError for a record that cannot be committed to, or where there is none; then nothing was added.
    """
    Entry(how.at, how.kind, bytes(32)).data()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with locked(folder):
        settle(log, folder)
        return _append(log, records, how, folder, progress)


def _append(log: Log, records: Iterable[Sourced], how: How, folder: Path, progress: Progress) -> dict[str, Any]:
    before = log.size
    work = folder / f"{PENDING}-{os.urandom(6).hex()}"
    work.mkdir(mode=0o700)
    try:
        if how.whole or how.by:
            found = _append_batches(log, _counted(records, progress), how, work, progress)
        else:
            found = _append_singles(log, _counted(records, progress), how, work, progress)
    except InputError:
        settle(log, folder, before)
        raise
    work.rmdir()
    return found


def _counted(records: Iterable[Sourced], progress: Progress) -> Iterator[tuple[Sourced, bytes]]:
    """Each record with its canonical bytes."""
    number = 0
    for number, (file, line, value) in enumerate(records, start=1):
        if not number % 10_000:
            progress("commit", number, 0)
        try:
            yield (file, line, value), commitment.canonical(value)
        except InputError as error:
            raise InputError(error.reason, file=file, line=line, mend=error.mend) from None
    if not number:
        raise InputError("there is no record", mend="Name a file that holds at least one")


def _append_singles(
    log: Log, records: Iterable[tuple[Sourced, bytes]], how: How, work: Path, progress: Progress
) -> dict[str, Any]:
    """One entry a record; the commitments wait in a file, so that no more than a part is ever in memory."""
    held, commitments = work / f"{ALL}{openings.ENDING}", work / "commitments"
    count = 0
    with _private(held) as file, _private(commitments) as beside:
        for _, canonical in records:
            opening = Opening(canonical, how.salt(SALT_BYTES))
            file.write(openings.line(opening))
            beside.write(opening.commitment)
            count += 1
        _flush(file)
    first = _enter(log, how, _pieces(commitments), count, progress)
    commitments.unlink()
    held.rename(_named(work.parent, first))
    openings.sync(work.parent)
    return {"records": count, "first": first, "last": first + count - 1, "batches": []}


def _named(folder: Path, first: int) -> Path:
    return folder / f"{first:012d}{openings.ENDING}"


def _batch_named(folder: Path, root: bytes) -> Path:
    return folder / f"{root.hex()}{openings.ENDING}"


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while found := file.read(SALT_BYTES):
            yield found


def _enter(log: Log, how: How, commitments: Iterator[bytes], count: int, progress: Progress) -> int:
    """Writes entries of one record each, many at a time; the number of the first."""
    filler = bytes(SALT_BYTES)
    before, after = Entry(how.at, how.kind, filler).data().split(base64.b64encode(filler))
    first, done = -1, 0
    while done < count:
        now = min(AT_ONCE - log.size % WIDTH, count - done)
        added = log.append([before + base64.b64encode(next(commitments)) + after for _ in range(now)])
        first = added.start if first < 0 else first
        done += now
        if added.stop != first + done:
            reason = f"another writer has added entries between these; {done} of {count} records were added"
            raise InputError(reason, file=str(log.folder), mend="Let one program at a time write to a log")
        progress("append", done, count)
    return first


@dataclass(frozen=True, slots=True)
class Made:
    """A batch that is ready: its openings' file, the root, how many commitments, and the group, where it is one."""

    file: Path
    root: bytes
    count: int
    group: dict[str, Any]

    def said(self) -> dict[str, Any]:
        """The batch as plain data."""
        return {"root": base64.b64encode(self.root).decode(), "count": self.count, "group": self.group}


def _append_batches(
    log: Log, records: Iterable[tuple[Sourced, bytes]], how: How, work: Path, progress: Progress
) -> dict[str, Any]:
    folder = work.parent
    known = {head for path in openings.files(folder) if (head := _head(path))}
    groups = _Groups(log, how, work, known)
    count = 0
    for (file, line, value), canonical in records:
        groups.add(_group(value, how.by, file, line), canonical)
        count += 1
    groups.flush()
    made = [ready(path, group) for path, group in groups.files()]
    first = enter_batches(log, how, made)
    for each in made:
        each.file.rename(_batch_named(folder, each.root))
    openings.sync(folder)
    progress("append", count, count)
    said = [{**each.said(), "entry": first + place} for place, each in enumerate(made)]
    return {"records": count, "first": first, "last": first + len(made) - 1, "batches": said}


def enter_batches(log: Log, how: How, made: Sequence[Made]) -> int:
    """Publishes the lists of commitments and writes an entry for each batch; the number of the first."""
    for each in made:
        if each.count > 1:
            batches.write(log.folder, each.root, each.count, (line.commitment for line in openings.read(each.file)))
    return log.append([entry_of(how, each).data() for each in made]).start


def entry_of(how: How, made: Made) -> Entry:
    """The entry of a batch: its root, or of one record alone its commitment."""
    return Entry(how.at, how.kind, made.root, made.count)


def ready(path: Path, group: dict[str, Any]) -> Made:
    """A file of openings as a batch."""
    tree, last = batches.Growing(), b""
    for line in openings.read(path):
        tree.add(line.commitment)
        last = line.commitment
    return Made(path, tree.root if tree.size > 1 else last, tree.size, group)


def head(group: dict[str, Any], kind: str, origin: str) -> bytes:
    """The canonical record with which a group's batch begins: whose it is."""
    return commitment.canonical({"group": group, "kind": kind, "log": origin})


def _head(path: Path) -> bytes:
    """The canonical record with which a file of openings begins, empty where that is no group's."""
    found = next(openings.read(path), None)
    record = found.record if found else None
    return found.opening.record if found and found.opening and isinstance(record, dict) and "group" in record else b""


def _group(value: Any, by: tuple[str, ...], file: str, line: int) -> dict[str, Any]:
    absent = [name for name in by if not isinstance(value, dict) or name not in value]
    if absent:
        known = ", ".join(list(value)[:20]) if isinstance(value, dict) else "nothing"
        reason = f"the record has no {absent[0]!r}; it has {known}"
        raise InputError(reason, file=file, line=line, mend="Name columns that every record has with --by")
    return {name: value[name] for name in by}


class _Groups:
    """Openings sorted into a file a group; what waits to be written never holds more than a set number of bytes."""

    def __init__(self, log: Log, how: How, work: Path, known: set[bytes]) -> None:
        self._log, self._how, self._work, self._known = log, how, work, known
        self._places: dict[bytes, tuple[Path, dict[str, Any]]] = {}
        self._waiting: dict[bytes, list[bytes]] = {}
        self._bytes = 0

    def add(self, group: dict[str, Any], canonical: bytes) -> None:
        """Takes a record into its group."""
        key = head(group, self._how.kind, self._log.origin) if group else b""
        if key not in self._places:
            self._begin(key, group)
        self._wait(key, canonical)
        if self._bytes > BUFFERED_MOST:
            self.flush()

    def _begin(self, key: bytes, group: dict[str, Any]) -> None:
        if key in self._known:
            said = ", ".join(f"{name} {value}" for name, value in group.items())
            mend = "A group is committed to once; what came later is a group of its own"
            raise InputError(f"{said} stands in the log already", file=str(self._log.folder), mend=mend)
        self._places[key] = self._work / f"{len(self._places):09d}{openings.ENDING}", group
        if group:
            self._wait(key, key)

    def _wait(self, key: bytes, canonical: bytes) -> None:
        made = openings.line(Opening(canonical, self._how.salt(SALT_BYTES)))
        self._waiting.setdefault(key, []).append(made)
        self._bytes += len(made)

    def flush(self) -> None:
        """Writes what waits."""
        for key, lines in self._waiting.items():
            with _private(self._places[key][0]) as file:
                file.writelines(lines)
                _flush(file)
        self._waiting, self._bytes = {}, 0

    def files(self) -> list[tuple[Path, dict[str, Any]]]:
        """Each group's file and the group, in the order in which the groups came."""
        return list(self._places.values())


def _private(path: Path) -> Any:
    """A file to append to, for its owner alone."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab", buffering=1 << 20)


def _flush(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())


def settle(log: Log, folder: Path, since: int = 0) -> None:
    """Names the openings that a killed program left behind after their entries; those whose entries never came go.

    The entries are looked for from the number `since` on.
    """
    for work in sorted(folder.glob(f"{PENDING}-*")):
        for path in sorted(work.glob(f"*{openings.ENDING}")):
            wanted = _first(path) if path.stem == ALL else _root(path)
            entry = find(log, wanted, since) if wanted else None
            if wanted and entry is not None:
                path.rename(_named(folder, entry) if path.stem == ALL else _batch_named(folder, wanted))
        shutil.rmtree(work)


def _first(path: Path) -> bytes | None:
    line = next(openings.read(path), None)
    return line.commitment if line else None


def _root(path: Path) -> bytes | None:
    """What the entry of a file holds; None where it was not written to its end, so that no entry can have come."""
    try:
        return ready(path, {}).root
    except InputError:
        return None


def find(log: Log, wanted: bytes, since: int = 0) -> int | None:
    """The first entry from `since` on whose commitment is `wanted`, None where there is none."""
    return next(find_all(log, wanted, since), None)


def find_all(log: Log, wanted: bytes, since: int = 0) -> Iterator[int]:
    """The numbers of the entries whose commitment is `wanted`."""
    needle = b'"commitment":"' + base64.b64encode(wanted) + b'"'
    for place, data in enumerate(log.entries(since), start=since):
        if needle in data:
            yield place

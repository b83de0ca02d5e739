"""Openings: the private files beside a log, which hold what was committed to and the salts. Who erases one, forgets.

A file is JSON lines in the order of the commitments: a record with its salt, or a bare commitment where the opening was
erased or is withheld. Files of single entries are called after the number of their first entry, files of a batch after
its root. A file is written beside its place and takes its name when its entries stand in the log; should the program be
killed between, the next one to look finds the entries and gives the file its name.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from partita.errors import InputError
from partita.jobs import log_files
from partita.prove import commitment, merkle
from partita.prove.commitment import Opening

ENDING = ".jsonl"
LINE_MOST = 1 << 25


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its place from 0, the commitment, and the opening unless it was erased or is withheld."""

    place: int
    commitment: bytes
    opening: Opening | None

    @property
    def record(self) -> Any:
        """The record as a JSON value, None where there is no opening."""
        return json.loads(self.opening.record) if self.opening else None


def folder_of(log: Path) -> Path:
    """Where the openings of a log lie unless the user says otherwise: beside it, never inside."""
    return log_files.beside(log, ".openings")


def line(opening: Opening) -> bytes:
    """An opening as it stands in its file."""
    return b'{"record":' + opening.record + b',"salt":"' + base64.b64encode(opening.salt) + b'"}\n'


def closed_line(committed: bytes) -> bytes:
    """A commitment without its opening, as it stands in a file."""
    return b'{"commitment":"' + base64.b64encode(committed) + b'"}\n'


def read(path: Path) -> Iterator[Line]:
    """Every line of a file; raises InputError with the line's number."""
    try:
        with path.open("rb") as file:
            for place, text in enumerate(iter(lambda: file.readline(LINE_MOST), b"")):
                yield parse(text, place, str(path))
    except OSError as error:
        reason = f"the openings cannot be read: {error.strerror or error}"
        raise InputError(reason, file=str(path), mend="Name a file of openings") from None


def at(path: Path, place: int) -> Line | None:
    """The line at a place (from 0), None where the file is shorter; the lines before it are passed over unread."""
    with path.open("rb") as file:
        for number, text in enumerate(iter(lambda: file.readline(LINE_MOST), b"")):
            if number == place:
                return parse(text, place, str(path))
    return None


def parse(text: bytes, place: int, file: str) -> Line:
    """The line at a place (from 0) of a file; raises InputError."""
    try:
        said = json.loads(text)
        if "commitment" in said:
            return Line(place, _hash(said["commitment"]), None)
        opening = Opening(commitment.canonical(said["record"]), base64.b64decode(said["salt"], validate=True))
        return Line(place, opening.commitment, opening)
    except (ValueError, TypeError, KeyError, binascii.Error, RecursionError) as error:
        mend = "Each line is a record with its salt, or a commitment"
        raise InputError(f"this is no opening: {error}", file=file, line=place + 1, mend=mend) from None


def _hash(text: str) -> bytes:
    found = base64.b64decode(text, validate=True)
    if len(found) != merkle.HASH_BYTES:
        raise ValueError("a commitment has 32 bytes")
    return found


def files(source: Path) -> list[Path]:
    """The files of openings that a path names: itself, or every one in the folder and below; raises InputError."""
    if source.is_dir():
        return sorted(path for path in source.rglob(f"*{ENDING}") if path.is_file())
    if not source.is_file():
        raise InputError("there are no openings", file=str(source), mend="Name a file or folder of openings")
    return [source]


def find(source: Path, record: bytes) -> Iterator[tuple[Path, Line]]:
    """Every opening of a record (canonical bytes), with its file."""
    needle = b'{"record":' + record + b',"salt":"'
    for path in files(source):
        with path.open("rb") as file:
            for place, text in enumerate(iter(lambda f=file: f.readline(LINE_MOST), b"")):  # type: ignore[misc]
                if text.startswith(needle):
                    yield path, parse(text, place, str(path))


def erase(path: Path, places: set[int]) -> int:
    """Writes the file anew without the openings at these places, their commitments kept; how many were dropped.

    The old file is overwritten once the new one has its name; copies elsewhere (a backup, a snapshot) are not reached.
    """
    with log_files.locked(path.parent):
        return _erase(path, places)


def _erase(path: Path, places: set[int]) -> int:
    fresh = path.with_name(path.name + ".new")
    dropped = 0
    with path.open("r+b") as old, fresh.open("wb") as new:
        os.fchmod(new.fileno(), 0o600)
        for place, text in enumerate(iter(lambda: old.readline(LINE_MOST), b"")):
            found = parse(text, place, str(path)) if place in places else None
            if found is None or found.opening is None:
                new.write(text)
            else:
                new.write(closed_line(found.commitment))
                dropped += 1
        new.flush()
        os.fsync(new.fileno())
        fresh.replace(path)
        sync(path.parent)
        _blank(old)
    return dropped


def _blank(old: BinaryIO) -> None:
    """Overwrites what is left of a file that has lost its name."""
    left = os.fstat(old.fileno()).st_size
    old.seek(0)
    while left > 0:
        left -= old.write(bytes(min(left, 1 << 20)))
    old.flush()
    os.fsync(old.fileno())


def sync(folder: Path) -> None:
    """Makes names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

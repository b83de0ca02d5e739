"""The head of a log: how far its tree is written. It is the last file that a writer replaces, so it decides.

While entries are added it also says how far the writer wants to get: what a killed one left beyond the head is known by
that, and cleared away before anybody writes again.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from partita.errors import InputError
from partita.prove import files
from partita.prove.checkpoint import Checkpoint
from partita.prove.faults import DamagedTile
from partita.prove.merkle import HASH_BYTES
from partita.prove.tiles import ENTRIES, WIDTH, levels, path

HEAD = ".state/head"
BYTES_MOST = 4096
ADDED_MOST = 1 << 32


@dataclass(frozen=True, slots=True)
class Head:
    """A log's origin, its number of leaves and their root; and the number that a writer is on the way to."""

    origin: str
    size: int
    root: bytes
    growing: int = 0

    def write(self, folder: Path) -> None:
        """Replaces the head of the log in a folder, durably."""
        growing = {"growing": self.growing} if self.growing else {}
        said = {"origin": self.origin, "size": self.size, "root": self.root.hex(), **growing}
        files.put(folder / HEAD, json.dumps(said, ensure_ascii=False).encode())


def read(folder: Path, told: Checkpoint | None) -> Head:
    """The head of the log in a folder, or what its checkpoint told where other software wrote it and has no head.

    Raises `InputError` where there is no log, `DamagedTile` where the head cannot be read.
    """
    file = folder / HEAD
    try:
        said = json.loads(files.beginning(file, BYTES_MOST))
        head = Head(str(said["origin"]), int(said["size"]), bytes.fromhex(said["root"]), int(said.get("growing", 0)))
    except (FileNotFoundError, NotADirectoryError):
        if told is None:
            raise InputError(
                "there is no log here", file=str(folder), mend="Name a log's folder, or make one"
            ) from None
        return Head(told.origin, told.size, told.root)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, IsADirectoryError) as error:
        raise DamagedTile("the head of the log cannot be read", file=str(file)) from error
    if head.size < 0 or head.growing > head.size + ADDED_MOST or len(head.root) != HASH_BYTES:
        raise DamagedTile("the head of the log says what none can say", file=str(file))
    return head


def clear(folder: Path, head: Head) -> None:
    """Takes away what a killed writer left beyond the head."""
    for name in _beyond(head.size, head.growing):
        for file in (folder / name, folder / (name + files.FRESH)):
            file.unlink(missing_ok=True)


def tidy(folder: Path, before: int, after: int) -> None:
    """Takes away the partial tiles of tiles that became full while the tree grew, as tlog-tiles allows."""
    for level, count in _rows(before):
        if _rows_at(after, level) // WIDTH > count // WIDTH and count % WIDTH:
            shutil.rmtree(folder / f"{path(level, count // WIDTH)}.p", ignore_errors=True)


def _rows(size: int) -> Iterator[tuple[int | str, int]]:
    """Each level that has tiles and its count, the bundles among them."""
    yield from levels(size)
    yield ENTRIES, size


def _rows_at(size: int, level: int | str) -> int:
    return next((count for each, count in _rows(size) if each == level), 0)


def _beyond(size: int, growing: int) -> Iterator[str]:
    """The files that a tree of `growing` leaves has and one of `size` leaves has not."""
    for level, count in _rows(growing):
        here = _rows_at(size, level)
        if count > here:
            yield from (path(level, index) for index in range(here // WIDTH, count // WIDTH))
            yield from [path(level, count // WIDTH, count % WIDTH)] if count % WIDTH else []

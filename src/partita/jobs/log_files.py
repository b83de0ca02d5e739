"""Files that verbs of the log write for others: whole or not at all, on the disk before they have their name."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

Progress = Callable[[str, int, int], None]
"""As in `jobs.inputs`, whose libraries a machine that commits to plays does without."""


def silent(step: str, done: int, total: int) -> None:
    """A progress that shows nothing."""


def save(path: Path, text: str, *, private: bool = False) -> None:
    """Writes a text; `private` for its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.partial")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if private else 0o644)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Holds the only writer's place in a folder of openings, waiting for it."""
    with os.fdopen(os.open(folder / ".lock", os.O_WRONLY | os.O_CREAT, 0o600), "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def beside(log: Path, ending: str) -> Path:
    """A name beside the folder of a log: what is private lies there, never inside."""
    named = log if log.name not in ("", "..") else log.resolve()
    return named.with_name(named.name + ending)

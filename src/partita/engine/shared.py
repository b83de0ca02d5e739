"""A value that every worker of an engine uses and none may copy: written once, mapped into memory by each.

Arrays lie in the file as they lie in memory, so that all workers of one machine share its pages and a worker is ready
as soon as the file is mapped. The SHA-256 travels with the task, never with the file: a worker that finds other bytes
there stops before it believes them.
"""

from __future__ import annotations

import hashlib
import mmap
import pickle
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from partita import __version__

_ALIGNED = 64
_LOCK = threading.Lock()
_LOADED: dict[Shared, Any] = {}
"""The value this process uses; one at a time, so that a second job's takes the place of the first's."""


@dataclass(frozen=True, slots=True)
class Shared:
    """Where the value lies, what its bytes must hash to, and the version of Partita that wrote it."""

    path: str
    sha256: str
    version: str
    parts: tuple[tuple[int, int], ...]
    """Offset and length of the value's frame, then of each array."""

    def load(self) -> Any:
        """The value; raises RuntimeError where this worker has another file or another Partita."""
        with _LOCK:
            if self not in _LOADED:
                value = self._mapped()
                _LOADED.clear()
                _LOADED[self] = value
            return _LOADED[self]

    def _mapped(self) -> Any:
        if self.version != __version__:
            raise RuntimeError(f"this worker has partita {__version__}, the job was started by {self.version}")
        with open(self.path, "rb") as file:  # noqa: PTH123 - mapped, not read
            pages = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        if hashlib.sha256(pages).hexdigest() != self.sha256:
            raise RuntimeError(f"{self.path} is not what the job wrote there")
        frame, *arrays = (pages[start : start + length] for start, length in self.parts)
        return pickle.loads(frame, buffers=arrays)  # noqa: S301 - the bytes are the job's own: the digest says so


def share(value: Any, path: Path) -> Shared:
    """Writes `value`, whose arrays are numpy's or Arrow's, to a file that all workers can read."""
    arrays: list[pickle.PickleBuffer] = []
    frame = pickle.dumps(value, protocol=5, buffer_callback=arrays.append)
    digest, parts, at = hashlib.sha256(), [], 0
    with path.open("wb") as file:
        for piece in (memoryview(frame), *(array.raw() for array in arrays)):
            padding = bytes(-at % _ALIGNED)
            for written in (padding, piece):
                file.write(written)
                digest.update(written)
            parts.append((at + len(padding), piece.nbytes))
            at += len(padding) + piece.nbytes
    return Shared(str(path.resolve()), digest.hexdigest(), __version__, tuple(parts))

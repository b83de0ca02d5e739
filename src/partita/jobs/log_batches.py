"""Public lists of commitments: a file for each batch, in the folder of its log; it shows how many and hides what.

A batch file is text: what it is, the count, the root in Base64, an empty line, then one commitment in Base64 a line. It
is called after its root, so that an entry of the log names its file. Roots of batches of any size are computed as the
commitments come, in the memory of one path.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from partita.jobs.log_faults import MissingBatch
from partita.prove import merkle

HEADER = "partita/batch@v1"
FOLDER = "batch"
LINES_MOST = 50_000_000


class Growing:
    """A Merkle tree that only grows: `add` a leaf's data, ask for the `root` at any time; holds one hash a level."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, data: bytes) -> None:
        """Adds one leaf."""
        carried, size = merkle.leaf_hash(data), self.size
        while size & 1:
            carried = merkle.node_hash(self._peaks.pop(), carried)
            size >>= 1
        self._peaks.append(carried)
        self.size += 1

    @property
    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self._peaks:
            return merkle.EMPTY_ROOT
        *lower, found = self._peaks
        for peak in reversed(lower):
            found = merkle.node_hash(peak, found)
        return found


def root_of(commitments: Iterable[bytes]) -> bytes:
    """The root that a batch's entry holds."""
    tree = Growing()
    for each in commitments:
        tree.add(each)
    return tree.root


def place(log: Path, root: bytes) -> Path:
    """Where the batch file of a root lies in the folder of its log."""
    return log / FOLDER / f"{root.hex()}.txt"


def write(log: Path, root: bytes, count: int, commitments: Iterable[bytes]) -> Path:
    """Publishes a batch: its file in the log's folder, whole or not at all."""
    path = place(log, root)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    with fresh.open("wb") as file:
        file.write(f"{HEADER}\ncount {count}\nroot {base64.b64encode(root).decode()}\n\n".encode())
        for each in commitments:
            file.write(base64.b64encode(each) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return path


def read(log: Path, root: bytes, count: int) -> list[bytes]:
    """The commitments behind an entry, checked against its root and count; raises MissingBatch."""
    path = place(log, root)
    found = list(_commitments(path))
    if len(found) != count:
        raise MissingBatch(f"the list holds {len(found)} commitments, the entry counts {count}", file=str(path))
    if root_of(found) != root:
        raise MissingBatch("the list of commitments is not the one that the entry commits to", file=str(path))
    if len(set(found)) < len(found):
        raise MissingBatch("one commitment stands in the list twice, and counts twice", file=str(path))
    return found


def first(path: Path) -> bytes | None:
    """The first commitment of a batch file: that of its group, where the batch is one; None where it has none."""
    return next(_commitments(path), None)


def files(log: Path) -> list[Path]:
    """Every batch file of a log."""
    return sorted((log / FOLDER).glob("*.txt"))


def _commitments(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            head = [file.readline(1000).rstrip(b"\n") for _ in range(4)]
            if head[0] != HEADER.encode() or head[3]:
                raise MissingBatch("this is no list of commitments", file=str(path))
            for number, line in enumerate(iter(lambda: file.readline(1000), b"")):
                found = base64.b64decode(line.rstrip(b"\n"), validate=True)
                if len(found) != merkle.HASH_BYTES or number >= LINES_MOST:
                    raise MissingBatch(f"line {number + 5} is no commitment", file=str(path))
                yield found
    except FileNotFoundError:
        raise MissingBatch("the list of commitments behind the entry is not published", file=str(path)) from None
    except binascii.Error:
        raise MissingBatch("a line is not Base64", file=str(path)) from None

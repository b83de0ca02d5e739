"""A tree on the disk in the layout of c2sp.org/tlog-tiles: tiles of 256 hashes, bundles of 256 entries.

A tile of level 0 holds leaf hashes; one of level n + 1 the roots of full tiles of level n. The last tile of a level may
be partial. Which hash stands where follows from the number of leaves alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from partita.errors import InputError
from partita.prove import merkle
from partita.prove.faults import DamagedTile, MissingTile
from partita.prove.merkle import HASH_BYTES, Range

WIDTH = 256
HEIGHT = 8
ENTRIES = "entries"
ENTRY_BYTES_MOST = 0xFFFF
UPPER_MOST = 256
"""So many tiles above the lowest are kept in memory: some 10 MiB, and all of a log of 16 million entries."""

BYTES_MOST = WIDTH * (2 + ENTRY_BYTES_MOST)
"""No bundle, and so no file of a tree, is longer."""

LENGTHS = [length.to_bytes(2) for length in range(ENTRY_BYTES_MOST + 1)]


def path(level: int | str, index: int, width: int = WIDTH) -> str:
    """Where a tile lies in its log's folder; `level` is `ENTRIES` for a bundle, `width` below 256 for a partial one."""
    name, rest = f"{index % 1000:03d}", index // 1000
    while rest:
        name, rest = f"x{rest % 1000:03d}/{name}", rest // 1000
    return f"tile/{level}/{name}" + (f".p/{width}" if width < WIDTH else "")


def levels(size: int) -> Iterator[tuple[int, int]]:
    """For a tree of `size` leaves: each level that has tiles, and how many hashes stand in it."""
    level = 0
    while size:
        yield level, size
        size >>= HEIGHT
        level += 1


def cut(data: bytes) -> list[bytes]:
    """Hashes that stand one after the other, as a list."""
    return [data[start : start + HASH_BYTES] for start in range(0, len(data), HASH_BYTES)]


def encode(entries: Sequence[bytes]) -> bytes:
    """A bundle: each entry after its length in two bytes; raises `InputError` for an entry that is too long."""
    try:
        return b"".join([LENGTHS[len(entry)] + entry for entry in entries])
    except IndexError:
        longest = max(map(len, entries))
        raise InputError(f"an entry of {longest} bytes is too long; {ENTRY_BYTES_MOST} are the most") from None


def decode(data: bytes, count: int, file: str = "") -> list[bytes]:
    """The entries of a bundle; raises `DamagedTile` where they are not `count`."""
    entries: list[bytes] = []
    place = 0
    while place + 2 <= len(data) and len(entries) < count:
        start = place + 2
        place = start + int.from_bytes(data[place:start])
        entries.append(data[start:place])
    if place != len(data) or len(entries) != count:
        raise DamagedTile(f"the bundle does not hold {count} entries", file=file)
    return entries


class Tree:
    """The tiles of the first `size` leaves in a folder, read as they are asked for.

    Kept in memory are what the right edge consists of, of this tree and of the one that was `signed`, whose proofs are
    drawn most; some tiles above the lowest, which many proofs need; and the tile that was read last.
    """

    def __init__(self, folder: Path, size: int, signed: int = 0) -> None:
        self.folder, self.size = folder, size
        self._ends = {size, signed}
        self._upper: dict[tuple[int, int], list[Sequence[bytes]]] = {}
        self._begun = os.fspath(folder)
        self._edge: dict[Range, bytes] = {}
        self._last: tuple[int, int, bytes] = (-1, -1, b"")

    def tile(self, level: int, index: int) -> bytes:
        """A tile's hashes, one after the other; raises `MissingTile`, `DamagedTile` (of another length)."""
        last = self._last
        if last[:2] == (level, index):
            return last[2]
        width = self._width(level, index)
        data, found, file = self._read(level, index, width)
        if len(data) != found * HASH_BYTES:
            raise DamagedTile(f"the tile does not hold {found} hashes", file=file)
        data = data[: width * HASH_BYTES]
        self._last = (level, index, data)
        return data

    def bundle(self, index: int) -> list[bytes]:
        """The entries of a bundle; raises `MissingTile`, `DamagedTile` (of another number)."""
        width = self._width(0, index)
        data, found, file = self._read(ENTRIES, index, width)
        return decode(data, found, file)[:width]

    def root(self, low: int, high: int) -> bytes:
        """The root over the leaves from `low` to `high`, a node of a tree of at most this size."""
        known = self._edge.get((low, high))
        if known is not None:
            return known
        if high - low & high - low - 1:
            middle = low + merkle.split(high - low)
            left = self.root(low, middle)
            found = merkle.node_hash(left, self.root(middle, high))
            if high in self._ends:
                self._edge[low, middle] = left
        else:
            found = self._node(low, high) if low < high else merkle.EMPTY_ROOT
        if high in self._ends:
            self._edge[low, high] = found
        return found

    def blame(self, index: int) -> DamagedTile:
        """What is wrong on the way from a leaf to the root: the first tile from above that its parent does not name."""
        for level, count in reversed(list(levels(self.size))):
            place = index >> HEIGHT * (level + 1)
            if place < count // WIDTH:
                above = self.tile(level + 1, place // WIDTH)
                start = place % WIDTH * HASH_BYTES
                if merkle.root(cut(self.tile(level, place))) != above[start : start + HASH_BYTES]:
                    return DamagedTile("the tile is not the one that the tree names", file=self._file(level, place))
        return DamagedTile("the tiles do not lead to the root", file=self._begun)

    def _node(self, low: int, high: int) -> bytes:
        """The root over a power of two of leaves, from the tile that it lies in."""
        level, row = divmod((high - low).bit_length() - 1, HEIGHT)
        first = low >> HEIGHT * level
        index, place = divmod(first, WIDTH)
        if level:
            return self._rows(level, index)[row][place >> row]
        hashes = self.tile(level, index)
        return merkle.root(cut(hashes[place * HASH_BYTES : (place + (1 << row)) * HASH_BYTES]))

    def _rows(self, level: int, index: int) -> list[Sequence[bytes]]:
        """All that can be hashed from a tile above the lowest."""
        found = self._upper.get((level, index))
        if found is None:
            if len(self._upper) >= UPPER_MOST:
                self._upper.clear()
            found = self._upper[level, index] = merkle.rows(cut(self.tile(level, index)))
        return found

    def _width(self, level: int, index: int) -> int:
        return min((self.size >> HEIGHT * level) - index * WIDTH, WIDTH)

    def _file(self, level: int | str, index: int, width: int = WIDTH) -> str:
        return f"{self._begun}/{path(level, index, width)}"

    def _read(self, level: int | str, index: int, width: int) -> tuple[bytes, int, str]:
        """A file of that width, else the full one that a writer may have put in its place meanwhile; and its width."""
        for found in (width, WIDTH):
            file = self._file(level, index, found)
            try:
                with open(file, "rb") as handle:  # noqa: PTH123 - a proof reads several, and a Path costs as much
                    return handle.read(BYTES_MOST + 1), found, file
            except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
                continue
        raise MissingTile("the tile is not there", file=self._file(level, index, width))

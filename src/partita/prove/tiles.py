"""A tree on the disk in the layout of c2sp.org/tlog-tiles: tiles of 256 hashes, bundles of 256 entries.

A tile of level 0 holds leaf hashes; one of level n + 1 the roots of full tiles of level n. The last of each level may be
partial. `Tree` reads one: which hashes stand where follows from the number of leaves alone.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from partita.errors import InputError
from partita.prove import merkle
from partita.prove.faults import DamagedTile, MissingTile

WIDTH = 256
HEIGHT = 8
ENTRY_BYTES_MOST = 0xFFFF
ENTRIES = "entries"


def path(level: int | str, index: int, width: int = WIDTH) -> str:
    """Where a tile lies in its log's folder; `level` is `ENTRIES` for a bundle, `width` below 256 for a partial one."""
    digits = f"{index:03d}"
    digits = digits.zfill(-len(digits) // 3 * -3)
    parts = [digits[start : start + 3] for start in range(0, len(digits), 3)]
    name = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
    return f"tile/{level}/{name}" + (f".p/{width}" if width < WIDTH else "")


def levels(size: int) -> Iterator[tuple[int, int]]:
    """For a tree of `size` leaves: each level that has tiles, and how many hashes stand in it."""
    level = 0
    while size:
        yield level, size
        size >>= HEIGHT
        level += 1


def encode(entries: Sequence[bytes]) -> bytes:
    """A bundle: each entry after its length in two bytes; raises `InputError` for an entry that is too long."""
    try:
        return b"".join([part for entry in entries for part in (struct.pack(">H", len(entry)), entry)])
    except struct.error:
        longest = max(map(len, entries))
        raise InputError(f"an entry of {longest} bytes is too long; {ENTRY_BYTES_MOST} are the most") from None


def decode(data: bytes, count: int, file: str = "") -> list[bytes]:
    """The entries of a bundle; raises `DamagedTile` where they are not `count`."""
    entries, place = [], 0
    while place + 2 <= len(data):
        end = place + 2 + int.from_bytes(data[place : place + 2])
        entries.append(data[place + 2 : end])
        place = end
    if place != len(data) or len(entries) != count:
        raise DamagedTile(f"the bundle does not hold the {count} entries that it should", file=file)
    return entries


@dataclass(frozen=True, slots=True)
class Tree:
    """The tiles of the first `size` leaves in a folder."""

    folder: Path
    size: int

    def tile(self, level: int, index: int) -> bytes:
        """A tile's hashes, one after the other; raises `MissingTile` and `DamagedTile` (of another length)."""
        width = min((self.size >> HEIGHT * level) - index * WIDTH, WIDTH)
        data, file = self._read(level, index, width)
        if len(data) < width * merkle.HASH_BYTES:
            raise DamagedTile(f"the tile does not hold {width} hashes", file=file)
        return data[: width * merkle.HASH_BYTES]

    def bundle(self, index: int) -> list[bytes]:
        """The entries of a bundle; raises `MissingTile` and `DamagedTile`."""
        width = min(self.size - index * WIDTH, WIDTH)
        data, file = self._read(ENTRIES, index, width)
        full = not file.endswith(f".p/{width}")
        return decode(data, WIDTH if full else width, file)[:width]

    def _read(self, level: int | str, index: int, width: int) -> tuple[bytes, str]:
        for name in dict.fromkeys((path(level, index, width), path(level, index))):
            try:
                return (self.folder / name).read_bytes(), name
            except FileNotFoundError:
                continue
        raise MissingTile("the tile is not there", file=str(self.folder / path(level, index, width)))

    def root(self, low: int, high: int) -> bytes:
        """The root over the leaves from `low` to `high`, a subtree of this tree."""
        if low == high:
            return merkle.EMPTY_ROOT
        if (high - low) & (high - low - 1):
            middle = low + merkle.split(high - low)
            return merkle.node_hash(self.root(low, middle), self.root(middle, high))
        level = ((high - low).bit_length() - 1) // HEIGHT
        first, last = low >> HEIGHT * level, high >> HEIGHT * level
        start = first % WIDTH * merkle.HASH_BYTES
        hashes = self.tile(level, first // WIDTH)
        return merkle.root(cut(hashes[start : start + (last - first) * merkle.HASH_BYTES]))


def cut(data: bytes) -> list[bytes]:
    """Hashes that stand one after the other, as a list."""
    return [data[start : start + merkle.HASH_BYTES] for start in range(0, len(data), merkle.HASH_BYTES)]

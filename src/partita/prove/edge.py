"""The right edge of a tree in memory: all that is needed to add entries, and to know the root."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from partita.prove import merkle, tiles
from partita.prove.faults import DamagedTile
from partita.prove.tiles import ENTRIES, HEIGHT, WIDTH, Tree

TILES_AT_ONCE = 64


@dataclass
class Edge:
    """A tree of `size` leaves: the entries of the bundle that is not full, and of each level the hashes of its tile."""

    size: int
    entries: list[bytes]
    rows: list[list[bytes]]

    def root(self) -> bytes:
        """The root of the tree: what each level's last tile holds, and beside it what lies to the right below."""
        below: list[bytes] = []
        for row in self.rows:
            below = [merkle.root([*row, *below])] if row or below else []
        return below[0] if below else merkle.EMPTY_ROOT

    def add(self, entries: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
        """Adds entries; gives the files that this asks for (path, contents), a bounded number held at a time."""
        step, before = TILES_AT_ONCE * WIDTH, self.size
        for start in range(0, len(entries), step):
            part = entries[start : start + step]
            yield from self._bundles(part)
            level, hashes = 0, merkle.leaf_hashes(part)
            while hashes:
                files, hashes = self._tiles(level, hashes)
                yield from files
                level += 1
            self.size += len(part)
        yield from self._partial(before)

    def _bundles(self, entries: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
        index = self.size // WIDTH
        self.entries.extend(entries)
        full = len(self.entries) // WIDTH
        for place in range(full):
            yield tiles.path(ENTRIES, index + place), tiles.encode(self.entries[place * WIDTH : (place + 1) * WIDTH])
        del self.entries[: full * WIDTH]

    def _tiles(self, level: int, hashes: list[bytes]) -> tuple[list[tuple[str, bytes]], list[bytes]]:
        """Adds hashes to a level; gives the tiles that became full, and their roots for the level above."""
        if level == len(self.rows):
            self.rows.append([])
        index = (self.size >> HEIGHT * level) // WIDTH
        row = self.rows[level] + hashes
        full = len(row) // WIDTH
        self.rows[level] = row[full * WIDTH :]
        roots = row[: full * WIDTH]
        data, step = b"".join(roots), WIDTH * merkle.HASH_BYTES
        for _ in range(HEIGHT):
            roots = merkle.parents(roots)
        return [(tiles.path(level, index + at), data[at * step : (at + 1) * step]) for at in range(full)], roots

    def _partial(self, before: int) -> Iterator[tuple[str, bytes]]:
        """The tiles that are not full and have changed since the tree had `before` leaves."""
        if self.entries:
            yield tiles.path(ENTRIES, self.size // WIDTH, len(self.entries)), tiles.encode(self.entries)
        for level, row in enumerate(self.rows):
            if row and self.size >> HEIGHT * level != before >> HEIGHT * level:
                yield tiles.path(level, (self.size >> HEIGHT * level) // WIDTH, len(row)), b"".join(row)


def read(tree: Tree) -> Edge:
    """The right edge as it lies on the disk; raises `MissingTile`, `DamagedTile` (entries unlike their tile)."""
    rows = [
        tiles.cut(tree.tile(level, count // WIDTH)) if count % WIDTH else [] for level, count in tiles.levels(tree.size)
    ]
    entries = tree.bundle(tree.size // WIDTH) if tree.size % WIDTH else []
    if entries and merkle.leaf_hashes(entries) != rows[0]:
        file = tree.folder / tiles.path(ENTRIES, tree.size // WIDTH, len(entries))
        raise DamagedTile("the bundle's entries are not those that the tree names", file=str(file))
    return Edge(tree.size, entries, rows)

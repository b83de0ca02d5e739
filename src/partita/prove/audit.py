"""The whole of a log, recomputed from its entries and compared with every tile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from partita.prove import files, merkle, tiles
from partita.prove.faults import DamagedTile
from partita.prove.tiles import ENTRIES, WIDTH, Tree


def check(tree: Tree, root: bytes) -> None:
    """Raises `DamagedTile` (the lowest that is not what lies under it) or `MissingTile` unless all is as it must be."""
    hashes: list[bytes] = []
    for index in range(-(-tree.size // WIDTH)):
        found = merkle.leaf_hashes(tree.bundle(index))
        hashes += _checked(tree, 0, index, found)
    level = 1
    while hashes:
        above: list[bytes] = []
        for index in range(-(-len(hashes) // WIDTH)):
            above += _checked(tree, level, index, hashes[index * WIDTH : (index + 1) * WIDTH])
        hashes, level = above, level + 1
    if tree.root(0, tree.size) != root:
        raise DamagedTile("the tree does not have the root that it was written with", file=str(tree.folder))
    _partial(tree, tree.size % WIDTH)


def _checked(tree: Tree, level: int, index: int, hashes: list[bytes]) -> list[bytes]:
    """The root of a tile that holds these hashes, in a list where it is full."""
    if tree.tile(level, index) != b"".join(hashes):
        file = tree.folder / tiles.path(level, index, len(hashes))
        raise DamagedTile("the tile is not what lies under it", file=str(file))
    return [merkle.root(hashes)] if len(hashes) == WIDTH else []


def _partial(tree: Tree, width: int) -> None:
    """Compares the narrower forms of the last tiles, which stand for checkpoints signed earlier."""
    for level, count in tiles.levels(tree.size):
        whole = tree.tile(level, count // WIDTH) if count % WIDTH else b""
        for file, narrow, data in _narrower(tree.folder / f"{tiles.path(level, count // WIDTH)}.p", count % WIDTH):
            if data != whole[: narrow * merkle.HASH_BYTES]:
                raise DamagedTile("the partial tile is not what lies under it", file=str(file))
    entries = tree.bundle(tree.size // WIDTH) if width else []
    for file, narrow, data in _narrower(tree.folder / f"{tiles.path(ENTRIES, tree.size // WIDTH)}.p", width):
        if tiles.decode(data, narrow, str(file)) != entries[:narrow]:
            raise DamagedTile("the partial bundle is not what lies under it", file=str(file))


def _narrower(folder: Path, width: int) -> Iterator[tuple[Path, int, bytes]]:
    """The partial tiles in a folder that are narrower than the current one; a writer may take them away meanwhile."""
    for file in sorted(folder.iterdir()) if folder.is_dir() else []:
        if file.name.isascii() and file.name.isdecimal() and int(file.name) < width:
            with suppress(FileNotFoundError):
                yield file, int(file.name), files.beginning(file, tiles.BYTES_MOST)

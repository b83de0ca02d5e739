"""Tiles: paths, bundles, and a test log that others publish."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.errors import InputError
from partita.prove import checkpoint, merkle, note, open_log, tiles
from partita.prove.faults import DamagedTile
from partita.prove.tiles import ENTRIES, Tree

TESSERA = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
"""The public key of Tessera's test log, as its tests state it."""


@pytest.mark.parametrize(
    ("level", "index", "width", "path"),
    [
        (0, 0, 256, "tile/0/000"),
        (3, 999, 256, "tile/3/999"),
        (0, 1000, 256, "tile/0/x001/000"),
        (1, 1234067, 256, "tile/1/x001/x234/067"),
        (ENTRIES, 1234067, 17, "tile/entries/x001/x234/067.p/17"),
        (63, 5, 1, "tile/63/005.p/1"),
    ],
)
def test_paths_are_those_of_the_specification(level: int | str, index: int, width: int, path: str) -> None:
    """A tile's path has its index in groups of three digits, all but the last after an x."""
    assert tiles.path(level, index, width) == path


def test_a_tree_of_seventy_thousand_has_the_tiles_of_the_specification() -> None:
    """273 full tiles and one of width 112, one full and one of width 17, one of width 1."""
    widths = [(level, count // 256, count % 256) for level, count in tiles.levels(70_000)]
    assert widths == [(0, 273, 112), (1, 1, 17), (2, 0, 1)]
    assert list(tiles.levels(256)) == [(0, 256), (1, 1)]
    assert list(tiles.levels(0)) == []


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_bundles_are_read_as_they_are_written(entries: list[bytes]) -> None:
    """Entries come back from their bundle; with another count, a byte more or a byte less the bundle is damaged."""
    data = tiles.encode(entries)
    assert tiles.decode(data, len(entries)) == entries
    wrong = [(data, len(entries) + 1), (data + b"\0", len(entries)), (data + b"\0\0", len(entries))]
    wrong += [(data[:-1], len(entries)), (data, len(entries) - 1)] if entries else []
    for changed, count in wrong:
        with pytest.raises(DamagedTile):
            tiles.decode(changed, count)


def test_an_entry_is_at_most_what_two_bytes_can_say() -> None:
    """The longest entry is written; one byte more is refused."""
    longest = bytes(tiles.ENTRY_BYTES_MOST)
    assert tiles.decode(tiles.encode([longest]), 1) == [longest]
    with pytest.raises(InputError, match="65536 bytes"):
        tiles.encode([longest + b"\0"])


def test_the_seventeen_checkpoints_of_tessera(vectors: Callable[[str], Path]) -> None:
    """Tessera's test log (Apache-2.0): all 17 roots are recomputed from its tiles, all 17 notes verify; it is whole."""
    folder = vectors("transparency-dev+tessera") / "testdata" / "log"
    key = note.read_verifier(TESSERA)
    log = open_log(folder, [key])
    hashes = merkle.leaf_hashes(list(log.entries()))
    files = sorted(folder.glob("checkpoint*"))
    for file in files:
        accepted = checkpoint.accept(file.read_bytes(), checkpoint.Policy((key,)))
        told = accepted.checkpoint
        assert log.root_at(told.size) == merkle.root(hashes[: told.size]) == told.root
        assert Tree(folder, told.size).root(0, told.size) == told.root
        log.holds(told)
    assert len(files) == 17
    log.check()

"""The join of hashed keys finds what a plain look through all of them would."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.identify.keys import Keys

HASHES = st.sampled_from([0, 1, 2, 3, 1 << 62, (1 << 62) + 1, (1 << 63) + 5, (1 << 64) - 1]) | st.integers(
    0, (1 << 64) - 1
)
PAIRS = st.lists(st.tuples(HASHES, st.integers(0, 9)), max_size=300)


def columns(pairs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    """The pairs as hashes and rows."""
    return np.array([h for h, _ in pairs], np.uint64), np.array([r for _, r in pairs], np.int64)


@given(PAIRS, PAIRS, st.integers(1, 8))
def test_pairs_with_equal_hashes_meet(there: list[tuple[int, int]], wanted: list[tuple[int, int]], most: int) -> None:
    """Hash 0 meets nothing, nor does a group of too many rows; a pair that stands twice is one."""
    rows: dict[int, set[int]] = defaultdict(set)
    for hash_, row in there:
        rows[hash_].add(row)
    expected = [
        (owner, row) for hash_, owner in wanted if hash_ and len(rows[hash_]) <= most for row in sorted(rows[hash_])
    ]
    owner, row = Keys.of(*columns(there)).find(*columns(wanted), most)
    assert list(zip(owner.tolist(), row.tolist(), strict=True)) == expected


@pytest.mark.parametrize("rows", [63, 64, 65, 1000])
def test_many_rows_of_one_hash_are_each_there_once(rows: int) -> None:
    """In whichever order they come, and however many there are."""
    every = np.random.default_rng(3).permutation(np.repeat(np.arange(rows), 3))
    keys = Keys.of(np.full(len(every), 7, np.uint64), every)
    owner, row = keys.find(np.array([7, 8], np.uint64), np.array([4, 5]), rows)
    assert (owner.tolist(), row.tolist()) == ([4] * rows, list(range(rows)))
    assert not len(keys.find(np.array([7], np.uint64), np.array([4]), rows - 1)[0])

"""Distinct rows: every row finds its own texts again, and no two rows that differ are one."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.identify import distinct

TEXTS = st.one_of(st.none(), st.text(max_size=6), st.sampled_from(("", "a", "b", "ab", "望春風", "\0", "\U0001f3b5")))


def _columns(rows: list[tuple[str | None, str | None]]) -> list[pa.Array]:
    return [pa.array([row[i] for row in rows], pa.string()) for i in (0, 1)]


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=60))
def test_each_row_finds_its_texts(rows: list[tuple[str | None, str | None]]) -> None:
    """The kept texts at a row's number are the row's, each combination stands once, in the order of first standing."""
    kept, number = distinct.distinct_rows(_columns(rows), len(rows))
    plain = [(a or "", b or "") for a, b in rows]
    found = list(zip(*(column.to_pylist() for column in kept), strict=True))
    assert [found[n] for n in number.tolist()] == plain
    assert found == list(dict.fromkeys(plain))


def test_what_moves_between_columns_is_another_row() -> None:
    """`ab` and `c` are not `a` and `bc`, though their bytes are the same run together."""
    kept, number = distinct.distinct_rows(_columns([("ab", "c"), ("a", "bc"), ("ab", "c")]), 3)
    assert number.tolist() == [0, 1, 0]
    assert len(kept[0]) == 2


def test_many_rows_in_chunks_and_slices() -> None:
    """Chunked and sliced columns give what whole ones give, however wide the table of hashes has to grow."""
    texts = [f"line {i % 7001}" for i in range(40_000)]
    whole, number = distinct.distinct_rows([pa.array(texts)], len(texts))
    pieces = pa.chunked_array([pa.array(["x", *texts[:15_000]]).slice(1), pa.array(texts[15_000:])])
    again, same = distinct.distinct_rows([pieces], len(texts))
    assert whole[0].to_pylist() == again[0].to_pylist() == texts[:7001]
    assert np.array_equal(number, same)


def test_equal_hashes_of_other_texts_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where two different rows have one hash, all rows are hashed anew until none have."""
    hashed = distinct._hash_all  # noqa: SLF001 - the one place where hashes can be made to meet
    salts: list[int] = []

    def weak(hashes: np.ndarray, part: distinct._Part) -> None:
        salts.append(int(hashes[part.begin]))
        hashed(hashes, part)
        if salts[-1] < 3:
            hashes[part.begin : part.end] &= np.uint64(1)

    monkeypatch.setattr(distinct, "_hash_all", weak)
    kept, number = distinct.distinct_rows([pa.array(["a", "b", "c", "a"])], 4)
    assert kept[0].to_pylist() == ["a", "b", "c"]
    assert number.tolist() == [0, 1, 2, 0]
    assert salts == [1, 2, 3]


def test_nothing_is_nothing() -> None:
    """No rows give no rows; no columns make all rows one."""
    assert len(distinct.distinct_rows([pa.array([], pa.string())], 0)[1]) == 0
    assert distinct.distinct_rows([pa.chunked_array([], pa.string())], 0)[0][0].to_pylist() == []
    assert distinct.distinct_rows([], 3)[1].tolist() == [0, 0, 0]

"""Kernels of likeness: they say what rapidfuzz says of the same strings."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, Prefix

from partita.text import alike
from partita.text.ragged import POSITIONS_MOST, Texts

LETTERS = st.sampled_from(("ab", "abcdef ", "愛情哀心願新思念a", "\0\ud800\U0001f3b5\u200fé"))
WORDS = LETTERS.flatmap(lambda letters: st.text(st.sampled_from(letters), max_size=150))
PAIRS = st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=12)


def _both(pairs: list[tuple[str, str]]) -> tuple[Texts, Texts, np.ndarray]:
    return Texts.of([a for a, _ in pairs]), Texts.of([b for _, b in pairs]), np.arange(len(pairs))


def _ratio(a: str, b: str) -> np.float32:
    return np.float32(np.float32(fuzz.ratio(a, b)) / np.float32(100))


@given(PAIRS)
def test_ratio_is_that_of_rapidfuzz(pairs: list[tuple[str, str]]) -> None:
    """The same figure to the last bit, of words shorter and longer than 64 letters."""
    left, right, i = _both(pairs)
    assert alike.ratio(left, right, i, i).tolist() == [_ratio(a, b) for a, b in pairs]


@given(PAIRS, st.integers(1, 8))
def test_slips_are_counted_up_to_a_bound(pairs: list[tuple[str, str]], most: int) -> None:
    """Optimal string alignment, cut off at the bound."""
    left, right, i = _both(pairs)
    expected = [min(OSA.distance(a, b), most) for a, b in pairs]
    assert alike.slips(left, right, i, i, most).tolist() == expected


@given(PAIRS)
def test_the_common_beginning(pairs: list[tuple[str, str]]) -> None:
    """Letters from the first on until two differ."""
    left, right, i = _both(pairs)
    assert alike.common_beginning(left, right, i, i).tolist() == [Prefix.similarity(a, b) for a, b in pairs]


@given(st.lists(st.lists(WORDS, max_size=4), min_size=2, max_size=5), st.integers(1, 4))
def test_the_best_of_several(groups: list[list[str]], most: int) -> None:
    """The highest ratio of any name of one group with any of another, among the first `most` of each."""
    texts = Texts.of([word for group in groups for word in group])
    starts = np.cumsum([0, *map(len, groups)]).astype(np.int64)
    i = np.array([a for a in range(len(groups)) for _ in groups], np.int64)
    j = np.array([b for _ in groups for b in range(len(groups))], np.int64)
    expected = [
        max((_ratio(a, b) for a in groups[x][:most] for b in groups[y][:most]), default=0)
        for x, y in zip(i.tolist(), j.tolist(), strict=True)
    ]
    assert alike.best_of_several(texts, starts, texts, starts, i, j, most).tolist() == expected


def test_the_longest_texts_there_are() -> None:
    """Texts as long as a column can hold, all letters different, and nothing is left over for the next pair."""
    long = "".join(chr(0x4E00 + k) for k in range(POSITIONS_MOST))
    left, right, i = _both([(long, long[::-1]), ("ab", "ba"), (long, long[1:] + "x"), ("ab", "ab")])
    expected = [_ratio(a, b) for a, b in zip(left.strings(), right.strings(), strict=True)]
    assert alike.ratio(left, right, i, i).tolist() == expected

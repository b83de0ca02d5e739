"""Records that may be one thing: neighbours by text and by key, weights without labels, groups."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.identify.clusters import Pieces, alike, grouped, neighbours, pairs_of, weights
from partita.text.ragged import Texts

TEXTS = ["scottishfantasy", "scotishfantasy", "愛情的故事", "愛情的往事", "somethingelse", "", "ab"]


def found(texts: list[str], most: int = 3) -> set[tuple[int, int]]:
    """The pairs that are proposed."""
    low, high = neighbours(Pieces.of(Texts.of(texts)), most)
    return set(zip(low.tolist(), high.tolist(), strict=True))


def test_neighbours_share_rare_pieces() -> None:
    """Texts a letter apart are neighbours; empty and short ones have none."""
    assert found(TEXTS) == {(0, 1), (2, 3)}


def test_cosine_is_one_for_equal_texts_and_zero_for_strangers() -> None:
    """The weights of a text have length 1."""
    pieces = Pieces.of(Texts.of([*TEXTS, TEXTS[0]]))
    every = np.arange(len(TEXTS) + 1)
    assert pieces.cosine(every[[0, 0, 5]], every[[7, 4, 5]]).round(9).tolist() == [1, 0, 0]
    assert 0.5 < pieces.cosine(every[:1], every[1:2])[0] < 1
    assert pieces.cosine(every[:1], every[1:2]) == pytest.approx(pieces.cosine(every[1:2], every[:1]))


def test_nothing_has_no_neighbours() -> None:
    """No texts, and a single one, give no pairs."""
    assert found([]) == set()
    assert found(["one"]) == set()


def test_many_equal_texts_are_bounded() -> None:
    """A piece that too many texts hold is not asked for: 50,000 equal texts give no pairs, not 1,250 million."""
    low, _ = neighbours(Pieces.of(Texts.of(["the same old song"] * 50_000)), 5)
    assert len(low) == 0


def test_equal_keys_make_pairs_unless_there_are_too_many() -> None:
    """Key 0 says nothing, nor does a key of more rows than are asked for."""
    keys = np.array([0, 7, 7, 9, 9, 9, 0], np.uint64)
    low, high = alike(keys, np.arange(7), 2)
    assert list(zip(low.tolist(), high.tolist(), strict=True)) == [(1, 2)]


def test_weights_tell_two_kinds_of_pairs_apart() -> None:
    """Answers that go together get weights that part the pairs, whatever the first guess was unsure of."""
    draw = np.random.default_rng(5)
    one = draw.random(4_000) < 0.2
    answers = np.stack([np.where(draw.random(4_000) < 0.9, one, ~one) for _ in range(5)], axis=1).astype(np.int8)
    answers[draw.random(answers.shape) < 0.1] = -1
    logit = weights(answers, np.where(answers[:, 0] == 1, 0.7, 0.3))
    assert ((logit > 0) == one).mean() > 0.97


def test_groups_outweigh_a_chain() -> None:
    """0 and 1, 1 and 2 are alike, but 0 and 2 plainly differ: the weaker link is cut."""
    left, right, logit = np.array([0, 1, 0]), np.array([1, 2, 2]), np.array([3.0, 2.0, -5.0])
    assert grouped(4, left, right, logit).tolist() == [0, 0, 2, 3]
    assert grouped(4, left[:2], right[:2], logit[:2], absent=-1.0).tolist() == [0, 0, 0, 3]


def test_one_of_each_kind() -> None:
    """No group holds two records of one source."""
    left, right, logit = np.array([0, 0]), np.array([1, 2]), np.array([3.0, 2.0])
    assert grouped(3, left, right, logit, np.array([0, 1, 1]), absent=9.0).tolist() == [0, 0, 2]


def test_pairs_of_groups() -> None:
    """All pairs of each group, each once, sorted."""
    low, high = pairs_of(np.array([0, 1, 0, 1, 0]))
    assert list(zip(low.tolist(), high.tolist(), strict=True)) == [(0, 2), (0, 4), (1, 3), (2, 4)]


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(-6, 6)), max_size=12), st.randoms())
def test_order_of_pairs_changes_no_group(drawn: list[tuple[int, int, int]], random: object) -> None:
    """Pairs in any order give the same groups."""
    pairs = list({(min(a, b), max(a, b)): (min(a, b), max(a, b), float(w)) for a, b, w in drawn if a != b}.values())

    def groups() -> list[int]:
        columns = np.array(pairs, np.float64).reshape(-1, 3)
        return grouped(9, columns[:, 0].astype(int), columns[:, 1].astype(int), columns[:, 2]).tolist()

    first = groups()
    random.shuffle(pairs)
    assert groups() == first

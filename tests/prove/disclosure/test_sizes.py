"""Size bands and the rule for large datasets: exact at every boundary, and nothing unknown counted as 0."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.prove.disclosure.rules import rules
from partita.prove.disclosure.sizes import Size, at_least, band, large, total

HOUR = 3_600_000
EDGES = [
    ("text", 10**9, 10**13),
    ("image", 10**6, 10**9),
    ("audio", 10_000 * HOUR, 10**6 * HOUR),
    ("video", 10_000 * HOUR, 10**6 * HOUR),
]
NUMBERS = st.integers(min_value=0, max_value=10**16)


@pytest.mark.parametrize(("modality", "first", "second"), EDGES)
def test_the_edges_of_the_bands_belong_to_the_middle(modality: str, first: int, second: int) -> None:
    """Less than 1 billion ends below it, more than 10 trillion begins above it; both edges lie in the middle."""
    bands = {known: band(modality, Size(known)) for known in (0, first - 1, first, second, second + 1)}
    assert list(bands.values()) == [f"{modality}_{name}" for name in ("small", "small", "middle", "middle", "large")]


def test_a_modality_without_bands_has_none() -> None:
    """The template gives `other` no bands."""
    assert band("other", Size(5)) is None
    assert at_least("other", Size(5)) is None


@given(st.sampled_from([edge[0] for edge in EDGES]), NUMBERS, st.integers(1, 10**6))
def test_items_of_unknown_size_leave_the_band_open_unless_it_is_the_largest(
    modality: str, known: int, unknown: int
) -> None:
    """What is unknown can only add: the band is open, and what is known is the least that it can be."""
    size = Size(known, unknown)
    least = at_least(modality, size)
    assert band(modality, size) == (least if least == f"{modality}_large" else None)
    assert least == band(modality, Size(known))


@given(st.sampled_from([edge[0] for edge in EDGES]), NUMBERS, NUMBERS)
def test_a_larger_size_is_never_in_a_smaller_band(modality: str, one: int, other: int) -> None:
    """Bands are in order and leave no size out."""
    order = [step.id for step in rules().bands[modality]]
    small, big = sorted((one, other))
    assert order.index(band(modality, Size(small)) or "") <= order.index(band(modality, Size(big)) or "")


def test_a_dataset_of_exactly_three_per_cent_is_not_large() -> None:
    """More than 3 %, says the template: at 3 % exactly a dataset is not named, one token above it is."""
    assert large({"edge": Size(3), "rest": Size(97)}) == {"rest": "over"}
    assert large({"edge": Size(3 * 10**12 + 1), "rest": Size(97 * 10**12 - 1)}) == {"edge": "over", "rest": "over"}


def test_a_dataset_of_unknown_size_is_named() -> None:
    """It may be large; a small one is not made large by what is unknown of another."""
    assert large({"open": Size(0, 4), "tiny": Size(1), "rest": Size(99)}) == {"open": "unknown", "rest": "over"}


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.tuples(NUMBERS, st.integers(0, 2)), max_size=8), st.data())
def test_no_dataset_that_may_be_large_is_left_out(sizes: dict[str, tuple[int, int]], data: st.DataObject) -> None:
    """Whatever the unknown sizes turn out to be, each dataset above 3 % of the true whole is among the named."""
    named = large({name: Size(known, unknown) for name, (known, unknown) in sizes.items()})
    true = {n: known + (data.draw(NUMBERS) if unknown else 0) for n, (known, unknown) in sizes.items()}
    whole = sum(true.values())
    over = {name for name, size in true.items() if whole and Fraction(size, whole) > Fraction(3, 100)}
    assert over <= set(named)


@given(st.dictionaries(st.text(min_size=1, max_size=3), NUMBERS, max_size=8))
def test_where_all_sizes_are_known_the_named_are_those_above_three_per_cent(sizes: dict[str, int]) -> None:
    """No more and no less, compared as fractions."""
    whole = sum(sizes.values())
    assert set(large({n: Size(s) for n, s in sizes.items()})) == {n for n, s in sizes.items() if s * 100 > whole * 3}


def test_sizes_add_up() -> None:
    """Known and unknown add separately."""
    assert total([Size(5, 1, 3), Size(7, 0, 2)]) == Size(12, 1, 5)

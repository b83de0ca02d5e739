"""The most relevant domains: the quota, ties, rounding, measures, and the representation of every modality."""

from __future__ import annotations

from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.prove.disclosure.domains import Crawled, quota, top

ROWS = st.lists(
    st.builds(
        Crawled,
        domain=st.sampled_from([f"d{n}.example" for n in range(40)]),
        modality=st.sampled_from(["text", "audio"]),
        items=st.integers(1, 9),
        unit=st.one_of(st.none(), st.integers(0, 1000)),
        bytes=st.one_of(st.none(), st.integers(0, 1000)),
    ),
    max_size=60,
    unique_by=lambda row: (row.domain, row.modality),
)


@pytest.mark.parametrize(
    ("count", "small", "expected"),
    [(0, False, 0), (1, False, 1), (10, False, 1), (11, False, 2), (1000, False, 100), (1, True, 1), (20, True, 1),
     (21, True, 2), (20_000, True, 1000), (20_001, True, 1000), (10**6, True, 1000)],
)  # fmt: skip
def test_the_quota_is_rounded_up_and_capped_for_small_providers(count: int, small: bool, expected: int) -> None:
    """A tenth, rounded up; for a small provider a twentieth, and never more than 1,000."""
    assert quota(count, small=small) == expected


def test_the_largest_domains_by_tokens_are_listed_in_alphabetical_order() -> None:
    """Two of twenty, whatever their names; the order tells nothing of the sizes."""
    rows = [Crawled(f"d{n:02}.example", "text", 1, n, None) for n in range(20)]
    assert top(rows).domains == ("d18.example", "d19.example")
    assert top(rows, small=True).domains == ("d19.example",)


def test_domains_as_large_as_the_last_one_are_listed_with_it() -> None:
    """A tie is not cut by the alphabet."""
    rows = [Crawled(f"d{n}.example", "text", 1, 5 if n in (3, 7) else 1, None) for n in range(10)]
    assert top(rows).domains == ("d3.example", "d7.example")


def test_a_modality_that_is_small_in_bytes_is_represented() -> None:
    """A domain counts as large as its largest part of any modality: one that holds all the sound is listed."""
    rows = [Crawled(f"t{n}.example", "text", 1, 10**9 + n, None) for n in range(19)]
    rows.append(Crawled("sound.example", "audio", 1, 1, None))
    assert "sound.example" in top(rows).domains


def test_the_measure_is_the_first_that_every_item_states() -> None:
    """Tokens where all pages have them, else bytes, else items; and it is said."""
    tokens, size = Crawled("a.example", "text", 2, None, 7), Crawled("b.example", "text", 1, 9, 3)
    none = Crawled("c.example", "audio", 4, None, None)
    assert top([tokens, size, none]).measures == {"audio": "items", "text": "bytes"}
    assert top([tokens, size]).domains == ("a.example",)


def test_what_has_no_domain_is_no_domain() -> None:
    """Items without an address do not count among the domains."""
    found = top([Crawled("", "text", 5, 100, None), Crawled("a.example", "text", 1, 1, None)])
    assert (found.domains, found.of) == (("a.example",), 1)


@given(ROWS, st.booleans())
def test_at_least_the_quota_is_listed_and_none_left_out_is_larger(rows: list[Crawled], small: bool) -> None:
    """The list is the top of one ranking: long enough, and closed upwards; in any order of rows the same."""
    found = top(rows, small=small)
    count = len({row.domain for row in rows})
    assert found.of == count
    assert len(found.domains) >= (min(ceil(count / 20), 1000) if small else ceil(count / 10))
    assert top(rows[::-1], small=small) == found
    if {row.modality for row in rows} == {"text"}:
        sizes: dict[str, int] = {}
        for row in rows:
            sizes[row.domain] = sizes.get(row.domain, 0) + (row.by(found.measures["text"]) or 0)
        least = min((sizes[name] for name in found.domains), default=0)
        assert all(size < least for name, size in sizes.items() if name not in found.domains)

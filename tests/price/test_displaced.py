"""Plays that go to works nobody charges for: exact quantities, and charges that never rise with them."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from helpers_price import licence, licences
from hypothesis import given
from hypothesis import strategies as st

from partita import money, price

FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
SHARES = st.fractions(0, 1, max_denominator=1000).filter(lambda share: share < 1)


def quantities(share: Fraction, **given_: object) -> dict[str, str]:
    """A licence's quantities after `share` of its plays was displaced."""
    rows = licences([licence("t", "play", FIRST, LAST, quantities=given_)])
    return dict(price.displaced(rows, share).to_pylist()[0]["quantities"])


@given(SHARES, st.integers(0, 10**12))
def test_managed_plays_fall_exactly_and_all_songs_stay(share: Fraction, plays: int) -> None:
    """Plays and managed songs lose that part to the last fraction; rooms and the songs of everybody stay."""
    found = quantities(share, play=plays, songs_managed=plays, songs=2 * plays, room=7)
    assert money.exact(found["play"]) == money.exact(found["songs_managed"]) == plays * (1 - share)
    assert (found["songs"], found["room"]) == (str(2 * plays), "7")


def test_no_share_leaves_what_was_written() -> None:
    """Not even the spelling of a quantity changes."""
    assert quantities(Fraction(0), play="1,000.50", room="3") == {"play": "1,000.50", "room": "3"}


def test_a_quantity_that_is_no_number_is_refused() -> None:
    """As everywhere, in one line."""
    with pytest.raises(ValueError, match="not an exact number"):
        quantities(Fraction(1, 2), play="many")

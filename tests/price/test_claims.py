"""Claims for uses without a licence: nothing of them is guessed, lost, or more than its tariff says."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pyarrow as pa
import pytest
from helpers_price import tariff, write
from hypothesis import given
from hypothesis import strategies as st

from partita import tables
from partita.price import PricePolicy, Tariffs, claims, load

DAY = dt.date(2024, 3, 1)
SCHEMA = pa.schema([("licensee", pa.string()), ("society", pa.string()), ("works", pa.int64()), ("plays", pa.int64()),
                    ("first_use", pa.date32()), ("last_use", pa.date32())])  # fmt: skip


@pytest.fixture(scope="module")
def tariffs(tmp_path_factory: pytest.TempPathFactory) -> Tariffs:
    """A tariff by the play of society T, one by the room of society R."""
    folder = tmp_path_factory.mktemp("tariffs")
    write(folder, tariff(unit="play", per="use", amount="1.5", rounding="none") | {"id": "by-play"}, "play.yaml")
    rooms = tariff(unit="room", amount="500") | {"id": "by-room", "collecting_society": "R"}
    write(folder, rooms, "room.yaml")
    return load([folder])


use = st.tuples(
    st.sampled_from(("bar", "club")), st.sampled_from(("T", "R", "NONE")), st.integers(0, 10**9),
    st.none() | st.integers(0, 3000),
)  # fmt: skip


@given(st.lists(use, max_size=6, unique_by=lambda row: row[:2]))
def test_every_use_is_claimed_or_says_what_is_missing(
    tariffs: Tariffs, uses: list[tuple[str, str, int, int | None]]
) -> None:
    """Each licensee and society has its row; an amount is plays x rate, exactly, or nothing and why."""
    rows = [
        {"licensee": who, "society": society, "works": 1, "plays": plays,
         "first_use": None if days is None else DAY,
         "last_use": None if days is None else DAY + dt.timedelta(days=days)}
        for who, society, plays, days in uses
    ]  # fmt: skip
    found = claims(pa.Table.from_pylist(rows, schema=SCHEMA), tariffs, PricePolicy(), {}, "TWD").to_pylist()

    assert {(row["licensee"], row["society"]) for row in found} == {row[:2] for row in uses}
    for row in found:
        priced = row["society"] == "T" and row["first_use"] is not None
        assert row["formula"]
        assert row["claim_micro"] == (Fraction("1.5") * row["plays"] * 10**6 if priced else None)


def test_the_order_of_uses_changes_nothing(tariffs: Tariffs) -> None:
    """The same uses in another order are the same table."""
    rows = [{"licensee": who, "society": society, "works": 1, "plays": 3, "first_use": DAY, "last_use": DAY}
            for who in ("bar", "club") for society in ("T", "R")]  # fmt: skip
    one, other = (claims(pa.Table.from_pylist(some, schema=SCHEMA), tariffs, PricePolicy(), {}, "TWD")
                  for some in (rows, rows[::-1]))  # fmt: skip
    assert one.equals(other)
    assert one.schema.equals(tables.UNLICENSED.schema)

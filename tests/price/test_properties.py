"""What holds for every licence: parts sum to the whole, more never costs less, order is nothing."""

from __future__ import annotations

import datetime as dt
import itertools
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pytest
from helpers_price import licence, licences, tariff, value, write
from hypothesis import given, settings
from hypothesis import strategies as st

from partita import price, tables
from partita.price import inforce, proration
from partita.price.tariff import Per, Proration, Value

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2040, 12, 31))
SPANS = st.tuples(DAYS, st.integers(0, 1500)).map(lambda x: (x[0], x[0] + dt.timedelta(days=x[1])))
PERS = st.sampled_from(["year", "month", "day", "use"])
PRORATIONS = st.builds(
    Proration, by=st.sampled_from(["day", "month", "year"]), count=st.sampled_from(["started", "full"])
)
COUNTS = st.integers(0, 10**6)


def _size(parts: list[proration.Slot]) -> Fraction:
    return sum((piece.size for piece in proration.pieces(parts, [])), Fraction(0))


@given(SPANS, PERS, PRORATIONS, st.lists(DAYS, max_size=4))
def test_pieces_of_a_period_sum_to_it(
    span: tuple[dt.date, dt.date], per: Per, rule: Proration, cuts: list[dt.date]
) -> None:
    """However often the rate changes, the pieces cover every day once and their sizes add up, exactly."""
    parts = proration.slots(*span, per, rule)
    pieces = proration.pieces(parts, cuts)
    assert sum((piece.size for piece in pieces), Fraction(0)) == _size(parts)
    assert pieces[0].first == span[0]
    assert pieces[-1].last == span[1]
    for before, after in itertools.pairwise(pieces):
        assert after.first == before.last + dt.timedelta(days=1)


@given(st.integers(2000, 2040), st.integers(1, 364))
def test_two_licences_of_a_calendar_year_cost_one(year: int, at: int) -> None:
    """By day, a calendar year split into two licences adds up to one year, leap years too."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    middle = first + dt.timedelta(days=at)
    early = proration.slots(first, middle - dt.timedelta(days=1), "year", Proration())
    late = proration.slots(middle, last, "year", Proration())
    assert _size(early) + _size(late) == _size(proration.slots(first, last, "year", Proration())) == 1


@given(DAYS, st.integers(1, 12))
def test_twelve_months_from_any_day_are_a_year(first: dt.date, years: int) -> None:
    """By day, by month and by year, whole years from any first day count as whole years."""
    last = proration.month_later(first, 12 * years) - dt.timedelta(days=1)
    for by in ("day", "month", "year"):
        assert _size(proration.slots(first, last, "year", Proration(by=by))) == years


@given(SPANS, st.integers(0, 400), PERS, PRORATIONS)
def test_a_longer_period_is_never_less(span: tuple[dt.date, dt.date], more: int, per: Per, rule: Proration) -> None:
    """Adding days never makes a period count less."""
    longer = proration.slots(span[0], span[1] + dt.timedelta(days=more), per, rule)
    assert _size(longer) >= _size(proration.slots(*span, per, rule))


@pytest.fixture(scope="module")
def tariffs(tmp_path_factory: pytest.TempPathFactory) -> price.Tariffs:
    """The shipped tariffs, and one that has a minimum, a ratio, a reduction, tax and two rates."""
    content = tariff(
        rate=[value("1234.5"), value(2000, decided_on="2015-01-01", effective_from="2019-06-15")],
        minimum={"per": "year", "amount": 1000},
        ratio={"of": "songs_managed", "in": "songs", "places": "3", "how": "down"},
        reductions={"public_interest": "30 %"},
        tax={"amount": "5 %"},
    )
    path = write(tmp_path_factory.mktemp("tariffs"), content)
    shipped = price.load()
    return price.Tariffs({**shipped.by_id, "test": price.read(path)}, {**shipped.files, "test": str(path)})


def _price(rows: list[dict[str, Any]], tariffs: price.Tariffs) -> tuple[pa.Table, pa.Table]:
    return price.price(licences(rows), tariffs, price.PricePolicy())


def _row(span: tuple[dt.date, dt.date], rooms: int, managed: int, user_class: str) -> dict[str, Any]:
    quantities = {"room": rooms, "songs": 1000, "songs_managed": managed}
    return licence("test", "room", *span, user_class=user_class, quantities=quantities)


@given(SPANS, COUNTS, COUNTS, st.integers(0, 1000), st.sampled_from(["commercial", "public_interest"]))
def test_more_rooms_never_cost_less(
    tariffs: price.Tariffs, span: tuple[dt.date, dt.date], rooms: int, more: int, managed: int, user_class: str
) -> None:
    """Monotone in quantity, never negative, whole dollars."""
    amounts = []
    for count in (rooms, rooms + more):
        charges, steps = _price([_row(span, count, managed, user_class)], tariffs)
        row = charges.to_pylist()[0]
        amounts.append(row["amount_micro"])
        assert row["amount_micro"] >= 0 <= row["tax_micro"]
        assert row["amount_micro"] % 1_000_000 == row["tax_micro"] % 1_000_000 == 0
        assert all(step["amount_micro"] >= 0 for step in steps.to_pylist())
    assert amounts[0] <= amounts[1]


@settings(max_examples=25)
@given(st.permutations(range(12)))
def test_order_of_licences_is_nothing(tariffs: price.Tariffs, order: list[int]) -> None:
    """The same licences in any order give the same tables, in the contract's columns and types."""
    span = (dt.date(2019, 1, 1), dt.date(2019, 9, 30))
    rows = [
        licence(
            "tw-acma-ktv", "cheapest", *span, licensee=f"歌{number}", quantities={"room": number, "play": 9 * number}
        )
        for number in range(12)
    ]
    charges, steps = _price(rows, tariffs)
    again = _price([rows[number] for number in order], tariffs)
    assert (charges, steps) == again
    assert charges.schema == tables.CHARGES.schema
    assert steps.schema == tables.CHARGE_STEPS.schema


@given(COUNTS, COUNTS)
def test_the_cheapest_is_the_cheapest(tariffs: price.Tariffs, rooms: int, plays: int) -> None:
    """`cheapest` never charges more than a method that stands beside it."""
    span = (dt.date(2019, 1, 1), dt.date(2019, 12, 31))
    row = licence("tw-acma-ktv", "cheapest", *span, quantities={"room": rooms, "play": plays})
    charges, _ = price.price(licences([row]), tariffs, price.PricePolicy(compare_proposed=False))
    amounts = {r["method"]: (r["amount_micro"], r["chosen"]) for r in charges.to_pylist()}
    assert [a for a, chosen in amounts.values() if chosen] == [min(a for a, _ in amounts.values())]


@given(COUNTS, st.integers(1, 10**9))
def test_paid_and_true_up_make_the_charge(tariffs: price.Tariffs, rooms: int, paid: int) -> None:
    """What was paid provisionally and the true-up are together what is owed."""
    span = (dt.date(2019, 1, 1), dt.date(2019, 12, 31))
    row = licence("tw-acma-ktv", "room", *span, quantities={"room": rooms}, paid_provisionally=paid)
    charges, _ = _price([row], tariffs)
    amounts = {r["charge_id"].split("/", 3)[3]: r["amount_micro"] for r in charges.to_pylist()}
    assert amounts["room"] == paid * 1_000_000 + amounts["room/true_up"]


STATUSES = st.sampled_from(["proposed", "under_review", "provisional", "determined"])
FIGURES = st.builds(
    lambda status, decided, effective, amount: Value.model_validate(
        value(amount, status=status, decided_on=str(decided), effective_from=str(effective))
    ),
    STATUSES,
    DAYS,
    DAYS,
    st.integers(0, 9999),
)
LISTS = st.lists(FIGURES, max_size=6, unique_by=lambda v: (v.effective_from, v.decided_on, v.status))


@given(LISTS, st.randoms(use_true_random=False), DAYS, st.none() | DAYS)
def test_the_figure_in_force_is_known_and_in_force(
    figures: list[Value], random: Any, day: dt.date, as_of: dt.date | None
) -> None:
    """Nothing known or starting later is charged, nor what is only claimed; the order in the file is nothing."""
    policy = price.PricePolicy(as_of=as_of)
    force = inforce.charged(figures, day, policy)
    shuffled = figures[:]
    random.shuffle(shuffled)
    assert inforce.charged(shuffled, day, policy) == force
    assert inforce.claimed(shuffled, day, policy) == inforce.claimed(figures, day, policy)
    if force:
        assert force.value.effective_from <= day
        assert as_of is None or force.value.decided_on <= as_of
        assert force.value.status in ("determined", "provisional")
        assert force.status in (force.value.status, "provisional")


@given(LISTS, DAYS, DAYS)
def test_a_decision_is_never_forgotten(figures: list[Value], day: dt.date, as_of: dt.date) -> None:
    """Once a determined figure is in force and known, something is charged."""
    known = [v for v in figures if v.status == "determined" and v.decided_on <= as_of and v.effective_from <= day]
    if known:
        assert inforce.charged(figures, day, price.PricePolicy(as_of=as_of)) is not None

"""A further share of generated works: nothing is lost, nobody gains, and without a share nothing changes."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from partita import tables
from partita.distribute import DistributePolicy, balance, whatif
from partita.distribute.selftest import rows

EXAMPLES = 12
PHASES = (Phase.generate,)
"""As in test_properties: shrinking runs whole distributions hundreds of times."""

SHARES = st.fractions(0, 1, max_denominator=1000).filter(lambda share: share < 1)
AMOUNTS = st.integers(-(2**62), 2**62)
KEY = ("pool_id", "work_id", "party_id", "role", "society")


@given(AMOUNTS, SHARES, SHARES)
def test_a_larger_share_never_leaves_more(amount: int, one: Fraction, other: Fraction) -> None:
    """The part that is left lies between nothing and the amount, falls with the share, and is exact to the unit."""
    less, more = sorted((one, other))
    left = whatif.others_part(amount, less)
    assert abs(whatif.others_part(amount, more)) <= abs(left) <= abs(amount)
    assert left * amount >= 0
    assert 0 <= abs(amount) * (1 - less) - abs(left) < 1


@pytest.mark.parametrize("share", [Fraction(-1, 100), Fraction(1), Fraction(3, 2)])
def test_what_is_no_share_is_refused(share: Fraction) -> None:
    """Below nothing, or the whole and more."""
    with pytest.raises(ValueError, match="0 or more and below 1"):
        whatif.others_part(100, share)


def test_a_charge_is_divided_like_its_pool_and_its_tax_stays_whole() -> None:
    """Both parts of the chosen charge add up to it; what stands beside it for comparison is left as it is."""
    charge = {"charge_id": "K/t/2026/room", "licensee": "K", "society": "S", "currency": "TWD"}
    charges = rows(
        tables.CHARGES,
        [
            {**charge, "amount_micro": 1_000_001, "tax_micro": 50_000, "chosen": True},
            {**charge, "charge_id": "K/t/2026/play", "amount_micro": 3, "tax_micro": 1, "chosen": False},
        ],
    )
    pools = rows(tables.POOLS, [{**charge, "pool_id": "K/t/2026/room", "amount_micro": 1_000_001}])
    found = whatif.divide(pools, charges, Fraction(24, 100))
    amounts = {row["charge_id"]: (row["amount_micro"], row["tax_micro"]) for row in found.all_charges.to_pylist()}
    assert amounts == {
        "K/t/2026/room": (760_000, 50_000),
        "K/t/2026/room/generated": (240_001, 0),
        "K/t/2026/play": (3, 1),
    }
    assert {row["pool_id"]: row["amount_micro"] for row in found.all_pools.to_pylist()} == {
        "K/t/2026/room": 760_000,
        "K/t/2026/room/generated": 240_001,
    }


def test_without_a_share_the_books_are_the_books(books, cases) -> None:
    """A share of nothing gives the same pools, charges and books, and no payee for generated works."""

    @settings(max_examples=EXAMPLES // 3, phases=PHASES)
    @given(cases())
    def holds(case) -> None:
        pools = rows(tables.POOLS, case["pools"])
        divided = whatif.divide(pools, tables.CHARGES.empty(), Fraction(0))
        base = books(case)
        again = books({**case, "pools": divided.pools.to_pylist()})
        assert again == base
        assert whatif.with_generated(again, divided, DistributePolicy()) is again

    holds()


def test_generated_and_everybody_else_are_what_was_collected(books, cases) -> None:
    """The books of both balance together, by the check of every run, to the same money in each currency."""

    @settings(max_examples=EXAMPLES, phases=PHASES)
    @given(cases(), SHARES)
    def holds(case, share: Fraction) -> None:
        pools, none = rows(tables.POOLS, case["pools"]), tables.CHARGES.empty()
        divided = whatif.divide(pools, none, share)
        policy = DistributePolicy(fees=case["fees"], minimum_micro=case["minimum"])
        others = books({**case, "pools": divided.pools.to_pylist()})
        totals = balance.check(whatif.with_generated(others, divided, policy), divided.all_pools, none)
        collected: dict[str, int] = {}
        for pool in case["pools"]:
            collected[pool["currency"]] = collected.get(pool["currency"], 0) + pool["amount_micro"]
        assert {currency: total["collected"] for currency, total in totals.items()} == collected

    holds()


def test_what_people_are_allocated_never_rises_with_the_share(books, cases) -> None:
    """In each pool not by a unit; in a single line by no more than the two units that largest remainders move."""

    @settings(max_examples=EXAMPLES, phases=PHASES)
    @given(cases(), SHARES, SHARES)
    def holds(case, one: Fraction, other: Fraction) -> None:
        pools = rows(tables.POOLS, case["pools"])
        first, second = (
            books({**case, "pools": whatif.divide(pools, tables.CHARGES.empty(), share).pools.to_pylist()})
            for share in sorted((one, other))
        )
        assert _by_pool(second).keys() == _by_pool(first).keys()
        for pool, amount in _by_pool(second).items():
            assert amount <= _by_pool(first)[pool]
        before = {tuple(row[k] for k in KEY): row["amount_micro"] for row in first.allocations.to_pylist()}
        for row in second.allocations.to_pylist():
            assert abs(row["amount_micro"]) <= abs(before[tuple(row[k] for k in KEY)]) + 2

    holds()


def _by_pool(found) -> dict[str, int]:
    """What each pool gave out and holds back, without its sign."""
    sums: dict[str, int] = {}
    for row in [*found.allocations.to_pylist(), *found.suspense.to_pylist()]:
        sums[row["pool_id"]] = sums.get(row["pool_id"], 0) + abs(row["amount_micro"])
    return sums


def test_a_payee_who_is_called_so_is_no_generated_work(books) -> None:
    """The payee of the generated works gets a name that nobody in the run has."""
    share = {"work_id": "w", "party_id": whatif.GENERATED, "society": "S", "role": "C", "share_ppm": 1_000_000}
    case = {
        "pools": [{"pool_id": "p", "society": "S", "societies": ["S"], "currency": "TWD", "amount_micro": 10**8,
                   "licensee": "K", "allocation_key": "plays"}],
        "usage": [{"line_id": "1", "list": "l", "licensee": "K", "title": "t", "plays": 3}],
        "matches": [{"line_id": "1", "outcome": "matched", "work_id": "w", "candidates": []}],
        "shares": [share], "fees": {"S": (125_000, 20_000)}, "minimum": {}, "points": {},
    }  # fmt: skip
    divided = whatif.divide(rows(tables.POOLS, case["pools"]), tables.CHARGES.empty(), Fraction(1, 4))
    others = books({**case, "pools": divided.pools.to_pylist()})
    together = whatif.with_generated(others, divided, DistributePolicy(fees=case["fees"]))
    paid = {row["party_id"]: (row["gross_micro"], row["fee_micro"]) for row in together.payouts.to_pylist()}
    assert paid == {whatif.GENERATED: (75_000_000, 9_375_000), whatif.GENERATED + "'": (25_000_000, 3_125_000)}

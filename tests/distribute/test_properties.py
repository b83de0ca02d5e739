"""What must hold for any shares, weights, rates, deductions and adjustments: Hypothesis looks for the exception."""

from __future__ import annotations

import random

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from partita import money
from partita.distribute import cumulate

EXAMPLES = 16
KEY = ("pool_id", "work_id", "party_id", "role", "society")
WAIT = ("pool_id", "reason", "line_id", "work_id")
PHASES = (Phase.generate,)
"""Shrinking runs whole distributions hundreds of times; a failing world of this size is readable as it is."""


def test_the_sql_says_what_plain_integers_say_and_keeps_every_unit(oracle, books, cases) -> None:
    """Allocations and suspense equal the oracle's, have their pool's sign, and all money that came in is somewhere."""

    @settings(max_examples=EXAMPLES, phases=PHASES)
    @given(cases())
    def holds(case) -> None:
        allocations, suspense = oracle(case)
        found = books(case)
        assert _amounts(found.allocations, *KEY) == allocations
        assert _amounts(found.suspense, *WAIT) == suspense
        sign = {p["pool_id"]: -1 if p["amount_micro"] < 0 else 1 for p in case["pools"]}
        for row in [*found.allocations.to_pylist(), *found.suspense.to_pylist()]:
            assert row["amount_micro"] * sign[row["pool_id"]] >= 0
        for currency in ("TWD", "JPY"):
            _conserves(case, found, currency)

    holds()


def _conserves(case, found, currency: str) -> None:
    pools = {p["pool_id"]: p["amount_micro"] for p in case["pools"] if p["currency"] == currency}
    rows = [r for r in found.payouts.to_pylist() if r["currency"] == currency]
    held = sum(r["amount_micro"] for r in found.suspense.to_pylist() if r["pool_id"] in pools)
    out = sum(r["fee_micro"] + r["fund_micro"] + r["paid_micro"] + r["carried_out_micro"] for r in rows)
    assert sum(pools.values()) == held + out
    assert all(r["paid_micro"] >= 0 and r["paid_micro"] % money.minor_micro(currency) == 0 for r in rows)
    if all(amount >= 0 for amount in pools.values()):
        assert all(0 <= r["fee_micro"] + r["fund_micro"] <= r["gross_micro"] for r in rows)


def test_the_order_of_the_input_changes_nothing(books, cases) -> None:
    """Rows in any order, one thread or two, give equal tables."""

    @settings(max_examples=EXAMPLES // 4, phases=PHASES)
    @given(cases(), st.randoms(use_true_random=False))
    def holds(case, chance: random.Random) -> None:
        mixed = {k: chance.sample(v, len(v)) if isinstance(v, list) else v for k, v in case.items()}
        assert books(case, threads=1) == books(mixed, threads=2)

    holds()


def test_party_totals_are_the_sums_of_the_works(books, cases) -> None:
    """With less detail, the same money goes to the same parties, and is paid in the same way."""

    @settings(max_examples=EXAMPLES // 4, phases=PHASES)
    @given(cases())
    def holds(case) -> None:
        full, short = books(case), books(case, detail="party")
        keys = ("pool_id", "party_id", "society")
        assert _amounts(short.allocations, *keys) == _amounts(full.allocations, *keys)
        assert short.payouts == full.payouts
        assert short.suspense == full.suspense

    holds()


def test_earlier_and_difference_are_what_the_corrected_inputs_give(books, cases) -> None:
    """After any correction, what stands in all books together is what one run over the corrected inputs would say."""

    @settings(max_examples=EXAMPLES // 5, phases=PHASES)
    @given(cases(), cases(), cases())
    def holds(first, second, third) -> None:
        runs = [{**case, "pools": first["pools"], "fees": first["fees"]} for case in (first, second, third)]
        runs[2]["pools"] = [{**p, "amount_micro": p["amount_micro"] // 2} for p in first["pools"]]
        booked = books(runs[0])
        for corrected in runs[1:]:
            whole = books(corrected)
            difference = books(corrected, previous=booked)
            carried = {_payee(r): r["carried_out_micro"] for r in booked.payouts.to_pylist()}
            assert all(r["carried_in_micro"] == carried.get(_payee(r), 0) for r in difference.payouts.to_pylist())
            booked = cumulate(booked, difference)
            assert _some(booked.allocations, *KEY) == _some(whole.allocations, *KEY)
            assert _some(booked.suspense, *WAIT) == _some(whole.suspense, *WAIT)
            assert _earned(booked.payouts) == _earned(whole.payouts)

    holds()


def _amounts(table, *names: str) -> dict[tuple[str, ...], int]:
    sums: dict[tuple[str, ...], int] = {}
    for row in table.to_pylist():
        key = tuple(row[n] for n in names)
        sums[key] = sums.get(key, 0) + row["amount_micro"]
    return sums


def _some(table, *names: str) -> dict[tuple[str, ...], int]:
    return {key: amount for key, amount in _amounts(table, *names).items() if amount}


def _payee(row) -> tuple[str, str, str]:
    return row["party_id"], row["society"], row["currency"]


def _earned(payouts) -> dict[tuple[str, str, str], tuple[int, ...]]:
    rows = {_payee(r): tuple(r[f"{n}_micro"] for n in ("gross", "fee", "fund")) for r in payouts.to_pylist()}
    return {key: amounts for key, amounts in rows.items() if any(amounts)}

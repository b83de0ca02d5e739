"""Any small job and any correction of it: money in is money out, and the two together are the corrected job alone."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
import lantern
from lantern import Case, added, computed, pool, rows

from partita import tables

SOCIETIES = ("ACMA", "MUST", "TMCA")
TITLES = ("Paper Lantern", "Harbour Rain", "Stone Bridge", "Winter Ferry")
MICRO = 1_000_000

claims = st.lists(
    st.tuples(st.sampled_from("PQRS"), st.sampled_from(SOCIETIES), st.sampled_from((100, 250, 333, 500, 600))),
    max_size=4,
    unique_by=lambda claim: claim[:2],
)
"""Claims on one work: party, society, share in thousandths; together they may be too little or too much."""

shares = st.lists(claims, min_size=len(TITLES), max_size=len(TITLES))
plays = st.lists(st.integers(0, 5_000), min_size=len(TITLES) + 1, max_size=len(TITLES) + 1)
amounts = st.lists(st.integers(-(10**12), 10**13), min_size=4, max_size=4)
"""Micro-units in the pools of three societies and of all."""

inputs = st.tuples(shares, plays, amounts)


def case(works: list[list[tuple[str, str, int]]], played: list[int], money: list[int], **more: Any) -> Case:
    """The job over these works, plays and pools."""
    lines = ["work_id,party_id,party_name,role,society,share"]
    for title, found in zip(TITLES, works, strict=True):
        lines += [f"{title[0]},{party},{party},C,{society},{ppt / 10:.1f} %" for party, society, ppt in found]
    lines += ["Z,Z,Z,C,ACMA,100 %"]
    registered = "work_id,title,composer,society\n" + "".join(f"{t[0]},{t},Composer {t[0]},\n" for t in TITLES)
    log = "line_id,title,composer,plays,date\n" + "".join(
        f"{n},{title},{'' if title.startswith('Nobody') else 'Composer ' + title[0]},{count},2019-05-01\n"
        for n, (title, count) in enumerate(zip((*TITLES, "Nobody Knows This"), played, strict=True))
    )
    pools = [pool(f"p{n}", f"{amount}/1000000", society) for n, (amount, society) in enumerate(
        zip(money, (*SOCIETIES, ""), strict=True)
    )]  # fmt: skip
    return Case("".join(pools), works=registered, shares="\n".join(lines) + "\n", log=log, **more)


def assert_each_pool_is_whole(folder: Path, money: list[int]) -> None:
    """Allocations and suspense of each pool are its amount, none of them with another sign."""
    found = [*rows(folder, tables.ALLOCATIONS), *rows(folder, tables.SUSPENSE)]
    by_pool = lantern.summed(found, "pool_id", "amount_micro")
    assert by_pool == {f"p{n}": amount for n, amount in enumerate(money) if amount}
    for row in found:
        assert row["amount_micro"] * money[int(row["pool_id"][1:])] >= 0


def assert_paid(folder: Path, minimum: int) -> None:
    """Each party's row adds up; what is paid is whole units, no less than the minimum, and never negative."""
    for row in rows(folder, tables.PAYOUTS):
        due = row["gross_micro"] - row["fee_micro"] - row["fund_micro"] + row["carried_in_micro"]
        assert due == row["paid_micro"] + row["carried_out_micro"]
        assert row["paid_micro"] % MICRO == 0
        assert row["paid_micro"] == 0 or row["paid_micro"] >= minimum * MICRO


@settings(max_examples=10)
@given(inputs, inputs, st.sampled_from((0, 100)), st.sampled_from(("plays", "equal")))
def test_money_in_is_money_out_and_corrections_are_differences(
    first: tuple[Any, ...], second: tuple[Any, ...], minimum: int, key: str
) -> None:
    """A random job, and a random correction of its shares, plays and amounts, booked by `adjusts`."""
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        job = case(*first, minimum=str(minimum), key=key)
        right = case(*second, minimum=str(minimum), key=key)
        before = computed(job, base / "before")
        adjusting = computed(right.but(adjusts=(before,)), base / "adjusting")
        whole = computed(right, base / "whole")

        assert_each_pool_is_whole(before, first[2])
        assert_each_pool_is_whole(whole, second[2])
        for folder in (before, adjusting, whole):
            assert_paid(folder, minimum)
        for measure in (lantern.allocated, lantern.held, lantern.net):
            assert added(measure(before), measure(adjusting)) == added(measure(whole))
        assert lantern.by_party(before, "carried_out_micro") == lantern.by_party(adjusting, "carried_in_micro")

"""The stage by hand: small worlds whose right answer can be worked out on paper."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from partita import tables
from partita.distribute import DistributePolicy, Unbalanced, balance, cumulate, distribute, selftest
from partita.distribute import pools as pooling
from partita.distribute.books import ORDER
from partita.distribute.selftest import TO, rows

LINES = [{"line_id": str(i), "list": "log", "licensee": "K", "title": f"t{i}", "plays": 1} for i in range(4)]
HALVES = [
    {"work_id": "w1", "party_id": "c", "party_name": "Composer", "role": "C", "society": "S", "share_ppm": 500_000},
    {"work_id": "w1", "party_id": "a", "party_name": "Lyricist", "role": "A", "society": "R", "share_ppm": 500_000},
    {"work_id": "w2", "party_id": "c", "party_name": "Composer", "role": "CA", "society": "S", "share_ppm": 1_000_000},
]


def matched(*works: str | None) -> list[dict]:
    """Lines 0, 1, ... matched to these works; None for unmatched."""
    return [{"line_id": str(i), "outcome": "matched" if w else "unmatched", "work_id": w} for i, w in enumerate(works)]


def world(**changes) -> dict:
    """One pool of 4.00 for four lines: w1, w1, w2 and one unmatched."""
    pool = {"pool_id": "p", "currency": "TWD", "amount_micro": 4_000_000, "allocation_key": "plays", "period_to": TO}
    return {
        "pools": [{**pool, **changes.pop("pool", {})}],
        "usage": LINES,
        "matches": matched("w1", "w1", "w2", None),
        "shares": HALVES,
        "fees": {},
        "minimum": {},
        "points": {},
        **changes,
    }


def paid(books) -> dict[str, int]:
    """Gross by party."""
    return {r["party_id"]: r["gross_micro"] for r in books.payouts.to_pylist()}


def waiting(books) -> dict[tuple[str, str], int]:
    """Suspense by reason and line or work."""
    return {(r["reason"], r["line_id"] or r["work_id"]): r["amount_micro"] for r in books.suspense.to_pylist()}


def test_installed_arithmetic_gives_the_golden_vectors() -> None:
    """Every vector that ships with the wheel comes out as it is written."""
    assert selftest() == []


def test_works_are_paid_by_plays_and_the_unmatched_line_waits(books) -> None:
    """Three matched plays and one unmatched share four units; halves are paid to their parties."""
    found = books(world())
    assert paid(found) == {"a": 1_000_000, "c": 2_000_000}
    assert waiting(found) == {("unmatched", "3"): 1_000_000}
    assert found.suspense.column("since").to_pylist() == [TO]


def test_a_society_pays_only_what_it_controls(books) -> None:
    """Society R holds half of w1 alone: the lyricist is paid, and the unmatched line weighs what R holds on average."""
    found = books(world(pool={"societies": ["R"], "society": "R"}))
    assert paid(found) == {"a": 3_000_001}
    assert waiting(found) == {("unmatched", "3"): 999_999}
    assert found.suspense.column("weight").to_pylist() == [333_333]


def test_an_ambiguous_line_holds_back_its_largest_claim(books) -> None:
    """A line that may be w1 or w2 weighs in S's pool as w2, of which S holds the whole."""
    candidates = [{"work_id": w, "probability": 0.5} for w in ("w1", "w2")]
    lines = [*matched("w1", "w1", "w2"), {"line_id": "3", "outcome": "ambiguous", "candidates": candidates}]
    found = books(world(matches=lines, pool={"societies": ["S"], "amount_micro": 3_000_000}))
    assert waiting(found) == {("ambiguous", "3"): 1_000_000}


def test_what_is_out_of_scope_weighs_nothing(books) -> None:
    """A line out of scope takes no part of the pool."""
    lines = [*matched("w1", "w1", "w2"), {"line_id": "3", "outcome": "out_of_scope"}]
    assert waiting(books(world(matches=lines))) == {}


def test_quarantined_rows_hold_money_back(books) -> None:
    """A row that could not be read keeps the part that its plays would have earned, once however many columns fail."""
    bad = {"file": "log.csv", "line": 9, "severity": "quarantined", "list": "log", "plays": 4}
    found = books(world(problems=[bad, {**bad, "column": "b"}, {**bad, "line": 10, "severity": "warning"}]))
    assert waiting(found)["quarantined", "log.csv:9"] == 2_000_000


def test_unclaimed_and_overclaimed_shares_wait(books) -> None:
    """A quarter that nobody claims waits, and so does the whole of a work that is claimed twice over."""
    claims = [{**HALVES[0], "share_ppm": 750_000}, {**HALVES[2], "society": "R"}, {**HALVES[2], "party_id": "x"}]
    found = books(world(shares=claims, matches=matched("w1", "w2", "w3", "w1")))
    assert waiting(found) == {
        ("unclaimed_share", "w1"): 500_000,
        ("overclaimed", "w2"): 1_000_000,
        ("no_shares", "w3"): 1_000_000,
    }


def test_a_work_that_two_societies_claim_whole_is_paid_by_neither(books) -> None:
    """Each society sees only its own shares, but the claims of all together decide: the part of each waits."""
    claims = [HALVES[0], {**HALVES[1], "share_ppm": 750_000}, HALVES[2]]
    every = books(world(shares=claims))
    assert waiting(every) == {("overclaimed", "w1"): 2_000_000, ("unmatched", "3"): 1_000_000}
    for society, held_ppm in (("S", 500_000), ("R", 750_000)):
        found = books(world(shares=claims, pool={"societies": [society], "society": society}))
        row = next(r for r in found.suspense.to_pylist() if r["reason"] == "overclaimed")
        assert (row["work_id"], row["weight"]) == ("w1", 2 * held_ppm)
        assert paid(found).keys() <= {"c"}
    claims.append({**HALVES[0], "party_id": "x", "share_ppm": 900_000})
    twice = books(world(shares=claims, pool={"societies": ["S"]}))
    row = next(r for r in twice.suspense.to_pylist() if r["reason"] == "overclaimed")
    assert row["weight"] == 2_000_000


@pytest.mark.parametrize(
    ("rights", "asked", "gross"),
    [
        (["performing", "mechanical"], "performing", {"c": 9}),
        (["performing", "performing"], "performing", {}),
        (["performing", "performing"], "mechanical", {}),
        (["", "mechanical"], "mechanical", {}),
        (["", "mechanical"], "performing", {"c": 9}),
        (["mechanical", "mechanical"], "", {}),
        (["performing", "mechanical"], "", {"c": 9}),
    ],
)
def test_claims_are_counted_by_right(rights: list[str], asked: str, gross: dict[str, int]) -> None:
    """The whole of one right and the whole of another are no conflict; a share of no right is one of each."""
    claims = [HALVES[2], {**HALVES[2], "party_id": "x", "society": "R"}]
    shares = rows(tables.SHARES, claims).append_column("right", pa.array(rights))
    pool = {"pool_id": "p", "tariff_id": "t", "currency": "TWD", "amount_micro": 9, "societies": ["S"]}
    found = distribute(
        rows(tables.POOLS, [{**pool, "allocation_key": "plays"}]),
        rows(tables.USAGE, LINES[:1]),
        rows(tables.MATCHES, matched("w2")),
        shares,
        DistributePolicy(rights={"t": asked}),
        charges=tables.CHARGES.empty(),
        problems=tables.PROBLEMS.empty(),
    )
    assert paid(found) == gross


def test_each_society_pays_its_own(books) -> None:
    """A party of two societies has a row, a balance, a threshold and an entry with each; neither pays for the other."""
    both = [{**HALVES[0], "party_id": "c"}, {**HALVES[1], "party_id": "c"}, HALVES[2]]
    case = world(shares=both, fees={"S": (100_000, 0)}, minimum={"TWD": 1_500_000})
    first = books(case)
    by_society = {r["society"]: r for r in first.payouts.to_pylist()}
    assert [(s, r["gross_micro"], r["paid_micro"]) for s, r in sorted(by_society.items())] == [
        ("R", 1_000_000, 0),
        ("S", 2_000_000, 1_800_000),
    ]
    less = books({**case, "shares": [both[0], {**both[1], "party_id": "a"}, HALVES[2]]}, previous=first)
    assert [(r["party_id"], r["society"], r["carried_out_micro"]) for r in less.payouts.to_pylist()] == [
        ("a", "R", 1_000_000),
        ("c", "R", 0),
    ]
    entries = {r["entry_id"] for r in first.journal.to_pylist() if r["pool_id"] == ""}
    assert entries == {"payout/TWD/R/c", "payout/TWD/S/c"}


def test_a_society_does_not_recover_what_another_is_owed(books) -> None:
    """A negative balance with one society leaves what the other pays untouched, and stays with its society."""
    both = [{**HALVES[0], "party_id": "c"}, {**HALVES[1], "party_id": "c"}, HALVES[2]]
    first = books(world(shares=both))
    moved = books(world(shares=[both[0], {**both[1], "party_id": "a"}, HALVES[2]]), previous=first)
    next_year = books(world(shares=[{**both[0], "share_ppm": 1_000_000}, HALVES[2]]), carried=moved.payouts)
    assert [
        (r["party_id"], r["society"], r["carried_in_micro"], r["paid_micro"], r["carried_out_micro"])
        for r in next_year.payouts.to_pylist()
    ] == [("c", "R", -1_000_000, 0, -1_000_000), ("c", "S", 0, 3_000_000, 0)]


def test_a_pool_that_nobody_used_waits_whole(books) -> None:
    """Money for a licensee without usage lines is kept, not lost."""
    assert waiting(books(world(pool={"licensee": "somebody else"}))) == {("no_usage", ""): 4_000_000}


def test_use_outside_the_period_does_not_count(books) -> None:
    """A line is counted in the period in which it was used; one without a date counts."""
    late = [{**line, "used_at": dt.datetime(2026, 1, 1) if i == 2 else None} for i, line in enumerate(LINES)]  # noqa: DTZ001
    assert paid(books(world(usage=late))) == {"a": 1_333_334, "c": 1_333_333}


def test_points_weigh_by_class_of_use(books) -> None:
    """A prime-time play is worth three."""
    usage = [{**line, "category": "prime" if i == 2 else "night"} for i, line in enumerate(LINES)]
    found = books(
        world(
            usage=usage, points={"prime": 3, "night": 1}, pool={"allocation_key": "points", "amount_micro": 6_000_000}
        )
    )
    assert paid(found) == {"a": 1_000_000, "c": 4_000_000}


def test_equal_counts_each_work_and_each_title_once(books) -> None:
    """Two lines of w1 and two unmatched lines of one title weigh as one each."""
    usage = [{**line, "title": "same"} for line in LINES]
    found = books(world(usage=usage, matches=matched("w1", "w1", None, None), pool={"allocation_key": "equal"}))
    assert paid(found) == {"a": 1_000_000, "c": 1_000_000}
    assert waiting(found) == {("unmatched", "2"): 2_000_000}


def test_given_weights_are_asked_for(books) -> None:
    """A pool allocated by given weights names the line that has none."""
    with pytest.raises(ValueError, match="usage line 0 has no weight"):
        books(world(pool={"allocation_key": "given"}))


def test_fee_and_fund_are_taken_from_each_party(books) -> None:
    """Rates by society, floored in the party's favour; what is below the minimum or the unit is carried."""
    found = books(world(fees={"S": (150_001, 20_000), "": (100_000, 0)}, minimum={"TWD": 1_000_000}))
    by_party = {r["party_id"]: r for r in found.payouts.to_pylist()}
    assert by_party["c"]["fee_micro"] == 300_002
    assert by_party["c"]["fund_micro"] == 40_000
    assert by_party["c"]["paid_micro"] == 1_650_000
    assert by_party["c"]["carried_out_micro"] == 9_998
    assert by_party["a"]["paid_micro"] == 0
    assert by_party["a"]["carried_out_micro"] == 900_000


def test_what_was_carried_is_paid_when_it_is_enough(books) -> None:
    """The second run brings the first one's remainder forward, and pays it."""
    first = books(world(minimum={"TWD": 1_500_000}))
    second = books(world(minimum={"TWD": 1_500_000}), carried=first.payouts)
    assert {r["party_id"]: r["paid_micro"] for r in first.payouts.to_pylist()} == {"a": 0, "c": 2_000_000}
    assert {r["party_id"]: r["paid_micro"] for r in second.payouts.to_pylist()} == {"a": 2_000_000, "c": 2_000_000}


def test_shares_may_be_held_by_right() -> None:
    """A pool that pays for one right pays the shares of that right, and those of every right."""
    shares = rows(tables.SHARES, [HALVES[2], {**HALVES[2], "party_id": "m"}]).append_column(
        "right", pa.array(["performing", "mechanical"])
    )
    pools = rows(
        tables.POOLS,
        [{"pool_id": "p", "tariff_id": "t", "currency": "TWD", "amount_micro": 9, "allocation_key": "plays"}],
    )
    found = distribute(
        pools,
        rows(tables.USAGE, LINES[:1]),
        rows(tables.MATCHES, matched("w2")),
        shares,
        DistributePolicy(rights={"t": "mechanical"}),
        charges=tables.CHARGES.empty(),
        problems=tables.PROBLEMS.empty(),
    )
    assert paid(found) == {"m": 9}


def test_charges_become_pools_and_entries() -> None:
    """Only the chosen method is collected; tax is booked beside it; a true-up, of any sign, is its own pool."""
    charge = {"licensee": "K", "society": "S", "societies": ["S"], "currency": "TWD", "period_to": TO, "kind": "charge"}
    charges = rows(
        tables.CHARGES,
        [
            {**charge, "charge_id": "K/t/flat", "amount_micro": 100, "tax_micro": 5},
            {**charge, "charge_id": "K/t/play", "amount_micro": 900, "chosen": False},
            {**charge, "charge_id": "K/t/flat/true_up", "kind": "true_up", "amount_micro": -30, "tax_micro": -1},
        ],
    )
    pools = pooling.from_charges(charges)
    found = distribute(
        pools,
        rows(tables.USAGE, LINES),
        rows(tables.MATCHES, matched("w2", None, None, None)),
        rows(tables.SHARES, HALVES),
        DistributePolicy(),
        charges=charges,
        problems=tables.PROBLEMS.empty(),
    )
    totals = balance.check(found, pools, charges)["TWD"]
    assert pools.column("pool_id").to_pylist() == ["K/t/flat", "K/t/flat/true_up"]
    assert (totals["collected"], totals["tax"], totals["gross"], totals["suspense"]) == (70, 4, 17, 53)


@pytest.mark.parametrize("name", [*ORDER])
def test_any_unit_that_moves_is_found(books, name: str) -> None:
    """One micro-unit more, in the first or last row of any table, and the books do not balance."""
    found = books(world(fees={"S": (100_000, 50_000)}))
    table = getattr(found, name)
    column = "paid_micro" if name == "payouts" else "amount_micro"
    pools = rows(tables.POOLS, world()["pools"])
    for row in {0, table.num_rows - 1}:
        amounts = table.column(column).to_pylist()
        amounts[row] += 1
        forged = table.set_column(table.column_names.index(column), column, pa.array(amounts, pa.int64()))
        changed = {n: forged if n == name else getattr(found, n) for n in ORDER}
        with pytest.raises(Unbalanced):
            balance.check(type(found)(**changed), pools, tables.CHARGES.empty())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"usage": [*LINES, LINES[0]]}, "usage line 0 stands twice"),
        ({"usage": [{**LINES[0], "plays": -1}, *LINES[1:]]}, "usage line 0: plays or weight below zero"),
        ({"usage": [{**LINES[0], "plays": 2**62}, *LINES[1:]]}, "beyond what 64 bits can share"),
        ({"matches": [{**matched("w1")[0], "outcome": "perhaps"}]}, "its outcome is none of the four"),
        ({"shares": [{**HALVES[0], "share_ppm": -1}]}, "work w1: a share below zero"),
        ({"pool": {"allocation_key": "points"}}, "usage line 0: its category has no point value"),
        ({"pool": {"allocation_key": "by heart"}}, "allocation key 'by heart'"),
        ({"points": {"a": -1}}, "category 'a'"),
    ],
)
def test_broken_tables_are_refused_by_name(books, change: dict, said: str) -> None:
    """What breaks the contract stops the stage with the row and the reason, before any money moves."""
    with pytest.raises(ValueError, match=said):
        books(world(**change))


def test_large_weights_are_shared_exactly(books, oracle) -> None:
    """Where pool times weight passes 64 bits, the product is taken in 128, and not a unit is lost."""
    case = world(
        usage=[{**line, "plays": 2_000_000_000_003 + i} for i, line in enumerate(LINES)],
        pool={"societies": ["S"], "amount_micro": 4 * 10**18 + 7},
    )
    found = books(case)
    allocations, suspense = oracle({**case, "pools": [{"licensee": "", **p} for p in case["pools"]]})
    assert sum(allocations.values()) == sum(paid(found).values())
    assert waiting(found) == {(reason, line): amount for (_, reason, line, _), amount in suspense.items()}


def test_a_late_claim_a_corrected_share_and_a_reversed_line_book_differences(books) -> None:
    """Each correction moves only what it changes; what was paid already is recovered, never overwritten."""
    first = books(world())
    late = books(world(matches=matched("w1", "w1", "w2", "w2")), previous=first)
    assert paid(late) == {"c": 1_000_000}
    assert waiting(late) == {("unmatched", "3"): -1_000_000}
    second = cumulate(first, late)
    to_lyricist = [{**HALVES[0], "share_ppm": 250_000}, {**HALVES[1], "share_ppm": 750_000}, HALVES[2]]
    share = books(world(matches=matched("w1", "w1", "w2", "w2"), shares=to_lyricist), previous=second)
    rows_ = {r["party_id"]: r for r in share.payouts.to_pylist()}
    assert (rows_["a"]["gross_micro"], rows_["a"]["paid_micro"]) == (500_000, 500_000)
    assert (rows_["c"]["gross_micro"], rows_["c"]["paid_micro"], rows_["c"]["carried_out_micro"]) == (
        -500_000,
        0,
        -500_000,
    )
    assert {r["reason"] for r in share.journal.to_pylist()} == {"adjustment", "payout"}
    nothing = books(
        world(matches=matched("w1", "w1", "w2", "w2"), shares=to_lyricist), previous=cumulate(second, share)
    )
    assert (nothing.allocations.num_rows, nothing.suspense.num_rows) == (0, 0)
    assert {r["party_id"]: r["carried_in_micro"] for r in nothing.payouts.to_pylist()} == {"c": -500_000}


def test_a_pool_of_the_earlier_run_may_not_be_forgotten(books) -> None:
    """An adjustment names every pool that it adjusts, so that none is reversed by silence."""
    first = books(world())
    with pytest.raises(ValueError, match="pool p of the earlier run is missing"):
        books(world(pool={"pool_id": "q"}), previous=first)
    reversed_ = books(world(pool={"amount_micro": 0}), previous=first)
    assert paid(reversed_) == {"a": -1_000_000, "c": -2_000_000}


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"fees": {"S": (900_000, 200_000)}}, "fee and fund"),
        ({"unit_micro": {"TWD": 0}}, "payout unit"),
        ({"minimum_micro": {"TWD": -1}}, "minimum payout"),
        ({"detail": "page"}, "detail"),
    ],
)
def test_a_policy_that_contradicts_itself_is_refused(rules: dict, said: str) -> None:
    """Rates above the whole, units of nothing and negative thresholds are errors of the job."""
    with pytest.raises(ValueError, match=said):
        DistributePolicy(**rules)

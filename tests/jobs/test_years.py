"""Tariffs and books over the years, through job files: what was paid before, what is owed now, the difference alone."""

from __future__ import annotations

import sys
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from beancount import loader
from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parent))
import lantern
from lantern import Case, added, computed, licence, pool, rows, settled

from partita import tables
from partita.cli.main import main
from partita.errors import InputError
from partita.jobs import run

MICRO = 1_000_000
ROOMS = "room = 10, hall = 1"
KTV = "tw-acma-ktv"
PLACE = f"lantern/{KTV}/2018-04-27"
DECIDED = "2019-12-31"
"""A day after the decision of 2019-03-27, which counts from 2018-04-27."""


def provisional(paid: str, method: str = "room") -> Case:
    """2018 from the day of the review on, paid provisionally, as it was known at the end of 2018."""
    money = licence(KTV, ROOMS, paid_provisionally=f'"{paid}"', method=f'"{method}"')
    return Case(money, year=2018, first="2018-04-27")


def charge(folder: Path, name: str) -> tuple[bool, int, int]:
    """Whether a charge is the one charged, its net amount and its tax in units."""
    row = next(r for r in rows(folder, tables.CHARGES) if r["charge_id"] == name)
    return row["chosen"], row["amount_micro"] // MICRO, row["tax_micro"] // MICRO


def formulas(folder: Path, charge_id: str) -> dict[str, str]:
    """The steps of a charge, by label."""
    return {r["label"]: r["formula"] for r in rows(folder, tables.CHARGE_STEPS) if r["charge_id"] == charge_id}


def assert_sound(folder: Path) -> None:
    """Every entry sums to zero, money in is money out, and beancount accepts the ledger."""
    entries: dict[str, int] = {}
    for row in rows(folder, tables.JOURNAL):
        entries[row["entry_id"]] = entries.get(row["entry_id"], 0) + row["amount_micro"]
    assert set(entries.values()) <= {0}
    for total in run.read_json(folder)["totals"].values():
        out = sum(total[name] for name in ("paid", "fees", "funds", "suspense", "carried_out"))
        assert total["collected"] + total["carried_in"] == out
    _, errors, _ = loader.load_file(str(folder / "journal.beancount"))
    assert errors == []


def assert_together(parts: list[Path], whole: Path) -> None:
    """The runs in `parts` book together what `whole` books alone."""
    for folder in parts:
        assert_sound(folder)
    assert added(*(lantern.allocated(p) for p in parts)) == added(lantern.allocated(whole))
    assert added(*(lantern.held(p) for p in parts)) == added(lantern.held(whole))
    assert added(*(lantern.net(p) for p in parts)) == added(lantern.net(whole))
    for name in ("receivable", "tax", "fee", "fund", "suspense"):
        assert sum(lantern.account(p, name) for p in parts) == lantern.account(whole, name), name


def assert_chained(runs: list[Path]) -> None:
    """Over a chain of runs, what each party was paid and what is left to carry is what it earned."""
    paid = added(*(lantern.by_party(folder, "paid_micro") for folder in runs))
    carried = lantern.by_party(runs[-1], "carried_out_micro")
    assert added(paid, carried) == added(*(lantern.net(folder) for folder in runs))
    for before, after in pairwise(runs):
        left, brought = (lantern.by_party(before, "carried_out_micro"), lantern.by_party(after, "carried_in_micro"))
        assert left == brought


@pytest.mark.parametrize(("paid", "difference", "tax"), [("6000", -2248, -112), ("2000", 1752, 88), ("3752", 0, 0)])
def test_a_provisional_payment_is_trued_up_both_ways(tmp_path: Path, paid: str, difference: int, tax: int) -> None:
    """500 x 11 rooms x 249/365 = 3,752: what was paid beyond it is refunded, what lacks is charged, once."""
    before = settled(provisional(paid), tmp_path / "before")
    later = provisional(paid).but(as_of=DECIDED)
    adjusting = settled(later.but(adjusts=(before,)), tmp_path / "adjusting")

    assert charge(before, f"{PLACE}/room") == (True, int(paid), (int(paid) + 10) // 20)
    assert charge(adjusting, f"{PLACE}/room") == (True, 3752, 188)
    assert charge(adjusting, f"{PLACE}/room/true_up") == (False, difference, tax)
    assert formulas(adjusting, f"{PLACE}/room/true_up")["true_up"] == f"3752 owed - {paid} paid"
    assert run.read_json(adjusting)["totals"]["TWD"]["collected"] == difference * MICRO
    assert lantern.account(adjusting, "receivable") == (difference + tax) * MICRO
    assert_together([before, adjusting], computed(later, tmp_path / "whole"))
    assert_chained([before, adjusting])


def test_a_rate_is_not_known_before_its_decision(tmp_path: Path) -> None:
    """On the eve of the decision nothing but the provisional payment is charged; what was claimed stands beside it."""
    eve = settled(provisional("6000").but(as_of="2019-03-26"), tmp_path)

    assert charge(eve, f"{PLACE}/room") == (True, 6000, 300)
    assert charge(eve, f"{PLACE}/room/proposed") == (False, 33768, 1688)
    assert [r["amount_micro"] for r in rows(eve, tables.POOLS)] == [6000 * MICRO]


def test_the_licensee_may_come_to_pay_by_another_method(tmp_path: Path) -> None:
    """Once the rates are known, pay by play is cheaper: the pool paid by room is reversed, that by play is booked."""
    before = settled(provisional("6000", "cheapest"), tmp_path / "before")
    later = provisional("6000", "cheapest").but(as_of=DECIDED)
    adjusting = settled(later.but(adjusts=(before,)), tmp_path / "adjusting")

    assert charge(adjusting, f"{PLACE}/play/true_up") == (False, 1350 - 6000, 68 - 300)
    assert {r["pool_id"]: r["amount_micro"] // MICRO for r in rows(adjusting, tables.POOLS)} == {
        f"{PLACE}/play": 1350,
        f"{PLACE}/room": 0,
    }
    assert lantern.account(adjusting, "receivable") == (1350 + 68 - 6300) * MICRO
    assert_together([before, adjusting], computed(later, tmp_path / "whole"))
    third = later.but(log=lantern.LOG.replace("600,evening", "500,evening"))
    again = settled(third.but(adjusts=(before, adjusting)), tmp_path / "again")
    assert lantern.account(again, "receivable") == (1200 + 60 - 1418) * MICRO
    assert_together([before, adjusting, again], computed(third, tmp_path / "whole again"))
    assert_chained([before, adjusting, again])


def test_a_second_true_up_starts_from_what_has_been_paid_by_then(tmp_path: Path) -> None:
    """After the first true-up the licence states what was paid since; the charge stays, only the invoice differs."""
    case = provisional("1350", "cheapest").but(as_of=DECIDED, log=lantern.LOG.replace("600,evening", "500,evening"))
    found = computed(case, tmp_path)

    assert charge(found, f"{PLACE}/play") == (True, 1200, 60)
    assert charge(found, f"{PLACE}/play/true_up") == (False, -150, -8)


def test_room_and_play_stand_side_by_side(tmp_path: Path) -> None:
    """1.5 for each of 900 matched plays is less than 500 for each of 11 rooms, so it is charged; tax is kept apart."""
    found = settled(Case(licence(KTV, ROOMS)), tmp_path)

    assert charge(found, f"lantern/{KTV}/2019-01-01/room") == (False, 5500, 275)
    assert charge(found, f"lantern/{KTV}/2019-01-01/play") == (True, 1350, 68)
    assert formulas(found, f"lantern/{KTV}/2019-01-01/play")["rate"] == "1.5 x 900 play"
    assert "10 room + 1 hall x 1 = 11 room" in formulas(found, f"lantern/{KTV}/2019-01-01/room")["quantity"]
    total = run.read_json(found)["totals"]["TWD"]
    assert (total["collected"], total["tax"]) == (1350 * MICRO, 68 * MICRO)
    assert (lantern.account(found, "receivable"), lantern.account(found, "tax")) == (1418 * MICRO, -68 * MICRO)
    assert_sound(found)


def test_without_usage_list_the_room_is_charged_and_its_money_waits(tmp_path: Path) -> None:
    """A licensee whose plays nobody reported cannot pay by play, and nobody can be paid from its pool."""
    found = settled(Case(licence(KTV, ROOMS), reporter="elsewhere"), tmp_path)

    assert charge(found, f"lantern/{KTV}/2019-01-01/room") == (True, 5500, 275)
    assert "play" in formulas(found, f"lantern/{KTV}/2019-01-01/play")["not_computable"]
    assert [(r["reason"], r["amount_micro"]) for r in rows(found, tables.SUSPENSE)] == [("no_usage", 5500 * MICRO)]
    assert rows(found, tables.PAYOUTS) == []
    assert_sound(found)


def test_a_part_year_is_charged_by_its_days(tmp_path: Path) -> None:
    """From July to December: 5,500 x 184/365 = 2,773 (half up), and only plays of those days count."""
    found = settled(Case(licence(KTV, ROOMS, method='"room"', period_from="2019-07-01")), tmp_path)

    assert charge(found, f"lantern/{KTV}/2019-07-01/room") == (True, 2773, 139)
    assert formulas(found, f"lantern/{KTV}/2019-07-01/play")["rate"] == "1.5 x 0 play"
    assert [r["reason"] for r in rows(found, tables.SUSPENSE)] == ["no_usage"]
    assert_sound(found)


@pytest.mark.parametrize(
    ("user_class", "each"), [("commercial", 9400), ("public_interest", 6580), ("non_profit", 3290)]
)
def test_a_joint_tariff_pays_the_shares_of_each_of_its_societies(tmp_path: Path, user_class: str, each: int) -> None:
    """MÜST collects for four machines; each society's shares get their part of the plays, less its own fee."""
    money = licence("tw-joint-machine-2023", "machine = 4", user_class=f'"{user_class}"')
    found = settled(Case(money, year=2023), tmp_path)
    earned = lantern.summed(rows(found, tables.ALLOCATIONS), "society", "amount_micro")
    fees = lantern.summed([r for r in rows(found, tables.JOURNAL) if r["account"] == "fee"], "party_id", "amount_micro")

    weights = {"ACMA": 600 + 150, "MUST": 150 + 500 + 50, "TMCA": 50}
    amount = 4 * each * MICRO
    for society, weight in weights.items():
        assert abs(earned[society] - Fraction(amount * weight, 1590)) < 10, society
    assert [r["society"] for r in rows(found, tables.POOLS)] == ["MUST"]
    assert sorted(*(r["societies"] for r in rows(found, tables.POOLS))) == ["ACMA", "MUST", "TMCA"]
    assert sum(r["amount_micro"] for r in rows(found, tables.SUSPENSE)) == amount - sum(earned.values())
    assert abs(-fees["ACMA"] - Fraction(earned["ACMA"], 8)) < 10
    assert abs(-fees["MUST"] - Fraction(earned["MUST"], 10)) < 10
    assert "TMCA" not in fees
    assert_sound(found)


POOLS = pool("acma", "10000", "ACMA") + pool("must", "4000", "MUST") + pool("all", "1000")
LATE = lantern.SHARES.replace("A-1,ONE,Payee One", "A-1,NEW,Payee New").replace("A-2,THREE", "A-2,FIVE")
REVERSED = lantern.LOG.replace("3,Stone Bridge,Composer Three,,500,evening,1,2019-07-01\n", "")


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """2019; 2020 carries it; 2019 corrected by a late claim, then once more for a reversed line; 2021 carries that."""
    folder = tmp_path_factory.mktemp("chain")
    first = Case(POOLS, minimum="1500")
    late = first.but(shares=LATE)
    runs = [settled(first, folder / "2019")]
    runs.append(settled(first.but(year=2020, carries=runs[0]), folder / "2020"))
    runs.append(settled(late.but(adjusts=(runs[0],), carries=runs[1]), folder / "2019a"))
    twice = late.but(log=REVERSED, adjusts=(runs[0], runs[2]), carries=runs[2])
    runs.append(settled(twice, folder / "2019b"))
    runs.append(settled(first.but(year=2021, carries=runs[3]), folder / "2021"))
    return runs


def test_payouts_add_up_over_the_years(chain: list[Path]) -> None:
    """After each of five runs the books balance, and what was paid and is carried is what was earned."""
    for folder in chain:
        assert_sound(folder)
    for count in range(1, len(chain) + 1):
        assert_chained(chain[:count])


def test_two_adjustments_book_what_the_corrected_year_gives(chain: list[Path], tmp_path: Path) -> None:
    """2019 and both its adjustments together are 2019 as it should have been."""
    whole = computed(Case(POOLS, minimum="1500", shares=LATE, log=REVERSED), tmp_path)

    assert_together([chain[0], chain[2], chain[3]], whole)
    assert run.read_json(chain[2])["totals"]["TWD"]["collected"] == 0


def test_what_was_overpaid_is_netted_later(chain: list[Path]) -> None:
    """Payee One owes 2019 back after the late claim: nothing is paid while it owes, and 2021 pays the rest alone."""
    owing = lantern.by_party(chain[2], "carried_out_micro")["ONE"]
    paid = [lantern.by_party(folder, "paid_micro").get("ONE", 0) for folder in chain]

    assert owing < 0
    assert paid[2] == paid[3] == 0
    due = lantern.net(chain[4])["ONE"] + lantern.by_party(chain[3], "carried_out_micro")["ONE"]
    assert paid[4] == (due // MICRO * MICRO if due >= 1500 * MICRO else 0)


def test_small_amounts_wait_until_they_reach_the_minimum(chain: list[Path]) -> None:
    """Payee Four is below 1,500 every year: it is paid nothing, and all that it earned is carried."""
    for count in range(1, len(chain) + 1):
        earned = added(*(lantern.net(folder) for folder in chain[:count]))["FOUR"]
        assert lantern.by_party(chain[count - 1], "carried_out_micro")["FOUR"] == earned < 1500 * MICRO


def test_an_adjusting_run_says_what_it_adjusts(chain: list[Path]) -> None:
    """`run.json` names the earlier runs by id, so a run and its adjustment never share an id."""
    about = [run.read_json(folder) for folder in chain]

    assert len({one["run_id"] for one in about}) == len(chain)
    assert [about[0]["earlier"], about[1]["earlier"]] == [{}, {"carries": about[0]["run_id"]}]
    assert about[3]["earlier"] == {
        "adjusts": [about[0]["run_id"], about[2]["run_id"]],
        "carries": about[2]["run_id"],
    }


@pytest.mark.parametrize(
    ("adjusts", "carries", "said"),
    [
        ((2, 0), None, "adjusts another run itself"),
        ((0, 3), None, "does not adjust exactly the runs named before it"),
        ((0, 1), None, "does not adjust exactly the runs named before it"),
        ((0, 2), 0, "was adjusted since"),
    ],
)
def test_adjustments_out_of_order_are_refused(
    chain: list[Path], tmp_path: Path, adjusts: tuple[int, ...], carries: int | None, said: str
) -> None:
    """A chain with a run left out, in the wrong order, or carrying what was carried before, would pay twice."""
    case = Case(POOLS, adjusts=tuple(chain[n] for n in adjusts), carries=None if carries is None else chain[carries])

    with pytest.raises(InputError, match=said):
        settled(case, tmp_path)

    assert not (tmp_path / "run").exists()


def test_a_pool_that_is_forgotten_is_named(chain: list[Path], tmp_path: Path) -> None:
    """An adjusting job without a pool of the earlier run ends with one line that says how to mend it, and exit 2."""
    case = Case(pool("acma", "10000", "ACMA"), adjusts=(chain[0],))
    job = lantern.write(case, tmp_path / "case")

    result = CliRunner().invoke(main, ["settle", str(job), "-o", str(tmp_path / "run")])

    assert result.exit_code == 2
    assert "pool all of the earlier run is missing" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_pages_of_an_adjusting_run_are_written_for_who_owes(chain: list[Path]) -> None:
    """Whoever gets a difference or owes one has a statement, as data that say the same as the books."""
    for name in ("ONE", "NEW"):
        row = next(r for r in rows(chain[2], tables.PAYOUTS) if r["party_id"] == name)
        assert row["gross_micro"] != 0
    assert len(list((chain[2] / "statements").glob("*.html"))) > len(lantern.net(chain[2]))


KEYS = {
    "plays": ("", 600, 300, 500, 100, 90),
    "points": ("{ evening = 3, day = 1 }", 1800, 300, 1500, 100, 90),
    "equal": ("", 1, 1, 1, 1, 1),
    "given": ("", 7, 2, 1, 0, 5),
}
"""By key: point values, and what each line of the log weighs."""


@pytest.mark.parametrize("key", KEYS)
def test_each_key_divides_as_by_hand(tmp_path: Path, key: str) -> None:
    """ACMA holds all of A-1, half of A-2; an unmatched line weighs what a matched one of the pool holds on average."""
    points, first, second, third, fourth, open_line = KEYS[key]
    found = settled(Case(pool("p", "10000", "ACMA"), key=key, points=points), tmp_path)
    earned = lantern.summed(rows(found, tables.ALLOCATIONS), "work_id", "amount_micro")
    waits = lantern.summed(rows(found, tables.SUSPENSE), "reason", "amount_micro")

    own = {"A-1": first * MICRO, "A-2": second * MICRO // 2}
    expected = sum(own.values()) // (first + second + third + fourth)
    whole = sum(own.values()) + open_line * expected
    for work, weight in own.items():
        assert abs(earned[work] - Fraction(10_000 * MICRO * weight, whole)) < 1, work
    assert abs(waits["unmatched"] - Fraction(10_000 * MICRO * open_line * expected, whole)) < 1
    assert sum(earned.values()) + sum(waits.values()) == 10_000 * MICRO
    assert_sound(found)


def test_a_line_without_point_value_or_weight_is_named(tmp_path: Path) -> None:
    """Points for a category that the job does not price, or a weight that a list does not state, are one line each."""
    for key, points in (("points", "{ evening = 3 }"), ("given", "")):
        log = lantern.LOG.replace(",evening,7,", ",evening,,")
        with pytest.raises(InputError, match=r"usage line [12]"):
            settled(Case(pool("p", "10000", "ACMA"), key=key, points=points, log=log), tmp_path / key)


def test_suspense_says_why_and_since_when(tmp_path: Path) -> None:
    """Money waits from the last day of its pool's period, under the reason that would release it."""
    money = pool("h1", "1000", "ACMA", period_to="2019-06-30") + pool("h2", "1000", "MUST", period_from="2019-07-01")
    unclaimed = lantern.SHARES.replace("TWO,Payee Two (fictional),A,ACMA,40 %", "TWO,Payee Two (fictional),A,ACMA,30 %")
    money += pool("all", "1000")
    found = settled(Case(money, shares=unclaimed), tmp_path)
    waits = {(r["pool_id"], r["reason"], str(r["since"])) for r in rows(found, tables.SUSPENSE) if r["amount_micro"]}

    assert waits == {
        ("h2", "unmatched", "2019-12-31"),
        ("all", "unmatched", "2019-12-31"),
        ("all", "unclaimed_share", "2019-12-31"),
    }
    assert_sound(found)


def test_pools_without_usage_with_nothing_and_below_nothing(tmp_path: Path) -> None:
    """No usage: all of it waits. Zero: nobody moves. A refund is owed back by those whom the pool would have paid."""
    money = pool("silent", "500", "ACMA", period_to="2019-01-31") + pool("zero", "0", "ACMA")
    found = settled(Case(money + pool("refund", "-1000", "MUST")), tmp_path)
    by_pool = lantern.summed(rows(found, tables.ALLOCATIONS), "pool_id", "amount_micro")
    waits = lantern.summed(rows(found, tables.SUSPENSE), "pool_id", "amount_micro")

    assert waits["silent"] == 500 * MICRO
    assert set(by_pool) == {"refund"}
    assert by_pool["refund"] + waits["refund"] == -1000 * MICRO
    assert all(r["amount_micro"] <= 0 for r in rows(found, tables.ALLOCATIONS))
    assert lantern.by_party(found, "paid_micro") == {}
    assert lantern.by_party(found, "carried_out_micro") == lantern.net(found)
    assert_sound(found)

"""Pages of runs that adjust earlier ones: whose money changed, why, and what is owed back, in a reader's words."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from beancount import loader

sys.path.insert(0, str(Path(__file__).parent.parent / "jobs"))
import lantern
from lantern import Case, licence, pool, settled

from partita import price, tables
from partita.cli import say
from partita.formats.pages import text

OWED = lantern.SHARES.replace("A-1,TWO,Payee Two", "A-1,NEW,Payee New")
TRUE_UP = licence("tw-acma-ktv", "room = 10, hall = 1", paid_provisionally='"6000"', method='"room"')


def shown(page: Path) -> str:
    """The words of a page, without its marks and its spaces."""
    plain = re.sub(r"<style>.*?</style>|<[^>]*>", " ", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(plain.split())


def statement(run: Path, party: str) -> str:
    """What the English statement of a payee says."""
    (page,) = (run / "statements").glob(f"payee-{party}-fictional-" + "?" * 16 + ".html")
    return shown(page)


@pytest.fixture(scope="module")
def trued_up(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """6,000 paid provisionally for 2018; the decision; and a late claim, which adjusts both."""
    folder = tmp_path_factory.mktemp("years")
    case = Case(TRUE_UP, year=2018, first="2018-04-27")
    runs = [settled(case, folder / "paid")]
    decided = case.but(as_of="2019-12-31")
    runs.append(settled(decided.but(adjusts=(runs[0],)), folder / "decided"))
    runs.append(settled(decided.but(adjusts=tuple(runs), shares=OWED, as_of="2020-06-30"), folder / "claimed"))
    return runs


def test_a_debt_is_said_to_be_owed_back(trued_up: list[Path]) -> None:
    """Below zero nothing is "carried forward": the statement says owed back, and that the fee was given back."""
    page = statement(trued_up[1], "one")
    assert re.search(r"Owed back, set off against later payments −\d", page)
    assert re.search(r"Management fee given back \d", page)
    assert "Carried forward to the next run" not in page
    assert "Owed back" not in statement(trued_up[0], "one")
    assert re.search(r"Brought forward: owed back from earlier runs −\d", statement(trued_up[2], "one"))


def test_a_trued_up_pool_says_what_was_paid_before(trued_up: list[Path]) -> None:
    """Beside the rate stands the true-up; a later run that leaves the pool as it was does not repeat it."""
    assert "true-up : 3752 owed - 6000 paid" in statement(trued_up[1], "one")
    assert "6000 paid" not in statement(trued_up[2], "two")


def test_plays_of_the_whole_period_stand_beside_a_difference(trued_up: list[Path]) -> None:
    """A reader does not take a difference in money for what the plays beside it earned."""
    assert "Plays of the whole period Amount difference" in statement(trued_up[1], "one")
    assert "Plays Amount" in statement(trued_up[0], "one")


def test_one_run_is_adjusted_or_several(trued_up: list[Path]) -> None:
    """The sentence has a plural."""
    assert "This run adjusts run " in shown(trued_up[1] / "report.html")
    assert "This run adjusts runs " in shown(trued_up[2] / "report.html")


def test_whose_amounts_did_not_change_is_told_so(tmp_path: Path) -> None:
    """A payee whom an adjustment does not touch has works in use all the same: nobody tells it otherwise."""
    money = pool("acma", "10000", "ACMA") + pool("must", "4000", "MUST")
    before = settled(Case(money, minimum="50000"), tmp_path / "before")
    after = settled(Case(money, minimum="50000", shares=OWED, adjusts=(before,)), tmp_path / "after")
    page = statement(after, "one")
    assert "Nothing changed for you in this run" in page
    assert "No work of yours" not in page


def test_a_report_of_differences_draws_nothing_that_misleads(trued_up: list[Path]) -> None:
    """No bars of differences, no promise to release money below zero; a table says which works' money changed."""
    first, decided, claimed = ((run / "report.html").read_text(encoding="utf-8") for run in trued_up)
    assert [page.count("<svg") for page in (first, decided, claimed)] == [3, 1, 1]
    assert "releases" in first
    assert "releases" not in decided + claimed
    assert "Works whose money changed most" in decided
    assert "Works that earned most" not in decided
    assert 'id="works"' not in claimed, "a claim moves money within a work: no work's own money changed"


def test_an_adjustment_is_booked_on_the_day_it_is_made(trued_up: list[Path]) -> None:
    """The ledger of a closed year is left alone: entries of an adjusting run carry its own `as_of`."""
    ledgers = [(run / "journal.beancount").read_text(encoding="utf-8") for run in trued_up]
    days = [set(re.findall(r"^(\S+) \* ", ledger, re.MULTILINE)) for ledger in ledgers]
    assert days == [{"2018-12-31"}, {"2019-12-31"}, {"2020-06-30"}]
    for run in trued_up:
        _, errors, _ = loader.load_file(str(run / "journal.beancount"))
        assert errors == []


def test_no_per_cent_of_nothing_or_less(trued_up: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    """Where nothing is collected, or less, there is no whole that parts could be a per cent of."""
    for run, said in zip(trued_up, (True, False, False), strict=True):
        about = json.loads((run / "run.json").read_text(encoding="utf-8"))
        say.settled({"run": "out", **about})
        money = capsys.readouterr().out.split("money", 1)[1].split("balance", 1)[0]
        assert ("%" in money) is said


@pytest.mark.parametrize(
    ("plain", "chinese"),
    [
        ("10 room + 1 hall x 1 = 11 room", "10 包廂 + 1 大廳 x 1 = 11 包廂"),
        ("5500 x 249/365 year, 2018-04-27 to 2018-12-31", "5500 x 249/365 年, 2018-04-27 至 2018-12-31"),
        ("3752.054794... to 1, half_up", "3752.054794... 至 1, 四捨五入"),
        ("3752 owed - 6000 paid", "3752 應付 - 6000 已付"),
        ("200 is less than 500 x 1/2 year", "200 低於 500 x 1/2 年"),
        ("2 widget to 1, half_up", "2 widget to 1, half_up"),
    ],
)
def test_a_formula_is_said_in_chinese_or_left_whole(plain: str, chinese: str) -> None:
    """Units and words of a formula are translated; one with a word that nobody knows is not half translated."""
    assert text.formula(plain, "zh-Hant", price.LABELS) == chinese
    assert text.formula(plain, "en", {}) == plain.replace("half_up", "half up")


def test_the_sentence_of_a_provisional_payment_is_in_the_readers_language(tmp_path: Path) -> None:
    """What a step says of money paid meanwhile is known word for word: a change of it there is seen here."""
    run = settled(Case(TRUE_UP, year=2018, first="2018-04-27"), tmp_path)
    steps = lantern.rows(run, tables.CHARGE_STEPS)
    said = {row["label"]: text.formula(row["formula"], "zh-Hant", price.LABELS) for row in steps}
    assert said["interim"] == "6000 暫付（依協議或核定），費率確定後多退少補"

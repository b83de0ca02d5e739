"""A settlement clears what it matched: what no licence covers is listed with its claim, and never charged or paid."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import harbour

from partita import tables
from partita.jobs import run
from partita.jobs.settle import settle


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """The small case, in which nobody paid the South, and the South has a tariff."""
    folder = tmp_path_factory.mktemp("unlicensed")
    job = harbour.write(folder / "case")
    (folder / "case" / "tariffs").mkdir()
    tariff = (repository / "examples/ktv/tariffs/east.yaml").read_text(encoding="utf-8")
    (folder / "case/tariffs/south.yaml").write_text(tariff.replace("FICTIONAL-EAST", "SOUTH"), encoding="utf-8")
    whole = job.read_text(encoding="utf-8")
    north_alone = whole[: whole.index('[[pool]]\nid = "harbour-south"')]
    job.write_text('tariffs = ["tariffs"]\n' + north_alone, encoding="utf-8")
    settle(job, folder / "run")
    return folder / "run"


def test_each_matched_use_is_licensed_or_not(settled: Path) -> None:
    """By work and society: the North's shares are licensed, the South's are not, whatever the work."""
    rows = run.read_table(settled, tables.CLEARANCES).to_pylist()
    found = {(row["work_id"], row["society"]): (row["code"], row["plays"], row["share_ppm"]) for row in rows}

    assert found[("N-1", "NORTH")] == ("licensed", 40, 1_000_000)
    assert found[("N-2", "NORTH")] == ("licensed", 25, 500_000)
    assert found[("N-2", "SOUTH")] == ("unlicensed", 25, 500_000)
    assert found[("S-2", "SOUTH")] == ("unlicensed", 5, 1_300_000)
    assert {row["society"] for row in rows if row["answer"] == "refused"} == {"SOUTH"}


def test_the_claim_is_computed_where_it_can_be_and_says_what_is_missing(settled: Path) -> None:
    """35 plays at 1.5, rounded to the dollar; rooms that nobody stated are named, their amount is not guessed."""
    rows = {row["method"]: row for row in run.read_table(settled, tables.UNLICENSED).to_pylist()}

    assert rows["play"]["plays"] == 35
    assert rows["play"]["claim_micro"] == 53_000_000
    assert rows["room"]["claim_micro"] is None
    assert "room" in rows["room"]["formula"]


def test_nothing_unlicensed_is_charged_or_paid(settled: Path) -> None:
    """No charge, no pool and no payout is the South's."""
    for table in (tables.CHARGES, tables.POOLS, tables.PAYOUTS):
        assert "SOUTH" not in run.read_table(settled, table).column("society").to_pylist()


def test_the_report_shows_both(settled: Path) -> None:
    """Report in both languages: licensed or not, used without a licence, and the claim."""
    english = (settled / "report.html").read_text(encoding="utf-8")
    chinese = (settled / "report.zh-Hant.html").read_text(encoding="utf-8")

    assert "Used without a licence" in english
    assert "53.00" in english
    assert "未經授權之利用" in chinese
    assert run.read_json(settled)["counts"]["uses_cleared"] == {"allowed": 87, "refused": 35, "unknown": 0}


def test_a_licence_covers_its_period_alone(tmp_path: Path) -> None:
    """A pool until April licenses what was played until then; what was played after is unlicensed."""
    job = harbour.write(tmp_path / "case")
    text = job.read_text(encoding="utf-8").replace(
        'id = "harbour-south"', 'id = "harbour-south"\nperiod_from = 2019-01-01\nperiod_to = 2019-05-03'
    )
    job.write_text(text[: text.index('[[pool]]\nid = "harbour-joint"')], encoding="utf-8")
    settle(job, tmp_path / "run")
    rows = run.read_table(tmp_path / "run", tables.CLEARANCES).to_pylist()
    found = {(row["work_id"], row["code"]): row["plays"] for row in rows if row["society"] == "SOUTH"}

    assert found == {("N-2", "licensed"): 25, ("S-1", "licensed"): 5, ("S-2", "unlicensed"): 5}

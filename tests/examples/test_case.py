"""The shipped case settles: its books balance, its oddities end where its README says, its matches are right."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from partita.jobs.settle import settle

GENERATED = ("logs", "catalogues", "truth.csv", "__pycache__")


@pytest.fixture(scope="module")
def folder(case: Path, simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The case with simulated logs beside it, and its run in `run`."""
    top: Path = tmp_path_factory.mktemp("case")
    shutil.copytree(case, top / "case", ignore=shutil.ignore_patterns(*GENERATED))
    shutil.copytree(simulated, top / "case", dirs_exist_ok=True)
    settle(top / "case" / "job.toml", top / "run")
    return top


def table(folder: Path, name: str) -> Any:
    """A table of the run."""
    return pq.read_table(folder / "run" / f"{name}.parquet")


def work(folder: Path, song: str) -> str:
    """The run's id of the work with this title."""
    works = table(folder, "repertoire")
    found = works.filter(pc.equal(works.column("title"), song)).column("work_id").to_pylist()
    assert len(found) == 1, found
    return str(found[0])


def test_matches_are_right(folder: Path, measurer: ModuleType) -> None:
    """Of a thousand lines that match, at least 985 have the right work; most lines of managed songs do match."""
    counts = measurer.measure(folder / "run", folder / "case")
    right = counts[True, "right"]
    wrong = sum(count for (_, name), count in counts.items() if name == "wrong")
    assert right / (right + wrong) >= 0.985
    assert right / sum(count for (managed, _), count in counts.items() if managed) >= 0.7


def test_each_operator_owes_each_society(folder: Path) -> None:
    """Three operators and four tariffs make twelve chosen charges, and the east's have a method beside them."""
    charges = table(folder, "charges").to_pylist()
    assert len([c for c in charges if c["chosen"]]) == 12
    assert {c["method"] for c in charges if c["society"] == "FICTIONAL-EAST"} == {"room", "play"}


def test_reductions_follow_the_class_of_user(folder: Path) -> None:
    """Halls C is of public interest: 41 rooms at 5,000 less 30 % in the north; chain A pays in full."""
    amounts = {c["charge_id"]: c["amount_micro"] for c in table(folder, "charges").to_pylist()}
    assert amounts["chain-c/example-ktv-north/2019-01-01/room"] == 143_500_000_000
    assert amounts["chain-a/example-ktv-north/2019-01-01/room"] == 490_000_000_000


def test_registrations_of_one_work_are_one_work(folder: Path) -> None:
    """新的女性 and 月夜愁 stand in two repertoires each and are one work; 紫竹調, without writers, stays two."""
    for song in ("新的女性", "月夜愁", "浜辺の歌", "この道"):
        registered = table(folder, "registrations")
        own = registered.filter(pc.equal(registered.column("work_id"), work(folder, song)))
        assert own.num_rows == 2, song
    titles = table(folder, "repertoire").column("title").to_pylist()
    assert titles.count("紫竹調") == titles.count("砂山") == titles.count("Heidenröslein") == 2


def test_the_west_is_paid_by_its_split_table(folder: Path) -> None:
    """Composer and lyricist of a song of the west have half each, though its file states no share."""
    shares = table(folder, "shares")
    own = shares.filter(pc.equal(shares.column("work_id"), work(folder, "送別"))).to_pylist()
    assert sorted((row["role"], row["share_ppm"]) for row in own) == [("A", 500_000), ("C", 500_000)]


def test_money_waits_where_claims_do_not_add_up(folder: Path) -> None:
    """In the pool that pays every society, overclaimed works are held and unclaimed halves too."""
    held = table(folder, "suspense")
    joint = held.filter(pc.equal(held.column("pool_id"), "chain-b-joint"))
    reasons = set(joint.column("reason").to_pylist())
    assert {"unclaimed_share", "unmatched", "quarantined"} <= reasons
    assert reasons <= {"ambiguous", "unmatched", "quarantined", "unclaimed_share", "overclaimed"}


def test_everything_collected_is_accounted_for(folder: Path) -> None:
    """Payouts and suspense make the pools, to the millionth."""
    pools = sum(table(folder, "pools").column("amount_micro").to_pylist())
    payouts = table(folder, "payouts").to_pylist()
    gross = sum(row["gross_micro"] for row in payouts)
    assert pools == gross + sum(table(folder, "suspense").column("amount_micro").to_pylist())
    for row in payouts:
        taken = row["fee_micro"] + row["fund_micro"] + row["paid_micro"] + row["carried_out_micro"]
        assert row["gross_micro"] + row["carried_in_micro"] == taken

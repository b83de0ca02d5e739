"""The shipped training case, settled and held against what its generator knows to be true."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from partita.jobs.demo import training

ITEMS = 6_000


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A settled training run over a smaller part of the case."""
    out = tmp_path_factory.mktemp("training") / "run"
    training(out, items=ITEMS)
    return out


@pytest.fixture(scope="module")
def truth(run: Path) -> dict[str, dict[str, Any]]:
    """What each item is, by its id in the run."""
    rows = pq.read_table(run.with_name("run-case") / "truth.parquet").to_pylist()
    return {f"{row['manifest']}:{row['item_id']}": row for row in rows}


@pytest.fixture(scope="module")
def findings(run: Path) -> list[dict[str, Any]]:
    """All rows of the run's findings."""
    rows: list[dict[str, Any]] = pq.read_table(run / "findings.parquet").to_pylist()
    return rows


def test_works_are_found_and_hardly_ever_the_wrong_one(
    findings: list[dict[str, Any]], truth: dict[str, dict[str, Any]]
) -> None:
    """Of the items that claim the right title, less than one in five hundred goes to another work."""
    mine = [row for row in findings if row["model"] == "songbird/v2"]
    found = [row for row in mine if row["work_id"] and truth[row["item_id"]]["wrong"] != "title"]
    right = sum(row["work_id"] == truth[row["item_id"]]["work_id"] for row in found)
    named = sum(bool(truth[row["item_id"]]["work_id"]) for row in mine)
    assert right / len(found) > 0.998
    assert right / named > 0.9


def test_nothing_reserved_is_allowed_unless_a_licence_of_the_job_covers_it(
    findings: list[dict[str, Any]], truth: dict[str, dict[str, Any]]
) -> None:
    """On each item's own day: no reservation that held is overlooked where the work or the site is known."""
    reserved = [row for row in findings if truth[row["item_id"]]["reserved"] and row["dated"] and row["work_id"]]
    assert len(reserved) > 1_000
    for row in reserved:
        if truth[row["item_id"]]["work_id"] == row["work_id"]:
            assert row["answer"] != "allowed" or row["code"] == "licensed", row


def test_nothing_is_allowed_without_a_work(findings: list[dict[str, Any]]) -> None:
    """Whoever is not known cannot have said yes."""
    assert all(row["work_id"] for row in findings if row["answer"] == "allowed")


def test_no_row_of_a_manifest_is_lost(run: Path, truth: dict[str, dict[str, Any]]) -> None:
    """Every item of the truth is an item of the run, or a row set aside with its line."""
    items = set(pq.read_table(run / "items.parquet").column("item_id").to_pylist())
    assert items <= set(truth)
    assert len(items) == ITEMS
    problems = pq.read_table(run / "problems.parquet").to_pylist()
    assert all(row["line"] > 0 for row in problems if row["severity"] == "quarantined")


def test_no_login_of_a_manifest_reaches_the_run(run: Path) -> None:
    """The case's addresses hold a login; no file of the run does."""
    for file in run.rglob("*"):
        if file.is_file():
            assert b"not-a-real-password" not in file.read_bytes(), file
    for file in run.glob("*.parquet"):
        for column in pq.read_table(file).itercolumns():
            assert "not-a-real-password" not in str(column.to_pylist()), file


def test_the_money_of_the_run_is_what_was_charged(run: Path) -> None:
    """Six components of four licences, all distributed, paid, kept as fee or fund, carried or waiting."""
    summary = json.loads((run / "run.json").read_bytes())
    charges = pq.read_table(run / "charges.parquet").column("amount_micro").to_pylist()
    money = summary["totals"]["EUR"]
    assert sum(charges) == money["collected"] > 0
    parts = ("paid", "fees", "funds", "suspense", "carried_out")
    assert sum(money[name] for name in parts) == money["collected"]

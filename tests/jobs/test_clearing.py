"""A settlement clears what it matched: what no licence covers is listed with its claim, and never charged or paid."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import harbour

from partita import tables
from partita.errors import InputError
from partita.jobs import run
from partita.jobs.settle import settle
from partita.registry import record
from partita.registry.store import open_store


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


REGISTRY_TIMES = {"valid_from": dt.date(2000, 1, 1)}


def registry_of(path: Path, **more: list[dict[str, object]]) -> None:
    """A registry of the small case's first two works, whose society may license performances; with `more` rows."""
    holders = [("N-1", "N-H1", "NORTH"), ("N-1", "N-H2", "NORTH"), ("N-2", "N-H1", "NORTH"), ("N-2", "S-H3", "SOUTH")]
    rows: dict[str, list[dict[str, object]]] = {
        "works": [{"work_id": work, "title": work, **REGISTRY_TIMES} for work in ("N-1", "N-2")],
        "holdings": [
            {"target_kind": "work", "target": work, "party_id": party, "role": "CA", "society": society,
             "share_ppm": 500_000, **REGISTRY_TIMES}
            for work, party, society in holders
        ],
        "mandates": [
            {"society": society, "party_id": "", "kind": "mandate", "right": "performing", "purpose": "any",
             "territory": "world", "source": "statutes", **REGISTRY_TIMES}
            for society in ("NORTH", "SOUTH")
        ],
    }  # fmt: skip
    for name, added in more.items():
        rows[name] = [*rows.get(name, []), *added]
    store = open_store(path)
    record.add_all(store, rows, "tests", dt.datetime(2018, 1, 1, tzinfo=dt.UTC))
    store.close()


def settled_with(folder: Path, **more: list[dict[str, object]]) -> Path:
    """The small case, settled with a registry."""
    job = harbour.write(folder / "case")
    job.write_text(job.read_text(encoding="utf-8") + '\n[clear]\nregistry = "registry.db"\n', encoding="utf-8")
    registry_of(folder / "case" / "registry.db", **more)
    settle(job, folder / "run")
    return folder / "run"


def test_a_withdrawn_mandate_takes_the_share_out_of_the_money(tmp_path: Path) -> None:
    """A member who withdrew the right before the last use is not paid by the society's licence; the others are."""
    withdrawal = {
        "society": "NORTH",
        "party_id": "N-H2",
        "kind": "withdrawal",
        "right": "performing",
        "purpose": "any",
        "territory": "world",
        "source": "letter",
        "valid_from": dt.date(2019, 2, 1),
    }
    folder = settled_with(tmp_path, mandates=[withdrawal])
    rows = run.read_table(folder, tables.CLEARANCES).to_pylist()
    withheld = [(r["work_id"], r["party_id"], r["code"], r["share_ppm"], r["plays"]) for r in rows if r["party_id"]]

    assert withheld == [("N-1", "N-H2", "mandate_withdrawn", 500_000, 40)]
    allocated = run.read_table(folder, tables.ALLOCATIONS).to_pylist()
    assert ("N-1", "N-H2") not in {(row["work_id"], row["party_id"]) for row in allocated}
    assert ("N-1", "N-H1") in {(row["work_id"], row["party_id"]) for row in allocated}
    assert run.read_json(folder)["balanced"] is True


def test_a_registry_that_agrees_changes_nothing(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """With mandates for every share the books are those of the same job without a registry, to the byte."""
    with_registry = settled_with(tmp_path)
    plain = tmp_path_factory.mktemp("plain")
    settle(harbour.write(plain / "case"), plain / "run")

    for table in (tables.ALLOCATIONS, tables.PAYOUTS, tables.CLEARANCES):
        assert run.read_table(with_registry, table).equals(run.read_table(plain / "run", table))


def test_a_registry_that_is_none_is_said(tmp_path: Path) -> None:
    """A job that names a registry that is not there stops with its name."""
    job = harbour.write(tmp_path / "case")
    job.write_text(job.read_text(encoding="utf-8") + '\n[clear]\nregistry = "nowhere.db"\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"nowhere\.db"):
        settle(job, tmp_path / "run")


def statement(name: str, kind: str, party: str, target_kind: str, target: str) -> dict[str, object]:
    """A statement on performances everywhere, by anybody."""
    return {
        "statement_id": name, "kind": kind, "target_kind": target_kind, "target": target, "purpose": "perform",
        "system": "*", "territory": "world", "party_id": party, "carrier": "registry", "form": "natural",
        "evidence": "declared", "source": "letter", **REGISTRY_TIMES,
    }  # fmt: skip


def test_a_stranger_withholds_nothing_and_a_holder_his_share(tmp_path: Path) -> None:
    """A reservation by somebody without a share is a claim; one by a holder withholds the holder's share alone."""
    said = [
        statement("stranger", "reservation", "NOBODY", "work", "N-1"),
        statement("holder", "reservation", "S-H3", "party", "S-H3"),
    ]
    rows = run.read_table(settled_with(tmp_path, statements=said), tables.CLEARANCES).to_pylist()
    withheld = [(r["work_id"], r["party_id"], r["answer"], r["code"]) for r in rows if r["party_id"]]

    assert withheld == [("N-2", "S-H3", "refused", "reserved")]


def test_a_work_without_any_share_left_is_not_called_unknown(tmp_path: Path) -> None:
    """Both holders withdrew: each share is listed with its reason, and nobody is said to be unknown."""
    withdrawn = [
        {"society": "NORTH", "party_id": party, "kind": "withdrawal", "right": "performing", "purpose": "any",
         "territory": "world", "source": "letter", "valid_from": dt.date(2019, 2, 1)}
        for party in ("N-H1", "N-H2")
    ]  # fmt: skip
    rows = run.read_table(settled_with(tmp_path, mandates=withdrawn), tables.CLEARANCES).to_pylist()
    of_first = [(r["party_id"], r["code"]) for r in rows if r["work_id"] == "N-1"]

    assert of_first == [("N-H1", "mandate_withdrawn"), ("N-H2", "mandate_withdrawn")]

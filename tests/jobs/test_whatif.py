"""A settlement recomputed with a share of generated works: exact, payee by payee, with its assumptions."""

from __future__ import annotations

import csv
import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import harbour

from partita import money, tables
from partita.errors import InputError
from partita.jobs import jobfile, run, settle, whatif

TARIFF = """
id: per-play
title: {en: "Per play (fictional)", zh-Hant: "按次計費 (虛構)"}
territory: TW
currency: TWD
collecting_society: SOUTH
society_names:
  SOUTH: {en: "Society South (fictional)", zh-Hant: "虛構南協"}
law: [made up for this test]
proration: {by: day}
methods:
  - id: play
    title: {en: "per play", zh-Hant: 以點播次數計算}
    kind: amount
    per: use
    items:
      - unit: play
        rate:
          - {value: "100", status: determined, decided_on: 2018-01-01, effective_from: 2018-01-01,
             reference: made up for this test, evidence: secondary}
"""
LICENCE = """
[[licence]]
licensee = "harbour"
tariff = "per-play"
method = "play"
"""
QUARTER = Fraction(1, 4)


def case(folder: Path, *, works: str = harbour.WORKS, shares: str = harbour.SHARES, more: str = "") -> Path:
    """The small case, whose house also pays a society by the play."""
    path = harbour.write(folder / "case")
    (folder / "case" / "tariff.yaml").write_text(TARIFF, encoding="utf-8")
    (folder / "case" / "works.csv").write_text(works, encoding="utf-8")
    (folder / "case" / "shares.csv").write_text(shares, encoding="utf-8")
    text = path.read_text(encoding="utf-8")
    path.write_text('tariffs = ["."]\n' + text + LICENCE + more, encoding="utf-8")
    return path


def made_by(*generated: str) -> str:
    """The case's works with a column that says how they were made."""
    head, *rows = harbour.WORKS.strip().splitlines()
    made = [f"{row},{'generated' if row.split(',')[0] in generated else 'human'}" for row in rows]
    return "\n".join([f"{head},making", *made]) + "\n"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The small case, one of whose works is recorded as generated, at three shares."""
    folder = tmp_path_factory.mktemp("whatif")
    asked = whatif.Asked((Fraction(0), QUARTER, Fraction(999, 1000)))
    found = whatif.whatif(case(folder, works=made_by("N-2")), folder / "out", asked)
    return folder / "out", found


def totals(out: Path) -> dict[str, dict[str, int]]:
    """WHATIF_TOTALS by scenario."""
    return {row["scenario"]: row for row in run.read_table(out, tables.whatif.TOTALS).to_pylist()}


def test_a_share_of_nothing_is_the_settlement(told: tuple[Path, dict[str, Any]]) -> None:
    """At 0 %, paid or not, every figure of every payee and repertoire is that of the base."""
    for table in tables.whatif.ALL:
        by: dict[str, list[dict[str, Any]]] = {}
        for row in run.read_table(told[0], table).to_pylist():
            by.setdefault(row["scenario"], []).append({k: v for k, v in row.items() if k not in ("scenario", "kind")})
        assert by["base"]
        assert by["base"] == by["paid 0 %"] == by["unpaid 0 %"]


def test_a_share_of_nothing_gives_the_same_books(tmp_path: Path) -> None:
    """The four tables of the books are equal to the last byte."""
    path = case(tmp_path)
    base = settle.compute(jobfile.load(path), path.parent)
    for kind in whatif.KINDS:
        assert whatif.scenario(base, kind, Fraction(0)).books == base.books


def test_nothing_is_lost(told: tuple[Path, dict[str, Any]]) -> None:
    """In each scenario the parts are what was collected; under `paid` that is the base's, and nobody's part rises."""
    found = totals(told[0])
    for row in found.values():
        parts = ("people_micro", "recorded_micro", "generated_micro", "suspense_micro")
        assert sum(row[part] for part in parts) == row["collected_micro"]
        out = row["fees_micro"] + row["funds_micro"] + row["paid_micro"] + row["carried_out_micro"]
        assert out == row["people_micro"] + row["recorded_micro"]
    base, quarter = found["base"], found["paid 25 %"]
    assert quarter["collected_micro"] == base["collected_micro"]
    assert 0 <= quarter["generated_micro"] - base["collected_micro"] // 4 <= 4
    assert base["recorded_micro"] > 0
    assert abs(4 * quarter["people_micro"] - 3 * base["people_micro"]) < 100
    for row in run.read_table(told[0], tables.whatif.MEMBERS).to_pylist():
        assert row["gross_change_micro"] <= 0
        assert row["paid_change_micro"] <= 0


def test_what_is_not_charged_for_is_priced_again(told: tuple[Path, dict[str, Any]]) -> None:
    """Unpaid, flat pools stay whole and a charge by the play falls by that share of the plays, exactly."""
    scenario = next(one for one in told[1]["scenarios"] if one["scenario"] == "unpaid 25 %")
    (changed,) = scenario["charges_changed"]
    assert changed["tariff_id"] == "per-play"
    assert 4 * changed["here"]["amount_micro"] == 3 * changed["base"]["amount_micro"]
    lost = changed["base"]["amount_micro"] - changed["here"]["amount_micro"]
    found = totals(told[0])
    assert found["base"]["collected_micro"] - found["unpaid 25 %"]["collected_micro"] == lost
    assert found["unpaid 25 %"]["generated_micro"] == 0


def test_who_falls_under_the_minimum_payout_is_named(told: tuple[Path, dict[str, Any]]) -> None:
    """At a share so large that little is left, payees are carried forward, lose nothing, and are counted."""
    rows = [r for r in run.read_table(told[0], tables.whatif.MEMBERS).to_pylist() if r["scenario"] == "paid 99.9 %"]
    below = [row for row in rows if row["below_minimum"]]
    assert below
    for row in below:
        assert row["paid_micro"] == 0 > row["paid_change_micro"]
        assert row["carried_out_micro"] == row["gross_micro"] - row["fee_micro"] - row["fund_micro"]
    assert totals(told[0])["paid 99.9 %"]["payees_below"] == len(below)
    page = (told[0] / "whatif.html").read_text(encoding="utf-8")
    assert f"{len(below)} payees fall under the minimum payout" in page


def test_the_assumptions_and_studies_stand_on_the_page(told: tuple[Path, dict[str, Any]]) -> None:
    """Every assumption, every study with its source, day and grade, in the language of the page; and no script."""
    for name, language in (("whatif.html", "en"), ("whatif.zh-Hant.html", "zh-Hant")):
        page = (told[0] / name).read_text(encoding="utf-8").replace("&#34;", '"').replace("&#39;", "'")
        for one in told[1]["assumptions"]:
            assert one[language] in page
        for one in told[1]["studies"]:
            assert one["published"] in page
            assert one["figure"][language] in page
            assert one["url"] in page
        assert "<script" not in page
        assert page.count("<svg") >= 5


def test_works_recorded_as_generated_are_counted_apart(told: tuple[Path, dict[str, Any]]) -> None:
    """Their money is no income of people; their payees' part of it is named."""
    members = {
        (row["party_id"], row["society"]): row
        for row in run.read_table(told[0], tables.whatif.MEMBERS).to_pylist()
        if row["scenario"] == "base"
    }
    recorded = sum(row["recorded_micro"] for row in members.values())
    assert recorded == totals(told[0])["base"]["recorded_micro"] > 0
    assert 0 < members["N-H1", "NORTH"]["recorded_micro"] < members["N-H1", "NORTH"]["gross_micro"]
    assert members["N-A1", "NORTH"]["recorded_micro"] == 0
    assert told[1]["works_recorded_as_generated"] == 1


def test_the_summary_is_what_is_on_the_disk(told: tuple[Path, dict[str, Any]]) -> None:
    """`whatif.json` is the result, names the settlement by its run's id, and the same job gives the same bytes."""
    out, found = told
    assert json.loads((out / "whatif.json").read_bytes()) == json.loads(json.dumps(found))
    assert found["form"] == "partita.whatif/1"
    path = out.parent / "case" / "job.toml"
    assert settle.settle(path, out.parent / "run")["run_id"] == found["run_id"]
    again = whatif.whatif(
        path, out.parent / "again", whatif.Asked((Fraction(999, 1000), QUARTER, Fraction(0), QUARTER))
    )
    assert again["files"] == found["files"]


def test_sheets_run_nothing_and_pages_escape(tmp_path: Path) -> None:
    """A payee whose name is a formula or a tag is text, in the sheet and on the page."""
    shares = harbour.SHARES.replace('"Publisher One (fictional)"', "=HYPERLINK(1)").replace(
        "Archive Two (fictional)", "<img src=x>"
    )
    whatif.whatif(case(tmp_path, shares=shares), tmp_path / "out", whatif.Asked((QUARTER,), ("paid",)))
    with (tmp_path / "out" / "members.csv").open(encoding="utf-8-sig", newline="") as file:
        names = {row["party_name"] for row in csv.DictReader(file)}
    assert "'=HYPERLINK(1)" in names
    page = (tmp_path / "out" / "whatif.html").read_text(encoding="utf-8")
    assert "<img" not in page
    assert "&lt;img src=x&gt;" in page


def test_jobs_that_cannot_be_asked_are_refused(tmp_path: Path) -> None:
    """A training run and a run that adjusts another say so; nothing is written."""
    path = case(tmp_path, more='\n[earlier]\nadjusts = "run"\n')
    with pytest.raises(InputError, match="adjusts an earlier run"):
        whatif.whatif(path, tmp_path / "out")
    training = Path(__file__).parent / "training" / "job.toml"
    with pytest.raises(InputError, match="training run"):
        whatif.whatif(training, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("share", [Fraction(1), Fraction(-1, 100)])
def test_what_is_no_share_is_refused(share: Fraction, tmp_path: Path) -> None:
    """The whole pool, or less than nothing."""
    with pytest.raises(InputError, match="no share of generated works"):
        whatif.whatif(case(tmp_path), tmp_path / "out", whatif.Asked((share,)))


@pytest.mark.parametrize(
    ("share", "shown"),
    [("24%", "24 %"), ("0.005", "0.5 %"), ("12.5 %", "12.5 %"), ("1/3", "1/3"), ("0", "0 %"), ("0.05 %", "0.05 %")],
)
def test_shares_are_named_exactly(share: str, shown: str) -> None:
    """As a percentage where a finite one says it, else as a fraction."""
    assert whatif.label(money.exact(share)) == shown


def test_a_settlement_that_pays_nobody_is_answered(tmp_path: Path) -> None:
    """Where no line matches, all waits in suspense: nothing is at risk, nothing fails, and the page says it."""
    path = harbour.write(tmp_path / "case")
    line = "L8,沒有人登記的歌,某甲,某乙,國語,11,2019-06-01"
    (tmp_path / "case" / "log.csv").write_text(f"{harbour.LOG_HEADER}\n{line}\n", encoding="utf-8")
    whatif.whatif(path, tmp_path / "out", whatif.Asked((QUARTER,)))
    found = totals(tmp_path / "out")["paid 25 %"]
    assert found["people_micro"] == found["people_change_micro"] == 0
    assert found["generated_micro"] + found["suspense_micro"] == found["collected_micro"] > 0
    page = (tmp_path / "out" / "whatif.html").read_text(encoding="utf-8")
    assert "No payee loses anything here." in page

"""A training run's folder: what no licence covers, invoices, the report, and lists that prove themselves."""

from __future__ import annotations

import csv
import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from partita.errors import InputError
from partita.formats import disclosure_file
from partita.jobs import log, log_keys, proven, registry
from partita.jobs.settle import settle
from partita.prove.faults import AlteredFigure

CASE = Path(__file__).parent / "training"
AT = dt.datetime(2025, 12, 1, tzinfo=dt.UTC)
OFFER = """
offers:
  - {offer_id: O2, licensor: S2, target_kind: repertoire, target: S2, purpose: train, system: "*", territory: world,
     model: per_work, payee: S2, currency: EUR, source: web, valid_from: 2020-01-01, terms: '%s'}
"""
TERMS = json.dumps(
    {
        "@context": "http://www.w3.org/ns/odrl.jsonld",
        "@type": "Offer",
        "uid": "urn:partita:odrl:model:per_work",
        "profile": "urn:partita:odrl",
        "permission": [
            {
                "action": "urn:partita:odrl:train",
                "duty": [
                    {
                        "uid": "urn:partita:odrl:duty:works",
                        "action": [
                            {
                                "rdf:value": {"@id": "compensate"},
                                "refinement": [
                                    {
                                        "leftOperand": "urn:partita:odrl:amount",
                                        "operator": "eq",
                                        "rightOperand": "7.50",
                                        "unit": "EUR",
                                    }
                                ],
                            }
                        ],
                    }
                ],
            }
        ],
    }
)


def make(folder: Path, *changes: tuple[str, str], rows: str = "") -> Path:
    """The small case below `folder` with an offer of S2 in its registry, its job changed, rows added; its job file."""
    case = folder / "case"
    shutil.copytree(CASE, case)
    with (case / "registry.yaml").open("a", encoding="utf-8") as file:
        file.write(OFFER % TERMS)
    registry.import_files(str(case / "registry.db"), [case / "registry.yaml"], "test", AT)
    text = (case / "job.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (case / "job.toml").write_text(text, encoding="utf-8")
    with (case / "manifest.csv").open("a", encoding="utf-8") as file:
        file.write(rows)
    return case / "job.toml"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The settled case, of whose income one figure is missing."""
    folder = tmp_path_factory.mktemp("training")
    row = '50,https://evil.example/a,Seven Paper Boats,"=1+1 <script>x</script>",2025-09-02,,,\n'
    job = make(folder, ('figures = {service_income = "5000.10"}', ""), rows=row)
    settle(job, folder / "out")
    return folder / "out"


def _sheet(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _invoice(out: Path, licensor: str) -> dict[str, Any]:
    found = [json.loads(path.read_bytes()) for path in sorted((out / "invoices").glob("*.json"))]
    return next(one for one in found if one["licensor"]["id"] == licensor)


def test_uses_without_a_licence_are_listed_with_their_evidence(out: Path) -> None:
    """What was reserved that day names the statement, its carrier and its first day; what was allowed is not listed."""
    rows = {row["item_id"]: row for row in _sheet(out / "unlicensed.csv")}
    assert rows["2"]["answer"] == "refused"
    assert (rows["2"]["statement_id"], rows["2"]["carrier"], rows["2"]["evidence"]) == ("R2", "robots_group", "served")
    assert (rows["2"]["taken_on"], rows["2"]["since"]) == ("2025-07-01", "2025-06-01")
    assert (rows["2"]["title"], rows["2"]["societies"]) == ("Lanterns over Harbour Road", "S1")
    assert (rows["6"]["societies"], rows["6"]["claim"]) == ("S2", "expired_before_training")
    assert "8" not in rows


def test_no_cell_of_the_sheet_runs_anything(out: Path) -> None:
    """A formula in a manifest stays text."""
    with (out / "unlicensed.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]


def test_an_offer_is_priced_for_the_works_counted_and_nothing_is_charged(out: Path) -> None:
    """One work of S2 in three items at 7.50 a work; S1, which licensed its part, has nothing to claim for those."""
    rows = pq.read_table(out / "unlicensed.parquet").to_pylist()
    mine = next(row for row in rows if row["tariff_id"] == "O2")
    assert (mine["licensee"], mine["society"], mine["method"]) == ("acme/m1", "S2", "works")
    assert (mine["works"], mine["claim_micro"], mine["formula"]) == (1, 7_500_000, "7.5 x 1 works")
    assert "O2" not in pq.read_table(out / "charges.parquet").column("tariff_id").to_pylist()


def test_a_society_without_an_offer_is_named_without_a_price(out: Path) -> None:
    """S1's member withdrew: its uses are counted, and no amount is made up."""
    rows = pq.read_table(out / "unlicensed.parquet").to_pylist()
    mine = [row for row in rows if row["society"] == "S1"]
    assert [(row["tariff_id"], row["claim_micro"]) for row in mine] == [("", None)]


def test_each_licensor_has_one_invoice_that_adds_up(out: Path) -> None:
    """The invoices' total is what was collected; every component has its step and its source."""
    files = sorted((out / "invoices").glob("*.json"))
    assert len(files) == 2
    found = [json.loads(path.read_bytes()) for path in files]
    collected = json.loads((out / "run.json").read_bytes())["totals"]["EUR"]["collected"]
    assert sum(one["total_micro"] for one in found) == collected
    for one in found:
        parts = [part for licence in one["licences"] for part in licence["components"]]
        assert sum(part["amount_micro"] for part in parts) == one["net_micro"]
        assert all(part["steps"] and part["steps"][0]["source"] for part in parts)


def test_what_is_missing_is_named_on_the_invoice_and_not_charged(out: Path) -> None:
    """Without the income of the service, the fee for training is invoiced alone."""
    mine = _invoice(out, "S1")
    assert [part["component"] for part in mine["licences"][0]["components"]] == ["training"]
    assert {"name": "service_income", "what": "not stated"} in mine["licences"][0]["missing"]
    pages = [path for path in (out / "invoices").glob("*.html") if mine["reference"] in path.read_text("utf-8")]
    assert len(pages) == 2
    assert any("請款單" in page.read_text("utf-8") for page in pages)
    assert all("service_income" in page.read_text("utf-8") for page in pages)


def test_an_invoice_holds_no_float(out: Path) -> None:
    """So that every figure of it can be committed to."""

    def refuse(text: str) -> float:
        raise AssertionError(text)

    for path in (out / "invoices").glob("*.json"):
        json.loads(path.read_bytes(), parse_float=refuse)


def test_an_amount_finer_than_a_cent_is_rounded_for_payment_alone(tmp_path: Path) -> None:
    """The total stays exact; what is to be paid is whole cents, half up."""
    job = make(tmp_path, ('"training.amount" = "1000"', '"training.amount" = "1000.125"'))
    settle(job, tmp_path / "out")
    mine = _invoice(tmp_path / "out", "S1")
    assert (mine["total_micro"], mine["payable_micro"]) == (1_500_135_000, 1_500_140_000)


def test_the_report_says_what_was_found_and_links_to_everything(out: Path) -> None:
    """In both languages; every link leads to a file of the run."""
    for name, word in (("report.html", "Reserved when taken"), ("report.zh-Hant.html", "取得時已保留")):
        page = (out / name).read_text(encoding="utf-8")
        assert word in page
        assert "<script" not in page
        links = [part.split('"')[0] for part in page.split('href="')[1:]]
        assert len(links) > 6
        for link in links:
            assert (out / link).is_file(), link


def test_each_society_and_each_member_has_a_list_of_its_own_works(out: Path) -> None:
    """A member's list names its own shares alone, and nothing of a work that it has no share in."""
    index = json.loads((out / "rightsholders" / "index.json").read_bytes())
    found = {(row["holder"]["kind"], row["holder"]["id"]): row for row in index["lists"]}
    assert set(found) == {("society", "S1"), ("society", "S2"), ("member", "A"), ("member", "B"), ("member", "C")}
    member = json.loads((out / found["member", "A"]["file"]).read_bytes())
    assert [work["work_id"] for work in member["works"]] == ["W1"]
    assert {holder["party_id"] for work in member["works"] for holder in work["holders"]} == {"A"}
    use = next(use for use in member["works"][0]["uses"] if use["answer"] == "refused")
    assert (use["source"], use["since"]) == ("music.example.org", "2025-06-01")


def test_each_list_is_valid_by_its_schema(out: Path) -> None:
    """Those of members too."""
    for file in sorted((out / "rightsholders").glob("*/*/annex.json")):
        assert disclosure_file.faults(json.loads(file.read_bytes()), disclosure_file.ANNEX) == [], file


def test_members_beyond_the_most_stand_in_their_society_s_list_alone(tmp_path: Path) -> None:
    """As with statements, `html_most` bounds the files; societies always have theirs."""
    job = make(tmp_path, ("[[society]]", "[statements]\nhtml_most = 1\n[[society]]"))
    settle(job, tmp_path / "out")
    index = json.loads((tmp_path / "out" / "rightsholders" / "index.json").read_bytes())
    kinds = [row["holder"]["kind"] for row in index["lists"]]
    assert (kinds.count("society"), kinds.count("member")) == (2, 1)


@pytest.fixture(scope="module")
def sealed(out: Path) -> Path:
    """The run logged, its statements and lists proven beside it."""
    folder = out.parent
    log.init(folder / "log", "society.example/training")
    found = proven.prove(out, folder / "log", folder / "log.key", folder / "proven", AT)
    assert (found["statements"], found["lists"]) == (1, 5)
    return folder / "proven"


def test_each_list_proves_itself_as_a_disclosure(sealed: Path) -> None:
    """Its kind is its schema, and its entry in the log is one of disclosures."""
    policy = log_keys.policy([str(sealed / "society.vkey")])
    for file in sorted((sealed / "rightsholders").glob("*/*/annex.json")):
        document = json.loads(file.read_bytes())
        assert proven.verify(document, policy)["kind"] == "partita/training-annex/1"
        assert json.loads(document["proof"]["entry"])["kind"] == "disclosure"


def test_a_list_with_one_figure_changed_is_told(sealed: Path) -> None:
    """The message names the figure."""
    policy = log_keys.policy([str(sealed / "society.vkey")])
    document = json.loads(next((sealed / "rightsholders").glob("society-s1*/*/annex.json")).read_bytes())
    document["works"][0]["uses"][0]["answer"] = "allowed by nobody"
    with pytest.raises(AlteredFigure, match="/works/0/uses/0/answer"):
        proven.verify(document, policy)


def test_a_list_that_was_altered_in_the_run_is_not_sealed(out: Path, tmp_path: Path) -> None:
    """What the run did not write is not proven in its name."""
    shutil.copytree(out, tmp_path / "run")
    file = next((tmp_path / "run" / "rightsholders").glob("*/*/annex.json"))
    file.write_text(file.read_text("utf-8").replace("W1", "W9"), encoding="utf-8")
    log.init(tmp_path / "log", "society.example/other")
    with pytest.raises(InputError, match="not the one that the run wrote"):
        proven.prove(tmp_path / "run", tmp_path / "log", tmp_path / "log.key", tmp_path / "proven", AT)

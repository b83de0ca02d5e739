"""A model's training run, from manifest to money: who is found, what was reserved that day, who is paid."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest

from partita.errors import InputError
from partita.jobs import registry, training, trainingfile
from partita.jobs.explain import explain
from partita.jobs.settle import settle
from partita.jobs.training import Settled

CASE = Path(__file__).parent / "training"
AT = dt.datetime(2025, 12, 1, tzinfo=dt.UTC)
Run = Callable[..., Settled]


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """The small case with its registry made."""
    shutil.copytree(CASE, tmp_path / "case")
    registry.import_files(str(tmp_path / "case" / "registry.db"), [tmp_path / "case" / "registry.yaml"], "test", AT)
    return tmp_path / "case"


@pytest.fixture
def settled(case: Path) -> Run:
    """Settles the case, its job changed by `(old, new)` pairs of text, rows added to its manifest."""

    def run(*changes: tuple[str, str], rows: str = "", files: dict[str, str] | None = None) -> Settled:
        text = (case / "job.toml").read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (case / "job.toml").write_text(text, encoding="utf-8")
        with (case / "manifest.csv").open("a", encoding="utf-8") as file:
            file.write(rows)
        for name, content in (files or {}).items():
            (case / name).write_text(content, encoding="utf-8")
        return training.compute(trainingfile.load(case / "job.toml"), case)

    return run


def _of(found: Settled, item: str, model: str = "acme/m1") -> dict[str, Any]:
    rows = [r for r in found.found.findings.to_pylist() if r["item_id"] == item and r["model"] == model]
    assert len(rows) == 1
    return dict(rows[0])


def _paid(found: Settled) -> dict[tuple[str, str], int]:
    rows = found.books.allocations.to_pylist()
    return {(row["pool_id"], row["party_id"]): row["amount_micro"] for row in rows}


def test_each_item_is_judged_on_the_day_on_which_it_was_taken(settled: Run) -> None:
    """The same page, taken before and after its site reserved training: unknown then, refused later."""
    found = settled()
    assert (_of(found, "2")["answer"], _of(found, "2")["code"]) == ("refused", "reserved_by_unknown")
    assert _of(found, "3")["answer"] == "unknown"
    assert _of(found, "3")["answer_trained"] == "refused"
    assert _of(found, "2")["since"] == dt.date(2025, 6, 1)
    assert (_of(found, "5")["answer"], _of(found, "5")["answer_trained"]) == ("allowed", "refused")


def test_a_copy_with_the_same_bytes_is_the_same_work(settled: Run) -> None:
    """A mirror without title or name is found by its hash; the reserved site's page is not licensed away by it."""
    row = _of(settled(), "7")
    assert (row["outcome"], row["work_id"], row["rule"]) == ("matched", "W1", "sha256")


def test_copies_of_different_works_identify_nothing(settled: Run) -> None:
    """Where items with one hash are different works, the hash says nothing of a third."""
    one = "b" * 64
    rows = f"20,,夜航之歌,靜潮樂團,2025-03-01,{one},,\n21,,Seven Paper Boats,Mira Solano,2025-03-01,{one},,\n"
    rows += f"22,https://mirror.example.com/q,,,2025-03-01,{one},,\n"
    assert _of(settled(rows=rows), "22")["outcome"] == "unmatched"


def test_a_member_who_withdrew_is_neither_licensed_nor_paid(settled: Run) -> None:
    """B took the right back: the society's licence covers A's half alone, and nothing of B's own song."""
    found = settled()
    assert _of(found, "1")["allowed_ppm"] == 500_000
    assert _of(found, "4")["licences"] == []
    assert {party for _, party in _paid(found)} == {"A"}


def test_the_fee_of_the_licence_is_shared_among_its_works_and_what_is_not_identified(settled: Run) -> None:
    """1,000 for training: one work with four items, and one item that nobody could identify: a quarter of a work."""
    found = settled()
    assert _paid(found) == {("acme L1/training", "A"): 800_000_000, ("acme L1/revenue", "A"): 500_010_000}
    waiting = [r for r in found.books.suspense.to_pylist() if r["reason"] == "unmatched"]
    assert [(r["line_id"], r["amount_micro"]) for r in waiting] == [("acme L1/training:item:8", 200_000_000)]


@pytest.mark.parametrize(
    ("claim", "row", "expected"),
    [
        ("covers", "30,,Lanterns over Harbour Road,The Quiet Tides,2025-03-01,,L1,\n", "covers"),
        ("expired between", "30,,Seven Paper Boats,Mira Solano,2025-09-01,,L2,\n", "expired_before_training"),
        ("expired", "30,,Seven Paper Boats,Mira Solano,2025-12-31,,L2,\n", "expired"),
        ("too early", "30,,Seven Paper Boats,Mira Solano,2024-09-01,,L2,\n", "not_yet"),
        ("another's work", "30,,Seven Paper Boats,Mira Solano,2025-09-01,,L1,\n", "other_repertoire"),
        ("nothing like it", "30,,Seven Paper Boats,Mira Solano,2025-09-01,,L9,\n", "no_such_licence"),
        ("not identified", "30,,Something Else Altogether,Nobody Known,2025-09-01,,L1,\n", "unmatched"),
    ],
)
def test_a_claim_is_checked_and_each_way_to_be_wrong_has_a_name(
    settled: Run, claim: str, row: str, expected: str
) -> None:
    """The developer's own word decides nothing."""
    assert _of(settled(rows=row), "30")["claim"] == expected, claim


def test_a_holder_who_licenses_by_itself_is_paid(settled: Run, case: Path) -> None:
    """A publisher without a society licenses its own song: the fee is its own."""
    direct = """
parties: [{party_id: D, name: Direct, kind: publisher, valid_from: 2000-01-01}]
works: [{work_id: W9, title: The Clockmaker Sleeps, performers: [Ida Vantwell], valid_from: 2000-01-01}]
holdings:
  - {target_kind: work, target: W9, party_id: D, role: E, society: "", share_ppm: 1000000, valid_from: 2000-01-01}
"""
    (case / "direct.yaml").write_text(direct, encoding="utf-8")
    registry.import_files(str(case / "registry.db"), [case / "direct.yaml"], "test", AT)
    licence = """[[licence]]
id = "L3"
licensor = "D"
model = "per_work"
systems = ["acme/m1"]
terms = {"works.amount" = "7"}
valid_from = 2025-01-01
[[society]]"""
    found = settled(("[[society]]", licence), rows="50,,The Clockmaker Sleeps,Ida Vantwell,2025-09-01,,L3,\n")
    assert _of(found, "50")["claim"] == "covers"
    assert _paid(found)["acme L3/works", "D"] == 7_000_000


def test_a_licence_that_names_no_model_of_the_job_is_told(settled: Run) -> None:
    """A slip in `systems` would otherwise look like a licence under which nothing was trained."""
    found = settled(('systems = ["acme/m1"]\nterms = {"works', 'systems = ["acme/m7"]\nterms = {"works'))
    assert [r["value"] for r in found.problems.to_pylist() if r["code"] == "licence.no_model"] == ["L2"]


def test_two_models_that_claim_one_version_s_licence_are_named(settled: Run) -> None:
    """A licence for one version covers no other: its items are uncovered there, and the run says who claimed it."""
    second = '[[model]]\nid = "acme/m2"\nname = "m2"\ntrained_on = 2026-02-01\n[[manifest]]'
    found = settled(("[[manifest]]", second))
    assert _of(found, "1", "acme/m2")["claim"] == "other_model"
    assert _of(found, "1", "acme/m2")["licences"] == []
    twice = [r for r in found.problems.to_pylist() if r["code"] == "licence.two_models"]
    assert [r["value"] for r in twice] == ["L1", "L2"]
    assert "acme/m1, acme/m2" in twice[0]["reason"]


def test_a_fee_for_training_is_charged_in_the_period_of_training_alone(settled: Run) -> None:
    """A period later only the share of income is owed."""
    found = settled(("period_from = 2026-01-01", "period_from = 2026-04-01"), ("2026-03-31", "2026-06-30"))
    charges = {r["charge_id"]: r["amount_micro"] for r in found.charges.to_pylist()}
    assert charges == {"acme L1/training": 0, "acme L1/revenue": 500_010_000, "acme L2/works": 0}


def test_what_a_licence_lacks_is_named_and_not_guessed(settled: Run) -> None:
    """Without the income that the provider should have reported, that part is not charged."""
    found = settled(('figures = {service_income = "5000.10"}', ""))
    assert "acme L1/revenue" not in found.charges.column("charge_id").to_pylist()
    missing = [r["reason"] for r in found.problems.to_pylist() if r["code"] == "licence.missing"]
    assert len(missing) == 1
    assert "service_income" in missing[0]


def test_nothing_is_allowed_because_nobody_spoke(settled: Run) -> None:
    """What nothing is known of is unknown, on both days."""
    row = _of(settled(), "8")
    assert (row["answer"], row["code"], row["answer_trained"]) == ("unknown", "target_unknown", "unknown")


def test_items_without_a_day_are_judged_on_the_day_of_training(settled: Run) -> None:
    """The latest possible day, and the run says how many."""
    found = settled(rows="40,,Seven Paper Boats,Mira Solano,,,,\n")
    row = _of(found, "40")
    assert (row["taken_on"], row["dated"], row["answer"]) == (dt.date(2026, 1, 15), False, "refused")
    assert [r["value"] for r in found.problems.to_pylist() if r["code"] == "items.undated"] == ["1"]


def test_the_run_is_written_balanced_and_the_same_twice(case: Path, tmp_path: Path) -> None:
    """Two runs of one job give the same bytes."""
    for name in ("one", "two"):
        summary = settle(case / "job.toml", tmp_path / name)
        assert summary["balanced"]
        assert summary["kind"] == "training"
    files = {p.relative_to(tmp_path / "one") for p in (tmp_path / "one").rglob("*") if p.is_file()}
    assert all((tmp_path / "one" / f).read_bytes() == (tmp_path / "two" / f).read_bytes() for f in files)
    assert json.loads((tmp_path / "one" / "run.json").read_bytes())["totals"]["EUR"]["collected"] == 1_500_010_000


def test_a_job_that_names_an_offer_which_is_not_there_is_refused(settled: Run) -> None:
    """In one line that names the licence."""
    with pytest.raises(InputError, match="licence L1: the registry holds no offer"):
        settled(('model = "stim_ai"', 'model = "stim_ai"\noffer = "nowhere"'))


def test_every_item_of_every_manifest_is_in_the_findings_once(settled: Run) -> None:
    """None is lost, none counted twice."""
    found = settled()
    assert sorted(found.found.findings.column("item_id").to_pylist()) == [str(n) for n in range(1, 9)]
    assert pc.sum(pc.equal(found.found.findings.column("model"), "acme/m1")).as_py() == 8


def test_a_fee_for_each_work_is_owed_for_each_version_and_paid_to_the_work_that_was_counted(settled: Run) -> None:
    """25 for each work and model version: two versions owe twice, and what nobody could identify holds nothing back."""
    second = '[[model]]\nid = "acme/m2"\nname = "m2"\ntrained_on = 2026-02-01\n[[manifest]]'
    found = settled(
        ("[[manifest]]", second),
        ('model = "stim_ai"\nsystems = ["acme/m1"]', 'model = "per_work"\nsystems = ["acme/m1", "acme/m2"]'),
        ('terms = {"training.amount" = "1000", "revenue.share" = "10 %"}', 'terms = {"works.amount" = "25"}'),
        ('figures = {service_income = "5000.10"}', ""),
    )
    charges = {r["charge_id"]: r["amount_micro"] for r in found.charges.to_pylist()}
    assert charges["acme L1/works"] == 50_000_000
    assert _paid(found) == {("acme L1/works", "A"): 50_000_000}
    assert [r["reason"] for r in found.books.suspense.to_pylist() if r["amount_micro"]] == []


def test_a_fee_for_each_work_is_not_owed_again_for_a_version_of_an_earlier_period(settled: Run) -> None:
    """The first version was paid for in its own period."""
    second = '[[model]]\nid = "acme/m2"\nname = "m2"\ntrained_on = 2026-05-01\n[[manifest]]'
    found = settled(
        ("[[manifest]]", second),
        ("period_from = 2026-01-01", "period_from = 2026-04-01"),
        ("2026-03-31", "2026-06-30"),
        ('model = "stim_ai"\nsystems = ["acme/m1"]', 'model = "per_work"\nsystems = ["acme/m1", "acme/m2"]'),
        ('terms = {"training.amount" = "1000", "revenue.share" = "10 %"}', 'terms = {"works.amount" = "25"}'),
        ('figures = {service_income = "5000.10"}', ""),
    )
    charges = {r["charge_id"]: r["amount_micro"] for r in found.charges.to_pylist()}
    assert charges["acme L1/works"] == 25_000_000


def test_a_member_who_withdrew_between_two_licences_is_paid_under_the_earlier_one_alone(
    settled: Run, case: Path
) -> None:
    """B took the right back after the first model and before the second: the second one's money is A's alone."""
    text = (case / "registry.yaml").read_text(encoding="utf-8")
    later = text.replace("source: letter, valid_from: 2025-01-01", "source: letter, valid_from: 2026-02-01")
    assert later != text
    (case / "registry.yaml").write_text(later, encoding="utf-8")
    (case / "registry.db").unlink()
    registry.import_files(str(case / "registry.db"), [case / "registry.yaml"], "test", AT)
    second = '[[model]]\nid = "acme/m2"\nname = "m2"\ntrained_on = 2026-02-15\n[[manifest]]'
    licence = (
        '[[licence]]\nid = "L3"\nlicensor = "S1"\nmodel = "per_work"\nsystems = ["acme/m2"]\n'
        'terms = {"works.amount" = "25"}\nvalid_from = 2025-01-01\n[[society]]\nid = "S1"'
    )
    paid = _paid(settled(("[[manifest]]", second), ('[[society]]\nid = "S1"', licence)))
    assert {party for pool, party in paid if pool.startswith("acme L1/")} == {"A", "B"}
    assert {pair: amount for pair, amount in paid.items() if pair[0] == "acme L3/works"} == {
        ("acme L3/works", "A"): 25_000_000
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('"training.amount" = "1000"', '"training.amount" = "99999999999999999999999"'), "2\\^62 micro-units or more"),
        (('systems = ["acme/m1"]\nterms = {"training', 'systems = ["acme"]\nterms = {"training'), "'acme' names none"),
    ],
)
def test_a_licence_that_cannot_be_charged_is_refused(settled: Run, change: tuple[str, str], said: str) -> None:
    """A fee beyond all money; a licence for one version that names the provider, and so every version for one fee."""
    with pytest.raises(InputError, match=said):
        settled(change)


@pytest.mark.parametrize(("field", "value"), [("licensor", "S2"), ("model", "per_work"), ("currency", "USD")])
def test_an_offer_that_is_not_the_licence_s_own_is_refused(settled: Run, case: Path, field: str, value: str) -> None:
    """Another's terms, those of another model, or amounts in another currency are never read as the licence's."""
    terms = ("training", "amount", "1000"), ("revenue", "share", "10 %")
    duties = []
    for part, name, what in terms:
        refinement = {"leftOperand": f"urn:partita:odrl:{name}", "operator": "eq", "rightOperand": what}
        action = {"rdf:value": {"@id": "compensate"}, "refinement": [refinement]}
        duties.append({"uid": f"urn:partita:odrl:duty:{part}", "action": [action]})
    policy = {
        "@context": "http://www.w3.org/ns/odrl.jsonld", "@type": "Offer", "uid": "urn:partita:odrl:model:stim_ai",
        "profile": "urn:partita:odrl", "permission": [{"action": "urn:partita:odrl:train", "duty": duties}],
    }  # fmt: skip
    own = {
        "offer_id": "O1", "licensor": "S1", "target_kind": "repertoire", "target": "S1", "purpose": "train",
        "system": "*", "territory": "world", "model": "stim_ai", "payee": "S1", "currency": "EUR",
        "terms": json.dumps(policy), "source": "letter", "valid_from": "2020-01-01",
    }  # fmt: skip
    offers = [own, own | {"offer_id": "O2", field: value}]
    (case / "offers.yaml").write_text(json.dumps({"offers": offers}), encoding="utf-8")
    registry.import_files(str(case / "registry.db"), [case / "offers.yaml"], "test", AT)
    change = ('terms = {"training.amount" = "1000", "revenue.share" = "10 %"}', 'offer = "O1"')
    assert ("acme L1/training", "A") in _paid(settled(change))
    with pytest.raises(InputError, match=f"has the {field} '{value}'"):
        settled(('offer = "O1"', 'offer = "O2"'))


def test_a_line_of_a_training_run_can_be_explained(case: Path, tmp_path: Path) -> None:
    """Whose the work is and what it was paid, though the job states no policy of identifying."""
    settle(case / "job.toml", tmp_path / "run")
    told = explain(tmp_path / "run", "acme L1/training:W1")
    assert [row["party_id"] for row in told["allocations"]] == ["A"]
    assert told["remarks"] == []

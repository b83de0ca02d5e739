"""The annex per rightsholder: its own works whole, and nothing from which anybody else's could be learned."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
import made_training as made

from partita.formats import disclosure_file
from partita.prove import disclosure

WORKS = made.works(
    {"work_id": "N-1", "title": "望春風", "iswc": "T9000000011", "isrc": ["ZZZ992600001"], "society": "NORTH"},
    {"work_id": "S-1", "title": "荒城の月", "society": "SOUTH"},
    {"work_id": "B-1", "title": "雨夜花", "society": "NORTH"},
    {"work_id": "F-1", "title": "Auld Lang Syne"},
)
SHARES = made.shares(
    {"work_id": "N-1", "party_id": "N-H1", "party_name": "Heirs (fictional)", "society": "NORTH"},
    {"work_id": "S-1", "party_id": "S-H3", "society": "SOUTH"},
    {"work_id": "B-1", "party_id": "N-H1", "society": "NORTH", "share_ppm": 500_000},
    {"work_id": "B-1", "party_id": "S-H3", "society": "SOUTH", "share_ppm": 500_000, "role": "A"},
    {"work_id": "F-1", "party_id": "FREE-1", "party_name": "Free (fictional)"},
)
TERMS = disclosure.Terms(
    licensors={"north-ai": "NORTH", "south-ai": "SOUTH"},
    speakers={"s-n": "NORTH", "s-h1": "N-H1", "s-s": "SOUTH", "s-web": "SOUTH"},
)


def of(work: str, **found: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """An item of a work, and what was found of it."""
    item = {"url": f"https://a.example/{work}", "domain": "a.example", "tokens": 9, "dataset": "secret mix"}
    return item, {"outcome": "matched", "work_id": work, "rule": "url", "probability": 1.0} | found


def annexes(*pairs: tuple[dict[str, Any], dict[str, Any]], terms: disclosure.Terms = TERMS) -> dict[str, Any]:
    """The annexes of a made run, by holder."""
    items, findings = made.run(*pairs)
    tables = {"items": items, "findings": findings, "works": WORKS, "shares": SHARES}
    found = disclosure.annexes(tables, made.PROVIDER, made.TRAINED, terms, "2026-07-01")
    return {annex.holder: annex.data for annex in found}


def test_an_annex_has_all_that_is_known_of_a_use() -> None:
    """Codes, title, holders, source, day, the reservation with its statement, carrier and hash, licence and claim."""
    found = of("N-1", answer="refused", code="reserved", statement_id="s-1", carrier="robots", sha256="ab" * 32,
               since=dt.date(2024, 3, 1), evidence="served", claim="expired", taken_on=dt.date(2025, 1, 2),
               licences=["north-ai"])  # fmt: skip
    (work,) = annexes(found)["NORTH"]["works"]
    assert (work["title"], work["iswc"], work["isrc"], work["items"]) == ("望春風", "T9000000011", ["ZZZ992600001"], 1)
    assert work["holders"] == [{"party_id": "N-H1", "name": "Heirs (fictional)", "role": "C", "share_ppm": 1_000_000}]
    (use,) = work["uses"]
    assert use == {
        "source": "a.example", "modality": "text", "rule": "url", "isrc": "", "iscc": "", "dated": True,
        "answer": "refused", "code": "reserved", "statement_id": "s-1", "carrier": "robots", "evidence": "served",
        "sha256": "ab" * 32, "withheld": False, "answer_trained": "unknown",
        "code_trained": "silent", "claim": "expired", "items": 1,
        "taken_on": "2025-01-02", "since": "2024-03-01", "trained_on": "2026-06-01", "size": "9",
        "licences": ["north-ai"],
    }  # fmt: skip


def test_each_society_and_each_holder_in_none_gets_one() -> None:
    """Whoever has no work in the manifests gets none; items whose work is not known stand in none."""
    found = annexes(of("N-1"), of("F-1"), ({}, {}))
    assert [(a["holder"]["kind"], name, a["totals"]["items"]) for name, a in found.items()] == [
        ("party", "FREE-1", 1), ("society", "NORTH", 1),
    ]  # fmt: skip
    assert found["FREE-1"]["holder"]["name"] == "Free (fictional)"


def test_a_shared_work_shows_each_society_its_own_holders_and_licences_alone() -> None:
    """Both see the use; neither sees the other's member, share or licence."""
    found = annexes(of("B-1", licences=["north-ai", "south-ai", "unknown-ai"]))
    for society, holder in (("NORTH", "N-H1"), ("SOUTH", "S-H3")):
        (work,) = found[society]["works"]
        assert [row["party_id"] for row in work["holders"]] == [holder]
        assert work["uses"][0]["licences"] == [f"{society.lower()}-ai"]


@pytest.mark.parametrize(
    ("statement", "carrier", "north", "south"),
    [("s-n", "registry", "s-n", None), ("s-h1", "registry", "s-h1", None), ("s-s", "registry", None, "s-s"),
     ("s-web", "robots", "s-web", "s-web"), ("nobody", "registry", None, None), (None, "", None, None)],
)  # fmt: skip
def test_what_another_told_the_registry_is_withheld(
    statement: str | None, carrier: str, north: str | None, south: str | None
) -> None:
    """A statement of another society on a shared work is theirs to know; what the web says, anybody may read."""
    found = annexes(of("B-1", statement_id=statement, carrier=carrier, sha256="ab", evidence="declared"))
    for society, told in (("NORTH", north), ("SOUTH", south)):
        (use,) = found[society]["works"][0]["uses"]
        assert (use["statement_id"], use["sha256"] == "") == (told, bool(use["withheld"]))
        assert use["withheld"] is (carrier == "registry" and told is None)


@settings(max_examples=40)
@given(st.lists(st.sampled_from(["S-1", "F-1", ""]), max_size=8), st.integers(0, 8))
def test_what_belongs_to_others_changes_no_byte_of_an_annex(others: list[str], place: int) -> None:
    """Two manifests that differ only in other holders' items, and in where they stand, give the same bytes."""
    own = [of("N-1"), of("B-1", answer="refused", code="reserved"), of("N-1", dated=False)]
    more = [of(work) if work else ({"origin": "licensed", "dataset": "x"}, {}) for work in others]
    alone = json.dumps(annexes(*own)["NORTH"])
    mixed = json.dumps(annexes(*more[:place], *own, *more[place:])["NORTH"])
    assert mixed == alone


def test_an_annex_tells_no_mix() -> None:
    """No dataset, no manifest, no item's number, and by default no address below the domain."""
    text = json.dumps(annexes(of("N-1"), of("S-1"))["NORTH"])
    for secret in ("secret mix", "m.jsonl", "item_id", "S-1", "SOUTH", "https://a.example"):
        assert secret not in text


def test_whole_addresses_are_told_by_choice() -> None:
    """`full` gives the URL; an item without one gives its domain, or nothing."""
    terms = disclosure.Terms(detail="full")
    (work,) = annexes(of("N-1"), ({"tokens": 1}, of("N-1")[1]), terms=terms)["NORTH"]["works"]
    assert [use["source"] for use in work["uses"]] == ["", "https://a.example/N-1"]


def test_equal_uses_are_one_line_with_their_number() -> None:
    """What is the same in everything told is counted, not repeated; an unknown size among them is no 0."""
    (work,) = annexes(of("N-1"), of("N-1"), ({"domain": "a.example"}, of("N-1")[1]))["NORTH"]["works"]
    assert [(use["items"], use["size"]) for use in work["uses"]] == [(3, None)]


@pytest.mark.parametrize("work", ["N-1", "B-1", "F-1"])
def test_annexes_fit_their_schema(work: str) -> None:
    """Every annex is valid against the schema that is shipped, and has its place for a proof."""
    for annex in annexes(of(work), of(work, answer="allowed", dated=False)).values():
        assert disclosure_file.faults(annex, disclosure_file.ANNEX) == []
        assert annex["proof"] is None

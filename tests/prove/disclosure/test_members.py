"""A society's annex, member by member: each sees its own works and shares, and nothing that another one said."""

from __future__ import annotations

import copy
from typing import Any

from partita.prove.disclosure import Annex, members


def _use(statement: str | None, items: int = 1) -> dict[str, Any]:
    return {
        "items": items, "answer": "refused", "answer_trained": "refused", "claim": "", "modality": "text",
        "dated": True,
        "statement_id": statement, "carrier": "registry", "evidence": "declared", "sha256": "ab", "since": "2025-01-01",
        "withheld": False, "licences": ["L1"],
    }  # fmt: skip


def _work(name: str, holders: list[str], uses: list[dict[str, Any]]) -> dict[str, Any]:
    held = [{"party_id": party, "name": f"Name of {party}", "role": "CA", "share_ppm": 500_000} for party in holders]
    return {"work_id": name, "holders": held, "items": sum(use["items"] for use in uses), "uses": uses}


def _annex() -> Annex:
    works = [
        _work("W1", ["A", "B"], [_use("of-a"), _use("of-b", 2), _use("of-s"), _use(None, 4)]),
        _work("W2", ["B"], [_use("of-b")]),
    ]
    whose = {"kind": "society", "id": "S", "name": "Society"}
    return Annex("society", "S", {"schema": "x", "holder": whose, "totals": {}, "works": works, "proof": None})


SPEAKERS = {"of-a": "A", "of-b": "B", "of-s": "S"}


def test_each_member_has_its_own_works_shares_and_totals() -> None:
    """A has a part of one work, B of both; totals are over these alone."""
    found = {annex.holder: annex.data for annex in members(_annex(), SPEAKERS)}
    assert {name: data["totals"]["works"] for name, data in found.items()} == {"A": 1, "B": 2}
    assert {name: data["totals"]["items"] for name, data in found.items()} == {"A": 8, "B": 9}
    for name, data in found.items():
        assert {holder["party_id"] for work in data["works"] for holder in work["holders"]} == {name}
        assert data["holder"] == {"kind": "member", "id": name, "name": f"Name of {name}", "society": "S"}


def test_what_another_member_told_is_withheld_and_the_use_still_counts() -> None:
    """B's statement is not shown to A; A's own, the society's and those of unknown speakers are."""
    mine = next(annex.data for annex in members(_annex(), SPEAKERS) if annex.holder == "A")
    uses = mine["works"][0]["uses"]
    assert [use["statement_id"] for use in uses] == ["of-a", None, "of-s", None]
    assert [use["withheld"] for use in uses] == [False, True, False, False]
    assert (uses[1]["carrier"], uses[1]["sha256"], uses[1]["since"], uses[1]["items"]) == ("", "", None, 2)


def test_the_society_s_own_annex_is_not_changed() -> None:
    """What is told to members is laid over it, never written into it."""
    annex = _annex()
    before = copy.deepcopy(annex.data)
    assert len(list(members(annex, SPEAKERS))) == 2
    assert annex.data == before


def test_a_holder_in_no_society_has_no_members() -> None:
    """Its annex is its own."""
    assert list(members(Annex("party", "A", _annex().data), SPEAKERS)) == []

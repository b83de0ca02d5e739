"""Every case in tests/clear/cases: given a registry and a question, what is answered and why; singly and in a table."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml
from made_facts import gather, snapshot, uses

from partita import clear
from partita.clear import Use, reasons

CASES = Path(__file__).parent / "cases"
WORDS = {"for": "purpose", "in": "territory", "from": "valid_from", "until": "valid_to", "who": "party_id",
         "says": "kind", "holder": "party_id", "member": "party_id", "by": "carrier", "offer": "offer_id"}  # fmt: skip
"""The words of the cases, and the columns that they mean; the others are called as their columns."""

PLURALS = {"said": "statements", "shares": "holdings", "mandates": "mandates", "agreements": "reciprocals",
           "offers": "offers", "links": "links", "withdrawals": "mandates"}  # fmt: skip


def _all() -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += [pytest.param(content["registry"], case, id=f"{path.stem}: {case['title']}")
                  for case in content["cases"]]  # fmt: skip
    return found


def _row(kind: str, given: dict[str, Any]) -> dict[str, Any]:
    row = {WORDS.get(name, name): value for name, value in given.items()}
    for name, ends in {"about": "target", "of": "target", "thing": "target", "belongs to": "parent"}.items():
        if name in row:
            row[f"{ends}_kind"], row[ends] = row.pop(name).split(" ", 1)
    for name, column in {"told": "recorded_at", "corrected": "retired_at"}.items():
        if name in row:
            row[column] = dt.datetime.combine(row.pop(name), dt.time())
    if kind == "said":
        row["statement_id"] = row.pop("id")
    if kind == "offers":
        row["offer_id"], row["licensor"] = row.pop("id"), row.pop("party_id")
    if kind == "agreements":
        row["grantor"], row["grantee"] = row.pop("valid_from"), row.pop("to")
    if kind == "shares":
        row["share_ppm"] = row.pop("share") * 10_000
    return row | ({"kind": "withdrawal"} if kind == "withdrawals" else {})


def _registry(shared: dict[str, Any], case: dict[str, Any]) -> dict[str, Any]:
    rows: dict[str, list[dict[str, Any]]] = {}
    own = {name.removeprefix("registry "): given for name, given in case.items()}
    for given in (shared, own):
        for name in PLURALS.keys() & given.keys():
            rows.setdefault(PLURALS[name], []).extend(_row(name, row) for row in given[name])
    return snapshot(rows)


def _use(asked: dict[str, Any]) -> Use:
    kind, target = asked["target"].split(" ", 1)
    known = dt.datetime.combine(asked["known"], dt.time()) if "known" in asked else None
    return Use("use", kind, target, asked["for"], asked.get("system", "*"), asked.get("in", "world"),
               asked.get("at", dt.date(2026, 7, 1)), known)  # fmt: skip


@pytest.mark.parametrize(("shared", "case"), _all())
def test_case(shared: dict[str, Any], case: dict[str, Any]) -> None:
    """What the case expects is answered, in a table as singly, and in words without a gap in both languages."""
    data, use = _registry(shared, case), _use(case["asked"])
    answer = clear.decide(use, gather(data, use))
    row = answer.row()
    assert {name: row[name] for name in case["expected"]} == case["expected"], row
    assert clear.decide_all(uses([use]), data).to_pylist() == [row]
    for language in reasons.LANGUAGES:
        said = clear.decide(use, gather(data, use), language).reason
        assert "{" not in said
        assert "  " not in said
        assert "()" not in said


def test_every_code_is_the_answer_of_a_case() -> None:
    """Each code of the closed list is what some case expects, and every case has its code or its answer."""
    expected = [case["expected"] for _, case in (param.values for param in _all())]
    assert {e["code"] for e in expected if "code" in e} == set(reasons.REASON)
    assert len(expected) >= 80

"""What a licence's duties take back from an answer: shares that rested on it, and nothing else."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from partita.clear.odrl import Deed
from partita.jobs.check import Asked, Question, check
from partita.registry import record
from partita.registry.store import Store, open_store

DAY = dt.date(2026, 5, 1)
ALWAYS = {"valid_from": dt.date(2000, 1, 1)}
DEADLINE = [{"leftOperand": "dateTime", "operator": "lteq", "rightOperand": "2026-04-30"}]
INFORM = {"uid": "urn:inform", "action": "inform", "constraint": DEADLINE}
AGREEMENT = {"uid": "urn:p", "@type": "Agreement"}
ANY = {"action": "urn:partita:odrl:train"}
TERMS = {
    "duty": json.dumps(AGREEMENT | {"permission": [ANY | {"duty": [INFORM]}]}),
    "obligation": json.dumps(AGREEMENT | {"permission": [ANY], "obligation": [INFORM]}),
    "unreadable": json.dumps({"permission": "none"}),
    "none": json.dumps(AGREEMENT | {"permission": [ANY]}),
}


def made(path: Path, terms: str) -> Store:
    """One work of two holders: A's licence has the terms, B's has none."""
    of_work = {"target_kind": "work", "target": "W", **ALWAYS}
    common = {"purpose": "train", "system": "*", "territory": "world"}
    rows: dict[str, list[dict[str, Any]]] = {
        "works": [{"work_id": "W", "title": "W", **ALWAYS}],
        "holdings": [of_work | {"party_id": p, "role": "CA", "society": "", "share_ppm": s} for p, s in
                     (("A", 400_000), ("B", 600_000))],
        "offers": [of_work | common | {"offer_id": p, "licensor": p, "model": "fee_per_work", "payee": p,
                   "currency": "EUR", "terms": t, "source": "s"} for p, t in (("A", terms), ("B", TERMS["none"]))],
        "statements": [{"statement_id": p, "kind": "licence", "target_kind": "party", "target": p, "party_id": p,
                        "offer_id": p, "carrier": "registry", "form": "machine", "evidence": "declared", "source": "s",
                        **common, **ALWAYS} for p in ("A", "B")],
    }  # fmt: skip
    store = open_store(path)
    record.add_all(store, rows, "tests", dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    return store


@pytest.mark.parametrize(
    ("terms", "done", "answer", "code", "allowed"),
    [
        ("none", (), "allowed", "licensed", 1_000_000),
        ("duty", (), "unknown", "duty_violated", 600_000),
        ("duty", (Deed("inform", dt.date(2026, 4, 30)),), "allowed", "licensed", 1_000_000),
        ("duty", (Deed("inform", dt.date(2026, 5, 1)),), "unknown", "duty_violated", 600_000),
        ("duty", None, "allowed", "licensed", 1_000_000),
        ("obligation", (), "unknown", "duty_violated", 600_000),
        ("unreadable", (), "unknown", "terms_unreadable", 600_000),
        ("unreadable", None, "allowed", "licensed", 1_000_000),
    ],
)
def test_a_duty_takes_back_the_shares_that_rest_on_it(
    tmp_path: Path, terms: str, done: tuple[Deed, ...] | None, answer: str, code: str, allowed: int
) -> None:
    """A's 40 % fall where A's licence has a duty that is violated or unreadable; B's stay. Unstated takes nothing."""
    store = made(tmp_path / "registry.db", TERMS[terms])
    found = check(store, Asked("W"), Question("train", at=DAY, deeds=done))

    assert (found["answer"], found["code"], found["shares"]["allowed_ppm"]) == (answer, code, allowed)
    fallen = {part["party"] for part in found["shares"]["parts"] if part["answer"] == "unknown"}
    assert fallen == (set() if answer == "allowed" else {"A"})
    if done is None:
        assert {row["state"] for row in found["duties"]} == {"unstated"}


def test_the_reason_is_told_in_the_language_asked(tmp_path: Path) -> None:
    """In Chinese too: a violated duty, and a text that names nothing."""
    store = made(tmp_path / "registry.db", TERMS["duty"])
    violated = check(store, Asked("W"), Question("train", at=DAY, deeds=(), language="zh-Hant"))
    nothing = check(store, Asked("nothing"), Question("train", at=DAY, language="zh-Hant"))

    assert violated["reason"].startswith("授權所附之義務未履行")
    assert nothing["reason"].startswith("不知標的為何著作")

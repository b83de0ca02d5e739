"""Statements that prove themselves: figures sealed, logged, verified and computed again."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita import money
from partita.prove import Entry, Policy, create_log, figures, make_key, statement
from partita.prove.faults import AlteredFigure, ForgedProof, UnknownKey, WrongOrigin

SALTS = [bytes([number]) * 32 for number in range(1, 4)]


def _statement(payee: str = "A", paid: int = 700_000) -> dict[str, Any]:
    """A small statement whose figures follow from each other."""
    return {
        "form": "partita.statement/1",
        "run_id": "0123456789ab",
        "currency": "EUR",
        "adjusts": "",
        "payee": {"party_id": payee, "name": payee, "society": "S"},
        "pools": {"P": {"amount": "3.00", "amount_micro": 3_000_000, "weight": 3, "steps": []}},
        "lines": [
            {"pool_id": "P", "work_id": "W", "weight": 1, "share_ppm": 700_000, "claimed_ppm": 1_000_000,
             "plays": 1, "amount": "0.70", "amount_micro": 700_000}
        ],
        "money": {
            "gross": "0.70", "gross_micro": 700_000, "fee": "0.00", "fee_micro": 0, "fund": "0.00", "fund_micro": 0,
            "net": "0.70", "net_micro": 700_000, "carried_in": "0.00", "carried_in_micro": 0,
            "paid": money.show(paid), "paid_micro": paid, "carried_out": money.show(700_000 - paid),
            "carried_out_micro": 700_000 - paid, "fee_ppm": 0, "fund_ppm": 0,
        },
    }  # fmt: skip


@pytest.fixture
def proven(tmp_path: Path) -> tuple[list[dict[str, Any]], Policy]:
    """Three statements of one run, logged and proven, and the policy of the society's key."""
    signer = make_key("society.example/log", bytes(range(32)))
    log = create_log(tmp_path / "log", "society.example/log")
    documents = [_statement(name) for name in "ABC"]
    sealed = [(salt, figures.seal(each, salt)) for each, salt in zip(documents, SALTS, strict=True)]
    commitment, count = statement.together([each for _, each in sealed])
    entry = Entry("2026-11-22T10:00:00Z", "statement", commitment, count)
    log.append([b"something before", entry.data(), b"something after"])
    log.sign(signer)
    proofs = statement.prove(sealed, entry, log.proof(1))
    whole = [{**each, "proof": proof} for each, proof in zip(documents, proofs, strict=True)]
    return json.loads(json.dumps(whole)), Policy((signer.verifier,))


def test_a_statement_is_verified_with_nothing_but_itself_and_the_key(
    proven: tuple[list[dict[str, Any]], Policy],
) -> None:
    """Each of the three holds, and says when it was logged."""
    documents, policy = proven
    for document in documents:
        found = statement.verify(document, policy)
        assert (found.entry.at, found.entry.count, found.index) == ("2026-11-22T10:00:00Z", 3, 1)
        assert statement.recompute(document) == 8


@given(data=st.data())
def test_one_changed_figure_is_named(data: st.DataObject) -> None:
    """Whatever figure is changed, its pointer stands in the message."""
    document = _statement()
    sealed = figures.seal(document, SALTS[0])
    places = [place for place, value in figures.figures(document) if not isinstance(value, list)]
    place = data.draw(st.sampled_from(places))
    changed = copy.deepcopy(document)
    *path, last = place.removeprefix("/").split("/")
    inside: Any = changed
    for name in path:
        inside = inside[int(name)] if isinstance(inside, list) else inside[name]
    old = inside[last]
    inside[last] = old + 1 if isinstance(old, int) else old + "1"
    with pytest.raises(AlteredFigure, match=place.replace("/", "/")):
        figures.unseal(changed, SALTS[0], sealed.hints)


def test_altered_hints_do_not_help_a_forger(proven: tuple[list[dict[str, Any]], Policy]) -> None:
    """Who changes a figure and its hint as well has another root, which the log does not hold."""
    documents, policy = proven
    document = documents[0]
    document["money"]["paid_micro"] += 10_000
    salt = figures.read_salt(document["proof"]["salt"])
    document["proof"]["hints"] = figures.as_text(figures.seal(document, salt).hints)
    with pytest.raises(ForgedProof):
        statement.verify(document, policy)


def test_another_key_is_not_trusted(proven: tuple[list[dict[str, Any]], Policy]) -> None:
    """A statement signed by somebody else's key is not the society's."""
    documents, _ = proven
    stranger = make_key("society.example/log", b"x" * 32).verifier
    with pytest.raises(UnknownKey):
        statement.verify(documents[0], Policy((stranger,)))
    with pytest.raises(WrongOrigin):
        statement.verify(documents[0], Policy((make_key("other.example/log", b"y" * 32).verifier,)))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda s: s["lines"][0].update(amount_micro=700_002, amount="0.700002"), "/lines/0/amount_micro"),
        (lambda s: s["lines"][0].update(amount="0.71"), "/lines/0/amount is"),
        (lambda s: s["money"].update(gross_micro=800_000, gross="0.80"), "/money/gross_micro"),
        (lambda s: s["money"].update(fee_ppm=100_000), "/money/fee_micro"),
        (lambda s: s["money"].update(carried_out_micro=5, carried_out="0.000005"), "/money/carried_out_micro"),
        (lambda s: s["pools"]["P"].pop("weight"), "missing"),
        (lambda s: s["pools"]["P"].update(weight=0), "missing"),
    ],
)
def test_figures_that_do_not_follow_are_named(change: Any, named: str) -> None:
    """Even where somebody seals wrong figures, computing them again finds which."""
    document = _statement()
    change(document)
    with pytest.raises(AlteredFigure, match=named):
        statement.recompute(document)

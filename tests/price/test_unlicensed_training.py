"""What offers would have cost for uses without a licence: computed, or named as missing; never guessed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from partita import money
from partita.formats import odrl
from partita.price import models
from partita.price.unlicensed_training import Offer, claims

DAY = dt.date(2025, 3, 1)


def _uses(society: str = "S1", works: int = 3) -> pa.Table:
    row = {"model": "acme/m1", "society": society, "works": works, "items": 9, "first_use": DAY, "last_use": DAY}
    return pa.Table.from_pylist([row])


def _offer(model: str, terms: dict[str, str], text: str = "") -> Offer:
    rule = odrl.Rule("permission", actions=("use",))
    policy = odrl.write(models.policy(models.model(model), terms, "EUR", rule))
    return Offer("O1", "S1", model, "EUR", text or policy)


def _claims(offer: Offer | None, counted: dict[str, str] | None = None, uses: pa.Table | None = None) -> list[Any]:
    offered = {("acme/m1", "S1"): [offer]} if offer else {}
    rows: list[Any] = claims(uses or _uses(), offered, {"acme/m1": counted or {}}, "EUR").to_pylist()
    return rows


@given(st.integers(1, 10**6), st.integers(0, 10**6))
def test_a_fee_per_work_is_multiplied_by_the_works(works: int, cents: int) -> None:
    """To the micro-unit, for any number of works."""
    amount = f"{cents // 100}.{cents % 100:02d}"
    rows = _claims(_offer("per_work", {"works.amount": amount}), uses=_uses(works=works))
    assert [row["claim_micro"] for row in rows] == [money.micro(amount) * works]


def test_what_an_offer_needs_and_nobody_stated_is_named() -> None:
    """The fixed part has a price; the share of income has none, and says why."""
    rows = {r["method"]: r for r in _claims(_offer("stim_ai", {"training.amount": "100", "revenue.share": "5 %"}))}
    assert rows["training"]["claim_micro"] == 100_000_000
    assert rows["revenue"]["claim_micro"] is None
    assert rows["revenue"]["formula"] == "missing: service_income"


def test_figures_that_the_run_counted_are_used() -> None:
    """What outputs earned is known, so the share of it is too."""
    terms = {"model.minimum": "0", "outputs.share": "10 %"}
    rows = {r["method"]: r for r in _claims(_offer("gema_generative", terms), {"output_income": "50"})}
    assert rows["outputs"]["claim_micro"] == 5_000_000
    assert rows["model"]["claim_micro"] is None


def test_an_offer_that_cannot_be_read_stops_nothing() -> None:
    """Its row says so; a licence model that is not known likewise."""
    for offer in (_offer("per_work", {}, "no JSON"), Offer("O1", "S1", "nobody_s_model", "EUR", "{}")):
        rows = _claims(offer)
        assert [(row["tariff_id"], row["claim_micro"]) for row in rows] == [("O1", None)]
        assert "cannot be computed" in rows[0]["formula"]


def test_without_an_offer_the_use_is_still_counted() -> None:
    """Of a society, and of holders in none."""
    assert _claims(None)[0]["formula"] == "no offer of the society would license this"
    alone = _claims(None, uses=_uses(""))[0]
    assert (alone["works"], alone["plays"], alone["formula"]) == (3, 9, "held by nobody in a society")

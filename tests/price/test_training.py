"""What training licences cost: each component a charge of its own, once or in every period, or named as missing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from partita.errors import InputError
from partita.price.training import Deal, charge

PERIOD = (dt.date(2026, 1, 1), dt.date(2026, 3, 31))


def _deal(model: str, terms: dict[str, str], **more: Any) -> Deal:
    return Deal("L", "acme", "S", model, terms, more.get("stated", {}), more.get("counted", {}), "EUR", PERIOD,
                more.get("trained", True))  # fmt: skip


def _amounts(*deals: Deal) -> dict[str, int]:
    rows = charge(deals).charges.to_pylist()
    return {row["charge_id"]: row["amount_micro"] for row in rows}


def test_gema_takes_its_share_or_the_minimum_and_a_part_of_what_outputs_earn() -> None:
    """30 % of 100,000 is 30,000, below the minimum of 40,000; outputs earned 12.5, a tenth is owed."""
    deal = _deal("gema_generative", {"model.minimum": "40000", "outputs.share": "10 %"},
                 stated={"net_income": "100000"}, counted={"output_income": "25/2"})  # fmt: skip
    assert _amounts(deal) == {"acme L/model": 40_000_000_000, "acme L/outputs": 1_250_000}


def test_micro_amounts_per_output_are_exact() -> None:
    """123,457 outputs at 0.000003 each."""
    deal = _deal("per_output", {"outputs.amount": "0.000003"}, counted={"outputs": "123457"})
    assert _amounts(deal) == {"acme L/outputs": 370_371}


def test_a_fee_per_work_is_owed_once_and_a_share_in_every_period() -> None:
    """In a period without training, the fixed fee and the fee per work are nothing, the share of income stays."""
    for trained, expected in ((True, 6_000_000), (False, 0)):
        deal = _deal("per_work", {"works.amount": "2"}, counted={"works": "3"}, trained=trained)
        assert _amounts(deal) == {"acme L/works": expected}
    share = _deal("statutory", {"remuneration.share": "1 %"}, stated={"revenue": "200"}, trained=False)
    assert _amounts(share) == {"acme L/remuneration": 2_000_000}


def test_what_is_missing_is_named_and_nothing_is_charged() -> None:
    """GEMA's minimum is not published: without it nothing is guessed."""
    found = charge([_deal("gema_generative", {}, stated={"net_income": "1"})])
    assert found.charges.num_rows == 0
    assert {name for _, name, _ in found.problems} == {"model.minimum", "outputs.share", "output_income"}


def test_a_figure_that_is_not_the_one_counted_is_named_and_the_count_is_charged() -> None:
    """The licensee said two works; three were found."""
    found = charge([_deal("per_work", {"works.amount": "2"}, stated={"works": "2"}, counted={"works": "3"})])
    assert found.charges.column("amount_micro").to_pylist() == [6_000_000]
    assert [p[1:] for p in found.problems] == [("works", "stated as 2, counted as 3")]


def test_every_charge_says_how_it_was_computed_and_where_its_rate_stands() -> None:
    """The last step is the amount, and the share names its source."""
    deal = _deal("gema_generative", {"model.minimum": "1", "outputs.share": "0"}, stated={"net_income": "10"},
                 counted={"output_income": "0"})  # fmt: skip
    steps = [row for row in charge([deal]).steps.to_pylist() if row["charge_id"] == "acme L/model"]
    assert steps[-1]["amount_micro"] == 3_000_000
    assert steps[0]["formula"] == "30 % x 10 net_income"
    assert "gema.de" in steps[0]["source"]


def test_figures_that_are_none_are_refused() -> None:
    """An income below zero is no figure."""
    with pytest.raises(InputError, match="net_income"):
        charge([_deal("gema_generative", {"model.minimum": "1", "outputs.share": "0"}, stated={"net_income": "-1"},
                      counted={"output_income": "0"})])  # fmt: skip

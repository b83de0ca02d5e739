"""Licence models for AI systems: published terms, the offer's own, figures in, fee out to the micro-unit."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita import money
from partita.clear import odrl
from partita.errors import InputError
from partita.formats.odrl import Rule, read, write
from partita.price import models

GEMA = {"model.minimum": "50000", "outputs.share": "10 %"}


def test_gema_takes_thirty_per_cent_of_net_income() -> None:
    """30 % of 1,234,567.89, and a tenth of what the outputs earned, each step in figures."""
    fee = models.fee(
        models.model("gema_generative"), GEMA, {"net_income": "1234567.89", "output_income": "1000"}, "EUR"
    )
    assert fee.amount_micro == money.micro("370370.367") + money.micro("100")
    assert [step.formula for step in fee.parts[0].steps] == ["30 % x 1234567.89 net_income"]


def test_gema_minimum_is_owed_where_nothing_was_earned() -> None:
    """No income: the minimum of the offer."""
    fee = models.fee(models.model("gema_generative"), GEMA, {"net_income": "0", "output_income": "0"}, "EUR")
    assert fee.amount_micro == money.micro("50000")
    assert [step.label for step in fee.parts[0].steps] == ["share", "minimum"]


def test_what_is_not_published_is_named_and_never_guessed() -> None:
    """GEMA's minimum and output share, and the licensee's figures, are missing until somebody states them."""
    fee = models.fee(models.model("gema_generative"), {}, {"net_income": "1"}, "EUR")
    assert fee.amount_micro is None
    assert fee.missing == ("model.minimum", "outputs.share", "output_income")


def test_stim_splits_its_fixed_fee_equally_per_work() -> None:
    """100 kronor among three works: 33.333334 + 33.333333 + 33.333333."""
    terms = {"training.amount": "100", "revenue.share": "5 %"}
    fee = models.fee(models.model("stim_ai"), terms, {"service_income": "10"}, "SEK")
    assert models.per_work(fee.parts[0], ["w3", "w1", "w2"]) == {"w1": 33_333_334, "w2": 33_333_333, "w3": 33_333_333}
    assert fee.amount_micro == money.micro("100.5")


def test_stim_licenses_one_version_of_one_model() -> None:
    """A provider alone is too broad for STIM's licence, and right for GEMA's."""
    assert models.covers(models.model("stim_ai"), "songfox/v1")
    assert not models.covers(models.model("stim_ai"), "songfox")
    assert models.covers(models.model("gema_generative"), "songfox")


@pytest.mark.parametrize(
    ("terms", "figures", "wrong"),
    [
        ({"remuneration.share": "two"}, {"revenue": "1"}, "not an exact number"),
        ({"remuneration.share": "2 %"}, {"revenue": "-1"}, "negative"),
    ],
)
def test_figures_that_are_none_are_refused(terms: dict[str, str], figures: dict[str, str], wrong: str) -> None:
    """A term or figure that is no number, or less than nothing, is one line of error."""
    with pytest.raises(InputError, match=wrong):
        models.fee(models.model("statutory"), terms, figures, "INR")


def test_an_unknown_model_names_the_known_ones() -> None:
    """The error lists the models there are."""
    with pytest.raises(InputError, match="gema_generative"):
        models.model("suno")


@pytest.mark.parametrize("name", sorted(models.models()))
def test_every_model_states_its_sources(name: str) -> None:
    """Each component rests on a source that the model lists, with a day on which it was read."""
    model = models.model(name)
    assert {component.source for component in model.components} <= set(model.sources)
    assert all(source.read_on <= dt.date(2027, 12, 31) for source in model.sources.values())


@given(st.integers(0, 10**15), st.integers(1, 500))
def test_a_split_fee_is_the_fee(amount: int, works: int) -> None:
    """Whatever the amount and the number of works, the parts sum to it and differ by one micro-unit at most."""
    component = models.model("stim_ai").components[0]
    split = models.per_work(models.Part(component, amount, ()), [f"w{i}" for i in range(works)])
    assert sum(split.values()) == amount
    assert max(split.values()) - min(split.values()) <= 1


def test_an_offer_goes_through_odrl_and_back_and_its_duties_are_evaluated() -> None:
    """Model and terms as an ODRL offer, read again: the same terms; paid in full, its duties are fulfilled."""
    model = models.model("gema_generative")
    rule = Rule("permission", uid="urn:rule:1", actions=("urn:partita:odrl:train",), assignees=("suno",))
    offer = read(write(models.policy(model, GEMA, "EUR", rule)))
    assert models.terms_of(offer) == {"model.share": "30 %", "outputs.minimum": "0", **GEMA}
    fee = models.fee(model, models.terms_of(offer), {"net_income": "200000", "output_income": "10"}, "EUR")
    asked = odrl.Request(
        "train_generative", "w1", "suno", dt.datetime(2026, 1, 1, tzinfo=dt.UTC), owed_micro=models.owed(fee)
    )
    report = odrl.evaluate(offer, asked)
    assert report.answer == "allowed"
    assert [duty.reason for duty in report.rules[0].duties] == ["60,000.00 to be paid", "1.00 to be paid"]

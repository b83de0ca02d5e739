"""The Union, Germany, France, Denmark, the United Kingdom and the United States: dates, grades and pending matters."""

from __future__ import annotations

import datetime as dt

import pytest

from partita.law import NO_RULE, QUESTIONS, load, position

AT = dt.date(2026, 11, 22)
PLACES = ("EU", "DE", "FR", "DK", "GB", "US")


def on(day: str) -> dt.date:
    """A day from its ISO form."""
    return dt.date.fromisoformat(day)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_has_an_answer_today(place: str, question: str) -> None:
    """No cell of these places is unknown on the day on which they were looked up: members fall back on EU law."""
    found = position(place, question, AT)
    assert found.known
    assert found.rule
    assert found.chinese
    assert found.sources or found.evidence == "unverified"


@pytest.mark.parametrize(
    ("place", "question", "day", "expected"),
    [
        ("EU", "tdm.business", "2021-06-06", "unknown"),
        ("EU", "tdm.business", "2021-06-07", "unless_reserved"),
        ("DE", "tdm.business", "2021-06-06", "licence_needed"),
        ("DE", "tdm.business", "2021-06-07", "unless_reserved"),
        ("DE", "tdm.research", "2020-01-01", "conditional"),
        ("DE", "tdm.research", "2021-06-07", "allowed"),
        ("FR", "tdm.business", "2021-11-25", "unknown"),
        ("FR", "tdm.business", "2021-11-26", "unless_reserved"),
        ("DK", "tdm.business", "2023-06-06", "unknown"),
        ("DK", "tdm.business", "2023-06-07", "unless_reserved"),
        ("DK", "parody.exception", "2024-06-30", "open_standard"),
        ("DK", "parody.exception", "2024-07-01", "named"),
        ("EU", "ai.label_duty", "2026-08-01", NO_RULE),
        ("EU", "ai.label_duty", "2026-08-02", "provider_and_deployer"),
        ("EU", "ai.disclosure_duty", "2025-08-01", NO_RULE),
        ("EU", "ai.disclosure_duty", "2025-08-02", "public_summary"),
        ("US", "ai.disclosure_duty", "2025-12-31", NO_RULE),
        ("US", "ai.disclosure_duty", "2026-01-01", "sectoral"),
        ("US", "training.lawful", "2026-11-22", "case_by_case"),
        ("GB", "tdm.business", "2026-11-22", "licence_needed"),
        ("GB", "output.protected", "2026-11-22", "protected"),
    ],
)
def test_what_holds_depends_on_the_day(place: str, question: str, day: str, expected: str) -> None:
    """The days on which rules began to apply."""
    assert position(place, question, on(day)).position == expected


@pytest.mark.parametrize(
    ("place", "question", "day", "amount", "unit"),
    [
        ("US", "notice.duty_and_clock", "2026-05-19", 48, "hours"),
        ("DE", "notice.duty_and_clock", "2024-05-13", 24, "hours"),
        ("DE", "likeness.term", "2026-11-22", 10, "years"),
    ],
)
def test_figures_of_rules(place: str, question: str, day: str, amount: int, unit: str) -> None:
    """Figures that a case with a clock, or a term of protection, can be checked against."""
    measure = position(place, question, on(day)).measure
    assert measure is not None
    assert (measure.amount, measure.unit) == (amount, unit)


@pytest.mark.parametrize("day", ["2026-05-18", "2024-02-17"])
def test_a_clock_that_has_not_begun_is_no_clock(day: str) -> None:
    """Before its day, and where no figure is set, no figure is given."""
    assert position("US", "notice.duty_and_clock", on(day)).measure is None
    assert position("GB", "notice.duty_and_clock", AT).measure is None


def test_a_bill_is_not_law() -> None:
    """Denmark's draft on imitations, France's presumption and the British clock are pending, and change no position."""
    for place, question, stays in (
        ("DK", "likeness.protected", "personality_right"),
        ("FR", "proof.burden", "rightsholder"),
        ("GB", "notice.duty_and_clock", "prompt"),
    ):
        found = position(place, question, AT)
        assert (found.position, found.status) == (stays, "pending")


def test_courts_that_differ_make_a_cell_contested() -> None:
    """Where final and not final holdings stand against each other, the cell says so and names them."""
    german = position("DE", "training.lawful", AT)
    assert german.status == "contested"
    assert {"LG München I", "Hanseatisches OLG Hamburg", "Bundesgerichtshof"} <= {h.court for h in german.holdings}
    assert [h.ref for h in german.holdings if h.date is None] == ["I ZR 281/25 Kneschke v LAION"]


def test_a_primary_grade_has_a_primary_source_of_the_cell() -> None:
    """No value is graded primary on a report alone."""
    law = load()
    for place in PLACES:
        for question in law.places[place].cells:
            found = position(place, question, AT)
            if found.evidence == "primary":
                assert "primary" in {source.kind for source in found.sources}, (place, question)


def test_a_rule_stands_for_itself() -> None:
    """No rule leans on another with `as before`: whoever reads one has read all of it."""
    leaning = [
        (code, question)
        for code, place in load().places.items()
        for question, cell in place.cells.items()
        for value in cell.values
        if value.rule.lower().startswith(("as before", "in addition")) or (value.chinese or "").startswith("同前")
    ]
    assert leaning == []

"""Japan, Korea, China, Taiwan, India and Singapore: every question answered, cited, graded, and what changed when."""

from __future__ import annotations

import datetime as dt

import pytest

from partita.law.questions import QUESTIONS
from partita.law.records import load_place
from partita.law.table import position

AT = dt.date(2026, 11, 22)
PLACES = ("JP", "KR", "CN", "TW", "IN", "SG")


@pytest.mark.parametrize("place", PLACES)
def test_every_question_has_a_cell(place: str) -> None:
    """The table has no hole: where a place has no rule, that is the finding."""
    assert set(load_place(place).cells) == set(QUESTIONS)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_cell_says_where_it_has_it_from(place: str, question: str) -> None:
    """Each value has words in both languages; whatever is not marked unverified has a source."""
    for value in load_place(place).cells[question].values:
        assert value.rule
        assert value.chinese
        assert value.sources or value.evidence == "unverified"
        assert AT < value.review_by <= dt.date(2027, 12, 31)


def test_reviews_are_spread_over_the_year() -> None:
    """The places do not all fall due on one day."""
    due = {value.review_by for p in PLACES for cell in load_place(p).cells.values() for value in cell.values}
    assert len(due) >= 5


@pytest.mark.parametrize("place", PLACES)
def test_primary_is_said_only_of_what_was_read(place: str) -> None:
    """A value graded primary cites the rule's own text, with an address, and where it was read if that was a copy."""
    held = load_place(place)
    primary = [v for c in held.cells.values() for v in c.values if v.evidence == "primary"]
    assert primary
    for value in primary:
        texts = [held.sources[name] for name in value.sources if held.sources[name].kind == "primary"]
        assert any(text.address for text in texts)
        assert place not in ("JP", "KR") or any(text.read_at for text in texts)


def test_a_figure_from_a_report_is_not_primary() -> None:
    """Japan's Act says at most fourteen days; the seven of the ministerial order were read in a city's notice."""
    assert position("JP", "notice.duty_and_clock", AT).evidence == "secondary"


@pytest.mark.parametrize(
    ("place", "question", "day", "expected"),
    [
        ("JP", "training.lawful", "2018-12-31", "unknown"),
        ("JP", "training.lawful", "2019-01-01", "exception"),
        ("JP", "training.reservation_respected", "2026-11-22", "weighed"),
        ("SG", "training.lawful", "2021-11-20", "unknown"),
        ("SG", "training.reservation_respected", "2021-11-21", "no_effect"),
        ("KR", "ai.label_duty", "2026-01-21", "sectoral"),
        ("KR", "ai.label_duty", "2026-01-22", "provider"),
        ("CN", "ai.label_duty", "2025-08-31", "provider"),
        ("CN", "ai.label_duty", "2025-09-01", "provider_and_platform"),
        ("CN", "output.protected", "2026-11-22", "divided"),
        ("TW", "ai.label_duty", "2024-08-02", "sectoral"),
        ("TW", "ai.disclosure_duty", "2026-01-13", "no_rule"),
        ("TW", "ai.disclosure_duty", "2026-01-14", "framework"),
        ("TW", "training.lawful", "2026-11-22", "case_by_case"),
        ("IN", "statutory.remuneration", "2025-12-07", "no_rule"),
        ("IN", "statutory.remuneration", "2025-12-08", "proposed"),
        ("IN", "output.protected", "2026-11-22", "protected"),
    ],
)
def test_what_holds_depends_on_the_day(place: str, question: str, day: str, expected: str) -> None:
    """The days on which rules began, as their texts or reports of them say."""
    assert position(place, question, dt.date.fromisoformat(day)).position == expected


@pytest.mark.parametrize(
    ("place", "day", "clock"),
    [
        ("IN", "2026-02-19", (36, "hours")),
        ("IN", "2026-02-20", (3, "hours")),
        ("JP", "2025-04-01", (7, "days")),
        ("TW", "2024-08-02", (24, "hours")),
        ("SG", "2026-06-29", (24, "hours")),
    ],
)
def test_clocks_after_a_notice(place: str, day: str, clock: tuple[int, str]) -> None:
    """Figures that a case with a clock can be checked against."""
    measure = position(place, "notice.duty_and_clock", dt.date.fromisoformat(day)).measure
    assert measure is not None
    assert (measure.amount, measure.unit) == clock


def test_pending_cases_are_holdings_without_a_day() -> None:
    """A case that is not decided is named as pending, never as a holding."""
    pending = [(p, h.ref) for p in PLACES for c in load_place(p).cells.values() for h in c.holdings if h.date is None]
    assert {place for place, _ in pending} == {"JP", "CN", "IN"}

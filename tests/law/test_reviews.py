"""The build fails when the law should have been looked up again: this file alone reads today's date."""

from __future__ import annotations

import datetime as dt

from partita.law import QUESTIONS, load
from partita.law.authorship import load_authorship
from partita.law.factors import load_factors


def today() -> dt.date:
    """The day on which the tests run."""
    return dt.datetime.now(tz=dt.UTC).date()


def test_no_cell_of_the_table_is_overdue() -> None:
    """Each cell was looked up again by its `review_by`: look it up, set `as_of` and a new `review_by`."""
    assert load().overdue(today()) == []


def test_no_rule_on_authorship_is_overdue() -> None:
    """The same for what a way of making means, and for the societies' rules."""
    assert [where for where, value in load_authorship().values() if value.review_by < today()] == []


def test_no_factor_is_overdue() -> None:
    """The same for the factors on building upon a work."""
    factors = [(code, name, f) for code, rule in load_factors().places.items() for name, f in rule.factors.items()]
    assert [(code, name) for code, name, factor in factors if factor.review_by < today()] == []


def test_an_overdue_cell_is_named_with_its_day() -> None:
    """A day after the last review of all, every cell is overdue, and says so."""
    late = max(v.review_by for p in load().places.values() for c in p.cells.values() for v in c.values)
    overdue = load().overdue(late + dt.timedelta(days=1))
    assert len(overdue) == sum(len(place.cells) for place in load().places.values())
    assert any(line.startswith("DE training.lawful: due ") for line in overdue)


def test_nothing_falls_due_within_days_of_its_look_up() -> None:
    """Whoever looked something up has weeks, not days, until it must be done again."""
    values = [v for p in load().places.values() for c in p.cells.values() for v in c.values]
    assert min(value.review_by - value.as_of for value in values) >= dt.timedelta(days=28)


def test_what_is_pending_is_looked_up_before_the_rest() -> None:
    """Germany's training cell waits for a judgment announced for 2026-12-17: its review follows within a month."""
    cell = load().places["DE"].cells["training.lawful"]
    assert dt.date(2026, 12, 17) < cell.values[-1].review_by <= dt.date(2027, 1, 17)
    assert set(QUESTIONS) >= set(load().places["DE"].cells)

"""Versions: what changed since the last summary, which version it is, and when an update was and is due."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import made_training as made

from partita.prove.disclosure.changes import months_later

FIRST = dt.date(2026, 1, 15)
ONE = ({"domain": "a.example", "tokens": 5, "taken_at": dt.datetime.fromisoformat("2025-01-01T00:00:00")}, {})
TWO = ({"domain": "b.example", "tokens": 5, "taken_at": dt.datetime.fromisoformat("2026-02-01T00:00:00")}, {})


def test_a_first_summary_is_version_one_and_late_for_nothing() -> None:
    """Its next update is due six months later."""
    summary = made.summary(made.run(ONE), as_of=FIRST)
    assert (summary["version"], summary["last_update"], summary["previous"]) == (1, "2026-01-15", None)
    assert summary["update"] == {
        "checked_on": "2026-01-15", "due_by": "2026-07-15", "was_due_by": None, "because": "first", "late_days": 0,
    }  # fmt: skip


def test_an_unchanged_summary_keeps_version_and_last_update() -> None:
    """It was checked again, so that the next check is due six months after this one."""
    first = made.summary(made.run(ONE), as_of=FIRST)
    again = made.summary(made.run(ONE), as_of=dt.date(2026, 7, 1), previous=first)
    assert (again["version"], again["last_update"], again["changes"]) == (1, "2026-01-15", [])
    assert again["update"]["due_by"] == "2027-01-01"
    assert again["update"]["late_days"] == 0


def test_a_changed_summary_is_a_new_version_and_says_what_changed() -> None:
    """Added and removed values of lists, before and after of everything else."""
    trained = replace(made.TRAINED, trained_on=dt.date(2026, 1, 1))
    first = made.summary(made.run(ONE), 'content.text.types = "Lyrics"', as_of=FIRST, trained=trained)
    second = made.summary(
        made.run(ONE, TWO), 'content.text.types = "Lyrics, pages"', as_of=dt.date(2026, 7, 20), previous=first,
        trained=trained,
    )  # fmt: skip
    assert (second["version"], second["last_update"]) == (2, "2026-07-20")
    changes = {change["field"]: change for change in second["changes"]}
    assert changes["sources.crawled.domains.listed"]["added"] == ["b.example"]
    assert changes["general.modalities[text].types_of_content"]["before"] == "Lyrics"
    assert changes["general.latest_acquisition.date"]["after"] == "2026-02-01"
    assert second["update"] | {"due_by": ""} == {
        "checked_on": "2026-07-20", "due_by": "", "was_due_by": "2026-07-15", "because": "six_months", "late_days": 5,
    }  # fmt: skip


def test_training_on_additional_data_makes_the_update_due_that_day() -> None:
    """A training after the last update that changed the content: the six months do not wait."""
    first = made.summary(made.run(ONE), as_of=FIRST, trained=replace(made.TRAINED, trained_on=dt.date(2026, 1, 1)))
    trained = replace(made.TRAINED, trained_on=dt.date(2026, 3, 1))
    second = made.summary(made.run(ONE, TWO), as_of=dt.date(2026, 3, 31), previous=first, trained=trained)
    assert second["update"]["was_due_by"] == "2026-03-01"
    assert second["update"]["because"] == "additional_data"
    assert second["update"]["late_days"] == 30


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [("2026-08-31", 6, "2027-02-28"), ("2027-08-31", 6, "2028-02-29"), ("2026-12-31", 6, "2027-06-30"),
     ("2026-06-15", 6, "2026-12-15"), ("2026-07-15", 6, "2027-01-15")],
)  # fmt: skip
def test_months_end_where_the_calendar_says(day: str, months: int, expected: str) -> None:
    """The same day of the month, or the last one where there is no such day."""
    assert months_later(dt.date.fromisoformat(day), months) == dt.date.fromisoformat(expected)

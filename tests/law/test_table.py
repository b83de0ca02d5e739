"""Positions: by day, in two times, closed on unknown; members fall back on EU law; the table as rows."""

from __future__ import annotations

import datetime as dt
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.errors import InputError
from partita.law import PLACES, QUESTIONS, UNKNOWN, Law, load
from partita.law.records import HORIZON, check_place
from partita.scope import EU
from partita.tables.rights import LAW

DAYS = st.dates(dt.date(2015, 1, 1), dt.date(2035, 1, 1))
QUESTION = "tdm.business"


def value(start: str | None, position: str, looked_up: str = "2026-01-01", **more: Any) -> dict[str, Any]:
    """A value of a cell, as a file holds it."""
    status = "no_rule" if position == "no_rule" else "settled"
    return {"from": start, "position": position, "status": status, "evidence": "unverified", "rule": "a rule",
            "as_of": looked_up, "review_by": "2027-01-01", **more}  # fmt: skip


def place(code: str, *values: dict[str, Any], question: str = QUESTION, **more: Any) -> dict[str, Any]:
    """The content of a place's file with one cell."""
    cells = {question: {"values": list(values), **more}}
    return {"place": code, "name": {"english": code, "chinese": code}, "sources": {}, "cells": cells}


def law(*places: dict[str, Any]) -> Law:
    """A table of made places."""
    return Law(MappingProxyType({p["place"]: check_place(p, "made.yaml") for p in places}))


def test_the_value_that_began_last_holds() -> None:
    """Each value holds from its day until the next; before the first, nothing is known."""
    made = law(place("US", value("2020-01-01", "licence_needed"), value("2022-01-01", "unless_reserved")))
    answers = {
        day: made.position("US", QUESTION, dt.date.fromisoformat(day))
        for day in ("2019-12-31", "2020-01-01", "2021-12-31", "2022-01-01")
    }
    assert [a.position for a in answers.values()] == [UNKNOWN, "licence_needed", "licence_needed", "unless_reserved"]
    assert answers["2020-01-01"].valid_to == dt.date(2022, 1, 1)
    assert answers["2022-01-01"].valid_to is None


def test_a_start_that_is_not_known_holds_from_the_horizon() -> None:
    """A value without a first day answers for no day before the table begins, and does not invent its first day."""
    made = law(place("US", value(None, "allowed")))
    assert not made.position("US", QUESTION, HORIZON - dt.timedelta(days=1)).known
    found = made.position("US", QUESTION, HORIZON)
    assert (found.position, found.start_known) == ("allowed", False)


def test_what_was_learned_later_is_not_used_for_an_earlier_knowledge() -> None:
    """A correction replaces a value for whoever asks today, and not for whoever asks what was known before it."""
    made = law(
        place("US", value("2020-01-01", "allowed", "2026-01-01"), value("2020-01-01", "licence_needed", "2026-06-01"))
    )
    day = dt.date(2021, 1, 1)
    assert made.position("US", QUESTION, day).position == "licence_needed"
    assert made.position("US", QUESTION, day, dt.date(2026, 5, 31)).position == "allowed"
    assert made.position("US", QUESTION, day, dt.date(2025, 12, 31)).position == UNKNOWN
    assert made.table().num_rows == 1


def test_a_holding_is_not_known_before_its_day() -> None:
    """A judgment of 2026 is no part of what was known in 2025; what is pending has no day and is always named."""
    held = {
        "court": "a court",
        "ref": "1",
        "date": "2026-03-01",
        "holding": "no",
        "final": "true",
        "evidence": "unverified",
    }
    waits = held | {"ref": "2", "date": None, "final": "false"}
    made = law(place("US", value(None, "allowed", "2020-01-01"), holdings=[held, waits]))
    day = dt.date(2021, 1, 1)
    assert [h.ref for h in made.position("US", QUESTION, day).holdings] == ["1", "2"]
    assert [h.ref for h in made.position("US", QUESTION, day, dt.date(2026, 2, 28)).holdings] == ["2"]


def test_a_member_without_a_cell_answers_with_eu_law_and_says_so() -> None:
    """Spain is not in the table: the Union's cell answers, named as such; Norway's is nobody's."""
    made = law(place("EU", value("2021-06-07", "unless_reserved")))
    found = made.position("ES", QUESTION, dt.date(2026, 1, 1))
    assert (found.position, found.source_place) == ("unless_reserved", "EU")
    assert "EU law" in found.note
    assert made.position("NO", QUESTION, dt.date(2026, 1, 1)).position == UNKNOWN


def test_a_member_with_a_cell_of_its_own_never_borrows() -> None:
    """Before a member's own rule began, nothing is known: a directive binds states, not persons."""
    made = law(place("EU", value("2021-06-07", "unless_reserved")), place("FR", value("2021-11-26", "unless_reserved")))
    assert made.position("FR", QUESTION, dt.date(2021, 8, 1)).position == UNKNOWN


def test_that_the_union_has_no_rule_says_nothing_of_a_member() -> None:
    """The Union leaves likeness to its members: for one that the table does not hold, that is unknown."""
    made = law(place("EU", value(None, "no_rule"), question="likeness.term"))
    assert made.position("EU", "likeness.term", dt.date(2026, 1, 1)).position == "no_rule"
    assert made.position("ES", "likeness.term", dt.date(2026, 1, 1)).position == UNKNOWN


@given(
    code=st.sampled_from([*PLACES, *sorted(EU), "AQ"]),
    question=st.sampled_from(list(QUESTIONS)),
    at=DAYS,
    known=st.none() | DAYS,
)
def test_every_answer_is_of_the_closed_list(code: str, question: str, at: dt.date, known: dt.date | None) -> None:
    """The answer is a word of the question's list, `no_rule` or `unknown`; what is known is dated."""
    found = load().position(code, question, at, known)
    assert found.position in (UNKNOWN, "no_rule", *QUESTIONS[question].positions)
    assert found.words.english
    if found.known:
        assert found.valid_from is not None
        assert found.valid_from <= at
        assert found.valid_to is None or at < found.valid_to
        assert known is None or (found.as_of is not None and found.as_of <= known)
    else:
        assert found.note
        assert not found.rule


@given(at=DAYS, known=DAYS, later=st.integers(0, 4000))
def test_knowing_more_never_makes_an_answer_unknown(at: dt.date, known: dt.date, later: int) -> None:
    """An answer that was known stays known, though it may change."""
    for code in PLACES:
        if load().position(code, "training.lawful", at, known).known:
            assert load().position(code, "training.lawful", at, known + dt.timedelta(days=later)).known


@pytest.mark.parametrize(
    ("code", "question", "said"),
    [
        ("US", "training", "no question"),
        ("us", QUESTION, "no place"),
        ("", QUESTION, "no place"),
        ("world", QUESTION, "no place"),
    ],
)
def test_questions_and_places_that_are_none_are_refused(code: str, question: str, said: str) -> None:
    """With the list of those that there are."""
    with pytest.raises(InputError, match=said) as refused:
        load().position(code, question, dt.date(2026, 1, 1))
    assert refused.value.mend


def test_the_table_has_a_row_per_value_in_order() -> None:
    """Rows conform to the contract, sorted by their key, each with the sources of its value as text."""
    rows = load().table()
    assert rows.schema == LAW.schema
    keys = [(r["place"], r["question"], r["valid_from"]) for r in rows.to_pylist()]
    assert keys == sorted(set(keys))
    assert {r["place"] for r in rows.to_pylist()} == set(PLACES)
    assert all(r["sources"] or r["evidence"] == "unverified" for r in rows.to_pylist())


def test_the_table_is_as_large_as_was_asked() -> None:
    """Twelve places and twelve questions at least, in both languages."""
    assert len(PLACES) >= 12
    assert len(QUESTIONS) >= 12
    assert all(
        q.chinese and q.short.chinese and all(w.chinese for w in q.positions.values()) for q in QUESTIONS.values()
    )

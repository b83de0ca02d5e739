"""The spread: every dimension divides all items, and what is not known is a part of its own."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
import made_training as made

from partita.prove import disclosure
from partita.prove.disclosure.spread import DIMENSIONS

WORKS = made.works(
    {"work_id": "N-1", "society": "NORTH", "language": "nan"},
    {"work_id": "B-1", "society": "NORTH"},
    {"work_id": "F-1"},
)
SHARES = made.shares(
    {"work_id": "N-1", "party_id": "P", "society": "NORTH"},
    {"work_id": "B-1", "party_id": "P", "society": "NORTH"},
    {"work_id": "B-1", "party_id": "Q", "society": "SOUTH"},
    {"work_id": "F-1", "party_id": "R"},
)


def spread(*pairs: tuple[dict[str, Any], dict[str, Any]], works: pa.Table = WORKS) -> dict[str, dict[str, int]]:
    """Items by dimension and value."""
    items, findings = made.run(*pairs)
    found: dict[str, dict[str, int]] = {}
    for row in disclosure.spread(items, findings, works, SHARES, made.MODEL).to_pylist():
        part = found.setdefault(row["dimension"], {})
        part[row["value"]] = part.get(row["value"], 0) + row["items"]
    return found


def matched(work: str) -> dict[str, Any]:
    """A finding of a work."""
    return {"outcome": "matched", "work_id": work}


def test_a_work_of_two_societies_stands_under_both_names_together() -> None:
    """So the parts add up; a work of nobody's society and an item without a work are parts of their own."""
    found = spread(({}, matched("N-1")), ({}, matched("B-1")), ({}, matched("F-1")), ({}, {}))
    assert found["society"] == {"NORTH": 1, "NORTH + SOUTH": 1, "none": 1, "": 1}


def test_an_item_s_own_language_goes_before_its_work_s() -> None:
    """A translated lyric is in the language that the manifest says; without one the work's counts."""
    found = spread(({"language": "ja"}, matched("N-1")), ({}, matched("N-1")), ({}, matched("B-1")))
    assert found["language"] == {"ja": 1, "nan": 1, "": 1}


@pytest.mark.parametrize(
    ("domain", "country"),
    [("a.tw", "TW"), ("a.co.uk", "GB"), ("a.example.jp", "JP"), ("a.io", ""), ("a.com", ""), ("a.eu", ""), ("", "")],
)
def test_the_country_is_that_of_an_ending_which_a_country_keeps_for_itself(domain: str, country: str) -> None:
    """Endings that anybody may buy say nothing."""
    assert spread(({"domain": domain}, {}))["domain_country"] == {country: 1}


def test_period_and_genre_of_a_work_are_shown_where_known() -> None:
    """By decade, where the works' table has the columns; unknown where it has none."""
    works = WORKS.append_column("year", pa.array([1933, None, 1788], pa.int64()))
    works = works.append_column("genre", pa.array(["folk", None, "folk"], pa.string()))
    pairs = [
        ({"taken_at": dt.datetime.fromisoformat("2025-01-01T00:00:00")}, matched(work))
        for work in ("N-1", "B-1", "F-1")
    ]
    found = spread(*pairs, works=works)
    assert found["decade_of_work"] == {"1930": 1, "": 1, "1780": 1}
    assert found["genre"] == {"folk": 2, "": 1}
    assert found["year_taken"] == {"2025": 3}
    assert spread(*pairs)["genre"] == {"": 3}


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.sampled_from(["text", "audio", ""]), st.sampled_from(["N-1", "B-1", "F-1", "X"])), max_size=9)
)
def test_every_dimension_divides_all_items(rows: list[tuple[str, str]]) -> None:
    """No item is left out or counted twice, whatever is unknown of it."""
    found = spread(*[({"modality": modality}, matched(work)) for modality, work in rows])
    assert set(found) == (set(DIMENSIONS) if rows else set())
    assert all(sum(parts.values()) == len(rows) for parts in found.values())

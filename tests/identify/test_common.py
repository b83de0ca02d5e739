"""A title that a great many works have, and nothing beside it."""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow as pa
import pytest

from partita.identify import IdentifyPolicy, evidence, identify

sys.path.insert(0, str(Path(__file__).parent))
import identify_rows as rows

COUNT = 60


@pytest.fixture(scope="module")
def songs() -> pa.Table:
    """Sixty works called Love, each by others, and one that nobody else has."""
    same = [
        {
            "work_id": f"L{i:02d}",
            "title": ("LOVE", "Love")[i % 2],
            "performers": [f"Band Number {'ABCDEFGH'[i % 8]}{i}"],
        }
        for i in range(COUNT)
    ]
    return rows.repertoire(*same, {"work_id": "X", "title": "Lanterns in the Harbour", "performers": ["Salt Wharf"]})


def test_a_title_of_many_works_alone_is_ambiguous(songs: pa.Table) -> None:
    """It may be any of them: the first few are shown, each as probable as one of so many."""
    match = identify(rows.usage({"title": "Love"}, {"title": "Love (Live)"}), songs).to_pylist()
    for line in match:
        assert (line["outcome"], line["work_id"], line["rule"]) == ("ambiguous", None, "title")
        assert [c["work_id"] for c in line["candidates"]] == ["L00", "L01", "L02", "L03", "L04"]
        assert {c["probability"] for c in line["candidates"]} == {line["probability"]} == {round(1 / COUNT, 6)}


def test_what_else_a_line_states_counts(songs: pa.Table) -> None:
    """A performer of that title is found; one that has no such work leaves the line unmatched."""
    lines = [{"title": "Love", "performers": ["Band Number D3"]}, {"title": "Love", "performers": ["Zinnia Quarrel"]},
             {"title": "Lanterns in the Harbour"}]  # fmt: skip
    assert rows.outcomes(songs, *lines) == [("matched", "L03"), ("unmatched", None), ("matched", "X")]


def test_as_many_are_shown_as_the_policy_says(songs: pa.Table) -> None:
    """In chunks of any size the other lines keep their own candidates."""
    lines = rows.usage(
        {"title": "Lanterns in the Harbor"}, {"title": "Love"}, {"title": "Salt Wharf - Lanterns in the Harbour"}
    )
    shown = []
    for chunk in (1, 2, 100):
        policy = IdentifyPolicy(candidates_most=2, chunk_lines=chunk)
        shown.append(identify(lines, songs, policy).column("candidates").to_pylist())
    assert shown[0] == shown[1] == shown[2]
    assert [[c["work_id"] for c in line] for line in shown[0]][1:] == [["L00", "L01"], ["X"]]


def test_the_evidence_of_such_a_line_shows_its_candidates(songs: pa.Table) -> None:
    """With the probabilities that the outcome states."""
    shown = evidence({"title": "Love"}, songs)
    assert shown.outcome == "ambiguous"
    assert [c.work_id for c in shown.candidates] == ["L00", "L01", "L02", "L03", "L04"]

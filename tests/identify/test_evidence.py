"""Which rule stopped a line, and why the runner-up lost: asked of the rules and the scorer themselves."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from partita.identify import IdentifyPolicy, evidence, grounds, outcome
from partita.identify.features import NAMES

sys.path.insert(0, str(Path(__file__).parent))
import identify_rows as rows

Line = dict[str, object]
BOTH: Line = {"performers": ["白晝星"], "writers": ["夢之旅"]}


def _stopped(work: Line, line: Line) -> str:
    found = evidence(line, rows.repertoire({"work_id": "A"} | work))
    assert found.outcome != "matched"
    return "; ".join(found.stopped_by)


@pytest.mark.parametrize(
    ("work", "line", "said"),
    [
        (
            {"title": "2019全球總決賽主題歌", **BOTH},
            {"title": "2020全球總決賽主題歌", **BOTH},
            "the numbers in the titles differ",
        ),
        (
            {"title": "心願", "performers": ["四個女生"]},
            {"title": "心願", "performers": ["別人"]},
            "the performers stated are plainly others",
        ),
        ({"title": "愛拼才會贏", "performers": ["葉啟田"]}, {"title": "愛拼才會嬴"}, "no second field agrees"),
        ({"title": "The Long and Winding Road"}, {"title": "The Long and Winding Raod"}, "the titles differ"),
        ({"title": "望春風"}, {"title": "ZZZZ"}, "no title, name or key of sound proposes any work"),
    ],
)
def test_the_rule_that_stopped_a_line_is_named(work: Line, line: Line, said: str) -> None:
    """Other numbers, other performers, a homophone alone, a slip alone, nothing near."""
    assert said in _stopped(work, line)


def test_two_works_alike_stop_each_other(works: pa.Table) -> None:
    """The thresholds are named with the figures that fell short of them."""
    found = evidence({"title": "愛情"}, works, IdentifyPolicy(accept=0.8, margin=0.4))
    assert any("below accept = 0.8" in reason for reason in found.stopped_by)
    assert any("below margin = 0.4" in reason for reason in found.stopped_by)
    assert found.runner_up == "W04 is as like the line as W03"


def test_a_matched_line_was_stopped_by_nothing(works: pa.Table) -> None:
    """And its runner-up lost on the field in which it differs."""
    found = evidence({"title": "愛情", "performers": ["莫文蔚"]}, works)
    assert (found.outcome, found.stopped_by) == ("matched", ())
    assert "W04 lost on performers" in found.runner_up
    assert found.differences[0]["about"] == "performers"


def test_what_if_agrees_with_the_rules() -> None:
    """Whatever the figures: where the rules let a pair through nothing is in the way, and else something is."""
    dice = np.random.default_rng(5)
    figures = dice.choice(np.array([-1, 0, 0.5, 0.8, 1, 2, 3], np.float32), (500, len(NAMES))).astype(np.float32)
    for row in figures:
        assert bool(grounds.in_the_way(row)) != bool(outcome.sure_enough(row[None, :])[0])


def test_unknown_features_are_left_alone() -> None:
    """What an older or newer version calls a feature does not break an explanation."""
    row = np.zeros(len(NAMES), np.float32)
    assert np.array_equal(grounds.with_values(row, {"no_such_feature": 1}), row)

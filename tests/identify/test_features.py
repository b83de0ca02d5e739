"""Features of pairs that a whole run would hide: names turned round, performers of many works, first looks."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from partita.identify import identify, prepare
from partita.identify.features import NAMES
from partita.identify.lines import distinct_lines
from partita.identify.policy import IdentifyPolicy
from partita.identify.stage import candidate_pairs

sys.path.insert(0, str(Path(__file__).parent))
import identify_rows as rows


def figures(works: list[dict[str, object]], line: dict[str, object]) -> list[dict[str, float]]:
    """The features of each pair of a line, by name, in the order of works."""
    prepared = prepare(rows.repertoire(*works))
    lines = distinct_lines(rows.usage(line))
    pairs = candidate_pairs(lines, np.arange(len(lines)), prepared, IdentifyPolicy())
    order = np.argsort(pairs.work)
    return [dict(zip(NAMES, row.tolist(), strict=True)) for row in pairs.figures[order]]


@pytest.mark.parametrize("written", ["Smith, Ann", "Ann Smith", "Smith Ann"])
def test_last_name_first_is_the_same_name(written: str) -> None:
    """A comma makes two names of one; its words are those of the other, so the names agree wholly."""
    works = [{"work_id": "W1", "title": "Harbour Lights", "performers": ["Ann Smith"]}]
    names = written.split(", ") if "," in written else [written]
    found = figures(works, {"title": "Harbour Light", "performers": names})

    assert [row["performer_best"] for row in found] == [1.0]


def test_two_other_people_are_not_one_name_turned_round() -> None:
    """Names that share a word each with another person's stay different."""
    works = [{"work_id": "W1", "title": "Harbour Lights", "performers": ["Ann Smith"]}]
    found = figures(works, {"title": "Harbour Light", "performers": ["Ann Jones", "Bob Smith"]})

    assert all(row["performer_best"] < 1 for row in found)


def test_how_many_works_a_performer_has_counts_where_titles_differ() -> None:
    """Eight works of one performer count as three doublings; an equal title needs no such doubt."""
    works = [{"work_id": f"W{i}", "title": f"{name} Song", "performers": ["The Band"]}
             for i, name in enumerate(("Red", "Blue", "Green", "White", "Black", "Grey", "Brown", "Pink"))]  # fmt: skip
    near = figures(works, {"title": "Read Song", "performers": ["The Band"]})
    equal = figures(works, {"title": "Red Song", "performers": ["The Band"]})

    assert {row["performer_works"] for row in near} == {3.0}
    assert [row["performer_works"] for row in equal if row["title_core"] == 1] in ([], [0.0])


@pytest.mark.parametrize(("works", "told"), [(7, 3.0), (9_000, 13.0)])
def test_the_size_of_a_repertoire_is_told_up_to_eight_thousand_works(works: int, told: float) -> None:
    """Seven works are three doublings of one; many are told as eight thousand."""
    made: list[dict[str, object]] = [
        {"work_id": f"W{i}", "title": f"Song {i} of Many", "performers": ["The Band"]} for i in range(works)
    ]
    found = figures(made, {"title": "Song 3 of Mny", "performers": ["The Band"]})

    assert {row["repertoire_works"] for row in found} == {told}


def test_a_short_han_title_is_found_behind_what_stands_beside_it() -> None:
    """One sign and a long remark behind it: the work is still a candidate."""
    works = [{"work_id": "W1", "title": "畫", "performers": ["趙雷"]}]
    line = {"title": "畫 live piano session ii", "performers": ["趙雷"]}

    assert len(figures(works, line)) == 1
    assert identify(rows.usage(line), rows.repertoire(*works)).column("outcome").to_pylist() != ["unmatched"]

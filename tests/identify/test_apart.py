"""Titles that must stay apart and titles that must be found together, in every script that a society meets.

Pairs that must stay apart are put into rounds: within a round the repertoire has the one title of each pair and nothing
that is equal to the other.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from partita.identify import identify
from partita.text import bare, bare_all, fold_all

sys.path.insert(0, str(Path(__file__).parent))
import identify_rows as rows

HERE = Path(__file__).parent
GROUPS: list[dict[str, Any]] = yaml.safe_load((HERE / "apart.yaml").read_text("utf-8"))
TOGETHER: list[dict[str, Any]] = yaml.safe_load((HERE / "together.yaml").read_text("utf-8"))
NEEDS_CORE = "the matcher cannot do this yet, or proposes the work just below the threshold"

Pair = tuple[str, str, int]
"""The repertoire's title, the line's, and the number of their group."""


def pairs() -> list[Pair]:
    """Every pair, both ways round; an underscore in the file stands for a space."""
    found = []
    for number, group in enumerate(GROUPS):
        for pair in group["pairs"].split():
            one, other = pair.replace("_", " ").split("/")
            found += [(one, other, number), (other, one, number)]
    return found


def rounds() -> list[list[Pair]]:
    """The pairs in as few rounds as it takes that no line's title is a title of its round's repertoire."""
    made: list[tuple[list[Pair], set[str], set[str]]] = []
    for one, other, number in pairs():
        work, line = bare(one), bare(other)
        free = (r for r in made if work not in r[1] and work not in r[2] and line not in r[1])
        place = next(free, None)
        if place is None:
            made.append(place := ([], set(), set()))
        place[0].append((one, other, number))
        place[1].add(work)
        place[2].add(line)
    return [members for members, _, _ in made]


ROUNDS = rounds()


@cache
def answers(place: int, *, named: bool) -> list[dict[str, Any]]:
    """What `identify` says of each pair of a round: of the other title, and then of the title itself."""
    members = ROUNDS[place]
    artist = [GROUPS[number]["artist"] for _, _, number in members]
    works = rows.repertoire(*(
        {"work_id": f"W{i}", "title": one, "performers": [artist[i]]} for i, (one, _, _) in enumerate(members)
    ))  # fmt: skip
    titles = [other for _, other, _ in members] + [one for one, _, _ in members]
    names = [[name] if named else [] for name in artist * 2]
    lines = rows.usage(*({"title": t, "performers": n} for t, n in zip(titles, names, strict=True)))
    found: list[dict[str, Any]] = identify(lines, works).to_pylist()
    return found


def test_the_sets_are_as_large_as_they_should_be() -> None:
    """At least 300 pairs that stay apart and 150 that meet; no pair that stays apart is equal when folded."""
    assert len({frozenset(map(bare, pair[:2])) for pair in pairs()}) >= 300
    assert len(together()) >= 150
    ones, others = zip(*((one, other) for one, other, _ in pairs()), strict=True)
    assert not [o for o, a, b in zip(ones, bare_all(fold_all(ones)), bare_all(fold_all(others)), strict=True) if a == b]


@pytest.mark.parametrize("place", range(len(ROUNDS)))
def test_another_title_without_a_second_field_is_never_matched(place: int) -> None:
    """Whatever it sounds or looks like."""
    members = ROUNDS[place]
    matched = zip(members, answers(place, named=False)[: len(members)], strict=True)
    assert [pair[:2] for pair, answer in matched if answer["outcome"] == "matched"] == []


@pytest.mark.parametrize("place", range(len(ROUNDS)))
def test_an_agreeing_performer_is_what_a_match_rests_on(place: int) -> None:
    """A pair is matched only by a rule that names the performer or weighs it; some pairs not even then."""
    members = ROUNDS[place]
    for (one, other, number), answer in zip(members, answers(place, named=True)[: len(members)], strict=True):
        group = GROUPS[number]
        if answer["outcome"] == "matched":
            assert group["performer"] == "may", (one, other)
            assert answer["rule"] in {"scored", "title+performer"}, (one, other)


@pytest.mark.parametrize("place", range(len(ROUNDS)))
def test_each_title_finds_itself(place: int) -> None:
    """The same repertoires do answer: the title itself, with its performer, is found."""
    members = ROUNDS[place]
    said = answers(place, named=True)[len(members) :]
    assert [pair[0] for i, (pair, a) in enumerate(zip(members, said, strict=True)) if a["work_id"] != f"W{i}"] == []


Case = tuple[dict[str, Any], dict[str, Any], bool]


@cache
def together() -> tuple[tuple[str, str, bool], ...]:
    """Each case as its work, its line, and whether the matcher cannot do it yet."""
    cases = [case if isinstance(case, dict) else {"pair": case} for group in TOGETHER for case in group["pairs"]]
    return tuple((*map(str.strip, case["pair"].split("->")), "needs" in case) for case in cases)


def fields(text: str) -> list[str]:
    """The fields of one side."""
    return [field.strip() for field in text.split("|")]


@cache
def found_together() -> dict[str, tuple[str | None, str]]:
    """For each case, the work that was found and the one that should be."""
    works: dict[tuple[str, str], dict[str, object]] = {}
    lines: list[dict[str, object]] = []
    wanted = []
    for work, line, _ in together():
        title, performers, *alternative = fields(work)
        row = works.setdefault((title, performers), {"work_id": f"W{len(works):03}", "title": title,
                                                     "performers": performers.split(" / ")})  # fmt: skip
        row["alt_titles"] = alternative or row.get("alt_titles", [])
        said, names = fields(line)
        lines.append({"title": said, "performers": [names] if names else []})
        wanted.append(str(row["work_id"]))
    matches = identify(rows.usage(*lines), rows.repertoire(*works.values())).column("work_id").to_pylist()
    cases = [f"{work} -> {line}" for work, line, _ in together()]
    return dict(zip(cases, zip(matches, wanted, strict=True), strict=True))


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(f"{work} -> {line}", marks=pytest.mark.xfail(strict=False, reason=NEEDS_CORE) if needs else ())
        for work, line, needs in together()
    ],
)
def test_a_work_is_found_however_it_is_spelt(case: str) -> None:
    """In another script, spelling, order or field, and with whatever stands beside the title."""
    found, wanted = found_together()[case]
    assert found == wanted

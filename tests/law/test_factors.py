"""The factors on building upon a work: each place's own, never a verdict; and a photograph that became a shirt."""

from __future__ import annotations

import copy
import datetime as dt
import re
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.errors import InputError
from partita.law.factors import VERDICTS, check_factors, factors_of, facts_for, load_factors, rule_of
from partita.law.text import read

AT = dt.date(2026, 11, 22)
PLACES = ("US", "EU", "DE", "FR", "DK", "GB", "JP", "KR", "CN", "TW", "IN", "SG")


@pytest.fixture
def content() -> Any:
    """The content of the shipped file, to be spoiled."""
    return copy.deepcopy(read(resources.files("partita.law").joinpath("factors.yaml")))


def test_the_list_holds_the_places_of_the_law_table() -> None:
    """Twelve places have a rule."""
    assert tuple(load_factors().places) == PLACES


@pytest.mark.parametrize("place", ["US", "TW", "KR", "SG"])
def test_open_standards_look_at_the_four_factors(place: str) -> None:
    """Purpose and character, nature, amount and market stand first, in this order."""
    assert list(factors_of(place, AT))[:4] == ["purpose_and_character", "nature", "amount", "market"]
    rule = rule_of(place)
    assert rule is not None
    assert rule.kind == "open_standard"


@pytest.mark.parametrize("place", PLACES)
def test_every_factor_is_cited_in_two_languages(place: str) -> None:
    """A factor has words in both languages, a source that is listed, a grade and a day of review in the future."""
    sources = load_factors().sources
    for factor in factors_of(place, AT).values():
        assert factor.english
        assert factor.chinese
        assert set(factor.sources) <= set(sources)
        assert factor.review_by > factor.as_of


@pytest.mark.parametrize("place", PLACES)
def test_no_text_concludes(place: str) -> None:
    """No factor, name or note of a place says that a use is or is not allowed."""
    rule = rule_of(place)
    assert rule is not None
    said = [rule.name, rule.note, *rule.factors.values()]
    assert [w.english for w in said if VERDICTS.search(f"{w.english} {w.chinese}")] == []


@given(word=st.sampled_from(["infringes", "unlawful", "Illegal", "liable", "prohibited", "侵權", "違法"]))
def test_a_verdict_is_refused_wherever_it_stands(word: str) -> None:
    """A list in which any fact concludes is not read."""
    content = copy.deepcopy(read(resources.files("partita.law").joinpath("factors.yaml")))
    content["facts"]["sold"]["english"] = f"sold, so it {word}"
    with pytest.raises(InputError, match="verdict"):
        check_factors(content, "factors.yaml")


def test_a_source_that_is_not_listed_is_refused(content: Any) -> None:
    """A factor cites only what the list holds, and grades nothing primary without a primary source."""
    content["places"]["TW"]["factors"]["market"]["sources"] = ["hearsay"]
    with pytest.raises(InputError, match="TW market: source hearsay"):
        check_factors(content, "factors.yaml")


def test_a_place_that_is_not_held_has_no_factors() -> None:
    """Of a place that nobody looked up, nothing is said."""
    assert rule_of("AU") is None
    assert factors_of("AU", AT) == {}


def test_a_factor_counts_from_its_day() -> None:
    """Korea's factor on well-known persons came in 2022, China's right in one's likeness with the Civil Code."""
    assert "publicity" not in factors_of("KR", dt.date(2022, 6, 7))
    assert "publicity" in factors_of("KR", dt.date(2022, 6, 8))
    assert "person" not in factors_of("CN", dt.date(2020, 12, 31))


def test_every_fact_belongs_to_an_aspect_that_some_place_looks_at() -> None:
    """No fact is observed in vain, and each aspect has facts on it."""
    looked_at = {aspect for place in PLACES for factor in factors_of(place, AT).values() for aspect in factor.looks_at}
    observed = {fact.aspect for fact in load_factors().facts.values()}
    assert looked_at == observed == set(load_factors().aspects)


def test_the_photograph_that_became_a_shirt_speaks_on_both_sides() -> None:
    """Shared for fun in new scenes, most facts speak for it; cut out and printed on shirts for sale, most against.

    Neither list is an answer: in both uses facts stand on both sides.
    """
    facts = load_factors().facts
    shared = ("humour", "shared_for_fun", "new_setting", "factual", "heart", "no_substitute", "person_recognisable")
    shirt = ("decoration", "sold_for_charity", "printed_unchanged", "factual", "heart", "licence_on_offer")
    bearing = {name for factor in factors_of("TW", AT).values() for name in facts_for(factor)}
    sides = {
        use: {side: [n for n in names if n in bearing and facts[n].speaks == side] for side in ("for", "against")}
        for use, names in (("shared", shared), ("shirt", shirt))
    }
    assert sides["shared"] == {
        "for": ["humour", "shared_for_fun", "new_setting", "factual", "no_substitute"],
        "against": ["heart", "person_recognisable"],
    }
    assert sides["shirt"] == {
        "for": ["factual"],
        "against": ["decoration", "sold_for_charity", "printed_unchanged", "heart", "licence_on_offer"],
    }


def test_a_closed_list_looks_at_fewer_things_than_an_open_one() -> None:
    """Japan has no factor on the market of the work: what is not listed has no exception to weigh."""
    looked_at = {aspect for factor in factors_of("JP", AT).values() for aspect in factor.looks_at}
    assert "market" not in looked_at
    rule = rule_of("JP")
    assert rule is not None
    assert rule.kind == "closed_list"


def test_the_page_on_memes_shows_what_the_list_says(repository: Path) -> None:
    """Each fact of the worked example stands on the page under its aspect, on the side that the list gives it."""
    facts = load_factors().facts
    page = (repository / "docs" / "memes.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (\w+) \|$", page, re.MULTILINE)
    assert len(rows) == 16
    assert rows == [(name, facts[name].aspect, facts[name].speaks) for name, _, _ in rows]

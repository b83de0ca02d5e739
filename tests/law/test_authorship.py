"""What a way of making means by place, and what societies do with it: each answer cited, and never a guess."""

from __future__ import annotations

import copy
import datetime as dt
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.errors import InputError
from partita.law.authorship import (
    EVIDENCE_KINDS,
    check_authorship,
    kinds_of,
    load_authorship,
    meaning,
    overall,
    society_rule,
)
from partita.law.table import MAKINGS
from partita.law.text import read
from partita.scope import EU
from partita.tables.rights import AUTHORSHIP

AT = dt.date(2026, 11, 22)
HELD = ("CN", "DE", "EU", "GB", "IN", "JP", "KR", "SG", "TW", "US")
KINDS = st.sets(st.sampled_from(EVIDENCE_KINDS))


@pytest.fixture
def content() -> Any:
    """The content of the shipped file, to be spoiled."""
    return copy.deepcopy(read(resources.files("partita.law").joinpath("authorship.yaml")))


@pytest.mark.parametrize(
    ("place", "shown", "position"),
    [
        ("US", ["prompts"], "unprotected"),
        ("US", ["selection", "arrangement", "prompts"], "human_parts"),
        ("US", ["edits"], "human_parts"),
        ("US", [], "may_be"),
        ("EU", ["edits"], "may_be"),
        ("DE", ["selection", "prompts"], "unprotected"),
        ("CN", ["prompts", "edits"], "divided"),
        ("CN", [], "unprotected"),
        ("TW", ["prompts"], "unprotected"),
        ("TW", ["arrangement"], "human_parts"),
        ("JP", ["prompts"], "may_be"),
        ("KR", ["selection"], "human_parts"),
    ],
)
def test_what_a_person_showed_decides_what_an_assisted_work_means(place: str, shown: list[str], position: str) -> None:
    """Prompts alone do not make an author in the United States; selection and arrangement may; China is divided."""
    assert meaning(place, "assisted", shown, AT).finding.position == position


def test_a_rule_for_computer_generated_works_leaves_a_generated_work_open() -> None:
    """Where a statute names an author of computer-generated works, the answer is open and disputed, elsewhere no."""
    found = {place: meaning(place, "generated", (), AT).finding for place in HELD}
    assert {place for place, finding in found.items() if finding.position == "may_be"} == {"GB", "IN"}
    assert {found["GB"].status, found["IN"].status} == {"contested"}
    assert {finding.position for place, finding in found.items() if place not in {"GB", "IN"}} == {"unprotected"}


def test_the_day_decides() -> None:
    """Korea's guide of 2023 did not count prompts; that of 2025 may."""
    before, after = (meaning("KR", "assisted", ["prompts"], day).finding for day in (dt.date(2024, 1, 1), AT))
    assert (before.position, after.position) == ("unprotected", "may_be")
    assert meaning("KR", "assisted", ["prompts"], dt.date(2020, 1, 1)).finding.position == "unknown"


def test_a_member_state_answers_with_the_rule_of_the_union() -> None:
    """A member without a rule of its own in the list takes the Union's, and says whose it is."""
    assert (meaning("FR", "generated", (), AT).source_place, meaning("DE", "generated", (), AT).source_place) == (
        "EU",
        "DE",
    )


def test_a_place_that_is_not_held_is_unknown() -> None:
    """Nothing is assumed of a place that nobody looked up."""
    answer = meaning("AU", "generated", (), AT)
    assert (answer.finding.position, answer.finding.known, answer.source_place) == ("unknown", False, "")


@given(place=st.sampled_from(sorted(EU | set(HELD))), making=st.sampled_from(sorted(MAKINGS)), shown=KINDS)
def test_every_answer_is_cited_and_dated(place: str, making: str, shown: set[str]) -> None:
    """Whatever is asked, an answer that is known has words in two languages, a rule, sources and a day of review."""
    answer = meaning(place, making, shown, AT)
    finding = answer.finding
    assert finding.known
    assert finding.words.english
    assert finding.words.chinese
    assert finding.rule
    assert finding.chinese
    assert finding.sources
    assert finding.review_by is not None
    assert finding.review_by > AT
    assert set(answer.counted) <= shown


@given(place=st.sampled_from(HELD), shown=KINDS, more=st.sampled_from(["arrangement", "edits", "drafts"]))
def test_showing_rework_never_makes_the_answer_worse(place: str, shown: set[str], more: str) -> None:
    """In no place does one's own arrangement, edit or draft, kept besides the rest, worsen what the rest means."""
    order = ("unprotected", "divided", "may_be", "human_parts", "protected")
    before, after = (meaning(place, "assisted", kinds, AT).finding.position for kinds in (shown, {*shown, more}))
    assert order.index(after) >= order.index(before)


@pytest.mark.parametrize("society", ["GEMA", "SACEM", "PRS", "STIM", "ASCAP", "BMI", "SOCAN", "KOMCA", "JASRAC"])
def test_no_society_pays_an_authors_share_for_a_wholly_generated_work(society: str) -> None:
    """A fully generated work earns no author's share; a human one always may."""
    rule = society_rule(society, AT)
    assert (rule.earns("generated"), rule.earns("human")) == (False, True)
    assert rule.assisted.sources
    assert rule.generated.sources


def test_societies_differ_on_assisted_works() -> None:
    """Some register the whole, some the person's part, Korea's nothing for the time being."""
    positions = {name: society_rule(name, AT).assisted.position for name in load_authorship().societies}
    assert positions["ASCAP"] == positions["BMI"] == positions["SOCAN"] == positions["GEMA"] == "accepted"
    assert positions["SACEM"] == positions["STIM"] == positions["JASRAC"] == "parts"
    assert positions["KOMCA"] == "refused"
    assert society_rule("KOMCA", AT).earns("assisted") is False


def test_the_joint_policy_begins_on_its_day() -> None:
    """Before 2025-10-28 nothing is said of the three North American societies."""
    assert society_rule("SOCAN", dt.date(2025, 10, 27)).earns("generated") is None
    assert society_rule("SOCAN", dt.date(2025, 10, 28)).earns("generated") is False


def test_a_society_without_a_published_rule_is_unknown() -> None:
    """A society that the list does not hold neither earns nor does not."""
    rule = society_rule("MUST", AT)
    assert (rule.earns("assisted"), rule.earns("generated"), rule.name) == (None, None, "MUST")


def test_the_registry_and_the_list_speak_of_the_same_kinds_of_evidence() -> None:
    """The table `authorship` names the kinds of evidence and the ways of making that the list answers for."""
    meanings = {column.name: column.meaning for column in AUTHORSHIP.columns}
    assert all(f"`{kind}`" in meanings["evidence"] for kind in EVIDENCE_KINDS)
    assert all(f"`{making}`" in meanings["making"] for making in MAKINGS)


def test_kinds_of_evidence_are_read_as_the_registry_keeps_them() -> None:
    """Each entry begins with its kind; what is no kind is left out, and order and number do not matter."""
    kept = ["prompts: 212 of them", "edits: bars 9 to 24", "prompts: the last", "mood: gloomy"]
    assert kinds_of(kept) == ("edits", "prompts")
    assert kinds_of([]) == ()


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (["human", "human"], "human"),
        (["generated"], "generated"),
        (["generated", "human"], "assisted"),
        (["assisted", "human"], "assisted"),
        ([], None),
    ],
)
def test_a_work_is_wholly_generated_only_if_all_its_parts_are(parts: list[str], whole: str | None) -> None:
    """One part by a person is enough for a work not to be a machine's alone; of no parts nothing is said."""
    assert overall(parts) == whole


@pytest.mark.parametrize(("making", "kinds"), [("written", ()), ("assisted", ("style",))])
def test_a_word_that_is_none_is_refused(making: str, kinds: tuple[str, ...]) -> None:
    """Another making, or another kind of evidence, is an error that says which words there are."""
    with pytest.raises(InputError, match="Use"):
        meaning("US", making, kinds, AT)


def test_a_spoiled_list_is_refused_with_the_place(content: Any) -> None:
    """A position without words, a source that is not listed and a list that leaves a case open are all found."""
    open_case = copy.deepcopy(content)
    open_case["places"]["US"]["generated"][0]["shown"] = ["prompts"]
    unlisted = copy.deepcopy(content)
    unlisted["societies"]["GEMA"]["generated"][0]["sources"] = ["rumour"]
    unnamed = copy.deepcopy(content)
    unnamed["places"]["TW"]["assisted"][0]["values"][0]["position"] = "perhaps"
    unreachable = copy.deepcopy(content)
    unreachable["places"]["US"]["assisted"][0]["shown"] = []
    flattered = copy.deepcopy(content)
    flattered["societies"]["SACEM"]["generated"][0]["evidence"] = "primary"
    for spoiled, said in (
        (open_case, "last case"),
        (unreachable, "last case"),
        (unlisted, "GEMA: source rumour"),
        (unnamed, "TW assisted"),
    ):
        with pytest.raises(InputError, match=said):
            check_authorship(spoiled, "authorship.yaml")
    with pytest.raises(InputError, match="primary source"):
        check_authorship(flattered, "authorship.yaml")

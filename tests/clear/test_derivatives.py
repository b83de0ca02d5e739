"""What is made of a work step by step, and what a place's rule looks at in it: facts for and against, no verdict."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.clear import reasons
from partita.clear.derivatives import CHARACTERS, OPEN, STEPS_MOST, Step, factors
from partita.errors import InputError
from partita.law.factors import VERDICTS, load_factors, rule_of

DAY = dt.date(2026, 11, 22)
PLACES = sorted(load_factors().places)
SHARED = Step(DAY, "shared", ("cut_out_only", "heart", "person_recognisable", "factual"))
CAPTIONED = Step(DAY, "shared", ("new_text", "humour", "comment_on_something_else"))
SHIRTS = Step(DAY, "sold", ("printed_unchanged", "decoration"))

CHAINS = st.lists(
    st.builds(
        Step, st.just(DAY), st.sampled_from(sorted(CHARACTERS)),
        st.lists(st.sampled_from(sorted(load_factors().facts)), max_size=5).map(tuple),
    ), max_size=5,
).map(tuple)  # fmt: skip


def sides(chain: tuple[Step, ...], place: str, looks_at: str) -> set[str]:
    """The sides for which something speaks in the factors of a place that look at an aspect."""
    rule = rule_of(place)
    assert rule is not None
    named = {name for name, factor in rule.factors.items() if looks_at in factor.looks_at}
    return {bearing.speaks for bearing in factors(chain, rule, DAY) if bearing.factor in named}


def test_a_photograph_shared_for_fun_and_then_sold_on_shirts() -> None:
    """In the United States the sale speaks against, where the sharing spoke for it; what was taken stays the same."""
    shared, sold = (
        sides((SHARED, CAPTIONED), "US", "commercial"),
        sides((SHARED, CAPTIONED, SHIRTS), "US", "commercial"),
    )
    assert "for" in shared
    assert "against" in sold
    whys = [b.why for b in factors((SHARED, CAPTIONED, SHIRTS), rule_of("US"), DAY)]
    assert "step 3: sold, on goods or by itself" in whys
    assert "step 1: the central figure was taken" in whys
    assert "step 2: shared without pay or promotion" not in whys


def test_the_words_are_the_language_asked_for() -> None:
    """In Chinese the factors and facts are in Chinese."""
    found = factors((SHARED, SHIRTS), rule_of("TW"), DAY, "zh-Hant")
    assert "第 2 步：製成商品或單獨販售" in {bearing.why for bearing in found}
    assert all(not bearing.words.isascii() for bearing in found)
    with pytest.raises(ValueError, match="no reasons in fr"):
        factors((SHARED,), rule_of("TW"), DAY, "fr")


def test_what_nothing_is_recorded_of_is_open() -> None:
    """A factor without an observed fact is shown, open, and not left out."""
    found = factors((Step(DAY, "private"),), rule_of("US"), DAY)
    rule = rule_of("US")
    assert rule is not None
    assert {bearing.factor for bearing in found} == set(rule.factors)
    assert {b.speaks for b in found if b.why == "nothing is recorded of it"} == {OPEN}


def test_without_a_rule_nothing_is_said() -> None:
    """Of a place without a list, and of no chain, nothing is said."""
    assert factors((SHARED,), rule_of("QQ"), DAY) == ()
    assert factors((), rule_of("US"), DAY) == ()


@pytest.mark.parametrize(
    ("chain", "words"),
    [
        ((Step(DAY, "sold", ("stolen",)),), "step 1 observes 'stolen'"),
        ((SHARED, Step(DAY, "free")), "step 2 is 'free'"),
        ((SHARED,) * (STEPS_MOST + 1), "too long"),
    ],
)
def test_what_is_in_no_list_is_refused(chain: tuple[Step, ...], words: str) -> None:
    """A fact or character that is in no list, and a chain without end, are said in one line."""
    with pytest.raises(InputError, match=words):
        factors(chain, rule_of("US"), DAY)


@given(CHAINS, st.sampled_from(PLACES), st.sampled_from(reasons.LANGUAGES))
def test_no_word_is_a_verdict(chain: tuple[Step, ...], place: str, language: str) -> None:
    """Whatever was made of what, no word concludes anything, and each factor has its sources."""
    for bearing in factors(chain, rule_of(place), DAY, language):
        assert not VERDICTS.search(bearing.why)
        assert not VERDICTS.search(bearing.words)
        assert bearing.speaks in {"for", "against", "open"}
        assert bearing.sources


@given(CHAINS, st.sampled_from(PLACES))
def test_every_factor_of_the_rule_is_shown(chain: tuple[Step, ...], place: str) -> None:
    """No factor is left out, so that none is chosen for the reader."""
    rule = rule_of(place)
    assert rule is not None
    expected = {name for name, factor in rule.factors.items() if factor.valid_from <= DAY} if chain else set()
    assert {bearing.factor for bearing in factors(chain, rule, DAY)} == expected

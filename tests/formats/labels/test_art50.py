"""The wording for Art. 50: in every language and medium, in step with the making, and honest on what is missing."""

from __future__ import annotations

import datetime as dt

import pytest

from partita.errors import InputError
from partita.formats.labels import art50
from partita.formats.labels.shape import Contribution, Making, Part, State

NAMED = {
    "en": "artificial intelligence",
    "de": "künstlicher Intelligenz",
    "fr": "intelligence artificielle",
    "zh-Hant": "人工智慧",
}
PARTLY = {"en": "Parts of", "de": "Teile", "fr": "Des parties", "zh-Hant": "部分"}


@pytest.mark.parametrize("medium", art50.MEDIA)
@pytest.mark.parametrize("language", art50.LANGUAGES)
def test_each_language_says_whether_all_or_part_was_made_by_ai(language: str, medium: str) -> None:
    """Every wording names artificial intelligence in its language, and says `part` only where it is part."""
    whole, part = (art50.wording(making, language, medium) for making in (Making.GENERATED, Making.ASSISTED))
    assert whole
    assert part
    assert NAMED[language] in whole.deployer
    assert NAMED[language] in part.deployer
    assert PARTLY[language] in part.deployer
    assert PARTLY[language] not in whole.deployer
    assert whole.credit != part.credit
    assert len(part.credit) < len(part.deployer)


def test_a_recording_begins_with_a_spoken_disclaimer() -> None:
    """Sound has words to be spoken; a picture has none."""
    heard, seen = (art50.wording(Making.GENERATED, "en", medium) for medium in ("audio", "picture"))
    assert heard
    assert seen
    assert heard.spoken == heard.deployer
    assert seen.spoken == ""


def test_the_icon_is_ai_in_capitals() -> None:
    """The text of the icon is the Code's: AI, with generated or modified, in English in every language."""
    found = {art50.wording(Making.ASSISTED, language) for language in art50.LANGUAGES}
    assert {one.icon for one in found if one} == {"AI MODIFIED"}
    generated = art50.wording(Making.GENERATED, "de")
    assert generated
    assert generated.icon == "AI GENERATED"


def test_people_s_work_has_no_wording() -> None:
    """Art. 50 asks nothing of what people made: no words, and a label of state none."""
    assert art50.wording(Making.HUMAN, "fr") is None
    assert art50.label(Contribution("A", (Part("whole", Making.HUMAN),))).state is State.NONE


def test_a_language_that_is_not_here_is_refused() -> None:
    """Another language or medium is bad input, and the known ones are named."""
    with pytest.raises(InputError, match="zh-Hant"):
        art50.wording(Making.GENERATED, "la")
    with pytest.raises(InputError, match="picture"):
        art50.wording(Making.GENERATED, "en", "smell")


def test_layers_one_and_three_are_supplied_and_the_watermark_is_not() -> None:
    """Metadata and log are ours; the watermark is said to be missing, so that nobody takes two layers for three."""
    assert {name: supplied for name, (supplied, _) in art50.LAYERS.items()} == {
        "1.1.1": True, "1.1.2": False, "1.1.3": True,
    }  # fmt: skip
    assert "not supplied" in art50.LAYERS["1.1.2"][1]


def test_sources_are_dated_and_graded() -> None:
    """Each source has its date before the day it was looked up, a grade, and what it says."""
    assert all(source.date <= dt.date(2026, 11, 22) and source.says for source in art50.SOURCES)
    assert {source.grade for source in art50.SOURCES} <= {"primary", "secondary"}

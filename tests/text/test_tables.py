"""The tables of characters: what is kept or left out to build them quickly changes nothing in them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pypinyin.constants import PINYIN_DICT

from partita.text import fold, han_forms, pinyin, variants

KEPT = Path(variants.__file__).with_name("han_forms.txt")
SURROGATES = range(0xD800, 0xE000)


def test_the_kept_forms_are_those_of_the_tables() -> None:
    """The file of Han forms is what `python -m partita.text.han_forms` writes."""
    assert KEPT.read_text(encoding="utf-8") == han_forms.written()


def test_every_character_has_the_form_that_the_rule_gives_it() -> None:
    """Also those of which it is known beforehand that they stay as they are."""
    rules = sys.modules["partita.text.fold"]
    folded, bared = rules._folded_forms(), rules._bared_forms()  # noqa: SLF001 - the rule and what was made of it
    for code in range(0x10000):
        char = chr(code)
        if code not in SURROGATES:
            assert folded.get(char, char) == rules._folded(char), hex(code)  # noqa: SLF001
            assert bared.get(char, char) == rules._bared(char), hex(code)  # noqa: SLF001


@pytest.mark.parametrize(("char", "form"), [("é", "e"), ("Ø", "o"), ("Ǆ", "dz"), ("ᾳ", "αι"), ("𝔸", "a"), ("㎏", "kg")])
def test_marks_fall_off_latin_and_greek_letters(char: str, form: str) -> None:
    """And compatible characters are what they are compatible with."""
    assert fold(char) == form


@pytest.mark.parametrize("char", ["が", "각", "й", "ї"])
def test_letters_that_their_marks_make_are_whole(char: str) -> None:
    """Kana, Hangul and Cyrillic: without its mark it is another letter."""
    assert fold(char) == char


def test_readings_are_those_of_the_whole_package() -> None:
    """Only its module of single characters is read, and that says what the package does."""
    assert pinyin._dictionary() == PINYIN_DICT  # noqa: SLF001 - what the package calls by another name

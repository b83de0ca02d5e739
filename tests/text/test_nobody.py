"""Words for nobody: recognised in every spelling, and never where somebody is meant."""

# ruff: noqa: E501 - tables of Han characters, each of which counts as two columns

from __future__ import annotations

import pytest

from partita.identify.fields import names
from partita.text.nobody import names_nobody

NOBODY = [
    "佚名", "無名氏", "无名氏", "民謠", "台灣民謠", "臺灣民謠", "河南民歌", "蘇格蘭民謠", "Traditional", "TRADITIONAL", "trad.", "Trad", "anonymous",
    "Anon.", "unknown", "不詳", "DP", "D.P.", "PD", "Public Domain", "Various Artists", "群星", "V.A.", "未知", "N/A", "V/A", "-", "ＤＰ",
    "Irish Traditional",
]  # fmt: skip
SOMEBODY = [
    "",
    "民謠歌手",
    "Folk Implosion",
    "Anonymous 4",
    "Unknown Mortal Orchestra",
    "鄧雨賢",
    "Trad Jazz Band",
    "PD Heaton",
    "DPR",
]


@pytest.mark.parametrize("name", NOBODY)
def test_a_word_for_nobody_is_no_name(name: str) -> None:
    """Whatever its script, width and case; identification leaves it out of the names that it compares."""
    assert names_nobody(name)
    assert names([f"鄧雨賢 / {name}"]).part_texts.strings() == names(["鄧雨賢"]).part_texts.strings()


@pytest.mark.parametrize("name", SOMEBODY)
def test_a_name_that_holds_such_a_word_is_a_name(name: str) -> None:
    """Only the whole name says that nobody is named."""
    assert not names_nobody(name)

"""Titles taken apart: tags, guests, track numbers and brackets are separated, titles that look like them are not."""

# ruff: noqa: E501 - tables of Han characters, each of which counts as two columns

from __future__ import annotations

import pytest

from partita.text import fold
from partita.text.script import guess_language, primary
from partita.text.titles import dashed, name_parts, title_parts

CORES = [
    ("上海グレイ (Remastered 2009)", "上海グレイ"), ("夜車 0.95x", "夜车"), ("Take Me to the River - Remastered 2011", "take me to the river"),
    ("望春風KTV版", "望春风"), ("月亮代表我的心 伴奏", "月亮代表我的心"), ("愛情釀的酒 粵語版", "爱情酿的酒"), ("青花瓷 (現場版)", "青花瓷"),
    ("Bruh ft. X", "bruh"), ("Done for Me (feat. Kehlani)", "done for me"), ("03. Love Me Do", "love me do"), ("04 夜曲", "夜曲"),
    ("Nel Blu (Volare)", "nel blu"), ("(I Can't Get No) Satisfaction", "i can't get no satisfaction"), ("Song [Official Video]", "song"),
    ("Yesterday - Live at the BBC, 1964", "yesterday"), ("Radio Edit", "radio edit"),
]  # fmt: skip
WHOLE = ["1979", "99 Luftballons", "Long Live", "Live and Let Die", "Video Killed the Radio Star", "主題曲", "2 Become 1", "Symphony No. 5",
         "Karaoke", "7 Rings", "24/7", "Remix"]  # fmt: skip


@pytest.mark.parametrize(("title", "core"), CORES)
def test_what_stands_beside_a_title_is_separated(title: str, core: str) -> None:
    """The core is the title without tags, guests, track number and bracketed additions."""
    assert title_parts(fold(title)).core == core


@pytest.mark.parametrize("title", WHOLE)
def test_titles_that_look_like_tags_stay_whole(title: str) -> None:
    """Numbers and tag words that are the title itself are kept."""
    assert title_parts(fold(title)).core == fold(title)


def test_nothing_is_lost() -> None:
    """Every part that was taken off can be read."""
    parts = title_parts(fold("小幸運 (KTV版) (愛的) [feat. 某人]"))
    assert parts == ("小幸运", "小幸运 爱的", ("ktv版",), ("爱的",), ("某人",))


def test_names_are_divided() -> None:
    """Several performers in one text, in any of the usual ways."""
    assert name_parts(fold("周杰倫&費玉清")) == ("周杰伦", "费玉清")
    assert name_parts(fold("The Beatles feat. Billy Preston")) == ("beatles", "billy preston")
    assert name_parts(fold("cool&create/ビートまりお、あまね")) == ("cool", "create", "ビートまりお", "あまね")


def test_a_dash_divides_artist_and_title() -> None:
    """With spaces in any script, without them where no Latin compound can be meant."""
    assert dashed(fold("Jack Johnson – Traffic")) == ("jack johnson", "traffic")
    assert dashed(fold("周杰倫-稻香")) == ("周杰伦", "稻香")
    assert dashed(fold("Rock-in Robin")) is None
    assert dashed("- ") is None


def test_language_is_guessed_from_kana_and_hangul_alone() -> None:
    """Han and Latin titles never tell a language."""
    assert guess_language("君の名は") == "ja"
    assert guess_language("사랑") == "ko"
    assert guess_language("愛") is None
    assert guess_language("Yesterday") is None
    assert primary("zh-Hant-TW") == primary("cmn") == "zh"

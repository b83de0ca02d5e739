"""Folding: what becomes equal, what must stay apart, and that nothing breaks it."""

# ruff: noqa: E501 - tables of Han characters, each of which counts as two columns

from __future__ import annotations

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.text import bare, bare_all, fold, fold_all
from partita.text.ragged import Texts
from partita.text.variants import LOOSE, phrases

SAME = [
    ("望春風", "望春风"), ("臺灣", "台湾"), ("裡面", "裏面"), ("為了你", "爲了妳"), ("藝者", "芸者"), ("愛拼才會贏", "爱拚才会赢"),
    ("ＡＢＣ　１２３", "abc 123"), ("ｶﾞﾝﾀﾞﾑ", "ガンダム"), ("か\u3099", "が"), ("각", "\u1100\u1161\u11a8"), ("Ólafur", "OLAFUR"),
    ("中山晋平", "中山晉平"), ("渡邉 髙橋", "渡辺 高橋"), ("呉", "吳"), ("姫", "姬"), ("舎", "舍"), ("聡", "聰"), ("戸", "戶"), ("並", "并"),
    ("Don’t", "dont"), ("R.E.M.", "REM"), ("Straße", "strasse"), ("群星", "羣星"), ("《稻香》", "「稻香」"), ("Beyoncé", "Beyonce\u0301"),
    ("関ヶ原", "関ケ原"), ("精采", "精彩"), ("歌謌", "謌歌"), ("牠", "它"), ("姊妹", "姐妹"), ("Tsʻai", "Ts'ai"),
]  # fmt: skip
APART = [
    ("咱", "阮"),
    ("心願", "新願"),
    ("愛情", "哀情"),
    ("思念", "死黏"),
    ("ガ", "カ"),
    ("ぱ", "は"),
    ("她", "他"),
    ("海底", "海的"),
    ("聯", "連"),
    ("弁", "辯"),
    ("毋", "不"),
    ("欠", "缺"),
    ("予", "豫"),
    ("袂來", "未來"),
    ("媠", "水"),
    ("囝", "囡"),
    ("欲望", "要望"),
    ("さくら", "サクラ"),
    ("那裡", "哪裡"),
    ("目 珠", "目睭"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_text_are_equal(one: str, other: str) -> None:
    """Width, case, accents, scripts and variant characters do not matter."""
    assert bare(one) == bare(other)


@pytest.mark.parametrize(("one", "other"), APART)
def test_different_words_stay_apart(one: str, other: str) -> None:
    """What only sounds or looks alike is not equal; kana keep their voicing marks."""
    assert bare(one) != bare(other)


def test_characters_beyond_the_tables_stay_apart() -> None:
    """Rare Han characters of the third plane are compared as they are."""
    assert bare("\U00030001") != bare("\U00030002")


def test_hokkien_spellings_meet() -> None:
    """Spellings of one Hokkien word are folded together."""
    for one, other in (("拚", "拼"), ("毋", "嘸"), ("佇", "置"), ("攏", "拢"), ("袂", "𣍐"), ("𨑨迌", "佚陶"),
                       ("囝仔", "囡仔"), ("啥物", "啥咪"), ("按怎", "安怎"), ("代誌", "代志"), ("拍拚", "打拼"), ("佮意", "甲意")):  # fmt: skip
        assert bare(one) == bare(other)


@pytest.mark.parametrize("step", ["s2t", "t2s", "t2jp", "jp2t", "s2tw", "tw2s", "s2hk", "hk2s"])
def test_every_form_of_opencc_folds_together(step: str) -> None:
    """A character and its Taiwan, Hong Kong, simplified or Japanese form are equal, but where words were merged."""
    every = [chr(code) for code in range(0x4E00, 0xA000)]
    forms = opencc.OpenCC(step).convert("\n".join(every)).split("\n")
    same = zip(every, forms, fold_all(every), fold_all(forms), strict=True)
    apart = {a + b for a, b, one, other in same if len(b) == 1 and one != other}
    assert apart <= {"聯連", "連聯", "瓣弁", "辯弁", "辨弁", "欠缺", "缺欠", "予豫", "豫予"}


def test_signs_alone_are_kept() -> None:
    """A title of nothing but signs is still a title."""
    assert bare("!!!") == "!!!"
    assert bare("÷") == "÷"


def test_controls_disappear() -> None:
    """NUL, direction marks, joiners and line ends do no harm."""
    assert bare("a\0b\u202e\u200f\nc") == "a b c"


@given(st.lists(st.text(max_size=40), max_size=8))
def test_columns_fold_as_single_texts_do(texts: list[str]) -> None:
    """Folding a column gives what folding each text gives, and folding twice changes nothing more."""
    folded = fold_all(texts)
    assert folded == [fold(t) for t in texts]
    assert fold_all(folded) == folded or any("\u1100" <= c <= "\u11ff" for t in texts for c in t)
    assert bare_all(folded) == [bare(t) for t in texts]


@given(st.lists(st.text(max_size=30), max_size=8))
def test_ragged_texts_keep_their_strings(texts: list[str]) -> None:
    """Strings go in and out of the column form unchanged, and equal strings hash alike."""
    ragged = Texts.of(texts)
    assert ragged.strings() == texts
    hashes = ragged.hashes().tolist()
    assert all((hashes[i] == hashes[j]) == (a == b) for i, a in enumerate(texts) for j, b in enumerate(texts))


def test_words_are_found_by_column() -> None:
    """Every word of every text once, with its text."""
    hashes, owners = Texts.of(["", "a b", "b", " ", "a"]).words()
    assert owners.tolist() == [1, 1, 2, 4]
    assert hashes[0] == hashes[3]
    assert hashes[1] == hashes[2]


def test_the_tables_fold_once() -> None:
    """No form of a character or of a phrase has another form; no phrase grows out of another."""
    every = [chr(code) for begin, end in ((0x20, 0xD800), (0xE000, 0x30000)) for code in range(begin, end)]
    once = fold_all(every)
    assert [
        c for c, a, b in zip(every, once, fold_all(once), strict=True) if a != b and not "\u1100" <= c <= "\u11ff"
    ] == []
    spelt = [x for pair in phrases().items() for x in pair]
    assert fold_all(fold_all(spelt)) == fold_all(spelt)
    assert not {word[0] for word in phrases()} & {word[1] for word in (*phrases(), *phrases().values())}


def test_what_only_proposes_does_not_fold() -> None:
    """The signs of the loose table are folded already, and none of its pairs is equal."""
    assert [c for pair in LOOSE.items() for c in pair if fold(c) != c] == []
    assert [pair for pair in LOOSE.items() if fold(pair[0]) == fold(pair[1])] == []


def test_a_very_long_text_is_bounded() -> None:
    """A hundred thousand characters are compared by their beginning."""
    assert len(fold("x" * 100_000)) <= 1024
    long = fold("\ufdfa" * 100_000)
    assert len(long) <= 1024
    assert fold(long) == long

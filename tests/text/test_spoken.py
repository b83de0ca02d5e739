"""Keys by sound: what joins what across scripts and spellings, and that no text breaks them."""

# ruff: noqa: E501 - tables of Han characters, each of which counts as two columns

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.text import fold_all
from partita.text.spoken import KEYS_MOST, latin_keys, native_keys

TOGETHER = [
    ["鄧麗君", "邓丽君", "Deng Lijun", "deng4 li4 jun1", "Dèng Lìjūn", "Teng Li-chün", "Teng Li-chun", "Li-chun Teng"],
    ["周杰倫", "Chou Chieh-lun", "Chieh-lun Chou", "Jielun Zhou", "ZHOU JIELUN"], ["蔡琴", "Ts'ai Ch'in", "Tsai Chin", "Tsʻai Chʻin", "Cai Qin"],
    ["張學友", "Cheung Hok-yau", "Zhang Xueyou", "Hok Yau Cheung"], ["劉德華", "Lau Tak Wah", "Liu Dehua"], ["曾沛慈", "Tseng Pei-tzu"],
    ["羅大佑", "Lo Ta-yu"], ["張惠妹", "Chang Hui-mei"], ["蕭敬騰", "Hsiao Ching-teng"], ["王心凌", "Wang Hsin-ling"], ["謝金燕", "Hsieh Chin-yen"],
    ["月亮代表我的心", "Yue Liang Dai Biao Wo De Xin", "Yueh Liang Tai Piao Wo Te Hsin", "yueliang daibiao wo de xin"],
    ["綠光", "lǜ guang", "lv guang", "lu: guang", "lü guang"], ["長城", "chang cheng"], ["了不起", "liao bu qi"], ["重逢", "chongfeng"],
    ["什麼", "shenme"], ["小姐", "xiao jie"], ["西安", "Xi'an"], ["Bāng-chhun-hong", "Bāng-tshun-hong", "bang7 chhun1 hong1"], ["Pe̍h-ōe-jī", "Pe̍h-uē-jī"],
    ["Hoe-hiuⁿ", "Hue-hiunn"], ["Ú-iā-hoe", "Ú-iā-hue"], ["o͘-á", "oo-á"], ["Góa ài lí", "guá ài lí"], ["Pó͘-phòa-bāng", "Póo-phuà-bāng"],
    ["Chi̍t ki sió-sòaⁿ", "Tsi̍t ki sió-suànn"], ["Lêng-á", "Lîng-á"], ["さくら", "サクラ", "sakura", "ｻｸﾗ"],
    ["とうきょう", "Tōkyō", "Toukyou", "Tokyo", "トーキョー"], ["しんぶん", "shimbun", "sinbun", "shinbun"], ["ちゃんと", "chanto", "tyanto"],
    ["まっちゃ", "matcha", "maccha"], ["じゃあね", "jaane", "zyaane", "jaa ne"], ["きょうはさようなら", "kyou wa sayonara", "Kyō wa sayōnara"],
    ["ファンタジー", "fantajii", "fantajī"], ["パーティー", "pātī", "paatii"], ["こんにちは", "konnichiwa"], ["しんいち", "shin'ichi", "Shinichi"],
    ["チェリー", "cherī", "cherii"], ["ヴァイオリン", "vaiorin"], ["おおの", "Ohno", "Ōno"], ["つづく", "tsuzuku", "tuduku"], ["アリガトウ", "arigatō"],
    ["아리랑", "Arirang"], ["김정미", "Kim Jeong-mi", "Kim Chŏng-mi", "Jeong-mi Kim", "Kim Jung Mi"], ["박진영", "Park Jin-young", "Pak Chin-yŏng", "Jin Young Park"],
    ["사랑해", "saranghae", "sarang hae"], ["조용필", "Cho Yong-pil", "Jo Yong-pil"], ["이선희", "Lee Seon-hee", "I Sŏnhŭi"], ["신라의 달밤", "Silla-ui dalbam"],
    ["같이", "gachi"], ["종로", "Jongno"], ["독립", "dongnip"], ["나훈아", "Na Hoon-a", "Na Hun-a"], ["최백호", "Choi Baek-ho", "Ch'oe Paek-ho"],
    ["봄여름가을겨울", "bom yeoreum gaeul gyeoul"],
]  # fmt: skip
APART = [
    ("愛情", "友情"), ("咱的故鄉", "阮的故鄉"), ("さくら", "さくな"), ("ガラス", "カラス"), ("사랑", "사람"), ("Deng Lijun", "Deng Lihun"),
    ("Bāng-chhun-hong", "Bāng-chhun-hng"), ("びょういん", "びよういん"), ("おばさん", "おぼさん"),
]  # fmt: skip
HOSTILE = ["", "\ud800", "\0", "\u202e愛\u200f", "\u200b", "👩‍👩‍👧", "a" * 100_000, "愛" * 100_000, "あ" * 100_000, "한" * 100_000, "xian" * 20 + "q",
           "n" * 79, "o" * 79, "\n愛\n情", "sakura\nsakura", "'", "-'-", "愛-", "ー", "っ", "·", "=cmd|' /C calc'!A0", "ᄀ", "\u11a8"]  # fmt: skip


def every_key(text: str) -> set[str]:
    """All keys of one text as it is written."""
    folded = fold_all([text])
    return {*native_keys(folded)[0], *latin_keys(folded)[0]}


@pytest.mark.parametrize("texts", TOGETHER, ids=lambda texts: texts[0])
def test_spellings_of_one_word_share_a_key(texts: list[str]) -> None:
    """Whatever the script, the romanisation and the order of a person's names."""
    first = every_key(texts[0])
    assert [text for text in texts if not first & every_key(text)] == []


@pytest.mark.parametrize(("one", "other"), APART)
def test_other_sounds_share_none(one: str, other: str) -> None:
    """Another vowel or consonant that the scripts tell apart is another key."""
    assert not every_key(one) & every_key(other)


@pytest.mark.parametrize(("text", "key"), [
    ("鄧麗君", "p:denglijun"), ("Deng Lijun", "p:denglijun"), ("鄧麗君", "ps:chun li teng"), ("Li-chun Teng", "ps:chun li teng"),
    ("月亮代表我的心", "w:yuehliangtaipiaowotehsin"), ("Pe̍h-ōe-jī", "h:pehueji"), ("peh8 oe7 ji7", "h:pehueji"), ("トーキョー", "r:tokyo"),
    ("tōkyō", "r:tokyo"), ("아리랑", "k:alilaN"), ("Arirang", "k:alilaN"), ("아리랑", "ks:Naaill"), ("不甘", "c:毋甘"), ("LOVE 愛", "p:loveai"),
])  # fmt: skip
def test_each_system_has_one_form(text: str, key: str) -> None:
    """A key begins with its system and is that system's one spelling."""
    assert key in every_key(text)


def test_what_is_plainly_english_has_no_key() -> None:
    """An English title is not looked for as if it were pinyin."""
    assert latin_keys(["you are my sunshine", "shape of you", "99 luftballons", "!!!"]) == [()] * 4


@given(st.lists(st.text(max_size=40), max_size=6))
def test_columns_have_the_keys_of_their_texts(texts: list[str]) -> None:
    """Whatever the text: one answer a text, the same alone as in a column, and never too many."""
    for keys in (native_keys, latin_keys):
        assert keys(texts) == [keys([text])[0] for text in texts]
    assert all(len(found) <= KEYS_MOST for found in latin_keys(texts))


def test_hostile_texts_have_keys_or_none() -> None:
    """Lone surrogates, controls, joiners, and texts of any length are answered at once; long ones have none."""
    for texts in (HOSTILE, fold_all(HOSTILE)):
        for keys in (native_keys, latin_keys):
            assert len(keys(texts)) == len(texts)
    assert native_keys(["愛" * 100_000]) == latin_keys(["xian" * 1000]) == [()]

"""Titles taken apart: tags, guests, track numbers and brackets are separated, titles that look like them are not."""

# ruff: noqa: E501 - tables of Han characters, each of which counts as two columns

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.text import fold
from partita.text.script import guess_language, primary
from partita.text.titles import all_title_parts, dashed, name_parts, title_parts

CORES = [
    ("上海グレイ (Remastered 2009)", "上海グレイ"), ("夜車 0.95x", "夜车"), ("Take Me to the River - Remastered 2011", "take me to the river"),
    ("望春風KTV版", "望春风"), ("月亮代表我的心 伴奏", "月亮代表我的心"), ("愛情釀的酒 粵語版", "爱情酿的酒"), ("青花瓷 (現場版)", "青花瓷"),
    ("Bruh ft. X", "bruh"), ("Done for Me (feat. Kehlani)", "done for me"), ("03. Love Me Do", "love me do"), ("04 夜曲", "夜曲"),
    ("Nel Blu (Volare)", "nel blu"), ("(I Can't Get No) Satisfaction", "i can't get no satisfaction"), ("Song [Official Video]", "song"),
    ("Yesterday - Live at the BBC, 1964", "yesterday"), ("Radio Edit", "radio edit"),
]  # fmt: skip
WHOLE = ["1979", "99 Luftballons", "Long Live", "Live and Let Die", "Video Killed the Radio Star", "主題曲", "2 Become 1", "Symphony No. 5",
         "Karaoke", "7 Rings", "24/7", "Remix"]  # fmt: skip

MORE_CORES = [
    ("望春風 (KTV版)", "望春风"), ("望春風【KTV版】", "望春风"), ("望春風[伴奏]", "望春风"), ("望春風 伴奏版", "望春风"), ("愛你 (粵語版)", "爱你"), ("愛你(國)", "爱你"),
    ("愛你 國語", "爱你"), ("愛你 台語版", "爱你"), ("愛你-台語", "爱你"), ("愛你（國語版）", "爱你"), ("愛你 (Live)", "爱你"), ("愛你 Live", "爱你"), ("愛你 - Live", "爱你"),
    ("愛你 (Live版)", "爱你"), ("《LIVEカラオケ》津軽海峡・冬景色", "津轻海峡 冬景色"), ("津軽海峡・冬景色《LIVEカラオケ》", "津轻海峡 冬景色"), ("津軽海峡・冬景色 〈カラオケ〉", "津轻海峡 冬景色"),
    ("津軽海峡・冬景色（カラオケ）", "津轻海峡 冬景色"), ("天城越え カラオケ", "天城越え"), ("さくら (オリジナル・カラオケ)", "さくら"), ("さくら -instrumental-", "さくら"), ("さくら ～弾き語り～", "さくら"),
    ("残酷な天使のテーゼ (TVサイズ)", "残酷な天使のテーゼ"), ("사랑해 (노래방)", "사랑해"), ("사랑해 노래방", "사랑해"), ("사랑해 (Inst.)", "사랑해"), ("사랑해 (MR)", "사랑해"),
    ("사랑해 (라이브)", "사랑해"), ("사랑해 반주", "사랑해"), ("03 Yesterday", "yesterday"), ("03. Yesterday", "yesterday"), ("3. Yesterday", "yesterday"),
    ("A1. Yesterday", "yesterday"), ("A1 Yesterday", "a1 yesterday"), ("B2 - Yesterday", "b2 - yesterday"), ("1-03 Yesterday", "yesterday"),
    ("01-Yesterday", "yesterday"), ("01_Yesterday", "yesterday"), ("Track 5 - Yesterday", "yesterday"), ("Track 05", "track 05"),
    ("99 Luftballons", "99 luftballons"), ("7 Years", "7 years"), ("50 Ways to Leave Your Lover", "50 ways to leave your lover"),
    ("7 Rings", "7 rings"), ("2 Become 1", "2 become 1"), ("18 till I Die", "18 till i die"), ("3AM", "3am"),
    ("4 In The Morning", "4 in the morning"), ("007 James Bond Theme", "007 james bond theme"), ("10,000 Hours", "10,000 hours"),
    ("10 000 Hours", "10 000 hours"), ("8 Mile", "8 mile"), ("Live and Let Die", "live and let die"), ("Live Forever", "live forever"),
    ("Long Live", "long live"), ("Born to Live", "born to live"), ("Video Games", "video games"), ("Radio Ga Ga", "radio ga ga"),
    ("Ignition (Remix)", "ignition"), ("Ignition - Remix", "ignition"), ("Remix", "remix"),
    ("(Sittin' On) The Dock of the Bay", "sittin' on the dock of the bay"), ("電影「海角七號」主題曲", '电影"海角七号"主题曲'), ("無樂不作 (電影「海角七號」主題曲)", "无乐不作"),
    ("國境之南 電影主題曲", "国境之南"), ("國境之南（電影《海角七號》插曲）", "国境之南"), ("小幸運 (電影「我的少女時代」主題曲)", "小幸运"), ("夜曲 (DJ版)", "夜曲"), ("夜曲 DJ版", "夜曲"),
    ("夜曲（慢版）", "夜曲"), ("夜曲 (Demo)", "夜曲"), ("夜曲 Demo版", "夜曲"), ("夜曲 (鋼琴版)", "夜曲"), ("夜曲 鋼琴版", "夜曲"), ("夜曲 (純音樂)", "夜曲"), ("夜曲 導唱", "夜曲"),
    ("夜曲 (導唱)", "夜曲"), ("夜曲 (無人聲)", "夜曲"), ("夜曲 (消音版)", "夜曲"), ("夜曲 (男女對唱)", "夜曲"), ("夜曲 (女聲版)", "夜曲"), ("夜曲 卡拉OK", "夜曲"),
    ("夜曲(卡拉OK)", "夜曲"), ("夜曲 (演唱會版)", "夜曲"), ("夜曲(2019演唱會Live)", "夜曲"), ("夜曲 (0.8x)", "夜曲"), ("夜曲 Cover", "夜曲"), ("夜曲 (Cover: 周杰倫)", "夜曲"),
    ("夜曲 (翻唱)", "夜曲"), ("夜曲 MV", "夜曲"), ("夜曲 Official MV", "夜曲"), ("夜曲 (Official Music Video)", "夜曲"), ("夜曲 (TV版)", "夜曲"),
    ("夜曲 (合唱版)", "夜曲"), ("Hallelujah (Acoustic)", "hallelujah"), ("Hallelujah - Acoustic Version", "hallelujah"),
    ("Hallelujah - Acoustic", "hallelujah"), ("Hallelujah (Live at Sin-é)", "hallelujah"), ("Hallelujah - Live at Sin-é", "hallelujah"),
    ("Hallelujah - Live", "hallelujah"), ("Hallelujah - Radio Edit", "hallelujah"), ("Hallelujah - Mono", "hallelujah"),
    ("Hallelujah - Single Version", "hallelujah"), ('Hallelujah - From "Shrek"', "hallelujah"),
    ('Hallelujah (From "Shrek")', "hallelujah"), ("Hallelujah (Original Mix)", "hallelujah"), ("Hallelujah (Extended Mix)", "hallelujah"),
    ("Hallelujah (Club Mix)", "hallelujah"), ("Hallelujah (Taylor's Version)", "hallelujah"),
    ("Hallelujah (10 Minute Version)", "hallelujah"), ("Hallelujah (Bonus Track)", "hallelujah"), ("Hallelujah [Explicit]", "hallelujah"),
    ("Hallelujah (Sped Up)", "hallelujah"), ("Hallelujah - Sped Up", "hallelujah"), ("Hallelujah (Karaoke Version)", "hallelujah"),
    ("Hallelujah (In the Style of Jeff Buckley) [Karaoke Version]", "hallelujah"),
    ("Hallelujah (Originally Performed by Jeff Buckley)", "hallelujah"), ("Hallelujah (Made Famous by Jeff Buckley)", "hallelujah"),
    ("Hallelujah (Backing Track)", "hallelujah"), ("Hallelujah (with Alan Doyle)", "hallelujah"), ("Hallelujah (prod. X)", "hallelujah"),
    ("Tubthumping (I Get Knocked Down)", "tubthumping"), ("Part 1", "part 1"),
    ("Another Brick in the Wall, Pt. 2", "another brick in the wall part 2"),
    ("Another Brick in the Wall (Part 2)", "another brick in the wall part 2"), ("Symphony No. 5", "symphony no. 5"), ("No. 1", "no. 1"),
    ("No.1", "no.1"), ("No. 5 Waltz", "no. 5 waltz"), ("No Woman No Cry", "no woman no cry"),
    ("Nothing Else Matters", "nothing else matters"), ("Mambo No. 5 (A Little Bit of...)", "mambo no. 5"), ("Track 1", "track 1"),
    ("Cover Me", "cover me"), ("Undercover", "undercover"), ("Mixed Emotions", "mixed emotions"), ("Short Short Man", "short short man"),
    ("Clean", "clean"), ("The Edit", "the edit"), ("Full Moon", "full moon"), ("Sessions", "sessions"), ("Take 5", "take 5"),
    ("Take On Me", "take on me"), ("Inst", "inst"), ("My Version of Me", "my version of me"), ("Demolition Man", "demolition man"),
    ("Alive", "alive"), ("OK", "ok"), ("Lost (Season One)", "lost"), ("好不好聽 (feat. 陳零九)", "好不好听"), ("好不好聽 feat.陳零九", "好不好听"),
    ("好不好聽 (與陳零九合唱)", "好不好听"), ('"Heroes"', '"heroes"'), ("「ヒーロー」", '"ヒーロー"'), ("《青花瓷》", '"青花瓷"'), ("【青花瓷】", "青花瓷"),
    ("[Intro]", "intro"), ("望春風 KTV", "望春风"), ("望春風KTV", "望春风"), ("KTV", "ktv"), ("望春風(KTV)", "望春风"), ("我愛台北 KTV", "我爱台北"),
    ("望春風 - 伴奏", "望春风"), ("望春風-伴奏", "望春风"), ("望春風_伴奏", "望春风"), ("望春風（台）", "望春风"), ("望春風 [台]", "望春风"), ("望春風(日語)", "望春风"),
    ("望春風 (閩南語)", "望春风"), ("望春風-客語版", "望春风"), ("望春風 客語", "望春风"), ("望春風 合唱", "望春风"), ("望春風 獨唱", "望春风"), ("望春風 (合唱)", "望春风"),
    ("月亮代表我的心（Cover 鄧麗君）", "月亮代表我的心"),
]  # fmt: skip
MORE_WHOLE = [
    "残酷な天使のテーゼ ガイド無し", "1999", "1-2-3", "1, 2, 3", "3.14", "24/7", "1 + 1", "1+1", "19-2000", "0:00", "04:00", "5:15", "3005", "22", "007",
    "50-50", "9 to 5", "5.6.7.8", "1. 2. 3.", "4'33\"", "100%", "現場", "原來的我", "最初的版本", "我的歌聲里", "原版人生", "主題曲", "男版", "伴奏", "日本語版のうた", "台語歌",
    "粵語殘片", "國語", "英文歌", "live", "中文版", "好不好聽 ft陳零九", "望春風.伴奏", "Hallelujah Live",
]  # fmt: skip


@pytest.mark.parametrize(("title", "core"), CORES + MORE_CORES)
def test_what_stands_beside_a_title_is_separated(title: str, core: str) -> None:
    """The core is the title without tags, guests, track number and bracketed additions."""
    assert title_parts(fold(title)).core == core


@pytest.mark.parametrize("title", WHOLE + MORE_WHOLE)
def test_titles_that_look_like_tags_stay_whole(title: str) -> None:
    """Numbers and tag words that are the title itself are kept."""
    assert title_parts(fold(title)).core == fold(title)


def test_nothing_is_lost() -> None:
    """Every part that was taken off can be read."""
    parts = title_parts(fold("小幸運 (KTV版) (愛的) [feat. 某人]"))
    assert parts == ("小幸运", "小幸运 爱的", ("ktv版",), ("爱的",), ("某人",))


def test_a_tag_word_within_a_bracketed_title_is_no_tag() -> None:
    """`live` tells a version where it begins or ends the brackets, and belongs to the title elsewhere."""
    assert title_parts(fold("Tonight (We Live Forever)")).brackets == ("we live forever",)
    assert title_parts(fold("Tonight (Live in Taipei 1999)")).tags == ("live in taipei 1999",)
    assert title_parts(fold("Tonight (2009 Live)")).tags == ("2009 live",)


@given(st.text(alphabet="()[]-~\"' 0123456789abvx.版伴奏国语ktv《》（）あ한", max_size=60))
def test_no_title_is_lost(text: str) -> None:
    """Whatever stands in it, a title that says something keeps something, and a column gives what each text gives."""
    folded = fold(text)
    parts = title_parts(folded)
    assert bool(parts.core) == bool(parts.full) == bool(folded)
    assert all_title_parts([folded]) == [parts]


@pytest.mark.parametrize(
    "text",
    ["(" * 1024, "[(" * 512, "- " * 512, "live " * 200, "男女" * 500 + "版", '"' * 1024, "feat " * 200, "1 " * 500],
)
def test_hostile_titles_are_taken_apart(text: str) -> None:
    """No bracket, dash or tag repeated a thousand times keeps anybody waiting."""
    assert title_parts(fold(text)).full


def test_names_are_divided() -> None:
    """Several performers in one text, in any of the usual ways."""
    assert name_parts(fold("周杰倫&費玉清")) == ("周杰伦", "费玉清")
    assert name_parts(fold("The Beatles feat. Billy Preston")) == ("beatles", "billy preston")
    for text in ("周杰倫、費玉清", "周杰倫，費玉清", "周杰倫 與 費玉清", "周杰倫 及 費玉清", "周杰倫 跟 費玉清", "周杰倫 feat.費玉清", "周杰倫 + 費玉清",
                 "周杰倫×費玉清", "周杰倫 vs. 費玉清", "周杰倫／費玉清", "周杰倫 \\ 費玉清", "周杰倫 w/ 費玉清", "周杰倫 x 費玉清"):  # fmt: skip
        assert name_parts(fold(text)) == ("周杰伦", "费玉清")
    assert name_parts(fold("Malcolm X")) == ("malcolm x",)
    assert name_parts(fold("X Ambassadors")) == ("x ambassadors",)
    assert name_parts(fold("周杰倫與費玉清")) == ("周杰伦与费玉清",)
    assert name_parts(fold("cool&create/ビートまりお、あまね")) == ("cool", "create", "ビートまりお", "あまね")


def test_a_dash_divides_artist_and_title() -> None:
    """With spaces in any script, without them where no Latin compound can be meant."""
    assert dashed(fold("Jack Johnson – Traffic")) == ("jack johnson", "traffic")
    assert dashed(fold("周杰倫-稻香")) == ("周杰伦", "稻香")
    assert dashed(fold("Jack Johnson- Traffic")) == ("jack johnson", "traffic")
    assert dashed(fold("03 - Jack Johnson - Traffic")) == ("jack johnson", "traffic")
    assert dashed(fold("Rock-in Robin")) is None
    assert dashed("- ") is None


def test_language_is_guessed_from_kana_and_hangul_alone() -> None:
    """Han and Latin titles never tell a language."""
    assert guess_language("君の名は") == "ja"
    assert guess_language("사랑") == "ko"
    assert guess_language("愛") is None
    assert guess_language("Yesterday") is None
    assert primary("zh-Hant-TW") == primary("cmn") == "zh"

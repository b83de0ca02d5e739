"""Whole columns of titles and names are taken apart as the rules take them apart one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from nasty_texts import COLUMNS

from partita.text.apart import taken_apart
from partita.text.fold import bare_texts, fold_all, folded_texts, squeezed_texts
from partita.text.glance import Runs, last_words, may_be_digit
from partita.text.nobody import all_without_strokes, is_nobody, of_nobody, without_strokes
from partita.text.ragged import Texts
from partita.text.titles import all_name_parts, loose, may_be_loose, may_be_parted, name_parts, title_parts

MOST = 64


@given(COLUMNS)
@example(
    [
        "Song (Live)",
        "Song (Live) (Pt. 2)",
        "(Live) Song",
        "Song ((Live)",
        "Song )(",
        "Song (a) [b] (feat. c)",
        "Left (a)",
        "愛 (伴奏) KTV版",
    ]
)
def test_titles_are_taken_apart_as_one_by_one(strings: list[str]) -> None:
    """Core, full title and brackets of those that have something beside them; nothing stands beside the others."""
    folded = folded_texts(strings)
    apart = taken_apart(folded)
    parts = [title_parts(text) for text in folded]
    found = [parts[place] for place in apart.places.tolist()]
    assert apart.written.strings() == [folded[place] for place in apart.places.tolist()]
    assert apart.core.strings() == Texts.of([p.core for p in found]).strings()
    assert apart.full.strings() == Texts.of([p.full for p in found]).strings()
    assert apart.beside.strings() == Texts.of([" ".join(p.brackets) for p in found]).strings()
    rest = sorted({*range(len(parts))} - {*apart.places.tolist()})
    assert all(parts[k] == (folded[k], folded[k], (), (), ()) for k in rest)


@given(COLUMNS)
def test_a_look_passes_over_nothing(strings: list[str]) -> None:
    """Where it says that a title is whole, or that nothing is loose, the rules say so too."""
    folded = folded_texts(strings)
    for text, asked in zip(folded, may_be_parted(folded).tolist(), strict=True):
        assert asked or title_parts(text) == (text, text, (), (), ())
    plain = bare_texts(folded)
    for text, asked in zip(plain, may_be_loose(plain).tolist(), strict=True):
        assert asked or loose(text) == text


@given(COLUMNS)
@example(
    ["a with b and the c / d, the the e", "duet with x", "a w/ b", "the", "a (b)", "x feat. y feat.z", "a and and b"]
)
def test_names_are_parted_as_one_by_one(strings: list[str]) -> None:
    """In order, without empty ones, and no more than are asked for."""
    folded = folded_texts(strings)
    for most in (1, MOST):
        names, starts = all_name_parts(folded, most)
        parts = [name_parts(text)[:most] for text in folded]
        assert names.strings() == [name for part in parts for name in part]
        assert starts.tolist() == np.cumsum([0, *map(len, parts)]).tolist()


@given(COLUMNS)
@example(["trad.", "Traditional", "客家民謠", "Trad Dads", "n/a", "v/a / b", "佚名", "-"])
def test_words_for_nobody_are_told_as_one_by_one(strings: list[str]) -> None:
    """And the strokes within them are left out."""
    folded = folded_texts(strings)
    assert of_nobody(folded).tolist() == [is_nobody(text) for text in folded]
    assert all_without_strokes(folded).strings() == [without_strokes(text) for text in folded]


@given(COLUMNS)
def test_a_text_means_the_same_alone_and_in_a_column(strings: list[str]) -> None:
    """Folded, bare and squeezed: what stands before and after it in the column is nothing to it."""
    assert folded_texts(strings).strings() == [fold_all([text])[0] for text in strings]
    folded = fold_all(strings)
    assert bare_texts(folded).strings() == [bare_texts([text])[0] for text in folded]
    assert squeezed_texts(strings).strings() == [squeezed_texts([text])[0] for text in strings]


@given(
    st.lists(st.text("abc 爱\ud800\x00", max_size=9), max_size=5),
    st.lists(st.text("abc 爱\ud800\x00", min_size=1, max_size=3), max_size=4),
)
def test_runs_are_found_where_they_stand(strings: list[str], runs: list[str]) -> None:
    """Anywhere in a text, and not across two."""
    texts = Texts.of(strings)
    assert Runs.of(runs).within(texts).tolist() == [any(run in text for run in runs) for text in strings]
    assert last_words(texts).strings() == [text.rpartition(" ")[2] for text in strings]


def test_every_digit_may_be_one() -> None:
    """Of all the characters there are."""
    codes = np.arange(0x110000, dtype=np.uint32)
    digits = np.fromiter((chr(code).isdigit() for code in range(0x110000)), bool, 0x110000)
    assert not np.any(digits & ~may_be_digit(codes))


@pytest.mark.parametrize(
    "tag",
    [
        "remaster", "remastered 2011", "re-mastered", "remix", "version", "ver.", "acoustic", "karaoke", "instrumental",
        "inst", "stereo", "bonus track", "explicit", "official", "lyrics", "lyric video", "mv", "m/v", "off vocal",
        "backing track", "unplugged", "sped up", "speedup", "slowed", "reverbed", "nightcore", "ost", "soundtrack",
        "acappella", "a cappella", "deluxe", "anniversary", "rerecorded", "re-recorded", "recorded live",
        "recorded at x", "mix by x", "demo track", "music session", "performed live", "love theme", "take 2",
        "ktv", "mtv", "tv size", "1.5x", "2x", "playback", "reprise", "in the style of x",
        "originally performed", "as recorded", "made famous",
        "prod. by", "live at home", "edit", "mono", "demo", "clean", "video", "audio", "sessions", "theme",
        "edition", "dj", "cover", "short", "full", 'from "x"', "pts 1", "part ii", "radio edit", "album mix",
    ],
)  # fmt: skip
def test_a_tag_behind_a_dash_is_looked_at(tag: str) -> None:
    """Every tag that only the dash tells from the title, alone and qualified."""
    texts = folded_texts([f"song - {tag}", f"song - the new {tag}", f"song -{tag} - {tag}"])
    for text, asked in zip(texts, may_be_parted(texts).tolist(), strict=True):
        assert asked or title_parts(text) == (text, text, (), (), ())
    assert may_be_parted(texts).tolist()[0]


@given(
    st.lists(
        st.sampled_from(["歌", "song", "-", "~", " - ", "伴奏", "版", "ktv", "cover", "2x", "٢x", "٢", "take", "at"]),
        max_size=6,
    )
)
def test_what_stands_behind_a_dash_in_other_letters_is_not_passed_over(parts: list[str]) -> None:
    """What is not looked at closely is what `title_parts` gives as it is."""
    texts = folded_texts(["춤 - " + " ".join(parts), "춤 - " + "".join(parts)])
    for text, asked in zip(texts, may_be_parted(texts).tolist(), strict=True):
        assert asked or title_parts(text) == (text, text, (), (), ())


def test_a_dash_alone_asks_nothing() -> None:
    """A performer before a title is not a reason to look closer, in whichever letters."""
    assert not may_be_parted(folded_texts(["王貳浪 - 蜜蜂"])).any()
    assert may_be_parted(folded_texts(["Michael Buble - Home", "Michael Buble - Home (Live)"])).tolist() == [
        False,
        True,
    ]

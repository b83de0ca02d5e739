"""Texts that break what is written for well-behaved ones, for Hypothesis."""

# ruff: noqa: E501 - tables of wide characters

from __future__ import annotations

from hypothesis import strategies as st

SIGNS = [*" ()[]-/;,&+|\\×\"'.~:!?", "\n", "\x00", "\u200f", "\u3000", "\ud800", "\udfff", "𠮷", "😀", "\U0010ffff", "\u0301", "が", "か\u3099",
         "ﾀﾞ", "각", "\u1100\u1161", "ﷺ", "ß", "Ǆ", "0", "12", "2009", "٣", "①", "爱", "愛", "囝仔", "啥咪啥咪", "謌"]  # fmt: skip
WORDS = ["love", "(live)", "[remix]", "(feat. x)", "feat.", "ft.", "and", "with", "duet with", "w/", "x", "the", "part 2", "pt. ii", "(pt. 2)",
         "track 3", "no. 4", "03.", " - ", "remaster", "伴奏", "(现场版)", "KTV版", "n/a", "trad.", "佚名", "folk song", "民谣", "和", "(love)",
         "カラオケ", '"live"', "1999", "version", "the "]  # fmt: skip
BEATLES = "The Beatles (feat. Billy Preston) "

TEXTS = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from([*SIGNS, *WORDS]) | st.text(max_size=4), max_size=9).map("".join),
    st.lists(st.sampled_from(WORDS) | st.text(st.characters(codec="utf-8"), max_size=6), max_size=7).map(" ".join),
    st.sampled_from(
        ["", " ", "\ud800", BEATLES * 3000, "(" * 2000, "각" * 1500, "ﷺ" * 200, "a / " * 500, "か\u3099" * 1000]
    ),
)
"""Signs, words and whole texts, empty and of 100,000 characters; lone surrogates too."""
COLUMNS = st.lists(TEXTS, max_size=8)

"""Columns of code points: each operation gives what the same gives on Python strings, one by one."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nasty_texts import COLUMNS

from partita.text.ragged import POSITIONS_MOST, Texts, are_among, mix

CUT = POSITIONS_MOST
WHOLE = st.integers(0, (1 << 64) - 1) | st.integers(0, 100)


def cut(strings: list[str]) -> list[str]:
    """What is kept of each string."""
    return [text[:CUT] for text in strings]


def hashed(text: str) -> int:
    """The hash of one text, by its definition."""
    marks = [int(m) | 1 for m in mix(np.arange(CUT, dtype=np.uint64))]
    mixed = mix(np.array([*map(ord, text)], np.uint64)).tolist()
    return sum(m * mark for m, mark in zip(mixed, marks, strict=False)) % (1 << 64)


@given(COLUMNS)
def test_strings_come_back(strings: list[str]) -> None:
    """All of them, cut to the same length, one by one and together."""
    texts = Texts.of(strings)
    assert texts.strings() == list(texts) == texts[:] == cut(strings)
    assert [texts[k] for k in range(len(texts))] == cut(strings)


@given(st.lists(st.text(st.characters(codec="utf-8")) | st.just("é愛😀" * 1000), max_size=8))
def test_bytes_are_read_as_the_strings_that_they_are(strings: list[str]) -> None:
    """UTF-8 of any length, without a Python string between."""
    data = [text.encode() for text in strings]
    offsets = np.cumsum([0, *map(len, data)]).astype(np.int64)
    assert Texts.of_utf8(np.frombuffer(b"".join(data), np.uint8), offsets).strings() == cut(strings)


@given(COLUMNS)
def test_hashes_are_those_of_the_definition(strings: list[str]) -> None:
    """Of whole texts, of their beginnings, of their ends, and of their words."""
    texts = Texts.of(strings)
    assert texts.hashes().tolist() == [hashed(text) for text in cut(strings)]
    assert texts.first_hashes(3).tolist() == [hashed(text[:3]) for text in cut(strings)]
    assert texts.last_hashes(3).tolist() == [hashed(text[::-1][:3]) for text in cut(strings)]
    words = [(hashed(word), i) for i, text in enumerate(cut(strings)) for word in text.split(" ") if word]
    assert [*zip(*(column.tolist() for column in texts.words()), strict=True)] == words


@given(COLUMNS, st.data())
def test_some_texts_and_others_in_their_place(strings: list[str], data: st.DataObject) -> None:
    """In any order, and again; what is exchanged may be longer or shorter."""
    texts = Texts.of(strings)
    places = data.draw(st.lists(st.integers(0, len(strings) - 1), max_size=9)) if strings else []
    assert texts.some(np.array(places, np.int64)).strings() == [strings[k][:CUT] for k in places]
    new = {k: data.draw(st.text(max_size=9)) for k in sorted({*places})}
    made = texts.with_others(np.array([*new], np.int64), Texts.of([*new.values()]))
    assert made.strings() == [new.get(k, text) for k, text in enumerate(cut(strings))]
    assert texts.followed_by(made).strings() == [*texts, *made]


@given(COLUMNS)
def test_spaces_fall_out(strings: list[str]) -> None:
    """All of them, and no other sign."""
    assert Texts.of(strings).squeezed().strings() == [text.replace(" ", "") for text in cut(strings)]


@given(COLUMNS, st.data())
def test_words_in_order(strings: list[str], data: st.DataObject) -> None:
    """As Python sorts strings, over several texts too; runs of spaces make no empty words."""
    marks = sorted(data.draw(st.lists(st.integers(0, len(strings)), max_size=4)))
    groups = np.array([0, *marks, len(strings)], np.int64)
    made = Texts.of(strings).words_in_order(groups).strings()
    words = [
        [word for text in cut(strings)[a:b] for word in text.split(" ") if word] for a, b in pairwise(groups.tolist())
    ]
    assert made == [" ".join(sorted(group))[:CUT] for group in words]


@given(st.sets(WHOLE), st.lists(WHOLE))
def test_hashes_are_found_among_others_however_unevenly_they_lie(ordered: set[int], asked: list[int]) -> None:
    """Those that are there, and no others, from the lowest to the highest."""
    there = np.array(sorted(ordered), np.uint64)
    values = np.array([*asked, *ordered, 0, (1 << 64) - 1], np.uint64)
    assert are_among(values, there).tolist() == [value in ordered for value in values.tolist()]


def test_a_place_beyond_the_end_is_an_error() -> None:
    """As it is for a list."""
    with pytest.raises(IndexError):
        Texts.of(["a"])[1]

"""Encodings are found by reading the whole file, and said with a reason; an encoding that is given wins."""

# ruff: noqa: E501  samples stand as they stand in a list

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partita.errors import InputError
from partita.formats import encoding, usage

TRADITIONAL = [
    "望春風",
    "雨夜花",
    "月夜愁",
    "四季紅",
    "補破網",
    "心酸酸",
    "滿山春色",
    "碎心花",
    "白牡丹",
    "桃花泣血記",
    "送別",
    "何日君再來",
    "夜上海",
    "天涯歌女",
    "六月茉莉",
    "丟丟銅仔",
]
SIMPLIFIED = [
    "茉莉花",
    "送别",
    "渔光曲",
    "义勇军进行曲",
    "夜上海",
    "天涯歌女",
    "凤阳花鼓",
    "四季歌",
    "毕业歌",
    "大刀进行曲",
    "梅娘曲",
    "铁蹄下的歌女",
    "在太行山上",
]
JAPANESE = [
    "荒城の月",
    "故郷",
    "赤とんぼ",
    "春の小川",
    "浜辺の歌",
    "朧月夜",
    "さくらさくら",
    "花",
    "箱根八里",
    "シャボン玉",
    "ゴンドラの唄",
    "カチューシャの唄",
]
KOREAN = [
    "아리랑",
    "도라지",
    "타령",
    "봉선화",
    "고향의",
    "봄",
    "반달",
    "오빠",
    "생각",
    "황성옛터",
    "사의",
    "찬미",
    "낙화유수",
    "목포의",
    "눈물",
    "울",
    "밑에",
    "선",
    "봉선화야",
]
WESTERN = [
    "Für Elise",
    "Träumerei",
    "Noël nouvelet",
    "La cucaracha",
    "Ständchen",
    "Élégie",
    "Señorita",
    "Cançó",
    "Les Préludes",
    "Über den Wellen",
]
ENGLISH = ["Home, Sweet Home", "Danny Boy", "Greensleeves", "Auld Lang Syne", "My Bonnie", "Oh! Susanna"]

CASES = [
    ("cp950", TRADITIONAL), ("gb18030", SIMPLIFIED), ("cp932", JAPANESE), ("cp949", KOREAN), ("cp1252", WESTERN),
    ("utf-8", TRADITIONAL), ("utf-8-sig", JAPANESE), ("utf-16", SIMPLIFIED), ("utf-16-le", TRADITIONAL),
    ("utf-16-be", KOREAN), ("utf-32", JAPANESE),
]  # fmt: skip


def rows(titles: list[str], count: int, foreign: float, seed: int) -> str:
    """A list of `count` lines with English headers, `foreign` of them English songs."""
    chance = random.Random(seed)  # noqa: S311  a fixed list
    picked = [chance.choice(ENGLISH if chance.random() < foreign and n else titles) for n in range(count)]
    out = io.StringIO()
    csv.writer(out).writerows(
        [["title", "artist", "plays"], *([t, chance.choice(titles), n] for n, t in enumerate(picked))]
    )
    return out.getvalue()


@pytest.mark.parametrize(("codec", "titles"), CASES)
def test_small_and_large_lists_are_told(tmp_path: Path, codec, titles):
    """Lists of 5 to 300 lines are told apart always, of one line nine times in ten, with English songs among them or not."""
    path = tmp_path / "list.csv"
    right = {"utf-8-sig": "utf-8-sig", "utf-16": "utf-16", "utf-32": "utf-32"}.get(codec, codec)
    single = 0
    for seed in range(10):
        path.write_bytes(rows(titles, 1, 0, seed).encode(codec))
        single += encoding.detect(path).name == right
        for count, foreign in ((5, 0.0), (20, 0.5), (300, 0.9)):
            path.write_bytes(rows(titles, count, foreign, seed).encode(codec))
            found = encoding.detect(path)
            assert (found.name, found.lossy) == (right, False), found.reason
            assert found.reason
    assert single >= 9


def test_the_whole_file_is_checked(text):
    """One byte far down decides: what begins as ASCII may end as Big5, and is read as such."""
    head = "title,artist\n" + "Danny Boy,Trad.\n" * 100_000
    path = text("")
    path.write_bytes(head.encode() + "望春風,純純\n雨夜花,愛愛\n月夜愁,純純\n".encode("cp950"))
    reading = usage.read(path, name="u")
    assert reading.notes.encoding == "cp950"
    assert reading.table.column("title").to_pylist()[-1] == "月夜愁"


def test_what_is_said(text):
    """The note says the encoding and why."""
    said = [
        (usage.read(text("title\nA\n"), name="u"), "utf-8", "ASCII only"),
        (usage.read(text("title\né\n"), name="u"), "utf-8", "valid UTF-8"),
        (usage.read(text("title\né\n", encoding="utf-8-sig"), name="u"), "utf-8-sig", "byte order mark"),
        (usage.read(text("曲名\n望春風\n", encoding="cp950"), name="u"), "cp950", "all bytes valid"),
        (usage.read(text("曲名\n望春風\n", encoding="cp950"), name="u", encoding="big5"), "big5", "given"),
    ]
    for reading, name, reason in said:
        assert reading.notes.encoding == name
        assert reading.notes.encoding_reason.startswith(reason)


def test_a_given_encoding_that_does_not_fit(text):
    """A given encoding is obeyed or refused, never replaced; only encodings of texts are known."""
    path = text("曲名\n望春風\n", encoding="cp950")
    with pytest.raises(InputError, match="not in utf-8"):
        usage.read(path, name="u", encoding="utf-8")
    for odd in ("rot13", "unicode_escape", "base64", "idna", "no such", "\0", "x" * 1000):
        with pytest.raises(InputError, match="not known"):
            usage.read(path, name="u", encoding=odd)


@pytest.mark.parametrize(("codec", "broken"), [("utf-8", b"\xe6\x9c"), ("cp950", b"\xff"), ("gb18030", b"\xff")])
def test_undecodable_rows_are_set_aside(text, codec, broken):
    """Bytes that are no characters cost their row, shown with a replacement mark; the others are read."""
    titles = SIMPLIFIED if codec == "gb18030" else TRADITIONAL
    good = "".join(f"{t},{t}\n" for t in titles).encode(codec)
    path = text("")
    path.write_bytes(b"title,artist\n" + good + b"Wal" + broken + b"tz,A\n" + good)
    reading = usage.read(path, name="u")
    assert reading.notes.encoding == codec
    assert reading.table.column("title").to_pylist() == titles * 2
    problem = reading.problems.to_pylist()[0]
    assert (problem["line"], problem["code"]) == (len(titles) + 2, "row.undecodable")
    assert problem["value"].startswith("Wal\ufffd")
    assert reading.notes.rows == 2 * len(titles) + 1


def _writable(codec: str) -> st.SearchStrategy[str]:
    """Texts that the encoding can write and give back."""
    known = (
        "".join(TRADITIONAL + SIMPLIFIED + JAPANESE + KOREAN)
        + " !\"'#,;/|\\%&()，、。"
        + "".join(map(chr, range(48, 123)))
    )
    letters = {c for c in known if c.encode(codec, "ignore").decode(codec) == c}
    return st.text(st.sampled_from(sorted(letters)), max_size=12)


@settings(max_examples=30)
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp950", "gb18030", "cp932", "cp949"])
@given(data=st.data())
def test_round_trip(tmp_path_factory, codec, data):
    """Any table written in an encoding and read with that encoding given comes back, row by row."""
    cells = st.tuples(_writable(codec), _writable(codec), st.integers(0, 10**10))
    table = data.draw(st.lists(cells, max_size=10))
    delimiter = data.draw(st.sampled_from(",;\t"))
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([("title", "artist", "plays"), *table])
    path = tmp_path_factory.mktemp("round") / "list.csv"
    path.write_bytes(out.getvalue().encode(codec))
    reading = usage.read(path, name="u", encoding=codec)
    assert reading.notes.rows == len(table) == reading.table.num_rows + reading.notes.quarantined
    for line in reading.table.to_pylist():
        title, _, plays = table[int(line["line_id"])]
        assert line["plays"] == plays
        assert line["title"] == title.strip() or "text.controls" in reading.problems.column("code").to_pylist()
    found = reading.problems.to_pylist()
    assert {p["code"] for p in found if p["severity"] == "quarantined"} <= {"usage.title", "usage.total"}


def test_surrogates_do_not_turn_utf8_into_another_encoding(tmp_path: Path):
    """Half of a pair, written as if it were a character, spoils its own row, not the whole file's encoding."""
    path = tmp_path / "list.csv"
    path.write_bytes(b"title,plays\nab\xed\xa0\x80c,3\nok,4\n")
    reading = usage.read(path, name="list")
    assert reading.notes.encoding == "utf-8"
    assert reading.table.column("title").to_pylist() == ["ok"]
    assert reading.problems.column("code").to_pylist() == ["row.undecodable"]

"""What becomes of a line: matched, ambiguous, unmatched, out of scope; and that money is never earned by a guess."""

# ruff: noqa: E501, DTZ001 - tables of Han characters; usage is in the licensee's local time

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from partita import tables
from partita.identify import IdentifyPolicy, identify

sys.path.insert(0, str(Path(__file__).parent))
import identify_rows as rows

MATCHED = [
    ({"title": "望春风", "performers": ["纯纯"]}, "W06"),
    ({"title": "望春風（KTV版）", "performers": ["純純"]}, "W06"),
    ({"title": "望春風", "writers": ["李臨秋", "鄧雨賢"]}, "W06"),
    ({"title": "yesterday - Remastered 2009", "performers": ["Beatles"]}, "W07"),
    ({"title": "Beatles - Yesterday"}, "W07"),
    ({"title": "The Beatles", "performers": ["The Long And Winding Road"]}, "W12"),
    ({"title": "YESTERDAY", "performers": ["BEATLES, THE"], "writers": ["McCartney, Paul"]}, "W07"),
    ({"title": "Ｙｅｓｔｅｒｄａｙ", "performers": ["Ｔｈｅ　Ｂｅａｔｌｅｓ"]}, "W07"),
    ({"title": "愛拚才會贏", "performers": ["葉啟田"]}, "W09"),
    ({"title": "津軽海峡冬景色", "performers": ["石川さゆり"]}, "W08"),
    ({"title": "愛情", "performers": ["莫文蔚"]}, "W03"),
    ({"title": "The Long and Winding Raod", "performers": ["The Beatles"]}, "W12"),
    ({"title": "咱的故鄉", "performers": ["江蕙"]}, "W10"),
    ({"title": "月夜愁", "performers": ["純純"], "writers": ["周添旺"]}, "S1"),
]  # fmt: skip
NOT_MATCHED = [
    {"title": "新愿望"}, {"title": "死黏"}, {"title": "死黏", "performers": ["某歌手"]}, {"title": "哀情"}, {"title": "哀情", "performers": ["別人"]},
    {"title": "愛情"}, {"title": "雨夜花", "performers": ["純純"]}, {"title": "xin yuan"}, {"title": "ai qing"}, {"title": "W07"}, {"title": ""},
    {"title": "", "performers": ["The Beatles"]}, {"title": "Something", "performers": ["The Beatles"]},
    {"title": "完全不同的歌", "performers": ["純純"], "writers": ["鄧雨賢"]},
]  # fmt: skip


@pytest.mark.parametrize(("line", "work"), MATCHED)
def test_a_line_finds_its_work(works: pa.Table, line: dict[str, object], work: str) -> None:
    """Through scripts, tags, order of names, one field for two, swapped fields, spellings and slips."""
    assert rows.outcomes(works, line) == [("matched", work)]


@pytest.mark.parametrize("line", NOT_MATCHED)
def test_a_guess_earns_nothing(works: pa.Table, line: dict[str, object]) -> None:
    """What only sounds or looks alike, says too little, or fits two works, is not matched."""
    assert rows.outcomes(works, line)[0][0] in {"ambiguous", "unmatched"}


def test_words_for_nobody_neither_agree_nor_contradict() -> None:
    """民謠, 佚名 and TRADITIONAL are no names: such a title stands alone, and no other work is proposed by them."""
    works = rows.repertoire(
        {"work_id": "A", "title": "丟丟銅仔", "writers": ["民謠"]}, {"work_id": "B", "title": "老山歌", "writers": ["佚名"]},
        {"work_id": "C", "title": "放馬山歌", "writers": ["TRADITIONAL"]}, {"work_id": "D", "title": "Tonight", "performers": ["Various Artists"]},
    )  # fmt: skip
    lines: list[dict[str, object]] = [
        {"title": "丟丟銅仔", "performers": ["群星"], "writers": ["民謠"]}, {"title": "放馬山歌", "writers": ["民謠", "佚名"]},
        {"title": "完全不同的歌", "performers": ["群星"], "writers": ["佚名"]},
    ]  # fmt: skip
    assert rows.outcomes(works, *lines) == [("matched", "A"), ("matched", "C"), ("unmatched", None)]


def test_other_brackets_are_another_title() -> None:
    """Cores alone make no match where what stands in brackets differs, even by the same guest; version tags do not count."""
    works = rows.repertoire(
        {"work_id": "A", "title": "Tonight (I'm Lovin' You)", "performers": ["Enrique Iglesias feat. Ludacris"]},
        {"work_id": "B", "title": "Reunited", "performers": ["Prince Ital Joe"]},
        {"work_id": "C", "title": "Only You (And You Alone)", "performers": ["The Platters"]},
    )  # fmt: skip
    other, united, same = rows.outcomes(
        works, {"title": "Tonight (Best You Ever Had)", "performers": ["John Legend feat. Ludacris"]},
        {"title": "United", "performers": ["Prince Ital Joe"]}, {"title": "Only You (And You Alone) (Live)", "performers": ["The Platters"]},
    )  # fmt: skip
    assert (other[1], united[1], same[1]) == (None, None, "C")


def test_a_performer_is_not_a_title(works: pa.Table) -> None:
    """A work that is called like the line's performer is not what was used, though title and performer may be swapped."""
    other = rows.repertoire(
        {"work_id": "A", "title": "Lady Gaga"}, {"work_id": "B", "title": "G-Unit", "writers": ["Jackson Curtis"]}
    )
    assert {o for o, _ in rows.outcomes(
        other, {"title": "Applause", "performers": ["Lady Gaga"]},
        {"title": "Smile", "performers": ["G-Unit"], "writers": ["Jackson Curtis"]},
    )} <= {"ambiguous", "unmatched"}  # fmt: skip
    assert rows.outcomes(works, {"title": "純純", "performers": ["望春風"]}) == [("matched", "W06")]


def test_half_a_title_or_another_number_is_another_title() -> None:
    """衢州 is not 湖州 and 2020 not 2019, though performer and writer agree."""
    both: dict[str, object] = {"performers": ["白晝星"], "writers": ["夢之旅"]}
    works = rows.repertoire(
        {"work_id": "A", "title": "湖州", **both}, {"work_id": "B", "title": "2019全球總決賽主題歌", **both}
    )
    found = rows.outcomes(works, {"title": "衢州", **both}, {"title": "2020全球總決賽主題歌", **both})
    assert [work for _, work in found] == [None, None]


def test_one_wrong_sign_needs_a_second_field(works: pa.Table) -> None:
    """A slip in a title is forgiven where a performer agrees, and never without."""
    line: dict[str, object] = {"title": "愛拼才會嬴"}
    assert rows.outcomes(works, line | {"performers": ["葉啟田"]}) == [("matched", "W09")]
    assert rows.outcomes(works, line)[0][1] is None
    assert rows.outcomes(works, {"title": "The Long and Winding R", "performers": ["The Beatles"]}) == [
        ("matched", "W12")
    ]


def test_short_han_titles_stay_apart(works: pa.Table) -> None:
    """心願 and 新願 each find their own work by performer, and neither takes the other's line."""
    assert rows.outcomes(works, {"title": "心願", "performers": ["四個女生"]}, {"title": "新願", "performers": ["許某人"]}) == [
        ("matched", "W01"), ("matched", "W02"),
    ]  # fmt: skip
    assert (
        rows.outcomes(works.slice(0, 1), {"title": "新願"}, {"title": "新願", "performers": ["許某人"]})[0][1] is None
    )


def test_ambiguous_lines_show_their_candidates(works: pa.Table) -> None:
    """A title that several works share, and two registrations alike, come out with all of them, best first."""
    match = identify(rows.usage({"title": "愛情"}, {"title": "雨夜花", "performers": ["純純"]}), works).to_pylist()
    assert [m["outcome"] for m in match] == ["ambiguous", "ambiguous"]
    assert [{c["work_id"] for c in m["candidates"]} for m in match] == [{"W03", "W04"}, {"T1", "T2"}]
    for found in match:
        shares = [c["probability"] for c in found["candidates"]]
        assert shares == sorted(shares, reverse=True)
        assert found["probability"] == shares[0] < 0.9


def test_an_identifier_decides_first(works: pa.Table) -> None:
    """An ISWC or ISRC of one work wins over the text, unless the title plainly contradicts it."""
    match = identify(rows.usage(
        {"title": "心愿", "iswc": "T-034.524.680-1"}, {"title": "Yesterday", "isrc": "GBAYE0601477"},
        {"title": "", "iswc": "T0345246801"}, {"title": "Completely Other Words", "iswc": "T0345246801"},
        {"title": "心願", "iswc": "T0345246802"},
    ), works).to_pylist()  # fmt: skip
    assert [(m["outcome"], m["work_id"], m["rule"]) for m in match[:4]] == [
        ("matched", "W01", "iswc"), ("matched", "W07", "isrc"), ("matched", "W01", "iswc"), ("ambiguous", None, "identifier_conflict"),
    ]  # fmt: skip
    assert match[3]["candidates"][0]["work_id"] == "W01"
    assert match[4]["rule"] not in {"iswc", "identifier_conflict"}


def test_scope_is_a_matter_of_policy(works: pa.Table) -> None:
    """Language speaks only where no work matches; territory and period speak first; nothing is guessed for Han."""
    lines: list[dict[str, object]] = [
        {"title": "君の知らない物語の続き"}, {"title": "津軽海峡・冬景色", "performers": ["石川さゆり"]}, {"title": "사랑했지만"},
        {"title": "未知的歌名呢"}, {"title": "Unknown Song Here", "language": "ja"},
        {"title": "望春風", "performers": ["純純"], "territory": "HK"}, {"title": "望春風", "performers": ["純純"], "used_at": datetime(2020, 1, 1)},
        {"title": "望春風", "performers": ["純純"], "used_at": datetime(2021, 12, 31, 23, 59), "territory": "TW"},
    ]  # fmt: skip
    policy = IdentifyPolicy(languages_out=("ja", "ko"), guess_language=True, territories=("TW",),
                            period_from=date(2021, 1, 1), period_to=date(2021, 12, 31))  # fmt: skip
    match = identify(rows.usage(*lines), works, policy).to_pylist()
    assert [(m["outcome"], m["rule"]) for m in match if m["outcome"] == "out_of_scope"] == [
        ("out_of_scope", "language"), ("out_of_scope", "language"), ("out_of_scope", "language"),
        ("out_of_scope", "territory"), ("out_of_scope", "period"),
    ]  # fmt: skip
    assert [m["outcome"] for m in match] == ["out_of_scope", "matched", "out_of_scope", "unmatched", "out_of_scope",
                                              "out_of_scope", "out_of_scope", "matched"]  # fmt: skip
    assert all(m["work_id"] is None and not m["candidates"] for m in match if m["outcome"] == "out_of_scope")


def test_rows_conform_to_the_contract(works: pa.Table) -> None:
    """The result has the schema of MATCHES, one row a line, in the order of the usage list."""
    match = identify(rows.usage({"title": "a", "line_id": "z"}, {"title": "b", "line_id": "a"}), works)
    assert match.schema.equals(tables.MATCHES.schema)
    assert match.column("line_id").to_pylist() == ["z", "a"]


def test_a_policy_that_makes_no_sense_is_refused() -> None:
    """Thresholds and periods are checked when they are stated."""
    with pytest.raises(ValueError, match="reject"):
        IdentifyPolicy(accept=0.2, reject=0.3)
    with pytest.raises(ValueError, match="period"):
        IdentifyPolicy(period_from=date(2021, 1, 2), period_to=date(2021, 1, 1))

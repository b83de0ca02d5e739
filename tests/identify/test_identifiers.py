"""Identifiers decide first, are checked against the title, and never settle a conflict in silence."""

# ruff: noqa: E501 - tables of Han characters

from __future__ import annotations

import datetime as dt
import random
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from partita import tables
from partita.identify import IdentifyPolicy, identify, prepare, remarks

sys.path.insert(0, str(Path(__file__).parent))
import identify_rows as rows

Line = dict[str, object]

BOTH = {"iswc": "T0345246801", "isrc": "GBAYE0601477"}
"""The ISWC of W01 and the ISRC of W07."""

AGREES: list[Line] = [
    {"title": "心願", "iswc": "T0345246801"}, {"title": "心愿 (KTV版)", "iswc": "T-034.524.680-1"}, {"title": "", "iswc": "T0345246801"},
    {"title": "???", "iswc": "T0345246801"}, {"title": "Xin Yuan", "iswc": "T0345246801"}, {"title": "四個女生 - 心願", "iswc": "T0345246801"},
    {"title": "四個女生", "performers": ["心願"], "iswc": "T0345246801"}, {"title": "Wish", "performers": ["四個女生"], "iswc": "T0345246801"},
    {"title": "心願", "performers": ["誰都不是"], "iswc": "Ｔ０３４５２４６８０１"},
]  # fmt: skip
CONTRADICTS: list[Line] = [
    {"title": "Completely Other Words", "iswc": "T0345246801"}, {"title": "望春風", "performers": ["純純"], "iswc": "T0345246801"},
    {"title": "新願", "iswc": "T0345246801"}, {"title": "愛情", "performers": ["莫文蔚"], "iswc": "T0345246801"},
    {"title": "望春風", "performers": ["四個女生"], "iswc": "T0345246801"},
]  # fmt: skip


def _said(works: pa.Table, *lines: Line, **more: pa.Table) -> list[tuple[str, str | None, str]]:
    """Outcome, work and rule of each line."""
    match = identify(rows.usage(*lines), works, **more)
    return [(m["outcome"], m["work_id"], m["rule"]) for m in match.to_pylist()]


@pytest.mark.parametrize("line", AGREES)
def test_an_identifier_decides_where_the_title_agrees_or_says_nothing(works: pa.Table, line: Line) -> None:
    """In other characters, with tags, in one field with the performer, turned round, in pinyin, or not readable at all."""
    assert _said(works, line) == [("matched", "W01", "iswc")]


@pytest.mark.parametrize("line", CONTRADICTS)
def test_a_title_that_contradicts_pays_nobody(works: pa.Table, line: Line) -> None:
    """Another title, above all one that is exactly another work's, makes the line ambiguous, the named work first."""
    match = identify(rows.usage(line), works).to_pylist()[0]
    assert (match["outcome"], match["work_id"], match["rule"]) == ("ambiguous", None, "identifier_conflict")
    assert match["candidates"][0]["work_id"] == "W01"
    assert match["probability"] == match["candidates"][0]["probability"] <= 0.5


def test_what_the_text_proposes_stays_among_the_candidates(works: pa.Table) -> None:
    """In a conflict the reviewer sees the identifier's work and the title's."""
    match = identify(rows.usage({"title": "望春風", "performers": ["純純"], "iswc": "T0345246801"}), works).to_pylist()[
        0
    ]
    assert [c["work_id"] for c in match["candidates"]] == ["W01", "W06"]
    assert sum(c["probability"] for c in match["candidates"]) <= 1


def test_two_identifiers_of_two_works_pay_nobody(works: pa.Table) -> None:
    """Whatever the title says; the work whose title agrees comes first. Two of one work agree."""
    for title, first in (("Yesterday", "W07"), ("心願", "W01"), ("", "W01"), ("Something Else", "W01")):
        match = identify(rows.usage({"title": title, **BOTH}), works).to_pylist()[0]
        assert (match["outcome"], match["rule"]) == ("ambiguous", "identifier_conflict")
        assert [c["work_id"] for c in match["candidates"]][:2] == [first, "W07" if first == "W01" else "W01"]
    one = rows.repertoire({"work_id": "A", "title": "心願", "iswc": "T0345246801", "isrc": ["GBAYE0601477"]})
    assert _said(one, {"title": "心願", **BOTH}) == [("matched", "A", "iswc")]


def test_what_is_invalid_or_unknown_says_nothing(works: pa.Table) -> None:
    """A wrong check digit, a form that is none, an identifier that no work bears: the title decides."""
    plain = {"title": "望春風", "performers": ["純純"]}
    wrong = [{"iswc": "T0345246802"}, {"isrc": "GBAYE06014"}, {"iswc": "T0000000010"}, {"isrc": "TWA471900001"},
             {"work_number": "4711"}, {"sender_number": "W01"}, {"iswc": "T0345246802", "isrc": "x" * 5000}]  # fmt: skip
    for identifier in wrong:
        assert _said(works, plain | identifier) == [("matched", "W06", "title+performer")]


def test_an_identifier_that_several_works_claim_decides_nothing() -> None:
    """Two works with one ISWC, ISRC or number: the title decides."""
    works = rows.repertoire(
        {"work_id": "00-7", "title": "望春風", "iswc": "T0345246801", "isrc": ["GBAYE0601477"]},
        {"work_id": "7", "title": "雨夜花", "iswc": "T0345246801", "isrc": ["GBAYE0601477"]},
        {"work_id": "8", "title": "月夜愁"},
    )  # fmt: skip
    assert _said(works, {"title": "望春風", **BOTH}) == [("matched", "00-7", "title")]
    assert _said(works, {"title": "", "work_number": "007"})[0][0] == "unmatched"
    assert _said(works, {"title": "雨夜花", "work_number": "7"}) == [("matched", "7", "work_number")]


NUMBERED = (
    {"work_id": "A-0001.7", "title": "望春風"},
    {"work_id": "12", "title": "雨夜花"},
    {"work_id": "B:12", "title": "月夜愁"},
)


@pytest.mark.parametrize(
    ("number", "title", "expected"),
    [
        ("12", "雨夜花", ("matched", "12", "work_number")),
        ("0012", "雨夜花", ("matched", "12", "work_number")),
        ("B:12", "月夜愁", ("matched", "B:12", "work_number")),
        ("b 12", "月夜愁", ("matched", "B:12", "work_number")),
        ("a00017", "望春風", ("matched", "A-0001.7", "work_number")),
        ("12", "月夜愁", ("ambiguous", None, "identifier_conflict")),
        ("12", "", ("ambiguous", None, "work_number")),
        ("-", "雨夜花", ("matched", "12", "title")),
        ("0", "雨夜花", ("matched", "12", "title")),
        ("=12", "雨夜花", ("matched", "12", "work_number")),
        ("\u202e21", "雨夜花", ("matched", "12", "title")),
        ("9" * 5000, "雨夜花", ("matched", "12", "title")),
    ],
)
def test_a_work_number_decides_together_with_a_title(
    number: str, title: str, expected: tuple[str, str | None, str]
) -> None:
    """It has no check digit: punctuation and leading zeros are forgiven, a missing or another title is not."""
    assert _said(rows.repertoire(*NUMBERED), {"title": title, "work_number": number}) == [expected]


def test_a_registration_number_is_a_work_number() -> None:
    """A society's own number of a merged work counts, alone or as SOCIETY:NUMBER; one that two works have does not."""
    works = rows.repertoire(*NUMBERED)
    registrations = rows.filled(tables.REGISTRATIONS, [
        {"society": "B", "registered_id": "X1", "work_id": "12"}, {"society": "A", "registered_id": "77", "work_id": "12"},
        {"society": "B", "registered_id": "77", "work_id": "B:12"}, {"society": "B", "registered_id": "X9", "work_id": "gone"},
    ])  # fmt: skip
    lines: list[Line] = [{"title": "雨夜花", "work_number": n} for n in ("X1", "77", "A:77", "x-1", "X9")]
    said = _said(works, *lines, registrations=registrations)
    assert [(work, rule) for _, work, rule in said] == [
        ("12", "work_number"), ("12", "title"), ("12", "work_number"), ("12", "work_number"), ("12", "title"),
    ]  # fmt: skip


def decision(kind: str, work: str, place: int = 0, **more: object) -> Line:
    """One row of DECISIONS about number 54321."""
    made: Line = {
        "decision_id": f"d{place}", "recorded_at": dt.datetime(2021, 1, 1, 0, 0, place), "recorded_by": "r", "kind": kind,  # noqa: DTZ001
        "list": "chain-a", "sender_number": "54321", "title": "某首歌", "work_id": work,
    }  # fmt: skip
    return made | more


def _decided(*made: Line) -> pa.Table:
    return rows.filled(tables.DECISIONS, list(made))


NUMBER: Line = {"title": "津輕海峽冬景色", "sender_number": "54321", "list": "chain-a"}


def _learned(works: pa.Table, line: Line, *made: Line) -> str:
    """The rule by which the line is decided, or its outcome where it is not matched."""
    outcome, _, rule = _said(works, line, decisions=_decided(*made))[0]
    return rule if outcome == "matched" or rule == "identifier_conflict" else outcome


def test_a_number_confirmed_for_one_work_decides_the_next_line(works: pa.Table) -> None:
    """By rule `sender_number`, for the list or licensee it was learned from alone, or for any where none is named."""
    same = decision("same", "W08")
    assert _said(works, NUMBER, decisions=_decided(same)) == [("matched", "W08", "sender_number")]
    assert _learned(works, NUMBER | {"list": "chain-b", "licensee": "chain-a"}, same) == "sender_number"
    assert _learned(works, NUMBER | {"title": ""}, same) == "sender_number"
    for other in ({"list": "chain-b"}, {"sender_number": "54322"}, {"sender_number": "054321"}):
        assert _learned(works, NUMBER | other, same) != "sender_number"
    assert _learned(works, NUMBER | {"list": "chain-b"}, same | {"list": ""}) == "sender_number"


def test_a_learned_number_is_checked_against_the_title(works: pa.Table) -> None:
    """A number that now carries another song is a conflict; the title under which it was confirmed is none."""
    same = decision("same", "W08", title="冬之歌")
    assert _learned(works, NUMBER | {"title": "望春風", "performers": ["純純"]}, same) == "identifier_conflict"
    assert _learned(works, NUMBER | {"title": "冬之歌", "performers": ["別人"]}, same) == "sender_number"


def test_a_number_taken_back_or_contradicted_decides_nothing(works: pa.Table) -> None:
    """Undone, confirmed for two works, denied for the work or for all, or of a work that is gone."""
    same = decision("same", "W08")
    undo = decision("undo", "", 1, undoes="d0", sender_number="", list="", title="")
    contradictions = [
        undo, decision("same", "W06", 1), decision("not_same", "W08", 1), decision("not_same", "", 1),
        decision("not_same", "W08", 1, list=""), decision("same", "W06", 1, list=""),
    ]  # fmt: skip
    for other in contradictions:
        assert _learned(works, NUMBER, same, other) != "sender_number", other
    assert _learned(works, NUMBER, decision("same", "W99")) != "sender_number"
    assert _learned(works, NUMBER, same, decision("not_same", "W06", 1)) == "sender_number"
    again = decision("same", "W08", 2)
    assert _learned(works, NUMBER, same, undo, again) == "sender_number"


def test_a_learned_number_against_another_identifier_is_a_conflict(works: pa.Table) -> None:
    """The stronger identifier does not win in silence."""
    assert _learned(works, NUMBER | {"iswc": "T0345246801"}, decision("same", "W08")) == "identifier_conflict"


def test_a_person_overrules_an_identifier(works: pa.Table) -> None:
    """What was decided not to be the identifier's work is not named by it."""
    denied = decision("not_same", "W01", title="心願", list="", sender_number="")
    outcome, work, rule = _said(works, {"title": "心願", "iswc": "T0345246801"}, decisions=_decided(denied))[0]
    assert (work, rule == "iswc") == (None, False)
    assert outcome in {"ambiguous", "unmatched"}


def test_a_senders_number_is_no_reason_to_look_twice(works: pa.Table) -> None:
    """Where nothing was learned of numbers, lines that differ by theirs alone are one line."""
    lines = [{"title": "望春風", "performers": ["純純"], "sender_number": str(n), "list": f"l{n}"} for n in range(9)]
    assert {r for _, _, r in _said(works, *lines)} == {"title+performer"}


HOSTILE = ("", " ", "\0", "\u202e10864254301T", "\u200bT0345246801", "T" * 70_000, "=cmd|' /C calc'!A0", "🎤" * 50, "'; DROP TABLE works; --",
           "%s%n", "\\x1f", "chain-a\x1f54321", "NaN", "null", "-1", "１２", "T-٠٣٤", "\uffff", "a\nb", "0" * 9000)  # fmt: skip


@pytest.mark.parametrize("kind", ["iswc", "isrc", "work_number", "sender_number"])
def test_hostile_identifiers_leave_the_title_to_decide(works: pa.Table, kind: str) -> None:
    """Whatever stands in the column, each line has an outcome, by its title, and none raises."""
    made = _decided(decision("same", "W08"), decision("same", "W08", 1, sender_number="\x1f54321", list="chain-a"))
    lines: list[Line] = [{"title": "望春風", "performers": ["純純"], "list": "chain-a", kind: text} for text in HOSTILE]
    assert {work for _, work, _ in _said(works, *lines, decisions=made)} == {"W06"}


def test_neither_order_nor_chunks_change_what_identifiers_say(works: pa.Table) -> None:
    """Rows of usage, repertoire and decisions in any order, lines in chunks of any size: the same answers."""
    lines: list[Line] = [
        *AGREES,
        *CONTRADICTS,
        {"title": "Yesterday", **BOTH},
        NUMBER,
        {"title": "雨夜花", "work_number": "t1"},
    ]
    lines = [line | {"line_id": str(i)} for i, line in enumerate(lines)]
    made = [decision("same", "W08"), decision("not_same", "W06", 1), decision("same", "W03", 2, sender_number="9")]
    expected = identify(rows.usage(*lines), works, decisions=_decided(*made)).sort_by("line_id")
    for seed in range(3):
        dice = random.Random(seed)  # noqa: S311
        mixed, other = list(lines), list(made)
        dice.shuffle(mixed)
        dice.shuffle(other)
        shuffled = works.take(dice.sample(range(works.num_rows), works.num_rows))
        found = identify(rows.usage(*mixed), shuffled, IdentifyPolicy(chunk_lines=1 + seed), decisions=_decided(*other))
        assert found.sort_by("line_id").equals(expected)


def _remarked(works: pa.Table, *lines: Line, **more: pa.Table) -> list[tuple[str, str, str, str]]:
    """Line id's place, code, column and reason of each remark."""
    usage = rows.usage(*({"line": i, "file": "log.csv"} | line for i, line in enumerate(lines, start=2)))
    found = remarks(usage, identify(usage, works, **more), prepare(works), **more)
    assert found.schema.equals(tables.PROBLEMS.schema)
    assert set(found.column("severity").to_pylist()) <= {"note"}
    return [(r["line"], r["code"], r["column"], r["reason"]) for r in found.to_pylist()]


def test_a_conflict_is_reported_with_all_that_it_is_about(works: pa.Table) -> None:
    """The note names file, line, each identifier, its work and titles, and what the line is called."""
    said = _remarked(
        works,
        {"title": "望春風", "iswc": "T0345246801"},
        {"title": "心願", "iswc": "T0345246801"},
        {"title": "", **BOTH},
    )
    assert said == [
        (2, "identifier_conflict", "iswc", 'ISWC T0345246801 is of W01 "心願"; the line is called "望春風"'),
        (4, "identifier_conflict", "iswc",
         'ISWC T0345246801 is of W01 "心願"; ISRC GBAYE0601477 is of W07 "Yesterday"; the line has no title'),
    ]  # fmt: skip


def test_an_invalid_identifier_is_remarked_on_and_an_unknown_one_is_not(works: pa.Table) -> None:
    """A wrong check digit or form is a note; an identifier that nobody knows makes no noise."""
    wrong: Line = {"title": "望春風", "iswc": "T0345246802"}
    long: Line = {"title": "望春風", "isrc": "=cmd|' /C calc'!A0" * 500}
    unknown: Line = {
        "title": "望春風",
        "iswc": "T0000000010",
        "isrc": "TWA471900001",
        "work_number": "1",
        "sender_number": "2",
    }
    said = _remarked(works, wrong, long, unknown)
    assert [(line, code, column) for line, code, column, _ in said] == [
        (2, "identifier_invalid", "iswc"), (3, "identifier_invalid", "isrc"),
    ]  # fmt: skip
    assert all(len(reason) < 150 for _, _, _, reason in said)


def test_a_conflict_of_a_learned_number_is_reported(works: pa.Table) -> None:
    """Of each line with it, in every list that it was learned for."""
    made = _decided(decision("same", "W08"))
    line = NUMBER | {"title": "望春風", "performers": ["純純"]}
    said = _remarked(works, line, line | {"list": "chain-b"}, line, decisions=made)
    assert [(at, column) for at, _, column, _ in said] == [(2, "sender_number"), (4, "sender_number")]
    assert "sender's number 54321 is of W08" in said[0][3]

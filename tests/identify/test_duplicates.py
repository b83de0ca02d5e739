"""Works against works: what is one work under two numbers, and what only looks so."""

# ruff: noqa: E501 - tables of Han characters, each of which counts as two columns

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita import tables
from partita.identify.duplicates import DuplicatesPolicy, duplicates
from partita.registry import works as registry

from .identify_rows import repertoire

Row = dict[str, object]


def pairs(*rows: Row, least: float = 0.75) -> dict[tuple[str, str], str]:
    """(work, other work) -> rule."""
    found = duplicates(repertoire(*rows), DuplicatesPolicy(least))
    return {(row["work_id"], row["other_work_id"]): row["rule"] for row in found.to_pylist()}


def work(work_id: str, title: str, **more: object) -> Row:
    """One row of REPERTOIRE."""
    return {"work_id": work_id, "title": title, **more}


SAME: dict[str, tuple[Row, Row, str]] = {
    "traditional and simplified, two societies": (
        work("A1", "愛情的故事", writers=["羅大佑"], society="A"), work("B1", "爱情的故事", writers=["罗大佑"], society="B"), "title+writers"),
    "an alternative title": (
        work("A1", "What a Wonderful World", alt_titles=["世界多美好"], performers=["Louis Armstrong"]),
        work("B1", "世界多美好", performers=["Louis Armstrong"]), "title+performers"),
    "a cover: other performers, the same writers": (
        work("A1", "Hallelujah", writers=["COHEN LEONARD"], performers=["Jeff Buckley"]),
        work("B1", "Hallelujah", writers=["Leonard Cohen"], performers=["Leonard Cohen"]), "title+writers"),
    "a slip of the pen": (
        work("A1", "The Long and Winding Road", performers=["The Beatles"], writers=["John Lennon", "Paul McCartney"]),
        work("B1", "The Long and Windng Road", performers=["Beatles"], writers=["Paul McCartney", "John Lennon"]), "near title+writers+performers"),
    "a slip in the writer's name": (
        work("A1", "望春風", writers=["Teng Yu-hsien"]), work("B1", "望春風", writers=["Teng Yu-shien"]), "title+writers"),
    "the family name first": (
        work("A1", "四季紅", writers=["Berg, Anna", "Carl, Ben"]), work("B1", "四季紅", writers=["Anna Berg", "BEN CARL"]), "title+writers"),
    "initials": (
        work("A1", "The Loco-Motion", writers=["G. Goffin", "C. King"]), work("B1", "The Loco Motion", writers=["Carole King", "Gerry Goffin"]), "title+writers"),
    "a recording in common": (
        work("A1", "月夜愁", isrc=["TWA471900001"]), work("B1", "月夜愁", isrc=["TWA471900001"], performers=["純純"]), "title+isrc"),
    "an ISWC in common": (
        work("A1", "心願", iswc="T0345246801", writers=["蕭世昌"]), work("B1", "心愿", iswc="T0345246801", performers=["四個女生"]), "iswc"),
    "an ISWC in common whose titles are two": (
        work("A1", "心願", iswc="T0345246801"), work("B1", "完全不同的歌", iswc="T0345246801"), "iswc, titles differ"),
    "tags are no part of the title": (
        work("A1", "雨夜花 (KTV版)", performers=["純純"]), work("B1", "雨夜花", performers=["純純"]), "title+performers"),
}  # fmt: skip

OTHER: dict[str, tuple[Row, Row]] = {
    "the same title by other writers": (
        work("A1", "Forever", writers=["Anna Berg"], performers=["One"]), work("B1", "Forever", writers=["Ben Carl"], performers=["Two"])),
    "only the title": (work("A1", "愛情"), work("B1", "愛情")),
    "the same title, nobody named": (
        work("A1", "望春風", writers=["佚名"], performers=["群星"]), work("B1", "望春風", writers=["佚名"], performers=["群星"])),
    "other numbers": (
        work("A1", "Symphony No. 5", writers=["Gustav Mahler"]), work("B1", "Symphony No. 6", writers=["Gustav Mahler"])),
    "a part and the whole": (
        work("A1", "Hello (Part 2)", writers=["A. Writer"], performers=["X Band"]), work("B1", "Hello", writers=["A. Writer"], performers=["X Band"])),
    "other brackets": (
        work("A1", "Tonight (A)", writers=["A. Writer"]), work("B1", "Tonight (B)", writers=["A. Writer"])),
    "other parts in Roman numbers": (
        work("A1", "Suite (Part II)", writers=["A. Writer"]), work("B1", "Suite (Part III)", writers=["A. Writer"])),
    "a work taken up again": (
        work("A1", "The Velvet Cell", performers=["Gravenhurst"]), work("B1", "The Velvet Cell Reprise", performers=["Gravenhurst"])),
    "short Han titles a sign apart": (
        work("A1", "心願", performers=["江蕙"], writers=["陳百潭"]), work("B1", "新願", performers=["江蕙"], writers=["陳百潭"])),
    "long Han titles a sign apart, one performer": (
        work("A1", "だんだん早くなる", performers=["40mP"]), work("B1", "だんだん近くなる", performers=["40mP"])),
    "one performer's many intros": (
        work("A1", "Intro", performers=["The xx"]), work("B1", "Intro", performers=["The xx"])),
    "the same performer, but writers who differ": (
        work("A1", "Gold", performers=["Adele"], writers=["Anna Berg"]), work("B1", "Gold", performers=["Adele"], writers=["Ben Carl"])),
    "orchestras without a name": (
        work("A1", "The Sundowners", performers=["Billy Vaughn & His Orchestra"]), work("B1", "The Sundowners", performers=["Mantovani & His Orchestra"])),
    "other initials": (
        work("A1", "Waterfalls", writers=["B. Smith"]), work("B1", "Waterfalls", writers=["Anna Smith"])),
    "an ISRC that is none": (
        work("A1", "月夜愁", isrc=["12"]), work("B1", "月夜愁", isrc=["12"])),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_one_work_under_two_numbers(name: str) -> None:
    """Two works that are one are found, by the rule that says why."""
    a, b, rule = SAME[name]
    assert pairs(a, b, least=0.5) == {("A1", "B1"): rule}


@pytest.mark.parametrize("name", OTHER)
def test_two_works_stay_two(name: str) -> None:
    """What only looks like one work is not reported."""
    assert pairs(*OTHER[name]) == {}


def test_versions_in_another_language_need_more_than_a_performer() -> None:
    """A Cantonese and a Mandarin version may be two texts."""
    a, b = (
        work("A1", "海闊天空 (國語版)", performers=["Beyond"]),
        work("B1", "海闊天空 (粵語版)", performers=["Beyond"]),
    )
    assert pairs(a, b) == {}
    assert pairs({**a, "writers": ["黃家駒"]}, {**b, "writers": ["黃家駒"]}) == {
        ("A1", "B1"): "title+writers+performers"
    }


def test_societies_are_named() -> None:
    """Each side names the societies that list it, from the rows and from the registrations."""
    rows = repertoire(work("A1", "雨夜花", writers=["鄧雨賢"], society="A"), work("B1", "雨夜花", writers=["鄧雨賢"]))
    listed = pa.Table.from_pylist(
        [{"society": s, "registered_id": "7", "work_id": "B1"} for s in ("C", "B")], schema=tables.REGISTRATIONS.schema
    )
    (row,) = duplicates(rows, registrations=listed).to_pylist()
    assert (row["society"], row["other_society"]) == ("A", "B, C")
    assert row["reason"] == "titles equal, writers agree, performers not stated by both"


def test_rows_of_one_work_are_no_duplicates() -> None:
    """Several rows with one number are one work already."""
    row = work("A1", "雨夜花", writers=["鄧雨賢"], society="A")
    assert pairs(row, {**row, "society": "B"}) == {}


def test_what_the_registry_merges_is_not_found_again() -> None:
    """Works that two societies register alike are one work after `merge`; those it leaves apart are found."""
    rows = repertoire(
        work("1", "雨夜花", writers=["鄧雨賢"], society="A"), work("2", "雨夜花", writers=["鄧雨賢"], society="B"),
        work("3", "四季紅", writers=["鄧雨賢", "李臨秋"], society="A"), work("4", "四季紅", writers=["鄧雨賢"], society="B"),
    )  # fmt: skip
    merged = registry.merge(rows, tables.SHARES.empty())
    found = duplicates(merged.repertoire, registrations=merged.registrations).to_pylist()
    assert [(r["work_id"], r["other_work_id"], r["society"], r["other_society"]) for r in found] == [
        ("3", "4", "A", "B")
    ]


def test_small_repertoires() -> None:
    """Nothing, and a repertoire of one, have no duplicates."""
    assert duplicates(tables.REPERTOIRE.empty()) == tables.DUPLICATES.empty()
    assert pairs(work("1", "雨夜花", writers=["鄧雨賢"])) == {}


def test_hostile_texts() -> None:
    """Empty titles, long ones, lone surrogates' replacements, marks and formulas compare without harm."""
    texts = ["", "\x00", "\u202e", "\u200b", "😀", "=cmd|' /C calc'!A0", "a" * 100_000, "(", "()", " - ", "1", "???"]
    rows = [work(f"{side}{k:02}", text, writers=[text, "Writer"]) for side in "AB" for k, text in enumerate(texts)]
    assert {(a[1:], b[1:]) for a, b in pairs(*rows)} >= {("05", "05"), ("06", "06"), ("11", "11")}
    assert ("A00", "B00") not in pairs(*rows)


def test_many_equal_works_cost_no_more_than_they_are() -> None:
    """200,000 works with one title, writer and performer are compared with the first of them, not each with each."""
    many = 200_000
    columns = {
        "work_id": [f"{k:06}" for k in range(many)], "title": ["雨夜花"] * many, "alt_titles": [[]] * many,
        "writers": [["鄧雨賢"]] * many, "performers": [["純純"]] * many, "iswc": [None] * many, "isrc": [[]] * many,
        "language": [None] * many, "society": ["A"] * many,
    }  # fmt: skip
    found = duplicates(pa.table(columns, schema=tables.REPERTOIRE.schema))
    assert found.num_rows == many - 1
    assert found.column("work_id").unique().to_pylist() == ["000000"]


def test_many_equal_titles_alone_find_nothing() -> None:
    """20,000 works that share only the title are not even compared."""
    rows = [work(f"{k:05}", "愛情", writers=[f"Writer {chr(97 + k % 26)}{k}"]) for k in range(20_000)]
    assert pairs(*rows) == {}


_TITLES = st.sampled_from(
    ["愛情的故事", "爱情的故事", "Hello", "Hello (Part 2)", "The Long Road", "The Lomg Road", "雨夜花", "Intro"]
)
_NAMES = st.lists(st.sampled_from(["鄧雨賢", "邓雨贤", "Anna Berg", "Berg, Anna", "Anna Bergh", "佚名"]), max_size=2)
_WORKS = st.lists(
    st.fixed_dictionaries({
        "title": _TITLES, "writers": _NAMES, "performers": _NAMES, "society": st.sampled_from(["", "A", "B"]),
        "iswc": st.sampled_from([None, "T0345246801", "T0345246812"]),
    }),
    min_size=1, max_size=7,
)  # fmt: skip


@given(_WORKS, st.randoms(use_true_random=False))
def test_order_of_rows_changes_nothing(rows: list[Row], random: object) -> None:
    """The same works in any order give the same pairs; each pair stands once, the smaller number first."""
    named = [{"work_id": f"W{k}", **row} for k, row in enumerate(rows)]
    found = duplicates(repertoire(*named), DuplicatesPolicy(0.0))
    random.shuffle(named)
    assert duplicates(repertoire(*named), DuplicatesPolicy(0.0)) == found
    both = list(zip(found["work_id"].to_pylist(), found["other_work_id"].to_pylist(), strict=True))
    assert both == sorted(set(both))
    assert all(a < b for a, b in both)


@given(_WORKS)
def test_neither_side_is_the_first(rows: list[Row]) -> None:
    """What is found of two works does not depend on which of them has the smaller number."""
    forth = [{"work_id": f"W{k}", **row} for k, row in enumerate(rows)]
    back = [{"work_id": f"W{len(rows) - k}", **row} for k, row in enumerate(rows)]
    turned = {f"W{len(rows) - k}": f"W{k}" for k in range(len(rows))}
    policy = DuplicatesPolicy(0.0)
    found = {
        (r["work_id"], r["other_work_id"], r["probability"], r["rule"])
        for r in duplicates(repertoire(*forth), policy).to_pylist()
    }
    again = {
        (*sorted((turned[r["work_id"]], turned[r["other_work_id"]])), r["probability"], r["rule"])
        for r in duplicates(repertoire(*back), policy).to_pylist()
    }
    assert again == found


def test_policy_refuses_figures_without_sense() -> None:
    """A probability lies between 0 and 1."""
    with pytest.raises(ValueError, match="least"):
        DuplicatesPolicy(1.5)


def test_real_repertoire(shared: object) -> None:
    """Of the measuring repertoire (its writers are made up, so they are left out) about a thousand pairs are found."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - only where the data are

    works = pq.read_table(f"{shared}/data/bench_repertoire.parquet").slice(0, 40_000)
    rows = [
        work(str(w["work_id"]), w["title"], performers=[p for p in (w["artist"] or "").split(" / ") if p])
        for w in works.to_pylist()
    ]
    found = duplicates(repertoire(*rows))
    assert 100 <= found.num_rows <= 1_500
    assert set(found["rule"].to_pylist()) <= {"title+performers", "near title+performers"}

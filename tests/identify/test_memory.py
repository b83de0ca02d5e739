"""What people decided: it decides equal lines, helps others where it adds a title, and leaves no trace once undone."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from identify_rows import filled, repertoire, usage

from partita import tables
from partita.identify import Prepared, identify, prepare

DAY = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - DECISIONS are in UTC without saying so
LINES: list[dict[str, object]] = [
    {"title": "雨夜花", "performers": ["純純"], "list": "north"},
    {"title": "雨夜花", "performers": ["純純"], "list": "south", "licensee": "harbour"},
    {"title": "愛情", "list": "north"},
    {"title": "望春風", "performers": ["純純"], "list": "north"},
    {"title": "Yesterday", "performers": ["The Beatles"], "isrc": "GBAYE0601477", "list": "south"},
    {"title": "沒有人知道的歌", "performers": ["某人"], "list": "south"},
    {"title": "四個女生的那首", "performers": [], "list": "south"},
]
WORKS = ["W01", "W03", "W04", "W06", "W07", "T1", "T2", "S1", "GONE", ""]


def decisions(*rows: dict[str, object]) -> pa.Table:
    """A DECISIONS table, one second between rows; texts that are not given are empty."""
    whole = [{"kind": "same", "recorded_by": "A", "decision_id": f"{n:06d}-00000000",
              "recorded_at": DAY + dt.timedelta(seconds=n), **row} for n, row in enumerate(rows, start=1)]  # fmt: skip
    return filled(tables.DECISIONS, whole)


def said(
    works: pa.Table | Prepared, lines: list[dict[str, object]], *rows: dict[str, object]
) -> list[tuple[object, ...]]:
    """(outcome, work, rule, probability) of each line under these decisions."""
    matches = identify(usage(*lines), works, decisions=decisions(*rows)).to_pylist()
    return [(m["outcome"], m["work_id"], m["rule"], m["probability"]) for m in matches]


def of(line: dict[str, object], work: str, kind: str = "same", **more: object) -> dict[str, object]:
    """A decision about a line."""
    return {"title": line["title"], "performers": line.get("performers", []), "work_id": work, "kind": kind, **more}


def test_same_decides_equal_lines_alone(works: pa.Table) -> None:
    """Lines that are equal after folding, names in any order, are the work; a line with other names is judged."""
    lines = [
        {"title": "Winter Night", "performers": ["Anna B", "Carl D"]},
        {"title": "WINTER  NIGHT", "performers": ["carl d / ANNA B"]},
        {"title": "Winter Night", "performers": ["Anna B"]},
    ]
    found = said(works, lines, of(lines[0], "W12"))
    assert found[:2] == [("matched", "W12", "decided", 1.0)] * 2
    assert found[2][0] == "unmatched"


def test_a_decision_of_one_list_leaves_the_others_alone(works: pa.Table) -> None:
    """Equal lines of another list stay ambiguous; the list may be called by its own name or by its licensee's."""
    for name in ("south", "harbour"):
        found = said(works, LINES, of(LINES[0], "T2", list=name))
        assert found[0][0] == "ambiguous"
        assert found[1] == ("matched", "T2", "decided", 1.0)


def test_not_same_lets_the_next_one_stand_on_its_own(works: pa.Table) -> None:
    """Of two works that share the probability, the one that is left wins by policy, and is not called decided."""
    outcome, work, rule, probability = said(works, LINES, of(LINES[0], "T1", "not_same"))[0]
    assert (outcome, work) == ("matched", "T2")
    assert rule != "decided"
    assert 0.9 <= float(str(probability)) < 1


def test_not_same_of_a_winner_with_nothing_beside_it_leaves_nothing(works: pa.Table) -> None:
    """A wrong match that a person refuses matches no more, be it found by its title or by its ISRC."""
    found = said(works, LINES, of(LINES[3], "W06", "not_same"), of(LINES[4], "W07", "not_same"))
    assert [row[:2] for row in found[3:5]] == [("unmatched", None)] * 2
    assert said(works, LINES)[3][:2] == ("matched", "W06")
    assert said(works, LINES)[4][:2] == ("matched", "W07")


def test_a_refused_work_stands_in_no_list_of_candidates(works: pa.Table) -> None:
    """The candidates of a line hold no work that a person refused for it."""
    refused = decisions(of(LINES[2], "W03", "not_same"))
    match = identify(usage(*LINES), works, decisions=refused).to_pylist()[2]
    assert "W03" not in [c["work_id"] for c in match["candidates"]]


def test_a_new_title_helps_lines_with_other_names(works: pa.Table) -> None:
    """A title that a person added to a work is one of its titles, for lines that are not equal to the decided one."""
    line = {"title": "昨日", "performers": ["披頭四"]}
    other = {"title": "昨日", "performers": ["The Beatles"]}
    assert said(works, [line, other])[1][0] != "matched"
    found = said(works, [line, other], of(line, "W07", "alt_title"))
    assert found[0] == ("matched", "W07", "decided", 1.0)
    assert found[1][:2] == ("matched", "W07")
    assert found[1][2] != "decided"


def test_a_repertoire_that_was_prepared_takes_titles_too(works: pa.Table) -> None:
    """`prepare` with the decisions gives what `identify` gives without preparing."""
    line = {"title": "昨日", "performers": ["披頭四"]}
    made = decisions(of(line, "W07", "alt_title"))
    table = usage(line, {"title": "昨日", "performers": ["The Beatles"]})
    assert identify(table, prepare(works, made), decisions=made) == identify(table, works, decisions=made)


def test_a_work_that_is_gone_earns_nothing(works: pa.Table) -> None:
    """A decided work that no repertoire lists leaves the line ambiguous, with the candidates that it has anyway."""
    found = said(works, LINES, of(LINES[0], "GONE"), of(LINES[3], "GONE"), of(LINES[5], "GONE"))
    assert [found[i][:3] for i in (0, 3, 5)] == [("ambiguous", None, "decided_gone")] * 3


def test_the_later_decision_wins(works: pa.Table) -> None:
    """Another work, a refusal, a refusal of all, and a confirmation after a refusal: what came last stands."""
    line = LINES[0]
    assert said(works, LINES, of(line, "T1"), of(line, "T2"))[0][1] == "T2"
    assert said(works, LINES, of(line, "T1"), of(line, "T1", "not_same"))[0][1] == "T2"
    assert said(works, LINES, of(line, "T1"), of(line, "", "not_same"))[0][0] == "ambiguous"
    assert said(works, LINES, of(line, "T1", "not_same"), of(line, "T1"))[0] == ("matched", "T1", "decided", 1.0)


def test_a_decision_about_nothing_does_nothing(works: pa.Table) -> None:
    """Decisions about lines that this list does not have change nothing, to the byte."""
    made = decisions(of({"title": "anders", "performers": []}, "W01"), of({"title": "x"}, "W01", "not_same"))
    assert identify(usage(*LINES), works, decisions=made) == identify(usage(*LINES), works)


WORKS_TABLE = repertoire(
    {"work_id": "W03", "title": "愛情", "performers": ["莫文蔚"]},
    {"work_id": "W04", "title": "愛情", "performers": ["張某某"]},
    {"work_id": "W06", "title": "望春風", "performers": ["純純"]},
    {"work_id": "W07", "title": "Yesterday", "performers": ["The Beatles"], "isrc": ["GBAYE0601477"]},
    {"work_id": "T1", "title": "雨夜花", "performers": ["純純"]},
    {"work_id": "T2", "title": "雨夜花", "performers": ["純純"]},
)
PLAIN = identify(usage(*LINES), WORKS_TABLE)
DECIDED = st.lists(
    st.tuples(
        st.sampled_from(range(len(LINES))), st.sampled_from(["same", "not_same", "alt_title"]),
        st.sampled_from(WORKS), st.sampled_from(["", "", "north", "harbour"]),
    ),
    max_size=6,
)  # fmt: skip


@settings(max_examples=12)
@given(DECIDED, st.data())
def test_undone_decisions_leave_no_trace(made: list[tuple[int, str, str, str]], data: st.DataObject) -> None:
    """Matches with decisions of which some were undone are those of the others alone, whatever was decided."""
    rows = [of(LINES[line], work or "W01", kind, list=name) for line, kind, work, name in made]
    kept = data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    whole = decisions(*rows).to_pylist()
    undos = [{"kind": "undo", "undoes": row["decision_id"]} for row, keep in zip(whole, kept, strict=True) if not keep]
    with_undos = decisions(*rows, *undos)
    rest = pa.Table.from_pylist([r for r, keep in zip(whole, kept, strict=True) if keep], tables.DECISIONS.schema)
    table = usage(*LINES)
    assert identify(table, WORKS_TABLE, decisions=with_undos) == identify(table, WORKS_TABLE, decisions=rest)
    everything = decisions(*rows, *({"kind": "undo", "undoes": row["decision_id"]} for row in whole))
    assert identify(table, WORKS_TABLE, decisions=everything) == PLAIN


@settings(max_examples=8)
@given(DECIDED, st.permutations(range(len(LINES))))
def test_the_order_of_lines_and_of_decisions_does_not_matter(
    made: list[tuple[int, str, str, str]], order: list[int]
) -> None:
    """Decisions apply in the order in which they were made, however their rows and the lines are sorted."""
    table = decisions(*(of(LINES[line], work or "W01", kind, list=name) for line, kind, work, name in made))
    plain = identify(usage(*LINES), WORKS_TABLE, decisions=table)
    turned = identify(
        usage(*LINES).take(order), WORKS_TABLE, decisions=table.take(pa.array(range(len(made))[::-1], pa.int64()))
    )
    assert turned.sort_by("line_id") == plain.sort_by("line_id")


@pytest.mark.parametrize("title", ["", "\u200b", "\x00", "=1+1", "\u202eabc", "T" * 100_000, "😀", "'; DROP TABLE x"])
def test_hostile_titles_are_decided_like_others(works: pa.Table, title: str) -> None:
    """Whatever stands in a title, equal lines are the decided work, and no other line is."""
    lines: list[dict[str, object]] = [
        {"title": title, "performers": ["X Y"]},
        {"title": "望春風", "performers": ["純純"]},
    ]
    found = said(works, lines, of(lines[0], "W12"))
    assert found[0] == ("matched", "W12", "decided", 1.0)
    assert found[1][:2] == ("matched", "W06")

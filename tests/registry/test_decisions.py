"""Decisions: a file that only grows, what stands of it, and what is said of what does not."""

from __future__ import annotations

import datetime as dt
import json
import multiprocessing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita import tables
from partita.errors import InputError
from partita.registry import decisions
from partita.registry.decisions_file import append, read

NOW = dt.datetime(2026, 3, 1, 12, 0, 0, tzinfo=dt.UTC)


def row(work: str, kind: str = "same", **more: Any) -> dict[str, Any]:
    """A decision about one song."""
    return {"kind": kind, "title": "愛你", "performers": ["甲", "乙"], "writers": [], "work_id": work, **more}


def record(path: Path, *rows: dict[str, Any], by: str = "A. Clerk", at: dt.datetime = NOW) -> list[str]:
    """Appends rows; the ids that they got."""
    return [made["decision_id"] for made in append(path, rows, recorded_by=by, recorded_at=at)]


def standing(path: Path) -> list[tuple[str, str]]:
    """(kind, work) of the decisions in force."""
    return [(r["kind"], r["work_id"]) for r in decisions.in_force(read(path).table).to_pylist()]


def test_rows_are_only_added_and_can_be_read_by_people(tmp_path: Path) -> None:
    """Each append leaves what stood there as it is, byte by byte; Chinese stands as Chinese; ids count up."""
    path = tmp_path / "new" / "decisions.jsonl"
    first = record(path, row("W1"))
    before = path.read_bytes()
    second = record(path, row("W2"), row("", "undo", undoes=first[0]))
    assert path.read_bytes().startswith(before)
    assert "愛你" in before.decode()
    assert [i[:7] for i in (*first, *second)] == ["000001-", "000002-", "000003-"]
    assert read(path).table.schema == tables.DECISIONS.schema
    assert read(path).problems.num_rows == 0


def test_the_same_decision_at_the_same_time_has_the_same_id(tmp_path: Path) -> None:
    """Ids are made of content alone: two clerks' files of equal content are equal."""
    record(tmp_path / "a", row("W1"))
    record(tmp_path / "b", row("W1"))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    record(tmp_path / "c", row("W1"), by="Someone else")
    assert (tmp_path / "a").read_bytes() != (tmp_path / "c").read_bytes()


def test_a_clock_that_goes_back_changes_no_order(tmp_path: Path) -> None:
    """What is written later is recorded no earlier than what stands before it."""
    path = tmp_path / "decisions.jsonl"
    record(path, row("W1"))
    record(path, row("W2"), at=NOW - dt.timedelta(days=400))
    assert standing(path) == [("same", "W2")]


def test_a_torn_line_is_reported_left_out_and_never_rewritten(tmp_path: Path) -> None:
    """After a crash in the middle of a line the rest is read, the line is named, and the next rows stand after it."""
    path = tmp_path / "decisions.jsonl"
    record(path, row("W1"), row("W2", title="別的"))
    torn = path.read_bytes()[:-70]
    path.write_bytes(torn)
    found = read(path)
    assert found.table.column("work_id").to_pylist() == ["W1"]
    assert [(p["line"], p["code"], p["severity"]) for p in found.problems.to_pylist()] == [
        (2, "decisions.torn", "warning")
    ]
    record(path, row("W3", title="第三"))
    assert path.read_bytes().startswith(torn)
    assert read(path).table.column("work_id").to_pylist() == ["W1", "W3"]
    assert read(path).problems.num_rows == 1


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_line_torn_anywhere_harms_no_other(tmp_path: Path, cut: int) -> None:
    """Wherever the last line was cut, also within a character, what stands before it is read."""
    path = tmp_path / "decisions.jsonl"
    record(path, row("W1"), row("W2"))
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1][: len(lines[1]) * cut // 60])
    assert read(path).table.column("work_id").to_pylist() == ["W1"]


GOOD: dict[str, Any] = {
    "decision_id": "000001-aa", "recorded_at": "2026-03-01T12:00:00Z", "recorded_by": "A", "kind": "same", "list": "",
    "sender_number": "", "title": "x", "performers": [], "writers": [], "work_id": "W1", "undoes": "", "note": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("[1, 2]", "no object"),
        ("not json", "not a decision in JSON"),
        ('{"decision_id": "1"}', "should or should not be there"),
        (json.dumps(GOOD | {"kind": "maybe"}), "kind cannot be"),
        (json.dumps(GOOD | {"recorded_at": "yesterday"}), "recorded_at cannot be"),
        (json.dumps(GOOD | {"recorded_at": "2026-03-01T12:00:00"}), "recorded_at cannot be"),
        (json.dumps(GOOD | {"performers": "A"}), "performers cannot be"),
        (json.dumps(GOOD | {"performers": [1]}), "performers cannot be"),
        (json.dumps(GOOD | {"title": "\ud800"}), "title cannot be"),
        (json.dumps(GOOD | {"decision_id": "x"}), "decision_id cannot be"),
        (json.dumps(GOOD | {"more": ""}), "more should or should not be there"),
        (json.dumps(GOOD) + "\n" + json.dumps(GOOD), "stands twice"),
        (json.dumps(GOOD | {"kind": "undo", "undoes": "000009-zz"}), "no decision above it"),
        ("[" * 100_000 + "]" * 100_000, "not a decision"),
        (json.dumps(GOOD | {"note": "x" * 2_000_000}), "longer than"),
    ],
)
def test_what_is_no_decision_stops_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    """A line that cannot be understood is named; nothing is dropped in silence, for it moves money."""
    path = tmp_path / "decisions.jsonl"
    path.write_text("\n" + line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=rf"decisions.jsonl:\d: .*{said}"):
        read(path)


def test_a_file_that_is_not_there_or_no_file(tmp_path: Path) -> None:
    """Reading says what is missing; a folder is no file of decisions for reading nor for writing."""
    with pytest.raises(InputError, match="No such file"):
        read(tmp_path / "none.jsonl")
    assert read(tmp_path / "none.jsonl", absent=True).table.num_rows == 0
    with pytest.raises(InputError):
        read(tmp_path)
    with pytest.raises(InputError):
        record(tmp_path, row("W1"))


def _record_many(path: Path, number: int) -> None:
    for count in range(10):
        record(path, row(f"W{number}-{count}", title=f"{number} {count}"))


def test_two_clerks_may_write_at_once(tmp_path: Path) -> None:
    """Rows of several processes stand whole, one after another, under numbers of their own."""
    path = tmp_path / "decisions.jsonl"
    context = multiprocessing.get_context("fork")
    clerks = [context.Process(target=_record_many, args=(path, number)) for number in range(3)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join(60)
    found = read(path)
    assert found.table.num_rows == 30
    assert sorted(int(i[:6]) for i in found.table.column("decision_id").to_pylist()) == list(range(1, 31))
    assert found.problems.num_rows == 0


def test_the_later_of_two_that_contradict_stands_and_both_are_named(tmp_path: Path) -> None:
    """A note names the earlier and the later one; names in another order and other forms of Han are the same lines."""
    path = tmp_path / "decisions.jsonl"
    first, second = record(path, row("W1"), row("W2", title="爱你", performers=["乙", "甲"]))
    assert standing(path) == [("same", "W2")]
    notes = decisions.notes(read(path).table, pa.array(["W1", "W2"])).to_pylist()
    assert [(n["code"], n["severity"], n["value"]) for n in notes] == [("decisions.contradict", "note", first)]
    assert second in notes[0]["reason"]


def test_undoing_the_later_one_brings_the_earlier_one_back(tmp_path: Path) -> None:
    """What an undone decision overruled stands again."""
    path = tmp_path / "decisions.jsonl"
    _, second = record(path, row("W1"), row("W2"))
    record(path, row("", "undo", undoes=second))
    assert standing(path) == [("same", "W1")]
    assert decisions.notes(read(path).table, pa.array(["W1"])).num_rows == 0


def test_what_does_not_contradict_stands_together(tmp_path: Path) -> None:
    """Several works refused, one confirmed, a new title for it, and another list's own answer are all true at once."""
    path = tmp_path / "decisions.jsonl"
    rows = [row("W1", "not_same"), row("W2", "not_same"), row("W3"), row("W3", "alt_title"), row("W1", list="north")]
    record(path, *rows)
    assert len(standing(path)) == 5


def test_a_work_that_is_gone_is_named(tmp_path: Path) -> None:
    """A decision whose work no repertoire lists is a warning with its number; a refusal of such a work is not."""
    path = tmp_path / "decisions.jsonl"
    first, _ = record(path, row("W1"), row("W9", "not_same"))
    notes = decisions.notes(read(path).table, pa.array(["W2"])).to_pylist()
    assert [(n["code"], n["severity"], n["value"]) for n in notes] == [("decisions.work_gone", "warning", first)]


TEXT = st.text(st.characters(), max_size=20)


@given(st.lists(st.tuples(TEXT, st.lists(TEXT, max_size=3), TEXT), min_size=1, max_size=5))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, texts: list[tuple[str, list[str], str]]
) -> None:
    """Any text comes back as it went in, but for lone surrogates, which no file of text can hold."""
    path = tmp_path_factory.mktemp("any") / "decisions.jsonl"
    record(path, *(row("W", title=title, performers=names, note=note) for title, names, note in texts))
    found = [(r["title"], r["performers"], r["note"]) for r in read(path).table.to_pylist()]

    def kept(text: str) -> str:
        return "".join(c for c in text if not "\ud800" <= c <= "\udfff")

    assert found == [(kept(title), [kept(n) for n in names], kept(note)) for title, names, note in texts]
    path.unlink()

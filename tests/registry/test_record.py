"""Recording: whole acts in two times; nothing is changed or deleted, by us or by anybody with a database client."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from registry_rows import OPENED, authorship, holding, link, mandate, moment, offer, party, statement, work

from partita.errors import InputError
from partita.registry import lookup, record, snapshot
from partita.registry.store import Store, Writer
from partita.tables import rights

DAY = dt.date(2024, 6, 1)


def known(store: Store, day: int | None = None, at: dt.date = DAY) -> list[tuple[str, str]]:
    """Statements of work `w`: id and purpose, as known on a day of January 2024 (null: now)."""
    found = lookup.facts(store, "work", "w", at, None if day is None else moment(day))
    return [(s.statement_id, s.purpose) for s in found.statements]


def test_a_correction_keeps_what_was_known(store: Store) -> None:
    """After a correction, today's answer is the new one, and the answer for a day before it is the old one."""
    record.add(store, "statements", [statement("s", "work", "w")], "clerk", moment(1))
    done = record.correct(store, rights.STATEMENTS, [statement("s", "work", "w", purpose="any")], "clerk", moment(3))
    assert (done.added, done.retired) == (1, 1)
    assert (known(store), known(store, 3), known(store, 2)) == ([("s", "any")], [("s", "any")], [("s", "train")])


def test_what_is_retired_was_known(store: Store) -> None:
    """A retired row counts no more, but for questions about what was known before."""
    record.add(store, "statements", [statement("s", "work", "w")], "clerk", moment(1))
    record.retire(store, "statements", [{"statement_id": "s"}], "clerk", moment(2))
    assert (known(store), known(store, 1)) == ([], [("s", "train")])


def test_what_is_withdrawn_held_until_then(store: Store) -> None:
    """A withdrawal ends a row on a day: it holds on the days before, and nobody knew so before it was recorded."""
    record.add(store, "statements", [statement("s", "work", "w")], "clerk", moment(1))
    record.withdraw(store, "statements", [{"statement_id": "s"}], dt.date(2024, 3, 1), "clerk", moment(2))
    assert known(store, at=dt.date(2024, 2, 29)) == [("s", "train")]
    assert known(store, at=dt.date(2024, 3, 1)) == []
    assert known(store, 1, at=dt.date(2024, 3, 1)) == [("s", "train")]


def test_a_withdrawal_before_the_first_day_leaves_nothing(store: Store) -> None:
    """What is withdrawn from a day before it began never held."""
    record.add(store, "statements", [statement("s", "work", "w", valid_from=dt.date(2024, 5, 1))], "clerk", moment(1))
    done = record.withdraw(store, "statements", [{"statement_id": "s"}], dt.date(2024, 2, 1), "clerk", moment(2))
    assert (done.added, done.retired, known(store)) == (0, 1, [])


def test_one_period_of_several_is_named_by_its_first_day(store: Store) -> None:
    """A key with `valid_from` names one of the periods, without it all of them."""
    periods = [
        statement("s", "work", "w", valid_to=dt.date(2024, 1, 1)),
        statement("s", "work", "w", valid_from=dt.date(2024, 1, 1)),
    ]
    record.add(store, "statements", periods, "clerk", moment(1))
    record.retire(store, "statements", [{"statement_id": "s", "valid_from": OPENED}], "clerk", moment(2))
    assert (known(store), known(store, at=dt.date(2023, 6, 1))) == ([("s", "train")], [])


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("mandates", mandate("NORTH", "A")),
        ("statements", statement("s", "work", "w")),
        ("holdings", holding("w", "A", 100)),
        ("links", link("recording", "XXAAA2400001", "work", "w")),
        ("parties", party("A")),
        ("works", work("w")),
        ("offers", offer("o", "NORTH", "work", "w")),
        ("authorship", authorship("w", "whole", "human")),
    ],
)
def test_the_same_thing_does_not_hold_twice(store: Store, table: str, row: dict[str, Any]) -> None:
    """Equal rows for overlapping days are refused, within one act and between acts; the days after are free."""
    with pytest.raises(record.Refused) as twice:
        record.add(store, table, [row, row | {"valid_from": DAY}], "clerk", moment(1))
    assert twice.value.problems.select(["line", "code", "list"]).to_pylist() == [
        {"line": 2, "code": "registry.overlap", "list": table}
    ]
    record.add(store, table, [row | {"valid_to": DAY}], "clerk", moment(2))
    with pytest.raises(record.Refused, match="same period"):
        record.add(store, table, [row | {"valid_from": DAY - dt.timedelta(1)}], "clerk", moment(3))
    assert record.add(store, table, [row | {"valid_from": DAY}], "clerk", moment(3)).added == 1


def test_a_mandate_and_its_withdrawal_stand_side_by_side(store: Store) -> None:
    """A withdrawal is a row of its own beside the mandate that it takes back, and so is another member's mandate."""
    rows = [mandate("NORTH"), mandate("NORTH", "A"), mandate("NORTH", "A", kind="withdrawal")]
    assert record.add(store, "mandates", rows, "clerk", moment(1)).added == 3


def test_all_or_nothing(store: Store) -> None:
    """Where one row of one table is refused, no row of any table is recorded."""
    rows = {"works": [work("w")], "holdings": [holding("w", "A"), holding("w", "A")]}
    with pytest.raises(record.Refused):
        record.add_all(store, rows, "clerk", moment(1))
    assert {name: table.num_rows for name, table in snapshot.read(store).items() if table.num_rows} == {}
    with store.reading() as run:
        assert run("SELECT COUNT(*) FROM entries") == [(0,)]


def test_what_is_wrong_is_said_of_all_tables(store: Store) -> None:
    """An act in which rows of two tables are wrong is refused with the problems of both."""
    rows = {"works": [work("w", iswc="T1")], "links": [], "holdings": [holding("w", "A"), holding("w", "B", -1)]}
    with pytest.raises(record.Refused) as refused:
        record.add_all(store, rows, "clerk", moment(1))
    found = refused.value.problems.select(["list", "line", "code"]).to_pylist()
    assert [tuple(row.values()) for row in found] == [("works", 1, "registry.id"), ("holdings", 2, "registry.share")]


def test_shares_beyond_the_whole_are_remarked(store: Store) -> None:
    """Shares that together are more than the whole on some day are recorded, with a remark that says from which day."""
    record.add(store, "holdings", [holding("w", "A", 600_000)], "clerk", moment(1))
    later = holding("w", "B", 500_000, valid_from=dt.date(2020, 1, 1), valid_to=dt.date(2021, 1, 1))
    remarks = record.add(store, "holdings", [later, holding("v", "A")], "clerk", moment(2)).problems.to_pylist()
    assert [(r["code"], r["severity"], r["value"]) for r in remarks] == [("registry.overclaimed", "warning", "w")]
    assert "1,100,000 ppm from 2020-01-01" in remarks[0]["reason"]


def test_no_act_is_earlier_than_the_one_before(store: Store) -> None:
    """A clock that was put back does not change what was known: the act has the moment of the one before it."""
    record.add(store, "statements", [statement("s", "work", "w")], "clerk", moment(9))
    done = record.add(store, "statements", [statement("t", "work", "w")], "clerk", moment(2))
    assert done.moment == moment(9)
    assert known(store, 8) == []


def test_moments_are_utc(store: Store) -> None:
    """A moment with a zone is brought to UTC; seconds are whole."""
    taipei = dt.timezone(dt.timedelta(hours=8))
    at = dt.datetime(2024, 1, 1, 8, 0, 0, 999_999, tzinfo=taipei)
    assert record.add(store, "works", [work("w")], "clerk", at).moment == dt.datetime(2024, 1, 1)  # noqa: DTZ001


def test_what_is_not_there_cannot_be_retired(store: Store) -> None:
    """Retiring, withdrawing or correcting what the registry does not know is refused, and names it."""
    record.add(store, "statements", [statement("s", "work", "w")], "clerk", moment(1))
    keys = [{"statement_id": "s"}, {"statement_id": "other"}]
    for odd in ("s\0", "s\ud800"):
        with pytest.raises(record.Refused, match="no such row"):
            record.retire(store, "statements", [{"statement_id": odd}], "clerk", moment(2))
    with pytest.raises(record.Refused, match="statements row 2, statement_id 'other': the registry has no such row"):
        record.retire(store, "statements", keys, "clerk", moment(2))
    with pytest.raises(record.Refused):
        record.withdraw(store, "statements", keys, DAY, "clerk", moment(2))
    with pytest.raises(record.Refused):
        record.correct(store, "statements", [statement("other", "work", "w")], "clerk", moment(2))
    assert known(store) == [("s", "train")]


@pytest.mark.parametrize(
    ("keys", "said"),
    [([{"target": "w"}], "statement_id is missing"), ([{"statement_id": "s", "row_id": 1}], "row_id is none of them")],
)
def test_a_row_is_named_by_its_key(store: Store, keys: list[dict[str, Any]], said: str) -> None:
    """A key that lacks a column, or has one too many, is refused with the columns that name a row."""
    with pytest.raises(InputError, match=f"named by statement_id; {said}"):
        record.retire(store, "statements", keys, "clerk", moment(1))


def test_keys_may_be_written_as_they_come(store: Store) -> None:
    """A key is brought into its canonical form like the row that it names."""
    record.add(store, "links", [link("recording", "XX-AAA-24-00001", "work", "w")], "clerk", moment(1))
    key = {"target_kind": "recording", "target": "xxaaa2400001", "parent_kind": "work", "parent": "w"}
    assert record.retire(store, "links", [key], "clerk", moment(2)).retired == 1


@pytest.mark.parametrize("name", ["", "   ", "a\nb", "x" * 3000])
def test_somebody_tells_the_registry(store: Store, name: str) -> None:
    """An act without the name of who told it is refused."""
    with pytest.raises(InputError, match="name of who told it"):
        record.add(store, "works", [work("w")], name, moment(1))


def test_a_table_that_the_registry_does_not_keep(store: Store) -> None:
    """Only the registry's own tables are recorded in."""
    with pytest.raises(InputError, match="the registry has no table 'entries'"):
        record.add(store, "entries", [], "clerk", moment(1))


CHANGES = [
    "DELETE FROM {table}",
    "UPDATE {table} SET recorded_by = 'thief'",
    "UPDATE {table} SET valid_to = '2001-01-01', retired_at = '2030-01-01 00:00:00'",
    "UPDATE {table} SET recorded_at = '2020-01-01 00:00:00'",
    "UPDATE {table} SET retired_at = '1999-01-01 00:00:00'",
    "UPDATE {table} SET retired_at = NULL",
]
ONLY_SQLITE = [
    "UPDATE {table} SET row_id = 77",
    "UPDATE {table} SET rowid = 77",
    "UPDATE OR REPLACE {table} SET _rowid_ = 77",
    "REPLACE INTO {table} SELECT * FROM {table}",
]
ONLY_POSTGRESQL = ["TRUNCATE {table}", "TRUNCATE {table} CASCADE", "UPDATE {table} SET row_id = DEFAULT"]


def everything(store: Store) -> None:
    """One row in each table of the registry."""
    from registry_rows import reciprocal  # noqa: PLC0415 - beside its one use

    rows = {
        "parties": [party("A")], "works": [work("w")], "links": [link("recording", "XXAAA2400001", "work", "w")],
        "holdings": [holding("w", "A")], "mandates": [mandate("NORTH")], "reciprocals": [reciprocal("NORTH", "SOUTH")],
        "authorship": [authorship("w", "whole", "human")], "statements": [statement("s", "work", "w")],
        "offers": [offer("o", "NORTH", "work", "w")],
    }  # fmt: skip
    record.add_all(store, rows, "clerk", moment(1))


@pytest.mark.parametrize("table", [*(t.name for t in rights.REGISTRY), "entries"])
def test_the_database_itself_refuses_to_forget(fresh: Any, table: str) -> None:
    """No statement of SQL deletes or changes a row, whoever sends it; the triggers say why, and the row stands."""
    store = fresh()
    everything(store)
    statements = CHANGES + (ONLY_SQLITE if store.dialect.name == "sqlite" else ONLY_POSTGRESQL)
    if table == "entries":
        statements = [s.replace("row_id", "entry_id") for s in statements if "valid_to" not in s and "retired" not in s]
    with store.reading() as run:
        before = run(f"SELECT * FROM {table}")
    assert len(before) == 1
    for statement_ in statements:
        with pytest.raises(InputError, match="the registry keeps what was recorded"), store.writing() as writer:
            writer.run(statement_.format(table=table))
    with store.reading() as run:
        assert run(f"SELECT * FROM {table}") == before


def test_a_row_is_retired_once(store: Store) -> None:
    """A retired row is not retired anew, at another moment, nor brought back."""
    everything(store)
    record.retire(store, "works", [{"work_id": "w"}], "clerk", moment(2))
    for retired in ("'2030-01-01 00:00:00'", "NULL"):
        with pytest.raises(InputError, match="never changed"), store.writing() as writer:
            writer.run(f"UPDATE works SET retired_at = {retired}")


def test_writers_wait_for_each_other(store: Store) -> None:
    """Of many threads that record the same mandate at once one succeeds; the others are told that it is there."""
    outcomes: list[str] = []
    ready = threading.Barrier(6)

    def act(number: int) -> None:
        ready.wait()
        try:
            record.add(store, "mandates", [mandate("NORTH", "A")], f"clerk {number}", moment(1))
            outcomes.append("recorded")
        except record.Refused as refused:
            outcomes.append(refused.problems.column("code")[0].as_py())

    threads = [threading.Thread(target=act, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["recorded", *["registry.overlap"] * 5]


def test_readers_see_whole_acts(store: Store) -> None:
    """A reader beside a writer sees the state before the act or after it: a statement corrected is never missing."""
    record.add(store, "statements", [statement("s", "work", "w")], "clerk", moment(1))
    seen: list[int] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.append(len(lookup.facts(store, "work", "w", DAY).statements))

    reader = threading.Thread(target=read)
    reader.start()
    for second in range(20):
        record.correct(store, "statements", [statement("s", "work", "w")], "clerk", moment(2, second))
    done.set()
    reader.join()
    assert set(seen) <= {1}
    assert len(known(store)) == 1


def test_reading_whole_and_writing_do_not_disturb_each_other(store: Store) -> None:
    """Snapshots between acts and look-ups lose nothing of what was recorded."""
    for number in range(8):
        record.add(store, "statements", [statement(f"s{number}", "work", "w")], "clerk", moment(1))
        assert snapshot.read(store)["statements"].num_rows == number + 1
        assert len(known(store)) == number + 1


def test_an_error_within_an_act_takes_all_of_it_back(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the program fails in the middle of an act, nothing of it stands, and the next act works."""

    def fail(writer: Writer, *_: object) -> None:
        raise RuntimeError(writer.dialect.name)

    monkeypatch.setattr(record, "_refuse_overlaps", fail)
    with pytest.raises(RuntimeError):
        record.add(store, "works", [work("w")], "clerk", moment(1))
    monkeypatch.undo()
    assert record.add(store, "works", [work("w")], "clerk", moment(1)).added == 1

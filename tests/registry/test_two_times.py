"""Two times: whatever is recorded in whatever order, every question is answered as a plain list of acts answers it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from hypothesis import given, settings
from hypothesis import strategies as st
from registry_rows import moment, statement

from partita.registry import lookup, record
from partita.registry.store import Store

FIRST = dt.date(2024, 1, 1)
DAYS = [FIRST + dt.timedelta(n) for n in range(8)]
IDS = ["a", "b"]
PURPOSES = ["train", "mining", "any"]


@dataclass(frozen=True)
class Row:
    """A row of the naive registry."""

    key: str
    purpose: str
    valid_from: dt.date
    valid_to: dt.date | None
    recorded_at: dt.datetime
    retired_at: dt.datetime | None = None

    def holds(self, day: dt.date, known: dt.datetime | None) -> bool:
        """Whether it counts on a day, as known at a moment."""
        valid = self.valid_from <= day and (self.valid_to is None or day < self.valid_to)
        if known is None:
            return valid and self.retired_at is None
        return valid and self.recorded_at <= known and (self.retired_at is None or known < self.retired_at)


class Naive:
    """The registry as a list of rows, each act written out."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def living(self, key: str) -> list[Row]:
        """Rows of a key that are not retired."""
        return [r for r in self.rows if r.key == key and r.retired_at is None]

    def add(self, row: Row) -> bool:
        """Adds a row, unless one like it holds on a day of the same period; whether it was added."""
        if any(meet(row, other) for other in self.living(row.key)):
            return False
        self.rows.append(row)
        return True

    def retire(self, key: str, at: dt.datetime) -> bool:
        """Retires every row of a key; whether there was one."""
        found = self.living(key)
        self.rows = [replace(r, retired_at=at) if r in found else r for r in self.rows]
        return bool(found)

    def withdraw(self, key: str, end: dt.date, at: dt.datetime) -> bool:
        """Ends every row of a key that would hold on a day from `end` on; whether there was one."""
        found = [r for r in self.living(key) if r.valid_to is None or r.valid_to > end]
        self.rows = [replace(r, retired_at=at) if r in found else r for r in self.rows]
        self.rows += [replace(r, valid_to=end, recorded_at=at) for r in found if r.valid_from < end]
        return bool(found)


def meet(one: Row, other: Row) -> bool:
    """Whether two rows hold on one day."""
    first, last = max(one.valid_from, other.valid_from), min(one.valid_to or dt.date.max, other.valid_to or dt.date.max)
    return first < last


Act = tuple[str, str, str, dt.date, int | None, int]
"""Verb, key, purpose, first day, days that it holds (null: open), seconds since the act before."""

days = st.sampled_from(DAYS)
acts = st.lists(
    st.tuples(
        st.sampled_from(["add", "add", "correct", "retire", "withdraw"]), st.sampled_from(IDS),
        st.sampled_from(PURPOSES), days, st.none() | st.integers(1, 5), st.integers(0, 2),
    ),
    min_size=1, max_size=10,
)  # fmt: skip


def sent(store: Store, act: Act, at: dt.datetime) -> bool:
    """One act; whether the registry took it."""
    verb, key, purpose, first, length, _ = act
    end = None if length is None else first + dt.timedelta(length)
    row = statement(key, "work", "w", purpose=purpose, valid_from=first, valid_to=end)
    keys = [{"statement_id": key}]
    try:
        if verb == "withdraw":
            record.withdraw(store, "statements", keys, first, "clerk", at)
        else:
            getattr(record, verb)(store, "statements", keys if verb == "retire" else [row], "clerk", at)
    except record.Refused:
        return False
    return True


def run(store: Store, naive: Naive, act: Act, at: dt.datetime) -> None:
    """One act on both registries; both take it, or both refuse it and stay as they were."""
    verb, key, purpose, first, length, _ = act
    end = None if length is None else first + dt.timedelta(length)
    before = list(naive.rows)
    if verb == "add":
        expected = naive.add(Row(key, purpose, first, end, at))
    elif verb == "correct":
        expected = naive.retire(key, at) and naive.add(Row(key, purpose, first, end, at))
    else:
        expected = naive.retire(key, at) if verb == "retire" else naive.withdraw(key, first, at)
    if not sent(store, act, at):
        naive.rows = before
        assert not expected
    else:
        assert expected


@settings(max_examples=40)
@given(data=acts)
def test_every_question_is_answered_as_a_plain_list_answers_it(fresh: Callable[[], Store], data: list[Act]) -> None:
    """After any acts, each day as known at each moment gives the rows that the naive registry gives."""
    store, naive = fresh(), Naive()
    second = 0
    for act in data:
        second += act[-1]
        run(store, naive, act, moment(1, second))
    for known in [None, *(moment(1, s) for s in range(second + 2))]:
        for day in DAYS:
            found = lookup.facts(store, "work", "w", day, known).statements
            expected = sorted((r.key, r.purpose, r.valid_from) for r in naive.rows if r.holds(day, known))
            assert [(s.statement_id, s.purpose, s.valid_from) for s in found] == expected


@settings(max_examples=15)
@given(data=acts, later=acts)
def test_what_was_known_does_not_change(fresh: Callable[[], Store], data: list[Act], later: list[Act]) -> None:
    """Whatever is recorded afterwards, the answers as known before it stay as they were."""
    store = fresh()
    for place, act in enumerate(data):
        sent(store, act, moment(1, place))
    known = moment(1, len(data) - 1)
    before = [lookup.facts(store, "work", "w", day, known) for day in DAYS]
    for place, act in enumerate(later, start=len(data)):
        sent(store, act, moment(1, place))
    assert [lookup.facts(store, "work", "w", day, known) for day in DAYS] == before

"""Looking up: what the registry knows of one target on one day, as it was known on one day; and finding a target.

A handful of indexed statements, in one transaction: the patterns that match a URL, the chain of what the target belongs
to, then the holders, statements, offers, mandates and reciprocal agreements of everything in that chain.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence, Sized
from functools import cache, lru_cache
from typing import Any, NamedTuple, TypeVar

from partita import ids
from partita.errors import InputError
from partita.registry import schema, urls
from partita.registry.facts import Facts, Held, Mandate, Offer, Reciprocal, Said
from partita.registry.store import Run, Store

STEPS_MOST = 8
"""Links that are followed from a target."""

ROWS_MOST = 10_000
"""Rows of one kind that bear on one target; a target with more is not decided on but refused."""

_LINKED = frozenset({"url", "content", "recording"})
_ATTACHED: dict[str, tuple[str, ...]] = {
    "links": ("parent_kind", "parent"),
    "holdings": Held._fields,
    "statements": Said._fields,
    "offers": Offer._fields,
}
"""What is read of the tables whose rows are attached to a target."""

_Some = TypeVar("_Some", bound=Sized)

_READERS: dict[str, tuple[str, Callable[[str], str | None]]] = {
    "content": ("ISCC", ids.iscc),
    "recording": ("ISRC", ids.isrc),
    "work": ("work's number", str.strip),
}

Thing = tuple[str, str]
"""A kind (`url`, `content`, `recording`, `work`, `party`, `repertoire`) and what it is."""


class When(NamedTuple):
    """The two times of a question, as values of a statement; and whether it asks what was known at a moment."""

    values: tuple[str, ...]
    known: bool


def when(at: dt.date, known: dt.datetime | None) -> When:
    """The day `at`, as known at the moment `known` (null: as known now)."""
    day = (at.date() if isinstance(at, dt.datetime) else at).isoformat()
    return When((day, day) if known is None else (day, day, *[instant(known)] * 2), known is not None)


def instant(moment: dt.datetime) -> str:
    """A moment as the registry writes it: UTC, whole seconds. A moment without a zone is UTC already."""
    plain = moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment
    return plain.isoformat(sep=" ", timespec="seconds")


@cache
def live(*, known: bool) -> str:
    """The condition under which a row of a table `t` counts; its values are `When.values`."""
    valid = "t.valid_from <= ? AND (t.valid_to IS NULL OR t.valid_to > ?)"
    if not known:
        return f"{valid} AND t.retired_at IS NULL"
    return f"{valid} AND t.recorded_at <= ? AND (t.retired_at IS NULL OR t.retired_at > ?)"


def facts(store: Store, target_kind: str, target: str, at: dt.date, known: dt.datetime | None = None) -> Facts:
    """All that bears on the target on the day `at`, as known at `known` (null: as known now).

    The target is brought into its canonical form; it need not be in the registry. Reciprocal agreements are those of
    the holders' societies with whoever says or offers something. Raises InputError for what is no identifier.
    """
    thing = (target_kind, canonical(target_kind, target))
    asked = when(at, known)
    with store.reading() as run:
        chain = _chain(run, _starts(run, thing, asked), asked)
        works = [t for t in chain if t[0] in {"work", "recording"}]
        holdings = [Held._make(row) for row in _targeted(run, "holdings", works, asked)]
        holders = {h.party_id for h in holdings}
        own = {h.society for h in holdings} - {""}
        around = [*chain, *(("party", p) for p in sorted(holders)), *(("repertoire", s) for s in sorted(own))]
        things = list(dict.fromkeys(around))
        said = [Said._make((*row[:-1], _day(row[-1]))) for row in _targeted(run, "statements", things, asked)]
        offers = [Offer._make(row) for row in _targeted(run, "offers", things, asked)]
        speakers = ({s.party_id for s in said} | {o.licensor for o in offers}) - {""}
        mandates = _mandates(run, holders, own | speakers, asked)
        reciprocals = _reciprocals(run, own, speakers, asked)
    return Facts(
        *thing,
        tuple(chain),
        tuple(sorted(said, key=lambda s: s.statement_id)),
        tuple(sorted(holdings)),
        mandates,
        reciprocals,
        tuple(sorted(offers)),
    )


def find(store: Store, text: str, at: dt.date, known: dt.datetime | None = None) -> tuple[Thing, ...]:
    """What an identifier names: an http(s) URL, ISCC, ISRC, ISWC or work number; sorted, empty where it names nothing.

    A URL, ISCC or ISRC need not be known to the registry; works are found by their ISWC or number on that day.
    """
    body = text.strip()
    if not _is_text(body):
        return ()
    if "://" in body:
        return (("url", urls.canonical(body)),)
    codes = {"content": ids.iscc(body), "recording": ids.isrc(body)}
    found = {(kind, code) for kind, code in codes.items() if code}
    asked = when(at, known)
    condition = live(known=asked.known)
    with store.reading() as run:
        for name in ("work_id", "iswc"):
            rows = run(f"SELECT DISTINCT t.work_id FROM works AS t WHERE t.{name} = ? AND {condition}",
                       (body if name == "work_id" else ids.iswc(body) or "", *asked.values))  # fmt: skip
            found |= {("work", row[0]) for row in rows}
    return tuple(sorted(found))


def canonical(kind: str, target: str) -> str:
    """The one spelling of a target of its kind; raises InputError where it is none."""
    if kind == "url":
        return urls.canonical(target)
    if kind not in _READERS:
        mend = "Ask for a url, content, recording or work"
        raise InputError(f"{kind[:40]!r} is no kind of thing that can be asked about", mend=mend)
    name, reader = _READERS[kind]
    found = reader(target)
    if not found or not _is_text(found):
        raise InputError(f"{target[:80]!r} is no {name}", mend="Correct it")
    return found


def _is_text(text: str) -> bool:
    """Whether a database can hold it: no NUL, and nothing that is no character."""
    return "\0" not in text and text == text.encode("utf-8", "ignore").decode()


def _starts(run: Run, thing: Thing, asked: When) -> list[Thing]:
    """Where the chain begins: the thing itself, or the patterns that match a URL."""
    if thing[0] != "url":
        return [thing]
    keys = urls.url_keys(thing[1])
    rows = _bounded(run(_by_keys(len(keys), asked.known), (*keys, *asked.values) * 3))
    return sorted(("url", pattern) for (pattern,) in rows if urls.matches(pattern, thing[1]))


def _chain(run: Run, starts: list[Thing], asked: When) -> list[Thing]:
    """The things where it starts, then what they belong to, nearest first; a circle ends where it began."""
    chain = dict.fromkeys(starts)
    last = starts
    for _ in range(STEPS_MOST):
        linked = [thing for thing in last if thing[0] in _LINKED]
        last = sorted(set(_targeted(run, "links", linked, asked)) - chain.keys())
        if not last:
            break
        chain |= dict.fromkeys(last)
        _bounded(chain)
    return list(chain)


def _targeted(run: Run, table: str, things: Sequence[Thing], asked: When) -> list[tuple[Any, ...]]:
    """Rows of a table that are attached to any of the things."""
    if not things:
        return []
    values = [value for thing in things for value in thing]
    return _bounded(run(_by_target(table, len(things), asked.known), (*values, *asked.values)))


def _mandates(run: Run, holders: set[str], societies: set[str], asked: When) -> tuple[Mandate, ...]:
    """What the holders gave to anybody, and what the societies hold from every member by their statutes."""
    if not holders:
        return ()
    values = (*sorted(holders), *asked.values, *sorted(societies), *asked.values)
    rows = _bounded(run(_by_giver(len(holders), len(societies), asked.known), values))
    return tuple(sorted({Mandate._make(row) for row in rows}, key=lambda m: (m.society, m.party_id, m.right, *m)))


def _reciprocals(run: Run, grantors: set[str], grantees: set[str], asked: When) -> tuple[Reciprocal, ...]:
    if not grantors or not grantees:
        return ()
    values = (*sorted(grantors), *sorted(grantees), *asked.values)
    rows = _bounded(run(_by_grant(len(grantors), len(grantees), asked.known), values))
    return tuple(sorted(map(Reciprocal._make, rows)))


def _bounded(rows: _Some) -> _Some:
    if len(rows) > ROWS_MOST:
        mend = "Merge what says the same, e.g. one pattern for a whole folder"
        raise InputError(f"more than {ROWS_MOST:,} rows bear on this one target", mend=mend)
    return rows


def _day(value: str | dt.date) -> dt.date:
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


@lru_cache(256)
def _by_keys(count: int, known: bool) -> str:
    one = f"SELECT t.target FROM {{}} AS t WHERE t.url_key IN ({_signs(count)}) AND {live(known=known)}"
    return f"{' UNION '.join(one.format(table) for table in schema.WITH_URLS)} LIMIT {ROWS_MOST + 1}"


@lru_cache(256)
def _by_target(table: str, count: int, known: bool) -> str:
    pairs = ", ".join(["(CAST(? AS TEXT), CAST(? AS TEXT))"] * count)
    columns = ", ".join(f"t.{name}" for name in _ATTACHED[table])
    return (
        f"WITH asked (kind, id) AS (VALUES {pairs}) SELECT {columns} FROM asked "
        f"JOIN {table} AS t ON t.target_kind = asked.kind AND t.target = asked.id "
        f"WHERE {live(known=known)} LIMIT {ROWS_MOST + 1}"
    )


@lru_cache(256)
def _by_giver(holders: int, societies: int, known: bool) -> str:
    columns = ", ".join(f't."{name}"' for name in Mandate._fields)
    return (
        f"SELECT {columns} FROM mandates AS t WHERE t.party_id IN ({_signs(holders)}) AND {live(known=known)} "
        f"UNION ALL SELECT {columns} FROM mandates AS t "
        f"WHERE t.party_id = '' AND t.society IN ({_signs(societies)}) AND {live(known=known)} LIMIT {ROWS_MOST + 1}"
    )


@lru_cache(256)
def _by_grant(grantors: int, grantees: int, known: bool) -> str:
    columns = ", ".join(f't."{name}"' for name in Reciprocal._fields)
    return (
        f"SELECT {columns} FROM reciprocals AS t WHERE t.grantor IN ({_signs(grantors)}) "
        f"AND t.grantee IN ({_signs(grantees)}) AND {live(known=known)} LIMIT {ROWS_MOST + 1}"
    )


def _signs(count: int) -> str:
    return ", ".join("?" * count) or "NULL"

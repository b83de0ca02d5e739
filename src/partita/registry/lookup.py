"""Looking up: what the registry knows of one target on one day, as it was known on one day; and finding a target.

A handful of indexed statements, in one transaction: the patterns that match a URL, the chain of what the target belongs
to, then the holders, statements, offers, mandates and reciprocal agreements of everything in that chain.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence, Sized
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from partita import ids
from partita.errors import InputError
from partita.registry import urls
from partita.registry.facts import Facts, Held, Mandate, Offer, Reciprocal, Said
from partita.registry.store import Run, Store

STEPS_MOST = 8
"""Links that are followed from a target."""

ROWS_MOST = 10_000
"""Rows of one kind that bear on one target; a target with more is not decided on but refused."""

_SAID = ", ".join(f"t.{name}" for name in Said._fields)
_OFFER = ", ".join(f"t.{name}" for name in Offer._fields)
_HELD = ", ".join(f"t.{name}" for name in Held._fields)
_MANDATE = ", ".join(f't."{name}"' for name in Mandate._fields)
_RECIPROCAL = ", ".join(f't."{name}"' for name in Reciprocal._fields)

_Some = TypeVar("_Some", bound=Sized)

_READERS: dict[str, tuple[str, Callable[[str], str | None]]] = {
    "content": ("ISCC", ids.iscc),
    "recording": ("ISRC", ids.isrc),
    "work": ("work's number", str.strip),
}

Thing = tuple[str, str]
"""A kind (`url`, `content`, `recording`, `work`, `party`, `repertoire`) and what it is."""


@dataclass(frozen=True, slots=True)
class When:
    """The two times of a question: the day that it speaks of, and the moment whose knowledge counts (null: all)."""

    at: dt.date
    known: dt.datetime | None

    @property
    def values(self) -> tuple[str, ...]:
        """The values of `live`."""
        day = self.at.isoformat()
        return (day, day) if self.known is None else (day, day, *[instant(self.known)] * 2)


def instant(moment: dt.datetime) -> str:
    """A moment as the registry writes it: UTC, whole seconds. A moment without a zone is UTC already."""
    plain = moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment
    return plain.isoformat(sep=" ", timespec="seconds")


@cache
def live(*, known: bool, name: str = "t") -> str:
    """The condition under which a row of a table counts; its values are `When.values`."""
    valid = f"{name}.valid_from <= ? AND ({name}.valid_to IS NULL OR {name}.valid_to > ?)"
    if not known:
        return f"{valid} AND {name}.retired_at IS NULL"
    return f"{valid} AND {name}.recorded_at <= ? AND ({name}.retired_at IS NULL OR {name}.retired_at > ?)"


def facts(store: Store, target_kind: str, target: str, at: dt.date, known: dt.datetime | None = None) -> Facts:
    """All that bears on the target on the day `at`, as known at `known` (null: as known now).

    The target is brought into its canonical form; it need not be in the registry. Reciprocal agreements are those of
    the holders' societies with whoever says or offers something. Raises InputError for what is no identifier.
    """
    thing = (target_kind, canonical(target_kind, target))
    when = When(at, known)
    with store.reading() as run:
        chain = _chain(run, _starts(run, thing, when), when)
        works = [t for t in chain if t[0] in {"work", "recording"}]
        holdings = [Held(*row) for row in _targeted(run, "holdings", _HELD, works, when)]
        holders = {h.party_id for h in holdings}
        own = {h.society for h in holdings} - {""}
        around = [*chain, *(("party", p) for p in sorted(holders)), *(("repertoire", s) for s in sorted(own))]
        things = list(dict.fromkeys(around))
        said = [Said._make((*row[:-1], _day(row[-1]))) for row in _targeted(run, "statements", _SAID, things, when)]
        offers = [Offer(*row) for row in _targeted(run, "offers", _OFFER, things, when)]
        speakers = ({s.party_id for s in said} | {o.licensor for o in offers}) - {""}
        mandates = _mandates(run, holders, own | speakers, when)
        reciprocals = _reciprocals(run, own, speakers, when)
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
    if "://" in body:
        return (("url", urls.canonical(body)),)
    codes = {"content": ids.iscc(body), "recording": ids.isrc(body)}
    found = {(kind, code) for kind, code in codes.items() if code}
    when = When(at, known)
    condition = live(known=known is not None)
    with store.reading() as run:
        for name in ("work_id", "iswc"):
            rows = run(f"SELECT DISTINCT t.work_id FROM works AS t WHERE t.{name} = ? AND {condition}",
                       (body if name == "work_id" else ids.iswc(body) or "", *when.values))  # fmt: skip
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
    if not found:
        raise InputError(f"{target[:80]!r} is no {name}", mend="Correct it")
    return found


def _starts(run: Run, thing: Thing, when: When) -> list[Thing]:
    """Where the chain begins: the thing itself, or the patterns that match a URL."""
    if thing[0] != "url":
        return [thing]
    keys = urls.url_keys(thing[1])
    condition = live(known=when.known is not None)
    one = f"SELECT t.target FROM {{}} AS t WHERE t.url_key IN ({_signs(len(keys))}) AND {condition}"
    statement = " UNION ".join(one.format(table) for table in ("statements", "links", "offers"))
    rows = _bounded(run(f"{statement} LIMIT {ROWS_MOST + 1}", (*keys, *when.values) * 3))
    return sorted(("url", pattern) for (pattern,) in rows if urls.matches(pattern, thing[1]))


def _chain(run: Run, starts: list[Thing], when: When) -> list[Thing]:
    """The things where it starts, then what they belong to, nearest first; a circle ends where it began."""
    chain = dict.fromkeys(starts)
    last: Sequence[Thing] = starts
    for _ in range(STEPS_MOST):
        rows = _targeted(run, "links", "t.parent_kind, t.parent", [t for t in last if t[0] in _LINKED], when)
        last = sorted({(kind, parent) for kind, parent in rows} - chain.keys())
        if not last:
            break
        chain |= dict.fromkeys(last)
        _bounded(chain)
    return list(chain)


_LINKED = frozenset({"url", "content", "recording"})


def _targeted(run: Run, table: str, columns: str, things: Sequence[Thing], when: When) -> list[tuple[Any, ...]]:
    """Rows of a table that are attached to any of the things."""
    if not things:
        return []
    pairs = ", ".join(["(CAST(? AS TEXT), CAST(? AS TEXT))"] * len(things))
    statement = (
        f"WITH asked (kind, id) AS (VALUES {pairs}) SELECT {columns} FROM asked "
        f"JOIN {table} AS t ON t.target_kind = asked.kind AND t.target = asked.id "
        f"WHERE {live(known=when.known is not None)} LIMIT {ROWS_MOST + 1}"
    )
    return _bounded(run(statement, [*(v for thing in things for v in thing), *when.values]))


def _mandates(run: Run, holders: set[str], societies: set[str], when: When) -> tuple[Mandate, ...]:
    """What the holders gave to anybody, and what the societies hold from every member by their statutes."""
    if not holders:
        return ()
    condition = live(known=when.known is not None)
    own = f"SELECT {_MANDATE} FROM mandates AS t WHERE t.party_id IN ({_signs(len(holders))}) AND {condition}"
    values: list[object] = [*sorted(holders), *when.values]
    if societies:
        own += (
            f" UNION ALL SELECT {_MANDATE} FROM mandates AS t "
            f"WHERE t.party_id = '' AND t.society IN ({_signs(len(societies))}) AND {condition}"
        )
        values += [*sorted(societies), *when.values]
    rows = _bounded(run(f"{own} LIMIT {ROWS_MOST + 1}", values))
    order = sorted({Mandate(*row) for row in rows}, key=lambda m: (m.society, m.party_id, m.right, *m))
    return tuple(order)


def _reciprocals(run: Run, grantors: set[str], grantees: set[str], when: When) -> tuple[Reciprocal, ...]:
    if not grantors or not grantees:
        return ()
    statement = (
        f"SELECT {_RECIPROCAL} FROM reciprocals AS t WHERE t.grantor IN ({_signs(len(grantors))}) "
        f"AND t.grantee IN ({_signs(len(grantees))}) AND {live(known=when.known is not None)} LIMIT {ROWS_MOST + 1}"
    )
    rows = run(statement, [*sorted(grantors), *sorted(grantees), *when.values])
    return tuple(sorted(Reciprocal(*row) for row in _bounded(rows)))


def _bounded(rows: _Some) -> _Some:
    if len(rows) > ROWS_MOST:
        mend = "Merge what says the same, e.g. one pattern for a whole folder"
        raise InputError(f"more than {ROWS_MOST:,} rows bear on this one target", mend=mend)
    return rows


def _signs(count: int) -> str:
    return ", ".join("?" * count)


def _day(value: str | dt.date) -> dt.date:
    return dt.date.fromisoformat(value) if isinstance(value, str) else value

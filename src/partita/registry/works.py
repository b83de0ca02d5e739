"""One id a work: registrations of the same work by several societies brought together, and their shares with them.

Conservative: two registrations are one work where both bear the same valid ISWC, or where two societies have the same title
and the same writers and nothing contradicts it. Everything else stays apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from partita import ids, money, tables
from partita.text import fold_all

SCALED_PPM = 600
"""A work whose shares miss the whole by no more than this is scaled to it: rounding of two decimals by up to a dozen parties."""


@dataclass(frozen=True, slots=True)
class Merged:
    """REPERTOIRE with one row a work, SHARES under the works' ids, REGISTRATIONS, and PROBLEMS."""

    repertoire: pa.Table
    shares: pa.Table
    registrations: pa.Table
    problems: pa.Table


@dataclass(slots=True)
class _Registration:
    """One society's entry of a work."""

    society: str
    number: str
    title: str
    alt_titles: list[str]
    writers: list[str]
    performers: list[str]
    iswc: str | None
    isrc: list[str]
    language: str | None
    title_key: str
    writers_key: tuple[str, ...]
    qualified: str = ""


def merge(repertoire: pa.Table, shares: pa.Table) -> Merged:
    """The works of REPERTOIRE (of all societies) and their SHARES under one id a work; the order of rows does not matter.

    The id is the smallest number that the work is registered under; where two works have the same number it becomes
    `SOCIETY:NUMBER`. Shares within `SCALED_PPM` of the whole are scaled to it by largest remainder.
    """
    registered = _registrations(repertoire)
    groups = _groups(registered)
    notes = _Notes()
    _qualify(registered, groups, notes)
    works = sorted((_Work(sorted((registered[i] for i in group), key=_order)) for group in groups), key=lambda w: w.work_id)
    whole = pa.Table.from_pylist([work.row() for work in works], schema=tables.REPERTOIRE.schema)
    listed = sorted({(r.society, r.number, work.work_id) for work in works for r in work.registrations})
    columns = [[row[i] for row in listed] for i in range(3)]
    registrations = pa.table([pa.array(c, pa.string()) for c in columns], schema=tables.REGISTRATIONS.schema)
    followed = _follow(tables.conform(shares, tables.SHARES), works, notes)
    return Merged(whole, followed, registrations, notes.table())


def _registrations(repertoire: pa.Table) -> list[_Registration]:
    """The rows in an order that does not depend on theirs, with their keys."""
    rows = tables.conform(repertoire, tables.REPERTOIRE)
    titles = fold_all(rows.column("title").to_pylist())
    writers = rows.column("writers").to_pylist()
    distinct = sorted({name for names in writers for name in names})
    folded = dict(zip(distinct, fold_all(distinct), strict=True))
    made = [
        _Registration(society, number, title, alts, names, performers, iswc and ids.iswc(iswc), isrc, language, key,
                      tuple(sorted({folded[n] for n in names})))
        for (number, title, alts, names, performers, iswc, isrc, language, society), key in zip(
            zip(*(rows.column(c.name).to_pylist() for c in tables.REPERTOIRE.columns), strict=True), titles, strict=True)
    ]  # fmt: skip
    return sorted(made, key=_order)


def _order(one: _Registration) -> tuple[str, ...]:
    lists = ("\x1f".join(part) for part in (one.alt_titles, one.writers, one.performers, one.isrc))
    return (one.qualified, one.number, one.society, one.title, *lists, one.iswc or "", one.language or "")


class _Union:
    """Sets that grow together; the smallest member stands for each."""

    def __init__(self, size: int) -> None:
        self._over = list(range(size))

    def root(self, one: int) -> int:
        while self._over[one] != one:
            self._over[one] = self._over[self._over[one]]
            one = self._over[one]
        return one

    def join(self, members: Sequence[int]) -> None:
        roots = sorted({self.root(m) for m in members})
        for root in roots[1:]:
            self._over[root] = roots[0]


def _groups(registered: Sequence[_Registration]) -> list[list[int]]:
    """Places of the registrations, work by work."""
    union = _Union(len(registered))
    same: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, one in enumerate(registered):
        same["number", one.society, one.number, one.title_key].append(place)
        if one.iswc:
            same["iswc", one.iswc].append(place)
    for members in same.values():
        union.join(members)
    _join_alike(registered, union)
    found: dict[int, list[int]] = defaultdict(list)
    for place in range(len(registered)):
        found[union.root(place)].append(place)
    return list(found.values())


def _join_alike(registered: Sequence[_Registration], union: _Union) -> None:
    """Joins registrations of different societies with one title and the same writers, where only one reading is possible."""
    alike: dict[tuple[str, tuple[str, ...]], list[int]] = defaultdict(list)
    codes: dict[int, set[str]] = defaultdict(set)
    for place, one in enumerate(registered):
        if one.writers_key and one.title_key:
            alike[one.title_key, one.writers_key].append(place)
        if one.iswc:
            codes[union.root(place)].add(one.iswc)
    for members in alike.values():
        roots = {union.root(m) for m in members}
        by_society: dict[str, set[int]] = defaultdict(set)
        for member in members:
            by_society[registered[member].society].add(union.root(member))
        known = set().union(*(codes[root] for root in roots))
        if len(roots) > 1 and len(known) < 2 and all(len(found) == 1 for found in by_society.values()):
            union.join(members)
            codes[union.root(members[0])] = known


def _qualify(registered: Sequence[_Registration], groups: Iterable[list[int]], notes: _Notes) -> None:
    """Gives each registration a number that belongs to one work alone."""
    users: dict[str, set[int]] = defaultdict(set)
    for work, group in enumerate(groups):
        for place in group:
            users[registered[place].number].add(work)
    shared = {number for number, works in users.items() if len(works) > 1}
    taken: dict[str, int] = {}
    for work, group in enumerate(groups):
        for place in group:
            one = registered[place]
            prefix = f"{one.society}:" if one.number in shared and one.society else ""
            name, rank = prefix + one.number, 2
            while taken.setdefault(name, work) != work or (not prefix and name in shared and one.society):
                name, rank = f"{prefix}{one.number}#{rank}", rank + 1
            one.qualified = name
    for number in sorted(shared):
        notes.add("works.number_shared", number)


@dataclass(frozen=True, slots=True)
class _Work:
    """The registrations of one work, the one with the smallest number first."""

    registrations: list[_Registration]

    @property
    def work_id(self) -> str:
        return self.registrations[0].qualified

    def row(self) -> dict[str, object]:
        """One row of REPERTOIRE."""
        first, *others = self.registrations
        if not others:
            return {"work_id": self.work_id, "title": first.title, "alt_titles": first.alt_titles, "writers": first.writers,
                    "performers": first.performers, "iswc": first.iswc, "isrc": first.isrc, "language": first.language,
                    "society": first.society}  # fmt: skip
        titles = {t for r in self.registrations for t in (r.title, *r.alt_titles)} - {first.title}
        societies = {r.society for r in self.registrations}
        return {
            "work_id": self.work_id, "title": first.title, "alt_titles": sorted(titles),
            "writers": sorted({n for r in self.registrations for n in r.writers}),
            "performers": sorted({n for r in self.registrations for n in r.performers}),
            "iswc": min((r.iswc for r in self.registrations if r.iswc), default=None),
            "isrc": sorted({c for r in self.registrations for c in r.isrc}),
            "language": min((r.language for r in self.registrations if r.language), default=None),
            "society": societies.pop() if len(societies) == 1 else "",
        }  # fmt: skip


class _Notes:
    """Problems found while merging: they name no file."""

    _TEXTS = {
        "works.number_shared": ("note", "several works have this number; it was prefixed with the society",
                                "Nothing needs mending; write SOCIETY:NUMBER in shares files"),
        "works.share_unclear": ("quarantined", "the share names a number that several works have",
                                "Write the number as SOCIETY:NUMBER"),
        "works.share_without_work": ("warning", "the share names a work that no repertoire lists; no line can match it",
                                     "Correct the work number, or add the work to a repertoire"),
        "works.shares_differ": ("warning", "registrations state different shares for one party; the smallest is paid, the rest waits",
                                "Have the societies agree on the share"),
        "works.scaled": ("note", "the shares nearly sum to the whole and were scaled to it by largest remainder",
                         "Nothing needs mending; exact fractions avoid it"),
    }  # fmt: skip

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str], None] = {}

    def add(self, code: str, value: str, detail: str = "") -> None:
        """Remarks on one work; the same remark counts once."""
        self._found[code, value[:80], detail] = None

    def table(self) -> pa.Table:
        """PROBLEMS, sorted by code and value."""
        made = []
        for code, value, detail in sorted(self._found):
            severity, reason, mend = self._TEXTS[code]
            said = f"{reason}: {detail}" if detail else reason
            made.append({"file": "", "line": 0, "code": code, "severity": severity, "column": "work_id", "value": value,
                         "reason": said, "mend": mend, "list": "", "plays": 0})  # fmt: skip
        return pa.Table.from_pylist(made, schema=tables.PROBLEMS.schema)


Key = tuple[str, str, str, str]
"""work_id, society, party_id, role: the key of SHARES."""


def _follow(shares: pa.Table, works: Sequence[_Work], notes: _Notes) -> pa.Table:
    """The shares under the works' ids: once a party, role and society; near-wholes scaled."""
    find = _Finder(works, notes)
    stated: dict[Key, set[int]] = defaultdict(set)
    names: dict[Key, str] = {}
    order = ("work_id", "society", "party_id", "role", "party_name", "share_ppm")
    for number, society, party, role, name, ppm in zip(*(shares.column(c).to_pylist() for c in order), strict=True):
        work = find.work(society, number)
        if work is not None:
            key = (work, society, party, role)
            stated[key].add(ppm)
            names[key] = min(name, names.get(key, name))
    chosen = {key: _chosen(key, values, notes) for key, values in stated.items()}
    _scale(chosen, notes)
    keys = sorted(chosen)
    columns = {c: pa.array([key[i] for key in keys], pa.string()) for i, c in enumerate(order[:4])}
    columns["party_name"] = pa.array([names[key] for key in keys], pa.string())
    columns["share_ppm"] = pa.array([chosen[key] for key in keys], pa.int64())
    return tables.conform(pa.table(columns), tables.SHARES)


class _Finder:
    """Which work a number in a shares file means."""

    def __init__(self, works: Sequence[_Work], notes: _Notes) -> None:
        self._exact: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._any: dict[str, set[str]] = defaultdict(set)
        self._notes = notes
        for work in works:
            for one in work.registrations:
                self._exact[one.society, one.number].add(work.work_id)
                self._any[one.number].add(work.work_id)
                self._any[one.qualified].add(work.work_id)
                if one.society:
                    self._any[f"{one.society}:{one.number}"].add(work.work_id)

    def work(self, society: str, number: str) -> str | None:
        """The work's id: by the society's own number, else by the number alone; None where several works have it."""
        found = self._exact.get((society, number)) or self._any.get(number) or {number}
        if len(found) > 1:
            self._notes.add("works.share_unclear", number)
            return None
        if number not in self._any:
            self._notes.add("works.share_without_work", number)
        return next(iter(found))


def _chosen(key: Key, values: set[int], notes: _Notes) -> int:
    """One share of what several registrations state for one party: the smallest stated, unless they differ by rounding."""
    stated = sorted(v for v in values if v) or [0]
    if stated[-1] - stated[0] <= SCALED_PPM:
        return stated[-1]
    notes.add("works.shares_differ", key[0], f"{key[2]} as {key[3]}: {', '.join(f'{v:,}' for v in stated)} ppm")
    return stated[0]


def _scale(chosen: dict[Key, int], notes: _Notes) -> None:
    by_work: dict[str, list[Key]] = defaultdict(list)
    for key in chosen:
        by_work[key[0]].append(key)
    for work, keys in by_work.items():
        total = sum(chosen[key] for key in keys)
        if total != money.PPM and abs(total - money.PPM) <= SCALED_PPM:
            ordered = sorted(keys)
            parts = money.split_v1(money.PPM, [chosen[key] for key in ordered])
            chosen.update(zip(ordered, parts, strict=True))
            notes.add("works.scaled", work, f"{total:,} ppm")


def count(registrations: pa.Table) -> dict[str, int]:
    """Works registered by each society, from REGISTRATIONS."""
    pairs = registrations.group_by(["society"]).aggregate([("work_id", "count_distinct")]).sort_by("society")
    return dict(zip(pairs.column("society").to_pylist(), pc.cast(pairs.column("work_id_count_distinct"), pa.int64()).to_pylist(), strict=True))

"""Which registrations are one work, and the one number that each work goes by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from partita import ids, tables
from partita.registry.notes import Notes
from partita.text import fold_all


@dataclass(slots=True)
class Registration:
    """One society's entry of a work; `qualified` is its number, made unlike every other work's."""

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

    def order(self) -> tuple[str, ...]:
        """A total order of registrations that differ in anything."""
        lists = ("\x1f".join(part) for part in (self.alt_titles, self.writers, self.performers, self.isrc))
        return (self.qualified, self.number, self.society, self.title, *lists, self.iswc or "", self.language or "")


@dataclass(frozen=True, slots=True)
class Work:
    """The registrations of one work, the one with the smallest number first."""

    registrations: list[Registration]

    @property
    def work_id(self) -> str:
        """The smallest number that the work is registered under."""
        return self.registrations[0].qualified

    def row(self) -> dict[str, Any]:
        """One row of REPERTOIRE: the first registration's title, everybody's other titles, names and codes, sorted."""
        first, every = self.registrations[0], self.registrations
        societies = {r.society for r in every}
        return {
            "work_id": self.work_id,
            "title": first.title,
            "alt_titles": sorted({t for r in every for t in (r.title, *r.alt_titles)} - {first.title}),
            "writers": sorted({n for r in every for n in r.writers}),
            "performers": sorted({n for r in every for n in r.performers}),
            "iswc": min((r.iswc for r in every if r.iswc), default=None),
            "isrc": sorted({c for r in every for c in r.isrc}),
            "language": min((r.language for r in every if r.language), default=None),
            "society": societies.pop() if len(societies) == 1 else "",
        }


def works(repertoire: pa.Table, notes: Notes) -> list[Work]:
    """The works of these rows of REPERTOIRE, whatever their order, sorted by number."""
    registered = _read(repertoire)
    groups = _groups(registered)
    _qualify(registered, groups, notes)
    made = (Work(sorted((registered[i] for i in group), key=Registration.order)) for group in groups)
    return sorted(made, key=lambda w: w.work_id)


def _read(repertoire: pa.Table) -> list[Registration]:
    columns = [repertoire.column(c.name).to_pylist() for c in tables.REPERTOIRE.columns]
    title_keys = fold_all(columns[1])
    distinct = sorted({name for names in columns[3] for name in names})
    folded = dict(zip(distinct, fold_all(distinct), strict=True))
    made = []
    for number, title, alts, writers, performers, iswc, isrc, language, society, title_key in zip(
        *columns, title_keys, strict=True
    ):
        code = ids.iswc(iswc) if iswc else None
        key = tuple(sorted({folded[n] for n in writers}))
        made.append(
            Registration(society, number, title, alts, writers, performers, code, isrc, language, title_key, key)
        )
    return sorted(made, key=Registration.order)


class _Union:
    """Sets of places that grow together; the smallest stands for each."""

    def __init__(self, size: int) -> None:
        self._over = list(range(size))

    def root(self, one: int) -> int:
        while self._over[one] != one:
            self._over[one] = self._over[self._over[one]]
            one = self._over[one]
        return one

    def join(self, members: Iterable[int]) -> None:
        first, *others = sorted({self.root(m) for m in members})
        for other in others:
            self._over[other] = first


def _groups(registered: Sequence[Registration]) -> list[list[int]]:
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


def _join_alike(registered: Sequence[Registration], union: _Union) -> None:
    """Joins registrations of different societies with one title and the same writers, where nothing speaks against it.

    Two ISWCs among them, or two works of one society, leave open which belong together: then nothing is joined.
    """
    alike: dict[tuple[str, tuple[str, ...]], list[int]] = defaultdict(list)
    codes: dict[int, set[str]] = defaultdict(set)
    for place, one in enumerate(registered):
        if one.writers_key and one.title_key:
            alike[one.title_key, one.writers_key].append(place)
        if one.iswc:
            codes[union.root(place)].add(one.iswc)
    for members in alike.values():
        roots = {union.root(m) for m in members}
        of_society: dict[str, set[int]] = defaultdict(set)
        for member in members:
            of_society[registered[member].society].add(union.root(member))
        known = set[str]().union(*(codes[root] for root in roots))
        if len(roots) > 1 and len(known) < 2 and all(len(found) == 1 for found in of_society.values()):
            union.join(members)
            codes[union.root(members[0])] = known


def _qualify(registered: Sequence[Registration], groups: Sequence[list[int]], notes: Notes) -> None:
    """Gives each registration a number that belongs to one work alone: `SOCIETY:NUMBER` where two works share it."""
    users: dict[str, set[int]] = defaultdict(set)
    for work, group in enumerate(groups):
        for place in group:
            users[registered[place].number].add(work)
    shared = {number for number, found in users.items() if len(found) > 1}
    taken = {number: min(found) for number, found in users.items() if number not in shared}
    for work, group in enumerate(groups):
        for place in group:
            one = registered[place]
            plain = f"{one.society}:{one.number}" if one.number in shared and one.society else one.number
            name, rank = plain, 1
            while taken.setdefault(name, work) != work:
                rank += 1
                name = f"{plain}#{rank}"
            one.qualified = name
    for number in sorted(shared):
        societies = sorted({registered[p].society for w in users[number] for p in groups[w]})
        notes.add("works.number_shared", number, ", ".join(s or "no society" for s in societies[:10]))

"""Whole tables of uses answered at once: the same answers as `decide`, by the compiled rules of `kernel`.

Uses of one moment (day asked and day known) are answered together, so that what hundreds of thousands of statements on
one repertoire say then is reduced once.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from partita import ids, tables
from partita.clear import kernel, patterns, rows, table
from partita.clear.kernel import NONE
from partita.clear.numbers import NEVER, PLACE, Systems, among, each, whole
from partita.clear.prepared import Prepared, prepare
from partita.clear.reading import TARGETS
from partita.clear.reasons import LANGUAGES, NUMBER
from partita.clear.rows import Bench, Book, Ints, Longs, Masks, Rows
from partita.registry.facts import LEVELS
from partita.scope import LEAVES, PURPOSES
from partita.tables.rights import USES

_LEAST = 1 << 13
"""Uses that are worth a thread of their own."""


class _Targets(NamedTuple):
    """Of each use its first things, `things[starts[i]:starts[i + 1]]`, and its target's one spelling (empty: none)."""

    starts: Longs
    things: Ints
    spelt: pa.Array


def decide_all(
    uses: pa.Table,
    registry: Mapping[str, pa.Table] | Prepared,
    language: str = "en",
    *,
    threads: int | None = None,
) -> pa.Table:
    """ANSWERS for USES, sorted by their ids, whatever the order of rows; `registry` is a snapshot, or one prepared.

    `threads`: None for as many as there are cores. Raises ValueError for tables that break their schema, for a snapshot
    that lacks a table, and for a language without reasons.
    """
    if language not in LANGUAGES:
        raise ValueError(f"no reasons in {language}; there are {', '.join(LANGUAGES)}")
    prepared = registry if isinstance(registry, Prepared) else prepare(registry)
    uses = _sorted(tables.conform(uses, USES))
    targets = _targets(uses, prepared)
    systems = Systems(prepared.systems)
    system = each(uses.column("system"), systems.of)
    place = each(uses.column("territory"), lambda name: PLACE.get(name, NONE))
    leaves = each(uses.column("purpose"), lambda name: PURPOSES.get(name, 0))
    odd = _odd(uses, leaves, place, system, targets.spelt)
    asked, starts, order = _asked(uses, targets, (leaves, system, place), odd < 0)
    answered, listed, counts = _answers(prepared.book._replace(systems=systems.rows()), asked, starts, threads)
    found = table.back(answered, listed, counts, order, odd)
    return table.answers(prepared, uses, targets.spelt, language, found)


def _sorted(uses: pa.Table) -> pa.Table:
    """Uses by their ids, those of one id by all else that they say."""
    names = whole(uses.column("use_id"))
    if uses.num_rows < 2 or pc.all(pc.less(names[:-1], names[1:])).as_py():
        return uses
    return uses.sort_by([(name, "ascending") for name in uses.column_names])


def _odd(uses: pa.Table, leaves: Ints, place: Ints, system: Ints, spelt: pa.Array) -> Ints:
    """The code of each use that cannot be read; -1 for the others. The first of these reasons counts."""
    known = np.asarray(pc.is_in(whole(uses.column("target_kind")), value_set=pa.array(TARGETS)))
    wrong = {"purpose_unknown": leaves == 0, "territory_unknown": place < 0, "system_unknown": system < 0,
             "kind_unknown": ~known, "target_unreadable": np.asarray(pc.equal(spelt, ""))}  # fmt: skip
    return np.select(list(wrong.values()), [NUMBER[code] for code in wrong], NONE).astype(np.int32)


def _targets(uses: pa.Table, prepared: Prepared) -> _Targets:
    """Where the chain of each use begins, and its target's one spelling (empty: it cannot be read)."""
    kinds, given = whole(uses.column("target_kind")), whole(uses.column("target"))
    owners, spelt = [np.zeros(0, np.int64)], [pa.array([""])]
    counts = np.zeros(uses.num_rows, np.int64)
    parts = []
    for kind in TARGETS:
        found = np.flatnonzero(np.asarray(pc.equal(kinds, kind)))
        if len(found):
            names = _spelt(kind, given.take(pa.array(found)))
            owners.append(found)
            spelt.append(names)
            things, counts[found] = _things(kind, names, prepared)
            parts.append((np.repeat(found, counts[found]), things))
    owner = np.concatenate([part[0] for part in parts] or [np.zeros(0, np.int64)])
    things = np.concatenate([part[1] for part in parts] or [np.zeros(0, np.int32)])
    things = things[np.argsort(owner, kind="stable")]
    # What is of no kind that can be asked of has the first spelling, which is none.
    place = np.zeros(uses.num_rows, np.int64)
    owned = np.concatenate(owners)
    place[owned] = np.arange(1, len(owned) + 1)
    return _Targets(np.concatenate(([0], np.cumsum(counts))), things, pa.concat_arrays(spelt).take(pa.array(place)))


_PLAIN = r"^[!-~](?s:.*[!-~])?$"
"""A text that begins and ends with a sign that is no blank."""


def _spelt(kind: str, given: pa.Array) -> pa.Array:
    if kind == "recording":
        return pc.fill_null(ids.isrcs(given), "")
    if kind == "work" and pc.all(pc.match_substring_regex(given, _PLAIN)).as_py():
        return given
    one = patterns.canonical if kind == "url" else str.strip if kind == "work" else _iscc
    coded = given.dictionary_encode()
    return pa.array([one(target) for target in coded.dictionary.to_pylist()], pa.string()).take(coded.indices)


def _iscc(target: str) -> str:
    return ids.iscc(target) or ""


def _things(kind: str, names: pa.Array, prepared: Prepared) -> tuple[Ints, Longs]:
    """The first things of targets, all in a row, and how many each has."""
    base = np.int32(prepared.base[kind])
    if kind != "url":
        found = among(pa.chunked_array([names]), prepared.names[kind])
        return found[found >= 0] + base, (found >= 0).astype(np.int64)
    some, ends = prepared.patterns.of_urls(names.to_pylist())
    things: Ints = np.array(some, np.int32) + base
    ended = np.array([0, *ends], np.int64)
    return things, ended[1:] - ended[:-1]


def _asked(uses: pa.Table, targets: _Targets, scope: tuple[Ints, Ints, Ints], good: Masks) -> tuple[Rows, Ints, Longs]:
    """The uses that can be read, those of one moment together; their first things; and their rows."""
    at = np.asarray(whole(uses.column("at")).cast(pa.int32()))
    known = np.asarray(pc.fill_null(whole(uses.column("known")).cast(pa.int64()), NEVER - 1))
    found = np.flatnonzero(good)
    order = found[np.lexsort((known[found], at[found]))]
    changes = (np.diff(at[order]) != 0) | (np.diff(known[order]) != 0)
    counts = np.diff(targets.starts)[order]
    begin = np.concatenate(([0], np.cumsum(counts)))
    taken = np.repeat(targets.starts[order] - begin[:-1], counts) + np.arange(begin[-1])
    made = np.zeros(len(order) + 1, rows.ASKED)
    made["start"], asked = begin, made[:-1]
    asked["kind"] = each(uses.column("target_kind"), lambda name: LEVELS.index(name) if name in LEVELS else NONE)[order]
    asked["leaves"], asked["system"], asked["place"] = (column[order] for column in scope)
    asked["at"], asked["known"] = at[order], known[order]
    asked["moment"] = np.concatenate(([0], np.cumsum(changes)))[: len(order)]
    return made, targets.things[taken], order


def _answers(book: Book, asked: Rows, starts: Ints, threads: int | None) -> tuple[Rows, Longs, Longs]:
    """The answers, places of offers, and how many of these each use has; pieces of uses side by side."""
    count = len(asked) - 1
    answered = np.zeros(count, rows.ANSWERED)
    cores = threads or os.cpu_count() or 1
    size = max(_LEAST, -(-count // cores))

    def work(begin: int) -> tuple[list[Longs], Longs]:
        end = min(begin + size, count)
        return _piece(book, asked[begin : end + 1], starts, answered[begin:end])

    pieces = range(0, count, size)
    if len(pieces) > 1:
        with ThreadPoolExecutor(cores) as pool:
            parts = list(pool.map(work, pieces))
    else:
        parts = [work(begin) for begin in pieces]
    nothing = [np.zeros(0, np.int64)]
    listed = np.concatenate(nothing + [places for part in parts for places in part[0]])
    return answered, listed, np.concatenate(nothing + [part[1] for part in parts])


def _piece(book: Book, asked: Rows, starts: Ints, answered: Rows) -> tuple[list[Longs], Longs]:
    """Writes the answers of some uses; gives places of offers, and how many each use has. Makes room where it lacks."""
    bench, listed = _bench(book), np.empty(1024, np.int64)
    ends, found, done = np.zeros(len(answered), np.int64), [], 0
    while True:
        count, cells, notes, more = kernel.answer(
            book, bench, asked[done:], starts, answered[done:], listed, ends[done:]
        )
        total = int(ends[done + count - 1]) if count else 0
        found.append(listed[:total].copy())
        ends[done : done + count] = np.diff(ends[done : done + count], prepend=0)
        done += count
        if done == len(answered):
            return found, ends
        if cells:
            cell_rows, keys = _cells(2 * cells)
            bench = bench._replace(cells=cell_rows, keys=keys)
        elif notes:
            bench = bench._replace(noted=np.zeros(2 * notes, rows.NOTED_OFFER))
        else:
            listed = np.empty(max(2 * len(listed), 2 * more), np.int64)


def _cells(count: int) -> tuple[Longs, Longs]:
    return np.empty((count, kernel.CELL), np.int64), np.empty((count, 3, len(LEAVES)), np.int64)


def _bench(book: Book) -> Bench:
    """Room to work in, for one thread."""
    things = len(book.things)
    begin = book.things["statements"]
    many = np.flatnonzero(book.things["large"] >= 0)
    sizes = begin[many + 1] - begin[many]
    memo = np.zeros(len(many), rows.MEMO)
    memo["moment"], memo["start"] = NONE, np.cumsum(sizes) - sizes
    return Bench(
        np.zeros(kernel.COUNTS, np.int64), np.zeros(things + 1, np.int64), np.empty(things, np.int32),
        np.empty(things, np.int32),
        *_cells(64), np.zeros(64, rows.NOTED_OFFER), memo,
        np.zeros(int(sizes.sum()), rows.LIVE),
    )  # fmt: skip

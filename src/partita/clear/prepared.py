"""A snapshot of the registry made ready for `decide_all`: everything numbered, sorted and in a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from partita import tables
from partita.clear import kernel, mandates, numbers, rows
from partita.clear.kernel import NONE, OUTSIDER
from partita.clear.numbers import PLACE, Systems, among, each, laid, order_of, starts, whole
from partita.clear.patterns import Patterns
from partita.clear.reading import EVIDENCE, REGISTRY, RESERVATION, YES
from partita.clear.reasons import NUMBER
from partita.clear.rows import Book, Ints, Longs, Masks, Rows
from partita.registry.facts import LEVELS, Offer, Said
from partita.scope import EVERY_LEAF, PURPOSES
from partita.tables import rights

LARGE = 64
"""Statements on one thing above which those that say the same are reduced to one for each moment that is asked of."""

NAMES = ("links", "holdings", "mandates", "reciprocals", "statements", "offers")
_SAID_ORDER = [name for name in Said._fields if name not in {"statement_id", "valid_from"}]


@dataclass(frozen=True, slots=True)
class Prepared:
    """The book of numbers, and what numbers mean: things by kind, systems, patterns, and the rows behind them.

    `names` has the things of each kind in order, `base` the number of the first of them; `thing_names` are all of them.
    `statement_rows` and `offer_rows` give the row of `statements` and `offers` for each place in the book;
    `offer_by_rank` the place of an offer by its order.
    """

    book: Book
    names: dict[str, pa.Array]
    base: dict[str, int]
    thing_names: pa.Array
    systems: Systems
    patterns: Patterns
    statements: pa.Table
    statement_rows: Longs
    offers: pa.Table
    offer_rows: Longs
    offer_by_rank: Longs


def prepare(snapshot: Mapping[str, pa.Table]) -> Prepared:
    """A snapshot (`registry.snapshot.read`: each table of the registry by its name) made ready to be asked often.

    Raises KeyError for a table that is missing, ValueError for one that breaks its schema.
    """
    found = {
        table.name: tables.conform(snapshot[table.name], table) for table in rights.REGISTRY if table.name in NAMES
    }
    missing = [name for name in NAMES if name not in found]
    if missing:
        raise KeyError(f"the snapshot lacks {', '.join(missing)}")
    return _Maker(found).made()


class _Maker:
    """A snapshot while it is numbered."""

    def __init__(self, data: dict[str, pa.Table]) -> None:
        self.data = data
        self.systems = Systems()
        links = data["links"]
        controllers = links.filter(pc.equal(links.column("parent_kind"), "party")).column("parent")
        societies = numbers.names([
            data["holdings"].column("society"), data["mandates"].column("society"),
            data["reciprocals"].column("grantor"), data["reciprocals"].column("grantee"),
        ])  # fmt: skip
        others = numbers.names([data["holdings"].column("party_id"), data["mandates"].column("party_id"), controllers])
        others = others.filter(pc.invert(pc.is_in(others, value_set=societies)))
        self.parties, self.societies = pa.concat_arrays([societies, others]), len(societies)
        self.names, self.base = self._things()
        self.count = sum(map(len, self.names.values()))

    def made(self) -> Prepared:
        """All of it."""
        things = np.zeros(self.count + 1, rows.THING)
        things["kind"][:-1] = np.repeat(np.arange(len(LEVELS)), [len(self.names[level]) for level in LEVELS])
        of_party = slice(self.base["party"], self.base["party"] + len(self.names["party"]))
        things["party"], things["large"] = NONE, NONE
        things["party"][of_party] = among(pa.chunked_array([self.names["party"]]), self.parties)
        links, holdings = self._links(things), self._holdings(things)
        statements, statement_rows = self._statements(things)
        offers, offer_rows = self._offers(things)
        row_of_rank = np.zeros(self.data["statements"].num_rows, np.int32)
        row_of_rank[statements["rank"]] = np.arange(len(statements))
        pair_leaf = np.array([leaf for leaf, _ in mandates.PAIRS], np.int32)
        mandated, agreed = self._mandates(), self._agreements()
        book = Book(things, links, statements, holdings, mandated[1], mandated[0], agreed[1], agreed[0], offers,
                    self.systems.rows(), numbers.covers(), pair_leaf, row_of_rank, self.societies)  # fmt: skip
        by_rank = np.zeros(self.data["offers"].num_rows, np.int64)
        by_rank[offers["rank"]] = np.arange(len(offers))
        return Prepared(
            book, self.names, self.base, pa.concat_arrays(list(self.names.values())), self.systems,
            Patterns.of(self.names["url"].to_pylist()),
            self.data["statements"], statement_rows, self.data["offers"], offer_rows, by_rank,
        )  # fmt: skip

    def _things(self) -> tuple[dict[str, pa.Array], dict[str, int]]:
        """The things of each level by name, in order, and the number of the first of each."""
        pairs = [(self.data[name], "target_kind", "target") for name in ("statements", "offers", "links", "holdings")]
        pairs.append((self.data["links"], "parent_kind", "parent"))
        found, base, at = {}, {}, 0
        for level in LEVELS:
            columns = [table.filter(pc.equal(table.column(kind), level)).column(name) for table, kind, name in pairs]
            found[level], base[level] = numbers.names(columns), at
            at += len(found[level])
        return found, base

    def _of(self, kinds: pa.ChunkedArray, targets: pa.ChunkedArray) -> Ints:
        """The number of each thing; -1 for what hangs on nothing that can be asked of."""
        result = np.full(len(kinds), NONE, np.int32)
        for level in LEVELS:
            found = np.flatnonzero(np.asarray(pc.equal(kinds, level)))
            if len(found):
                place = among(targets.take(pa.array(found)), self.names[level])
                result[found] = np.where(place >= 0, place + self.base[level], NONE)
        return result

    def _named(self, level: str, column: pa.ChunkedArray) -> Ints:
        """The things of one level by name; -1 where nothing hangs on them."""
        place = among(column, self.names[level])
        return np.where(place >= 0, place + self.base[level], NONE).astype(np.int32)

    def _speakers(self, column: pa.ChunkedArray) -> Ints:
        place = among(column, self.parties)
        unnamed = np.asarray(pc.equal(whole(column), ""))
        return np.where(unnamed, NONE, np.where(place >= 0, place, OUTSIDER)).astype(np.int32)

    def _links(self, things: Rows) -> Rows:
        table = self.data["links"]
        owner, to = (self._of(table.column(f"{end}_kind"), table.column(end)) for end in ("target", "parent"))
        kept = np.flatnonzero((owner >= 0) & (to >= 0))
        order = kept[np.argsort(owner[kept], kind="stable")]
        things["links"] = starts(owner[order], self.count)
        return laid(rows.LINK, table, order, to=to)

    def _statements(self, things: Rows) -> tuple[Rows, Longs]:
        table = self.data["statements"]
        thing = self._of(table.column("target_kind"), table.column("target"))
        kind, leaves, system, place = self._says(table)
        speaker = self._speakers(table.column("party_id"))
        offer = among(table.column("offer_id"), self._offer_names())
        rank = self._ranks(table)
        scope = (system.astype(np.int64) + 1) << 32 | (place.astype(np.int64) + 1) << 16 | leaves << 3 | kind
        kept = np.flatnonzero((thing >= 0) & (kind >= 0))
        order = kept[np.lexsort((rank[kept], scope[kept], speaker[kept], thing[kept]))]
        same = (np.diff(scope[order]) == 0) & (np.diff(speaker[order]) == 0) & (np.diff(thing[order]) == 0)
        things["statements"] = starts(thing[order], self.count)
        many = np.flatnonzero(np.diff(things["statements"]) > LARGE)
        things["large"][many] = np.arange(len(many))
        made = laid(rows.STATEMENT, table, order, leaves=leaves, system=system, place=place, speaker=speaker,
                    offer=offer, rank=rank, kind=kind)  # fmt: skip
        made["group"] = np.concatenate(([0], np.cumsum(~same)))[: len(order)]
        return made, order

    def _says(self, table: pa.Table) -> tuple[Ints, Ints, Ints, Ints]:
        """Of each statement what it says (-1: nothing that counts), of which leaves, which system, where."""
        kinds = {RESERVATION: kernel.SAYS_NO, **{kind: NUMBER[code] for kind, code in YES.items()}}
        kind = each(table.column("kind"), lambda name: kinds.get(name, kernel.CANNOT_BE_READ))
        leaves, system, place = self._scoped(table, EVERY_LEAF)
        readable = each(table.column("purpose"), lambda name: name in PURPOSES).astype(np.bool_)
        readable &= (system >= 0) & (place >= 0)
        kind[~readable & (kind == kernel.SAYS_NO)] = kernel.CANNOT_BE_READ
        yes = kind < kernel.SAYS_NO
        from_registry = np.asarray(pc.equal(whole(table.column("carrier")), REGISTRY))
        kind[yes & (~readable | ((kind == kernel.STATUTORY) & ~from_registry))] = NONE
        return kind, leaves, system, place

    def _scoped(self, table: pa.Table, unknown: int) -> tuple[Ints, Ints, Ints]:
        leaves = each(table.column("purpose"), lambda name: PURPOSES.get(name, unknown))
        return leaves, each(table.column("system"), self.systems.of), self._places(table)

    @staticmethod
    def _places(table: pa.Table) -> Ints:
        return each(table.column("territory"), lambda name: PLACE.get(name, NONE))

    @staticmethod
    def _ranks(table: pa.Table) -> Longs:
        grades = {grade: place for place, grade in enumerate(EVIDENCE)}
        grade = pa.array(each(table.column("evidence"), lambda name: grades.get(name, len(EVIDENCE))))
        first = {"grade": grade, "since": whole(table.column("valid_from")), "id": whole(table.column("statement_id"))}
        rest = table.select(_SAID_ORDER)
        place = rest.column_names.index("offer_id")
        return order_of(rest.set_column(place, "offer_id", pc.fill_null(rest.column(place), "")), first)

    def _offer_names(self) -> pa.Array:
        return numbers.names([self.data["offers"].column("offer_id")])

    def _offers(self, things: Rows) -> tuple[Rows, Longs]:
        table = self.data["offers"]
        thing = self._of(table.column("target_kind"), table.column("target"))
        leaves, system, place = self._scoped(table, 0)
        rank = order_of(table.select(list(Offer._fields)), {})
        kept = np.flatnonzero((thing >= 0) & (system >= 0) & (place >= 0))
        order = kept[np.lexsort((rank[kept], thing[kept]))]
        things["offers"] = starts(thing[order], self.count)
        licensor, name = self._speakers(table.column("licensor")), among(table.column("offer_id"), self._offer_names())
        made = laid(rows.OFFER, table, order, leaves=leaves, system=system, place=place, rank=rank, licensor=licensor,
                    name=name)  # fmt: skip
        return made, order

    def _holdings(self, things: Rows) -> Rows:
        table = self.data["holdings"]
        thing = self._of(table.column("target_kind"), table.column("target"))
        party, society = table.column("party_id"), table.column("society")
        number = among(party, self.parties)
        order = np.argsort(thing, kind="stable")
        order = order[(thing[order] >= 0) & (number[order] >= 0)]
        things["holdings"] = starts(thing[order], self.count)
        return laid(
            rows.HOLDING, table, order, share=np.asarray(whole(table.column("share_ppm"))), party=number,
            party_thing=self._named("party", party), society=among(society, self.parties),
            society_thing=self._named("repertoire", society),
        )  # fmt: skip

    def _mandates(self) -> tuple[Longs, Rows]:
        table = self.data["mandates"]
        society, party = (among(table.column(name), self.parties).astype(np.int64) for name in ("society", "party_id"))
        gives = np.asarray(pc.equal(whole(table.column("kind")), mandates.MANDATE))
        return self._keyed(table, (party + 1) << 32 | society, society >= 0, gives)

    def _agreements(self) -> tuple[Longs, Rows]:
        table = self.data["reciprocals"]
        grantor, grantee = (among(table.column(name), self.parties).astype(np.int64) for name in ("grantor", "grantee"))
        kept = (grantor >= 0) & (grantee >= 0)
        return self._keyed(table, grantor << 32 | grantee, kept, np.ones(table.num_rows, np.bool_))

    def _keyed(self, table: pa.Table, key: Longs, kept: Masks, gives: Masks) -> tuple[Longs, Rows]:
        """The rows that are kept, by their keys; those that do not give take back."""
        order = np.argsort(key, kind="stable")
        order = order[kept[order]]
        pairs, guards = (_paired(table, bits, kept=gives) for bits in (mandates.given, mandates.guarded))
        leaves = _paired(table, mandates.taken, kept=~gives)
        return key[order], laid(rows.MANDATE, table, order, pairs=pairs, guards=guards, leaves=leaves,
                                place=self._places(table))  # fmt: skip


def _paired(table: pa.Table, bits: mandates.Bits, *, kept: Masks) -> Longs:
    """What `bits` says of the right and purpose of each row that is kept, of the others nothing."""
    right, purpose = (whole(table.column(name)).dictionary_encode() for name in ("right", "purpose"))
    if not len(right):
        return np.zeros(0, np.int64)
    width = max(len(purpose.dictionary), 1)
    both = np.asarray(right.indices).astype(np.int64) * width + np.asarray(purpose.indices)
    found, place = np.unique(both, return_inverse=True)
    said = [bits(right.dictionary[int(n) // width].as_py(), purpose.dictionary[int(n) % width].as_py()) for n in found]
    return np.where(kept, np.array(said, np.int64)[place], 0)

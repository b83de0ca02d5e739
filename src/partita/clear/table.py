"""The numbers that `kernel` answers with, as the table ANSWERS: rows of statements, offers, payees, and words."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from partita import tables
from partita.clear import reasons
from partita.clear.kernel import NONE
from partita.clear.numbers import whole
from partita.clear.prepared import Prepared
from partita.clear.reasons import REASONS
from partita.clear.rows import Ints, Longs, Rows
from partita.tables.rights import ANSWERS

_SAID = {"statement_id": "statement_id", "target_kind": "level", "carrier": "carrier", "evidence": "evidence",
         "source": "source", "sha256": "sha256", "valid_from": "since"}  # fmt: skip
_MAY_BE_NULL = {"statement_id", "since"}


class Found(NamedTuple):
    """Answers in the order of the uses; the offers of use `i` are places `listed[starts[i]:starts[i + 1]]`."""

    answered: Rows
    starts: Longs
    listed: Longs


def back(answered: Rows, listed: Longs, counts: Longs, order: Longs, odd: Ints) -> Found:
    """Answers as they came, put where their uses stand; those that could not be read have their codes from `odd`."""
    made = np.zeros(len(odd), answered.dtype)
    made["statement"] = made["offer"] = made["work"] = NONE
    made["code"] = odd
    made[order] = answered
    placed = np.zeros(len(odd), np.int64)
    placed[order] = counts
    owner = np.repeat(order, counts)
    return Found(made, np.concatenate(([0], np.cumsum(placed))), listed[np.argsort(owner, kind="stable")])


def answers(prepared: Prepared, uses: pa.Table, spelt: pa.Array, language: str, found: Found) -> pa.Table:
    """ANSWERS, in the order of the uses."""
    code = found.answered["code"]
    said = _rows(prepared.statements, prepared.statement_rows, found.answered["statement"])
    columns: dict[str, object] = {
        "use_id": uses.column("use_id"),
        "answer": pa.array([reason.answer for reason in REASONS]).take(pa.array(code)),
        "code": pa.array([reason.code for reason in REASONS]).take(pa.array(code)),
        "reason": _words(prepared, uses, language, found, said),
        "work_id": _works(prepared, uses, spelt, found.answered),
        "allowed_ppm": found.answered["allowed"],
        "refused_ppm": found.answered["refused"],
        "contradicted": found.answered["contradicted"],
        "claims": found.answered["claims"],
    }
    for source, name in _SAID.items():
        column = said.column(source)
        columns[name] = column if name in _MAY_BE_NULL else pc.fill_null(column, "")
    columns["offers"], columns["payee"] = _offers(prepared, found)
    return tables.conform(pa.table(columns), ANSWERS)


def _rows(table: pa.Table, rows: Longs, places: Ints | Longs) -> pa.Table:
    """The rows at places of the book; nulls where there is none."""
    if not len(rows):
        return pa.table({name: pa.nulls(len(places), table.schema.field(name).type) for name in table.column_names})
    taken = pa.array(rows[np.maximum(places, 0)], mask=places < 0)
    return table.select([*_SAID, "party_id", "system", "target"] if "statement_id" in table.column_names else
                        ["offer_id", "licensor", "target_kind", "target", "system", "payee"]).take(taken)  # fmt: skip


def _works(prepared: Prepared, uses: pa.Table, spelt: pa.Array, answered: Rows) -> pa.Array:
    """The work of each use: the target itself, or what it belongs to; null where it is not one."""
    places = answered["work"]
    known = prepared.thing_names.take(pa.array(np.maximum(places, 0), mask=places < 0)) if len(
        prepared.thing_names) else pa.nulls(len(places), pa.string())  # fmt: skip
    early = np.array([reason.code in _EARLY for reason in REASONS])[answered["code"]]
    itself = pc.and_(pc.equal(whole(uses.column("target_kind")), "work"), pa.array(~early))
    return pc.if_else(itself, spelt, known)


_EARLY = {"purpose_unknown", "territory_unknown", "system_unknown", "kind_unknown", "target_unreadable"}


def _offers(prepared: Prepared, found: Found) -> tuple[pa.Array, pa.Array]:
    """The ids of the offers of each use, each once and in order; and who is paid for them."""
    owner = np.repeat(np.arange(len(found.starts) - 1), np.diff(found.starts))
    book = prepared.book.offers
    order = np.lexsort((book["rank"][found.listed], owner))
    owner, places = owner[order], found.listed[order]
    name = book["name"][places]
    first = np.ones(len(owner), np.bool_)
    first[1:] = (np.diff(owner) != 0) | (np.diff(name) != 0)
    owner, places = owner[first], places[first]
    rows = prepared.offers.take(pa.array(prepared.offer_rows[places]))
    ends = np.searchsorted(owner, np.arange(len(found.starts)))
    listed = pa.ListArray.from_arrays(pa.array(ends, pa.int32()), whole(rows.column("offer_id")))
    return listed, _payees(whole(rows.column("payee")), ends)


def _payees(payees: pa.Array, ends: Longs) -> pa.Array:
    """The payees of each use, each once and in order, with `; ` between."""
    names = pc.unique(payees)
    names = names.take(pc.sort_indices(names))
    owner = np.repeat(np.arange(len(ends) - 1), np.diff(ends))
    code = np.asarray(pc.index_in(payees, value_set=names)).astype(np.int64)
    kept = np.asarray(pc.not_equal(payees, ""))
    pairs = np.unique(owner[kept] * (len(names) + 1) + code[kept])
    owner, code = pairs // (len(names) + 1), pairs % (len(names) + 1)
    starts = np.searchsorted(owner, np.arange(len(ends)))
    each = pa.ListArray.from_arrays(pa.array(starts, pa.int32()), names.take(pa.array(code)))
    return pc.binary_join(each, "; ")


def _words(prepared: Prepared, uses: pa.Table, language: str, found: Found, said: pa.Table) -> pa.Array:
    """The reason of each use in words: templates filled column by column, code by code."""
    code, offer = found.answered["code"], found.answered["offer"]
    offered = _rows(prepared.offers, prepared.offer_rows, np.where(offer >= 0, _place(prepared, offer), NONE))
    by_code = np.argsort(code, kind="stable")
    made = [pa.array([], pa.string())]
    for rows in np.split(by_code, np.flatnonzero(np.diff(code[by_code])) + 1) if len(code) else []:
        fields = _Fields(uses, said, offered, pa.array(rows), language)
        # The first piece gives the length: the others may all be one text for all rows.
        pieces: list[object] = [pa.repeat("", len(rows))]
        for text, field in reasons.pieces(REASONS[code[rows[0]]].code, language):
            pieces += [text, fields.field(field)] if field else [text]
        made.append(pc.binary_join_element_wise(*pieces, ""))
    place = np.empty(len(code), np.int64)
    place[by_code] = np.arange(len(code))
    return pa.concat_arrays(made).take(pa.array(place))


def _place(prepared: Prepared, rank: Ints) -> Ints | Longs:
    if not len(prepared.offer_by_rank):
        return rank
    return prepared.offer_by_rank[np.maximum(rank, 0)]


class _Fields:
    """The fields of templates for some rows, uses of one code, each made when a template asks for it."""

    def __init__(self, uses: pa.Table, said: pa.Table, offered: pa.Table, rows: pa.Array, language: str) -> None:
        self.uses, self.said, self.offered, self.rows, self.language = uses, said, offered, rows, language

    def field(self, name: str) -> pa.Array:
        """The words of one field of `reasons.FIELDS`."""
        if name == "party":
            return self._worded(reasons.party_words, self._found("party_id", "licensor", None))
        if name == "purpose":
            return self._worded(reasons.purpose_words, self._column(self.uses, "purpose"))
        if name == "system":
            return self._worded(reasons.system_words, self._found("system", "system", "system"))
        if name == "asked":
            return self._worded(reasons.system_words, self._column(self.uses, "system"))
        if name == "territory":
            return self._worded(reasons.territory_words, self._column(self.uses, "territory"))
        if name == "level":
            return self._worded(reasons.level_words, self._found("target_kind", "target_kind", None))
        return self._found("target", "target", None)

    def _found(self, said: str, offered: str, use: str | None) -> pa.Array:
        """A column of the statement, else of the offer, else of the use, else empty."""
        rest = self._column(self.uses, use) if use else ""
        return pc.coalesce(self._column(self.said, said), self._column(self.offered, offered), rest)

    def _column(self, table: pa.Table, name: str) -> pa.Array:
        return whole(table.column(name)).take(self.rows)

    def _worded(self, words: Callable[[str, str], str], column: pa.Array) -> pa.Array:
        coded = column.dictionary_encode()
        made = pa.array([words(name, self.language) for name in coded.dictionary.to_pylist()], pa.string())
        return made.take(coded.indices)

"""Snapshots made of few words, and facts gathered from them row by row, without an index: slow, and plainly right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from partita import tables
from partita.clear import Use, reading
from partita.registry import urls
from partita.registry.facts import Facts, Held, Mandate, Offer, Reciprocal, Said

Rows = dict[str, list[dict[str, Any]]]

TABLES = {table.name: table for table in tables.rights.REGISTRY}
FIRST_DAY = dt.date(2020, 1, 1)
FIRST_MOMENT = dt.datetime(2020, 1, 1)  # noqa: DTZ001 - moments of the tables are UTC without a zone
STEPS_MOST = 8

_BLANK: dict[str, Any] = {
    "valid_from": FIRST_DAY, "valid_to": None, "recorded_at": FIRST_MOMENT, "retired_at": None, "recorded_by": "made",
    "purpose": "any", "system": "*", "territory": "world", "society": "", "role": "CA", "right": "reproduction",
    "offer_id": None, "carrier": "registry", "form": "machine", "evidence": "declared", "model": "fee_per_work",
    "kind": "mandate",
}  # fmt: skip
_TEXT = {c.name for table in TABLES.values() for c in table.columns if pa.types.is_string(c.type) and not c.null}


def snapshot(rows: Mapping[str, list[dict[str, Any]]]) -> dict[str, pa.Table]:
    """The tables of a registry from rows that name only what matters."""
    return {name: pa.Table.from_pylist([_full(table, row) for row in rows.get(name, [])], table.schema)
            for name, table in TABLES.items()}  # fmt: skip


def _full(table: tables.Table, row: dict[str, Any]) -> dict[str, Any]:
    blank = {c.name: _BLANK.get(c.name, "" if c.name in _TEXT else None) for c in table.columns}
    return blank | row


def uses(asked: list[Use]) -> pa.Table:
    """Uses as their table."""
    return pa.Table.from_pylist([use._asdict() for use in asked], tables.rights.USES.schema)


def gather(data: Mapping[str, pa.Table], use: Use) -> Facts:
    """What bears on a use, found by looking at every row of every table."""
    rows = {name: list(_live(data[name], use)) for name in ("links", "holdings", "mandates", "reciprocals",
                                                            "statements", "offers")}  # fmt: skip
    thing = (use.target_kind, reading.canonical(use.target_kind, use.target))
    chain = _chain(thing, rows)
    held = [row for row in rows["holdings"] if (row["target_kind"], row["target"]) in chain]
    holders, societies = {row["party_id"] for row in held}, {row["society"] for row in held} - {""}
    around = {*chain, *(("party", p) for p in holders), *(("repertoire", s) for s in societies)}
    said = [row for row in rows["statements"] if (row["target_kind"], row["target"]) in around]
    offers = [row for row in rows["offers"] if (row["target_kind"], row["target"]) in around]
    given = [row for row in rows["mandates"] if row["party_id"] in {*holders, ""}]
    between = [row for row in rows["reciprocals"] if row["grantor"] in societies]
    return Facts(
        *thing, tuple(chain), _rows(Said, said), _rows(Held, held), _rows(Mandate, given),
        _rows(Reciprocal, between), _rows(Offer, offers),
    )  # fmt: skip


def _rows(kind: Any, rows: list[dict[str, Any]]) -> tuple[Any, ...]:
    return tuple(kind(**{name: row[name] for name in kind._fields}) for row in rows)


def _live(data: pa.Table, use: Use) -> Iterator[dict[str, Any]]:
    for row in data.to_pylist():
        valid = row["valid_from"] <= use.at and (row["valid_to"] is None or use.at < row["valid_to"])
        if use.known is None:
            known = row["retired_at"] is None
        else:
            known = row["recorded_at"] <= use.known and (row["retired_at"] is None or use.known < row["retired_at"])
        if valid and known:
            yield row


def _chain(thing: tuple[str, str], rows: Rows) -> list[tuple[str, str]]:
    if thing[0] == "url":
        known = {row["target"] for name in ("statements", "links", "offers") for row in rows[name]
                 if row["target_kind"] == "url"}  # fmt: skip
        chain = [("url", pattern) for pattern in sorted(known) if urls.matches(pattern, thing[1])]
    else:
        chain = [thing]
    last = list(chain)
    for _ in range(STEPS_MOST):
        found = {(row["parent_kind"], row["parent"]) for row in rows["links"]
                 if row["target_kind"] in {"url", "content", "recording"}
                 and (row["target_kind"], row["target"]) in last}  # fmt: skip
        last = sorted(found - set(chain))
        chain += last
    return chain

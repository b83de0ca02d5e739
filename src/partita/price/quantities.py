"""Quantities that usage itself tells: plays and songs of a licence, counted from matched lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import pyarrow as pa

from partita import money, tables
from partita.engine.duck import Duck

COUNTED = ("play", "songs", "songs_managed")
"""Units that may be left out of a licence: usage gives them. `play` and `songs_managed` count managed works only."""

DISPLACED = ("play", "songs_managed")
"""Units that fall where unmanaged works are played instead of managed ones; `songs` counts both."""


def count(
    licences: pa.Table, societies: Mapping[str, Sequence[str]], usage: pa.Table, matches: pa.Table, shares: pa.Table
) -> pa.Table:
    """`licences` with `play`, `songs` and `songs_managed` filled where the licence does not state them.

    `societies`: by tariff_id the societies whose works it charges for, empty for all. Only matched lines count as
    managed: what is ambiguous is not charged for, and is trued up once it is resolved. Licensees that handed in no
    usage list get no counted quantity, so that a per-play method is not computable for them.
    """
    rows = licences.to_pylist()
    with Duck() as duck:
        for name, data in (("usage", usage), ("matches", matches), ("shares", shares)):
            duck.put(name, data)
        duck.put("needs", _needs(licences))
        duck.put("need_societies", _need_societies(rows, societies))
        duck.run("partita.price", "quantities.sql")
        counted = {row["licence"]: row for row in duck.get("SELECT * FROM counted").to_pylist()}
    for number, row in enumerate(rows):
        row["quantities"] = _filled(dict(row["quantities"]), counted.get(number))
    return pa.Table.from_pylist(rows, schema=tables.LICENCES.schema)


def displaced(licences: pa.Table, share: Fraction) -> pa.Table:
    """`licences` as if `share` of the plays of managed works were plays of works that nobody charges for: exact.

    Quantities that the licence states are displaced like those that usage tells. Raises ValueError for a quantity that
    is no exact number.
    """
    rows = licences.to_pylist()
    for row in rows:
        row["quantities"] = [
            (unit, str(money.exact(text) * (1 - share)) if share and unit in DISPLACED else text)
            for unit, text in row["quantities"] or []
        ]
    return pa.Table.from_pylist(rows, schema=tables.LICENCES.schema)


def _filled(stated: dict[str, str], counted: Mapping[str, int] | None) -> list[tuple[str, str]]:
    if counted:
        managed = str(counted["songs_managed"])
        stated = {"play": managed, "songs": str(counted["songs"]), "songs_managed": managed} | stated
    return sorted(stated.items())


def _needs(licences: pa.Table) -> pa.Table:
    numbers = pa.array(range(licences.num_rows), pa.int64())
    return licences.select(["licensee", "period_from", "period_to"]).append_column("licence", numbers)


def _need_societies(rows: Sequence[Mapping[str, str]], societies: Mapping[str, Sequence[str]]) -> pa.Table:
    pairs = [(number, society) for number, row in enumerate(rows) for society in societies[row["tariff_id"]] or [""]]
    return pa.table(
        {
            "licence": pa.array([number for number, _ in pairs], pa.int64()),
            "society": pa.array([society for _, society in pairs], pa.string()),
        }
    )

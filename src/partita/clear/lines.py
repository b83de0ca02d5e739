"""Matched lines of a settlement, cleared: which uses a licence of the run covers, and which it does not.

A society's own list is its word that it represents the share; a registry can say more: what it withholds (`withheld`)
is no longer among the shares. What is not allowed is listed here, and neither charged nor paid.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from partita import tables
from partita.engine.duck import Duck

PACKAGE = "partita.clear"
REASONS = (
    ("licensed", "allowed", "The licensee has a licence of this society for that day"),
    ("unlicensed", "refused", "The licensee has no licence of this society for that day"),
    ("not_represented", "unknown", "No society of this run represents this share, so none can license it"),
    ("shares_unknown", "unknown", "It is not known who holds shares of this work"),
)
LICENSED = pa.schema(
    [
        ("licensee", pa.string()),
        ("society", pa.string()),
        ("every", pa.bool_()),
        ("period_from", pa.date32()),
        ("period_to", pa.date32()),
    ]
)
"""Which societies' works a licensee may use from when to when; `every`: of any society, and of none."""

WITHHELD = pa.schema(
    [
        *[(name, pa.string()) for name in ("work_id", "society", "party_id", "answer", "code", "reason")],
        ("share_ppm", pa.int64()),
    ]
)
"""Shares that may not be licensed by the society that lists them, and why."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """CLEARANCES, and the unlicensed uses by licensee and society: works, plays, first and last day."""

    clearances: pa.Table
    unlicensed: pa.Table


def clear_lines(
    usage: pa.Table, matches: pa.Table, shares: pa.Table, licensed: pa.Table, withheld: pa.Table | None = None
) -> Cleared:
    """Every matched line of USAGE through the licences of the run; `shares` are those left after `withheld`."""
    names = ("code", "answer", "reason")
    reasons = pa.table({name: pa.array([row[i] for row in REASONS], pa.string()) for i, name in enumerate(names)})
    with Duck() as duck:
        duck.put("usage", usage)
        duck.put("matches", matches.drop_columns(["candidates"]))
        duck.put("shares", shares)
        duck.put("licensed", licensed.cast(LICENSED))
        duck.put("withheld", (WITHHELD.empty_table() if withheld is None else withheld).cast(WITHHELD))
        duck.put("reasons", reasons)
        duck.run(PACKAGE, "lines.sql")
        order = ", ".join(tables.CLEARANCES.key)
        clearances = tables.conform(duck.get(f"SELECT * FROM clearances ORDER BY {order}"), tables.CLEARANCES)
        return Cleared(clearances, duck.get("SELECT * FROM unlicensed_uses ORDER BY licensee, society"))

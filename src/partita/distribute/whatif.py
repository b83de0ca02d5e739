"""What if generated works took a further share of every pool, and were paid like any others? Pools divided, exactly.

Everybody else's part is distributed as ever; what the generated works take is booked beside it to one payee, so that
the books of both together answer the same question as any other books: whether they balance. Pure: no file, no clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pyarrow as pa

from partita import money, tables
from partita.distribute.books import ORDER, Books
from partita.distribute.policy import DistributePolicy
from partita.distribute.stage import distribute

GENERATED = "generated works"
"""The payee that stands for all generated works; a mark is added where a payee of the run is called so."""

SUFFIX = "/generated"
"""After the id of a pool and its charge: the part of it that the generated works take."""

_USAGE: dict[str, Any] = {"list": "", "licensee": "", "title": GENERATED, "plays": 1, "file": "", "line": 0}


@dataclass(frozen=True, slots=True)
class Divided:
    """POOLS and CHARGES of everybody else, and of the generated works; the same ids, the latter with `SUFFIX`."""

    pools: pa.Table
    charges: pa.Table
    generated_pools: pa.Table
    generated_charges: pa.Table

    @property
    def all_pools(self) -> pa.Table:
        """Both parts: what was collected."""
        return pa.concat_tables([self.pools, self.generated_pools])

    @property
    def all_charges(self) -> pa.Table:
        """Both parts, and the charges beside the chosen ones."""
        return pa.concat_tables([self.charges, self.generated_charges])


def others_part(amount_micro: int, share: Fraction) -> int:
    """What is left of an amount when `share` of it goes to generated works: rounded towards zero, in micro-units.

    Never more for a larger share. Raises ValueError for a share below 0, or of 1 and more.
    """
    if not 0 <= share < 1:
        raise ValueError(f"a share of generated works is 0 or more and below 1, not {share}")
    left = abs(amount_micro) * (share.denominator - share.numerator) // share.denominator
    return -left if amount_micro < 0 else left


def divide(pools: pa.Table, charges: pa.Table, share: Fraction) -> Divided:
    """POOLS, and the chosen CHARGES that they come from, divided; the two parts of each add up to it exactly.

    The tax on a charge stays with the first part: it is owed once, whoever is paid.
    """
    kept, taken = _divided(pools.to_pylist(), "pool_id", share, {"allocation_key": "plays"})
    rows = charges.to_pylist()
    chosen = [row for row in rows if row["chosen"]]
    left, moved = _divided(chosen, "charge_id", share, {"tax_micro": 0})
    others = [row for row in rows if not row["chosen"]]
    for row in taken:
        row["societies"] = [row["society"]]
    return Divided(
        pools=_table(kept, tables.POOLS),
        charges=_table([*left, *others], tables.CHARGES),
        generated_pools=_table(taken, tables.POOLS),
        generated_charges=_table(moved, tables.CHARGES),
    )


def _divided(
    rows: list[dict[str, Any]], key: str, share: Fraction, more: dict[str, Any]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    kept, taken = [], []
    for row in rows:
        left = others_part(row["amount_micro"], share)
        kept.append({**row, "amount_micro": left})
        if row["amount_micro"] != left:
            taken.append({**row, **more, key: row[key] + SUFFIX, "amount_micro": row["amount_micro"] - left})
    return kept, taken


def _table(rows: list[dict[str, Any]], table: tables.Table) -> pa.Table:
    data = pa.Table.from_pylist(rows, schema=table.schema)
    return data.sort_by([(name, "ascending") for name in table.key])


def with_generated(others: Books, divided: Divided, policy: DistributePolicy) -> Books:
    """The books of everybody else and, beside them, those of the generated works: one payee for each society.

    From their part the fee and fund of the society that collects the pool are taken, none where a pool belongs to none.
    """
    if not divided.generated_pools.num_rows:
        return others
    party = GENERATED
    known = set(others.payouts.column("party_id").to_pylist())
    while party in known:
        party += "'"
    generated = _booked(divided, party, policy)
    return Books(**{name: _joined(getattr(others, name), getattr(generated, name), name) for name in ORDER})


def _joined(first: pa.Table, second: pa.Table, name: str) -> pa.Table:
    return pa.concat_tables([first, second]).sort_by([(column, "ascending") for column in ORDER[name]])


def _booked(divided: Divided, party: str, policy: DistributePolicy) -> Books:
    """One work for each society, used once by each licensee, wholly the party's."""
    pools = divided.generated_pools.to_pylist()
    societies = sorted({row["society"] for row in pools})
    works = {society: f"{GENERATED} {number}" for number, society in enumerate(societies, start=1)}
    pairs = sorted({(row["licensee"], row["society"]) for row in pools})
    usage, matches = [], []
    for number, (licensee, society) in enumerate(pairs):
        line = f"{number:06d}"
        usage.append({**_blank(tables.USAGE), **_USAGE, "line_id": line, "licensee": licensee})
        matched = {"line_id": line, "outcome": "matched", "work_id": works[society], "candidates": []}
        matches.append({**_blank(tables.MATCHES), **matched})
    whole = {"party_id": party, "party_name": party, "role": "W", "share_ppm": money.PPM}
    shares = [{**whole, "work_id": work, "society": society} for society, work in works.items()]
    return distribute(
        divided.generated_pools,
        pa.Table.from_pylist(usage, schema=tables.USAGE.schema),
        pa.Table.from_pylist(matches, schema=tables.MATCHES.schema),
        pa.Table.from_pylist(shares, schema=tables.SHARES.schema),
        policy,
        charges=divided.generated_charges,
        problems=tables.PROBLEMS.empty(),
    )


def _blank(table: tables.Table) -> dict[str, Any]:
    """A row of nothing: null where the contract allows it, else an empty text, list or number."""
    empty = {pa.string(): "", tables.TEXTS: []}
    return {column.name: None if column.null else empty.get(column.type, 0) for column in table.columns}

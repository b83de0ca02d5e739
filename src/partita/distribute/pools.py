"""Pools: the money of one licensee, tariff and period, and how the engine sees them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from partita import tables
from partita.distribute.policy import DistributePolicy

KEYS = ("plays", "points", "equal", "given")
AMOUNT_MOST = 2**62


def from_charges(charges: pa.Table, allocation_key: str = "plays") -> pa.Table:
    """POOLS of the chosen CHARGES, one each, named as the charge. A true-up is part of its charge and never chosen."""
    if allocation_key not in KEYS:
        raise ValueError(f"allocation key {allocation_key!r} is none of {', '.join(KEYS)}")
    chosen = charges.filter(pc.field("chosen"))
    pools = chosen.rename_columns(["pool_id" if n == "charge_id" else n for n in chosen.column_names])
    pools = pools.append_column("allocation_key", pa.array([allocation_key] * pools.num_rows, pa.string()))
    return tables.conform(pools.sort_by("pool_id"), tables.POOLS)


@dataclass(frozen=True, slots=True)
class Numbered:
    """Pools as the SQL joins them: `pools`, `baskets` of lines that several pools share, `groups` of claims."""

    pools: pa.Table
    baskets: pa.Table
    groups: pa.Table


def number(pools: pa.Table, policy: DistributePolicy) -> Numbered:
    """Numbers pools in the order of their ids, and what they have in common. Raises ValueError for a bad pool."""
    rows = sorted(pools.to_pylist(), key=lambda row: str(row["pool_id"]))
    _check(rows)
    baskets = _numbers([_basket(row) for row in rows])
    groups = _numbers([_group(row, policy) for row in rows])
    for number_, row in enumerate(rows):
        row.update(
            pool_no=number_,
            basket_no=baskets[_basket(row)],
            group_no=groups[_group(row, policy)],
            every_share=not row["societies"],
        )
    return Numbered(_pool_table(rows), _basket_table(baskets), _group_table(groups))


def _check(rows: list[dict[str, Any]]) -> None:
    ids = [row["pool_id"] for row in rows]
    for before, after in pairwise(ids):
        if before == after:
            raise ValueError(f"pool {after} stands twice")
    for row in rows:
        if row["allocation_key"] not in KEYS:
            raise ValueError(
                f"pool {row['pool_id']}: allocation key {row['allocation_key']!r} is none of {', '.join(KEYS)}"
            )
        if abs(row["amount_micro"]) >= AMOUNT_MOST:
            raise ValueError(f"pool {row['pool_id']}: the amount is beyond 2^62 micro-units")


def _basket(row: dict[str, Any]) -> tuple[Any, ...]:
    return (row["licensee"], row["period_from"], row["period_to"], row["allocation_key"])


def _group(row: dict[str, Any], policy: DistributePolicy) -> tuple[tuple[str, ...], str]:
    return (tuple(sorted(set(row["societies"]))), policy.rights.get(row["tariff_id"], ""))


def _numbers(keys: list[Any]) -> dict[Any, int]:
    return {key: number_ for number_, key in enumerate(dict.fromkeys(keys))}


def _pool_table(rows: list[dict[str, Any]]) -> pa.Table:
    extra = [("pool_no", pa.int64()), ("basket_no", pa.int64()), ("group_no", pa.int64()), ("every_share", pa.bool_())]
    kept = [pa.field(c.name, c.type) for c in tables.POOLS.columns if c.name != "societies"]
    return pa.Table.from_pylist(rows, pa.schema([*kept, *(pa.field(n, t) for n, t in extra)]))


def _basket_table(baskets: dict[Any, int]) -> pa.Table:
    names = ("licensee", "period_from", "period_to", "allocation_key")
    rows = [dict(zip(names, basket, strict=True), basket_no=number_) for basket, number_ in baskets.items()]
    types = (pa.string(), pa.date32(), pa.date32(), pa.string(), pa.int64())
    return pa.Table.from_pylist(rows, pa.schema(list(zip((*names, "basket_no"), types, strict=True))))


def _group_table(groups: dict[Any, int]) -> pa.Table:
    rows = [
        {"group_no": number_, "society": society, "every_share": not societies, "share_right": right}
        for (societies, right), number_ in groups.items()
        for society in (societies or ("",))
    ]
    schema = pa.schema(
        [("group_no", pa.int64()), ("society", pa.string()), ("every_share", pa.bool_()), ("share_right", pa.string())]
    )
    return pa.Table.from_pylist(rows, schema)

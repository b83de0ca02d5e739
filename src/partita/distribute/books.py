"""Books: the four tables that a distribution leaves behind."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from partita import tables


@dataclass(frozen=True, slots=True)
class Books:
    """ALLOCATIONS, SUSPENSE, PAYOUTS and JOURNAL of one run, each sorted by its key."""

    allocations: pa.Table
    suspense: pa.Table
    payouts: pa.Table
    journal: pa.Table


ORDER = {
    "allocations": ("pool_id", "work_id", "party_id", "role", "society"),
    "suspense": ("pool_id", "reason", "line_id", "work_id"),
    "payouts": ("party_id", "society", "currency"),
    "journal": ("entry_id", "account", "party_id", "reason", "pool_id", "currency", "amount_micro"),
}
"""Total orders: the keys of the contract, and what can still differ behind them."""


def columns(name: str) -> str:
    """The contract's columns of a table, for a SELECT."""
    return ", ".join(column.name for column in tables.ALL[name].columns)

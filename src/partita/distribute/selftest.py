"""The golden vectors that come with the wheel: a society proves with them that an upgrade pays the same.

`golden_v1.json` holds inputs and outputs of `money.split_v1` and of the whole allocation (`allocate_v1`). They never
change; a change of the arithmetic gets a new version beside them.
"""

from __future__ import annotations

import datetime as dt
import json
from importlib import resources
from typing import Any

import pyarrow as pa

from partita import money, tables
from partita.distribute import balance
from partita.distribute.policy import DistributePolicy
from partita.distribute.stage import distribute

FROM, TO = dt.date(2025, 1, 1), dt.date(2025, 12, 31)


def selftest() -> list[str]:
    """What differs between this installation and the golden vectors, one line each; empty where nothing does."""
    golden = json.loads(resources.files("partita.distribute").joinpath("golden_v1.json").read_text(encoding="utf-8"))
    wrong = [
        f"split_v1 {case['amount']} by {case['weights']}: {parts}, not {case['parts']}"
        for case in golden["split_v1"]
        if (parts := money.split_v1(case["amount"], case["weights"])) != case["parts"]
    ]
    for case in golden["allocate_v1"]:
        found = run(case)
        wrong += [
            f"allocate_v1 {case['name']}: {name}: {found[name]}, not {case[name]}"
            for name in found
            if found[name] != case[name]
        ]
    return wrong


def run(case: dict[str, Any]) -> dict[str, list[list[Any]]]:
    """Allocations, suspense and payouts of one golden case, as lists."""
    pools, charges = (
        rows(tables.POOLS, [{"period_from": FROM, "period_to": TO, **pool} for pool in case["pools"]]),
        tables.CHARGES.empty(),
    )
    books = distribute(
        pools,
        rows(tables.USAGE, case["usage"]),
        rows(tables.MATCHES, case["matches"]),
        rows(tables.SHARES, case["shares"]),
        DistributePolicy(fees={k: (v[0], v[1]) for k, v in case["fees"].items()}),
        charges=charges,
        problems=tables.PROBLEMS.empty(),
    )
    balance.check(books, pools, charges)
    return {
        "allocations": _lists(books.allocations, "pool_id", "work_id", "party_id", "role", "amount_micro"),
        "suspense": _lists(books.suspense, "pool_id", "reason", "line_id", "work_id", "amount_micro"),
        "payouts": _lists(
            books.payouts, "party_id", "currency", "gross_micro", "fee_micro", "fund_micro", "paid_micro"
        ),
    }


def rows(table: tables.Table, given: list[dict[str, Any]]) -> pa.Table:
    """A table of the contract from dicts that name only what matters; the rest is null, empty, zero, true or FROM."""
    return pa.Table.from_pylist(
        [{c.name: row.get(c.name, _blank(c)) for c in table.columns} for row in given], table.schema
    )


def _blank(column: tables.Column) -> Any:
    if column.null:
        return None
    kinds: list[tuple[Any, Any]] = [
        (pa.types.is_list, []),
        (pa.types.is_string, ""),
        (pa.types.is_integer, 0),
        (pa.types.is_floating, 0),
    ]
    return next(
        (blank for is_kind, blank in kinds if is_kind(column.type)), True if column.type == pa.bool_() else FROM
    )


def _lists(table: pa.Table, *names: str) -> list[list[Any]]:
    return [list(row.values()) for row in table.select(names).to_pylist()]

"""Adjustments: what corrected inputs give, less what was booked before. Nothing that was booked is overwritten.

A late claim, a corrected share or a reversed line changes the inputs; the run over the corrected inputs books the
difference per pool, work, party and role, payable where it is positive and recoverable where it is negative.
"""

from __future__ import annotations

import pyarrow as pa

from partita import tables
from partita.distribute.books import ORDER, Books, columns
from partita.engine.duck import Duck

PACKAGE = "partita.distribute"


def subtract(duck: Duck, previous: Books) -> None:
    """Turns the session's allocations, suspense, totals and postings into differences from `previous`.

    Raises ValueError where `previous` distributed a pool that this run does not name: with the amount 0 it is reversed.
    """
    for name in ORDER:
        duck.put(f"earlier_{name}", getattr(previous, name))
    absent = duck.get(
        "SELECT DISTINCT e.pool_id FROM earlier_journal AS e WHERE e.pool_id <> ''"
        " AND e.pool_id NOT IN (SELECT p.pool_id FROM pools AS p) ORDER BY 1 LIMIT 1"
    )
    if absent.num_rows:
        pool = absent.column(0)[0].as_py()
        raise ValueError(
            f"pool {pool} of the earlier run is missing; give it again, with the amount 0 where it is to be reversed"
        )
    duck.run(PACKAGE, "adjust.sql")


def cumulate(*books: Books) -> Books:
    """The books of a run and of the runs that adjusted it, in order, as one: what a further adjustment starts from."""
    with Duck() as duck:
        for name in ORDER:
            numbered = [
                getattr(b, name).append_column("run", pa.array([n] * getattr(b, name).num_rows, pa.int64()))
                for n, b in enumerate(books)
            ]
            duck.put(f"all_{name}", pa.concat_tables(numbered))
        duck.run(PACKAGE, "cumulate.sql")
        return Books(**{name: _sorted(duck, name) for name in ORDER})


def _sorted(duck: Duck, name: str) -> pa.Table:
    return tables.conform(
        duck.get(f"SELECT {columns(name)} FROM {name} ORDER BY {', '.join(ORDER[name])}"), tables.ALL[name]
    )

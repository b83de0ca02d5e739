"""The run's tables in one DuckDB session, with the views that all pages share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from partita.engine.duck import Duck
from partita.formats.pages.view import RunView

PACKAGE = "partita.formats.pages"
TABLES = (
    "usage",
    "matches",
    "repertoire",
    "charge_steps",
    "pools",
    "allocations",
    "suspense",
    "payouts",
    "journal",
    "problems",
    "clearances",
    "unlicensed",
)
_STRAY = """SELECT CAST(count(*) AS BIGINT) AS n
    FROM (SELECT party_id, society FROM allocations GROUP BY party_id, society HAVING sum(amount_micro) <> 0) AS a
    LEFT JOIN payouts AS y ON y.party_id = a.party_id AND y.society = a.society WHERE y.party_id IS NULL"""


@contextmanager
def opened(run: RunView) -> Iterator[Duck]:
    """A session that holds the tables of `run` and what `prepare.sql` makes of them.

    Raises ValueError where the run has another currency than its own, or an allocation without a payout.
    """
    currencies = set(run.pools.column("currency").to_pylist()) | set(run.payouts.column("currency").to_pylist())
    if currencies - {run.currency}:
        raise ValueError(
            f"pages of one run speak of one currency, {run.currency}; found {', '.join(sorted(currencies))}"
        )
    with Duck() as duck:
        for name in TABLES:
            duck.put(name, getattr(run, name))
        duck.run(PACKAGE, "prepare.sql")
        stray = rows(duck, _STRAY)[0]["n"]
        if stray:
            raise ValueError(f"allocations go to {stray} payees that have no row in payouts")
        yield duck


def rows(duck: Duck, sql: str) -> list[dict[str, Any]]:
    """The rows of a small query as dictionaries."""
    found: list[dict[str, Any]] = duck.get(sql).to_pylist()
    return found

"""The stage over files: keyed usage of any size as Parquet in, the books as Parquet out, by the same SQL.

May read the files named and write into the folder named; DuckDB spills where memory runs short.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from partita import tables
from partita.distribute import balance, check, stage
from partita.distribute.books import ORDER, columns
from partita.distribute.policy import DistributePolicy
from partita.engine.duck import Duck

BLANK = pa.schema(
    [
        ("line_id", pa.string()),
        ("licensee", pa.string()),
        ("used_at", pa.timestamp("s")),
        ("title", pa.string()),
        ("category", pa.string()),
        ("plays", pa.int64()),
        ("weight", pa.int64()),
        ("work_id", pa.string()),
    ]
)
NUMBERED = ("pool_no", "work_no", "party_no", "role", "society")
"""The order of allocations by number: the ids are numbered in their order."""

DECISIONS = pa.schema([("title", pa.string()), ("outcome", pa.string()), ("work_id", pa.string())])

FEW = 1_000_000
"""Usage lines for which a second thread costs more than it brings."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The large tables, as Parquet files or in memory.

    `usage`: USAGE's columns, at least line_id, licensee and plays, and `work_id` where the work is known.
    `shares`: SHARES.
    `decisions`: what is known of titles, once each (title, outcome, work_id).
    """

    usage: Path | pa.Table
    shares: Path | pa.Table
    decisions: Path | pa.Table | None = None


def to_parquet(  # noqa: PLR0913 - the tables that a distribution rests on
    sources: Sources,
    folder: Path,
    pools: pa.Table,
    policy: DistributePolicy,
    *,
    charges: pa.Table,
    points: pa.Table | None = None,
    carried: pa.Table | None = None,
    threads: int | None = None,
    memory: str | None = None,
) -> dict[str, dict[str, int]]:
    """Writes allocations, suspense, payouts and journal into `folder`, and returns the totals by currency.

    Lines without a work, and without a decision on their title, are unmatched. The books are checked before they
    are written, and the files as read back must hold the same rows; raises Unbalanced, and ValueError as `distribute`
    does. The same inputs give the same bytes, with any number of threads; None: one for few lines, else all there are.
    """
    threads = threads or (1 if _rows(sources.usage) < FEW else None)
    shares = pq.read_table(sources.shares) if isinstance(sources.shares, Path) else sources.shares
    with Duck(threads=threads, memory=memory) as duck:
        duck.put("usage", sources.usage)
        duck.put("blank_lines", BLANK.empty_table())
        duck.put("decisions", DECISIONS.empty_table() if sources.decisions is None else sources.decisions)
        duck.run(stage.PACKAGE, "keyed.sql")
        if sources.decisions is not None:
            check.decisions(duck)
        stage.put_shared(duck, pools, shares, policy, charges=charges, points=points)
        stage.allocate(duck, policy)
        stage.account(duck, pools, shares, policy, previous=None, carried=carried)
        duck.put("earlier_journal", tables.JOURNAL.empty())
        totals = balance.ask(duck, adjusting=False)
        folder.mkdir(parents=True, exist_ok=True)
        for name, order in (ORDER | {"allocations": NUMBERED}).items():
            duck.write(f"SELECT {columns(name)} FROM {name}", folder / f"{name}.parquet", order)
        balance.compare(duck, folder)
    return totals


def _rows(data: Path | pa.Table) -> int:
    rows: int = pq.read_metadata(data).num_rows if isinstance(data, Path) else data.num_rows
    return rows

"""The stage over an engine: distinct lines by SQL, the matching kernel over them, back to all lines by SQL.

The same scripts and the same kernel run on DuckDB and on Spark, and say of each line what `identify` says of it: a
line's match depends on that line, the repertoire and the policy alone, so it does not matter how lines are divided
among batches, partitions or machines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from partita import tables
from partita.engine.duck import Kernel
from partita.engine.shape import Engine, gathered
from partita.identify.policy import IdentifyPolicy
from partita.identify.stage import Prepared, identify
from partita.identify.warm import filled, warm

TEXT_KEYS = ("isrc", "iswc", "work_number", "sender_number", "list", "licensee", "language", "territory")
KEYS = pa.schema([
    pa.field("title", pa.string()), pa.field("performers", tables.TEXTS), pa.field("writers", tables.TEXTS),
    *(pa.field(name, pa.string()) for name in TEXT_KEYS), pa.field("used_on", pa.date32()),
])  # fmt: skip
"""What makes two lines equal: the columns of distinct.sql but `line_id`."""
FOUND = pa.schema([*KEYS, *(pa.field(f.name, f.type) for f in tables.MATCHES.schema if f.name != "line_id")])
"""What the kernel gives for each distinct line."""
ROWS = 65_536
"""Distinct lines that are identified at once."""
_NO_DAY = pa.scalar(-719_162, pa.int32()).cast(pa.date32())


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker needs to identify lines, beside the lines."""

    prepared: Prepared
    policy: IdentifyPolicy
    decisions: pa.Table | None = None
    registrations: pa.Table | None = None


def matcher(task: Callable[[], Task]) -> Kernel:
    """The kernel: distinct lines in (`distinct_lines`), FOUND out. `task` is called once where the lines are."""

    def kernel(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        given = task()
        warm()
        for rows in gathered(batches, rows=ROWS):
            yield from found(rows, given).to_batches()

    return kernel


def found(rows: pa.Table, task: Task) -> pa.Table:
    """FOUND of some rows of `distinct_lines`."""
    keys = pa.table([rows.column(field.name).cast(field.type) for field in KEYS], schema=KEYS)
    matches = identify(
        as_usage(rows.column("line_id").cast(pa.string()), keys), task.prepared, task.policy,
        decisions=task.decisions, registrations=task.registrations,
    )  # fmt: skip
    columns = [*keys.columns, *(matches.column(name) for name in FOUND.names[len(KEYS) :])]
    return pa.table([column.cast(kind) for column, kind in zip(columns, FOUND.types, strict=True)], schema=FOUND)


def as_usage(line_ids: pa.ChunkedArray, keys: pa.Table) -> pa.Table:
    """A USAGE table of distinct lines; what identify does not look at is empty."""
    day = keys.column("used_on")
    stated = {name: keys.column(name) for name in KEYS.names} | {
        "line_id": line_ids,
        "used_at": pc.if_else(pc.equal(day, _NO_DAY), pa.scalar(None, pa.date32()), day).cast(pa.timestamp("s")),
    }
    return filled(tables.USAGE, stated, len(keys))


def identify_on(engine: Engine, kernel: Kernel, task: Task) -> None:
    """From the engine's `usage_lines` (USAGE) to its `matches` (MATCHES); `kernel` is `matcher` of the same task."""
    policy = task.policy
    senders = task.decisions is not None and task.decisions.num_rows > 0
    engine.run(
        __package__, "distinct.sql", senders=int(senders), languages=int(bool(policy.languages_out)),
        territories=int(bool(policy.territories)), period=int(bool(policy.period_from or policy.period_to)),
    )  # fmt: skip
    engine.map(kernel, "SELECT * FROM distinct_lines", "found", FOUND)
    engine.run(__package__, "matches.sql")

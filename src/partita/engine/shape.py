"""What every engine can do, so that a stage which runs on one runs on all of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from partita.engine.duck import Kernel


class Engine(Protocol):
    """Named tables, `.sql` scripts and kernels over them; `Duck` and `Spark` are engines."""

    def put(self, name: str, data: pa.Table | Path) -> None:
        """Names an Arrow table, or a Parquet file or folder, which is read lazily."""

    def run(self, package: str, *scripts: str, **values: str | int) -> None:
        """Runs `.sql` files of a package; `$name` in them is a value given here, as a literal."""

    def get(self, sql: str) -> pa.Table:
        """The rows of a query as an Arrow table."""

    def map(self, kernel: Kernel, source: str, into: str, schema: pa.Schema) -> None:
        """Names `into` the result of `kernel` over the batches of the query `source`."""

    def write(self, sql: str, path: Path, order: tuple[str, ...]) -> None:
        """Writes the rows of `sql`, totally ordered, as one Parquet file."""


def gathered(batches: Iterable[pa.RecordBatch], *, rows: int, megabytes: int = 64) -> Iterable[pa.Table]:
    """The batches of an engine, however small, as tables of about `rows` rows, or sooner of `megabytes`."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(b.num_rows for b in waiting) >= rows or sum(b.nbytes for b in waiting) >= megabytes << 20:
            yield pa.Table.from_batches(waiting)
            waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting)

"""DuckDB as the engine: Arrow tables in, `.sql` files, Arrow tables or sorted Parquet out.

One `Duck` is one session in memory: a database of its own in an engine that the process starts once for each number
of threads and each limit of memory, because starting one costs as much as ten queries. The engine spills to a folder
of its own; it opens no file by itself and no network.
"""

from __future__ import annotations

import atexit
import functools
import itertools
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa

from partita.engine import script

_NUMBERS = itertools.count(1)

Kernel = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]
"""Record batches in, record batches out: the shape of Spark's `mapInArrow`."""


class Duck:
    """A session. Used with `with`; tables live in it by name until it is closed."""

    def __init__(self, *, threads: int | None = None, memory: str | None = None) -> None:
        self._home = _home(threads, memory, os.getpid())
        self._name = f"session_{next(_NUMBERS)}"
        self._home.cursor().execute(f"ATTACH ':memory:' AS {self._name}")
        self._db = self._cursor()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()
        self._home.cursor().execute(f"DETACH {self._name}")

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        cursor = self._home.cursor()
        cursor.execute(f"USE {self._name}")
        return cursor

    def put(self, name: str, data: pa.Table | Path) -> None:
        """Names `data` in the session: an Arrow table as it is, or a Parquet file read lazily."""
        if isinstance(data, Path):
            self._db.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM {self.file(data)}")
        else:
            self._db.register(name, data)

    @staticmethod
    def file(path: Path) -> str:
        """A Parquet file as it stands in a FROM clause."""
        quoted = str(path).replace("'", "''")
        return f"read_parquet('{quoted}')"

    def run(self, package: str, *scripts: str, **values: str | int) -> None:
        """Runs `scripts` (`.sql` files of `package`) as one text; `$name` in it is a value given here, as a literal."""
        for statement in _statements(script.text(package, scripts, values)):
            self._db.execute(statement)

    def get(self, sql: str) -> pa.Table:
        """The rows of a query as an Arrow table."""
        return self._db.sql(sql).to_arrow_table()

    def batches(self, sql: str, *, batch_rows: int = 65_536) -> Iterator[pa.RecordBatch]:
        """The rows of a query batch by batch, never all at once."""
        yield from self._cursor().sql(sql).to_arrow_reader(batch_rows)

    def map(self, kernel: Kernel, source: str, into: str, schema: pa.Schema, *, batch_rows: int = 65_536) -> None:
        """`into` := `kernel` over the batches of the query `source`."""
        self._db.execute(f"CREATE OR REPLACE TABLE _source AS {source}")
        batches = self._cursor().sql("SELECT * FROM _source").to_arrow_reader(batch_rows)
        result = pa.RecordBatchReader.from_batches(schema, kernel(iter(batches)))
        self._db.register("_mapped", result)
        self._db.execute(f"CREATE OR REPLACE TABLE {into} AS SELECT * FROM _mapped")
        self._db.unregister("_mapped")
        self._db.execute("DROP TABLE _source")

    def write(self, sql: str, path: Path, order: tuple[str, ...]) -> None:
        """Writes the rows of `sql`, a plain SELECT, totally ordered, as Parquet: the same rows give the same bytes."""
        quoted = str(path).replace("'", "''")
        keys = ", ".join(order)
        self._db.execute(f"COPY ({sql} ORDER BY {keys}) TO '{quoted}' (FORMAT parquet, COMPRESSION zstd)")


@functools.cache
def _home(threads: int | None, memory: str | None, process: int) -> duckdb.DuckDBPyConnection:  # noqa: ARG001
    """The engine of this process for these settings; `process` keeps a forked child from using its parent's."""
    spill = tempfile.TemporaryDirectory(prefix="partita-spill-")
    atexit.register(spill.cleanup)
    config: dict[str, str | int] = {"temp_directory": spill.name, "autoinstall_known_extensions": "false",
                                    "autoload_known_extensions": "false"}  # fmt: skip
    if threads:
        config["threads"] = threads
    if memory:
        config["memory_limit"] = memory
    home = duckdb.connect(":memory:", config=config)
    home.execute("SET GLOBAL TimeZone = 'UTC'")
    return home


@functools.lru_cache(maxsize=256)
def _statements(sql: str) -> tuple[duckdb.Statement, ...]:
    """The statements of a script, parsed once in this process: parsing costs a tenth of a small distribution."""
    return tuple(duckdb.extract_statements(sql))

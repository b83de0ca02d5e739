"""Spark as the engine, through Spark Connect: any server that speaks it (Apache Spark, a managed one, Sail).

Scripts are written once, for DuckDB; sqlglot translates them here and nowhere else. Kernels run through `mapInArrow`,
so the workers need Partita too, in the same version. Tables go through a folder that this process, the server and its
workers all see.
"""

from __future__ import annotations

import functools
import importlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.parquet as pq

from partita import __version__
from partita.engine import script
from partita.engine.duck import Duck, Kernel
from partita.errors import InputError

ROWS_IN_PART = 50_000
"""Rows that a kernel gets in one task: enough to be worth a task, few enough to keep all cores at work to the end."""
WAIT_S = 20
NEEDED = ("pyspark.sql.connect", "grpc", "sqlglot")
_ERROR = re.compile(r"(\w+\.)*\w*(Error|Exception): ")
SETTINGS = {"spark.sql.ansi.enabled": "true", "spark.sql.session.timeZone": "UTC"}


class Spark:
    """A session on a Spark Connect server. Used with `with`; `workspace` is a folder that the workers see too."""

    def __init__(self, url: str, workspace: Path, *, rows_in_part: int = ROWS_IN_PART) -> None:
        """Raises InputError where the extra is not installed or no server answers at `url` (`sc://HOST:PORT`)."""
        require()
        reach(url)
        from pyspark.sql.connect.session import SparkSession  # noqa: PLC0415 - an optional extra

        self._folder, self._rows_in_part = workspace.resolve(), rows_in_part
        with _in_one_line():
            self._session = SparkSession.builder.remote(url).create()
            for name, value in SETTINGS.items():
                self._session.conf.set(name, value)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.stop()

    def put(self, name: str, data: pa.Table | Path) -> None:
        """Names an Arrow table, which is written to the workspace first, or a Parquet file or folder as it lies."""
        if isinstance(data, pa.Table):
            path = self._folder / f"{name}.parquet"
            pq.write_table(data, path, compression="zstd")
            data = path
        self._session.read.parquet(_uri(data.resolve())).createOrReplaceTempView(name)

    def run(self, package: str, *scripts: str, **values: str | int) -> None:
        """Runs `.sql` files of `package`, translated; `$name` in them is a value given here, as a literal."""
        with _in_one_line():
            for statement in translated(script.text(package, scripts, values)):
                self._session.sql(statement)

    def get(self, sql: str) -> pa.Table:
        """The rows of a query as an Arrow table."""
        with _in_one_line():
            return self._query(sql).toArrow()

    def map(self, kernel: Kernel, source: str, into: str, schema: pa.Schema) -> None:
        """Names `into` the result of `kernel` over the batches of the query `source`.

        The source is written to the workspace and divided by its size; the kernel runs when its result is asked for.
        """
        from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415 - an optional extra

        def on_worker(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            return kernel(batches)

        with _in_one_line():
            rows = self._written(source, self._folder / f"{into}.source")
            spread = rows.repartition(-(-rows.count() // self._rows_in_part) or 1)
            spread.mapInArrow(on_worker, from_arrow_schema(schema)).createOrReplaceTempView(into)

    def write(self, sql: str, path: Path, order: tuple[str, ...]) -> None:
        """Writes the rows of `sql`, totally ordered, as one Parquet file.

        The workers write their parts into the workspace; this process sorts them, on disk where memory is short.
        """
        parts = self._folder / f"{path.name}.parts"
        with _in_one_line():
            written = self._written(sql, parts)
        with Duck() as duck:
            if any(parts.glob("*.parquet")):
                duck.put("parts", parts / "*.parquet")
            else:
                duck.put("parts", written.toArrow())
            duck.write("SELECT * FROM parts", path, order)

    def _written(self, sql: str, folder: Path) -> Any:
        """The rows of a query as they lie in the folder; some servers write no file where there are no rows."""
        rows = self._query(sql)
        rows.write.mode("overwrite").parquet(_uri(folder))
        return self._session.read.schema(rows.schema).parquet(_uri(folder))

    def _query(self, sql: str) -> Any:
        return self._session.sql(*translated(sql))


def _uri(path: Path) -> str:
    """A path as Spark takes it; raises InputError for one that a server would read as a pattern, and find nothing."""
    if set(str(path)) & set("%*?[]{}\\"):
        raise InputError("Spark reads one of % * ? [ ] { } \\ as a pattern", file=str(path), mend="Use another folder")
    return f"file://{path}"


@contextmanager
def _in_one_line() -> Iterator[None]:
    """What Spark or a worker reports, as InputError: its own first line, without the stack of the server."""
    from pyspark.errors import PySparkException  # noqa: PLC0415 - an optional extra

    try:
        yield
    except PySparkException as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        last = next(
            (line for line in reversed(lines) if _ERROR.match(line)), lines[0] if lines else type(error).__name__
        )
        mend = f"Install partita {__version__} where the workers run" if "partita" in last else ""
        raise InputError(f"Spark could not do it: {last[:300]}", mend=mend) from error


def require() -> None:
    """Raises InputError, which says what to install, where the extra `spark` is not there."""
    for name in NEEDED:
        try:
            importlib.import_module(name)
        except ImportError:
            raise InputError(
                "Spark needs the optional extra `spark`, which is not installed", mend="pip install 'partita[spark]'"
            ) from None


def reach(url: str) -> None:
    """Waits for the server for some seconds (the client itself would for many minutes); raises InputError."""
    import grpc  # noqa: PLC0415 - an optional extra
    from pyspark.errors import PySparkException  # noqa: PLC0415
    from pyspark.sql.connect.client import DefaultChannelBuilder  # noqa: PLC0415

    try:
        channel = DefaultChannelBuilder(url).toChannel()
    except (PySparkException, ValueError):
        raise InputError("the address of the Spark server cannot be read", mend="Write sc://HOST:PORT") from None
    try:
        grpc.channel_ready_future(channel).result(timeout=WAIT_S)
    except grpc.FutureTimeoutError:
        place = urlsplit(url).netloc  # what follows it may hold a token
        raise InputError(
            f"no Spark Connect server answers at sc://{place}", mend="Start it, or check --spark"
        ) from None
    finally:
        channel.close()


@functools.lru_cache(maxsize=256)
def translated(sql: str) -> tuple[str, ...]:
    """The statements of a script of DuckDB's, as Spark writes them."""
    import sqlglot  # noqa: PLC0415 - an optional extra

    return tuple(statement for statement in sqlglot.transpile(sql, read="duckdb", write="spark") if statement)

"""Where `identify` runs: in the memory of this process, in DuckDB, or on Spark. The matches are the same."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from partita import identify, tables
from partita.engine import shared, spark
from partita.engine.duck import Duck
from partita.errors import InputError
from partita.identify import distributed
from partita.jobs.inputs import Progress

ORDER = ("line_id", "work_id", "outcome")


@dataclass(frozen=True, slots=True)
class Place:
    """An engine; for Spark its address and, where the workers are other machines, a folder that all of them see."""

    engine: str = "memory"
    spark: str = ""
    workspace: Path | None = None

    def check(self) -> None:
        """Raises InputError where this engine is not installed, or does not answer."""
        if self.engine == "spark":
            spark.require()
            spark.reach(self.spark)


MEMORY = Place()


def write_matches(
    place: Place, usage: pa.Table | Path, prepared: identify.Prepared, registrations: pa.Table, out: Path,
    progress: Progress,
) -> None:  # fmt: skip
    """Writes MATCHES of USAGE (a table, or Parquet as it lies) to the file `out`, sorted by line_id."""
    policy = identify.IdentifyPolicy()
    if place.engine == "memory" and isinstance(usage, pa.Table):
        matches = identify.identify(usage, prepared, policy, registrations=registrations, progress=progress)
        pq.write_table(tables.conform(matches, tables.MATCHES).sort_by("line_id"), out, compression="zstd")
        return
    task = distributed.Task(prepared, policy, registrations=registrations)
    progress("identify", 0, 1)
    if place.engine == "spark":
        _on_spark(place, usage, task, out)
    else:
        with Duck() as duck:
            duck.put("usage_lines", usage / "*.parquet" if isinstance(usage, Path) and usage.is_dir() else usage)
            distributed.identify_on(duck, distributed.matcher(lambda: task), task)
            duck.write("SELECT * FROM matches", out, ORDER)
    progress("identify", 1, 1)


def _on_spark(place: Place, usage: pa.Table | Path, task: distributed.Task, out: Path) -> None:
    with _workspace(place, out) as folder, spark.Spark(place.spark, folder) as engine:
        engine.put("usage_lines", usage)
        common = shared.share(task, folder / "task.bin")
        distributed.identify_on(engine, distributed.matcher(common.load), task)
        engine.write("SELECT * FROM matches", out, ORDER)


@contextmanager
def _workspace(place: Place, out: Path) -> Iterator[Path]:
    """A folder of this job's own in the workspace, or beside the result; gone when the job ends."""
    above = place.workspace or out.parent
    if not above.is_dir():
        raise InputError("there is no such folder", file=str(above), mend="Name one that the workers see too")
    with tempfile.TemporaryDirectory(prefix="partita-", dir=above) as folder:
        yield Path(folder)


def is_usage(path: Path) -> bool:
    """Whether a Parquet file, or every one of a folder, has the columns of USAGE already and needs no reading."""
    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    try:
        return bool(files) and all(_has_columns(pq.read_schema(file)) for file in files)
    except (pa.ArrowException, OSError):
        return False


def _has_columns(schema: pa.Schema) -> bool:
    types = dict(zip(schema.names, schema.types, strict=True))
    for field in tables.USAGE.schema:
        there = types.get(field.name, pa.null())
        moments = pa.types.is_timestamp(field.type) and pa.types.is_timestamp(there)  # Parquet has no whole seconds
        if there != field.type and not moments:
            return False
    return True

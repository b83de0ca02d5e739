"""The same (line, work, score) from every engine, however the lines are divided."""

# ruff: noqa: DTZ001 - days of use are local, and have no zone

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from partita import tables
from partita.cli.main import main
from partita.engine.duck import Duck
from partita.engine.shared import share
from partita.engine.spark import Spark
from partita.formats.usage import read
from partita.identify import IdentifyPolicy, distributed, identify, prepare
from partita.identify.distributed import Task, identify_on, matcher

sys.path.insert(0, str(Path(__file__).parent))
import identify_rows as rows

SCOPED = IdentifyPolicy(
    languages_out=("ja",), guess_language=True, territories=("TW",), period_from=date(2019, 1, 1),
    period_to=date(2019, 6, 30),
)  # fmt: skip


@pytest.fixture(scope="module")
def case(repository: Path) -> Iterator[tuple[pa.Table, pa.Table]]:
    """2,000 made-up works and 3,000 lines of them, some of which stand there several times."""
    sys.path.insert(0, str(repository))
    from benchmarks.identify_data import case as made  # noqa: PLC0415 - needs the path above

    case = made(11, 2_000, 2_500)
    again = case.usage.slice(0, 500)
    ids = pa.array([f"again-{i}" for i in range(500)])
    yield case.repertoire, pa.concat_tables([case.usage, again.set_column(0, again.schema.field(0), ids)])
    sys.path.remove(str(repository))


def with_scopes(usage: pa.Table) -> pa.Table:
    """The lines with days, languages and territories, each of which differs between equal lines."""
    count = len(usage)
    changed = {
        "used_at": [(None, datetime(2019, 3, 1, 23, 59), datetime(2019, 7, 1))[i % 3] for i in range(count)],
        "language": [("ja", None, "")[i % 5 % 3] for i in range(count)],
        "territory": [("TW", None, "HK", "")[i % 7 % 4] for i in range(count)],
    }
    for name, values in changed.items():
        at = usage.schema.get_field_index(name)
        usage = usage.set_column(at, usage.schema.field(name), pa.array(values, usage.schema.field(name).type))
    return usage


def triples(matches: pa.Table) -> list[dict[str, object]]:
    """Everything that was said of each line, by line."""
    return tables.conform(matches, tables.MATCHES).sort_by("line_id").to_pylist()


def on_duckdb(usage: pa.Table, task: Task, folder: Path) -> pa.Table:
    """The lines identified on DuckDB."""
    with Duck() as duck:
        duck.put("usage_lines", usage)
        identify_on(duck, matcher(lambda: task), task)
        duck.write("SELECT * FROM matches", folder / "duckdb.parquet", ("line_id",))
    return pq.read_table(folder / "duckdb.parquet")


def on_spark(url: str, usage: pa.Table, task: Task, folder: Path, rows_in_part: int) -> pa.Table:
    """The lines identified on a Spark server, so many to a task."""
    with Spark(url, folder, rows_in_part=rows_in_part) as spark:
        spark.put("usage_lines", usage)
        identify_on(spark, matcher(share(task, folder / "task.bin").load), task)
        spark.write("SELECT * FROM matches", folder / "spark.parquet", ("line_id",))
    return pq.read_table(folder / "spark.parquet")


def test_duckdb_says_what_memory_says(case: tuple[pa.Table, pa.Table], tmp_path: Path) -> None:
    """Distinct lines by SQL, the kernel, and back: each line as `identify` says it, in small helpings too."""
    works, usage = case
    task = Task(prepare(works), IdentifyPolicy())
    assert triples(on_duckdb(usage, task, tmp_path)) == triples(identify(usage, task.prepared))


@pytest.mark.parametrize("rows_in_part", [400, 50_000])
def test_sail_says_what_memory_says(
    case: tuple[pa.Table, pa.Table], sail: str, tmp_path: Path, rows_in_part: int
) -> None:
    """On Spark Connect too, whether the lines come in one part or in many."""
    works, usage = case
    task = Task(prepare(works), IdentifyPolicy())
    assert triples(on_spark(sail, usage, task, tmp_path, rows_in_part)) == triples(identify(usage, task.prepared))


def test_apache_spark_says_what_memory_says(case: tuple[pa.Table, pa.Table], apache_spark: str, tmp_path: Path) -> None:
    """Apache Spark itself, with its own workers."""
    works, usage = case
    task = Task(prepare(works), IdentifyPolicy())
    assert triples(on_spark(apache_spark, usage, task, tmp_path, 1_500)) == triples(identify(usage, task.prepared))


def test_scope_is_decided_line_by_line(case: tuple[pa.Table, pa.Table], sail: str, tmp_path: Path) -> None:
    """Equal titles used on other days, in other places or languages are not one line where the policy looks at that."""
    works, usage = case
    usage = with_scopes(usage.slice(2_000, 800))
    task = Task(prepare(works), SCOPED)
    expected = triples(identify(usage, task.prepared, SCOPED))
    assert {row["rule"] for row in expected} >= {"period", "territory", "language"}
    assert triples(on_duckdb(usage, task, tmp_path)) == expected
    assert triples(on_spark(sail, usage, task, tmp_path, 300)) == expected


def test_decisions_reach_the_workers(works: pa.Table, sail: str, tmp_path: Path) -> None:
    """What people decided of a sender's lines is decided so on every engine, and of that sender's lines alone."""
    usage = rows.usage(*(
        {"title": title, "list": name, "sender_number": number}
        for title in ("心愿", "夜來香", "愛情") for name in ("chain-a", "chain-b") for number in (None, "S1")
    ))  # fmt: skip
    decided = {"decision_id": "1", "recorded_at": datetime(2020, 1, 1), "recorded_by": "a reviewer", "kind": "same",
               "list": "chain-a", "sender_number": "S1", "title": "夜來香", "work_id": "W05"}  # fmt: skip
    row = {c.name: decided.get(c.name, [] if c.type == tables.TEXTS else "") for c in tables.DECISIONS.columns}
    decisions = pa.Table.from_pylist([row], schema=tables.DECISIONS.schema)
    task = Task(prepare(works, decisions), IdentifyPolicy(), decisions)
    expected = triples(identify(usage, task.prepared, decisions=decisions))
    assert "W05" in {row["work_id"] for row in expected}
    assert triples(on_duckdb(usage, task, tmp_path)) == expected
    assert triples(on_spark(sail, usage, task, tmp_path, 5)) == expected


def test_every_column_that_identify_reads_makes_lines_distinct() -> None:
    """A column that USAGE gains must be placed: a key of distinct.sql, or one that says nothing of the work."""
    silent = {"line_id", "category", "plays", "seconds", "weight", "file", "line"}
    keys = {"used_at" if name == "used_on" else name for name in distributed.KEYS.names}
    assert keys | silent == {column.name for column in tables.USAGE.columns}


def test_the_command_line_says_the_same_on_every_engine(
    case: tuple[pa.Table, pa.Table], sail: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`partita identify` writes the same rows; a list that has all columns already is read by the engine itself."""
    works, usage = case
    pq.write_table(works, tmp_path / "works.parquet")
    pq.write_table(usage, tmp_path / "raw.parquet")
    pq.write_table(read(tmp_path / "raw.parquet", name="log").table, tmp_path / "log.parquet")
    monkeypatch.setenv("SPARK_REMOTE", sail)
    found = {}
    for engine in ("memory", "duckdb", "spark"):
        words = ["identify", "--repertoire", "works.parquet", "--usage", "log.parquet", "-o", f"{engine}.parquet"]
        with monkeypatch.context() as inside:
            inside.chdir(tmp_path)
            result = CliRunner().invoke(main, [*words, "--engine", engine, "--json"])
        assert result.exit_code == 0, result.output
        assert (json.loads(result.stdout)["files"][1]["sha256"] == "") == (engine != "memory")
        found[engine] = pq.read_table(tmp_path / f"{engine}.parquet")
    assert triples(found["duckdb"]) == triples(found["memory"])
    assert triples(found["spark"]) == triples(found["memory"])
    assert sorted(p.name for p in tmp_path.iterdir() if not p.name.endswith(".parquet")) == []


def test_spark_without_an_address_is_bad_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line says what to give."""
    monkeypatch.delenv("SPARK_REMOTE", raising=False)
    result = CliRunner().invoke(main, ["identify", "--repertoire", "a", "--usage", "b", "-o", "c", "--engine", "spark"])
    assert result.exit_code == 2
    assert "--spark sc://HOST:PORT" in result.stderr


@pytest.mark.slow
def test_the_bench_is_the_same_on_every_engine(shared: Path, sail: str, tmp_path: Path) -> None:
    """100,000 lines against 151,066 works: the same triples from memory, DuckDB and Spark Connect."""
    works, usage = bench(shared)
    task = Task(prepare(works), IdentifyPolicy())
    expected = identify(usage, task.prepared).sort_by("line_id")
    for found in (on_duckdb(usage, task, tmp_path), on_spark(sail, usage, task, tmp_path, 50_000)):
        assert tables.conform(found, tables.MATCHES).equals(expected)


def bench(shared: Path) -> tuple[pa.Table, pa.Table]:
    """The measuring data as tables of the contract."""
    works = pq.read_table(shared / "data/bench_repertoire.parquet").to_pylist()
    lines = pq.read_table(shared / "data/bench_usage_100k.parquet").to_pylist()

    def parts(text: str | None, between: str) -> list[str]:
        return [part for part in (text or "").split(between) if part]

    repertoire = rows.repertoire(*(
        {"work_id": str(w["work_id"]), "title": w["title"], "alt_titles": parts(w["alt_titles"], " ; "),
         "performers": parts(w["artist"], " / "), "writers": parts(w["writers"], " / ")} for w in works
    ))  # fmt: skip
    usage = rows.usage(*(
        {"line_id": str(n["line"]), "title": n["title"], "performers": parts(n["artist"], " / "),
         "writers": parts(n["writers"], " / ")} for n in lines
    ))  # fmt: skip
    return repertoire, usage

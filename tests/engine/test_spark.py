"""What one engine does, the others do: DuckDB, Sail and, where it is installed, Apache Spark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from partita.engine import shared, spark
from partita.engine.duck import Duck, Kernel
from partita.engine.shape import Engine, gathered
from partita.engine.shared import share
from partita.engine.spark import Spark
from partita.errors import InputError

SONGS = pa.table({
    "song": ["望春風", "雨夜花", "it's", "", "nul\0nul", "😀"], "plays": [3, 1, 2, 0, 5, 7],
    "names": [["純純"], [], ["a", "b"], [""], ["純純"], [None]], "note": [None, "x", None, "", "y", "z"],
})  # fmt: skip


@pytest.fixture(params=["duckdb", "sail", "apache_spark"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Each engine in turn, with a workspace whose name has a blank and Chinese in it."""
    if request.param == "duckdb":
        with Duck() as duck:
            yield duck
        return
    folder = tmp_path / "new user 新手"
    folder.mkdir()
    with Spark(request.getfixturevalue(request.param), folder, rows_in_part=2) as session:
        yield session


def doubling() -> Kernel:
    """A kernel: twice the plays. Made in a function, for a worker cannot import this module."""

    def doubled(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            plays = pc.multiply(batch.column("plays").cast(pa.int64()), 2)
            yield pa.RecordBatch.from_arrays([batch.column("song").cast(pa.string()), plays], names=["song", "plays"])

    return doubled


def rows(table: pa.Table) -> list[tuple[object, ...]]:
    """The rows of a table in a fixed order."""
    return sorted((tuple(map(repr, row.values())) for row in table.to_pylist()), key=str)


def test_tables_come_back_as_they_went(engine: Engine) -> None:
    """Texts of every kind, lists, nulls and integers survive the way there and back."""
    engine.put("songs", SONGS)
    found = engine.get("SELECT song AS song, plays AS plays, names AS names, note AS note FROM songs")
    assert rows(found) == rows(SONGS)


def test_scripts_run_with_values_as_literals(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A value with a quote is text, whole numbers divide as whole numbers, and a sum of nothing is null."""
    sql = (
        "CREATE OR REPLACE TEMP VIEW chosen AS SELECT song AS song, plays // $by AS half FROM songs WHERE song = $song;"
        " CREATE OR REPLACE TEMP VIEW total AS SELECT CAST(SUM(half) AS BIGINT) AS half FROM chosen;"
    )
    monkeypatch.setattr("partita.engine.script.resources.files", lambda _package: Text(sql))
    engine.put("songs", SONGS)
    for song, expected in (("it's", 1), ("望春風", 1), ("x' OR '1' = '1", None)):
        engine.run("any", "any.sql", song=song, by=2)
        assert engine.get("SELECT * FROM total").to_pylist() == [{"half": expected}]


class Text:
    """A package of one script."""

    def __init__(self, sql: str) -> None:
        self.sql = sql

    def joinpath(self, _name: str) -> Text:
        """The script."""
        return self

    def read_text(self, **_how: str) -> str:
        """Its text."""
        return self.sql


def test_a_kernel_sees_every_row_once(engine: Engine, tmp_path: Path) -> None:
    """However the rows are divided, the kernel's result is whole, typed as promised, and written in order."""
    engine.put("songs", SONGS)
    engine.map(doubling(), "SELECT song AS song, plays AS plays FROM songs", "twice", SONGS.select([0, 1]).schema)
    engine.write("SELECT * FROM twice", tmp_path / "twice.parquet", ("plays", "song"))
    written = pq.read_table(tmp_path / "twice.parquet")
    assert written.column("plays").to_pylist() == [0, 2, 4, 6, 10, 14]
    assert written.schema.types == [pa.string(), pa.int64()]


def test_no_rows_are_a_table_too(engine: Engine, tmp_path: Path) -> None:
    """A kernel over nothing gives nothing, with its columns."""
    engine.put("songs", SONGS.slice(0, 0))
    engine.map(doubling(), "SELECT song AS song, plays AS plays FROM songs", "twice", SONGS.select([0, 1]).schema)
    engine.write("SELECT * FROM twice", tmp_path / "twice.parquet", ("plays",))
    assert pq.read_table(tmp_path / "twice.parquet").to_pydict() == {"song": [], "plays": []}


def test_what_fails_on_a_worker_is_said_in_one_line(sail: str, tmp_path: Path) -> None:
    """A kernel that fails reaches the user as one line, not as the stack of a server."""

    def failing(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        raise ValueError(f"no kernel can read {next(batches).num_rows} rows")

    with Spark(sail, tmp_path) as session:
        session.put("songs", SONGS)
        session.map(failing, "SELECT song AS song FROM songs", "broken", pa.schema([("song", pa.string())]))
        with pytest.raises(InputError, match=r"Spark could not do it: .*no kernel can read 6 rows") as failure:
            session.get("SELECT * FROM broken")
    assert "\n" not in str(failure.value)


def test_a_server_that_is_not_there_is_said_soon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line that names the server, without the token in its address."""
    monkeypatch.setattr(spark, "WAIT_S", 0.2)
    with pytest.raises(InputError, match=r"no Spark Connect server answers at sc://127\.0\.0\.1:1\. ") as failure:
        Spark("sc://127.0.0.1:1/;token=secret", tmp_path)
    assert "secret" not in str(failure.value)
    with pytest.raises(InputError, match="sc://HOST:PORT"):
        Spark("http://127.0.0.1:1", tmp_path)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One line, and no stack."""
    monkeypatch.setattr(spark, "NEEDED", ("no_such_package",))
    with pytest.raises(InputError, match=r"pip install 'partita\[spark\]'"):
        Spark("sc://127.0.0.1:1", tmp_path)


def test_a_workspace_that_reads_as_a_pattern_is_refused(sail: str, tmp_path: Path) -> None:
    """A server would find nothing there, and say nothing."""
    (tmp_path / "a%41").mkdir()
    with Spark(sail, tmp_path / "a%41") as session, pytest.raises(InputError, match="as a pattern"):
        session.put("songs", SONGS)


def test_a_shared_value_is_mapped_not_copied(tmp_path: Path) -> None:
    """It comes back equal; its arrays lie in the file, where nobody can write."""
    value = {"big": np.arange(100_000), "odd": np.array(["a", "bc"]), "table": SONGS, "few": [1, "x"]}
    loaded = share(value, tmp_path / "value.bin").load()
    assert loaded["few"] == [1, "x"]
    assert loaded["table"].equals(SONGS)
    assert (loaded["big"] == value["big"]).all()
    assert not loaded["big"].flags.owndata
    assert not loaded["big"].flags.writeable


def test_a_shared_value_is_loaded_once(tmp_path: Path) -> None:
    """All tasks of a worker use the same value; another job's takes its place."""
    first, second = share([1], tmp_path / "first.bin"), share([2], tmp_path / "second.bin")
    assert first.load() is first.load()
    assert second.load() == [2]
    assert list(shared._LOADED) == [second]  # noqa: SLF001 - how many are kept


def test_a_shared_value_that_was_changed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other bytes at its place, or another version of Partita, stop the worker before anything is believed."""
    common = share(np.arange(100), tmp_path / "value.bin")
    monkeypatch.setattr(shared, "__version__", "99")
    with pytest.raises(RuntimeError, match="partita 99"):
        common.load()
    monkeypatch.undo()
    data = bytearray((tmp_path / "value.bin").read_bytes())
    data[10] ^= 1
    (tmp_path / "value.bin").write_bytes(data)
    with pytest.raises(RuntimeError, match="not what the job wrote"):
        common.load()


def test_small_batches_are_gathered_within_bounds() -> None:
    """Up to so many rows, or so many bytes: long texts come in smaller tables."""
    short = [pa.record_batch({"title": ["x"] * 10})] * 10
    assert [t.num_rows for t in gathered(short, rows=35)] == [40, 40, 20]
    long = [pa.record_batch({"title": ["x" * 300_000] * 2})] * 5
    assert [t.num_rows for t in gathered(long, rows=1_000, megabytes=1)] == [4, 4, 2]
    assert list(gathered([], rows=10)) == []

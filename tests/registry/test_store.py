"""Opening a registry: made, brought up to date, or refused with what is wrong; passwords are never shown."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from registry_rows import moment, work

from partita.errors import InputError
from partita.registry import record, schema
from partita.registry.store import Store, open_store


def test_what_is_recorded_is_there_again(tmp_path: Path) -> None:
    """A registry is made where there is none, and opened again with what it held, by path or by URL."""
    store = open_store(tmp_path / "registry.db")
    record.add(store, "works", [work("w")], "clerk", moment(1))
    store.close()
    for where in (tmp_path / "registry.db", str(tmp_path / "registry.db"), f"sqlite:///{tmp_path}/registry.db"):
        again = open_store(where, create=False)
        with again.reading() as run:
            assert run("SELECT work_id FROM works") == [("w",)]
        again.close()


def test_the_migrations_make_what_the_program_expects(store: Store) -> None:
    """After all migrations the database has the tables, columns and indexes of `schema`, and its newest version."""
    script = ScriptDirectory.from_config(config())
    assert script.get_current_head() == schema.VERSION
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": schema.VERSION_TABLE})
        assert compare_metadata(context, schema.metadata) == []
        connection.rollback()


def config() -> Config:
    """Alembic's settings for the registry's migrations."""
    made = Config()
    made.set_main_option("script_location", "partita.registry:migrations")
    return made


def test_a_newer_registry_is_refused(tmp_path: Path) -> None:
    """A registry that a newer program wrote is not touched."""
    open_store(tmp_path / "registry.db").close()
    with sqlite3.connect(tmp_path / "registry.db") as connection:
        connection.execute(f"UPDATE {schema.VERSION_TABLE} SET version_num = '9001'")
    with pytest.raises(InputError, match=r"registry\.db: the registry has version '9001', which is newer than"):
        open_store(tmp_path / "registry.db")


def test_a_file_that_is_no_registry_is_refused(tmp_path: Path) -> None:
    """Text, another program's database, a folder, a missing file or folder: refused, and left as it is."""
    (tmp_path / "notes.txt").write_text("not a database", encoding="utf-8")
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE photos (id INTEGER)")
    for name, said in [("notes.txt", "no registry, nor any SQLite"), ("other.db", "something else (photos)"),
                       (".", "this is a folder"), ("no/registry.db", "the folder does not exist")]:  # fmt: skip
        with pytest.raises(InputError) as refused:
            open_store(tmp_path / name)
        assert said in str(refused.value)
    with pytest.raises(InputError, match="there is no registry"):
        open_store(tmp_path / "absent.db", create=False)
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "not a database"
    assert not (tmp_path / "absent.db").exists()


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    """A file that only begins like SQLite is refused in one line."""
    (tmp_path / "torn.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 2000)
    with pytest.raises(InputError, match=r"torn\.db: the registry's database says"):
        open_store(tmp_path / "torn.db")


def test_an_empty_file_becomes_a_registry(tmp_path: Path) -> None:
    """An empty file is an empty database; it becomes a registry, unless none may be made."""
    (tmp_path / "registry.db").touch()
    with pytest.raises(InputError, match="there is no registry"):
        open_store(tmp_path / "registry.db", create=False)
    open_store(tmp_path / "registry.db").close()
    open_store(tmp_path / "registry.db", create=False).close()


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("mysql://clerk:secret@host/registry", "kept in SQLite or PostgreSQL, not in 'mysql'"),
        ("sqlite://", "kept in SQLite or PostgreSQL"),
        ("sqlite:///:memory:", "kept in SQLite or PostgreSQL"),
        ("postgresql://clerk:secret@127.0.0.1:1/registry", "connection failed"),
        ("postgresql://clerk:secret@host:port/registry", "the registry's address cannot be read"),
    ],
)
def test_an_address_that_leads_nowhere(where: str, said: str) -> None:
    """Addresses that are none, or where no server answers, are refused in one line, without the password."""
    with pytest.raises(InputError) as refused:
        open_store(where)
    assert said in str(refused.value)
    assert "secret" not in str(refused.value)


def test_a_password_is_never_shown(cluster: Path, postgresql: Callable[[str], str]) -> None:
    """The name of an open registry has no password, nor has its representation."""
    postgresql("passworded")
    store = open_store(f"postgresql://postgres:secret@/passworded?host={cluster}")
    assert "secret" not in store.name + repr(store) + str(store.engine.url)
    store.close()


def test_a_database_of_something_else_is_refused(postgresql: Callable[[str], str]) -> None:
    """A PostgreSQL database that holds other tables is not written into."""
    url = postgresql("something_else")
    engine = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS photos (id integer)")
    engine.dispose()
    with pytest.raises(InputError, match=r"something else \(photos\)"):
        open_store(url)


def test_many_may_make_one_registry_at_once(tmp_path: Path, postgresql: Callable[[str], str]) -> None:
    """Of several that open an absent registry at the same moment one makes it, the others wait and use it."""
    for where in (str(tmp_path / "registry.db"), postgresql("at_once")):
        opened: list[str] = []

        def make(where: str = where, opened: list[str] = opened) -> None:
            store = open_store(where)
            with store.reading() as run:
                opened.append(run(f"SELECT version_num FROM {schema.VERSION_TABLE}")[0][0])
            store.close()

        threads = [threading.Thread(target=make) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert opened == [schema.VERSION] * 4


def test_a_server_that_went_away_is_said(postgresql: Callable[[str], str]) -> None:
    """When the server ends a connection the next look-up fails in one line, and the one after it works again."""
    url = postgresql("cut_off")
    store = open_store(url)
    with store.reading() as run:
        number = run("SELECT pg_backend_pid()")[0][0]
    other = open_store(url)
    with other.reading() as run:
        run("SELECT pg_terminate_backend(?)", (number,))
    with pytest.raises(InputError, match="the registry's database says"), store.reading() as run:
        run("SELECT 1")
    with store.reading() as run:
        assert run("SELECT 1") == [(1,)]
    store.close()
    other.close()


@pytest.mark.parametrize(
    "where", ["postgresql://u:hidden@127.0.0.1:1/d", "postgresql://u@127.0.0.1:1/d?password=hidden"]
)
def test_a_password_is_never_shown_wherever_it_stands(where: str) -> None:
    """A server that is not there is named without the password, before the host or behind the question mark."""
    with pytest.raises(InputError) as failed:
        open_store(where)
    assert "127.0.0.1" in str(failed.value)
    assert "hidden" not in str(failed.value)

"""Registries for the tests: the same tests on SQLite and on a PostgreSQL server of their own, thrown away after."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from partita.registry import schema
from partita.registry.store import Store, open_store

sys.path.insert(0, str(Path(__file__).parent))

Fresh = Callable[[], Store]
"""Opens an empty registry; the one opened before is of no more use."""


def _program(name: str) -> str | None:
    """A program of PostgreSQL's server, which Debian keeps off the PATH."""
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(kept[-1]) if kept else None)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Path]:
    """The socket's folder of a PostgreSQL server; skipped where there is none, unless PARTITA_REQUIRE_SERVERS=1."""
    programs = [_program("initdb"), _program("pg_ctl")]
    if not all(programs):
        if os.environ.get("PARTITA_REQUIRE_SERVERS") == "1":
            pytest.fail("no PostgreSQL server is installed, and PARTITA_REQUIRE_SERVERS=1 asks for one")
        pytest.skip("no PostgreSQL server: install the package `postgresql` to test the registry on it too")
    initdb, pg_ctl = map(str, programs)
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        # PostgreSQL refuses to run as root.
        who: Any = {}
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
            who = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}

        def call(*command: str) -> None:
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **who)
            assert done.returncode == 0, done.stdout + done.stderr

        data = folder / "data"
        call(initdb, "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        settings = f"-k {folder} -c listen_addresses= -c fsync=off -c shared_buffers=32MB -c max_connections=50"
        call(pg_ctl, "-D", str(data), "-l", str(folder / "log"), "-o", settings, "-w", "start")
        yield folder
        call(pg_ctl, "-D", str(data), "-m", "immediate", "-w", "stop")


@pytest.fixture(scope="session")
def postgresql(cluster: Path) -> Callable[[str], str]:
    """The URL of a database of the server, by its name; it is made where it is not there."""
    import psycopg  # noqa: PLC0415 - an extra

    def url(name: str) -> str:
        with psycopg.connect(f"host={cluster} user=postgres dbname=postgres", autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
            if not known:
                connection.execute(f"CREATE DATABASE {name}")
        return f"postgresql://postgres@/{name}?host={cluster}"

    return url


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fresh]:
    """Empty registries of either kind, one at a time."""
    opened: list[Store] = []
    numbers = count()
    if request.param == "sqlite":
        folder = tmp_path_factory.mktemp("registries")
        open_store(folder / "template.db").close()

        def make() -> Store:
            return open_store(shutil.copy(folder / "template.db", folder / f"r{next(numbers)}.db"))

    else:
        kept = open_store(request.getfixturevalue("postgresql")("registry"))

        def make() -> Store:
            # The triggers refuse to delete anything from anybody who does not switch them off.
            names = ", ".join([*schema.TABLES, "entries"])
            with kept.engine.begin() as connection:
                connection.exec_driver_sql("SET session_replication_role = replica")
                connection.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY")
                connection.exec_driver_sql("SET session_replication_role = DEFAULT")
            return kept

    def one() -> Store:
        while opened:
            opened.pop().close()
        opened.append(make())
        return opened[-1]

    yield one
    for store in opened:
        store.close()


@pytest.fixture
def store(fresh: Fresh) -> Store:
    """An empty registry."""
    return fresh()

"""The registry's database: opened, made where there is none, brought up to date; reading and writing transactions.

SQLite by default (one file), PostgreSQL for many users at once. Readers see one consistent state and never wait;
writers wait for each other. Statements are written once, with `?` for each value, and run on the driver's own cursor: a
look-up takes less time than an ORM would take to write its statement.
"""

from __future__ import annotations

import importlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from partita.errors import InputError
from partita.registry import schema

BUSY_S = 30
"""Seconds for which a writer waits for another one."""

Run = Callable[..., list[tuple[Any, ...]]]
"""Runs one statement with its values; gives its rows."""

KEPT = "the registry keeps what was recorded"
"""How the triggers begin that refuse to change or delete a row."""

_PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "cache_size = -65536", "mmap_size = 2147418112")
"""Of each connection to SQLite; a mapped file spares a look-up a tenth of its time."""

_SIGNATURE = b"SQLite format 3\0"
_LOCK = 7_261_408_115
"""The advisory lock of PostgreSQL under which the tables are made."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one kind of database differs from the other: how transactions begin, the sign of a value."""

    name: str
    begin_reading: str
    begin_writing: tuple[str, ...]
    sign: str


SQLITE = Dialect("sqlite", "BEGIN", ("BEGIN IMMEDIATE",), "?")
POSTGRESQL = Dialect(
    "postgresql",
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    ("BEGIN", "LOCK TABLE entries IN EXCLUSIVE MODE"),
    "%s",
)


@dataclass(frozen=True, slots=True)
class Store:
    """An open registry. `name` is where it is, without a password. Used by several threads, each has a connection."""

    name: str
    engine: sa.Engine
    dialect: Dialect
    _local: threading.local = field(default_factory=threading.local)

    @contextmanager
    def reading(self) -> Iterator[Run]:
        """A transaction that sees one state of the registry; raises InputError where the database fails."""
        with self._transaction((self.dialect.begin_reading,)) as cursor:
            yield _runner(cursor, self.dialect.sign)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """A transaction that no other writer runs beside; all of it is kept, or (on any error) nothing."""
        with self._transaction(self.dialect.begin_writing) as cursor:
            yield Writer(cursor, self.dialect)

    def close(self) -> None:
        """Closes this thread's connection and those that wait to be used."""
        self._drop()
        self.engine.dispose()

    @contextmanager
    def _transaction(self, begin: Sequence[str]) -> Iterator[Any]:
        try:
            cursor = self._cursor()
            for statement in begin:
                cursor.execute(statement)
            yield cursor
            cursor.execute("COMMIT")
        except BaseException as error:
            self._undo()
            if isinstance(error, _errors()):
                raise _failed(self.name, error) from None
            raise

    def _cursor(self) -> Any:
        """A cursor on this thread's own connection; one that another process opened is not used."""
        if getattr(self._local, "process", None) != os.getpid():
            held = self.engine.raw_connection()
            connection: Any = held.driver_connection
            held.detach()
            if self.dialect is POSTGRESQL:
                connection.autocommit = True
            # Closing here what a parent process opened could end its transaction; it is kept and never touched.
            self._local.inherited = getattr(self._local, "connection", None)
            self._local.connection, self._local.cursor = connection, connection.cursor()
            self._local.process = os.getpid()
        return self._local.cursor

    def _undo(self) -> None:
        """Takes back an open transaction; a connection on which that fails is of no more use."""
        if getattr(self._local, "process", None) == os.getpid():
            try:
                if self.dialect is POSTGRESQL or self._local.connection.in_transaction:
                    self._local.cursor.execute("ROLLBACK")
            except _errors():
                self._drop()

    def _drop(self) -> None:
        if getattr(self._local, "process", None) == os.getpid():
            self._local.connection.close()
        self._local.process = None


@dataclass(slots=True)
class Writer:
    """A writing transaction: runs statements, and inserts many rows in the way that is fastest."""

    cursor: Any
    dialect: Dialect

    def run(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Runs one statement; gives its rows, none where it has none."""
        return _runner(self.cursor, self.dialect.sign)(statement, values)

    def many(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Runs one statement for each row of values."""
        self.cursor.executemany(_signed(statement, self.dialect.sign), rows)

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Adds rows: days and moments as ISO 8601 text, on both kinds of database."""
        names = ", ".join(columns)
        if self.dialect is POSTGRESQL:
            with self.cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            self.many(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})", rows)


def open_store(where: str | Path, *, create: bool = True) -> Store:
    """The registry at `where`: a file's path, or a URL `sqlite:///FILE` or `postgresql://USER@HOST/DATABASE`.

    What is empty or absent is made (unless `create` is false), what is older is brought up to date. Raises InputError
    for what is no registry, was written by a newer program, or cannot be reached; a password is never shown.
    """
    url, dialect = _address(where)
    shown = url.set(query={})  # libpq takes a password there too
    name = shown.render_as_string(hide_password=True) if dialect is POSTGRESQL else str(url.database)
    if dialect is SQLITE:
        _look(Path(name), create=create)
    try:
        engine = _engine(url, dialect)
        _prepare(engine, dialect, name, create=create)
    except _errors() as error:
        raise _failed(name, error) from None
    return Store(name, engine, dialect)


def _address(where: str | Path) -> tuple[sa.URL, Dialect]:
    text = str(where)
    if "://" not in text:
        return sa.URL.create("sqlite", database=text), SQLITE
    mend = "Write a file's path, or postgresql://USER@HOST/DATABASE"
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        raise InputError("the registry's address cannot be read", mend=mend) from None
    if url.drivername == "sqlite" and url.database and url.database != ":memory:":
        return sa.URL.create("sqlite", database=url.database), SQLITE
    if url.drivername in {"postgresql", "postgres", "postgresql+psycopg"}:
        if importlib.util.find_spec("psycopg") is None:
            raise InputError("PostgreSQL needs a driver that is not installed", mend="Install partita[postgres]")
        return url.set(drivername="postgresql+psycopg"), POSTGRESQL
    raise InputError(f"a registry is kept in SQLite or PostgreSQL, not in {url.drivername[:40]!r}", mend=mend)


def _look(path: Path, *, create: bool) -> None:
    """Refuses a file that is no SQLite database, before anything is written into it."""
    try:
        if path.is_dir():
            raise InputError("this is a folder", file=str(path), mend="Name the registry's file in it")
        if not path.exists():
            if not create:
                raise InputError("there is no registry", file=str(path), mend="Check its name")
            if not path.absolute().parent.is_dir():
                raise InputError("the folder does not exist", file=str(path), mend="Make it first")
            return
        with path.open("rb") as file:
            head = file.read(len(_SIGNATURE))
    except OSError as error:
        raise InputError(error.strerror or str(error), file=str(path), mend="Check that you may read it") from None
    if head and head != _SIGNATURE:
        raise InputError("this is no registry, nor any SQLite database", file=str(path), mend="Check its name")


def _engine(url: sa.URL, dialect: Dialect) -> sa.Engine:
    if dialect is POSTGRESQL:
        return sa.create_engine(url, connect_args={"connect_timeout": 10, "application_name": "partita"})
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_S, "cached_statements": 512})

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _prepare(engine: sa.Engine, dialect: Dialect, name: str, *, create: bool) -> None:
    with engine.connect() as connection:
        found = _version(connection, name)
    if found == schema.VERSION:
        return
    if found is None and not create:
        raise InputError("there is no registry", file=name, mend="Check its name")
    with engine.begin() as connection:
        if dialect is POSTGRESQL:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        _migrate(connection, _version(connection, name), name)


def _version(connection: sa.Connection, name: str) -> str | None:
    """The registry's version, None for an empty database; raises InputError for a database of something else."""
    found = sa.inspect(connection)
    names = set(found.get_table_names())
    if schema.VERSION_TABLE in names:
        versions = connection.exec_driver_sql(f"SELECT version_num FROM {schema.VERSION_TABLE}").scalars().all()
        return str(versions[0]) if versions else None
    if names:
        shown = ", ".join(sorted(names)[:5])
        mend = "Name another file, or an empty database"
        raise InputError(
            f"the database is no registry: it holds tables of something else ({shown})", file=name, mend=mend
        )
    return None


def _migrate(connection: sa.Connection, version: str | None, name: str) -> None:
    # Alembic takes a fifth of a second to load, and is needed once in a registry's life.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "partita.registry:migrations")
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version not in known:
        reason = f"the registry has version {version[:40]!r}, which is newer than this program ({schema.VERSION})"
        raise InputError(reason, file=name, mend="Use the Partita that wrote it, or a newer one")
    command.upgrade(config, "head")


@cache
def _signed(statement: str, sign: str) -> str:
    return statement if sign == "?" else statement.replace("?", sign)


def _runner(cursor: Any, sign: str) -> Run:
    def run(statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        cursor.execute(_signed(statement, sign), values)
        return cursor.fetchall() if cursor.description else []

    return run


@cache
def _errors() -> tuple[type[Exception], ...]:
    """What the drivers raise."""
    found: tuple[type[Exception], ...] = (sqlite3.Error, sa.exc.SQLAlchemyError)
    if importlib.util.find_spec("psycopg") is not None:
        found = (*found, importlib.import_module("psycopg").Error)
    return found


def _failed(name: str, error: BaseException) -> InputError:
    """The driver's error in one line."""
    cause = getattr(error, "orig", None) or error
    text = " ".join(str(cause).split())[:200] or type(cause).__name__
    if KEPT in text:
        return InputError(text, file=name)
    mend = "Check that the server runs, and the address" if "://" in name else "Check that the file may be written"
    return InputError(f"the registry's database says: {text}", file=name, mend=mend)

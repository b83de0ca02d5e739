"""A run folder: written whole or not at all, never edited, read back before it is believed.

Everything goes to a hidden folder beside the target, is flushed to the disk, and takes its name in one step. A run that
is killed leaves the hidden folder, which the next run to the same target removes.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from partita import tables
from partita.errors import InputError

MARK = "run.json"
ROW_GROUP_ROWS = 262_144


@contextmanager
def new(out: Path, *, mark: str = MARK) -> Iterator[Path]:
    """A folder to write in; becomes `out` when the block ends well, replacing an earlier run there.

    Raises InputError where `out` holds something, but no file called `mark`: it is not ours to replace.
    """
    _refuse(out, mark)
    out.parent.mkdir(parents=True, exist_ok=True)
    work = out.parent / f".{out.name}.partial"
    handle = -1
    try:
        handle = _claim(work, out)
        yield work
        _flush(work)
        _take_name(work, out)
    finally:
        if handle >= 0:
            shutil.rmtree(work, ignore_errors=True)
            os.close(handle)


def _refuse(out: Path, mark: str) -> None:
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise InputError("exists and is not a folder", file=str(out), mend="Name a new folder with -o")
    if out.is_dir() and any(out.iterdir()) and not (out / mark).is_file():
        raise InputError(
            "is a folder that holds something else than a run", file=str(out), mend="Name a new folder with -o"
        )


def _claim(work: Path, out: Path) -> int:
    """The emptied folder `work`, locked for this process: a lock that dies with the process, and no file of its own."""
    while True:
        work.mkdir(exist_ok=True)
        handle = os.open(work, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise InputError(
                "another run is writing there", file=str(out), mend="Wait for it, or give -o a new name"
            ) from None
        if work.exists() and os.fstat(handle).st_ino == work.stat().st_ino:
            break
        os.close(handle)
    for path in work.iterdir():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    return handle


def _take_name(work: Path, out: Path) -> None:
    old = out.parent / f".{out.name}.old"
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        out.rename(old)
    work.rename(out)
    _sync(out.parent)
    shutil.rmtree(old, ignore_errors=True)


def _flush(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_table(folder: Path, table: tables.Table, data: pa.Table) -> None:
    """`data` as `NAME.parquet`, conformed and sorted by the table's key: the same rows give the same bytes."""
    path = folder / f"{table.name}.parquet"
    pq.write_table(_sorted(table, data), path, compression="zstd", row_group_size=ROW_GROUP_ROWS)


def _sorted(table: tables.Table, data: pa.Table) -> pa.Table:
    return tables.conform(data, table).sort_by([(name, "ascending") for name in table.key])


def read_table(folder: Path, table: tables.Table) -> pa.Table:
    """A table of a run, checked against the contract; raises InputError where it is missing or spoilt."""
    path = folder / f"{table.name}.parquet"
    try:
        return tables.conform(pq.read_table(path, use_threads=True), table)
    except (OSError, ValueError, pa.ArrowException) as error:
        reason = str(error).splitlines()[0]
        raise InputError(
            f"cannot be read: {reason}", file=str(path), mend="Name a run folder that is complete"
        ) from None


def write_json(path: Path, data: dict[str, Any]) -> None:
    """`data` with sorted keys, readable, in UTF-8."""
    path.write_text(json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def read_json(folder: Path) -> dict[str, Any]:
    """The `run.json` of a run folder; raises InputError where there is none."""
    try:
        found = json.loads((folder / MARK).read_bytes())
    except (OSError, ValueError):
        raise InputError("is not a run folder", file=str(folder), mend="Name the folder given to -o") from None
    if not isinstance(found, dict):
        raise InputError("is not a run", file=str(folder / MARK), mend="Name the folder given to -o")
    return found


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def listed(folder: Path) -> dict[str, str]:
    """SHA-256 of the run's tables, pages and ledger, statements, invoices and index of lists, by path within it."""
    paths = [*folder.glob("*.*"), *folder.glob("statements/statements.*"), *folder.glob("invoices/*.json")]
    paths += folder.glob("rightsholders/index.json")
    return {path.relative_to(folder).as_posix(): digest(path) for path in sorted(paths) if path.is_file()}


PLACES = ("file", "line")
"""Columns that say where a row stood: content is the same wherever it stands."""


def content_id(contents: Mapping[tables.Table, pa.Table], policy: dict[str, Any]) -> str:
    """Twelve hex digits for the content of tables and the policy: equal content, equal id, in any order of rows."""
    total = hashlib.sha256(json.dumps(policy, sort_keys=True, ensure_ascii=False).encode())
    for table, data in contents.items():
        kept = [column.name for column in table.columns if column.name not in PLACES]
        total.update(f"\n{table.name}\n".encode())
        pq.write_table(_sorted(table, data).select(kept), pa.PythonFile(_Hashing(total), mode="w"), compression="none")
    return total.hexdigest()[:12]


class _Hashing(io.RawIOBase):
    """A file that keeps nothing but its hash."""

    def __init__(self, total: Any) -> None:
        super().__init__()
        self._total = total

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._total.update(data)
        return len(data)

"""The file of decisions: one JSON object a line, in UTF-8, only ever appended to.

A row is appended under a lock and flushed to the disk. A line that a crash left unfinished is reported and left out;
it is never rewritten. Any other line that cannot be understood stops the job: a decision that is silently dropped
would move money.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from partita import tables
from partita.errors import InputError
from partita.registry.decisions import KINDS, UNDO, Row
from partita.registry.notes import CODES, VALUE_MOST

BYTES_MOST = 1 << 30
ROW_BYTES_MOST = 1 << 20
_LISTS = frozenset({"performers", "writers"})
_NAMES = tuple(column.name for column in tables.DECISIONS.columns)


@dataclass(frozen=True, slots=True)
class Decided:
    """All rows of a file as DECISIONS, PROBLEMS (lines that a crash left unfinished), and what the file was."""

    table: pa.Table
    problems: pa.Table
    sha256: str
    size: int


def read(path: Path, *, absent: bool = False) -> Decided:
    """The decisions in `path`; raises InputError with file and line. `absent`: a file not yet there holds none."""
    try:
        if absent and not path.exists():
            return _parsed(b"", path)
        if path.stat().st_size > BYTES_MOST:
            raise InputError(f"larger than {BYTES_MOST:,} bytes", file=str(path), mend="Begin a new decisions file")
        return _parsed(path.read_bytes(), path)
    except OSError as error:
        mend = "Name a decisions file; `partita decide` makes it"
        raise InputError(error.strerror or str(error), file=str(path), mend=mend) from None


def append(path: Path, rows: Sequence[Row], *, recorded_by: str, recorded_at: dt.datetime) -> list[Row]:
    """The rows as they were appended: numbered, with who and when (UTC; never earlier than the row before)."""
    with _locked(path) as handle:
        before = _parsed(_whole(handle), path).table.to_pylist()
        latest = max([recorded_at.replace(microsecond=0, tzinfo=None), *(row["recorded_at"] for row in before)])
        first = 1 + max((int(row["decision_id"].partition("-")[0]) for row in before), default=0)
        made = [_numbered(row, first + place, recorded_by, latest) for place, row in enumerate(rows)]
        lines = [json.dumps(_plain(row), ensure_ascii=False).encode() + b"\n" for row in made]
        if max(map(len, lines), default=0) > ROW_BYTES_MOST:
            raise InputError(
                f"a decision of more than {ROW_BYTES_MOST:,} bytes", file=str(path), mend="Shorten its texts"
            )
        _write(handle, b"".join(lines))
    return made


def _numbered(row: Row, number: int, recorded_by: str, recorded_at: dt.datetime) -> Row:
    empty = {name: [] if name in _LISTS else "" for name in _NAMES}
    whole: dict[str, Any] = {**empty, **_clean(row), "recorded_by": recorded_by, "recorded_at": recorded_at}
    content = json.dumps(_plain(whole | {"decision_id": ""}), ensure_ascii=True, sort_keys=True).encode()
    return whole | {"decision_id": f"{number:06d}-{hashlib.sha256(content).hexdigest()[:8]}"}


def _clean(row: Row) -> dict[str, Any]:
    """Texts that UTF-8 can hold: a lone surrogate, which folding drops, is dropped here."""

    def kept(text: str) -> str:
        return text.encode("utf-8", "ignore").decode()

    return {key: [kept(v) for v in value] if isinstance(value, list) else kept(value) for key, value in row.items()}


def _plain(row: Row) -> dict[str, Any]:
    return {name: row[name].isoformat() + "Z" if name == "recorded_at" else row[name] for name in _NAMES}


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    """The file, open to read and append, made if need be, locked until the block ends."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise InputError(error.strerror or str(error), file=str(path), mend="Name a file that can be written") from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def _whole(handle: int) -> bytes:
    size = os.fstat(handle).st_size
    parts, at = [], 0
    while at < size:
        parts.append(os.pread(handle, min(1 << 24, size - at), at))
        at += len(parts[-1])
    return b"".join(parts)


def _write(handle: int, data: bytes) -> None:
    size = os.fstat(handle).st_size
    if size and os.pread(handle, 1, size - 1) != b"\n":
        data = b"\n" + data
    while data:
        data = data[os.write(handle, data) :]
    os.fsync(handle)


def _parsed(data: bytes, path: Path) -> Decided:
    rows: list[dict[str, Any]] = []
    torn: list[dict[str, Any]] = []
    known: dict[str, str] = {}
    for line, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        text = raw.strip()
        if not text:
            continue
        if text.startswith(b"{") and not text.endswith(b"}"):
            torn.append(_torn(path, line, text))
            continue
        row = _row(text, path, line)
        _refuse_reference(row, known, path, line)
        known[row["decision_id"]] = row["kind"]
        rows.append(row)
    problems = pa.Table.from_pylist(torn, schema=tables.PROBLEMS.schema)
    table = pa.Table.from_pylist(rows, schema=tables.DECISIONS.schema)
    return Decided(table, problems, hashlib.sha256(data).hexdigest(), len(data))


def _torn(path: Path, line: int, text: bytes) -> dict[str, Any]:
    severity, reason, mend = CODES["decisions.torn"]
    row = {"file": path.name, "line": line, "code": "decisions.torn", "severity": severity, "column": "", "list": ""}
    return row | {"value": text.decode("utf-8", "replace")[:VALUE_MOST], "reason": reason, "mend": mend, "plays": 0}


def _row(text: bytes, path: Path, line: int) -> dict[str, Any]:
    def refuse(reason: str) -> InputError:
        mend = "Mend the line by hand from a copy; rows are only ever added by `partita decide`"
        return InputError(reason, file=str(path), line=line, mend=mend)

    if len(text) > ROW_BYTES_MOST:
        raise refuse(f"the line is longer than {ROW_BYTES_MOST:,} bytes")
    try:
        found = json.loads(text.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise refuse(f"not a decision in JSON: {str(error).splitlines()[0][:120]}") from None
    if not isinstance(found, dict) or set(found) != set(_NAMES):
        differs = sorted(set(found) ^ set(_NAMES)) if isinstance(found, dict) else ["no object"]
        raise refuse(f"not a decision: {', '.join(map(str, differs))[:120]} should or should not be there")
    wrong = [name for name in _NAMES if not _fits(found[name], name)]
    if wrong:
        raise refuse(f"not a decision: {wrong[0]} cannot be {json.dumps(found[wrong[0]], ensure_ascii=False)[:60]}")
    return found | {"recorded_at": dt.datetime.fromisoformat(found["recorded_at"]).replace(tzinfo=None)}


def _fits(value: object, name: str) -> bool:
    if name in _LISTS:
        return isinstance(value, list) and all(_is_text(v) for v in value)
    if not _is_text(value):
        return False
    if name == "kind":
        return value in KINDS
    if name == "recorded_at":
        return _is_moment(str(value))
    return name != "decision_id" or str(value).partition("-")[0].isdecimal()


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value == value.encode("utf-8", "ignore").decode()


def _is_moment(text: str) -> bool:
    try:
        return text.endswith("Z") and dt.datetime.fromisoformat(text).microsecond == 0
    except ValueError:
        return False


def _refuse_reference(row: Mapping[str, Any], known: Mapping[str, str], path: Path, line: int) -> None:
    """A number stands once, and an undo names a decision above it."""
    mend = "Mend the line by hand from a copy; rows are only ever added by `partita decide`"
    if row["decision_id"] in known:
        raise InputError(f"decision {row['decision_id']} stands twice", file=str(path), line=line, mend=mend)
    if row["kind"] == UNDO and known.get(row["undoes"], UNDO) == UNDO:
        reason = f"takes back {row['undoes'][:40]!r}, which is no decision above it"
        raise InputError(reason, file=str(path), line=line, mend=mend)

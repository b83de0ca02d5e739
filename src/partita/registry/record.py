"""Recording: rows are added, corrected, retired and withdrawn in whole acts; nothing that was recorded is ever changed.

Each act is one transaction with one moment, which the caller passes in: all of it is recorded or nothing is. No act's
moment is earlier than the one before, so that what was known on a day does not change afterwards.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from partita import money, tables
from partita.errors import InputError
from partita.registry import edge, schema, urls
from partita.registry.edge import Rows
from partita.registry.lookup import instant
from partita.registry.store import Store, Writer

BATCH = 50_000
"""Rows that are turned into Python's values at once."""

Key = Mapping[str, Any]
"""The columns that name a row: its table's key without `recorded_at`; with `valid_from`, one period of several."""

_JSON = json.JSONEncoder(ensure_ascii=False)
_LAST_DAY = "9999-12-31"


class Refused(InputError):  # noqa: N818 - what happened, in one word
    """Nothing was recorded, because of `problems` (of PROBLEMS, `line` the row from 1, `list` the table)."""

    def __init__(self, problems: pa.Table) -> None:
        first = problems.slice(0, 1).to_pylist()[0]
        others = f"; and {problems.num_rows - 1:,} more problems" if problems.num_rows > 1 else ""
        reason = f"{first['list']} row {first['line']}, {first['column']} {first['value']!r}: {first['reason']}{others}"
        super().__init__(f"nothing was recorded: {reason}", mend=first["mend"])
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Recorded:
    """What an act did: its moment (never earlier than the act before), rows added and retired, and remarks on them."""

    moment: dt.datetime
    added: int
    retired: int
    problems: pa.Table


@dataclass(frozen=True, slots=True)
class _Act:
    """What one act is about to do with one table: `keys` name what is retired, `until` is where it ends instead."""

    table: tables.Table
    rows: pa.Table
    keys: Sequence[Key] = ()
    until: str | None = None


def add(store: Store, table: tables.Table | str, rows: Rows, recorded_by: str, recorded_at: dt.datetime) -> Recorded:
    """Adds rows to one table. Raises Refused where a row is wrong, or holds for days for which its like is there."""
    return add_all(store, {_table(table).name: rows}, recorded_by, recorded_at)


def add_all(store: Store, rows: Mapping[str, Rows], recorded_by: str, recorded_at: dt.datetime) -> Recorded:
    """Adds rows to several tables, by name, in one act; as `add`. What is wrong is said of all tables at once."""
    checked = [(table, *edge.checked(table, rows[table.name])) for table in map(_table, rows)]
    _refuse([wrong for _, _, wrong in checked])
    return _record(store, "add", [_Act(table, data) for table, data, _ in checked], recorded_by, recorded_at)


def correct(
    store: Store, table: tables.Table | str, rows: Rows, recorded_by: str, recorded_at: dt.datetime,
    *, keys: Sequence[Key] | None = None,
) -> Recorded:  # fmt: skip
    """Retires what the registry knew by `keys` (null: by the keys of the rows, in all periods), and adds the rows."""
    found = _table(table)
    data, wrong = edge.checked(found, rows)
    _refuse([wrong])
    names = [name for name in found.key if name != "recorded_at"]
    own = data.group_by(names, use_threads=False).aggregate([]).to_pylist() if keys is None else keys
    return _record(store, "correct", [_Act(found, data, own)], recorded_by, recorded_at)


def retire(
    store: Store, table: tables.Table | str, keys: Sequence[Key], recorded_by: str, recorded_at: dt.datetime
) -> Recorded:
    """The registry learned that rows were never true: they count no more, but for questions about what was known."""
    found = _table(table)
    return _record(store, "retire", [_Act(found, found.empty(), keys)], recorded_by, recorded_at)


def withdraw(
    store: Store, table: tables.Table | str, keys: Sequence[Key], valid_to: dt.date, recorded_by: str,
    recorded_at: dt.datetime,
) -> Recorded:  # fmt: skip
    """Ends what holds: from `valid_to` on it holds no more; what holds only from then on never does."""
    found = _table(table)
    return _record(
        store, "withdraw", [_Act(found, found.empty(), keys, valid_to.isoformat())], recorded_by, recorded_at
    )


def _table(table: tables.Table | str) -> tables.Table:
    name = table if isinstance(table, str) else table.name
    if name not in schema.TABLES:
        raise InputError(f"the registry has no table {name[:40]!r}", mend=f"Use one of {', '.join(schema.TABLES)}")
    return schema.TABLES[name]


def _refuse(wrong: Sequence[pa.Table]) -> None:
    """Raises Refused where any of the tables of problems holds one."""
    found = [problems for problems in wrong if problems.num_rows]
    if found:
        raise Refused(pa.concat_tables(found))


def _record(store: Store, act: str, parts: Sequence[_Act], recorded_by: str, recorded_at: dt.datetime) -> Recorded:
    if not recorded_by.strip() or len(recorded_by) > edge.TEXT_MOST or not recorded_by.isprintable():
        raise InputError("an act is recorded with the name of who told it", mend="Name the person, society or program")
    added = retired = 0
    remarks: list[tuple[int, str, str, str, str, str]] = []
    with store.writing() as writer:
        moment = _moment(writer, recorded_at)
        for part in parts:
            gone = _retired(writer, part, moment)
            kept = _closed(writer, part, gone, recorded_by, moment)
            first = _inserted(writer, part, recorded_by, moment)
            _refuse_overlaps(writer, part.table, first)
            remarks += _overclaimed(writer, part.table, first)
            added += part.rows.num_rows + kept
            retired += len(gone)
        writer.run(
            "INSERT INTO entries (recorded_at, recorded_by, act, added, retired) VALUES (?, ?, ?, ?, ?)",
            (moment, recorded_by, act, added, retired),
        )
    return Recorded(dt.datetime.fromisoformat(moment), added, retired, edge.problems(remarks, "warning"))


def _moment(writer: Writer, recorded_at: dt.datetime) -> str:
    """The act's moment: as given, but never earlier than the act before."""
    rows = writer.run("SELECT recorded_at FROM entries ORDER BY entry_id DESC LIMIT 1")
    return max([instant(recorded_at), *(str(row[0]) for row in rows)])


def _retired(writer: Writer, part: _Act, moment: str) -> list[int]:
    """The rows that the keys name, now retired; raises Refused where a key names none."""
    found: list[int] = []
    unknown = []
    ending = "" if part.until is None else " AND (valid_to IS NULL OR valid_to > ?)"
    for line, given in enumerate(part.keys, start=1):
        named = edge.key(part.table, given)
        where = " AND ".join(f'"{name}" = ?' for name in named)
        statement = f"SELECT row_id FROM {part.table.name} WHERE {where} AND retired_at IS NULL{ending}"
        rows = writer.run(statement, [*named.values(), *([part.until] if part.until else [])])
        found += [row[0] for row in rows]
        if not rows:
            shown = " ".join(str(value) for value in named.values())
            unknown.append((line, part.table.name, "registry.unknown", part.table.key[0], shown, ""))
    if unknown:
        raise Refused(edge.problems(unknown))
    numbers = sorted(set(found))
    writer.many(f"UPDATE {part.table.name} SET retired_at = ? WHERE row_id = ?", [(moment, n) for n in numbers])
    return numbers


def _closed(writer: Writer, part: _Act, gone: Sequence[int], recorded_by: str, moment: str) -> int:
    """Adds the retired rows again, ending where the act says; how many there are."""
    if part.until is None:
        return 0
    fixed = {"valid_to": part.until, "recorded_at": moment, "recorded_by": recorded_by}
    names = [c for c in _columns(part.table) if c not in fixed]
    kept = ", ".join(f'"{name}"' for name in names)
    statement = (
        f"INSERT INTO {part.table.name} ({kept}, {', '.join(fixed)}) "
        f"SELECT {kept}, {_casts(writer)}, ? FROM {part.table.name} WHERE row_id = ? AND valid_from < ?"
    )
    before = _last(writer, part.table)
    writer.many(statement, [(*fixed.values(), number, part.until) for number in gone])
    return int(writer.run(f"SELECT COUNT(*) FROM {part.table.name} WHERE row_id > ?", (before,))[0][0])


def _casts(writer: Writer) -> str:
    return "?, ?" if writer.dialect.name == "sqlite" else "CAST(? AS DATE), CAST(? AS TIMESTAMP)"


def _columns(table: tables.Table) -> list[str]:
    """The table's columns as they are written; not `retired_at`, which is null until a row is retired."""
    names = [c.name for c in table.columns if c.name != "retired_at"]
    return [*names, schema.URL_KEY] if table.name in schema.WITH_URLS else names


def _last(writer: Writer, table: tables.Table) -> int:
    return int(writer.run(f"SELECT COALESCE(MAX(row_id), 0) FROM {table.name}")[0][0])


def _inserted(writer: Writer, part: _Act, recorded_by: str, moment: str) -> int:
    """Adds the rows; the number behind which they stand."""
    before = _last(writer, part.table)
    if part.rows.num_rows:
        quoted = [f'"{name}"' for name in _columns(part.table)]
        writer.insert(part.table.name, quoted, _written(part, recorded_by, moment))
    return before


def _written(part: _Act, recorded_by: str, moment: str) -> Iterator[tuple[Any, ...]]:
    """The rows as the database takes them: days as ISO 8601 text, lists as JSON, URL patterns with their key."""
    own = {"recorded_at": moment, "recorded_by": recorded_by}
    for batch in part.rows.to_batches(max_chunksize=BATCH):
        columns: list[Sequence[Any]] = []
        for name in _columns(part.table):
            if name in own:
                columns.append([own[name]] * batch.num_rows)
            elif name == schema.URL_KEY:
                kinds, targets = batch.column("target_kind").to_pylist(), batch.column("target").to_pylist()
                columns.append(
                    [urls.pattern_keys(t)[0] if k == "url" else None for k, t in zip(kinds, targets, strict=True)]
                )
            else:
                columns.append(_plain(batch.column(name)))
        yield from zip(*columns, strict=True)


def _plain(values: pa.Array) -> list[Any]:
    if values.type == tables.TEXTS:
        return ["[]" if not v else _JSON.encode(v) for v in values.to_pylist()]
    found: list[Any] = (values.cast(pa.string()) if pa.types.is_date(values.type) else values).to_pylist()
    return found


def _refuse_overlaps(writer: Writer, table: tables.Table, before: int) -> None:
    """Raises Refused where a row behind `before` has a living row of the same key beside it, for some day."""
    keys = [name for name in table.key if name != "recorded_at"]
    same = " AND ".join(f'o."{name}" = n."{name}"' for name in keys)
    shown = ", ".join(f'n."{name}"' for name in keys)
    rows = writer.run(
        f"SELECT n.row_id, {shown} FROM {table.name} AS n JOIN {table.name} AS o ON {same} AND o.row_id < n.row_id "
        f"WHERE n.row_id > ? AND o.retired_at IS NULL AND o.valid_from < COALESCE(n.valid_to, '{_LAST_DAY}') "
        f"AND n.valid_from < COALESCE(o.valid_to, '{_LAST_DAY}') LIMIT {edge.PROBLEMS_MOST}",
        (before,),
    )
    if rows:
        first = writer.run(f"SELECT MIN(row_id) FROM {table.name} WHERE row_id > ?", (before,))[0][0]
        found = {(r[0] - first + 1, table.name, "registry.overlap", keys[0], " ".join(r[1:]), "") for r in rows}
        raise Refused(edge.problems(sorted(found)))


def _overclaimed(writer: Writer, table: tables.Table, before: int) -> list[tuple[int, str, str, str, str, str]]:
    """Remarks on targets of which, on some day, more than the whole is held now that the rows behind `before` are."""
    if table.name != "holdings":
        return []
    rows = writer.run(
        "SELECT f.target_kind, f.target, f.valid_from, SUM(h.share_ppm) "
        "FROM (SELECT DISTINCT target_kind, target FROM holdings WHERE row_id > ?) AS n "
        "JOIN (SELECT DISTINCT target_kind, target, valid_from FROM holdings WHERE retired_at IS NULL) AS f "
        "ON f.target_kind = n.target_kind AND f.target = n.target "
        "JOIN holdings AS h ON h.target_kind = n.target_kind AND h.target = n.target AND h.retired_at IS NULL "
        "AND h.valid_from <= f.valid_from AND (h.valid_to IS NULL OR h.valid_to > f.valid_from) "
        "GROUP BY f.target_kind, f.target, f.valid_from "
        f"HAVING SUM(h.share_ppm) > {money.PPM} "
        f"LIMIT {edge.PROBLEMS_MOST}",
        (before,),
    )
    return [
        (0, "holdings", "registry.overclaimed", "target", target, f"{int(total):,} ppm from {day}")
        for _, target, day, total in sorted(rows, key=str)
    ]

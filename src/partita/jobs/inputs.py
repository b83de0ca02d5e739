"""Reads what a job names, and joins it to the tables that the stages take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from partita import tables
from partita.errors import InputError
from partita.formats import FileNote, Reading, repertoire, shares, usage
from partita.jobs import jobfile
from partita.registry import decisions, decisions_file, works

Progress = Callable[[str, int, int], None]
"""Called with the step's name, how much is done and of how much; must be quick."""


def silent(step: str, done: int, total: int) -> None:
    """A progress that shows nothing."""


@dataclass(frozen=True, slots=True)
class Repertoires:
    """Works and shares of all repertoires of a job, one id a work, and what there was to say about them.

    `makings` has the columns of `repertoire.MAKINGS`, where a repertoire says how its works were made.
    """

    repertoire: pa.Table
    shares: pa.Table
    registrations: pa.Table
    problems: pa.Table
    notes: tuple[FileNote, ...]
    makings: pa.Table = field(default_factory=repertoire.MAKINGS.empty_table)


@dataclass(frozen=True, slots=True)
class Lists:
    """Usage lines of all usage lists of a job."""

    usage: pa.Table
    problems: pa.Table
    notes: tuple[FileNote, ...]


def read_repertoires(
    sources: Sequence[jobfile.Repertoire],
    share_files: Sequence[jobfile.Source],
    base: Path,
    progress: Progress = silent,
) -> Repertoires:
    """Repertoires and shares of the job in folder `base`; raises InputError for a file that is not what it says."""
    total = len(sources) + len(share_files)
    readings: list[Reading] = []
    for done, source in enumerate(sources):
        progress(f"read {source.file}", done, total)
        name = source.name or source.society or Path(source.file).stem
        reading = repertoire.read(_path(base, source), name=name, society=source.society, **_how(source))
        readings.append(_named(reading, source))
    claims: list[Reading] = []
    for done, claim in enumerate(share_files, start=len(sources)):
        progress(f"read {claim.file}", done, total)
        claims.append(_named(shares.read(_path(base, claim), name=Path(claim.file).stem, **_how(claim)), claim))
    merged = works.merge(_stack([r.table for r in readings], tables.REPERTOIRE), _claimed(readings, claims))
    problems = _stack([r.problems for r in (*readings, *claims)] + [merged.problems], tables.PROBLEMS)
    notes = tuple(r.notes for r in (*readings, *claims))
    made = _makings(readings, merged.registrations)
    return Repertoires(merged.repertoire, merged.shares, merged.registrations, problems, notes, made)


def _makings(readings: Sequence[Reading], registrations: pa.Table) -> pa.Table:
    """What repertoires say of the making of their works, under the works' one id in this run."""
    said = [reading.makings for reading in readings if reading.makings is not None]
    if not said:
        return repertoire.MAKINGS.empty_table()
    named = pa.concat_tables(said).rename_columns(["registered_id", "society", "making"])
    joined = named.join(registrations, ["registered_id", "society"], join_type="inner")
    return joined.select(repertoire.MAKINGS.names).cast(repertoire.MAKINGS)


def _claimed(readings: Sequence[Reading], claims: Sequence[Reading]) -> pa.Table:
    """Shares from files first; works that no shares file names get what their repertoire says, else equal parts."""
    found = _stack([r.table for r in claims], tables.SHARES)
    named = pc.unique(found.column("work_id"))
    parts = [found]
    for reading in readings:
        own = reading.shares if reading.shares is not None else shares.equal(reading.table)
        parts.append(own.filter(pc.invert(pc.is_in(own.column("work_id"), value_set=named))))
    return _stack(parts, tables.SHARES)


def read_usage(sources: Sequence[jobfile.Usage], base: Path, progress: Progress = silent) -> Lists:
    """The usage lists of the job whose folder is `base`; ids become `LIST:ID` where there are several lists."""
    names = [source.name or Path(source.file).stem for source in sources]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"two usage lists are called {twice[0]!r}", mend="Give each [[usage]] a name of its own")
    readings: list[Reading] = []
    for done, (source, name) in enumerate(zip(sources, names, strict=True)):
        progress(f"read {source.file}", done, len(sources))
        reading = usage.read(_path(base, source), name=name, licensee=source.licensee, **_how(source))
        readings.append(_named(reading, source))
    parts = [r.table if len(readings) == 1 else _prefixed(r.table) for r in readings]
    lines = _stack(parts, tables.USAGE)
    return Lists(lines, _stack([r.problems for r in readings], tables.PROBLEMS), tuple(r.notes for r in readings))


@dataclass(frozen=True, slots=True)
class Decisions:
    """What people decided, as far as it stands; what there is to say about it; and the file, where there is one."""

    table: pa.Table
    problems: pa.Table
    notes: tuple[FileNote, ...]


def read_decisions(file: str | None, base: Path, repertoire: pa.Table) -> Decisions:
    """The decisions that the job names, those in force; raises InputError for a file that is not what it says."""
    if file is None:
        return Decisions(tables.DECISIONS.empty(), tables.PROBLEMS.empty(), ())
    found = decisions_file.read(base / file)
    problems = pa.concat_tables([found.problems, decisions.notes(found.table, repertoire.column("work_id"))])
    note = FileNote(file, found.sha256, found.size, "jsonl", "utf-8", rows=found.table.num_rows)
    return Decisions(decisions.in_force(found.table), _of_file(problems, file), (note,))


def _how(source: jobfile.Source) -> dict[str, Any]:
    return {"columns": source.columns, "encoding": source.encoding, "sheet": source.sheet}


def _named(reading: Reading, source: jobfile.Source) -> Reading:
    """The reading with its file called as the job calls it: two folders may hold files of one name."""
    return replace(
        reading,
        table=_of_file(reading.table, source.file),
        problems=_of_file(reading.problems, source.file),
        notes=replace(reading.notes, file=source.file),
    )


def _of_file(table: pa.Table, file: str) -> pa.Table:
    if "file" not in table.column_names:
        return table
    names = pa.array([file], pa.string()).take(pa.array(np.zeros(table.num_rows, np.int64)))
    return table.set_column(table.column_names.index("file"), tables.PROBLEMS.schema.field("file"), names)


def _prefixed(lines: pa.Table) -> pa.Table:
    ids = pc.binary_join_element_wise(lines.column("list"), lines.column("line_id"), ":")
    return lines.set_column(lines.column_names.index("line_id"), "line_id", ids)


def _path(base: Path, source: jobfile.Source) -> Path:
    path = base / source.file
    if not path.exists():
        raise InputError("there is no such file", file=str(path), mend="Paths are relative to the job file")
    return path


def _stack(parts: Sequence[pa.Table], table: tables.Table) -> pa.Table:
    return pa.concat_tables([tables.conform(part, table) for part in parts] or [table.empty()]).combine_chunks()

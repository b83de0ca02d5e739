"""Repertoires and one usage list in, matches out: `identify` without the money."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from partita import tables
from partita.errors import InputError
from partita.formats import FileNote, repertoire, usage
from partita.jobs.inputs import Progress, silent
from partita.jobs.place import MEMORY, Place, is_usage, write_matches
from partita.jobs.policy import outcome_counts
from partita.registry import works as registry


def match(
    repertoires: Sequence[Path], usage_path: Path, out: Path, progress: Progress = silent, place: Place = MEMORY
) -> dict[str, Any]:
    """Writes `out` (MATCHES as Parquet, sorted by line_id) and returns counts, notes of the files, and problems.

    `place` says where it runs; the rows are the same. Raises InputError for a file that is not what it says.
    """
    if out.is_dir():
        raise InputError("is a folder", file=str(out), mend="Name a file with -o, e.g. matches.parquet")
    for path in (*repertoires, usage_path):
        if not path.exists():
            raise InputError("there is no such file", file=str(path), mend="Check the name")
    place.check()
    works = [repertoire.read(path, name=path.stem) for path in repertoires]
    known = pa.concat_tables([reading.table for reading in works])
    if len(works) > 1:
        known = registry.merge(known, tables.SHARES.empty()).repertoire
    lines, notes, problems = _lines(usage_path, place)
    problems = pa.concat_tables([*(reading.problems for reading in works), problems])
    outcomes = _written(lines, known, out, place, progress)
    quarantined = pc.sum(pc.equal(problems.column("severity"), "quarantined")).as_py() or 0
    return {
        "out": str(out),
        "counts": {"works": known.num_rows, **outcomes, "quarantined": quarantined},
        "files": [note.as_dict() for note in (*(reading.notes for reading in works), notes)],
        "problems": problems.to_pylist(),
    }


def _lines(path: Path, place: Place) -> tuple[pa.Table | Path, FileNote, pa.Table]:
    """The usage list as it was read; where an engine takes it from the disk itself, only its place."""
    if place.engine != "memory" and is_usage(path):
        rows = sum(pq.read_metadata(file).num_rows for file in (path.glob("*.parquet") if path.is_dir() else [path]))
        return path, FileNote(str(path), "", 0, "parquet", rows=rows), tables.PROBLEMS.empty()
    reading = usage.read(path, name=path.stem)
    return reading.table, reading.notes, reading.problems


def _written(lines: pa.Table | Path, known: pa.Table, out: Path, place: Place, progress: Progress) -> dict[str, int]:
    """Writes `out` whole or not at all; lines by outcome."""
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f".{out.name}.partial")
    try:
        write_matches(place, lines, known, part, progress)
        outcomes = pq.read_table(part, columns=["outcome"])
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return {"lines": outcomes.num_rows, **outcome_counts(outcomes)}

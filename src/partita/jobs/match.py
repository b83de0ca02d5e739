"""Repertoires and one usage list in, matches out: `identify` without the money."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from partita import identify, tables
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
    known, numbers = _known([reading.table for reading in works])
    lines, notes, problems = _lines(usage_path, place)
    progress("index", 0, 1)
    identify.warm(progress)
    prepared = identify.prepare(known)
    outcomes, remarks = _written(lines, prepared, numbers, out, place, progress)
    problems = pa.concat_tables([*(reading.problems for reading in works), problems, remarks])
    quarantined = pc.sum(pc.equal(problems.column("severity"), "quarantined")).as_py() or 0
    return {
        "out": str(out),
        "counts": {"works": known.num_rows, **outcomes, "quarantined": quarantined},
        "files": [note.as_dict() for note in (*(reading.notes for reading in works), notes)],
        "problems": problems.to_pylist(),
    }


def _known(repertoires: Sequence[pa.Table]) -> tuple[pa.Table, pa.Table]:
    """One REPERTOIRE of all, and the REGISTRATIONS of its works where there were several."""
    works = pa.concat_tables(repertoires)
    if len(repertoires) == 1:
        return works, tables.REGISTRATIONS.empty()
    merged = registry.merge(works, tables.SHARES.empty())
    return merged.repertoire, merged.registrations


def _lines(path: Path, place: Place) -> tuple[pa.Table | Path, FileNote, pa.Table]:
    """The usage list as it was read; where an engine takes it from the disk itself, only its place."""
    if place.engine != "memory" and is_usage(path):
        files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
        size = sum(file.stat().st_size for file in files)
        rows = sum(pq.read_metadata(file).num_rows for file in files)
        return path, FileNote(str(path), "", size, "parquet", rows=rows), tables.PROBLEMS.empty()
    reading = usage.read(path, name=path.stem)
    return reading.table, reading.notes, reading.problems


def _written(
    lines: pa.Table | Path, prepared: identify.Prepared, numbers: pa.Table, out: Path, place: Place, progress: Progress
) -> tuple[dict[str, int], pa.Table]:
    """Writes `out` whole or not at all; lines by outcome, and what there is to say about their identifiers.

    Nothing is said of the identifiers of a list that was not read here.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f".{out.name}.partial")
    try:
        write_matches(place, lines, prepared, numbers, part, progress)
        counts, remarks = _outcomes(part), tables.PROBLEMS.empty()
        if isinstance(lines, pa.Table):
            matches = pq.read_table(part, columns=["line_id", "outcome", "rule"])
            remarks = identify.remarks(lines, matches, prepared, registrations=numbers)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return counts, remarks


def _outcomes(file: Path) -> dict[str, int]:
    """Lines, and lines by outcome, counted piece by piece: the file may be larger than memory."""
    counts: Counter[str] = Counter()
    with pq.ParquetFile(file) as matches:
        lines = matches.metadata.num_rows
        for batch in matches.iter_batches(columns=["outcome"]):
            counts.update(outcome_counts(pa.Table.from_batches([batch])))
    return {"lines": lines, **outcome_counts(tables.MATCHES.empty()), **counts}

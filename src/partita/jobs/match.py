"""Repertoires and one usage list in, matches out: `identify` without the money."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from partita import identify, tables
from partita.errors import InputError
from partita.formats import repertoire, usage
from partita.jobs.inputs import Progress, silent
from partita.jobs.policy import outcome_counts
from partita.registry import works as registry


def match(repertoires: Sequence[Path], usage_path: Path, out: Path, progress: Progress = silent) -> dict[str, Any]:
    """Writes `out` (MATCHES as Parquet, sorted by line_id) and returns counts, notes of the files, and problems.

    Raises InputError for a file that is not what it says.
    """
    if out.is_dir():
        raise InputError("is a folder", file=str(out), mend="Name a file with -o, e.g. matches.parquet")
    for path in (*repertoires, usage_path):
        if not path.exists():
            raise InputError("there is no such file", file=str(path), mend="Check the name")
    works = [repertoire.read(path, name=path.stem) for path in repertoires]
    lines = usage.read(usage_path, name=usage_path.stem)
    known = pa.concat_tables([reading.table for reading in works])
    if len(works) > 1:
        known = registry.merge(known, tables.SHARES.empty()).repertoire
    matches = identify.identify(lines.table, known, identify.IdentifyPolicy(), progress=progress)
    _write(matches, out)
    problems = pa.concat_tables([*(reading.problems for reading in works), lines.problems])
    return {
        "out": str(out),
        "counts": _counts(matches, problems, known.num_rows),
        "files": [reading.notes.as_dict() for reading in (*works, lines)],
        "problems": problems.to_pylist(),
    }


def _counts(matches: pa.Table, problems: pa.Table, works: int) -> dict[str, int]:
    quarantined = pc.sum(pc.equal(problems.column("severity"), "quarantined")).as_py() or 0
    return {"lines": matches.num_rows, "works": works, **outcome_counts(matches), "quarantined": quarantined}


def _write(matches: pa.Table, out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f".{out.name}.partial")
    try:
        ordered = tables.conform(matches, tables.MATCHES).sort_by("line_id")
        pq.write_table(ordered, part, compression="zstd")
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)

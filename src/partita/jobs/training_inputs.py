"""Reads what a training job names: manifests, outputs, and the registry with its works, shares and offers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from partita import tables
from partita.errors import InputError
from partita.formats import FileNote, manifests, outputs_file
from partita.jobs import titles_of
from partita.jobs.inputs import Progress, silent
from partita.jobs.trainingfile import Manifest, Outputs, TrainingJob
from partita.registry import snapshot
from partita.registry.store import open_store
from partita.tables import rights, training

_ROLES = "work"
"""Shares of the work are paid; those of a recording belong to the neighbouring rights' societies."""


@dataclass(frozen=True, slots=True)
class Manifests:
    """ITEMS of all manifests with the manifest of each, DATASETS, PROBLEMS, and how each file was read."""

    items: pa.Table
    manifest: pa.Array
    datasets: pa.Table
    problems: pa.Table
    notes: tuple[FileNote, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """The registry as the run sees it: its snapshot, and its REPERTOIRE and SHARES on the run's day."""

    snapshot: Mapping[str, pa.Table]
    repertoire: pa.Table
    shares: pa.Table
    names: Mapping[str, str]


def read_manifests(job: TrainingJob, base: Path, progress: Progress = silent) -> Manifests:
    """The manifests of the job; ids become `MANIFEST:ID` where there are several. Dates after the run's day are wrong.

    Raises InputError for a file that is not what it says.
    """
    today = job.job.as_of or job.job.period_to
    found = [_read(source, base, today, progress) for source in job.manifest]
    several = len(found) > 1
    items = [_prefixed(r.items, m.name) if several else r.items for r, m in zip(found, job.manifest, strict=True)]
    owner = [pa.repeat(m.name, r.items.num_rows) for r, m in zip(found, job.manifest, strict=True)]
    return Manifests(
        pa.concat_tables([tables.conform(part, training.ITEMS) for part in items]).combine_chunks(),
        pa.concat_arrays(owner),
        _once(pa.concat_tables([r.datasets for r in found])),
        pa.concat_tables([tables.conform(r.problems, tables.PROBLEMS) for r in found]),
        tuple(note for r in found for note in r.notes),
    )


def _read(source: Manifest, base: Path, today: dt.date, progress: Progress) -> manifests.ManifestReading:
    path = base / source.file
    if not path.exists():
        raise InputError("there is no such file", file=str(path), mend="Paths are relative to the job file")
    told = manifests.Stated(
        source.format, source.columns, source.encoding, source.sheet, source.origin, source.crawler, source.taken_on,
        source.modality, today,
    )  # fmt: skip
    return manifests.read(path, name=source.name, stated=told, file=source.file, progress=progress)


def _prefixed(items: pa.Table, name: str) -> pa.Table:
    ids = pc.binary_join_element_wise(pa.scalar(name), items.column("item_id"), ":")
    return items.set_column(items.column_names.index("item_id"), "item_id", ids)


def _once(datasets: pa.Table) -> pa.Table:
    """Each dataset once, the first that described it."""
    rows = {row["dataset"]: row for row in reversed(datasets.to_pylist())}
    return pa.Table.from_pylist([rows[name] for name in sorted(rows)], schema=training.DATASETS.schema)


def read_outputs(sources: Sequence[Outputs], base: Path, job: TrainingJob) -> tuple[pa.Table, pa.Table, list[FileNote]]:
    """OUTPUTS of the period, PROBLEMS, and how each file was read; raises InputError for a file that is none."""
    if not sources:
        return training.OUTPUTS.empty(), tables.PROBLEMS.empty(), []
    parts, problems, notes = [training.OUTPUTS.empty()], [tables.PROBLEMS.empty()], []
    for source in sources:
        reading = outputs_file.read(
            base / source.file,
            name=Path(source.file).stem,
            columns=source.columns,
            encoding=source.encoding,
            sheet=source.sheet,
        )
        parts.append(tables.conform(reading.table, training.OUTPUTS))
        problems.append(reading.problems)
        notes.append(replace(reading.notes, file=source.file))
    outputs = pa.concat_tables(parts)
    day = pc.cast(outputs.column("made_at"), pa.date32())
    first, last = (pa.scalar(d, pa.date32()) for d in (job.job.period_from, job.job.period_to))
    inside = pc.and_(pc.greater_equal(day, first), pc.less_equal(day, last))
    return outputs.filter(pc.fill_null(inside, True)), pa.concat_tables(problems), notes


def read_registry(job: TrainingJob, base: Path) -> Known:
    """The registry as it is known at the job's moment; raises InputError where it cannot be read."""
    where = job.registry if "://" in job.registry else base / job.registry
    store = open_store(where, create=False)
    try:
        found = snapshot.read(store)
    finally:
        store.close()
    day, known = job.job.as_of or job.job.period_to, job.known
    works = titles_of.repertoire(found["works"], day, known)
    return Known(found, _with_isrcs(works, found["links"]), _shares(found, day, known), _names(found["parties"]))


def _live(rows: pa.Table, day: dt.date, known: dt.datetime | None) -> pa.Table:
    """Rows that hold on the day, as known then."""
    return rows.filter(titles_of.live(rows, day, known))


def _with_isrcs(works: pa.Table, links: pa.Table) -> pa.Table:
    """REPERTOIRE with the ISRCs that are linked to its works, whenever they were."""
    mask = pc.and_(pc.equal(links.column("target_kind"), "recording"), pc.equal(links.column("parent_kind"), "work"))
    codes: dict[str, set[str]] = {}
    rows = links.filter(pc.and_(mask, pc.is_null(links.column("retired_at"))))
    for isrc, work in zip(rows.column("target").to_pylist(), rows.column("parent").to_pylist(), strict=True):
        codes.setdefault(work, set()).add(isrc)
    lists = [sorted(codes.get(work, ())) for work in works.column("work_id").to_pylist()]
    return works.set_column(works.column_names.index("isrc"), "isrc", pa.array(lists, tables.TEXTS))


def _shares(found: Mapping[str, pa.Table], day: dt.date, known: dt.datetime | None) -> pa.Table:
    """SHARES of the works' holdings on the day."""
    held = _live(tables.conform(found["holdings"], rights.HOLDINGS), day, known)
    held = held.filter(pc.equal(held.column("target_kind"), _ROLES))
    names = _names(found["parties"])
    parties = held.column("party_id").to_pylist()
    columns: dict[str, Any] = {
        "work_id": held.column("target"),
        "party_id": held.column("party_id"),
        "party_name": pa.array([names.get(party, party) for party in parties], pa.string()),
        "role": held.column("role"),
        "society": held.column("society"),
        "share_ppm": held.column("share_ppm"),
    }
    return tables.conform(pa.table({c.name: columns[c.name] for c in tables.SHARES.columns}), tables.SHARES)


def _names(parties: pa.Table) -> dict[str, str]:
    current = parties.filter(pc.is_null(parties.column("retired_at")))
    return dict(zip(current.column("party_id").to_pylist(), current.column("name").to_pylist(), strict=True))

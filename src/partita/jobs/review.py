"""The tariff dossier: the same figures for an authority, a society or a licensee, from the same files.

Read top to bottom: read, identify, rate, compare, check, write. See docs/review.md.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from partita import identify
from partita.distribute import split
from partita.jobs import compare, dossier, reviewfile, run
from partita.jobs.dossier import Reviewed
from partita.jobs.inputs import Lists, Progress, read_repertoires, read_usage, silent
from partita.jobs.jobfile import Source, Usage
from partita.jobs.titles import works_by_title
from partita.price import rates


@dataclass(frozen=True, slots=True)
class Summary:
    """What a review found: the run's own record, and the rates of the party that asked."""

    run: Path
    record: dict[str, Any]
    rates: tuple[dict[str, str], ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for `--json`."""
        return {"run": str(self.run), **self.record, "rates": list(self.rates)}


def review(job_path: Path, out: Path, progress: Progress = silent) -> Summary:
    """Runs the review in `job_path` into the run folder `out`; raises InputError for what cannot be used."""
    job = reviewfile.load(job_path)
    with run.new(out) as folder:
        reviewed = compute(job, job_path, progress)
        progress("write", 0, 1)
        record = dossier.write(folder, reviewed)
    return Summary(out, record, tuple(dossier.rates_of(reviewed)))


def compute(job: reviewfile.Review, job_path: Path, progress: Progress = silent) -> Reviewed:
    """The whole review in memory: files in, rates and comparables out."""
    base = job_path.parent
    works = read_repertoires(job.repertoire, job.shares, base, progress)
    works = dataclasses.replace(works, shares=split.fill(works.shares, _splits(job), else_equal=True))
    catalogues = _read(job, "catalogue", base, progress)
    logs = _read(job, "usage", base, progress)

    policy = identify.IdentifyPolicy(**job.identify.model_dump())
    prepared, numbers = identify.prepare(works.repertoire), works.registrations
    songs = identify.identify(catalogues.usage, prepared, policy, registrations=numbers, progress=progress)
    plays = identify.identify(logs.usage, prepared, policy, registrations=numbers, progress=progress)
    conflicts = [
        identify.remarks(lines.usage, matches, prepared, registrations=numbers)
        for lines, matches in ((catalogues, songs), (logs, plays))
    ]

    progress("rates", 0, 1)
    beside = rates.Beside(
        held=pa.concat_tables([_held(job, "catalogue", catalogues), _held(job, "usage", logs)]),
        titles=pa.concat_tables(
            [
                works_by_title("reproduction", catalogues.usage, works.repertoire),
                works_by_title("play", logs.usage, works.repertoire),
            ]
        ),
        societies=_societies(job),
    )
    found = rates.rates(songs, catalogues.usage, plays, logs.usage, works.shares, job.policy(), beside)
    _check(found, catalogues, logs, beside)

    disputes, remarks = compare.disputes(job, job_path, found.rates)
    problems = pa.concat_tables([works.problems, catalogues.problems, logs.problems, *conflicts, remarks])
    return Reviewed(job, works, catalogues, logs, found, disputes, compare.recounts(job, disputes, found), problems)


def _splits(job: reviewfile.Review) -> dict[str, split.SplitTable]:
    return {society.id: split.shipped(society.split) for society in job.society if society.split}


def _read(job: reviewfile.Review, kind: str, base: Path, progress: Progress) -> Lists:
    """The catalogues or the play logs of all operators; every line belongs to the operator that names its file."""
    owners = {_list_name(o.id, kind, n): o.id for o in job.operator for n in range(len(_sources(o, kind)))}
    sources = [
        Usage(**source.model_dump(), name=_list_name(operator.id, kind, n), licensee=operator.id)
        for operator in job.operator
        for n, source in enumerate(_sources(operator, kind))
    ]
    lists = read_usage(sources, base, progress)
    named = pc.index_in(lists.usage.column("list"), value_set=pa.array(list(owners), pa.string()))
    owned = pa.array(list(owners.values()), pa.string()).take(named)
    place = lists.usage.column_names.index("licensee")
    return dataclasses.replace(lists, usage=lists.usage.set_column(place, "licensee", owned))


def _sources(operator: reviewfile.Operator, kind: str) -> tuple[Source, ...]:
    return operator.catalogue if kind == "catalogue" else operator.usage


def _list_name(operator: str, kind: str, number: int) -> str:
    return f"{operator} {kind}" + (f" {number + 1}" if number else "")


def _held(job: reviewfile.Review, kind: str, lists: Lists) -> pa.Table:
    """HELD: quarantined rows and their plays, by operator; a row with several faults counts once."""
    owners = {_list_name(o.id, kind, n): o.id for o in job.operator for n in range(len(_sources(o, kind)))}
    bad = lists.problems.filter(pc.equal(lists.problems.column("severity"), "quarantined"))
    plays: dict[str, dict[tuple[str, int], int]] = {}
    for row in bad.to_pylist():
        rows = plays.setdefault(owners[row["list"]], {})
        place = (row["file"], row["line"])
        rows[place] = max(rows.get(place, 0), row["plays"])
    rate = "reproduction" if kind == "catalogue" else "play"
    found = [
        {
            "rate": rate,
            "operator": operator,
            "lines": len(rows),
            "plays": len(rows) if kind == "catalogue" else sum(rows.values()),
        }
        for operator, rows in sorted(plays.items())
    ]
    return pa.Table.from_pylist(found, schema=rates.HELD)


def _societies(job: reviewfile.Review) -> tuple[str, ...]:
    named = {job.review.society, *(s.id for s in job.society), *(r.society for r in job.repertoire if r.society)}
    return tuple(sorted(named))


def _check(found: rates.Rates, catalogues: Lists, logs: Lists, beside: rates.Beside) -> None:
    """Every line that was read, and every row that was set aside, has one fate."""
    held = 0 if beside.held is None else pc.sum(beside.held.column("lines")).as_py() or 0
    read = catalogues.usage.num_rows + logs.usage.num_rows + held
    counted = pc.sum(found.coverage.column("lines")).as_py() or 0
    if counted != read:
        raise AssertionError(f"{read} lines were read, {counted} accounted for")

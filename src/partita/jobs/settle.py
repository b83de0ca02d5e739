"""The main job: from play logs and repertoires to balanced books and statements.

Read top to bottom: read, identify, clear, price, distribute, check, write. Everything else serves these lines.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa

from partita import distribute, identify, price, tables
from partita.distribute import balance
from partita.errors import InputError, Unbalanced
from partita.jobs import (
    clearing,
    duplicates,
    earlier,
    jobfile,
    makings,
    policy,
    run,
    settlement,
    training,
    trainingfile,
)
from partita.jobs.inputs import (
    Decisions,
    Lists,
    Progress,
    Repertoires,
    read_decisions,
    read_repertoires,
    read_usage,
    silent,
)
from partita.jobs.settlement import Settlement


def settle(job_path: Path, out: Path, progress: Progress = silent) -> dict[str, Any]:
    """Runs the job in `job_path` into the run folder `out` and returns its `run.json`.

    A job with manifests is a training run: see `training.settle`. Raises InputError for a job or a file that cannot be
    used, and `balance.Unbalanced` (nothing is written) should the books not balance.
    """
    if trainingfile.is_training(jobfile.parse(job_path)):
        return training.settle(job_path, out, progress)
    job = jobfile.load(job_path)
    with run.new(out) as folder:
        settled = compute(job, job_path.parent, progress)
        progress("write", 0, 1)
        summary = settlement.write(folder, settled, progress)
        _check_written(folder, settled)
    return summary


def compute(job: jobfile.Job, base: Path, progress: Progress = silent) -> Settlement:
    """The whole chain in memory: files in, books out, balanced or not at all."""
    works = read_repertoires(job.repertoire, job.shares, base, progress)
    works = policy.with_splits(works, job)
    lists = read_usage(job.usage, base, progress)
    decided = read_decisions(job.decisions, base, works.repertoire)

    progress("identify", 0, lists.usage.num_rows)
    matches, remarks, doubles = _identified(job, works, lists, decided, progress)
    problems = pa.concat_tables([works.problems, lists.problems, decided.problems, remarks])

    progress("clear", 0, matches.num_rows)
    tariffs = price.load([base / folder for folder in job.tariffs]) if job.tariffs else price.load(None)
    licences = policy.licences(job, tariffs)
    matched = clearing.Matched(lists.usage, matches, works.repertoire, works.shares, licences, tariffs)
    cleared = clearing.clear(job, base, matched)

    progress("price", 0, len(job.licence))
    licences = price.count(licences, tariffs.societies(), lists.usage, matches, cleared.shares)
    charges, charge_steps = price.price(licences, tariffs, policy.price(job))

    progress("distribute", 0, charges.num_rows)
    before = earlier.read(job, base)
    pools = earlier.with_reversed(policy.pools(job, charges), before)
    try:
        books = distribute.distribute(
            pools,
            lists.usage,
            matches,
            cleared.shares,
            policy.distribute(job),
            charges=charges,
            problems=problems,
            points=policy.points(job),
            previous=before.adjusts,
            carried=before.carries,
        )
    except ValueError as error:
        raise InputError(f"cannot be distributed: {error}", mend="Correct the job or its files") from None
    totals = balance.check(books, pools, charges, previous=before.adjusts)
    told = {"usage": lists.usage, "matches": matches, "pools": pools, "allocations": books.allocations}
    made = makings.shares(job, base, works.repertoire, told, works.makings)
    conflicts = duplicates.in_conflict(doubles, works.shares, books, matches, job.job.currency)
    return Settlement(
        job,
        works,
        lists,
        decided,
        matches,
        tariffs,
        licences,
        cleared,
        charges,
        charge_steps,
        pools,
        before,
        books,
        totals,
        pa.concat_tables([problems, conflicts]),
        doubles,
        made,
    )


def _identified(
    job: jobfile.Job, works: Repertoires, lists: Lists, decided: Decisions, progress: Progress
) -> tuple[pa.Table, pa.Table, pa.Table]:
    """MATCHES, PROBLEMS with what there is to say about the lines' identifiers, and DUPLICATES."""
    identify.warm(progress)
    prepared = identify.prepare(works.repertoire, decided.table)
    known = {"decisions": decided.table, "registrations": works.registrations}
    matches = identify.identify(lists.usage, prepared, policy.identify(job), progress=progress, **known)
    doubles = tables.DUPLICATES.empty()
    if job.identify.duplicates:
        doubles = identify.duplicates(
            works.repertoire, index=prepared.index, registrations=works.registrations, progress=progress
        )
    return matches, identify.remarks(lists.usage, matches, prepared, **known), doubles


def _check_written(folder: Path, settled: Settlement) -> None:
    """The books once more, as they lie on the disk."""
    read = {
        name: run.read_table(folder, tables.ALL[name]) for name in ("allocations", "suspense", "payouts", "journal")
    }
    pools = run.read_table(folder, tables.POOLS)
    charges = run.read_table(folder, tables.CHARGES)
    again = balance.check(distribute.Books(**read), pools, charges, previous=settled.earlier.adjusts)
    if again != settled.totals:
        raise Unbalanced("the books on the disk differ from the books computed")

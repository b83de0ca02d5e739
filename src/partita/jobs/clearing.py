"""A settlement's way through `clear`: which licences cover what was matched, and what could be claimed for the rest."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from partita import price
from partita.clear import lines
from partita.jobs import policy
from partita.jobs.jobfile import Job


@dataclass(frozen=True, slots=True)
class Clearing:
    """SHARES that may be charged and paid, CLEARANCES of everything matched, UNLICENSED with claims."""

    shares: pa.Table
    clearances: pa.Table
    unlicensed: pa.Table


def clear(
    job: Job, usage: pa.Table, matches: pa.Table, shares: pa.Table, licences: pa.Table, tariffs: price.Tariffs
) -> Clearing:
    """Every matched line of USAGE, cleared by the run's licences and pools; nothing unlicensed is charged."""
    licensed = _licensed(job, licences, tariffs)
    cleared = lines.clear_lines(usage, matches, shares, licensed)
    classes = {x.id: x.user_class for x in job.licensee}
    claimed = price.claims(cleared.unlicensed, tariffs, policy.price(job), classes, job.job.currency)
    return Clearing(shares, cleared.clearances, claimed)


def _licensed(job: Job, licences: pa.Table, tariffs: price.Tariffs) -> pa.Table:
    """Whose works each licensee may use when: by the licences, and by pools of money that was paid already."""
    societies = tariffs.societies()
    rows = []
    for row in licences.to_pylist():
        found = societies[row["tariff_id"]]
        rows += [(row["licensee"], s, False, row["period_from"], row["period_to"]) for s in found]
        if not found:
            rows.append((row["licensee"], "", True, row["period_from"], row["period_to"]))
    about = job.job
    rows += [
        (p.licensee, p.society, not p.society, p.period_from or about.period_from, p.period_to or about.period_to)
        for p in job.pool
    ]
    names = lines.LICENSED.names
    return pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows], schema=lines.LICENSED)

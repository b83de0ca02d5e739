"""From a job file to what each stage takes: its policy and its tables."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from partita import distribute as distribution
from partita import identify as identification
from partita import money, tables
from partita import price as pricing
from partita.distribute import split
from partita.distribute.pools import from_charges
from partita.jobs.inputs import Repertoires
from partita.jobs.jobfile import Job

GIVEN = "given"
"""Tariff and method of a pool that the job states."""


def identify(job: Job) -> identification.IdentifyPolicy:
    """What is out of scope, for `identify`."""
    about, scope = job.job, job.identify
    return identification.IdentifyPolicy(
        languages_out=scope.languages_out,
        territories=scope.territories,
        guess_language=scope.guess_language,
        period_from=about.period_from if scope.only_period else None,
        period_to=about.period_to if scope.only_period else None,
    )


def price(job: Job) -> pricing.PricePolicy:
    """The day whose knowledge counts, for `price`."""
    known = pricing.PricePolicy(as_of=job.job.as_of or job.job.period_to)
    return replace(known, chargeable=(*known.chargeable, "proposed")) if job.price.charge_proposed else known


def distribute(job: Job) -> distribution.DistributePolicy:
    """Deductions, key and minimum payout, for `distribute`."""
    fees = {s.id: (_ppm(s.management_fee), _ppm(s.fund)) for s in job.society}
    unit = job.distribute.payout_unit
    return distribution.DistributePolicy(
        fees=fees,
        minimum_micro={job.job.currency: money.micro(job.distribute.minimum_payout)},
        unit_micro={job.job.currency: money.micro(unit)} if unit else {},
    )


def _ppm(text: str) -> int:
    return int(money.exact(text) * money.PPM)


def with_splits(works: Repertoires, job: Job) -> Repertoires:
    """Shares that a repertoire states by role only, filled by the split table of their society; equal without one."""
    rules = {s.id: split.shipped(s.split) for s in job.society if s.split}
    return replace(works, shares=split.fill(works.shares, rules, else_equal=True))


def licences(job: Job, tariffs: pricing.Tariffs) -> pa.Table:
    """LICENCES of the job; raises InputError for a tariff that is not there."""
    classes = {x.id: x.user_class for x in job.licensee}
    rows = []
    for item in job.licence:
        tariffs.one(item.tariff)
        rows.append(
            {
                "licensee": item.licensee,
                "tariff_id": item.tariff,
                "method": item.method,
                "user_class": item.user_class or classes.get(item.licensee, "commercial"),
                "period_from": item.period_from or job.job.period_from,
                "period_to": item.period_to or job.job.period_to,
                "quantities": sorted(item.quantities.items()),
                "paid_provisionally": item.paid_provisionally,
            }
        )
    return pa.Table.from_pylist(rows, schema=tables.LICENCES.schema)


def pools(job: Job, charges: pa.Table) -> pa.Table:
    """POOLS: one for each chosen charge, and those that the job states."""
    key = job.distribute.allocation_key
    given = [
        {
            "pool_id": item.id,
            "licensee": item.licensee,
            "society": item.society,
            "societies": [item.society] if item.society else [],
            "tariff_id": GIVEN,
            "method": GIVEN,
            "period_from": item.period_from or job.job.period_from,
            "period_to": item.period_to or job.job.period_to,
            "currency": job.job.currency,
            "amount_micro": money.micro(item.amount),
            "allocation_key": key,
        }
        for item in job.pool
    ]
    return pa.concat_tables([from_charges(charges, key), pa.Table.from_pylist(given, schema=tables.POOLS.schema)])


def points(job: Job) -> pa.Table | None:
    """Point values by category, where the key is `points`."""
    if job.distribute.allocation_key != "points":
        return None
    items = sorted(job.distribute.points.items())
    return pa.table(
        {
            "category": pa.array([k for k, _ in items], pa.string()),
            "points": pa.array([v for _, v in items], pa.int64()),
        }
    )


def answer_counts(clearances: pa.Table) -> dict[str, int]:
    """Plays by answer, every answer named; a play of a work that two societies share counts for each."""
    summed = clearances.group_by("answer").aggregate([("plays", "sum")])
    found = dict(zip(summed.column("answer").to_pylist(), summed.column("plays_sum").to_pylist(), strict=True))
    return {name: found.get(name, 0) for name in ("allowed", "refused", "unknown")}


def outcome_counts(matches: pa.Table) -> dict[str, int]:
    """Lines by outcome, every outcome named."""
    found = {row["values"]: row["counts"] for row in pc.value_counts(matches.column("outcome")).to_pylist()}
    return {name: found.get(name, 0) for name in ("matched", "ambiguous", "unmatched", "out_of_scope")}

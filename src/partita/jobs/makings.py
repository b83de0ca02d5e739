"""How much of a run goes to works that people made, machines helped with, or machines generated, by month of use.

What is known comes from the registry's authorship record on the last day of the run's period, where the job names a
registry, else from what the repertoires say. What nobody recorded is unknown, never human.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from partita import tables
from partita.engine.duck import Duck
from partita.jobs.jobfile import Job
from partita.registry import authorship
from partita.registry.store import open_store

UNKNOWN = "unknown"
_INPUTS = ("usage", "matches", "pools", "allocations")


def shares(job: Job, base: Path, works: pa.Table, inputs: Mapping[str, pa.Table], declared: pa.Table) -> pa.Table:
    """MAKING_SHARES; empty where nothing is known of any work that was used or paid.

    `works` is the run's REPERTOIRE, `inputs` its usage, matches, pools and allocations by name; `declared` has work_id
    and making, as the repertoires say. Raises InputError for a registry that cannot be read.
    """
    return counted(known(job, base, works, declared), inputs)


def known(job: Job, base: Path, works: pa.Table, declared: pa.Table) -> dict[str, str]:
    """Making of each work by its number, where one is recorded; arguments and errors as of `shares`."""
    return _recorded(job, base, works) if job.clear.registry else _declared(declared)


def counted(found: Mapping[str, str], inputs: Mapping[str, pa.Table]) -> pa.Table:
    """MAKING_SHARES of works whose making is `found`, by number; empty where none of them was used or paid."""
    if not found:
        return tables.MAKING_SHARES.empty()
    makings = pa.table({"work_id": list(found), "making": list(found.values())})
    with Duck() as duck:
        for name in _INPUTS:
            duck.put(name, inputs[name])
        duck.put("makings", makings)
        duck.run("partita.jobs", "makings.sql")
        made = duck.get("SELECT * FROM making_shares ORDER BY month, making")
    told = set(made.column("making").to_pylist()) - {UNKNOWN}
    return tables.conform(made, tables.MAKING_SHARES) if told else tables.MAKING_SHARES.empty()


def _recorded(job: Job, base: Path, works: pa.Table) -> dict[str, str]:
    """The making of the run's works by the registry, found by the same number, else by the one work with the ISWC."""
    where = job.clear.registry
    store = open_store(where if "://" in where else base / where, create=False)
    try:
        by_number, by_iswc = authorship.makings(store, job.job.period_to, job.clear.known)
    finally:
        store.close()
    pairs = zip(works.column("work_id").to_pylist(), works.column("iswc").to_pylist(), strict=True)
    found = {work: by_number.get(work) or by_iswc.get(iswc or "") for work, iswc in pairs}
    return {work: making for work, making in sorted(found.items()) if making}


def _declared(declared: pa.Table) -> dict[str, str]:
    """The making of each work by its repertoires; alike if all are, else `assisted`."""
    found: dict[str, set[str]] = {}
    for row in declared.to_pylist():
        found.setdefault(row["work_id"], set()).add(row["making"])
    return {work: authorship.whole(makings) for work, makings in sorted(found.items())}

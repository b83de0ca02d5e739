"""Runs before this one: what they booked, what they left to carry, and whether they are the right ones.

Reads run folders. A run that adjusts says in its `run.json` which runs it adjusts, by their ids, so that a chain of
adjustments can be checked before any money is booked on top of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from partita import distribute, tables
from partita.errors import InputError
from partita.jobs import run
from partita.jobs.jobfile import Job
from partita.jobs.policy import GIVEN

BOOKS = ("allocations", "suspense", "payouts", "journal")


@dataclass(frozen=True, slots=True)
class EarlierRuns:
    """Books and POOLS of the runs to adjust, PAYOUTS of the run whose balances are carried, and the ids of all."""

    adjusts: distribute.Books | None = None
    pools: pa.Table | None = None
    carries: pa.Table | None = None
    adjusts_ids: tuple[str, ...] = ()
    carries_id: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For `run.json`: ids of the runs that this one builds on; empty where there are none."""
        adjusts = {"adjusts": list(self.adjusts_ids)} if self.adjusts_ids else {}
        return adjusts | ({"carries": self.carries_id} if self.carries_id else {})


def read(job: Job, base: Path) -> EarlierRuns:
    """The earlier runs that the job names; raises InputError where one is incomplete, or out of its order."""
    folders = [base / folder for folder in job.earlier.adjusts]
    ids = _chain(folders)
    carries = base / job.earlier.carries if job.earlier.carries else None
    carries_id = run.read_json(carries)["run_id"] if carries else ""
    if carries_id in ids[:-1]:
        mend = "Carry the latest run: its balances hold those of the runs before it"
        raise InputError("was adjusted since, and its balances were carried then", file=str(carries), mend=mend)
    return EarlierRuns(
        adjusts=distribute.cumulate(*(_books(folder) for folder in folders)) if folders else None,
        pools=pa.concat_tables([run.read_table(folder, tables.POOLS) for folder in folders]) if folders else None,
        carries=run.read_table(carries, tables.PAYOUTS) if carries else None,
        adjusts_ids=ids,
        carries_id=carries_id,
    )


def _chain(folders: list[Path]) -> tuple[str, ...]:
    """Ids of a run and of those that adjusted it, in order."""
    ids: list[str] = []
    for folder in folders:
        about = run.read_json(folder)
        if about.get("earlier", {}).get("adjusts", []) != ids:
            reason = "does not adjust exactly the runs named before it" if ids else "adjusts another run itself"
            mend = "Name in `adjusts` the first run, then each run that adjusted it, in order"
            raise InputError(reason, file=str(folder), mend=mend)
        ids.append(about["run_id"])
    return tuple(ids)


def _books(folder: Path) -> distribute.Books:
    return distribute.Books(**{name: run.read_table(folder, tables.ALL[name]) for name in BOOKS})


def with_reversed(pools: pa.Table, earlier: EarlierRuns) -> pa.Table:
    """`pools`, and with nothing in them those of the earlier runs whose licence is charged by another method now.

    Any other pool that is not given again is a mistake, and `distribute` says so.
    """
    if earlier.pools is None:
        return pools
    ids, licences = set(pools.column("pool_id").to_pylist()), {_licence(row) for row in pools.to_pylist()}
    gone = {
        row["pool_id"]: {**row, "amount_micro": 0}
        for row in earlier.pools.to_pylist()
        if row["pool_id"] not in ids and row["tariff_id"] != GIVEN and _licence(row) in licences
    }
    rows = [gone[pool_id] for pool_id in sorted(gone)]
    return pa.concat_tables([pools, pa.Table.from_pylist(rows, schema=tables.POOLS.schema)])


def _licence(row: dict[str, Any]) -> tuple[Any, ...]:
    return (row["licensee"], row["tariff_id"], row["period_from"])

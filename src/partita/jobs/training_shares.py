"""Whose shares a run's licences pay: a member who took a right back is not paid for what the society cannot license."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from partita import scope, tables
from partita.clear import Use, decide
from partita.jobs.trainingfile import AiLicence, Trained, TrainingJob
from partita.registry import lookup
from partita.registry.facts import Said
from partita.registry.store import Store, open_store

Share = tuple[str, str, str]
"""A work, a party and the party's society."""


def payable(job: TrainingJob, base: Path, shares: pa.Table, works: Mapping[str, Iterable[str]]) -> pa.Table:
    """SHARES as each licence pays them; `works`: what each covers.

    A share that a licence covering its work does not allow is left out. Where another licence allows it, `right` names
    each that does: the licence is the right that `rights` has it pay; empty: every licence.
    """
    shares = _direct(shares, {licence.licensor for licence in job.licence})
    columns = zip(*(shares.column(name).to_pylist() for name in ("work_id", "party_id", "society")), strict=True)
    listed: list[Share] = list(columns)
    holders: dict[tuple[str, str], set[str]] = {}
    for work, party, society in listed:
        holders.setdefault((work, society), set()).add(party)
    store = open_store(job.registry if "://" in job.registry else base / job.registry, create=False)
    try:
        asked = [(licence, work) for licence in job.licence for work in sorted(works.get(licence.id, ()))
                 if len(holders.get((work, licence.licensor), ())) > 1]  # fmt: skip
        allowed: dict[Share, list[str]] = {}
        refused = set[Share]()
        for licence, work in asked:
            for share, good in _judged(job, store, licence, work):
                if good:
                    allowed.setdefault(share, []).append(licence.id)
                else:
                    refused.add(share)
    finally:
        store.close()
    rows = [(row, right) for row, share in enumerate(listed)
            for right in (allowed.get(share, []) if share in refused else [""])]  # fmt: skip
    kept = tables.conform(shares.take(pa.array([row for row, _ in rows], pa.int64())), tables.SHARES)
    return kept.append_column("right", pa.array([right for _, right in rows], pa.string()))


def _direct(shares: pa.Table, licensors: set[str]) -> pa.Table:
    """SHARES in which a holder who licenses by itself, without a society, stands as its own."""
    alone = pc.and_(
        pc.equal(shares.column("society"), ""),
        pc.is_in(shares.column("party_id"), value_set=pa.array(sorted(licensors), pa.string())),
    )
    named = pc.if_else(alone, shares.column("party_id"), shares.column("society"))
    return shares.set_column(shares.column_names.index("society"), "society", named)


def rights(job: TrainingJob) -> dict[str, str]:
    """The right that each licence pays for, as `payable` names it: its own."""
    return {licence.id: licence.id for licence in job.licence}


def _judged(job: TrainingJob, store: Store, licence: AiLicence, work: str) -> Iterator[tuple[Share, bool]]:
    """Each share of the licensor's members in the work, and whether the licence allows all that it is asked for."""
    for model in job.model:
        if not any(scope.system_covers(system, model.id) for system in licence.systems):
            continue
        facts = lookup.facts(store, "work", work, model.trained_on, job.known)
        granted = _granted(licence, model)
        use = Use(work, "work", work, model.purpose, model.id, model.territory, model.trained_on, job.known)
        answer = decide(use, replace(facts, statements=(*facts.statements, granted)))
        found: dict[Share, bool] = {}
        for part in answer.parts:
            if part.held is not None and licence.licensor in (
                part.held.society,
                part.held.society or part.held.party_id,
            ):
                share = (work, part.held.party_id, licence.licensor)
                found[share] = found.get(share, True) and part.answer == "allowed"
        yield from found.items()


def _granted(licence: AiLicence, model: Trained) -> Said:
    return Said(
        f"run:{licence.id}", "licence", "repertoire", licence.licensor, model.purpose, model.id, licence.territory,
        licence.licensor, None, "registry", "machine", "declared", f"licence {licence.id} of the job", "",
        licence.valid_from,
    )  # fmt: skip

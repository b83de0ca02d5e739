"""A settlement's way through `clear`: which licences cover what was matched, and what could be claimed for the rest.

Where the job names a registry, its mandates, withdrawals and reservations count on the first and the last day on which
a work was used: a share that could not be licensed on one of them is withheld, neither charged nor paid.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from partita import clear as clearing
from partita import price, tables
from partita.clear import Answer, Use, lines
from partita.clear.answer import words
from partita.jobs import policy
from partita.jobs.jobfile import Job
from partita.registry import lookup
from partita.registry.facts import Said
from partita.registry.store import Store, open_store

NOT_SAID = frozenset(
    {"silent", "shares_unknown", "target_unknown", "partly", "other_system", "other_territory", "claim_only",
     "permission_of_unknown"}
)  # fmt: skip
"""Codes that say no more than that nobody licensed it: which `lines` finds out by itself. Claims decide nothing."""


@dataclass(frozen=True, slots=True)
class Clearing:
    """SHARES that may be charged and paid, CLEARANCES of everything matched, UNLICENSED with claims."""

    shares: pa.Table
    clearances: pa.Table
    unlicensed: pa.Table


@dataclass(frozen=True, slots=True)
class Matched:
    """What a clearing starts from: USAGE, its MATCHES, the works' REPERTOIRE and SHARES, LICENCES and their tariffs."""

    usage: pa.Table
    matches: pa.Table
    repertoire: pa.Table
    shares: pa.Table
    licences: pa.Table
    tariffs: price.Tariffs


def clear(job: Job, base: Path, matched: Matched) -> Clearing:
    """Every matched line, cleared by the run's licences and pools and by the registry; nothing unlicensed is charged.

    Raises InputError for a registry that cannot be read.
    """
    licensed = _licensed(job, matched)
    where = job.clear.registry
    withheld = _withheld(job, where if "://" in where else base / where, matched) if where else None
    shares = _without(matched.shares, withheld) if withheld is not None else matched.shares
    cleared = lines.clear_lines(matched.usage, matched.matches, shares, licensed, withheld)
    classes = {x.id: x.user_class for x in job.licensee}
    claimed = price.claims(cleared.unlicensed, matched.tariffs, policy.price(job), classes, job.job.currency)
    return Clearing(shares, cleared.clearances, claimed)


def _licensed(job: Job, matched: Matched) -> pa.Table:
    """Whose works each licensee may use when: by the licences, and by pools of money that was paid already."""
    societies = matched.tariffs.societies()
    rows = []
    for row in matched.licences.to_pylist():
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


def _withheld(job: Job, registry: str | Path, matched: Matched) -> pa.Table:
    """The shares of matched works that the registry says cannot be licensed, and why."""
    store = open_store(registry, create=False)
    try:
        rows = list(_refused(job, store, matched))
    finally:
        store.close()
    return pa.Table.from_pylist(rows, schema=lines.WITHHELD)


def _refused(job: Job, store: Store, matched: Matched) -> Iterator[dict[str, Any]]:
    held: dict[str, list[dict[str, Any]]] = {}
    for row in matched.shares.to_pylist():
        held.setdefault(row["work_id"], []).append(row)
    codes = dict(zip(*(matched.repertoire.column(c).to_pylist() for c in ("work_id", "iswc")), strict=True))
    for work, days in sorted(_days(matched, job.job.period_to).items()):
        named = _named(store, work, codes.get(work), max(days), job.clear.known)
        rows = held.get(work, [])
        if not named or not rows:
            continue
        found: dict[tuple[str, str], tuple[str, str, str]] = {}
        for day in sorted(days):
            use, answer = _decided(job, store, named, day)
            found = dict(_not_allowed(use, answer, rows)) | found
        for (party, society), (said, code, reason) in sorted(found.items()):
            share = sum(r["share_ppm"] for r in rows if (r["party_id"], r["society"]) == (party, society))
            yield {"work_id": work, "society": society, "party_id": party, "answer": said, "code": code,
                   "reason": reason, "share_ppm": share}  # fmt: skip


def _days(matched: Matched, otherwise: dt.date) -> dict[str, set[dt.date]]:
    """The first and the last day on which each work was used; `otherwise` where no day is known."""
    joined = matched.matches.select(["line_id", "outcome", "work_id"]).join(
        matched.usage.select(["line_id", "used_at"]), "line_id"
    )
    rows = joined.filter(pc.equal(joined.column("outcome"), "matched"))
    found = rows.group_by("work_id").aggregate([("used_at", "min"), ("used_at", "max")]).to_pylist()
    return {
        row["work_id"]: {moment.date() for moment in (row["used_at_min"], row["used_at_max"]) if moment} or {otherwise}
        for row in found
    }


def _named(store: Store, work: str, iswc: str | None, day: dt.date, known: dt.datetime | None) -> str:
    """The registry's own number of a work: the same number, or the one work that bears its ISWC; else empty."""
    for text in (work, iswc):
        things = [name for kind, name in lookup.find(store, text, day, known) if kind == "work"] if text else []
        if len(things) == 1:
            return things[0]
    return ""


def _decided(job: Job, store: Store, work: str, day: dt.date) -> tuple[Use, Answer]:
    """One work on one day, asked and answered as if each society licensed it: whether it could."""
    facts = lookup.facts(store, "work", work, day, job.clear.known)
    granted = [
        Said(f"run:{society}", "licence", "repertoire", society, job.clear.purpose, "*", job.clear.territory, society,
             None, "registry", "machine", "declared", "the run's licences", "", day)
        for society in sorted({row.society for row in facts.holdings} - {""})
    ]  # fmt: skip
    use = Use(work, "work", work, job.clear.purpose, "*", job.clear.territory, day, job.clear.known)
    return use, clearing.decide(use, replace(facts, statements=(*facts.statements, *granted)))


def _not_allowed(
    use: Use, answer: Answer, shares: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[tuple[str, str], tuple[str, str, str]]]:
    """The run's shares whose holder's share is not allowed, for a reason that only the registry knows."""
    listed = {(row["party_id"], row["society"]) for row in shares}
    for part in answer.parts:
        if part.held is not None and part.answer != "allowed" and part.code not in NOT_SAID:
            key = (part.held.party_id, part.held.society)
            if key in listed:
                yield key, (part.answer, part.code, words(part.code, use, part.statement, "en"))


def _without(shares: pa.Table, withheld: pa.Table) -> pa.Table:
    """SHARES without those that are withheld."""
    keys = {(row["work_id"], row["party_id"], row["society"]) for row in withheld.to_pylist()}
    columns = zip(*(shares.column(c).to_pylist() for c in ("work_id", "party_id", "society")), strict=True)
    return tables.conform(shares.filter(pa.array([key not in keys for key in columns], pa.bool_())), tables.SHARES)

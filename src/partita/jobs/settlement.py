"""A settled job, and how it becomes a run folder: tables, pages, statements, ledger, and `run.json` last."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from partita import __version__, distribute, identify, price, tables
from partita.formats import beancount, pages
from partita.jobs import jobfile, policy, run
from partita.jobs.clearing import Clearing
from partita.jobs.earlier import EarlierRuns
from partita.jobs.inputs import Decisions, Lists, Progress, Repertoires, silent

FORMAT = 1
"""Version of the run folder's layout."""

IDENTIFYING = ("usage", "repertoire", "shares", "licences", "pools", "decisions")
"""Tables whose content, with the policy, makes the run's id: the same content gives the same id in any row order."""


_SHOWN = frozenset(field.name for field in dataclasses.fields(pages.RunView))


@dataclass(frozen=True, slots=True)
class Settlement:
    """All that a settled job holds: what was read, what was found, what is owed, and to whom."""

    job: jobfile.Job
    works: Repertoires
    lists: Lists
    decided: Decisions
    matches: pa.Table
    tariffs: price.Tariffs
    licences: pa.Table
    cleared: Clearing
    charges: pa.Table
    charge_steps: pa.Table
    pools: pa.Table
    earlier: EarlierRuns
    books: distribute.Books
    totals: dict[str, Any]
    problems: pa.Table
    duplicates: pa.Table
    making_shares: pa.Table = dataclasses.field(default_factory=tables.MAKING_SHARES.empty)


def write(folder: Path, settled: Settlement, progress: Progress = silent) -> dict[str, Any]:
    """Writes everything into `folder` and returns what `run.json` says."""
    held = contents(settled)
    for name, data in held.items():
        run.write_table(folder, tables.ALL[name], data)
    about = settled.job.job
    beancount.write(
        settled.books.journal,
        folder / "journal.beancount",
        pools=settled.pools,
        title=about.title.en,
        booked_on=(about.as_of or about.period_to) if settled.earlier.adjusts_ids else None,
    )
    progress("pages", 0, 1)
    summary = _summary(settled, identity(settled, held), _policies(settled))
    pages.write(folder, view(settled, summary), languages=settled.job.job.languages)
    summary["files"] = run.listed(folder)
    run.write_json(folder / run.MARK, summary)
    return summary


def identity(settled: Settlement, held: Mapping[str, pa.Table]) -> str:
    """The run's id, from its content and policy; `held` are its `contents`."""
    identifying = {tables.ALL[name]: held[name] for name in IDENTIFYING if name in held}
    before = {"earlier": settled.earlier.as_dict()} if settled.earlier.as_dict() else {}
    return run.content_id(identifying, {"partita": __version__, **_policies(settled), **before})


def contents(settled: Settlement) -> dict[str, pa.Table]:
    """The tables of a run, by name."""
    books = settled.books
    decided = {"decisions": settled.decided.table} if settled.decided.table.num_rows else {}
    made = {"making_shares": settled.making_shares} if settled.making_shares.num_rows else {}
    found = {
        "problems": settled.problems,
        "repertoire": settled.works.repertoire,
        "registrations": settled.works.registrations,
        "duplicates": settled.duplicates,
        "shares": settled.works.shares,
        "usage": settled.lists.usage,
        "matches": settled.matches,
        "licences": settled.licences,
        "clearances": settled.cleared.clearances,
        "unlicensed": settled.cleared.unlicensed,
        "charges": settled.charges,
        "charge_steps": settled.charge_steps,
        "pools": settled.pools,
        "allocations": books.allocations,
        "suspense": books.suspense,
        "payouts": books.payouts,
        "journal": books.journal,
    }
    return decided | found | made


def _policies(settled: Settlement) -> dict[str, Any]:
    job = settled.job
    return {
        "identify": plain(dataclasses.asdict(policy.identify(job))),
        "price": plain(dataclasses.asdict(policy.price(job))),
        "distribute": plain(dataclasses.asdict(policy.distribute(job))),
    }


def plain(value: Any) -> Any:
    """`value` as JSON has it: dates as text, tuples as lists, keys as text."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in (sorted(value) if isinstance(value, (set, frozenset)) else value)]
    return value.isoformat() if isinstance(value, dt.date) else value


def _summary(settled: Settlement, run_id: str, policies: dict[str, Any]) -> dict[str, Any]:
    job = settled.job.job
    problems = settled.problems
    quarantined = problems.filter(pc.equal(problems.column("severity"), "quarantined"))
    lines = settled.lists.usage
    return {
        "partita": __version__,
        "format": FORMAT,
        "run_id": run_id,
        "scorer": identify.scorer_label(),
        "title": job.title.by_language(),
        "period": {"from": job.period_from.isoformat(), "to": job.period_to.isoformat()},
        "as_of": (job.as_of or job.period_to).isoformat(),
        "inputs": [note.as_dict() for note in (*settled.works.notes, *settled.lists.notes, *settled.decided.notes)],
        "earlier": settled.earlier.as_dict(),
        "policy": policies,
        "counts": {
            "lines": lines.num_rows,
            "plays": pc.sum(lines.column("plays")).as_py() or 0,
            "works": settled.works.repertoire.num_rows,
            **policy.outcome_counts(settled.matches),
            "quarantined": quarantined.num_rows,
            "uses_cleared": policy.answer_counts(settled.cleared.clearances),
            "problems": problems.num_rows,
            "duplicates": settled.duplicates.num_rows,
            "charges": settled.charges.num_rows,
            "pools": settled.pools.num_rows,
            "payees": settled.books.payouts.num_rows,
        },
        "totals": settled.totals,
        "balanced": True,
    }


def view(settled: Settlement, summary: dict[str, Any]) -> pages.RunView:
    """What the pages show."""
    job, about = settled.job, settled.job.job
    shown = {name: data for name, data in contents(settled).items() if name in _SHOWN}
    return pages.RunView(
        run_id=summary["run_id"],
        title=about.title.by_language(),
        currency=about.currency,
        period_from=about.period_from,
        period_to=about.period_to,
        as_of=about.as_of,
        contact=about.contact,
        adjusts=", ".join(settled.earlier.adjusts_ids),
        files=(*settled.works.notes, *settled.lists.notes, *settled.decided.notes),
        societies={s.id: s.name.by_language() for s in job.society},
        licensees={x.id: x.name.by_language() for x in job.licensee},
        tariffs={tariff_id: tariff.title.by_language() for tariff_id, tariff in settled.tariffs.by_id.items()},
        fictional=frozenset([s.id for s in job.society if s.fictional] + [x.id for x in job.licensee if x.fictional]),
        words=price.LABELS,
        fees={s.id: (s.management_fee, s.fund) for s in job.society},
        version=__version__,
        html_most=job.statements.html_most,
        **shown,
    )

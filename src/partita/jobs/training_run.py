"""A settled training run, and how it becomes a folder: tables, invoices, statements, ledger, and `run.json` last."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from partita import __version__, identify, tables
from partita.distribute import Books, balance
from partita.errors import Unbalanced
from partita.formats import beancount, pages, training_pages, unlicensed_sheet
from partita.jobs import run, training_lists, training_views
from partita.jobs.settlement import FORMAT, plain
from partita.jobs.training import Settled
from partita.price import models

IDENTIFYING = ("items", "findings", "outputs", "repertoire", "shares", "pools")
"""Tables whose content, with the licences, makes the run's id."""

UNLICENSED_CSV = "unlicensed.csv"


def write(folder: Path, settled: Settled) -> dict[str, Any]:
    """Writes everything into `folder` and returns what `run.json` says."""
    held = contents(settled)
    for name, data in held.items():
        run.write_table(folder, tables.ALL[name], data)
    job = settled.found.job
    policies = plain(job.model_dump(mode="json", exclude={"statements"}))
    identifying = {tables.ALL[name]: held[name] for name in IDENTIFYING}
    run_id = run.content_id(identifying, {"partita": __version__, "job": policies})
    beancount.write(
        settled.books.journal, folder / "journal.beancount", pools=settled.pools, title=job.job.title.en, booked_on=None
    )
    summary = _summary(settled, run_id)
    unlicensed_sheet.write(folder / UNLICENSED_CSV, settled.evidence)
    shown = view(settled, run_id)
    pages.write_statements(folder, shown, languages=job.job.languages)
    summary["counts"]["rightsholders"] = training_lists.write(folder, settled, run_id)
    lists = f"{training_lists.FOLDER}/index" if summary["counts"]["rightsholders"] else ""
    summary["counts"]["invoices"] = training_pages.write(
        folder, training_views.view(settled, shown), job.job.languages, unlicensed=UNLICENSED_CSV, lists=lists
    )
    _check_written(folder, settled)
    summary["files"] = run.listed(folder)
    run.write_json(folder / run.MARK, summary)
    return summary


def contents(settled: Settled) -> dict[str, pa.Table]:
    """The tables of a training run, by name; its usage and matches are those of the money, one line a work."""
    found, books = settled.found, settled.books
    return {
        "items": found.items,
        "datasets": found.datasets,
        "findings": found.findings,
        "outputs": settled.outputs,
        "problems": settled.problems,
        "repertoire": found.registry.repertoire,
        "shares": found.registry.shares,
        "usage": settled.usage,
        "matches": settled.matches,
        "charges": settled.charges,
        "charge_steps": settled.charge_steps,
        "unlicensed": settled.unlicensed,
        "pools": settled.pools,
        "allocations": books.allocations,
        "suspense": books.suspense,
        "payouts": books.payouts,
        "journal": books.journal,
    }


def _summary(settled: Settled, run_id: str) -> dict[str, Any]:
    found = settled.found
    job = found.job
    quarantined = settled.problems.filter(pc.equal(settled.problems.column("severity"), "quarantined"))
    return {
        "partita": __version__,
        "format": FORMAT,
        "kind": "training",
        "run_id": run_id,
        "scorer": identify.scorer_label(),
        "title": job.job.title.by_language(),
        "provider": job.provider.name.by_language(),
        "period": {"from": job.job.period_from.isoformat(), "to": job.job.period_to.isoformat()},
        "as_of": (job.job.as_of or job.job.period_to).isoformat(),
        "inputs": [note.as_dict() for note in settled.notes],
        "policy": plain(job.model_dump(mode="json", exclude={"statements"})),
        "counts": {
            "items": found.items.num_rows,
            "quarantined": quarantined.num_rows,
            "problems": settled.problems.num_rows,
            "models": {m.id: _counts(found.of_model(m.id)[1]) for m in job.model},
            "outputs": pc.count_distinct(settled.outputs.column("output_id")).as_py(),
            "charges": settled.charges.num_rows,
            "unlicensed": settled.evidence.num_rows,
            "payees": settled.books.payouts.num_rows,
        },
        "totals": settled.totals,
        "balanced": True,
    }


def _counts(findings: pa.Table) -> dict[str, Any]:
    """Items of one model by what was found, by answer, and those under a licence."""
    licensed = pc.greater(pc.list_value_length(findings.column("licences")), 0)
    return {
        "items": findings.num_rows,
        **{name: _number(findings, "outcome", name) for name in ("matched", "ambiguous", "unmatched")},
        **{name: _number(findings, "answer", name) for name in ("allowed", "refused", "unknown")},
        "licensed": pc.sum(licensed).as_py() or 0,
        "works": pc.count_distinct(findings.column("work_id"), mode="only_valid").as_py(),
    }


def _number(findings: pa.Table, column: str, value: str) -> int:
    return int(pc.sum(pc.equal(findings.column(column), value)).as_py() or 0)


def view(settled: Settled, run_id: str) -> pages.RunView:
    """What statements show."""
    found, job = settled.found, settled.found.job
    about = job.job
    return pages.RunView(
        run_id=run_id,
        title=about.title.by_language(),
        currency=about.currency,
        period_from=about.period_from,
        period_to=about.period_to,
        as_of=about.as_of,
        contact=about.contact,
        files=settled.notes,
        societies={s.id: s.name.by_language() for s in job.society},
        licensees=_licensees(settled),
        tariffs=_licences(settled),
        fictional=frozenset(
            [s.id for s in job.society if s.fictional]
            + (settled.charges.column("licensee").to_pylist() if job.provider.fictional else [])
        ),
        words=training_views.WORDS,
        fees={s.id: (s.management_fee, s.fund) for s in job.society},
        version=__version__,
        art38=False,
        html_most=job.statements.html_most,
        usage=settled.usage,
        matches=settled.matches,
        repertoire=found.registry.repertoire,
        shares=found.registry.shares,
        charges=settled.charges,
        charge_steps=settled.charge_steps,
        pools=settled.pools,
        allocations=settled.books.allocations,
        suspense=settled.books.suspense,
        payouts=settled.books.payouts,
        journal=settled.books.journal,
        unlicensed=settled.unlicensed,
        problems=settled.problems,
    )


def _licensees(settled: Settled) -> dict[str, dict[str, str]]:
    """Each charge's licensee is the provider; what tells the charges apart is the component's own words."""
    provider = settled.found.job.provider.name.by_language()
    return dict.fromkeys(settled.charges.column("licensee").to_pylist(), provider)


def _licences(settled: Settled) -> dict[str, dict[str, str]]:
    """The names of licences: their model's, and for which systems."""
    return {
        x.id: {tag: f"{models.model(x.model).name[tag]} ({x.id}: {', '.join(x.systems)})" for tag in ("en", "zh-Hant")}
        for x in settled.found.job.licence
    }


def _check_written(folder: Path, settled: Settled) -> None:
    """The books once more, as they lie on the disk."""
    read = {
        name: run.read_table(folder, tables.ALL[name]) for name in ("allocations", "suspense", "payouts", "journal")
    }
    again = balance.check(Books(**read), run.read_table(folder, tables.POOLS), run.read_table(folder, tables.CHARGES))
    if again != settled.totals:
        raise Unbalanced("the books on the disk differ from the books computed")


__all__ = ["UNLICENSED_CSV", "contents", "view", "write"]

"""A review, and how it becomes a run folder: tables, `rates.csv`, the dossier's pages, and `run.json` last."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from partita import __version__, identify, tables
from partita.formats import dossier as pages
from partita.formats.dossier_figures import percent
from partita.jobs import compare, reviewfile, run
from partita.jobs.inputs import Lists, Repertoires
from partita.price import rates

FORMAT = 1
"""Version of the run folder's layout."""

IDENTIFYING = ("coverage", "scenarios", "comparables", "recounts")
"""Tables whose content, with the assumptions, makes the run's id: not who asked."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """All that a review holds before it is written."""

    job: reviewfile.Review
    works: Repertoires
    catalogues: Lists
    logs: Lists
    found: rates.Rates
    disputes: tuple[compare.Dispute, ...]
    recounts: pa.Table
    problems: pa.Table


def write(folder: Path, reviewed: Reviewed) -> dict[str, Any]:
    """Writes everything into `folder` and returns what `run.json` says."""
    contents = _contents(reviewed)
    for name, data in contents.items():
        run.write_table(folder, tables.ALL[name], data)
    policy = _policy(reviewed)
    identifying = {tables.ALL[name]: contents[name] for name in IDENTIFYING}
    run_id = run.content_id(identifying, {"partita": __version__, **policy})
    pages.write(folder, _view(reviewed, run_id), languages=reviewed.job.review.languages)
    record = _record(reviewed, run_id, policy)
    record["files"] = {path.name: run.digest(path) for path in sorted(folder.iterdir()) if path.is_file()}
    run.write_json(folder / run.MARK, record)
    return record


def rates_of(reviewed: Reviewed) -> Iterator[dict[str, str]]:
    """One row an operator and society, as the party that asked assumes: for people to read."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in reviewed.found.rates.to_pylist():
        if row["party"] == reviewed.job.review.party and row["level"] in ("operator", "pooled"):
            key = (row["operator"] or "\U0010ffff", row["society"])
            shown = "-" if row["rate_ppm"] is None else f"{percent(row['rate_ppm'])} %"
            entry = {"operator": row["operator"] or "(all together)", "society": row["society"]}
            found.setdefault(key, entry)[f"{row['rate']}_rate"] = shown
    empty = {"reproduction_rate": "-", "play_rate": "-"}
    yield from (empty | found[key] for key in sorted(found))


def _contents(reviewed: Reviewed) -> dict[str, pa.Table]:
    return {
        "coverage": reviewed.found.coverage,
        "scenarios": reviewed.found.scenarios,
        "rates": reviewed.found.rates,
        "comparables": compare.all_comparables(reviewed.disputes),
        "recounts": reviewed.recounts,
        "problems": reviewed.problems,
    }


def _policy(reviewed: Reviewed) -> dict[str, Any]:
    policy = reviewed.job.policy()
    return {
        "identify": reviewed.job.identify.model_dump(mode="json"),
        "assumptions": {party: dataclasses.asdict(policy.of(party)) for party in rates.PARTIES},
    }


def _record(reviewed: Reviewed, run_id: str, policy: dict[str, Any]) -> dict[str, Any]:
    about = reviewed.job.review
    coverage = reviewed.found.coverage.to_pylist()
    return {
        "partita": __version__,
        "format": FORMAT,
        "kind": "review",
        "run_id": run_id,
        "scorer": identify.scorer_label(),
        "title": about.title.by_language(),
        "party": about.party,
        "society": about.society,
        "currency": about.currency,
        "inputs": _inputs(reviewed),
        "cases": [
            {"id": d.case.id, "sha256": d.source_sha256} for d in reviewed.disputes if d.case
        ],
        "policy": policy,
        "counts": {
            "works": reviewed.works.repertoire.num_rows,
            "songs": sum(row["plays"] for row in coverage if row["rate"] == "reproduction"),
            "plays": sum(row["plays"] for row in coverage if row["rate"] == "play"),
            "lines": sum(row["lines"] for row in coverage),
            "scenarios": len(pc.unique(reviewed.found.scenarios.column("scenario"))),
            "problems": reviewed.problems.num_rows,
        },
        "totals": _totals(coverage),
        "balanced": True,
    }  # fmt: skip


def _totals(coverage: list[dict[str, Any]]) -> dict[str, dict[str, int]]:
    """Songs and plays by fate: each line read has one."""
    made: dict[str, dict[str, int]] = {"reproduction": {}, "play": {}}
    for row in coverage:
        made[row["rate"]][row["fate"]] = made[row["rate"]].get(row["fate"], 0) + row["plays"]
    return made


def _inputs(reviewed: Reviewed) -> list[dict[str, Any]]:
    """The notes of all files read, each under the name by which the review calls it."""
    job = reviewed.job
    sources = [*job.repertoire, *job.shares]
    sources += [source for operator in job.operator for source in operator.catalogue]
    sources += [source for operator in job.operator for source in operator.usage]
    notes = (*reviewed.works.notes, *reviewed.catalogues.notes, *reviewed.logs.notes)
    return [{**note.as_dict(), "file": source.file} for source, note in zip(sources, notes, strict=True)]


def _view(reviewed: Reviewed, run_id: str) -> pages.DossierView:
    job = reviewed.job
    named = {o.id: o.name.by_language() for o in job.operator if o.name}
    policy = job.policy()
    return pages.DossierView(
        run_id=run_id,
        version=__version__,
        title=job.review.title.by_language(),
        party=job.review.party,
        society=job.review.society,
        contact=job.review.contact,
        names=named | {s.id: s.name.by_language() for s in job.society},
        fictional=frozenset([o.id for o in job.operator if o.fictional] + [s.id for s in job.society if s.fictional]),
        coverage=reviewed.found.coverage,
        scenarios=reviewed.found.scenarios,
        rates=reviewed.found.rates,
        groups=tuple(_group(dispute) for dispute in reviewed.disputes),
        labels={key: text for dispute in reviewed.disputes for key, text in dispute.labels.items()},
        recounts=reviewed.recounts,
        problems=reviewed.problems,
        assumptions={party: dataclasses.asdict(policy.of(party)) for party in rates.PARTIES},
        inputs=tuple(_inputs(reviewed)),
    )


def _group(dispute: compare.Dispute) -> pages.Group:
    case = dispute.case
    claims = tuple(
        {**claim.model_dump(mode="json"), "label": claim.label.by_language() if claim.label else
         {"en": claim.id, "zh-Hant": claim.id}}
        for claim in dispute.claims
    )  # fmt: skip
    if case is None:
        return pages.Group({}, {}, claims, dispute.comparables)
    court, subject = case.court.by_language(), case.subject.by_language()
    note = case.note.by_language() if case.note else {}
    title = {tag: f"{court[tag]} {case.number}" for tag in court}
    forms = {"en": "{} ({}). {}", "zh-Hant": "{}（{}）。{}"}
    day = case.decided.isoformat()
    about = {tag: forms[tag].format(subject[tag], day, note.get(tag, "")) for tag in court}
    return pages.Group(title, about, claims, dispute.comparables)

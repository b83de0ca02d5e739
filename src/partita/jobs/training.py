"""The second main job: from a training run's manifests to findings, invoices, balanced books and statements.

Read top to bottom: read, identify, clear on each item's own day, charge the licences, distribute, check, write.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from partita import clear, distribute, identify, money, scope, tables
from partita.clear import findings as clearing
from partita.clear import items as asked
from partita.distribute import balance
from partita.distribute import training as weighing
from partita.distribute.pools import from_charges
from partita.errors import InputError
from partita.formats import FileNote, odrl
from partita.identify import items as identifying
from partita.jobs import run, trainingfile
from partita.jobs.inputs import Progress, silent
from partita.jobs.training_inputs import Known, Manifests, read_manifests, read_outputs, read_registry
from partita.jobs.training_problems import problem, table
from partita.jobs.training_shares import payable, rights
from partita.jobs.training_unlicensed import unlicensed
from partita.jobs.trainingfile import AiLicence, Trained, TrainingJob
from partita.price import models
from partita.price import training as pricing
from partita.tables import training
from partita.text.names_of import readings


@dataclass(frozen=True, slots=True)
class Found:
    """What was taken, whose it was, and whether it might be: as far as the money is not asked yet."""

    job: TrainingJob
    items: pa.Table
    datasets: pa.Table
    matches: pa.Table
    findings: pa.Table
    registry: Known
    problems: pa.Table
    notes: tuple[FileNote, ...]

    def of_model(self, model: str) -> tuple[pa.Table, pa.Table]:
        """ITEMS and FINDINGS of one model, row by row of the same items."""
        mine = self.findings.filter(pc.equal(self.findings.column("model"), model))
        place = pc.index_in(mine.column("item_id"), value_set=self.items.column("item_id"))
        return self.items.take(place), mine


@dataclass(frozen=True, slots=True)
class Settled:
    """A settled training run: what was found, what is owed for it, and to whom.

    `evidence`: uses that no licence covers, item by item (see `clear.uncovered`); `unlicensed`: UNLICENSED. `missing`:
    what terms and figures lack or contradict, as `price.training` names it.
    """

    found: Found
    outputs: pa.Table
    charges: pa.Table
    charge_steps: pa.Table
    pools: pa.Table
    usage: pa.Table
    matches: pa.Table
    books: distribute.Books
    totals: dict[str, Any]
    evidence: pa.Table
    unlicensed: pa.Table
    missing: tuple[tuple[str, str, str], ...]
    problems: pa.Table
    notes: tuple[FileNote, ...]


def settle(job_path: Path, out: Path, progress: Progress = silent) -> dict[str, Any]:
    """Runs the training job in `job_path` into the run folder `out` and returns its `run.json`.

    Raises InputError for a job or a file that cannot be used, and Unbalanced (nothing is written) should the books not
    balance.
    """
    from partita.jobs import training_run  # noqa: PLC0415 - it shows what this page makes

    job = trainingfile.load(job_path)
    with run.new(out) as folder:
        settled = compute(job, job_path.parent, progress)
        progress("write", 0, 1)
        return training_run.write(folder, settled)


def compute(job: TrainingJob, base: Path, progress: Progress = silent) -> Settled:
    """The whole chain in memory: manifests in, books out, balanced or not at all."""
    found = findings_of(job, base, progress)
    outputs, output_problems, output_notes = read_outputs(job.outputs, base, job)
    outputs, strange = _outputs_of_models(job, outputs)

    progress("price", 0, len(job.licence))
    works = {licence.id: _works(found, licence) for licence in job.licence}
    charged = pricing.charge([_deal(found, licence, works[licence.id], outputs) for licence in job.licence])

    progress("distribute", 0, charged.charges.num_rows)
    parts = _parts(found, charged.charges, works, outputs)
    usage, matches = weighing.lines(parts)
    pools = _pools(charged.charges, parts)
    shares = payable(job, base, found.registry.shares, {name: mine.counts for name, mine in works.items()})
    try:
        books = distribute.distribute(
            pools, usage, matches, shares, _policy(job), charges=charged.charges,
            problems=tables.PROBLEMS.empty(),
        )  # fmt: skip
    except ValueError as error:
        raise InputError(f"cannot be distributed: {error}", mend="Correct the job or its files") from None
    totals = balance.check(books, pools, charged.charges)
    remarks = [*strange, *_remarks(found, charged, works, outputs)]
    problems = pa.concat_tables([found.problems, output_problems, table(remarks)])
    notes = (*found.notes, *output_notes)
    return Settled(
        found, outputs, charged.charges, charged.steps, pools, usage, matches, books, totals,
        *unlicensed(found, outputs), charged.problems, problems, notes,
    )  # fmt: skip


def findings_of(job: TrainingJob, base: Path, progress: Progress = silent) -> Found:
    """What every manifest's items are, and whether each might be used by each model that took it."""
    manifests = read_manifests(job, base, progress)
    registry = read_registry(job, base)
    items = manifests.items

    progress("identify", 0, items.num_rows)
    first = _model(job, job.model[0])
    plain = asked.without_licences(registry.snapshot, [_licence(x, first.purpose) for x in job.licence])
    prepared = clear.prepare(plain)
    known, rule = asked.works_by_registry(items, prepared, first)
    matches, contradicting = identifying.known_works(items, _matched(items, registry, progress), known, rule)
    matches = identifying.with_copies(items, matches)

    progress("clear", 0, items.num_rows * len(job.model))
    linked = asked.with_links(registry.snapshot, asked.links(items, matches, known))
    ready = {purpose: _asked(job, linked, purpose) for purpose in sorted({one.purpose for one in job.model})}
    rows = [_findings(job, one, manifests, matches, ready[one.purpose]) for one in job.model]
    findings = pa.concat_tables(rows).sort_by([(name, "ascending") for name in training.FINDINGS.key])
    said = [problem("items.contradict", r["item_id"], f"{r['work_id']} by code, {r['title_work_id']} by title")
            for r in contradicting.to_pylist()]  # fmt: skip
    problems = pa.concat_tables([manifests.problems, table(said)])
    return Found(job, items, manifests.datasets, matches, findings, registry, problems, manifests.notes)


def _matched(items: pa.Table, registry: Known, progress: Progress) -> pa.Table:
    """MATCHES of items by their titles, codes, file names and URLs."""
    identify.warm(progress)
    lines = identifying.item_lines(items, readings(items))
    found = identify.identify(lines.usage, identify.prepare(registry.repertoire), progress=progress)
    return identifying.item_matches(items, lines, found)


def _model(job: TrainingJob, model: Trained) -> asked.Trained:
    return asked.Trained(model.id, model.purpose, model.territory, model.trained_on, job.known)


def _licence(licence: AiLicence, purpose: str) -> asked.Licence:
    kind = "statutory" if licence.model == "statutory" else "licence"
    return asked.Licence(
        licence.id, kind, licence.licensor, licence.systems, purpose, licence.territory, licence.valid_from,
        licence.valid_to, licence.statement,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Asked:
    """The registry made ready for one purpose: with the run's links and licences; and works without and with each."""

    licences: tuple[asked.Licence, ...]
    whole: clear.Prepared
    without: clear.Prepared
    with_each: Mapping[str, clear.Prepared]


def _asked(job: TrainingJob, linked: Mapping[str, pa.Table], purpose: str) -> _Asked:
    """Everything that is asked of the models trained for one purpose."""
    licences = tuple(_licence(licence, purpose) for licence in job.licence)
    works = asked.of_works(linked)
    each = {}
    for licence in licences:
        others = asked.without_licences(works, [other for other in licences if other is not licence])
        each[licence.licence_id] = clear.prepare(asked.with_licences(others, [licence]))
    return _Asked(
        licences,
        clear.prepare(asked.with_licences(linked, licences)),
        clear.prepare(asked.without_licences(works, licences)),
        each,
    )


def _findings(job: TrainingJob, one: Trained, manifests: Manifests, matches: pa.Table, ready: _Asked) -> pa.Table:
    """FINDINGS of one model: of the items of its manifests."""
    model = _model(job, one)
    wanted = pc.is_in(manifests.manifest, value_set=pa.array(one.manifests or [m.name for m in job.manifest]))
    items, mine = manifests.items.filter(wanted), matches.filter(wanted)
    days = asked.taken_on(items, one.trained_on)
    then = pa.repeat(pa.scalar(one.trained_on, pa.date32()), items.num_rows)
    on_its_day, when_trained = (asked.answers(items, mine, day, model, ready.whole) for day in (days, then))
    covered = {
        licence.licence_id: (
            licence,
            asked.covered(ready.without, ready.with_each[licence.licence_id], mine, days, model)
            if _names(licence.systems, one.id)
            else asked.covers_nothing(items.num_rows),
        )
        for licence in ready.licences
    }
    return clearing.findings(items, mine, model, (on_its_day, when_trained), covered)


def _names(systems: Sequence[str], model: str) -> bool:
    """Whether a licence's systems name a model."""
    return any(scope.system_covers(system, model) for system in systems)


@dataclass(frozen=True, slots=True)
class _Works:
    """What a licence covers: works with the number of their items, and claimed items that nobody could identify.

    `versions`: of each work how many model versions were trained on it, in the period if any was.
    """

    counts: Mapping[str, int]
    open_items: tuple[str, ...]
    versions: Mapping[str, int]


def _works(found: Found, licence: AiLicence) -> _Works:
    rows = found.findings
    lists = rows.column("licences").combine_chunks()
    parents = np.asarray(pc.list_parent_indices(lists))
    hit = parents[np.asarray(pc.equal(pc.list_flatten(lists), licence.id))]
    hits = rows.take(pa.array(hit)).group_by(["work_id", "model"]).aggregate([("item_id", "count")])
    names = ("work_id", "model", "item_id_count")
    counts: dict[str, int] = {}
    versions: dict[str, int] = {}
    now = _trained_now(found.job, licence) or [model.id for model in found.job.model]
    for work, model, items in sorted(zip(*(hits.column(n).to_pylist() for n in names), strict=True)):
        counts[work] = counts.get(work, 0) + items
        versions[work] = versions.get(work, 0) + (model in now)
    claimed = pc.equal(rows.column("claim"), "unmatched")
    mine = set(
        found.items.filter(pc.equal(found.items.column("licence_claim"), licence.id)).column("item_id").to_pylist()
    )
    open_items = sorted(set(rows.filter(claimed).column("item_id").to_pylist()) & mine)
    return _Works(counts, tuple(open_items), versions)


def _trained_now(job: TrainingJob, licence: AiLicence) -> list[str]:
    """The licence's models that were trained in the job's period."""
    first, last = job.job.period_from, job.job.period_to
    return [m.id for m in job.model if first <= m.trained_on <= last and _names(licence.systems, m.id)]


def _deal(found: Found, licence: AiLicence, works: _Works, outputs: pa.Table) -> pricing.Deal:
    """The licence as it is charged: its offer's terms under those of the job, figures stated, figures counted."""
    job = found.job
    systems = [m.id for m in job.model if _names(licence.systems, m.id)]
    mine = outputs.filter(pc.is_in(outputs.column("model"), value_set=pa.array(systems, pa.string())))
    each = mine.group_by(["model", "output_id"]).aggregate([("income_micro", "max")])
    income = pc.sum(each.column("income_micro_max")).as_py()
    model = models.model(licence.model)
    by_version = model.scope == "version"
    for system in licence.systems:
        if not models.covers(model, system):
            reason = f"licence {licence.id}: {licence.model} licenses one version of a model, {system!r} names none"
            raise InputError(reason, mend="Write each version in `systems`, as acme/m1; a new one needs a new licence")
    counted = {pricing.WORKS: str(sum(works.versions.values()) if by_version else len(works.counts))}
    if job.outputs:
        counted[pricing.OUTPUTS] = str(each.num_rows)
    if income is not None:
        counted[pricing.OUTPUT_INCOME] = str(Fraction(income, money.MICRO))
    return pricing.Deal(
        licence.id, job.provider.id, licence.licensor, licence.model, {**_terms(found, licence), **licence.terms},
        licence.figures, counted, job.job.currency, (job.job.period_from, job.job.period_to),
        bool(_trained_now(job, licence)),
    )  # fmt: skip


def _terms(found: Found, licence: AiLicence) -> dict[str, str]:
    """The terms of the offer that the licence takes up; raises InputError for one that is not there or not its own."""
    if not licence.offer:
        return {}
    offers = found.registry.snapshot["offers"]
    live = pc.and_(pc.equal(offers.column("offer_id"), licence.offer), pc.is_null(offers.column("retired_at")))
    rows = offers.filter(live).to_pylist()
    if not rows:
        reason = f"licence {licence.id}: the registry holds no offer {licence.offer!r}"
        raise InputError(reason, mend="Correct `offer`, or register the offer")
    own = {"licensor": licence.licensor, "model": licence.model, "currency": found.job.job.currency}
    for name, value in own.items():
        if rows[0][name] != value:
            reason = f"licence {licence.id}: offer {licence.offer!r} has the {name} {rows[0][name]!r}, not {value!r}"
            raise InputError(reason, mend="Name the offer that was taken up, or state the licence's `terms` themselves")
    try:
        return models.terms_of(odrl.read(rows[0]["terms"]))
    except ValueError as error:
        raise InputError(f"licence {licence.id}: the terms of offer {licence.offer!r}: {error}") from None


def _parts(
    found: Found, charges: pa.Table, works: Mapping[str, _Works], outputs: pa.Table
) -> list[tuple[weighing.Part, weighing.Shaped]]:
    """What each charge is shared out among."""
    titles = dict(zip(*(found.registry.repertoire.column(n).to_pylist() for n in ("work_id", "title")), strict=True))
    by_id = {licence.id: licence for licence in found.job.licence}
    parts = []
    for row in charges.to_pylist():
        licence = by_id[row["tariff_id"]]
        component = next(c for c in models.model(licence.model).components if c.id == row["method"])
        mine = works[licence.id]
        # A fee for each work is that work's own: an item that was not counted holds nothing of it back.
        each = component.of == pricing.WORKS
        part = weighing.Part(
            row["charge_id"], component.split, licence.fallback, mine.counts,
            {} if each else _open(found, mine.open_items), titles | _titles(found, mine),
            mine.versions if each and models.model(licence.model).scope == "version" else {},
        )  # fmt: skip
        systems = [m.id for m in found.job.model if _names(licence.systems, m.id)]
        parts.append((part, weighing.shaped(outputs, systems, by_income=component.of != pricing.OUTPUTS)))
    return parts


def _open(found: Found, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    wanted = pc.is_in(found.matches.column("line_id"), value_set=pa.array(names, pa.string()))
    return {row["line_id"]: row for row in found.matches.filter(wanted).to_pylist()}


def _titles(found: Found, works: _Works) -> dict[str, str]:
    """What items that nobody could identify are called: their titles, else their file names or URLs."""
    wanted = pc.is_in(found.items.column("item_id"), value_set=pa.array(works.open_items, pa.string()))
    rows = found.items.filter(wanted).select(["item_id", "title", "file_name", "url"]).to_pylist()
    return {f"item:{row['item_id']}": row["title"] or row["file_name"] or row["url"] or "" for row in rows}


def _pools(charges: pa.Table, parts: Sequence[tuple[weighing.Part, weighing.Shaped]]) -> pa.Table:
    """POOLS, one for each charge, allocated as its component says; what is shared out is not what is nothing."""
    keys = {part.charge_id: weighing.KEYS[part.split] for part, _ in parts}
    pools = from_charges(charges)
    named = pa.array([keys[name] for name in pools.column("pool_id").to_pylist()], pa.string())
    pools = pools.set_column(pools.column_names.index("allocation_key"), "allocation_key", named)
    return tables.conform(pools, tables.POOLS)


def _policy(job: TrainingJob) -> distribute.DistributePolicy:
    fees = {s.id: (int(money.exact(s.management_fee) * money.PPM), int(money.exact(s.fund) * money.PPM))
            for s in job.society}  # fmt: skip
    unit = job.distribute.payout_unit
    return distribute.DistributePolicy(
        fees=fees,
        rights=rights(job),
        minimum_micro={job.job.currency: money.micro(job.distribute.minimum_payout)},
        unit_micro={job.job.currency: money.micro(unit)} if unit else {},
    )


def _outputs_of_models(job: TrainingJob, outputs: pa.Table) -> tuple[pa.Table, list[dict[str, object]]]:
    """OUTPUTS of the job's models, and a remark on each other model that they name."""
    mine = pc.is_in(outputs.column("model"), value_set=pa.array([m.id for m in job.model], pa.string()))
    others = pc.unique(outputs.filter(pc.invert(mine)).column("model")).to_pylist()
    return outputs.filter(mine), [problem("outputs.other_model", name) for name in sorted(others)]


def _remarks(
    found: Found, charged: pricing.Charged, works: Mapping[str, _Works], outputs: pa.Table
) -> list[dict[str, object]]:
    """What there is to say of the run's licences, claims and outputs."""
    rows = []
    for licence, name, what in charged.problems:
        code = "licence.missing" if what == "not stated" else "licence.figure"
        rows.append(problem(code, licence, f"{name} {what}"))
    rows += [problem("licence.no_works", name) for name, mine in works.items() if not mine.counts]
    unnamed = [x for x in found.job.licence if not any(_names(x.systems, m.id) for m in found.job.model)]
    rows += [problem("licence.no_model", licence.id, ", ".join(licence.systems)) for licence in unnamed]
    findings = found.findings
    undated = pc.sum(pc.invert(findings.column("dated"))).as_py()
    rows += [problem("items.undated", str(undated))] if undated else []
    wrong = findings.filter(
        pc.invert(pc.is_in(findings.column("claim"), value_set=pa.array(["", "covers", "unmatched"])))
    )
    counted = wrong.group_by(["claim", "model"]).aggregate([("item_id", "count")]).to_pylist()
    rows += [
        problem("licence.claim", r["claim"], f"{r['item_id_count']:,} items of {r['model']}", where=r["model"])
        for r in counted
    ]
    rows += [problem("licence.two_models", name, ", ".join(models_)) for name, models_ in _claimed_twice(found)]
    return [*rows, *_unlicensed_outputs(works, outputs)]


def _claimed_twice(found: Found) -> list[tuple[str, list[str]]]:
    """Licences for one model version alone that items of several models claim."""
    result = []
    for licence in found.job.licence:
        mine = found.items.filter(pc.equal(found.items.column("licence_claim"), licence.id)).column("item_id")
        claimed = found.findings.filter(pc.is_in(found.findings.column("item_id"), value_set=mine.combine_chunks()))
        claiming = sorted(pc.unique(claimed.column("model")).to_pylist())
        if (
            any(not any(scope.system_covers(s, name) for s in licence.systems) for name in claiming)
            and len(claiming) > 1
        ):
            result.append((licence.id, claiming))
    return result


def _unlicensed_outputs(works: Mapping[str, _Works], outputs: pa.Table) -> list[dict[str, object]]:
    licensed = {work for mine in works.values() for work in mine.counts}
    shaping = {work for work in pc.unique(outputs.column("work_id")).to_pylist() if work}
    rest = sorted(shaping - licensed)
    return [problem("outputs.unlicensed", str(len(rest)), ", ".join(rest[:5]))] if rest else []

"""Disclosure of a training run: for each model the public summary, an annex per rightsholder, and the spread.

The manifests are read once, as for a settlement of the same job, and every report is made from the same findings. A
folder for each model: `public` is made to be published, `annexes` to be handed to each rightsholder, `spread` to
whoever asks whose culture was used.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from partita import __version__, scope, tables
from partita.errors import InputError
from partita.formats import disclosure_annex, disclosure_file, disclosure_page, disclosure_spread
from partita.formats.disclosure_words import label, words
from partita.jobs import disclosurefile, run, training, trainingfile
from partita.jobs.disclosurefile import Disclosure
from partita.jobs.inputs import Progress, silent
from partita.jobs.trainingfile import Trained, TrainingJob
from partita.prove import disclosure

MARK = "disclosure.json"
_BARE: dict[str, Any] = dict.fromkeys(tables.training.DATASETS.schema.names, "")
_BARE |= {"collection": [], "published": None}
PUBLIC, ANNEXES, SPREAD = "public", "annexes", "spread"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: the day, earlier summaries, and the one model (empty: all of the job)."""

    as_of: dt.date
    previous: Sequence[Path] = ()
    model: str = ""


def disclose(job_path: Path, out: Path, wanted: Wanted, progress: Progress = silent) -> dict[str, Any]:
    """Writes the disclosure of the training job in `job_path` into the folder `out`, and returns its `disclosure.json`.

    Raises InputError for a job, an answer or an earlier summary that cannot be used; then nothing is written.
    """
    job = trainingfile.load(job_path)
    base = job_path.parent
    answers = disclosurefile.load(base / job.disclosure) if job.disclosure else Disclosure()
    models = _models(job, answers, wanted)
    previous = _previous(wanted, models)
    found = training.findings_of(job, base, progress)
    with run.new(out, mark=MARK) as folder:
        made = []
        for done, model in enumerate(models):
            progress("disclose", done, len(models))
            own = _Model(found, answers, model, wanted.as_of)
            made.append(own.write(folder / folder_of(model.id), previous.get(model.id)))
        record = {
            "partita": __version__,
            "as_of": wanted.as_of.isoformat(),
            "inputs": _inputs(job, job_path, found, wanted),
            "models": made,
        }
        run.write_json(folder / MARK, record)
    return {"disclosure": str(out), **record}


def lists_of(found: training.Found, model: Trained, as_of: dt.date) -> Iterator[disclosure.Annex]:
    """What a run may tell each rightsholder of one model: each society, its members one by one, and everybody else."""
    reports = _Model(found, Disclosure(), model, as_of)
    speakers = reports.speakers()
    for annex in reports.each():
        yield annex
        yield from disclosure.members(annex, speakers)


def folder_of(model: str) -> str:
    """The name of a model's folder: one that no system refuses, and no two models share."""
    return disclosure_annex.safe_name("model", model)


def _models(job: TrainingJob, answers: Disclosure, wanted: Wanted) -> list[Trained]:
    known = [model.id for model in job.model]
    for name in answers.model:
        if name not in known:
            reason = f"the disclosure file speaks of {name!r}, which the job does not name"
            raise InputError(reason, mend=f"The job has {', '.join(known)}")
    if wanted.model and wanted.model not in known:
        raise InputError(f"there is no model {wanted.model!r}", mend=f"The job has {', '.join(known)}")
    return [model for model in job.model if wanted.model in ("", model.id)]


def _previous(wanted: Wanted, models: Sequence[Trained]) -> dict[str, dict[str, Any]]:
    """The earlier summaries by model; raises InputError for one of another model, or one that is not earlier."""
    found: dict[str, dict[str, Any]] = {}
    for path in wanted.previous:
        summary = disclosure_file.read_summary(path)
        name = summary["general"]["model"]["id"]
        if name not in {model.id for model in models}:
            raise InputError(f"is a summary of {name}", file=str(path), mend="Name one of a model that is disclosed")
        if name in found:
            raise InputError(f"is a second summary of {name}", file=str(path), mend="Name the latest one alone")
        if dt.date.fromisoformat(summary["update"]["checked_on"]) > wanted.as_of:
            reason = f"was made on {summary['update']['checked_on']}, after {wanted.as_of}"
            raise InputError(reason, file=str(path), mend="Give --as-of a later day")
        found[name] = summary
    return found


class _Model:
    """All reports of one model, from what was found once for the whole job."""

    def __init__(self, found: training.Found, answers: Disclosure, model: Trained, as_of: dt.date) -> None:
        job = found.job
        self.found, self.answers, self.model, self.as_of = found, answers, model, as_of
        self.provider = disclosure.Provider(
            id=job.provider.id,
            name=job.provider.name.by_language(),
            contact=job.provider.contact,
            representative=job.provider.representative,
            small=job.provider.small,
            fictional=job.provider.fictional,
        )
        licences = (x.id for x in job.licence if any(scope.system_covers(s, model.id) for s in x.systems))
        self.trained = disclosure.Trained(
            model.id, model.name, model.trained_on, model.placed_on, model.based_on, tuple(licences)
        )

    def write(self, folder: Path, previous: Mapping[str, Any] | None) -> dict[str, Any]:
        """Writes the model's folder, and returns what the record says of it."""
        languages = self.answers.publish.languages
        for name in (PUBLIC, ANNEXES, SPREAD):
            (folder / name).mkdir(parents=True)
        summary = self.summary(previous)
        disclosure_page.write(folder / PUBLIC, summary, languages)
        annexed = self.annexes(folder)
        self.spread(folder / SPREAD)
        english = words("en")
        return {
            "model": self.model.id,
            "name": self.model.name,
            "folder": folder.name,
            "version": summary["version"],
            "last_update": summary["last_update"],
            "due_by": summary["update"]["due_by"],
            "late_days": summary["update"]["late_days"],
            "changes": len(summary["changes"]),
            "missing": [
                {**gap, "said": ": ".join(filter(None, (_named(gap, english), english[f"code_{gap['code']}"])))}
                for gap in summary["missing"]
            ],
            "annexes": annexed,
            "items": summary["processing"]["reservations"]["checked"]["items"],
            "sha256": run.digest(folder / PUBLIC / "summary.json"),
        }

    def summary(self, previous: Mapping[str, Any] | None) -> dict[str, Any]:
        """The public summary."""
        asked = disclosure.Asked(
            self.provider, self.trained, self.answers.stated(self.model.id), self.as_of,
            set_aside=_set_aside(self.found, self.model), exact_sizes=self.answers.publish.exact_sizes,
        )  # fmt: skip
        counts = disclosure.count(self.found.items, self.found.findings, self.model.id)
        made = disclosure.summary(counts, described(self.found.datasets, self.answers), asked, previous)
        return {"schema": made["schema"], "partita": __version__, **made}

    def each(self) -> Iterator[disclosure.Annex]:
        """The annex of each rightsholder, by kind and id."""
        job = self.found.job
        names = {**self.found.registry.names, **{s.id: s.name.en for s in job.society}}
        licensors = {x.id: x.licensor for x in job.licence}
        terms = disclosure.Terms(self.answers.publish.annex_detail, licensors, self.speakers(), names)
        facts = {
            "items": self.found.items,
            "findings": self.found.findings,
            "works": self.found.registry.repertoire,
            "shares": self.found.registry.shares,
        }
        return disclosure.annexes(facts, self.provider, self.trained, terms, self.as_of.isoformat())

    def annexes(self, folder: Path) -> list[dict[str, Any]]:
        """Writes an annex for each rightsholder; the index only where the provider chose to publish one."""
        publish = self.answers.publish
        listed = []
        for annex in self.each():
            own = disclosure_annex.write(folder / ANNEXES, annex.data, publish.languages)
            totals = {key: annex.data["totals"][key] for key in ("works", "items")}
            head = {key: annex.data[key] for key in ("provider", "model", "made_on", "holder")}
            listed.append({**head, "totals": totals, "folder": own.name})
        if publish.annex_index and listed:
            disclosure_annex.write_index(folder / PUBLIC, listed, publish.languages)
        return [{"kind": one["holder"]["kind"], "id": one["holder"]["id"], **one["totals"], "folder": one["folder"]}
                for one in listed]  # fmt: skip

    def speakers(self) -> dict[str, str]:
        """Who made each statement of the registry, and each that stands for a licence of the job."""
        held = self.found.registry.snapshot["statements"].select(["statement_id", "party_id"]).to_pydict()
        made = {f"run:{x.id}:{system}": x.licensor for x in self.found.job.licence for system in x.systems}
        return {**dict(zip(held["statement_id"], held["party_id"], strict=True)), **made}

    def spread(self, folder: Path) -> None:
        """Writes the spread of what was used."""
        found = self.found
        table = disclosure.spread(
            found.items, found.findings, found.registry.repertoire, found.registry.shares, self.model.id
        )
        head = disclosure_spread.Head(
            self.provider.name, self.model.name, self.model.id, self.as_of.isoformat(), self.provider.fictional
        )
        disclosure_spread.write(folder, table, head, self.answers.publish.languages)


def described(datasets: pa.Table, answers: Disclosure) -> pa.Table:
    """DATASETS with what the disclosure file says of each laid over what its own metadata say."""
    rows = {row["dataset"]: row for row in datasets.to_pylist()}
    for name, said in answers.dataset.items():
        own = {key: value for key, value in said.model_dump().items() if value}
        rows[name] = {**_BARE, "dataset": name, **rows.get(name, {}), **own}
    return pa.Table.from_pylist([rows[name] for name in sorted(rows)], schema=tables.training.DATASETS.schema)


def _named(gap: Mapping[str, Any], english: Mapping[str, str]) -> str:
    return "" if gap["field"] == "items" else label(gap["field"], english)


def _set_aside(found: training.Found, model: Trained) -> int:
    """Rows of the model's own manifests that could not be read, each once."""
    names = [m.name for m in found.job.manifest if not model.manifests or m.name in model.manifests]
    problems = found.problems
    bad = problems.filter(
        pc.and_(
            pc.equal(problems.column("severity"), "quarantined"),
            pc.is_in(problems.column("list"), value_set=pa.array(names, pa.string())),
        )
    )
    return int(bad.group_by(["file", "line"]).aggregate([]).num_rows)


def _inputs(job: TrainingJob, job_path: Path, found: training.Found, wanted: Wanted) -> list[dict[str, Any]]:
    """Every file that was read, with its SHA-256, as the job names it."""
    base = job_path.parent
    named = [(job_path.name, job_path), *([(job.disclosure, base / job.disclosure)] if job.disclosure else [])]
    named += [(path.name, path) for path in wanted.previous]
    return [*({"file": name, "sha256": run.digest(path)} for name, path in named),
            *(note.as_dict() for note in found.notes)]  # fmt: skip

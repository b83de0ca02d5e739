"""From a review file to comparables and recounts: those stated, those of cases cited, those measured here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from partita import tables
from partita.errors import InputError
from partita.formats.dossier_figures import exact_count
from partita.jobs import reviewfile
from partita.price import casefile, comparables, rates

Labels = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Dispute:
    """Tariffs, comparables and counts of this review (`case` is None), or of a case that it cites."""

    case: casefile.About | None
    claims: tuple[casefile.Claim, ...]
    comparables: pa.Table
    labels: Labels
    counts: tuple[casefile.Count, ...]
    source_sha256: str = ""


def disputes(job: reviewfile.Review, job_path: Path, found: pa.Table) -> tuple[tuple[Dispute, ...], pa.Table]:
    """The review's own dispute first, then the cases cited; and PROBLEMS for comparables that cannot be computed."""
    measured, remarks = _measured(job, job_path, found)
    labels = _labels(job.comparable) | {m.id: _measured_label(m, job) for m in job.measured}
    computed = comparables.compute([*job.comparable, *measured])
    own = Dispute(None, job.claim, computed, labels, job.count)
    cited = [_cited(name, job_path.parent) for name in job.cases]
    return (own, *cited), remarks


def recounts(job: reviewfile.Review, made: tuple[Dispute, ...], found: rates.Rates) -> pa.Table:
    """RECOUNTS of the review and its cases; the review's counts also against what each party would count here."""
    parts = [comparables.recount([*job.count, *_counted_here(job, found)])]
    parts += [comparables.recount(dispute.counts) for dispute in made if dispute.case]
    return tables.conform(pa.concat_tables(parts), tables.RECOUNTS)


def all_comparables(made: tuple[Dispute, ...]) -> pa.Table:
    """COMPARABLES of every dispute."""
    return tables.conform(pa.concat_tables([dispute.comparables for dispute in made]), tables.COMPARABLES)


def _cited(name: str, base: Path) -> Dispute:
    """A shipped case by its id, else a file beside the review; ids get the case's before them."""
    shipped = name in casefile.shipped()
    path = base / name
    if not shipped and not path.is_file():
        raise InputError(
            f"case {name!r} is neither shipped nor a file", file=str(path),
            mend=f"Shipped: {', '.join(casefile.shipped())}",
        )  # fmt: skip
    case = casefile.load(name if shipped else path)
    named = [one.model_copy(update={"id": f"{case.case.id}:{one.id}"}) for one in case.comparables]
    sha256 = "" if shipped else hashlib.sha256(path.read_bytes()).hexdigest()
    return Dispute(case.case, case.claims, comparables.compute(named), _labels(named), case.counts, sha256)


def _labels(stated: Any) -> dict[str, Mapping[str, str]]:
    return {one.id: one.label.by_language() for one in stated}


def _measured_label(one: reviewfile.Measured, job: reviewfile.Review) -> dict[str, str]:
    if one.label:
        return one.label.by_language()
    societies = {s.id: s.name.by_language() for s in job.society}
    operators = {o.id: o.name.by_language() for o in job.operator if o.name}
    kind = {"reproduction": ("reproduction rate", "重製率"), "play": ("play rate", "點播率")}[one.rate]
    made = {}
    for tag, form, word in (("en", "{}'s tariff by {}{}", kind[0]), ("zh-Hant", "以{}費率按{}換算{}", kind[1])):
        where = operators.get(one.operator, {}).get(tag, one.operator)
        made[tag] = form.format(societies.get(one.other, {}).get(tag, one.other), word, f" ({where})" if where else "")
    return made


def _measured(job: reviewfile.Review, job_path: Path, found: pa.Table) -> tuple[list[casefile.Comparable], pa.Table]:
    """Each `[[measured]]` under each party's assumptions, `ID@PARTY`."""
    parts = {(r["party"], r["rate"], r["operator"], r["society"]): r["part"]
             for r in found.to_pylist() if r["level"] in ("operator", "pooled")}  # fmt: skip
    made, remarks = [], []
    for one in job.measured:
        society = one.society or job.review.society
        for party in reviewfile.PARTIES:
            own, other = (parts.get((party, one.rate, one.operator, name), 0) for name in (society, one.other))
            if other:
                made.append(_scaled(one, party, society, (own, other)))
            else:
                remarks.append(_remark(job_path, one, party))
    return made, pa.Table.from_pylist(remarks, schema=tables.PROBLEMS.schema)


def _scaled(one: reviewfile.Measured, party: str, society: str, counts: tuple[int, int]) -> casefile.Comparable:
    """The other's tariff by the two counts: their rates have the same whole, which cancels."""
    here = {
        "reproduction": "songs counted in this run 本案計得歌曲數",
        "play": "plays counted in this run 本案計得點播次數",
    }
    own, other = (casefile.Figure(value=exact_count(count), source=here[one.rate]) for count in counts)
    return casefile.Comparable.model_construct(
        id=f"{one.id}@{party}", method="proportional_by_rate", argued_by=party, society=society, label=None,
        figures={"tariff": one.tariff, "own": own, "other": other}, rounding=one.rounding, unit=one.unit,
    )  # fmt: skip


def _remark(job_path: Path, one: reviewfile.Measured, party: str) -> dict[str, Any]:
    return {
        "file": job_path.name,
        "line": 0,
        "code": "review.measured",
        "severity": "note",
        "column": f"{one.id}@{party}",
        "value": one.other,
        "reason": f"nothing of {one.other} was counted under the {party}'s assumptions, so its tariff cannot be scaled",
        "mend": "check the society's id and its repertoire",
        "list": "",
        "plays": 0,
    }


def _counted_here(job: reviewfile.Review, found: rates.Rates) -> Iterator[casefile.Count]:
    """For each operator and society that somebody counted, what this run counts under each party's assumptions."""
    plays = {(r["party"], r["operator"], r["society"]): r
             for r in found.rates.to_pylist() if r["rate"] == "play" and r["level"] == "operator"}  # fmt: skip
    for operator, society in dict.fromkeys((c.operator, c.society) for c in job.count):
        for party in reviewfile.PARTIES:
            row = plays.get((party, operator, society or job.review.society))
            if row:
                number = row["part"] // rates.MILLION if society else row["whole"]
                yield casefile.Count(party=f"partita/{party}", operator=operator, society=society, plays=number)

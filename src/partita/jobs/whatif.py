"""What if generated works took a further share of the pool? The same settlement, recomputed for each share.

Read top to bottom: settle as it is, then for each share price again, distribute again, check, and compare with the
base. Nothing is scaled that can be computed: fees, minimum payouts and what is carried are those of a settlement.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from partita import __version__, distribute, money, price, tables
from partita.distribute import balance
from partita.distribute import whatif as dividing
from partita.engine.duck import Duck
from partita.errors import InputError, Unbalanced
from partita.formats import whatif_page
from partita.jobs import jobfile, makings, policy, run, settle, settlement, trainingfile
from partita.jobs.inputs import Progress, silent
from partita.jobs.settlement import Settlement

FORM = "partita.whatif/1"
MARK = "whatif.json"
BASE = "base"
SHARES = (Fraction(5, 100), Fraction(10, 100), Fraction(24, 100), Fraction(27, 100))
"""Shares that are computed where none is named: two small ones, and the two that the societies' studies speak of."""
SHARES_MOST = 20

Kind = Literal["paid", "unpaid"]
KINDS: tuple[Kind, ...] = ("paid", "unpaid")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which further shares of generated works, each 0 or more and below 1, and how generated works are treated."""

    shares: tuple[Fraction, ...] = SHARES
    kinds: tuple[Kind, ...] = KINDS


@dataclass(frozen=True, slots=True)
class Scenario:
    """One recomputed settlement: its books without what the further share takes, and that by currency."""

    name: str
    kind: str
    share: Fraction
    charges: pa.Table
    pools: pa.Table
    books: distribute.Books
    generated: dict[str, int]


@dataclass(frozen=True, slots=True)
class Compared:
    """WHATIF_TOTALS, WHATIF_MEMBERS and WHATIF_REPERTOIRES of all scenarios, the base first."""

    totals: pa.Table
    members: pa.Table
    repertoires: pa.Table


def whatif(job_path: Path, out: Path, asked: Asked | None = None, progress: Progress = silent) -> dict[str, Any]:
    """Settles the job in `job_path`, recomputes it for each share, writes `out` and returns its `whatif.json`.

    Raises InputError for a job that cannot be used (a training run, a run that adjusts another) or a share that is
    none, and Unbalanced (nothing is written) should any scenario's books not balance.
    """
    asked = asked or Asked()
    _check(asked)
    job = _job(job_path)
    with run.new(out, mark=MARK) as folder:
        base = settle.compute(job, job_path.parent, progress)
        found = [_base(base)]
        for number, (kind, share) in enumerate(_pairs(asked)):
            progress("what if", number, len(asked.kinds) * len(asked.shares))
            found.append(scenario(base, kind, share))
        progress("write", 0, 1)
        return _write(folder, job_path, base, found)


def _check(asked: Asked) -> None:
    for share in asked.shares:
        if not 0 <= share < 1:
            mend = "Write a part of the pool, e.g. --share 24%"
            raise InputError(
                f"{label(share)} is no share of generated works: it lies from 0 up to, not at, 100 %", mend=mend
            )
    if not asked.shares or not asked.kinds or len(asked.shares) > SHARES_MOST:
        raise InputError(f"{len(asked.shares)} shares; one to {SHARES_MOST} can be computed", mend="Name fewer shares")


def _job(path: Path) -> jobfile.Job:
    if trainingfile.is_training(jobfile.parse(path)):
        reason = "is a training run's job ([[manifest]]): it distributes what training is charged, and no pool of plays"
        raise InputError(reason, file=str(path), mend="Name a job that settles usage, with [[usage]]")
    job = jobfile.load(path)
    if job.earlier.adjusts:
        reason = "adjusts an earlier run: its books are differences, of which a share says nothing"
        raise InputError(reason, file=str(path), mend="Name the job without `adjusts`, over the corrected inputs")
    return job


def _pairs(asked: Asked) -> Iterator[tuple[Kind, Fraction]]:
    for kind in KINDS:
        if kind in asked.kinds:
            yield from ((kind, share) for share in sorted(set(asked.shares)))


def label(share: Fraction) -> str:
    """`24 %`, `12.5 %`; `1/3` where no finite percentage says it."""
    percent = share * 100
    places = next((n for n in range(7) if (percent * 10**n).denominator == 1), None)
    if places is None:
        return str(share)
    digits = f"{int(percent * 10**places):0{places + 1}d}"
    return f"{digits[:-places]}.{digits[-places:]} %" if places else f"{digits} %"


def scenario(base: Settlement, kind: Kind, share: Fraction) -> Scenario:
    """The settlement with a further share of generated works; raises Unbalanced where its books do not balance."""
    return (_paid if kind == "paid" else _unpaid)(base, share)


def _base(base: Settlement) -> Scenario:
    return Scenario(BASE, BASE, Fraction(0), base.charges, base.pools, base.books, {})


def _paid(base: Settlement, share: Fraction) -> Scenario:
    """Generated works earn as any other: a share of every pool is theirs, and what is charged stays as it is."""
    divided = dividing.divide(base.pools, base.charges, share)
    books = _distributed(base, divided.pools, divided.charges)
    together = dividing.with_generated(books, divided, policy.distribute(base.job))
    totals = balance.check(together, divided.all_pools, divided.all_charges)
    for currency, total in base.totals.items():
        if totals[currency]["collected"] != total["collected"]:
            raise Unbalanced(f"generated works and everybody else do not add up to what was collected, in {currency}")
    taken: dict[str, int] = {}
    for row in divided.generated_pools.to_pylist():
        taken[row["currency"]] = taken.get(row["currency"], 0) + row["amount_micro"]
    return Scenario(f"paid {label(share)}", "paid", share, divided.charges, divided.pools, books, taken)


def _unpaid(base: Settlement, share: Fraction) -> Scenario:
    """Generated works earn nothing and are not charged for: plays of managed works are fewer, and priced again."""
    licences = price.displaced(base.licences, share)
    charges, _ = price.price(licences, base.tariffs, policy.price(base.job))
    pools = policy.pools(base.job, charges)
    books = _distributed(base, pools, charges)
    balance.check(books, pools, charges)
    return Scenario(f"unpaid {label(share)}", "unpaid", share, charges, pools, books, {})


def _distributed(base: Settlement, pools: pa.Table, charges: pa.Table) -> distribute.Books:
    """As `settle` distributes. Remarks among the problems hold no money back; so the base's problems serve."""
    return distribute.distribute(
        pools,
        base.lists.usage,
        base.matches,
        base.cleared.shares,
        policy.distribute(base.job),
        charges=charges,
        problems=base.problems,
        points=policy.points(base.job),
        carried=base.earlier.carries,
    )


def compare(base: Settlement, found: Sequence[Scenario], generated: Sequence[str]) -> Compared:
    """All scenarios beside each other; `generated` are the works that are recorded as generated today."""
    works = base.works.repertoire.filter(pc.is_valid(base.works.repertoire.column("language")))
    languages = works.group_by("work_id").aggregate([("language", "min")]).rename_columns(["work_id", "language"])
    taken = [
        {"scenario": one.name, "currency": currency, "amount_micro": amount}
        for one in found
        for currency, amount in one.generated.items()
    ]
    named = [{"scenario": one.name, "kind": one.kind, "share": str(one.share)} for one in found]
    with Duck() as duck:
        duck.put("scenarios", pa.Table.from_pylist(named))
        duck.put("generated", pa.Table.from_pylist(taken, _TAKEN))
        duck.put("makings", pa.table({"work_id": pa.array(generated, pa.string())}))
        duck.put("languages", languages)
        duck.put("pools", _stacked(found, "pools"))
        for name in ("allocations", "suspense", "payouts"):
            duck.put(name, _stacked(found, name))
        duck.run("partita.jobs", "whatif.sql")
        return Compared(
            totals=_ordered(duck, "totals", tables.whatif.TOTALS),
            members=_ordered(duck, "members", tables.whatif.MEMBERS),
            repertoires=_ordered(duck, "repertoires", tables.whatif.REPERTOIRES),
        )


_TAKEN = pa.schema([("scenario", pa.string()), ("currency", pa.string()), ("amount_micro", pa.int64())])


def _stacked(found: Sequence[Scenario], name: str) -> pa.Table:
    parts = []
    for one in found:
        data = one.pools.drop_columns(["societies"]) if name == "pools" else getattr(one.books, name)
        parts.append(data.append_column("scenario", pa.array([one.name] * data.num_rows, pa.string())))
    return pa.concat_tables(parts)


def _ordered(duck: Duck, name: str, table: tables.Table) -> pa.Table:
    return tables.conform(duck.get(f"SELECT * FROM {name} ORDER BY {', '.join(table.key)}"), table)


def _write(folder: Path, job_path: Path, base: Settlement, found: Sequence[Scenario]) -> dict[str, Any]:
    making = makings.known(base.job, job_path.parent, base.works.repertoire, base.works.makings)
    generated = sorted(work for work, made in making.items() if made == "generated")
    compared = compare(base, found, generated)
    for table, data in zip(tables.whatif.ALL, (compared.totals, compared.members, compared.repertoires), strict=True):
        run.write_table(folder, table, data)
    about = base.job.job
    summary = {
        "form": FORM,
        "partita": __version__,
        "title": about.title.by_language(),
        "period": {"from": about.period_from.isoformat(), "to": about.period_to.isoformat()},
        "currency": about.currency,
        "run_id": settlement.identity(base, settlement.contents(base)),
        "inputs": [
            {"file": job_path.name, "sha256": run.digest(job_path)},
            *(note.as_dict() for note in (*base.works.notes, *base.lists.notes, *base.decided.notes)),
        ],
        "minimum_payout_micro": money.micro(base.job.distribute.minimum_payout),
        "works_recorded_as_generated": len(generated),
        "making_known": bool(making),
        "scenarios": [_told(one, compared.totals, found[0]) for one in found],
        "assumptions": whatif_page.assumptions(),
        "studies": whatif_page.studies(),
    }
    names = {x.id: x.name.by_language() for x in base.job.licensee}
    names |= {s.id: s.name.by_language() for s in base.job.society}
    fictional = frozenset(s.id for s in base.job.society if s.fictional)
    view = whatif_page.WhatIfView(summary, compared.totals, compared.members, compared.repertoires, names, fictional)
    whatif_page.write(folder, view, languages=about.languages)
    summary["files"] = run.listed(folder)
    run.write_json(folder / MARK, summary)
    return summary


def _told(one: Scenario, totals: pa.Table, base: Scenario) -> dict[str, Any]:
    rows = [row for row in totals.to_pylist() if row["scenario"] == one.name]
    kept = {
        row["currency"]: {k: v for k, v in row.items() if k not in ("scenario", "kind", "share", "currency")}
        for row in rows
    }
    changed = list(_changed(base.charges, one.charges)) if one.kind == "unpaid" else []
    return {"scenario": one.name, "kind": one.kind, "share": str(one.share), "label": label(one.share),
            "totals": kept, "charges_changed": changed}  # fmt: skip


def _changed(before: pa.Table, after: pa.Table) -> Iterator[dict[str, Any]]:
    """Licences that are charged otherwise than in the base: another amount, or another method."""
    first, now = _chosen(before), _chosen(after)
    for key in sorted(first.keys() | now.keys()):
        old, new = first.get(key), now.get(key)
        if old != new:
            yield {
                "licensee": key[0], "tariff_id": key[1], "period_from": key[2], "currency": key[3],
                "base": {"method": old[0], "amount_micro": old[1]} if old else None,
                "here": {"method": new[0], "amount_micro": new[1]} if new else None,
            }  # fmt: skip


def _chosen(charges: pa.Table) -> dict[tuple[str, str, str, str], tuple[str, int]]:
    return {
        (row["licensee"], row["tariff_id"], row["period_from"].isoformat(), row["currency"]): (
            row["method"],
            row["amount_micro"],
        )
        for row in charges.to_pylist()
        if row["chosen"]
    }

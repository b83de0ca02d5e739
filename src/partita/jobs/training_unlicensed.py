"""Uses of a training run that no licence covers: their evidence, and what the societies' offers would have cost."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from partita import money
from partita.clear.uncovered import uncovered
from partita.price import training as pricing
from partita.price import unlicensed_training
from partita.price.unlicensed_training import Offer

if TYPE_CHECKING:
    from partita.jobs.training import Found


def unlicensed(found: Found, outputs: pa.Table) -> tuple[pa.Table, pa.Table]:
    """The evidence, one row an item and model (see `clear.uncovered`), and UNLICENSED with the offers' prices."""
    job = found.job
    tables = {
        "items": found.items,
        "findings": found.findings,
        "repertoire": found.registry.repertoire,
        "shares": found.registry.shares,
    }
    open_uses = uncovered(tables, {licence.id: licence.licensor for licence in job.licence})
    offers = _offers(found.registry.snapshot["offers"])
    offered: dict[tuple[str, str], list[Offer]] = {}
    for row in open_uses.offers.to_pylist():
        offer = offers.get(row["offer_id"])
        if offer is not None and offer.licensor == row["society"]:
            offered.setdefault((row["model"], row["society"]), []).append(offer)
    counted = {model.id: _counted(outputs, model.id) for model in job.model} if job.outputs else {}
    return open_uses.evidence, unlicensed_training.claims(open_uses.uses, offered, counted, job.job.currency)


def _offers(rows: pa.Table) -> dict[str, Offer]:
    current = rows.filter(pc.is_null(rows.column("retired_at"))).select(list(Offer.__slots__)).to_pylist()
    return {row["offer_id"]: Offer(**row) for row in current}


def _counted(outputs: pa.Table, model: str) -> Mapping[str, str]:
    """How many outputs of a model there are, and what they earned where that is known."""
    mine = outputs.filter(pc.equal(outputs.column("model"), model))
    each = mine.group_by(["output_id"]).aggregate([("income_micro", "max")])
    income = pc.sum(each.column("income_micro_max")).as_py()
    found = {pricing.OUTPUTS: str(each.num_rows)}
    return found if income is None else {**found, pricing.OUTPUT_INCOME: str(Fraction(income, money.MICRO))}


__all__ = ["unlicensed"]

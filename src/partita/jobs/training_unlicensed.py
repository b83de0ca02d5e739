"""Uses of a training run that no licence covers: their evidence, and what the societies' offers would have cost."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from partita import money, scope
from partita.clear.uncovered import uncovered
from partita.jobs.trainingfile import Trained
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
    registered = found.registry.snapshot["offers"]
    offers = {row["offer_id"]: row for row in registered.filter(_current(registered)).to_pylist()}
    wanted: dict[tuple[str, str], set[str]] = {}
    for row in open_uses.offers.to_pylist():
        if row["offer_id"] in offers and offers[row["offer_id"]]["licensor"] == row["society"]:
            wanted.setdefault((row["model"], row["society"]), set()).add(row["offer_id"])
    models = {model.id: model for model in job.model}
    for row in open_uses.uses.filter(pc.equal(open_uses.uses.column("lapsed"), True)).to_pylist():
        mine = {name for name, offer in offers.items()
                if offer["licensor"] == row["society"] and _renews(offer, models[row["model"]])}  # fmt: skip
        wanted.setdefault((row["model"], row["society"]), set()).update(mine)
    offered = {key: [_offer(offers[name]) for name in sorted(names)] for key, names in wanted.items()}
    counted = {model.id: _counted(outputs, model.id) for model in job.model} if job.outputs else {}
    return open_uses.evidence, unlicensed_training.claims(open_uses.uses, offered, counted, job.job.currency)


def _current(rows: pa.Table) -> pa.Array:
    return pc.is_null(rows.column("retired_at"))


def _offer(row: Mapping[str, Any]) -> Offer:
    return Offer(**{name: row[name] for name in Offer.__slots__})


def _renews(offer: Mapping[str, Any], model: Trained) -> bool:
    """Whether an offer would have licensed a model on its day of training, when an earlier licence no longer did."""
    return (
        scope.system_covers(offer["system"], model.id)
        and scope.place_covers(offer["territory"], model.territory)
        and set(scope.leaves(model.purpose)) <= set(scope.leaves(offer["purpose"]))
        and offer["valid_from"] <= model.trained_on
        and (offer["valid_to"] is None or model.trained_on < offer["valid_to"])
    )


def _counted(outputs: pa.Table, model: str) -> Mapping[str, str]:
    """How many outputs of a model there are, and what they earned where that is known."""
    mine = outputs.filter(pc.equal(outputs.column("model"), model))
    each = mine.group_by(["output_id"]).aggregate([("income_micro", "max")])
    income = pc.sum(each.column("income_micro_max")).as_py()
    found = {pricing.OUTPUTS: str(each.num_rows)}
    return found if income is None else {**found, pricing.OUTPUT_INCOME: str(Fraction(income, money.MICRO))}


__all__ = ["unlicensed"]

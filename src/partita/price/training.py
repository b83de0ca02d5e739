"""What training licences cost in one period: each component of each licence is a charge of its own.

A component that is paid for training itself (fixed, or per work) is charged in the period in which the training fell;
shares of income and amounts per output in every period. What terms or figures lack is named, and nothing is charged.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pyarrow as pa

from partita import money, tables
from partita.errors import InputError
from partita.price import models
from partita.price.steps import Step

WORKS, OUTPUTS, OUTPUT_INCOME = "works", "outputs", "output_income"
"""Figures that a run counts itself; a licensee's own figure for one of these stands beside it and must agree."""

AMOUNT_MOST = 2**62
"""Above any money there is; a pool holds less than this."""

AGREED = "agreed"
"""Status of a charge whose rate two parties agreed on."""


@dataclass(frozen=True, slots=True)
class Deal:
    """One licence to be charged: whose, on which model, with which terms, figures stated and figures counted.

    `trained`: whether a training under it fell into the period.
    """

    licence_id: str
    provider: str
    licensor: str
    model: str
    terms: Mapping[str, str]
    stated: Mapping[str, str]
    counted: Mapping[str, str]
    currency: str
    period: tuple[dt.date, dt.date]
    trained: bool

    def charge_id(self, component: str) -> str:
        """The charge of one component; also the licensee's name on its lines and pool, which no other charge shares."""
        return f"{self.provider} {self.licence_id}/{component}"


@dataclass(frozen=True, slots=True)
class Charged:
    """CHARGES, CHARGE_STEPS, and what is missing or contradicted: licence, name, and what is wrong with it."""

    charges: pa.Table
    steps: pa.Table
    problems: tuple[tuple[str, str, str], ...] = field(default=())


def charge(deals: Sequence[Deal]) -> Charged:
    """Every component of every licence, charged or named as missing. Raises InputError for figures that are none."""
    charges: list[dict[str, Any]] = []
    steps: list[dict[str, Any]] = []
    problems: list[tuple[str, str, str]] = []
    for deal in deals:
        figures = {**deal.stated, **deal.counted}
        problems += [
            (deal.licence_id, name, f"stated as {deal.stated[name]}, counted as {deal.counted[name]}")
            for name in sorted(deal.counted.keys() & deal.stated.keys())
            if money.exact(deal.stated[name]) != money.exact(deal.counted[name])
        ]
        fee = models.fee(models.model(deal.model), deal.terms, figures, deal.currency)
        for part in fee.parts:
            problems += [(deal.licence_id, name, "not stated") for name in part.missing]
            if part.amount_micro is not None:
                if part.amount_micro >= AMOUNT_MOST:
                    reason = f"licence {deal.licence_id}: {part.component.id} comes to 2^62 micro-units or more"
                    raise InputError(reason, mend="Correct its terms or figures")
                charges.append(_charge(deal, part))
                steps += _steps(deal, part)
    return Charged(
        tables.conform(pa.Table.from_pylist(charges, schema=tables.CHARGES.schema), tables.CHARGES),
        tables.conform(pa.Table.from_pylist(steps, schema=tables.CHARGE_STEPS.schema), tables.CHARGE_STEPS),
        tuple(problems),
    )


def for_training(component: models.Component) -> bool:
    """Whether a component is paid for the training itself, once, rather than for each period."""
    return component.kind == "fixed" or component.of == WORKS


def _due(deal: Deal, part: models.Part) -> bool:
    return deal.trained or not for_training(part.component)


def _charge(deal: Deal, part: models.Part) -> dict[str, Any]:
    name = deal.charge_id(part.component.id)
    return {
        "charge_id": name,
        "licensee": name,
        "society": deal.licensor,
        "societies": [deal.licensor],
        "tariff_id": deal.licence_id,
        "method": part.component.id,
        "chosen": True,
        "kind": "charge",
        "status": AGREED,
        "period_from": deal.period[0],
        "period_to": deal.period[1],
        "currency": deal.currency,
        "amount_micro": part.amount_micro if _due(deal, part) else 0,
        "tax_micro": 0,
    }


def _steps(deal: Deal, part: models.Part) -> list[dict[str, Any]]:
    model = models.model(deal.model)
    steps = list(part.steps)
    if not _due(deal, part):
        steps.append(Step("once", "charged in the period of training", Fraction(0), part.component.source))
    return [
        {
            "charge_id": deal.charge_id(part.component.id),
            "step": number,
            "label": step.label,
            "formula": step.formula,
            "amount_micro": money.floor_micro(step.amount),
            "source": _source(model, step.source),
        }
        for number, step in enumerate(steps, start=1)
    ]


def _source(model: models.Model, name: str) -> str:
    source = model.sources.get(name)
    return f"{source.title} {source.url}".strip() if source else name

"""Licences and tariffs in, charges and their steps out: the stage itself.

Every method that can be computed is shown beside the one that is charged. Raises InputError for a licence that names
what is not there or states what is no quantity; a quantity that is merely missing is written down as a step.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pyarrow as pa

from partita import money, tables
from partita.errors import InputError
from partita.price import inforce
from partita.price import licence as licences_of
from partita.price import method as methods
from partita.price.inforce import Force, PricePolicy
from partita.price.library import Tariffs
from partita.price.licence import Licence
from partita.price.method import Blocked, Computed
from partita.price.steps import Step, figure, money_figure
from partita.price.tariff import Status, Value, figures

ANNOUNCED: tuple[Status, ...] = ("proposed", "under_review")
MICRO_MOST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class _Charge:
    """One row of CHARGES with its steps, before it is written; amounts in currency units."""

    charge_id: str
    licence: Licence
    method: str
    chosen: bool
    kind: str
    status: Status
    net: Fraction
    tax: Fraction
    steps: tuple[Step, ...]


def price(licences: pa.Table, tariffs: Tariffs, policy: PricePolicy) -> tuple[pa.Table, pa.Table]:
    """LICENCES and tariffs -> CHARGES and CHARGE_STEPS, as known on `policy.as_of`, in any order of rows.

    One `charge` row per licence and method, the chosen one marked: it is what is owed for the whole period. Where the
    licence paid provisionally and the rate is now final, `.../true_up` is the invoice or credit note for the rest: part
    of the charge, so not `chosen`, and never added to it. What was claimed stands as `.../proposed`.
    """
    charges: list[dict[str, Any]] = []
    steps: list[dict[str, Any]] = []
    seen: set[str] = set()
    for row in licences.to_pylist():
        licence = licences_of.read(row, tariffs.one(row["tariff_id"]))
        if licence.charge_id in seen:
            mend = "Add the quantities up, or name the branches as licensees of their own"
            raise InputError(f"licence {licence.charge_id} stands twice", mend=mend)
        seen.add(licence.charge_id)
        for item in _charges(licence, policy):
            if isinstance(item, _Charge):
                charges.append(_charge_row(item))
                steps += _step_rows(item.charge_id, item.steps)
            else:
                steps += _step_rows(f"{licence.charge_id}/{item.method}", [item.step])
    return _table(charges, tables.CHARGES), _table(steps, tables.CHARGE_STEPS)


def _charges(licence: Licence, policy: PricePolicy) -> Iterator[_Charge | Blocked]:
    found = [methods.compute(m, licence, _charged(policy)) for m in licence.tariff.methods]
    computed = [item for item in found if isinstance(item, Computed)]
    choice = _choice(computed, licence)
    interim = None if choice or not licence.paid else _interim(found, licence)
    for item in found:
        if isinstance(item, Blocked):
            yield _paid(item, licence, policy) if item is interim else item
        else:
            yield from _rows(item, item is choice, computed, licence)
    if policy.compare_proposed:
        yield from _claims(licence, computed, policy)


def _rows(item: Computed, chosen: bool, computed: Sequence[Computed], licence: Licence) -> Iterator[_Charge]:
    charge_id = f"{licence.charge_id}/{item.method}"
    steps = item.steps
    if chosen and len(computed) > 1:
        steps = (*steps, _choice_step(item, computed, licence))
    if chosen and licence.paid and not item.final:
        paid = f"{money_figure(licence.paid)} was paid provisionally and stands until the rate is final"
        steps = (*steps, Step("interim", paid, item.net))
    yield _Charge(charge_id, licence, item.method, chosen, "charge", item.status, item.net, item.tax, steps)
    if chosen and licence.paid and item.final:
        yield _true_up(f"{charge_id}/true_up", item, licence)


def _interim(found: Sequence[Computed | Blocked], licence: Licence) -> Blocked | None:
    """The method that a provisional payment speaks of while no rate is in force: the one named, else the first."""
    waiting = [item for item in found if isinstance(item, Blocked) and item.step.label == "no_rate"]
    return next((item for item in waiting if licence.method in (item.method, "cheapest")), None)


def _paid(item: Blocked, licence: Licence, policy: PricePolicy) -> _Charge:
    """What was paid provisionally, while there is no rate to compute it from."""
    tax = methods.tax_on(licence.paid, methods.tax_rate(licence, _charged(policy)), licence.tariff)
    text = f"{money_figure(licence.paid)} was paid provisionally, as agreed or fixed; trued up once a rate is final"
    steps = (item.step, Step("interim", text, licence.paid))
    charge_id = f"{licence.charge_id}/{item.method}"
    return _Charge(charge_id, licence, item.method, True, "charge", "provisional", licence.paid, tax, steps)


def _true_up(charge_id: str, item: Computed, licence: Licence) -> _Charge:
    net = item.net - licence.paid
    paid_tax = methods.tax_on(licence.paid, item.tax_rate, licence.tariff) if item.tax_rate else Fraction(0)
    steps = [Step("true_up", f"{money_figure(item.net)} owed - {money_figure(licence.paid)} paid", net)]
    if item.tax_rate:
        formula = f"{money_figure(item.tax)} owed - {money_figure(paid_tax)} on what was paid"
        steps.append(Step("tax", formula, item.tax - paid_tax))
    tax = item.tax - paid_tax
    return _Charge(charge_id, licence, item.method, False, "true_up", item.status, net, tax, tuple(steps))


def _choice(computed: Sequence[Computed], licence: Licence) -> Computed | None:
    if licence.method == "cheapest":
        return min(computed, key=lambda item: item.net, default=None)
    return next((item for item in computed if item.method == licence.method), None)


def _choice_step(item: Computed, computed: Sequence[Computed], licence: Licence) -> Step:
    others = ", ".join(f"{other.method} {money_figure(other.net)}" for other in computed if other is not item)
    how = "the cheapest" if licence.method == "cheapest" else "chosen"
    return Step("choice", f"{item.method} {money_figure(item.net)} {how}, beside {others}", item.net)


def _claims(licence: Licence, computed: Sequence[Computed], policy: PricePolicy) -> Iterator[_Charge]:
    """What the society announced, where it differs from what is charged."""
    if not any(value.status in ANNOUNCED for _, values in figures(licence.tariff) for value in values):
        return
    by_method = {item.method: item for item in computed}
    for method in licence.tariff.methods:
        claim = methods.compute(method, licence, _claimed(policy))
        charged = by_method.get(method.id)
        if isinstance(claim, Blocked) or not _is_claim(claim, charged):
            continue
        charge_id = f"{licence.charge_id}/{method.id}/proposed"
        status = _claim_status(claim)
        yield _Charge(charge_id, licence, method.id, False, "charge", status, claim.net, claim.tax, claim.steps)


def _is_claim(claim: Computed, charged: Computed | None) -> bool:
    announced = any(value.status in ANNOUNCED for value in claim.values)
    return announced and (charged is None or claim.net != charged.net)


def _claim_status(claim: Computed) -> Status:
    announced = (value for value in claim.values if value.status in ANNOUNCED)
    return max(announced, key=lambda value: (value.effective_from, value.decided_on)).status


def _charged(policy: PricePolicy) -> methods.Select:
    def select(values: Iterable[Value], day: dt.date) -> Force | None:
        return inforce.charged(values, day, policy)

    return select


def _claimed(policy: PricePolicy) -> methods.Select:
    def select(values: Sequence[Value], day: dt.date) -> Force | None:
        return inforce.claimed(values, day, policy) or inforce.charged(values, day, policy)

    return select


def _charge_row(item: _Charge) -> dict[str, Any]:
    tariff = item.licence.tariff
    return {
        "charge_id": item.charge_id,
        "licensee": item.licence.licensee,
        "society": tariff.collecting_society,
        "societies": list(tariff.beneficiaries),
        "tariff_id": tariff.id,
        "method": item.method,
        "chosen": item.chosen,
        "kind": item.kind,
        "status": item.status,
        "period_from": item.licence.first,
        "period_to": item.licence.last,
        "currency": tariff.currency,
        "amount_micro": _micro(item.net, item.charge_id),
        "tax_micro": _micro(item.tax, item.charge_id),
    }


def _step_rows(charge_id: str, steps: Sequence[Step]) -> Iterator[dict[str, Any]]:
    for number, step in enumerate(steps, start=1):
        yield {
            "charge_id": charge_id,
            "step": number,
            "label": step.label,
            "formula": step.formula,
            "amount_micro": _micro(step.amount, charge_id),
            "source": step.source,
        }


def _micro(amount: Fraction, charge_id: str) -> int:
    value = money.floor_micro(amount)
    if abs(value) > MICRO_MOST:
        raise InputError(f"{charge_id}: {figure(amount)} is too large", mend="Check the quantities")
    return value


def _table(rows: list[dict[str, Any]], table: tables.Table) -> pa.Table:
    data = pa.Table.from_pylist(rows, schema=table.schema)
    return tables.conform(data.sort_by([(key, "ascending") for key in table.key]), table)

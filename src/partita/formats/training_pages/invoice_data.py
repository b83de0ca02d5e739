"""Invoices as data: for each licensor what the run charges for its licences, step by step, and what it does not.

`partita.invoice/1`: amounts as integers in micro-units and as exact text; no float, so that every figure can be proven.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from partita import money
from partita.formats.pages import cells
from partita.formats.pages.view import safe_name
from partita.formats.training_pages.view import LicenceView, TrainingView

FORM = "partita.invoice/1"
Row = Mapping[str, Any]


def invoices(view: TrainingView) -> Iterator[tuple[str, dict[str, Any]]]:
    """A file name without ending, and the invoice, for each licensor of the run's licences, by id."""
    charges = {row["charge_id"]: row for row in view.run.charges.to_pylist() if row["chosen"]}
    steps: dict[str, list[Row]] = {}
    for row in sorted(view.run.charge_steps.to_pylist(), key=lambda row: (row["charge_id"], row["step"])):
        steps.setdefault(row["charge_id"], []).append(row)
    for licensor in sorted({licence.licensor for licence in view.licences}):
        mine = [licence for licence in view.licences if licence.licensor == licensor]
        stem = safe_name(view.run.society(licensor, "en"), licensor)
        yield stem, _invoice(view, licensor, stem, [_licence(view, x, charges, steps) for x in mine])


def _invoice(view: TrainingView, licensor: str, stem: str, licences: Sequence[dict[str, Any]]) -> dict[str, Any]:
    run = view.run
    parts = [part for licence in licences for part in licence["components"]]
    net, tax = (sum(part[name] for part in parts) for name in ("amount_micro", "tax_micro"))
    return {
        "form": FORM,
        "run_id": run.run_id,
        "reference": f"{run.run_id}-{stem[-16:-8]}",
        "title": dict(run.title),
        "provider": {"id": view.provider, "name": dict(view.provider_name), "contact": view.provider_contact},
        "licensor": {"id": licensor, "name": {tag: run.society(licensor, tag) for tag in view.provider_name}},
        "contact": run.contact,
        "currency": run.currency,
        "period_from": run.period_from.isoformat(),
        "period_to": run.period_to.isoformat(),
        "licences": list(licences),
        **_money("net", net, run.currency),
        **_money("tax", tax, run.currency),
        **_money("total", net + tax, run.currency),
        **_money("payable", _rounded(net + tax, run.currency), run.currency),
    }


def _licence(
    view: TrainingView, licence: LicenceView, charges: Mapping[str, Row], steps: Mapping[str, Sequence[Row]]
) -> dict[str, Any]:
    mine = [row for row in charges.values() if row["tariff_id"] == licence.id and row["society"] == licence.licensor]
    order = list(licence.components)
    mine.sort(key=lambda row: (order.index(row["method"]) if row["method"] in order else len(order), row["charge_id"]))
    return {
        "licence_id": licence.id,
        "model": licence.model,
        "name": dict(licence.name),
        "systems": list(licence.systems),
        "territory": licence.territory,
        "valid_from": licence.valid_from.isoformat(),
        "valid_to": licence.valid_to.isoformat() if licence.valid_to else None,
        "components": [_component(view, licence, row, steps.get(row["charge_id"], ())) for row in mine],
        "missing": [{"name": name, "what": what} for name, what in licence.missing],
    }


def _component(view: TrainingView, licence: LicenceView, charge: Row, steps: Sequence[Row]) -> dict[str, Any]:
    currency = view.run.currency
    return {
        "component": charge["method"],
        "charge_id": charge["charge_id"],
        "says": dict(licence.components.get(charge["method"], {"en": charge["method"]})),
        "steps": [
            {
                **{name: step[name] for name in ("label", "formula", "source")},
                **_money("amount", step["amount_micro"], currency),
            }
            for step in steps
        ],
        **_money("amount", charge["amount_micro"], currency),
        **_money("tax", charge["tax_micro"], currency),
    }


def _rounded(amount_micro: int, currency: str) -> int:
    """What can be paid: whole minor units, rounded half up; the books keep the exact amount."""
    unit = money.minor_micro(currency)
    return (amount_micro + unit // 2) // unit * unit


def _money(name: str, amount_micro: int, currency: str) -> dict[str, Any]:
    """An amount twice: in micro-units, and as exact text."""
    return {f"{name}_micro": amount_micro, name: cells.amount(amount_micro, currency)}

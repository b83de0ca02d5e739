"""What the offers of a society would have cost for what a model used without a licence; nothing of it is charged.

Each component of each offer is a row of UNLICENSED: its fee for the works counted, or what is missing for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from partita import tables
from partita.errors import InputError
from partita.formats import odrl
from partita.price import models
from partita.price.training import WORKS


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer as the registry holds it: by whom, on which licence model, on which terms (ODRL 2.2 in JSON)."""

    offer_id: str
    licensor: str
    model: str
    currency: str
    terms: str


def claims(
    uses: pa.Table,
    offered: Mapping[tuple[str, str], Sequence[Offer]],
    counted: Mapping[str, Mapping[str, str]],
    currency: str,
) -> pa.Table:
    """UNLICENSED of a training run: `licensee` is the model, `plays` are items, `tariff_id` is the offer.

    `uses`: rows by model and society (see `clear.uncovered`). `offered`: the offers by model and society. `counted`:
    figures that the run counted for each model besides its works. Amounts are in micro-units of the offer's currency.
    """
    rows = [
        {**_use(use, currency), **found}
        for use in uses.to_pylist()
        for found in _rows(use, offered, counted.get(use["model"], {}))
    ]
    data = pa.Table.from_pylist(rows, schema=tables.UNLICENSED.schema)
    return tables.conform(data.sort_by([(key, "ascending") for key in tables.UNLICENSED.key]), tables.UNLICENSED)


def _use(use: Mapping[str, Any], currency: str) -> dict[str, Any]:
    return {
        "licensee": use["model"],
        "society": use["society"],
        "tariff_id": "",
        "method": "",
        "works": use["works"],
        "plays": use["items"],
        "first_use": use["first_use"],
        "last_use": use["last_use"],
        "currency": currency,
        "claim_micro": None,
    }


def _rows(
    use: Mapping[str, Any], offered: Mapping[tuple[str, str], Sequence[Offer]], counted: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    found = offered.get((use["model"], use["society"]), ())
    if not found:
        what = "no offer of the society would license this" if use["society"] else "held by nobody in a society"
        yield {"formula": what}
    for offer in found:
        yield from _of(offer, {**counted, WORKS: str(use["works"])})


def _of(offer: Offer, figures: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    row: dict[str, Any] = {"tariff_id": offer.offer_id}
    if offer.currency:
        row["currency"] = offer.currency
    try:
        fee = models.fee(
            models.model(offer.model), models.terms_of(odrl.read(offer.terms)), figures, row.get("currency", "")
        )
    except (InputError, ValueError) as error:
        yield {**row, "formula": f"the offer's terms cannot be computed: {error}"}
        return
    for part in fee.parts:
        if part.amount_micro is None:
            said = f"missing: {', '.join(part.missing)}"
        else:
            said = "; ".join(step.formula for step in part.steps)
        yield {**row, "method": part.component.id, "claim_micro": part.amount_micro, "formula": said}

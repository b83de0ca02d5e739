"""What a society could claim for uses without a licence: each of its tariffs on the plays counted, nothing charged.

A method that needs what nobody stated (rooms, revenue) is listed with what is missing, so that the society can ask for
it. Amounts are net of tax, cut to the millionth.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa

from partita import money, tables
from partita.price import inforce
from partita.price import licence as licences_of
from partita.price import method as methods
from partita.price.inforce import Force, PricePolicy
from partita.price.library import Tariffs
from partita.price.method import Blocked
from partita.price.tariff import Tariff, Value

COUNTS = ("play", "songs", "songs_managed")


def claims(
    uses: pa.Table, tariffs: Tariffs, policy: PricePolicy, user_classes: Mapping[str, str], currency: str
) -> pa.Table:
    """UNLICENSED from unlicensed uses by licensee and society (see `clear.lines`), as known on `policy.as_of`."""
    rows = [row for use in uses.to_pylist() for row in _rows(use, tariffs, policy, user_classes, currency)]
    data = pa.Table.from_pylist(rows, schema=tables.UNLICENSED.schema)
    return tables.conform(data.sort_by([(key, "ascending") for key in tables.UNLICENSED.key]), tables.UNLICENSED)


def _rows(
    use: Mapping[str, Any], tariffs: Tariffs, policy: PricePolicy, user_classes: Mapping[str, str], currency: str
) -> Iterator[dict[str, Any]]:
    found = [t for t in tariffs.by_id.values() if use["society"] in (t.collecting_society, *t.beneficiaries)]
    shown = {**use, "tariff_id": "", "method": "", "currency": currency, "claim_micro": None}
    if not found:
        yield shown | {"formula": "no tariff of the society is among those read"}
    for tariff in found:
        yield from _of(tariff, shown, policy, user_classes.get(use["licensee"], "commercial"))


def _of(tariff: Tariff, shown: dict[str, Any], policy: PricePolicy, user_class: str) -> Iterator[dict[str, Any]]:
    row = shown | {"tariff_id": tariff.id, "currency": tariff.currency}
    if shown["first_use"] is None or shown["last_use"] is None:
        yield row | {"formula": "the days of use are missing: the list has none"}
        return
    stated = {
        "licensee": shown["licensee"],
        "tariff_id": tariff.id,
        "method": "cheapest",
        "user_class": user_class,
        "period_from": shown["first_use"],
        "period_to": shown["last_use"],
        "quantities": [(unit, str(shown["plays"])) for unit in COUNTS],
        "paid_provisionally": "0",
    }
    licence = licences_of.read(stated, tariff)

    def select(values: Iterable[Value], day: dt.date) -> Force | None:
        return inforce.charged(values, day, policy)

    for method in tariff.methods:
        result = methods.compute(method, licence, select)
        if isinstance(result, Blocked):
            yield row | {"method": method.id, "formula": result.step.formula}
        else:
            formula = "; ".join(step.formula for step in result.steps)
            yield row | {"method": method.id, "claim_micro": money.floor_micro(result.net), "formula": formula}

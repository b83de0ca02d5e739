"""One licence, read from a row of LICENCES: quantities as exact fractions, mistakes said in one line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from partita import money
from partita.errors import InputError
from partita.price.tariff import USER_CLASSES, AmountMethod, Tariff

YEARS_MOST = 100
FIGURE_MOST = 10**15


@dataclass(frozen=True, slots=True)
class Licence:
    """Who uses what, when and how much; amounts in currency units."""

    licensee: str
    tariff: Tariff
    method: str
    user_class: str
    first: dt.date
    last: dt.date
    quantities: Mapping[str, Fraction]
    paid: Fraction

    @property
    def charge_id(self) -> str:
        """`LICENSEE/TARIFF/FROM`, to which the method is added."""
        return f"{self.licensee}/{self.tariff.id}/{self.first}"


def read(row: Mapping[str, Any], tariff: Tariff) -> Licence:
    """A checked licence; raises InputError that names the licensee, the tariff and the field."""
    who = f"licence of {row['licensee']!r} under {tariff.id}"
    licence = Licence(
        licensee=row["licensee"],
        tariff=tariff,
        method=row["method"],
        user_class=row["user_class"] or "commercial",
        first=row["period_from"],
        last=row["period_to"],
        quantities={unit: _figure(text, f"{who}: {unit}") for unit, text in _pairs(row["quantities"], who)},
        paid=_figure(row["paid_provisionally"], f"{who}: paid_provisionally"),
    )
    _check(licence, who)
    return licence


def _pairs(quantities: Iterable[tuple[str, str]] | None, who: str) -> list[tuple[str, str]]:
    pairs = list(quantities or [])
    units = [unit for unit, _ in pairs]
    if len(set(units)) != len(units):
        raise InputError(f"{who}: a quantity stands twice", mend="State each unit once")
    return pairs


def _figure(text: str | None, where: str) -> Fraction:
    try:
        value = money.exact(text or "")
    except ValueError as error:
        raise InputError(f"{where}: {error}") from None
    if not 0 <= value < FIGURE_MOST:
        raise InputError(f"{where}: {text!r} is negative or too large", mend="State a quantity of 0 or more")
    return value


def _check(licence: Licence, who: str) -> None:
    if licence.last < licence.first:
        raise InputError(f"{who}: period_to {licence.last} lies before period_from {licence.first}", mend="Swap them")
    if licence.last.year - licence.first.year > YEARS_MOST or not 1900 <= licence.first.year <= 2199:
        raise InputError(f"{who}: {licence.first} to {licence.last} is no period of use", mend="Check the years")
    methods = [m.id for m in licence.tariff.methods]
    if licence.method not in (*methods, "cheapest"):
        mend = f"Write one of: {', '.join([*methods, 'cheapest'])}"
        raise InputError(f"{who}: no method {licence.method!r}", mend=mend)
    classes = {*USER_CLASSES, *_named(licence.tariff)}
    if licence.user_class not in classes:
        mend = f"Write one of: {', '.join(sorted(classes))}"
        raise InputError(f"{who}: no class of user {licence.user_class!r}", mend=mend)
    if (licence.paid * money.MICRO).denominator != 1:
        raise InputError(f"{who}: paid_provisionally is finer than a millionth", mend="State what was paid")


def _named(tariff: Tariff) -> set[str]:
    found = {c for m in tariff.methods for c in m.reductions}
    items = (i for m in tariff.methods if isinstance(m, AmountMethod) for i in m.items)
    return found | {c for item in items for c in item.rate_by_class}

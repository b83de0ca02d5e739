"""One method of a tariff applied to one licence: rate by rate, step by step, exactly until the last rounding.

Order: quantity x rate x part of the period, less the reduction; summed over the pieces of a period that straddles
rates; x repertoire ratio; at least the minimum; rounded; tax. Pure: no file, no clock, no table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from partita import money
from partita.price import inforce, proration
from partita.price.inforce import Force
from partita.price.licence import Licence
from partita.price.proration import ONE_DAY, Piece
from partita.price.steps import Step, cut, figure, money_figure, round_to
from partita.price.tariff import AmountMethod, Item, Minimum, PercentMethod, Ratio, Status, Tariff, Value

Select = Callable[[Sequence[Value], dt.date], Force | None]
"""Which figure counts on a day: the one charged, or the one claimed."""


@dataclass(frozen=True, slots=True)
class Computed:
    """What a method comes to, in currency units, and how."""

    method: str
    net: Fraction
    tax: Fraction
    tax_rate: Fraction
    status: Status
    final: bool
    values: tuple[Value, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Blocked:
    """Why a method gives no amount."""

    method: str
    step: Step


@dataclass(slots=True)
class _Sheet:
    """A computation on its way: the steps so far, the figures used, the standing of each piece in order."""

    licence: Licence
    select: Select
    steps: list[Step] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)

    def note(self, label: str, formula: str, amount: Fraction, source: str = "") -> Fraction:
        self.steps.append(Step(label, formula, amount, source))
        return amount

    def force(self, values: Sequence[Value], day: dt.date) -> Force | None:
        ends_on = self.licence.tariff.ends_on
        return None if ends_on and day > ends_on else self.select(values, day)


def compute(method: AmountMethod | PercentMethod, licence: Licence, select: Select) -> Computed | Blocked:
    """What `licence` costs by `method`, or why it cannot be said."""
    blocked = _blocked(method, licence)
    if blocked:
        return Blocked(method.id, blocked)
    sheet = _Sheet(licence, select)
    total = _used(method, sheet)
    if total is None:
        return Blocked(
            method.id, Step("no_rate", _period(licence.first, licence.last), Fraction(0), _end(licence, licence.first))
        )
    if method.ratio:
        total = _ratio(method.ratio, total, sheet)
    for minimum in (method.minimum, licence.tariff.minimum):
        total = _minimum(minimum, total, sheet) if minimum else total
    net, tax, rate = _tax(_rounded(total, sheet), sheet)
    final = all(status in ("determined", "proposed") for status in sheet.statuses)
    return Computed(method.id, net, tax, rate, sheet.statuses[-1], final, tuple(sheet.values), tuple(sheet.steps))


def tax_on(net: Fraction, tax_rate: Fraction, tariff: Tariff) -> Fraction:
    """Tax on an untaxed amount, rounded as the tariff says."""
    rounding = (tariff.tax.rounding if tariff.tax else None) or tariff.minor
    return round_to(net * tax_rate, rounding)


def tax_rate(licence: Licence, select: Select) -> Fraction:
    """The rate of tax in force on the period's last day; 0 where the tariff states none."""
    tax = licence.tariff.tax
    force = select(tax.rate, licence.last) if tax else None
    return force.value.exact if force else Fraction(0)


def _blocked(method: AmountMethod | PercentMethod, licence: Licence) -> Step | None:
    have = licence.quantities
    if method.requires == "usage_list" and have.get("usage_list") == 0:
        return Step("not_open", "open only to licensees that hand in usage lists", Fraction(0))
    missing = _missing(method, licence)
    if missing:
        return Step("not_computable", f"quantity missing: {', '.join(missing)}", Fraction(0))
    ratio = method.ratio
    if ratio and (have[ratio.in_] == 0 or have[ratio.of] > have[ratio.in_]):
        formula = f"{ratio.of} {figure(have[ratio.of])} of {ratio.in_} {figure(have[ratio.in_])} is no part"
        return Step("not_computable", formula, Fraction(0))
    if isinstance(method, AmountMethod) and not all(i.values(licence.user_class) for i in _stated(method, licence)):
        return Step("not_open", f"no rate for class {licence.user_class}", Fraction(0))
    return None


def _stated(method: AmountMethod, licence: Licence) -> list[Item]:
    """The items of which the licence states a quantity."""
    return [item for item in method.items if any(unit in licence.quantities for unit in item.units)]


def _missing(method: AmountMethod | PercentMethod, licence: Licence) -> list[str]:
    have = licence.quantities
    ratio = [method.ratio.of, method.ratio.in_] if method.ratio else []
    if isinstance(method, PercentMethod):
        return [unit for unit in (method.base, *method.deductions, *ratio) if unit not in have]
    units = [unit for item in method.items for unit in item.units]
    lacking = [] if any(unit in have for unit in units) else [" or ".join(units)]
    return lacking + [unit for unit in ratio if unit not in have]


def _used(method: AmountMethod | PercentMethod, sheet: _Sheet) -> Fraction | None:
    """The sum over pieces of the period; None where no piece has a rate."""
    parts = [part for piece in _pieces(method, sheet) for part in _piece(method, piece, sheet)]
    if not sheet.statuses:
        return None
    total = sum(parts, Fraction(0))
    if len(parts) > 1:
        sheet.note("sum", " + ".join(money_figure(part) for part in parts), total)
    return total


def _pieces(method: AmountMethod | PercentMethod, sheet: _Sheet) -> list[Piece]:
    licence = sheet.licence
    slots = proration.slots(licence.first, licence.last, method.per, licence.tariff.proration)
    lists = [method.rate] if isinstance(method, PercentMethod) else [i.values(licence.user_class) for i in method.items]
    reductions = method.reductions.get(licence.user_class, ())
    return proration.pieces(slots, _cuts([*lists, reductions], sheet))


def _cuts(lists: Sequence[Sequence[Value]], sheet: _Sheet) -> set[dt.date]:
    """Days on which another figure counts than on the day before."""
    licence = sheet.licence
    days = {day for values in lists for day in inforce.changes(values, licence.first, licence.last)}
    if licence.tariff.ends_on:
        days.add(licence.tariff.ends_on + ONE_DAY)
    return {day for day in days if any(sheet.force(v, day) != sheet.force(v, day - ONE_DAY) for v in lists)}


def _piece(method: AmountMethod | PercentMethod, piece: Piece, sheet: _Sheet) -> list[Fraction]:
    """The piece's parts: one for each item that has a quantity and a rate in force."""
    if isinstance(method, PercentMethod):
        parts = [_part(method.rate, _base(method, sheet), f"({method.base})", method, piece, sheet)]
    else:
        user_class = sheet.licence.user_class
        parts = [
            _part(item.values(user_class), _quantity(item, sheet), item.unit, method, piece, sheet)
            for item in _stated(method, sheet.licence)
        ]
    return [part for part in parts if part is not None]


def _part(
    values: Sequence[Value],
    quantity: Fraction,
    unit: str,
    method: AmountMethod | PercentMethod,
    piece: Piece,
    sheet: _Sheet,
) -> Fraction | None:
    force = sheet.force(values, piece.first)
    if force is None:
        sheet.note(
            "no_rate", f"{unit}, {_period(piece.first, piece.last)}", Fraction(0), _end(sheet.licence, piece.first)
        )
        return None
    sheet.values.append(force.value)
    sheet.statuses.append(force.status)
    source = force.value.reference
    if force.status == "provisional" and force.value.status != "provisional":
        source += "; paid in the interim at the rate before the change"
    amount = sheet.note(
        "rate", f"{force.value.value} x {figure(quantity)} {unit}", force.value.exact * quantity, source
    )
    if piece.size != 1 or (piece.first, piece.last) != (sheet.licence.first, sheet.licence.last):
        amount = _prorated(amount, method, piece, sheet)
    return _reduced(amount, method, piece, sheet)


def _prorated(amount: Fraction, method: AmountMethod | PercentMethod, piece: Piece, sheet: _Sheet) -> Fraction:
    name = "period" if method.per == "use" else method.per
    formula = f"{money_figure(amount)} x {piece.text} {name}, {_period(piece.first, piece.last)}"
    return sheet.note("proration", formula, amount * piece.size)


def _reduced(amount: Fraction, method: AmountMethod | PercentMethod, piece: Piece, sheet: _Sheet) -> Fraction:
    user_class = sheet.licence.user_class
    force = sheet.force(method.reductions.get(user_class, ()), piece.first)
    if force:
        formula = f"{money_figure(amount)} x (1 - {force.value.value}) {user_class}"
        return sheet.note("reduction", formula, amount * (1 - force.value.exact), force.value.reference)
    by_class = isinstance(method, AmountMethod) and any(item.rate_by_class for item in method.items)
    if user_class != "commercial" and not by_class:
        sheet.note("no_reduction", f"none stated for {user_class}", amount)
    return amount


def _quantity(item: Item, sheet: _Sheet) -> Fraction:
    have = sheet.licence.quantities
    terms = [(have[item.unit], item.unit, "1")] if item.unit in have else []
    terms += [(have[unit], unit, each) for unit, each in item.counts_as.items() if unit in have]
    total = sum((count * money.exact(each) for count, _, each in terms), Fraction(0))
    text = " + ".join(
        f"{figure(count)} {unit}" + (f" x {each}" if unit != item.unit else "") for count, unit, each in terms
    )
    step = Step("quantity", f"{text} = {figure(total)} {item.unit}", Fraction(0))
    if any(unit != item.unit for _, unit, _ in terms) and step not in sheet.steps:
        sheet.steps.append(step)
    return total


def _base(method: PercentMethod, sheet: _Sheet) -> Fraction:
    have = sheet.licence.quantities
    left = have[method.base] - sum((have[unit] for unit in method.deductions), Fraction(0))
    base = max(left, Fraction(0))
    text = " - ".join(
        [f"{figure(have[method.base])} {method.base}", *(f"{figure(have[u])} {u}" for u in method.deductions)]
    )
    step = Step("base", text + (" = below 0, so 0" if left < 0 else f" = {figure(base)}"), base)
    if step not in sheet.steps:
        sheet.steps.append(step)
    return base


def _ratio(ratio: Ratio, total: Fraction, sheet: _Sheet) -> Fraction:
    have = sheet.licence.quantities
    exact = have[ratio.of] / have[ratio.in_]
    quotient = exact if ratio.places is None else Fraction(cut(exact * 10**ratio.places, ratio.how), 10**ratio.places)
    cut_as = "" if ratio.places is None else f" to {ratio.places} places, {ratio.how}"
    formula = f"{money_figure(total)} x {figure(have[ratio.of])} {ratio.of} / {figure(have[ratio.in_])} {ratio.in_}"
    return sheet.note("ratio", f"{formula} = {figure(quotient)}{cut_as}", total * quotient)


def _minimum(minimum: Minimum, total: Fraction, sheet: _Sheet) -> Fraction:
    licence = sheet.licence
    if minimum.per == "licence":
        force = sheet.force(minimum.rate, licence.first)
        least, text, source = _flat(force)
    else:
        slots = proration.slots(licence.first, licence.last, minimum.per, licence.tariff.proration)
        parts = proration.pieces(slots, _cuts([minimum.rate], sheet))
        forces = [(piece, force) for piece in parts if (force := sheet.force(minimum.rate, piece.first))]
        least = sum((force.value.exact * piece.size for piece, force in forces), Fraction(0))
        text = " + ".join(f"{force.value.value} x {piece.text} {minimum.per}" for piece, force in forces)
        source = "; ".join(dict.fromkeys(force.value.reference for _, force in forces))
    if least <= total:
        return total
    return sheet.note("minimum", f"{money_figure(total)} is less than {text}", least, source)


def _flat(force: Force | None) -> tuple[Fraction, str, str]:
    return (force.value.exact, force.value.value, force.value.reference) if force else (Fraction(0), "0", "")


def _rounded(total: Fraction, sheet: _Sheet) -> Fraction:
    rounding = sheet.licence.tariff.minor
    rounded = round_to(total, rounding)
    if rounded == total:
        return total
    return sheet.note(
        "rounding", f"{money_figure(total)} to {figure(money.exact(rounding.to))}, {rounding.how}", rounded
    )


def _tax(amount: Fraction, sheet: _Sheet) -> tuple[Fraction, Fraction, Fraction]:
    """Net amount, tax and rate of tax: the tax in force on the period's last day."""
    tariff = sheet.licence.tariff
    force = sheet.select(tariff.tax.rate, sheet.licence.last) if tariff.tax else None
    if tariff.tax is None or force is None:
        return amount, Fraction(0), Fraction(0)
    rate = force.value.exact
    if tariff.tax.included:
        tax = tax_on(amount / (1 + rate), rate, tariff)
        formula = f"{money_figure(amount)} includes {force.value.value}: net {money_figure(amount - tax)}"
        sheet.note("tax", formula, tax, force.value.reference)
        return amount - tax, tax, rate
    tax = tax_on(amount, rate, tariff)
    sheet.note("tax", f"{money_figure(amount)} x {force.value.value}", tax, force.value.reference)
    return amount, tax, rate


def _period(first: dt.date, last: dt.date) -> str:
    return f"{first} to {last}"


def _end(licence: Licence, day: dt.date) -> str:
    """Why nothing is charged for `day`, where the tariff has ended before it."""
    tariff = licence.tariff
    over = tariff.ends_on is not None and day > tariff.ends_on
    return f"the tariff ended on {tariff.ends_on}: {tariff.ends_reference}" if over else ""

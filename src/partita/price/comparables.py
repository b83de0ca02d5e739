"""Comparables: what other tariffs, rates and counts say of the tariff in dispute, exactly, with the arithmetic.

Fractions in, fractions out; how a value was rounded belongs to who argued it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

import pyarrow as pa

from partita import money, tables
from partita.price.casefile import PERCENT, Comparable, Count, Rounding


def value(comparable: Comparable) -> Fraction:
    """The exact value: in the tariff's unit, or in per cent for a percentage. Not rounded."""
    found: Fraction = _VALUES[comparable.method]({name: figure.number for name, figure in comparable.figures.items()})
    return found


_VALUES: dict[str, Callable[[Mapping[str, Fraction]], Fraction]] = {
    "proportional_by_rate": lambda f: f["tariff"] * f["own"] / f["other"],
    "proportional_by_catalogue": lambda f: f["tariff"] * f["own"] / f["other"],
    "proportional_by_remainder": lambda f: f["tariff"] / (1 - f["own"]) * f["own"],
    "part_of_whole": lambda f: f["part"] / f["whole"] * 100,
    "difference": lambda f: (f["first"] - f["second"]) / f["first"] * 100,
}


def formula(comparable: Comparable) -> str:
    """The arithmetic in figures, as a person would write it down."""
    figures = comparable.figures
    shown = {name: figure.shown for name, figure in figures.items()}
    if comparable.method == "part_of_whole":
        return f"{shown['part']} ÷ {shown['whole']}"
    if comparable.method == "difference":
        gap = decimal(figures["first"].number - figures["second"].number)
        return f"({shown['first']} − {shown['second']}) ÷ {shown['first']} = {gap} ÷ {shown['first']}"
    if comparable.method == "proportional_by_remainder":
        own = figures["own"].number * 100
        return f"{shown['tariff']} ÷ {decimal(100 - own)} × {decimal(own)}"
    return f"{shown['tariff']} × {_factor(shown['own'])} ÷ {_factor(shown['other'])}"


def _factor(text: str) -> str:
    return f"({text})" if "/" in text else text


def shown(comparable: Comparable) -> str:
    """The value as argued: rounded by its rule; not rounded, all decimals, or two truncated and `…`."""
    exact = value(comparable)
    if comparable.rounding.rule == "none":
        return decimal(exact)
    rounded = comparable.rounding.apply(exact)
    return _fixed(rounded, comparable.rounding.places)


def decimal(number: Fraction) -> str:
    """`1,750`, `14.5`; `538.46…` where the decimals do not end: two, truncated."""
    denominator, places = number.denominator, 0
    while denominator % 10 == 0:
        denominator //= 10
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    if denominator != 1:
        return _fixed(Rounding(rule="truncate", places=2).apply(number), 2) + "…"
    while (number * 10**places).denominator != 1:
        places += 1
    return _fixed(number, places)


def _fixed(number: Fraction, places: int) -> str:
    size = abs(number) * 10**places
    whole, part = divmod(size.numerator // size.denominator, 10**places)
    sign = "-" if number < 0 else ""
    return f"{sign}{whole:,}" + (f".{part:0{places}d}" if places else "")


def compute(comparables: Iterable[Comparable]) -> pa.Table:
    """COMPARABLES: each comparable with its exact value, its value as argued, and its arithmetic."""
    rows = [
        {
            "comparable_id": one.id,
            "argued_by": one.argued_by,
            "society": one.society,
            "method": one.method,
            "formula": formula(one),
            "exact": str(value(one)),
            "value_micro": _truncated_micro(value(one)),
            "shown": shown(one),
            "rounding": one.rounding.text,
            "unit": PERCENT if one.is_percentage else one.unit,
            "source": "; ".join(dict.fromkeys(f.source for f in one.figures.values() if f.source)),
        }
        for one in comparables
    ]
    found = pa.Table.from_pylist(rows, schema=tables.COMPARABLES.schema)
    return tables.conform(found.sort_by("comparable_id"), tables.COMPARABLES)


def _truncated_micro(number: Fraction) -> int:
    size = abs(number) * money.MICRO
    return (size.numerator // size.denominator) * (1 if number >= 0 else -1)


def recount(counts: Iterable[Count]) -> pa.Table:
    """RECOUNTS: for each operator and society, the first count against each later one, in the order given."""
    firsts: dict[tuple[str, str], Count] = {}
    rows = []
    for count in counts:
        first = firsts.setdefault((count.operator, count.society), count)
        if first is not count:
            rows.append(_gap(first, count))
    found = pa.Table.from_pylist(rows, schema=tables.RECOUNTS.schema)
    return tables.conform(found.sort_by([(name, "ascending") for name in tables.RECOUNTS.key]), tables.RECOUNTS)


def _gap(first: Count, second: Count) -> dict[str, Any]:
    gap = first.plays - second.plays
    percent = Rounding(rule="half_up", places=2)
    rounded = percent.apply(Fraction(gap, first.plays) * 100) if first.plays else None
    return {
        "operator": first.operator,
        "society": first.society,
        "first_party": first.party,
        "first_plays": first.plays,
        "second_party": second.party,
        "second_plays": second.plays,
        "difference": gap,
        "percent": "" if rounded is None else _fixed(rounded, percent.places),
        "source": "; ".join(dict.fromkeys(s for s in (first.source, second.source) if s)),
    }

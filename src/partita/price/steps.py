"""The steps of a charge as they are written down, and figures as a reader writes them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from partita import money
from partita.price.tariff import Rounding

PLACES_MOST = 12


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a computation; `amount` in currency units, exact."""

    label: str
    formula: str
    amount: Fraction
    source: str = ""

    def with_source(self, source: str) -> Step:
        """The same step, resting on `source`."""
        return replace(self, source=source)


def figure(value: Fraction) -> str:
    """`120`, `2.5` or `184/365`: a decimal where it ends, else the fraction itself."""
    if value.denominator == 1:
        return str(value.numerator)
    scaled = value * 10**PLACES_MOST
    if scaled.denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    sign = "-" if value < 0 else ""
    whole, part = divmod(abs(scaled.numerator), 10**PLACES_MOST)
    return f"{sign}{whole}." + f"{part:0{PLACES_MOST}d}".rstrip("0")


def money_figure(value: Fraction) -> str:
    """An amount as `figure`, cut to millionths and marked `...` where it does not end there."""
    micro = money.floor_micro(value)
    return figure(Fraction(micro, money.MICRO)) + ("" if value * money.MICRO == micro else "...")


def round_to(value: Fraction, rounding: Rounding) -> Fraction:
    """`value` (not negative) as a multiple of `rounding.to`: half up, up or down."""
    return cut(value / money.exact(rounding.to), rounding.how) * money.exact(rounding.to)


def cut(value: Fraction, how: str) -> int:
    """A whole number from `value` (not negative): half up, up or down."""
    if how == "half_up":
        return int((value + Fraction(1, 2)) // 1)
    whole = int(value // 1)
    return whole + 1 if how == "up" and whole != value else whole

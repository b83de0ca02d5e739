"""Exact money: integers in millionths of a currency unit, and the one way in and out of text.

No float enters or leaves. Rates and percentages are `fractions.Fraction`; every division says how it rounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction

MICRO = 1_000_000
"""Micro-units in one currency unit."""

PPM = 1_000_000
"""Parts per million in a whole work."""

_DIGITS_MOST = 40
_EXPONENT = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "BHD": 3, "KWD": 3, "OMR": 3, "TND": 3, "JOD": 3}
"""ISO 4217 minor-unit exponents that differ from 2."""


def exact(text: str | int | Fraction) -> Fraction:
    """The exact value of `text`: `1,234.50`, `2.2 %` (0.022), `1/3`, an int or a Fraction. Raises ValueError."""
    if isinstance(text, (bool, float)):
        raise ValueError(f"{text!r}: an exact number is needed; write it as text")  # noqa: TRY004
    if isinstance(text, (int, Fraction)):
        return Fraction(text)
    body = text.strip().replace(",", "").replace("_", "").replace("\u00a0", "")
    percent = body.endswith(("%", "\uff05"))
    body = body[:-1].strip() if percent else body
    try:
        if "/" in body:
            top, bottom = body.split("/", 1)
            value = Fraction(int(top), int(bottom))
        else:
            number = Decimal(body)
            if abs(number.adjusted()) > _DIGITS_MOST:
                raise OverflowError  # noqa: TRY301
            value = Fraction(number)
    except (InvalidOperation, ValueError, ZeroDivisionError, OverflowError):
        raise ValueError(f"{text!r} is not an exact number; write e.g. 1234.50, 2.2 % or 1/3") from None
    return value / 100 if percent else value


def micro(text: str | int | Fraction) -> int:
    """Micro-units of an amount in currency units; raises ValueError where it is finer than a millionth."""
    value = exact(text) * MICRO
    if value.denominator != 1:
        raise ValueError(f"{text!r} is finer than a millionth of the currency unit; round it first and say how")
    return value.numerator


def floor_micro(value: Fraction) -> int:
    """Micro-units of an amount in currency units, rounded down (towards minus infinity)."""
    return (value * MICRO).numerator // (value * MICRO).denominator


def minor_micro(currency: str) -> int:
    """Micro-units of the currency's minor unit by ISO 4217: 10,000 for TWD and EUR, 1,000,000 for JPY."""
    return int(MICRO // 10 ** _EXPONENT.get(currency, 2))


def show(amount_micro: int, currency: str = "") -> str:
    """`1,234.50` or `TWD 1,234.50`; micro-units beyond the minor unit are shown where there are any."""
    sign = "-" if amount_micro < 0 else ""
    whole, part = divmod(abs(amount_micro), MICRO)
    digits = f"{part:06d}".rstrip("0")
    places = 0 if minor_micro(currency) == MICRO else 2
    digits = digits.ljust(places, "0")
    number = f"{sign}{whole:,}" + (f".{digits}" if digits else "")
    return f"{currency} {number}" if currency else number


def split_v1(amount: int, weights: Sequence[int]) -> list[int]:
    """`amount` split by `weights`, largest remainder, ties to the earlier one: sums to `amount`, exactly.

    Units are the caller's. A negative amount splits as its absolute value, sign restored. Raises ValueError where a
    weight is negative or all are zero. This is the oracle that the SQL of `distribute` is tested against.
    """
    total = sum(weights)
    if total <= 0 or any(w < 0 for w in weights):
        raise ValueError("weights must be non-negative and not all zero")
    size = abs(amount)
    parts = [size * w // total for w in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(size * weights[i] % total), i))
    for i in order[: size - sum(parts)]:
        parts[i] += 1
    return [-p for p in parts] if amount < 0 else parts

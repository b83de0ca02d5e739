"""How long is a period in years, months or days, and how does it fall into pieces of one rate each.

A period is cut into slots. A slot that divides counts by its days; one that does not (a started month) belongs whole to
the rate of its first day. So the pieces always add up to the period. Exact fractions, no rounding here.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from partita.price.tariff import Per, Proration, anniversary

ONE_DAY = dt.timedelta(days=1)
MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Slot:
    """Days `first` to `last`, worth `count` of the `of` parts of a period; `divides` where each day counts alike."""

    first: dt.date
    last: dt.date
    count: int
    of: int
    divides: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch between two changes of rate; `terms` are counts by the number of parts in their period."""

    first: dt.date
    last: dt.date
    terms: tuple[tuple[int, int], ...]

    @property
    def size(self) -> Fraction:
        """In periods, exactly."""
        return sum((Fraction(count, of) for of, count in self.terms), Fraction(0))

    @property
    def text(self) -> str:
        """The size as it was counted: `184/365`, `7/12`, `(1 + 90/366)`."""
        whole = sum(count // of for of, count in self.terms if count % of == 0)
        parts = [f"{count}/{of}" for of, count in self.terms if count % of]
        terms = [str(whole), *parts] if whole or not parts else parts
        return terms[0] if len(terms) == 1 else f"({' + '.join(terms)})"


def days(first: dt.date, last: dt.date) -> int:
    """Days from `first` to `last`, both counted."""
    return (last - first).days + 1


def slots(first: dt.date, last: dt.date, per: Per, proration: Proration) -> list[Slot]:
    """The period in slots: by day, by started or full month, or by started or full year."""
    whole = days(first, last)
    if per == "use":
        return [Slot(first, last, whole, whole, divides=True)]
    if per == "day":
        return [Slot(first, last, whole, 1, divides=True)]
    if proration.by == "day":
        return list(_by_day(first, last, per))
    months = MONTHS_A_YEAR if proration.by == "year" else 1
    return list(_whole(first, last, months, per, count_started=proration.count == "started"))


def pieces(parts: Iterable[Slot], changes: Iterable[dt.date]) -> list[Piece]:
    """Slots joined, and cut where a rate changes."""
    cuts = sorted(changes)
    result: list[Piece] = []
    for slot in parts:
        for piece in _cut(slot, cuts):
            before = result[-1] if result else None
            if before and not any(before.first < cut <= piece.first for cut in cuts):
                result[-1] = _joined(before, piece)
            else:
                result.append(piece)
    return result


def month_later(first: dt.date, months: int) -> dt.date:
    """The same day `months` later, or the month's last day where it has no such day."""
    year, month = divmod(first.year * MONTHS_A_YEAR + first.month - 1 + months, MONTHS_A_YEAR)
    return dt.date(year, month + 1, min(first.day, calendar.monthrange(year, month + 1)[1]))


def _by_day(first: dt.date, last: dt.date, per: Per) -> Iterator[Slot]:
    """Whole years (months) count 1 each; what is left counts its days over those of its calendar year (that month)."""
    start = first
    for number in range(1, days(first, last) + 1):
        end = (anniversary(first, number) if per == "year" else month_later(first, number)) - ONE_DAY
        if end > last:
            yield from _rest(start, last, end, per)
            return
        yield Slot(start, end, days(start, end), days(start, end), divides=True)
        start = end + ONE_DAY
        if start > last:
            return


def _rest(start: dt.date, last: dt.date, full: dt.date, per: Per) -> Iterator[Slot]:
    if per == "month":
        yield Slot(start, last, days(start, last), days(start, full), divides=True)
        return
    while start <= last:
        end = min(last, dt.date(start.year, MONTHS_A_YEAR, 31))
        yield Slot(start, end, days(start, end), 366 if calendar.isleap(start.year) else 365, divides=True)
        start = end + ONE_DAY


def _whole(first: dt.date, last: dt.date, months: int, per: Per, *, count_started: bool) -> Iterator[Slot]:
    start = first
    for number in range(1, days(first, last) + 1):
        end = month_later(first, number * months) - ONE_DAY
        count = months if end <= last or count_started else 0
        yield Slot(start, min(last, end), count, MONTHS_A_YEAR if per == "year" else 1, divides=False)
        if end >= last:
            return
        start = end + ONE_DAY


def _cut(slot: Slot, cuts: list[dt.date]) -> Iterator[Piece]:
    inside = [cut for cut in cuts if slot.first < cut <= slot.last] if slot.divides else []
    starts = [slot.first, *inside]
    ends = [*(cut - ONE_DAY for cut in inside), slot.last]
    each = slot.count // days(slot.first, slot.last)
    for start, end in zip(starts, ends, strict=True):
        count = each * days(start, end) if slot.divides else slot.count
        yield Piece(start, end, ((slot.of, count),))


def _joined(before: Piece, after: Piece) -> Piece:
    terms = Counter(dict(before.terms))
    for of, count in after.terms:
        terms[of] += count
    return Piece(before.first, after.last, tuple(sorted(terms.items())))

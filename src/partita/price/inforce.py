"""Which figure is in force on a day, as known on another day.

The rules for what a society may charge while its rate is proposed, reviewed or decided; docs/tariffs.md gives them with
their articles (Taiwan's 著作權集體管理團體條例, Arts 24 to 26). Pure functions of a list of dated figures.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from partita.price.tariff import Status, Value

_INTERIM: tuple[Status, ...] = ("under_review", "provisional")


@dataclass(frozen=True, slots=True)
class PricePolicy:
    """What was known (`as_of`; None: everything) and what may be charged.

    `chargeable`: standings that are charged. A proposed rate that is in force under Art 24 is charged only where this
    says so, and never while it is under review. `compare_proposed`: show what was claimed beside what is charged.
    """

    as_of: dt.date | None = None
    chargeable: tuple[Status, ...] = ("determined", "provisional")
    compare_proposed: bool = True


@dataclass(frozen=True, slots=True)
class Force:
    """A figure in force and the standing of a payment by it."""

    value: Value
    status: Status


def charged(values: Iterable[Value], day: dt.date, policy: PricePolicy) -> Force | None:
    """The figure that is charged for `day`, or None where none is in force."""
    live = _live(values, day, policy)
    pending = [v for v in live if v.status == "under_review"]
    candidates = [v for v in live if v.status in policy.chargeable and not _reviewed(v, pending)]
    if not candidates:
        return None
    value = max(candidates, key=_order)
    interim = any(review.decided_on > value.decided_on for review in pending)
    return Force(value, "provisional" if interim and value.status not in _INTERIM else value.status)


def claimed(values: Iterable[Value], day: dt.date, policy: PricePolicy) -> Force | None:
    """What the society announced for `day`, decided or not; None where it announced nothing."""
    known = [v for v in _known(values, day, policy) if v.status in ("proposed", "under_review")]
    if not known:
        return None
    value = max(known, key=_order)
    return Force(value, value.status)


def changes(values: Iterable[Value], first: dt.date, last: dt.date) -> set[dt.date]:
    """Days after `first`, up to `last`, on which another figure may come into force."""
    return {v.effective_from for v in values if first < v.effective_from <= last}


def _known(values: Iterable[Value], day: dt.date, policy: PricePolicy) -> list[Value]:
    seen = [v for v in values if policy.as_of is None or v.decided_on <= policy.as_of]
    return [v for v in seen if v.effective_from <= day]


def _live(values: Iterable[Value], day: dt.date, policy: PricePolicy) -> list[Value]:
    known = _known(values, day, policy)
    return [v for v in known if not _overtaken(v, known) and not _frozen_out(v, known)]


def _frozen_out(value: Value, known: Sequence[Value]) -> bool:
    """Whether a proposed figure would start within the freeze of a determined one."""
    if value.status != "proposed" or value.material_change:
        return False
    return any(v.frozen_until and v.effective_from <= value.effective_from <= v.frozen_until for v in known)


def _overtaken(value: Value, known: Sequence[Value]) -> bool:
    """Whether an interim figure has been replaced by a final one: a decision, or the rate announced anew."""
    if value.status not in _INTERIM:
        return False
    return any(
        (other.status == "determined" and other.decided_on >= value.decided_on)
        or (other.status == "proposed" and other.decided_on > value.decided_on)
        for other in known
    )


def _reviewed(value: Value, pending: Sequence[Value]) -> bool:
    return value.status == "proposed" and any(review.decided_on >= value.decided_on for review in pending)


def _order(value: Value) -> tuple[dt.date, dt.date, int]:
    rank = {"proposed": 0, "under_review": 1, "provisional": 2, "determined": 3}
    return value.effective_from, value.decided_on, rank[value.status]

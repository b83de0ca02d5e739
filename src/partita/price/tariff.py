"""What a tariff file may say, key by key. `docs/tariffs.md` explains each; a test holds the two together.

Models only: strict, frozen, unknown keys refused, every figure an exact text. Touches nothing but these classes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from partita import money

Status = Literal["proposed", "under_review", "provisional", "determined"]
Evidence = Literal["primary", "secondary", "as_cited_in_judgment"]
Per = Literal["year", "month", "day", "use"]

USER_CLASSES = ("commercial", "public_interest", "non_profit")
"""Classes of Taiwan's Art 24(3); a tariff may name others."""

_FIGURE = re.compile(r"(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.[0-9]{1,12})?\s*[%％]?|[0-9]{1,15}/[0-9]{1,15}")


def _figure(text: str) -> str:
    if not _FIGURE.fullmatch(text):
        raise ValueError(f"{text!r} is no exact figure; write e.g. 1500, 1.5, 2.2 % or 1/3, never negative")
    money.exact(text)
    return text


def _day(text: object) -> object:
    if isinstance(text, str) and not re.fullmatch(r"(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(f"{text!r} is no day; write e.g. 2019-03-27")
    return text


Figure = Annotated[str, AfterValidator(_figure)]
Day = Annotated[dt.date, BeforeValidator(_day)]
Unit = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Words = Annotated[str, Field(max_length=4000)]


class Model(BaseModel):
    """Unknown keys are mistakes, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Text(Model):
    """The same words in English and in traditional Chinese."""

    en: Name
    zh_Hant: Name = Field(alias="zh-Hant")  # noqa: N815 - the language tag, as BCP 47 writes it

    def by_language(self) -> dict[str, str]:
        """The words by language tag."""
        return {"en": self.en, "zh-Hant": self.zh_Hant}


class Value(Model):
    """One figure with its day, its standing and where it is written."""

    value: Figure
    status: Status
    decided_on: Day
    announced_on: Day | None = None
    effective_from: Day
    frozen_until: Day | None = None
    material_change: Words = ""
    reference: Annotated[str, Field(min_length=3, max_length=1000)]
    url: Annotated[str, Field(max_length=500, pattern=r"^$|^https?://\S+$")] = ""
    evidence: Evidence
    review_by: Day | None = None
    note: Words = ""

    @property
    def exact(self) -> Fraction:
        """The figure."""
        return money.exact(self.value)

    @model_validator(mode="after")
    def _announced(self) -> Self:
        if self.announced_on and (self.status != "proposed" or self.announced_on > self.decided_on):
            raise ValueError("announced_on belongs to a proposed figure, and lies before its decided_on")
        return self

    @model_validator(mode="after")
    def _freeze(self) -> Self:
        if self.frozen_until and self.status != "determined":
            raise ValueError(f"frozen_until belongs to a determined figure; this one is {self.status}")
        if self.frozen_until and self.frozen_until < self.effective_from:
            raise ValueError(f"frozen_until {self.frozen_until} lies before effective_from {self.effective_from}")
        return self


def _values(values: tuple[Value, ...]) -> tuple[Value, ...]:
    days = [(v.effective_from, v.decided_on, v.status) for v in values]
    if len(set(days)) != len(days):
        raise ValueError("two figures have the same effective_from, decided_on and status")
    for held in values:
        for other in values:
            _refuse_change_in_freeze(held, other)
    return values


def _refuse_change_in_freeze(held: Value, other: Value) -> None:
    later = other.decided_on > held.decided_on and other.exact != held.exact and not other.material_change
    inside = held.frozen_until is not None and held.effective_from <= other.effective_from <= held.frozen_until
    if later and inside:
        raise ValueError(
            f"{other.value} from {other.effective_from} changes {held.value}, which is frozen until "
            f"{held.frozen_until}; let it start later, or state material_change"
        )


Values = Annotated[tuple[Value, ...], Field(min_length=1, max_length=200), AfterValidator(_values)]


class Rounding(Model):
    """To which multiple of the currency unit, and how."""

    to: Figure
    how: Literal["half_up", "up", "down"]

    @model_validator(mode="after")
    def _some(self) -> Self:
        if money.exact(self.to) <= 0:
            raise ValueError("rounding to 0 is no rounding; leave it out for the currency's minor unit")
        money.micro(self.to)
        return self


class Proration(Model):
    """How part-years are charged."""

    by: Literal["day", "month", "year"] = "day"
    count: Literal["started", "full"] = "started"


class Ratio(Model):
    """A society's part of the repertoire used, and how the quotient is cut."""

    of: Unit
    in_: Unit = Field(alias="in")
    places: Annotated[int, Field(ge=0, le=12)] | None = None
    how: Literal["exact", "half_up", "up", "down"] = "exact"

    @model_validator(mode="after")
    def _both(self) -> Self:
        if (self.how == "exact") != (self.places is None):
            raise ValueError("`places` goes with `how: half_up`, `up` or `down`; without it the quotient is exact")
        return self


class Minimum(Model):
    """The least that a method or a licence costs."""

    per: Literal["year", "month", "licence"]
    rate: Values


class Tax(Model):
    """Tax on the charge: added to an untaxed price, or contained in it."""

    rate: Values
    included: bool = False
    rounding: Rounding | None = None


class Item(Model):
    """An amount for each of a unit; other units may count as this one."""

    unit: Unit
    counts_as: dict[Unit, Figure] = Field(default_factory=dict)
    rate: Values | None = None
    rate_by_class: dict[Unit, Values] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if bool(self.rate) == bool(self.rate_by_class):
            raise ValueError("write either `rate`, or `rate_by_class` with a rate for each class of user")
        return self

    @property
    def units(self) -> tuple[str, ...]:
        """The unit and those that count as it."""
        return (self.unit, *self.counts_as)

    def values(self, user_class: str) -> tuple[Value, ...]:
        """The rate for a class of user; empty where the tariff has none for it."""
        return self.rate or self.rate_by_class.get(user_class, ())


class Method(Model):
    """What amount and percentage have in common."""

    id: Unit
    title: Text
    requires: Literal["", "usage_list"] = ""
    reductions: dict[Unit, Values] = Field(default_factory=dict)
    ratio: Ratio | None = None
    minimum: Minimum | None = None
    note: Words = ""

    @model_validator(mode="after")
    def _at_most_all(self) -> Self:
        for user_class, values in self.reductions.items():
            if any(v.exact > 1 for v in values):
                raise ValueError(f"reductions.{user_class}: more than 100 %; write e.g. 30 %")
        return self


class AmountMethod(Method):
    """Amounts per unit and period, or per use."""

    kind: Literal["amount"]
    per: Per
    items: Annotated[tuple[Item, ...], Field(min_length=1, max_length=100)]

    @model_validator(mode="after")
    def _units(self) -> Self:
        units = [unit for item in self.items for unit in item.units]
        twice = sorted({u for u in units if units.count(u) > 1})
        if twice:
            raise ValueError(f"unit {', '.join(twice)} stands in two items")
        return self


class PercentMethod(Method):
    """A percentage of a revenue base after deductions."""

    kind: Literal["percent"]
    base: Unit
    deductions: tuple[Unit, ...] = ()
    rate: Values

    @property
    def per(self) -> Per:
        """The base is stated for the whole period, so time plays no part."""
        return "use"


class Tariff(Model):
    """A whole tariff file."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
    title: Text
    territory: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    collecting_society: Name
    societies: Annotated[tuple[Name, ...], Field(max_length=100)] = ()
    society_names: dict[Name, Text] = Field(default_factory=dict)
    law: tuple[Words, ...] = ()
    notice_days: Annotated[int, Field(ge=0, le=3660)] = 0
    freeze_years: Annotated[int, Field(ge=0, le=50)] = 0
    ends_on: Day | None = None
    ends_reference: Words = ""
    proration: Proration = Proration()
    rounding: Rounding | None = None
    tax: Tax | None = None
    minimum: Minimum | None = None
    methods: Annotated[
        tuple[Annotated[AmountMethod | PercentMethod, Field(discriminator="kind")], ...],
        Field(min_length=1, max_length=50),
    ]
    note: Words = ""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        ids = [method.id for method in self.methods]
        if len(set(ids)) != len(ids) or "cheapest" in ids:
            raise ValueError(f"method ids must differ, and `cheapest` is taken: {', '.join(ids)}")
        if self.societies and self.collecting_society not in self.societies:
            raise ValueError(f"collecting_society {self.collecting_society} is none of societies")
        if self.ends_on and not self.ends_reference:
            raise ValueError("ends_on needs ends_reference: where is it written?")
        _check_proration(self)
        for place, values in figures(self):
            _check_law(self, place, values)
        return self

    @property
    def beneficiaries(self) -> tuple[str, ...]:
        """The societies whose shares the tariff pays for."""
        return self.societies or (self.collecting_society,)

    @property
    def minor(self) -> Rounding:
        """The stated rounding, or half up to the currency's minor unit."""
        places = Fraction(money.minor_micro(self.currency), money.MICRO)
        return self.rounding or Rounding(to=f"{places.numerator}/{places.denominator}", how="half_up")

    def method(self, method_id: str) -> AmountMethod | PercentMethod | None:
        """The method of that id."""
        return next((m for m in self.methods if m.id == method_id), None)


def _check_proration(tariff: Tariff) -> None:
    if tariff.proration.by == "year" and any(m.per == "month" for m in tariff.methods):
        raise ValueError("proration by year does not fit an amount per month")


def figures(tariff: Tariff) -> Iterator[tuple[str, tuple[Value, ...]]]:
    """Every dated figure of a tariff, with its place in words."""
    if tariff.tax:
        yield "tax.rate", tariff.tax.rate
    if tariff.minimum:
        yield "minimum.rate", tariff.minimum.rate
    for method in tariff.methods:
        yield from _method_figures(method)


def _method_figures(method: AmountMethod | PercentMethod) -> Iterator[tuple[str, tuple[Value, ...]]]:
    if isinstance(method, PercentMethod):
        yield f"{method.id}.rate", method.rate
    else:
        for item in method.items:
            yield from ((f"{method.id}.{item.unit}.{c}", values) for c, values in item.rate_by_class.items())
            if item.rate:
                yield f"{method.id}.{item.unit}", item.rate
    yield from ((f"{method.id}.reductions.{c}", values) for c, values in method.reductions.items())
    if method.minimum:
        yield f"{method.id}.minimum", method.minimum.rate


def _check_law(tariff: Tariff, place: str, values: tuple[Value, ...]) -> None:
    for value in values:
        announced = value.announced_on or value.decided_on
        earliest = announced + dt.timedelta(days=tariff.notice_days)
        if value.status == "proposed" and value.effective_from < earliest:
            raise ValueError(
                f"{place}: proposed on {announced} but effective_from {value.effective_from}; "
                f"{tariff.notice_days} days' notice allow {earliest} at the earliest"
            )
        if value.frozen_until and tariff.freeze_years:
            last = anniversary(value.effective_from, tariff.freeze_years) - dt.timedelta(days=1)
            if value.frozen_until != last:
                raise ValueError(
                    f"{place}: frozen_until {value.frozen_until}, but {tariff.freeze_years} years "
                    f"from {value.effective_from} end on {last}"
                )


def anniversary(day: dt.date, years: int) -> dt.date:
    """The same day `years` later; 29 February becomes 28 February where it must."""
    leap = day.month == 2 and day.day == 29
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        if not leap:
            raise
        return day.replace(year=day.year + years, day=28)

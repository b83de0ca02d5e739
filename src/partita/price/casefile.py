"""A case as it is written down: tariffs claimed, comparables argued, plays counted, each figure with its source.

`load` reads the cases that are shipped (`price/cases/*.yaml`) or one that a user wrote. A case states inputs, never
results: `comparables` computes those.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from partita import money
from partita.errors import InputError

CASE_BYTES_MOST = 1024 * 1024
DECIMALS_MOST = 12
PERCENT = "%"


def _exact(value: object) -> str:
    text = str(value)
    money.exact(text)
    return text.strip()


Exact = Annotated[str, BeforeValidator(_exact)]
Text = Annotated[str, Field(max_length=2000), AfterValidator(lambda text: " ".join(text.split()))]


class Model(BaseModel):
    """Unknown keys are mistakes, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Said(Model):
    """A text in both languages; the Chinese one falls back to the English."""

    en: Text
    zh_Hant: Text = Field(default="", alias="zh-Hant")  # noqa: N815 - the language tag, as BCP 47 writes it

    def by_language(self) -> dict[str, str]:
        """The text by language tag."""
        return {"en": self.en, "zh-Hant": self.zh_Hant or self.en}


class Figure(Model):
    """An exact number as it was stated, and where."""

    value: Exact
    source: Text = ""

    @property
    def number(self) -> Fraction:
        """Its exact value: `7 %` is 7/100."""
        return money.exact(self.value)

    @property
    def shown(self) -> str:
        """As it was stated, with thousands separators."""
        text = self.value.replace("\uff05", PERCENT)
        if text.endswith(PERCENT):
            return f"{_grouped(text[:-1].strip())} %"
        return _grouped(text)


class Rounding(Model):
    """How a value was rounded by who argued it, and to how many decimals (of per cent, for a percentage)."""

    rule: Literal["none", "truncate", "up", "half_up"] = "none"
    places: Annotated[int, Field(ge=0, le=DECIMALS_MOST)] = 0

    @property
    def text(self) -> str:
        """`none`, or e.g. `truncate 2`."""
        return self.rule if self.rule == "none" else f"{self.rule} {self.places}"

    def apply(self, value: Fraction) -> Fraction:
        """`value` rounded: `truncate` towards zero, `up` away from zero, `half_up` halves away from zero."""
        if self.rule == "none":
            return value
        scale = 10**self.places
        size = abs(value) * scale
        whole, rest = divmod(size.numerator, size.denominator)
        if self.rule == "up":
            whole += 1 if rest else 0
        elif self.rule == "half_up":
            whole += 1 if 2 * rest >= size.denominator else 0
        return Fraction(whole if value >= 0 else -whole, scale)


Method = Literal[
    "proportional_by_rate", "proportional_by_catalogue", "proportional_by_remainder", "part_of_whole", "difference"
]

FIGURES: dict[str, tuple[str, ...]] = {
    "proportional_by_rate": ("tariff", "own", "other"),
    "proportional_by_catalogue": ("tariff", "own", "other"),
    "proportional_by_remainder": ("tariff", "own"),
    "part_of_whole": ("part", "whole"),
    "difference": ("first", "second"),
}
"""The figures that each method needs."""

_DIVISORS = {"other", "whole", "first"}


class Comparable(Model):
    """One comparable: its method, its figures, and who argued it."""

    id: Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[\w.:-]+$")]
    method: Method
    figures: dict[str, Figure]
    argued_by: Text = ""
    society: Text = ""
    label: Said
    rounding: Rounding = Rounding()
    unit: Text = ""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        needed = FIGURES[self.method]
        if set(self.figures) != set(needed):
            raise ValueError(f"{self.method} needs the figures {', '.join(needed)} and no others")
        for name, figure in self.figures.items():
            if figure.number < 0 or (name in _DIVISORS and figure.number == 0):
                raise ValueError(f"{name} must be above zero")
        if self.method == "proportional_by_remainder" and self.figures["own"].number >= 1:
            raise ValueError("own must be a percentage below 100 %")
        return self

    @property
    def is_percentage(self) -> bool:
        """Whether the value is in per cent."""
        return self.method in ("part_of_whole", "difference")


class Claim(Model):
    """A tariff in dispute, or proposed in its place."""

    id: Annotated[str, Field(min_length=1, max_length=120)]
    party: Text
    status: Literal["claimed", "determined", "proposed", "in_force"]
    amount: Exact
    unit: Text
    society: Text = ""
    label: Said | None = None
    source: Text = ""


class Count(Model):
    """One party's count of the plays of a log."""

    party: Text
    operator: Text
    society: Text = ""
    plays: Annotated[int, Field(ge=0, le=10**15)]
    source: Text = ""


class About(Model):
    """Which case, and where it is published."""

    id: Text
    court: Said
    number: Text
    decided: dt.date
    subject: Said
    source: Text
    note: Said | None = None


class Case(Model):
    """A decided or pending case: its claims, comparables and counts."""

    case: About
    claims: tuple[Claim, ...] = ()
    comparables: tuple[Comparable, ...] = ()
    counts: tuple[Count, ...] = ()


def _grouped(text: str) -> str:
    bare = text.replace(",", "").replace("_", "")
    head, point, tail = bare.partition(".")
    return f"{int(head):,}{point}{tail}" if head.isascii() and head.isdigit() else bare


def shipped() -> tuple[str, ...]:
    """The ids of the cases that come with Partita."""
    folder = resources.files("partita.price").joinpath("cases")
    return tuple(sorted(item.name.removesuffix(".yaml") for item in folder.iterdir() if item.name.endswith(".yaml")))


def load(name: str | Path) -> Case:
    """A case by the id under which it is shipped, or from a YAML file; raises InputError with the mend."""
    if isinstance(name, str):
        if name not in shipped():
            raise InputError(f"there is no case {name!r}", mend=f"Shipped: {', '.join(shipped())}")
        text = resources.files("partita.price").joinpath("cases", f"{name}.yaml").read_text(encoding="utf-8")
        return parse(text, f"{name}.yaml")
    try:
        if name.stat().st_size > CASE_BYTES_MOST:
            raise InputError("is too large for a case", file=str(name), mend=f"At most {CASE_BYTES_MOST:,} bytes")
        return parse(name.read_text(encoding="utf-8-sig"), str(name))
    except OSError as error:
        raise InputError(error.strerror or str(error), file=str(name), mend="Name a case file that exists") from None
    except UnicodeDecodeError:
        raise InputError("not UTF-8", file=str(name), mend="Save the case as UTF-8") from None


def parse(text: str, file: str) -> Case:
    """A case from YAML; every number is read as it is written, never as a float. Raises InputError."""
    try:
        return Case.model_validate(yaml.load(text, Loader=yaml.BaseLoader))  # noqa: S506 - BaseLoader makes text only
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", -1) + 1
        raise InputError("not YAML", file=file, line=line, mend="See docs/review.md") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "case"
        reason = first["msg"].removeprefix("Value error, ")
        raise InputError(f"{place}: {reason}", file=file, mend="See docs/review.md") from None
    except RecursionError:
        raise InputError("nested too deeply", file=file, mend="See docs/review.md") from None

"""The job file: what to read, who is licensed, how to distribute. TOML in, checked and frozen models out.

Every path is relative to the job file. Numbers are exact: `12.5`, `"12.5 %"` and `"1/3"` are kept as written,
never as floats.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from partita import money
from partita.errors import InputError

JOB_BYTES_MOST = 4 * 1024 * 1024
AMOUNT_MICRO_MOST = 10**18
"""One pool; nine of them still fit into the sums of the books."""
M = TypeVar("M", bound="Model")


def _exact(value: object) -> str:
    text = str(value)
    money.exact(text)
    return text


def _signed(text: str) -> str:
    if abs(money.micro(text)) > AMOUNT_MICRO_MOST:
        raise ValueError(f"{text} is beyond {AMOUNT_MICRO_MOST // money.MICRO:,}, the most that one amount may be")
    return text


def _amount(text: str) -> str:
    if money.micro(text) < 0:
        raise ValueError(f"{text} is below 0")
    return _signed(text)


def _relative(text: str) -> str:
    if "://" in text or "\0" in text:
        shown = re.sub("//[^/?#]*@", "//", text)
        raise ValueError(f"{shown!r} is not a path; a job reads files beside it, not addresses")
    return text


def _registry(text: str) -> str:
    """A path, or the address of a PostgreSQL database without a password: a job is copied, shown and kept."""
    if not text.startswith("postgresql://"):
        return _relative(text)
    if re.search("//[^/?#@]*:[^/?#]*@|[?&]password=", text):
        raise ValueError("a job file holds no password; put it into PostgreSQL's own password file")
    return text


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Exact = Annotated[str, BeforeValidator(_exact)]
"""An exact number as text: `5000`, `12.5`, `10 %`, `1/3`."""

Amount = Annotated[Exact, AfterValidator(_amount)]
Refundable = Annotated[Exact, AfterValidator(_signed)]
"""An amount that may be below zero: money to be given back."""
"""An amount of money, not negative, and no finer than a millionth of the currency unit."""

FilePath = Annotated[str, AfterValidator(_relative)]
RegistryPlace = Annotated[str, AfterValidator(_registry)]
Name = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f]+$")]


class Model(BaseModel):
    """Unknown keys are mistakes, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Titles(Model):
    """A name in both languages; the Chinese one falls back to the English."""

    en: Name
    zh_Hant: str = Field(default="", alias="zh-Hant")  # noqa: N815 - the language tag, as BCP 47 writes it

    def by_language(self) -> dict[str, str]:
        """The name by language tag."""
        return {"en": self.en, "zh-Hant": self.zh_Hant or self.en}


class Source(Model):
    """A file to read, and how, where the file does not say so itself."""

    file: FilePath
    encoding: str | None = None
    sheet: str | None = None
    columns: dict[str, str] = Field(default_factory=dict)


class Repertoire(Source):
    """Works of one society, or of several if the file has a society column."""

    name: str = ""
    society: str = ""


class Usage(Source):
    """One usage list of one licensee, or of several if the file has a licensee column."""

    name: str = ""
    licensee: str = ""


class Society(Model):
    """A society of the run: its name and what it takes off."""

    id: Name
    name: Titles
    management_fee: Exact = "0"
    fund: Exact = "0"
    split: str = ""
    fictional: bool = False

    @model_validator(mode="after")
    def _deductions(self) -> Self:
        taken = money.exact(self.management_fee), money.exact(self.fund)
        if min(taken) < 0 or sum(taken) > 1:
            raise ValueError("management_fee and fund must not be negative, nor above 100 % together")
        return self


class Licensee(Model):
    """Who uses and pays."""

    id: Name
    name: Titles
    user_class: str = "commercial"
    fictional: bool = False


class Licence(Model):
    """A licensee under a tariff. Quantities that usage can count (`play`, `songs`, `songs_managed`) may be left out."""

    licensee: Name
    tariff: Name
    method: str = "cheapest"
    user_class: str = ""
    period_from: dt.date | None = None
    period_to: dt.date | None = None
    quantities: dict[str, Exact] = Field(default_factory=dict)
    paid_provisionally: Exact = "0"


class GivenPool(Model):
    """Money to distribute that no tariff of the job produced."""

    id: Name
    amount: Refundable
    society: str = ""
    licensee: str = ""
    period_from: dt.date | None = None
    period_to: dt.date | None = None


class About(Model):
    """What the job is."""

    title: Titles
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    period_from: dt.date
    period_to: dt.date
    as_of: dt.date | None = None
    contact: str = ""
    languages: tuple[Literal["en", "zh-Hant"], ...] = ("en", "zh-Hant")

    @model_validator(mode="after")
    def _order(self) -> Self:
        if self.period_to < self.period_from:
            raise ValueError(f"period_to {self.period_to} lies before period_from {self.period_from}")
        return self


class Identify(Model):
    """What is out of scope; the rest of identify's policy is versioned with the program."""

    languages_out: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    guess_language: bool = False
    only_period: bool = True
    duplicates: bool = True


class Clear(Model):
    """The registry that says what may be licensed; without one, a society's list is its word that it may."""

    registry: RegistryPlace = ""
    purpose: Literal["perform", "reproduce", "make_available"] = "perform"
    territory: Annotated[str, Field(pattern=r"^(world|EU|[A-Z]{2})$")] = "world"
    known: dt.datetime | None = None


class Price(Model):
    """Which standings of a rate are charged."""

    charge_proposed: bool = False


class Distribute(Model):
    """How pools are shared out and when a payee is paid."""

    allocation_key: Literal["plays", "points", "equal", "given"] = "plays"
    minimum_payout: Amount = "0"
    payout_unit: Amount | None = None
    points: dict[str, int] = Field(default_factory=dict)


class Earlier(Model):
    """Runs that this one builds on; each is a run folder."""

    adjusts: Annotated[tuple[FilePath, ...], BeforeValidator(_several)] = ()
    carries: FilePath | None = None


class Statements(Model):
    """Which payees get pages of their own; the combined CSV and JSON always hold everybody."""

    html_most: int = Field(default=1000, ge=0)


class Job(Model):
    """A whole job file."""

    job: About
    identify: Identify = Identify()
    clear: Clear = Clear()
    price: Price = Price()
    distribute: Distribute = Distribute()
    earlier: Earlier = Earlier()
    statements: Statements = Statements()
    decisions: FilePath | None = None
    tariffs: tuple[FilePath, ...] = ()
    society: tuple[Society, ...] = ()
    licensee: tuple[Licensee, ...] = ()
    repertoire: tuple[Repertoire, ...] = Field(min_length=1)
    shares: tuple[Source, ...] = ()
    usage: tuple[Usage, ...] = Field(min_length=1)
    licence: tuple[Licence, ...] = ()
    pool: tuple[GivenPool, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _distinct("society", [s.id for s in self.society])
        _distinct("licensee", [x.id for x in self.licensee])
        _distinct("pool", [p.id for p in self.pool])
        known = {x.id for x in self.licensee}
        for licence in self.licence:
            if known and licence.licensee not in known:
                raise ValueError(f"licence: {licence.licensee!r} is none of the licensees: {', '.join(sorted(known))}")
        if not self.licence and not self.pool:
            raise ValueError("there is no money: write [[licence]] (a tariff charges it) or [[pool]] (you state it)")
        return self


def _distinct(kind: str, ids: list[str]) -> None:
    twice = sorted({i for i in ids if ids.count(i) > 1})
    if twice:
        raise ValueError(f"{kind}: {', '.join(twice)} stands twice")


def parse(path: Path) -> dict[str, Any]:
    """The TOML of `path` with decimals kept as text; raises InputError with the line of a mistake."""
    try:
        size = path.stat().st_size
        if size > JOB_BYTES_MOST:
            raise InputError(f"{size:,} bytes is no job file", file=str(path), mend="Name a TOML job file")
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"), parse_float=str)
    except OSError as error:
        raise InputError(error.strerror or str(error), file=str(path), mend="Name a job file that exists") from None
    except UnicodeDecodeError:
        raise InputError("not UTF-8", file=str(path), mend="Save the job file as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"not TOML: {error}", file=str(path), mend="See docs/job-file.md") from None


def validate(model: type[M], data: dict[str, Any], path: Path) -> M:
    """`data` as a `model`; raises InputError that names the first mistake and its key."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "job"
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise InputError(f"{place}: {_reason(first)}{more}", file=str(path), mend="See docs/job-file.md") from None


_REASONS = {
    "missing": "is missing",
    "extra_forbidden": "is no key of this file; is it misspelt?",
    "string_pattern_mismatch": "{input!r} is not of the form that is asked for (a currency is written like TWD)",
    "date_from_datetime_parsing": "{input!r} is no date; write 2019-12-31",
    "date_type": "{input!r} is no date; write 2019-12-31",
}


def _reason(error: Mapping[str, Any]) -> str:
    """What is wrong, in the words of the job file rather than of the program."""
    known = _REASONS.get(error["type"])
    return known.format(input=error["input"]) if known else str(error["msg"]).removeprefix("Value error, ")


def load(path: Path) -> Job:
    """The job in `path`; raises InputError that says what is wrong, where, and how to mend it."""
    return validate(Job, parse(path), path)

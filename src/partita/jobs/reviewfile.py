"""The review's job file: whose catalogues and play logs, whose repertoires, which tariffs, who asks.

TOML in, checked and frozen models out; see docs/review.md. Every path is relative to the file. Who asks (`party`)
chooses what the pages put first, and changes no figure.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from partita.errors import InputError
from partita.jobs import jobfile
from partita.jobs.jobfile import FilePath, Model, Name, Source, Titles
from partita.price import casefile, rates

PARTIES = rates.PARTIES


def _listed(value: object) -> object:
    """`"a.csv"`, one table or a list of either, as a list of tables."""
    many = value if isinstance(value, list) else [value]
    return [{"file": one} if isinstance(one, str) else one for one in many]


Sources = Annotated[tuple[Source, ...], BeforeValidator(_listed), Field(min_length=1)]


class About(Model):
    """What is reviewed, and who asks."""

    title: Titles
    party: Literal["authority", "society", "licensee"] = "authority"
    society: Name
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "TWD"
    contact: str = ""
    languages: Annotated[tuple[Literal["en", "zh-Hant"], ...], Field(min_length=1)] = ("en", "zh-Hant")


class Identify(Model):
    """What is a foreign language here, and which territories count."""

    languages_out: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    guess_language: bool = False


class Operator(Model):
    """A licensee with its catalogue (every song it offers) and its play log."""

    id: Name
    name: Titles | None = None
    catalogue: Sources
    usage: Sources
    fictional: bool = False


class Assumed(Model):
    """What a party counts, where it differs from what parties usually say; see `tables.SCENARIOS`."""

    foreign: Literal["in", "out"] | None = None
    ambiguous: Literal["for", "against", "out"] | None = None
    unmatched: Literal["in", "out"] | None = None
    quarantined: Literal["in", "out"] | None = None
    matching: Literal["identified", "title"] | None = None
    counting: Literal["whole", "share"] | None = None

    def over(self, usual: rates.Assumptions) -> rates.Assumptions:
        """`usual`, with what is stated here in its place."""
        return replace(usual, **self.model_dump(exclude_none=True))


class Assumptions(Model):
    """Each party's own."""

    authority: Assumed = Assumed()
    society: Assumed = Assumed()
    licensee: Assumed = Assumed()


class Measured(Model):
    """A comparable computed from the rates of this run: another society's tariff, scaled to the society's rate."""

    id: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[\w.:-]+$")]
    other: Name
    society: str = ""
    operator: str = ""
    rate: Literal["reproduction", "play"]
    tariff: casefile.Figure
    unit: str
    label: Titles | None = None
    rounding: casefile.Rounding = casefile.Rounding(rule="truncate", places=2)


class Review(Model):
    """A whole review file."""

    review: About
    identify: Identify = Identify()
    assumptions: Assumptions = Assumptions()
    society: tuple[jobfile.Society, ...] = ()
    repertoire: tuple[jobfile.Repertoire, ...] = Field(min_length=1)
    shares: tuple[Source, ...] = ()
    operator: tuple[Operator, ...] = Field(min_length=1)
    claim: tuple[casefile.Claim, ...] = ()
    comparable: tuple[casefile.Comparable, ...] = ()
    measured: tuple[Measured, ...] = ()
    count: tuple[casefile.Count, ...] = ()
    cases: tuple[FilePath, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for kind, ids in (
            ("operator", [o.id for o in self.operator]),
            ("society", [s.id for s in self.society]),
            ("comparable", [c.id for c in self.comparable] + [m.id for m in self.measured]),
            ("claim", [c.id for c in self.claim]),
        ):
            twice = sorted({one for one in ids if ids.count(one) > 1})
            if twice:
                raise ValueError(f"{kind}: {', '.join(twice)} stands twice")
        operators = {o.id for o in self.operator}
        for one in self.measured:
            if one.operator and one.operator not in operators:
                raise ValueError(f"measured: {one.operator!r} is none of the operators: {', '.join(sorted(operators))}")
        return self

    def policy(self) -> rates.RatesPolicy:
        """Each party's assumptions."""
        return rates.RatesPolicy(
            authority=self.assumptions.authority.over(rates.AUTHORITY),
            society=self.assumptions.society.over(rates.SOCIETY),
            licensee=self.assumptions.licensee.over(rates.LICENSEE),
        )


def load(path: Path) -> Review:
    """The review in `path`; raises InputError that says what is wrong, where, and how to mend it."""
    try:
        return jobfile.validate(Review, jobfile.parse(path), path)
    except InputError as error:
        raise InputError(error.reason, file=error.file, line=error.line, mend="See docs/review.md") from None

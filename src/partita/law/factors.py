"""Which factors a place's rule looks at when somebody builds on a work: parody, quotation, fair use, fair dealing.

For the question of the meme: a photograph cut out, shared for fun, then sold on shirts. The list holds, place by place,
the factors of the rule and what each looks at, and which observed facts speak for a free use or against it. It weighs
nothing and concludes nothing: that is for a court. Data in `factors.yaml`; not legal advice.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from partita.law.dated import cite, hand_down
from partita.law.questions import Words
from partita.law.records import HORIZON, Evidence, Source
from partita.law.text import Record, problem, read

Aspect = Literal[
    "purpose", "commercial", "transformation", "nature", "amount", "market", "likeness", "attribution", "integrity"
]
"""What a factor looks at."""

Speaks = Literal["for", "against", "either"]
"""Whether a fact speaks for a free use, against it, or for one or the other by place and court."""

Kind = Literal["open_standard", "closed_list", "parody_and_quotation", "fair_dealing"]
"""How the rule is built: factors weighed freely, listed exceptions, a parody exception, or fair dealing."""

VERDICTS = re.compile(
    r"\b(infring\w*|(un)?lawful\w*|(il)?legal(ly)?|permitted|prohibited|guilty|liable|wins|loses)\b|侵權|合法|違法|违法|侵权",
    re.IGNORECASE,
)
"""Words that would conclude; no factor, aspect or fact may hold one."""


class Fact(Words):
    """Something that can be observed of a use, the aspect that it belongs to, and for which side it speaks."""

    aspect: Aspect
    speaks: Speaks


class Factor(Words):
    """One factor of a place's rule in its own words, with what it looks at and where it stands."""

    looks_at: Annotated[tuple[Aspect, ...], Field(min_length=1)]
    start: dt.date | None = Field(alias="from", default=None)
    evidence: Evidence
    sources: Annotated[tuple[str, ...], Field(min_length=1)]
    as_of: dt.date
    review_by: dt.date

    @property
    def valid_from(self) -> dt.date:
        """The first day on which the list says it was looked at."""
        return self.start or HORIZON


class Rule(Record):
    """The rule of a place: its name, how it is built, and its factors in their order."""

    name: Words
    kind: Kind
    note: Words
    factors: Annotated[dict[str, Factor], Field(min_length=1)]


class Factors(Record):
    """The whole of `factors.yaml`, checked."""

    aspects: dict[Aspect, Words]
    facts: dict[str, Fact]
    sources: dict[str, Source]
    places: dict[str, Rule]

    @model_validator(mode="after")
    def _closed(self) -> Self:
        for code, rule in self.places.items():
            for name, factor in rule.factors.items():
                cite(f"{code} {name}", factor.evidence, factor.sources, self.sources)
        for where, words in self._words():
            if said := VERDICTS.search(f"{words.english} {words.chinese}"):
                raise ValueError(f"{where}: {said[0]!r} is a verdict; say what is looked at")
        return self

    def _words(self) -> list[tuple[str, Words]]:
        said: list[tuple[str, Words]] = [*self.aspects.items(), *self.facts.items()]
        for code, rule in self.places.items():
            said += [(code, rule.name), (code, rule.note)]
            said += [(f"{code} {name}", factor) for name, factor in rule.factors.items()]
        return said


@cache
def load_factors() -> Factors:
    """The list that is shipped; raises InputError with the part that is wrong."""
    file = resources.files("partita.law").joinpath("factors.yaml")
    return check_factors(read(file), file.name)


def check_factors(content: object, file: str) -> Factors:
    """The list from the content of its file; raises InputError that names the part that is wrong."""
    try:
        return Factors.model_validate(hand_down(content))
    except ValidationError as error:
        raise problem(error, file) from None


def rule_of(place: str) -> Rule | None:
    """The rule of a place (ISO code or `EU`), or None where the list holds none: then nothing may be said of it."""
    return load_factors().places.get(place)


def factors_of(place: str, at: dt.date) -> Mapping[str, Factor]:
    """The factors that a place's rule looks at on the day, by name, in the rule's order; empty where none is held."""
    rule = rule_of(place)
    held = rule.factors.items() if rule else ()
    return MappingProxyType({name: factor for name, factor in held if factor.valid_from <= at})


def facts_for(factor: Factor) -> Mapping[str, Fact]:
    """The facts that bear on a factor: those of the aspects that it looks at."""
    return MappingProxyType({name: f for name, f in load_factors().facts.items() if f.aspect in factor.looks_at})


__all__ = [
    "VERDICTS",
    "Fact",
    "Factor",
    "Factors",
    "Rule",
    "check_factors",
    "factors_of",
    "facts_for",
    "load_factors",
    "rule_of",
]

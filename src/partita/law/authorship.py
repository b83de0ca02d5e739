"""What it means, place by place, that a person, a person with a machine, or a machine made something.

Facts come from the registry's table `authorship`: a way of making, and the kinds of evidence kept. The answers are
data, `authorship.yaml`. They state what rules and offices say, with sources; they are not legal advice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from partita.errors import InputError
from partita.law.dated import Finding, checked, found, hand_down, in_force
from partita.law.questions import Words
from partita.law.records import Source, Value
from partita.law.table import MAKINGS
from partita.law.text import Record, problem, read
from partita.scope import EU

EVIDENCE_KINDS = ("selection", "arrangement", "edits", "prompts", "drafts")
"""What may show the human part, as in the table `authorship`."""

Kind = Literal["selection", "arrangement", "edits", "prompts", "drafts"]
Values = Annotated[tuple[Value, ...], Field(min_length=1)]


class Case(Record):
    """Values for where any of these kinds of evidence is kept; none named: for whatever is kept."""

    shown: tuple[Kind, ...] = ()
    values: Values


class AuthorPlace(Record):
    """The cases of a place, by way of making; the first that fits counts, and the last fits always."""

    assisted: Annotated[tuple[Case, ...], Field(min_length=1)]
    generated: Annotated[tuple[Case, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _answers_always(self) -> Self:
        for cases in (self.assisted, self.generated):
            if [bool(case.shown) for case in cases] != [True] * (len(cases) - 1) + [False]:
                raise ValueError("the last case names no evidence, so that one always fits, and only the last")
        return self


class Society(Record):
    """What a society does with works that a person made with a machine, or a machine alone."""

    name: str
    assisted: Values
    generated: Values


class Authorship(Record):
    """The whole of `authorship.yaml`, checked."""

    positions: dict[str, Words]
    rulings: dict[str, Words]
    sources: dict[str, Source]
    human: Values
    places: dict[str, AuthorPlace]
    societies: dict[str, Society]

    def values(self) -> Iterator[tuple[str, Value]]:
        """Every value with the words for where it stands."""
        yield from (("human", value) for value in self.human)
        for code, place in self.places.items():
            for making, cases in (("assisted", place.assisted), ("generated", place.generated)):
                yield from ((f"{code} {making}", value) for case in cases for value in case.values)
        for code, society in self.societies.items():
            yield from ((code, value) for value in (*society.assisted, *society.generated))

    @model_validator(mode="after")
    def _closed(self) -> Self:
        for where, value in self.values():
            checked(where, [value], self.rulings if where in self.societies else self.positions, self.sources)
        return self


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a way of making means in a place on a day.

    `counted` are the kinds of evidence that decided. `source_place` is the place whose rule it is: `EU` for a member
    that the list does not hold by itself, empty where none answered.
    """

    place: str
    making: str
    shown: tuple[str, ...]
    at: dt.date
    finding: Finding
    counted: tuple[str, ...] = ()
    source_place: str = ""


@dataclass(frozen=True, slots=True)
class SocietyRule:
    """What a society does, on a day, with works made with a machine or by it alone."""

    society: str
    name: str
    at: dt.date
    assisted: Finding
    generated: Finding

    def earns(self, making: str) -> bool | None:
        """Whether a work of that making can earn its author a share; None where the society's rule is not known."""
        if _making(making) == "human":
            return True
        finding = self.assisted if making == "assisted" else self.generated
        return finding.position != "refused" if finding.known else None


@cache
def load_authorship() -> Authorship:
    """The list that is shipped; raises InputError with the part that is wrong."""
    file = resources.files("partita.law").joinpath("authorship.yaml")
    return check_authorship(read(file), file.name)


def check_authorship(content: object, file: str) -> Authorship:
    """The list from the content of its file; raises InputError that names the part that is wrong."""
    try:
        return Authorship.model_validate(hand_down(content))
    except ValidationError as error:
        raise problem(error, file) from None


def meaning(place: str, making: str, evidence_kinds: Collection[str], at: dt.date) -> Meaning:
    """What `making` (`human`, `assisted`, `generated`) means for authorship in `place`, given the evidence kept.

    Raises InputError for another making or kind of evidence. A place that the list does not hold answers `unknown`.
    """
    _making(making)
    if wrong := sorted(set(evidence_kinds) - set(EVIDENCE_KINDS)):
        raise InputError(f"{wrong[0]!r} is no kind of evidence", mend=f"Use {', '.join(EVIDENCE_KINDS)}")
    book = load_authorship()
    shown = tuple(kind for kind in EVIDENCE_KINDS if kind in evidence_kinds)
    if making == "human":
        value = in_force(book.human, at)
        return Meaning(place, making, shown, at, found(value, book.positions, book.sources))
    holder = place if place in book.places else "EU" if place in EU else ""
    if not holder:
        return Meaning(place, making, shown, at, found(None, book.positions, book.sources))
    rules = book.places[holder]
    case = next(c for c in (rules.assisted if making == "assisted" else rules.generated) if _fits(c, shown))
    finding = found(in_force(case.values, at), book.positions, book.sources)
    return Meaning(place, making, shown, at, finding, tuple(k for k in shown if k in case.shown), holder)


def kinds_of(evidence: Iterable[str]) -> tuple[str, ...]:
    """The kinds of evidence in a column of the table `authorship`, whose entries read `kind: what it is`."""
    named = {entry.split(":", 1)[0].strip() for entry in evidence}
    return tuple(kind for kind in EVIDENCE_KINDS if kind in named)


def overall(makings: Iterable[str]) -> str | None:
    """How a whole work was made, from its parts: alike if all are, else `assisted`; None where no part is known."""
    made = {_making(making) for making in makings}
    return None if not made else made.pop() if len(made) == 1 else "assisted"


def society_rule(society: str, at: dt.date) -> SocietyRule:
    """What `society` (its short name, e.g. `GEMA`) does on the day; unknown for one that the list does not hold."""
    book = load_authorship()
    held = book.societies.get(society)
    assisted, generated = (
        found(in_force(values, at), book.rulings, book.sources)
        for values in ((held.assisted, held.generated) if held else ((), ()))
    )
    return SocietyRule(society, held.name if held else society, at, assisted, generated)


def _fits(case: Case, shown: Collection[str]) -> bool:
    return not case.shown or not set(case.shown).isdisjoint(shown)


def _making(making: str) -> str:
    if making not in MAKINGS:
        raise InputError(f"{making!r} is no way of making", mend=f"Use one of {', '.join(MAKINGS)}")
    return making

"""The record of a place: cells by question, each with dated values, sources, grades and the holdings that dispute it.

One file `places/<code>.yaml` per place. `as_of` and `review_by` may stand at the place, at a cell or at a value; the
nearest counts. Everything is checked when it is read: a word outside the closed lists, a source that is not listed, a
primary grade without a primary source, dates out of order.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from importlib import resources
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, ValidationError, model_validator

from partita.errors import InputError
from partita.law.questions import NO_RULE, QUESTIONS, Words
from partita.law.text import Record, problem, read

HORIZON = dt.date(2019, 1, 1)
"""The table speaks of no earlier day. A value whose `from` is null held on that day already."""

Evidence = Literal["primary", "secondary", "unverified"]
"""Primary: the law's or court's own text was read. Secondary: a report of it. Unverified: neither."""
Status = Literal["settled", "contested", "pending", "no_rule"]
Unit = Literal["hours", "days", "working_days", "months", "years"]
_CODE = re.compile(r"[A-Z]{2}")


def _web(address: str) -> str:
    if address and not re.fullmatch(r"https?://\S+", address):
        raise ValueError("an address begins with https://")
    return address


class Source(Record):
    """Something that was cited: its title, where it stands, its own date, and whether it is the rule's own text.

    `read_at` is where its words were read, if not at `address`: a page that reproduces them.
    """

    title: str
    address: Annotated[str, AfterValidator(_web), Field(min_length=0)] = ""
    read_at: Annotated[str, AfterValidator(_web), Field(min_length=0)] = ""
    date: dt.date | None = None
    kind: Literal["primary", "secondary"]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.title, str(self.date or ""), self.address) if part)


class Measure(Record):
    """A figure that the rule sets: 48 hours after a notice, 50 years after death."""

    amount: Annotated[int, Field(gt=0)]
    unit: Unit


class Holding(Record):
    """What a court or an authority decided on the question, where others may decide otherwise.

    `date` is null for a case that is pending; `final` is null where that was not looked up.
    """

    court: str
    ref: str
    date: dt.date | None
    holding: str
    chinese: str | None = None
    final: bool | None
    evidence: Evidence
    sources: tuple[str, ...] = ()


class Value(Record):
    """What holds from a day on. `start` null: on `HORIZON` already."""

    start: dt.date | None = Field(alias="from")
    position: str
    status: Status
    evidence: Evidence
    rule: str
    chinese: str | None = None
    measure: Measure | None = None
    sources: tuple[str, ...] = ()
    as_of: dt.date
    review_by: dt.date

    @property
    def valid_from(self) -> dt.date:
        """The first day on which the table says it held."""
        return self.start or HORIZON

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if (self.status == NO_RULE) != (self.position == NO_RULE):
            raise ValueError("position no_rule and status no_rule go together")
        if self.review_by <= self.as_of:
            raise ValueError("review_by is not after as_of")
        if self.evidence != "unverified" and not self.sources:
            raise ValueError(f"evidence {self.evidence} without a source")
        return self


class Cell(Record):
    """What a place says on one question: its values, oldest first, and the holdings that support or dispute them."""

    values: Annotated[tuple[Value, ...], Field(min_length=1)]
    holdings: tuple[Holding, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        days = [(value.valid_from, value.as_of) for value in self.values]
        if days != sorted(set(days)):
            raise ValueError("values stand oldest first, and no two begin and were looked up on the same days")
        return self


class Place(Record):
    """A place: its name, the sources it cites by their ids, and a cell for each question it answers itself."""

    place: str
    name: Words
    note: Words | None = None
    sources: dict[str, Source]
    cells: dict[str, Cell]

    @model_validator(mode="after")
    def _closed(self) -> Self:
        if not _CODE.fullmatch(self.place):
            raise ValueError("place is EU or an ISO 3166-1 alpha-2 code in capitals")
        for question, cell in self.cells.items():
            if question not in QUESTIONS:
                raise ValueError(f"{question} is no question; there are: {', '.join(QUESTIONS)}")
            known = (NO_RULE, *QUESTIONS[question].positions)
            for value in cell.values:
                if value.position not in known:
                    raise ValueError(f"{question}: {value.position} is no answer; there are: {', '.join(known)}")
            said: list[Value | Holding] = [*cell.values, *cell.holdings]
            for one in said:
                self._cited(question, one)
        return self

    def _cited(self, question: str, said: Value | Holding) -> None:
        missing = [source for source in said.sources if source not in self.sources]
        if missing:
            raise ValueError(f"{question}: source {missing[0]} is not among the sources of the place")
        if said.evidence == "primary" and all(self.sources[source].kind != "primary" for source in said.sources):
            raise ValueError(f"{question}: evidence primary needs a primary source")


def _inherit(content: Any) -> Any:
    """`as_of` and `review_by` handed down from the place and its cells to their values."""
    if not isinstance(content, dict) or not isinstance(content.get("cells"), dict):
        return content
    content = dict(content)
    above = {key: content.pop(key) for key in ("as_of", "review_by") if key in content}
    cells = {}
    for question, cell in content["cells"].items():
        if isinstance(cell, dict) and isinstance(cell.get("values"), list):
            nearer = above | {key: cell[key] for key in ("as_of", "review_by") if key in cell}
            values = [nearer | value if isinstance(value, dict) else value for value in cell["values"]]
            cells[question] = {k: v for k, v in cell.items() if k not in nearer} | {"values": values}
        else:
            cells[question] = cell
    return content | {"cells": cells}


def check_place(content: Any, file: str) -> Place:
    """A place from the content of its file; raises InputError that names the file and the part that is wrong."""
    try:
        return Place.model_validate(_inherit(content))
    except ValidationError as error:
        raise problem(error, file) from None


def _shipped() -> tuple[str, ...]:
    folder = resources.files("partita.law").joinpath("places")
    codes = sorted(item.name.removesuffix(".yaml").upper() for item in folder.iterdir() if item.name.endswith(".yaml"))
    return tuple(sorted(codes, key=lambda code: (code != "EU", code)))


PLACES: tuple[str, ...] = _shipped()
"""The places that the table holds, the EU first."""


@cache
def load_place(code: str) -> Place:
    """The record of a place that is shipped; raises InputError for one that is not, or whose file is wrong."""
    if code not in PLACES:
        raise InputError(f"no place {code!r} in the law table", mend=f"There are: {', '.join(PLACES)}")
    name = f"{code.lower()}.yaml"
    place = check_place(read(resources.files("partita.law").joinpath("places", name)), name)
    if place.place != code:
        raise InputError(f"place: says {place.place}, the file's name says {code}", file=name, mend="Make them equal")
    return place

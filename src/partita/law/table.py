"""The law table: what a place says on a question on a day, as it was known on another; and the table as rows.

Three-valued like every answer of Partita: where nothing is held for the day, the position is `unknown`, and unknown is
never a yes. An EU member without a cell of its own answers with the EU's, and says so.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType

import pyarrow as pa

from partita.errors import InputError
from partita.law.questions import NO_RULE, QUESTIONS, UNKNOWN, Words
from partita.law.records import PLACES, Cell, Holding, Measure, Place, Source, Value, load_place
from partita.scope import EU
from partita.tables import conform
from partita.tables.rights import LAW

MAKINGS = ("human", "assisted", "generated")
"""Ways of making, as in the table `authorship`."""


@dataclass(frozen=True, slots=True)
class Position:
    """What the table holds for a place, a question and a day.

    `source_place` is the place whose cell answered: `EU` where a member has none of its own, empty where none answered.
    `status`, `evidence` and the dates are empty where the position is `unknown`; `valid_to` is null while no later
    value is known. `note` says why nothing, or another place's cell, answered.
    """

    place: str
    question: str
    at: dt.date
    position: str
    status: str = ""
    evidence: str = ""
    rule: str = ""
    chinese: str = ""
    measure: Measure | None = None
    sources: tuple[Source, ...] = ()
    holdings: tuple[Holding, ...] = ()
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    start_known: bool = False
    as_of: dt.date | None = None
    review_by: dt.date | None = None
    source_place: str = ""
    note: str = ""

    @property
    def known(self) -> bool:
        """Whether the table holds anything for the day."""
        return self.position != UNKNOWN

    @property
    def words(self) -> Words:
        """The position in English and Chinese."""
        return QUESTIONS[self.question].words(self.position)


@dataclass(frozen=True, slots=True)
class Law:
    """The places by their codes. `position` answers for one cell, `table` gives all of them as rows."""

    places: Mapping[str, Place]

    def position(self, place: str, question: str, at: dt.date, known: dt.date | None = None) -> Position:
        """What `place` says on `question` on the day `at`, from what had been looked up by `known` (null: everything).

        Raises InputError for a question that is none, or a place that is no code.
        """
        if question not in QUESTIONS:
            raise InputError(f"{question!r} is no question of the law table", mend=f"Ask one of {', '.join(QUESTIONS)}")
        if not re.fullmatch("[A-Z]{2}", place):
            raise InputError(f"{place!r} is no place", mend=f"Use a code of two letters, e.g. {', '.join(PLACES)}")
        holder, cell = self._cell(place, question)
        if cell is None:
            return Position(place, question, at, UNKNOWN, note="the table does not hold it")
        held = [value for value in cell.values if known is None or value.as_of <= known]
        if not held:
            return Position(place, question, at, UNKNOWN, note=f"nothing had been looked up by {known}")
        begun = [value for value in held if value.valid_from <= at]
        if not begun:
            return Position(place, question, at, UNKNOWN, note=f"the table begins on {held[0].valid_from}")
        value = max(begun, key=lambda v: (v.valid_from, v.as_of))
        if holder != place and value.position == NO_RULE:
            note = "EU law has no rule on it, and the table does not hold the place's own law"
            return Position(place, question, at, UNKNOWN, note=note)
        return self._answer(Position(place, question, at, value.position, source_place=holder), value, cell, known)

    def _cell(self, place: str, question: str) -> tuple[str, Cell | None]:
        """The place whose cell answers, and the cell."""
        for holder in (place, "EU") if place in EU else (place,):
            if holder in self.places and question in self.places[holder].cells:
                return holder, self.places[holder].cells[question]
        return "", None

    def _answer(self, begun: Position, value: Value, cell: Cell, known: dt.date | None) -> Position:
        sources = self.places[begun.source_place].sources
        held = [v for v in cell.values if known is None or v.as_of <= known]
        later = [v.valid_from for v in held if v.valid_from > value.valid_from]
        holdings = [h for h in cell.holdings if known is None or h.date is None or h.date <= known]
        return replace(
            begun,
            status=value.status,
            evidence=value.evidence,
            rule=value.rule,
            chinese=value.chinese or "",
            measure=value.measure,
            sources=tuple(sources[name] for name in value.sources),
            holdings=tuple(holdings),
            valid_from=value.valid_from,
            valid_to=min(later, default=None),
            start_known=value.start is not None,
            as_of=value.as_of,
            review_by=value.review_by,
            note="" if begun.source_place == begun.place else "the place has no cell of its own; this is EU law",
        )

    def overdue(self, today: dt.date) -> list[str]:
        """The cells that should have been looked up again before `today`, each as `PLACE question: due DATE`."""
        found = []
        for code, place in self.places.items():
            for question, cell in place.cells.items():
                due = min(value.review_by for value in _in_use(cell))
                found += [f"{code} {question}: due {due}"] if due < today else []
        return found

    def table(self) -> pa.Table:
        """Every value of every cell as rows of `tables.rights.LAW`; a start that is not known is `HORIZON`."""
        rows = [
            {
                "place": code,
                "question": question,
                "valid_from": value.valid_from,
                "position": value.position,
                "rule": value.rule,
                "status": value.status,
                "evidence": value.evidence,
                "sources": [str(place.sources[name]) for name in value.sources],
                "as_of": value.as_of,
                "review_by": value.review_by,
            }
            for code, place in self.places.items()
            for question, cell in place.cells.items()
            for value in _in_use(cell)
        ]
        rows.sort(key=lambda row: (row["place"], row["question"], row["valid_from"]))
        return conform(pa.Table.from_pylist(rows, LAW.schema), LAW)


def _in_use(cell: Cell) -> list[Value]:
    """The values of a cell without those that a later look-up of the same first day replaced."""
    return list({value.valid_from: value for value in cell.values}.values())


@cache
def load() -> Law:
    """The law table that is shipped; raises InputError with the file and the part that is wrong."""
    return Law(MappingProxyType({code: load_place(code) for code in PLACES}))


def position(place: str, question: str, at: dt.date, known: dt.date | None = None) -> Position:
    """What the shipped table holds, as `Law.position`."""
    return load().position(place, question, at, known)

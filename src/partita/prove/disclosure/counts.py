"""Counting what a model was trained on: two tables in, a few small counts out, exact and in any order of rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from partita.engine.duck import Duck
from partita.prove.disclosure.domains import Crawled
from partita.prove.disclosure.sizes import Size, total
from partita.tables.training import MODALITIES, ORIGINS

PACKAGE = "partita.prove.disclosure"


@dataclass(frozen=True, slots=True)
class Cell:
    """The items of one origin, modality and dataset; any of the three may be empty (unknown)."""

    origin: str
    modality: str
    dataset: str
    size: Size
    first: dt.date | None
    last: dt.date | None
    undated: int


@dataclass(frozen=True, slots=True)
class Counts:
    """All that the summary counts of one model.

    `reserved` has a row for each carrier and pair of answers; `licensed` are the modalities of items that are of
    licensed origin, or that a licence of the job covers.
    """

    cells: tuple[Cell, ...]
    crawled: tuple[Crawled, ...]
    crawlers: Mapping[str, int]
    languages: Mapping[str, int]
    reserved: tuple[Mapping[str, Any], ...]
    licensed: tuple[str, ...]

    @property
    def items(self) -> int:
        """How many items there are."""
        return total(cell.size for cell in self.cells).items

    @property
    def complete(self) -> bool:
        """Whether there are items, all of known origin: then what is not among them was not used."""
        return self.items > 0 and not self.without("origin")

    def of(self, origin: str | None = None, modality: str | None = None) -> list[Cell]:
        """The cells of an origin or a modality."""
        return [c for c in self.cells if origin in (None, c.origin) and modality in (None, c.modality)]

    def modalities(self, origin: str | None = None) -> list[str]:
        """The known modalities of an origin, in the template's order."""
        there = {cell.modality for cell in self.of(origin)}
        return [modality for modality in MODALITIES if modality in there]

    def without(self, field: str) -> int:
        """How many items have no known `origin` or `modality`."""
        known = ORIGINS if field == "origin" else MODALITIES
        return total(cell.size for cell in self.cells if getattr(cell, field) not in known).items


def count(items: pa.Table, findings: pa.Table, model: str) -> Counts:
    """Counts the ITEMS that `model` has FINDINGS of."""
    with Duck() as duck:
        duck.put("items", items)
        duck.put("findings", findings)
        duck.run(PACKAGE, "counts.sql", model=model)
        cells = duck.get("SELECT * FROM cells ORDER BY origin, modality, dataset").to_pylist()
        crawled = duck.get("SELECT * FROM crawled ORDER BY domain, modality").to_pylist()
        crawlers = duck.get("SELECT * FROM crawlers ORDER BY crawler").to_pylist()
        languages = duck.get("SELECT * FROM languages ORDER BY language").to_pylist()
        covered = duck.get("SELECT * FROM covered ORDER BY modality").column("modality").to_pylist()
        reserved = duck.get("SELECT * FROM reserved ORDER BY ALL").to_pylist()
    return Counts(
        cells=tuple(_cell(row) for row in cells),
        crawled=tuple(_crawled(row) for row in crawled),
        crawlers={row["crawler"]: row["items"] for row in crawlers},
        languages={row["language"]: row["items"] for row in languages},
        reserved=tuple(reserved),
        licensed=tuple(covered),
    )


def period(cells: Iterable[Cell]) -> tuple[dt.date | None, dt.date | None, int]:
    """The first and the last day of taking, and how many items have none."""
    cells = list(cells)
    first = min((cell.first for cell in cells if cell.first), default=None)
    last = max((cell.last for cell in cells if cell.last), default=None)
    return first, last, sum(cell.undated for cell in cells)


def _cell(row: Mapping[str, Any]) -> Cell:
    first, last = (row[name].date() if row[name] else None for name in ("first", "last"))
    size = Size(int(row["known"]), row["unknown"], row["items"])
    return Cell(row["origin"], row["modality"], row["dataset"], size, first, last, row["undated"])


def _crawled(row: Mapping[str, Any]) -> Crawled:
    unit, size = (None if row[name] is None else int(row[name]) for name in ("unit", "bytes"))
    return Crawled(row["domain"], row["modality"], row["items"], unit, size)

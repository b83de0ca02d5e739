"""The law table as pages: one that shows every place and question, and one per place. No server, no script, no rule.

`write` gets what the pages show as plain views, made by a job; it neither reads the law nor decides anything.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

import yaml
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from partita.formats.pages import render

INDEX = "index.html"
STATUSES = ("settled", "contested", "pending", "no_rule", "unknown")
GRADES = ("primary", "secondary", "unverified")


@dataclass(frozen=True, slots=True)
class Said:
    """One thing in English and in Chinese; the Chinese may be empty."""

    english: str
    chinese: str = ""


@dataclass(frozen=True, slots=True)
class Cited:
    """A source: its title, its own date, where it stands, where its words were read if elsewhere, and its kind."""

    title: str
    date: dt.date | None
    address: str
    read_at: str
    kind: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A court's or authority's holding; `date` is null while a case is pending, `final` null where it is not known."""

    court: str
    ref: str
    date: dt.date | None
    holding: Said
    final: bool | None
    evidence: str
    sources: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One dated value of a cell; `start_known` is false where it held before the table begins."""

    valid_from: dt.date
    start_known: bool
    position: str
    words: Said
    status: str
    evidence: str
    rule: Said
    measure: str
    sources: tuple[Cited, ...]
    as_of: dt.date
    review_by: dt.date


@dataclass(frozen=True, slots=True)
class Cell:
    """What a place says on a question: the value for the day (null: unknown, `note` says why), the others, holdings.

    `source_place` is the code of the place whose law it is, which for an EU member may be `EU`.
    """

    question: str
    now: Entry | None
    others: tuple[Entry, ...]
    holdings: tuple[Decided, ...]
    source_place: str
    note: str

    @property
    def status(self) -> str:
        """The status by which the cell is coloured."""
        return self.now.status if self.now else "unknown"

    @property
    def sources(self) -> tuple[Cited, ...]:
        """What the cell cites, its holdings included, each once."""
        cited = [
            *(self.now.sources if self.now else ()),
            *(source for case in self.holdings for source in case.sources),
        ]
        return tuple(dict.fromkeys(cited))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: its id, in full and in short."""

    id: str
    full: Said
    short: Said


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list: what it is named, what is said of it, its grade, and facts that speak `for` or `against`."""

    name: Said
    said: Said
    evidence: str
    sources: tuple[Cited, ...]
    facts: tuple[tuple[str, Said], ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """A list below the questions: `making` or `factors`, what stands above it, and its items."""

    id: str
    above: Said
    items: tuple[Item, ...]

    @property
    def sources(self) -> tuple[Cited, ...]:
        """What its items cite, each once."""
        return tuple(dict.fromkeys(source for item in self.items for source in item.sources))


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place, its cells in the order of the questions, and the lists below them."""

    code: str
    name: Said
    note: Said | None
    cells: tuple[Cell, ...]
    lists: tuple[Listed, ...] = ()

    @property
    def page(self) -> str:
        """The file name of its page."""
        return f"{self.code.lower()}.html"


@dataclass(frozen=True, slots=True)
class LawView:
    """The table on one day."""

    at: dt.date
    questions: tuple[Asked, ...]
    places: tuple[PlaceView, ...]
    version: str = ""


def write(folder: Path, view: LawView) -> list[Path]:
    """Writes `index.html` and one page per place into a folder that exists; returns their paths, the table first."""
    shown = {"law": view, "w": _words(), "statuses": STATUSES, "grades": GRADES}
    pages = {INDEX: _environment().get_template("law_table.html").render(shown)}
    for place in view.places:
        pages[place.page] = _environment().get_template("law_place.html").render(shown, place=place)
    for name, html in pages.items():
        with (folder / name).open("x", encoding="utf-8", newline="\n") as file:
            file.write(html)
    return [folder / name for name in pages]


@lru_cache(maxsize=1)
def _words() -> dict[str, Said]:
    text = resources.files("partita.formats").joinpath("templates/law.words.yaml").read_text(encoding="utf-8")
    table: dict[str, dict[str, str]] = yaml.safe_load(text)
    return {key: Said(both["en"], both["zh-Hant"]) for key, both in table.items()}


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("partita.formats"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    made.filters["day"] = render.day
    sheets = (("partita.formats.pages", "style.css"), ("partita.formats", "templates/law.css"))
    style = "".join(resources.files(package).joinpath(name).read_text(encoding="utf-8") for package, name in sheets)
    made.globals["style"] = Markup(style)  # noqa: S704 - files of this package
    return made

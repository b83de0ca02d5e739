"""Features in words: one table, by the feature's name. A feature that has no row here is shown by its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Wording:
    """How a feature is called; what its values mean, where they are a few; whether they are a likeness from 0 to 1."""

    label: str
    values: Mapping[Any, str] = field(default_factory=dict)
    group: str = "other"
    form: str = "likeness"


_STATES = {0: "both state one", 1: "the line states none", 2: "the work has none"}
_YES = {0: "no", 1: "yes"}
_NOT_COMPARED = {-1: "not compared"}

WORDS: Mapping[str, Wording] = {
    "title_core": Wording("title without tags and brackets", group="title"),
    "title_full": Wording("title with its brackets", group="title"),
    "title_raw": Wording("title as it stands", group="title"),
    "title_begin": Wording("common beginning, of the shorter title", group="title"),
    "title_loose": Wording("equal but for a number before or Live after", _YES, "title"),
    "title_exact": Wording("title equal to the letter", _YES, "title"),
    "title_spoken": Wording("title as it is said in another script", _NOT_COMPARED, "title"),
    "title_size": Wording("letters of the shorter title (Han count 2.5)", group="title", form="number"),
    "title_works": Wording("works that have this title", group="title", form="logarithm"),
    "numbers": Wording("numbers in the titles", {0: "differ", 0.5: "none to compare", 1: "the same"}, "numbers"),
    "performer_state": Wording("performers", _STATES, "performers"),
    "performer_best": Wording("the two performers most alike", group="performers"),
    "performer_all": Wording("all performers together", group="performers"),
    "performer_spoken": Wording("performers as they are said in another script", _NOT_COMPARED, "performers"),
    "performer_order": Wording("the same performers in the same order", _YES, "performers"),
    "performer_works": Wording("works of its performers, where titles differ", group="performers", form="logarithm"),
    "repertoire_works": Wording("works in the repertoire", {13: "8,000 or more, or a common title"}, form="logarithm"),
    "writer_state": Wording("writers", _STATES, "writers"),
    "writer_best": Wording("the two writers most alike", group="writers"),
    "reading": Wording(
        "read as",
        {0: "it stands", 1: "performer - title in one field", 2: "title - performer in one field",
         3: "performer and title in each other's place"},
        "reading",
    ),
    "sound": Wording("written otherwise, sounds the same", _YES, "title"),
    "edits": Wording("letters that differ", {6: "six or more"}, "title", "number"),
    "cut": Wording(
        "cut title",
        {0: "no", 1: "the line's title begins the work's", 2: "the line's title ends within a word of the work's",
         -1: "the work's title begins the line's"},
        "title",
    ),
    "strange": Wording("words that no title here has", {3: "three or more"}, "title", "number"),
    "known": Wording("the line's title is exactly another work's", _YES, "title"),
    "aside": Wording("what stands in brackets", _NOT_COMPARED, "brackets"),
}  # fmt: skip

GROUPS = ("title", "brackets", "numbers", "performers", "writers", "reading", "other")
"""Features that speak of one thing, in the order in which a person looks."""


def label(name: str) -> str:
    """What a feature is called; its own name, readable, where the table does not know it."""
    return WORDS[name].label if name in WORDS else name.replace("_", " ")


def group(name: str) -> str:
    """What a feature speaks of."""
    return WORDS[name].group if name in WORDS else "other"


def value(name: str, number: float) -> str:
    """A feature's value in words or figures: `both state one`, `0.83`, `4 works`."""
    wording = WORDS.get(name)
    if wording is None:
        return f"{number:g}"
    if number in wording.values:
        return wording.values[number]
    if wording.form == "logarithm":
        return f"{max(round(2**number) - 1, 0)}"
    return f"{number:g}" if wording.form == "number" else f"{number:.2f}"


def told(features: Mapping[str, float]) -> dict[str, str]:
    """Each feature's value in words; of names that are not stated on both sides, that they were not compared."""
    absent = {name.removesuffix("state") for name, number in features.items() if name.endswith("_state") and number}
    return {
        name: "not compared" if name.startswith(tuple(absent)) and not name.endswith("_state") else value(name, number)
        for name, number in features.items()
    }


def sentences(features: Mapping[str, float]) -> dict[str, str]:
    """Each feature, what it is called and its value: `writers: both state one`."""
    return {name: f"{label(name)}: {text}" for name, text in told(features).items()}

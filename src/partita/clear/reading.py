"""What a statement or an offer says of a use: which of its leaves, and whether it meets or covers system and place."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from partita import ids
from partita.clear.answer import Use
from partita.clear.mandates import is_place
from partita.errors import InputError
from partita.registry import urls
from partita.registry.facts import NEARNESS, Offer, Said
from partita.scope import (
    ANYONE,
    EVERY_LEAF,
    PURPOSES,
    place_covers,
    places_meet,
    system_covers,
    system_depth,
    systems_meet,
)

RESERVATION = "reservation"
YES = {"permission": "permitted", "consent": "consented", "licence": "licensed", "statutory": "statutory"}
"""Kinds of statements that say yes, and the code where they decide."""

TARGETS = ("url", "content", "recording", "work")
"""Kinds of targets that can be asked of."""

EVIDENCE = ("signed", "served", "declared", "reported")
"""Grades of evidence, the best first; another word is worse than all."""

_GRADES = {grade: place for place, grade in enumerate(EVIDENCE)}

REGISTRY = "registry"
"""The one carrier by which a licence of the law is known: no signal makes law."""

_SYSTEM = re.compile(r"\*|[^\s/*]+(?:/[^\s/*]+){0,7}")
_SYSTEM_MOST = 200


class Read(NamedTuple):
    """A statement as it bears on a use. No leaves: it does not."""

    leaves: int
    near: int = 0
    depth: int = 0
    meets: bool = False
    covers_system: bool = False
    covers: bool = False
    unreadable: bool = False


SILENT = Read(0)


def is_system(system: str) -> bool:
    """Whether a system can be read: `*`, or names of up to 8 levels with `/` between."""
    return len(system) <= _SYSTEM_MOST and _SYSTEM.fullmatch(system) is not None


def is_odd(use: Use) -> str:
    """The code that says why a use cannot be read; empty where it can."""
    if use.purpose not in PURPOSES:
        return "purpose_unknown"
    if not is_place(use.territory):
        return "territory_unknown"
    if not is_system(use.system):
        return "system_unknown"
    if use.target_kind not in TARGETS:
        return "kind_unknown"
    return "" if canonical(use.target_kind, use.target) else "target_unreadable"


def canonical(kind: str, target: str) -> str:
    """The one spelling of a target of a kind of `TARGETS`; empty where it is none."""
    if kind == "url":
        try:
            return urls.canonical(target)
        except InputError:
            return ""
    return (
        ids.iscc(target) if kind == "content" else ids.isrc(target) if kind == "recording" else target.strip()
    ) or ""


def in_order(statements: Sequence[Said]) -> list[Said]:
    """Of equally near statements the first: best evidence, longest since, then the rest, so that no two are equal."""
    named = {said.statement_id for said in statements}
    return sorted(statements, key=_first if len(named) == len(statements) else order)


def _first(said: Said) -> tuple[int, dt.date, str]:
    grade = _GRADES.get(said.evidence, len(EVIDENCE))
    return grade, said.valid_from, said.statement_id


def order(said: Said) -> tuple[Any, ...]:
    """The place of a statement among others of its id, too."""
    return (*_first(said), *("" if field is None else str(field) for field in said))


def read_statement(said: Said, use: Use, asked: int) -> Read:
    """What a statement says of a use; one that could be a reservation but cannot be read says so of all it may mean."""
    is_yes = said.kind in YES
    readable = said.purpose in PURPOSES and is_place(said.territory) and is_system(said.system)
    if is_yes and not (readable and (said.kind != "statutory" or said.carrier == REGISTRY)):
        return SILENT
    leaves = PURPOSES.get(said.purpose, EVERY_LEAF) & asked
    if readable and (is_yes or said.kind == RESERVATION):
        return _read(said, use, leaves)
    meets = not is_place(said.territory) or places_meet(said.territory, use.territory)
    meets = meets and (not is_system(said.system) or systems_meet(said.system.lower(), use.system.lower()))
    depth = system_depth(said.system) if is_system(said.system) else 0
    return Read(leaves if meets else 0, NEARNESS.get(said.target_kind, 9), depth, unreadable=True)


def read_offer(offer: Offer, use: Use, asked: int) -> Read:
    """What an offer says of a use; one that cannot be read offers nothing."""
    if not (offer.purpose in PURPOSES and is_place(offer.territory) and is_system(offer.system)):
        return SILENT
    return _read(offer, use, PURPOSES[offer.purpose] & asked)


def _read(said: Said | Offer, use: Use, leaves: int) -> Read:
    if not leaves:
        return SILENT
    # Whoever writes `Suno` means `suno`: a reservation must not be missed for a capital.
    system, asked = said.system.lower(), use.system.lower()
    covers_system = system_covers(system, asked)
    return Read(
        leaves,
        NEARNESS.get(said.target_kind, 9),
        0 if system == ANYONE else system_depth(system),
        systems_meet(system, asked) and places_meet(said.territory, use.territory),
        covers_system,
        covers_system and place_covers(said.territory, use.territory),
    )

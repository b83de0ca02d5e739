"""Who may act for whom: mandates that members gave and took back, and agreements between societies.

A mandate gives pairs of a leaf and a right that can license it; a society may license a leaf for which it holds one
pair. For a yes the mandate must hold for the whole territory asked and nothing of it may be withdrawn; for a
reservation it is enough that the mandate touches the territory and is not withdrawn in all of it, and that it is for
`any` purpose: societies reserved AI training on the general mandates they had (SACEM for all its members, 2023).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from partita.registry.facts import Facts, Held, Mandate, Reciprocal
from partita.scope import AI, EVERY_LEAF, EVERYWHERE, GROUPS, LEAVES, PURPOSES, RIGHTS, place_covers, places_meet

PAIRS = tuple((1 << place, right) for place, leaf in enumerate(LEAVES) for right in leaf.rights)
"""Every leaf, as its bit, with each right that can license it; a set of pairs is bits in this order."""

MANDATE = "mandate"
UNNAMED = "any"
"""The purpose that names none: by a mandate for it no use by AI can be licensed, though each can be reserved."""

_COUNTRY = re.compile(r"[A-Z]{2}")


Bits = Callable[[str, str], int]
"""What a right and a purpose give or take, as bits."""


class Standing(NamedTuple):
    """What a society may do for a holder's share, as bits of leaves."""

    yes: int = 0
    """It may license them."""
    no: int = 0
    """It may reserve them."""
    withdrawn: int = 0
    """It could license them, had the member not withdrawn the right."""
    administers: bool = False
    """It acts for the holder in something."""


NOBODY = Standing()
HOLDER = Standing(EVERY_LEAF, EVERY_LEAF)


class _Given(NamedTuple):
    """Pairs given for a yes and for a no, and leaves taken from a yes and from a no."""

    yes: int
    no: int
    yes_taken: int
    no_taken: int


def is_place(territory: str) -> bool:
    """Whether a territory has the form of one."""
    return territory == EVERYWHERE or territory in GROUPS or _COUNTRY.fullmatch(territory) is not None


@lru_cache(maxsize=4096)
def given(right: str, purpose: str) -> int:
    """The pairs that a mandate for this right and purpose lets license; none for a name that is not known."""
    leaves = PURPOSES.get(purpose, 0) & ~(AI if purpose == UNNAMED else 0)
    return given_by(right) & pairs_of(leaves)


@lru_cache(maxsize=4096)
def guarded(right: str, purpose: str) -> int:
    """The pairs that it lets reserve: of `any` purpose all of the right."""
    return given_by(right) & pairs_of(PURPOSES.get(purpose, 0))


@lru_cache(maxsize=4096)
def taken(right: str, purpose: str) -> int:
    """The leaves that a withdrawal of this right and purpose takes; a name that is not known takes all of its kind."""
    leaves = PURPOSES.get(purpose, EVERY_LEAF)
    return leaves if right not in RIGHTS else leaves & leaves_of(given_by(right))


@lru_cache(maxsize=4096)
def given_by(right: str) -> int:
    """All pairs of a right."""
    return sum(1 << place for place, (_, of) in enumerate(PAIRS) if of == right)


def pairs_of(leaves: int) -> int:
    """All pairs of some leaves."""
    return sum(1 << place for place, (leaf, _) in enumerate(PAIRS) if leaf & leaves)


@lru_cache(maxsize=1 << 14)
def leaves_of(pairs: int) -> int:
    """The leaves of which there is a pair."""
    found = 0
    for place, (leaf, _) in enumerate(PAIRS):
        if pairs >> place & 1:
            found |= leaf
    return found


def direct(society: str, held: Held, mandates: Iterable[Mandate], territory: str) -> _Given:
    """What a holder gave a society itself, or gives as its member, and what was withdrawn."""
    yes = no = yes_taken = no_taken = 0
    for row in mandates:
        if not concerns(row, society, held):
            continue
        if row.kind == MANDATE:
            yes |= given(row.right, row.purpose) if place_covers(row.territory, territory) else 0
            no |= guarded(row.right, row.purpose) if places_meet(row.territory, territory) else 0
        else:
            leaves = taken(row.right, row.purpose)
            odd = not is_place(row.territory)
            yes_taken |= leaves if odd or places_meet(row.territory, territory) else 0
            no_taken |= leaves if place_covers(row.territory, territory) else 0
    return _Given(yes, no, yes_taken, no_taken)


def concerns(row: Mandate, society: str, held: Held) -> bool:
    """Whether a row is between this society and this holder: by name, or of all members by the society's statutes."""
    if row.society != society:
        return False
    return row.party_id == held.party_id if row.party_id else society == held.society


def standing(society: str, held: Held, facts: Facts, territory: str) -> Standing:
    """What a society may do for a share: by its own mandate, or by an agreement with the holder's society.

    A share without a society has none that acts for it: its holder speaks for itself.
    """
    if not held.society or not society:
        return NOBODY
    own = direct(society, held, facts.mandates, territory)
    yes = leaves_of(own.yes) & ~own.yes_taken
    no = leaves_of(own.no) & ~own.no_taken
    withdrawn = leaves_of(own.yes) & own.yes_taken
    administers = society == held.society or any(concerns(row, society, held) for row in facts.mandates)
    agreements = [r for r in facts.reciprocals if r.grantee == society and r.grantor == held.society]
    if agreements:
        theirs = direct(held.society, held, facts.mandates, territory)
        for row in agreements:
            if place_covers(row.territory, territory):
                through = leaves_of(given(row.right, row.purpose) & theirs.yes)
                yes |= through & ~theirs.yes_taken
                withdrawn |= through & theirs.yes_taken
            if places_meet(row.territory, territory):
                no |= leaves_of(guarded(row.right, row.purpose) & theirs.no) & ~theirs.no_taken
    return Standing(yes, no, withdrawn & ~yes, administers or bool(agreements))


def relied_on(leaf: int, society: str, held: Held, facts: Facts, territory: str) -> tuple[Mandate | Reciprocal, ...]:
    """The mandate by which a society may license a leaf of a share; where it is another's, the agreement before it."""
    if not leaf & direct(society, held, facts.mandates, territory).yes_taken:
        for m in facts.mandates:
            if _gives(m, leaf, society, held, territory):
                return (m,)
    for row in facts.reciprocals:
        if row.grantee == society and row.grantor == held.society and place_covers(row.territory, territory):
            pairs = given(row.right, row.purpose)
            for m in facts.mandates:
                shared = pairs & given(m.right, m.purpose)
                if leaf & leaves_of(shared) and _gives(m, leaf, held.society, held, territory):
                    return (row, m)
    return ()


def _gives(row: Mandate, leaf: int, society: str, held: Held, territory: str) -> bool:
    found = row.kind == MANDATE and concerns(row, society, held) and place_covers(row.territory, territory)
    return found and bool(leaf & leaves_of(given(row.right, row.purpose)))

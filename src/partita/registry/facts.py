"""The rows of the registry that bear on one use: what `registry.lookup` gathers and `clear.decide` decides on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

LEVELS = ("url", "content", "recording", "work", "party", "repertoire")
"""Where a statement may be attached; `NEARNESS` says which wins."""

NEARNESS = {"url": 0, "content": 0, "recording": 0, "work": 1, "party": 2, "repertoire": 3}
"""The nearer statement wins; a copy's place, its content code and its recording are equally near."""


class Said(NamedTuple):
    """One row of STATEMENTS, without the times that made it live."""

    statement_id: str
    kind: str
    target_kind: str
    target: str
    purpose: str
    system: str
    territory: str
    party_id: str
    offer_id: str | None
    carrier: str
    form: str
    evidence: str
    source: str
    sha256: str
    valid_from: dt.date


class Held(NamedTuple):
    """One row of HOLDINGS."""

    target_kind: str
    target: str
    party_id: str
    role: str
    society: str
    share_ppm: int


class Mandate(NamedTuple):
    """One row of MANDATES."""

    society: str
    party_id: str
    kind: str
    right: str
    purpose: str
    territory: str
    source: str


class Reciprocal(NamedTuple):
    """One row of RECIPROCALS."""

    grantor: str
    grantee: str
    right: str
    purpose: str
    territory: str
    source: str


class Offer(NamedTuple):
    """One row of OFFERS."""

    offer_id: str
    licensor: str
    target_kind: str
    target: str
    purpose: str
    system: str
    territory: str
    model: str
    payee: str
    currency: str
    terms: str
    source: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of one target on one day, as it was known on one day; rows in the order of their tables' keys.

    `chain` names what the target is and belongs to, (kind, id) each: the URL patterns that match it, its content code,
    its recording, its work. `statements` hold for anything in the chain, for a holder, or for a holder's society.
    """

    target_kind: str
    target: str
    chain: tuple[tuple[str, str], ...] = ()
    statements: tuple[Said, ...] = ()
    holdings: tuple[Held, ...] = ()
    mandates: tuple[Mandate, ...] = ()
    reciprocals: tuple[Reciprocal, ...] = ()
    offers: tuple[Offer, ...] = ()

    @property
    def work_id(self) -> str | None:
        """The work that the target is or belongs to; None where none, or more than one, is known."""
        works = {identity for kind, identity in self.chain if kind == "work"}
        return works.pop() if len(works) == 1 else None

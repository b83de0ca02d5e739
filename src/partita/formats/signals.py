"""What every carrier of reservations is read into and written from: signals, intents, and what is lost between them.

A carrier is one module: `read(...)` gives signals (never raises on bad bytes: an unreadable carrier is a signal of
stance `unknown` that says why), `write(intent)` gives an artefact that names what it cannot say.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from partita.scope import ANYONE, EVERYWHERE

RAW_MOST = 200
"""Characters kept of what stood in the source."""


class Stance(StrEnum):
    """What a signal says of a purpose."""

    RESERVE = "reserve"
    PERMIT = "permit"
    UNKNOWN = "unknown"


class Carrier(StrEnum):
    """Every carrier that is read or written, by the name used in tables and answers."""

    ROBOTS = "robots"
    CONTENT_USAGE_ROBOTS = "content_usage_robots"
    CONTENT_USAGE_HEADER = "content_usage_header"
    CONTENT_SIGNAL = "content_signal"
    X_ROBOTS_TAG = "x_robots_tag"
    META_ROBOTS = "meta_robots"
    TDMREP_FILE = "tdmrep_file"
    TDM_HEADER = "tdm_header"
    TDM_META = "tdm_meta"
    EPUB = "epub"
    PDF = "pdf"
    RSL = "rsl"
    PLUS = "plus"
    CAWG = "cawg"
    TDM_AI = "tdm_ai"
    ODRL = "odrl"
    REGISTRY = "registry"


CARRIERS = tuple(carrier.value for carrier in Carrier)
INFORMAL = frozenset({Carrier.X_ROBOTS_TAG, Carrier.META_ROBOTS})
"""Carriers without a standard behind them."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing that one carrier says of one purpose.

    `target` is a URL pattern relative to the origin (`/songs/*`, with `*` and `$`), an absolute URL, an ISCC, or empty
    for the very document it was read from. `terms` holds a policy's URL or price terms. `place` is the line, header or
    element.
    """

    carrier: Carrier
    purpose: str
    stance: Stance
    place: str
    raw: str
    system: str = ANYONE
    territory: str = EVERYWHERE
    target: str = ""
    terms: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of an intent: this purpose, by that system, there, in that period, is reserved or permitted.

    `targets` are URL patterns, ISCCs, ISRCs or ISWCs; empty means all that the intent speaks for. `price` is offered
    with a reservation: `{"type": "training", "amount": "0.02", "currency": "EUR", "per": "work"}`.
    """

    purpose: str
    stance: Stance
    system: str = ANYONE
    territory: str = EVERYWHERE
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    targets: tuple[str, ...] = ()
    price: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Intent:
    """What a rightsholder wants the world to know, once, before any carrier's vocabulary narrows it.

    `broaden` is the rightsholder's own choice to reserve more than meant where a carrier has only a broader label; a
    permission is never broadened.
    """

    party: str
    statements: tuple[Statement, ...]
    policy: str = ""
    contact: str = ""
    broaden: bool = False


class Effect(StrEnum):
    """What a carrier does to a statement."""

    EXACT = "exact"
    BROADER = "broader"
    NARROWER = "narrower"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Loss:
    """What became of one statement in one carrier, and why, in words."""

    statement: Statement
    effect: Effect
    why: str


@dataclass(frozen=True, slots=True)
class Artefact:
    """What is to be served or embedded: a file, a header or a piece of a document; and the fate of every statement.

    `where` is a path below the site's root (`robots.txt`), `header: NAME`, or `embed: KIND`.
    """

    carrier: Carrier
    where: str
    content: bytes
    fates: tuple[Loss, ...]


def cut(text: str) -> str:
    """At most `RAW_MOST` characters of what stood in a source, on one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= RAW_MOST else flat[: RAW_MOST - 1] + "…"


def fold(signals: Sequence[Signal], purpose: str) -> Stance:
    """What several signals together say of one purpose: the most restrictive, unknown before permit."""
    said = {signal.stance for signal in signals if signal.purpose == purpose}
    for stance in (Stance.RESERVE, Stance.UNKNOWN, Stance.PERMIT):
        if stance in said:
            return stance
    return Stance.UNKNOWN

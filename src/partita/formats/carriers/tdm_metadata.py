"""TDMRep inside a document (EPUB, PDF): one value for text and data mining, 1 reserved, 0 not, and a policy's address.

Source: TDM Reservation Protocol, W3C Community Group Final Report 2024-05-10. Any other value is an error and counts as
not set; nothing is then said, which is not the same as permitted.
"""

from __future__ import annotations

from collections.abc import Sequence

from partita.formats.carriers import fates
from partita.formats.signals import Carrier, Intent, Loss, Signal, Stance, cut
from partita.scope import PURPOSES

NAMESPACE_EPUB = "http://www.w3.org/ns/tdmrep#"
NAMESPACE_XMP = "http://www.w3.org/ns/tdmrep/"
MINING = "mining"
CODES = {"1": (PURPOSES[MINING], 0), "0": (0, PURPOSES[MINING])}
"""What each value says: leaves reserved, leaves permitted."""

VALUES_MOST = 100


def signals(carrier: Carrier, reservations: Sequence[tuple[str, str, str]], policies: Sequence[str]) -> list[Signal]:
    """Signals of the values found, each with its place and a note on how it stood there; and the policy they share."""
    terms = {"policy": cut(policies[0])} if policies else {}
    found = []
    for value, place, note in reservations[:VALUES_MOST]:
        stance = {"1": Stance.RESERVE, "0": Stance.PERMIT}.get(value.strip(), Stance.UNKNOWN)
        wrong = f"{cut(value)!r} is neither 1 nor 0, so it counts as not set" if stance is Stance.UNKNOWN else ""
        if note and stance is Stance.PERMIT:
            stance = Stance.UNKNOWN
        told = "; ".join(text for text in (note, wrong) if text)
        found.append(Signal(carrier, MINING, stance, place, cut(f"tdm:reservation {value}"), terms=terms, note=told))
    if policies and not found:
        raw = cut(f"tdm:policy {policies[0]}")
        note = "a policy without a reservation says neither yes nor no"
        found.append(Signal(carrier, MINING, Stance.UNKNOWN, "tdm:policy", raw, terms=terms, note=note))
    return found


def value_of(intent: Intent, names: frozenset[str]) -> tuple[str, tuple[Loss, ...]]:
    """`1`, `0`, or empty where neither may be said of the document called `names`; and the fate of every statement."""
    weighed = fates.weigh(intent, fates.Axes(names=names))
    value = fates.by_code(weighed, CODES, broaden=intent.broaden)
    no, yes = CODES.get(value, (0, 0))
    return value, fates.fates(weighed, [(Stance.RESERVE, no), (Stance.PERMIT, yes)])


def unreadable(carrier: Carrier, place: str, why: str) -> list[Signal]:
    """The one signal of a document that cannot be read: unknown, with the reason."""
    return [Signal(carrier, MINING, Stance.UNKNOWN, place, "", note=why)]

"""Meta elements of an HTML page: robots (noai) and the TDM Reservation Protocol.

A page is read whole where it is small and flat enough, else its head alone. What stands in the body may come from
anybody who may write there, so a permission found there is not believed; a reservation is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from partita.formats.carriers import crawlers, safe_xml, tdmrep, x_robots
from partita.formats.signals import Carrier, Signal, Stance
from partita.scope import ANYONE

HEAD_MOST = 256 << 10
"""Bytes of a head that is read alone."""
METAS_MOST = 2_000

_BODY = re.compile(rb"<body\b|</head\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Meta:
    """A meta element with a name: the name in lower case, its content, its line, whether it stands in the head."""

    name: str
    content: str
    line: int
    in_head: bool

    @property
    def place(self) -> str:
        """Where it stands, for people."""
        return f"line {self.line}, meta {self.name[:60]}"


def read(content: bytes) -> list[Signal]:
    """What the meta elements of a page say of it. Never raises: a page that cannot be read is of stance unknown."""
    try:
        found = list(_metas(safe_xml.html(content)))
        note = ""
    except safe_xml.UnreadableError as error:
        note = f"the page {error}"
        try:
            found = list(_metas(safe_xml.html(_head(content), size_most=HEAD_MOST)))
        except safe_xml.UnreadableError:
            return [Signal(Carrier.TDM_META, "any", Stance.UNKNOWN, "page", "", note=note)]
    return [*_robots(found), *_tdm(found, in_head=True), *_tdm(found, in_head=False), *_unread(note)]


def _unread(note: str) -> list[Signal]:
    return (
        [Signal(Carrier.TDM_META, "any", Stance.UNKNOWN, "page", "", note=f"{note}; its head alone is read")]
        if note
        else []
    )


def _head(content: bytes) -> bytes:
    """The bytes up to the body, or as many as are read."""
    start = content[:HEAD_MOST]
    end = _BODY.search(start)
    return start[: end.start()] if end else start


def _metas(root: safe_xml.Element) -> Iterator[Meta]:
    for count, element in enumerate(root.iter("meta")):
        if count >= METAS_MOST:
            return
        name = (element.get("name") or "").strip().lower()
        if name:
            in_head = any(parent.tag == "head" for parent in element.iterancestors())
            yield Meta(name, (element.get("content") or "").strip(), element.sourceline or 0, in_head)


def _robots(metas: list[Meta]) -> Iterator[Signal]:
    """Rules for all robots, and for a crawler whose name is the element's."""
    for meta in metas:
        agent = ANYONE if meta.name == x_robots.META else meta.name
        if agent == ANYONE or agent in crawlers.by_name() or agent.endswith("bot"):
            yield from x_robots.signals(Carrier.META_ROBOTS, meta.content, meta.place, agent)


def _tdm(metas: list[Meta], *, in_head: bool) -> list[Signal]:
    here = [meta for meta in metas if meta.in_head is in_head]
    first = next((meta for meta in here if meta.name in (tdmrep.RESERVATION, tdmrep.POLICY)), None)
    if first is None:
        return []
    reservations = [meta.content for meta in here if meta.name == tdmrep.RESERVATION]
    policies = [meta.content for meta in here if meta.name == tdmrep.POLICY]
    found = tdmrep.from_values(Carrier.TDM_META, f"line {first.line}, meta", reservations, policies)
    if in_head:
        return found
    note = "stands in the body, where anybody may have written it"
    return [
        replace(one, stance=Stance.UNKNOWN, note=note) if one.stance is Stance.PERMIT else replace(one, note=note)
        for one in found
    ]

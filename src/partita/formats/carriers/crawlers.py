"""AI crawlers by name: whose they are and what they are for, from the dated list in `crawlers.json`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from partita.scope import ANYONE, PURPOSES, system_covers

_TOKEN = re.compile(r"[A-Za-z_-]+")
"""A product token as RFC 9309 allows it in a user-agent line."""


@dataclass(frozen=True, slots=True)
class Crawler:
    """One crawler: the name in user-agent lines, its provider as a system, its purposes; none where not known."""

    agent: str
    system: str
    purposes: tuple[str, ...]
    function: str

    @property
    def bits(self) -> int:
        """The leaves that it crawls for; any use by AI where that is not known."""
        bits = 0
        for purpose in self.purposes:
            bits |= PURPOSES[purpose]
        return bits or PURPOSES["any_ai"]

    @property
    def named_purposes(self) -> tuple[str, ...]:
        """Its purposes, or `any_ai` where they are not known."""
        return self.purposes or ("any_ai",)

    @property
    def is_token(self) -> bool:
        """Whether its name may stand in a user-agent line."""
        return _TOKEN.fullmatch(self.agent) is not None


@cache
def every() -> tuple[Crawler, ...]:
    """All crawlers of the list."""
    text = resources.files("partita.formats").joinpath("crawlers.json").read_text(encoding="utf-8")
    return tuple(
        Crawler(row["agent"], row["system"], tuple(row["purposes"]), row["function"])
        for row in json.loads(text)["agents"]
    )


@cache
def by_name() -> dict[str, Crawler]:
    """Crawlers by their names in lower case."""
    return {crawler.agent.lower(): crawler for crawler in every()}


def of_system(system: str) -> tuple[Crawler, ...]:
    """The crawlers of a system's provider; all for `*`."""
    if system == ANYONE:
        return every()
    return tuple(crawler for crawler in every() if system_covers(system, crawler.system))


def system_of(agent: str) -> str:
    """The system that a user-agent line speaks of: its provider, `*`, or the name itself if nobody is known for it."""
    if agent == ANYONE:
        return ANYONE
    known = by_name().get(agent.lower())
    return known.system if known else re.sub(r"[^a-z0-9._-]+", "-", agent.lower()).strip("-") or "unnamed"

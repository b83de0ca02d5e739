"""An intent compiled from the registry: what a party or society has stated, and that holds on a day.

Reservations and permissions are what the web can be told. Licences and consents are agreements with somebody; they are
counted here and published nowhere.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from partita.errors import InputError
from partita.formats.intent_file import STATEMENTS_MOST
from partita.formats.signals import Intent, Stance, Statement
from partita.registry import lookup
from partita.registry.store import Store

_STANCES = {"reservation": Stance.RESERVE, "permission": Stance.PERMIT}
_COLUMNS = "kind, target_kind, target, purpose, system, territory, valid_from, valid_to"


@dataclass(frozen=True, slots=True)
class Compiled:
    """An intent from the registry, and how many agreements of the party stay unpublished."""

    intent: Intent
    agreements: int


def of_registry(store: Store, party: str, site: str, at: dt.date) -> Compiled:
    """What `party` has stated and that holds on the day `at`; `site` is the origin that URL patterns are cut to.

    Raises InputError where the party has stated nothing that could be published.
    """
    asked = lookup.when(at, None)
    columns = ", ".join(f"t.{name}" for name in _COLUMNS.split(", "))
    condition = lookup.live(known=False)
    with store.reading() as run:
        rows = run(
            f"SELECT DISTINCT {columns} FROM statements AS t WHERE t.party_id = ? AND {condition} "
            f"ORDER BY {columns} LIMIT {STATEMENTS_MOST * 2}",
            (party, *asked.values),
        )
        names = run(f"SELECT t.name FROM parties AS t WHERE t.party_id = ? AND {condition}", (party, *asked.values))
        codes = _codes(run, [row[2] for row in rows if row[1] == "work"], asked)
    said = [row for row in rows if row[0] in _STANCES]
    if not said:
        mend = "Check the party's number and the day; only reservations and permissions are published"
        raise InputError(f"{party[:80]!r} has stated nothing that holds on {at}", file=store.name, mend=mend)
    if len(said) > STATEMENTS_MOST:
        mend = "Merge what says the same, e.g. one statement for a repertoire"
        raise InputError(f"{party[:80]!r} has stated more than {STATEMENTS_MOST:,} things", file=store.name, mend=mend)
    name = str(names[0][0]) if names else party
    statements = tuple(_statement(row, party, site, codes) for row in said)
    return Compiled(Intent(name, statements), len(rows) - len(said))


def _codes(run: Any, works: list[str], asked: lookup.When) -> dict[str, str]:
    """The ISWCs of works, where they are known: the world knows a work by its code, not by the registry's number."""
    found: dict[str, str] = {}
    for work in dict.fromkeys(works):
        rows = run(f"SELECT t.iswc FROM works AS t WHERE t.work_id = ? AND {lookup.live(known=False)}",
                   (work, *asked.values))  # fmt: skip
        if rows and rows[0][0]:
            found[work] = str(rows[0][0])
    return found


def _statement(row: tuple[Any, ...], party: str, site: str, codes: dict[str, str]) -> Statement:
    kind, target_kind, target, purpose, system, territory, first, last = row
    targets: tuple[str, ...] = (codes.get(target, target),)
    if target_kind in ("party", "repertoire") and target == party:
        targets = ()
    elif target_kind == "url" and site and _within(target, site):
        path = target.partition("://")[2].partition("/")[2]
        targets = (f"/{path}",)
    return Statement(purpose, _STANCES[kind], system, territory, _day(first), _day(last), targets)


def _within(pattern: str, site: str) -> bool:
    """Whether a URL pattern is one of the site; http and https of a host are one place."""
    host = site.partition("://")[2].strip("/")
    return pattern.partition("://")[2].partition("/")[0] == host


def _day(value: Any) -> dt.date | None:
    return dt.date.fromisoformat(value) if isinstance(value, str) else value

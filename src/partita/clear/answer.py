"""What is asked and what is answered: `Use` and `Answer`, the rows of USES and ANSWERS, with what lies behind them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

from partita.clear import reasons
from partita.clear.reasons import REASON
from partita.registry.facts import Held, Mandate, Offer, Reciprocal, Said


class Use(NamedTuple):
    """One row of USES: the target, the purpose, by which system, where, on which day, as known at which moment."""

    use_id: str
    target_kind: str
    target: str
    purpose: str
    system: str
    territory: str
    at: dt.date
    known: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """The answer for one share and one leaf of the purpose.

    `thing` is the work or recording, `held` its share (None: nobody is known to hold it). `statement` decided, or is
    why it is unknown; `against` are equally near statements that say otherwise; `relied_on` is the mandate, or the
    agreement and the mandate behind it, by which a society could speak. `key` orders statements: the nearest first.
    """

    thing: tuple[str, str]
    held: Held | None
    leaf: str
    answer: str
    code: str
    key: tuple[int, int, int]
    statement: Said | Offer | None = None
    against: tuple[Said, ...] = ()
    relied_on: tuple[Mandate | Reciprocal, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """One row of ANSWERS, and what lies behind it: the parts, the claims, and the offers that `offers` names."""

    use_id: str
    answer: str
    code: str
    reason: str
    work_id: str | None
    statement_id: str | None
    level: str
    carrier: str
    evidence: str
    source: str
    sha256: str
    since: dt.date | None
    allowed_ppm: int
    refused_ppm: int
    contradicted: bool
    claims: int
    offers: tuple[str, ...]
    payee: str
    parts: tuple[Part, ...] = ()
    claimed: tuple[Said, ...] = ()
    licences: tuple[Offer, ...] = ()

    def row(self) -> dict[str, Any]:
        """The row of ANSWERS."""
        named = {name: getattr(self, name) for name in self.__slots__ if name not in _BEHIND}
        return named | {"offers": list(self.offers)}


_BEHIND = {"parts", "claimed", "licences"}


def answered(  # noqa: PLR0913 - what an answer is made of
    use: Use,
    code: str,
    *,
    language: str,
    decided: Part | None = None,
    work: str | None = None,
    parts: list[Part] | None = None,
    claims: tuple[Said, ...] = (),
    licences: tuple[Offer, ...] = (),
) -> Answer:
    """The answer of this code; `decided` is the part whose statement it names, `licences` what it could rest on."""
    parts = parts or []
    found = decided.statement if decided else None
    said = found if isinstance(found, Said) else None
    allowed, refused = _shares(parts) if work is not None else (0, 0)
    return Answer(
        use.use_id, REASON[code].answer, code, words(code, use, found, language), work,
        said.statement_id if said else None, said.target_kind if said else "", said.carrier if said else "",
        said.evidence if said else "", said.source if said else "", said.sha256 if said else "",
        said.valid_from if said else None, allowed, refused, any(part.against for part in parts), len(claims),
        tuple(offer.offer_id for offer in licences), payees(licences), tuple(parts), claims, licences,
    )  # fmt: skip


def words(code: str, use: Use, found: Said | Offer | None, language: str) -> str:
    """The reason in words; `found` is the statement or offer that it speaks of."""
    party = "" if found is None else found.licensor if isinstance(found, Offer) else found.party_id
    return (
        REASON[code]
        .template(language)
        .format(
            party=reasons.party_words(party, language),
            purpose=reasons.purpose_words(use.purpose, language),
            system=reasons.system_words(found.system if found else use.system, language),
            asked=reasons.system_words(use.system, language),
            territory=reasons.territory_words(use.territory, language),
            level=reasons.level_words(found.target_kind, language) if found else "",
            target=found.target if found else "",
        )
    )


def payees(offers: tuple[Offer, ...]) -> str:
    """Who is to be paid for offers: each once, in order, with `; ` between."""
    return "; ".join(sorted({offer.payee for offer in offers if offer.payee}))


def _shares(parts: list[Part]) -> tuple[int, int]:
    """Shares of the work for which every leaf is allowed, and shares for which one is refused, in parts per million."""
    by_share: dict[int, tuple[Held, set[str]]] = {}
    for part in parts:
        if part.held is not None and part.thing[0] == "work":
            by_share.setdefault(id(part.held), (part.held, set()))[1].add(part.answer)
    allowed = refused = 0
    for held, answers in by_share.values():
        share = min(max(held.share_ppm, 0), 1_000_000)
        allowed += share if answers == {"allowed"} else 0
        refused += share if "refused" in answers else 0
    return allowed, refused

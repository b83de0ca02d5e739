"""One use and the facts that bear on it become one answer: by share and leaf, by nearness, and closed where in doubt.

Pure: the facts are live already, on the day asked and as known on the day asked. The rules are told in docs/clear.md;
`batch` answers whole tables by the same rules.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from partita.clear.answer import Answer, Part, Use, answered
from partita.clear.mandates import HOLDER, NOBODY, Standing, relied_on, standing
from partita.clear.reading import YES, Read, in_order, is_odd, read_offer, read_statement
from partita.clear.reasons import ALLOWED, NUMBER, REFUSED, UNKNOWN
from partita.registry.facts import Facts, Held, Mandate, Offer, Reciprocal, Said
from partita.scope import EVERY_LEAF, LEAF, PURPOSES

WHOLE_PPM = 1_000_000
_BITS = tuple((name, PURPOSES[name]) for name in LEAF)

Key = tuple[int, int, int]
"""How near a statement is, how narrowly it names the system (negative), and its order among equals: lowest wins."""


@dataclass(slots=True)
class _Cell:
    """One share while it is judged; `held` is None for what nobody is known to hold of `thing`."""

    thing: tuple[str, str]
    held: Held | None
    base: str
    no: list[tuple[Key, int, Said]] = field(default_factory=list)
    yes: list[tuple[Key, int, Said]] = field(default_factory=list)
    weak: list[tuple[int, Key, int, Said | Offer]] = field(default_factory=list)
    standings: dict[str, Standing] = field(default_factory=dict)


class _Case:
    """A use and its facts, while they are judged."""

    def __init__(self, use: Use, facts: Facts) -> None:
        self.use, self.facts, self.asked = use, facts, PURPOSES[use.purpose]
        chain = facts.chain or ((facts.target_kind, facts.target),)
        self.chain = frozenset(thing for thing in chain if thing[1])
        self.linked = frozenset(identity for kind, identity in self.chain if kind == "party")
        self.works = {identity for kind, identity in self.chain if kind == "work"}
        self.over = False
        self.cells = self._shares()
        self.holders = frozenset(cell.held.party_id for cell in self.cells if cell.held)
        self.acting = {row.society for row in facts.mandates} | {row.grantee for row in facts.reciprocals}
        self.claims: list[Said] = []
        self.offered: list[tuple[Offer, _Cell, int]] = []

    def _shares(self) -> list[_Cell]:
        """A cell for each share of each work, and of each recording whose holders are known; and for what is left."""
        works = [thing for thing in sorted(self.chain) if thing[0] == "work"] or [("work", "")]
        by_thing: dict[tuple[str, str], list[Held]] = {work: [] for work in works}
        for held in self.facts.holdings:
            thing = (held.target_kind, held.target)
            if held.party_id and thing in self.chain and held.target_kind in {"work", "recording"}:
                by_thing.setdefault(thing, []).append(held)
        cells = []
        for thing, holdings in by_thing.items():
            cells += [_Cell(thing, held, "silent") for held in holdings]
            known = sum(held.share_ppm for held in holdings)
            odd = known > WHOLE_PPM or any(not 0 <= held.share_ppm <= WHOLE_PPM for held in holdings)
            self.over = self.over or odd
            if known < WHOLE_PPM or odd:
                base = "shares_unknown" if holdings else "silent" if thing[1] else "target_unknown"
                cells.append(_Cell(thing, None, base))
        return cells

    def reached(self, kind: str, target: str) -> list[_Cell]:
        """The shares for which something speaks that is attached there."""
        if (kind, target) in self.chain:
            return self.cells
        if kind == "party":
            return [cell for cell in self.cells if cell.held and cell.held.party_id == target]
        if kind == "repertoire" and target:
            return [cell for cell in self.cells if cell.held and cell.held.society == target]
        return []

    def is_place(self, party: str) -> bool:
        """Whether a party speaks as the place where the thing is, not as a holder: unnamed, or in control of it."""
        return not party or party in self.linked

    def standing(self, party: str, cell: _Cell) -> Standing:
        """What a party may do for a share."""
        if cell.held is None or not party:
            return NOBODY
        if party == cell.held.party_id:
            return HOLDER
        if party not in self.acting and party != cell.held.society:
            return NOBODY
        if party not in cell.standings:
            cell.standings[party] = standing(party, cell.held, self.facts, self.use.territory)
        return cell.standings[party]


def decide(use: Use, facts: Facts, language: str = "en") -> Answer:
    """May it be used? `facts` as `registry.lookup.facts` gathers them for the target and the two times of `use`.

    Never raises for what stands in a use or in facts: what cannot be read is unknown, and unknown is never allowed.
    Raises ValueError for a language without reasons.
    """
    odd = is_odd(use)
    if odd:
        return answered(use, odd, language=language)
    case = _Case(use, facts)
    for place, said in enumerate(in_order(facts.statements)):
        _weigh_statement(case, said, place)
    offers = sorted(set(facts.offers), key=lambda offer: tuple(map(str, offer)))
    for place, offer in enumerate(offers):
        _weigh_offer(case, offer, place)
    parts = [_part(cell, name, bit, case) for cell in case.cells for name, bit in _BITS if case.asked & bit]
    return _together(case, parts, offers, language)


def _weigh_statement(case: _Case, said: Said, place: int) -> None:
    """Puts a statement where it speaks: a no, a yes, or a weaker reason why it is unknown; and counts claims."""
    cells = case.reached(said.target_kind, said.target)
    read = read_statement(said, case.use, case.asked)
    if not cells or not read.leaves:
        return
    key = (read.near, -read.depth, place)
    weigh = _weigh_unreadable if read.unreadable else _weigh_yes if said.kind in YES else _weigh_no
    stands = [weigh(case, cell, said, read, key) for cell in cells]
    claims = not read.unreadable and read.meets and said.kind != "statutory"
    if claims and not any(stands) and not case.is_place(said.party_id) and said.party_id not in case.holders:
        case.claims.append(said)


def _weigh_unreadable(case: _Case, cell: _Cell, said: Said, read: Read, key: Key) -> bool:
    stand = case.standing(said.party_id, cell)
    if case.is_place(said.party_id) or stand.no or stand.administers:
        cell.weak.append((NUMBER["unreadable"], key, read.leaves, said))
    return True


def _weigh_no(case: _Case, cell: _Cell, said: Said, read: Read, key: Key) -> bool:
    if not read.meets:
        return False
    mask = read.leaves & (EVERY_LEAF if case.is_place(said.party_id) else case.standing(said.party_id, cell).no)
    if mask:
        cell.no.append((key, mask, said))
    rest = read.leaves & ~mask
    if rest and said.party_id not in case.holders:
        cell.weak.append((NUMBER["claim_only"], key, rest, said))
    return bool(mask)


def _weigh_yes(case: _Case, cell: _Cell, said: Said, read: Read, key: Key) -> bool:
    by_law = said.kind == "statutory"
    stand = HOLDER if by_law and cell.held else case.standing(said.party_id, cell)
    mask, rest = read.leaves & stand.yes, read.leaves & ~stand.yes
    if mask and read.covers:
        cell.yes.append((key, mask, said))
    elif mask:
        code = "other_territory" if read.covers_system else "other_system"
        cell.weak.append((NUMBER[code], key, mask, said))
    if rest:
        _weigh_nobody(case, cell, said, read._replace(leaves=rest), key)
    return bool(mask)


def _weigh_nobody(case: _Case, cell: _Cell, said: Said, read: Read, key: Key) -> None:
    """A yes by somebody who cannot give it for the share."""
    stand = case.standing(said.party_id, cell)
    if said.kind == "statutory":
        code = "shares_unknown" if read.covers else ""
    elif case.is_place(said.party_id):
        code = "permission_of_unknown" if read.covers else ""
    elif stand.administers:
        _weigh_society(cell, said, stand, read, key)
        return
    elif said.party_id in case.holders:
        code = ""
    else:
        code = "" if not read.meets else "claim_only" if cell.held or cell.base != "silent" else "shares_unknown"
    if code:
        cell.weak.append((NUMBER[code], key, read.leaves, said))


def _weigh_society(cell: _Cell, said: Said | Offer, stand: Standing, read: Read, key: Key) -> None:
    """A yes, or an offer, by a society that acts for the holder, but not in this."""
    if not read.covers:
        return
    withdrawn, never = read.leaves & stand.withdrawn, read.leaves & ~stand.withdrawn & ~stand.yes
    if withdrawn:
        cell.weak.append((NUMBER["mandate_withdrawn"], key, withdrawn, said))
    if never:
        cell.weak.append((NUMBER["no_mandate"], key, never, said))


def _weigh_offer(case: _Case, offer: Offer, place: int) -> None:
    """Keeps an offer that would license a share; notes one that cannot for want of a mandate."""
    read = read_offer(offer, case.use, case.asked)
    if not read.leaves or not read.covers:
        return
    key = (read.near, -read.depth, len(case.facts.statements) + place)
    for cell in case.reached(offer.target_kind, offer.target):
        stand = case.standing(offer.licensor, cell)
        if stand.administers:
            _weigh_society(cell, offer, stand, read, key)
        case.offered.append((offer, cell, read.leaves & stand.yes))


def _part(cell: _Cell, name: str, bit: int, case: _Case) -> Part:
    """The answer for one share and leaf: the nearest statement, of these the narrowest, of these the strictest."""
    no = min((c for c in cell.no if c[1] & bit), key=lambda c: c[0], default=None)
    yes = min((c for c in cell.yes if c[1] & bit), key=lambda c: c[0], default=None)
    weak = min((c for c in cell.weak if c[2] & bit), key=lambda c: c[:2], default=None)
    against: tuple[Said, ...] = ()
    relied: tuple[Mandate | Reciprocal, ...] = ()
    statement: Said | Offer | None = None
    if no and (not yes or no[0][:2] <= yes[0][:2]):
        answer, code, key, statement = REFUSED, "reserved", no[0], no[2]
        against = tuple(c[2] for c in cell.yes if c[1] & bit and c[0][:2] == key[:2])
    elif yes and not (weak and weak[0] == NUMBER["unreadable"]):
        answer, code, key, statement = ALLOWED, YES[yes[2].kind], yes[0], yes[2]
        if cell.held and statement.kind != "statutory" and statement.party_id != cell.held.party_id:
            relied = relied_on(bit, statement.party_id, cell.held, case.facts, case.use.territory)
    elif weak:
        answer, code, key, statement = UNKNOWN, _code(weak[0]), weak[1], weak[3]
    else:
        answer, code, key = UNKNOWN, cell.base, (9, 0, 0)
    return Part(cell.thing, cell.held, name, answer, code, key, statement, against, relied)


_CODES = {place: code for code, place in NUMBER.items()}


def _code(number: int) -> str:
    return _CODES[number]


def _together(case: _Case, parts: list[Part], offers: list[Offer], language: str) -> Answer:
    """All shares and leaves as one answer: refused if one is, allowed if all are and the shares make the whole."""
    code, decided = _whole(case, parts)
    licences = _taken_up(parts, offers) if code in YES.values() else _wanted(case, parts)
    work = next(iter(case.works)) if len(case.works) == 1 else None
    return answered(
        case.use, code, decided=decided, work=work, parts=parts, language=language,
        claims=tuple(case.claims), licences=tuple(licences[name] for name in sorted(licences)),
    )  # fmt: skip


def _taken_up(parts: list[Part], offers: list[Offer]) -> dict[str, Offer]:
    """The offers, by id, whose terms the statements that allow take up; of one id the first."""
    taken = {part.statement.offer_id for part in parts if isinstance(part.statement, Said)}
    return {offer.offer_id: offer for offer in reversed(offers) if offer.offer_id and offer.offer_id in taken}


def _wanted(case: _Case, parts: list[Part]) -> dict[str, Offer]:
    """The offers, by id, that would license a leaf of a share for which it is not allowed yet; of one id the first."""
    wanted: dict[int, int] = {}
    for cell, part in zip((cell for cell in case.cells for _, bit in _BITS if case.asked & bit), parts, strict=True):
        if part.answer != ALLOWED:
            wanted[id(cell)] = wanted.get(id(cell), 0) | PURPOSES[part.leaf]
    found = [offer for offer, cell, leaves in case.offered if leaves & wanted.get(id(cell), 0)]
    return {offer.offer_id: offer for offer in reversed(found)}


def _whole(case: _Case, parts: list[Part]) -> tuple[str, Part | None]:
    """The code of the whole, and the part whose statement it names."""
    refused = [part for part in parts if part.answer == REFUSED]
    allowed = [part for part in parts if part.answer == ALLOWED]
    if refused:
        first = min(refused, key=lambda part: (part.key, not part.against))
        return _refusal(case, first, some_allowed=bool(allowed)), first
    if len(case.works) > 1 or case.over:
        return ("several_works" if len(case.works) > 1 else "shares_over"), None
    unknown = [part for part in parts if part.answer == UNKNOWN]
    if not unknown:
        first = min(parts, key=lambda part: (NUMBER[part.code], part.key))
        return first.code, first
    first = min(unknown, key=lambda part: (NUMBER[part.code], part.key))
    if allowed and first.code in {"silent", "claim_only"}:
        return "partly", None
    return first.code, None if first.code in {"claim_only", "shares_unknown"} else first


def _refusal(case: _Case, part: Part, *, some_allowed: bool) -> str:
    said = part.statement
    if part.against:
        return "contradicted"
    if some_allowed:
        return "reserved_in_part"
    if not isinstance(said, Said) or case.is_place(said.party_id):
        return "reserved_by_unknown"
    return "reserved" if said.system == "*" else "reserved_for_system"

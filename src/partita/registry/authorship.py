"""Who made what of a work, and how; whether a person had a part in it; which shares the societies' rules then pay.

The record states what was declared, with the evidence that was kept. What a place's law makes of it is not said here:
`human_part` and `evidence` are the facts that the law's table is asked with.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from partita.registry.facts import Held
from partita.registry.lookup import live, when
from partita.registry.store import Store

HUMAN, ASSISTED, GENERATED, MIXED, UNKNOWN = "human", "assisted", "generated", "mixed", "unknown"
WORK, PART = "work", "part"
"""What a society pays for where only parts of a work were generated: the whole work, or the parts made by people."""

AUTHORED = ("whole", "lyrics", "melody", "arrangement")
"""Parts of a work itself; the others are parts of a recording or of what it is sold with."""

_PARTS_OF_ROLE = {
    "A": ("lyrics",),
    "AD": ("lyrics",),
    "C": ("melody",),
    "CA": ("lyrics", "melody"),
    "W": ("lyrics", "melody"),
    "AR": ("arrangement",),
}
"""What a holder of a role made; publishers hold what the authors gave them, for the work as a whole."""

_OF_RECORDINGS = frozenset({"PR", "PE"})


class Made(NamedTuple):
    """One row of AUTHORSHIP, without its times: a part of a work, who made it, and how."""

    work_id: str
    part: str
    party_id: str
    making: str
    tool: str
    evidence: tuple[str, ...]
    sha256: tuple[str, ...]
    source: str


class Earned(NamedTuple):
    """A share, and whether it is earned; one that is not is paid to nobody, and not divided anew."""

    held: Held
    earned: bool


def made(store: Store, work_id: str, at: dt.date, known: dt.datetime | None = None) -> tuple[Made, ...]:
    """The authorship record of a work on the day `at`, as known at `known` (null: now); by part and party."""
    asked = when(at, known)
    columns = ", ".join(f"t.{name}" for name in Made._fields)
    statement = f"SELECT {columns} FROM authorship AS t WHERE t.work_id = ? AND {live(known=asked.known)}"
    with store.reading() as run:
        rows = run(statement, (work_id, *asked.values))
    return tuple(sorted(Made._make((*r[:5], tuple(json.loads(r[5])), tuple(json.loads(r[6])), r[7])) for r in rows))


def makings(store: Store, at: dt.date, known: dt.datetime | None = None) -> tuple[dict[str, str], dict[str, str]]:
    """How every work with a record was made as a whole, by its number; and by its ISWC, where one work alone has it.

    Only what authors make counts: a machine's voice in a recording makes no other work of a song.
    """
    asked = when(at, known)
    condition = live(known=asked.known)
    written = f"t.part IN ({', '.join('?' * len(AUTHORED))})"
    with store.reading() as run:
        rows = run(
            f"SELECT t.work_id, t.making FROM authorship AS t WHERE {written} AND {condition}",
            (*AUTHORED, *asked.values),
        )
        codes = run(f"SELECT t.work_id, t.iswc FROM works AS t WHERE t.iswc <> '' AND {condition}", asked.values)
    parts: dict[str, set[str]] = {}
    for work, making in rows:
        parts.setdefault(work, set()).add(making)
    by_number = {work: whole(found) for work, found in sorted(parts.items())}
    bearers: dict[str, set[str]] = {}
    for work, iswc in codes:
        bearers.setdefault(iswc, set()).add(work)
    alone = {iswc: next(iter(works)) for iswc, works in sorted(bearers.items()) if len(works) == 1}
    return by_number, {iswc: by_number[work] for iswc, work in alone.items() if work in by_number}


def whole(makings_of_parts: Collection[str]) -> str:
    """How a whole was made whose parts were made so: alike if all are, else `assisted`; `unknown` for none."""
    found = set(makings_of_parts) or {UNKNOWN}
    return found.pop() if len(found) == 1 else ASSISTED


def human_part(record: Sequence[Made]) -> str:
    """`human`, `assisted` (by a machine, throughout or in parts), `generated` throughout, `mixed`, or `unknown`.

    `mixed` is a work of which some parts were generated and others not. An empty record is unknown, never human.
    """
    makings = {row.making for row in record}
    if not makings:
        return UNKNOWN
    if len(makings) == 1:
        return makings.pop()
    return MIXED if GENERATED in makings else ASSISTED


def evidence(record: Sequence[Made]) -> dict[str, int]:
    """How many pieces of each kind of evidence show a person's part: `{"edits": 2, "prompts": 1}`, sorted."""
    kinds = [text.partition(":")[0] for row in record for text in row.evidence]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


def shares_earned(holdings: Sequence[Held], record: Sequence[Made], rules: Mapping[str, str]) -> tuple[Earned, ...]:
    """Which shares of one work are earned; `rules` says of each society what it pays for: `work` or `part`.

    By `work`, all shares are earned unless the whole was generated; by `part`, the rule also for a society that is not
    named, who holds a share for a part that was generated earns nothing for it. What is not recorded counts as made.
    Shares in recordings are no authors' shares: they are earned whoever wrote the work.
    """
    whole = human_part(record) == GENERATED and _is_whole(record)
    return tuple(
        Earned(held, _is_earned(held, record, rules.get(held.society, PART), whole=whole)) for held in holdings
    )


def _is_whole(record: Sequence[Made]) -> bool:
    """Whether the record speaks of all that authors make: the whole, or both words and music."""
    return {"lyrics", "melody"} <= {row.part for row in record} or any(row.part == "whole" for row in record)


def _is_earned(held: Held, record: Sequence[Made], unit: str, *, whole: bool) -> bool:
    if held.target_kind == "recording" or held.role in _OF_RECORDINGS:
        return True
    if whole:
        return False
    if unit == WORK or held.role not in _PARTS_OF_ROLE:
        return True
    return not all(_is_generated(part, held.party_id, record) for part in _PARTS_OF_ROLE[held.role])


def _is_generated(part: str, party_id: str, record: Sequence[Made]) -> bool:
    """Whether the part was generated, by what is recorded of that party, else by what is recorded of anybody."""
    rows = [row for row in record if row.part in {part, "whole"}]
    own = [row for row in rows if row.party_id == party_id] or rows
    return bool(own) and all(row.making == GENERATED for row in own)

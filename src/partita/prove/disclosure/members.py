"""A society's annex, member by member: what each of its holders may see of it.

A member sees the works that the member holds a share of, its own shares, and what the society itself said or licensed;
a statement that another member told the registry stays that member's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from partita.prove.disclosure.annex import SOCIETY, Annex, totals

MEMBER = "member"
_NOTHING: dict[str, Any] = {
    "statement_id": None, "carrier": "", "evidence": "", "sha256": "", "since": None, "withheld": True,
}  # fmt: skip


def members(annex: Annex, speakers: Mapping[str, str]) -> Iterator[Annex]:
    """Yields one annex per member of a society's annex, by party id; none of an annex of another kind.

    `speakers`: who made each statement, by its id. Uses are shared with the annex, never changed.
    """
    if annex.kind != SOCIETY:
        return
    held: dict[str, list[dict[str, Any]]] = {}
    names: dict[str, str] = {}
    for work in annex.data["works"]:
        for party in sorted({holder["party_id"] for holder in work["holders"]}):
            held.setdefault(party, []).append(work)
        names.update((holder["party_id"], holder["name"]) for holder in work["holders"])
    for party in sorted(held):
        works = [_work(work, party, annex.holder, speakers) for work in held[party]]
        whose = {"kind": MEMBER, "id": party, "name": names[party], "society": annex.holder}
        yield Annex(MEMBER, party, {**annex.data, "holder": whose, "totals": totals(works), "works": works})


def _work(work: Mapping[str, Any], party: str, society: str, speakers: Mapping[str, str]) -> dict[str, Any]:
    """One work as its member sees it."""
    others = {holder["party_id"] for holder in work["holders"]} - {party, society}
    uses = [
        {**use, **_NOTHING} if speakers.get(use["statement_id"] or "", "") in others else use for use in work["uses"]
    ]
    holders = [holder for holder in work["holders"] if holder["party_id"] == party]
    return {**work, "holders": holders, "uses": uses}

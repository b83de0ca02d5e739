"""The annex per rightsholder: each of its works in the manifests, with source, day, reservation, licence and claim.

A society sees its own works, its own shares in them and totals over them, and nothing from which the rest could be
computed: no other holder, no dataset, no item's number, no count of anything that is not its own. A holder who is in no
society gets an annex of its own. What is added to a manifest for others changes no byte of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import pyarrow as pa

from partita.engine.duck import Duck
from partita.prove.disclosure.counts import PACKAGE
from partita.prove.disclosure.facts import Provider, Trained
from partita.tables.training import MODALITIES

SCHEMA = "partita/training-annex/1"
SOCIETY, PARTY = "society", "party"
ROWS_AT_ONCE = 65_536
_DAYS = ("taken_on", "trained_on")
_PLAIN = (
    "source", "modality", "rule", "isrc", "iscc", "dated", "answer", "code", "answer_trained", "code_trained", "claim",
    "items",
)  # fmt: skip
_SPOKEN = ("statement_id", "carrier", "evidence", "sha256")
_PRIVATE = "registry"
"""The carrier of what a party told the registry; all others were read where anybody can read them."""


@dataclass(frozen=True, slots=True)
class Annex:
    """The annex of one holder: `kind` is `society` or `party`, `data` is what its JSON file holds."""

    kind: str
    holder: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Terms:
    """How much an annex tells: whole URLs or domains; whose each licence and each statement is; names of societies."""

    detail: str = "domain"
    licensors: Mapping[str, str] = field(default_factory=dict)
    speakers: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


def annexes(
    tables: Mapping[str, pa.Table], provider: Provider, trained: Trained, terms: Terms, as_of: str
) -> Iterator[Annex]:
    """Yields one annex per holder, in order of kind and id.

    `tables` has ITEMS, FINDINGS, SHARES and `works` (as REPERTOIRE) by name. A work without a holder stands in none.
    """
    head = {
        "schema": SCHEMA,
        "provider": dict(provider.name),
        "contact": provider.contact,
        "model": {"id": trained.id, "name": trained.name, "trained_on": trained.trained_on.isoformat()},
        "made_on": as_of,
        "detail": terms.detail,
    }
    with Duck() as duck:
        duck.put("items", tables["items"])
        duck.put("findings", tables["findings"])
        duck.put("owners", owners(tables["works"], tables["shares"]))
        duck.run(PACKAGE, "annex.sql", model=trained.id, detail=terms.detail)
        book = _Book(tables["works"], tables["shares"])
        for key, rows in groupby(_rows(duck), key=lambda row: row["holder"]):
            kind, _, holder = key.partition(":")
            works = [
                book.work(kind, holder, work_id, [_use(use, book.own(kind, holder, work_id), terms) for use in uses])
                for work_id, uses in groupby(rows, key=lambda row: row["work_id"])
            ]
            name = terms.names.get(holder) or book.names.get(holder, holder)
            whose = {"kind": kind, "id": holder, "name": name}
            yield Annex(kind, holder, {**head, "holder": whose, "totals": totals(works), "works": works, "proof": None})


def owners(works: pa.Table, shares: pa.Table) -> pa.Table:
    """Who gets which work in its annex: `holder` (`society:ID`, or `party:ID` of one in no society) and `work_id`."""
    pairs = {
        (f"{SOCIETY}:{row['society']}" if row["society"] else f"{PARTY}:{row['party_id']}", row["work_id"])
        for row in shares.select(["work_id", "party_id", "society"]).to_pylist()
    }
    pairs |= {
        (f"{SOCIETY}:{row['society']}", row["work_id"])
        for row in works.select(["work_id", "society"]).to_pylist()
        if row["society"]
    }
    ordered = sorted(pairs)
    columns = [[pair[0] for pair in ordered], [pair[1] for pair in ordered]]
    return pa.table([pa.array(column, pa.string()) for column in columns], names=["holder", "work_id"])


def totals(works: list[dict[str, Any]]) -> dict[str, Any]:
    """Counts over the holder's own works alone: items by answer, claim and modality."""
    uses = [use for work in works for use in work["uses"]]
    return {
        "works": len(works),
        "items": sum(use["items"] for use in uses),
        **{key: _tally(uses, key) for key in ("answer", "answer_trained", "claim")},
        "modality": {name: number for name in (*MODALITIES, "") if (number := _tally(uses, "modality").get(name))},
        "undated": sum(use["items"] for use in uses if not use["dated"]),
    }


def _tally(uses: list[dict[str, Any]], key: str) -> dict[str, int]:
    found: Counter[str] = Counter()
    for use in uses:
        found[use[key]] += use["items"]
    return dict(sorted(found.items()))


def _rows(duck: Duck) -> Iterator[dict[str, Any]]:
    for batch in duck.batches("SELECT * FROM uses ORDER BY ALL", batch_rows=ROWS_AT_ONCE):
        yield from batch.to_pylist()


def _use(row: Mapping[str, Any], own: frozenset[str], terms: Terms) -> dict[str, Any]:
    """One line of a work, told to a holder who is one of `own` or speaks for them.

    Licences of others, and statements that others told the registry, are theirs to know: they are withheld.
    """
    speaker = terms.speakers.get(row["statement_id"] or "", "")
    withheld = row["carrier"] == _PRIVATE and speaker not in own
    nothing: dict[str, Any] = {"statement_id": None, "carrier": "", "evidence": "", "sha256": "", "since": None}
    told = nothing if withheld else row
    return {
        **{key: row[key] for key in _PLAIN},
        **{key: row[key].isoformat() for key in _DAYS},
        **{key: told[key] for key in _SPOKEN},
        "since": told["since"] and told["since"].isoformat(),
        "withheld": withheld,
        "size": row["size"] if not row["unknown"] else None,
        "licences": sorted(name for name in row["licences"] if terms.licensors.get(name) in own),
    }


class _Book:
    """Works and shares, looked up by work; of the shares only a holder's own are ever shown."""

    def __init__(self, works: pa.Table, shares: pa.Table) -> None:
        self._works: dict[str, list[dict[str, Any]]] = {}
        for row in works.select(["work_id", "title", "iswc", "isrc", "society"]).to_pylist():
            self._works.setdefault(row["work_id"], []).append(row)
        self._shares: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
        self.names: dict[str, str] = {}
        for row in shares.to_pylist():
            kind, holder = (SOCIETY, row["society"]) if row["society"] else (PARTY, row["party_id"])
            self._shares.setdefault((kind, holder, row["work_id"]), []).append(row)
            if kind == PARTY:
                self.names.setdefault(row["party_id"], row["party_name"])

    def own(self, kind: str, holder: str, work_id: str) -> frozenset[str]:
        """The holder, and the parties whose shares of a work it collects."""
        return frozenset({holder, *(row["party_id"] for row in self._shares.get((kind, holder, work_id), []))})

    def work(self, kind: str, holder: str, work_id: str, uses: list[dict[str, Any]]) -> dict[str, Any]:
        """One work as its holder registered it, else as the first society in order did."""
        rows = sorted(self._works.get(work_id, []), key=lambda row: (row["society"] != holder, row["society"]))
        first = rows[0] if rows else {"title": "", "iswc": None, "isrc": []}
        shares = sorted(self._shares.get((kind, holder, work_id), []), key=lambda r: (r["party_id"], r["role"]))
        return {
            "work_id": work_id,
            "title": first["title"],
            "iswc": first["iswc"],
            "isrc": sorted(first["isrc"] or []),
            "holders": [
                {"party_id": r["party_id"], "name": r["party_name"], "role": r["role"], "share_ppm": r["share_ppm"]}
                for r in shares
            ],
            "items": sum(use["items"] for use in uses),
            "uses": uses,
        }

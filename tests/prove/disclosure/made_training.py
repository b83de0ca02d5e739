"""Made tables of a training run: items, findings, datasets, works and shares, with only what a test names."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from partita import tables
from partita.jobs.disclosurefile import Disclosure
from partita.prove import disclosure
from partita.tables import training

MODEL = "harbour/song-1"
TRAINED_ON = dt.date(2026, 6, 1)
PROVIDER = disclosure.Provider(
    id="harbour",
    name={"en": "Harbour Models (fictional)", "zh-Hant": "港灣模型（虛構）"},
    contact="rights@harbour.example",
    representative="not applicable",
    fictional=True,
)
TRAINED = disclosure.Trained(MODEL, "Song 1", TRAINED_ON, placed_on=dt.date(2026, 7, 1))
_ITEM: dict[str, Any] = {
    "dataset": "d", "origin": "crawled", "domain": "", "title": "", "performers": [], "writers": [], "modality": "text",
    "crawler": "", "licence_claim": "", "file": "m.jsonl", "line": 1,
}  # fmt: skip
_FINDING: dict[str, Any] = {
    "model": MODEL, "outcome": "unmatched", "rule": "", "probability": 0.0, "taken_on": TRAINED_ON, "dated": True,
    "answer": "unknown", "code": "silent", "reason": "", "carrier": "", "evidence": "", "source": "", "sha256": "",
    "allowed_ppm": 0, "trained_on": TRAINED_ON, "answer_trained": "unknown", "code_trained": "silent", "licences": [],
    "claim": "", "offers": [], "payee": "",
}  # fmt: skip


def table(rows: Sequence[Mapping[str, Any]], kind: tables.Table, base: Mapping[str, Any]) -> pa.Table:
    """Rows over `base`, with null for what neither says."""
    return pa.Table.from_pylist([{**base, **row} for row in rows], kind.schema)


def items(*rows: Mapping[str, Any]) -> pa.Table:
    """ITEMS; ids are row numbers where none is given."""
    return table([{"item_id": str(n), **row} for n, row in enumerate(rows)], training.ITEMS, _ITEM)


def findings(*rows: Mapping[str, Any]) -> pa.Table:
    """FINDINGS of items that are not matched unless a row says so."""
    numbered = [{"item_id": str(n), **row} for n, row in enumerate(rows)]
    return table(numbered, training.FINDINGS, _FINDING)


def run(*pairs: tuple[Mapping[str, Any], Mapping[str, Any]]) -> tuple[pa.Table, pa.Table]:
    """ITEMS and FINDINGS from pairs of an item and what was found of it."""
    return items(*(pair[0] for pair in pairs)), findings(*(pair[1] for pair in pairs))


def datasets(*rows: Mapping[str, Any]) -> pa.Table:
    """DATASETS."""
    base = {"title": "", "origin": "", "publisher": "", "url": "", "version": "", "licence": "", "description": "",
            "collection": [], "file": "croissant.json"}  # fmt: skip
    return table(rows, training.DATASETS, base)


def works(*rows: Mapping[str, Any]) -> pa.Table:
    """REPERTOIRE."""
    base = {"title": "", "alt_titles": [], "writers": [], "performers": [], "isrc": [], "society": ""}
    return table(rows, tables.REPERTOIRE, base)


def shares(*rows: Mapping[str, Any]) -> pa.Table:
    """SHARES."""
    return table(rows, tables.SHARES, {"party_name": "", "role": "C", "society": "", "share_ppm": 1_000_000})


def stated(text: str = "") -> dict[str, dict[str, Any]]:
    """The answers of a disclosure file."""
    return Disclosure.model_validate(tomllib.loads(text)).stated(MODEL)


def summary(
    parts: tuple[pa.Table, pa.Table],
    answers: str = "",
    as_of: dt.date = dt.date(2026, 7, 1),
    previous: Mapping[str, Any] | None = None,
    **changed: Any,
) -> dict[str, Any]:
    """The summary of the made run, as the job writes it."""
    asked = {"provider": PROVIDER, "trained": TRAINED, "stated": stated(answers), "as_of": as_of} | changed
    described = asked.pop("datasets", datasets())
    counts = disclosure.count(*parts, asked["trained"].id)
    made = disclosure.summary(counts, described, disclosure.Asked(**asked), previous)
    return {**made, "partita": "0"}

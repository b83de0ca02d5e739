"""What a training run used without being allowed to: each item with its evidence, and the uses by model and society.

An item counts where its work is known and the answer was not `allowed` on both days: that of taking and that of
training. Nothing is claimed for a society whose own licence covers its part of the item.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from partita.engine.duck import Duck

PACKAGE = "partita.clear"
TABLES = ("findings", "items", "repertoire", "shares")


@dataclass(frozen=True, slots=True)
class Uncovered:
    """`evidence`: one row an item and model. `uses`: works and items by model and society (empty: in none).

    `lapsed` in `uses`: some were allowed when taken, and no longer when trained on. `offers`: what each society offered
    on the day of taking that would license some of its uses, as `model`, `society`, `offer_id`.
    """

    evidence: pa.Table
    uses: pa.Table
    offers: pa.Table


def uncovered(tables: Mapping[str, pa.Table], licensors: Mapping[str, str]) -> Uncovered:
    """Uses without a licence, from ITEMS, FINDINGS, REPERTOIRE and SHARES by name; `licensors` by licence id."""
    names = sorted(licensors)
    columns = [pa.array(column, pa.string()) for column in (names, [licensors[name] for name in names])]
    with Duck() as duck:
        for name in TABLES:
            duck.put(name, tables[name])
        duck.put("licensors", pa.table(columns, names=["licence_id", "licensor"]))
        duck.run(PACKAGE, "uncovered.sql")
        return Uncovered(
            duck.get("SELECT * FROM evidence ORDER BY model, item_id"),
            duck.get("SELECT * FROM by_society ORDER BY model, society"),
            duck.get("SELECT * FROM offered ORDER BY model, society, offer_id"),
        )

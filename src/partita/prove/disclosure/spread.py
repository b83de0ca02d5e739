"""The spread of what was used: by language, territory, period, genre, society, country of the domain, and modality.

Each dimension divides all items, so its parts add up; what is unknown is a part of its own. A work of several societies
stands under their names together (`A + B`). Sizes are compared within a modality alone: tokens are no hours.
"""

from __future__ import annotations

import string
from functools import lru_cache
from importlib import resources
from itertools import product
from typing import Any

import pyarrow as pa
import yaml

from partita.engine.duck import Duck
from partita.prove.disclosure.counts import PACKAGE

DIMENSIONS = (
    "modality", "origin", "language", "society", "territory", "domain_country", "year_taken", "decade_of_work", "genre",
)  # fmt: skip
"""In the order in which a report shows them."""

SPREAD = pa.schema(
    [
        pa.field("dimension", pa.string()),
        pa.field("value", pa.string()),
        pa.field("modality", pa.string()),
        pa.field("items", pa.int64()),
        pa.field("size", pa.string()),
        pa.field("unknown", pa.int64()),
    ]
)
"""`size`: the exact sum in the modality's unit, as text; `unknown`: items without one; an empty `value`: unknown."""


def spread(items: pa.Table, findings: pa.Table, works: pa.Table, shares: pa.Table, model: str) -> pa.Table:
    """SPREAD of the ITEMS that `model` has FINDINGS of. `works` may have the columns `genre` (text) and `year`."""
    with Duck() as duck:
        duck.put("items", items)
        duck.put("findings", findings)
        duck.put("works", _described(works))
        duck.put("shares", shares)
        duck.put("countries", countries())
        duck.run(PACKAGE, "spread.sql", model=model)
        found = duck.get("SELECT * FROM spread ORDER BY dimension, value, modality")
    return found.select(SPREAD.names).cast(SPREAD)


def _described(works: pa.Table) -> pa.Table:
    """The columns that the spread asks of works; null where the table has none."""
    types = {"work_id": pa.string(), "society": pa.string(), "language": pa.string(), "genre": pa.string(),
             "year": pa.int64()}  # fmt: skip
    columns = [
        works.column(name).cast(kind) if name in works.column_names else pa.nulls(works.num_rows, kind)
        for name, kind in types.items()
    ]
    return pa.table(columns, names=list(types))


@lru_cache(maxsize=1)
def countries() -> pa.Table:
    """The country of each two-letter ending of domain names, where the ending is a country's word."""
    text = resources.files("partita.prove.disclosure").joinpath("countries.yaml").read_text(encoding="utf-8")
    known: dict[str, Any] = yaml.safe_load(text)
    letters = string.ascii_lowercase
    codes = {a + b: (a + b).upper() for a, b in product(letters, letters) if a + b not in known["generic"]}
    codes |= known["other"]
    return pa.table(
        {"label": pa.array(list(codes), pa.string()), "country": pa.array(list(codes.values()), pa.string())}
    )

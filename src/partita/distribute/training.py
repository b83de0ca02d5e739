"""What each work weighs in the money of a training licence: equally, by use, or by attribution with a fallback.

A licence's charge is shared out among the works that it covers. Attribution weighs a work by the outputs that it
shaped; what is attributed to nothing, or to a work that the licence does not cover, falls back as the licence says.
Items that were claimed under the licence and are not identified hold their part back, as any unmatched line does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from partita import money, tables

Split = Literal["equal_per_work", "by_use", "by_attribution"]
Fallback = Literal["by_analogy", "by_use", "equal_per_work"]
KEYS: Mapping[Split, str] = {"equal_per_work": "given", "by_use": "plays", "by_attribution": "given"}
"""How `distribute` calls each way."""

EACH = 1_000_000
"""What a work weighs where all weigh the same."""

WHOLE = 100_000_000_000
"""What the attribution weights of one charge add up to."""


@dataclass(frozen=True, slots=True)
class Part:
    """One charge to be shared out: the works it covers with their items, and the items that nobody could identify.

    `open_items`: rows of MATCHES of items claimed under the licence that are ambiguous or unmatched, by item id, and
    their titles. `versions`: how many times a work is paid for where the fee is for each version of a model; else once.
    """

    charge_id: str
    split: Split
    fallback: Fallback
    works: Mapping[str, int]
    open_items: Mapping[str, Mapping[str, Any]]
    titles: Mapping[str, str]
    versions: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shaped:
    """The value of the outputs that each work shaped, and of what is attributed to no work; in millionths of a unit."""

    by_work: Mapping[str, int]
    nobody: int


def shaped(outputs: pa.Table, model_ids: Iterable[str], *, by_income: bool) -> Shaped:
    """The outputs of these models: each counts its income (or as one), shared among the works that shaped it."""
    mine = outputs.filter(pc.is_in(outputs.column("model"), value_set=pa.array(sorted(model_ids), pa.string())))
    each: dict[tuple[str, str], list[tuple[str, int]]] = {}
    values: dict[tuple[str, str], int] = {}
    names = ("model", "output_id", "income_micro", "work_id", "weight")
    for model, output, income, work, weight in zip(*(mine.column(n).to_pylist() for n in names), strict=True):
        each.setdefault((model, output), []).append((work, weight))
        values[model, output] = (income or 0) if by_income else money.MICRO
    by_work: dict[str, int] = {}
    nobody = 0
    for output, parts in each.items():
        named = [(work, weight) for work, weight in parts if work and weight]
        value = values[output] * money.MICRO
        nobody += 0 if named else value
        for (work, _), amount in zip(named, _split(value, named), strict=True):
            by_work[work] = by_work.get(work, 0) + amount
    return Shaped(by_work, nobody)


def _split(value: int, named: Sequence[tuple[str, int]]) -> list[int]:
    return money.split_v1(value, [weight for _, weight in named]) if named else []


def weights(part: Part, found: Shaped) -> dict[str, int]:
    """Weights by attribution of the works that the charge covers; they add up to `WHOLE`, or there are none."""
    works = sorted(part.works)
    if not works:
        return {}
    direct = {work: found.by_work.get(work, 0) for work in works}
    fallen = found.nobody + sum(value for work, value in found.by_work.items() if work not in part.works)
    if part.fallback == "by_analogy" and any(direct.values()):
        total = [Fraction(direct[work]) for work in works]
    else:
        spread = [1 if part.fallback == "equal_per_work" else part.works[work] for work in works]
        # Without any output everything falls back.
        fallen = fallen or (0 if any(direct.values()) else 1)
        total = [direct[w] + fallen * Fraction(n, sum(spread)) for w, n in zip(works, spread, strict=True)]
    return dict(zip(works, _whole(total), strict=True))


def _whole(values: Sequence[Fraction]) -> list[int]:
    """`WHOLE` split by exact values: by largest remainder, so that no weight is lost."""
    scale = lcm(*(value.denominator for value in values))
    return money.split_v1(WHOLE, [int(value * scale) for value in values])


def lines(parts: Sequence[tuple[Part, Shaped]]) -> tuple[pa.Table, pa.Table]:
    """USAGE and MATCHES of all charges: one line for each work (and version), one for each item that is not identified.

    A line's licensee is the charge, so that its money goes to its own works and to no other's.
    """
    rows: list[dict[str, Any]] = []
    found: list[dict[str, Any]] = []
    for part, outputs in parts:
        given = weights(part, outputs) if part.split == "by_attribution" else dict.fromkeys(part.works, EACH)
        for work, count in sorted(part.works.items()):
            for version in range(part.versions.get(work, 1)):
                line = f"{part.charge_id}:{work}" + (f":{version + 1}" if version else "")
                rows.append(_line(part, line, part.titles.get(work, ""), count, given.get(work, 0)))
                found.append(_sure(line, work))
        if part.split != "by_attribution":
            for item, match in sorted(part.open_items.items()):
                line = f"{part.charge_id}:item:{item}"
                rows.append(_line(part, line, part.titles.get(f"item:{item}", ""), 1, _of_an_item(part)))
                found.append({**match, "line_id": line})
    usage = pa.Table.from_pylist(rows, schema=tables.USAGE.schema)
    matches = pa.Table.from_pylist(found, schema=tables.MATCHES.schema)
    return tables.conform(usage, tables.USAGE), tables.conform(matches, tables.MATCHES)


def _of_an_item(part: Part) -> int:
    """What an item that nobody identified weighs where works weigh the same: as many make a work as of the others.

    Four hundred recordings that are not identified are not four hundred works, where each work has fifty.
    """
    works = sum(part.versions.get(work, 1) for work in part.works)
    items = sum(part.works.values())
    return max(1, EACH * works // items) if items else EACH


def _line(part: Part, line: str, title: str, count: int, weight: int) -> dict[str, Any]:
    empty: dict[str, Any] = dict.fromkeys(tables.USAGE.schema.names)
    return empty | {
        "line_id": line,
        "list": "manifest",
        "licensee": part.charge_id,
        "title": title,
        "performers": [],
        "writers": [],
        "plays": count,
        "weight": weight,
        "file": "",
        "line": 0,
    }


def _sure(line: str, work: str) -> dict[str, Any]:
    return {"line_id": line, "outcome": "matched", "work_id": work, "probability": 1, "rule": "manifest",
            "candidates": [{"work_id": work, "probability": 1}]}  # fmt: skip

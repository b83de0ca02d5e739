"""Split tables: the shares of a work whose registration names roles but no shares, by the society's rule.

Reads the YAML shipped in `splits/`, or text given by the caller; otherwise tables in, tables out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from importlib import resources
from itertools import groupby
from typing import Any

import pyarrow as pa
import yaml

from partita import money, tables
from partita.errors import InputError


@dataclass(frozen=True, slots=True)
class SplitTable:
    """One society's rule: `classes` maps a class (composer, ...) to roles, `rules` the classes present to parts."""

    name: str
    classes: Mapping[str, frozenset[str]]
    rules: Mapping[frozenset[str], Mapping[str, Fraction]]

    def shares(self, roles: tuple[str, ...]) -> list[int] | None:
        """Parts per million for parties of these roles, summing to 1,000,000; None where no rule speaks of them.

        Parties of one class share its part equally; largest remainder, then the earlier party, takes what is left.
        """
        if not self.rules:
            return money.split_v1(money.PPM, [1] * len(roles))
        holders = {name: [i for i, role in enumerate(roles) if role in of] for name, of in self.classes.items()}
        present = frozenset(name for name, held in holders.items() if held)
        parts = self.rules.get(present)
        if parts is None or any(not any(i in held for held in holders.values()) for i in range(len(roles))):
            return None
        exact = [Fraction(0)] * len(roles)
        for name, part in parts.items():
            for i in holders[name]:
                exact[i] += part / len(holders[name])
        scale = math.lcm(*(part.denominator for part in exact))
        return money.split_v1(money.PPM, [int(part * scale) for part in exact])


EQUAL = SplitTable("equal", {}, {})
"""No rule at all: every party the same part, whatever its role."""


def load(text: str, *, file: str = "") -> SplitTable:
    """A split table from YAML text (see `splits/tw-default.yaml`). Raises InputError where it does not add up."""
    try:
        data = yaml.safe_load(text)
        classes = {str(name): frozenset(map(str, roles)) for name, roles in data["classes"].items()}
        rules = [{str(name): money.exact(str(part)) for name, part in rule["parts"].items()} for rule in data["rules"]]
        name = str(data["id"])
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise InputError(
            f"not a split table: {error}", file=file, mend="It needs id, classes and rules with parts"
        ) from None
    for parts in rules:
        if sum(parts.values()) != 1 or min(parts.values()) < 0 or not parts.keys() <= classes.keys():
            said = ", ".join(f"{n} {p}" for n, p in parts.items())
            raise InputError(
                f"the rule {said} does not add up to 1 over known classes", file=file, mend="Correct its parts"
            )
    return SplitTable(name, classes, {frozenset(parts): parts for parts in rules})


def shipped(name: str = "tw-default") -> SplitTable:
    """A split table that comes with Partita. Raises InputError where there is none of that name."""
    folder = resources.files("partita.distribute").joinpath("splits")
    names = sorted(f.name.removesuffix(".yaml") for f in folder.iterdir() if f.name.endswith(".yaml"))
    if name not in names:
        raise InputError(f"no split table is called {name}", mend=f"There are: {', '.join(names)}")
    return load(folder.joinpath(f"{name}.yaml").read_text(encoding="utf-8"), file=f"{name}.yaml")


def fill(shares: pa.Table, rules: Mapping[str, SplitTable], *, else_equal: bool = False) -> pa.Table:
    """SHARES, with those of works that state none (all null or zero) taken from the table of each row's society.

    `rules`: society to split table; the entry `""` speaks for societies not named. A work with any stated share stays
    as it is, and so does one whose roles no rule knows: `distribute` then holds its money under `no_shares`.
    """
    at = shares.column_names.index("share_ppm")
    stated = shares.column(at).cast(pa.int64()).fill_null(0)
    rows = shares.set_column(at, tables.SHARES.schema.field("share_ppm"), stated).to_pylist()
    order = sorted(range(len(rows)), key=lambda i: _key(rows[i]))
    parts: dict[tuple[str, tuple[str, ...]], list[int] | None] = {}
    fallback = EQUAL if else_equal else None
    for _, indices in groupby(order, key=lambda i: rows[i]["work_id"]):
        _fill_work([rows[i] for i in indices], rules, fallback, parts)
    filled = pa.array([row["share_ppm"] for row in rows], pa.int64())
    return shares.set_column(at, tables.SHARES.schema.field("share_ppm"), filled)


def _key(row: dict[str, Any]) -> tuple[str, ...]:
    return (row["work_id"], row["society"], row["party_id"], row["role"])


def _fill_work(
    rows: list[dict[str, Any]],
    rules: Mapping[str, SplitTable],
    fallback: SplitTable | None,
    parts: dict[tuple[str, tuple[str, ...]], list[int] | None],
) -> None:
    if any(row["share_ppm"] for row in rows):
        return
    roles = tuple(row["role"] for row in rows)
    for i, row in enumerate(rows):
        table = rules.get(row["society"], rules.get("", fallback))
        if table is not None:
            if (table.name, roles) not in parts:
                parts[table.name, roles] = table.shares(roles)
            found = parts[table.name, roles]
            row["share_ppm"] = found[i] if found else 0

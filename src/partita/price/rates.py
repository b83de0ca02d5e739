"""Reproduction rate (重製率) and play rate (點播率) of each operator and society, under each party's assumptions.

A pure function of tables: catalogues and play logs with what `identify` said of them, and the societies' shares, to
counts, scenarios and rates. Every figure is a whole number with its part and its whole; every division truncates.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from partita import tables
from partita.engine.duck import Duck

Side = Literal["in", "out"]
PARTIES = ("authority", "society", "licensee")

MILLION = 1_000_000
"""Parts are counted in millionths of a song or play."""

CHOICES: dict[str, tuple[str, ...]] = {
    "foreign": ("in", "out"),
    "ambiguous": ("against", "for", "out"),
    "unmatched": ("in", "out"),
    "quarantined": ("in", "out"),
    "matching": ("identified", "title"),
    "counting": ("whole", "share"),
}
"""Every assumption about which parties differ, and what each may be."""

HELD = pa.schema([("rate", pa.string()), ("operator", pa.string()), ("lines", pa.int64()), ("plays", pa.int64())])
"""Quarantined rows by rate and operator."""

TITLES = pa.schema([("rate", pa.string()), ("line_id", pa.string()), ("work_id", pa.string())])
"""Works that have a line's title, whoever wrote them: what matching by title alone finds."""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What one party counts; see `tables.SCENARIOS` for the meaning of each."""

    foreign: Side = "out"
    ambiguous: Literal["against", "for", "out"] = "against"
    unmatched: Side = "in"
    quarantined: Side = "out"
    matching: Literal["identified", "title"] = "identified"
    counting: Literal["whole", "share"] = "whole"

    @property
    def scenario(self) -> str:
        """The scenario's id."""
        return "/".join(str(getattr(self, name)) for name in CHOICES)


AUTHORITY = Assumptions()
SOCIETY = Assumptions(ambiguous="for", unmatched="out", matching="title")
LICENSEE = Assumptions(foreign="in", quarantined="in", counting="share")
"""What each party would say if it said nothing; a job may state otherwise."""


@dataclass(frozen=True, slots=True)
class RatesPolicy:
    """Each party's own assumptions, and the rules of `identify` that mean `in a foreign language`."""

    authority: Assumptions = AUTHORITY
    society: Assumptions = SOCIETY
    licensee: Assumptions = LICENSEE
    foreign_rules: tuple[str, ...] = ("language",)

    def of(self, party: str) -> Assumptions:
        """The assumptions of a party."""
        found: Assumptions = getattr(self, party)
        return found


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the lists: quarantined rows (HELD), what title alone finds (TITLES), and societies to name.

    Without `titles` no scenario matches by title; a society that is named has a rate even if it has no share.
    """

    held: pa.Table | None = None
    titles: pa.Table | None = None
    societies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rates:
    """COVERAGE, SCENARIOS and RATES."""

    coverage: pa.Table
    scenarios: pa.Table
    rates: pa.Table


def rates(
    catalogue_matches: pa.Table,
    catalogue: pa.Table,
    play_matches: pa.Table,
    usage: pa.Table,
    shares: pa.Table,
    policy: RatesPolicy,
    beside: Beside | None = None,
) -> Rates:
    """Rates of each operator (`licensee` of the lines) and society, under every combination of assumptions.

    `catalogue` and `usage` are USAGE (a catalogue's song counts once, whatever its plays say), the matches MATCHES,
    `shares` SHARES. A society counts a work `whole` if it has any share of it. Out-of-scope lines other than
    foreign-language ones are in no whole. Counts are exact, rates are truncated parts per million.
    """
    beside = beside or Beside()
    held, titles = beside.held, beside.titles
    with Duck() as duck:
        line = pa.concat_tables(
            [
                _lines("reproduction", _once(catalogue), catalogue_matches, policy),
                _lines("play", usage, play_matches, policy),
            ]
        )
        chance = pa.concat_tables([_chances("reproduction", catalogue_matches), _chances("play", play_matches)])
        duck.put("line", line)
        duck.put("chance", chance)
        duck.put("title", TITLES.empty_table() if titles is None else titles.cast(TITLES))
        duck.put("claim", shares.select(["work_id", "society", "share_ppm"]))
        duck.put("society", _societies(shares, beside.societies))
        duck.put("held", HELD.empty_table() if held is None else held.cast(HELD))
        duck.put("setting", _settings(with_titles=titles is not None))
        duck.put("party", _parties(policy, with_titles=titles is not None))
        duck.run("partita.price", "rates.sql")
        return Rates(
            coverage=tables.conform(duck.get("SELECT * FROM coverage ORDER BY rate, operator, fate"), tables.COVERAGE),
            scenarios=tables.conform(duck.get("SELECT * FROM scenario"), tables.SCENARIOS),
            rates=tables.conform(duck.get("SELECT * FROM rated"), tables.RATES),
        )


def _once(catalogue: pa.Table) -> pa.Table:
    ones = pa.array([1] * catalogue.num_rows, pa.int64())
    return catalogue.set_column(catalogue.column_names.index("plays"), "plays", ones)


def _lines(rate: str, lines: pa.Table, matches: pa.Table, policy: RatesPolicy) -> pa.Table:
    foreign = pc.is_in(matches.column("rule"), value_set=pa.array(policy.foreign_rules, pa.string()))
    found = matches.select(["line_id", "outcome"]).append_column("is_foreign", foreign)
    joined = lines.select(["line_id", "licensee", "plays"]).join(found, "line_id", join_type="left outer")
    return pa.table(
        {
            "rate": pa.array([rate] * joined.num_rows, pa.string()),
            "operator": joined.column("licensee"),
            "line_id": joined.column("line_id"),
            "plays": joined.column("plays"),
            "outcome": pc.fill_null(joined.column("outcome"), "unmatched"),
            "is_foreign": pc.fill_null(joined.column("is_foreign"), fill_value=False),
        }
    )


def _chances(rate: str, matches: pa.Table) -> pa.Table:
    """Each line's work, or each of the works that an ambiguous line may be."""
    sure = matches.filter(pc.equal(matches.column("outcome"), "matched"))
    unsure = matches.filter(pc.equal(matches.column("outcome"), "ambiguous")).combine_chunks()
    column = unsure.column("candidates")
    parents = pc.list_parent_indices(column)
    works = pc.struct_field(pc.list_flatten(column), "work_id")
    lines = [*sure.column("line_id").chunks, *unsure.column("line_id").take(parents).chunks]
    found = [*sure.column("work_id").chunks, *works.chunks]
    count = sum(len(chunk) for chunk in lines)
    return pa.table(
        [
            pa.array([rate] * count, pa.string()),
            pa.chunked_array(lines, pa.string()),
            pa.chunked_array(found, pa.string()),
        ],
        schema=TITLES,
    )


def _societies(shares: pa.Table, named: tuple[str, ...]) -> pa.Table:
    found = {name for name in pc.unique(shares.column("society")).to_pylist() if name}
    return pa.table({"society": pa.array(sorted(found | set(named)), pa.string())})


def _settings(*, with_titles: bool) -> pa.Table:
    rows = [
        dict(zip(CHOICES, chosen, strict=True))
        for chosen in product(*CHOICES.values())
        if with_titles or "title" not in chosen
    ]
    columns = {name: [row[name] for row in rows] for name in CHOICES}
    columns["foreign_language"] = columns.pop("foreign")
    return pa.table({"scenario": [Assumptions(**row).scenario for row in rows], **columns})  # type: ignore[arg-type]


def _parties(policy: RatesPolicy, *, with_titles: bool) -> pa.Table:
    scenarios = [policy.of(party).scenario for party in PARTIES]
    if not with_titles:
        scenarios = [text.replace("/title/", "/identified/") for text in scenarios]
    return pa.table({"party": list(PARTIES), "scenario": scenarios})

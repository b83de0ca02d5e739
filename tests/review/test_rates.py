"""Rates: what is counted and left out, under every combination of assumptions, against a slow oracle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partita import tables
from partita.price import rates

WORKS = {
    "W1": {"NORTH": 1_000_000},
    "W2": {"NORTH": 500_000, "SOUTH": 500_000},
    "W3": {"SOUTH": 333_333, "EAST": 666_667},
    "W4": {"SOUTH": 1_200_000},
    "W5": {},
}
SOCIETIES = ("EAST", "NORTH", "SOUTH", "WEST")
OPERATORS = ("A", "B")


@dataclass(frozen=True)
class Line:
    """A line with what identify said of it, and the works of its title."""

    operator: str
    plays: int
    outcome: str
    rule: str
    works: tuple[str, ...]
    titled: tuple[str, ...]


def usage(lines: list[Line]) -> pa.Table:
    """USAGE of the lines."""
    empty: dict[str, Any] = {"performers": [], "writers": [], "list": "", "title": "t", "file": "f", "line": 1}
    rows = [
        {
            **dict.fromkeys(tables.USAGE.schema.names),
            **empty,
            "line_id": str(i),
            "licensee": x.operator,
            "plays": x.plays,
        }
        for i, x in enumerate(lines)
    ]
    return pa.Table.from_pylist(rows, schema=tables.USAGE.schema)


def matches(lines: list[Line]) -> pa.Table:
    """MATCHES of the lines."""
    rows = [
        {
            "line_id": str(i),
            "outcome": x.outcome,
            "work_id": x.works[0] if x.outcome == "matched" else None,
            "probability": 0.5,
            "rule": x.rule,
            "candidates": [{"work_id": w, "probability": 0.5} for w in x.works],
        }
        for i, x in enumerate(lines)
    ]
    return pa.Table.from_pylist(rows, schema=tables.MATCHES.schema)


def titles(lines: list[Line], rate: str) -> pa.Table:
    """TITLES of the lines."""
    rows = [{"rate": rate, "line_id": str(i), "work_id": w} for i, x in enumerate(lines) for w in x.titled]
    return pa.Table.from_pylist(rows, schema=rates.TITLES)


def shares() -> pa.Table:
    """SHARES of the works."""
    rows = [
        {"work_id": w, "party_id": s, "party_name": s, "role": "W", "society": s, "share_ppm": ppm}
        for w, owners in WORKS.items()
        for s, ppm in owners.items()
    ]
    return pa.Table.from_pylist(rows, schema=tables.SHARES.schema)


def held(rows: dict[tuple[str, str], tuple[int, int]]) -> pa.Table:
    """HELD by rate and operator."""
    found = [{"rate": r, "operator": o, "lines": n, "plays": p} for (r, o), (n, p) in rows.items()]
    return pa.Table.from_pylist(found, schema=rates.HELD)


def run(
    catalogue: list[Line], log: list[Line], bad: dict[tuple[str, str], tuple[int, int]] | None = None
) -> rates.Rates:
    """The stage over lines."""
    beside = rates.Beside(
        held=held(bad or {}),
        titles=pa.concat_tables([titles(catalogue, "reproduction"), titles(log, "play")]),
        societies=SOCIETIES,
    )
    found = matches(catalogue), usage(catalogue), matches(log), usage(log)
    return rates.rates(*found, shares(), rates.RatesPolicy(), beside)


def oracle(lines: list[Line], society: str, chosen: dict[str, str], bad: int, *, once: bool) -> tuple[int, int]:
    """Part and whole of one operator's lines, the slow way."""
    part, whole = 0, bad if chosen["quarantined"] == "in" else 0
    for x in lines:
        plays = 1 if once else x.plays
        by_title = chosen["matching"] == "title" and bool(x.titled) and x.outcome != "out_of_scope"
        outcome = "matched" if by_title else x.outcome
        if outcome == "out_of_scope":
            whole += plays if x.rule == "language" and chosen["foreign"] == "in" else 0
            continue
        if (outcome, chosen["unmatched"]) == ("unmatched", "out") or (outcome, chosen["ambiguous"]) == (
            "ambiguous",
            "out",
        ):
            continue
        whole += plays
        if outcome == "matched" or (outcome == "ambiguous" and chosen["ambiguous"] == "for"):
            works = (x.works if x.outcome in ("matched", "ambiguous") else ()) + (x.titled if by_title else ())
            most = max((min(WORKS[w].get(society, 0), 1_000_000) for w in works), default=0)
            part += plays * ((1_000_000 if most else 0) if chosen["counting"] == "whole" else most)
    return part, whole


@st.composite
def lines(draw: st.DrawFn) -> Line:
    """Any line."""
    outcome = draw(st.sampled_from(["matched", "ambiguous", "unmatched", "out_of_scope"]))
    some = st.lists(st.sampled_from(sorted(WORKS)), min_size=1, max_size=3, unique=True)
    works = draw(some) if outcome in ("matched", "ambiguous") else []
    titled = draw(st.one_of(st.just([]), some))
    return Line(
        draw(st.sampled_from(OPERATORS)),
        draw(st.integers(1, 10**9)),
        outcome,
        draw(st.sampled_from(["language", "territory"])) if outcome == "out_of_scope" else "title",
        tuple(works[:1] if outcome == "matched" else works),
        tuple(titled),
    )


def combinations() -> Iterator[dict[str, str]]:
    """Every combination of assumptions."""
    yield from (dict(zip(rates.CHOICES, values, strict=True)) for values in product(*rates.CHOICES.values()))


@settings(max_examples=12)
@given(st.lists(lines(), max_size=8), st.lists(lines(), max_size=8), st.integers(0, 3))
def test_every_scenario_is_what_slow_counting_gives(catalogue: list[Line], log: list[Line], bad: int) -> None:
    """Part, whole and truncated rate of each operator and society, for all combinations of assumptions."""
    missing = {("play", "A"): (bad, 7 * bad), ("reproduction", "B"): (bad, bad)} if bad else {}
    found = run(catalogue, log, missing)
    rows = [r for r in found.scenarios.to_pylist() if r["level"] == "operator"]
    for row in rows:
        own = [x for x in (log if row["rate"] == "play" else catalogue) if x.operator == row["operator"]]
        lost = missing.get((row["rate"], row["operator"]), (0, 0))[1]
        part, whole = oracle(own, row["society"], row, lost, once=row["rate"] == "reproduction")
        assert (row["part"], row["whole"]) == (part, whole)
        assert row["rate_ppm"] == (part // whole if whole else None)
        assert part <= whole * 1_000_000
    seen = {("reproduction", x.operator) for x in catalogue} | {("play", x.operator) for x in log} | set(missing)
    assert len(rows) == len(seen) * len(SOCIETIES) * len(list(combinations()))


@settings(max_examples=6)
@given(st.lists(lines(), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_nothing(log: list[Line], dice: Any) -> None:
    """Shuffled tables give identical tables."""
    beside = rates.Beside(titles=titles(log, "play"), societies=SOCIETIES)
    order = list(range(len(log)))
    dice.shuffle(order)
    tables_ = matches(log), usage(log)
    shuffled = [table.take(order) for table in tables_]
    none = matches([]), usage([])
    first = rates.rates(*none, *tables_, shares(), rates.RatesPolicy(), beside)
    again = rates.rates(*none, *shuffled, shares(), rates.RatesPolicy(), beside)
    assert first == again


def test_each_line_has_one_fate() -> None:
    """Coverage counts every line once, with the quarantined ones, and tells foreign-language from out of scope."""
    log = [
        Line("A", 5, "matched", "title", ("W1",), ()),
        Line("A", 7, "ambiguous", "title", ("W1", "W3"), ()),
        Line("A", 11, "unmatched", "none", (), ()),
        Line("A", 13, "out_of_scope", "language", (), ()),
        Line("A", 17, "out_of_scope", "territory", (), ()),
    ]
    found = run([], log, {("play", "A"): (2, 19)}).coverage.to_pylist()
    assert {row["fate"]: (row["lines"], row["plays"]) for row in found} == {
        "matched": (1, 5), "ambiguous": (1, 7), "unmatched": (1, 11), "foreign_language": (1, 13),
        "out_of_scope": (1, 17), "quarantined": (2, 19),
    }  # fmt: skip


def test_each_party_is_shown_its_own_scenario() -> None:
    """RATES holds for each party the row of SCENARIOS that it assumes, and the reach of all of them."""
    log = [Line("A", 5, "matched", "title", ("W2",), ()), Line("A", 7, "ambiguous", "title", ("W1",), ("W1",))]
    found = run([], log)
    scenarios = {
        (r["rate"], r["level"], r["operator"], r["society"], r["scenario"]): r for r in found.scenarios.to_pylist()
    }
    for row in found.rates.to_pylist():
        same = scenarios[row["rate"], row["level"], row["operator"], row["society"], row["scenario"]]
        assert (row["part"], row["whole"], row["rate_ppm"]) == (same["part"], same["whole"], same["rate_ppm"])
        if row["rate_ppm"] is not None:
            assert row["low_ppm"] <= row["rate_ppm"] <= row["high_ppm"]
    north = {
        r["party"]: r["rate_ppm"] for r in found.rates.to_pylist() if r["level"] == "pooled" and r["society"] == "NORTH"
    }
    assert north == {"authority": 5_000_000 // 12, "society": 1_000_000, "licensee": 2_500_000 // 12}


def test_the_mean_is_the_operators_rates_averaged_and_the_pool_is_not() -> None:
    """Two operators of unlike size: pooled by plays, averaged by rate, both truncated."""
    log = [
        Line("A", 999, "matched", "title", ("W1",), ()), Line("A", 1, "unmatched", "none", (), ()),
        Line("B", 1, "unmatched", "none", (), ()),
    ]  # fmt: skip
    rows = {
        row["level"]: row["rate_ppm"]
        for row in run([], log).rates.to_pylist()
        if (row["society"], row["party"], row["operator"]) == ("NORTH", "authority", "")
    }
    assert rows == {"pooled": 999_000_000 // 1001, "mean": 499_500}


def test_a_society_without_a_work_has_a_rate_of_nothing() -> None:
    """A society that is named but manages nothing here is shown with 0, and with no rate where nothing was counted."""
    log = [Line("A", 5, "matched", "title", ("W1",), ())]
    rows = [row for row in run([], log).rates.to_pylist() if row["society"] == "WEST"]
    assert {row["rate_ppm"] for row in rows} == {0}
    nothing = [Line("A", 5, "out_of_scope", "language", (), ())]
    rows = [row for row in run([], nothing).rates.to_pylist() if row["party"] == "authority"]
    assert {row["rate_ppm"] for row in rows} == {None}


def test_without_titles_no_scenario_matches_by_title() -> None:
    """Where title alone was not looked for, the society's own scenario falls back to what was identified."""
    log = [Line("A", 5, "matched", "title", ("W1",), ())]
    beside = rates.Beside(societies=SOCIETIES)
    found = rates.rates(matches([]), usage([]), matches(log), usage(log), shares(), rates.RatesPolicy(), beside)
    assert set(found.scenarios.column("matching").to_pylist()) == {"identified"}
    assert {row["party"] for row in found.rates.to_pylist()} == set(rates.PARTIES)


def test_too_many_plays_are_refused_not_wrapped() -> None:
    """A count that leaves 64 bits stops the stage: no figure is ever silently wrong."""
    log = [Line("A", 2**62, "matched", "title", ("W1",), ())]
    with pytest.raises(Exception, match=r"(?i)out of range|overflow"):
        run([], log)

"""The what-if's charts: income at risk by share, where the money goes, members, repertoires, who falls below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from partita.formats import charts

_WIDTH = 960
_UNIT = 1_000_000
_KINDS = {"paid": "#b8650f", "unpaid": "#2b5c8a"}
_PARTS = {"people": "#2b5c8a", "recorded": "#7a6bb0", "generated": "#b8650f", "suspense": "#8a97a3"}

Rows = Sequence[Mapping[str, Any]]
Words = Mapping[str, str]


def risk(rows: Rows, t: Words, currency: str) -> Markup:
    """One bar a scenario, what people's works lose in it, under the heading of how generated works are treated."""
    bars = [
        charts.Bar(
            row["label"],
            -row["people_change_micro"] / _UNIT,
            f"{row['lost']} ({row['change']})" if row["people_change_micro"] else f"{currency} 0",
            row["kind"],
            t[f"kind_{row['kind']}"],
        )
        for row in rows
        if row["kind"] in _KINDS
    ]
    return charts.bar(bars, title=t["at_risk"], colours=_KINDS, width=_WIDTH)


def where(rows: Rows, t: Words) -> Markup:
    """One bar a scenario, made of where the money goes; a settlement with refunds is not drawn."""
    kept = [part for part in _PARTS if any(row[f"{part}_micro"] for row in rows)]
    if any(row[f"{part}_micro"] < 0 for row in rows for part in kept):
        return Markup("")
    stacks = []
    for row in rows:
        whole = row["collected_micro"] or 1
        parts = tuple((t[part], row[f"{part}_micro"] / _UNIT, _percent(row[f"{part}_micro"], whole)) for part in kept)
        stacks.append(charts.Stack(row["name"], parts))
    colours = {t[part]: _PARTS[part] for part in kept}
    drawn = charts.stacked_bar(stacks, title=t["where_title"], colours=colours, width=_WIDTH)
    return charts.legend(colours) + drawn


def _percent(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)} %"


def members(rows: Rows, title: str, kind: str) -> Markup:
    """One bar a payee: what it loses."""
    bars = [
        charts.Bar(
            row["party_name"] or row["party_id"],
            -row["gross_change_micro"] / _UNIT,
            f"{row['lost']} ({row['gross_percent']})",
            kind,
        )
        for row in rows
    ]
    return charts.bar(bars, title=title, width=_WIDTH, colours=_KINDS, labels=56)


def repertoires(rows: Rows, last: Sequence[Mapping[str, str]], t: Words) -> Markup:
    """For each language under the heading of its society a bar for each kind of scenario: what it loses."""
    colours = {one["name"]: _KINDS[one["kind"]] for one in last}
    bars = [
        charts.Bar(
            row["language"] if one is last[0] else "",
            -row["changes"][one["scenario"]] / _UNIT,
            row["lost"][one["scenario"]],
            one["name"],
            row["society_name"],
        )
        for row in rows
        for one in last
        if one is last[0] or row["changes"][one["scenario"]]
    ]
    return charts.legend(colours) + charts.bar(bars, title=t["chart_repertoires"], width=_WIDTH, colours=colours)


def below(rows: Rows, t: Words) -> Markup:
    """One bar a scenario: how many payees fall under the minimum payout."""
    bars = [
        charts.Bar(row["label"], row["payees_below"], f"{row['payees_below']:,}", row["kind"], t[f"kind_{row['kind']}"])
        for row in rows
        if row["kind"] in _KINDS
    ]
    return charts.bar(bars, title=t["below_chart"], colours=_KINDS, width=_WIDTH)

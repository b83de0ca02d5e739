"""The report's part on how the works were made: plays and money by month of use, of people's and of machines' works."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from partita.formats import charts
from partita.formats.pages import cells
from partita.formats.pages.view import RunView

ORDER = ("human", "assisted", "generated", "unknown")
MONTHS_MOST = 24
"""Months that are shown, the last ones; what comes before is counted and is in the file."""

_COLOURS = dict(zip(ORDER, ("#2b5c8a", "#7a6bb0", "#b8650f", "#6b7785"), strict=True))
_MEASURES = (("by_plays", "plays"), ("by_money", "amount_micro"))


def figures(run: RunView) -> dict[str, Any]:
    """Months with their makings, the whole of each making, and what is left out; no rows where nothing is known."""
    rows = sorted(run.making_shares.to_pylist(), key=lambda row: (row["month"], ORDER.index(row["making"])))
    months = list(dict.fromkeys(row["month"] for row in rows))
    shown = set(months[-MONTHS_MOST:])
    whole = {
        making: {name: sum(row[name] for row in rows if row["making"] == making) for _, name in _MEASURES}
        for making in ORDER
        if any(row["making"] == making for row in rows)
    }
    kept = [
        {**row, "of_plays": _sum(rows, row["month"], "plays"), "of_micro": _sum(rows, row["month"], "amount_micro")}
        for row in rows
        if row["month"] in shown
    ]
    sums = {name: sum(made[name] for made in whole.values()) for _, name in _MEASURES}
    return {"rows": kept, "whole": whole, "sums": sums, "rest": len(rows) - len(kept), "all": len(rows)}


def _sum(rows: list[dict[str, Any]], month: str, name: str) -> int:
    return sum(row[name] for row in rows if row["month"] == month)


def chart(found: dict[str, Any], t: dict[str, str], *, money: bool) -> Markup:
    """Stacked bars, one a month, by plays and, where `money`, by money; empty where there is nothing to draw.

    The money of a run that adjusts another is a difference, which may be above and below zero: it is not drawn.
    """
    stacks = []
    for label, name in _MEASURES if money else _MEASURES[:1]:
        for month in dict.fromkeys(row["month"] for row in found["rows"]):
            rows = [row for row in found["rows"] if row["month"] == month and row[name] > 0]
            whole = sum(row[name] for row in rows)
            parts = tuple((t[f"making_{row['making']}"], row[name] / whole, _part(row[name], whole)) for row in rows)
            if parts:
                stacks.append(charts.Stack(month or t["no_day"], parts, "", t[label]))
    if not stacks:
        return Markup("")
    colours = {t[f"making_{making}"]: _COLOURS[making] for making in ORDER if making in found["whole"]}
    drawn = charts.stacked_bar(stacks, title=t["makings"], axis_format=".0%", colours=colours, width=900)
    return charts.legend(colours) + drawn


def _part(value: int, whole: int) -> str:
    return f"{cells.ratio(value, whole)} %"

"""The charts of a training run's report; a table with the same figures stands beside each."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from partita import money
from partita.formats import charts
from partita.formats.pages import cells
from partita.formats.training_pages.figures import ANSWERS, BARS, OUTCOMES, STATES, whole_units
from partita.formats.training_pages.view import TrainingView

_BLUE, _RED, _GREY, _ORANGE, _GREEN = "#2b5c8a", "#b5473c", "#9aa5b1", "#e0872b", "#3c8d6e"
_ANSWERS = dict(zip(ANSWERS, (_GREEN, _RED, _GREY), strict=True))
_OUTCOMES = dict(zip(OUTCOMES, (_BLUE, "#b8650f", _GREY), strict=True))
_STATES = dict(zip(STATES, (_RED, _ORANGE, _GREY, _GREEN), strict=True))
_WIDTH = 900

Words = dict[str, str]


def drawn(found: dict[str, Any], view: TrainingView, t: Words, language: str) -> dict[str, Any]:
    """Every chart of the report by name; empty where there is nothing to draw."""
    return {
        "outcomes": _by_model(found, t, _OUTCOMES, "outcome", "what_was_found"),
        "states": _states(found, t),
        "months": {model.id: _months(found["months"][model.id]["rows"], t) for model in view.models},
        "domains": _bars(found["domains"]["rows"], "domain", "refused", t["worst_domains"]),
        "used_works": _bars(found["used_works"]["rows"], "title", "items", t["most_used_works"]),
        "societies": _societies(found, view, t, language),
        "payees": _payees(found, view, t),
    }


def _by_model(found: dict[str, Any], t: Words, colours: dict[str, str], kind: str, title: str) -> Markup:
    """One bar a model: its items by outcome, as parts of the whole."""
    named = {t[f"{kind}_{key}"]: colour for key, colour in colours.items()}
    rows = [
        charts.Stack(
            row["about"].name,
            tuple(_part(t[f"{kind}_{key}"], row[key], row["items"]) for key in colours if row[key]),
            f"{row['items']:,}",
        )
        for row in found["models"]
        if row["items"]
    ]
    return _stacked(rows, named, t[title], ".0%")


def _states(found: dict[str, Any], t: Words) -> Markup:
    """One bar a model: reserved when taken, only later, open, allowed on both days."""
    named = {t[f"state_{key}"]: colour for key, colour in _STATES.items()}
    rows = [
        charts.Stack(
            row["about"].name,
            tuple(_part(t[f"state_{key}"], n, row["items"]) for key, n in row["states"].items() if n),
            f"{row['items']:,}",
        )
        for row in found["models"]
        if row["items"]
    ]
    return _stacked(rows, named, t["two_days"], ".0%")


def _months(rows: list[dict[str, Any]], t: Words) -> Markup:
    """One bar a month of taking: items by their answer on their day."""
    named = {t[f"answer_{key}"]: colour for key, colour in _ANSWERS.items()}
    stacks = [
        charts.Stack(
            row["month"] or t["no_day"],
            tuple((t[f"answer_{key}"], row[key], f"{row[key]:,}") for key in ANSWERS if row[key]),
            f"{row['items']:,}",
        )
        for row in rows
    ]
    return _stacked(stacks, named, t["by_month"], ",.0f")


def _part(name: str, part: int, whole: int) -> tuple[str, float, str]:
    return name, part / whole, f"{cells.ratio(part, whole)} %"


def _stacked(rows: list[charts.Stack], colours: dict[str, str], title: str, axis_format: str) -> Markup:
    if not rows:
        return Markup("")
    shown = charts.stacked_bar(rows, title=title, axis_format=axis_format, colours=colours, width=_WIDTH)
    return charts.legend(colours) + shown


def _bars(rows: list[dict[str, Any]], label: str, value: str, title: str) -> Markup:
    bars = [charts.Bar(row[label], row[value], f"{row[value]:,}") for row in rows]
    return charts.bar(bars, title=title, width=_WIDTH) if bars else Markup("")


def _societies(found: dict[str, Any], view: TrainingView, t: Words, language: str) -> Markup:
    """One bar a society: where its money went."""
    parts = (("paid", "paid_micro"), ("carried", "carried_micro"), ("fees", "fee_micro"), ("funds", "fund_micro"),
             ("suspense", "suspense_micro"))  # fmt: skip
    rows = found["societies"]["rows"][:BARS]
    used = [(t[name], column) for name, column in parts if any(row[column] > 0 for row in rows)]
    stacks = [
        charts.Stack(
            view.run.society(row["society"], language) or t["no_society"],
            tuple((name, row[column] / money.MICRO, "") for name, column in used if row[column] > 0),
            whole_units(sum(row[column] for _, column in used), view.run.currency),
        )
        for row in rows
    ]
    return _stacked(stacks, charts.palette(name for name, _ in used), t["chart_societies"], ",.0f")


def _payees(found: dict[str, Any], view: TrainingView, t: Words) -> Markup:
    bars = [
        charts.Bar(
            row["party_name"], row["gross_micro"] / money.MICRO, whole_units(row["gross_micro"], view.run.currency)
        )
        for row in found["payees"]["rows"]
    ]
    return charts.bar(bars, title=t["top_payees"], width=_WIDTH) if bars else Markup("")

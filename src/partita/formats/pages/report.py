"""`report.html`: one page that a manager reads in two minutes. Tops of lists, and a count of the rest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from markupsafe import Markup

from partita import money
from partita.engine.duck import Duck
from partita.formats import charts
from partita.formats.pages import cells, makings, render, review_queue, session, text, totals
from partita.formats.pages.view import RunView

MOST = 20
"""Rows of a list that can grow; what is left out is counted and is in a file."""

_BARS = 10
OPEN = 10
_ORDER = ("matched", "unpaid_work", "ambiguous", "unmatched", "out_of_scope", "quarantined", "no_usage")
_PASSED_ON = "collected_micro <> suspense_micro + gross_micro"
_ALWAYS = ("matched", "ambiguous", "unmatched", "out_of_scope")
_COLOURS = dict(zip(_ORDER, ("#2b5c8a", "#7a6bb0", "#b8650f", "#b5473c", "#6b7785", "#a34a7d", "#5f7f2f"), strict=True))


def write(folder: Path, duck: Duck, run: RunView, languages: tuple[str, ...], links: dict[str, Any]) -> list[Path]:
    """Writes the report in each language; `links` holds paths of the run folder's other files. Needs `queue`."""
    duck.run(session.PACKAGE, "report.sql", day=run.day.isoformat())
    found = _figures(duck, run)
    return [
        render.write(
            folder / render.plain_name("report", language, languages),
            "report.html",
            language,
            run=run,
            stem="report",
            languages=languages,
            links=links,
            most=MOST,
            charts=_charts(found, run, language),
            **found,
        )
        for language in languages
    ]


def _figures(duck: Duck, run: RunView) -> dict[str, Any]:
    sums = totals.of(run, duck)
    outcomes = _outcomes(duck)
    whole = {name: sum(row[name] for row in outcomes) for name in ("lines", "plays", "amount_micro")}
    return {
        "sums": sums,
        "outcomes": outcomes,
        "whole": whole,
        "matched": next(row for row in outcomes if row["outcome"] == "matched"),
        "reasons": session.rows(duck, "SELECT * FROM by_reason ORDER BY amount_micro DESC, reason"),
        "societies": _top(duck, "by_society", "collected_micro + gross_micro DESC, society"),
        "joint": bool(session.rows(duck, f"SELECT 1 AS found FROM by_society WHERE {_PASSED_ON} LIMIT 1")),
        "licensees": _top(duck, "by_licensee", "collected_micro DESC, lines DESC, licensee"),
        "works": _works(duck, run),
        "clearances": _top(duck, "by_clearance", "answer, plays DESC, code"),
        "unlicensed": _top(
            duck, "unlicensed", "plays DESC, licensee, society, claim_micro NULLS LAST, tariff_id, method"
        ),
        "makings": makings.figures(run),
        "open": review_queue.top(duck, OPEN),
        "problems": _top(duck, "by_problem", "plays DESC, rows DESC, file, code, severity"),
        "files": run.files[:MOST],
        "files_all": len(run.files),
        "payees": {"all": run.payouts.num_rows, "paid": _paid(duck)},
    }


def _outcomes(duck: Duck) -> list[dict[str, Any]]:
    found = {row["outcome"]: row for row in session.rows(duck, "SELECT * FROM by_outcome")}
    nothing = {"lines": 0, "plays": 0, "amount_micro": 0}
    kept = [found.get(name) or {"outcome": name, **nothing} for name in _ORDER]
    return [row for row in kept if row["outcome"] in _ALWAYS or row["lines"] or row["amount_micro"]]


def _paid(duck: Duck) -> int:
    return int(session.rows(duck, "SELECT CAST(count(*) AS BIGINT) AS n FROM payouts WHERE paid_micro > 0")[0]["n"])


def _top(duck: Duck, name: str, order: str, most: int = MOST) -> dict[str, Any]:
    """The first rows of a list, how many there are, and how many are not shown."""
    size = session.rows(duck, f"SELECT CAST(count(*) AS BIGINT) AS n FROM {name}")[0]["n"]
    shown = session.rows(duck, f"SELECT * FROM {name} ORDER BY {order} LIMIT {most}")
    return {"rows": shown, "all": size, "rest": size - len(shown)}


def _works(duck: Duck, run: RunView) -> dict[str, Any]:
    """The works with the most money; of an adjusting run, those whose money changed, most changed first."""
    if run.adjusts:
        return _top(duck, "(SELECT * FROM by_work WHERE amount_micro <> 0)", "abs(amount_micro) DESC, work_id", _BARS)
    return _top(duck, "by_work", "amount_micro DESC, work_id", _BARS)


def _charts(found: dict[str, Any], run: RunView, language: str) -> dict[str, Markup]:
    """The charts; of differences, which may be above and below zero, tables alone."""
    t = text.words(language)
    measures = (("by_lines", "lines"), ("by_plays", "plays"), ("by_money", "amount_micro"))
    made = makings.chart(found["makings"], t, money=not run.adjusts)
    if run.adjusts:
        drawn = _outcome_chart(found, t, measures[:2])
        return {"outcomes": drawn, "makings": made, "societies": Markup(""), "works": Markup("")}
    return {
        "makings": made,
        "outcomes": _outcome_chart(found, t, measures),
        "societies": _society_chart(found, run, t, language),
        "works": _work_chart(found, run, t),
    }


def _outcome_chart(found: dict[str, Any], t: dict[str, str], measures: tuple[tuple[str, str], ...]) -> Markup:
    rows, whole = found["outcomes"], found["whole"]
    names = {row["outcome"]: t[f"outcome_{row['outcome']}"] for row in rows}
    colours = {names[row["outcome"]]: _COLOURS[row["outcome"]] for row in rows}
    stacks = [
        charts.Stack(t[label], tuple(_part(row, column, whole, names) for row in rows if row[column] > 0))
        for label, column in measures
        if whole[column] > 0
    ]
    if not stacks:
        return Markup("")
    drawn = charts.stacked_bar(stacks, title=t["chart_outcomes"], axis_format=".0%", colours=colours, width=900)
    return charts.legend(colours) + drawn


def _part(row: dict[str, Any], column: str, whole: dict[str, int], names: dict[str, str]) -> tuple[str, float, str]:
    shown = cells.ratio(row[column], whole[column])
    return names[row["outcome"]], row[column] / whole[column], f"{shown} %"


def _society_chart(found: dict[str, Any], run: RunView, t: dict[str, str], language: str) -> Markup:
    parts = (
        ("paid", "paid_micro"),
        ("carried", "carried_micro"),
        ("fees", "fee_micro"),
        ("funds", "fund_micro"),
        ("suspense", "suspense_micro"),
    )
    used = [(t[name], column) for name, column in parts if any(row[column] > 0 for row in found["societies"]["rows"])]
    if not used:
        return Markup("")
    colours = charts.palette(name for name, _ in used)
    stacks = [
        charts.Stack(
            run.society(row["society"], language) or t["no_society"],
            tuple((name, row[column] / money.MICRO, "") for name, column in used if row[column] > 0),
            _whole(sum(row[column] for _, column in used), run.currency),
        )
        for row in found["societies"]["rows"][:_BARS]
    ]
    return charts.legend(colours) + charts.stacked_bar(stacks, title=t["chart_societies"], colours=colours, width=900)


def _work_chart(found: dict[str, Any], run: RunView, t: dict[str, str]) -> Markup:
    bars = [
        charts.Bar(row["title"], row["amount_micro"] / money.MICRO, _whole(row["amount_micro"], run.currency))
        for row in found["works"]["rows"]
    ]
    return charts.bar(bars, title=t["top_works"], width=900) if bars else Markup("")


def _whole(amount_micro: int, currency: str) -> str:
    """For a chart: whole currency units, rounded half up."""
    units = (amount_micro + money.MICRO // 2) // money.MICRO
    return f"{currency} {units:,}"

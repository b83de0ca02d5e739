"""The figures of a training run's report: small lists, each with a count of what it leaves out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from partita import money
from partita.engine.duck import Duck
from partita.formats.pages import session, totals
from partita.formats.training_pages.view import TrainingView
from partita.formats.training_pages.words import PACKAGE

MOST = 20
BARS = 10
MONTHS_MOST = 36
STATES = ("taken", "later", "open", "allowed")
"""What became of an item between the two days: refused when taken, refused only later, open, allowed on both."""

ANSWERS = ("allowed", "refused", "unknown")
OUTCOMES = ("matched", "ambiguous", "unmatched")


def figures(duck: Duck, view: TrainingView) -> dict[str, Any]:
    """Everything that the report shows of `view`, whose `run` the session holds."""
    for name in ("items", "findings"):
        duck.put(name, getattr(view, name))
    duck.put("shares", view.run.shares)
    duck.run(session.PACKAGE, "report.sql", day=view.run.day.isoformat())
    duck.run(PACKAGE, "figures.sql")
    models = _models(duck, view)
    return {
        "sums": totals.of(view.run, duck),
        "models": models,
        "whole": {key: sum(row[key] for row in models) for key in ("items", *OUTCOMES, *ANSWERS)},
        "items_all": view.items.num_rows,
        "months": _months(duck, view),
        "codes": top(duck, "by_code", "items DESC, answer, code"),
        "claims": top(duck, "by_claim", "items DESC, claim, model"),
        "domains": top(duck, "by_domain", "refused DESC, items DESC, domain", BARS),
        "used_societies": top(duck, "by_used_society", "items DESC, society", BARS),
        "used_works": top(duck, "by_used_work", "items DESC, work_id", BARS),
        "licences": _licences(duck, view),
        "societies": top(duck, "by_society", "collected_micro + gross_micro DESC, society"),
        "payees": top(duck, "by_payee", "gross_micro DESC, party_id, society", BARS),
        "payees_paid": _count(duck, "payouts WHERE paid_micro > 0"),
        "reasons": session.rows(duck, "SELECT * FROM by_reason ORDER BY amount_micro DESC, reason"),
        "unlicensed": top(duck, "unlicensed", "plays DESC, licensee, society, tariff_id, method"),
        "problems": top(duck, "by_problem", "rows DESC, file, code, severity"),
        "files": view.run.files[:MOST],
        "files_all": len(view.run.files),
    }


def top(duck: Duck, name: str, order: str, most: int = MOST) -> dict[str, Any]:
    """The first rows of a list, how many there are, and how many are not shown."""
    size = _count(duck, name)
    rows = session.rows(duck, f"SELECT * FROM {name} ORDER BY {order} LIMIT {most}")
    return {"rows": rows, "all": size, "rest": size - len(rows)}


def _count(duck: Duck, name: str) -> int:
    return int(session.rows(duck, f"SELECT CAST(count(*) AS BIGINT) AS n FROM {name}")[0]["n"])


def _models(duck: Duck, view: TrainingView) -> list[dict[str, Any]]:
    """Each model of the job in the job's order, with what was found for it; one without items counts nothing."""
    found = {row["model"]: row for row in session.rows(duck, "SELECT * FROM by_model")}
    states: dict[str, dict[str, int]] = {}
    for row in session.rows(duck, "SELECT * FROM by_days"):
        states.setdefault(row["model"], {})[row["state"]] = row["items"]
    names = ("items", "works", *OUTCOMES, *ANSWERS, "licensed", "undated")
    return [
        {
            **(found.get(model.id) or {"model": model.id, **dict.fromkeys(names, 0)}),
            "about": model,
            "states": {state: states.get(model.id, {}).get(state, 0) for state in STATES},
        }
        for model in view.models
    ]


def _months(duck: Duck, view: TrainingView) -> dict[str, dict[str, Any]]:
    """The months of each model, latest kept; undated items stand last, under an empty month."""
    found: dict[str, dict[str, Any]] = {}
    for model in view.models:
        quoted = model.id.replace("'", "''")
        rows = session.rows(duck, f"SELECT * FROM by_month WHERE model = '{quoted}' ORDER BY month")
        dated: Sequence[dict[str, Any]] = [row for row in rows if row["month"]]
        shown = [*dated[-MONTHS_MOST:], *(row for row in rows if not row["month"])]
        found[model.id] = {"rows": shown, "all": len(rows), "rest": len(rows) - len(shown)}
    return found


def _licences(duck: Duck, view: TrainingView) -> list[dict[str, Any]]:
    """Each licence with what it covers, and what was charged for it."""
    covered = {row["licence"]: row for row in session.rows(duck, "SELECT * FROM by_licence")}
    charged: dict[str, int] = {}
    for row in view.run.charges.select(["tariff_id", "amount_micro", "tax_micro", "chosen"]).to_pylist():
        if row["chosen"]:
            charged[row["tariff_id"]] = charged.get(row["tariff_id"], 0) + row["amount_micro"] + row["tax_micro"]
    return [
        {
            "about": licence,
            "works": covered.get(licence.id, {}).get("works", 0),
            "items": covered.get(licence.id, {}).get("items", 0),
            "amount_micro": charged.get(licence.id, 0),
        }
        for licence in view.licences
    ]


def whole_units(amount_micro: int, currency: str) -> str:
    """For a chart: whole currency units, rounded half up."""
    return f"{currency} {(amount_micro + money.MICRO // 2) // money.MICRO:,}"

"""A what-if as pages and sheets: `whatif.html`, `whatif.zh-Hant.html`, `members.csv`, `repertoires.csv`.

Nothing is computed here but what a page shows of the tables: percentages, rounded amounts, what comes first. Every text
may come from a stranger's file and is escaped; the pages allow no script and no network.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from partita.formats import whatif_charts
from partita.formats.pages import cells, render
from partita.formats.pages.cells import Cell, Sheet

MEMBERS_MOST = 12
REPERTOIRES_MOST = 40
BELOW_MOST = 40
BASE = "base"
Rows = Sequence[Mapping[str, Any]]

MEMBERS_HEADER = (
    "party_id", "party_name", "society", "currency", "scenario", "gross", "recorded_as_generated", "paid",
    "carried_forward", "gross_difference", "gross_percent", "paid_difference", "paid_percent", "below_minimum",
)  # fmt: skip
REPERTOIRES_HEADER = (
    "society", "language", "currency", "scenario", "works", "gross", "gross_difference", "gross_percent",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WhatIfView:
    """What the pages show: `whatif.json`, the tables, and names of societies and licensees by language."""

    summary: Mapping[str, Any]
    totals: pa.Table
    members: pa.Table
    repertoires: pa.Table
    names: Mapping[str, Mapping[str, str]]
    fictional: frozenset[str]


def assumptions() -> list[dict[str, str]]:
    """What every what-if assumes, in both languages."""
    return list(_stated()["assumptions"])


def studies() -> list[dict[str, Any]]:
    """The studies whose figures are borrowed, with source, day and grade of evidence."""
    return list(_stated()["studies"])


@lru_cache(maxsize=1)
def _stated() -> dict[str, Any]:
    text = resources.files("partita.formats").joinpath("whatif.yaml").read_text(encoding="utf-8")
    stated: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return stated


@lru_cache(maxsize=4)
def words(language: str) -> dict[str, str]:
    """All texts of one language by key; raises KeyError for a language there is none of."""
    text = resources.files("partita.formats").joinpath("templates/whatif.words.yaml").read_text(encoding="utf-8")
    table: dict[str, dict[str, str]] = yaml.load(text, Loader=yaml.CSafeLoader)
    return {key: both[language] for key, both in table.items()}


def write(folder: Path, view: WhatIfView, *, languages: tuple[str, ...]) -> None:
    """Writes the pages and the sheets into `folder`; refuses to replace a file."""
    links = [(tag, words(tag)["language_name"], render.plain_name("whatif", tag, languages)) for tag in languages]
    for tag, _, name in links:
        with (folder / name).open("x", encoding="utf-8", newline="\n") as file:
            file.write(page(view, tag, links))
    with Sheet(folder / "members.csv", MEMBERS_HEADER) as sheet:
        sheet.write(_member_rows(view.members))
    with Sheet(folder / "repertoires.csv", REPERTOIRES_HEADER) as sheet:
        sheet.write(_repertoire_rows(view.repertoires))


def _member_rows(members: pa.Table) -> Iterator[tuple[Cell, ...]]:
    order = [(name, "ascending") for name in ("party_id", "society", "currency", "scenario")]
    for row in members.sort_by(order).to_pylist():
        money = {k: cells.amount(v, row["currency"]) for k, v in row.items() if k.endswith("_micro")}
        yield (
            row["party_id"], row["party_name"], row["society"], row["currency"], row["scenario"],
            money["gross_micro"], money["recorded_micro"], money["paid_micro"], money["carried_out_micro"],
            money["gross_change_micro"], _part(row, "gross"), money["paid_change_micro"], _part(row, "paid"),
            row["below_minimum"],
        )  # fmt: skip


def _part(row: Mapping[str, Any], name: str) -> str:
    """The change in per cent of the base; empty where the base is nothing."""
    change = row[f"{name}_change_micro"]
    return cells.ratio(change, row[f"{name}_micro"] - change)


def _repertoire_rows(repertoires: pa.Table) -> Iterator[tuple[Cell, ...]]:
    order = [(name, "ascending") for name in ("society", "language", "currency", "scenario")]
    for row in repertoires.sort_by(order).to_pylist():
        gross, change = (cells.amount(row[name], row["currency"]) for name in ("gross_micro", "change_micro"))
        percent = cells.ratio(row["change_micro"], row["gross_micro"] - row["change_micro"])
        yield (
            row["society"], row["language"], row["currency"], row["scenario"], row["works"], gross, change, percent,
        )  # fmt: skip


def page(view: WhatIfView, language: str, links: Sequence[tuple[str, str, str]]) -> str:
    """One page in one language."""
    made = _Page(view, language)
    return _environment().get_template("whatif.html").render(links=links, language=language, **made.context())


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("partita.formats"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    made.filters |= {"user": render.user, "count": render.count}
    style = resources.files("partita.formats.pages").joinpath("style.css").read_text(encoding="utf-8")
    made.globals["style"] = Markup(style + _STYLE)  # noqa: S704 - a file of this package
    return made


_STYLE = (
    ".verdict.risk{border-left-color:#b8650f;background:#fdf6ec}.verdict.risk ul{margin:.2rem 0;padding-left:1.2rem}"
    ".verdict.risk li{margin:.25rem 0}.base td,.base th{background:var(--soft)}"
    ".assume li{margin:.35rem 0;max-width:46rem}thead th{word-break:keep-all}"
)


class _Page:
    """The parts of one page, each a plain value that the template prints."""

    def __init__(self, view: WhatIfView, language: str) -> None:
        self.view, self.language, self.t = view, language, words(language)
        self.currency = str(view.summary["currency"])
        self.scenarios = [one for one in view.summary["scenarios"] if one["kind"] != BASE]
        self.named = {one["scenario"]: self.label(one) for one in view.summary["scenarios"]}

    def label(self, one: Mapping[str, Any]) -> str:
        """`24 %, paid`; the base by its own name."""
        kind = one["kind"]
        return self.t["kind_base"] if kind == BASE else f"{one['label']}, {self.t[f'short_{kind}']}"

    @cached_property
    def totals(self) -> dict[str, dict[str, Any]]:
        """Totals in the job's currency, by scenario; zeros where nothing was collected in it."""
        rows = {row["scenario"]: row for row in self._own(self.view.totals)}
        blank = {c.name: 0 for c in self.view.totals.schema if pa.types.is_integer(c.type)}
        return {one["scenario"]: rows.get(one["scenario"], blank) for one in self.view.summary["scenarios"]}

    def _own(self, table: pa.Table) -> list[dict[str, Any]]:
        return [row for row in table.to_pylist() if row["currency"] == self.currency]

    def context(self) -> dict[str, Any]:
        """All that the template names."""
        s, rows = self.view.summary, self.rows()
        repertoires = self.repertoires()
        return {
            "view": self.view,
            "s": s,
            "t": self.t,
            "names": self.name,
            "title": s["title"][self.language],
            "money": self.money,
            "percent": self.percent,
            "answers": list(self.answers()),
            "rows": rows,
            "members": [self.members(**one) for one in self.last()],
            "repertoires": repertoires,
            "below": self.below(),
            "charges": self.charges(),
            "repriced": [(one["scenario"], one["label"]) for one in self.scenarios if one["charges_changed"]],
            "last": self.last(),
            "minimum": self.money(s["minimum_payout_micro"]),
            "payees": len({(row["party_id"], row["society"]) for row in self._own(self.view.members)}),
            "several": len(set(self.view.totals.column("currency").to_pylist())) > 1,
            "charts": self.charts(rows, repertoires["rows"]),
        }

    def charts(self, rows: Rows, repertoires: Rows) -> dict[str, Markup]:
        """Charts of the page by the place where they stand; those of members stand with their rows."""
        return {
            "risk": whatif_charts.risk(rows, self.t, self.currency),
            "where": whatif_charts.where(rows, self.t),
            "repertoires": whatif_charts.repertoires(repertoires, self.last(), self.t),
            "below": whatif_charts.below(rows, self.t),
        }

    def name(self, key: str) -> str:
        """A society's or licensee's name in the page's language, or its id."""
        return self.view.names.get(key, {}).get(self.language, key) or "–"

    def money(self, amount_micro: int) -> str:
        """`TWD 1,234.57`, rounded to the minor unit."""
        return render.rounded(amount_micro, self.currency).replace("-", "\u2212")

    @staticmethod
    def percent(part: int, whole: int) -> str:
        """`12.3 %`; a dash where there is no whole."""
        return render.part(part, whole).replace("-", "\u2212")

    def answers(self) -> Iterator[str]:
        """The answer, one sentence a scenario; first what is, today."""
        base, t = self.totals[BASE], self.t
        yield t["said_base"].format(
            collected=self.money(base["collected_micro"]), people=self.money(base["people_micro"])
        )
        if base["recorded_micro"]:
            percent = self.percent(base["recorded_micro"], base["collected_micro"])
            yield t["said_recorded"].format(amount=self.money(base["recorded_micro"]), percent=percent)
        else:
            yield t["said_recorded_none" if self.view.summary["making_known"] else "said_recorded_unknown"]
        for one in self.scenarios:
            row = self.totals[one["scenario"]]
            lost, below = -row["people_change_micro"], row["payees_below"]
            same = one["kind"] == "unpaid" and not one["charges_changed"]
            yield t["said_unpaid_nothing" if same else f"said_{one['kind']}"].format(
                share=one["label"], loss=self.money(lost), percent=self.percent(lost, base["people_micro"]),
                below=t["below_n" if below > 1 else f"below_{below}"].format(count=f"{below:,}"),
            )  # fmt: skip

    def rows(self) -> list[dict[str, Any]]:
        """Every scenario as the tables print it."""
        base = self.totals[BASE]
        return [
            {
                **self.totals[one["scenario"]],
                "name": self.named[one["scenario"]], "label": one["label"], "kind": one["kind"],
                "change": self.percent(self.totals[one["scenario"]]["people_change_micro"], base["people_micro"]),
                "lost": self.money(-self.totals[one["scenario"]]["people_change_micro"]),
            }
            for one in self.view.summary["scenarios"]
        ]  # fmt: skip

    def members(self, scenario: str, name: str, kind: str) -> dict[str, Any]:
        """Those who lose most in a scenario, with their chart."""
        rows = [r for r in self._own(self.view.members) if r["scenario"] == scenario and r["gross_change_micro"] < 0]
        rows.sort(key=lambda row: (row["gross_change_micro"], row["party_id"], row["society"]))
        shown = [self._member(row) for row in rows[:MEMBERS_MOST]]
        title = self.t["chart_members"].format(scenario=name)
        chart = whatif_charts.members(shown, title, kind) if shown else Markup("")
        return {"name": name, "rows": shown, "rest": len(rows) - len(shown), "chart": chart}

    def _member(self, row: dict[str, Any]) -> dict[str, Any]:
        gross, paid = (row[f"{name}_micro"] - row[f"{name}_change_micro"] for name in ("gross", "paid"))
        return {
            **row, "gross_base_micro": gross, "paid_base_micro": paid, "lost": self.money(-row["gross_change_micro"]),
            "gross_percent": self.percent(row["gross_change_micro"], gross),
            "paid_percent": self.percent(row["paid_change_micro"], paid), "society_name": self.name(row["society"]),
        }  # fmt: skip

    def last(self) -> list[dict[str, str]]:
        """The largest share of each kind."""
        found = {one["kind"]: one["scenario"] for one in self.scenarios}
        return [{"scenario": scenario, "name": self.named[scenario], "kind": kind} for kind, scenario in found.items()]

    def repertoires(self) -> dict[str, Any]:
        """Repertoires, the largest first, each with its change in every scenario."""
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for row in self._own(self.view.repertoires):
            named = self.t.get(f"lang_{row['language']}", row["language"]) or self.t["language_unknown"]
            blank = {"society": row["society"], "society_name": self.name(row["society"]), "language": named}
            one = found.setdefault((row["society"], row["language"]), {**blank, "changes": {}})
            one["changes"][row["scenario"]] = row["change_micro"]
            if row["scenario"] == BASE:
                one |= {"works": row["works"], "base_micro": row["gross_micro"]}
        rows = sorted(found.values(), key=lambda r: (r["society"], -r["base_micro"], r["language"]))
        for one in rows:
            lost = {name: -change for name, change in one["changes"].items()}
            one["lost"] = {name: f"{self.money(x)} ({self.percent(x, one['base_micro'])})" for name, x in lost.items()}
        return {"rows": rows[:REPERTOIRES_MOST], "rest": len(rows[REPERTOIRES_MOST:])}

    def below(self) -> dict[str, Any]:
        """Who falls under the minimum payout: each payee once, with the first scenario in which it does."""
        order = {one["scenario"]: place for place, one in enumerate(self.scenarios)}
        rows = [row for row in self._own(self.view.members) if row["below_minimum"]]
        rows.sort(key=lambda row: (order[row["scenario"]], -row["paid_change_micro"], row["party_id"], row["society"]))
        first: dict[tuple[str, str], dict[str, Any]] = {}
        for row in rows:
            named = {**self._member(row), "scenario_name": self.named[row["scenario"]]}
            first.setdefault((row["party_id"], row["society"]), named)
        found = list(first.values())
        return {"rows": found[:BELOW_MOST], "rest": len(found[BELOW_MOST:])}

    def charges(self) -> list[dict[str, Any]]:
        """Licences that are charged otherwise, each with its charge in every scenario in which it is."""
        found: dict[tuple[str, ...], dict[str, Any]] = {}
        for one in self.scenarios:
            for row in one["charges_changed"]:
                if row["currency"] == self.currency:
                    key = (row["licensee"], row["tariff_id"], row["period_from"])
                    found.setdefault(key, {**row, "here": {}})["here"][one["scenario"]] = row["here"]
        return [found[key] for key in sorted(found)]

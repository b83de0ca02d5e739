"""The tariff dossier as pages and a sheet: `dossier.html`, `dossier.zh-Hant.html`, `rates.csv`, from tables alone.

Nothing is computed here but what a page shows of the tables: percentages cut to two decimals, differences, charts.
Every text may come from a stranger's file and is escaped; the pages allow no script and no network.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from partita.formats import dossier_charts
from partita.formats.dossier_figures import (
    CHOICES,
    PARTIES,
    RATES,
    Index,
    change,
    exact_count,
    percent,
    reach,
    rounding,
    scenario_of,
    total,
)
from partita.formats.dossier_words import words
from partita.formats.pages import render
from partita.formats.pages.cells import Sheet

CSV_HEADER = (
    "party", "level", "operator", "society", "rate", "part_millionths", "whole", "rate_ppm", "rate_percent",
    "lowest_percent", "highest_percent", "scenario",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """Claims and comparables of one dispute: the dossier's own (`title` empty), or a case that is cited."""

    title: Mapping[str, str]
    about: Mapping[str, str]
    claims: tuple[Mapping[str, Any], ...]
    comparables: pa.Table


@dataclass(frozen=True, slots=True)
class DossierView:
    """What the pages show. `names` and `labels` are texts by language, by id; `assumptions` are by party and choice."""

    run_id: str
    version: str
    title: Mapping[str, str]
    party: str
    society: str
    contact: str
    names: Mapping[str, Mapping[str, str]]
    fictional: frozenset[str]
    coverage: pa.Table
    scenarios: pa.Table
    rates: pa.Table
    groups: tuple[Group, ...]
    labels: Mapping[str, Mapping[str, str]]
    recounts: pa.Table
    problems: pa.Table
    assumptions: Mapping[str, Mapping[str, str]]
    inputs: tuple[Mapping[str, Any], ...]


def write(folder: Path, view: DossierView, *, languages: tuple[str, ...]) -> None:
    """Writes the pages and `rates.csv` into `folder`; refuses to replace a file."""
    links = [(tag, words(tag)["language_name"], render.plain_name("dossier", tag, languages)) for tag in languages]
    for tag, _, name in links:
        with (folder / name).open("x", encoding="utf-8", newline="\n") as file:
            file.write(page(view, tag, links))
    write_csv(folder / "rates.csv", view.rates)


def page(view: DossierView, language: str, links: Sequence[tuple[str, str, str]]) -> str:
    """One page in one language."""
    made = _Page(view, language)
    return _environment().get_template("dossier.html").render(links=links, language=language, **made.context())


def write_csv(path: Path, rates: pa.Table) -> None:
    """RATES as a sheet that spreadsheets open as it is meant; percentages are truncated to four decimals."""
    with Sheet(path, CSV_HEADER) as sheet:
        sheet.write(_csv_rows(rates))


def _csv_rows(rates: pa.Table) -> Iterator[tuple[str | int | None, ...]]:
    for row in rates.to_pylist():
        cut = [None if row[name] is None else percent(row[name], 4) for name in ("rate_ppm", "low_ppm", "high_ppm")]
        yield (
            row["party"], row["level"], row["operator"], row["society"], row["rate"], row["part"], row["whole"],
            row["rate_ppm"], *cut, row["scenario"],
        )  # fmt: skip


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("partita.formats"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    made.filters |= {"user": render.user, "count": render.count}
    sheets = (("partita.formats.pages", "style.css"), ("partita.formats", "templates/dossier.css"))
    style = "".join(resources.files(package).joinpath(name).read_text(encoding="utf-8") for package, name in sheets)
    made.globals["style"] = Markup(style)  # noqa: S704 - files of this package
    return made


class _Page:
    """The parts of one page, each a plain value that the template prints."""

    def __init__(self, view: DossierView, language: str) -> None:
        self.view, self.language, self.t = view, language, words(language)
        self.index = Index(view.rates, view.scenarios, view.coverage, view.society)

    def context(self) -> dict[str, Any]:
        """All that the template names."""
        view = self.view
        return {
            "view": view,
            "t": self.t,
            "title": view.title[self.language],
            "names": self.name,
            "parties": PARTIES,
            "fates": self.index.fates,
            "cards": self.cards(),
            "headline": self.headline(),
            "coverage": self.coverage(),
            "sensitivity": list(self.sensitivity()),
            "assumptions": self.assumptions(),
            "outcomes": self.outcomes(),
            "groups": [self.group(group) for group in view.groups if group.claims or group.comparables.num_rows],
            "recounts": [self.recount(row) for row in view.recounts.to_pylist()],
            "scenario_count": len(set(view.scenarios.column("scenario").to_pylist())),
            "charts": {
                "rates": dossier_charts.rates(self.index, view.party, self.name, self.t),
                "coverage": dossier_charts.coverage(self.index, self.name, self.t),
                "own": dossier_charts.own_reach(self.index, self.name, self.t),
                "ranges": [
                    (self.t[f"rate_{rate}"], dossier_charts.reach_of(self.index, rate, self.name, self.t))
                    for rate in RATES
                ],
            },
            "problems": {
                "count": view.problems.num_rows,
                "quarantined": total(pc.equal(view.problems.column("severity"), "quarantined")),
            },
        }

    def name(self, key: str) -> str:
        """A society's or operator's name in the page's language, or its id."""
        return self.view.names.get(key, {}).get(self.language, key)

    def party(self, code: str) -> str:
        """A party's name: a known side, a count of this run (`partita/SIDE`), or the party's own words."""
        side = code.removeprefix("partita/")
        if side != code:
            return self.t["counted_here"].format(party=self.t.get(f"party_{side}", side))
        return self.t.get(f"short_{code}") or self.name(code)

    def cards(self) -> list[dict[str, Any]]:
        """The few figures that a reader wants first."""
        t, made = self.t, []
        for rate, of in (("reproduction", t["of_songs"]), ("play", t["of_plays"])):
            row = self.index.rate(self.view.party, "pooled", "", self.view.society, rate)
            if row and row["rate_ppm"] is not None:
                ends = {"low": percent(row["low_ppm"]) + " %", "high": percent(row["high_ppm"]) + " %"}
                lines = [of, t["range"].format(**ends)]
                value = percent(row["rate_ppm"]) + " %"
                made.append({"label": t[f"rate_{rate}"], "value": value, "lines": lines, "lead": True})
        for rate, label in (("reproduction", t["songs_counted"]), ("play", t["plays_counted"])):
            found = sum(self.index.covered(rate, operator, "matched") for operator in self.index.operators)
            whole = sum(self.index.covered(rate, operator) for operator in self.index.operators)
            share = percent(found * 1_000_000 // whole, 1) + " %" if whole else t["no_rate"]
            lines = [t["operators_count"].format(count=len(self.index.operators))] if rate == "reproduction" else []
            made.append(
                {"label": label, "value": f"{whole:,}", "lines": [t["found_songs"].format(percent=share), *lines],
                 "lead": False}
            )  # fmt: skip
        return made

    def headline(self) -> list[dict[str, Any]]:
        """Rates by operator and society; all together first, and the mean last, where there are several operators."""
        keys = [("operator", operator) for operator in self.index.operators]
        keys = [("pooled", ""), *keys, ("mean", "")] if len(keys) > 1 else keys
        return [
            {
                "level": level,
                "operator": operator,
                "first": (level, operator) == keys[0],
                "rows": [
                    {
                        "society": society,
                        **{
                            rate: self.cell(self.index.rate(self.view.party, level, operator, society, rate))
                            for rate in RATES
                        },
                    }
                    for society in self.index.societies
                ],
            }
            for level, operator in keys
        ]

    def cell(self, row: Mapping[str, Any] | None) -> dict[str, str] | None:
        """A rate with its part and whole; None where nothing was counted."""
        if row is None or row["rate_ppm"] is None:
            return None
        if row["level"] == "mean":
            sum_ = self.t["mean_of"].format(count=row["whole"])
        else:
            sum_ = f"{exact_count(row['part'])} / {row['whole']:,}"
        ends = reach(row["low_ppm"], row["high_ppm"], self.t["to"]) if "low_ppm" in row else ""
        return {"percent": percent(row["rate_ppm"]) + " %", "sum": sum_, "reach": ends, "change": ""}

    def coverage(self) -> list[dict[str, Any]]:
        """Songs and plays by fate, for each operator's catalogue and play log."""
        made = []
        for operator in self.index.operators:
            for rate, list_, unit in (("reproduction", "catalogue", "songs"), ("play", "play_log", "plays")):
                cells = [self.index.covered(rate, operator, fate) for fate in self.index.fates]
                where = f"{self.t[list_]} ({self.t[unit]})"
                made.append({"operator": operator, "list": where, "cells": cells, "total": sum(cells)})
        return made

    def sensitivity(self) -> Iterator[dict[str, Any]]:
        """The society's pooled rates: as the party assumes, then with each assumption changed alone."""
        own = dict(self.view.assumptions[self.view.party])
        yield {"own": True, "question": self.t["own"], "answer": "", **self._scenario(own, own)}
        for choice, values in CHOICES.items():
            for value in values:
                other = {**own, choice: value}
                if value != own[choice] and self.index.has(scenario_of(other)):
                    answer = self.t[f"value_{choice}_{value}"]
                    cells = self._scenario(other, own)
                    yield {"own": False, "question": self.t[f"choice_{choice}"], "answer": answer, **cells}

    def _scenario(self, chosen: Mapping[str, str], own: Mapping[str, str]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for rate in RATES:
            row = self.index.scenario(rate, scenario_of(chosen))
            made[rate] = self.cell(row)
            base = self.index.scenario(rate, scenario_of(own))
            if made[rate] and base and base["rate_ppm"] is not None and row is not None and chosen != own:
                made[rate]["change"] = f"{change(row['rate_ppm'] - base['rate_ppm'])} {self.t['points']}"
        return made

    def assumptions(self) -> list[dict[str, Any]]:
        """Each question with every party's answer."""
        return [
            {
                "question": self.t[f"choice_{choice}"],
                "answers": [self.t[f"value_{choice}_{self.view.assumptions[party][choice]}"] for party in PARTIES],
            }
            for choice in CHOICES
        ]

    def outcomes(self) -> list[dict[str, Any]]:
        """What each party's assumptions make of the society's pooled rates."""
        made = []
        for rate in RATES:
            question = self.t["outcome"].format(society=self.name(self.view.society), rate=self.t[f"rate_{rate}"])
            rows = [self.index.rate(party, "pooled", "", self.view.society, rate) for party in PARTIES]
            made.append({"question": question, "cells": [self.cell(row) for row in rows]})
        return made

    def side(self, code: str) -> str:
        """The side that a party is on, for colours: the society in dispute, an operator, or the party itself."""
        if code == self.view.society:
            return self.t["short_society"]
        return self.t["short_licensee"] if code in self.index.operators else self.party(code)

    def group(self, group: Group) -> dict[str, Any]:
        """One dispute's tariffs and comparables, and a chart for each unit that money is counted in."""
        claims = [self.claim(row) for row in group.claims]
        rows = [self.comparable(row) for row in group.comparables.to_pylist()]
        return {
            "title": group.title.get(self.language, "") or self.t["comparables_job"],
            "about": group.about.get(self.language, ""),
            "claims": claims,
            "comparables": rows,
            "charts": dossier_charts.comparables(claims, rows, self.t),
        }

    def claim(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A tariff in dispute as the table prints it."""
        label, status = row["label"].get(self.language, ""), self.t[f"status_{row['status']}"]
        party, side = self.party(row["party"]), self.side(row["party"])
        return {**row, "label": label, "status": status, "party": party, "side": side, "amount": _money(row["amount"])}

    def comparable(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A comparable as the table prints it."""
        id_, at, side = row["comparable_id"].partition("@")
        label = self.view.labels.get(id_, {}).get(self.language, "") or id_
        party, bar = self.party(row["argued_by"]), label
        if at:
            party = self.t["measured_under"].format(party=self.party(side))
            bar = self.t["chart_measured"].format(label=label, party=self.t[f"party_{side}"])
        words = rounding(row["rounding"], self.t)
        return {
            **row,
            "label": label,
            "bar": bar,
            "party": party,
            "side": self.side(row["argued_by"]),
            "rounding": words,
        }

    def recount(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Two counts as the table prints them."""
        parties = {name: self.party(row[name]) for name in ("first_party", "second_party")}
        gap = f"{row['difference']:,}".replace("-", "\u2212")
        return {
            **row,
            **parties,
            "gap": gap,
            "percent": f"{row['percent'].replace('-', chr(0x2212))} %" if row["percent"] else "",
        }


def _money(text: str) -> str:
    whole, point, digits = text.replace(",", "").partition(".")
    return f"{int(whole):,}{point}{digits}" if whole.isascii() and whole.isdigit() else text

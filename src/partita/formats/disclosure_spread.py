"""The spread report as files: `spread.csv`, and `spread.html` in each language with a drawing for each dimension.

Values are floats for drawing only; what is printed is computed from whole numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from markupsafe import Markup

from partita.formats import charts
from partita.formats.disclosure_page import MODALITIES, links, page, sized
from partita.formats.disclosure_words import LANGUAGES, Words, words
from partita.formats.pages.cells import Sheet, ratio

DIMENSIONS = (
    "modality", "origin", "language", "society", "territory", "domain_country", "year_taken", "decade_of_work", "genre",
)  # fmt: skip
PARTS_MOST = 20
"""Parts of a dimension that a page shows; those after them are one part `rest`. The sheet holds all."""

CSV_HEADER = (
    "dimension", "value", "modality", "items", "share_of_items_percent", "size", "unit", "share_of_size_percent",
    "items_of_unknown_size",
)  # fmt: skip
UNITS = {"text": "tokens", "image": "pictures", "audio": "milliseconds", "video": "milliseconds", "other": "bytes"}
DRAWN_MOST = 8
"""Parts whose sizes are drawn; the table beside the drawing has the others."""

_WIDTH = 960
_ROOM = "\u00a0\u00a0"
"""Before a label: the drawing leaves room by the number of characters, and some fonts are wider than it thinks."""

_COLOURS = dict(zip((*MODALITIES, ""), (*charts.COLOURS[:5], charts.FAINT), strict=True))


@dataclass(frozen=True, slots=True)
class Head:
    """Whose spread it is: the provider's names by language, the model's name and id, and the day of the report."""

    provider: Mapping[str, str]
    model: str
    model_id: str
    made_on: str
    fictional: bool = False


def write(folder: Path, spread: pa.Table, head: Head, languages: Sequence[str] = LANGUAGES) -> list[Path]:
    """Writes the sheet and the pages of a SPREAD table into `folder`; returns the files."""
    parts = spread.to_pylist()
    with Sheet(folder / "spread.csv", CSV_HEADER) as sheet:
        sheet.write(_rows(parts))
    files = [folder / "spread.csv"]
    for tag, _, name in links("spread", languages):
        with (folder / name).open("x", encoding="utf-8", newline="\n") as file:
            file.write(html(parts, head, tag, languages))
        files.append(folder / name)
    return files


def html(parts: Sequence[Mapping[str, Any]], head: Head, language: str, languages: Sequence[str] = LANGUAGES) -> str:
    """The page in one language."""
    t = words(language)
    total = sum(row["items"] for row in parts if row["dimension"] == DIMENSIONS[0])
    dimensions = [_Dimension(name, parts, t).view(total) for name in DIMENSIONS]
    return page(
        "disclosure_spread.html", language, links("spread", languages), head=head, total=total, dimensions=dimensions
    )


def _rows(parts: Sequence[Mapping[str, Any]]) -> list[tuple[str | int | None, ...]]:
    items, sizes = _wholes(parts)
    return [
        (
            row["dimension"], row["value"] or "unknown", row["modality"] or "unknown", row["items"],
            ratio(row["items"], items[row["dimension"]]), row["size"], UNITS.get(row["modality"], ""),
            ratio(int(row["size"]), sizes[row["dimension"], row["modality"]]), row["unknown"],
        )
        for row in parts
    ]  # fmt: skip


def _wholes(parts: Sequence[Mapping[str, Any]]) -> tuple[dict[str, int], dict[tuple[str, str], int]]:
    items: dict[str, int] = {}
    sizes: dict[tuple[str, str], int] = {}
    for row in parts:
        items[row["dimension"]] = items.get(row["dimension"], 0) + row["items"]
        key = (row["dimension"], row["modality"])
        sizes[key] = sizes.get(key, 0) + int(row["size"])
    return items, sizes


class _Dimension:
    """One dimension: its parts by number of items, unknown last, each with its items and its sizes by modality."""

    def __init__(self, name: str, parts: Sequence[Mapping[str, Any]], t: Words) -> None:
        self.name, self.t = name, t
        self.rows = [row for row in parts if row["dimension"] == name]
        there = {row["modality"] for row in self.rows if int(row["size"])}
        self.modalities = [modality for modality in MODALITIES if modality in there]
        _, sizes = _wholes(self.rows)
        self.sizes = {modality: sizes[name, modality] for modality in self.modalities}
        self.items = [name for name in (*MODALITIES, "") if any(row["modality"] == name for row in self.rows)]

    def view(self, total: int) -> dict[str, Any]:
        """What the template shows of it."""
        t = self.t
        values = self._values()
        known = [value for value in values if value]
        shown, rest = known[:PARTS_MOST], known[PARTS_MOST:]
        lines = [self._line([value], self._named(value), total) for value in shown]
        lines += [self._line(rest, t["rest"].format(count=f"{len(rest):,}"), total)] if rest else []
        lines += [self._line([""], t["unknown"], total)] if "" in values else []
        return {
            "name": self.name,
            "title": t[f"d_{self.name}"],
            "known": bool(known),
            "modalities": self.modalities,
            "lines": lines,
            "charts": self._charts(lines, total) if known else Markup(""),
        }

    def _values(self) -> list[str]:
        counts: dict[str, int] = {}
        for row in self.rows:
            counts[row["value"]] = counts.get(row["value"], 0) + row["items"]
        if self.name in ("year_taken", "decade_of_work"):
            return sorted(counts)
        return sorted(counts, key=lambda value: (-counts[value], value))

    def _named(self, value: str) -> str:
        if self.name == "decade_of_work":
            return f"{value}–{int(value) + 9}"
        prefix = {"modality": "m_", "origin": "o_", "society": "society_"}.get(self.name, "-")
        return self.t.get(prefix + value, value)

    def _line(self, values: Sequence[str], label: str, total: int) -> dict[str, Any]:
        rows = [row for row in self.rows if row["value"] in set(values)]
        items = sum(row["items"] for row in rows)
        sizes = {}
        for modality in self.modalities:
            own = [row for row in rows if row["modality"] == modality]
            size = sum(int(row["size"]) for row in own)
            sizes[modality] = {
                "size": size,
                "shown": sized(modality, size, self.t),
                "percent": ratio(size, self.sizes[modality]),
                "unknown": sum(row["unknown"] for row in own),
            }
        counts = {name: sum(r["items"] for r in rows if r["modality"] == name) for name in self.items}
        return {
            "label": label,
            "items": items,
            "by_modality": counts,
            "percent": ratio(items, total),
            "sizes": sizes,
            "unknown": values == [""],
        }

    def _charts(self, lines: Sequence[Mapping[str, Any]], total: int) -> Markup:
        """Each part's share of items, made of modalities; and, where sizes are known, its share of each one's size."""
        colours = {self.t[f"m_{modality}"]: colour for modality, colour in _COLOURS.items() if modality in self.items}
        stacks = [
            charts.Stack(_ROOM + line["label"], self._parts(line, total), f"{line['percent']} %") for line in lines
        ]
        title = f"{self.t['d_' + self.name]}: {self.t['items_by_modality']}"
        drawn = charts.stacked_bar(stacks, title=title, axis_format=".0%", colours=colours, width=_WIDTH)
        made = Markup('<p class="less">{}</p>').format(self.t["items_by_modality"]) + charts.legend(colours) + drawn
        return made if self.name == "modality" or not self.modalities else made + self._sizes(lines, colours)

    def _parts(self, line: Mapping[str, Any], total: int) -> tuple[tuple[str, float, str], ...]:
        counts = line["by_modality"]
        return tuple((self.t[f"m_{name}"], counts[name] / total, "") for name in self.items if counts.get(name))

    def _sizes(self, lines: Sequence[Mapping[str, Any]], colours: Mapping[str, str]) -> Markup:
        bars = []
        for line in lines[:DRAWN_MOST]:
            label = _ROOM + line["label"]
            for modality, size in line["sizes"].items():
                if not size["size"]:
                    continue
                part = size["size"] / self.sizes[modality]
                bars.append(charts.Bar(label, part, f"{size['percent']} %", self.t[f"m_{modality}"]))
                label = ""
        words_ = self.t["size_by_modality"]
        title = f"{self.t['d_' + self.name]}: {words_}"
        drawn = charts.bar(bars, title=title, axis_format=".0%", colours=colours, width=_WIDTH)
        return Markup('<p class="less">{}</p>').format(words_) + drawn

"""Charts as inline SVG: Altair describes, vl-convert draws, no network, no script, the same bytes every time.

Every place on the drawing is computed here, from the number and width of the rows, and never from the width of a
font: a machine with other fonts gives the same bytes. Values are floats for drawing only; what is printed beside a
bar is the caller's own text. Any text may come from a stranger's file: it is cleaned, cut and escaped.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

FONTS = (
    "'Inter','Helvetica Neue','Noto Sans','Noto Sans CJK TC','Noto Sans TC',"
    "'PingFang TC','Microsoft JhengHei',sans-serif"
)
"""Font families for pages and charts: Latin first, traditional Chinese after it."""

COLOURS = ("#2b5c8a", "#e0872b", "#3c8d6e", "#a34a7d", "#7a6bb0", "#b5473c", "#5f7f2f", "#6b7785")
"""Colours of series, in order; told apart by people who see red and green alike."""

INK, MUTED, GRID, FAINT = "#1f2a36", "#5d6b79", "#e3e8ed", "#b9c3cd"

_ROW, _GAP, _HEAD, _FOOT = 24, 12, 22, 26
_COLUMN = 6.6
_ROWS_MOST = 400
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its length, the text printed at its end, its series (colour) and its group (heading)."""

    label: str
    value: float
    shown: str = ""
    series: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Stack:
    """One bar made of parts, (series, length, text printed inside where there is room), in order."""

    label: str
    parts: tuple[tuple[str, float, str], ...]
    shown: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A range from its lowest to its highest point, with its points: (value, series)."""

    label: str
    points: tuple[tuple[float, str], ...]
    shown: str = ""
    group: str = ""


def palette(names: Iterable[str]) -> dict[str, str]:
    """A colour for each name, in order of first appearance; from the ninth on, the last colour."""
    distinct = list(dict.fromkeys(names))
    return {name: COLOURS[min(i, len(COLOURS) - 1)] for i, name in enumerate(distinct)}


def legend(colours: Mapping[str, str]) -> Markup:
    """The key to the colours, as an inline HTML list (class `legend`); one colour alone needs no key."""
    if len(colours) < 2:
        return Markup("")
    items = (
        Markup('<li><span style="background:{}"></span>{}</li>').format(colour, clean(name))
        for name, colour in colours.items()
    )
    return Markup('<ul class="legend">{}</ul>').format(Markup("").join(items))


def bar(
    rows: Sequence[Bar],
    *,
    title: str,
    axis_format: str = ",.0f",
    colours: Mapping[str, str] | None = None,
    rule: tuple[float, str] | None = None,
    width: int = 760,
    labels: int = 42,
) -> Markup:
    """Horizontal bars, in the given order, under the heading of their group. `title` is read out by screen readers.

    `axis_format` is a d3 format (`.0%`, `,.0f`); `rule` draws a line across at a value, with a label;
    `labels` are cut to so many columns.
    """
    rows = rows[:_ROWS_MOST]
    colours = colours or palette(row.series for row in rows)
    right = _columns(row.shown for row in rows)
    board = _Board([(row.label, row.group) for row in rows], width, right=right, labels=labels)
    for row, top in zip(rows, board.tops, strict=True):
        board.rect(0, row.value, top, _ROW - 8, colours.get(row.series, COLOURS[0]))
        board.text(row.value, top, row.shown, dx=6)
    if rule:
        board.rule(*rule)
    return board.draw(title, axis_format)


def stacked_bar(
    rows: Sequence[Stack],
    *,
    title: str,
    axis_format: str = ",.0f",
    colours: Mapping[str, str] | None = None,
    width: int = 760,
) -> Markup:
    """Horizontal bars made of parts, one after the other; a part's text is printed where it has room."""
    rows = rows[:_ROWS_MOST]
    colours = colours or palette(series for row in rows for series, _, _ in row.parts)
    board = _Board([(row.label, row.group) for row in rows], width, right=_columns(r.shown for r in rows))
    longest = max((sum(size for _, size, _ in row.parts) for row in rows), default=0) or 1
    for row, top in zip(rows, board.tops, strict=True):
        start = 0.0
        for series, size, shown in row.parts:
            board.rect(start, start + size, top, _ROW - 6, colours.get(series, COLOURS[0]))
            if size / longest * board.width > 7 * _columns([shown]) + 8:
                board.text(start, top, shown, dx=5, colour="#ffffff")
            start += size
        board.text(start, top, row.shown, dx=6)
    return board.draw(title, axis_format)


def span(
    rows: Sequence[Span],
    *,
    title: str,
    axis_format: str = ",.0f",
    colours: Mapping[str, str] | None = None,
    rules: Sequence[tuple[float, str]] = (),
    width: int = 760,
) -> Markup:
    """One line a row from its lowest to its highest point, with a dot for each point; `rules` cross all rows."""
    rows = rows[:_ROWS_MOST]
    colours = colours or palette(series for row in rows for _, series in row.points)
    board = _Board([(row.label, row.group) for row in rows], width, right=_columns(r.shown for r in rows))
    for row, top in zip(rows, board.tops, strict=True):
        values = [value for value, _ in row.points] or [0.0]
        board.rect(min(values), max(values), top + 6, 5, FAINT)
        for value, series in row.points:
            board.dot(value, top, colours.get(series, COLOURS[0]))
        board.text(max(values), top, row.shown, dx=12)
    for value, label in rules:
        board.rule(value, label)
    return board.draw(title, axis_format)


def clean(text: str, columns: int = 200) -> str:
    """`text` without control and direction characters, cut to `columns` (a Chinese character takes two)."""
    bare = _CONTROL.sub("", text)
    width = 0
    for place, character in enumerate(bare):
        width += _wide(character)
        if width > columns:
            return bare[: max(place - 1, 0)] + "…"
    return bare


def _wide(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _columns(texts: Iterable[str]) -> int:
    return max((sum(_wide(c) for c in clean(text)) for text in texts), default=0)


class _Board:
    """Places marks on a drawing whose rows, gutters and heights are fixed before a font is known."""

    def __init__(self, rows: Sequence[tuple[str, str]], width: int, *, right: int, labels: int = 42) -> None:
        self._labels = labels
        self.left = 12 + int(_COLUMN * min(labels, _columns(label for label, _ in rows)))
        self.right = 16 + min(300, int(_COLUMN * right))
        self.width = max(120, width - self.left - self.right)
        self.tops: list[int] = []
        self._rects: list[dict[str, Any]] = []
        self._dots: list[dict[str, Any]] = []
        self._texts: list[dict[str, Any]] = []
        self._rules: list[dict[str, Any]] = []
        self.height = self._lay(rows)

    def _lay(self, rows: Sequence[tuple[str, str]]) -> int:
        below, before = 0, ""
        for label, group in rows:
            if group != before:
                below += _GAP if self.tops else 0
                self._write(-self.left + 2, below + _HEAD / 2, group, bold=True)
                below += _HEAD if group else 0
            self.tops.append(below)
            self._write(-8, below + _ROW / 2, label, align="right", columns=self._labels)
            below, before = below + _ROW, group
        return max(below, _ROW)

    def _write(
        self, x: float, y: float, text: str, *, bold: bool = False, align: str = "left", columns: int = 90
    ) -> None:
        if text:
            self._texts.append({"p": x, "y": y, "t": clean(text, columns), "a": align, "b": bold, "c": INK})

    def rect(self, start: float, end: float, top: float, thick: float, colour: str) -> None:
        """A bar from `start` to `end` of the scale."""
        self._rects.append({"x": start, "x2": end, "y": top + 4, "y2": top + 4 + thick, "c": colour})

    def dot(self, value: float, top: float, colour: str) -> None:
        """A dot in the middle of the row."""
        self._dots.append({"x": value, "y": top + _ROW / 2, "c": colour})

    def text(self, value: float, top: float, text: str, *, dx: int, colour: str = MUTED) -> None:
        """Text at `value` of the scale, `dx` pixels to its right."""
        if text:
            self._texts.append(
                {"x": value, "d": dx, "y": top + _ROW / 2, "t": clean(text, 60), "a": "left", "c": colour}
            )

    def rule(self, value: float, label: str) -> None:
        """A dashed line across all rows, labelled above."""
        self._rules.append({"x": value, "t": clean(label, 60)})

    def draw(self, title: str, axis_format: str) -> Markup:
        """The SVG, ready to stand in a page."""
        import altair as alt  # noqa: PLC0415  (a second of start-up that only pages with charts should pay)
        from altair.utils.schemapi import debug_mode  # noqa: PLC0415

        with debug_mode(False):  # checking our own constant shapes against the schema would take most of the time
            spec: str = self._chart(alt, axis_format).to_json(indent=None, sort_keys=True, validate=False)
        return _svg(_convert(spec), title)

    def _chart(self, alt: Any, axis_format: str) -> Any:
        x, y = self._scales(alt)
        layers = [
            self._bars(alt, axis_format, x, y),
            _marks(alt, self._dots)
            .mark_circle(aria=False, size=90, opacity=1)
            .encode(x=alt.X("x:Q", **x), y=alt.Y("y:Q", **y), color=_colour(alt)),
            *(self._rule_layer(alt, i, mark, x) for i, mark in enumerate(self._rules)),
            *self._text_layers(alt, x, y),
        ]
        padding = {"left": self.left, "top": 6 + 20 * len(self._rules), "right": self.right, "bottom": _FOOT}
        chart = alt.layer(*layers).properties(
            width=self.width, height=self.height, padding=padding, autosize=alt.AutoSizeParams(type="none")
        )
        return chart.configure(font=FONTS, background="transparent", aria=False).configure_view(stroke=None)

    def _domain(self) -> tuple[float, float]:
        ends = [m["x2"] for m in self._rects] + [m["x"] for m in self._rects + self._dots + self._rules]
        return min(0.0, *ends, 0.0), max(0.0, *ends, 0.0) or 1.0

    def _scales(self, alt: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        x = {"scale": alt.Scale(domain=list(self._domain()), nice=False, zero=True)}
        rows = [0, self.height]
        return x, {"scale": alt.Scale(domain=rows, range=rows, nice=False), "axis": None}

    def _bars(self, alt: Any, axis_format: str, x: dict[str, Any], y: dict[str, Any]) -> Any:
        axis = alt.Axis(
            format=axis_format, title=None, gridColor=GRID, domain=False, ticks=False, tickCount=5, labelColor=MUTED,
            labelFontSize=11, labelPadding=6, labelOverlap=False, labelFlush=False, labelBound=False,
        )  # fmt: skip
        marks = self._rects or [{"x": 0, "x2": 0, "y": 0, "y2": 0, "c": "transparent"}]
        bars = _marks(alt, marks).mark_rect(aria=False, cornerRadius=2)
        return bars.encode(
            x=alt.X("x:Q", axis=axis, **x), x2="x2:Q", y=alt.Y("y:Q", **y), y2="y2:Q", color=_colour(alt)
        )

    def _rule_layer(self, alt: Any, number: int, mark: dict[str, Any], x: dict[str, Any]) -> Any:
        above = 12 + 20 * number
        late = mark["x"] > 0.6 * self._domain()[1]
        line = _marks(alt, [mark]).mark_rule(aria=False, color=INK, strokeDash=[4, 3])
        word = _marks(alt, [mark]).mark_text(
            aria=False, align="right" if late else "left", dx=-5 if late else 5, fontSize=11, color=INK
        )
        return alt.layer(
            line.encode(x=alt.X("x:Q", **x), y=alt.value(4 - above), y2=alt.value(self.height)),
            word.encode(x=alt.X("x:Q", **x), y=alt.value(6 - above), text="t:N"),
        )

    def _text_layers(self, alt: Any, x: dict[str, Any], y: dict[str, Any]) -> list[Any]:
        least, most = self._domain()
        looks: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
        for mark in self._texts:
            value = mark["x"] if "x" in mark else least + mark["p"] / self.width * (most - least)
            look = (mark["a"], mark.get("d", 0), "bold" if mark.get("b") else "normal", mark["c"])
            looks.setdefault(look, []).append({"x": value, "y": mark["y"], "t": mark["t"]})
        return [
            _marks(alt, marks)
            .mark_text(
                aria=False, align=look[0], dx=look[1], fontWeight=look[2], color=look[3], baseline="middle", fontSize=12
            )
            .encode(x=alt.X("x:Q", **x), y=alt.Y("y:Q", **y), text="t:N")
            for look, marks in looks.items()
        ]


def _marks(alt: Any, rows: list[dict[str, Any]]) -> Any:
    return alt.Chart(alt.Data(values=rows))


def _colour(alt: Any) -> Any:
    return alt.Color("c:N", scale=None, legend=None)


def _svg(raw: str, title: str) -> Markup:
    mark = "c" + hashlib.sha256(raw.encode()).hexdigest()[:8]
    raw = re.sub(r'\bid="([\w-]+)"', rf'id="{mark}-\1"', raw)
    raw = re.sub(r"url\(#([\w-]+)\)", rf"url(#{mark}-\1)", raw)
    size = re.search(r'width="([\d.]+)" height="([\d.]+)"', raw)
    body = raw[raw.index(">") + 1 :]
    width, height = (size[1], size[2]) if size else ("760", "100")
    name = escape(clean(title))
    return Markup(  # noqa: S704  (drawn by vl-convert, which escapes every text; the title is escaped here)
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-label="{name}" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}" style="max-width:100%;height:auto">'
        f"<title>{name}</title>{body}"
    )


@lru_cache(maxsize=64)
def _convert(spec: str) -> str:
    import vl_convert  # noqa: PLC0415

    return str(vl_convert.vegalite_to_svg(spec, vl_version="6.4", allowed_base_urls=[]))

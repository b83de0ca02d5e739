"""Charts: the same bytes from any process and with any fonts, and nothing in them that a stranger's text put there."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from markupsafe import Markup

from partita.formats import charts

HOSTILE = (
    "</text><script>alert(1)</script>",
    '" onload="alert(1)',
    "a\x00b\x1f",
    "\u202e反轉",
    "長" * 500,
    "&lt;",
    "]]>",
    "\ud800",
    "",
)


def bars(labels: tuple[str, ...]) -> Markup:
    """A bar chart of these labels."""
    rows = [charts.Bar(label, i + 0.5, label, series=label, group=label) for i, label in enumerate(labels)]
    return charts.bar(rows, title=labels[0], rule=(1.0, labels[0]))


def stacks(labels: tuple[str, ...]) -> Markup:
    """A stacked bar chart of these labels."""
    rows = [charts.Stack(label, ((label, 2.0, label), ("b", 1.0, label)), label, label) for label in labels]
    return charts.stacked_bar(rows, title=labels[0])


def spans(labels: tuple[str, ...]) -> Markup:
    """A range chart of these labels."""
    rows = [charts.Span(label, ((0.1, label), (0.2 + i, "b")), label, label) for i, label in enumerate(labels)]
    return charts.span(rows, title=labels[0], rules=[(0.3, labels[0])])


KINDS = [bars, stacks, spans]


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_text_stays_text(kind: Callable[[tuple[str, ...]], Markup]) -> None:
    """Whatever the labels say, the drawing is well-formed XML without scripts, handlers or addresses."""
    root = ET.fromstring(kind(HOSTILE))  # noqa: S314 - made here
    for element in root.iter():
        assert element.tag.rpartition("}")[2] in {
            "svg",
            "g",
            "path",
            "text",
            "rect",
            "line",
            "title",
            "defs",
            "clipPath",
        }
        assert not [name for name in element.attrib if name.startswith("on") or "href" in name]
    assert "url(" not in kind(HOSTILE)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_to_draw_is_an_empty_drawing(kind: Callable[[tuple[str, ...]], Markup]) -> None:
    """No rows, and rows of nothing, are drawn without complaint."""
    empty = {bars: charts.bar, stacks: charts.stacked_bar, spans: charts.span}[kind]
    assert ET.fromstring(empty([], title="none")).tag.endswith("svg")  # noqa: S314 - made here
    assert ET.fromstring(charts.bar([charts.Bar("a", 0.0)], title="none")).tag.endswith("svg")  # noqa: S314


ROWS = [
    charts.Bar("望春風 Spring Wind", 0.07, "7.00 %", "重製率", "甲"),
    charts.Bar("雨夜花", 0.65, "65 %", "點播率", "乙"),
]
SCRIPT = f"""
import hashlib
from partita.formats.charts import Bar, bar
print(hashlib.sha256(bar({ROWS!r}, title="圖").encode()).hexdigest())
"""


def test_two_processes_and_other_fonts_draw_the_same_bytes(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nothing is placed by the width of a font, so another process with other fonts draws the same."""
    other = {"FONTCONFIG_FILE": "", "HOME": str(tmp_path_factory.mktemp("home")), "PYTHONHASHSEED": "7"}
    done = [subprocess.run([sys.executable, "-c", SCRIPT], env=env, capture_output=True, text=True, check=True)
            for env in ({"PYTHONHASHSEED": "1"}, other)]  # fmt: skip
    here = hashlib.sha256(charts.bar(ROWS, title="圖").encode()).hexdigest()
    assert {run.stdout.strip() for run in done} == {here}


def test_places_do_not_depend_on_what_is_written() -> None:
    """Two texts of equal columns but unlike width move nothing: only the text itself differs."""
    narrow, wide = bars(("iiii", "llll")), bars(("WWWW", "MMMM"))
    for old, new in (("iiii", "X"), ("llll", "X")):
        narrow = Markup(narrow.replace(old, new))  # noqa: S704 - a test
    for old, new in (("WWWW", "X"), ("MMMM", "X")):
        wide = Markup(wide.replace(old, new))  # noqa: S704 - a test
    assert narrow == wide


def test_the_key_names_each_colour_once() -> None:
    """A key has an entry a series, escaped, and is left out for one series alone."""
    key = charts.legend(charts.palette(["a", "<b>", "a"]))
    assert key.count("<li>") == 2
    assert "&lt;b&gt;" in key
    assert charts.legend({"a": "#000"}) == ""


@pytest.mark.parametrize(
    ("text", "columns", "cut"), [("abcdef", 4, "abc…"), ("望春風", 4, "望…"), ("abcd", 4, "abcd"), ("", 3, "")]
)
def test_text_is_cut_by_columns(text: str, columns: int, cut: str) -> None:
    """A Chinese character takes two columns; what is cut says so."""
    assert charts.clean(text, columns) == cut

"""Templates into pages: everything escaped, strangers' text kept in its own direction, no network, no script."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from partita import money
from partita.formats.pages import cells, text

_CLIP = 160
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")


def user(value: str, most: int = _CLIP) -> Markup:
    """Text from a stranger's file: escaped, cut to `most` characters, its direction kept to itself."""
    bare = _CONTROL.sub(" ", value)
    shown = bare if len(bare) <= most else bare[:most] + "…"
    return Markup(f"<bdi>{escape(shown)}</bdi>")  # noqa: S704 - escaped here


def amount(amount_micro: int, currency: str) -> Markup:
    """An exact amount; digits finer than the minor unit are there, but small."""
    shown = money.show(amount_micro, currency).removeprefix(f"{currency} ").replace("-", "\u2212")
    whole, _, digits = shown.partition(".")
    places = {1: 6, 1000: 3, 10_000: 2}.get(money.minor_micro(currency), 0)
    head = f"{whole}.{digits[:places]}" if digits[:places] else whole
    fine = digits[places:] if digits[:places] else f".{digits}".rstrip(".")
    return Markup(f'{head}<span class="fine">{fine}</span>')  # noqa: S704 - digits


def rounded(amount_micro: int, currency: str) -> str:
    """For a sentence: `TWD 1,234.57`, rounded half up to the currency's minor unit."""
    unit = money.minor_micro(currency)
    return money.show((amount_micro + unit // 2) // unit * unit, currency)


def count(value: int) -> str:
    """`1,234,567`."""
    return f"{value:,}"


def part(value: int, whole: int) -> str:
    """`12.3 %` of `whole`; a dash where there is no whole."""
    shown = cells.ratio(value, whole)
    return f"{shown} %" if shown else "–"


def share(share_ppm: int) -> str:
    """`33.3333 %`."""
    return f"{cells.percent(share_ppm)} %"


def day(value: dt.date) -> str:
    """`2025-12-31`, as ISO 8601 and Taiwan's forms both write it."""
    return value.isoformat()


def link(path: str) -> str:
    """A relative address for a path inside the run folder."""
    return quote(path, safe="/")


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Jinja with escaping always on; a name that a template misspells is an error, not a blank."""
    made = Environment(
        loader=PackageLoader("partita.formats.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {
        "user": user,
        "amount": amount,
        "rounded": rounded,
        "count": count,
        "part": part,
        "share": share,
        "day": day,
        "link": link,
    }
    made.globals["formula_in"] = text.formula
    made.globals["style"] = Markup(  # noqa: S704 - a file of this package
        resources.files("partita.formats.pages").joinpath("style.css").read_text(encoding="utf-8")
    )
    return made


def page(template: str, language: str, **values: Any) -> str:
    """The HTML of a page in one language; `t` holds its words, `named` looks up a code."""
    table = _words(language)
    return environment().get_template(template).render(t=table, language=language, named=_Named(table), **values)


def write(path: Path, template: str, language: str, **values: Any) -> Path:
    """Writes a page that does not exist yet, and returns its path."""
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(page(template, language, **values))
    return path


def plain_name(stem: str, language: str, languages: tuple[str, ...]) -> str:
    """`report.html` for English (else for the first language), `report.zh-Hant.html` for another."""
    plain = "en" if "en" in languages else languages[0]
    return f"{stem}.html" if language == plain else f"{stem}.{language}.html"


@lru_cache(maxsize=8)
def _words(language: str) -> dict[str, str]:
    return text.words(language)


class _Named:
    """`named("role", "C")` in a template."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self._table = table

    def __call__(self, kind: str, code: str) -> str:
        return text.named(self._table, kind, code)


def nav(names: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """For the language links of a page: (tag, the language's own name, path) of each."""
    return [(tag, _words(tag)["language"], path) for tag, path in names.items()]

"""Templates of these pages, beside those of every run's pages: the same frame, style and filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader

from partita.formats.pages import render, text
from partita.formats.training_pages.words import PACKAGE, words


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Jinja as `pages.render` sets it up, with the templates of both packages."""
    loader = ChoiceLoader([PackageLoader(PACKAGE), PackageLoader("partita.formats.pages")])
    return render.environment().overlay(loader=loader)


def write(path: Path, template: str, language: str, **values: Any) -> Path:
    """Writes a page that does not exist yet, and returns its path; `t` holds its words, `named` looks up a code."""
    table = words(language)

    def named(kind: str, code: str) -> str:
        return text.named(table, kind, code)

    page = environment().get_template(template).render(t=table, language=language, named=named, **values)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(page)
    return path


def names(stem: str, languages: Sequence[str]) -> dict[str, str]:
    """The file of a page in each language."""
    return {tag: render.plain_name(stem, tag, tuple(languages)) for tag in languages}


def said(texts: Mapping[str, str], language: str) -> str:
    """A text in one language, else in English."""
    return texts.get(language) or texts.get("en", "")

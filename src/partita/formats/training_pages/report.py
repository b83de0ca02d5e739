"""`report.html` of a training run: what was taken, whose it was, whether it might be, what is owed, and to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from partita.engine.duck import Duck
from partita.formats.pages import render
from partita.formats.training_pages import rendering
from partita.formats.training_pages.drawn import drawn
from partita.formats.training_pages.figures import STATES, figures
from partita.formats.training_pages.view import TrainingView
from partita.formats.training_pages.words import words

Links = Mapping[str, Any]


def write(folder: Path, duck: Duck, view: TrainingView, languages: Sequence[str], links: Links) -> list[Path]:
    """Writes the report in each language. `links`: paths of the run folder's other files, empty for none of a kind.

    `invoices` holds the invoice and its file name without ending by licensor, as `invoice.write` returns them.
    """
    found = figures(duck, view)
    names = rendering.names("report", languages)
    return [
        rendering.write(
            folder / name,
            "training_report.html",
            tag,
            run=view.run,
            view=view,
            charts=drawn(found, view, words(tag), tag),
            plain=rendering.said,
            states=STATES,
            nav=render.nav(names),
            links=links,
            page_of=_page_of(tag, languages),
            **found,
        )
        for tag, name in names.items()
    ]


def _page_of(language: str, languages: Sequence[str]) -> Any:
    """In a template: the file of another page in this page's language."""

    def page(stem: str) -> str:
        return rendering.names(stem, languages)[language]

    return page

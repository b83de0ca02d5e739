"""`invoices/`: one invoice for each licensor of a training run, as JSON and as pages that print on A4."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from partita.formats.pages import render
from partita.formats.training_pages import invoice_data, rendering
from partita.formats.training_pages.view import TrainingView
from partita.formats.training_pages.words import words

FOLDER = "invoices"


def write(folder: Path, view: TrainingView, languages: Sequence[str]) -> dict[str, tuple[str, dict[str, Any]]]:
    """Writes the invoices below `folder`; returns the file name without ending, and the invoice, by licensor."""
    found = list(invoice_data.invoices(view))
    if found:
        (folder / FOLDER).mkdir()
    for stem, data in found:
        text = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / FOLDER / f"{stem}.json").write_text(text + "\n", encoding="utf-8")
        names = rendering.names(stem, languages)
        for tag, name in names.items():
            rendering.write(
                folder / FOLDER / name, "invoice.html", tag, run=view.run, view=view, a=data,
                links=render.nav(names), plain=rendering.said, missing=_missing(data, tag),
            )  # fmt: skip
    return {data["licensor"]["id"]: (stem, data) for stem, data in found}


def _missing(data: dict[str, Any], language: str) -> list[tuple[str, str, str]]:
    """What is missing or contradicted: the licence, the term or figure, and what is wrong, in the page's words."""
    t = words(language)
    return [
        (licence["licence_id"], row["name"], t["not_stated"] if row["what"] == "not stated" else row["what"])
        for licence in data["licences"]
        for row in licence["missing"]
    ]

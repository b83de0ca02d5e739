"""Pages of a training run: its report and its invoices. Statements are those of every run (`formats.pages`).

Reads the tables of a `TrainingView` and writes files into a folder; no network, no clock, no script in any page.
The same run gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from partita.formats.pages import session
from partita.formats.training_pages import invoice, report
from partita.formats.training_pages.view import LicenceView, ModelView, TrainingView

__all__ = ["LicenceView", "ModelView", "TrainingView", "write"]


def write(folder: Path, view: TrainingView, languages: Sequence[str], *, unlicensed: str = "", lists: str = "") -> int:
    """Writes `invoices/` and the report into `folder`, and returns how many invoices there are.

    `unlicensed` is the sheet of uses without a licence, `lists` the index of the lists per rightsholder without its
    ending; empty where there is none. Raises FileExistsError rather than overwrite a file.
    """
    invoices = invoice.write(folder, view, languages)
    with session.opened(view.run) as duck:
        links = {"invoices": invoices, "unlicensed": unlicensed, "lists": lists}
        report.write(folder, duck, view, languages, links)
    return len(invoices)

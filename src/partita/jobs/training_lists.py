"""`rightsholders/` of a training run: for each society, its members and everybody in none, their works that were taken.

One folder a holder, one in it a model; `partita prove` makes the JSON files prove themselves. `index.json` has the hash
of each, so that a list that was altered later is told from one that the run wrote.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from partita.formats import disclosure_annex
from partita.formats.training_pages import lists_page
from partita.jobs import disclose, run
from partita.jobs.training import Settled
from partita.prove.disclosure import Annex

FOLDER = "rightsholders"
INDEX = f"{FOLDER}/index.json"
FORM = "partita.rightsholder-lists/1"
MEMBER = "member"


def write(folder: Path, settled: Settled, run_id: str) -> int:
    """Writes the lists and their index below `folder`, and returns for how many holders there are any.

    Every society, and everybody in none, gets a list. Of the members of societies the first `html_most` by id get one
    of their own; the rows of all others stand in their society's.
    """
    job = settled.found.job
    day: dt.date = job.job.as_of or job.job.period_to
    members: set[str] = set()
    found: list[dict[str, Any]] = []
    for model in job.model:
        for annex in disclose.lists_of(settled.found, model, day):
            name = _name(annex)
            if annex.kind == MEMBER:
                if name not in members and len(members) >= job.statements.html_most:
                    continue
                members.add(name)
            own = folder / FOLDER / name / disclose.folder_of(model.id)
            disclosure_annex.write_as(own, annex.data, job.job.languages)
            found.append(_listed(folder, own, annex))
    if found:
        run.write_json(folder / INDEX, {"form": FORM, "run_id": run_id, "lists": found})
        head = lists_page.Head(run_id, job.job.title.by_language(), job.job.languages, job.provider.fictional)
        lists_page.write(folder / FOLDER, found, head)
    return len({(row["holder"]["kind"], row["holder"]["id"]) for row in found})


def _name(annex: Annex) -> str:
    """The folder of a holder; of a member, of one society's list for it."""
    society = annex.data["holder"].get("society", "")
    return disclosure_annex.safe_name(annex.kind, f"{society} {annex.holder}" if society else annex.holder)


def _listed(folder: Path, own: Path, annex: Annex) -> dict[str, Any]:
    file = own / "annex.json"
    totals = annex.data["totals"]
    return {
        "file": file.relative_to(folder).as_posix(),
        "sha256": run.digest(file),
        "holder": annex.data["holder"],
        "model": annex.data["model"]["id"],
        "works": totals["works"],
        "items": totals["items"],
        "refused": totals["answer"].get("refused", 0),
    }


__all__ = ["FOLDER", "INDEX", "write"]

"""Annexes per rightsholder as files: `annex.json`, `annex.csv`, and `annex.html` in each language, a folder for each.

An annex is written from its own data alone. The index, which tells the world how much there is of whom, is written
only where the provider chooses so.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from partita.formats import disclosure_file
from partita.formats.disclosure_page import links, page
from partita.formats.disclosure_words import LANGUAGES, Words, words
from partita.formats.pages.cells import Cell, Sheet

WORKS_MOST = 500
USES_MOST = 10
"""What a page shows; the sheet and the JSON file always hold everything."""

NAME_BYTES_MOST = 60
CSV_HEADER = (
    "holder", "work_id", "title", "iswc", "work_isrc", "holders", "source", "modality", "items", "size", "taken_on",
    "dated", "answer", "code", "statement_id", "carrier", "evidence", "since", "sha256", "withheld", "trained_on",
    "answer_trained", "code_trained", "licences", "claim", "rule", "isrc", "iscc",
)  # fmt: skip
_USE = CSV_HEADER[6:]


def write(folder: Path, annex: Mapping[str, Any], languages: Sequence[str] = LANGUAGES) -> Path:
    """Writes one annex into a folder of its own below `folder`, and returns that folder."""
    own = folder / safe_name(annex["holder"]["kind"], annex["holder"]["id"])
    write_as(own, annex, languages)
    return own


def write_as(own: Path, annex: Mapping[str, Any], languages: Sequence[str] = LANGUAGES) -> None:
    """Writes one annex into the folder `own`, which is made for it."""
    own.mkdir(parents=True)
    _text(own / "annex.json", disclosure_file.dump_annex(dict(annex)))
    with Sheet(own / "annex.csv", CSV_HEADER) as sheet:
        sheet.write(rows(annex))
    for tag, _, name in links("annex", languages):
        _text(own / name, html(annex, tag, languages))


def write_index(folder: Path, annexes: Sequence[Mapping[str, Any]], languages: Sequence[str] = LANGUAGES) -> None:
    """Writes `annexes.json` and `annexes.html`: for each rightsholder its name and totals, and nothing of its works."""
    listed = [
        {"holder": annex["holder"], **{key: annex["totals"][key] for key in ("works", "items")}} for annex in annexes
    ]
    first = annexes[0]
    head = {key: first[key] for key in ("provider", "model", "made_on")}
    _text(
        folder / "annexes.json",
        disclosure_file.dump({"schema": "partita/training-annexes/1", **head, "annexes": listed}),
    )
    for tag, _, name in links("annexes", languages):
        _text(folder / name, page("disclosure_index.html", tag, links("annexes", languages), a=first, listed=listed))


def html(annex: Mapping[str, Any], language: str, languages: Sequence[str] = LANGUAGES) -> str:
    """The annex as a page; beyond `WORKS_MOST` works it says how many more the files hold."""
    t = words(language)
    shown = [_work(work, t) for work in annex["works"][:WORKS_MOST]]
    more = len(annex["works"]) - len(shown)
    return page("disclosure_annex.html", language, links("annex", languages), a=annex, works=shown, more=more)


def rows(annex: Mapping[str, Any]) -> Iterator[tuple[Cell, ...]]:
    """The lines of the sheet, one for each use of a work."""
    holder = annex["holder"]["id"]
    for work in annex["works"]:
        held = "; ".join(f"{h['name']} {h['role']} {h['share_ppm']}" for h in work["holders"])
        head = (holder, work["work_id"], work["title"], work["iswc"], " ".join(work["isrc"]), held)
        for use in work["uses"]:
            yield (*head, *(_cell(use[key]) for key in _USE))


def safe_name(kind: str, holder: str) -> str:
    """A file name that no system refuses or reads as a path; two holders never have the same one."""
    if re.fullmatch(f"[a-z0-9]{{1,{NAME_BYTES_MOST}}}", holder):
        return f"{kind}-{holder}"
    plain = re.sub(r"[^A-Za-z0-9]+", "-", holder)[:NAME_BYTES_MOST].strip("-").lower()
    mark = hashlib.sha256(holder.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return f"{kind}-{plain or 'x'}-{mark}"


def _cell(value: Any) -> Cell:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(value) if isinstance(value, list) else value


def _work(work: Mapping[str, Any], t: Words) -> dict[str, Any]:
    """A work with the uses that a page shows, in the page's words."""
    uses = [{**use, "found_by": t.get(f"rule_{use['rule']}", t["rule_other"])} for use in work["uses"][:USES_MOST]]
    return {**work, "uses": uses, "more": len(work["uses"]) - len(uses)}


def _text(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)

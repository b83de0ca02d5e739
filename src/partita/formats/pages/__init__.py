"""Pages for people: the report, statements, the Art. 38 table and the review queue of one run.

Reads the tables of a `RunView` and writes files into a folder; no network, no clock, no script in any page.
The same run gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from partita.engine.duck import Duck
from partita.errors import Unbalanced
from partita.formats.pages import art38, render, report, review_queue, session, statement, totals
from partita.formats.pages.view import Names, RunView, safe_name

__all__ = ["Names", "RunView", "Unbalanced", "safe_name", "write", "write_statements"]


def write(folder: Path, run: RunView, *, languages: Sequence[str] = ("en", "zh-Hant")) -> list[Path]:
    """Writes report, statements, Art. 38 tables and review queue into `folder`, and returns their paths, sorted.

    Raises Unbalanced before anything is written where the books do not balance, ValueError for a language without
    texts or a run of several currencies, and FileExistsError rather than overwrite a file.
    """
    tags = _tags(languages)
    with session.opened(run) as duck:
        _balanced(run, duck)
        review_queue.prepare(duck)
        statement.prepare(duck)
        written = [review_queue.write(folder, duck, run), *statement.write(folder, duck, run, tags)]
        tables = art38.write(folder, duck, run) if run.art38 else []
        links = {
            "languages": render.nav({tag: render.plain_name("report", tag, tags) for tag in tags}),
            "index": {tag: f"{statement.FOLDER}/{render.plain_name('index', tag, tags)}" for tag in tags},
            "queue": review_queue.NAME,
            "art38": [(society, page.relative_to(folder).as_posix()) for society, page, _ in tables],
        }
        written += report.write(folder, duck, run, tags, links)
    return sorted([*written, *(path for _, page, sheet in tables for path in (page, sheet))])


def write_statements(folder: Path, run: RunView, *, languages: Sequence[str] = ("en", "zh-Hant")) -> list[Path]:
    """Writes the statements alone, for a run that has a report of its own; raises as `write`."""
    tags = _tags(languages)
    with session.opened(run) as duck:
        _balanced(run, duck)
        statement.prepare(duck)
        return sorted(statement.write(folder, duck, run, tags))


def _tags(languages: Sequence[str]) -> tuple[str, ...]:
    """The languages, each once; raises ValueError for none, or for one without texts."""
    tags = tuple(dict.fromkeys(languages))
    if not tags:
        raise ValueError("pages need a language")
    render.nav(dict.fromkeys(tags, ""))
    return tags


def _balanced(run: RunView, duck: Duck) -> None:
    sums = totals.of(run, duck)
    if sums.difference_micro:
        raise Unbalanced(f"collected and accounted for differ by {sums.difference_micro} millionths of {run.currency}")

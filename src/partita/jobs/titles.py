"""What matching by title alone would find: the works that have a line's title, whoever wrote or sang them.

This is the comparison that one side in a dispute makes by hand. Titles are made comparable as everywhere (`text`), and
what was written beside a title, such as a version, is left out; nothing else is forgiven.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from partita.price import rates
from partita.text import bare_all, fold_all
from partita.text.titles import all_title_parts


def works_by_title(rate: str, lines: pa.Table, repertoire: pa.Table) -> pa.Table:
    """TITLES: for each line of USAGE, every work of REPERTOIRE with the same title or alternative title."""
    named = _keyed(pc.unique(lines.column("title")).to_pylist())
    works = _works(repertoire, set(named.values()))
    found = [
        (line_id, work_id)
        for line_id, title in zip(
            lines.column("line_id").to_pylist(), lines.column("title").to_pylist(), strict=True
        )
        for work_id in works.get(named[title], ())
    ]  # fmt: skip
    columns = [
        pa.array([rate] * len(found), pa.string()),
        pa.array([line for line, _ in found], pa.string()),
        pa.array([work for _, work in found], pa.string()),
    ]
    return pa.table(columns, schema=rates.TITLES)


def _works(repertoire: pa.Table, wanted: set[str]) -> dict[str, list[str]]:
    """Works by key, for the keys that a line has."""
    pairs = [
        (work_id, title)
        for work_id, registered, others in zip(
            *(repertoire.column(name).to_pylist() for name in ("work_id", "title", "alt_titles")), strict=True
        )
        for title in (registered, *others)
    ]
    keys = _keyed({title for _, title in pairs})
    found: dict[str, set[str]] = {}
    for work_id, title in pairs:
        if keys[title] in wanted:
            found.setdefault(keys[title], set()).add(work_id)
    return {key: sorted(ids) for key, ids in found.items() if key}


def _keyed(titles: Iterable[str]) -> dict[str, str]:
    distinct = sorted(titles)
    cores = [parts.core for parts in all_title_parts(fold_all(distinct))]
    return dict(zip(distinct, bare_all(cores), strict=True))

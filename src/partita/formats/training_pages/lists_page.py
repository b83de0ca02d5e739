"""The index of the lists per rightsholder: who is in it, with how many works and items, and where each list lies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from partita import __version__
from partita.formats.pages import render
from partita.formats.training_pages import rendering

SHOWN_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Head:
    """What the page says of the run."""

    run_id: str
    title: Mapping[str, str]
    languages: Sequence[str]
    fictional: bool
    version: str = __version__


def write(folder: Path, found: Iterable[Mapping[str, Any]], head: Head) -> list[Path]:
    """Writes the index in each language; societies stand first, then whoever has the most items."""
    holders = _holders(found)
    shown, names = holders[:SHOWN_MOST], rendering.names("index", head.languages)
    return [
        rendering.write(
            folder / name,
            "training_lists.html",
            tag,
            run=head,
            holders=shown,
            rest={"rest": len(holders) - len(shown)},
            nav=render.nav(names),
            page=rendering.names("annex", head.languages)[tag],
            back="../" + rendering.names("report", head.languages)[tag],
        )
        for tag, name in names.items()
    ]


def _holders(found: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One row a holder with its lists by model."""
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}
    for one in found:
        holder = one["holder"]
        key = (holder["kind"], holder["id"], holder.get("society", ""))
        row = rows.setdefault(key, {"holder": holder, "society": holder.get("society", ""), "items": 0, "lists": []})
        row["items"] += one["items"]
        # Paths in the index are those of the run's folder; the page stands one below.
        path = one["file"].partition("/")[2].removesuffix("annex.json")
        row["lists"].append({**one, "path": path})
    return sorted(
        rows.values(),
        key=lambda row: (row["holder"]["kind"] != "society", -row["items"], row["holder"]["id"], row["society"]),
    )

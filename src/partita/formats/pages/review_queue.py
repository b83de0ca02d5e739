"""`review_queue.csv`: what waits for a person's decision, most money first, with candidates and why.

Columns are stable: programs may read them by name. Nothing is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from partita.engine.duck import Duck
from partita.formats.pages import cells, session
from partita.formats.pages.view import RunView
from partita.text import equal

NAME = "review_queue.csv"
COLUMNS = (
    "rank",
    "item_id",
    "outcome",
    "why",
    "title",
    "performers",
    "writers",
    "lines",
    "plays",
    "amount",
    "currency",
    "licensees",
    "first_licensee",
    "first_line_id",
    "candidates",
    *(
        f"{name}_{place}"
        for place in (1, 2, 3)
        for name in ("work_id", "title", "writers", "performers", "probability")
    ),
)


_OPEN = """SELECT DISTINCT l.title AS title, l.performers AS performers, l.writers AS writers
    FROM line AS l WHERE l.outcome IN ('ambiguous', 'unmatched')"""


def prepare(duck: Duck) -> None:
    """Makes `queue` from `line`, `work` and `held`; lines that a person calls equal are one item."""
    texts = duck.get(_OPEN)
    title, performers, writers = (texts.column(name).to_pylist() for name in ("title", "performers", "writers"))
    keys = equal.keys(title, [[text] for text in performers], [[text] for text in writers])
    duck.put("alike", texts.append_column("item_id", pa.array(map(equal.item_id, keys), pa.string())))
    duck.run(session.PACKAGE, "review_queue.sql")


def write(folder: Path, duck: Duck, run: RunView) -> Path:
    """Writes the queue, every item of it; needs `prepare`."""
    path = folder / NAME
    with cells.Sheet(path, COLUMNS) as sheet:
        for batch in duck.batches("SELECT * FROM queue ORDER BY rank"):
            sheet.write(_cells(row, run.currency) for row in batch.to_pylist())
    return path


def top(duck: Duck, most: int) -> dict[str, Any]:
    """The first items, how many there are, and the money that waits in the first and in all."""
    rows = session.rows(duck, f"SELECT * FROM queue WHERE rank <= {most} ORDER BY rank")
    for row in rows:
        row["named"] = list(_named(row))
    size = session.rows(
        duck,
        "SELECT CAST(count(*) AS BIGINT) AS items, CAST(coalesce(sum(amount_micro), 0) AS BIGINT) AS amount_micro"
        " FROM queue",
    )[0]
    first_micro = sum(row["amount_micro"] for row in rows)
    return {
        "rows": rows,
        "all": size["items"],
        "rest": size["items"] - len(rows),
        "first_micro": first_micro,
        "all_micro": size["amount_micro"],
    }


def _named(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for place in (1, 2, 3):
        if row[f"work_id_{place}"]:
            yield {
                name: row[f"{name}_{place}"] for name in ("work_id", "title", "writers", "performers", "probability")
            }


def _cells(row: dict[str, Any], currency: str) -> list[cells.Cell]:
    found: list[cells.Cell] = [
        row["rank"],
        row["item_id"],
        row["outcome"],
        row["rule"],
        row["title"],
        row["performers"],
        row["writers"],
        row["lines"],
        row["plays"],
        cells.amount(row["amount_micro"], currency),
        currency,
        row["licensee_count"],
        row["licensee"],
        row["line_id"],
        row["candidate_count"],
    ]
    for place in (1, 2, 3):
        found += [row[f"{name}_{place}"] for name in ("work_id", "title", "writers", "performers")]
        found.append(_probability(row[f"probability_{place}"]))
    return found


def _probability(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"

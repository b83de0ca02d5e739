"""The last question before anything is written, and the first after it is read back: whether the books balance."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from partita import money, tables
from partita.distribute.books import ORDER, Books, columns
from partita.engine.duck import Duck
from partita.errors import Unbalanced

PACKAGE = "partita.distribute"
SHOWN = 5
FIGURES = ("collected", "tax", "paid", "fees", "funds", "suspense", "carried_in", "carried_out", "gross")


def check(
    books: Books, pools: pa.Table, charges: pa.Table, *, previous: Books | None = None
) -> dict[str, dict[str, int]]:
    """Totals by currency in micro-units: collected (net of tax), tax, paid, fees, funds, suspense, carried, gross.

    For each currency collected + carried_in = paid + fees + funds + suspense + carried_out. `previous`: the books that
    these adjust. Raises Unbalanced where any entry, pool, payout or total does not add up.
    """
    with Duck() as duck:
        for name in ORDER:
            duck.put(name, getattr(books, name))
        duck.put("pools", pools.drop_columns(["societies"]))
        duck.put("charges", charges)
        duck.put("earlier_journal", tables.JOURNAL.empty() if previous is None else previous.journal)
        return ask(duck, adjusting=previous is not None)


def compare(duck: Duck, folder: Path) -> None:
    """Raises Unbalanced unless the files in `folder` hold the rows of the books that balance in the session.

    Rows are compared by their number and the sum of their hashes.
    """
    asked = []
    for name in ORDER:
        mark = f"COUNT(*) AS n, SUM(CAST(hash({columns(name)}) AS HUGEINT)) AS hashes"
        asked += [
            f"SELECT '{name}' AS name, {mark} FROM {source}" for source in (name, duck.file(folder / f"{name}.parquet"))
        ]
    marks: dict[str, set[tuple[int, int | None]]] = {}
    for row in duck.get(" UNION ALL ".join(asked)).to_pylist():
        marks.setdefault(row["name"], set()).add((row["n"], row["hashes"]))
    found = sorted(name for name, said in marks.items() if len(said) > 1)
    if found:
        raise Unbalanced(f"what was written is not what was booked: {', '.join(found)}")


def ask(duck: Duck, *, adjusting: bool) -> dict[str, dict[str, int]]:
    """The totals of the books named in the session; raises Unbalanced."""
    duck.run(PACKAGE, "balance.sql", first_run=int(not adjusting))
    found = duck.get(
        "SELECT what, subject, CAST(expected_micro AS VARCHAR) AS expected_micro,"
        " CAST(found_micro AS VARCHAR) AS found_micro"
        " FROM differences ORDER BY what, subject, found_micro"
    ).to_pylist()
    if found:
        raise Unbalanced(_say(found))
    rows = duck.get("SELECT * FROM sums ORDER BY currency").to_pylist()
    return {row["currency"]: {name: row[f"{name}_micro"] for name in FIGURES} for row in rows}


def _say(found: list[dict[str, str]]) -> str:
    said = [
        f"{row['what']}: {row['subject']} (expected {money.show(int(row['expected_micro']))},"
        f" found {money.show(int(row['found_micro']))})"
        for row in found[:SHOWN]
    ]
    more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return f"the books do not balance: {'; '.join(said)}{more}"

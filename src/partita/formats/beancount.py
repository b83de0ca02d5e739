"""Beancount: the journal as a plain-text ledger (beancount v3) that an accountant's own tools can check.

Writes one file; reads nothing but the tables given. Names from files become account and payee names only after they
were made safe: nothing in them can start a directive.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from partita.money import MICRO

ROOTS = {
    "receivable": "Assets:Receivable",
    "paid": "Assets:Bank",
    "pool": "Liabilities:Pool",
    "tax": "Liabilities:Tax",
    "payable": "Liabilities:Payable",
    "suspense": "Liabilities:Suspense",
    "carried": "Liabilities:Carried",
    "fee": "Income:Fee",
    "fund": "Liabilities:Fund",
}
"""Where each account of the journal stands in the ledger."""

_NAME_LONGEST = 40
_DIGITS = 12
_PLAIN = re.compile(r"[A-Z0-9][A-Za-z0-9]{0,63}")
_CURRENCY = re.compile(r"[A-Z][A-Z0-9]{1,22}[A-Z0-9]")


def write(
    journal: pa.Table, path: Path, *, pools: pa.Table, title: str = "Partita", booked_on: dt.date | None = None
) -> None:
    """Writes JOURNAL as a ledger; entries carry the last day of their pool's period, payouts the latest of all.

    With `booked_on` every entry carries that day: an adjustment is booked when it is made, and a closed period stays as
    it was. Amounts are exact decimals of the currency unit. Raises ValueError for an account or a currency that
    beancount has no name for. The same journal gives the same bytes; the file appears whole or not at all.
    """
    draft = path.with_name(f".{path.name}.part")
    with draft.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(f"{line}\n" for line in lines(journal, pools=pools, title=title, booked_on=booked_on))
    draft.replace(path)


def lines(
    journal: pa.Table, *, pools: pa.Table, title: str = "Partita", booked_on: dt.date | None = None
) -> Iterator[str]:
    """The ledger, line by line."""
    ends = dict(zip(pools.column("pool_id").to_pylist(), pools.column("period_to").to_pylist(), strict=True))
    days = ends if booked_on is None else dict.fromkeys(ends, booked_on)
    last = max(days.values(), default=booked_on or dt.date(1970, 1, 1))
    rows = journal.sort_by([(name, "ascending") for name in ("entry_id", "account", "party_id", "reason")]).to_pylist()
    yield f'option "title" "{text(title)}"'
    for currency in sorted({row["currency"] for row in rows}):
        yield f'option "operating_currency" "{_currency(currency)}"'
    first = min(days.values(), default=last)
    for name in sorted({account(row["account"], row["party_id"]) for row in rows}):
        yield f"{first} open {name}"
    for entry in _entries(rows):
        yield ""
        pool = next((row["pool_id"] for row in entry if row["pool_id"]), "")
        yield f'{days.get(pool, last)} * "{text(entry[0]["entry_id"])}"'
        for row in entry:
            name = account(row["account"], row["party_id"])
            yield f"  {name}  {amount(row['amount_micro'])} {_currency(row['currency'])}"


def _entries(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    entry: list[dict[str, Any]] = []
    for row in rows:
        if entry and row["entry_id"] != entry[0]["entry_id"]:
            yield entry
            entry = []
        entry.append(row)
    if entry:
        yield entry


def account(kind: str, party: str) -> str:
    """The ledger's account of a posting: `Liabilities:Payable:I00052210040`, or `...:Lin-Q-1a2b3c4d`.

    An id that beancount does not take as it is ends in a digest of itself, so that two ids never share an account.
    Raises ValueError for an account that the ledger has no place for.
    """
    if kind not in ROOTS:
        raise ValueError(f"the ledger has no place for the account {kind!r}")
    if not party:
        return f"{ROOTS[kind]}:None"
    if _PLAIN.fullmatch(party) and party != "None":
        return f"{ROOTS[kind]}:{party}"
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in unicodedata.normalize("NFKC", party))
    plain = re.sub(r"-+", "-", plain).strip("-")[:_NAME_LONGEST].rstrip("-") or "Id"
    return f"{ROOTS[kind]}:{plain[0].upper()}{plain[1:]}-{hashlib.sha256(party.encode()).hexdigest()[:_DIGITS]}"


def text(value: str) -> str:
    """A value inside quotes: one line, no control characters, quotes and backslashes escaped."""
    shown = "".join(" " if unicodedata.category(c).startswith(("C", "Z")) and c != " " else c for c in value)
    return shown.replace("\\", "\\\\").replace('"', '\\"')


def amount(value_micro: int) -> str:
    """`-1234.500000`: exact, always six places, so that the ledger's own rounding never has to guess."""
    sign, (whole, part) = "-" if value_micro < 0 else "", divmod(abs(value_micro), MICRO)
    return f"{sign}{whole}.{part:06d}"


def _currency(code: str) -> str:
    if not _CURRENCY.fullmatch(code):
        raise ValueError(f"currency {code!r} is no ISO 4217 code")
    return code

"""Remarks of the registry: PROBLEMS that name no file. docs/problems.md explains each code."""

from __future__ import annotations

import pyarrow as pa

from partita import tables

CODES = {
    "works.number_shared": (
        "note",
        "several works have this number; the societies that use it were put before it",
        "Nothing needs mending; write SOCIETY:NUMBER in shares files",
    ),
    "works.share_unclear": (
        "quarantined",
        "the share names a number that several works have; it was left out",
        "Write the number as SOCIETY:NUMBER",
    ),
    "works.share_without_work": (
        "warning",
        "the share names a work that no repertoire lists; no line can match it",
        "Correct the work number, or add the work to a repertoire",
    ),
    "works.shares_differ": (
        "warning",
        "registrations state different shares for one party; the smallest is paid, the rest waits",
        "Have the societies agree on the share",
    ),
    "works.overclaimed": (
        "warning",
        "the shares of all societies together are more than the whole; the work's money waits until they agree",
        "Have the societies correct their shares",
    ),
    "works.scaled": (
        "note",
        "the shares nearly sum to the whole and were scaled to it by largest remainder",
        "Nothing needs mending; exact fractions avoid it",
    ),
}
"""Code -> severity, reason, mend."""

VALUE_MOST = 80


class Notes:
    """Collects remarks on works; the same remark counts once."""

    def __init__(self) -> None:
        self._found: set[tuple[str, str, str]] = set()

    def add(self, code: str, value: str, detail: str = "") -> None:
        """A remark of `code` on the work or number `value`."""
        self._found.add((code, value[:VALUE_MOST], detail))

    def table(self) -> pa.Table:
        """PROBLEMS, sorted by code and value."""
        made = []
        for code, value, detail in sorted(self._found):
            severity, reason, mend = CODES[code]
            said = f"{reason}: {detail}" if detail else reason
            row = {"file": "", "line": 0, "code": code, "severity": severity, "column": "work_id", "value": value}
            made.append({**row, "reason": said, "mend": mend, "list": "", "plays": 0})
        return pa.Table.from_pylist(made, schema=tables.PROBLEMS.schema)

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
    "works.possible_duplicate": (
        "warning",
        "the work is probably another one too, and several societies claim shares; both are paid as they stand",
        "Have the societies look at both; register one work under one number, or give both one ISWC",
    ),
    "works.scaled": (
        "note",
        "the shares nearly sum to the whole and were scaled to it by largest remainder",
        "Nothing needs mending; exact fractions avoid it",
    ),
    "decisions.contradict": (
        "note",
        "two decisions about the same lines contradict each other; the later one stands",
        "Take one of them back with `partita decide --undo`",
    ),
    "decisions.work_gone": (
        "warning",
        "a decision names a work that no repertoire lists any more; its lines are ambiguous",
        "Decide the lines again, or add the work to a repertoire",
    ),
    "decisions.torn": (
        "warning",
        "a line of the decisions file was not written to its end; it was left out",
        "Take that answer back in again with `partita decide`",
    ),
}
"""Code -> severity, reason, mend."""

VALUE_MOST = 80


class Notes:
    """Collects remarks on the values of one column; the same remark counts once."""

    def __init__(self, column: str = "work_id") -> None:
        self._column = column
        self._found: set[tuple[str, str, str]] = set()

    def add(self, code: str, value: str, detail: str = "") -> None:
        """A remark of `code` on the work, number or decision `value`."""
        self._found.add((code, value[:VALUE_MOST], detail))

    def table(self) -> pa.Table:
        """PROBLEMS, sorted by code and value."""
        made = []
        for code, value, detail in sorted(self._found):
            severity, reason, mend = CODES[code]
            said = f"{reason}: {detail}" if detail else reason
            row = {"file": "", "line": 0, "code": code, "severity": severity, "column": self._column, "value": value}
            made.append({**row, "reason": said, "mend": mend, "list": "", "plays": 0})
        return pa.Table.from_pylist(made, schema=tables.PROBLEMS.schema)

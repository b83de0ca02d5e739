"""What a leaf of the log says: when something was committed, of which kind, and the commitment. Nothing more.

The data of a leaf is canonical JSON; nothing personal and nothing secret stands in it.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from dataclasses import dataclass

from partita.errors import InputError
from partita.prove import merkle
from partita.prove.commitment import canonical

VERSION = 1
KINDS = ("decision", "disclosure", "label", "manifest", "reservation", "run", "statement", "usage")
TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
KEYS = {"at", "commitment", "count", "kind", "v"}
BYTES_MOST = 512


@dataclass(frozen=True, slots=True)
class Entry:
    """One leaf: the second in UTC (`2026-11-22T10:00:00Z`), the kind of what is committed, 32 bytes, and of how many.

    Where `count` is 1 the commitment is that of one record, else the root over a batch's commitments.
    """

    at: str
    kind: str
    commitment: bytes
    count: int = 1

    def data(self) -> bytes:
        """The leaf's data; raises `InputError` where the entry says what none can say."""
        if self.kind not in KINDS:
            raise InputError(f"{self.kind!r} is no kind of entry", mend=f"Use one of {', '.join(KINDS)}")
        if not _is_time(self.at):
            raise InputError(f"{self.at!r} is no time", mend="Write it in UTC, to the second: 2026-11-22T10:00:00Z")
        if len(self.commitment) != merkle.HASH_BYTES or type(self.count) is not int or self.count < 1:
            raise InputError("an entry commits to at least one record, in 32 bytes")
        encoded = base64.b64encode(self.commitment).decode()
        said = {"at": self.at, "commitment": encoded, "count": self.count, "kind": self.kind, "v": VERSION}
        return canonical(said)


def parse(data: bytes) -> Entry:
    """The entry that a leaf's data says; raises `InputError` where it is none, or not in the canonical form."""
    try:
        said = json.loads(data) if len(data) <= BYTES_MOST else None
        if not isinstance(said, dict) or set(said) != KEYS or said["v"] != VERSION:
            raise InputError("this leaf is no entry of this form")
        found = Entry(said["at"], said["kind"], base64.b64decode(said["commitment"], validate=True), said["count"])
        if found.data() != data:
            raise InputError("this leaf's JSON is not in its canonical form")
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise InputError("this leaf is no entry of this form") from error
    return found


def _is_time(text: str) -> bool:
    try:
        return dt.datetime.strptime(text, TIME_FORMAT).strftime(TIME_FORMAT) == text  # noqa: DTZ007 - Z is in the form
    except ValueError:
        return False

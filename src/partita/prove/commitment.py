"""Salted commitments: a log can hold that something was recorded, and when, without holding what.

A commitment is HMAC-SHA-256 over a record's canonical bytes, keyed with 32 random bytes, its salt. Record and salt
together open it; who has only the commitment cannot guess the record, not even from a short list. So whoever erases
record and salt has erased what they said, and every other proof stays as it was.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from typing import Any

from partita.errors import InputError
from partita.prove.faults import ForgedProof

SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens a commitment: the record's canonical bytes and its salt. Private until its holder shows it."""

    record: bytes
    salt: bytes

    @property
    def commitment(self) -> bytes:
        """The commitment that this opens."""
        return commit(self.record, self.salt)


def canonical(value: Any) -> bytes:
    """A value as JSON in one form: keys sorted, no spaces, UTF-8; raises `InputError` for floats and other values."""
    try:
        _exact(value)
        return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"this cannot be written as JSON: {error}") from error


def _exact(value: Any) -> None:
    """Raises `InputError` for numbers that are not exact and keys that are no text, wherever they stand."""
    if isinstance(value, float):
        raise InputError(f"the number {value} is not exact", mend="Write it as a whole number or as text")
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise InputError("a key of the record is no text", mend="Write every key as text")
        value = value.values()
    elif not isinstance(value, (list, tuple)):
        return
    for each in value:
        _exact(each)


def commit(record: bytes, salt: bytes) -> bytes:
    """The commitment (32 bytes) to a record's canonical bytes under a salt of 32 random bytes."""
    if len(salt) != SALT_BYTES:
        raise InputError(f"a salt is {SALT_BYTES} random bytes, not {len(salt)}")
    return hmac.digest(salt, record, "sha256")


def verify(commitment: bytes, record: bytes, salt: bytes) -> None:
    """Raises `ForgedProof` unless record and salt open the commitment."""
    if not hmac.compare_digest(commit(record, salt), commitment):
        raise ForgedProof("record and salt do not open the commitment")

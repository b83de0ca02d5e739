"""Small logs for the tests of this room, and entries to fill them with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from partita.prove import Log, Policy, SigningKey, create_log, make_key
from partita.prove.note import COSIGNATURE

ORIGIN = "society.example/log"


@dataclass(frozen=True)
class Made:
    """A signed log, what its entries are, and the keys of its operator and of a witness."""

    log: Log
    entries: list[bytes]
    key: SigningKey
    watcher: SigningKey

    @property
    def policy(self) -> Policy:
        """Whoever trusts the operator's key alone."""
        return Policy((self.key.verifier,))


def data(count: int, first: int = 0) -> list[bytes]:
    """Entries that differ from one another, of different lengths."""
    return [f"entry {number}".encode() * (number % 3 + 1) for number in range(first, first + count)]


def make(folder: Path, *ends: int) -> Made:
    """A log that was appended to and signed at each of these numbers of entries."""
    key = make_key(ORIGIN, b"k" * 32)
    log, start = create_log(folder, ORIGIN), 0
    for end in ends:
        log.append(data(end - start, start))
        log.sign(key)
        start = end
    return Made(log, data(start), key, make_key("witness.example/one", b"w" * 32, COSIGNATURE))

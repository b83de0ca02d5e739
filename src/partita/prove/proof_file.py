"""Proof files (c2sp.org/tlog-proof): that an entry is in a log, checked with nothing but the file and public keys.

A file holds the entry's number, the hashes from its leaf to the root, and the checkpoint, word for word; and, not
covered by any signature, extra bytes that help to find the entry again.
"""

from __future__ import annotations

from dataclasses import dataclass

from partita.prove import checkpoint, merkle
from partita.prove.checkpoint import Accepted, Policy
from partita.prove.encoding import decoded, encoded, number
from partita.prove.faults import MalformedNote

HEADER = "c2sp.org/tlog-proof@v1"
HASHES_MOST = 64


@dataclass(frozen=True, slots=True)
class Proof:
    """What a proof file says: the entry's number from 0, the hashes (deepest first), the signed note, extra bytes."""

    index: int
    hashes: tuple[bytes, ...]
    note: str
    extra: bytes = b""

    def __str__(self) -> str:
        extra = [f"extra {encoded(self.extra)}"] if self.extra else []
        lines = [HEADER, *extra, f"index {self.index}", *(encoded(each) for each in self.hashes), "", self.note]
        return "\n".join(lines)


def parse(data: bytes | str) -> Proof:
    """Takes a proof file apart and checks no signature; raises `MalformedNote`."""
    try:
        text = data.decode() if isinstance(data, bytes) else data
    except UnicodeError as error:
        raise MalformedNote("the proof file is not UTF-8") from error
    head, found, signed = text.partition("\n\n")
    header, *lines = head.split("\n")
    if header != HEADER or not found or not lines:
        raise MalformedNote(f"a proof file begins with {HEADER}, an index and hashes, then an empty line")
    extra = decoded(lines.pop(0).removeprefix("extra ")) if lines[0].startswith("extra ") else b""
    word, _, index = (lines.pop(0) if lines else "").partition(" ")
    if word != "index":
        raise MalformedNote("the proof file states no index")
    if len(lines) > HASHES_MOST:
        raise MalformedNote(f"a proof of {len(lines)} hashes is not read; {HASHES_MOST} are the most")
    return Proof(number(index), tuple(decoded(line) for line in lines), signed, extra)


def verify(proof: Proof | bytes | str, leaf_data: bytes, policy: Policy) -> Accepted:
    """Who signed the checkpoint, where the proof leads from the leaf's data to it.

    Raises what `checkpoint.accept` raises, and `ForgedProof`.
    """
    found = proof if isinstance(proof, Proof) else parse(proof)
    accepted = checkpoint.accept(found.note, policy)
    told = accepted.checkpoint
    merkle.verify_inclusion(found.index, told.size, merkle.leaf_hash(leaf_data), found.hashes, told.root)
    return accepted

"""Batches: many records committed to by one entry, and receipts, by which anyone shows that one record is among them.

A batch is the list of its commitments, in order: it may be published, it hides what was recorded and shows how much.
Its root (as of a Merkle tree with the commitments as leaves' data) stands in the log. A receipt is one record with its
salt, its place, and the hashes from there to the root.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from partita.errors import InputError
from partita.prove import merkle
from partita.prove.commitment import commit
from partita.prove.faults import ForgedProof


@dataclass(frozen=True)
class Batch:
    """Commitments (32 bytes each) in order, none twice: two receipts must never stand on one place."""

    commitments: tuple[bytes, ...]

    def __post_init__(self) -> None:
        if not self.commitments or any(len(each) != merkle.HASH_BYTES for each in self.commitments):
            raise InputError("a batch is at least one commitment of 32 bytes")
        if len(set(self.commitments)) != len(self.commitments):
            raise InputError("one commitment stands twice in the batch", mend="Give every record a salt of its own")

    @cached_property
    def rows(self) -> list[Sequence[bytes]]:
        """All rows of the tree over the commitments, from the leaf hashes up to the root."""
        return merkle.rows(merkle.leaf_hashes(self.commitments))

    @cached_property
    def places(self) -> dict[bytes, int]:
        """Where each commitment stands."""
        return {commitment: index for index, commitment in enumerate(self.commitments)}

    @property
    def root(self) -> bytes:
        """The root that the log's entry holds."""
        return self.rows[-1][0]

    def __len__(self) -> int:
        return len(self.commitments)


@dataclass(frozen=True, slots=True)
class Receipt:
    """One record (canonical bytes), its salt, its place in a batch of `size`, and the hashes from there to the root."""

    record: bytes
    salt: bytes
    index: int
    size: int
    path: tuple[bytes, ...]


def make(records: Sequence[bytes], salts: Sequence[bytes]) -> Batch:
    """The batch of the commitments to these records, each under its own salt."""
    if len(records) != len(salts):
        raise InputError(f"{len(records)} records need as many salts, not {len(salts)}")
    return Batch(tuple(commit(record, salt) for record, salt in zip(records, salts, strict=True)))


def open_in(batch: Batch, record: bytes, salt: bytes) -> Receipt:
    """The receipt that a record is in a batch; raises `ForgedProof` where it is not."""
    index = batch.places.get(commit(record, salt))
    if index is None:
        raise ForgedProof("the record is not in the batch")
    return Receipt(record, salt, index, len(batch), tuple(merkle.inclusion_proof_in(batch.rows, index)))


def verify(receipt: Receipt, root: bytes, count: int) -> None:
    """Raises `ForgedProof` unless the receipt's record is in the batch of `count` commitments under this root."""
    if receipt.size != count:
        raise ForgedProof(f"the receipt is of a batch of {receipt.size} records, the entry of {count}")
    leaf = merkle.leaf_hash(commit(receipt.record, receipt.salt))
    merkle.verify_inclusion(receipt.index, receipt.size, leaf, receipt.path, root)

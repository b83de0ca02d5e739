"""Merkle trees as in RFC 6962 (section 2.1) and RFC 9162, with SHA-256: hashes, roots, proofs, and their checks.

A tree is known by its leaf hashes, in order. A proof is a list of hashes, deepest first. Which hashes it consists of is
said as ranges of leaves (`inclusion_ranges`, `consistency_ranges`), so that whoever has the hashes elsewhere, in tiles
on a disk, needs no list of leaves. Subtrees are those of draft-ietf-plants-merkle-tree-certs (section 4): ranges whose
start is a multiple of the power of two that holds them. Everything here is a pure function.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from partita.errors import InputError
from partita.prove.faults import ForgedProof

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of the tree without leaves."""

LEAF = b"\x00"
NODE = b"\x01"

Range = tuple[int, int]
"""Leaves from the first number up to, and without, the second."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf's data."""
    return hashlib.sha256(LEAF + data).digest()


def leaf_hashes(entries: Sequence[bytes]) -> list[bytes]:
    """The hash of each leaf's data."""
    sha256 = hashlib.sha256
    return [sha256(LEAF + data).digest() for data in entries]


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two children."""
    return hashlib.sha256(NODE + left + right).digest()


def parents(row: Sequence[bytes]) -> list[bytes]:
    """The next row of a tree upwards; a node without a neighbour is carried up as it is."""
    sha256 = hashlib.sha256
    each = iter(row)
    above = [sha256(NODE + left + right).digest() for left, right in zip(each, each, strict=False)]
    return [*above, row[-1]] if len(row) % 2 else above


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes."""
    row = leaves
    while len(row) > 1:
        row = parents(row)
    return row[0] if row else EMPTY_ROOT


def rows(leaves: Sequence[bytes]) -> list[Sequence[bytes]]:
    """All rows of a tree, leaf hashes first, the root last; node `i` of row `k` is over the leaves from `i * 2^k`."""
    found = [leaves]
    while len(found[-1]) > 1:
        found.append(parents(found[-1]))
    return found


def split(size: int) -> int:
    """How many of a tree's leaves stand under its root's left child: the largest power of two below `size` (>= 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def is_subtree(start: int, end: int) -> bool:
    """Whether leaves `start` to `end` are a subtree: `start` is a multiple of the power of two that holds them."""
    return 0 <= start <= end and (start in (0, end) or start % (1 << (end - start - 1).bit_length()) == 0)


def inclusion_ranges(index: int, size: int) -> Iterator[Range]:
    """The ranges whose roots prove that leaf `index` is in the tree of `size` leaves, deepest first.

    Raises `InputError` where the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise InputError(f"there is no leaf {index} in a tree of {size} leaves")
    siblings, _ = _way(index, index + 1, size)
    return reversed(siblings)


def consistency_ranges(start: int, end: int, size: int) -> Iterator[Range]:
    """The ranges whose roots prove that the subtree `[start, end)` is part of the tree of `size` leaves, deepest first.

    With `start` 0 this is RFC 6962's consistency proof between the trees of `end` and of `size` leaves. Where the
    subtree is no node of the whole tree, its last node comes first. Raises `InputError` where it is no subtree of it.
    """
    if not is_subtree(start, end) or end > size:
        raise InputError(f"leaves {start} to {end} are no subtree of a tree of {size} leaves")
    if start == end:
        return iter(())
    siblings, reached = _way(start, end, size)
    return reversed(siblings if reached == (start, end) else [*siblings, reached])


def _way(start: int, end: int, size: int) -> tuple[list[Range], Range]:
    """From the root down to the node that ends `[start, end)`: the siblings passed, the first first, and that node."""
    siblings, low, high = [], 0, size
    while low < start or high != end:
        middle = low + split(high - low)
        if end <= middle:
            siblings.append((middle, high))
            high = middle
        else:
            siblings.append((low, middle))
            low = middle
    return siblings, (low, high)


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The proof that leaf `index` is in the tree over these leaf hashes, deepest hash first."""
    return [root(leaves[low:high]) for low, high in inclusion_ranges(index, len(leaves))]


def inclusion_proof_in(tree: Sequence[Sequence[bytes]], index: int) -> list[bytes]:
    """The same from all `rows` of a tree, for whoever draws many proofs: nothing is hashed."""
    return [
        tree[(high - low - 1).bit_length()][low >> (high - low - 1).bit_length()]
        for low, high in inclusion_ranges(index, len(tree[0]))
    ]


def consistency_proof(leaves: Sequence[bytes], old: int) -> list[bytes]:
    """The proof that the tree over the first `old` of these leaf hashes is a beginning of the whole."""
    return subtree_consistency_proof(leaves, 0, old)


def subtree_inclusion_proof(leaves: Sequence[bytes], index: int, start: int, end: int) -> list[bytes]:
    """The proof that leaf `index` is in the subtree `[start, end)` of the tree over these leaf hashes."""
    if not is_subtree(start, end) or end > len(leaves):
        raise InputError(f"leaves {start} to {end} are no subtree of a tree of {len(leaves)} leaves")
    return inclusion_proof(leaves[start:end], index - start)


def subtree_consistency_proof(leaves: Sequence[bytes], start: int, end: int) -> list[bytes]:
    """The proof that the subtree `[start, end)` is part of the tree over these leaf hashes."""
    return [root(leaves[low:high]) for low, high in consistency_ranges(start, end, len(leaves))]


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], claimed_root: bytes) -> None:
    """Raises `ForgedProof` unless the proof leads from a leaf's hash to the root of the tree of `size` leaves."""
    verify_subtree_inclusion(index, 0, size, leaf, proof, claimed_root)


def verify_subtree_inclusion(
    index: int, start: int, end: int, leaf: bytes, proof: Sequence[bytes], claimed_root: bytes
) -> None:
    """Raises `ForgedProof` unless the proof leads from a leaf's hash to the root of the subtree `[start, end)`."""
    if not is_subtree(start, end) or not start <= index < end:
        raise ForgedProof(f"leaf {index} does not lie in a subtree from {start} to {end}")
    ranges = list(inclusion_ranges(index - start, end - start))
    _sound(proof, ranges, leaf, claimed_root)
    reached = leaf
    for (low, _), sibling in zip(ranges, proof, strict=True):
        reached = node_hash(sibling, reached) if low <= index - start else node_hash(reached, sibling)
    if reached != claimed_root:
        raise ForgedProof("the proof does not lead to the root")


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Raises `ForgedProof` unless the tree of `old` leaves is proven to be a beginning of the tree of `new` leaves.

    Every tree begins with the empty one, so there is nothing to prove from it: `old` 0 is refused.
    """
    if old == 0:
        raise ForgedProof("a proof of consistency from the empty tree means nothing")
    verify_subtree_consistency(0, old, new, proof, old_root, new_root)


def verify_subtree_consistency(
    start: int, end: int, size: int, proof: Sequence[bytes], subtree_root: bytes, claimed_root: bytes
) -> None:
    """Raises `ForgedProof` unless the subtree `[start, end)` is proven to be part of the tree of `size` leaves."""
    if not is_subtree(start, end) or end > size:
        raise ForgedProof(f"leaves {start} to {end} are no subtree of a tree of {size} leaves")
    if start == end:
        if proof or subtree_root != EMPTY_ROOT:
            raise ForgedProof("the empty subtree has no proof, and the root of the empty tree")
        return
    ranges = list(consistency_ranges(start, end, size))
    _sound(proof, ranges, *((subtree_root, claimed_root) if ranges else ()))
    hashes = dict(zip(ranges, proof, strict=True))
    if ranges and ranges[0][1] == end:
        if _rebuilt(hashes, start, end) != subtree_root:
            raise ForgedProof("the proof does not lead to the root of the part")
    else:
        hashes[start, end] = subtree_root
    if _rebuilt(hashes, 0, size) != claimed_root:
        raise ForgedProof("the proof does not lead to the root of the whole")


def _rebuilt(hashes: dict[Range, bytes], low: int, high: int) -> bytes:
    """The root over a range of leaves, from the roots of the ranges that it is made of."""
    known = hashes.get((low, high))
    if known is not None:
        return known
    middle = low + split(high - low)
    return node_hash(_rebuilt(hashes, low, middle), _rebuilt(hashes, middle, high))


def _sound(proof: Sequence[bytes], ranges: Sequence[Range], *hashes: bytes) -> None:
    """Raises `ForgedProof` unless a proof has as many hashes as there are ranges, and every hash its length."""
    if len(proof) != len(ranges):
        raise ForgedProof(f"the proof has {len(proof)} hashes where {len(ranges)} are needed")
    if any(len(each) != HASH_BYTES for each in (*proof, *hashes)):
        raise ForgedProof(f"a hash is not {HASH_BYTES} bytes long")

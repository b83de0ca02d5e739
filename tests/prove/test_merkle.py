"""Merkle trees: golden values, the definitions of RFC 6962 as written, properties, and vectors that others publish."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.errors import InputError
from partita.prove import merkle
from partita.prove.faults import ForgedProof

SIZES = st.integers(1, 70)

GOLDEN_V1 = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "db3426e878068d28d269b6c87172322ce5372b65756d0789001d34835f601c03",
    2: "cb00989d94a569c0a678ae042b63dcd4625db96440517f37a6eb7976ea24ed4b",
    3: "725d5230db68f557470dc35f1d8865813acd7ebb07ad152774141decbae71327",
    7: "a3e23b32ccb6bf96d092d165d8aa546e09829de8f03b0e8957581d1e16b92bdf",
    300: "84e13ec1e037155ae619757599b2cd21ada5a565e0fd9b3139c0c3c6c1b8ada9",
}
"""Roots over the leaves `0`, `1`, `2` ... written in decimals, by the number of leaves."""


def leaves(size: int) -> list[bytes]:
    """Leaf hashes of the numbers from 0."""
    return [merkle.leaf_hash(str(number).encode()) for number in range(size)]


def defined_root(hashes: Sequence[bytes]) -> bytes:
    """RFC 6962, section 2.1, as it is written, over leaf hashes."""
    if len(hashes) < 2:
        return hashes[0] if hashes else merkle.EMPTY_ROOT
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return merkle.node_hash(defined_root(hashes[:k]), defined_root(hashes[k:]))


def defined_path(m: int, hashes: Sequence[bytes]) -> list[bytes]:
    """RFC 6962, section 2.1.1, PATH(m, D[n]) as it is written."""
    if len(hashes) == 1:
        return []
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    if m < k:
        return [*defined_path(m, hashes[:k]), defined_root(hashes[k:])]
    return [*defined_path(m - k, hashes[k:]), defined_root(hashes[:k])]


def defined_part(start: int, end: int, hashes: Sequence[bytes], known: bool) -> list[bytes]:
    """SUBTREE_SUBPROOF of draft-ietf-plants-merkle-tree-certs, 4.4.1, as it is written; RFC 6962's SUBPROOF from 0."""
    if (start, end) == (0, len(hashes)):
        return [] if known else [defined_root(hashes)]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    if end <= k:
        return [*defined_part(start, end, hashes[:k], known), defined_root(hashes[k:])]
    if k <= start:
        return [*defined_part(start - k, end - k, hashes[k:], known), defined_root(hashes[:k])]
    return [*defined_part(0, end - k, hashes[k:], False), defined_root(hashes[:k])]


def subtrees(size: int) -> list[tuple[int, int]]:
    """All subtrees of a tree."""
    return [(a, b) for b in range(1, size + 1) for a in range(b) if merkle.is_subtree(a, b)]


@pytest.mark.parametrize("size", GOLDEN_V1)
def test_roots_are_the_golden_ones_v1(size: int) -> None:
    """The roots over written-down leaves never change."""
    assert merkle.root(leaves(size)).hex() == GOLDEN_V1[size]


@given(SIZES)
def test_roots_and_proofs_are_those_of_the_definitions(size: int) -> None:
    """Root, inclusion and consistency proofs are, hash for hash, what the recursive definitions say."""
    hashes = leaves(size)
    assert merkle.root(hashes) == defined_root(hashes)
    rows = merkle.rows(hashes)
    for index in range(size):
        proof = merkle.inclusion_proof(hashes, index)
        assert proof == defined_path(index, hashes) == merkle.inclusion_proof_in(rows, index)
    for old in range(1, size + 1):
        assert merkle.consistency_proof(hashes, old) == defined_part(0, old, hashes, known=True)


@given(st.integers(1, 33))
def test_subtree_proofs_are_those_of_the_draft_and_verify(size: int) -> None:
    """Every subtree of a tree is proven as the draft defines it, and the proof holds."""
    hashes = leaves(size)
    for start, end in subtrees(size):
        proof = merkle.subtree_consistency_proof(hashes, start, end)
        assert proof == defined_part(start, end, hashes, known=True)
        part = merkle.root(hashes[start:end])
        merkle.verify_subtree_consistency(start, end, size, proof, part, merkle.root(hashes))
        path = merkle.subtree_inclusion_proof(hashes, end - 1, start, end)
        merkle.verify_subtree_inclusion(end - 1, start, end, hashes[end - 1], path, part)


@given(SIZES, st.data())
def test_a_proof_holds_and_no_changed_one_does(size: int, drawn: st.DataObject) -> None:
    """An inclusion proof leads to the root; with one bit, one place or one hash more or less it does not."""
    hashes = leaves(size)
    index = drawn.draw(st.integers(0, size - 1))
    proof, root = merkle.inclusion_proof(hashes, index), merkle.root(hashes)
    merkle.verify_inclusion(index, size, hashes[index], proof, root)
    wrong = [
        (index, [*proof, root], hashes[index], root),
        (index, proof, merkle.leaf_hash(b"other"), root),
        (index, proof, hashes[index], merkle.leaf_hash(b"other")),
        (index, proof, hashes[index][:31], root),
        (size, proof, hashes[index], root),
        (-1, proof, hashes[index], root),
    ]
    if proof:
        place, bit = drawn.draw(st.integers(0, len(proof) - 1)), drawn.draw(st.integers(0, 255))
        wrong += [(index, flipped(proof, place, bit), hashes[index], root), (index, proof[1:], hashes[index], root)]
        wrong += [(index ^ 1 << place, proof, hashes[index], root)] if index ^ 1 << place < size else []
    for number, hashes_told, leaf, root_told in wrong:
        with pytest.raises(ForgedProof):
            merkle.verify_inclusion(number, size, leaf, hashes_told, root_told)


def flipped(proof: Sequence[bytes], place: int, bit: int) -> list[bytes]:
    """A proof with one bit of one hash turned."""
    changed = (int.from_bytes(proof[place]) ^ 1 << bit).to_bytes(merkle.HASH_BYTES)
    return [*proof[:place], changed, *proof[place + 1 :]]


@given(SIZES, SIZES, st.data())
def test_a_tree_that_grew_is_proven_and_one_that_was_rewritten_is_not(
    one: int, more: int, drawn: st.DataObject
) -> None:
    """Consistency holds between a tree and its beginning, and not where one leaf of the beginning is another."""
    size = max(one, more)
    old, hashes = min(one, more), leaves(size)
    proof = merkle.consistency_proof(hashes, old)
    merkle.verify_consistency(old, size, proof, merkle.root(hashes[:old]), merkle.root(hashes))
    changed = drawn.draw(st.integers(0, old - 1))
    other = [*hashes[:changed], merkle.leaf_hash(b"rewritten"), *hashes[changed + 1 :]]
    for kept, grown in ((hashes, other), (other, hashes)):
        for told in (merkle.consistency_proof(hashes, old), merkle.consistency_proof(other, old)):
            with pytest.raises(ForgedProof):
                merkle.verify_consistency(old, size, told, merkle.root(kept[:old]), merkle.root(grown))


def test_the_empty_tree_proves_nothing() -> None:
    """From no leaves there is no proof of consistency, and no leaf is in the empty tree."""
    for proof in ([], [merkle.EMPTY_ROOT]):
        with pytest.raises(ForgedProof):
            merkle.verify_consistency(0, 3, proof, merkle.EMPTY_ROOT, merkle.root(leaves(3)))
    merkle.verify_subtree_consistency(0, 0, 3, [], merkle.EMPTY_ROOT, merkle.root(leaves(3)))
    with pytest.raises(ForgedProof):
        merkle.verify_subtree_consistency(0, 0, 3, [], merkle.leaf_hash(b"0"), merkle.root(leaves(3)))
    with pytest.raises(InputError, match="no leaf 0"):
        merkle.inclusion_proof([], 0)


def test_what_is_no_subtree_is_refused() -> None:
    """A range that begins within its own power of two is no subtree, nor is one beyond the tree's end."""
    hashes = leaves(8)
    assert not merkle.is_subtree(1, 3)
    with pytest.raises(InputError, match="no subtree"):
        merkle.subtree_consistency_proof(hashes, 1, 3)
    with pytest.raises(InputError, match="no subtree"):
        merkle.subtree_inclusion_proof(hashes, 8, 8, 9)
    with pytest.raises(ForgedProof):
        merkle.verify_subtree_consistency(1, 3, 8, [], hashes[0], hashes[1])


def test_a_tree_of_any_size_is_asked_in_a_few_steps() -> None:
    """A claim about a tree of more leaves than there are atoms is refused, not computed."""
    with pytest.raises(ForgedProof):
        merkle.verify_inclusion(1 << 300, 1 << 301, merkle.EMPTY_ROOT, [], merkle.EMPTY_ROOT)


def vector_holds(kind: str, told: dict[str, Any]) -> bool:
    """Whether a vector of transparency-dev/merkle verifies."""
    hashes = {name: base64.b64decode(told.get(name) or "") for name in ("root", "leafHash", "root1", "root2")}
    proof = [base64.b64decode(each) for each in told["proof"] or []]
    try:
        match kind:
            case "inclusion":
                given_ = (told["leafIdx"], told["treeSize"], hashes["leafHash"], proof, hashes["root"])
                merkle.verify_inclusion(*given_)
            case "consistency":
                merkle.verify_consistency(told["size1"], told["size2"], proof, hashes["root1"], hashes["root2"])
            case "subtreeinclusion":
                place = (told["leafIdx"], told["start"], told["end"])
                merkle.verify_subtree_inclusion(*place, hashes["leafHash"], proof, hashes["root"])
            case _:
                place = (told["start"], told["end"], told["size"])
                merkle.verify_subtree_consistency(*place, proof, hashes["root1"], hashes["root2"])
    except ForgedProof:
        return False
    return True


@pytest.mark.parametrize(
    ("kind", "count"), [("inclusion", 98), ("consistency", 98), ("subtreeinclusion", 204), ("subtreeconsistency", 118)]
)
def test_the_vectors_of_transparency_dev(vectors: Callable[[str], Path], kind: str, count: int) -> None:
    """All 518 vectors of transparency-dev/merkle (Apache-2.0) hold or fail as they say."""
    files = sorted((vectors("transparency-dev+merkle") / "testdata" / kind).rglob("*.json"))
    told = {file: json.loads(file.read_text(encoding="utf-8")) for file in files}
    assert [str(file) for file, each in told.items() if vector_holds(kind, each) == each["wantErr"]] == []
    assert len(files) >= count

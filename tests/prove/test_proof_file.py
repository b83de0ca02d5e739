"""Proof files: written, read, verified; and every way in which one can lie."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from logs import Made, make

from partita.prove import Fault, Policy, Proof, make_key, proof_file
from partita.prove.faults import ForgedProof, MalformedNote, TooFewWitnesses, UnknownKey, WrongOrigin

PROOF_V1 = (
    "c2sp.org/tlog-proof@v1\n"
    "extra ZXh0cmE=\n"
    "index 1\n"
    "dziFphNIniTOLPdhmdakI/BC5LvxLX7s7pEu8nbGVwE=\n"
    "idRzN6qOagl8eENHId4oIuoM6GLeR7FDDZbb+kDdKLQ=\n"
    "\n"
    "society.example/log\n"
    "3\n"
    "HY7kTeNQY8nHzrWjGTSaNyd+y3FT+lGTynDH73u53PI=\n"
    "\n"
    "— society.example/log "
    "9dQZdD+/m8djWC8Ws83EHYDfyDA3J6wltQHyDumwWji+Gi6XCUrdCfQjVkOkYKXeDd3jrheiO88aZhrhFOzvx0c/Fgo=\n"
)


def test_a_proof_file_is_the_golden_one_v1(tmp_path: Path) -> None:
    """The proof file of one entry of a small log never changes."""
    made = make(tmp_path / "log", 3)
    assert str(made.log.proof(1, b"extra")) == PROOF_V1
    proof_file.verify(PROOF_V1, made.entries[1], made.policy)


@given(
    st.integers(0, (1 << 63) - 1), st.lists(st.binary(min_size=32, max_size=32), max_size=63),
    st.binary(max_size=90), st.text(max_size=90),
)  # fmt: skip
def test_what_is_written_is_read(index: int, hashes: list[bytes], extra: bytes, signed: str) -> None:
    """A proof comes back from its text."""
    proof = Proof(index, tuple(hashes), signed, extra)
    assert proof_file.parse(str(proof)) == proof


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: f"{proof_file.HEADER}\n{text}"))
def test_any_bytes_are_answered(content: bytes | str) -> None:
    """Whatever comes as a proof file is read or refused as malformed."""
    try:
        proof = proof_file.parse(content)
    except MalformedNote:
        return
    assert proof_file.parse(str(proof)) == proof


@pytest.mark.parametrize(
    "change",
    [
        ("@v1", "@v2"), ("index 1", "index 01"), ("index 1", "index -1"), ("index 1", "index"), ("index 1\n", ""),
        ("\n\n", "\n"), ("extra ", "extra  "), ("extra ZXh0cmE=", "extra ZXh0cmE"), ("index 1", "index 1\nAAA"),
        ("index 1", "index 1" + "\nAAAA" * 65), ("\n", "\r\n"),
    ],
)  # fmt: skip
def test_what_is_no_proof_file_is_refused(change: tuple[str, str]) -> None:
    """Another header, an index that is none, lines that are not Base64: malformed."""
    with pytest.raises(MalformedNote):
        proof_file.parse(PROOF_V1.replace(*change))


def test_every_lie_has_its_name(made: Made) -> None:
    """Another entry, another place, a changed hash, a hash too many: a forged proof; strangers: an unknown key."""
    proof, entry = made.log.proof(300), made.entries[300]
    proof_file.verify(proof, entry, made.policy)
    lies = [
        dataclasses.replace(proof, index=301),
        dataclasses.replace(proof, index=600),
        dataclasses.replace(proof, hashes=proof.hashes[1:]),
        dataclasses.replace(proof, hashes=(*proof.hashes, bytes(32))),
        dataclasses.replace(proof, hashes=(bytes(32), *proof.hashes[1:])),
        dataclasses.replace(proof, hashes=(bytes(31), *proof.hashes[1:])),
    ]
    for lie in lies:
        with pytest.raises(ForgedProof):
            proof_file.verify(str(lie), entry, made.policy)
    with pytest.raises(ForgedProof):
        proof_file.verify(proof, made.entries[301], made.policy)
    with pytest.raises(UnknownKey):
        proof_file.verify(proof, entry, Policy((make_key(made.key.name, b"n" * 32).verifier,)))
    with pytest.raises(WrongOrigin):
        proof_file.verify(proof, entry, Policy((make_key("other.example", b"k" * 32).verifier,)))
    with pytest.raises(TooFewWitnesses):
        proof_file.verify(proof, entry, Policy((made.key.verifier,), (made.watcher.verifier,), 1))


@given(st.integers(0, 10_000), st.integers(0, 7))
def test_no_changed_bit_of_a_proof_file_is_missed(place: int, bit: int) -> None:
    """One bit turned anywhere but in the extra bytes, which no signature covers, refuses the file."""
    key, content = make_key("society.example/log", b"k" * 32), bytearray(PROOF_V1.encode())
    start = content.index(b"index")
    content[start + place % (len(content) - start)] ^= 1 << bit
    with pytest.raises(Fault):
        proof_file.verify(bytes(content), b"entry 1" * 2, Policy((key.verifier,)))

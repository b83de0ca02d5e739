"""Signed notes: keys in their written form, several signatures, unknown signers, and notes that are none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.errors import InputError
from partita.prove import note
from partita.prove.faults import Fault, ForgedSignature, MalformedNote, UnknownKey
from partita.prove.note import COSIGNATURE, ED25519, Note, Signature, make_key

TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
ONE = make_key("one.example", b"1" * 32)
TWO = make_key("two.example", b"2" * 32)
WATCHER = make_key("watcher.example", b"3" * 32, COSIGNATURE)

VERIFIER_V1 = "one.example+fa71dda5+AUgHWll+choVbi4Hmd5cwMUyTcbn6vHN1GJQho7FMhXd"
SIGNING_V1 = "PRIVATE+KEY+one.example+fa71dda5+ATExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTEx"
NOTE_V1 = (
    "origin\n"
    "\n"
    "— one.example +nHdpaKXeKeFq8/i8VGQO6zmqA5qXP+30W6Aw+kYX0EgvZcqlG3sKq5azk8QI59bIOfBVAxVcSV36kMSEcc4OXpZ3AE=\n"
    "— watcher.example "
    "QLxysgAAAABlU/EA7gd3eiwnYXTeJ8eZIeeBoapIwCVc9z57CiYi4V86PoUEWACmKTdi9+3HyPgmzDGqutU/SBc2CZP9gmyWQnrgCA==\n"
)


def test_keys_and_notes_are_the_golden_ones_v1() -> None:
    """A key made from given bytes, its written forms, and its note never change."""
    assert str(ONE.verifier) == VERIFIER_V1
    assert ONE.secret() == SIGNING_V1
    assert str(note.sign("origin\n", [ONE.sign("origin\n"), WATCHER.sign("origin\n", 1700000000)])) == NOTE_V1


@given(st.binary(min_size=32, max_size=32), st.sampled_from([ED25519, COSIGNATURE]))
def test_keys_are_read_as_they_are_written(seed: bytes, kind: int) -> None:
    """A signing key and its verifier key come back from their texts."""
    key = make_key("name.example/log", seed, kind)
    assert note.read_signing_key(key.secret() + "\n") == key
    assert note.read_verifier(str(key.verifier)) == key.verifier


@pytest.mark.parametrize(
    "text",
    [
        "", "name", "name+0102+", "name+00000000+" + VERIFIER_V1.rpartition("+")[2], VERIFIER_V1[:-4],
        VERIFIER_V1.replace("one", "uno"), VERIFIER_V1 + "AAAA", "na me+" + VERIFIER_V1.partition("+")[2],
        VERIFIER_V1.replace("+AUgH", "+BkgH"), SIGNING_V1,
    ],
)  # fmt: skip
def test_what_is_no_verifier_key_is_refused(text: str) -> None:
    """A key that is cut, of another kind, or does not fit its own hash is refused."""
    with pytest.raises(InputError):
        note.read_verifier(text)


def test_a_refused_signing_key_is_not_repeated() -> None:
    """Neither the message nor the written form of a key in memory shows its secret."""
    secret = SIGNING_V1.rpartition("+")[2]
    for text in (SIGNING_V1[:-1], SIGNING_V1.replace("one", "uno"), secret):
        with pytest.raises(InputError) as caught:
            note.read_signing_key(text)
        assert secret[2:20] not in str(caught.value)
    assert secret[2:20] not in repr(ONE)
    assert "1111" not in repr(ONE)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "a\u2003b", "a\nb", "a\u0000"])
def test_names_that_a_note_cannot_carry_are_refused(name: str) -> None:
    """No key is made whose signature line could not be read again."""
    with pytest.raises(InputError):
        make_key(name, b"1" * 32)


def test_every_known_signature_is_told_and_unknown_ones_are_passed_over() -> None:
    """Of three signatures the reader gets those by keys that it knows, in the note's order, with their times."""
    signed = str(note.sign(TEXT, [TWO.sign(TEXT), ONE.sign(TEXT), WATCHER.sign(TEXT, 1_700_000_000)]))
    found, who = note.verify(signed.encode(), [WATCHER.verifier, ONE.verifier])
    assert found.text == TEXT
    assert [(each.key.name, each.at) for each in who] == [("one.example", None), ("watcher.example", 1_700_000_000)]


def test_a_note_by_strangers_is_refused() -> None:
    """Where no known key signed, even under a known name or a known id, nothing is believed."""
    signed = note.sign(TEXT, [TWO.sign(TEXT)])
    namesake = make_key("one.example", b"9" * 32).sign(TEXT)
    same_id = Signature("other.example", ONE.verifier.key_id, ONE.sign(TEXT).data)
    for each in (signed, Note(TEXT, (namesake,)), Note(TEXT, (same_id,))):
        with pytest.raises(UnknownKey, match="trusted"):
            note.verify(each, [ONE.verifier])


def test_one_forged_signature_of_a_known_key_refuses_the_note() -> None:
    """A known key's signature over another text, or cut, refuses the whole note, although another known key signed."""
    good, data = ONE.sign(TEXT), TWO.sign("another text\n")
    for forged in (data, Signature(TWO.name, data.key_id, b"short"), Signature(TWO.name, data.key_id, bytes(64))):
        with pytest.raises(ForgedSignature, match=r"two\.example"):
            note.verify(Note(TEXT, (good, forged)), [ONE.verifier, TWO.verifier])


def test_a_cosignature_is_bound_to_its_time() -> None:
    """The time of a cosignature cannot be changed, and the two kinds of key never stand for one another."""
    signature = WATCHER.sign(TEXT, 1_700_000_000)
    later = Signature(signature.name, signature.key_id, (1_700_000_001).to_bytes(8) + signature.data[8:])
    with pytest.raises(ForgedSignature):
        note.verify(Note(TEXT, (later,)), [WATCHER.verifier])
    plain = make_key("watcher.example", b"3" * 32)
    assert plain.verifier.public == WATCHER.verifier.public
    with pytest.raises(UnknownKey):
        note.verify(Note(TEXT, (signature,)), [plain.verifier])
    for at in (1 << 63, (1 << 64) - 1):
        message = f"cosignature/v1\ntime {at}\n{TEXT}"
        beyond = Signature(signature.name, signature.key_id, at.to_bytes(8) + plain.sign(message).data)
        with pytest.raises(ForgedSignature, match="no time"):
            note.verify(Note(TEXT, (beyond,)), [WATCHER.verifier])
    for wrong in ((ONE, 5), (WATCHER, None), (WATCHER, 0), (WATCHER, 1 << 63)):
        with pytest.raises(InputError):
            wrong[0].sign(TEXT, wrong[1])


@pytest.mark.parametrize(
    "broken",
    [
        "", "text\n", "text\n\n", TEXT, NOTE_V1[:-1], NOTE_V1.replace("\n\n", "\n"), NOTE_V1 + "\n", NOTE_V1 + "— x\n",
        NOTE_V1.replace("— one", "- one"), NOTE_V1.replace("origin", "ori\tgin"), NOTE_V1.replace("\n", "\r\n"),
        NOTE_V1 + "— name AAAA\n", NOTE_V1 + "— name not-base64!\n", NOTE_V1 + "— a+b AAAAAAAA\n",
        NOTE_V1 + "— one.example  AAAAAAAA\n", "\n" + "x" * (1 << 20), NOTE_V1 + "— name AAAAAAAA\n" * 200,
    ],
)  # fmt: skip
def test_what_is_no_note_is_refused(broken: str) -> None:
    """A note that is cut, has a control character, or a line that is no signature, is malformed as a whole."""
    with pytest.raises(MalformedNote):
        note.verify(broken, [ONE.verifier])


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_any_bytes_are_answered(data: bytes | str) -> None:
    """Whatever comes as a note is either taken apart, and written again as it was, or refused as malformed."""
    try:
        read = note.parse(data)
    except MalformedNote:
        return
    assert str(read) == (data.decode() if isinstance(data, bytes) else data)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(lambda line: line + "\n"))
def test_any_printable_text_can_be_signed(text: str) -> None:
    """A text without control characters is signed, read and verified."""
    found, _ = note.verify(str(note.sign(text, [ONE.sign(text)])), [ONE.verifier])
    assert found.text == text


@given(st.integers(0, len(NOTE_V1.encode()) - 1 if NOTE_V1 else 0), st.integers(0, 7))
def test_no_changed_bit_is_missed(place: int, bit: int) -> None:
    """A note of two signers, both known: with one bit turned, it is not the note that both signed."""
    changed = bytearray(NOTE_V1.encode())
    changed[place] ^= 1 << bit
    try:
        _, who = note.verify(bytes(changed), [ONE.verifier, WATCHER.verifier])
    except Fault:
        return
    assert len(who) < 2


def test_the_examples_of_the_specification(vectors: Callable[[str], Path]) -> None:
    """The example of c2sp.org/signed-note verifies with the key that stands beside it."""
    page = (vectors("C2SP+C2SP") / "signed-note.md").read_text(encoding="utf-8").split("### Example")[-1]
    key = next(line.strip() for line in page.splitlines() if "example.com/foo+" in line)
    signed = page.split("```\n")[1]
    found, who = note.verify(signed, [note.read_verifier(key)])
    assert (found.text, len(who)) == ("This is an example message.\n", 1)

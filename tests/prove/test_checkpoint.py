"""Checkpoints: their form, and the policy by which one is accepted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.errors import InputError
from partita.prove import checkpoint, merkle, note
from partita.prove.checkpoint import Checkpoint, Policy, accept
from partita.prove.faults import ForgedSignature, MalformedNote, TooFewWitnesses, UnknownKey, WrongOrigin
from partita.prove.note import COSIGNATURE, make_key

ORIGIN = "society.example/log"
KEY = make_key(ORIGIN, b"k" * 32)
WITNESSES = [make_key(f"witness.example/{name}", name.encode() * 32, COSIGNATURE) for name in "abc"]
TOLD = Checkpoint(ORIGIN, 3, merkle.leaf_hash(b"x"))
AT = 1_700_000_000

CHECKPOINT_V1 = (
    "society.example/log\n"
    "3\n"
    "PH6byTDck/AfppmF7yQtn56GHzxTVaokzl70tLinDMs=\n"
    "\n"
    "— society.example/log "
    "9dQZdH1wPwThVFZkii0H9h+EsCM8VgpN4t6+yj5KflG4NRIni2abJQVlEDP4f44NXmS6k0/RM+MxDt4DiQJ4x2U93Qs=\n"
    "— witness.example/a "
    "SImv3gAAAABlU/EAtqD8/lwFzisfEqpaR+GDBccNZFlg/uakJJzLK+fqJ3c4jVZb0RXN3RqfSfBeplJislLAA0K0Cr7sk7kq/YT1Dw==\n"
)


def cosigned(*signers: int, told: Checkpoint = TOLD) -> str:
    """A checkpoint signed by its log and by some of the witnesses."""
    signed = checkpoint.sign(told, KEY)
    return str(checkpoint.cosigned(signed, tuple(WITNESSES[each].sign(told.text(), AT + each) for each in signers)))


def test_a_checkpoint_is_the_golden_one_v1() -> None:
    """A signed and cosigned checkpoint never changes."""
    assert cosigned(0) == CHECKPOINT_V1


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1),
    st.integers(0, (1 << 63) - 1),
    st.binary(min_size=32, max_size=32),
    st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), max_size=3),
)
def test_what_is_written_is_read(origin: str, size: int, root: bytes, extensions: list[str]) -> None:
    """Any checkpoint comes back from its text."""
    told = Checkpoint(origin, size, root, tuple(extensions))
    assert checkpoint.parse(told.text()) == told


@pytest.mark.parametrize(
    "text",
    [
        "", "\n", "origin\n3\n", TOLD.text()[:-1], TOLD.text() + "\n", "\n3\n" + TOLD.text().split("\n", 2)[2],
        TOLD.text().replace("\n3\n", "\n03\n"), TOLD.text().replace("\n3\n", "\n-3\n"),
        TOLD.text().replace("\n3\n", "\n3 \n"), TOLD.text().replace("\n3\n", f"\n{1 << 63}\n"),
        TOLD.text().replace("\n3\n", "\n\u0663\n"), "origin\n3\nAAAA\n", "origin\n3\n!!!!\n",
        TOLD.text().replace("=\n", "\n"),
    ],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    """Lines missing or empty, sizes with zeroes in front, signs or other digits, and roots of another length."""
    with pytest.raises(MalformedNote):
        checkpoint.parse(text)


def test_a_policy_counts_witnesses() -> None:
    """Two of three witnesses satisfy a quorum of two, not of three; a stranger counts for none, one twice for one."""
    keys = tuple(each.verifier for each in WITNESSES)
    accepted = accept(cosigned(0, 2), Policy((KEY.verifier,), keys, 2))
    assert [each.key.name for each in accepted.logs] == [ORIGIN]
    assert [(each.key.name[-1], each.at) for each in accepted.witnesses] == [("a", AT), ("c", AT + 2)]
    with pytest.raises(TooFewWitnesses, match="2 witnesses signed; 3 are asked for"):
        accept(cosigned(0, 2), Policy((KEY.verifier,), keys, 3))
    with pytest.raises(TooFewWitnesses):
        accept(cosigned(2, 2), Policy((KEY.verifier,), keys[:2], 1))


def test_witnesses_alone_are_not_the_log() -> None:
    """Without the origin's own signature a checkpoint is refused, whoever else signed."""
    signed = note.sign(TOLD.text(), [WITNESSES[0].sign(TOLD.text(), AT)])
    with pytest.raises(UnknownKey):
        accept(signed, Policy((KEY.verifier,), (WITNESSES[0].verifier,), 1))
    namesake = make_key(ORIGIN, b"n" * 32)
    with pytest.raises(UnknownKey):
        accept(checkpoint.sign(TOLD, namesake), Policy((KEY.verifier,)))


def test_another_logs_checkpoint_is_of_the_wrong_origin() -> None:
    """A key counts for the log of its own name alone."""
    other = Checkpoint("other.example/log", 3, TOLD.root)
    signed = note.sign(other.text(), [KEY.sign(other.text())])
    with pytest.raises(WrongOrigin, match=r"other\.example"):
        accept(signed, Policy((KEY.verifier,)))


def test_a_forged_witness_refuses_the_checkpoint() -> None:
    """A known witness's signature of another tree is no missing one: it refuses the checkpoint."""
    other = Checkpoint(ORIGIN, 4, TOLD.root)
    forged = checkpoint.cosigned(checkpoint.sign(TOLD, KEY), (WITNESSES[1].sign(other.text(), AT),))
    with pytest.raises(ForgedSignature):
        accept(forged, Policy((KEY.verifier,), (WITNESSES[1].verifier,)))


def test_policies_that_nobody_can_satisfy_are_refused() -> None:
    """A quorum above the number of witnesses, and one witness under two names, are slips of who wrote the policy."""
    twice = make_key("twin.example", b"a" * 32, COSIGNATURE).verifier
    for witnesses, quorum in (((), 1), ((WITNESSES[0].verifier,), 2), ((WITNESSES[0].verifier, twice), 1)):
        with pytest.raises(InputError):
            Policy((KEY.verifier,), witnesses, quorum)
    with pytest.raises(InputError):
        Policy((KEY.verifier,), (make_key("plain.example", b"p" * 32).verifier,), 1)


def test_the_form_of_the_specification(vectors: Callable[[str], Path]) -> None:
    """The example of c2sp.org/tlog-cosignature is read: origin, size and root, and a cosignature with its time."""
    page = (vectors("C2SP+C2SP") / "tlog-cosignature.md").read_text(encoding="utf-8")
    signed = note.parse(page.split("```\n")[1])
    told = checkpoint.parse(signed.text)
    assert (told.origin, told.size) == ("example.com/behind-the-sofa", 20852163)
    assert int.from_bytes(signed.signatures[1].data[:8]) == 1679315147

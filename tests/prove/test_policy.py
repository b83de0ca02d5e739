"""Policies as files: the language of c2sp.org/tlog-policy, and who satisfies one."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.errors import InputError
from partita.prove import checkpoint, merkle, policy
from partita.prove.checkpoint import Checkpoint, accept
from partita.prove.faults import TooFewWitnesses, WrongOrigin
from partita.prove.note import COSIGNATURE, make_key

KEY = make_key("society.example/log", b"k" * 32)
WITNESSES = {
    name: make_key(f"{name}.example", name.encode() * 16, COSIGNATURE) for name in ("X1", "X2", "X3", "Y1", "Y2")
}
TOLD = Checkpoint(KEY.name, 1, merkle.leaf_hash(b"x"))
LINES = [
    f"log {KEY.verifier} https://society.example/log",
    *(f"witness {n} {k.verifier}" for n, k in WITNESSES.items()),
]
TWO_LEVELS = "\n".join(
    [
        "# two of the first three and one of the others", "", *LINES, " group\tX 2 X1 X2 X3", "group Y any Y1 Y2 ",
        "group both all X Y", "quorum both",
    ]
)  # fmt: skip


def signed(*names: str) -> str:
    """A checkpoint that these witnesses signed."""
    made = checkpoint.sign(TOLD, KEY)
    return str(checkpoint.cosigned(made, tuple(WITNESSES[name].sign(TOLD.text(), 1_700_000_000) for name in names)))


@pytest.mark.parametrize(
    ("names", "enough"),
    [
        ("X1 X2 Y1", True), ("X1 X3 Y2", True), ("X1 X2 X3 Y1 Y2", True),
        ("", False), ("X1 X2", False), ("X1 Y1 Y2", False), ("Y1 Y2", False), ("X1 X2 X3", False),
    ],
)  # fmt: skip
def test_a_quorum_of_groups_is_counted(names: str, enough: bool) -> None:
    """Two of one house and one of another must have signed; nobody makes up for a group that is short."""
    asked = policy.parse(TWO_LEVELS.encode())
    if enough:
        assert len(accept(signed(*names.split()), asked).witnesses) == len(names.split())
    else:
        with pytest.raises(TooFewWitnesses):
            accept(signed(*names.split()), asked)


def test_no_witness_and_one_witness_can_be_asked_for() -> None:
    """`quorum none` asks for the log's signature alone, a name for that witness's; without a log none is known."""
    accept(signed(), policy.parse("\n".join([*LINES, "quorum none"]).encode()))
    one = policy.parse("\n".join([*LINES, "quorum Y2"]).encode())
    accept(signed("Y2"), one)
    with pytest.raises(TooFewWitnesses):
        accept(signed("Y1"), one)
    with pytest.raises(WrongOrigin):
        accept(signed(), policy.parse(b"quorum none\n"))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("quorum", "a quorum is"), ("quorum Z", "a quorum is"), ("group g 1", "a group is"), ("group", "a group is"),
        ("group g 0 X1", "of 1 members"), ("group g 2 X1", "of 1 members"), ("group g 01 X1 X2", "of 2 members"),
        ("group g any none", "a member"), ("group g any later", "a member"), ("group g any X1 X1", "a member"),
        ("group none any X1", "a meaning already"), ("group X2 any X1", "a meaning already"),
        (LINES[1].replace("X1 ", "Q "), "stands twice"), (LINES[0], "stands twice"), ("log", "a log is"),
        ("witness Q", "a witness is"), ("witness Q nonsense", "no Ed25519 key"), ("threshold 3", "says nothing"),
    ],
)  # fmt: skip
def test_a_line_that_says_what_none_can_is_named(line: str, said: str) -> None:
    """Each slip is told with its file and line."""
    with pytest.raises(InputError, match=said) as caught:
        policy.parse("\n".join([*LINES, line, "quorum none"]).encode(), "trust.policy")
    assert (caught.value.file, caught.value.line) == ("trust.policy", len(LINES) + 1)


@pytest.mark.parametrize(
    "text", ["", "\n".join(LINES), "quorum none\nquorum none", "quorum none\r\n", "quorum\x0bnone"]
)
def test_a_policy_has_one_quorum(text: str) -> None:
    """Without a quorum, with two, or with control characters there is no policy."""
    with pytest.raises(InputError):
        policy.parse(text.encode())


def test_a_chain_of_groups_has_an_end() -> None:
    """A policy of groups in groups without end is refused, not followed."""
    chain = [f"group g{number} all {f'g{number - 1}' if number else 'X1'}" for number in range(10_000)]
    with pytest.raises(InputError, match="not read"):
        policy.parse("\n".join([*LINES, *chain, "quorum g9999"]).encode())


def test_a_witness_that_does_not_cosign_is_refused() -> None:
    """A log's own kind of key is no witness's."""
    with pytest.raises(InputError, match="cosignature"):
        policy.parse(f"witness W {KEY.verifier}\nquorum W\n".encode())


@given(st.binary(max_size=200).map(lambda noise: b"quorum none\n" + noise) | st.binary(max_size=200))
def test_any_bytes_are_answered(data: bytes) -> None:
    """Whatever comes as a policy is read or refused with a reason."""
    try:
        found = policy.parse(data)
    except InputError:
        return
    assert found.rule.signed(found.witnesses)


def test_the_example_of_the_specification(vectors: Callable[[str], Path]) -> None:
    """The example policy of c2sp.org/tlog-policy is read, with keys put where it leaves them out."""
    page = (vectors("C2SP+C2SP") / "tlog-policy.md").read_text(encoding="utf-8")
    keys = (make_key(f"{number}.example", bytes([number]) * 32, COSIGNATURE).verifier for number in range(1, 99))
    text = re.sub(r"<vkey>", lambda _: str(next(keys)), page.split("```\n")[1])
    found = policy.parse(text.encode())
    assert (len(found.logs), len(found.witnesses)) == (1, 6)
    assert found.rule.signed({*found.witnesses[:2], found.witnesses[5]})
    assert not found.rule.signed({*found.witnesses[:3]})

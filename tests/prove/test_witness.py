"""Witnesses: what one signs, and what it refuses to sign, by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from logs import ORIGIN, Made, data

from partita.errors import InputError
from partita.prove import Log, Policy, Witness, accept, create_log, make_key, witness
from partita.prove import checkpoint as checkpoints
from partita.prove.checkpoint import Checkpoint
from partita.prove.faults import (
    ForgedProof,
    MalformedNote,
    OldWitnessed,
    RolledBack,
    SplitView,
    UnknownKey,
    WrongOrigin,
)
from partita.prove.witness import Request, parse_request

AT = 1_700_000_000


@pytest.fixture
def watching(made: Made, tmp_path: Path) -> Witness:
    """A witness of the log that has signed nothing yet."""
    return Witness(tmp_path / "witness.json", made.watcher, (made.key.verifier,))


def asked(log: Log, old: int) -> Request:
    """What a log asks of a witness that last signed `old` leaves."""
    return Request(old, tuple(log.consistency(old)), str(log.note))


def test_a_log_that_grows_is_signed_each_time(made: Made, watching: Witness) -> None:
    """First sight, growth and no growth are signed; the log's checkpoint then satisfies a policy that asks for it."""
    made.log.cosign(watching.add(asked(made.log, 0), AT))
    made.log.append(data(50, 600))
    made.log.sign(made.key)
    signatures = watching.add(parse_request(str(asked(made.log, 600)).encode()), AT + 60)
    again = watching.add(asked(made.log, 650), AT + 120)
    made.log.cosign([*signatures], [made.watcher.verifier])
    made.log.cosign([*again], [made.watcher.verifier])
    accepted = accept(str(made.log.note), Policy((made.key.verifier,), (made.watcher.verifier,), 1))
    assert [each.at for each in accepted.witnesses] == [AT + 120]
    seen = watching.seen(ORIGIN)
    assert seen == made.log.checkpoint
    assert len(json.loads(watching.file.read_text(encoding="utf-8"))) == 1


def test_a_rolled_back_log_is_not_signed(made: Made, watching: Witness, tmp_path: Path) -> None:
    """A log that is shorter than it was when the witness signed is refused, and the memory stays."""
    watching.add(asked(made.log, 0), AT)
    shorter = signed_log(tmp_path / "short", made, 500)
    for old in (0, 500, 600):
        with pytest.raises(RolledBack, match="had 600 leaves"):
            watching.add(Request(old, (), str(shorter.note)), AT)
    assert watching.seen(ORIGIN) == made.log.checkpoint


def signed_log(folder: Path, made: Made, count: int, first: int = 0) -> Log:
    """Another log under the same name and key."""
    log = create_log(folder, ORIGIN)
    log.append(data(count, first))
    log.sign(made.key)
    return log


def test_a_split_view_is_not_signed(made: Made, watching: Witness, tmp_path: Path) -> None:
    """Another tree of the same size, or one that grew from another past, is refused."""
    watching.add(asked(made.log, 0), AT)
    with pytest.raises(SplitView, match="two different trees of 600 leaves"):
        watching.add(Request(600, (), str(signed_log(tmp_path / "other", made, 600, 1).note)), AT)
    grown = signed_log(tmp_path / "grown", made, 700, 1)
    with pytest.raises(ForgedProof):
        watching.add(asked(grown, 600), AT)
    assert watching.seen(ORIGIN) == made.log.checkpoint


def test_a_proof_from_elsewhere_is_answered_with_the_size_to_start_from(made: Made, watching: Witness) -> None:
    """Whoever does not know what the witness last signed is told; a proof cut or missing is refused."""
    watching.add(asked(made.log, 0), AT)
    made.log.append(data(50, 600))
    made.log.sign(made.key)
    with pytest.raises(OldWitnessed) as caught:
        watching.add(asked(made.log, 300), AT)
    assert caught.value.size == 600
    right = asked(made.log, 600)
    for proof in ((), right.proof[1:], (*right.proof, right.proof[0])):
        with pytest.raises(ForgedProof):
            watching.add(Request(600, proof, right.note), AT)


def test_first_sight_needs_no_proof_and_takes_none(made: Made, watching: Witness, tmp_path: Path) -> None:
    """From nothing there is nothing to prove; and the empty log has the root of the empty tree."""
    with pytest.raises(ForgedProof):
        watching.add(Request(0, (made.log.root,), str(made.log.note)), AT)
    bad = checkpoints.sign(Checkpoint(ORIGIN, 0, made.log.root), made.key)
    with pytest.raises(SplitView):
        watching.add(Request(0, (), str(bad)), AT)
    empty = create_log(tmp_path / "empty", ORIGIN)
    empty.sign(made.key)
    watching.add(asked(empty, 0), AT)
    watching.add(asked(made.log, 0), AT)
    assert watching.seen(ORIGIN) == made.log.checkpoint


def test_strangers_are_not_signed(made: Made, watching: Witness) -> None:
    """A log that is not watched, and a stranger's signature under the name of one that is, are refused."""
    other = make_key("other.example/log", b"o" * 32)
    told = Checkpoint(other.name, made.log.size, made.log.root)
    with pytest.raises(WrongOrigin):
        watching.add(Request(0, (), str(checkpoints.sign(told, other))), AT)
    namesake = make_key(ORIGIN, b"n" * 32)
    told = Checkpoint(ORIGIN, made.log.size, made.log.root)
    with pytest.raises(UnknownKey):
        watching.add(Request(0, (), str(checkpoints.sign(told, namesake))), AT)
    assert watching.seen(ORIGIN) is None
    assert watching.seen("other.example/log") is None


def test_a_witness_needs_its_own_kind_of_key_and_a_whole_memory(made: Made, tmp_path: Path) -> None:
    """A log's key does not cosign; a memory that cannot be read stops the witness, who would else sign anything."""
    with pytest.raises(InputError, match="cosignature key"):
        Witness(tmp_path / "w.json", made.key, (made.key.verifier,))
    for content in ("{", "[]", '{"' + ORIGIN + '": "no note"}', "\ud800".encode("utf-8", "surrogatepass")):
        (tmp_path / "w.json").write_bytes(content if isinstance(content, bytes) else content.encode())
        broken = Witness(tmp_path / "w.json", made.watcher, (made.key.verifier,))
        with pytest.raises(InputError, match="memory"):
            broken.add(asked(made.log, 0), AT)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"old 0\n", b"old\n\nx\n", b"old 01\n\nx\n", b"old -1\n\nx\n", b"old 3\nAAA\n\nx\n", b"\xff\n\n",
        b"old 1" + b"\nAAAA" * 64 + b"\n\nx\n",
    ],
)  # fmt: skip
def test_what_is_no_request_is_refused(body: bytes) -> None:
    """A request without a size, with a proof that is not Base64 or too long, or without a checkpoint is malformed."""
    with pytest.raises(MalformedNote):
        parse_request(body)


def test_a_request_is_read_as_it_is_written(made: Made) -> None:
    """What a log asks comes back from its text; `witness.request` puts it together."""
    wanted = asked(made.log, 300)
    assert parse_request(str(wanted)) == wanted == witness.request(300, list(wanted.proof), wanted.note)

"""Checkpoints (c2sp.org/tlog-checkpoint): the signed state of a log, and the policy by which one is accepted.

A checkpoint says: the log of this origin has this many leaves, and this is their root. It is accepted where a key of
the origin signed it, and as many witnesses as the policy asks for.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from partita.errors import InputError
from partita.prove import merkle, note
from partita.prove.encoding import SHOWN, decoded, encoded, number
from partita.prove.faults import MalformedNote, TooFewWitnesses, UnknownKey, WrongOrigin
from partita.prove.note import COSIGNATURE, Note, Signature, Signed, SigningKey, VerifierKey


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself: origin, number of leaves, root over them; and lines of its own (ours has none)."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> str:
        """The text that is signed."""
        return "".join(f"{line}\n" for line in (self.origin, self.size, encoded(self.root), *self.extensions))


@dataclass(frozen=True, slots=True)
class Group:
    """Witnesses and groups of witnesses, of which `least` must have signed."""

    least: int
    members: tuple[VerifierKey | Group, ...]

    def signed(self, keys: Collection[VerifierKey]) -> bool:
        """Whether the signatures of these keys are enough."""
        return self.least <= sum(
            each.signed(keys) if isinstance(each, Group) else each in keys for each in self.members
        )


@dataclass(frozen=True, slots=True)
class Policy:
    """Whose signatures are asked for: a key of the log's origin, `quorum` of the witnesses, and those of the rule."""

    logs: tuple[VerifierKey, ...]
    witnesses: tuple[VerifierKey, ...] = ()
    quorum: int = 0
    rule: Group = Group(0, ())

    def __post_init__(self) -> None:
        if len({key.public for key in self.witnesses}) != len(self.witnesses):
            raise InputError("one witness stands twice in the policy", mend="Name each witness key once")
        if any(key.kind != COSIGNATURE for key in self.witnesses):
            raise InputError("a witness's key is not of the kind cosignature", mend="Name the key that it cosigns with")
        if not 0 <= self.quorum <= len(self.witnesses):
            raise InputError(f"{self.quorum} of {len(self.witnesses)} witnesses can never sign")


@dataclass(frozen=True, slots=True)
class Accepted:
    """A checkpoint that satisfies a policy, and who signed: the log's keys, the witnesses with their times."""

    checkpoint: Checkpoint
    note: Note
    logs: tuple[Signed, ...]
    witnesses: tuple[Signed, ...]


def parse(text: str) -> Checkpoint:
    """The checkpoint that a note's text is; raises `MalformedNote`."""
    lines = text.removesuffix("\n").split("\n")
    if not text.endswith("\n") or len(lines) < 3 or not all(lines):
        raise MalformedNote("a checkpoint has at least three lines: origin, size, root; and no empty one")
    origin, size, written, *extensions = lines
    root = decoded(written)
    if len(root) != merkle.HASH_BYTES:
        raise MalformedNote(f"the checkpoint's root is not {merkle.HASH_BYTES} bytes long")
    return Checkpoint(origin, number(size), root, tuple(extensions))


def sign(checkpoint: Checkpoint, signer: SigningKey) -> Note:
    """The checkpoint, signed by its log."""
    return note.sign(checkpoint.text(), [signer.sign(checkpoint.text())])


def cosigned(data: Note, signatures: tuple[Signature, ...]) -> Note:
    """The note with more signatures; a key's newer one takes the place of its older."""
    fresh = {(each.name, each.key_id) for each in signatures}
    kept = [each for each in data.signatures if (each.name, each.key_id) not in fresh]
    return note.sign(data.text, [*kept, *signatures])


def accept(data: bytes | str | Note, policy: Policy) -> Accepted:
    """The checkpoint, where the policy is satisfied.

    Raises `MalformedNote`, `WrongOrigin` (no key of the policy is named for its origin), `UnknownKey` (no key of the
    origin signed), `ForgedSignature`, `TooFewWitnesses`.
    """
    signed_note = data if isinstance(data, Note) else note.parse(data)
    checkpoint = parse(signed_note.text)
    keys = [key for key in policy.logs if key.name == checkpoint.origin]
    if not keys:
        known = ", ".join(sorted({key.name for key in policy.logs})) or "none"
        raise WrongOrigin(f"the checkpoint is of the log {checkpoint.origin[:SHOWN]}; the log asked about is {known}")
    _, signed = note.verify(signed_note, [*keys, *policy.witnesses])
    logs = tuple(each for each in signed if each.key in keys)
    witnesses = tuple(each for each in signed if each.key in policy.witnesses)
    if not logs:
        raise UnknownKey(f"no key of the log {checkpoint.origin} that is trusted here signed its checkpoint")
    if len(witnesses) < policy.quorum:
        raise TooFewWitnesses(f"{len(witnesses)} witnesses signed; {policy.quorum} are asked for")
    if not policy.rule.signed({each.key for each in witnesses}):
        raise TooFewWitnesses(f"the {len(witnesses)} witnesses that signed do not make the quorum of the policy")
    return Accepted(checkpoint, signed_note, logs, witnesses)

"""A witness (c2sp.org/tlog-witness): signs a log's checkpoint, with the time, where it only grew since the last one.

Witnesses are what makes a split view visible: a log that shows two different pasts gets one of them signed. What a
witness has to remember, the last checkpoint of each log, stands in one JSON file.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from partita.errors import InputError
from partita.prove import checkpoint, files, merkle, note
from partita.prove.checkpoint import Checkpoint, Policy
from partita.prove.encoding import decoded, encoded, number
from partita.prove.faults import ForgedProof, MalformedNote, OldWitnessed, RolledBack, SplitView
from partita.prove.note import COSIGNATURE, Signature, SigningKey, VerifierKey

HASHES_MOST = 63
OLD = "old "


@dataclass(frozen=True, slots=True)
class Request:
    """What a log asks of a witness: the size that it signed last, the proof from there, the new checkpoint's note."""

    old: int
    proof: tuple[bytes, ...]
    note: str

    def __str__(self) -> str:
        lines = [f"{OLD}{self.old}", *(encoded(each) for each in self.proof), "", self.note]
        return "\n".join(lines)


def parse_request(data: bytes | str) -> Request:
    """The request that a message's body is; raises `MalformedNote`."""
    try:
        text = data.decode() if isinstance(data, bytes) else data
    except UnicodeError as error:
        raise MalformedNote("the request is not UTF-8") from error
    head, found, signed = text.partition("\n\n")
    first, *lines = head.split("\n")
    if not found or not first.startswith(OLD) or len(lines) > HASHES_MOST:
        raise MalformedNote("a request is the old size, a proof, an empty line and a checkpoint")
    return Request(number(first.removeprefix(OLD)), tuple(decoded(line) for line in lines), signed)


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness: its key, its file of what it last signed, and the keys of the logs that it watches."""

    file: Path
    signer: SigningKey
    logs: tuple[VerifierKey, ...]

    def __post_init__(self) -> None:
        if self.signer.kind != COSIGNATURE:
            raise InputError("a witness signs with a cosignature key", mend="Make a key of the kind cosignature")

    def seen(self, origin: str) -> Checkpoint | None:
        """The last checkpoint of a log that this witness signed, None where it signed none."""
        return self._last(self._read(), origin)

    def add(self, request: Request, at: int) -> tuple[Signature, ...]:
        """The cosignature of a log's checkpoint at the time `at` (POSIX seconds); what is signed is written down first.

        Raises what `checkpoint.accept` raises; `RolledBack`, `SplitView`, `OldWitnessed` (with the size to start from)
        and `ForgedProof`.
        """
        accepted = checkpoint.accept(request.note, Policy(self.logs))
        told = accepted.checkpoint
        with files.alone(self.file.with_name(self.file.name + ".lock"), wait=True):
            known = self._read()
            _grown(self._last(known, told.origin), told, request)
            signature = self.signer.sign(accepted.note.text, at)
            by_the_log = [each for each in accepted.note.signatures if any(key.made(each) for key in self.logs)]
            known[told.origin] = str(note.sign(accepted.note.text, [*by_the_log, signature]))
            self._write(known)
        return (signature,)

    def _read(self) -> dict[str, str]:
        try:
            said = json.loads(self.file.read_bytes())
        except FileNotFoundError:
            return {}
        except (ValueError, RecursionError) as error:
            raise self._unread() from error
        if not isinstance(said, dict):
            raise self._unread()
        return {str(origin): str(each) for origin, each in said.items()}

    def _last(self, known: dict[str, str], origin: str) -> Checkpoint | None:
        """The last checkpoint of a log that was signed; one that cannot be read is none that may be forgotten."""
        try:
            return checkpoint.parse(note.parse(known[origin]).text) if origin in known else None
        except MalformedNote as error:
            raise self._unread() from error

    def _unread(self) -> InputError:
        mend = "Put the file back from a copy; without it the witness would sign another past"
        return InputError("the witness's memory cannot be read", file=str(self.file), mend=mend)

    def _write(self, known: dict[str, str]) -> None:
        said = json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True)
        files.put(self.file, said.encode())


def _grown(last: Checkpoint | None, told: Checkpoint, request: Request) -> None:
    """Raises unless the checkpoint only adds to the last one that was signed."""
    size, root = (last.size, last.root) if last else (0, merkle.EMPTY_ROOT)
    if told.size < size:
        raise RolledBack(f"the log {told.origin} had {size} leaves when it was last signed, and has {told.size} now")
    if told.size == size and told.root != root:
        raise SplitView(f"the log {told.origin} shows two different trees of {size} leaves")
    if request.old != size:
        raise OldWitnessed(f"the witness last signed {size} leaves of {told.origin}, not {request.old}", size=size)
    if size:
        merkle.verify_consistency(size, told.size, request.proof, root, told.root)
    elif request.proof:
        raise ForgedProof("from the empty tree there is nothing to prove")


def request(old: int, proof: Sequence[bytes], signed: str) -> Request:
    """A log's request to a witness that last signed `old` leaves; `signed` is the note of the new checkpoint."""
    return Request(old, tuple(proof), signed)

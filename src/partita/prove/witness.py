"""A witness (c2sp.org/tlog-witness): signs a log's checkpoint, with the time, where it only grew since the last one.

Witnesses are what makes a split view visible: a log that shows two different pasts gets one of them signed. What a
witness has to remember, the last checkpoint of each log, stands in one JSON file.
"""

from __future__ import annotations

import base64
import binascii
import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from partita.errors import InputError
from partita.prove import checkpoint, merkle, note
from partita.prove.checkpoint import Checkpoint, Policy
from partita.prove.faults import ForgedProof, MalformedNote, OldWitnessed, RolledBack, SplitView
from partita.prove.note import COSIGNATURE, Signature, SigningKey, VerifierKey

HASHES_MOST = 63


@dataclass(frozen=True, slots=True)
class Request:
    """What a log asks of a witness: the size that it last signed, the proof from there, and the new checkpoint's note."""

    old: int
    proof: tuple[bytes, ...]
    note: str

    def __str__(self) -> str:
        lines = [f"old {self.old}", *(base64.b64encode(each).decode() for each in self.proof), "", self.note]
        return "\n".join(lines)


def parse_request(data: bytes | str) -> Request:
    """The request that a message's body is; raises `MalformedNote`."""
    try:
        text = data.decode() if isinstance(data, bytes) else data
        head, found, signed = text.partition("\n\n")
        first, *lines = head.split("\n")
        proof = tuple(base64.b64decode(line, validate=True) for line in lines)
    except (UnicodeError, binascii.Error, ValueError) as error:
        raise MalformedNote("the request's proof is not in Base64") from error
    size = first.removeprefix("old ")
    if not found or not first.startswith("old ") or not checkpoint.SIZE.fullmatch(size) or len(proof) > HASHES_MOST:
        raise MalformedNote("a request is the old size, a proof, an empty line and a checkpoint")
    return Request(int(size), proof, signed)


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
        said = self._read().get(origin)
        return checkpoint.parse(note.parse(said).text) if said is not None else None

    def add(self, request: Request, at: int) -> tuple[Signature, ...]:
        """The cosignature of a log's checkpoint, stating the time `at` (POSIX seconds), after writing down what it signs.

        Raises what `checkpoint.accept` raises; `RolledBack`, `SplitView`, `OldWitnessed` (with the size to start from)
        and `ForgedProof`.
        """
        accepted = checkpoint.accept(request.note, Policy(self.logs))
        told = accepted.checkpoint
        with self._locked():
            known = self._read()
            last = checkpoint.parse(note.parse(known[told.origin]).text) if told.origin in known else None
            _grown(last, told, request)
            signature = self.signer.sign(accepted.note.text, at)
            known[told.origin] = str(checkpoint.cosigned(accepted.note, (signature,)))
            self._write(known)
        return (signature,)

    def _read(self) -> dict[str, str]:
        try:
            said = json.loads(self.file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except ValueError as error:
            raise InputError("the witness's memory cannot be read", file=str(self.file)) from error
        if not isinstance(said, dict):
            raise InputError("the witness's memory cannot be read", file=str(self.file))
        return {str(origin): str(each) for origin, each in said.items()}

    def _write(self, known: dict[str, str]) -> None:
        fresh = self.file.with_name(self.file.name + ".new")
        with fresh.open("w", encoding="utf-8") as handle:
            json.dump(known, handle, ensure_ascii=False, indent=1, sort_keys=True)
            handle.flush()
            os.fsync(handle.fileno())
        fresh.replace(self.file)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self.file.with_name(self.file.name + ".lock").open("a") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def _grown(last: Checkpoint | None, told: Checkpoint, request: Request) -> None:
    """Raises unless the checkpoint only adds to the last one that was signed."""
    size = last.size if last else 0
    if told.size < size:
        raise RolledBack(f"the log {told.origin} had {size} leaves when it was last signed, and has {told.size} now")
    if last and told.size == size and told.root != last.root:
        raise SplitView(f"the log {told.origin} shows two different trees of {size} leaves")
    if request.old != size:
        raise OldWitnessed(f"the witness last signed {size} leaves of {told.origin}, not {request.old}", size=size)
    if not size:
        if request.proof:
            raise ForgedProof("from the empty tree there is nothing to prove")
        if told.size == 0 and told.root != merkle.EMPTY_ROOT:
            raise ForgedProof("the root of a log without leaves is not that of the empty tree")
        return
    assert_last = last.root if last else merkle.EMPTY_ROOT
    merkle.verify_consistency(size, told.size, request.proof, assert_last, told.root)


def request(old: int, proof: Sequence[bytes], signed: str) -> Request:
    """A log's request to a witness that last signed `old` leaves."""
    return Request(old, tuple(proof), signed)

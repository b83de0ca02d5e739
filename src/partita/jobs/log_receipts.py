"""Receipts: one record, its salt, and the way from there to the log's checkpoint; made with the log, checked by anyone.

A receipt is JSON. That of a play holds the signed slip from the moment it is made; once its day is closed, or for any
other record, `proof` holds the path in the batch and the proof file of the entry, and needs nothing but the public key.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from partita.errors import InputError
from partita.jobs import log, log_append, log_batches, log_openings, log_slips
from partita.jobs.log_days import KIND, opened
from partita.jobs.log_faults import AlteredRecord, NotInLog, OtherLog, RewrittenDay
from partita.jobs.log_slips import Slip
from partita.prove import batch, entry, merkle, note, open_log, proof_file
from partita.prove.checkpoint import Policy
from partita.prove.commitment import SALT_BYTES, Opening, canonical
from partita.prove.faults import ForgedProof
from partita.prove.log import Log
from partita.prove.note import Signed

VERSION = 1
KINDS = ("play", "record")


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt as it was read, unchecked: the opening, and where there are, that of the day, the slip, the proof."""

    opening: Opening
    day: Opening | None = None
    slip: str = ""
    proof: dict[str, Any] | None = None

    def said(self) -> dict[str, Any]:
        """The receipt as JSON."""
        made: dict[str, Any] = {"receipt": "play" if self.slip else "record", "v": VERSION, **opened(self.opening)}
        made |= {"slip": self.slip} if self.slip else {}
        made |= {"opened": opened(self.day)} if self.day else {}
        return made | ({"proof": self.proof} if self.proof else {})


def parse(said: Any, file: str) -> Receipt:
    """The receipt that a JSON value is; raises InputError where it is none."""
    mend = "Name a receipt as `partita log play` or `partita log prove` wrote it"
    if not isinstance(said, dict) or said.get("receipt") not in KINDS or said.get("v") != VERSION:
        raise InputError("this is no receipt", file=file, mend=mend)
    try:
        day = said.get("opened")
        proof, slip = said.get("proof"), said.get("slip", "")
        if not isinstance(slip, str) or not isinstance(proof, dict | None) or (said["receipt"] == "play") != bool(slip):
            raise InputError("this receipt lacks a part", file=file, mend=mend)
        return Receipt(_opening(said), _opening(day) if day is not None else None, slip, proof)
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise InputError(f"this receipt lacks a part: {error}", file=file, mend=mend) from None


def _opening(said: Any) -> Opening:
    salt = base64.b64decode(said["salt"], validate=True)
    if len(salt) != SALT_BYTES:
        raise ValueError("a salt has 32 bytes")
    return Opening(canonical(said["record"]), salt)


def of_record(folder: Path, source: Path, record: Any) -> list[Receipt]:
    """A receipt for each time that a record stands in the log, from the openings in `source`.

    Raises InputError where no opening is there, NotInLog where the log holds none of them.
    """
    held = open_log(folder)
    found = list(log_openings.find(source, canonical(record)))
    if not found:
        mend = "Write the record as it was handed in; or was its opening erased?"
        raise InputError("no opening of this record is there", file=str(source), mend=mend)
    made = [(line, _entry_of(held, path, line)) for path, line in found]
    receipts = [_proven(held, line, index) for line, index in made if index is not None]
    if not receipts:
        raise NotInLog("the record was committed to, but no entry of the log holds it", file=str(folder))
    return receipts


def _entry_of(held: Log, path: Path, line: log_openings.Line) -> int | None:
    """The entry that a line of openings belongs to: by the name of its file, else looked for."""
    if path.stem.isdecimal():
        return log_append.find(held, line.commitment, int(path.stem) + line.place)
    named = len(path.stem) == 2 * merkle.HASH_BYTES
    return log_append.find(held, bytes.fromhex(path.stem) if named else log_append.ready(path, {}).root)


def of_entry(folder: Path, source: Path, index: int, place: int = 0) -> Receipt:
    """The receipt of an entry, or of the record at a place (from 0) of its batch; raises InputError if not opened."""
    held = open_log(folder)
    told = entry.parse(log.signed_entry(held, index))
    listed = log_batches.read(folder, told.commitment, told.count) if told.count > 1 else [told.commitment]
    for path in log_openings.files(source):
        number = index - int(path.stem) if path.stem.isdecimal() and told.count == 1 else place
        line = log_openings.at(path, number) if number >= 0 else None
        if line and line.opening and place < len(listed) and line.commitment == listed[place]:
            return _proven(held, line, index)
    mend = "It may be erased, or lie in another folder: name it with --openings"
    raise InputError(f"no opening of entry {index} is there", file=str(source), mend=mend)


def _proven(held: Log, line: log_openings.Line, index: int) -> Receipt:
    """The receipt that a line of openings is in an entry."""
    if line.opening is None:
        raise InputError("this opening was erased or is withheld")
    data = log.signed_entry(held, index)
    told = entry.parse(data)
    if told.count > 1:
        listed = log_batches.read(held.folder, told.commitment, told.count)
        return in_batch(held, Receipt(line.opening), index, listed)
    return Receipt(line.opening, proof={"log proof": str(held.proof(index, data))})


def in_batch(held: Log, receipt: Receipt, index: int, listed: Sequence[bytes]) -> Receipt:
    """A receipt with its proof, the commitments of its batch at hand."""
    place = listed.index(receipt.opening.commitment)
    leaves = [merkle.leaf_hash(each) for each in listed]
    path = [_encoded(each) for each in merkle.inclusion_proof(leaves, place)]
    said: dict[str, Any] = {"place": place, "size": len(listed), "path": path}
    if receipt.slip:
        slip = log_slips.parse(note.parse(receipt.slip).text)
        said["first"] = [_encoded(each) for each in merkle.inclusion_proof(leaves, 0)]
        said["grown"] = [_encoded(each) for each in merkle.consistency_proof(leaves, slip.size)]
    proof = {"batch": said, "log proof": str(held.proof(index, log.signed_entry(held, index)))}
    return Receipt(receipt.opening, receipt.day, receipt.slip, proof)


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


@dataclass(frozen=True, slots=True)
class Checked:
    """A receipt whose proof holds: the entry, its number, the log's size then, who signed, the slip if there is one."""

    entry: entry.Entry
    index: int
    size: int
    signed: tuple[Signed, ...]
    slip: Slip | None


def check(receipt: Receipt, policy: Policy) -> Checked:
    """Checks a receipt's proof with nothing but public keys; raises Fault, and InputError where it has no proof."""
    if receipt.proof is None:
        raise InputError("the receipt has no proof of its own", mend="Name the log with --log")
    slip = check_slip(receipt, policy) if receipt.slip else None
    found = proof_file.parse(_part(receipt.proof, "log proof", str))
    accepted = proof_file.verify(found, found.extra, policy)
    told = _entry(found.extra)
    if slip is not None and ("batch" not in receipt.proof or told.kind != KIND):
        raise ForgedProof("a play is proven in its day, and this proof is of something else")
    if "batch" in receipt.proof:
        _check_batch(receipt, told, slip)
    elif told.count != 1 or told.commitment != receipt.opening.commitment:
        raise ForgedProof("the entry does not commit to this record")
    return Checked(told, found.index, accepted.checkpoint.size, (*accepted.logs, *accepted.witnesses), slip)


def _entry(data: bytes) -> entry.Entry:
    try:
        return entry.parse(data)
    except InputError as error:
        raise ForgedProof(f"the entry that is proven is none: {error.reason}") from None


def _check_batch(receipt: Receipt, told: entry.Entry, slip: Slip | None) -> None:
    said = _part(receipt.proof or {}, "batch", dict)
    place, size = _part(said, "place", int), _part(said, "size", int)
    path = tuple(_hashes(said, "path"))
    batch.verify(batch.Receipt(receipt.opening.record, receipt.opening.salt, place, size, path), told.commitment,
                 told.count)  # fmt: skip
    if slip is None:
        return
    if place != slip.number or slip.size > size:
        raise RewrittenDay(
            f"the play was number {slip.number} when it was made, and is number {place} in the closed day"
        )
    merkle.verify_inclusion(0, size, merkle.leaf_hash(slip.opened), _hashes(said, "first"), told.commitment)
    try:
        merkle.verify_consistency(slip.size, size, _hashes(said, "grown"), slip.root, told.commitment)
    except ForgedProof as error:
        raise RewrittenDay(f"the closed day does not continue the day as the slip signed it: {error.reason}") from None


def _part(said: dict[str, Any], name: str, kind: type[Any]) -> Any:
    found = said.get(name)
    if not isinstance(found, kind) or isinstance(found, bool):
        raise ForgedProof(f"the receipt's proof has no {name}")
    return found


def _hashes(said: dict[str, Any], name: str) -> list[bytes]:
    try:
        return [base64.b64decode(each, validate=True) for each in _part(said, name, list)]
    except (TypeError, ValueError):
        raise ForgedProof(f"the receipt's {name} is not in Base64") from None


def check_slip(receipt: Receipt, policy: Policy) -> Slip:
    """The slip of a play, signed by a key that is trusted, over this very play and day; raises Fault."""
    signed = note.parse(receipt.slip)
    slip = log_slips.parse(signed.text)
    keys = [key for key in policy.logs if key.name == slip.log or key.name.startswith(f"{slip.log}/")]
    if not keys:
        known = ", ".join(sorted({key.name for key in policy.logs})) or "none"
        raise OtherLog(f"the receipt is of the log {slip.log}; the log asked about is {known}")
    note.verify(signed, keys)
    if slip.play != receipt.opening.commitment:
        raise AlteredRecord("the play is not the one that the slip was signed for: record and salt do not open it")
    if receipt.day is None or receipt.day.commitment != slip.opened:
        raise AlteredRecord("the day's own opening is not the one that the slip was signed for")
    group = {"group": {"day": slip.day, "venue": slip.venue}, "kind": KIND, "log": slip.log}
    if receipt.day.record != canonical(group):
        raise AlteredRecord("the day's own opening speaks of another venue, day or log than the slip")
    return slip

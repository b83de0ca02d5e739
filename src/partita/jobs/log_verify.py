"""Verifying: what lies in a file or folder is found out, and checked with public keys; the outcome has a name.

Exit codes follow the outcome: `proven` is yes, every other one no. What cannot be read at all is bad input.
"""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from partita.errors import InputError
from partita.formats import records
from partita.formats.reading import bounded
from partita.jobs import log_batches, log_closed, log_receipts
from partita.jobs.log import entry_said
from partita.jobs.log_closed import Closed, Slips
from partita.jobs.log_faults import AlteredRecord
from partita.jobs.log_files import Progress, silent
from partita.jobs.log_receipts import Receipt
from partita.jobs.log_slips import Slip
from partita.prove import checkpoint, note, open_log, proof_file
from partita.prove.checkpoint import Accepted, Policy
from partita.prove.commitment import canonical
from partita.prove.faults import Fault, ForgedProof, RolledBack, SplitView
from partita.prove.log import CHECKPOINT, Log
from partita.prove.note import Signed

FILE_MOST = 256 << 20
PROVEN = "proven"
SIGNED = "signed"
"""A receipt whose slip holds, and which was looked for in no log."""
HEAD_BYTES = 1 << 21
_RECEIPT = re.compile(rb'"receipt"\s*:\s*"(?:play|record)"')
_KIND = re.compile(rb'"kind":"([a-z]+)"')


@dataclass(frozen=True, slots=True)
class Asked:
    """How it is verified: whom the reader trusts, the log beside it, an older checkpoint, the record it should be."""

    policy: Policy
    log: Path | None = None
    older: Path | None = None
    record: Any = None
    entry: Path | None = None


def kind_of(path: Path) -> str:
    """What a file or folder is: `log`, `proof`, `checkpoint`, `receipt`, `json`, or `other`; reads its first bytes."""
    if path.is_dir():
        return "log" if (path / CHECKPOINT).is_file() or (path / "tile").is_dir() else "other"
    if not path.is_file():
        reason = "this is no file" if path.exists() else "there is no such file"
        raise InputError(reason, file=str(path), mend="Name a file on the disk, or a log's folder")
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if head.startswith(proof_file.HEADER.encode()):
        return "proof"
    if head.lstrip().startswith(b"{"):
        return "receipt" if _RECEIPT.search(head) else "json"
    return "checkpoint" if "\n\n— ".encode() in head else "other"


def verify(path: Path, asked: Asked, progress: Progress = silent) -> dict[str, Any]:
    """The outcome of what lies at `path`: a log, a proof file, a checkpoint, a receipt or JSON lines of receipts.

    Raises InputError for what is none of these, or where a key is lacking.
    """
    kind = kind_of(path)
    check = CHECKS.get(kind)
    if check is None:
        mend = "Name a log's folder, a .tlog-proof, a checkpoint or a receipt"
        raise InputError("this is nothing that a log proves", file=str(path), mend=mend)
    if not asked.policy.logs:
        raise InputError("no public key is given", file=str(path), mend="Say whom you trust with --key")
    try:
        return {"file": str(path), "what": kind, **check(path, asked, progress)}
    except Fault as error:
        return {"file": str(path), "what": kind, **log_closed.outcome(error)}


def _log(path: Path, asked: Asked, progress: Progress) -> dict[str, Any]:
    """Every byte of a log: signatures, tiles, entries, the lists behind its batches; and an older checkpoint."""
    log = open_log(path, asked.policy.logs)
    if log.note is None or log.checkpoint is None:
        raise RolledBack("the log has no checkpoint", file=str(path))
    accepted = checkpoint.accept(log.note, asked.policy)
    older = _older(log, asked)
    progress("check", 0, log.size)
    log.check()
    kinds: Counter[str] = Counter()
    counts = batches = unpublished = 0
    for index, data in enumerate(log.entries()):
        found = _KIND.search(data)
        kinds[found[1].decode() if found else "?"] += 1
        if not index % 65_536:
            progress("check", index, log.size)
        if log_closed.ONE in data:
            counts += 1
            continue
        told = log_closed.batch_of(data)
        if told is None:
            continue
        batches, counts = batches + 1, counts + told.count
        if log_batches.place(path, told.commitment).exists():
            log_batches.read(path, told.commitment, told.count)
        else:
            unpublished += 1
    return {"outcome": PROVEN, **_signed(accepted), "entries": log.size, "commitments": counts, "batches": batches,
            "unpublished": unpublished, "kinds": dict(sorted(kinds.items())), **older}  # fmt: skip


def _older(log: Log, asked: Asked) -> dict[str, Any]:
    """That the log continues an older checkpoint; raises RolledBack and SplitView."""
    if asked.older is None:
        return {}
    told = _accepted(asked.older, asked.policy).checkpoint
    log.holds(told)
    return {"continues": told.size}


def _accepted(path: Path, policy: Policy) -> Accepted:
    found = bounded(path, note.NOTE_BYTES_MOST, "Name a checkpoint")
    return checkpoint.accept(found, Policy(policy.logs, policy.witnesses))


def _signed(accepted: Accepted) -> dict[str, Any]:
    told = accepted.checkpoint
    root = base64.b64encode(told.root).decode()
    return {"origin": told.origin, "size": told.size, "root": root, "signed": names(accepted.logs),
            "witnessed": names(accepted.witnesses)}  # fmt: skip


def names(signed: Sequence[Signed]) -> list[dict[str, Any]]:
    """Who signed, and when, where a signature states it."""
    return [{"name": each.key.name} | ({"at": each.at} if each.at else {}) for each in signed]


def _proof(path: Path, asked: Asked, progress: Progress) -> dict[str, Any]:
    del progress
    found = proof_file.parse(bounded(path, FILE_MOST, "Name a proof file"))
    data = asked.entry.read_bytes() if asked.entry else found.extra
    if not data:
        raise InputError("the proof does not hold its entry", file=str(path), mend="Name the entry's file with --entry")
    accepted = proof_file.verify(found, data, asked.policy)
    _same_log(accepted, asked)
    try:
        said = {"said": entry_said(data)}
    except InputError:
        said = {}
    return {"outcome": PROVEN, "entry": found.index, **said, **_signed(accepted)}


def _same_log(accepted: Accepted, asked: Asked) -> None:
    """That the log beside a proof continues the checkpoint of the proof, and the older one."""
    if asked.log:
        log = open_log(asked.log, asked.policy.logs)
        log.holds(accepted.checkpoint)
        _older(log, asked)


def _checkpoint(path: Path, asked: Asked, progress: Progress) -> dict[str, Any]:
    """One checkpoint by itself; with an older one, that it continues it: by the log's tiles where the sizes differ."""
    del progress
    new = checkpoint.accept(bounded(path, note.NOTE_BYTES_MOST, "Name a checkpoint"), asked.policy)
    if asked.older:
        old = _accepted(asked.older, asked.policy).checkpoint
        told = new.checkpoint
        if told.origin != old.origin:
            raise InputError(f"the checkpoints are of two logs, {old.origin} and {told.origin}", file=str(path))
        if told.size < old.size:
            raise RolledBack(f"{old.size} entries were signed, and later {told.size}", file=str(path))
        if told.size == old.size and told.root != old.root:
            raise SplitView(f"two different logs of {old.size} entries were signed", file=str(path))
        if told.size > old.size and asked.log is None:
            mend = "Name a copy of the log with --log, whose tiles tell"
            raise InputError("two sizes alone do not tell whether one continues the other", file=str(path), mend=mend)
    _same_log(new, asked)
    return {"outcome": PROVEN, **_signed(new)}


def _receipts(path: Path, asked: Asked, progress: Progress) -> dict[str, Any]:
    """One receipt, or a file of many: slips are held against each other, too."""
    found = _read_receipts(path)
    known = log_closed.by_day(slip for each in found if (slip := _slip(each, asked.policy)))
    closed = Closed(open_log(asked.log, asked.policy.logs)) if asked.log else None
    results = []
    for number, each in enumerate(found, start=1):
        progress("check", number, len(found))
        try:
            results.append(_receipt(each, asked, closed, known))
        except Fault as error:
            results.append(log_closed.outcome(error))
    if len(results) == 1:
        return {"record": found[0].said()["record"], **results[0]}
    counts = Counter(each["outcome"] for each in results)
    wrong = [{"line": number, **each} for number, each in enumerate(results, start=1)
             if each["outcome"] not in (PROVEN, SIGNED)]  # fmt: skip
    worst = wrong[0] if wrong else results[0]
    return {"outcome": worst["outcome"], "reason": worst.get("reason", ""), "receipts": len(results),
            "outcomes": dict(sorted(counts.items())), "wrong": wrong}  # fmt: skip


def _read_receipts(path: Path) -> list[Receipt]:
    if path.suffix.lower() in records.LINES:
        return [log_receipts.parse(value, f"{path}:{line}") for line, value in records.read(path)]
    said = records.parse(bounded(path, FILE_MOST, "Name one receipt"), str(path))
    return [log_receipts.parse(said, str(path))]


def _slip(receipt: Receipt, policy: Policy) -> Slip | None:
    """The slip of a receipt, where it can be relied upon."""
    try:
        return log_receipts.check_slip(receipt, policy) if receipt.slip else None
    except Fault:
        return None


def _receipt(receipt: Receipt, asked: Asked, closed: Closed | None, known: Slips) -> dict[str, Any]:
    if asked.record is not None and canonical(asked.record) != receipt.opening.record:
        raise AlteredRecord("what was handed in is not the record that the receipt was given for")
    if not receipt.slip:
        return _proven(receipt, asked.policy, closed)
    slip = log_receipts.check_slip(receipt, asked.policy)
    log_closed.contradicted(slip, known.get(log_closed.day_of(slip), ()))
    said: dict[str, Any] = {"venue": slip.venue, "day": slip.day, "number": slip.number}
    if closed is not None:
        found = log_closed.check(closed, receipt, asked.policy, known)
        said |= {"plays": found.entry.count - 1, "entry": found.index, "kind": found.entry.kind, "at": found.entry.at,
                 "count": found.entry.count, "size": closed.size, "signed": closed.signers}  # fmt: skip
    if receipt.proof is not None:
        return {**said, **_proven(receipt, asked.policy, closed)}
    return {"outcome": PROVEN if closed else SIGNED, **said}


def _proven(receipt: Receipt, policy: Policy, closed: Closed | None) -> dict[str, Any]:
    """What the proof that a receipt holds itself says; the log beside it must continue it."""
    found = log_receipts.check(receipt, policy)
    if closed is not None:
        _held(closed.log, receipt, found)
    return {"outcome": PROVEN, "entry": found.index, "kind": found.entry.kind, "at": found.entry.at,
            "count": found.entry.count, "size": found.size, "signed": names(found.signed)}  # fmt: skip


def _held(log: Log, receipt: Receipt, found: log_receipts.Checked) -> None:
    """That a log beside a receipt continues the checkpoint of its proof."""
    proof = proof_file.parse(str((receipt.proof or {}).get("log proof", "")))
    log.holds(checkpoint.parse(note.parse(proof.note).text))
    if log.entry(found.index) != proof.extra:
        raise ForgedProof(f"entry {found.index} of the log is another than the receipt's")


Check = Callable[[Path, Asked, Progress], dict[str, Any]]
CHECKS: dict[str, Check] = {"log": _log, "proof": _proof, "checkpoint": _checkpoint, "receipt": _receipts}
"""What each kind of file is checked with."""

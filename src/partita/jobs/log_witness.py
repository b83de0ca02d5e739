"""Witnessing: somebody else looks at a copy of the log, and signs its checkpoint only where it grew since last time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from partita.errors import InputError
from partita.jobs import log_files, log_keys
from partita.prove import checkpoint, open_log, witness
from partita.prove.faults import RolledBack
from partita.prove.log import Log
from partita.prove.witness import Request, Witness


def cosign(
    folder: Path, key: Path, memory: Path, logs: Sequence[str], at: dt.datetime, out: Path | None = None
) -> dict[str, Any]:
    """Signs the checkpoint of the log in `folder` with the witness's key, and remembers it in the file `memory`.

    `logs` are the public keys of the logs that the witness watches; `out` gets the checkpoint with the signature.
    Raises Fault for a log that did not only grow (rolled back, split view, forged), InputError for what cannot be read.
    """
    who = Witness(memory, log_keys.signing(key), tuple(log_keys.public(each) for each in logs))
    log = open_log(folder)
    if log.note is None or log.checkpoint is None:
        raise InputError("the log has no checkpoint", file=str(folder), mend="Have it signed first")
    checkpoint.accept(log.note, checkpoint.Policy(who.logs))
    last = who.seen(log.origin)
    old = last.size if last else 0
    signatures = who.add(_request(log, old), int(at.timestamp()))
    signed = checkpoint.cosigned(log.note, signatures)
    if out is not None:
        log_files.save(out, str(signed))
    return {
        "log": log.origin, "size": log.checkpoint.size, "seen_before": old, "witness": who.signer.name,
        "at": at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "out": str(out or ""),
        "signature": "".join(each.line() for each in signatures).strip(), "outcome": "signed",
    }  # fmt: skip


def _request(log: Log, old: int) -> Request:
    """What the log asks: its checkpoint, with the proof that it continues the one of `old` entries."""
    told = log.checkpoint
    size = told.size if told else 0
    if old > size:
        raise RolledBack(f"the witness signed {old} entries of {log.origin}; the log has {size}", file=str(log.folder))
    return witness.request(old, log.consistency(old, size) if old else [], str(log.note))

"""JSON documents that prove themselves, by their form: statements and annexes, and a run's receipt."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from partita.errors import InputError
from partita.formats.reading import bounded
from partita.formats.records import once
from partita.jobs import log_closed, log_receipts, proven
from partita.jobs.log_receipts import Receipt
from partita.jobs.log_verify import FILE_MOST, PROVEN, Asked, names
from partita.prove import Policy, checkpoint, note, open_log, proof_file
from partita.prove.commitment import Opening, canonical
from partita.prove.faults import Fault
from partita.prove.figures import PROOF, read_salt

RUN = "partita.run-receipt/1"


def verify(path: Path, asked: Asked) -> dict[str, Any]:
    """The outcome of a document; raises InputError for JSON that has no proof, or where a key is lacking."""
    document = _read(path)
    check = CHECKS["run" if document.get("form") == RUN else PROOF if PROOF in document else ""]
    if check is None:
        mend = "Name a statement, annex or receipt as Partita wrote it, with its proof"
        raise InputError("this JSON holds no proof", file=str(path), mend=mend)
    if not asked.policy.logs:
        raise InputError("no public key is given", file=str(path), mend="Say whom you trust with --key")
    try:
        found = check(document, asked.policy)
        if asked.log:
            _continues(asked.log, document, asked.policy)
        return {"outcome": PROVEN, "file": str(path), "what": "document", **found}
    except Fault as error:
        return {"file": str(path), "what": "document", **log_closed.outcome(error)}


def _continues(folder: Path, document: Mapping[str, Any], policy: Policy) -> None:
    """That the log beside a document continues the checkpoint of its proof; raises Fault."""
    holder = document if document.get("form") == RUN else document[PROOF]
    signed = note.parse(proof_file.parse(str(holder["log"])).note)
    open_log(folder, policy.logs).holds(checkpoint.parse(signed.text))


def _read(path: Path) -> dict[str, Any]:
    try:
        said = json.loads(bounded(path, FILE_MOST, "Name one document"), object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        reason = f"this JSON is not read: {str(error)[:200]}"
        raise InputError(reason, file=str(path), mend="Fetch the file again") from None
    if not isinstance(said, dict):
        raise InputError("this JSON holds no proof", file=str(path), mend="Name one statement, annex or receipt")
    return said


def _run(document: Mapping[str, Any], policy: Policy) -> dict[str, Any]:
    """The receipt of a run, in the form in which its statements come."""
    try:
        opening = Opening(canonical(document["record"]), read_salt(document["salt"]))
        proof = proof_file.parse(str(document["log"]))
        entry = str(document["entry"]).encode()
    except (KeyError, TypeError) as error:
        raise InputError(f"the run's receipt lacks {error}") from None
    held = str(proof_file.Proof(proof.index, proof.hashes, proof.note, entry))
    found = log_receipts.check(Receipt(opening, proof={"log proof": held}), policy)
    return {"kind": RUN, "logged_at": found.entry.at, "entry": found.index, "log_size": found.size,
            "record": document["record"], "signed": names(found.signed)}  # fmt: skip


Check = Callable[[Mapping[str, Any], Policy], dict[str, Any]]
CHECKS: dict[str, Check | None] = {PROOF: proven.verify, "run": _run, "": None}
"""What a document of each form is checked with."""

"""A run's statements, logged and made to prove themselves: each payee checks its own, offline, with one public key.

The run itself is logged beside them, so that nobody can say later that there was another. What is written is a folder
of its own: a run is never edited.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from partita.errors import InputError
from partita.formats import verify_page
from partita.jobs import log, log_keys, run
from partita.jobs.inputs import Progress, silent
from partita.prove import Entry, Policy, canonical, commit, figures, open_log, statement
from partita.prove.commitment import SALT_BYTES
from partita.prove.figures import PROOF
from partita.prove.note import SigningKey

MARK = "proven.json"
STATEMENTS = "statements/statements.json"
PAGE = "verify.html"
BYTES_MOST = 1 << 30


def prove(
    folder: Path, log_folder: Path, key: Path, out: Path, at: dt.datetime, progress: Progress = silent
) -> dict[str, Any]:
    """Logs the run in `folder` and its statements, signs the log, and writes statements with their proofs into `out`.

    Raises InputError for a run, log or key that cannot be used, and what the log raises where it is damaged.
    """
    summary = run.read_json(folder)
    documents = _statements(folder, summary)
    signer = log_keys.signing(key)
    opened = open_log(log_folder)
    progress("seal statements", 0, len(documents))
    sealed = [(salt, figures.seal(each, salt)) for each in documents for salt in (os.urandom(SALT_BYTES),)]
    salt, record = os.urandom(SALT_BYTES), canonical(log.of_run(folder))
    moment = log.second(at)
    entries = [Entry(moment, "run", commit(record, salt))]
    if sealed:
        entries.append(Entry(moment, "statement", *statement.together([each for _, each in sealed])))
    with run.new(out, mark=MARK) as work:
        first = opened.append([entry.data() for entry in entries]).start
        opened.sign(signer)
        proofs = list(statement.prove(sealed, entries[1], opened.proof(first + 1))) if sealed else []
        names = _write(work, folder, documents, proofs)
        _receipt(work, record, salt, entries[0], str(opened.proof(first)))
        (work / PAGE).write_text(verify_page.page(str(signer.verifier)), encoding="utf-8")
        (work / "society.vkey").write_text(f"{signer.verifier}\n", encoding="utf-8")
        found = {
            "run_id": summary["run_id"],
            "log": opened.origin,
            "entries": [first, first + len(entries) - 1],
            "at": moment,
            "key": str(signer.verifier),
            "statements": len(documents),
            "files": names,
        }
        run.write_json(work / MARK, found)
        _check(work, names, signer)
    return {"out": str(out), **found}


def _statements(folder: Path, summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The run's statements, in their order; raises InputError for a run without any, or one that was altered since."""
    path = folder / STATEMENTS
    if not path.is_file():
        raise InputError("the run has no statements", file=str(path), mend="Name the folder of a settled run")
    if path.stat().st_size > BYTES_MOST:
        raise InputError(f"more than {BYTES_MOST:,} bytes of statements are not proven at once", file=str(path))
    for name, expected in summary.get("files", {}).items():
        if not (folder / name).is_file() or run.digest(folder / name) != expected:
            raise InputError("the file is not the one that the run wrote", file=str(folder / name), mend="Settle again")
    found = json.loads(path.read_bytes())
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise InputError("this is no list of statements", file=str(path), mend="Settle again")
    return found


def _write(
    work: Path, folder: Path, documents: Sequence[Mapping[str, Any]], proofs: Sequence[Mapping[str, Any]]
) -> list[str]:
    """Each statement with its proof, under the name that its page has in the run, or under its reference."""
    target = work / "statements"
    target.mkdir()
    named = _names(folder)
    written = []
    for document, proof in zip(documents, proofs, strict=True):
        name = named.get(document["reference"], document["reference"]) + ".json"
        text = json.dumps({**document, PROOF: proof}, ensure_ascii=False, indent=1, sort_keys=True)
        (target / name).write_text(text + "\n", encoding="utf-8")
        written.append(f"statements/{name}")
    return written


def _names(folder: Path) -> dict[str, str]:
    """The names of the payees' own files in the run, by reference."""
    found = {}
    for path in sorted((folder / "statements").glob("*.json")):
        if path.name != Path(STATEMENTS).name:
            found[json.loads(path.read_bytes())["reference"]] = path.stem
    return found


def _receipt(work: Path, record: bytes, salt: bytes, entry: Entry, proof: str) -> None:
    """What shows later that this very run was logged then; the society keeps it."""
    said = {
        "form": "partita.run-receipt/1",
        "record": json.loads(record),
        "salt": figures.as_text(salt),
        "entry": entry.data().decode(),
        "log": proof,
    }
    run.write_json(work / "run-receipt.json", said)


def _check(work: Path, names: Sequence[str], signer: SigningKey) -> None:
    """Every statement once more, as it lies on the disk."""
    for name in names:
        verify(json.loads((work / name).read_bytes()), Policy((signer.verifier,)))


def verify(document: Mapping[str, Any], policy: Policy) -> dict[str, Any]:
    """What holds of a statement (or annex) that proves itself; raises the fault that says what does not."""
    found = statement.verify(document, policy)
    amounts = statement.recompute(document)
    return {
        "kind": str(document.get("form", "")),
        "logged_at": found.entry.at,
        "log": found.accepted.checkpoint.origin,
        "entry": found.index,
        "log_size": found.accepted.checkpoint.size,
        "figures": len(figures.figures(document)),
        "recomputed": amounts,
        "witnesses": [each.key.name for each in found.accepted.witnesses],
        "reference": document.get("reference", ""),
    }


__all__ = ["MARK", "prove", "verify"]

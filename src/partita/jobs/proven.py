"""A run's statements, and its lists per rightsholder, logged and made to prove themselves.

Each payee and each rightsholder checks its own, offline, with one public key.

The run itself is logged beside them, so that nobody can say later that there was another. What is written is a folder
of its own: a run is never edited.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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
LISTS = "rightsholders/index.json"
COUNTED = {"statement": "statements", "disclosure": "lists"}
"""How many documents of each kind were proven, by kind of log entry, as `proven.json` names them."""

PAGE = "verify.html"
BYTES_MOST = 1 << 30


def prove(
    folder: Path, log_folder: Path, key: Path, out: Path, at: dt.datetime, progress: Progress = silent
) -> dict[str, Any]:
    """Logs the run in `folder` with its statements and lists, signs the log, and writes each with its proof into `out`.

    Raises InputError for a run, log or key that cannot be used, and what the log raises where it is damaged.
    """
    summary = run.read_json(folder)
    signer = log_keys.signing(key)
    opened = open_log(log_folder)
    parcels = [_parcel(kind, named, progress) for kind, named in _documents(folder, summary) if named]
    salt, record = os.urandom(SALT_BYTES), canonical(log.of_run(folder))
    moment = log.second(at)
    entries = [Entry(moment, "run", commit(record, salt)), *(parcel.entry(moment) for parcel in parcels)]
    with run.new(out, mark=MARK) as work:
        first = opened.append([entry.data() for entry in entries]).start
        opened.sign(signer)
        names = []
        for place, parcel in enumerate(parcels, start=1):
            names += _write(work, parcel, statement.prove(parcel.sealed, entries[place], opened.proof(first + place)))
        _receipt(work, record, salt, entries[0], str(opened.proof(first)))
        (work / PAGE).write_text(verify_page.page(str(signer.verifier)), encoding="utf-8")
        (work / "society.vkey").write_text(f"{signer.verifier}\n", encoding="utf-8")
        found = {
            "run_id": summary["run_id"],
            "log": opened.origin,
            "entries": [first, first + len(entries) - 1],
            "at": moment,
            "key": str(signer.verifier),
            **{name: sum(len(p.names) for p in parcels if p.kind == kind) for kind, name in COUNTED.items()},
            "files": names,
        }
        run.write_json(work / MARK, found)
        _check(work, names, signer)
    return {"out": str(out), **found}


@dataclass(frozen=True, slots=True)
class _Parcel:
    """Documents of one kind under one entry of the log: their names in the folder, what they say, salts and seals."""

    kind: str
    names: tuple[str, ...]
    documents: tuple[Mapping[str, Any], ...]
    sealed: tuple[tuple[bytes, figures.Sealed], ...]

    def entry(self, moment: str) -> Entry:
        """The entry that commits to all of them."""
        return Entry(moment, self.kind, *statement.together([each for _, each in self.sealed]))


def _documents(folder: Path, summary: Mapping[str, Any]) -> list[tuple[str, dict[str, Mapping[str, Any]]]]:
    """What the run says of payees and rightsholders, by the kind of log entry and by file name."""
    named = _names(folder)
    statements = {
        f"statements/{named.get(each['reference'], each['reference'])}.json": each
        for each in _statements(folder, summary)
    }
    return [("statement", {**statements}), ("disclosure", _lists(folder, summary))]


def _parcel(kind: str, named: Mapping[str, Mapping[str, Any]], progress: Progress) -> _Parcel:
    progress(f"seal {kind}s", 0, len(named))
    salts = [os.urandom(SALT_BYTES) for _ in named]
    sealed = tuple((salt, figures.seal(each, salt)) for salt, each in zip(salts, named.values(), strict=True))
    return _Parcel(kind, tuple(named), tuple(named.values()), sealed)


def _lists(folder: Path, summary: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The run's lists per rightsholder by file name; raises InputError for one that was altered since."""
    if LISTS not in summary.get("files", {}):
        return {}
    index = json.loads((folder / LISTS).read_bytes())
    found: dict[str, Mapping[str, Any]] = {}
    left = BYTES_MOST
    for row in index["lists"]:
        path = folder / row["file"]
        if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
            raise InputError("the index of lists names a file that is none of the run's", file=str(folder / LISTS))
        left -= path.stat().st_size
        if left < 0:
            raise InputError(f"more than {BYTES_MOST:,} bytes of lists are not proven at once", file=str(folder))
        if run.digest(path) != row["sha256"]:
            raise InputError("the file is not the one that the run wrote", file=str(path), mend="Settle again")
        found[row["file"]] = json.loads(path.read_bytes())
    return found


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


def _write(work: Path, parcel: _Parcel, proofs: Iterable[Mapping[str, Any]]) -> list[str]:
    """Each document with its proof, under the name that it has in the run."""
    for name, document, proof in zip(parcel.names, parcel.documents, proofs, strict=True):
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({**document, PROOF: proof}, ensure_ascii=False, indent=1, sort_keys=True)
        (work / name).write_text(text + "\n", encoding="utf-8")
    return list(parcel.names)


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
        "kind": str(document.get("form") or document.get("schema") or ""),
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

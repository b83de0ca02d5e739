"""The log from outside: made, added to, signed, asked for the proof of an entry, and relieved of an opening.

What the log holds may be published whole. What may not stands beside it: the private key, and the openings.
"""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from partita.errors import InputError
from partita.formats import records
from partita.jobs import log_append, log_keys, log_openings
from partita.jobs.log_append import How, Sourced
from partita.jobs.log_files import Progress, silent
from partita.jobs.run import MARK, digest, read_json
from partita.prove import create_log, entry, note, open_log
from partita.prove.commitment import canonical
from partita.prove.log import Log


def second(at: dt.datetime) -> str:
    """A moment as entries write it, in UTC to the second."""
    return at.astimezone(dt.UTC).strftime(entry.TIME_FORMAT)


def init(folder: Path, origin: str, key: Path | None = None) -> dict[str, Any]:
    """Makes an empty log with a checkpoint of its own, and its keys beside it; raises InputError where one is there."""
    file = key or log_keys.beside(folder, log_keys.PRIVATE)
    note.make_key(origin, bytes(note.SEED_BYTES))
    if folder.exists() and any(folder.iterdir()):
        raise InputError("the folder is not empty", file=str(folder), mend="Name a new folder for the log")
    signer = log_keys.make(file, origin, outside=folder)
    create_log(folder, origin).sign(signer)
    return {
        "log": str(folder), "origin": origin, "key": str(file), "public_key": str(signer.verifier),
        "public_key_file": str(file.with_suffix(log_keys.PUBLIC)),
    }  # fmt: skip


def of_files(files: Sequence[Path], *, whole: bool) -> Iterator[Sourced]:
    """The records of files; a run folder is one record, and with `whole` each file is one."""
    for path in files:
        if path.is_dir():
            yield str(path / MARK), 0, of_run(path)
        elif whole:
            yield str(path), 0, records.whole(path)
        else:
            for line, value in records.read(path):
                yield str(path), line, value


def of_run(folder: Path) -> dict[str, Any]:
    """A run folder as one record: its id, and the SHA-256 of `run.json`, which states that of every other file."""
    said = read_json(folder)
    return {"run": str(said.get("run_id", said.get("id", ""))), "run.json": digest(folder / MARK)}


def of_registry(where: str, wanted: str) -> Iterator[Sourced]:
    """The rows of a registry, or of one of its tables, each a record that names its table."""
    # The database's libraries take a second to load, which no other source of records needs.
    from partita.registry import snapshot  # noqa: PLC0415
    from partita.registry.store import open_store  # noqa: PLC0415

    store = open_store(where, create=False)
    try:
        found = snapshot.read(store)
    finally:
        store.close()
    if wanted and wanted not in found:
        raise InputError(f"the registry has no table {wanted!r}", file=where, mend=f"Use one of {', '.join(found)}")
    for name, table in found.items():
        if wanted in ("", name):
            for number, row in enumerate((row for part in table.to_batches() for row in part.to_pylist()), start=1):
                yield f"{where}, table {name}", number, {"table": name, **records.plain(row)}


def append(
    folder: Path, found: Iterable[Sourced], how: How, beside: Path | None = None, progress: Progress = silent
) -> dict[str, Any]:
    """Adds records to the log, their openings into the folder `beside`; they are public once the log is signed."""
    log = open_log(folder)
    place = beside or log_openings.folder_of(folder)
    if place.resolve().is_relative_to(folder.resolve()):
        mend = "Keep the openings outside the log's folder, which is published"
        raise InputError("openings inside the log would be published with it", file=str(place), mend=mend)
    done = log_append.append(log, found, how, place, progress)
    return {"log": str(folder), "openings": str(place), "size": log.size, "kind": how.kind, "at": how.at, **done}


def sign(folder: Path, key: Path | None = None) -> dict[str, Any]:
    """Signs the log as it stands, after its last checkpoint was verified with the same key."""
    signer = log_keys.signing(key or log_keys.beside(folder, log_keys.PRIVATE))
    log = open_log(folder, [signer.verifier])
    log.sign(signer)
    return said(log)


def adopt(folder: Path, cosigned: Path, witnesses: Sequence[str]) -> dict[str, Any]:
    """Takes the signatures of witnesses over this very checkpoint into it; raises Fault and InputError."""
    log = open_log(folder)
    found = note.parse(cosigned.read_bytes())
    if log.note is None or found.text != log.note.text:
        mend = "Have the witness sign the checkpoint as it is now"
        raise InputError("this is no signature over the log's checkpoint", file=str(cosigned), mend=mend)
    log.cosign(found.signatures, [log_keys.public(each) for each in witnesses])
    return said(log)


def said(log: Log) -> dict[str, Any]:
    """A log and its checkpoint as plain data."""
    told = log.checkpoint
    return {
        "log": str(log.folder), "origin": log.origin, "size": log.size, "signed": told.size if told else 0,
        "root": base64.b64encode(told.root if told else log.root).decode(), "checkpoint": str(log.note or ""),
        "signatures": [each.name for each in log.note.signatures] if log.note else [],
    }  # fmt: skip


def prove_entry(folder: Path, index: int) -> dict[str, Any]:
    """The proof file of an entry under the last checkpoint; its extra line holds the entry itself."""
    log = open_log(folder)
    data = signed_entry(log, index)
    return {"outcome": "proven", "entry": index, "said": entry_said(data), "proof": str(log.proof(index, data))}


def signed_entry(log: Log, index: int) -> bytes:
    """The data of an entry that the last checkpoint covers; raises InputError for another."""
    signed = log.checkpoint.size if log.checkpoint else 0
    if not 0 <= index < log.size:
        raise InputError(f"the log has no entry {index}; it has {log.size}, counted from 0", file=str(log.folder))
    if index >= signed:
        mend = "Sign it first: partita log checkpoint"
        raise InputError(f"entry {index} is not signed yet; the checkpoint covers {signed}", file=str(log.folder),
                         mend=mend)  # fmt: skip
    return log.entry(index)


def entry_said(data: bytes) -> dict[str, Any]:
    """An entry as plain data."""
    found = entry.parse(data)
    encoded = base64.b64encode(found.commitment).decode()
    return {"at": found.at, "kind": found.kind, "count": found.count, "commitment": encoded}


def erase(source: Path, value: Any = None, *, place: int | None = None) -> dict[str, Any]:
    """Erases openings in a file or folder: those of the record `value`, or the one at a place of a file.

    Raises InputError where there is none to erase. The commitments stay, and with them every proof of the others.
    """
    wanted: dict[Path, set[int]] = {}
    if place is not None:
        if not source.is_file():
            raise InputError("a line is counted in one file", file=str(source), mend="Name the file of openings")
        wanted[source] = {place}
    else:
        for path, line in log_openings.find(source, canonical(value)):
            wanted.setdefault(path, set()).add(line.place)
    dropped = {str(path): log_openings.erase(path, places) for path, places in wanted.items()}
    if not sum(dropped.values()):
        raise InputError("no opening of this record is there", file=str(source), mend="It may be erased already")
    return {"erased": sum(dropped.values()), "files": {name: count for name, count in dropped.items() if count}}

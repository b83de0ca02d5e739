"""Drawing proofs: of an entry, of a record with its opening, of a play whose day is closed; written for others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from partita.errors import InputError
from partita.formats import records
from partita.formats.reading import bounded
from partita.jobs import log, log_closed, log_files, log_openings, log_receipts
from partita.jobs.log_closed import Closed
from partita.jobs.log_faults import AlteredRecord
from partita.jobs.log_receipts import Receipt
from partita.jobs.run import digest, read_json
from partita.prove import Policy, open_log

FILE_MOST = 256 << 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be proven: an entry (`opened`: with the record at `place` of it), a record, or a receipt of a play."""

    entry: int | None = None
    opened: bool = False
    place: int = 0
    record: Path | None = None
    receipt: Path | None = None


def prove(
    folder: Path, wanted: Wanted, policy: Policy, beside: Path | None = None, out: Path | None = None
) -> dict[str, Any]:
    """The proof, written to `out` where there is one; `policy` says whose slips of plays are believed.

    Raises Fault where the log does not hold it, and InputError.
    """
    source = beside or log_openings.folder_of(folder)
    if wanted.entry is not None and not wanted.opened:
        found = log.prove_entry(folder, wanted.entry)
        text = found["proof"]
    else:
        receipts = list(_receipts(folder, wanted, policy, source))
        said = [each.said() for each in receipts]
        text = "".join(json.dumps(each, ensure_ascii=False, sort_keys=True) + "\n" for each in said)
        found = {"outcome": "proven", "receipts": said}
        if out is not None and len(said) > 1 and out.suffix.lower() not in records.LINES:
            mend = "Name a file that ends in .jsonl, for JSON lines"
            raise InputError(f"the record stands in the log {len(said)} times", file=str(out), mend=mend)
    if out is not None:
        log_files.save(out, text, private=wanted.entry is None or wanted.opened)
    return {**found, "log": str(folder), "out": str(out or ""), "text": text}


def _receipts(folder: Path, wanted: Wanted, policy: Policy, source: Path) -> Iterator[Receipt]:
    if wanted.entry is not None:
        yield log_receipts.of_entry(folder, source, wanted.entry, wanted.place)
    elif wanted.record is not None:
        yield from log_receipts.of_record(folder, source, record_of(wanted.record))
    elif wanted.receipt is not None:
        yield of_play(folder, wanted.receipt, policy)


def of_play(folder: Path, path: Path, policy: Policy) -> Receipt:
    """A play's receipt with its proof in the log; raises Fault where the play is not counted as its slip says."""
    given = log_receipts.parse(records.parse(bounded(path, FILE_MOST, "Name one receipt"), str(path)), str(path))
    if not given.slip:
        mend = "A receipt of another record has its proof already; draw a newer one with --record"
        raise InputError("this is no receipt of a play", file=str(path), mend=mend)
    if not policy.logs:
        raise InputError("no public key is given", file=str(path), mend="Say who signed the receipt with --key")
    closed = Closed(open_log(folder, policy.logs))
    found = log_closed.check(closed, given, policy, {})
    return log_receipts.in_batch(closed.log, given, found.index, found.listed)


def record_of(path: Path) -> Any:
    """The record that a path is: of a run folder, of a JSON file that holds one, or any other file as a whole."""
    if path.is_dir():
        return _run(path)
    if path.suffix.lower() not in (".json", *records.LINES):
        return records.whole(path)
    found = list(islice(records.read(path), 2))
    if len(found) != 1:
        reason = "the file holds no record" if not found else "the file holds several records"
        raise InputError(reason, file=str(path), mend="Write the one that is meant into a file of its own")
    return found[0][1]


def _run(folder: Path) -> dict[str, Any]:
    """The record of a run folder whose files are those that it says; raises AlteredRecord for one that was changed."""
    for name, expected in read_json(folder).get("files", {}).items():
        if not (folder / name).is_file() or digest(folder / name) != expected:
            raise AlteredRecord("the file is not the one that the run wrote", file=str(folder / name))
    return log.of_run(folder)

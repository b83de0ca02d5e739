"""The registry from outside: files in, acts recorded, and what it knows of something on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from partita import law
from partita.errors import InputError
from partita.formats import registry_file
from partita.law.authorship import kinds_of, overall
from partita.registry import authorship, lookup, record
from partita.registry.facts import Facts
from partita.registry.store import Store, open_store


def import_files(where: str, files: Sequence[Path], by: str, at: dt.datetime) -> dict[str, Any]:
    """Records what `files` hold, all of it in one act or nothing; makes the registry where there is none.

    Raises InputError that names file and line of the first row that is wrong, and how many others are.
    """
    read = registry_file.read(*files)
    _refuse(read.problems)
    store = open_store(where)
    try:
        done = record.add_all(store, read.rows, by, at)
    except record.Refused as refused:
        _refuse(read.placed(refused.problems))
        raise
    finally:
        store.close()
    return _done(store, done) | {"tables": {name: table.num_rows for name, table in sorted(read.rows.items())}}


def end(where: str, table: str, key: dict[str, str], until: dt.date, by: str, at: dt.datetime) -> dict[str, Any]:
    """Ends what `key` names from `until` on; raises InputError where nothing does."""
    store = open_store(where, create=False)
    try:
        return _done(store, record.withdraw(store, table, [key], until, by, at))
    finally:
        store.close()


def correct(where: str, file: Path, by: str, at: dt.datetime) -> dict[str, Any]:
    """Retires what the registry knew by the keys of the file's rows, and records these; all in one act or nothing.

    Raises InputError as `import_files`, for a file of several tables, and for rows that correct nothing.
    """
    read = registry_file.read(file)
    _refuse(read.problems)
    if len(read.rows) != 1:
        mend = "Write a file for each table"
        raise InputError(
            f"the file holds {len(read.rows)} tables; one is corrected at a time", file=str(file), mend=mend
        )
    ((name, rows),) = read.rows.items()
    store = open_store(where, create=False)
    try:
        done = record.correct(store, name, rows, by, at)
    except record.Refused as refused:
        _refuse(read.placed(refused.problems))
        raise
    finally:
        store.close()
    return _done(store, done) | {"tables": {name: rows.num_rows}}


def retire(where: str, table: str, key: dict[str, str], by: str, at: dt.datetime) -> dict[str, Any]:
    """Retires what `key` names: it never held. Raises InputError where it names nothing."""
    store = open_store(where, create=False)
    try:
        return _done(store, record.retire(store, table, [key], by, at))
    finally:
        store.close()


def show(where: str, target: str, kind: str, at: dt.date, known: dt.datetime | None) -> dict[str, Any]:
    """What the registry knows of one thing: its chain, holders, statements, mandates, offers, and who made it how."""
    store = open_store(where, create=False)
    try:
        things = [(kind, target)] if kind else lookup.find(store, target, at, known)
        if len(things) != 1:
            named = "; ".join(f"{k} {name}" for k, name in things) or "nothing that the registry knows"
            raise InputError(f"{target!r} names {named}", mend="Give another identifier, or say which with --kind")
        facts = lookup.facts(store, *things[0], at, known)
        return _shown(facts, at, known) | _authorship(store, facts, at, known)
    finally:
        store.close()


def _refuse(problems: pa.Table) -> None:
    """Raises InputError for the first problem that sets a row aside: an import is whole or not at all."""
    wrong = [row for row in problems.to_pylist() if row["severity"] == "quarantined"]
    if wrong:
        first, more = wrong[0], f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        reason = f"{first['list']}: {first['column']} {first['value']!r}: {first['reason']}{more}; nothing was recorded"
        raise InputError(reason, file=first["file"], line=first["line"], mend=first["mend"])


def _done(store: Store, done: record.Recorded) -> dict[str, Any]:
    return {
        "registry": store.name,
        "recorded_at": done.moment.isoformat(sep=" "),
        "added": done.added,
        "retired": done.retired,
        "problems": done.problems.to_pylist(),
    }


def _shown(facts: Facts, at: dt.date, known: dt.datetime | None) -> dict[str, Any]:
    rows = {name: [row._asdict() for row in getattr(facts, name)]
            for name in ("holdings", "statements", "mandates", "reciprocals", "offers")}  # fmt: skip
    for row in rows["statements"]:
        row["valid_from"] = row["valid_from"].isoformat()
    return {
        "kind": facts.target_kind,
        "target": facts.target,
        "at": at.isoformat(),
        "known": known.isoformat() if known else None,
        "chain": [{"kind": kind, "id": name} for kind, name in facts.chain],
        **rows,
    }


def _authorship(store: Store, facts: Facts, at: dt.date, known: dt.datetime | None) -> dict[str, Any]:
    """Who made what, what that means for authorship in each place, and which shares societies' rules pay."""
    made = authorship.made(store, facts.work_id, at, known) if facts.work_id else ()
    making = overall(row.making for row in made)
    shown = [
        {**row._asdict(), "evidence": list(row.evidence), "sha256": [text for text in row.sha256 if text]}
        for row in made
    ]
    meanings = []
    if making is not None:
        kinds = kinds_of(text for row in made for text in row.evidence)
        for place in law.PLACES:
            found = law.meaning(place, making, kinds, at).finding
            meanings.append({"place": place, "position": found.position, "status": found.status,
                             "evidence": found.evidence})  # fmt: skip
    held = [row for row in facts.holdings if row.target_kind == "work"]
    rules = {row.society: _pays_for(row.society, at) for row in held}
    unpaid = [e.held.party_id for e in authorship.shares_earned(held, made, rules) if not e.earned] if made else []
    return {"authorship": shown, "making": making or "unknown", "meaning": meanings, "earns_no_share": unpaid}


def _pays_for(society: str, at: dt.date) -> str:
    """Whether a society takes a partly generated work as a whole; where its rule is not known, only parts by people."""
    accepts = law.society_rule(society, at).assisted.position == "accepted"
    return authorship.WORK if accepts else authorship.PART

"""Why a line matched, or did not, and where its money went: read from a run folder, never computed anew.

The evidence (normal forms, features, runner-up) is computed from the run's own tables by the same code version.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from partita import __version__, identify, tables
from partita.engine.duck import Duck
from partita.errors import InputError
from partita.jobs import run


def explain(folder: Path, line_id: str) -> dict[str, Any]:
    """The line, its match with evidence, its money in each pool; raises InputError where the run has no such line."""
    about = run.read_json(folder)
    with Duck() as duck:
        for name in ("usage", "matches", "pools", "allocations", "suspense", "shares", "payouts"):
            path = folder / f"{name}.parquet"
            if not path.is_file():
                raise InputError("is missing from the run", file=str(path), mend="Name the folder of a settled run")
            duck.put(name, path)
        duck.run("partita.jobs", "explain.sql", line_id=line_id)
        line = duck.get("SELECT * FROM the_line").to_pylist()
        if not line:
            return _set_aside(duck, folder, line_id, about["run_id"])
        match = duck.get("SELECT * FROM the_match").to_pylist()[0]
        held = duck.get("SELECT * FROM the_suspense ORDER BY pool_id, reason").to_pylist()
        paid = duck.get("SELECT * FROM the_allocations ORDER BY pool_id, amount_micro DESC, party_id, role").to_pylist()
    works, evidence = _evidence(folder, about, line[0])
    return {
        "run_id": about["run_id"],
        "line": _plain(line[0]),
        "match": match,
        "evidence": evidence.as_dict(),
        "candidates": _registered(works, evidence.candidates),
        "remarks": _remarks(folder, line[0]),
        "allocations": [_plain(row) for row in paid],
        "suspense": [_plain(row) for row in held],
        "note": _note(about, match, evidence),
    }


def _evidence(folder: Path, about: dict[str, Any], line: dict[str, Any]) -> tuple[pa.Table, identify.Evidence]:
    """The run's REPERTOIRE, and the evidence for one of its lines by the run's own tables."""
    works = run.read_table(folder, tables.REPERTOIRE)
    known = {
        table.name: run.read_table(folder, table)
        for table in (tables.REGISTRATIONS, tables.DECISIONS) if (folder / f"{table.name}.parquet").is_file()
    }  # fmt: skip
    return works, identify.evidence(line, works, _policy(about["policy"].get("identify", {})), **known)


def _remarks(folder: Path, line: dict[str, Any]) -> list[dict[str, Any]]:
    """What was found wrong or worth a remark in the line's own row of its file; a line that a run made has none."""
    if not line["line"] or not (folder / "problems.parquet").is_file():
        return []
    rows = run.read_table(folder, tables.PROBLEMS)
    same = pc.and_(pc.equal(rows.column("file"), line["file"]), pc.equal(rows.column("line"), line["line"]))
    found: list[dict[str, Any]] = rows.filter(same).to_pylist()
    return found


def _set_aside(duck: Duck, folder: Path, line_id: str, run_id: str) -> dict[str, Any]:
    """A quarantined row, called `FILE:LINE`, and what it holds back; raises InputError where there is none either."""
    rows = run.read_table(folder, tables.PROBLEMS).to_pylist()
    found = [row for row in rows if f"{row['file']}:{row['line']}" == line_id and row["severity"] == "quarantined"]
    if not found:
        mend = "Take a line_id of usage.parquet, or FILE:LINE of a row that was set aside"
        raise InputError(f"has no line {line_id!r}{_hint(duck)}", file=str(folder), mend=mend)
    held = duck.get("SELECT * FROM the_suspense ORDER BY pool_id, reason").to_pylist()
    return {"run_id": run_id, "set_aside": found, "suspense": [_plain(row) for row in held]}


def _registered(works: pa.Table, candidates: Sequence[identify.Candidate]) -> list[dict[str, Any]]:
    """The candidates as they are registered, best first."""
    ids = [candidate.work_id for candidate in candidates]
    rows = works.filter(pc.is_in(works.column("work_id"), value_set=pa.array(ids, pa.string()))).to_pylist()
    known = {row["work_id"]: row for row in rows}
    return [known[candidate.work_id] | {"probability": candidate.probability} for candidate in candidates]


def _note(about: dict[str, Any], match: dict[str, Any], evidence: identify.Evidence) -> str:
    """What differs between the run and this explanation of it; empty where nothing does."""
    said = []
    if about["partita"] != __version__:
        said.append(f"the run was made by partita {about['partita']}; the evidence is by {__version__}")
    scorer = about.get("scorer", "")
    if scorer != evidence.scorer:
        said.append(f"the run was scored by {scorer or 'an earlier scorer'}; the evidence is by {evidence.scorer}")
    if (match["outcome"], match["work_id"]) != (evidence.outcome, evidence.work_id):
        now = f"{evidence.outcome} {evidence.work_id or ''}".strip()
        said.append(f"what the run decided stands; today this version would say: {now}")
    return ". ".join(said)


def _policy(stated: dict[str, Any]) -> identify.IdentifyPolicy:
    """The run's identify policy, as `run.json` states it; what this version does not know is left out."""
    known = {field.name for field in dataclasses.fields(identify.IdentifyPolicy)}
    stated = {key: value for key, value in stated.items() if key in known}
    days = {key: dt.date.fromisoformat(stated[key]) for key in ("period_from", "period_to") if stated.get(key)}
    lists = {key: tuple(value) for key, value in stated.items() if isinstance(value, list)}
    return identify.IdentifyPolicy(**(stated | days | lists))


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in row.items()}


def _hint(duck: Duck) -> str:
    some = [
        row["line_id"] for row in duck.get("SELECT line_id AS line_id FROM usage ORDER BY line_id LIMIT 3").to_pylist()
    ]
    return f" (its lines are called e.g. {', '.join(some)})" if some else ""

"""The review queue of a run, out as a file to fill in: what people are asked, most money first."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from partita import tables
from partita.engine.duck import Duck
from partita.errors import InputError
from partita.formats import queue_sheet
from partita.formats.pages import cells, review_queue, session
from partita.jobs import run
from partita.registry import decisions as registry
from partita.registry import decisions_file
from partita.text import equal

SENDERS_MOST = 50
"""Senders' own numbers that one answer teaches."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Context:
    """What a run says beside the queue itself: currency, thresholds, works, and what was decided before."""

    about: Row
    place: str
    works: Mapping[str, Row]
    decided: Mapping[str, Sequence[Row]]
    senders: Mapping[str, Sequence[list[str]]]


def queue(folder: Path, out: Path, *, decisions: Path | None = None, most: int | None = None) -> dict[str, Any]:
    """Writes the review queue of the run in `folder` into `out` (.xlsx, .csv or .json) and returns counts.

    `decisions`: a file of decisions made since the run; what is decided there comes last and says so. `most`: only so
    many items. Raises InputError where there is no settled run, or `out` cannot be such a file.
    """
    about = run.read_json(folder)
    _refuse(out)
    with Duck() as duck:
        _load(duck, folder)
        rows = duck.get("SELECT q.*, r.candidates, e.file, e.line FROM queue AS q JOIN ranked AS r ON r.rank = q.rank"
                        " JOIN example AS e ON e.item_id = q.item_id ORDER BY q.rank").to_pylist()  # fmt: skip
        context = _context(duck, folder, out, about, rows, decisions)
    rows.sort(key=lambda row: (row["item_id"] in context.decided, row["rank"]))
    shown = rows[:most]
    currency = _currency(folder)
    out.parent.mkdir(parents=True, exist_ok=True)
    queue_sheet.write(out, (_item(row, context, currency) for row in shown), {"run_id": about["run_id"]})
    return {
        "out": str(out), "run_id": about["run_id"], "items": len(shown), "left_out": len(rows) - len(shown),
        "decided": sum(row["item_id"] in context.decided for row in rows), "currency": currency,
        "lines": sum(row["lines"] for row in shown), "plays": sum(row["plays"] for row in shown),
        "amount_micro": sum(row["amount_micro"] for row in shown),
        "all_micro": sum(row["amount_micro"] for row in rows),
    }  # fmt: skip


def _refuse(out: Path) -> None:
    if out.is_dir():
        raise InputError("is a folder", file=str(out), mend="Name a file with -o, e.g. queue.xlsx")
    if out.suffix.lower() not in queue_sheet.SUFFIXES:
        raise InputError("is no form of a queue", file=str(out), mend="End the name in .xlsx, .csv or .json")


def _load(duck: Duck, folder: Path) -> None:
    """The run's tables in the session, and `queue` made from them."""
    for name in session.TABLES:
        path = folder / f"{name}.parquet"
        if not path.is_file():
            raise InputError("is missing from the run", file=str(path), mend="Name the folder of a settled run")
        if not set(tables.ALL[name].schema.names) <= set(pq.read_schema(path).names):
            mend = "Settle the job again with this version"
            raise InputError("was written by another version of the program", file=str(path), mend=mend)
        duck.put(name, path)
    duck.run(session.PACKAGE, "prepare.sql")
    review_queue.prepare(duck)
    duck.run("partita.jobs", "queue.sql")


def _context(
    duck: Duck, folder: Path, out: Path, about: Row, rows: Sequence[Row], decisions: Path | None
) -> Context:  # fmt: skip
    wanted = {c["work_id"] for row in rows for c in row["candidates"] or ()}
    works = run.read_table(folder, tables.REPERTOIRE)
    named = works.filter(pc.is_in(works.column("work_id"), value_set=pa.array(sorted(wanted), pa.string())))
    senders: dict[str, list[list[str]]] = defaultdict(list)
    for row in duck.get("SELECT * FROM sender_number ORDER BY item_id, sender, number").to_pylist():
        if len(senders[row["item_id"]]) < SENDERS_MOST:
            senders[row["item_id"]].append([row["sender"], row["number"]])
    place = Path(os.path.relpath(folder, out.parent)).as_posix()
    return Context(about, place, {r["work_id"]: r for r in named.to_pylist()}, _decided(folder, decisions), senders)


def _decided(folder: Path, decisions: Path | None) -> dict[str, list[Row]]:
    """By item, the decisions that stand: those that the run used, or those in the file."""
    stored = folder / "decisions.parquet"
    if decisions:
        table = decisions_file.read(decisions, absent=True).table
    elif stored.is_file():
        table = run.read_table(folder, tables.DECISIONS)
    else:
        return {}
    rows = registry.in_force(table).to_pylist()
    found: dict[str, list[Row]] = defaultdict(list)
    for row, key in zip(rows, registry.keys_of(rows), strict=True):
        found[equal.item_id(key)].append(row)
    return found


def _currency(folder: Path) -> str:
    found = pc.unique(run.read_table(folder, tables.POOLS).column("currency")).to_pylist()
    return str(found[0]) if found else ""


def _item(row: Row, context: Context, currency: str) -> dict[str, Any]:
    candidates = list(_candidates(row, context))
    names = {name: row[name].split(equal.BETWEEN) if row[name] else [] for name in ("performers", "writers")}
    kept = ("item_id", "rank", "outcome", "title", "performers", "writers", "lines", "plays", "licensee", "line_id",
            "file", "line")  # fmt: skip
    return {name: row[name] for name in kept} | {
        "amount": cells.amount(row["amount_micro"], currency) if currency else "",
        "currency": currency,
        "licensees": row["licensee_count"],
        "decided": "; ".join(dict.fromkeys(map(_said, context.decided.get(row["item_id"], ())))),
        "candidates": candidates,
        "data": {"item": row["item_id"], "title": row["title"], **names,
                 "works": [c["work_id"] for c in candidates], "senders": context.senders.get(row["item_id"], []),
                 "run": context.about["run_id"], "place": context.place},
    }  # fmt: skip


def _said(row: Row) -> str:
    words = {registry.SAME: "same", registry.NOT_SAME: "not", registry.ALT_TITLE: "new title"}[row["kind"]]
    work, day = row["work_id"] or "any work", row["recorded_at"].date().isoformat()
    return f"{words} {work} ({row['recorded_by']}, {day}, {row['decision_id']})"


def _candidates(row: Row, context: Context) -> Iterator[dict[str, Any]]:
    found = (row["candidates"] or ())[: queue_sheet.CANDIDATES_MOST]
    policy = context.about["policy"]["identify"]
    for place, candidate in enumerate(found):
        work = context.works.get(candidate["work_id"], {"title": "", "performers": [], "writers": []})
        yield {
            "work_id": candidate["work_id"], "title": work["title"],
            "performers": equal.BETWEEN.join(work["performers"]), "writers": equal.BETWEEN.join(work["writers"]),
            "probability": f"{candidate['probability']:.4f}",
            "why": _why(row["rule"], [c["probability"] for c in found], place, policy),
        }  # fmt: skip


def _why(rule: str, probabilities: Sequence[float], place: int, policy: Row) -> str:
    """Why the candidate was not accepted, in both languages."""
    own, best = probabilities[place], probabilities[0]
    if rule == "decided_gone":
        return "the decided work is gone 已決定的作品不在曲庫"
    if rule == "identifier_conflict":
        return "identifier and title disagree 識別碼與曲名不符"
    if place:
        less = f"less likely than 1 不如候選 1 ({own:.2f} < {best:.2f})"
        return less if own < best else "as likely as 1 與候選 1 相當"
    second = probabilities[1] if len(probabilities) > 1 else 0.0
    if len(probabilities) > 1 and own - second < policy["margin"]:
        return f"2 is too close 與候選 2 太接近 ({own:.2f}, {second:.2f})"
    if own < policy["accept"]:
        return f"below {policy['accept']:.2f} 機率低於 {policy['accept']:.2f}"
    return "other fields do not agree 其他欄位不足以佐證"

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

_MOST = 1 << 60
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Context:
    """What a run says beside the queue itself: currency, thresholds, works, and what was decided before."""

    about: Row
    place: str
    currency: str
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
    decided = _decided(folder, decisions)
    with Duck() as duck:
        _load(duck, folder, decided, most)
        context = _context(duck, folder, out, about, decided)
        items = (_item(row, context) for batch in duck.batches(_ASKED) for row in batch.to_pylist())
        out.parent.mkdir(parents=True, exist_ok=True)
        queue_sheet.write(out, items, {"run_id": about["run_id"]})
        totals = duck.get(_TOTALS).to_pylist()[0]
    return {"out": str(out), "run_id": about["run_id"], "currency": context.currency, **totals}


_ASKED = "SELECT * FROM asked ORDER BY was_decided, rank"
_SUMS = ", ".join(f"CAST(coalesce(sum({name}), 0) AS BIGINT) AS {name}" for name in ("lines", "plays", "amount_micro"))
_TOTALS = f"""SELECT CAST(count(*) AS BIGINT) AS items, {_SUMS},
    (SELECT CAST(count(*) AS BIGINT) FROM queue) - CAST(count(*) AS BIGINT) AS left_out,
    CAST(coalesce(sum(CAST(was_decided AS INTEGER)), 0) AS BIGINT) AS decided FROM asked"""


def _refuse(out: Path) -> None:
    if out.is_dir():
        raise InputError("is a folder", file=str(out), mend="Name a file with -o, e.g. queue.xlsx")
    if out.suffix.lower() not in queue_sheet.SUFFIXES:
        raise InputError("is no form of a queue", file=str(out), mend="End the name in .xlsx, .csv or .json")


def _load(duck: Duck, folder: Path, decided: Mapping[str, object], most: int | None) -> None:
    """The run's tables in the session, and `asked` made from them: the first `most` items, decided ones last."""
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
    duck.put("decided_item", pa.table({"item_id": pa.array(sorted(decided), pa.string())}))
    duck.run("partita.jobs", "queue.sql", most=most or _MOST)


def _context(duck: Duck, folder: Path, out: Path, about: Row, decided: Mapping[str, Sequence[Row]]) -> Context:
    wanted = duck.get("SELECT DISTINCT unnest(candidates).work_id AS work_id FROM asked").column("work_id")
    works = run.read_table(folder, tables.REPERTOIRE)
    named = works.filter(pc.is_in(works.column("work_id"), value_set=wanted.combine_chunks()))
    senders: dict[str, list[list[str]]] = defaultdict(list)
    for row in duck.get("SELECT * FROM sender_number ORDER BY item_id, sender, number").to_pylist():
        if len(senders[row["item_id"]]) < SENDERS_MOST:
            senders[row["item_id"]].append([row["sender"], row["number"]])
    place = Path(os.path.relpath(folder, out.parent)).as_posix()
    known = {row["work_id"]: row for row in named.to_pylist()}
    return Context(about, place, _currency(folder), known, decided, senders)


def _decided(folder: Path, decisions: Path | None) -> dict[str, list[Row]]:
    """By item, the decisions that stand: those that the run used, or those in the file."""
    stored = folder / "decisions.parquet"
    if decisions:
        table = decisions_file.read(decisions).table
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


def _item(row: Row, context: Context) -> dict[str, Any]:
    candidates = list(_candidates(row, context))
    names = {name: row[name].split(equal.BETWEEN) if row[name] else [] for name in ("performers", "writers")}
    kept = ("item_id", "rank", "outcome", "title", "performers", "writers", "lines", "plays", "licensee", "line_id",
            "file", "line")  # fmt: skip
    return {name: row[name] for name in kept} | {
        "amount": cells.amount(row["amount_micro"], context.currency) if context.currency else "",
        "currency": context.currency,
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

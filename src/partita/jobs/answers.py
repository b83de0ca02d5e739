"""Answers of people taken back: a filled-in review queue in, decisions appended, and what could not be taken said.

Good answers are taken and bad ones named, one by one; the same file taken twice adds nothing.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from partita import tables
from partita.errors import InputError
from partita.formats.queue_sheet import Filled
from partita.jobs import run
from partita.registry import decisions as registry
from partita.registry import decisions_file
from partita.registry.decisions import ALT_TITLE, NOT_SAME, SAME, UNDO
from partita.text import equal
from partita.text.ragged import POSITIONS_MOST

NAME_MOST = 120
_GRAMMAR = (
    (SAME, re.compile(r"(?:same|同)\s*:?\s*(.*)", re.IGNORECASE)),
    ("none", re.compile(r"(?:none|無|沒有|都不是)()", re.IGNORECASE)),
    (NOT_SAME, re.compile(r"(?:not\s+this|not|不是|非)\s*:?\s*(.*)", re.IGNORECASE)),
    (ALT_TITLE, re.compile(r"(?:new\s+title|新曲名|別名)\s*:?\s*(.*)", re.IGNORECASE)),
)
UNDERSTOOD = "same 1, same WORK_ID, none, not this, not 2, new title 1 or new title WORK_ID"

Row = Mapping[str, Any]
Works = Callable[[str], str | None]
"""The work that an id or a society's own number means, or None."""


class Refused(Exception):  # noqa: N818 - an answer is refused
    """An answer cannot be taken: what is wrong, and how to mend it."""

    def __init__(self, reason: str, mend: str) -> None:
        super().__init__(reason)
        self.reason, self.mend = reason, mend


@dataclass(frozen=True, slots=True)
class Answer:
    """One row's answer understood: the decisions that it makes."""

    filled: Filled
    rows: tuple[Row, ...]


def decide(
    decisions: Path, filled: Sequence[Filled], *, by: str, at: dt.datetime, folder: Path, only: str = ""
) -> dict[str, Any]:
    """Appends answers to the file of decisions; returns what was recorded, and what was refused and why.

    `folder`: the run that asked, or the folder from which the queue says where that run lies. `only`: the list or
    licensee of which the answers speak. `at`: now, in UTC.
    """
    by = _name(by)
    before = decisions_file.read(decisions, absent=True)
    answers, refused = _understood(filled, _Runs(folder), only)
    fresh, stale = _fresh(answers, before.table)
    rows = [row for answer in fresh for row in answer.rows]
    recorded = decisions_file.append(decisions, rows, recorded_by=by, recorded_at=at) if rows else []
    return {
        "decisions": str(decisions), "by": by, "answers": len(filled), "taken": len(fresh),
        "known": len(answers) - len(fresh) - len(stale), "recorded": [_shown(row) for row in recorded],
        "refused": sorted(refused + stale, key=lambda row: int(row["order"])), "problems": before.problems.to_pylist(),
    }  # fmt: skip


def of_line(folder: Path, line_id: str, answer: str, note: str = "") -> Filled:
    """The answer for one line of a run, matched or not, as if it stood in the queue."""
    about = run.read_json(folder)
    line = _one(run.read_table(folder, tables.USAGE), line_id, folder)
    match = _one(run.read_table(folder, tables.MATCHES), line_id, folder)
    works = dict.fromkeys([match["work_id"], *(c["work_id"] for c in match["candidates"] or ())])
    texts = {name: line[name] for name in ("title", "performers", "writers")}
    item = equal.item_id(equal.keys([line["title"]], [line["performers"]], [line["writers"]])[0])
    sender = [[line["licensee"] or line["list"], line["sender_number"]]] if line["sender_number"] else []
    data = {**texts, "item": item, "works": [w for w in works if w], "senders": sender, "run": about["run_id"]}
    return Filled(f"line {line_id}", item, answer, note, data)


def _one(table: pa.Table, line_id: str, folder: Path) -> dict[str, Any]:
    found = table.filter(pc.equal(table.column("line_id"), line_id)).to_pylist()
    if not found:
        raise InputError(f"has no line {line_id[:80]!r}", file=str(folder), mend="Take a line_id of usage.parquet")
    row: dict[str, Any] = found[0]
    return row


def listed(decisions: Path) -> dict[str, Any]:
    """All decisions of a file, each with what became of it: `stands`, `undone` or `overruled`."""
    found = decisions_file.read(decisions)
    rows = found.table.to_pylist()
    standing = set(registry.in_force(found.table).column("decision_id").to_pylist())
    undone = {row["undoes"] for row in rows if row["kind"] == UNDO}
    state = dict.fromkeys(standing, "stands") | dict.fromkeys(undone, "undone")
    shown = [_shown(row) | {"state": "" if row["kind"] == UNDO else state.get(row["decision_id"], "overruled")}
             for row in rows]  # fmt: skip
    return {"decisions": str(decisions), "rows": shown, "problems": found.problems.to_pylist()}


def undo(decisions: Path, ids: Sequence[str], *, by: str, at: dt.datetime, note: str = "") -> dict[str, Any]:
    """Takes decisions back (called by id or number), each with what was recorded in the same answer.

    Raises InputError for one that is not there.
    """
    by = _name(by)
    rows = decisions_file.read(decisions).table.to_pylist()
    undone = {row["undoes"] for row in rows if row["kind"] == UNDO}
    taken: dict[str, Row] = {}
    for decision_id in ids:
        one = _meant_row(rows, decision_id, decisions)
        if one["decision_id"] in undone:
            raise InputError(f"{decision_id} was taken back before", file=str(decisions), mend="See --list")
        taken |= {row["decision_id"]: row for row in registry.answer_of(rows, one["decision_id"])}
    made = [{"kind": UNDO, "undoes": key, "title": row["title"], "note": note[:2000]}
            for key, row in taken.items() if key not in undone]  # fmt: skip
    recorded = decisions_file.append(decisions, made, recorded_by=by, recorded_at=at)
    return {"decisions": str(decisions), "by": by, "recorded": [_shown(row) for row in recorded]}


def _meant_row(rows: Sequence[Row], decision_id: str, decisions: Path) -> Row:
    """The decision of this id, or of this number where one alone has it."""
    found = [row for row in rows if decision_id in (row["decision_id"], row["decision_id"].partition("-")[0])]
    if len(found) != 1:
        reason = f"has {'several decisions' if found else 'no decision'} {decision_id[:60]!r}"
        raise InputError(reason, file=str(decisions), mend="See --list --json for whole ids" if found else "See --list")
    if found[0]["kind"] == UNDO:
        reason = f"{decision_id[:60]} is itself an undo"
        raise InputError(reason, file=str(decisions), mend="Decide the lines again instead")
    return found[0]


def _name(by: str) -> str:
    name = " ".join("".join(c if c.isprintable() else " " for c in by).split())
    if not name or len(name) > NAME_MOST:
        raise InputError("--by needs the name of who decides", mend=f"Write a name of 1 to {NAME_MOST} characters")
    return name


def _shown(row: Row) -> dict[str, Any]:
    return {**row, "recorded_at": row["recorded_at"].isoformat() + "Z"}


class _Runs:
    """The works of the run that asked, looked up only where an answer names one beside the candidates."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._found: dict[str, dict[str, str]] = {}

    def work(self, data: Row, name: str) -> str | None:
        """The id of the work called `name` in the run of the question; raises Refused where the run is not found."""
        folder = self._folder
        if not (folder / run.MARK).is_file():
            folder = folder / str(data.get("place", ""))
        if not (folder / run.MARK).is_file():
            raise Refused(f"{name[:60]!r} is none of the candidates, and the run that asked is not at hand",
                          "Name the run with --run, so that the work can be looked up")  # fmt: skip
        if run.read_json(folder).get("run_id") != data["run"]:
            raise Refused(f"{name[:60]!r} is none of the candidates, and {folder} is not the run that asked",
                          f"Name the folder of run {data['run'][:12]} with --run")  # fmt: skip
        if data["run"] not in self._found:
            self._found[data["run"]] = _work_names(folder)
        return self._found[data["run"]].get(name)


def _work_names(folder: Path) -> dict[str, str]:
    """Each work by its id, and by the societies' own numbers where one work alone has them."""
    ids = run.read_table(folder, tables.REPERTOIRE).column("work_id")
    listed = run.read_table(folder, tables.REGISTRATIONS)
    listed = listed.filter(pc.is_in(listed.column("work_id"), value_set=ids.combine_chunks()))
    meant: dict[str, set[str]] = defaultdict(set)
    for row in listed.to_pylist():
        for name in (row["registered_id"], f"{row['society']}:{row['registered_id']}"):
            meant[name].add(row["work_id"])
    own = {work: work for work in ids.to_pylist()}
    return {name: next(iter(works)) for name, works in meant.items() if len(works) == 1} | own


def _understood(filled: Sequence[Filled], runs: _Runs, only: str) -> tuple[list[Answer], list[dict[str, Any]]]:
    """The answers that can be taken, each item once, and those that cannot."""
    refused: list[dict[str, Any]] = []
    by_item: dict[str, list[tuple[int, Answer]]] = defaultdict(list)
    for order, one in enumerate(filled):
        try:
            by_item[one.item_id].append((order, Answer(one, _rows(one, runs, only))))
        except Refused as error:
            refused.append(_refusal(order, one, error.reason, error.mend))
    taken: list[tuple[int, Answer]] = []
    for same_item in by_item.values():
        if len({repr(_contents(answer.rows)) for _, answer in same_item}) == 1:
            taken.append(same_item[0])
            continue
        places = ", ".join(answer.filled.place for _, answer in same_item)
        refused += [_refusal(order, answer.filled, f"one item has several answers ({places})", "Leave one of them")
                    for order, answer in same_item]  # fmt: skip
    return [answer for _, answer in sorted(taken, key=lambda pair: pair[0])], refused


def _contents(rows: Sequence[Row]) -> list[tuple[Any, ...]]:
    return sorted((row["kind"], row["list"], row["sender_number"], row["work_id"]) for row in rows)


def _refusal(order: int, one: Filled, reason: str, mend: str) -> dict[str, Any]:
    return {"order": order, "place": one.place, "item_id": one.item_id, "answer": one.answer[:80], "reason": reason,
            "mend": mend}  # fmt: skip


def _rows(one: Filled, runs: _Runs, only: str) -> tuple[Row, ...]:
    """The decisions that an answer makes; raises Refused."""
    data = _question(one)
    kind, name = _parsed(one.answer)
    names = {key: [name[:POSITIONS_MOST] for name in data[key]] for key in ("performers", "writers")}
    common = {"list": only, "title": data["title"][:POSITIONS_MOST], **names, "note": one.note[:2000],
              "sender_number": ""}  # fmt: skip
    if kind == "none":
        return tuple({**common, "kind": NOT_SAME, "work_id": work} for work in data["works"] or [""])
    work = _meant(name, kind, data, runs)
    rows = [{**common, "kind": kind, "work_id": work}]
    if kind != NOT_SAME:
        rows += [{**common, "kind": SAME, "work_id": work, "list": sender, "sender_number": number}
                 for sender, number in data["senders"] if only in ("", sender)]  # fmt: skip
    return tuple(rows)


def _question(one: Filled) -> dict[str, Any]:
    data = one.data
    again = "Write the queue anew with `partita queue`, and answer there"
    if data is None or data["item"] != one.item_id:
        raise Refused("the row is not as it was written: its last column does not belong to its item_id",
                      "Sort by all columns or none; " + again[0].lower() + again[1:])  # fmt: skip
    if data.get("long"):
        raise Refused("the line's names are too long for a sheet", "Write the queue as .json, and answer there")
    key = equal.keys([data["title"]], [data["performers"]], [data["writers"]])[0]
    if equal.item_id(key) != one.item_id:
        raise Refused("the row is not as it was written: its title or names were changed", again)
    if not key[0]:
        raise Refused("the line has no title, so that equal lines cannot be told", "Have the licensee report a title")
    return data


def _parsed(answer: str) -> tuple[str, str]:
    """What was answered, and the work that it names: `same W 12` gives (`same`, `W 12`)."""
    visible = "".join(c for c in unicodedata.normalize("NFKC", answer) if unicodedata.category(c) != "Cf")
    text = " ".join(visible.split())
    for kind, form in _GRAMMAR:
        found = form.fullmatch(text)
        if found and _stands_apart(text, found[1]):
            return kind, found[1]
    raise Refused(f"the answer {answer[:60]!r} is not understood", f"Write {UNDERSTOOD}, or leave the cell empty")


def _stands_apart(text: str, name: str) -> bool:
    """`same1` and `sameW` are no words: between a Latin word and what it speaks of stands a space or a colon."""
    before = text[: len(text) - len(name)]
    return not name or not before[-1:].isascii() or not before[-1:].isalpha()


def _meant(name: str, kind: str, data: Row, runs: _Runs) -> str:
    """The id of the work that an answer names: a candidate by its place, any work by its id."""
    works = data["works"]
    if not name or (kind == NOT_SAME and name.lower() == "this"):
        if not works or (len(works) > 1 and kind != NOT_SAME):
            count = f"{len(works)} candidates" if works else "no candidate"
            raise Refused(f"the answer does not say which work: there is {count}", f"Write {UNDERSTOOD}")
        return str(works[0])
    if re.fullmatch(r"[1-9]", name) and int(name) <= len(works):
        return str(works[int(name) - 1])
    name = re.sub(r"^work\s+", "", name, flags=re.IGNORECASE)
    if name in works:
        return name
    found = runs.work(data, name)
    if found is None:
        place = f"there are {len(works)} candidates, and " if re.fullmatch(r"[1-9]", name) else ""
        raise Refused(f"{place}no work of the run is called {name[:60]!r}",
                      "Write the number of a candidate, or a work_id of the run's repertoire")  # fmt: skip
    return found


def _fresh(answers: Sequence[Answer], before: pa.Table) -> tuple[list[Answer], list[dict[str, Any]]]:
    """The answers that say something new; and those that were given before and since overruled."""
    rows = before.to_pylist()
    undone = {row["undoes"] for row in rows if row["kind"] == UNDO}
    standing = {_same_as(row) for row in registry.in_force(before).to_pylist()}
    overruled = {_same_as(row): row for row in rows if row["kind"] != UNDO and row["decision_id"] not in undone}
    fresh, stale = [], []
    for order, answer in enumerate(answers):
        new = tuple(row for row in answer.rows if _same_as(row) not in standing)
        again = [overruled[_same_as(row)] for row in new if _same_as(row) in overruled]
        if again:
            reason = f"was answered so before ({again[0]['decision_id']}), and answered otherwise since"
            mend = f"To return to it, take {again[0]['decision_id']} back with --undo, then answer again"
            stale.append(_refusal(order, answer.filled, reason, mend))
        elif new:
            fresh.append(Answer(answer.filled, new))
    return fresh, stale


def _same_as(row: Row) -> tuple[Any, ...]:
    key = equal.keys([row["title"]], [row["performers"]], [row["writers"]])[0]
    return key, row["kind"], row["list"], row["sender_number"], row["work_id"]

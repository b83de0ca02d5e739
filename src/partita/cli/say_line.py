"""What `partita explain` prints: one line, why it was decided so, and where its money went."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from partita import money
from partita.cli.terminal import console as _console
from partita.cli.terminal import escape
from partita.cli.terminal import grid as _grid

_FIELDS = ("performers", "writers", "language", "isrc", "iswc", "work_number", "sender_number", "used_at")
_COMPARED_MOST = 3
_CELL_MOST = 120
"""Characters of a cell of the terminal; `--json` has the whole."""
_NOTHING = frozenset({"no", "not compared", "none to compare"})
"""Values of a feature that say nothing."""


def explained(result: dict[str, Any]) -> None:
    """One line: evidence, decision, money."""
    console = _console()
    if "set_aside" in result:
        _set_aside(console, result)
        return
    _line(console, result["line"])
    _decision(console, result["match"], result["evidence"])
    _compared_as(console, result["evidence"]["normal"])
    _said(console, result)
    _candidates(console, result)
    _features(console, result["evidence"]["candidates"][:_COMPARED_MOST])
    _rivals(console, result["evidence"])
    _where(console, result)
    if result["note"]:
        console.print(f"Note: {escape(result['note'])}", style="yellow")


def _line(console: Console, line: dict[str, Any]) -> None:
    place = f"{line['plays']:,} plays, {line['file']} line {line['line']}"
    console.print(f"[bold]{escape(line['line_id'])}[/]  {_short(line['title'])}  ({escape(place)})")
    for field in _FIELDS:
        if line.get(field):
            text = " / ".join(line[field]) if isinstance(line[field], list) else str(line[field])
            console.print(f"  {field.replace('_', ' ')}: {_short(text)}")


def _decision(console: Console, match: dict[str, Any], evidence: dict[str, Any]) -> None:
    work = f" to {escape(match['work_id'])}" if match["work_id"] else ""
    outcome = match["outcome"].replace("_", " ")
    console.print(
        f"[bold]{outcome}[/]{work} by {escape(match['rule'])}, probability {match['probability']:.4f}:"
        f" {escape(evidence['reason'])}"
    )
    for reason in evidence["stopped_by"] if match["outcome"] in ("ambiguous", "unmatched") else ():
        console.print(f"  stopped by: {escape(reason)}")


def _compared_as(console: Console, normal: dict[str, Any]) -> None:
    """The normal forms that are there."""
    shown = []
    for name, value in normal.items():
        text = ", ".join(value) if isinstance(value, list) else value
        if text and not (name == "title_with_brackets" and value == normal["title"]):
            shown.append(f"{name.replace('_', ' ')}: {_short(text)}")
    console.print(f"Compared as: {'; '.join(shown) or 'nothing (no letters or figures)'}")


def _said(console: Console, result: dict[str, Any]) -> None:
    """What identifiers, people and the reading of the file said."""
    evidence = result["evidence"]
    for row in evidence["identifiers"]:
        console.print(f"Identifier: {escape(row['says'])}")
    for row in evidence["decisions"]:
        whom = ", ".join(filter(None, (row["list"], row["sender_number"])))
        text = f"{row['recorded_by']} on {row['recorded_at'][:16]}: {row['kind'].replace('_', ' ')} {row['work_id']}"
        text += (f" ({whom})" if whom else "") + (f" - {row['note']}" if row["note"] else "")
        console.print(f"Decision {escape(row['decision_id'])} by {_short(text)}")
    for row in result["remarks"]:
        console.print(f"Remark ({row['code']}): {escape(row['reason'])}. {escape(row['mend'])}.", style="yellow")


def _candidates(console: Console, result: dict[str, Any]) -> None:
    if not result["candidates"]:
        console.print("No work comes near.")
        return
    table = _grid("candidate", "title", "performers", "writers", "probability", numbers=(4,))
    for row in result["candidates"]:
        performers, writers = " / ".join(row["performers"]), " / ".join(row["writers"])
        probability = f"{row['probability']:.4f}"
        table.add_row(escape(row["work_id"]), _short(row["title"]), _short(performers), _short(writers), probability)
    console.print(table)


def _features(console: Console, candidates: list[dict[str, Any]]) -> None:
    """What was compared, candidate beside candidate; what says nothing of any of them is left to `--json`."""
    if not candidates:
        return
    table = _grid("compared", *(escape(row["work_id"]) for row in candidates))
    for name in candidates[0]["words"]:
        label = candidates[0]["words"][name].partition(": ")[0]
        values = [row["words"][name].partition(": ")[2] for row in candidates]
        if not set(values) <= _NOTHING:
            table.add_row(escape(label), *map(escape, values))
    console.print(table)


def _rivals(console: Console, evidence: dict[str, Any]) -> None:
    if not evidence["runner_up"]:
        return
    console.print(f"Runner-up: {escape(evidence['runner_up'])}.")
    for row in evidence["differences"]:
        parts = [f"{f['label']} {f['second']}, not {f['first']}" for f in row["features"][:4]]
        console.print(f"  {row['about']} (weight {row['effect']:.1f}): {escape('; '.join(parts))}")


def _short(text: str) -> str:
    """Text from a file, cut for the terminal."""
    return escape(text if len(text) <= _CELL_MOST else f"{text[: _CELL_MOST - 1]}…")


def _set_aside(console: Console, result: dict[str, Any]) -> None:
    for row in result["set_aside"]:
        place, value = f"{row['file']}:{row['line']}", f" ({row['column']}: {row['value']})" if row["column"] else ""
        console.print(
            f"[bold]{escape(place)}[/] was set aside: {escape(row['reason'] + value)}. {escape(row['mend'])}."
        )
    _held(console, result)


def _where(console: Console, result: dict[str, Any]) -> None:
    if result["allocations"]:
        table = _grid("pool", "payee", "role", "share", "work's money", "this line's part", numbers=(3, 4, 5))
        for row in result["allocations"]:
            table.add_row(
                escape(row["pool_id"]),
                escape(row["party_name"]),
                row["role"],
                f"{row['share_ppm'] / 10_000:g} %",
                money.show(row["amount_micro"], row["currency"]),
                f"{row['line_plays']:,} of {row['work_plays']:,} plays",
            )
        console.print(table)
    _held(console, result)
    if not result["allocations"] and not result["suspense"]:
        console.print("No money: no pool counts this line.")


def _held(console: Console, result: dict[str, Any]) -> None:
    for row in result["suspense"]:
        amount = money.show(row["amount_micro"], row["currency"])
        console.print(f"In suspense ({row['reason']}) since {row['since']}: {amount} of pool {escape(row['pool_id'])}")

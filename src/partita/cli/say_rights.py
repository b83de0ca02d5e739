"""What `partita check` and `partita registry` print: the answer first, then what it rests on. Never advice."""

from __future__ import annotations

from typing import Any

from partita import money
from partita.cli.terminal import console as _console
from partita.cli.terminal import escape
from partita.cli.terminal import grid as _grid

_STYLE = {"allowed": "bold green", "refused": "bold red", "unknown": "bold magenta"}
_PPM = 10_000
_SHOWN = 5
_SECTIONS = {
    "chain": ("kind", "id"),
    "holdings": ("party_id", "role", "society", "share_ppm", "target"),
    "statements": ("statement_id", "kind", "target", "purpose", "system", "territory", "carrier", "valid_from"),
    "mandates": ("society", "party_id", "kind", "right", "purpose", "territory", "source"),
    "reciprocals": ("grantor", "grantee", "right", "purpose", "territory", "source"),
    "offers": ("offer_id", "licensor", "target", "purpose", "model", "payee", "currency"),
    "authorship": ("part", "party_id", "making", "tool", "evidence", "source"),
    "meaning": ("place", "position", "status", "evidence"),
}
"""What is shown of each table, in this order; `--json` has every column."""

_HEADS = {"meaning": "what that making means for authorship (no legal advice)"}


def checked(result: dict[str, Any]) -> None:
    """One answer: what, why, by whom, since when, for which shares, what it would cost, what the law says."""
    console = _console()
    target, use = result["target"], result["use"]
    console.print(f"[{_STYLE[result['answer']]}]{result['answer']}[/]  {escape(result['reason'])}")
    if result["reason_zh"] != result["reason"]:
        console.print(f"{' ' * len(result['answer'])}  {escape(result['reason_zh'])}")
    work = f", work {escape(target['work_id'])}" if target["work_id"] and target["kind"] != "work" else ""
    known = f", as known on {result['known']}" if result["known"] else ""
    console.print(f"  asked    {escape(target['kind'])} {escape(target['id'])}{work}: {use['purpose']}"
                  f" by {escape(use['system'])} in {escape(use['territory'])} on {result['at']}{known}")  # fmt: skip
    _decided(result["decided_by"])
    _shares(result["shares"])
    if result["contradicted"]:
        console.print("  equally near statements contradict each other; the most restrictive decided", style="yellow")
    for claim in result["claims"]:
        console.print(f"  claim    {escape(claim['party_id'])} says {claim['kind']} ({escape(claim['statement_id'])}):"
                      " holds no right in it that is known; listed, not counted")  # fmt: skip
    for offer in result["offers"]:
        _offer(offer)
    for duty in result["duties"]:
        console.print(
            f"  duty     {escape(duty['action'])} {escape(duty['duty'])}: {duty['state']}, {escape(duty['reason'])}"
        )
    _law(result["law"])
    console.print(result["advice"], style="dim")


def _decided(by: dict[str, Any]) -> None:
    if not by["statement"]:
        return
    since = f" since {by['since']}" if by["since"] else ""
    source = f", {escape(by['source'])}" if by["source"] else ""
    digest = f", sha256 {by['sha256'][:16]}…" if by["sha256"] else ""
    _console().print(f"  decided  {escape(by['statement'])} at {by['level']}, carrier {by['carrier']},"
                     f" {by['evidence']}{since}{source}{digest}")  # fmt: skip


def _shares(shares: dict[str, Any]) -> None:
    if not shares["parts"]:
        return
    table = _grid("party", "share", "use", "answer", "why", "by", numbers=(1,))
    for part in shares["parts"]:
        share = "-" if part["share_ppm"] is None else f"{part['share_ppm'] / _PPM:g} %"
        who = part["party"] or "(nobody known)"
        society = f" ({escape(part['society'])})" if part["society"] else ""
        table.add_row(f"{escape(who)}{society}", share, part["use"], f"[{_STYLE[part['answer']]}]{part['answer']}[/]",
                      part["code"], escape(part["statement"] or "-"))  # fmt: skip
    _console().print(table)


def _offer(offer: dict[str, Any]) -> None:
    if offer["price_micro"] is not None:
        price = money.show(offer["price_micro"], offer["currency"])
    else:
        price = f"price open: {escape(offer['price_why'])}"
    _console().print(f"  offer    {escape(offer['offer'])} by {escape(offer['licensor'])} ({escape(offer['model'])}):"
                     f" {price}; paid to {escape(offer['payee'])}")  # fmt: skip
    for step in offer.get("price_steps", []):
        _console().print(f"             {escape(step)}")


def _law(positions: list[dict[str, Any]]) -> None:
    if not positions:
        return
    table = _grid("law", "says", "status", "since")
    for found in positions:
        table.add_row(found["question"], f"{escape(found['english'])}\n{escape(found['chinese'])}",
                      f"{found['status']}, {found['evidence'] or '-'}", found["since"] or "-")  # fmt: skip
    _console().print(table)


def checked_many(result: dict[str, Any]) -> None:
    """How many answers of each kind, and where they are."""
    console = _console()
    table = _grid("why", "answers", numbers=(1,))
    for code, count in result["codes"].items():
        table.add_row(code, f"{count:,}")
    console.print(table)
    counts = ", ".join(f"[{_STYLE[name]}]{count:,} {name}[/]" for name, count in result["answers"].items())
    console.print(f"{result['uses']:,} questions: {counts}")
    if result["set_aside"]:
        console.print(f"{result['set_aside']:,} rows cannot be asked and were set aside:", style="yellow")
        listed = [problem for problem in result["problems"] if problem["severity"] == "quarantined"]
        for problem in listed[:_SHOWN]:
            where = f"{escape(problem['file'])}:{problem['line']}"
            console.print(f"  {where}: {escape(problem['reason'])}. {escape(problem['mend'])}")
        if len(listed) > _SHOWN:
            console.print(f"  and {len(listed) - _SHOWN:,} more: --json lists all")
    console.print(f"Answers in {escape(result['out'])}")


def imported(result: dict[str, Any]) -> None:
    """What an act recorded."""
    console = _console()
    for name, count in result.get("tables", {}).items():
        console.print(f"  {name:<12} {count:,} rows")
    console.print(f"Recorded {result['added']:,} rows, retired {result['retired']:,}, in {escape(result['registry'])}"
                  f" at {result['recorded_at']}")  # fmt: skip
    for problem in result["problems"][:20]:
        place = f"{escape(problem['file'])}:{problem['line']}: " if problem["file"] else ""
        console.print(f"  {place}{escape(problem['reason'])}. {escape(problem['mend'])}", style="yellow")


def labels_taken_in(result: dict[str, Any]) -> None:
    """What the labels of incoming files said, what was recorded of it, and what contradicts what was declared."""
    console = _console()
    for row in result["rows"][:20]:
        tool = f" with {escape(row['tool'])}" if row["tool"] else ""
        console.print(f"  {escape(row['work_id'])} {row['part']}: {row['making']}{tool}, by {escape(row['source'])}")
    for one in result["contradictions"][:20]:
        about = f"{escape(one['work_id'])}: " if one["work_id"] else ""
        console.print(f"  {escape(one['file'])}: {about}{escape(one['words'])}", style="yellow")
    for one in result["unplaced"][:20]:
        console.print(f"  {escape(one['file'])}: of which work it is, the registry does not know", style="yellow")
    for one in result["unreadable"][:20]:
        console.print(f"  {escape(one['file'])}: {escape(one['reason'])}", style="yellow")
    counts = result["counts"]
    console.print(
        f"Read {result['files']:,} files, {result['silent']:,} without a label that tells; recorded"
        f" {result['recorded']:,} rows in {escape(result['registry'])}; {result['agreed']:,} agree with what is known,"
        f" {counts['contradictions']:,} contradict it, {counts['unplaced']:,} of no known work"
    )


def shown_facts(result: dict[str, Any]) -> None:
    """What the registry knows of one thing on one day."""
    console = _console()
    known = f", as known on {result['known']}" if result["known"] else ""
    console.print(f"[bold]{escape(result['kind'])} {escape(result['target'])}[/] on {result['at']}{known}")
    for name, wanted in _SECTIONS.items():
        rows = result[name]
        if not rows:
            continue
        columns = [key for key in wanted if any(row[key] not in ("", None, []) for row in rows)]
        table = _grid(*(column.replace("_", " ") for column in columns))
        for row in rows:
            table.add_row(*(escape(_text(row[key])) for key in columns))
        console.print(f"[bold]{_HEADS.get(name, name)}[/]")
        console.print(table)
    if result["earns_no_share"]:
        console.print(f"No author's share by the society's rule: {', '.join(map(escape, result['earns_no_share']))}")


def _text(value: Any) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def weighed(result: dict[str, Any]) -> None:
    """What speaks for, against, and is open, factor by factor, place by place."""
    console = _console()
    console.print(f"[bold]{escape(result['title'])}[/], {len(result['steps'])} steps, on {result['at']}")
    colours = {"for": "green", "against": "red", "open": "yellow"}
    for place in result["places"]:
        console.print(
            f"[bold]{place['place']}[/] {escape(place['rule']['english'])} {escape(place['rule']['chinese'])}"
        )
        table = _grid("factor", "speaks", "because")
        before = ""
        for found in place["factors"]:
            words = f"{escape(found['words']['english'])}\n{escape(found['words']['chinese'])}"
            words, before = "" if found["factor"] == before else words, found["factor"]
            why = f"{escape(found['why']['english'])}\n{escape(found['why']['chinese'])}"
            table.add_row(words, f"[{colours[found['speaks']]}]{found['speaks']}[/]", why)
        console.print(table)
    console.print(f"Facts are listed, not weighed: that is for a court. {result['advice']}", style="dim")

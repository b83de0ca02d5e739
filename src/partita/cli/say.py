"""What the verbs print for people: short, aligned, and every figure with its unit."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape as _escape
from rich.table import Table

from partita import money

WIDTH_WITHOUT_TERMINAL = 100


class _Console(Console):
    """A console that leaves a closed pipe to the caller."""

    def on_broken_pipe(self) -> None:
        """`partita ... | head -1` has read enough."""
        raise BrokenPipeError


def _console() -> Console:
    console = _Console(highlight=False, soft_wrap=False)
    return console if console.is_terminal else _Console(highlight=False, width=WIDTH_WITHOUT_TERMINAL)


def visible(text: str) -> str:
    """`text` in one line, with what would move the cursor or turn the text round shown as an escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)


def escape(text: str) -> str:
    """`text` from a file, as the console may print it."""
    return _escape(visible(text))


def _grid(*headers: str, numbers: tuple[int, ...] = ()) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for position, header in enumerate(headers):
        table.add_column(header, justify="right" if position in numbers else "left", overflow="fold")
    return table


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def settled(result: dict[str, Any]) -> None:
    """A settled run: what was matched, where the money went, where to look."""
    console = _console()
    counts = result["counts"]
    console.print(f"[bold]{escape(result['title']['en'])}[/]  run {result['run_id']}")
    _outcomes(console, counts)
    for currency, total in sorted(result["totals"].items()):
        _money(console, currency, total)
    _inputs(console, result["inputs"])
    console.print(f"Look at {escape(result['run'])}/report.html (statements in {escape(result['run'])}/statements)")


def _outcomes(console: Console, counts: dict[str, int]) -> None:
    table = _grid("lines", "", "", numbers=(1, 2))
    whole = counts["lines"] + counts["quarantined"]
    for name in ("matched", "ambiguous", "unmatched", "out_of_scope", "quarantined"):
        table.add_row(name.replace("_", " "), f"{counts[name]:,}", _percent(counts[name], whole))
    console.print(table)


def _money(console: Console, currency: str, total: dict[str, int]) -> None:
    table = _grid("money", currency, "", numbers=(1, 2))
    places = max(_places(amount) for amount in total.values())
    for name, label in (
        ("collected", "collected"),
        ("carried_in", "+ carried in"),
        ("paid", "= paid"),
        ("fees", "+ management fees"),
        ("funds", "+ funds"),
        ("suspense", "+ suspense"),
        ("carried_out", "+ carried forward"),
    ):
        part = _percent(total[name], total["collected"]) if total["collected"] > 0 else ""
        shown = money.show(total[name])
        table.add_row(label, shown + "0" * (places - _places(total[name])), part)
    console.print(table)
    console.print("The books balance.")


def _places(amount_micro: int) -> int:
    """Digits that are shown after the point."""
    return len(money.show(amount_micro).partition(".")[2])


def _inputs(console: Console, notes: list[dict[str, Any]]) -> None:
    table = _grid("file", "read as", "rows", "set aside", numbers=(2, 3))
    for note in notes:
        kind = f"{note['format']} {note['encoding'] or ''}".strip()
        table.add_row(escape(note["file"]), kind, f"{note['rows']:,}", f"{note['quarantined']:,}")
    console.print(table)


def demo(result: dict[str, Any]) -> None:
    """The demo: the settled run, and where everything lies."""
    settled({"run": result["run"], **result["settled"]})
    console = _console()
    console.print(f"Tariff dossier: {escape(result['dossier'])}/dossier.html")
    console.print(f"The case's own files: {escape(result['case'])}; change them and run")
    console.print(f"  partita settle {escape(result['case'])}/job.toml -o {escape(result['run'])}-again")


def matched(result: dict[str, Any]) -> None:
    """A matched list: counts by outcome."""
    console = _console()
    counts = result["counts"]
    _outcomes(console, counts)
    _inputs(console, result["files"])
    for problem in result["problems"][:10]:
        place = f"{problem['file']}:{problem['line']}"
        console.print(f"{escape(place)}: {escape(problem['reason'])}. {escape(problem['mend'])}", style="yellow")
    if len(result["problems"]) > 10:
        console.print(f"... and {len(result['problems']) - 10:,} more; see them all with --json")
    console.print(f"Written: {escape(result['out'])}")


def reviewed(result: dict[str, Any]) -> None:
    """A dossier: the rates by operator and society."""
    console = _console()
    table = _grid("operator", "society", "reproduction rate", "play rate", numbers=(2, 3))
    for row in result["rates"]:
        table.add_row(*(escape(str(row[key])) for key in ("operator", "society", "reproduction_rate", "play_rate")))
    console.print(table)
    console.print(f"Look at {escape(result['run'])}/dossier.html")


def queued(result: dict[str, Any]) -> None:
    """A review queue: how much waits, and what to do with the sheet."""
    console = _console()
    amount = money.show(result["amount_micro"], result["currency"]) if result["currency"] else "no money"
    console.print(f"{result['items']:,} items ({result['lines']:,} lines, {result['plays']:,} plays, {amount})")
    if result["left_out"]:
        console.print(f"{result['left_out']:,} items with less money were left out")
    if result["decided"]:
        console.print(f"{result['decided']:,} items were decided before; they stand last")
    console.print(f"Written: {escape(result['out'])}; fill in the column answer, then")
    console.print(f"  partita decide decisions.jsonl --from {escape(result['out'])} --by NAME")


def decided(result: dict[str, Any]) -> None:
    """What was recorded, and each answer that could not be taken."""
    console = _console()
    for row in result.get("refused", ()):
        console.print(f"{escape(row['place'])}: {escape(row['reason'])}. {escape(row['mend'])}", style="yellow")
    _torn(console, result)
    if "answers" in result:
        console.print(
            f"{result['answers']:,} answers: {result['taken']:,} taken, {result['known']:,} known before,"
            f" {len(result['refused']):,} refused"
        )
    count = len(result["recorded"])
    console.print(f"{count:,} row{'' if count == 1 else 's'} added to {escape(result['decisions'])}")


def _torn(console: Console, result: dict[str, Any]) -> None:
    for row in result.get("problems", ()):
        console.print(f"{escape(row['file'])}:{row['line']}: {row['reason']}. {row['mend']}", style="yellow")


def decisions(result: dict[str, Any]) -> None:
    """All decisions of a file, and which of them stand."""
    console = _console()
    _torn(console, result)
    table = _grid("decision", "recorded", "by", "kind", "title", "performers", "work", "for", "state")
    for row in result["rows"]:
        whom = " ".join(filter(None, (row["list"], row["sender_number"])))
        work = row["work_id"] or row["undoes"]
        cells = (row["decision_id"], row["recorded_at"][:16].replace("T", " "), row["recorded_by"], row["kind"],
                 row["title"][:40], " / ".join(row["performers"])[:40], work, whom, row["state"])  # fmt: skip
        table.add_row(*map(escape, cells))
    console.print(table)


def explained(result: dict[str, Any]) -> None:
    """One line: evidence, decision, money."""
    console = _console()
    if "set_aside" in result:
        _set_aside(console, result)
        return
    line, match = result["line"], result["match"]
    place = f"{line['plays']:,} plays, {line['file']} line {line['line']}"
    console.print(f"[bold]{escape(line['line_id'])}[/]  {escape(line['title'])}  ({escape(place)})")
    for field in ("performers", "writers", "language", "isrc", "iswc", "used_at"):
        if line.get(field):
            text = " / ".join(line[field]) if isinstance(line[field], list) else str(line[field])
            console.print(f"  {field}: {escape(text)}")
    work = f" to {escape(match['work_id'])}" if match["work_id"] else ""
    console.print(
        f"[bold]{match['outcome']}[/]{work} by {escape(match['rule'])}, probability {match['probability']:.4f}"
    )
    _candidates(console, result)
    _where(console, result)
    if result["note"]:
        console.print(escape(result["note"]), style="yellow")


def _set_aside(console: Console, result: dict[str, Any]) -> None:
    for row in result["set_aside"]:
        place, value = f"{row['file']}:{row['line']}", f" ({row['column']}: {row['value']})" if row["column"] else ""
        console.print(
            f"[bold]{escape(place)}[/] was set aside: {escape(row['reason'] + value)}. {escape(row['mend'])}."
        )
    _held(console, result)


def _candidates(console: Console, result: dict[str, Any]) -> None:
    if not result["candidates"]:
        console.print("No work comes near.")
        return
    table = _grid("candidate", "title", "performers", "writers", "probability", numbers=(4,))
    for row in result["candidates"]:
        performers, writers = " / ".join(row["performers"]), " / ".join(row["writers"])
        probability = f"{row['probability']:.4f}"
        table.add_row(escape(row["work_id"]), escape(row["title"]), escape(performers), escape(writers), probability)
    console.print(table)
    evidence = result["evidence"]
    console.print(f"Why: {escape(evidence['reason'])}.")
    if evidence["runner_up"]:
        console.print(f"Runner-up: {escape(evidence['runner_up'])}.")


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

"""What the verbs print for people: short, aligned, and every figure with its unit."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from partita import money
from partita.cli.terminal import console as _console
from partita.cli.terminal import escape
from partita.cli.terminal import grid as _grid


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def settled(result: dict[str, Any]) -> None:
    """A settled run: what was matched, where the money went, where to look."""
    console = _console()
    counts = result["counts"]
    console.print(f"[bold]{escape(result['title']['en'])}[/]  run {result['run_id']}")
    (_models if "models" in counts else _outcomes)(console, counts)
    for currency, total in sorted(result["totals"].items()):
        _money(console, currency, total)
    _inputs(console, result["inputs"])
    console.print(f"Look at {escape(result['run'])}/report.html (statements in {escape(result['run'])}/statements)")
    if result.get("kind") == "training":
        _papers(console, escape(result["run"]), counts)


def _outcomes(console: Console, counts: dict[str, int]) -> None:
    table = _grid("lines", "", "", numbers=(1, 2))
    whole = counts["lines"] + counts["quarantined"]
    for name in ("matched", "ambiguous", "unmatched", "out_of_scope", "quarantined"):
        table.add_row(name.replace("_", " "), f"{counts[name]:,}", _percent(counts[name], whole))
    console.print(table)


def _models(console: Console, counts: dict[str, Any]) -> None:
    """What each model took, whose it was, and whether it might be."""
    rows = ("items", "matched", "ambiguous", "unmatched", "allowed", "refused", "unknown", "licensed")
    table = _grid("items", *map(escape, counts["models"]), numbers=tuple(range(1, len(counts["models"]) + 1)))
    for name in rows:
        table.add_row("taken" if name == "items" else name, *(f"{one[name]:,}" for one in counts["models"].values()))
    console.print(table)
    if counts["quarantined"]:
        console.print(f"Set aside, for they cannot be read: {_many(counts['quarantined'], 'row')} (problems.parquet)")


def _papers(console: Console, run: str, counts: dict[str, Any]) -> None:
    """What a training run leaves for licensees and rightsholders."""
    console.print(f"  {_many(counts['invoices'], 'invoice')} in {run}/invoices ({_many(counts['charges'], 'charge')})")
    console.print(f"  lists for {_many(counts['rightsholders'], 'rightsholder')} in {run}/rightsholders/index.html")
    console.print(
        f"  {_many(counts['unlicensed'], 'use')} that no licence covers, with evidence, in {run}/unlicensed.csv"
    )


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


def demo_training(result: dict[str, Any]) -> None:
    """The training demo: the settled run, and where everything lies."""
    settled({"run": result["run"], **result["settled"]})
    console = _console()
    case, run = escape(result["case"]), escape(result["run"])
    console.print(f"The case's own files: {case}; change them and run")
    console.print(f"  partita settle {case}/job.toml -o {run}-again", soft_wrap=True)


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


def doubled(result: dict[str, Any]) -> None:
    """Works that are probably one: how many, by which rule, and the surest."""
    console = _console()
    counts = result["counts"]
    console.print(f"{counts['duplicates']:,} pairs of {counts['works']:,} works are probably one work;", end=" ")
    console.print(f"{counts['between_societies']:,} of them between societies")
    table = _grid("probability", "work", "title", "other work", "title", "rule", numbers=(0,))
    for row in result["surest"]:
        texts = (row["work_id"], row["title"], row["other_work_id"], row["other_title"], row["rule"])
        table.add_row(f"{row['probability']:.3f}", *(escape(text) for text in texts))
    console.print(table)
    _inputs(console, result["files"])
    console.print(f"Written: {escape(result['out'])}. Nothing was merged.")


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
    size = f"{_many(result['lines'], 'line')}, {_many(result['plays'], 'play')}, {amount}"
    console.print(f"{_many(result['items'], 'item')} ({size})")
    if result["left_out"]:
        console.print(f"Left out: {_many(result['left_out'], 'item')} with less money")
    if result["decided"]:
        console.print(f"Decided before, and last in the sheet: {_many(result['decided'], 'item')}")
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
            f"{_many(result['answers'], 'answer')}: {result['taken']:,} taken, {result['known']:,} known before,"
            f" {len(result['refused']):,} refused"
        )
    console.print(f"{_many(len(result['recorded']), 'row')} added to {escape(result['decisions'])}")


def _many(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def _torn(console: Console, result: dict[str, Any]) -> None:
    for row in result.get("problems", ()):
        console.print(f"{escape(row['file'])}:{row['line']}: {row['reason']}. {row['mend']}", style="yellow")


def decisions(result: dict[str, Any]) -> None:
    """All decisions of a file, and which of them stand."""
    console = _console()
    _torn(console, result)
    table = _grid("no.", "recorded", "by", "kind", "title", "work", "only for", "state")
    for row in result["rows"]:
        number = row["decision_id"].partition("-")[0]
        work = row["work_id"] or row["undoes"].partition("-")[0]
        whom = " ".join(filter(None, (row["list"], row["sender_number"])))
        cells = (number, row["recorded_at"][:10], row["recorded_by"], row["kind"], row["title"][:40], work, whom)
        table.add_row(*map(escape, (*cells, row["state"])))
    console.print(table)

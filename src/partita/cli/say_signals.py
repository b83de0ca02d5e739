"""What `partita publish` and `partita observe` print: carrier by carrier, what was said, lost, read or unreadable."""

from __future__ import annotations

from typing import Any

from partita.cli.terminal import console as _console
from partita.cli.terminal import escape
from partita.cli.terminal import grid as _grid

_MARK = {"exact": "[green]=[/]", "broader": "[yellow]>[/]", "narrower": "[yellow]<[/]", "lost": "[red]-[/]"}
_STANCE = {"reserve": "red", "permit": "green", "unknown": "magenta"}
_ROWS_MOST = 40


def published(result: dict[str, Any]) -> None:
    """A row a carrier, a column a statement; then the statements themselves, and what is left to do."""
    console = _console()
    effects: dict[tuple[str, str], dict[int, str]] = {}
    for row in result["effects"]:
        effects.setdefault((row["carrier"], row["where"]), {})[row["statement"]] = row["effect"]
    shown = range(1, min(len(result["statements"]), 12) + 1)
    table = _grid("carrier", "file", *map(str, shown))
    for (carrier, where), fates in effects.items():
        table.add_row(carrier, escape(where), *(_MARK.get(fates.get(number, ""), "") for number in shown))
    console.print(table)
    for number, one in enumerate(result["statements"][: len(shown)], 1):
        limits = [
            f"{key} {one[key]}" for key in ("system", "territory", "from", "to") if one[key] not in (None, "*", "world")
        ]
        limits += [f"for {', '.join(one['targets'][:3])}"] if one["targets"] else []
        console.print(
            f"  {number}  {one['stance']} {one['purpose']}{' (' + escape('; '.join(limits)) + ')' if limits else ''}"
        )
    console.print("= exact, > more is reserved, < a part is said, - nothing is said; why: setup/report.md")
    for english, _ in result["notes"]:
        console.print(f"  {escape(english)}", style="dim")
    console.print(f"Wrote {len(result['files']):,} files into {escape(result['site'])}")


def observed(result: dict[str, Any]) -> None:
    """What was read where, by carrier; what could not be read; what the registry was told."""
    console = _console()
    table = _grid("carrier", "says", "of", "for", numbers=())
    rows = result["signals"]
    for row in rows[:_ROWS_MOST]:
        system = f" by {row['system']}" if row["system"] != "*" else ""
        stance = f"[{_STANCE[row['stance']]}]{row['stance']}[/] {row['purpose']}{escape(system)}"
        table.add_row(row["carrier"], stance, escape(row["target"]), escape(row["note"]))
    if rows:
        console.print(table)
    if len(rows) > _ROWS_MOST:
        console.print(f"  and {len(rows) - _ROWS_MOST:,} more")
    for source in result["sources"]:
        if source["status"] != "read":
            style = "yellow" if source["status"] != "absent" else "dim"
            why = f": {source['note']}" if source["note"] else ""
            console.print(f"  {source['status']}  {escape(source['source'])}{escape(why)}", style=style)
    for clash in result["contradictions"]:
        no, yes = (", ".join(clash[stance]) for stance in ("reserve", "permit"))
        told = f"contradiction on {clash['purpose']}: {no} reserves, {yes} permits; the reservation counts"
        console.print(f"  {escape(told)}", style="yellow")
    if not result["compared_whole"]:
        console.print("  so much is said that contradictions were looked for in a part of it", style="yellow")
    if kept := result["recorded"]:
        console.print(
            f"Registry: {kept['started']:,} statements began, {kept['ended']:,} ended, {kept['kept']:,} hold on"
        )
        for reason in kept["left_out"][:10]:
            console.print(f"  not recorded: {escape(reason)}", style="yellow")
    console.print(f"{result['rows']:,} observations in {escape(result['out'])}")

"""The verb of disclosure: what a model was trained on, for the public and for each rightsholder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from partita.cli.options import FILE, as_json, output, tell
from partita.cli.progress import shown
from partita.cli.rights import day
from partita.cli.terminal import console, escape, grid

GAPS_MOST = 12


@click.command(short_help="Training-content summary, an annex per rightsholder, the spread.")
@click.argument("job", type=FILE)
@output()
@click.option("--previous", multiple=True, type=FILE, help="An earlier summary.json of a model. May be repeated.")
@click.option("--as-of", help="The day of the summary, as 2026-11-22. Today where not given.")
@click.option("--model", default="", help="Only this model of the job, as PROVIDER/NAME.")
@as_json
def disclose(job: Path, out: Path, *, previous: tuple[Path, ...], as_of: str | None, model: str, json_: bool) -> None:
    """Write what the models of JOB, a training job, were trained on, in the form that the law asks for.

    For each model: the public summary of the European Commission's template (HTML, Markdown, JSON), an annex for each
    rightsholder with its own works alone, and the spread by language, territory, period and society. What neither the
    manifests nor the disclosure file say is listed as missing, and the exit code is 1 (docs/disclose.md).

    \b
    Examples:
      partita disclose examples/disclosure/job.toml -o out/disclosure
      partita disclose job.toml -o out/next --previous summary-of-last-time.json
    """
    from partita.jobs import disclose as disclosing  # noqa: PLC0415

    wanted = disclosing.Wanted(day(as_of, "--as-of"), previous, model)
    with shown() as progress:
        result = disclosing.disclose(job, out, wanted, progress)
    tell(result, said, json_)
    if any(one["missing"] for one in result["models"]):
        click.get_current_context().exit(1)


def said(result: dict[str, Any]) -> None:
    """What was written for each model, and what is still missing."""
    out = console()
    for one in result["models"]:
        out.print(f"[bold]{escape(one['name'])}[/]  {escape(one['model'])}, version {one['version']}")
        late = f", {one['late_days']:,} days late" if one["late_days"] else ""
        out.print(f"Last update {one['last_update']}{late}; next update due by {one['due_by']}")
        _annexes(out, one["annexes"])
        for gap in one["missing"][:GAPS_MOST]:
            count = f" (items: {gap['items']:,})" if gap["items"] else ""
            out.print(f"{escape(gap['said'])}{count}", style="yellow")
        if len(one["missing"]) > GAPS_MOST:
            out.print(f"... and {len(one['missing']) - GAPS_MOST:,} more open points; see them all in the summary")
        out.print(f"Look at {escape(result['disclosure'])}/{escape(one['folder'])}/public/summary.html")


def _annexes(out: Any, annexes: list[dict[str, Any]]) -> None:
    table = grid("annex", "works", "items", numbers=(1, 2))
    for one in annexes[:GAPS_MOST]:
        table.add_row(escape(f"{one['kind']} {one['id']}"), f"{one['works']:,}", f"{one['items']:,}")
    if annexes:
        out.print(table)
    if len(annexes) > GAPS_MOST:
        out.print(f"... and {len(annexes) - GAPS_MOST:,} more annexes")

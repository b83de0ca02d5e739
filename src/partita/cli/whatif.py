"""The verb of what-if: a settlement recomputed with a further share of generated works."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from partita import money
from partita.cli.options import FILE, as_json, output, tell
from partita.cli.progress import shown
from partita.cli.terminal import console, escape, grid


@click.command(short_help="A settlement recomputed with a share of generated works.")
@click.argument("job", type=FILE)
@output()
@click.option("--share", "shares", multiple=True, help="Further share, as 24% or 1/4. May be repeated. [5 10 24 27 %]")
@click.option(
    "--generated",
    type=click.Choice(["paid", "unpaid", "both"]),
    default="both",
    show_default=True,
    help="Whether generated works are paid like any others, or neither paid nor charged for.",
)
@as_json
def whatif(job: Path, out: Path, *, shares: tuple[str, ...], generated: str, json_: bool) -> None:
    """Recompute the settlement JOB with a further share of generated works, per member and per repertoire.

    JOB is a settlement's job file. Usage is matched once; then, for each share, charges, allocations, fees, minimum
    payouts and what is carried are computed again. OUT gets whatif.html with charts and all assumptions, members.csv,
    repertoires.csv, whatif.json and the tables. It is arithmetic under assumptions, no forecast (docs/whatif.md).

    \b
    Examples:
      partita whatif out/demo-case/job.toml -o out/whatif
      partita whatif job.toml -o out/whatif --share 15% --generated unpaid
    """
    from partita.jobs import whatif as asking  # noqa: PLC0415 - `--help` stays quick

    kinds = asking.KINDS if generated == "both" else tuple(kind for kind in asking.KINDS if kind == generated)
    asked = asking.Asked(tuple(_share(text) for text in shares) or asking.SHARES, kinds)
    with shown() as progress:
        result = asking.whatif(job, out, asked, progress)
    tell({"whatif": str(out), **result}, said, json_)


def _share(text: str) -> Fraction:
    try:
        return money.exact(text)
    except ValueError as error:
        raise click.UsageError(f"--share: {error}") from None


def said(result: dict[str, Any]) -> None:
    """The scenarios beside the settlement as it is, and where the page lies."""
    out, currency = console(), result["currency"]
    out.print(f"[bold]{escape(result['title']['en'])}[/]  settlement {result['run_id']}, amounts in {currency}")
    table = grid(
        "scenario", "collected", "people's works", "at risk", "", "paid now", "fall below", numbers=(1, 2, 3, 4, 5, 6)
    )
    base = result["scenarios"][0]["totals"].get(currency)
    for one in result["scenarios"]:
        total = one["totals"].get(currency)
        if not total or not base:
            continue
        lost, whole = -total["people_change_micro"], base["people_micro"]
        percent = f"{100 * lost / whole:.1f} %" if whole and lost else ""
        below = f"{total['payees_below']:,}"
        first = one["kind"] == "base"
        table.add_row(
            "as it is" if first else one["scenario"], _whole(total["collected_micro"]), _whole(total["people_micro"]),
            "" if first else _whole(lost), percent, _whole(total["paid_micro"]), "" if first else below,
        )  # fmt: skip
    out.print(table)
    out.print("Every scenario's books balance. This is arithmetic under stated assumptions, no forecast.")
    out.print(f"Look at {escape(result['whatif'])}/whatif.html")


def _whole(amount_micro: int) -> str:
    return f"{(amount_micro + money.MICRO // 2) // money.MICRO:,}"

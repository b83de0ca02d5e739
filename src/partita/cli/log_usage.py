"""The verbs of usage logs: `play` commits to plays while they are made, `close` closes days, `audit` checks a list."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any

import click

from partita.cli import say_log
from partita.cli.log_options import answered, at_option, faults, keys_option, out_option, trusted, when
from partita.cli.options import FILE, as_json, tell
from partita.cli.progress import shown
from partita.cli.rights import day as day_of
from partita.errors import InputError

ASIDE_SHOWN = 20
"""Rows set aside that are named one by one."""


@click.command(short_help="Commit to plays while they are made; each gets a signed receipt.")
@click.argument("days", type=FILE)
@click.option("--key", type=FILE, required=True, help="The private key that signs receipts.")
@click.option("--log", "origin", default="", help="The origin of the log that days are closed into; the key's name.")
@click.option("--venue", default="", help="Where it was played; with --file, of every row.")
@click.option("--song", help="What was played. Becomes `title` in the record.")
@click.option("--room", help="In which room.")
@click.option("--at", help="When, in local time, as 2019-01-05T21:03:00. Now where not given. Its date is the day.")
@click.option("--field", "fields", multiple=True, help="What else is known, as line_id=B0000001. May be repeated.")
@click.option(
    "--file", "listed", type=FILE, help="Many plays: a row each, of CSV, JSON lines or Parquet; - is standard input."
)
@click.option("--venue-column", default="", help="The column of --file that names the venue.")
@click.option("--day-column", default="", help="The column of --file with the date; the one that is known as such.")
@out_option
@as_json
def play(days: Path, key: Path, origin: str, *, json_: bool, **given: Any) -> None:
    """Commit to a play, or to those of a file, in the open days of the folder DAYS, and hand out receipts.

    The record goes to the disk first. Its receipt holds the record, its salt, and the signed slip: venue, day, running
    number, and the root over all that was played until then, so that no play before it can be changed either. DAYS is
    private; the room's guest, an inspector or the society's machine may keep receipts. Rows of a file that are no
    plays, or have no date, are set aside and named; then the exit code is 1. With --file -, JSON lines are taken from
    standard input, and each play's receipt is in the file of -o before the next line is read.

    \b
    Examples:
      partita log play plays --key out/log.key --venue B1 --song 望春風 --room 7 -o receipt.json
      partita log play plays --key out/log.key --file plays.csv --venue-column branch -o receipts.jsonl
    """
    from partita.jobs import log_plays as job  # noqa: PLC0415 - `--help` stays quick

    listed = given.pop("listed")
    if bool(listed) == bool(given["song"]):
        raise click.UsageError("one of --song and --file is needed")
    alone = [name for name in ("room", "at", "fields") if given[name]]
    if listed and alone:
        raise click.UsageError(f"--{alone[0].rstrip('s')} is for one play, with --song")
    if not listed and (given["venue_column"] or given["day_column"]):
        raise click.UsageError("--venue-column and --day-column go with --file")
    if bool(given["venue"]) == bool(given["venue_column"]):
        raise click.UsageError("one of --venue and --venue-column is needed")
    aside: list[InputError] = []
    streamed = False
    with shown() as progress:
        if listed:
            where = job.Columns(given["venue"], given["venue_column"], given["day_column"])
            streamed = str(listed) == job.STREAM
            source = sys.stdin.buffer
            plays = job.of_stream(source, where, aside) if streamed else job.of_file(listed, where, aside)
        else:
            said = dict(pair.partition("=")[::2] for pair in given["fields"])
            now = dt.datetime.now().replace(microsecond=0)  # noqa: DTZ005 - local time, as usage lists have it
            plays = job.one(given["venue"], given["song"], given["room"], given["at"] or now.isoformat(), said)
        result = job.play(days, key, origin, plays, given["out"], progress, **({"at_once": 1} if streamed else {}))
    result |= {"set_aside": [str(each) for each in aside[:ASIDE_SHOWN]], "set_aside_rows": len(aside)}
    tell(result, say_log.played, json_)
    click.get_current_context().exit(1 if aside else 0)


@click.command(short_help="Close open days into the log: one entry a day, count and root.")
@click.argument("days", type=FILE)
@click.argument("folder", type=FILE, metavar="LOG")
@click.option("--venue", default="", help="Only this venue.")
@click.option("--day", "only", default="", help="Only this day, as 2019-01-05.")
@at_option
@as_json
def close(days: Path, folder: Path, venue: str, only: str, at: str | None, json_: bool) -> None:
    """Close the open days of the folder DAYS into LOG, and publish how many plays they hold and their commitments.

    Songs, rooms and times stay hidden. A closed day takes no further play, and is never closed twice. Sign the log
    afterwards.

    \b
    Example:
      partita log close plays out/log --venue B1 --day 2019-01-05
    """
    from partita.jobs import log as log_job  # noqa: PLC0415
    from partita.jobs import log_days as job  # noqa: PLC0415
    from partita.prove import open_log  # noqa: PLC0415

    day = str(day_of(only, "--day")) if only else ""
    with faults(json_):
        result = job.close(open_log(folder), days, log_job.second(when(at)), venue, day)
    tell(result, say_log.closed, json_)


@click.command(short_help="Hold a usage list against the closed days: proven, altered, missing, extra.")
@click.argument("usage", type=FILE, metavar="LIST")
@click.option("--log", "folder", type=FILE, required=True, help="The log's folder, or a copy.")
@click.option("--days", type=FILE, multiple=True, required=True, help="The days' openings: folder or file. Repeatable.")
@keys_option
@click.option("--from", "first", help="Leave out days before this one.")
@click.option("--to", "last", help="Leave out days after this one.")
@click.option("--shared", is_flag=True, help="The log holds other licensees' days, too.")
@out_option
@as_json
def audit(usage: Path, folder: Path, keys: tuple[str, ...], *, json_: bool, **given: Any) -> None:
    """Hold LIST, a usage list as it is settled, against the days that its licensee closed into the log.

    Each line is proven (as committed to), altered (the columns are named), extra (never committed to); each play that
    no line shows is missing. The licensee hands in its openings with the list. Exit 0 only where every line is proven
    and no play is missing; -o gets every other line as CSV.

    \b
    Example:
      partita log audit usage.csv --log out/log --days plays --key operator.vkey -o wrong.csv
    """
    from partita.jobs import log_audit as job  # noqa: PLC0415

    first, last = (day_of(given[name], f"--{word}") if given[name] else None
                   for name, word in (("first", "from"), ("last", "to")))  # fmt: skip
    policy = trusted(keys, log=folder)
    asked = job.Asked(folder, given["days"], policy, first, last, given["shared"])
    with faults(json_), shown() as progress:
        result = job.audit(usage, asked, given["out"], progress)
    answered(result, say_log.audited, json_)

"""`partita`: one command, a verb for each job. Says what was done; with `--json`, one JSON object and nothing else.

Exit 0: done, or the answer is yes. Exit 1: done, and the answer is no. Exit 2: bad usage or bad input, in one line.
Exit 130: interrupted (Ctrl-C); no file is left half written.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.exceptions import NoArgsIsHelpError

from partita import __version__
from partita.cli import (
    disclose,
    labels,
    log,
    prove,
    proven,
    rights,
    say,
    say_law,
    say_line,
    terminal,
    web_signals,
    whatif,
)
from partita.cli.options import FILE, as_json, output, tell
from partita.cli.progress import shown
from partita.errors import InputError, Unbalanced

if TYPE_CHECKING:
    from partita.formats.queue_sheet import Filled

INTERRUPTED = 130
"""What shells report for a program that Ctrl-C ended."""


class Verbs(click.Group):
    """Turns bad usage and bad input into one line on standard error and exit 2, and an interruption into exit 130."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Runs the command line; what goes wrong with it is one line."""
        for stream in (sys.stdout, sys.stderr):
            # A terminal or a pipe without Chinese shows `\u6b4c`; it does not stop the work.
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        try:
            code = super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        except NoArgsIsHelpError as error:
            error.show()
            code = error.exit_code
        except click.ClickException as error:
            code = _fail(_said(error), error.exit_code)
        if not standalone_mode:
            return code
        sys.exit(code if isinstance(code, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the verb."""
        try:
            result = super().invoke(ctx)
            if sys.stdout:
                sys.stdout.flush()
        except InputError as error:
            ctx.exit(_fail(str(error), 2))
        except Unbalanced as error:
            ctx.exit(_fail(f"{error}. Nothing was written", 1))
        except KeyboardInterrupt:
            ctx.exit(_fail("interrupted. No file was left half written", INTERRUPTED))
        except BrokenPipeError:
            _close_output()
            ctx.exit(0)
        except OSError as error:
            if not error.filename:
                _close_output()
            place = str(error.filename) if error.filename else "the output cannot be written"
            ctx.exit(_fail(f"{place}: {error.strerror or error}", 2))
        return result

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The verbs in the order in which a user meets them."""
        return list(self.commands)


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", message="partita %(version)s")
def main() -> None:
    """Partita answers, for any use of a work: what was used, may it be used, what is owed, and to whom.

    \b
    Start here:
      partita demo                         the shipped karaoke case, into out/demo
      partita demo training                a model's training run, from manifest to money
      partita settle JOB.toml -o RUN       your own case
      partita explain RUN LINE_ID          why a line matched, and where its money went
      partita check ISWC --use train       may it be used? since when, on what terms, who is paid
    """


@main.command(short_help="A shipped case, start to end: karaoke (KTV), or a training run.")
@click.argument("case", type=click.Choice(["ktv", "training"]), default="ktv")
@click.option("-o", "--out", type=FILE, help="Where to write: out/demo, or out/training where not given.")
@click.option(
    "--lines",
    type=click.IntRange(1_000, 5_000_000),
    help="Lines of play log to simulate (200,000), or items of the manifests (50,000).",
)
@click.option("--seed", default=7, show_default=True, help="Seed of the simulator: the same seed, the same bytes.")
@as_json
def demo(case: str, out: Path | None, lines: int | None, seed: int, json_: bool) -> None:
    """Run a shipped case, start to end.

    ktv: the play logs of three fictional karaoke chains are simulated and settled with four fictional societies; a
    tariff dossier is written beside the run. training: three fictional models were trained on 50,000 items; whose they
    were, whether they were reserved that day, what is owed, and to whom. The case's own files (job, repertoires,
    manifests) are put beside the run.

    \b
    Examples:
      partita demo
      partita demo training
    """
    from partita.jobs import demo as job  # noqa: PLC0415 - `--help` stays quick

    with shown() as progress:
        if case == "training":
            result = job.training(out or Path("out/training"), items=lines or 50_000, seed=seed, progress=progress)
        else:
            result = job.demo(out or Path("out/demo"), lines=lines or 200_000, seed=seed, progress=progress)
    tell(result, say.demo_training if case == "training" else say.demo, json_)


@main.command(short_help="A whole run: match, price, distribute, statements.")
@click.argument("job", type=FILE)
@output()
@as_json
def settle(job: Path, out: Path, json_: bool) -> None:
    """Settle JOB: match its usage, price it, distribute the money, write statements.

    JOB is a TOML file that names repertoires, usage lists, licences and tariffs (docs/job-file.md). The run folder
    holds run.json, report.html, statements/ and one Parquet file a table. It is written whole or not at all.

    \b
    Example:
      partita settle examples/ktv/job.toml -o out/ktv
    """
    from partita.jobs.settle import settle as run  # noqa: PLC0415

    with shown() as progress:
        result = run(job, out, progress)
    tell({"run": str(out), **result}, say.settled, json_)


@main.command(short_help="Match a usage list to repertoires, into Parquet.")
@click.option(
    "--repertoire",
    "repertoires",
    type=FILE,
    multiple=True,
    required=True,
    help="Works: CSV, TSV, XLSX or Parquet. May be repeated.",
)
@click.option("--usage", "usage_", type=FILE, required=True, help="Usage list: CSV, TSV, XLSX or Parquet.")
@output()
@click.option(
    "--engine",
    type=click.Choice(["memory", "duckdb", "spark"]),
    default="memory",
    show_default=True,
    help="Where it runs. The matches are the same.",
)
@click.option("--spark", envvar="SPARK_REMOTE", default="", help="Spark Connect server, sc://HOST:PORT [SPARK_REMOTE].")
@click.option("--workspace", type=FILE, help="Folder that Spark's workers see too; the result's own where not given.")
@as_json
def identify(
    repertoires: tuple[Path, ...],
    usage_: Path,
    out: Path,
    engine: str,
    spark: str,
    workspace: Path | None,
    json_: bool,
) -> None:
    """Match a usage list to repertoires and write matches as Parquet.

    Columns are found by their headers, in English or Chinese. Rows that cannot be read are counted, and listed with
    --json. Each line is matched, ambiguous (with its candidates), unmatched or out of scope. Lists larger than memory
    run with --engine duckdb on this machine, or with --engine spark on many (docs/scaling.md).

    \b
    Example:
      partita identify --repertoire works.csv --usage log.xlsx -o matches.parquet
    """
    from partita.jobs.match import match  # noqa: PLC0415
    from partita.jobs.place import Place  # noqa: PLC0415

    if engine == "spark" and not spark:
        raise click.UsageError("--engine spark needs --spark sc://HOST:PORT, or SPARK_REMOTE")
    with shown() as progress:
        result = match(repertoires, usage_, out, progress, Place(engine, spark, workspace))
    tell(result, say.matched, json_)


@main.command(short_help="Works that are registered twice, within and between repertoires.")
@click.argument("repertoires", type=FILE, nargs=-1, required=True, metavar="REPERTOIRE...")
@output()
@as_json
def duplicates(repertoires: tuple[Path, ...], out: Path, json_: bool) -> None:
    """List works of the REPERTOIREs that are probably one and the same, surest first.

    OUT ends in .xlsx, .csv or .parquet. A title alone makes no pair: writers, performers or identifiers must agree too.
    Nothing is merged; a pair is for people to decide (docs/duplicates.md).

    \b
    Example:
      partita duplicates works-a.csv works-b.xlsx -o duplicates.xlsx
    """
    from partita.jobs.duplicates import duplicates as job  # noqa: PLC0415

    with shown() as progress:
        result = job(repertoires, out, progress)
    tell(result, say.doubled, json_)


@main.command(short_help="Why a line matched or not, and where its money went.")
@click.argument("run", type=FILE)
@click.argument("line_id")
@as_json
def explain(run: Path, line_id: str, json_: bool) -> None:
    """Show why line LINE_ID of RUN matched or did not, and where its money went.

    \b
    Example:
      partita explain out/demo chain-a:A0000004
    """
    from partita.jobs.explain import explain as job  # noqa: PLC0415

    tell(job(run, line_id), say_line.explained, json_)


@main.command(short_help="What waits for a person, as a sheet to fill in.")
@click.argument("run", type=FILE)
@output()
@click.option("--decisions", type=FILE, help="Decisions made since the run: what they settle comes last and says so.")
@click.option("--top", type=click.IntRange(1), help="Only so many items, those with the most money.")
@as_json
def queue(run: Path, out: Path, decisions: Path | None, top: int | None, json_: bool) -> None:
    """Write the review queue of RUN as a sheet to fill in: .xlsx, .csv or .json.

    Holds every ambiguous and unmatched line, equal lines as one item, most money first, each with its candidates and
    why none was accepted. Fill in the column `answer` and hand the sheet to `partita decide` (docs/review-queue.md).

    \b
    Example:
      partita queue out/demo -o out/queue.xlsx
    """
    from partita.jobs.queue import queue as job  # noqa: PLC0415

    tell(job(run, out, decisions=decisions, most=top), say.queued, json_)


@main.command(short_help="Take answers back, list decisions, or undo one.")
@click.argument("decisions", type=FILE)
@click.option("--from", "sheet", type=FILE, help="A review queue that was filled in.")
@click.option("--by", help="Who decides; stands in the file beside each decision.")
@click.option("--run", type=FILE, help="The run that asked, if it does not lie where the queue says.")
@click.option("--line", help="Answer for this one line of --run, matched or not, instead of a sheet.")
@click.option("--answer", help="The answer for --line, e.g. `same W1`, `not this`, `none`, `new title W1`.")
@click.option("--note", default="", help="Why, for --line or --undo.")
@click.option("--only", default="", help="The list or licensee that the answers speak of; without it, any.")
@click.option("--list", "list_", is_flag=True, help="Show all decisions, and which of them stand.")
@click.option("--undo", "undo_", multiple=True, help="Take back the decision of this number or id. May be repeated.")
@as_json
def decide(decisions: Path, *, list_: bool, undo_: tuple[str, ...], json_: bool, **given: Any) -> None:
    """Append people's answers to DECISIONS, a file that jobs name with `decisions = "..."`.

    Every answer is checked; those that cannot be taken are named with their row and the mend, and the exit code is 1.
    The same sheet taken twice adds nothing. Nothing in the file is ever changed: undoing adds a row.

    \b
    Examples:
      partita decide decisions.jsonl --from out/queue.xlsx --by "A. Clerk"
      partita decide decisions.jsonl --list
      partita decide decisions.jsonl --undo 000001 --by "A. Clerk"
    """
    from partita.jobs import answers  # noqa: PLC0415

    asked = [name for name, there in (("--from", given["sheet"]), ("--line", given["line"]), ("--list", list_),
                                      ("--undo", undo_)) if there]  # fmt: skip
    if len(asked) != 1:
        raise click.UsageError(f"one of --from, --line, --list and --undo is needed, not {len(asked)}")
    if list_:
        tell(answers.listed(decisions), say.decisions, json_)
        return
    if not given["by"]:
        raise click.UsageError(f"{asked[0]} needs --by, the name of who decides")
    now = dt.datetime.now(dt.UTC)
    if undo_:
        result = answers.undo(decisions, undo_, by=given["by"], at=now, note=given["note"])
    else:
        filled, folder = _filled(**given)
        result = answers.decide(decisions, filled, by=given["by"], at=now, folder=folder, only=given["only"])
    tell(result, say.decided, json_)
    if result.get("refused"):
        click.get_current_context().exit(1)


def _filled(
    sheet: Path | None, run: Path | None, line: str | None, answer: str | None, note: str, **_: Any
) -> tuple[list[Filled], Path]:
    """The answers of a sheet or for a line, and the run that asked or the folder that the sheet lies in."""
    from partita.formats import queue_sheet  # noqa: PLC0415
    from partita.jobs import answers  # noqa: PLC0415

    if sheet:
        return queue_sheet.read(sheet), run or sheet.parent
    if not run or not line or not answer:
        raise click.UsageError("--line needs --run and --answer")
    return [answers.of_line(run, line, answer, note)], run


@main.command(short_help="Tariff dossier: reproduction and play rates.")
@click.argument("job", type=FILE)
@output()
@as_json
def review(job: Path, out: Path, json_: bool) -> None:
    """Write the tariff dossier: reproduction rate, play rate, comparables.

    JOB names each operator's catalogue and play log, the repertoires, and the tariffs to compare (docs/review.md). The
    same files give every party the same figures.

    \b
    Example:
      partita review examples/ktv/review.toml -o out/dossier
    """
    from partita.jobs.review import review as run  # noqa: PLC0415

    with shown() as progress:
        result = run(job, out, progress)
    tell(result.as_dict(), say.reviewed, json_)


@main.command(short_help="What the law says of machines and likenesses, by place and day.")
@click.argument("question", required=False)
@click.option("--place", help="EU, or a country's two letters. Without it, every place of the table.")
@click.option("--at", help="The day asked about, as 2026-11-22. Today where not given.")
@click.option("--known", help="Only what had been looked up by this day.")
@click.option("--pages", type=FILE, help="Write the whole table as web pages into this folder instead.")
@as_json
def law(question: str | None, pages: Path | None, *, json_: bool, **given: str | None) -> None:
    """Say what the law of a place says on QUESTION on a day, with sources; without QUESTION, list the questions.

    Each answer has a status (settled, contested, pending, no rule) and a grade of evidence (primary, secondary,
    unverified). Exit 1 where the table holds nothing for that day: unknown is never a yes. It is not legal advice.

    \b
    Examples:
      partita law training.lawful --place DE --at 2026-11-22
      partita law likeness.term
      partita law --pages out/law
    """
    from partita.jobs import law as job  # noqa: PLC0415

    at = job.day(given["at"]) if given["at"] else dt.datetime.now(tz=dt.UTC).date()
    known = job.day(given["known"]) if given["known"] else None
    if pages:
        if question or given["place"] or known:
            raise click.UsageError("--pages shows every question and place; give --at at most")
        result = job.write_pages(pages, at)
    elif not question:
        result = job.questions()
    elif given["place"]:
        result = job.ask(question, given["place"], at, known)
    else:
        result = job.ask_everywhere(question, at, known)
    tell(result, say_law.told, json_)
    click.get_current_context().exit(1 if result.get("known") is False else 0)


for verb in (rights.check, rights.registry, rights.factors, web_signals.publish, web_signals.observe):
    main.add_command(verb)
for verb in (labels.label, labels.certificate):
    main.add_command(verb)
main.add_command(disclose.disclose)
main.add_command(whatif.whatif)
for verb in (log.log, proven.prove, prove.verify):
    main.add_command(verb)


def _fail(text: str, code: int) -> int:
    click.echo(f"partita: {terminal.visible(text)}", err=True)
    return code


def _said(error: click.ClickException) -> str:
    """What is wrong with the command line, and where its help is, in one line."""
    text = " ".join(error.format_message().split()).rstrip(".")
    context = error.ctx if isinstance(error, click.UsageError) else None
    stop = "" if text.endswith("?") else "."
    return f"{text[:1].lower()}{text[1:]}{stop} See `{context.command_path if context else 'partita'} --help`"


def _close_output() -> None:
    """Whoever read the output has gone, or it cannot be written: nothing more may fail on the way out."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

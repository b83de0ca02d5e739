"""The verbs of rights: `check` asks whether something may be used, `registry` keeps who may say so."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click

from partita.cli import say_rights
from partita.cli.options import FILE, as_json, tell
from partita.cli.progress import shown
from partita.errors import InputError

registry_option = click.option(
    "--registry", "where", default="registry.db", show_default=True, envvar="PARTITA_REGISTRY",
    help="The registry: a file, or the address of a PostgreSQL database. Also PARTITA_REGISTRY.",
)  # fmt: skip


def day(text: str | None, name: str) -> dt.date:
    """A day as written; today where none is."""
    if not text:
        return dt.datetime.now(tz=dt.UTC).date()
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{name} {text!r} is no day", mend="Write it as 2026-11-22") from None


def moment(text: str | None, name: str) -> dt.datetime | None:
    """A moment as written, in UTC; a day means its end. None where none is written."""
    if not text:
        return None
    try:
        if len(text) == len("2026-11-22"):
            return dt.datetime.combine(dt.date.fromisoformat(text), dt.time(23, 59, 59), dt.UTC)
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"{name} {text!r} is no moment", mend="Write it as 2026-11-22 or 2026-11-22T09:30") from None
    try:
        return found.astimezone(dt.UTC) if found.tzinfo else found.replace(tzinfo=dt.UTC)
    except OverflowError:
        raise InputError(f"{name} {text!r} is no moment of the calendar", mend="Write it as 2026-11-22") from None


def told(text: str | None) -> dt.datetime:
    """The moment of an act: as written, now where nothing is; never a later one, for no act's moment can go back."""
    now = dt.datetime.now(tz=dt.UTC).replace(microsecond=0)
    found = moment(text, "--recorded") or now
    if found > now and text != now.date().isoformat():
        raise InputError(f"--recorded {text!r} is still to come", mend="Write when it was told, or leave it out")
    return min(found, now)


def keyed(pairs: tuple[str, ...]) -> dict[str, str]:
    """`statement_id=s1` as a dictionary; raises UsageError for what is no such pair."""
    if not all("=" in pair for pair in pairs):
        raise click.UsageError("KEY is written COLUMN=VALUE, e.g. statement_id=s1")
    return dict(pair.partition("=")[::2] for pair in pairs)


def figures(pairs: tuple[str, ...]) -> dict[str, str]:
    """`net_income=1000` as a dictionary; raises UsageError for what is no such pair."""
    found = dict(pair.partition("=")[::2] for pair in pairs)
    if not all(found) or not all(found.values()):
        raise click.UsageError("--figure is written NAME=NUMBER, e.g. --figure net_income=1000000")
    return found


@click.command(short_help="May it be used? Since when, on what terms, who is paid?")
@click.argument("target", required=False)
@registry_option
@click.option("--use", "purpose", help="What for: train, train_generative, data_mining, ground, search, imitate, ...")
@click.option("--system", default="*", help="By whom: a provider `suno`, or one of its systems `suno/v5`.")
@click.option("--place", default="world", help="Where: `world`, `EU`, or a country's two letters.")
@click.option("--at", help="The day of the use, as 2026-11-22. Today where not given.")
@click.option("--known", help="Only what the registry knew then. Everything where not given.")
@click.option("--kind", type=click.Choice(["url", "content", "recording", "work"]), help="What TARGET is.")
@click.option("--file", "file", type=FILE, help="A file instead: by its content code, with what it carries itself.")
@click.option("--title", help="A title instead, matched as a usage line is.")
@click.option("--writer", "writers", multiple=True, help="A writer, with --title. May be repeated.")
@click.option("--performer", "performers", multiple=True, help="A performer, with --title. May be repeated.")
@click.option("--figure", "figures_", multiple=True, help="A figure that a price needs: net_income=1000000.")
@click.option("--deeds", type=FILE, help="What was done under the licence (YAML): its duties are then evaluated.")
@click.option("--batch", type=FILE, help="Many questions: a CSV or Parquet file, one a row (docs/check.md).")
@click.option("-o", "--out", type=FILE, help="Where the answers of --batch go: .csv or .parquet.")
@click.option("--chinese", is_flag=True, help="Reasons in Chinese.")
@as_json
def check(target: str | None, where: str, purpose: str | None, *, json_: bool, **given: Any) -> None:
    """Ask the registry whether TARGET may be used: an ISWC, ISRC, ISCC, URL, or a work's number.

    The answer is allowed, refused or unknown, with its reason, source, dates, offers, payee and what the place's law
    says. Two days count: --at, when it is used, and --known, whose knowledge counts. Exit 0 where it is allowed, else
    1: unknown is never allowed. It is not legal advice.

    \b
    Examples:
      partita check T0345246801 --use train_generative --system suno/v5 --place DE --at 2026-01-01
      partita check https://example.org/songs/1 --use train --at 2025-06-01 --known 2025-06-02
      partita check --title 望春風 --writer 鄧雨賢 --use ground
      partita check --batch uses.csv -o answers.parquet
    """
    context = click.get_current_context()
    if given["batch"]:
        result = _check_many(target, **given, where=where, purpose=purpose or "")
        tell(result, say_rights.checked_many, json_)
        whole = 0 < result["uses"] == result["answers"]["allowed"] and not result["set_aside"]
        context.exit(0 if whole else 1)
    if given["out"]:
        raise click.UsageError("-o is where the answers of --batch go; there is no --batch")
    if (given["writers"] or given["performers"]) and not given["title"]:
        raise click.UsageError("--writer and --performer go with --title")
    named = [
        name for name, value in (("TARGET", target), ("--file", given["file"]), ("--title", given["title"])) if value
    ]
    if len(named) != 1:
        raise click.UsageError("one of TARGET, --file, --title and --batch is needed" if not named else
                               f"{' and '.join(named)} cannot stand together")  # fmt: skip
    if not purpose:
        raise click.UsageError("--use is needed: what is it to be used for?")
    from partita.jobs import check as job  # noqa: PLC0415 - `--help` stays quick
    from partita.registry.store import open_store  # noqa: PLC0415

    asked = job.Asked(
        target or "", given["kind"] or "", given["file"], given["title"] or "", given["writers"], given["performers"]
    )
    done = job.deeds(given["deeds"]) if given["deeds"] else None
    question = job.Question(
        purpose, given["system"], given["place"], day(given["at"], "--at"), moment(given["known"], "--known"),
        figures(given["figures_"]), "zh-Hant" if given["chinese"] else "en", done,
    )  # fmt: skip
    store = open_store(where, create=False)
    try:
        result = job.check(store, asked, question)
    finally:
        store.close()
    tell(result, say_rights.checked, json_)
    context.exit(0 if result["answer"] == "allowed" else 1)


_WRITTEN = {"writers": "writer", "performers": "performer", "figures_": "figure"}
"""Options whose values have another name."""


def _check_many(
    target: str | None, batch: Path, out: Path | None, where: str, purpose: str, **given: Any
) -> dict[str, Any]:
    from partita.jobs import check_many as job  # noqa: PLC0415
    from partita.registry.store import open_store  # noqa: PLC0415

    beside = [name for name in ("kind", "file", "title", "writers", "performers", "figures_", "deeds") if given[name]]
    if target or beside:
        named = "a target" if target else f"--{_WRITTEN.get(beside[0], beside[0])}"
        raise click.UsageError(f"{named} cannot stand with --batch: each row of the file is a question")
    if out is None:
        raise click.UsageError("--batch needs -o, where the answers go")
    otherwise = {"purpose": purpose, "system": given["system"], "territory": given["place"]}
    times = day(given["at"], "--at"), moment(given["known"], "--known")
    language = "zh-Hant" if given["chinese"] else "en"
    with shown() as progress:
        store = open_store(where, create=False)
        try:
            return job.check_many(store, batch, out, otherwise, *times, language=language, progress=progress)
        finally:
            store.close()


@click.group(short_help="Parties, works, shares, mandates and statements, in two times.")
def registry() -> None:
    """Keep the registry: who holds what, who may license it, what was reserved and permitted.

    Nothing is overwritten: what ends has an end, what was wrong is retired, and both stay readable (docs/registry.md).

    \b
    Examples:
      partita registry import examples/rights/registry.yaml --by "the members' desk"
      partita registry show T9000000011
      partita registry end statements statement_id=north-reserves --from 2026-12-01 --by "the members' desk"
    """


@registry.command(name="import", short_help="Read parties, works, shares, mandates, statements, offers from files.")
@click.argument("files", nargs=-1, required=True, type=FILE)
@registry_option
@click.option("--by", required=True, help="Who tells it; stands beside every row.")
@click.option("--recorded", help="When it was told, as 2026-11-22T09:30. Now where not given.")
@as_json
def import_(files: tuple[Path, ...], where: str, by: str, recorded: str | None, json_: bool) -> None:
    """Add what FILES hold to the registry, all of it or nothing; makes the registry where there is none.

    A file is YAML with several tables, or a CSV or Parquet file named after its table (works.csv); a folder stands for
    the files in it.

    \b
    Example:
      partita registry import examples/rights/registry.yaml --by "the members' desk"
    """
    from partita.jobs import registry as job  # noqa: PLC0415

    result = job.import_files(where, files, by, told(recorded))
    tell(result, say_rights.imported, json_)


@registry.command(short_help="What the registry knows of something on a day.")
@click.argument("target")
@registry_option
@click.option("--kind", type=click.Choice(["url", "content", "recording", "work"]), help="What TARGET is.")
@click.option("--at", help="The day, as 2026-11-22. Today where not given.")
@click.option("--known", help="Only what the registry knew then.")
@as_json
def show(target: str, where: str, kind: str | None, at: str | None, known: str | None, json_: bool) -> None:
    """Show what TARGET belongs to, who holds it, what was said of it, who may license it, and who made it how.

    \b
    Example:
      partita registry show T0345246801 --at 2026-01-01
    """
    from partita.jobs import registry as job  # noqa: PLC0415

    result = job.show(where, target, kind or "", day(at, "--at"), moment(known, "--known"))
    tell(result, say_rights.shown_facts, json_)


@registry.command(short_help="End what holds from a day on: a licence, a mandate, a reservation.")
@click.argument("table")
@click.argument("key", nargs=-1, required=True)
@registry_option
@click.option("--from", "ends", required=True, help="First day on which it holds no more.")
@click.option("--by", required=True, help="Who tells it.")
@click.option("--recorded", help="When it was told. Now where not given.")
@as_json
def end(table: str, key: tuple[str, ...], where: str, ends: str, by: str, recorded: str | None, json_: bool) -> None:
    """End rows of TABLE named by KEY (`statement_id=s1`), as a member withdraws a right; nothing is deleted.

    \b
    Example:
      partita registry end statements statement_id=s1 --from 2026-12-31 --by "the members' desk"
    """
    from partita.jobs import registry as job  # noqa: PLC0415

    result = job.end(where, table, keyed(key), day(ends, "--from"), by, told(recorded))
    tell(result, say_rights.imported, json_)


@registry.command(short_help="The registry was wrong: what it knew by the same keys is retired, FILE's rows recorded.")
@click.argument("file", type=FILE)
@registry_option
@click.option("--by", required=True, help="Who tells it; stands beside every row.")
@click.option("--recorded", help="When it was told. Now where not given.")
@as_json
def correct(file: Path, where: str, by: str, recorded: str | None, json_: bool) -> None:
    """Replace what was recorded wrongly by the rows of FILE, which holds one table; what was known stays readable.

    \b
    Example:
      partita registry correct statements.csv --by "the members' desk"
    """
    from partita.jobs import registry as job  # noqa: PLC0415

    tell(job.correct(where, file, by, told(recorded)), say_rights.imported, json_)


@registry.command(short_help="The registry was wrong: what was recorded never held.")
@click.argument("table")
@click.argument("key", nargs=-1, required=True)
@registry_option
@click.option("--by", required=True, help="Who tells it.")
@click.option("--recorded", help="When it was told. Now where not given.")
@as_json
def retire(table: str, key: tuple[str, ...], where: str, by: str, recorded: str | None, json_: bool) -> None:
    """Retire rows of TABLE named by KEY (`statement_id=s1`): they were never true. What was known stays readable.

    \b
    Example:
      partita registry retire statements statement_id=s1 --by "the members' desk"
    """
    from partita.jobs import registry as job  # noqa: PLC0415

    tell(job.retire(where, table, keyed(key), by, told(recorded)), say_rights.imported, json_)


@registry.command(
    name="labels", short_help="Read the labels of media files, DDEX messages and lists into the registry."
)
@click.argument("folder", type=FILE)
@registry_option
@click.option("--by", required=True, help="Who tells it; stands beside every row.")
@click.option("--recorded", help="When it was told, as 2026-11-22T09:30. Now where not given.")
@click.option("--trust", type=FILE, help="Certificates whose signatures are believed: a PEM file, or their folder.")
@as_json
def labels_(folder: Path, where: str, by: str, recorded: str | None, trust: Path | None, json_: bool) -> None:
    """Record who made what in the works whose files lie in FOLDER, as their labels say: C2PA, GB 45438, DDEX, a column.

    Works are found by the label's record, an ISRC, or the file's name. What somebody declared stays: a label that says
    otherwise is listed as a contradiction, and the exit code is 1 (docs/labels-gb-ddex-eu.md).

    \b
    Example:
      partita registry labels incoming/ --by "the documentation desk"
    """
    from partita.jobs import labels_in as job  # noqa: PLC0415

    with shown() as progress:
        result = job.take_in(where, folder, by, told(recorded), trust=trust, progress=progress)
    tell(result, say_rights.labels_taken_in, json_)
    click.get_current_context().exit(1 if result["counts"]["contradictions"] else 0)


@click.command(short_help="What speaks for and against something made of a work. Never a verdict.")
@click.argument("chain", type=FILE)
@click.option("--place", default="", help="A country's two letters, or EU. Without it, every place of the list.")
@click.option("--at", help="The day, as 2026-11-22. Today where not given.")
@as_json
def factors(chain: Path, place: str, at: str | None, json_: bool) -> None:
    """Lay what is known of CHAIN, a file of derivatives step by step, beside the factors of a place's rule.

    A photograph is cut out, shared for fun, then printed on shirts and sold: which facts speak for the last step under
    fair use, parody or quotation, and which against? They are listed, never added up. It is not legal advice.

    \b
    Example:
      partita factors examples/rights/meme.yaml --place TW
    """
    from partita.jobs import factors as job  # noqa: PLC0415

    tell(job.weigh(chain, place, day(at, "--at")), say_rights.weighed, json_)

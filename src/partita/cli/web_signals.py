"""The verbs of signals: `publish` says an intent in every carrier, `observe` reads what a site says."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click

from partita.cli import say_signals
from partita.cli.options import FILE, as_json, output, tell
from partita.cli.progress import shown
from partita.cli.rights import day, moment


@click.command(short_help="Say one intent in every carrier: robots.txt, TDMRep, RSL, headers, files.")
@click.argument("intent", type=FILE, required=False)
@output()
@click.option(
    "--registry", "registry", envvar="PARTITA_REGISTRY", help="Take the intent from this registry, with --party."
)
@click.option("--party", default="", help="Whose reservations and permissions of the registry are published.")
@click.option("--origin", default="", help="The site's address, https://example.org; INTENT may say it as `site`.")
@click.option("--robots", type=FILE, help="The robots.txt that the site has so far; it is kept, and added to.")
@click.option("--pdf", "pdf", type=FILE, multiple=True, help="A PDF to carry the intent. May be repeated.")
@click.option("--epub", "epub", type=FILE, multiple=True, help="An EPUB to carry the intent. May be repeated.")
@click.option("--image", "image", type=FILE, multiple=True, help="A JPEG or PNG to carry the intent. May be repeated.")
@click.option("--iscc", "codes", multiple=True, help="A content code to declare the intent for. May be repeated.")
@click.option("--at", help="The day whose statements are published, as 2026-11-22. Today where not given.")
@as_json
def publish(intent: Path | None, out: Path, registry: str | None, party: str, *, json_: bool, **given: Any) -> None:
    """Write what INTENT says, as every carrier says it, into a folder that can be served.

    INTENT is YAML or TOML (docs/publish.md); with --registry and --party it is what that party has stated. A report
    tells, carrier by carrier, what is exact, broader, narrower or lost. A permission is never said by a broader label,
    and a reservation only where the intent says `broaden: true`. Exit 1 where a reservation is said by no carrier.

    \b
    Examples:
      partita publish examples/rights/intent.yaml -o out/site
      partita publish --registry registry.db --party FICTIONAL-NORTH --origin https://example.org -o out/site
    """
    from partita.jobs import publish as job  # noqa: PLC0415 - `--help` stays quick

    if (intent is None) == (not party):
        raise click.UsageError("one of INTENT and --party is needed")
    if party and not registry:
        raise click.UsageError("--party needs --registry")
    source = job.Source(intent, "" if intent else registry or "", party)
    files = {kind: given[kind] for kind in job.KINDS}
    extras = job.Extras(files, given["codes"], given["origin"], given["robots"])
    with shown() as progress:
        result = job.publish(source, extras, out, day(given["at"], "--at"), progress)
    tell(result, say_signals.published, json_)
    click.get_current_context().exit(1 if result["unsaid"] else 0)


@click.command(short_help="Read what a site says of machines, into dated observations.")
@click.argument("site")
@output()
@click.option("--origin", default="", help="The address that a saved SITE is a copy of, https://example.org.")
@click.option("--at", help="When a saved SITE was saved, as 2026-11-22T09:30. Now where not given.")
@click.option("--registry", help="Record what was read as dated statements in this registry, with --by.")
@click.option("--by", default="", help="Who observed; stands beside every row of the registry.")
@as_json
def observe(site: str, out: Path, origin: str, at: str | None, registry: str | None, by: str, json_: bool) -> None:
    """Read every carrier of SITE, a folder that was saved or a live http(s) address, into OUT (.parquet).

    What cannot be read is a row of its own and counts as unknown. With --registry, a new signal begins a statement, a
    changed or vanished one ends it, an unchanged one adds nothing. Only public http(s) addresses are fetched, within
    limits. Exit 1 where something could not be read.

    \b
    Examples:
      partita observe out/site --origin https://example.org -o observations.parquet
      partita observe https://example.org/ -o observations.parquet --registry registry.db --by "web desk"
    """
    from partita.jobs import observe as job  # noqa: PLC0415

    if registry and not by:
        raise click.UsageError("--registry needs --by, the name of who observed")
    live = site.lower().startswith(("http://", "https://"))
    if live and (at or origin):
        raise click.UsageError("--at and --origin are for a saved site; a live one is read now, where it is")
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    when = moment(at, "--at") or now
    with shown() as progress:
        seen = job.live(site, when, progress) if live else job.saved(Path(site), origin, when, progress)
        result = job.kept(seen, out)
        if registry:
            result["recorded"] = job.recorded(seen, registry, by, now)
    tell(result, say_signals.observed, json_)
    unread = any(source["status"] in ("unreadable", "refused") for source in result["sources"])
    click.get_current_context().exit(1 if unread else 0)

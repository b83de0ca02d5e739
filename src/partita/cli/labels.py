"""The verbs of labels: `label` says in a media file how it was made, `certificate` makes what it is signed with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from partita.cli import say_labels
from partita.cli.options import FILE, as_json, output, tell

if TYPE_CHECKING:
    from partita.formats.labels import shape
    from partita.formats.labels.ddex import Track


@click.command(short_help="Say in a media file how it was made: content credentials, AIGC, DDEX.")
@click.argument("file", type=FILE)
@click.option("--contribution", "record", type=FILE, required=True, help="The contribution record, as YAML.")
@output()
@click.option(
    "--certificate", "keys", type=FILE, help="Sign with the credentials in this folder (partita certificate)."
)
@click.option("--parent", type=FILE, help="The file that was opened and changed; say with --edit what was done.")
@click.option("--ingredient", "components", type=FILE, multiple=True, help="A file that was put in. May be repeated.")
@click.option("--input", "inputs", type=FILE, multiple=True, help="A file that a machine was shown. May be repeated.")
@click.option("--edit", "edits", multiple=True, help="What was done, as mixed=human or 'edited=generated: new verse'.")
@click.option("--produce-id", default="", help="The file's number at its producer: writes China's AIGC label.")
@click.option("--producer-code", default="", help="The producer's code in that label, where the record's name is none.")
@click.option("--ddex", "message", type=FILE, help="Write what DDEX ERN 4.3.2 says of it here, with --isrc and others.")
@click.option("--isrc", default="", help="The recording's ISRC, for --ddex.")
@click.option("--artist", default="", help="The recording's artist, for --ddex.")
@click.option("--seconds", type=click.IntRange(1), help="The recording's length, for --ddex.")
@as_json
def label(file: Path, record: Path, out: Path, *, json_: bool, **given: Any) -> None:
    """Write FILE with labels that say how it was made, from one contribution record.

    FILE is WAV, FLAC, MP3, JPEG, PNG, PDF or EPUB (docs/labels.md). What was written is read back first; labels that
    contradict the record, or what the file's own credentials say, are not written. A certificate of one's own is
    untrusted outside: only who has the authority's certificate trusts it.

    \b
    Examples:
      partita certificate out/keys --name "Sample society"
      partita label song.wav --contribution record.yaml --certificate out/keys -o out/song.wav
    """
    from partita.jobs import labels as job  # noqa: PLC0415 - `--help` stays quick

    wishes = job.Wishes(
        credentials=given["keys"],
        ingredients=tuple(_ingredients(given["parent"], given["components"], given["inputs"])),
        edits=tuple(_edit(text) for text in given["edits"]),
        produce_id=given["produce_id"],
        producer=given["producer_code"],
        message=given["message"],
        track=_track(given["message"], given["isrc"], given["artist"], given["seconds"]),
    )
    tell(job.label(file, record, out, wishes, at=dt.datetime.now(dt.UTC)), say_labels.labelled, json_)


@click.command(short_help="Make the certificate and key that labels are signed with.")
@click.argument("folder", type=FILE)
@click.option("--name", required=True, help="Who signs, as readers will see it.")
@click.option("--organisation", default="", help="The organisation; the name where not given.")
@as_json
def certificate(folder: Path, name: str, organisation: str, json_: bool) -> None:
    """Make an authority of your own in FOLDER, and a certificate that it signs; keys are readable by you alone.

    Give authority.pem to those who are to trust your labels; to everybody else they are untrusted. Where FOLDER has an
    authority, only the certificate is made anew, so nobody needs a new authority.pem.

    \b
    Example:
      partita certificate out/keys --name "Sample society"
    """
    from partita.jobs import labels as job  # noqa: PLC0415

    made = job.certificate(folder, name, organisation, at=dt.datetime.now(dt.UTC))
    tell(made, say_labels.certified, json_)


def _ingredients(
    parent: Path | None, components: tuple[Path, ...], inputs: tuple[Path, ...]
) -> Iterator[shape.Ingredient]:
    """The files that the output was made from, the parent first."""
    from partita.formats.labels.shape import Ingredient, Relation  # noqa: PLC0415

    if parent:
        yield Ingredient(parent, Relation.PARENT)
    yield from (Ingredient(path, Relation.COMPONENT) for path in components)
    yield from (Ingredient(path, Relation.INPUT) for path in inputs)


def _edit(text: str) -> shape.Edit:
    """An edit as it is typed: ACTION=MAKING, and after a colon what was done."""
    from partita.formats.labels.shape import Edit, Making  # noqa: PLC0415

    said, _, description = text.partition(":")
    action, _, making = (part.strip() for part in said.partition("="))
    if not action or making not in tuple(Making):
        raise click.UsageError(f"--edit {text!r} is not ACTION=MAKING, where MAKING is {', '.join(Making)}")
    return Edit(f"c2pa.{action.removeprefix('c2pa.')}", Making(making), description=description.strip())


def _track(message: Path | None, isrc: str, artist: str, seconds: int | None) -> Track | None:
    """What DDEX must know of the recording beside the record."""
    from partita.formats.labels.ddex import Track  # noqa: PLC0415

    if len({bool(one) for one in (message, isrc, artist, seconds)}) > 1:
        raise click.UsageError("--ddex, --isrc, --artist and --seconds are given together")
    return Track(isrc, artist, seconds) if message and seconds else None

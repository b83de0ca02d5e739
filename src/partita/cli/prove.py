"""The verb `verify`: whatever a file proves or claims, it is found out what it is, and checked as such."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from partita.cli import say_labels, say_log
from partita.cli.log_options import answered, keys_option, policy_option, quorum_option, trusted, witnesses_option
from partita.cli.options import FILE, as_json, tell
from partita.cli.progress import shown
from partita.errors import InputError


@click.command(short_help="Whether a statement, receipt, proof, log or media label holds.")
@click.argument("file", type=FILE)
@keys_option
@click.option(
    "--log", "beside", type=FILE, help="A copy of the log, which must continue what the proof was drawn from."
)
@click.option("--trust", type=FILE, help="For media: certificates that you believe (PEM), or a folder of them.")
@witnesses_option
@quorum_option
@policy_option
@as_json
def verify(file: Path, keys: tuple[str, ...], beside: Path | None, *, json_: bool, **given: Any) -> None:
    """Verify FILE, whatever it is, offline: nothing is needed but the file and a public key.

    A statement or annex with its proof (docs/statements.md), a receipt or a .tlog-proof (docs/log.md), the folder of a
    log, a checkpoint; or a media file with its labels (docs/labels.md). Exit 0 where it holds, 1 where it does not or
    nothing vouches for it, with the outcome by its name; 2 where FILE is none of these.

    \b
    Examples:
      partita verify statement.json --key society.vkey
      partita verify receipt.json --key operator.vkey --log out/log
      partita verify song.wav --trust out/keys
    """
    from partita.jobs import log_verify as job  # noqa: PLC0415 - `--help` stays quick

    folder = file if file.is_dir() else beside
    policy = trusted(keys, given["witnesses"], given["quorum"], folder, given["policy"])
    asked = job.Asked(policy, beside)
    kind = job.kind_of(file)
    check, say = KINDS.get(kind, KINDS["other"])
    result = check(file, asked, given["trust"])
    if say is say_labels.verified:
        tell(result, say, json_)
        click.get_current_context().exit(0 if result["verified"] else 1)
    answered(result, say, json_)


def _by_log(file: Path, asked: Any, trust: Path | None) -> dict[str, Any]:
    """What a log proves: its folder, a proof file, a checkpoint, a receipt."""
    from partita.jobs import log_verify as job  # noqa: PLC0415

    del trust
    with shown() as progress:
        return job.verify(file, asked, progress)


def _document(file: Path, asked: Any, trust: Path | None) -> dict[str, Any]:
    """A statement or annex that proves itself."""
    from partita.jobs import log_document as job  # noqa: PLC0415

    del trust
    return job.verify(file, asked)


def _media(file: Path, asked: Any, trust: Path | None) -> dict[str, Any]:
    """The labels of a media file."""
    from partita.jobs import labels as job  # noqa: PLC0415

    del asked
    if file.is_dir():
        raise InputError("this folder is no log", file=str(file), mend="Name a log's folder, or a file")
    return job.verify(file, trust)


Check = Callable[[Path, Any, Path | None], dict[str, Any]]
Say = Callable[[dict[str, Any]], None]
KINDS: dict[str, tuple[Check, Say]] = {
    "log": (_by_log, say_log.verified),
    "proof": (_by_log, say_log.verified),
    "checkpoint": (_by_log, say_log.verified),
    "receipt": (_by_log, say_log.verified),
    "json": (_document, say_log.document),
    "other": (_media, say_labels.verified),
}
"""What each kind of file is checked by, and told with."""

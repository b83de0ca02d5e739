"""What the verbs of the log share: options, the moment of an act, and how a fault is told (exit 1, by its name)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from partita.cli import say_log
from partita.cli.options import FILE, tell
from partita.cli.rights import moment
from partita.errors import InputError

if TYPE_CHECKING:
    from partita.prove import Policy

YES = ("proven", "signed")
"""Outcomes that are a yes."""

key_option = click.option("--key", type=FILE, help="The private key's file. LOG.key beside the log where not given.")
keys_option = click.option(
    "--key", "keys", multiple=True, envvar="PARTITA_LOG_KEY",
    help="A public key that you trust (NAME+HASH+BASE64), or its file. May be repeated. Also PARTITA_LOG_KEY.",
)  # fmt: skip
witnesses_option = click.option(
    "--witness", "witnesses", multiple=True, help="A witness's public key, or its file. May be repeated."
)
quorum_option = click.option(
    "--quorum", type=click.IntRange(0), help="How many of the witnesses must have signed. All where not given."
)
policy_option = click.option(
    "--policy", type=FILE, help="A policy file instead of --key and --witness (c2sp.org/tlog-policy)."
)
openings_option = click.option(
    "--openings", type=FILE, help="Folder of the openings. LOG.openings beside the log where not given."
)
at_option = click.option("--at", help="When it was, as 2026-11-22T09:30. Now where not given.")
out_option = click.option("-o", "--out", type=FILE, help="Where to write. On the terminal where not given.")


@contextmanager
def faults(json_: bool) -> Iterator[None]:
    """What is wrong with a log or a proof is told by its name, with exit 1."""
    from partita.prove import Fault  # noqa: PLC0415 - `--help` stays quick

    try:
        yield
    except Fault as error:
        tell({"outcome": error.code, "reason": str(error)}, say_log.fault, json_)
        click.get_current_context().exit(1)


def answered(result: dict[str, Any], render: Callable[[dict[str, Any]], None], json_: bool) -> None:
    """Prints a result; exit 1 unless its outcome is a yes."""
    tell(result, render, json_)
    click.get_current_context().exit(0 if result["outcome"] in YES else 1)


def when(text: str | None) -> dt.datetime:
    """The moment of an act: as written, now where nothing is; raises InputError for one that is still to come."""
    now = dt.datetime.now(tz=dt.UTC).replace(microsecond=0)
    found = moment(text, "--at") or now
    if found > now:
        raise InputError(f"--at {text!r} is still to come", mend="Write when it was, or leave it out")
    return found


def trusted(
    keys: tuple[str, ...],
    witnesses: tuple[str, ...] = (),
    quorum: int | None = None,
    log: Path | None = None,
    policy: Path | None = None,
) -> Policy:
    """Whom the reader trusts; without --key or --policy, the public key beside the log, where there is one."""
    from partita.jobs import log_keys  # noqa: PLC0415

    if policy:
        if keys or witnesses or quorum is not None:
            raise click.UsageError("--policy stands alone: it says who is trusted, and how many must have signed")
        return log_keys.policy_of(policy)
    beside = log_keys.beside(log, log_keys.PUBLIC) if log else None
    found = keys or ((str(beside),) if beside and beside.is_file() else ())
    return log_keys.policy(found, witnesses, quorum)

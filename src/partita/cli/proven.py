"""The verb `prove`: a run logged, its statements written so that each payee can check its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from partita.cli.log_options import at_option, faults, key_option, when
from partita.cli.options import FILE, as_json, output, tell
from partita.cli.progress import shown
from partita.cli.terminal import console as _console
from partita.cli.terminal import escape


@click.command(short_help="Log a run, and write statements that prove themselves.")
@click.argument("run", type=FILE)
@click.option("--log", "log", type=FILE, required=True, help="The log's folder, as `partita log init` made it.")
@key_option
@at_option
@output()
@as_json
def prove(run: Path, log: Path, key: Path | None, at: str | None, out: Path, *, json_: bool) -> None:
    """Log the settled RUN and its statements, sign the log, and write each statement with its proof.

    Of a training run, also its lists per rightsholder. Every figure is committed to. `partita verify`, and the page
    verify.html without any server, say whether it stands in the log as it is, compute its amounts again, and name a
    figure that was changed. Give payees their statement, the page and the public key (docs/statements.md).

    \b
    Example:
      partita prove out/demo --log out/log -o out/proven
    """
    from partita.jobs import log_keys, proven  # noqa: PLC0415 - `--help` stays quick

    signer = key or log_keys.beside(log, log_keys.PRIVATE)
    with faults(json_), shown() as progress:
        result = proven.prove(run, log, signer, out, when(at), progress)
    tell(result, _say, json_)


def _say(result: dict[str, Any]) -> None:
    console = _console()
    first, last = result["entries"]
    console.print(f"Logged in {escape(result['log'])} as entries {first:,} to {last:,}, signed")
    lists = f" and {result['lists']:,} lists per rightsholder" if result["lists"] else ""
    console.print(f"{result['statements']:,} statements{lists} with their proofs, each verified as it lies there")
    console.print(f"Public key: {escape(result['key'])}")
    place = escape(result["out"])
    console.print(f"Look at {place}/verify.html, or run")
    first_file = escape(result["files"][0] if result["files"] else "run-receipt.json")
    console.print(f"  partita verify {place}/{first_file} --key {place}/society.vkey", soft_wrap=True)

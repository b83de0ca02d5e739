"""The verbs of the log: make one, add to it, sign, prove, verify, witness and serve it, and forget what it opened."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from partita.cli import log_usage, say_log
from partita.cli.log_options import (
    answered,
    at_option,
    faults,
    key_option,
    keys_option,
    openings_option,
    out_option,
    policy_option,
    quorum_option,
    trusted,
    when,
    witnesses_option,
)
from partita.cli.options import FILE, as_json, tell
from partita.cli.progress import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from partita.jobs.log_append import Sourced

KINDS = ("decision", "disclosure", "label", "manifest", "reservation", "run", "statement", "usage")


@click.group(short_help="An append-only log that anybody can verify: add, sign, prove, verify.")
def log() -> None:
    """Keep a log of commitments, which anybody can verify and which hides what was committed to.

    LOG is a folder that may be published whole. Beside it, never inside, lie the private key (LOG.key) and the openings
    (LOG.openings), which say what the commitments are to (docs/log.md). Plays are committed to while they are made by
    `play` and `close` (docs/usage-log.md).

    \b
    Examples:
      partita log init out/log --name society.example/log
      partita log append out/log out/demo --kind run
      partita log checkpoint out/log
      partita log prove out/log 0 -o run.tlog-proof
      partita log verify run.tlog-proof --key out/log.vkey
    """


@log.command(short_help="Make an empty log and its keys.")
@click.argument("folder", type=FILE, metavar="LOG")
@click.option("--name", required=True, help="The log's origin, as society.example/log: no spaces, no plus sign.")
@click.option("--key", type=FILE, help="Where the private key goes. LOG.key beside the log where not given.")
@as_json
def init(folder: Path, name: str, key: Path | None, json_: bool) -> None:
    """Make an empty log in LOG, a private key beside it for its owner alone, and print the public key.

    Publish the public key where people find it without the log: who trusts the log trusts this key.

    \b
    Example:
      partita log init out/log --name society.example/log
    """
    from partita.jobs import log as job  # noqa: PLC0415 - `--help` stays quick

    tell(job.init(folder, name, key), say_log.made, json_)


@log.command(short_help="Make a key pair: for a venue that signs plays, or for a witness.")
@click.argument("file", type=FILE)
@click.option("--name", required=True, help="Who signs. A venue's key is called ORIGIN/VENUE.")
@click.option("--witness", is_flag=True, help="A key for cosignatures, which state when a checkpoint was seen.")
@as_json
def key(file: Path, name: str, witness: bool, json_: bool) -> None:
    """Write a new private key into FILE, for its owner alone, and the public key beside it, ending in .vkey.

    \b
    Examples:
      partita log key b1.key --name society.example/log/b1
      partita log key witness.key --name witness.example/w1 --witness
    """
    from partita.jobs import log_keys  # noqa: PLC0415

    made = log_keys.make(file, name, witness=witness)
    public = file.with_suffix(log_keys.PUBLIC)
    result = {"key": str(file), "public_key": str(made.verifier), "public_key_file": str(public), "name": name}
    tell(result, say_log.keyed, json_)


@log.command(short_help="Add records, runs, manifests, a registry: committed to, not shown.")
@click.argument("folder", type=FILE, metavar="LOG")
@click.argument("files", type=FILE, nargs=-1)
@click.option("--kind", type=click.Choice(KINDS), required=True, help="What is committed to.")
@click.option("--batch", is_flag=True, help="One entry for all records, not one for each.")
@click.option("--by", default="", help="One entry a group: the columns, as venue,day. A group is committed to once.")
@click.option("--whole", is_flag=True, help="Each file is one record: its name, size and SHA-256.")
@click.option("--registry", help="The rows of a registry instead of files: its file, or its address.")
@click.option("--table", default="", help="Only this table of the registry, as statements.")
@openings_option
@at_option
@as_json
def append(folder: Path, files: tuple[Path, ...], kind: str, *, json_: bool, **given: Any) -> None:
    """Commit to what FILES hold and add it to LOG: records of JSON, JSON lines, CSV or Parquet, or run folders.

    Each record gets a salt of its own; record and salt, its opening, are kept in the openings folder, and nothing but
    the commitment goes into the log. A record that cannot be read stops it all before the log is touched. What was
    added is public, and can be proven, once `partita log checkpoint` has signed it.

    \b
    Examples:
      partita log append out/log reservations.csv --kind reservation
      partita log append out/log plays.csv --kind usage --by venue,day
      partita log append out/log out/demo --kind run
      partita log append out/log manifest.jsonl --kind manifest --batch
    """
    from partita.jobs import log as job  # noqa: PLC0415
    from partita.jobs.log_append import How  # noqa: PLC0415

    if bool(files) == bool(given["registry"]):
        raise click.UsageError("one of FILES and --registry is needed")
    if given["batch"] and given["by"]:
        raise click.UsageError("--batch and --by cannot stand together")
    by = tuple(name.strip() for name in given["by"].split(",") if name.strip())
    how = How(kind, job.second(when(given["at"])), given["batch"], by)
    found: Iterable[Sourced] = (
        job.of_registry(given["registry"], given["table"]) if given["registry"]
        else job.of_files(files, whole=given["whole"])
    )  # fmt: skip
    with faults(json_), shown() as progress:
        result = job.append(folder, found, how, given["openings"], progress)
    tell(result, say_log.appended, json_)


@log.command(short_help="Sign the log as it stands, or take in what witnesses signed.")
@click.argument("folder", type=FILE, metavar="LOG")
@key_option
@click.option("--cosigned", type=FILE, help="Take the signatures of --witness from this checkpoint instead.")
@witnesses_option
@as_json
def checkpoint(folder: Path, key: Path | None, cosigned: Path | None, witnesses: tuple[str, ...], json_: bool) -> None:
    """Sign LOG as it stands and publish that as its checkpoint; with --cosigned, add witnesses' signatures to it.

    A checkpoint states no time: that is for witnesses, who are others. A damaged or rolled-back log is not signed.

    \b
    Examples:
      partita log checkpoint out/log
      partita log checkpoint out/log --cosigned cosigned --witness witness.vkey
    """
    from partita.jobs import log as job  # noqa: PLC0415

    if bool(cosigned) != bool(witnesses):
        raise click.UsageError("--cosigned and --witness are given together")
    with faults(json_):
        result = job.adopt(folder, cosigned, witnesses) if cosigned else job.sign(folder, key)
    tell(result, say_log.signed, json_)


@log.command(short_help="The proof that an entry, a record or a play is in the log.")
@click.argument("folder", type=FILE, metavar="LOG")
@click.argument("entry", type=click.IntRange(0), required=False)
@click.option("--open", "opened", is_flag=True, help="A receipt that shows the record of ENTRY, too.")
@click.option("--place", type=click.IntRange(0), default=0, help="Which record of ENTRY's batch, from 0, with --open.")
@click.option("--record", type=FILE, help="A receipt for this record: a JSON file, or a run folder.")
@click.option("--receipt", type=FILE, help="This receipt of a play, with its proof now that the day is closed.")
@keys_option
@openings_option
@out_option
@as_json
def prove(folder: Path, entry: int | None, *, json_: bool, **given: Any) -> None:
    """Write the proof that ENTRY is in LOG (a tlog-proof), or a receipt that shows a record and proves it.

    Both are checked by anybody with the public key and nothing else. A receipt tells what the record is: hand it to
    whom it concerns.

    \b
    Examples:
      partita log prove out/log 0 -o entry.tlog-proof
      partita log prove out/log --record out/demo -o run-receipt.json
      partita log prove out/log --receipt play.json -o proven.json
    """
    from partita.jobs import log_prove as job  # noqa: PLC0415

    named = [name for name, there in (("ENTRY", entry is not None), ("--record", given["record"]),
                                      ("--receipt", given["receipt"])) if there]  # fmt: skip
    if len(named) != 1:
        raise click.UsageError(f"one of ENTRY, --record and --receipt is needed, not {len(named)}")
    if given["opened"] and entry is None:
        raise click.UsageError("--open goes with ENTRY")
    wanted = job.Wanted(entry, given["opened"], given["place"], given["record"], given["receipt"])
    with faults(json_):
        result = job.prove(folder, wanted, trusted(given["keys"], log=folder), given["openings"], given["out"])
    tell(result, say_log.proof, json_)


@log.command(short_help="Whether a log, a proof, a receipt or a checkpoint holds.")
@click.argument("target", type=FILE)
@keys_option
@click.option(
    "--log", "beside", type=FILE, help="A copy of the log, which must continue what the proof was drawn from."
)
@click.option("--older", type=FILE, help="A checkpoint seen earlier, which TARGET must continue.")
@click.option("--record", type=FILE, help="The record that a receipt must be for: a JSON file, or a run folder.")
@click.option("--entry", type=FILE, help="The entry of a proof that does not hold it itself.")
@witnesses_option
@quorum_option
@policy_option
@as_json
def verify(target: Path, keys: tuple[str, ...], *, json_: bool, **given: Any) -> None:
    """Verify TARGET: a log's folder, a .tlog-proof, a checkpoint, a receipt, or JSON lines of receipts.

    A folder is recomputed from its first byte to its last. The outcome has a name (docs/log.md): proven, or what is
    wrong: forged_proof, forged_signature, unknown_key, wrong_origin, rolled_back_log, split_view, damaged_tile,
    missing_play, altered_play ... Exit 0 only where it holds.

    \b
    Examples:
      partita log verify out/log --key society.vkey --older seen-in-march
      partita log verify entry.tlog-proof --key society.vkey
      partita log verify play.json --key society.vkey --log out/log
    """
    from partita.jobs import log_prove, log_verify  # noqa: PLC0415

    folder = target if target.is_dir() else given["beside"]
    policy = trusted(keys, given["witnesses"], given["quorum"], folder, given["policy"])
    with faults(json_), shown() as progress:
        record = log_prove.record_of(given["record"]) if given["record"] else None
        asked = log_verify.Asked(policy, given["beside"], given["older"], record, given["entry"])
        result = log_verify.verify(target, asked, progress)
    answered(result, say_log.verified, json_)


@log.command(short_help="Sign somebody's checkpoint, if their log only grew.")
@click.argument("folder", type=FILE, metavar="LOG")
@click.option("--key", type=FILE, required=True, help="The witness's private key (partita log key --witness).")
@click.option("--state", type=FILE, required=True, help="The witness's memory: what it signed last of each log.")
@click.option("--log-key", "logs", multiple=True, required=True, help="The log's public key, or its file.")
@at_option
@out_option
@as_json
def witness(folder: Path, key: Path, state: Path, logs: tuple[str, ...], *, json_: bool, **given: Any) -> None:
    """Cosign the checkpoint of LOG, a copy of somebody else's log, unless it contradicts what was signed before.

    The cosignature states when. A log that shrank (rolled_back_log) or shows another past (split_view) is not signed.

    \b
    Example:
      partita log witness copy --key w.key --state w.json --log-key society.vkey -o cosigned
    """
    from partita.jobs import log_witness as job  # noqa: PLC0415

    with faults(json_):
        result = job.cosign(folder, key, state, logs, when(given["at"]), given["out"])
    tell(result, say_log.witnessed, json_)


@log.command(short_help="Serve the log over HTTP, read only.")
@click.argument("folder", type=FILE, metavar="LOG")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to answer; 0.0.0.0 is every address.")
@click.option("--port", type=click.IntRange(0, 65_535), default=8080, show_default=True, help="0 takes a free one.")
@as_json
def serve(folder: Path, host: str, port: int, json_: bool) -> None:
    """Serve LOG as c2sp.org/tlog-tiles asks, until Ctrl-C: GET and HEAD of checkpoint, tiles, entries and batches.

    Nothing else is found, whatever lies in the folder. Any web server that sends the folder's files does as well.

    \b
    Example:
      partita log serve out/log --port 8080
    """
    from partita.jobs import log_serve as job  # noqa: PLC0415

    with faults(json_):
        running = job.server(folder, host, port)
    tell({"log": str(folder), "address": job.address(running)}, say_log.serving, json_)
    # Whoever waits at the other end of a pipe for the address would wait for ever.
    sys.stdout.flush()
    try:
        running.serve_forever()
    finally:
        running.server_close()


@log.command(short_help="Erase what opens a commitment: personal data goes, every other proof stays.")
@click.argument("openings", type=FILE)
@click.argument("record", type=FILE, required=False)
@click.option("--line", type=click.IntRange(1), help="The line of the file of openings, instead of RECORD.")
@as_json
def erase(openings: Path, record: Path | None, line: int | None, json_: bool) -> None:
    """Erase from OPENINGS (a file or folder) what RECORD, a JSON file, says, with its salt.

    The commitment stays in the log and says nothing: without the salt nobody can tell what it was to. Every other proof
    holds as before. Copies elsewhere (backups, receipts given out) are not reached.

    \b
    Example:
      partita log erase out/log.openings person.json
    """
    from partita.jobs import log as job  # noqa: PLC0415
    from partita.jobs import log_prove  # noqa: PLC0415

    if (record is None) == (line is None):
        raise click.UsageError("one of RECORD and --line is needed")
    value = log_prove.record_of(record) if record else None
    tell(job.erase(openings, value, place=line - 1 if line else None), say_log.erased, json_)


for verb in (log_usage.play, log_usage.close, log_usage.audit):
    log.add_command(verb)

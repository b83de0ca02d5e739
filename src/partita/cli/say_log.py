"""What the verbs of the log print: the answer first, by its name, then what it rests on."""

from __future__ import annotations

import datetime as dt
import sys
from typing import Any

from rich.console import Console

from partita.cli.terminal import console as _console
from partita.cli.terminal import escape
from partita.cli.terminal import grid as _grid

DAYS_SHOWN = 5
LINES_SHOWN = 10
WORDS = {
    "proven": "it holds",
    "signed": "the signature holds; no log was looked into (--log)",
    "missing_play": "a play for which a receipt was given is not counted",
    "altered_play": "a play is not what was committed to",
    "extra_play": "the list has lines that were never committed to",
    "count_differs": "the day does not count what was signed for",
    "day_closed_twice": "one day was closed more than once",
    "day_rewritten": "plays of the day were changed after receipts were given",
    "day_not_closed": "the day is in no entry of the log",
    "unopened_day": "the log holds days that were not opened, so plays may be left out",
    "withheld": "plays of the days are withheld or erased, so they cannot be compared",
    "receipt_of_another_log": "the receipt is of another log",
    "altered_figure": "a figure is not the one that was logged, or does not follow from the others",
    "altered_record": "the record is not the one that was committed to",
    "damaged_batch": "a list of commitments is damaged",
    "not_in_log": "the log holds no such commitment",
    "rolled_back_log": "the log is shorter than it was when it was signed",
    "split_view": "two signed states contradict each other",
    "forged_proof": "the proof does not lead to the signed root",
    "forged_signature": "a signature was not made with its key",
    "unknown_key": "nobody who is trusted signed",
    "wrong_origin": "it is of another log",
    "too_few_witnesses": "fewer witnesses signed than are asked for",
    "damaged_tile": "the log's files are damaged",
    "missing_tile": "files of the log are missing",
    "malformed_note": "it is not in its form",
    "witnessed_elsewhere": "the witness last signed another size than the request begins with",
    "log_busy": "another writer is at work",
}
"""Each outcome in words."""


def _outcome(console: Console, result: dict[str, Any]) -> None:
    name = result["outcome"]
    style = "green" if name in ("proven", "signed") else "red"
    words = WORDS.get(name, "")
    console.print(f"[{style}]{name}[/]{': ' + words if words else ''}")
    if result.get("reason"):
        console.print(f"  {escape(result['reason'])}")


def fault(result: dict[str, Any]) -> None:
    """What is wrong, by its name."""
    _outcome(_console(), result)


def made(result: dict[str, Any]) -> None:
    """A new log and its keys."""
    console = _console()
    console.print(f"Made the log {escape(result['origin'])} in {escape(result['log'])}, empty and signed")
    console.print(f"  private key  {escape(result['key'])}: keep it; who has it can sign in your name")
    _public(console, result)


def keyed(result: dict[str, Any]) -> None:
    """A new key pair."""
    console = _console()
    console.print(f"Made a key for {escape(result['name'])}: {escape(result['key'])}, for its owner alone")
    _public(console, result)


def _public(console: Console, result: dict[str, Any]) -> None:
    console.print(f"  public key   {escape(result['public_key_file'])}")
    console.print(f"  {escape(result['public_key'])}", soft_wrap=True)


def appended(result: dict[str, Any]) -> None:
    """Which entries were added."""
    console = _console()
    first, last = result["first"], result["last"]
    entries = f"entry {first:,}" if first == last else f"entries {first:,} to {last:,}"
    records = "1 record" if result["records"] == 1 else f"{result['records']:,} records"
    console.print(f"Committed to {records} of kind {result['kind']}: {entries} of {escape(result['log'])}")
    for batch in result["batches"][:DAYS_SHOWN]:
        group = ", ".join(f"{name} {value}" for name, value in batch["group"].items())
        counted = batch["count"] - bool(group)
        console.print(f"  entry {batch['entry']:,}  {escape(group) or 'all'}: {counted:,}")
    _more(console, len(result["batches"]) - DAYS_SHOWN)
    console.print(f"  openings in {escape(result['openings'])}: private; not signed yet (partita log checkpoint)")


def _more(console: Console, count: int) -> None:
    if count > 0:
        console.print(f"  and {count:,} more (--json shows all)")


def signed(result: dict[str, Any]) -> None:
    """The checkpoint."""
    console = _console()
    names = ", ".join(result["signatures"])
    console.print(f"{escape(result['origin'])}: {result['size']:,} entries, signed by {escape(names)}")
    console.print(escape(result["root"]))


def proof(result: dict[str, Any]) -> None:
    """The proof itself, or where it was written."""
    if not result["out"]:
        sys.stdout.write(result["text"])
        return
    console = _console()
    console.print(f"Wrote {escape(result['out'])}: anybody verifies it with the public key alone")
    if "said" in result:
        said = result["said"]
        console.print(f"  entry {result['entry']:,}: {said['kind']}, {said['count']:,}, at {said['at']}")


def verified(result: dict[str, Any]) -> None:
    """The outcome, and what was verified."""
    console = _console()
    _outcome(console, result)
    if "receipts" in result:
        for name, count in result["outcomes"].items():
            console.print(f"  {count:,} {name}")
        for each in result["wrong"][:LINES_SHOWN]:
            console.print(f"  line {each['line']}: {each['outcome']}: {escape(each['reason'])}")
        _more(console, len(result["wrong"]) - LINES_SHOWN)
        return
    if "number" in result:
        counted = f" of {result['plays']:,}" if "plays" in result else ""
        said = f"play {result['number']:,}{counted}, {result['venue']}, {result['day']}"
        console.print(f"  {escape(said)}")
    if result.get("record") is not None:
        for name, value in _flat(result["record"]):
            console.print(f"    {escape(name)}: {escape(value)}", style="dim")
    _rests_on(console, result)


def document(result: dict[str, Any]) -> None:
    """A statement, annex or run's receipt: the outcome, and what was verified and computed again."""
    console = _console()
    _outcome(console, result)
    if "logged_at" in result:
        size, at = result["log_size"], result["logged_at"]
        console.print(f"  logged at {escape(str(at))} as entry {result['entry']:,} of {size:,}")
    if "figures" in result:
        console.print(f"  {result['figures']:,} figures verified, {result['recomputed']:,} amounts computed again")
    for name in result.get("witnesses", []):
        console.print(f"  witnessed by {escape(name)}")


def _flat(record: Any) -> list[tuple[str, str]]:
    return [(str(name), str(value)) for name, value in record.items()] if isinstance(record, dict) else []


def _rests_on(console: Console, result: dict[str, Any]) -> None:
    if "entries" in result:
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in result["kinds"].items())
        console.print(f"  {result['entries']:,} entries recomputed, {result['commitments']:,} commitments")
        console.print(f"  {kinds}" if kinds else "  no entry yet")
        if result["unpublished"]:
            console.print(f"  {result['unpublished']:,} batches whose list of commitments is not published")
    elif "entry" in result:
        said = result.get("said", result)
        kind = f": {said['kind']}, {said['count']:,}, at {said['at']}" if "kind" in said else ""
        console.print(f"  entry {result['entry']:,} of {result['size']:,}{kind}")
    if "continues" in result:
        console.print(f"  continues the checkpoint of {result['continues']:,} entries")
    for word, key in (("signed by", "signed"), ("witnessed by", "witnessed")):
        for each in result.get(key, []):
            at = f", {_time(each['at'])}" if "at" in each else ""
            console.print(f"  {word} {escape(each['name'])}{at}")


def _time(seconds: int) -> str:
    try:
        return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (OverflowError, OSError, ValueError):
        return f"second {seconds}"


def witnessed(result: dict[str, Any]) -> None:
    """What the witness signed."""
    console = _console()
    seen = f"it had {result['seen_before']:,} when last seen" if result["seen_before"] else "seen for the first time"
    console.print(f"{escape(result['log'])}: {result['size']:,} entries, {seen}; signed at {result['at']}")
    console.print(escape(result["signature"]), soft_wrap=True)
    if result["out"]:
        console.print(f"Wrote {escape(result['out'])}: hand it to the log (partita log checkpoint --cosigned)")


def serving(result: dict[str, Any]) -> None:
    """Where the log is served."""
    console = _console()
    console.print(f"Serving {escape(result['log'])} at {escape(result['address'])}, read only; Ctrl-C ends")
    sys.stdout.flush()


def erased(result: dict[str, Any]) -> None:
    """What was erased."""
    console = _console()
    openings = "1 opening" if result["erased"] == 1 else f"{result['erased']:,} openings"
    console.print(f"Erased {openings}; the commitment stays and says nothing, every other proof holds")
    for name in result["files"]:
        console.print(f"  {escape(name)}", style="dim")


def played(result: dict[str, Any]) -> None:
    """What was committed to, and the receipt of a single play."""
    console = _console()
    if result["receipt"] and not result["out"]:
        slip = result["receipt"]["slip"]
        console.print(escape(slip.partition("\n")[0]), style="dim")
    plays = "1 play" if result["plays"] == 1 else f"{result['plays']:,} plays"
    console.print(f"Committed to {plays} in {escape(result['days'])}")
    for venue, day in result["touched"][:DAYS_SHOWN]:
        console.print(f"  {escape(venue)}, {day}")
    _more(console, len(result["touched"]) - DAYS_SHOWN)
    if result["out"]:
        console.print(f"Receipts in {escape(result['out'])}")
    _aside(console, result["set_aside"], result["set_aside_rows"])


def _aside(console: Console, shown: list[str], count: int) -> None:
    if count:
        console.print(f"Set aside {count:,} rows that cannot be read as plays:")
        for each in shown[:LINES_SHOWN]:
            console.print(f"  {escape(each)}", soft_wrap=True)
        _more(console, count - LINES_SHOWN)


def closed(result: dict[str, Any]) -> None:
    """Which days were closed."""
    console = _console()
    days = result["days"]
    word = "1 day" if len(days) == 1 else f"{len(days):,} days"
    console.print(f"Closed {word} with {result['plays']:,} plays into {escape(result['log'])}")
    for each in days[:DAYS_SHOWN]:
        console.print(f"  entry {each['entry']:,}  {escape(each['venue'])}, {each['day']}: {each['plays']:,} plays")
    _more(console, len(days) - DAYS_SHOWN)
    console.print("  not signed yet (partita log checkpoint)")


def audited(result: dict[str, Any]) -> None:
    """A usage list against the log."""
    console = _console()
    _outcome(console, result)
    counts = result["counts"]
    found = ", ".join(f"{count:,} {name}" for name, count in counts.items()) or "nothing"
    console.print(
        f"  {result['lines']:,} lines against {result['plays']:,} plays of {len(result['days']):,} days: {found}"
    )
    wrong = [day for day in result["days"] if day["outcome"] != "proven"]
    if wrong:
        table = _grid("venue", "day", "entry", "plays", "proven", "altered", "missing", "", numbers=(2, 3, 4, 5, 6))
        for day in wrong[:DAYS_SHOWN]:
            entry = "" if day["entry"] is None else f"{day['entry']:,}"
            numbers = (day["plays"], day["proven"], day["altered_play"], day["missing_play"])
            table.add_row(escape(str(day.get("venue", ""))), escape(str(day.get("day", ""))), entry,
                          *(f"{number:,}" for number in numbers), day["outcome"])  # fmt: skip
        console.print(table)
        _more(console, len(wrong) - DAYS_SHOWN)
    for each in result["wrong"][:LINES_SHOWN]:
        console.print(f"  {_where(each)}: {each['outcome']}{_change(each)}")
    _more(console, result["wrong_lines"] - LINES_SHOWN)
    _aside(console, result["set_aside"], result["set_aside_lines"])
    if result["unopened"]:
        console.print(f"  {len(result['unopened']):,} entries of usage that no opening speaks of")
    for words, key in (("not in the log, so not proven", "not_committed"), ("not in the list", "not_listed")):
        if result[key]:
            console.print(f"  columns {words}: {escape(', '.join(result[key]))}")
    if result.get("out"):
        console.print(f"Wrote {escape(result['out'])}")


def _where(each: dict[str, Any]) -> str:
    named = escape(str(each["line_id"])) if each["line_id"] else ""
    line = (
        f"line {each['line']:,}"
        if each["line"]
        else f"play {each['number']}, {escape(str(each['venue']))}, {each['day']}"
    )
    return f"{line} ({named})" if named else line


def _change(each: dict[str, Any]) -> str:
    changed = [f"{escape(name)} was {escape(old)!s}, is {escape(new)}" for name, (old, new) in each["columns"].items()]
    return f": {'; '.join(changed)}" if changed else f" {escape(each['title'] or '')}".rstrip()

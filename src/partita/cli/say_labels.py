"""What `partita label`, `partita certificate` and `partita verify` print of labels: what they say, and their worth."""

from __future__ import annotations

from typing import Any

from partita.cli.terminal import console as _console
from partita.cli.terminal import escape

_STYLE = {"trusted": "green", "untrusted": "yellow", "invalid": "bold red", "unsigned": "yellow", "unknown": "magenta"}
_REASONS_MOST, _FINDINGS_MOST = 8, 20


def labelled(result: dict[str, Any]) -> None:
    """What was written, and what could not be said."""
    console = _console()
    console.print(f"Wrote {escape(result['out'])}: {escape(result['title'])}, {result['making']}")
    for one in result["labels"]:
        _label(one)
    ddex = result["ddex"]
    if ddex["contains_ai"]:
        parts = ", ".join(f"{name} {value}" for name, value in ddex["categories"].items())
        console.print(f"  DDEX says ContainsAI {ddex['contains_ai']}" + (f" ({escape(parts)})" if parts else ""))
    for purpose in result["unsaid"]:
        console.print(f"  not said: that {escape(purpose)} is reserved, exactly; no such entry is in the label")
    for remark in result["remarks"]:
        console.print(f"  {escape(remark)}")
    _findings(result["findings"])
    console.print(result["advice"], style="dim")


def verified(result: dict[str, Any]) -> None:
    """What a media file's labels say and are worth; the answer first."""
    console = _console()
    style = _STYLE.get(result["state"], "")
    made = result["making"] or "how it was made is not known"
    console.print(f"[{style or 'default'}]{result['state']}[/]  {escape(result['file'])} ({result['kind']}): {made}")
    for one in result["labels"]:
        _label(one)
    _findings(result["findings"])
    console.print(result["advice"], style="dim")


def certified(result: dict[str, Any]) -> None:
    """Where the credentials are, and what is given to whom."""
    console = _console()
    console.print(f"Made credentials for {escape(result['name'])}, valid until {result['valid_until']}")
    console.print(f"  give   {escape(result['give'])} to those who are to trust what you sign")
    for file in result["keep"]:
        console.print(f"  keep   {escape(file)} to yourself")
    console.print(f"  {result['trust']}")


def _label(one: dict[str, Any]) -> None:
    """One label: its kind, state, making and signer, and why it is worth what it is."""
    console = _console()
    says = f", says {one['making']}" if one["making"] else ""
    signer = f", signed by {escape(one['signer'])}" if one["signer"] else ""
    when = f" at {escape(one['signed_at'])}" if one["signed_at"] else ""
    console.print(f"  {one['kind']:<5} [{_STYLE.get(one['state'], 'default')}]{one['state']}[/]{says}{signer}{when}")
    for reason in one["reasons"][:_REASONS_MOST]:
        console.print(f"        {escape(reason['words'])} ({escape(reason['code'])})", style="dim")
    if len(one["reasons"]) > _REASONS_MOST:
        console.print(f"        and {len(one['reasons']) - _REASONS_MOST:,} more reasons", style="dim")


def _findings(findings: list[dict[str, Any]]) -> None:
    console = _console()
    for one in findings[:_FINDINGS_MOST]:
        place = f"{escape(one['place'])}: " if one["place"] else ""
        console.print(f"  {place}{escape(one['words'])}", style="" if one["note"] else "bold red")
    if len(findings) > _FINDINGS_MOST:
        console.print(f"  and {len(findings) - _FINDINGS_MOST:,} more")

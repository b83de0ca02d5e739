"""What `partita law` prints: the questions, one answer with its sources, or what every place says. Never advice."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.padding import Padding

from partita.cli.terminal import console as _console
from partita.cli.terminal import escape
from partita.cli.terminal import grid as _grid

_STYLE = {"settled": "green", "contested": "red", "pending": "yellow", "no_rule": "dim", "unknown": "magenta"}


def told(result: dict[str, Any]) -> None:
    """Whatever the verb was asked for."""
    console = _console()
    if "pages" in result:
        console.print(f"Look at {escape(result['pages'])} ({len(result['files'])} files, law of {result['at']})")
    elif "questions" in result:
        _questions(console, result)
        return
    elif "answers" in result:
        _everywhere(console, result)
    else:
        _answer(console, result)
    console.print(result["advice"], style="dim")


def _questions(console: Console, result: dict[str, Any]) -> None:
    table = _grid("question", "asks")
    for question in result["questions"]:
        table.add_row(question["question"], f"{escape(question['english'])}\n{escape(question['chinese'])}")
    console.print(table)
    console.print("Places: " + ", ".join(f"{code} {name['english']}" for code, name in result["places"].items()))
    console.print("Ask with: partita law QUESTION --place CODE --at DATE")


def _everywhere(console: Console, result: dict[str, Any]) -> None:
    console.print(f"[bold]{escape(result['english'])}[/]  {escape(result['chinese'])}")
    table = _grid("place", "answer", "status", "evidence", "since")
    for answer in result["answers"]:
        words = f"{escape(answer['english'])}\n{escape(answer['chinese'])}"
        table.add_row(answer["place"], words, _status(answer), answer["evidence"] or "-", _since(answer))
    console.print(table)


def _answer(console: Console, answer: dict[str, Any]) -> None:
    console.print(f"[bold]{escape(answer['asked']['english'])}[/]  {escape(answer['asked']['chinese'])}")
    whose = f", by the law of {answer['law_of']}" if answer["law_of"] not in ("", answer["place"]) else ""
    console.print(
        f"{answer['place']} on {answer['at']}{whose}: [bold]{escape(answer['english'])}[/] {escape(answer['chinese'])}"
    )
    if not answer["known"]:
        console.print(f"unknown, and unknown is never a yes: {escape(answer['note'])}", style=_STYLE["unknown"])
        return
    until = f" until {answer['until']}" if answer["until"] else ""
    console.print(f"  {_status(answer)}, evidence {answer['evidence']}, since {_since(answer)}{until}")
    if answer["measure"]:
        console.print(f"  {answer['measure']['amount']} {answer['measure']['unit'].replace('_', ' ')}")
    for language in ("english", "chinese"):
        if answer["rule"][language]:
            _indented(console, escape(answer["rule"][language]))
    for holding in answer["holdings"]:
        _holding(console, holding)
    for source in answer["sources"]:
        _indented(console, f"source: {_source(source)}")
    console.print(f"  looked up {answer['as_of']}, to be looked up again by {answer['review_by']}")


def _holding(console: Console, holding: dict[str, Any]) -> None:
    final = {True: "final", False: "not final", None: "finality not known"}[holding["final"]]
    when = f"{holding['date']}, {final}" if holding["date"] else "pending"
    _indented(
        console, f"[bold]{escape(holding['court'])}[/], {escape(holding['ref'])} ({when}, {holding['evidence']}):"
    )
    _indented(console, escape(holding["holding"]), 4)


def _indented(console: Console, text: str, left: int = 2) -> None:
    """A paragraph whose every line begins `left` columns in."""
    console.print(Padding(text, (0, 0, 0, left), expand=False))


def _source(source: dict[str, Any]) -> str:
    return escape(", ".join(part for part in (source["title"], source["date"], source["address"]) if part))


def _status(answer: dict[str, Any]) -> str:
    return f"[{_STYLE[answer['status']]}]{answer['status'].replace('_', ' ')}[/]"


def _since(answer: dict[str, Any]) -> str:
    return answer["since"] or ("before 2019" if answer["known"] else "-")

"""What the verbs share: the options that they have in common, and how a result is told."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

FILE = click.Path(path_type=Path)
as_json = click.option("--json", "json_", is_flag=True, help="Print one JSON object and nothing else.")


def output(default: str | None = None) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The `-o` option: where the result goes; must be given where there is no default."""
    # An explicit default of None would count as given.
    otherwise: dict[str, Any] = {"required": True} if default is None else {"default": default, "show_default": True}
    return click.option(
        "-o", "--out", type=FILE, help="Where to write; replaced whole if it is an earlier result.", **otherwise
    )


def tell(result: dict[str, Any], render: Callable[[dict[str, Any]], None], json_: bool) -> None:
    """Prints a result: one JSON object, or as `render` shows it."""
    if not sys.stdout:
        return
    if json_:
        # Where the terminal or the pipe has no Chinese, JSON has its own way of writing it.
        plain = codecs.lookup(sys.stdout.encoding or "utf-8").name != "utf-8"
        sys.stdout.write(json.dumps(result, ensure_ascii=plain, sort_keys=True) + "\n")
    else:
        render(result)

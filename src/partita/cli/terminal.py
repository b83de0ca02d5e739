"""The terminal: what every verb prints through. Text from files is shown, never obeyed."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.markup import escape as _escape
from rich.table import Table

WIDTH_WITHOUT_TERMINAL = 100


class _Console(Console):
    """A console that leaves a closed pipe to the caller."""

    def on_broken_pipe(self) -> None:
        """`partita ... | head -1` has read enough."""
        raise BrokenPipeError


def console() -> Console:
    """The terminal, or 100 columns where there is none."""
    made = _Console(highlight=False, soft_wrap=False)
    return made if made.is_terminal else _Console(highlight=False, width=WIDTH_WITHOUT_TERMINAL)


def visible(text: str) -> str:
    """`text` in one line, with what would move the cursor or turn the text round shown as an escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)


def escape(text: str) -> str:
    """`text` from a file, as the console may print it."""
    return _escape(visible(text))


def grid(*headers: str, numbers: tuple[int, ...] = ()) -> Table:
    """An empty table with these headers; the columns at `numbers` are aligned to the right."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for position, header in enumerate(headers):
        table.add_column(header, justify="right" if position in numbers else "left", overflow="fold")
    return table

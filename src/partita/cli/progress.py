"""Progress on standard error, and only when it is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn


@contextmanager
def shown() -> Iterator[Callable[[str, int, int], None]]:
    """A function `(step, done, total)` that draws a bar a step, or nothing where nobody watches."""
    if not sys.stderr.isatty():
        yield lambda _step, _done, _total: None
        return
    columns = SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def update(step: str, done: int, total: int) -> None:
            for name, task in tasks.items():
                if name != step:
                    bars.update(task, visible=False)
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=max(total, 1))
            bars.update(tasks[step], completed=done, total=max(total, 1), visible=True)

        yield update

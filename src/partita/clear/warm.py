"""Has the compiled rules made before they are needed, as when Partita is installed; they are kept beside the source."""

from __future__ import annotations

import datetime as dt
import functools
import threading
from collections.abc import Callable

import pyarrow as pa

from partita.clear.answer import Use
from partita.clear.batch import decide_all
from partita.tables import rights
from partita.text.compiled import are_kept

STEP = "compiling the rules of clearing (once, about half a minute)"

_LOCK = threading.Lock()
_USE = Use("use", "work", "work", "train", "*", "world", dt.date(2026, 1, 1))


def warm(progress: Callable[[str, int, int], None] | None = None) -> None:
    """Returns when all is ready; threads that ask at once wait for the first. `progress` is told of a long wait."""
    with _LOCK:
        if progress and not are_kept("partita.clear"):
            progress(STEP, 0, 1)
        _answered()


@functools.cache
def _answered() -> None:
    """One use of a registry that knows nothing: the rules are compiled all together."""
    asked = pa.Table.from_pylist([_USE._asdict()], rights.USES.schema)
    decide_all(asked, {table.name: table.empty() for table in rights.REGISTRY})

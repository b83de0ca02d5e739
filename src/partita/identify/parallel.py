"""Work on several parts of something at once, in threads: compiled kernels, numpy and Arrow let each other run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def side_by_side(work: Callable[[T], R], parts: Sequence[T], threads: int | None = None) -> Iterator[R]:
    """The work done on every part, in order; `threads` at once (None: as many as there are cores)."""
    most = min(threads or os.cpu_count() or 1, len(parts))
    if most <= 1:
        yield from map(work, parts)
        return
    with ThreadPoolExecutor(most) as pool:
        try:
            yield from pool.map(work, parts)
        finally:
            pool.shutdown(cancel_futures=True)


def pieces(rows: int, size: int) -> list[slice]:
    """Rows divided into slices of `size`, the last of what is left."""
    return [slice(begin, min(begin + size, rows)) for begin in range(0, rows, size)]

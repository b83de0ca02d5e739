"""Functions compiled for the machine by numba at their first call, and kept beside their source for the next process.

A compiled function calls compiled functions of its own file alone: what numba keeps is thrown away when that file
changes, and only then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from numba import njit

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The function, compiled; other threads run while it does. Where nothing can be kept, every process compiles it."""
    try:
        made = njit(cache=True, nogil=True)(function)
    except RuntimeError:
        made = njit(nogil=True)(function)
    return cast("Callable[P, R]", made)

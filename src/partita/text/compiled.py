"""Functions compiled for the machine by numba at their first call, and kept beside their source for the next process.

A compiled function calls compiled functions of its own file alone: what numba keeps is thrown away when that file
changes, and only then.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

from numba import njit

P = ParamSpec("P")
R = TypeVar("R")

_MADE: list[Any] = []


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The function, compiled; other threads run while it does. Where nothing can be kept, every process compiles it."""
    return _made(function)


def uncounted(function: Callable[P, R]) -> Callable[P, R]:
    """As `compiled`, for functions that make no array and return none: nobody counts who holds those they are given.

    With many arrays handed from function to function the counting takes longer than all else; the caller holds them.
    """
    return _made(function, _nrt=False)


def _made(function: Callable[P, R], **options: bool) -> Callable[P, R]:
    try:
        made = njit(cache=True, nogil=True, **options)(function)
    except RuntimeError:
        made = njit(nogil=True, **options)(function)
    _MADE.append(made)
    return cast("Callable[P, R]", made)


def never_called() -> list[str]:
    """The compiled functions, of modules that are loaded, that no call has compiled or loaded in this process yet."""
    return [f"{made.__module__}.{made.__name__}" for made in _MADE if not made.signatures]


def are_kept(package: str = "partita") -> bool:
    """Whether an earlier process has kept compiled functions of modules in a package, of those that are loaded."""
    mine = [made for made in _MADE if made.__module__.startswith(package)]
    places = {Path(path) for made in mine if (path := made.stats.cache_path)}
    return any(next(place.glob("*.nbi"), None) is not None for place in places)

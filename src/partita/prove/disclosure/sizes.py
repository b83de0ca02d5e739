"""Sizes that may be known in part: what was measured, and of how many items nothing is known. Unknown is never 0."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from partita.prove.disclosure.rules import rules


@dataclass(frozen=True, slots=True)
class Size:
    """`known`: the sum over the items that state a size, in the modality's unit; `unknown`: how many state none."""

    known: int = 0
    unknown: int = 0
    items: int = 0

    def __add__(self, other: Size) -> Size:
        return Size(self.known + other.known, self.unknown + other.unknown, self.items + other.items)


def total(sizes: Iterable[Size]) -> Size:
    """The sum of sizes."""
    return sum(sizes, Size())


def band(modality: str, size: Size) -> str | None:
    """The id of the size band; None where the modality has no bands or items of unknown size leave it open.

    An unknown size can only add: what is known decides where it already lies in the largest band.
    """
    steps = rules().bands.get(modality)
    if steps is None:
        return None
    least = at_least(modality, size)
    return least if not size.unknown or least == steps[-1].id else None


def at_least(modality: str, size: Size) -> str | None:
    """The band of what is known: the true one is this or a larger one. None for a modality without bands."""
    steps = rules().bands.get(modality)
    return None if steps is None else next(step.id for step in steps if step.holds(size.known))


def large(sizes: dict[str, Size]) -> dict[str, str]:
    """Which public datasets of one modality are to be named: dataset to `over` or `unknown`.

    `over`: its known part of all known sizes exceeds the rule's fraction, exactly. `unknown`: it has items of unknown
    size, so that it may exceed it. Whatever else is unknown can only make a dataset's part smaller: none that exceeds
    the fraction is ever left out.
    """
    whole = sum(size.known for size in sizes.values())
    found = {}
    for name, size in sorted(sizes.items()):
        if whole and Fraction(size.known, whole) > rules().large_over:
            found[name] = "over"
        elif size.unknown:
            found[name] = "unknown"
    return found

"""The most relevant domain names: the top part of all that were crawled, by size.

Sizes of different modalities cannot be added, so a domain counts as large as the largest part that it has of any
modality. A modality is measured in the first of these that every crawled item of it states: its own unit (tokens,
pictures, milliseconds), bytes, and else the number of items. The number of domains listed is rounded up, and all
domains as large as the last one are listed with it: none is left out for its name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from partita.prove.disclosure.rules import rules

MEASURES = ("unit", "bytes", "items")


@dataclass(frozen=True, slots=True)
class Crawled:
    """What was crawled of one modality on one domain; a sum is None where an item does not state it."""

    domain: str
    modality: str
    items: int
    unit: int | None
    bytes: int | None

    def by(self, measure: str) -> int | None:
        """Its size in one of `MEASURES`."""
        return {"unit": self.unit, "bytes": self.bytes, "items": self.items}[measure]


@dataclass(frozen=True, slots=True)
class Listed:
    """The domains listed, by name; of how many; the rule that was applied; and how each modality was measured."""

    domains: tuple[str, ...]
    of: int
    rule: str
    measures: dict[str, str]


def quota(count: int, *, small: bool) -> int:
    """How many of `count` domains are listed at least: the part rounded up; for a small provider 1,000 at most."""
    figures = rules()
    if not small:
        return _ceiling(count * figures.listed)
    return min(_ceiling(count * figures.listed_small), figures.listed_small_most)


def top(rows: Sequence[Crawled], *, small: bool = False) -> Listed:
    """The domains to be listed. Rows without a domain do not count: there is nothing to list."""
    rows = [row for row in rows if row.domain]
    measures = measured(rows)
    sizes = weights(rows, measures)
    least = quota(len(sizes), small=small)
    ranked = sorted(sizes.values(), reverse=True)
    cut = ranked[least - 1] if least else Fraction(0)
    domains = tuple(sorted(domain for domain, size in sizes.items() if least and size >= cut))
    return Listed(domains, len(sizes), "small" if small else "all", measures)


def measured(rows: Sequence[Crawled]) -> dict[str, str]:
    """For each modality the first measure that all its rows have, of which some is above 0."""
    found = {}
    for modality in sorted({row.modality for row in rows}):
        own = [row for row in rows if row.modality == modality]
        found[modality] = next(
            m for m in MEASURES if all(r.by(m) is not None for r in own) and any(r.by(m) for r in own)
        )
    return found


def weights(rows: Sequence[Crawled], measures: Mapping[str, str]) -> dict[str, Fraction]:
    """Each domain's largest part of any modality."""
    wholes: dict[str, int] = dict.fromkeys(measures, 0)
    sizes: dict[tuple[str, str], int] = {}
    for row in rows:
        size = row.by(measures[row.modality]) or 0
        wholes[row.modality] += size
        key = (row.domain, row.modality)
        sizes[key] = sizes.get(key, 0) + size
    found: dict[str, Fraction] = {}
    for (domain, modality), size in sizes.items():
        found[domain] = max(found.get(domain, Fraction(0)), Fraction(size, wholes[modality]))
    return found


def _ceiling(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)

"""The sender's own numbers of songs, learned from what people confirmed.

A number stands for a work where people said of lines with that number that they are that one work, and nobody said
that they are not, or that they are another one. It means something with its sender alone, unless a decision is for any.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from partita.identify.codes import SEVERAL, UNKNOWN
from partita.identify.index import Index
from partita.identify.lines import Lines
from partita.identify.written import listed
from partita.registry import decisions as registry
from partita.text import fold_all
from partita.text.ragged import Places

_BETWEEN = "\x1f"
_ANY_WORK = ""


@dataclass(frozen=True, slots=True)
class Learned:
    """The work of each sender's number (or `SEVERAL`), and the titles under which people confirmed it."""

    works: dict[str, int] = field(default_factory=dict)
    titles: frozenset[tuple[str, int]] = frozenset()

    @classmethod
    def of(cls, decisions: pa.Table | None, index: Index) -> Learned:
        """What the DECISIONS in force teach of the works of the index."""
        if not numbered(decisions):
            return cls()
        same: dict[tuple[str, str], set[str]] = defaultdict(set)
        other: dict[tuple[str, str], set[str]] = defaultdict(set)
        rows = [row for row in registry.in_force(decisions).to_pylist() if row["sender_number"]]
        for row in rows:
            into = other if row["kind"] == registry.NOT_SAME else same
            into[row["list"], row["sender_number"]].add(row["work_id"])
        number = {work: place for place, work in enumerate(index.work_ids)}
        works = {_BETWEEN.join(key): _one(key, same, other, number) for key in same.keys() | other.keys()}
        folded = fold_all([row["title"] for row in rows])
        titles = {
            (title, number[row["work_id"]]) for title, row in zip(folded, rows, strict=True)
            if row["kind"] != registry.NOT_SAME and row["work_id"] in number
        }  # fmt: skip
        return cls(works, frozenset(titles))

    def find(self, identifiers: pa.Table) -> Places:
        """The work of each line's `sender_number` by its `list` or `licensee`, else for any sender; or `UNKNOWN`."""
        if not self.works:
            return np.full(identifiers.num_rows, UNKNOWN, np.int64)
        by_list, by_licensee, by_any = (self._of(identifiers, sender) for sender in ("list", "licensee", ""))
        both = (by_list != UNKNOWN) & (by_licensee != UNKNOWN) & (by_list != by_licensee)
        own = np.where(by_list != UNKNOWN, by_list, by_licensee)
        return np.where(both, SEVERAL, np.where(own != UNKNOWN, own, by_any))

    def _of(self, identifiers: pa.Table, sender: str) -> Places:
        number = identifiers.column("sender_number")
        who = identifiers.column(sender) if sender else pc.replace_substring_regex(number, "(?s).+", "")
        keys = pc.binary_join_element_wise(who, number, pa.scalar(_BETWEEN, number.type))
        place = pc.index_in(keys, value_set=pa.array(list(self.works), number.type))
        works = np.array([*self.works.values(), UNKNOWN], np.int64)
        found: Places = works[pc.fill_null(place, len(self.works)).to_numpy()]
        return found

    def titled(self, lines: Lines, line: Places, work: Places) -> NDArray[np.bool_]:
        """Whether people confirmed the work for a line with this very title."""
        if not self.titles:
            return np.zeros(len(line), np.bool_)
        folded = fold_all(listed(lines.title, line))
        return np.array([pair in self.titles for pair in zip(folded, work.tolist(), strict=True)], np.bool_)


def numbered(decisions: pa.Table | None) -> bool:
    """Whether any decision names a sender's number."""
    if decisions is None or not decisions.num_rows:
        return False
    return bool(pc.any(pc.not_equal(decisions.column("sender_number"), "")).as_py())


def _one(
    key: tuple[str, str], same: dict[tuple[str, str], set[str]], other: dict[tuple[str, str], set[str]],
    number: dict[str, int],
) -> int:  # fmt: skip
    """The work of a sender's number, with what is said of the number for any sender."""
    for_any = ("", key[1])
    confirmed = same.get(key, set()) | same.get(for_any, set())
    denied = other.get(key, set()) | other.get(for_any, set())
    if len(confirmed) != 1 or denied & (confirmed | {_ANY_WORK}):
        return SEVERAL
    return number.get(next(iter(confirmed)), SEVERAL)

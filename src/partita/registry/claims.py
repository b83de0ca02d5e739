"""Shares following their works: each row finds its work, each party stands once, near-wholes are made whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from partita import money, tables
from partita.registry.notes import Notes
from partita.registry.registrations import Work

SCALED_PPM = 600
"""A work whose shares miss the whole by no more is scaled to it: rounding to two decimals, a dozen parties."""

Key = tuple[str, str, str, str]
"""work_id, society, party_id, role: the key of SHARES."""

_ORDER = ("work_id", "society", "party_id", "role", "party_name", "share_ppm")


def follow(shares: pa.Table, works: Sequence[Work], plain: pa.Table, notes: Notes) -> pa.Table:
    """SHARES under the works' ids. `works` may be registered twice; the numbers of `plain` (REPERTOIRE) are ids."""
    rows = tables.conform(shares, tables.SHARES)
    known = pc.is_in(rows.column("work_id"), value_set=plain.column("work_id").combine_chunks())
    moved = _moved(rows.filter(pc.invert(known)), _Finder(works, plain), notes)
    placed = pa.concat_tables([rows.filter(known), moved])
    odd = pc.is_in(placed.column("work_id"), value_set=_odd(placed))
    mended = _mended(placed.filter(odd), notes)
    whole = pa.concat_tables([placed.filter(pc.invert(odd)), mended])
    _overclaimed(whole, notes)
    return whole.sort_by([(column, "ascending") for column in tables.SHARES.key]).combine_chunks()


def _overclaimed(rows: pa.Table, notes: Notes) -> None:
    """Remarks on works whose shares, of all societies together, are more than the whole: nobody is paid for them."""
    sums = rows.group_by("work_id").aggregate([("share_ppm", "sum")])
    over = sums.filter(pc.greater(sums.column("share_ppm_sum"), money.PPM))
    claimed = rows.filter(pc.is_in(rows.column("work_id"), value_set=over.column("work_id").combine_chunks()))
    by_society = claimed.group_by(["work_id", "society"]).aggregate([("share_ppm", "sum")])
    said: dict[str, list[str]] = defaultdict(list)
    for row in by_society.sort_by([("work_id", "ascending"), ("society", "ascending")]).to_pylist():
        said[row["work_id"]].append(f"{row['society'] or 'no society'} {row['share_ppm_sum']:,} ppm")
    for work, parts in said.items():
        notes.add("works.overclaimed", work, ", ".join(parts))


class _Finder:
    """Which work a number in a shares file means."""

    def __init__(self, works: Sequence[Work], plain: pa.Table) -> None:
        self._own: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._any: dict[str, set[str]] = defaultdict(set)
        self._plain = plain
        for work in works:
            for one in work.registrations:
                self._own[one.society, one.number].add(work.work_id)
                for name in {one.number, one.qualified, f"{one.society}:{one.number}"}:
                    self._any[name].add(work.work_id)

    def add_plain(self, numbers: Sequence[str]) -> None:
        """Makes `SOCIETY:NUMBER` known for works whose number needs no society, where `numbers` ask for it."""
        tails = pa.array([n.partition(":")[2] for n in numbers], pa.string())
        asked = self._plain.filter(pc.is_in(self._plain.column("work_id"), value_set=tails))
        for number, society in zip(
            asked.column("work_id").to_pylist(), asked.column("society").to_pylist(), strict=True
        ):
            self._any[f"{society}:{number}"].add(number)

    def works(self, society: str, number: str) -> set[str]:
        """The works meant: by the society's own number, else by the number alone."""
        return self._own.get((society, number)) or self._any.get(number) or set()


def _moved(rows: pa.Table, finder: _Finder, notes: Notes) -> pa.Table:
    """Rows under their works' ids; a row that may mean several works is left out, one that means none stays."""
    numbers = rows.column("work_id").to_pylist()
    finder.add_plain([n for n in set(numbers) if ":" in n])
    found: list[str | None] = []
    for society, number in zip(rows.column("society").to_pylist(), numbers, strict=True):
        works = finder.works(society, number)
        if len(works) > 1:
            notes.add("works.share_unclear", number, f"{society or 'no society'}, {', '.join(sorted(works)[:5])}")
        elif not works:
            notes.add("works.share_without_work", number)
        found.append((next(iter(works)) if works else number) if len(works) < 2 else None)
    moved = rows.set_column(0, tables.SHARES.schema.field("work_id").with_nullable(True), pa.array(found, pa.string()))
    return tables.conform(moved.filter(pc.is_valid(moved.column("work_id"))), tables.SHARES)


def _odd(rows: pa.Table) -> pa.Array:
    """Works in which a party stands twice, or whose shares nearly sum to the whole."""
    if not rows.num_rows:
        return pa.array([], pa.string())
    key = pc.binary_join_element_wise(*(rows.column(c) for c in tables.SHARES.key), "\x1f").combine_chunks()
    indices = pc.dictionary_encode(key).indices.to_numpy()
    twice = rows.column("work_id").filter(pa.array(np.bincount(indices)[indices] > 1)).combine_chunks()
    sums = rows.group_by("work_id").aggregate([("share_ppm", "sum")])
    total = sums.column("share_ppm_sum")
    near = pc.and_(pc.less_equal(pc.abs(pc.subtract(total, money.PPM)), SCALED_PPM), pc.not_equal(total, money.PPM))
    return pa.concat_arrays([twice, sums.column("work_id").filter(near).combine_chunks()])


def _mended(rows: pa.Table, notes: Notes) -> pa.Table:
    stated: dict[Key, set[int]] = defaultdict(set)
    names: dict[Key, str] = {}
    for work, society, party, role, name, ppm in zip(*(rows.column(c).to_pylist() for c in _ORDER), strict=True):
        key = (work, society, party, role)
        stated[key].add(ppm)
        names[key] = min(name, names.get(key, name))
    chosen = {key: _chosen(key, values, notes) for key, values in stated.items()}
    _scale(chosen, notes)
    keys = sorted(chosen)
    columns = {c: pa.array([key[i] for key in keys], pa.string()) for i, c in enumerate(_ORDER[:4])}
    columns["party_name"] = pa.array([names[key] for key in keys], pa.string())
    columns["share_ppm"] = pa.array([chosen[key] for key in keys], pa.int64())
    return tables.conform(pa.table(columns), tables.SHARES)


def _chosen(key: Key, values: set[int], notes: Notes) -> int:
    """One share of what is stated for one party: the largest where it differs by rounding only, else the smallest."""
    stated = sorted(v for v in values if v) or [0]
    if stated[-1] - stated[0] <= SCALED_PPM:
        return stated[-1]
    notes.add("works.shares_differ", key[0], f"{key[2]} as {key[3]}: {', '.join(f'{v:,}' for v in stated)} ppm")
    return stated[0]


def _scale(chosen: dict[Key, int], notes: Notes) -> None:
    by_work: dict[str, list[Key]] = defaultdict(list)
    for key in chosen:
        by_work[key[0]].append(key)
    for work, keys in by_work.items():
        total = sum(chosen[key] for key in keys)
        if total != money.PPM and abs(total - money.PPM) <= SCALED_PPM:
            ordered = sorted(keys)
            parts = money.split_v1(money.PPM, [chosen[key] for key in ordered])
            chosen.update(zip(ordered, parts, strict=True))
            notes.add("works.scaled", work, f"{total:,} ppm")

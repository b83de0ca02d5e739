"""One id a work: registrations of the same work by several societies brought together, and their shares with them.

Conservative: two registrations are one work where both bear the same valid ISWC, or where two societies have the same
title and the same writers and nothing contradicts it. Everything else stays apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from partita import ids, tables
from partita.registry import claims, registrations
from partita.registry.notes import Notes
from partita.text import fold_all


@dataclass(frozen=True, slots=True)
class Merged:
    """REPERTOIRE with one row a work, SHARES under the works' ids, REGISTRATIONS, and PROBLEMS."""

    repertoire: pa.Table
    shares: pa.Table
    registrations: pa.Table
    problems: pa.Table


def merge(repertoire: pa.Table, shares: pa.Table) -> Merged:
    """The works of REPERTOIRE (of all societies) and their SHARES under one id a work, whatever the order of rows.

    The id is the smallest number that the work is registered under; where two works have the same number it becomes
    `SOCIETY:NUMBER`. Shares that nearly sum to the whole are scaled to it by largest remainder. A row whose society is
    empty stands for several societies, or for an unknown one.
    """
    rows = tables.conform(repertoire, tables.REPERTOIRE)
    several = pa.array(_several(rows))
    plain = rows.filter(pc.invert(several))
    notes = Notes()
    works = registrations.works(rows.filter(several), notes)
    joined = pa.Table.from_pylist([work.row() for work in works], schema=tables.REPERTOIRE.schema)
    whole = pa.concat_tables([plain, joined]).sort_by([(c, "ascending") for c in tables.REPERTOIRE.key])
    followed = claims.follow(shares, works, plain, notes)
    return Merged(whole.combine_chunks(), followed, _registered(works, plain), notes.table())


def _registered(works: list[registrations.Work], plain: pa.Table) -> pa.Table:
    listed = sorted({(r.society, r.number, work.work_id) for work in works for r in work.registrations})
    columns = [pa.array([row[i] for row in listed], pa.string()) for i in range(3)]
    own = [plain.column("society"), plain.column("work_id"), plain.column("work_id")]
    schema = tables.REGISTRATIONS.schema
    both = pa.concat_tables([pa.table(columns, schema=schema), pa.table(own, schema=schema)])
    return both.sort_by([(c, "ascending") for c in tables.REGISTRATIONS.key]).combine_chunks()


def _several(rows: pa.Table) -> NDArray[np.bool_]:
    """Rows that may have something to do with another row: the same number, ISWC, or title in another society."""
    codes = rows.column("iswc")
    valid = pa.array([c for c in pc.unique(codes).to_pylist() if c and ids.iswc(c)], pa.string())
    result = _repeated(rows.column("work_id")) | (_repeated(codes) & np.asarray(pc.is_in(codes, value_set=valid)))
    if pc.count_distinct(rows.column("society")).as_py() > 1:
        titles = pa.array(fold_all(rows.column("title").to_pylist()), pa.string())
        pairs = pa.table({"title": titles, "society": rows.column("society")})
        counted = pairs.group_by("title").aggregate([("society", "count_distinct")])
        common = counted.column("title").filter(pc.greater(counted.column("society_count_distinct"), 1))
        result |= np.asarray(pc.is_in(titles, value_set=common.combine_chunks()))
    # An id such as A:1 or 1#2 could be what a shared number is made into.
    marked = np.asarray(pc.match_substring_regex(rows.column("work_id"), "[:#]"))
    return np.asarray(result | marked if result.any() else result, np.bool_)


def _repeated(column: pa.ChunkedArray) -> NDArray[np.bool_]:
    """Rows whose value stands in more than one row."""
    indices = pc.fill_null(pc.dictionary_encode(column.combine_chunks()).indices, -1).to_numpy() + 1
    counts = np.bincount(indices, minlength=1)
    counts[0] = 0
    return np.asarray(counts[indices] > 1)

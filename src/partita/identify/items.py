"""Items of a manifest as usage lines, and the lines' matches as one answer for each item.

An item is looked for under its own title, and under each title and name that its file name or URL can be read as. What
it says itself counts first; readings that lead to different works leave it ambiguous. A copy with the same hash as an
identified item is the same work, and so is what was taken from the same URL.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from partita import tables

COPIES = (("sha256", "sha256"), ("url", "same_url"))
"""What makes an item a copy of another: the column in which they agree, and the rule by which it is then found."""

_OUTCOMES = ("unmatched", "ambiguous", "matched")
_MOST = 5
"""Candidates that an ambiguous item keeps."""


@dataclass(frozen=True, slots=True)
class ItemLines:
    """USAGE, one line for each title of each item, and the item's row that each line belongs to."""

    usage: pa.Table
    owner: NDArray[np.int64]


def item_lines(items: pa.Table, readings: pa.Table) -> ItemLines:
    """The lines of ITEMS under their own titles and codes, then of their READINGS; an item may have none."""
    places = pa.array(np.arange(items.num_rows), pa.int64())
    stated = pc.or_(
        pc.not_equal(items.column("title"), ""),
        pc.or_(pc.is_valid(items.column("isrc")), pc.is_valid(items.column("iswc"))),
    )
    own = places.filter(stated.combine_chunks() if isinstance(stated, pa.ChunkedArray) else stated)
    found = pc.index_in(readings.column("item_id"), value_set=items.column("item_id"))
    read = readings.filter(pc.is_valid(found))
    owner = np.concatenate([np.asarray(own), np.asarray(pc.drop_null(found)).astype(np.int64)])
    titles = pa.concat_arrays([_whole(items.column("title").take(own)), _whole(read.column("title"))])
    names = pa.concat_arrays([_whole(items.column("performers").take(own)), _whole(read.column("performers"))])
    # A reading says nothing of writers and codes: with those of the item it would be the item's own line again.
    nothing = pa.nulls(read.num_rows, pa.string())
    given: Mapping[str, Any] = {
        "line_id": pa.array([f"{number:012d}" for number in range(len(owner))], pa.string()),
        "title": titles,
        "performers": names,
        "writers": pa.concat_arrays(
            [_whole(items.column("writers").take(own)), pa.array([[]] * read.num_rows, tables.TEXTS)]
        ),
        **{code: pa.concat_arrays([_whole(items.column(code).take(own)), nothing]) for code in ("isrc", "iswc")},
    }
    return ItemLines(_usage(given, len(owner)), owner)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    found = column.combine_chunks()
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def _usage(given: Mapping[str, Any], count: int) -> pa.Table:
    plain = {"list": "", "licensee": "", "file": "", "line": 0, "plays": 1}
    columns = [
        given[column.name] if column.name in given else pa.repeat(pa.scalar(plain.get(column.name), column.type), count)
        for column in tables.USAGE.columns
    ]
    return tables.conform(pa.table(columns, names=tables.USAGE.schema.names), tables.USAGE)


def item_matches(items: pa.Table, lines: ItemLines, matches: pa.Table) -> pa.Table:
    """MATCHES with one row for each item, `line_id` being the item's id, in the order of ITEMS."""
    found = matches.sort_by("line_id").combine_chunks()
    best = _best_lines(lines.owner, found)
    owners = lines.owner[best]
    at = np.full(items.num_rows, -1, np.int64)
    at[owners] = best
    place = pa.array(at, mask=at < 0)
    chosen = found.take(place)
    nothing: dict[str, Any] = {"outcome": "unmatched", "rule": "no_title", "probability": 0.0, "candidates": []}
    columns = {name: chosen.column(name) for name in tables.MATCHES.schema.names}
    columns["line_id"] = items.column("item_id")
    for name, value in nothing.items():
        blank = pa.scalar(value, tables.MATCHES.schema.field(name).type)
        columns[name] = pc.if_else(pc.is_valid(place), columns[name], blank)
    # What is out of scope for a settlement is only not found here.
    known = pc.is_in(columns["outcome"], value_set=pa.array(_OUTCOMES))
    columns["outcome"] = pc.if_else(known, columns["outcome"], "unmatched")
    return _with_doubts(tables.conform(pa.table(columns), tables.MATCHES), lines.owner, found)


def _best_lines(owner: NDArray[np.int64], found: pa.Table) -> NDArray[np.int64]:
    """Of each item the line with the best outcome and probability; of equal ones the first: its own title."""
    rank = np.asarray(pc.fill_null(pc.index_in(found.column("outcome"), value_set=pa.array(_OUTCOMES)), 0))
    odds = np.asarray(found.column("probability"))
    order = np.lexsort((np.arange(len(owner)), -odds, -rank, owner))
    first = np.diff(owner[order], prepend=-1) != 0
    return np.asarray(order[first], np.int64)


def _with_doubts(matches: pa.Table, owner: NDArray[np.int64], found: pa.Table) -> pa.Table:
    """MATCHES of items, those whose titles lead to different works made ambiguous."""
    sure = np.flatnonzero(np.asarray(pc.equal(found.column("outcome"), "matched")))
    works = pa.table({"owner": owner[sure], "work": found.column("work_id").take(pa.array(sure))})
    counted = works.group_by("owner").aggregate([("work", "count_distinct")])
    doubtful = np.sort(np.asarray(counted.column("owner").filter(pc.greater(counted.column("work_count_distinct"), 1))))
    if not len(doubtful):
        return matches
    candidates = matches.column("candidates").to_pylist()
    lines = sure[np.isin(owner[sure], doubtful)]
    listed: dict[int, list[dict[str, Any]]] = {}
    for item, row in zip(
        owner[lines].tolist(), found.column("candidates").take(pa.array(lines)).to_pylist(), strict=True
    ):
        listed.setdefault(item, []).extend(row)
    for item, both in listed.items():
        ordered = sorted(both, key=lambda c: (-c["probability"], c["work_id"]))
        candidates[item] = list({c["work_id"]: c for c in reversed(ordered)}.values())[::-1][:_MOST]
    mask = np.zeros(matches.num_rows, np.bool_)
    mask[doubtful] = True
    columns = {
        "outcome": pc.if_else(mask, "ambiguous", matches.column("outcome")),
        "work_id": pc.if_else(mask, pa.scalar(None, pa.string()), matches.column("work_id")),
        "rule": pc.if_else(mask, "readings_differ", matches.column("rule")),
        "candidates": pa.array(candidates, tables.CANDIDATES),
    }
    return _replaced(matches, columns)


def _replaced(matches: pa.Table, columns: Mapping[str, Any]) -> pa.Table:
    for name, values in columns.items():
        matches = matches.set_column(matches.column_names.index(name), name, values)
    return tables.conform(matches, tables.MATCHES)


def with_copies(items: pa.Table, matches: pa.Table) -> pa.Table:
    """MATCHES of items, those added that have the hash or the URL of identified ones.

    Where these disagree, none is added.
    """
    for column, rule in COPIES:
        # http and https of one host are one place, for the registry too; no hash begins so.
        key = pc.replace_substring_regex(items.column(column), "^https?://", "")
        matches = _copied(key, matches, rule)
    return tables.conform(matches, tables.MATCHES)


def _copied(key: pa.ChunkedArray, matches: pa.Table, rule: str) -> pa.Table:
    sure = pc.and_(pc.equal(matches.column("outcome"), "matched"), pc.is_valid(key))
    grouped = (
        matches.append_column("key", key)
        .filter(sure)
        .group_by("key")
        .aggregate([("work_id", "min"), ("work_id", "count_distinct"), ("probability", "max")])
    )
    agreed = grouped.filter(pc.equal(grouped.column("work_id_count_distinct"), 1))
    place = pc.index_in(key, value_set=agreed.column("key"), skip_nulls=True)
    new = pc.and_(pc.not_equal(matches.column("outcome"), "matched"), pc.is_valid(place))
    columns = {
        "outcome": pc.if_else(new, "matched", matches.column("outcome")),
        "work_id": pc.if_else(new, agreed.column("work_id_min").take(place), matches.column("work_id")),
        "rule": pc.if_else(new, rule, matches.column("rule")),
        "probability": pc.if_else(new, agreed.column("probability_max").take(place), matches.column("probability")),
    }
    return _replaced(matches, columns)


def known_works(items: pa.Table, matches: pa.Table, known: pa.Array, rule: pa.Array) -> tuple[pa.Table, pa.Table]:
    """MATCHES in which `known` works (null: unknown) stand first, with their `rule`; and ITEMS that contradict them.

    The second holds `item_id`, `work_id` (by the code) and `title_work_id` (by title) where both are sure and differ.
    """
    sure = pc.is_valid(known)
    differs = pc.fill_null(pc.not_equal(known, matches.column("work_id")), False)
    contradicting = pa.table(
        {"item_id": items.column("item_id"), "work_id": known, "title_work_id": matches.column("work_id")}
    ).filter(differs)
    columns = {
        "outcome": pc.if_else(sure, "matched", matches.column("outcome")),
        "work_id": pc.if_else(sure, known, matches.column("work_id")),
        "rule": pc.if_else(sure, rule, matches.column("rule")),
        "probability": pc.if_else(sure, 1.0, matches.column("probability")),
    }
    return _replaced(matches, columns), contradicting


__all__ = ["COPIES", "ItemLines", "item_lines", "item_matches", "known_works", "with_copies"]

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

_DOUBT_LEAST = 0.3
"""Probability from which a reading that leads to another work makes an item doubtful."""

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
    """MATCHES of items, those made ambiguous of which another line leads to another work, surely or likely."""
    chosen = matches.column("work_id").take(pa.array(owner))
    listed = _whole(found.column("candidates"))
    parents = np.asarray(pc.list_parent_indices(listed))
    works = pc.struct_field(pc.list_flatten(listed), "work_id")
    agrees = np.zeros(len(owner), np.bool_)
    agrees[parents[np.asarray(pc.fill_null(pc.equal(works, chosen.take(pa.array(parents))), False))]] = True
    agrees |= np.asarray(pc.fill_null(pc.equal(found.column("work_id"), chosen), False))
    likely = np.asarray(found.column("probability")) >= _DOUBT_LEAST
    against = (
        likely & ~agrees & np.asarray(pc.is_valid(chosen)) & np.asarray(pc.greater(pc.list_value_length(listed), 0))
    )
    # Two lines that are both sure differ even where each is a lesser candidate of the other.
    against |= np.asarray(pc.fill_null(pc.not_equal(found.column("work_id"), chosen), False))
    doubtful = np.unique(owner[against])
    return _made_ambiguous(matches, doubtful, owner, found) if len(doubtful) else matches


def _made_ambiguous(
    matches: pa.Table, doubtful: NDArray[np.int64], owner: NDArray[np.int64], found: pa.Table
) -> pa.Table:
    """MATCHES in which these items are ambiguous, with the candidates of all their lines, best first."""
    candidates = matches.column("candidates").to_pylist()
    lines = np.flatnonzero(np.isin(owner, doubtful))
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
    """MATCHES of items, those added that have the hash or the URL of identified ones, where these agree.

    A title alone may be wrong, and what is wrong must not spread: by URL it counts only where a second item says the
    same, and not for an item whose own readings lead elsewhere.
    """
    matches = _copied(items.column("sha256"), matches, "sha256", alone=True)
    # http and https of one host are one place, for the registry too.
    places = pc.replace_substring_regex(items.column("url"), "^https?://", "")
    return tables.conform(_copied(places, matches, "same_url", alone=False), tables.MATCHES)


def _copied(key: pa.ChunkedArray, matches: pa.Table, rule: str, *, alone: bool) -> pa.Table:
    """MATCHES with the works of agreeing items of one key; `alone`: whatever they were found by, and however few."""
    sure = pc.and_(pc.equal(matches.column("outcome"), "matched"), pc.is_valid(key))
    by_more = pc.not_equal(matches.column("rule"), "title").cast(pa.int64())
    grouped = (
        matches.append_column("key", key)
        .append_column("by_more", by_more)
        .filter(sure)
        .group_by("key")
        .aggregate(
            [("work_id", "min"), ("work_id", "count_distinct"), ("work_id", "count"), ("probability", "max"),
             ("by_more", "max")]
        )
    )  # fmt: skip
    told = pc.or_(pc.greater(grouped.column("work_id_count"), 1), pc.equal(grouped.column("by_more_max"), 1))
    agreed = grouped.filter(pc.and_(pc.equal(grouped.column("work_id_count_distinct"), 1), pc.or_(told, alone)))
    place = pc.index_in(key, value_set=agreed.column("key"), skip_nulls=True)
    work = agreed.column("work_id_min").take(place)
    new = pc.and_(pc.not_equal(matches.column("outcome"), "matched"), pc.is_valid(place))
    if not alone:
        new = pc.and_(new, pc.invert(_elsewhere(matches, work, new)))
    columns = {
        "outcome": pc.if_else(new, "matched", matches.column("outcome")),
        "work_id": pc.if_else(new, work, matches.column("work_id")),
        "rule": pc.if_else(new, rule, matches.column("rule")),
        "probability": pc.if_else(new, agreed.column("probability_max").take(place), matches.column("probability")),
    }
    return _replaced(matches, columns)


def _elsewhere(matches: pa.Table, work: pa.ChunkedArray, asked: pa.ChunkedArray) -> pa.Array:
    """Which of the items asked about have candidates of their own, but not this work."""
    result = np.zeros(matches.num_rows, np.bool_)
    for place in np.flatnonzero(np.asarray(asked)).tolist():
        found = matches.column("candidates")[place].as_py()
        result[place] = bool(found) and all(c["work_id"] != work[place].as_py() for c in found)
    return pa.array(result)


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


__all__ = ["ItemLines", "item_lines", "item_matches", "known_works", "with_copies"]

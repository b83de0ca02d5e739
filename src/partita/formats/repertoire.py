"""Repertoires: works as one society registered them. Rows of one work (one per writer, say) become one work."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from partita import ids, tables
from partita.formats import shares, values
from partita.formats.load import load
from partita.formats.reading import Reading
from partita.formats.sieve import Sieve, each, filled, identifier, language, mask, union

MAKINGS = pa.schema([(name, pa.string()) for name in ("work_id", "society", "making")])
"""How works were made, where a repertoire has a column `making`: `human`, `assisted` or `generated`."""

_MAKINGS = ("human", "assisted", "generated")
_ROLES = {"composer": "C", "lyricist": "A", "arranger": "AR", "publisher": "E"}


def read(
    path: Path, *, name: str, society: str = "", columns: Mapping[str, str] | None = None, encoding: str | None = None,
    sheet: str | None = None,
) -> Reading:  # fmt: skip
    """The repertoire at `path` as REPERTOIRE and PROBLEMS; `society` stands where a row names none.

    Where the file has columns of roles (composer, lyricist, ...), `Reading.shares` lists the parties with their roles
    and share_ppm 0, for the society's split table to fill. Raises InputError for a file that is not what it says.
    """
    grid, note = load(path, "repertoire", columns=columns or {}, encoding=encoding, sheet=sheet)
    sieve = Sieve(grid)
    titles = sieve.text("title")
    sieve.refuse("repertoire.title", "title", mask(pc.equal(titles, "")))
    performers = sieve.lists("performers", values.names, values.names_wide)
    roles = {ours: sieve.lists(ours, values.names, values.names_wide) for ours in _ROLES if ours in grid.columns}
    written = [sieve.lists("writers", values.names, values.names_wide), *(roles[r] for r in roles if r != "publisher")]
    rows = pa.table({
        "work_id": _work_ids(sieve, titles, performers), "title": titles,
        "alt_titles": sieve.lists("alt_titles", values.names, values.titles_wide), "writers": union(written),
        "performers": performers, "iswc": identifier(sieve, "iswc"), "isrc": _isrcs(sieve), "language": language(sieve),
        "society": filled(sieve.text("society"), society), "line": grid.lines,
    })  # fmt: skip
    kept = pa.array(sieve.kept)
    rows = rows.filter(kept)
    table = _grouped(rows, sieve)
    named = _named(rows, {role: column.filter(kept) for role, column in roles.items()}, table) if roles else None
    made = _makings(sieve, rows, kept) if "making" in grid.columns else None
    note = replace(note, rows=sieve.rows, quarantined=sieve.quarantined)
    return Reading(
        tables.conform(table, tables.REPERTOIRE).combine_chunks(),
        sieve.problems(file=note.file, name=name),
        note,
        named,
        made,
    )


def _makings(sieve: Sieve, rows: pa.Table, kept: pa.Array) -> pa.Table:
    """MAKINGS of the rows; a word that is none of the three counts as not said, with a warning. Sorted, each once."""
    said = pc.utf8_lower(pc.utf8_trim_whitespace(sieve.text("making")))
    known = pc.is_in(said, value_set=pa.array(_MAKINGS))
    sieve.warn("repertoire.making", "making", mask(pc.invert(pc.or_(known, pc.equal(said, "")))), said)
    told = pa.table([rows.column("work_id"), rows.column("society"), said.filter(kept)], schema=MAKINGS)
    found = told.filter(known.filter(kept)).group_by(MAKINGS.names, use_threads=False).aggregate([])
    return found.sort_by([(name, "ascending") for name in MAKINGS.names])


def _work_ids(sieve: Sieve, titles: pa.Array, performers: pa.Array) -> pa.Array:
    """The registered numbers; where there is none, one made from title and performers, whatever the order of rows."""
    registered = sieve.text("work_id")
    blank = mask(pc.equal(registered, ""))
    if not blank.any():
        return registered
    if "work_id" in sieve.grid.columns:
        sieve.warn("repertoire.work_id", "work_id", blank, titles)
    names = pc.binary_join(performers, "\x1f")
    made, _ = each(pc.binary_join_element_wise(titles, names, "\x1e"), made_id, pa.string(), empty="")
    return pc.if_else(pa.array(blank), made, registered)


def made_id(text: str) -> str:
    """`N` and sixteen hexadecimal digits: SHA-256 of the text after NFKC, without case and doubled spaces."""
    plain = re.sub(" +", " ", unicodedata.normalize("NFKC", text).casefold())
    return "N" + hashlib.sha256(plain.encode()).hexdigest()[:16]


def _isrcs(sieve: Sieve) -> pa.Array:
    """ISRCs in canonical form; wrong ones are left out with a warning."""
    lists = sieve.lists("isrc", _codes, _codes)
    flat, parents = pc.list_flatten(lists), pc.list_parent_indices(lists)
    found, _ = each(flat, ids.isrc, pa.string())
    bad = mask(pc.is_null(found))
    if not bad.any():
        return lists if not len(flat) else pa.ListArray.from_arrays(lists.offsets, found)
    rows = np.zeros(sieve.grid.size, np.bool_)
    rows[parents.to_numpy()[bad]] = True
    sieve.warn("id.isrc", "isrc", rows, pc.binary_join(lists, " / "))
    return pa.array([[c for t in codes if (c := ids.isrc(t))] for codes in lists.to_pylist()], pa.list_(pa.string()))


def _codes(text: str) -> list[str]:
    return values.names_wide(text.replace(",", ";").replace(" / ", ";").replace("|", ";"))


@dataclass(slots=True)
class _Work:
    """The rows of one work number, brought together."""

    rows: list[dict[str, Any]]

    def most(self, column: str) -> str | None:
        """The value that most rows have, the smallest of equals; None where no row has one."""
        counts = Counter(row[column] for row in self.rows if row[column] is not None)
        return min(counts, key=lambda v: (-counts[v], v)) if counts else None

    def all(self, column: str) -> list[str]:
        """Every text of the lists, sorted."""
        return sorted({text for row in self.rows for text in row[column]})

    def joined(self) -> dict[str, Any]:
        """One row of REPERTOIRE."""
        title = self.most("title") or ""
        others = sorted({*self.all("alt_titles"), *(row["title"] for row in self.rows)} - {title})
        lists = {column: self.all(column) for column in ("writers", "performers", "isrc")}
        first = self.rows[0]
        return {"work_id": first["work_id"], "title": title, "alt_titles": others, **lists, "iswc": self.most("iswc"),
                "language": self.most("language"), "society": first["society"]}  # fmt: skip


def _grouped(rows: pa.Table, sieve: Sieve) -> pa.Table:
    """One row a work number and society, sorted; remarks on numbers whose rows have different titles."""
    key = pc.binary_join_element_wise(rows.column("society"), rows.column("work_id"), "\x1f").combine_chunks()
    indices = pc.dictionary_encode(key).indices.to_numpy()
    counts = np.bincount(indices) if len(indices) else np.zeros(0, np.int64)
    several = counts[indices] > 1 if len(indices) else np.zeros(0, np.bool_)
    single = rows.filter(pa.array(~several)).drop_columns(["line"])
    works: dict[int, _Work] = {}
    for index, row in zip(indices[several], rows.filter(pa.array(several)).to_pylist(), strict=True):
        works.setdefault(int(index), _Work([])).rows.append(row)
    joined = pa.Table.from_pylist([work.joined() for work in works.values()], schema=tables.REPERTOIRE.schema)
    _remark_titles(works.values(), sieve)
    whole = pa.concat_tables([tables.conform(single, tables.REPERTOIRE), joined])
    return whole.sort_by([(column, "ascending") for column in tables.REPERTOIRE.key])


def _remark_titles(works: Iterable[_Work], sieve: Sieve) -> None:
    lines: list[int] = []
    for work in works:
        title = made_id(work.most("title") or "")
        lines += [row["line"] for row in work.rows if made_id(row["title"]) != title]
    if lines:
        odd = mask(pc.is_in(sieve.grid.lines, value_set=pa.array(lines, pa.int64())))
        sieve.warn("repertoire.titles_differ", "title", odd, sieve.text("title"))


def _named(rows: pa.Table, roles: Mapping[str, pa.Array], works: pa.Table) -> pa.Table:
    """The parties that the rows name by role, with share_ppm 0; works without get equal parts for their writers."""
    parts: list[pa.Table] = []
    for ours, lists in roles.items():
        parents = pc.list_parent_indices(lists)
        parts.append(_parties(rows, parents, pc.list_flatten(lists), _ROLES[ours]))
    by_role = shares.distinct(pa.concat_tables(parts))
    has = pc.is_in(_pair(works), value_set=pc.unique(_pair(by_role)))
    return shares.distinct(pa.concat_tables([by_role, shares.equal(works.filter(pc.invert(has)))]))


def _pair(table: pa.Table) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(table.column("society"), table.column("work_id"), "\x1f")


def _parties(rows: pa.Table, parents: pa.Array, names: pa.Array, role: str) -> pa.Table:
    count = len(names)
    known = pa.table({
        "work_id": rows.column("work_id").take(parents), "party_id": shares.party_ids(names), "party_name": names,
        "role": pa.array([role] * count, pa.string()), "society": rows.column("society").take(parents),
        "share_ppm": pa.array(np.zeros(count, np.int64)),
    })  # fmt: skip
    return tables.conform(known.filter(pc.invert(shares.unnamed(names))), tables.SHARES)

"""Shares: who is paid for a work. Read from a shares file, or made from what a repertoire says of its writers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from partita import money, tables
from partita.errors import InputError
from partita.formats import headers
from partita.formats.load import load
from partita.formats.reading import Reading
from partita.formats.sieve import Sieve, each, filled, mask
from partita.text import fold_all
from partita.text.nobody import is_nobody

_SIGNED = ("%", "％", "/")
_DIGITS_MOST = 40


def read(
    path: Path, *, name: str, society: str = "", columns: Mapping[str, str] | None = None, encoding: str | None = None,
    sheet: str | None = None,
) -> Reading:  # fmt: skip
    """The shares at `path` as SHARES and PROBLEMS; `society` stands where a row itself names none.

    Shares are percent (`33.33`), fractions (`1/3`), or parts per million in `share_ppm`; where every plain number is at
    most 1 they are parts of one. Exact shares of a work that sum to the whole give exactly 1,000,000 parts per million.
    Raises InputError for a file that is not what it says.
    """
    grid, note = load(path, "shares", columns=columns or {}, encoding=encoding, sheet=sheet)
    sieve = Sieve(grid)
    works = sieve.text("work_id")
    sieve.refuse("shares.work_id", "work_id", mask(pc.equal(works, "")))
    named, numbered = sieve.text("party_name"), sieve.text("party_id")
    sieve.refuse("shares.party", "party_id", mask(pc.and_(pc.equal(named, ""), pc.equal(numbered, ""))))
    parties = pc.if_else(pc.equal(numbered, ""), party_ids(named), numbered)
    rows = pa.table({
        "work_id": works, "party_id": parties, "party_name": pc.if_else(pc.equal(named, ""), numbered, named),
        "role": _roles(sieve), "society": filled(sieve.text("society"), society), "share": _exact(sieve, str(path)),
    }).filter(pa.array(sieve.kept))  # fmt: skip
    note = replace(note, rows=sieve.rows, quarantined=sieve.quarantined)
    return Reading(_whole(rows), sieve.problems(file=note.file, name=name), note)


def _roles(sieve: Sieve) -> pa.Array:
    def parse(text: str) -> str:
        found = headers.word(text, "roles")
        if found is None:
            raise ValueError(text)
        return found

    return pc.fill_null(sieve.parsed("role", parse, pa.string(), "shares.role", warn=True), "W")


def _exact(sieve: Sieve, file: str) -> pa.Array:
    """Each row's share as an exact fraction in text (`1/3`); `0` throughout where the file states roles alone."""
    ours = next((c for c in ("share_ppm", "share_percent", "share") if c in sieve.grid.columns), None)
    if ours is None:
        if "role" not in sieve.grid.columns:
            raise InputError(
                "the file states neither shares nor roles", file=file, mend="Add a column share, e.g. 50 or 1/3"
            )
        return pa.array(["0"] * sieve.grid.size, pa.string())
    texts = sieve.text(ours)
    unit = _unit(texts, ours)

    def parse(text: str) -> str:
        value = money.exact(text) if len(text) <= _DIGITS_MOST else None
        if (
            value is None
            or value < 0
            or (not text.endswith(_SIGNED[:2]) and "/" not in text and (value := value * unit) > 1)
            or value > 1
        ):
            raise ValueError(text)
        return f"{value.numerator}/{value.denominator}"

    found, bad = each(texts, parse, pa.string())
    sieve.refuse("shares.share", ours, bad | mask(pc.equal(texts, "")), texts)
    return found


def _unit(texts: pa.Array, ours: str) -> Fraction:
    """What a plain 1 means: a millionth, or a hundredth, or the whole where no plain number is above 1."""
    if ours == "share_ppm":
        return Fraction(1, money.PPM)
    for text in pc.unique(texts).to_pylist():
        try:
            if (
                text
                and len(text) <= _DIGITS_MOST
                and not any(sign in text for sign in _SIGNED)
                and money.exact(text) > 1
            ):
                return Fraction(1, 100)
        except ValueError:
            continue
    return Fraction(1)


def _whole(rows: pa.Table) -> pa.Table:
    """SHARES: rows of one party, role and society added up; exact shares that are the whole give the whole."""
    sums: dict[str, dict[tuple[str, str, str], Fraction]] = {}
    names: dict[tuple[str, str], str] = {}
    for row in zip(*(rows.column(c).to_pylist() for c in rows.column_names), strict=True):
        work, party, name, role, society, share = row
        top, _, bottom = share.partition("/")
        parts = sums.setdefault(work, {})
        parts[party, role, society] = parts.get((party, role, society), Fraction(0)) + Fraction(
            int(top), int(bottom or 1)
        )
        names[work, party] = min(name, names.get((work, party), name))
    made = [
        (work, party, names[work, party], role, society, ppm)
        for work, parts in sums.items()
        for (party, role, society), ppm in zip(sorted(parts), _ppm([parts[key] for key in sorted(parts)]), strict=True)
    ]
    columns = list(zip(*made, strict=True)) or [()] * 6
    kinds = [pa.string()] * 5 + [pa.int64()]
    arrays = [pa.array(c, k) for c, k in zip(columns, kinds, strict=True)]
    order = ["work_id", "party_id", "party_name", "role", "society", "share_ppm"]
    return _sorted(pa.table(dict(zip(order, arrays, strict=True))))


def _ppm(parts: list[Fraction]) -> list[int]:
    if sum(parts) == 1:
        common = math.lcm(*(part.denominator for part in parts))
        return money.split_v1(money.PPM, [part.numerator * (common // part.denominator) for part in parts])
    return [part.numerator * money.PPM // part.denominator for part in parts]


def equal(repertoire: pa.Table) -> pa.Table:
    """SHARES in equal parts for the writers of each work of REPERTOIRE, role `W`; party_id is the name's folded form.

    A writer called `Unknown` and the like has a part that nobody claims.
    """
    lists = repertoire.column("writers").combine_chunks()
    flat, parents = pc.list_flatten(lists), pc.list_parent_indices(lists)
    rows = distinct(pa.table({
        "work_id": repertoire.column("work_id").take(parents), "party_id": party_ids(flat), "party_name": flat,
        "role": pa.array(["W"] * len(flat), pa.string()), "society": repertoire.column("society").take(parents),
        "share_ppm": pa.array(np.zeros(len(flat), np.int64)),
    }))  # fmt: skip
    key = pc.binary_join_element_wise(rows.column("work_id"), rows.column("society"), "\x1f").combine_chunks()
    indices = pc.dictionary_encode(key).indices.to_numpy()
    if not len(indices):
        return tables.SHARES.empty()
    starts = np.flatnonzero(np.r_[True, indices[1:] != indices[:-1]])
    sizes = np.diff(np.r_[starts, len(indices)])
    rank = np.arange(len(indices)) - np.repeat(starts, sizes)
    size = np.repeat(sizes, sizes)
    parts = money.PPM // size + (rank < money.PPM % size)
    filled_in = rows.set_column(5, "share_ppm", pa.array(parts.astype(np.int64)))
    return tables.conform(filled_in.filter(pc.invert(unnamed(rows.column("party_name")))), tables.SHARES)


def party_ids(names: pa.Array) -> pa.Array:
    """The folded form of each name: what identifies a party that has no number."""
    encoded = pc.dictionary_encode(names)
    folded = fold_all(encoded.dictionary.to_pylist())
    return pa.array([f or n for f, n in zip(folded, encoded.dictionary.to_pylist(), strict=True)], pa.string()).take(
        encoded.indices
    )


def unnamed(names: pa.Array | pa.ChunkedArray) -> pa.Array:
    """True where the name is only a word for nobody."""
    nobody = [n for n, f in zip(*_folded(names), strict=True) if is_nobody(f)]
    return pc.is_in(names, value_set=pa.array(nobody, pa.string()))


def _folded(names: pa.Array | pa.ChunkedArray) -> tuple[list[str], list[str]]:
    distinct_names = [name for name in pc.unique(names).to_pylist() if name]
    return distinct_names, fold_all(distinct_names)


def distinct(rows: pa.Table) -> pa.Table:
    """Rows of SHARES, one a work, society, party and role (the first name in order stands), sorted by that key."""
    whole = _sorted(rows)
    if not whole.num_rows:
        return whole
    key = pc.binary_join_element_wise(*(whole.column(c) for c in tables.SHARES.key), "\x1f").combine_chunks()
    indices = pc.dictionary_encode(key).indices.to_numpy()
    return whole.filter(pa.array(np.r_[True, indices[1:] != indices[:-1]]))


def _sorted(rows: pa.Table) -> pa.Table:
    order = [(column, "ascending") for column in (*tables.SHARES.key, "party_name")]
    return tables.conform(rows, tables.SHARES).sort_by(order).combine_chunks()

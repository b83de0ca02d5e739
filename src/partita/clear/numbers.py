"""Names as numbers: systems with their parents, places, parties and things, for the compiled rules in `kernel`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import product
from string import ascii_uppercase

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from partita.clear.kernel import NONE
from partita.clear.reading import is_system
from partita.clear.rows import SYSTEM, Ints, Longs, Masks, Rows
from partita.scope import ANYONE, EVERYWHERE, place_covers, system_depth

PLACES = (EVERYWHERE, *("".join(pair) for pair in product(ascii_uppercase, repeat=2)))
"""Every territory that can be read; EU stands among the countries."""

PLACE = {name: number for number, name in enumerate(PLACES)}
NEVER_DAY, NEVER = np.iinfo(np.int32).max, np.iinfo(np.int64).max


@cache
def covers() -> Masks:
    """Which place (row) holds all of which (column)."""
    made = np.eye(len(PLACES), dtype=np.bool_)
    for wide in (EVERYWHERE, "EU"):
        made[PLACE[wide]] = [place_covers(wide, narrow) for narrow in PLACES]
    return made


class Systems:
    """Systems numbered as they are met, each with its parent; 0 is anybody, -1 what cannot be read."""

    def __init__(self, before: Systems | None = None) -> None:
        self.number: dict[str, int] = dict(before.number) if before else {ANYONE: 0}
        self.parent: list[int] = list(before.parent) if before else [NONE]
        self.depth: list[int] = list(before.depth) if before else [0]

    def of(self, system: str) -> int:
        """The number of a system; capitals count as small letters."""
        name = system.lower()
        if name in self.number:
            return self.number[name]
        if not is_system(system):
            return NONE
        above = self.of(name.rpartition("/")[0]) if "/" in name else NONE
        self.number[name] = len(self.parent)
        self.parent.append(above)
        self.depth.append(system_depth(name))
        return self.number[name]

    def rows(self) -> Rows:
        """Parent and depth of each, as the kernel reads them."""
        made = np.zeros(len(self.parent), SYSTEM)
        made["parent"], made["depth"] = self.parent, self.depth
        return made


def each(column: pa.ChunkedArray, number: Callable[[str], int]) -> Ints:
    """The number of each text of a column, made once for each different text."""
    coded = whole(column).dictionary_encode()
    numbers = np.fromiter((number(text) for text in coded.dictionary.to_pylist()), np.int32, len(coded.dictionary))
    return numbers[np.asarray(coded.indices)] if len(coded) else np.zeros(0, np.int32)


def whole(column: pa.ChunkedArray) -> pa.Array:
    """A column in one piece."""
    made = column.combine_chunks()
    return pa.concat_arrays(made.chunks) if isinstance(made, pa.ChunkedArray) else made


def among(column: pa.ChunkedArray, names: pa.Array) -> Ints:
    """The place of each text of a column among names; -1 for none of them."""
    found = pc.fill_null(pc.index_in(whole(column), value_set=names), NONE)
    return np.asarray(found).astype(np.int32)


def names(columns: Iterable[pa.ChunkedArray]) -> pa.Array:
    """The different texts of some columns, none of them empty, in order."""
    found = pc.unique(pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string()))
    found = found.filter(pc.not_equal(found, ""))
    return found.take(pc.sort_indices(found))


def laid(row: np.dtype[np.void], table: pa.Table, order: Longs, **columns: Ints | Longs) -> Rows:
    """The rows of a table, in this order, as `row` has it: its two times, and `columns` as they stand in the table."""
    made = np.zeros(len(order), row)
    for name in ("valid_from", "valid_to"):
        made[name] = _whole_numbers(table.column(name), pa.int32(), NEVER_DAY)[order]
    for name in ("recorded", "retired"):
        made[name] = _whole_numbers(table.column(f"{name}_at"), pa.int64(), NEVER)[order]
    for name, column in columns.items():
        made[name] = column[order]
    return made


def _whole_numbers(column: pa.ChunkedArray, kind: pa.DataType, null: int) -> Longs:
    return np.asarray(pc.fill_null(whole(column).cast(kind), pa.scalar(null, kind)))


def starts(owner: Ints, count: int) -> Longs:
    """Where the rows of each owner begin, of rows sorted by owner; one more at the end."""
    return np.searchsorted(owner, np.arange(count + 1)).astype(np.int64)


def order_of(table: pa.Table, keys: Mapping[str, pa.Array]) -> Longs:
    """The rank of each row of a table among all, by `keys` and then all its columns that are no times."""
    rows = pa.table({**keys, **{name: whole(table.column(name)) for name in table.column_names}})
    by = [(name, "ascending") for name in rows.column_names]
    order = np.asarray(pc.sort_indices(rows, sort_keys=by))
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(len(order))
    return ranks

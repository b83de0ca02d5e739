"""Has the matcher's compiled functions and text rules made before they are needed, as when Partita is installed.

numba keeps what it has compiled beside the source, so that only the first process of an installation waits for it.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable

import pyarrow as pa

from partita import tables
from partita.identify.stage import identify
from partita.text.compiled import are_kept

STEP = "compiling the matcher (once, about half a minute)"

_LOCK = threading.Lock()
_WORKS = (
    ("望春風", "純純", "鄧雨賢"), ("望春風 (KTV版)", "鳳飛飛", ""), ("雨夜花", "鄧麗君", "周添旺"),
    ("さくら", "いきものがかり", ""), ("아리랑", "김정미", ""), ("Yesterday", "The Beatles", "Lennon / McCartney"),
    ("Long Road (Part 2)", "A & B", ""),
)  # fmt: skip
_LINES = (
    ("望春风", "純純", "鄧雨賢"), ("Wang chun feng", "Feng Fei-fei", ""), ("Yu ye hua", "Teng Li-chün", ""),
    ("sakura", "ikimono gakari", ""), ("arirang", "Kim Jeong-mi", ""), ("Yesterdy", "Beatles", "McCartney"),
    ("The Beatles - Yesterday (Live) ", "", ""), ("B", "Long Road, Pt. 2", ""), ("綠島小夜曲第二集", "", ""),
    ("Góa ê sim", "Lí", "佚名"), ("07. Yesterday", "The Beatlse", ""),
)  # fmt: skip


def warm(progress: Callable[[str, int, int], None] | None = None) -> None:
    """Returns when all is ready; threads that ask at once wait for the first. `progress` is told of a long wait."""
    with _LOCK:
        if progress and not are_kept():
            progress(STEP, 0, 1)
        _identified()


@functools.cache
def _identified() -> None:
    """Lines that go every way through the matcher."""
    identify(_table(tables.USAGE, "line_id", _LINES), _table(tables.REPERTOIRE, "work_id", _WORKS), threads=1)


def _table(table: tables.Table, key: str, rows: tuple[tuple[str, str, str], ...]) -> pa.Table:
    stated = {
        key: [str(number) for number in range(len(rows))], "title": [title for title, _, _ in rows],
        "performers": [[name] if name else [] for _, name, _ in rows],
        "writers": [names.split(" / ") if names else [] for _, _, names in rows],
    }  # fmt: skip
    return filled(
        table,
        {name: pa.chunked_array([values], table.schema.field(name).type) for name, values in stated.items()},
        len(rows),
    )


def filled(table: tables.Table, stated: dict[str, pa.ChunkedArray], rows: int) -> pa.Table:
    """A table of the contract in which what is not stated is empty."""
    columns = {}
    for column in table.columns:
        text = "" if column.type == pa.string() else 0
        empty: object = [] if column.type == tables.TEXTS else None if column.null else text
        columns[column.name] = stated.get(column.name, pa.repeat(pa.scalar(empty, column.type), rows))
    return tables.conform(pa.table(columns), table)

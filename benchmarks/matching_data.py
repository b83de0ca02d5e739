"""The data of the matching benchmark, as Parquet files of the contract: bench, a million works, two logs with repeats.

Made from the measuring data beside the checkout (`../shared/data`, or PARTITA_SHARED), with fixed seeds, into a folder
that is thrown away. Nothing of it is part of the project.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from partita import tables

SHARED = Path(os.environ.get("PARTITA_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"
MILLION = 1_000_000
LOG_LINES = 10_000_000
REPEATS = 10.9
"""Lines for each distinct line of the long log, as in the Hot 100."""
SEED = 20_261_122


def answer(script: str, description: str | None, measure: Callable[..., dict[str, Any]], width: int) -> int:
    """The `main` of a benchmark on these data: its figures as text, or as JSON with --json; the exit code."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument("--quick", action="store_true", help="a tenth of the lines")
    arguments = parser.parse_args()
    if reason := absent():
        print(f"{script}: skipped, {reason}", file=sys.stderr)
        return 2
    with contextlib.redirect_stdout(sys.stderr):
        figures = measure(quick=arguments.quick)
    if arguments.json:
        print(json.dumps(figures))
        return 0
    for name, value in figures.items():
        tabled = isinstance(value, dict) and all(isinstance(row, dict) for row in value.values())
        print(*(f"{row:{width}} {figure}" for row, figure in (value.items() if tabled else [(name, value)])), sep="\n")
    return 0


def absent() -> str:
    """Why the benchmark cannot run; empty where it can."""
    wanted = ("bench_repertoire.parquet", "bench_usage_100k.parquet", "hot100/hot100_weekly.parquet")
    missing = [name for name in wanted if not (SHARED / name).is_file()]
    return f"the measuring data are absent (../shared/data or PARTITA_SHARED): {', '.join(missing)}" if missing else ""


def filled(table: tables.Table, count: int, columns: dict[str, pa.Array]) -> pa.Table:
    """A contract table with the given columns, the others empty."""
    result = {}
    for column in table.columns:
        number = column.name in {"plays", "line"}
        empty = [] if column.type == tables.TEXTS else None if column.null else 1 if number else ""
        made = columns.get(column.name)
        result[column.name] = pa.repeat(pa.scalar(empty, column.type), count) if made is None else made
    return tables.conform(pa.table(result), table)


def names(texts: pa.ChunkedArray | pa.Array, between: str = " / ") -> pa.Array:
    """Lists of names from texts with `between` between them; none from an empty text."""
    whole = pc.fill_null(texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts, "")
    lists = pc.split_pattern(whole.cast(pa.string()), between)
    flat, owner = pc.list_flatten(lists), pc.list_parent_indices(lists).to_numpy()
    full = pc.not_equal(flat, "")
    sizes = np.bincount(owner[full.to_numpy(zero_copy_only=False)], minlength=len(lists))
    starts = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(starts), flat.filter(full))


def repertoire(works: pa.Table) -> pa.Table:
    """REPERTOIRE of the bench's works, or of works made like them."""
    return filled(tables.REPERTOIRE, len(works), {
        "work_id": works["work_id"].cast(pa.string()), "title": works["title"].cast(pa.string()),
        "alt_titles": names(works["alt_titles"], " ; "), "performers": names(works["artist"]),
        "writers": names(works["writers"]),
    })  # fmt: skip


def usage(lines: pa.Table) -> pa.Table:
    """USAGE of lines with title, artist and writers."""
    number = pa.array(np.arange(len(lines))).cast(pa.string())
    columns = {"line_id": number, "title": lines["title"].cast(pa.string()), "performers": names(lines["artist"])}
    if "writers" in lines.column_names:
        columns["writers"] = names(lines["writers"])
    return filled(tables.USAGE, len(lines), columns)


def works() -> pa.Table:
    """The bench's works, with plain texts."""
    table = pq.read_table(
        SHARED / "bench_repertoire.parquet", columns=["work_id", "title", "alt_titles", "artist", "writers"]
    )
    return table.cast(pa.schema([("work_id", pa.int64()), *((n, pa.string()) for n in table.column_names[1:])]))


def lines(every: int = 1) -> pa.Table:
    """The bench's lines with `line`, `truth` (-1: not in the repertoire) and `ops`; or each `every`th of them."""
    table = pq.read_table(SHARED / "bench_usage_100k.parquet")
    return table.take(pa.array(np.arange(0, len(table), every)))


def recombined(count: int) -> pa.Table:
    """The bench's works and, up to `count`, works that never were.

    Each has one work's title, another's performers and a third's writers; titles and performers are dealt in rounds, so
    that each stands there about equally often, and no pair of title and performers stands there twice. No line means
    one of them.
    """
    real = works()
    dice = np.random.default_rng(SEED)
    more = count - len(real)
    rounds = more // len(real) + 2
    title, artist, writer = (np.concatenate([dice.permutation(len(real)) for _ in range(rounds)]) for _ in range(3))
    titles, artists = real["title"].combine_chunks(), real["artist"].combine_chunks()
    title_code = pc.dictionary_encode(pc.utf8_lower(titles)).indices.to_numpy().astype(np.int64)
    artist_code = pc.dictionary_encode(pc.utf8_lower(artists)).indices.to_numpy().astype(np.int64)
    there = title_code * len(real) + artist_code
    made = title_code[title] * len(real) + artist_code[artist]
    _, first = np.unique(made, return_index=True)
    fresh = np.sort(first[~np.isin(made[first], there)])[:more]
    invented = pa.table({
        "work_id": np.arange(len(fresh)) + int(pc.max(real["work_id"]).as_py()) + 1,
        "title": titles.take(pa.array(title[fresh])), "alt_titles": pa.repeat("", len(fresh)),
        "artist": artists.take(pa.array(artist[fresh])),
        "writers": real["writers"].combine_chunks().take(pa.array(writer[fresh])),
    })  # fmt: skip
    return pa.concat_tables([real, invented])


WAYS = (
    "{t}", "{t} (Live)", "{t} - Remastered 2011", "{t} (KTV版)", "07. {t}", "{t} .", "{t}!", "{t} [Karaoke Version]",
    "{t} (伴奏)", "{t} - Single Version", "{t} (Acoustic)", "12 - {t}", "{t} (现场版)", "{t} (Demo)", "{a} - {t}",
    "{t} - Radio Edit", "{t} (Instrumental)", "{t} [HD]",
)  # fmt: skip
"""Ways in which other lists spell the same line: `{t}` the title, `{a}` the performers."""


def _spelt(title: str, artist: str, way: int) -> tuple[str, str]:
    made = WAYS[way].format(t=title, a=artist or "?")
    return made, "" if "{a}" in WAYS[way] else artist


def long_log(count: int) -> pa.Table:
    """A log of `count` lines: the bench's lines in up to eighteen spellings, popular ones again and again.

    Each distinct line stands there at least once; what is left is dealt by rank to the power of -0.8.
    """
    table = lines().select(["title", "artist", "writers"])
    dice = np.random.default_rng(SEED)
    distinct = round(count / REPEATS)
    seen: dict[tuple[str, str, str], None] = {}
    rows = [tuple(text or "" for text in row) for row in zip(*(c.to_pylist() for c in table.columns), strict=True)]
    for way in range(len(WAYS)):
        for title, artist, writers in rows if len(seen) < distinct else ():
            seen.setdefault((*_spelt(title, artist, way), writers))
    spelt = list(seen)[:distinct]
    weight = np.arange(1, distinct + 1) ** -0.8
    again = dice.choice(distinct, count - distinct, p=weight / weight.sum())
    order = dice.permutation(np.concatenate((np.arange(distinct), dice.permutation(distinct)[again])))
    made = pa.table({name: [row[i] for row in spelt] for i, name in enumerate(("title", "artist", "writers"))})
    return usage(made).drop_columns(["line_id"]).take(pa.array(order)).append_column("line_id", _numbers(count))


def _numbers(count: int) -> pa.Array:
    return pa.array(np.arange(count)).cast(pa.string())


def hot100(every: int = 1) -> pa.Table:
    """USAGE of the weekly Hot 100."""
    table = pq.read_table(SHARED / "hot100/hot100_weekly.parquet", columns=["title", "artist"])
    return usage(table.take(pa.array(np.arange(0, len(table), every))))


def write(folder: Path, wanted: Sequence[str], *, quick: bool) -> None:
    """The wanted data sets as NAME.works.parquet and NAME.lines.parquet; `quick`: a tenth of the lines and works."""
    every = 10 if quick else 1
    if {"bench", "hot100", "log"} & set(wanted):
        pq.write_table(repertoire(works()), folder / "bench.works.parquet")
    if {"bench", "million"} & set(wanted):
        pq.write_table(usage(lines(every)), folder / "bench.lines.parquet")
    if "million" in wanted:
        count = max(2 * len(works()), MILLION // every)
        pq.write_table(repertoire(recombined(count)), folder / "million.works.parquet")
    if "hot100" in wanted:
        pq.write_table(hot100(every), folder / "hot100.lines.parquet")
    if "log" in wanted:
        pq.write_table(tables.conform(long_log(LOG_LINES // every), tables.USAGE), folder / "log.lines.parquet")


def for_peers(folder: Path, *, quick: bool) -> None:
    """The bench as the peers read it: works, lines, and the truth of the dev lines alone."""
    asked = lines(10 if quick else 1)
    pq.write_table(works(), folder / "works.parquet")
    pq.write_table(asked.select(["line", "title", "artist", "writers"]), folder / "lines.parquet")
    pq.write_table(asked.filter(pa.array(dev(asked))).select(["line", "truth"]), folder / "dev.parquet")


def dev(asked: pa.Table) -> NDArray[np.bool_]:
    """Which lines may be used to choose a threshold: the first 20 % of the bench."""
    result: NDArray[np.bool_] = (
        asked["line"].to_numpy() < pq.read_metadata(SHARED / "bench_usage_100k.parquet").num_rows // 5
    )
    return result

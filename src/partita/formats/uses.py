"""Questions in a file: may each of these be used? One row a question; what a column does not say, the caller does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from partita.errors import InputError
from partita.formats import values
from partita.formats.load import load
from partita.formats.reading import Reading
from partita.formats.sieve import Mask, Sieve, filled, mask, union

KINDS = ("", "url", "content", "recording", "work")
SCHEMA = pa.schema(
    [
        *[(name, pa.string()) for name in ("use_id", "target", "target_kind", "title")],
        ("writers", pa.list_(pa.string())),
        ("performers", pa.list_(pa.string())),
        *[(name, pa.string()) for name in ("purpose", "system", "territory")],
        ("at", pa.date32()),
        ("known", pa.timestamp("s")),
    ]
)
"""What is read: USES before it is known what each target is; `target` or `title` may be empty, not both."""


def read(
    path: Path, otherwise: Mapping[str, str], at: dt.date, known: dt.datetime | None, *, encoding: str | None = None
) -> Reading:
    """The questions at `path` (CSV, TSV, XLSX, Parquet), with PROBLEMS for rows that ask nothing.

    `otherwise` gives `purpose`, `system` and `territory` where a row is silent, `at` and `known` the two times. Raises
    InputError for a file that is not what it says.
    """
    grid, note = load(path, "uses", columns={}, encoding=encoding, sheet=None)
    sieve = Sieve(grid)
    targets, titles, kinds = sieve.text("target"), sieve.text("title"), sieve.text("target_kind")
    sieve.refuse("uses.target", "target", mask(pc.and_(pc.equal(targets, ""), pc.equal(titles, ""))))
    sieve.refuse("uses.kind", "target_kind", ~mask(pc.is_in(kinds, value_set=pa.array(KINDS))), kinds)
    days = sieve.parsed("at", lambda text: values.moment(text).date(), pa.date32(), "uses.at")
    moments = sieve.parsed("known", _known, pa.timestamp("s"), "uses.known")
    rows = pc.add(grid.numbers, 1).cast(pa.string())
    given = sieve.text("use_id")
    numbers = pc.if_else(pc.equal(given, ""), rows, given)
    sieve.refuse("uses.id", "use_id", _again(numbers, sieve.kept), numbers)
    if "purpose" not in grid.columns and not otherwise.get("purpose"):
        raise InputError("no column says what for", file=str(path), mend="Add a column `use`, or say it with --use")
    made = {
        "use_id": numbers,
        "target": targets,
        "target_kind": kinds,
        "title": titles,
        "writers": union([sieve.lists("writers", values.names, values.names_wide)]),
        "performers": union([sieve.lists("performers", values.names, values.names_wide)]),
        **{name: filled(sieve.text(name), otherwise.get(name, "")) for name in ("purpose", "system")},
        "territory": filled(_place(sieve.text("territory")), otherwise.get("territory", "")),
        "at": pc.fill_null(days, pa.scalar(at, pa.date32())),
        "known": moments if known is None else pc.fill_null(moments, pa.scalar(_plain(known), pa.timestamp("s"))),
    }
    table = pa.table({name: made[name] for name in SCHEMA.names}, schema=SCHEMA).filter(pa.array(sieve.kept))
    problems = sieve.problems(file=note.file, name=path.stem)
    return Reading(table, problems, replace(note, rows=sieve.rows, quarantined=sieve.quarantined))


def _again(numbers: pa.Array, kept: Mask) -> Mask:
    """Rows whose number a row above them has already."""
    some = pc.if_else(pa.array(kept), numbers, pa.scalar(None, pa.string()))
    codes = pc.dictionary_encode(some).indices.fill_null(-1).to_numpy()
    first = np.zeros(len(codes), np.bool_)
    first[np.unique(codes, return_index=True)[1]] = True
    return ~first & kept


def _place(texts: pa.Array) -> pa.Array:
    """`de` as `DE`: the codes of countries are written in capitals."""
    return pc.if_else(pc.equal(pc.utf8_length(texts), 2), pc.utf8_upper(texts), texts)


def _known(text: str) -> dt.datetime:
    """A moment; a day alone means its end."""
    found = values.moment(text)
    whole_day = found.time() == dt.time(0) and ":" not in text
    return found.replace(hour=23, minute=59, second=59) if whole_day else found


def _plain(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment

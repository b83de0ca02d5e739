"""JSON, one object a line, read in blocks. A block in which any line is broken or strange is read line by line.

Fast reading takes a block whole (Arrow), and is only trusted with blocks whose lines each begin and end an object, do
not nest deeply and do not hold thousands of different keys: that would cost memory beyond all bounds, or the process.
"""

from __future__ import annotations

import codecs
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.json
from numpy.typing import NDArray

from partita.errors import InputError
from partita.formats import headers
from partita.formats.grid import Remark
from partita.formats.manifests.columns import DEPTH_MOST, NAMES, Block, Found, flat

BLOCK = 8 << 20
"""Bytes that are read at once."""
LINE_MOST = 16 << 20
"""Bytes of one line; longer ones are set aside."""
_FAST_LINE, _FAST_OPENS, _FAST_KEYS, _KEY_MOST = 1 << 18, 500, 1_000, 24
_SMALL = 256
"""Lines that are read one by one rather than halved again in search of a broken one."""
_SURROGATES = re.compile("[\ud800-\udfff]")

Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Lines:
    """Whole lines: `data[starts[i]:ends[i]]` is line `numbers[i]`, without its end."""

    data: bytes
    starts: Places
    ends: Places
    numbers: Places

    def some(self, first: int, last: int) -> Lines:
        """The lines from `first` on and before `last`."""
        return Lines(self.data, self.starts[first:last], self.ends[first:last], self.numbers[first:last])

    def bytes(self) -> bytes:
        """The lines as they stand in the file."""
        return self.data[self.starts[0] : self.ends[-1] + 1]


def read(path: Path, encoding: str | None, found: Found, progress: Callable[[int], None]) -> Iterator[Block]:
    """Blocks of the file; `progress` is told how many bytes were read."""
    row = 0
    for lines, remarks in lines_of(path, encoding, progress):
        for part, strange in _runs(lines):
            for block in _one_by_one(part, found) if strange else _parsed(part, found):
                places = block.lines.to_numpy()
                every = np.sort(np.concatenate([places, [remark.line for remark in block.remarks]]))
                numbers = pa.array(row + np.searchsorted(every, places), pa.int64())
                row += len(every)
                yield Block(block.columns, block.lines, numbers, block.remarks)
        if remarks:
            row += len(remarks)
            yield Block({}, pa.array([], pa.int64()), pa.array([], pa.int64()), remarks)


def lines_of(
    path: Path, encoding: str | None, progress: Callable[[int], None]
) -> Iterator[tuple[Lines, tuple[Remark, ...]]]:
    """The file's lines that are not blank, some megabytes at a time, and remarks on lines too long to be read."""
    number = 1
    with path.open("rb") as file:
        source = _Source(file, encoding, str(path))
        while True:
            data, too_long = source.whole_lines()
            if not data and not too_long:
                return
            lines, count = _split(data, number)
            number += count
            yield lines, tuple(Remark(number + n, "manifest.line", reason=_TOO_LONG) for n in range(too_long))
            number += too_long
            progress(file.tell())


_TOO_LONG = f"the line is longer than {LINE_MOST:,} bytes"


class _Source:
    """The file in UTF-8, in pieces that end with whole lines."""

    def __init__(self, file: BinaryIO, encoding: str | None, name: str) -> None:
        head = file.read(4)
        file.seek(0)
        self._file, self._rest, self._name = file, b"", name
        if encoding is None and head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            encoding = "utf-16"
        if head.startswith(codecs.BOM_UTF8):
            file.seek(3)
        plain = encoding is None or encoding.lower().replace("_", "-") in {"utf-8", "utf8", "utf-8-sig", "ascii"}
        try:
            self._decoder = None if plain else codecs.getincrementaldecoder(str(encoding))("replace")
        except LookupError:
            mend = "Write e.g. utf-8, utf-16, or leave it out"
            raise InputError(f"encoding {str(encoding)[:40]!r} is not known", file=name, mend=mend) from None

    def _more(self) -> bytes:
        data = self._file.read(BLOCK)
        if self._decoder is None:
            return data
        text = self._decoder.decode(data, final=not data)
        while data and not text:
            data = self._file.read(BLOCK)
            text = self._decoder.decode(data, final=not data)
        return text.encode("utf-8", "replace")

    def whole_lines(self) -> tuple[bytes, int]:
        """The next lines, each with its end, and how many lines behind them (0 or 1) were skipped as too long."""
        data = self._rest
        while b"\n" not in data:
            if len(data) > LINE_MOST:
                self._rest = self._past_the_line()
                return b"", 1
            more = self._more()
            if not more:
                self._rest = b""
                return (data + b"\n" if data else b""), 0
            data += more
        cut = data.rindex(b"\n") + 1
        self._rest = data[cut:]
        return data[:cut], 0

    def _past_the_line(self) -> bytes:
        while more := self._more():
            if (end := more.find(b"\n")) >= 0:
                return more[end + 1 :]
        return b""


def _split(data: bytes, number: int) -> tuple[Lines, int]:
    """The lines of `data` that are not blank, and how many there are with the blank ones."""
    raw = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(raw == 10)
    starts = np.concatenate([[0], ends[:-1] + 1]).astype(np.int64) if len(ends) else ends
    numbers = np.arange(number, number + len(ends))
    full = np.logical_or.reduceat(raw > 32, starts) if len(ends) else np.zeros(0, np.bool_)
    return Lines(data, starts[full], ends[full], numbers[full]), len(ends)


def _runs(lines: Lines) -> Iterator[tuple[Lines, bool]]:
    """Runs of lines that are all short and shallow, or (True) none of which is."""
    size = len(lines.starts)
    if not size:
        return
    raw = np.frombuffer(lines.data, np.uint8)
    opens = np.flatnonzero((raw == 91) | (raw == 123))
    nested = np.searchsorted(opens, lines.ends) - np.searchsorted(opens, lines.starts)
    strange = (nested > _FAST_OPENS) | (lines.ends - lines.starts > _FAST_LINE)
    turns = np.flatnonzero(np.diff(strange)) + 1
    for first, last in zip([0, *turns], [*turns, size], strict=True):
        yield lines.some(first, last), bool(strange[first])


def _one_by_one(lines: Lines, found: Found) -> Iterator[Block]:
    for first in range(0, len(lines.starts), _SMALL):
        yield _slow(lines.some(first, first + _SMALL), found)


def _parsed(lines: Lines, found: Found) -> Iterator[Block]:
    """The lines as columns; halved and halved again around a line that does not parse."""
    table = _fast(lines, found)
    if table is not None:
        yield Block(table, pa.array(lines.numbers), pa.array([], pa.int64()))
    elif len(lines.starts) <= _SMALL:
        yield _slow(lines, found)
    else:
        middle = len(lines.starts) // 2
        yield from _parsed(lines.some(0, middle), found)
        yield from _parsed(lines.some(middle, len(lines.starts)), found)


def _fast(lines: Lines, found: Found) -> dict[str, pa.Array] | None:
    """The columns by Arrow's reader, or None where it cannot be trusted with these lines."""
    data = lines.bytes()
    if not _plain(lines, data):
        return None
    options = pyarrow.json.ReadOptions(use_threads=False, block_size=len(data) + 1)
    try:
        data.decode("utf-8")
        table = pyarrow.json.read_json(io.BytesIO(data), read_options=options)
        moments = [field for field in table.schema if pa.types.is_timestamp(field.type)]
        if moments:
            schema = pa.schema([pa.field(field.name, pa.string()) for field in moments])
            parse = pyarrow.json.ParseOptions(explicit_schema=schema)
            table = pyarrow.json.read_json(io.BytesIO(data), read_options=options, parse_options=parse)
    except (pa.ArrowException, UnicodeDecodeError):
        return None
    if table.num_rows != len(lines.starts):
        return None
    try:
        columns = _flattened(table)
    except (pa.ArrowException, IndexError):
        # Arrow cannot take some lists of nulls apart.
        return None
    return None if any(_inexact(array.type, found.meaning(name)) for name, array in columns.items()) else columns


def _flattened(table: pa.Table) -> dict[str, pa.Array]:
    """Every plain column, nested ones as `a.b`."""
    whole = ((field.name, table.column(field.name).combine_chunks()) for field in table.schema)
    return {name: array for field, column in whole for name, array in flat(field, column)}


_NAMED = frozenset({"item_id", "title", "hash", "taken_at", "output_id", "work_id"})
"""Columns of which every sign counts, were it a digit."""


def _inexact(kind: pa.DataType, known: tuple[str, int] | None) -> bool:
    """Whether a number that is a name, such as an id of 20 digits, was read as a fraction, or a text as a moment."""
    named = known is not None and known[0] in _NAMED
    return pa.types.is_timestamp(kind) or (named and pa.types.is_floating(kind))


def _plain(lines: Lines, data: bytes) -> bool:
    """Whether each line begins and ends an object, and few different keys stand in all of them."""
    raw = np.frombuffer(lines.data, np.uint8)
    last = lines.ends - 1
    last = last - (raw[last] == 13)
    whole = (raw[lines.starts] == 123).all() and (raw[last] == 125).all()
    return bool(whole) and _few_keys(np.frombuffer(data, np.uint8))


def _few_keys(raw: Bytes) -> bool:
    """Whether at most `_FAST_KEYS` different texts of up to 24 bytes stand before a colon, and few longer ones."""
    quotes = np.flatnonzero(raw == 34)
    if len(quotes) < 2:
        return True
    after = np.append(raw, np.uint8(10))[quotes + 1]
    ends = np.flatnonzero((after == 58) | (after == 32) | (after == 9))
    ends = ends[ends > 0]
    first, size = quotes[ends - 1] + 1, quotes[ends] - quotes[ends - 1] - 1
    if int(np.count_nonzero((size > _KEY_MOST) & (after[ends] == 58))) > _FAST_KEYS:
        longer = {
            raw[a : a + n].tobytes() for a, n in zip(first[size > _KEY_MOST], size[size > _KEY_MOST], strict=True)
        }
        if len(longer) > _FAST_KEYS:
            return False
    short = size <= _KEY_MOST
    first, size = first[short], size[short]
    hashed = size.astype(np.uint64)
    for step in range(int(size.max(initial=0))):
        inside = size > step
        codes = np.where(inside, raw[np.minimum(first + step, len(raw) - 1)], 0).astype(np.uint64)
        hashed = (hashed ^ codes) * np.uint64(0x9E3779B97F4A7C15)
        hashed ^= hashed >> np.uint64(29)
    return len(np.unique(hashed)) <= _FAST_KEYS


def _slow(lines: Lines, found: Found) -> Block:
    """The lines one by one; what is no object is set aside with its reason."""
    rows: list[dict[str, Any]] = []
    good: list[int] = []
    remarks: list[Remark] = []
    for start, end, number in zip(lines.starts, lines.ends, lines.numbers, strict=True):
        row, reason = _object(lines.data[start:end])
        if row is None:
            shown = lines.data[start : min(end, start + 400)].decode("utf-8", "replace")
            code = "row.undecodable" if reason == _UNDECODABLE else "manifest.line"
            remarks.append(Remark(int(number), code, shown, reason))
        else:
            good.append(int(number))
            rows.append(wanted(row, found))
    return Block(columns(rows), pa.array(good, pa.int64()), pa.array([], pa.int64()), tuple(remarks))


_UNDECODABLE = "the line holds bytes that are not UTF-8"


def _object(data: bytes) -> tuple[dict[str, Any] | None, str]:
    try:
        value = json.loads(data.decode("utf-8"))
    except UnicodeDecodeError:
        return None, _UNDECODABLE
    except json.JSONDecodeError as error:
        return None, f"the line is no JSON: {error.msg} at character {error.pos + 1}"
    except RecursionError:
        return None, "the line is nested too deeply"
    except ValueError:
        return None, "the line holds a number of too many digits"
    if not isinstance(value, dict):
        return None, f"the line holds {_KINDS.get(type(value), 'something')}, not an object"
    return value, ""


_KINDS: dict[type, str] = {list: "a list", str: "a text", int: "a number", float: "a number", bool: "yes or no"}


def wanted(row: dict[str, Any], found: Found) -> dict[str, Any]:
    """The fields of a row that serve as a column, nested ones as `a.b`."""
    kept: dict[str, Any] = {}
    waiting: list[tuple[str, Any, int]] = [(str(key), value, 0) for key, value in row.items()]
    for name, value, depth in waiting:
        if isinstance(value, dict):
            if depth < DEPTH_MOST:
                waiting += [(f"{name}.{key}", inner, depth + 1) for key, inner in value.items()]
            continue
        known = found.meaning(name) if len(name) <= 200 else None
        if known is None:
            found.note(_SURROGATES.sub("\ufffd", name), None)
        elif value is not None:
            kept[name] = _value(value)
    return kept


def _value(value: Any) -> Any:
    if isinstance(value, list):
        parts = [_name(part) if isinstance(part, dict) else part for part in value[:1000]]
        return [str(_value(part)) for part in parts if part is not None and not isinstance(part, list | dict)]
    if isinstance(value, str):
        # A lone surrogate is no character: as a control character it is taken out further on, with a remark.
        return value if value.isascii() else _SURROGATES.sub("\0", value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _name(thing: dict[str, Any]) -> Any:
    """What a thing within a list is called."""
    texts = {headers.key(str(key)): inner for key, inner in thing.items() if isinstance(inner, str)}
    return next((texts[name] for name in NAMES if name in texts), None)


def columns(rows: list[dict[str, Any]]) -> dict[str, pa.Array]:
    """Rows of `wanted` as columns of texts, or of lists of texts."""
    names = dict.fromkeys(name for row in rows for name in row)
    made: dict[str, pa.Array] = {}
    for name in names:
        values = [row.get(name) for row in rows]
        if any(isinstance(value, list) for value in values):
            lists = [value if isinstance(value, list) or value is None else [value] for value in values]
            made[name] = pa.array(lists, pa.list_(pa.string()))
        else:
            made[name] = pa.array(values, pa.string())
    return made

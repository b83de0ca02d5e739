"""Which field of a manifest is which of our columns, nested fields too; rows from any file kind become one grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from partita.formats import headers
from partita.formats.grid import Grid, Origin, Remark
from partita.formats.sieve import as_text

KIND = "manifest"
DEPTH_MOST = 6
_NESTED = 100
"""Ranks of nested fields begin here: a field of the row itself comes first."""
_CONTAINERS = frozenset({
    "meta", "metadata", "data", "info", "item", "record", "payload", "attributes", "properties", "fields", "features",
    "extra", "details", "json", "sourceinfo", "audio", "image", "video", "file", "media", "track", "song", "recording",
    "music", "document", "doc", "warc", "http", "request", "response", "crawl", "provenance", "page", "content", "tags",
})  # fmt: skip
"""Fields that only hold others: `meta.url` is as good as `url`."""
NAMES = ("name", "title", "fullname", "displayname", "text", "label", "value")
"""Fields that say in words what holds them, the best first: `artist.name` is the artist."""
_LICENCE_NAMES = frozenset({*NAMES, "id", "spdx", "spdxid", "url"})
_HOLDERS = frozenset({"performers", "writers", "composer", "lyricist", "licence", "dataset", "language", "crawler"})


@dataclass(slots=True)
class Found:
    """What was found so far, over all blocks of a file: which header serves as which column, and which do not."""

    given: Mapping[str, str]
    kind: str = KIND
    names: dict[str, list[str]] = field(default_factory=dict)
    unused: dict[str, None] = field(default_factory=dict)

    def meaning(self, header: str) -> tuple[str, int] | None:
        """Our word for a header, with its rank; the job's own mapping wins."""
        for ours, theirs in self.given.items():
            if header == theirs or headers.key(header) == headers.key(theirs):
                return ours, -1
        found = meaning(header, self.kind)
        return None if found is None or found[0] in self.given else found

    def note(self, header: str, ours: str | None) -> None:
        """Remembers what a header serves as."""
        if ours is None:
            if len(self.unused) < headers.COLUMNS_MOST:
                self.unused.setdefault(header[:80])
        elif header not in (known := self.names.setdefault(ours, [])) and len(known) < headers.COLUMNS_MOST:
            known.append(header)


@lru_cache(maxsize=4096)
def meaning(header: str, kind: str = KIND) -> tuple[str, int] | None:
    """Our word for a header, with its rank, or None; `a.b` is the field `b` within `a`."""
    found = headers.meaning(header, kind)
    if found or "." not in header:
        return found
    *holders, last = header.split(".")
    if all(headers.key(holder) in _CONTAINERS for holder in holders):
        inner = headers.meaning(last, kind)
        return inner and (inner[0], inner[1] + _NESTED * len(holders))
    holder = headers.meaning(holders[-1], kind)
    names = _LICENCE_NAMES if holder and holder[0] == "licence" else NAMES
    if holder and holder[0] in _HOLDERS and headers.key(last) in names:
        return holder[0], holder[1] + _NESTED
    return None


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of a file: columns by header, the line of each row, the number of each row from 0, and remarks."""

    columns: Mapping[str, pa.Array]
    lines: pa.Array
    numbers: pa.Array
    remarks: tuple[Remark, ...] = ()


def grid(block: Block, found: Found, origin: Origin) -> Grid:
    """The block with our names: of several headers that mean one column, the first that has a value in a row."""
    candidates: dict[str, list[tuple[int, int, str]]] = {}
    for place, header in enumerate(block.columns):
        known = found.meaning(header)
        found.note(header, known and known[0])
        if known:
            candidates.setdefault(known[0], []).append((known[1], place, header))
    columns, names = {}, {}
    for ours, ranked in candidates.items():
        chosen = [header for *_, header in sorted(ranked)]
        arrays = [block.columns[header] for header in chosen]
        if ours not in headers.LISTS:
            arrays = [_first(arrays)]
        columns[ours] = tuple(pa.chunked_array([array]) for array in arrays)
        names[ours] = " + ".join(chosen)
    matched = headers.Columns(dict.fromkeys(columns, (0,)), names, [], [])
    return Grid(columns, matched, block.lines, block.numbers, block.remarks, origin)


def _first(arrays: Sequence[pa.Array]) -> pa.Array:
    """Row by row the first value that is there."""
    if len(arrays) == 1:
        return arrays[0]
    texts = [as_text(pa.chunked_array([array])) for array in arrays]
    filled = [pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text) for text in texts]
    return pc.coalesce(*filled)


def flat(name: str, array: pa.Array, depth: int = 0) -> list[tuple[str, pa.Array]]:
    """A column and, where it holds fields, each of them as `name.field`; what is no plain value is left out."""
    kind = array.type
    if pa.types.is_struct(kind):
        if depth >= DEPTH_MOST:
            return []
        parts = zip(kind, array.flatten(), strict=True)
        return [one for part, values in parts for one in flat(f"{name}.{part.name}", values, depth + 1)]
    plain = _plain(array)
    return [] if plain is None else [(name, plain)]


def _plain(array: pa.Array) -> pa.Array | None:
    kind = array.type
    if pa.types.is_dictionary(kind):
        return _plain(array.cast(kind.value_type))
    if pa.types.is_null(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return array.cast(pa.string())
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return _texts(array)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_nested(kind):
        return None
    return array


def _texts(array: pa.Array) -> pa.Array | None:
    """A list of texts, or of things that have a name, as a list of texts."""
    kind = array.type.value_type
    if pa.types.is_struct(kind):
        texts = {headers.key(part.name): part.name for part in kind if pa.types.is_string(part.type)}
        named = [texts[name] for name in NAMES if name in texts]
        if not named:
            return None
        values = pc.struct_field(array.values, named[0])
    elif pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return None
    else:
        values = array.values.cast(pa.string())
    offsets = array.offsets.cast(pa.int32())
    mask = array.is_null() if array.null_count else None
    return (
        pa.ListArray.from_arrays(offsets, values, mask=mask)
        if array.offset == 0
        else pa.array(
            [None if row is None else [str(v) for v in row] for row in array.to_pylist()], pa.list_(pa.string())
        )
    )

"""A block of a manifest as ITEMS: values made regular, the unreadable remarked on, what names nothing set aside."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from partita import ids, tables, urls
from partita.formats import headers, values
from partita.formats.grid import Grid
from partita.formats.manifests import addresses, figures, withheld
from partita.formats.manifests.moments import moments
from partita.formats.manifests.stated import Stated
from partita.formats.sieve import TEXT_MOST, Mask, Sieve, as_text, each, language, mask, union
from partita.tables.training import ITEMS, ORIGINS

_LISTED = ("performers", "writers", "composer", "lyricist")
_LONG = frozenset({"url", "source"})
"""Columns whose texts may be as long as an address."""
_ORIGINS = {
    **{headers.key(origin): origin for origin in ORIGINS},
    **dict.fromkeys(
        ("crawl", "web", "webcrawl", "scraped", "scrape", "scraping", "webscraping", "crawledweb"), "crawled"
    ),
    **dict.fromkeys(("public", "publicdata", "open", "opendata", "opendataset", "publiclyavailable"), "public_dataset"),
    **dict.fromkeys(("licence", "license", "licenced", "commercial", "commerciallylicensed"), "licensed"),
    **dict.fromkeys(("userdata", "users", "usergenerated", "useruploads", "interaction", "interactions"), "user"),
    **dict.fromkeys(("generated", "syntheticdata", "modelgenerated", "ai"), "synthetic"),
    **dict.fromkeys(("privatedata", "thirdparty", "proprietary", "partner"), "private"),
}
_SEPARATED = "[/;、，／；]"
_DIGEST = r"^(?:sha-?256[:=-])?([0-9a-f]{64})$"
_ADDRESS = r"(?i)^\s*(?:https?|ftp|s3|gs|file)://"


def items(grid: Grid, name: str, file: str, stated: Stated) -> tuple[pa.Table, pa.Table, int]:
    """ITEMS (of which `item_id` may stand twice), PROBLEMS, and the rows set aside, of one block of rows."""
    made = _Made(grid, name, file, stated)
    table = made.table()
    problems = made.sieve.problems(file=file, name=name) if made.sieve.rows else tables.PROBLEMS.empty()
    return table, problems, made.sieve.quarantined


class _Made:
    """The columns of one block."""

    def __init__(self, grid: Grid, name: str, file: str, stated: Stated) -> None:
        self.size, self.name, self.file, self.stated = grid.size, name, file, stated
        self._raw = grid
        self.sieve = Sieve(_prepared(grid))
        for column, long, texts in _too_long(grid):
            self.sieve.warn("manifest.long", column, long, withheld.hidden(texts))

    def table(self) -> pa.Table:
        """The rows that are kept, as ITEMS."""
        sieve, stated = self.sieve, self.stated
        source = self._text("source")
        is_address = mask(pc.match_substring_regex(source, _ADDRESS))
        url = self._url(is_address)
        file_name = _optional(_last_part(self._text("file_name")))
        listed = {column: self._names(column) for column in _LISTED}
        made: dict[str, Any] = {
            "url": url,
            "domain": addresses.hosts(url) if url.null_count < self.size else self._same(""),
            "file_name": file_name,
            "sha256": self._sha256(),
            **{code: self._code(code) for code in ("isrc", "iswc", "iscc")},
            "title": self._text("title"),
            "performers": listed["performers"],
            "writers": union([listed[column] for column in _LISTED[1:]]),
        }
        self._refuse_nothing(made)
        dataset = pc.if_else(pa.array(is_address), "", source)
        made |= {
            "dataset": self._filled(_either(self._text("dataset"), dataset), self.name),
            "origin": self._filled(self._origin(), stated.origin),
            "crawler": self._filled(self._text("crawler"), stated.crawler),
            "licence_claim": self._text("licence"),
            "modality": self._modality(file_name, url),
            "language": language(sieve) if "language" in sieve.grid.columns else self._none(pa.string()),
            "territory": self._territory(),
            "taken_at": self._taken_at(),
            "milliseconds": self._milliseconds(),
            **{column: self._count(column) for column in ("tokens", "images", "bytes")},
            "item_id": self._item_id(),
            "file": self._same(self.file),
            "line": sieve.grid.lines,
        }
        made["images"] = pc.if_else(
            pc.equal(made["modality"], "image"), pc.fill_null(made["images"], 1), made["images"]
        )
        ordered = pa.table({column.name: made[column.name] for column in ITEMS.columns})
        kept = ordered if sieve.kept.all() else ordered.filter(pa.array(sieve.kept))
        return tables.conform(kept, ITEMS)

    def _same(self, text: str) -> pa.Array:
        return same(text, self.size)

    def _none(self, kind: pa.DataType) -> pa.Array:
        return nothing(kind, self.size)

    def _text(self, ours: str) -> pa.Array:
        return self.sieve.text(ours) if ours in self.sieve.grid.columns else self._same("")

    def _filled(self, texts: pa.Array, otherwise: str) -> pa.Array:
        empty = pc.equal(texts, "")
        if not pc.any(empty).as_py():
            return texts
        return self._same(otherwise) if pc.all(empty).as_py() else pc.if_else(empty, otherwise, texts)

    def _url(self, is_address: Mask) -> pa.Array:
        """The address: a wrong one is left out, credentials are taken out, both with a remark."""
        if "url" not in self._raw.columns and not is_address.any():
            return self._none(pa.string())
        raw = _as_address(self._raw, "url", self.size)
        raw = _either(raw, pc.if_else(pa.array(is_address), _as_address(self._raw, "source", self.size), ""))
        found, bad, held = addresses.spelled(raw)
        column = "url" if "url" in self._raw.columns else "source"
        if bad.any():
            self.sieve.warn("manifest.url", column, bad, addresses.shown(raw, bad))
        if held.any():
            self.sieve.warn("manifest.credentials", column, held, pc.fill_null(withheld.hidden(found), ""))
        self._bad_url = pc.if_else(pa.array(bad), addresses.shown(raw, bad), "")
        return found

    _bad_url: pa.Array | None = None

    def _names(self, ours: str) -> pa.Array:
        """The names of a column as lists; only texts that hold a separator are taken apart one by one."""
        columns = self.sieve.grid.columns.get(ours, ())
        if len(columns) != 1 or pa.types.is_list(columns[0].type):
            return self.sieve.lists(ours, values.names, values.names_wide)
        texts = self.sieve.text(ours)
        split = values.names if self.sieve.header(ours).isascii() else values.names_wide
        several = pc.match_substring_regex(texts, _SEPARATED)
        if pc.any(several).as_py():
            joined, _ = each(texts.filter(several), lambda text: "\x1f".join(split(text)), pa.string())
            texts = pc.replace_with_mask(texts, several, joined)
        full = pc.not_equal(texts, "")
        lists = pc.split_pattern(texts.filter(full), "\x1f")
        sizes = np.zeros(self.size, np.int64)
        sizes[mask(full)] = pc.list_value_length(lists).to_numpy()
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
        return pa.ListArray.from_arrays(pa.array(offsets), pc.list_flatten(lists))

    def _sha256(self) -> pa.Array:
        texts = self._text("hash")
        if "hash" not in self.sieve.grid.columns:
            return self._none(pa.string())
        small = pc.utf8_lower(texts)
        good = pc.match_substring_regex(small, _DIGEST)
        self.sieve.warn("manifest.sha256", "hash", mask(pc.and_(pc.invert(good), pc.not_equal(texts, ""))), texts)
        return pc.if_else(good, pc.utf8_slice_codeunits(small, -64), pa.scalar(None, pa.string()))

    def _code(self, code: str) -> pa.Array:
        """ISRC, ISWC or ISCC in canonical form; a wrong one is left out with a remark."""
        if code not in self.sieve.grid.columns:
            return self._none(pa.string())
        texts = self.sieve.text(code)
        if code == "iscc":
            found, _ = each(texts, ids.iscc, pa.string())
        else:
            found = (ids.isrcs if code == "isrc" else ids.iswcs)(texts)
        self.sieve.warn(f"id.{code}", code, mask(pc.and_(pc.not_equal(texts, ""), pc.is_null(found))), texts)
        return found

    def _refuse_nothing(self, made: dict[str, pa.Array]) -> None:
        nameless = mask(pc.equal(made["title"], ""))
        for column in ("url", "file_name", "sha256", "isrc", "iswc", "iscc"):
            nameless &= mask(pc.is_null(made[column]))
        if nameless.any():
            self.sieve.refuse("manifest.nothing", "url", nameless, self._bad_url)

    def _origin(self) -> pa.Array:
        def parse(text: str) -> str:
            found = _ORIGINS.get(headers.key(text))
            if found is None:
                raise ValueError(text)
            return found

        if "origin" not in self.sieve.grid.columns:
            return self._same("")
        found = self.sieve.parsed("origin", parse, pa.string(), "manifest.origin", warn=True)
        return pc.fill_null(found, "")

    def _modality(self, file_name: pa.Array, url: pa.Array) -> pa.Array:
        """As the row says, else as the file's or the address's ending says, else as the job says."""
        found = self._same("")
        for column, warn in (("modality", True), ("media_type", False)):
            if column in self.sieve.grid.columns:
                texts = self.sieve.text(column)
                said, bad = each(texts, figures.modality, pa.string())
                if warn:
                    self.sieve.warn("manifest.modality", column, bad, texts)
                found = _either(found, pc.fill_null(said, ""))
        for names, address in ((file_name, False), (url, True)):
            if names.null_count < self.size:
                found = _either(found, figures.modality_by_name(names, address=address))
        return self._filled(found, self.stated.modality)

    def _territory(self) -> pa.Array:
        def parse(text: str) -> str:
            found = headers.word(text, "territories") or values.country(text)
            if len(found) != 2 or not found.isalpha():
                raise ValueError(text)
            return found

        if "territory" not in self.sieve.grid.columns:
            return self._none(pa.string())
        return self.sieve.parsed("territory", parse, pa.string(), "text.territory", warn=True)

    def _taken_at(self) -> pa.Array:
        """When each was taken; a day that cannot be read, or lies in the future, is left out with a remark."""
        kind = pa.timestamp("s")
        fill = self.stated.taken_on
        otherwise = (
            nothing(kind, self.size) if fill is None else same_of(pa.scalar(fill, pa.date32()).cast(kind), self.size)
        )
        column = self.sieve.grid.columns.get("taken_at")
        if column is None:
            return otherwise
        if pa.types.is_timestamp(column[0].type) or pa.types.is_date(column[0].type):
            found, bad = figures.instants(column[0]), np.zeros(self.size, np.bool_)
            texts = found.cast(pa.string())
        else:
            texts = self.sieve.text("taken_at")
            found, bad = moments(texts)
        self.sieve.warn("manifest.day", "taken_at", bad, texts)
        if last := self.stated.last_day:
            late = mask(pc.greater(found.cast(pa.date32()), pa.scalar(last)))
            self.sieve.warn("manifest.future", "taken_at", late, texts)
            found = pc.if_else(pa.array(late), pa.scalar(None, kind), found)
        return found if fill is None else pc.coalesce(found, otherwise)

    def _count(self, ours: str) -> pa.Array:
        column = self.sieve.grid.columns.get(ours)
        if column is None:
            return self._none(pa.int64())
        found, bad, texts = figures.counts(column[0])
        self.sieve.warn("manifest.count", ours, bad, withheld.hidden(texts))
        return found

    def _milliseconds(self) -> pa.Array:
        """Length: from a column in milliseconds, else from one in seconds or as a clock shows it."""
        found = self._count("milliseconds")
        column = self.sieve.grid.columns.get("seconds")
        if column is None:
            return found
        read, bad, texts = figures.lengths(column[0])
        self.sieve.warn("manifest.count", "seconds", bad, withheld.hidden(texts))
        return pc.coalesce(found, read)

    def _item_id(self) -> pa.Array:
        """The manifest's own id, else the row's number from 0; `row-N` for a row that alone has none."""
        numbers = self.sieve.grid.numbers.cast(pa.string())
        if "item_id" not in self.sieve.grid.columns:
            return numbers
        texts = self.sieve.text("item_id")
        blank = pc.equal(texts, "")
        if not pc.any(blank).as_py():
            return texts
        self.sieve.warn("manifest.item_id", "item_id", mask(blank))
        return pc.if_else(blank, pc.binary_join_element_wise("row", numbers, "-"), texts)


def _too_long(grid: Grid) -> list[tuple[str, Mask, pa.Array]]:
    """Columns of texts that are longer than any title or name: which rows, and the texts."""
    found = []
    for ours, columns in grid.columns.items():
        most = urls.URL_MOST if ours in _LONG else TEXT_MOST
        for column in columns:
            if not (pa.types.is_string(column.type) or pa.types.is_list(column.type)):
                continue
            texts = as_text(column)
            long = mask(pc.greater(pc.binary_length(texts), most))
            if long.any():
                long = mask(pc.greater(pc.utf8_length(texts), most))
            if long.any():
                found.append((ours, long, pc.utf8_slice_codeunits(texts, 0, 200)))
    return found


def _prepared(grid: Grid) -> Grid:
    """The grid without texts that are too long, and without credentials in any text but the address itself."""
    columns = {}
    for ours, some in grid.columns.items():
        most = urls.URL_MOST if ours in _LONG else TEXT_MOST
        columns[ours] = some if ours == "url" else tuple(_shortened(column, most) for column in some)
    return replace(grid, columns=columns)


def _shortened(column: pa.ChunkedArray, most: int) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_list(kind):
        texts = as_text(column)
        odd = pc.or_(pc.greater(pc.utf8_length(texts), most), pc.match_substring_regex(texts, "@|%40|="))
        if not pc.any(odd).as_py():
            return column
        rows = [None if row is None or len(" / ".join(t or "" for t in row)) > most else
                [withheld.bare_text(t or "") for t in row] for row in column.to_pylist()]  # fmt: skip
        return pa.chunked_array([pa.array(rows, kind)])
    if not pa.types.is_string(kind):
        return column
    texts = as_text(column)
    long = pc.greater(pc.binary_length(texts), most)
    if pc.any(long).as_py():
        texts = pc.if_else(pc.greater(pc.utf8_length(texts), most), "", texts)
    return pa.chunked_array([withheld.bare(texts)])


def _as_address(grid: Grid, ours: str, size: int) -> pa.Array:
    columns = grid.columns.get(ours)
    if columns is None:
        return same("", size)
    texts = pc.utf8_trim_whitespace(as_text(columns[0]))
    odd = pc.match_substring_regex(texts, r"[\x00-\x1f\x7f]")
    return pc.replace_substring_regex(texts, r"[\x00-\x1f\x7f]", "") if pc.any(odd).as_py() else texts


def _last_part(texts: pa.Array) -> pa.Array:
    """`b.mp3` of `a/b.mp3`, of a path with backslashes, `s3://a/b.mp3` or `https://a/b.mp3?c=d`."""
    if not pc.any(pc.match_substring_regex(texts, r"[/\\]")).as_py():
        return texts
    bare = pc.replace_substring_regex(texts, r"(?i)^([a-z][a-z0-9+.-]*://[^?#]*)[?#].*$", r"\1")
    return pc.replace_substring_regex(bare, r"^.*[/\\]", "")


def _optional(texts: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)


def _either(first: pa.Array, second: pa.Array) -> pa.Array:
    """`first`, or `second` where that is empty."""
    empty = pc.equal(first, "")
    return pc.if_else(empty, second, first) if pc.any(empty).as_py() else first


_SHARED = 1 << 17
"""Rows of a column of one value that blocks share; no block has more, but a file of other rows may."""


def same(text: str, size: int) -> pa.Array:
    """A column of one text; blocks share its memory."""
    return _shared(text).slice(0, size) if size <= _SHARED else same_of(pa.scalar(text, pa.string()), size)


@lru_cache(maxsize=64)
def _shared(text: str) -> pa.Array:
    return same_of(pa.scalar(text, pa.string()), _SHARED)


def same_of(value: pa.Scalar, size: int) -> pa.Array:
    """A column of one value."""
    return pa.repeat(value, size)


def nothing(kind: pa.DataType, size: int) -> pa.Array:
    """A column of nulls; blocks share its memory."""
    return _shared_nulls(kind).slice(0, size) if size <= _SHARED else pa.nulls(size, kind)


@lru_cache(maxsize=16)
def _shared_nulls(kind: pa.DataType) -> pa.Array:
    return pa.nulls(_SHARED, kind)

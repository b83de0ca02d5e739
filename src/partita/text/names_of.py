"""Titles and performers that file names and addresses can be read as: `01 - Artist - Title (Live).mp3`, `?title=…`.

A name is read only as far as it says something in words: hashes, ids, numbers and what machines call their files give
no reading. What stands on which side of a dash is not for this module to say: both orders are given. Whole columns are
read at once; nothing is looked up.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import parse_qsl, unquote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from partita.tables.training import READINGS
from partita.text import names_words as words

ROWS = 1 << 18
"""Items that are read at once."""
_DASH = "\x1f"
"""Stands between the parts of a name, whatever sign stood there."""
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Read:
    """For each text: a title (null for none) with a name beside it, and (`other`) the same read the other way."""

    title: pa.Array
    name: pa.Array
    other_title: pa.Array
    other_name: pa.Array
    dashed: pa.Array

    def take(self, places: pa.Array) -> _Read:
        """The readings of some of the texts."""
        return _Read(*(getattr(self, part).take(places) for part in self.__slots__))


def readings(items: pa.Table) -> pa.Table:
    """READINGS of ITEMS: from the file name, or else from the address; an item has none, one or two of them."""
    parts = [READINGS.empty()]
    for first in range(0, items.num_rows, ROWS):
        some = items.slice(first, ROWS)
        ids, files, urls = (some.column(name).combine_chunks() for name in ("item_id", "file_name", "url"))
        by_file = _each(files, _of_files)
        unread = pc.is_null(by_file.title)
        by_url = _each(pc.if_else(unread, urls, pa.scalar(None, pa.string())), _of_urls)
        parts += [*_rows(ids, by_file, "file_name"), *_rows(ids, by_url, "url")]
    return pa.concat_tables(parts).combine_chunks()


def _each(texts: pa.Array, read: Callable[[pa.Array], _Read]) -> _Read:
    """Each different text read once."""
    encoded = texts.dictionary_encode()
    return read(encoded.dictionary).take(encoded.indices)


def _rows(ids: pa.Array, read: _Read, source: str) -> Iterator[pa.Table]:
    """Rows of READINGS, those of one item in order of what they are called."""
    both = pc.is_valid(read.other_title)
    first = pc.if_else(pc.and_(both, read.dashed), "name-title", "title")
    for title, name, kind in (
        (read.title, read.name, first),
        (read.other_title, read.other_name, pa.repeat("title-name", len(ids))),
    ):
        there = pc.is_valid(title)
        names = pc.fill_null(name.filter(there), "")
        sizes = np.asarray(pc.not_equal(names, ""), np.int32)
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
        lists = pa.ListArray.from_arrays(pa.array(offsets), names.filter(pc.not_equal(names, "")))
        size = int(np.count_nonzero(there))
        columns = [ids.filter(there), kind.filter(there), title.filter(there), lists, pa.repeat(source, size)]
        yield pa.Table.from_arrays(columns, schema=READINGS.schema)


def _of_files(names: pa.Array) -> _Read:
    """Readings of file names."""
    return _of_names(_decoded(names), slugs=False)


def _of_urls(urls: pa.Array) -> _Read:
    """Readings of addresses: what a parameter says, else the last part of the path that says something."""
    path = pc.replace_substring_regex(urls, r"^[a-z]+://[^/]*/?|[?#].*$", "")
    last = _last_telling(path)
    read = _of_names(_decoded(pc.replace_substring(last, "+", " ")), slugs=True)
    asked = np.flatnonzero(_mask(pc.match_substring_regex(urls, words.PARAMETERS)))
    if not len(asked):
        return read
    stated = [_parameters(url) for url in urls.take(pa.array(asked)).to_pylist()]
    titles = _cleaned(pa.array([title for title, _ in stated], pa.string()))
    titled = _mask(pc.and_(pc.is_valid(titles), _says_something(titles)))
    places = np.zeros(len(urls), np.bool_)
    places[asked[titled]] = True
    where = pa.array(places)
    nulls = pa.nulls(int(titled.sum()), pa.string())
    names = pa.array([name or None for (_, name), there in zip(stated, titled, strict=True) if there], pa.string())
    return _Read(
        pc.replace_with_mask(read.title, where, titles.filter(pa.array(titled))),
        pc.replace_with_mask(read.name, where, names),
        pc.replace_with_mask(read.other_title, where, nulls),
        pc.replace_with_mask(read.other_name, where, nulls),
        read.dashed,
    )


def _parameters(url: str) -> tuple[str | None, str]:
    """The title and the performer that an address's parameters state."""
    try:
        stated = {key.casefold(): value.strip() for key, value in parse_qsl(url.partition("?")[2], max_num_fields=100)}
    except ValueError:
        return None, ""
    title = next((stated[key] for key in words.TITLE_KEYS if stated.get(key)), None)
    return title, next((stated[key] for key in words.NAME_KEYS if stated.get(key)), "")


def _last_telling(path: pa.Array) -> pa.Array:
    """The last part of each path, or one before it where that is a number, a hash or such as `index` or `lyrics`."""
    bare = pc.replace_substring_regex(path, r"/+$", "")
    last = pc.replace_substring_regex(bare, r"^.*/", "")
    for _ in range(2):
        silent = pc.or_(pc.match_substring_regex(last, words.NO_PART), pc.match_substring_regex(last, words.MACHINE))
        back = pc.and_(silent, pc.match_substring(bare, "/"))
        if not pc.any(back).as_py():
            break
        bare = pc.if_else(back, pc.replace_substring_regex(bare, r"/[^/]*$", ""), bare)
        last = pc.if_else(back, pc.replace_substring_regex(bare, r"^.*/", ""), last)
    return pc.if_else(pc.match_substring_regex(last, words.NO_PART), pa.scalar(None, pa.string()), last)


def _decoded(names: pa.Array) -> pa.Array:
    """Percent-encoding and entities read, composed characters; what is longer than any name is left out."""
    short = pc.if_else(pc.less_equal(pc.binary_length(names), words.BYTES_MOST), names, pa.scalar(None, pa.string()))
    odd = _mask(pc.match_substring_regex(short, r"%[0-9A-Fa-f]{2}|&#?\w+;|[^\x00-\x7f]"))
    if not odd.any():
        return short
    some = [_decoded_one(name) for name in short.filter(pa.array(odd)).to_pylist()]
    return pc.replace_with_mask(short, pa.array(odd), pa.array(some, pa.string()))


def _decoded_one(name: str) -> str:
    plain = unquote(name) if "%" in name else name
    plain = html.unescape(plain) if "&" in plain else plain
    return plain if plain.isascii() else unicodedata.normalize("NFC", plain).replace("\ufffd", " ")


def _of_names(names: pa.Array, *, slugs: bool) -> _Read:
    """Readings of names without folders; `slugs`: a single hyphen joins words, as it does in addresses."""
    whole = names
    for _ in range(2):
        whole = pc.replace_substring_regex(whole, words.ENDING, "")
    unread = pc.or_(pc.match_substring_regex(whole, words.MACHINE), pc.match_substring_regex(whole, words.NO_NAME))
    whole = pc.if_else(pc.or_(unread, _token(whole)), pa.scalar(None, pa.string()), whole)
    parted = _parted(_untagged(_without_ids(whole)), slugs=slugs)
    parted = _numbers_left_out(parted)
    return _sides(parted)


def _token(names: pa.Array) -> pa.Array:
    """Whether a name is one run of letters and figures such as a service makes up: 16 signs or more, or 11 mixed."""
    run = _mask(pc.match_substring_regex(names, r"^[A-Za-z0-9_-]{11,}$"))
    run[run] = ~_mask(pc.match_substring_regex(names.filter(pa.array(run)), words.PLAIN_WORDS))
    found = np.zeros(len(names), np.bool_)
    places = np.flatnonzero(run)
    found[places] = [_made_up(name) for name in names.take(pa.array(places)).to_pylist()]
    return pa.array(found)


def _made_up(name: str) -> bool:
    """Whether letters and figures change too often for words, or an id's eleven signs are of all three kinds."""
    kinds = ["d" if c.isdigit() else "u" if c.isupper() else "l" if c.islower() else "-" for c in name]
    turns = sum(a != b and "-" not in (a, b) and (a, b) != ("u", "l") for a, b in pairwise(kinds))
    figures = kinds.count("d")
    if figures == 0:
        return len(kinds) == words.ID_LENGTH and {"u", "l"} <= set(kinds) and turns >= 3
    return turns >= max(3, len(kinds) // 5)


def _without_ids(names: pa.Array) -> pa.Array:
    """Without the id that a downloader puts behind a title: `Title-dQw4w9WgXcQ`, `Title [dQw4w9WgXcQ]`."""
    bare = pc.replace_substring_regex(names, r"\s*\[[A-Za-z0-9_-]{11}\]$", "")
    tail = _mask(pc.match_substring_regex(bare, r"[-_ ][A-Za-z0-9_-]{11}$"))
    tail[tail] = ~_mask(pc.match_substring_regex(bare.filter(pa.array(tail)), words.PLAIN_TAIL))
    if not tail.any():
        return bare
    some = [n[:-12] if _made_up(n[-11:]) else n for n in bare.filter(pa.array(tail)).to_pylist()]
    return pc.replace_with_mask(bare, pa.array(tail), pa.array(some, pa.string()))


def _untagged(names: pa.Array) -> pa.Array:
    """Without sites, bit rates, and tags such as `(Official Video)`, `【KTV】` or `動態歌詞`."""
    found = names
    for glance, pattern in words.DROPPED:
        found = pc.utf8_rtrim_whitespace(_replaced(found, glance, pattern, " "))
    return found


def _parted(names: pa.Array, *, slugs: bool) -> pa.Array:
    """Words with blanks between, and `_DASH` between parts."""
    underlined = pc.and_(pc.match_substring(names, "_"), pc.invert(pc.match_substring_regex(names, r"\S\s+\S")))
    numbered = _replaced(names, r"^\d{2}_", r"^(\d{2})_([^\d\s_-])", r"\1. \2")
    text = pc.replace_substring(numbered, "_", " ")
    text = _trimmed(pc.replace_substring_regex(text, words.SPACED_DASH, _DASH))
    one_hyphen = pc.match_substring_regex(text, rf"^[^-{_DASH}]+-[^-{_DASH}]+$")
    two = pc.match_substring_regex(text, words.TWO_WIDE_PARTS if slugs else words.TWO_PARTS)
    two = pc.or_(two, pc.and_(underlined, one_hyphen))
    slug = pc.or_(pc.match_substring_regex(text, words.SLUG), pc.match_substring_regex(text, words.TITLED_SLUG))
    joined = pc.replace_substring(text, "-", " ")
    apart = pc.replace_substring(text, "-", _DASH)
    found = pc.if_else(two, apart, pc.if_else(slug, joined, text))
    camel = pc.invert(pc.match_substring_regex(found, r"\s"))
    split = pc.replace_substring_regex(found, r"([a-z])([A-Z])", r"\1 \2")
    return _trimmed(pc.if_else(camel, split, found))


def _numbers_left_out(parted: pa.Array) -> pa.Array:
    """Without the number of a track or disc, first or between two dashes."""
    found = parted
    for pattern, kept in words.NUMBERS:
        found = _replaced(found, words.NUMBERED, pattern, kept)
    return _trimmed(found)


def _sides(parted: pa.Array) -> _Read:
    """What stands on each side of a dash, of `by`, or in and before brackets that hold a title."""
    nulls = pa.nulls(len(parted), pa.string())
    dashed = pc.fill_null(pc.match_substring(parted, _DASH), False)
    first = _cleaned(pc.if_else(dashed, pc.replace_substring_regex(parted, rf"{_DASH}.*$", ""), parted))
    last = _cleaned(pc.if_else(dashed, pc.replace_substring_regex(parted, rf"^.*{_DASH}", ""), nulls))
    named = _extracted(parted, "[《「『【]", words.QUOTED)
    inner = _cleaned(pc.struct_field(named, "title"))
    outer = _cleaned(pc.struct_field(named, "name"))
    by = _extracted(first, r"(?i)[\s-]by[\s-]", words.BY)
    quoted = pc.and_(pc.fill_null(_says_something(inner), False), pc.invert(dashed))
    said_first, said_last = (pc.fill_null(_says_something(side), False) for side in (first, last))
    both = pc.and_(pc.and_(dashed, said_first), said_last)
    authored = pc.and_(pc.and_(pc.is_valid(pc.struct_field(by, "name")), pc.invert(dashed)), pc.invert(quoted))
    alone = pc.if_else(said_first, first, pc.if_else(said_last, last, nulls))
    title = pc.if_else(quoted, inner, pc.if_else(both, last, alone))
    name = pc.if_else(quoted, pc.if_else(_letters(outer), outer, nulls), pc.if_else(both, first, nulls))
    other = pc.if_else(both, first, pc.if_else(authored, pc.struct_field(by, "title"), nulls))
    other_name = pc.if_else(both, last, pc.if_else(authored, pc.struct_field(by, "name"), nulls))
    return _Read(title, name, other, other_name, both)


def _cleaned(texts: pa.Array) -> pa.Array:
    """One blank between words, no signs at the ends, no quotation marks around."""
    return _trimmed(_replaced(_trimmed(texts), "^[\"'“”‘’«»「『《]", words.QUOTES, r"\1"))


def _replaced(texts: pa.Array, glance: str, pattern: str, by: str) -> pa.Array:
    """`pattern` replaced, looked for only where a first glance says that it may stand."""
    there = pc.fill_null(pc.match_substring_regex(texts, glance), False)
    if not pc.any(there).as_py():
        return texts
    return pc.replace_with_mask(texts, there, pc.replace_substring_regex(texts.filter(there), pattern, by))


def _extracted(texts: pa.Array, glance: str, pattern: str) -> pa.Array:
    """The parts that `pattern` names, null where a first glance says that there are none."""
    seen = pc.match_substring_regex(texts, glance)
    return pc.extract_regex(pc.if_else(seen, texts, pa.scalar(None, pa.string())), pattern)


def _trimmed(texts: pa.Array) -> pa.Array:
    spaced = _replaced(texts, r"\s\s|[\t\n\r\f\x{3000}\x{a0}]", r"[\s\x{3000}\x{a0}]+", " ")
    return pc.utf8_trim(spaced, f" -–—_.,;:~|·・#{_DASH}")


def _letters(texts: pa.Array) -> pa.Array:
    return pc.fill_null(pc.match_substring_regex(texts, r"\pL"), False)


def _says_something(texts: pa.Array) -> pa.Array:
    """Whether a text has a letter, is no lone Latin letter, no word that machines use, and no title's length beyond."""
    silent = pc.or_(pc.match_substring_regex(texts, words.NO_NAME), pc.match_substring_regex(texts, words.NO_TITLE))
    short = pc.less_equal(pc.utf8_length(texts), words.TITLE_MOST)
    return pc.and_(pc.and_(_letters(texts), short), pc.invert(pc.fill_null(silent, True)))


def _mask(values: pa.Array) -> Mask:
    return np.asarray(pc.fill_null(values, False).to_numpy(zero_copy_only=False), np.bool_)

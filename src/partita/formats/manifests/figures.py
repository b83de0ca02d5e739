"""Columns of figures: counts, lengths and moments of any type; and what kind of thing a name's ending says."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from partita.formats import values
from partita.formats.sieve import Mask, as_text, each, mask

COUNT_MOST = 1_000_000_000_000_000
_WHOLE = r"^\+?[0-9]{1,15}(?:\.0*)?$"
_DECIMAL = r"^\+?[0-9]{1,9}(?:\.[0-9]{1,9})?$"
_LENGTH = re.compile(r"P(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,7})(?:\.(\d{1,9}))?S)?)", re.IGNORECASE)
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2})(?:\.(\d{1,9}))?")
_ENDINGS = {
    "audio": "mp3|wav|wave|flac|ogg|oga|opus|m4a|aac|aif|aiff|wma|mid|midi|ape|alac|wv|mka|amr|au",
    "image": "jpg|jpeg|png|gif|webp|bmp|tif|tiff|svg|heic|heif|avif|jfif|ico|psd|raw",
    "video": "mp4|mkv|webm|mov|avi|wmv|flv|m4v|mpg|mpeg|mpe|3gp|ts|vob|ogv",
    "text": "txt|html|htm|xhtml|md|rst|tex|pdf|epub|mobi|doc|docx|odt|rtf|lrc|srt|vtt|xml|php|asp|aspx|jsp|shtml",
}
_MODALITIES = {
    "text": ("text", "document", "article", "code", "application/pdf", "application/epub", "application/xhtml"),
    "image": ("image", "images", "picture", "photo", "img"),
    "audio": ("audio", "sound", "music", "speech", "recording", "song"),
    "video": ("video", "film", "movie", "clip"),
    "other": ("other", "multimodal", "sensor", "tabular"),
}  # fmt: skip


def counts(column: pa.ChunkedArray) -> tuple[pa.Array, Mask, pa.Array]:
    """Whole numbers from 0 on, null where empty or wrong; which are wrong; and the texts, to be shown."""
    kind = column.type
    if pa.types.is_integer(kind):
        whole = column.combine_chunks()
        bad = pc.or_(pc.less(whole, 0), pc.greater(whole.cast(pa.float64()), float(COUNT_MOST)))
        clean = pc.if_else(pc.fill_null(bad, False), pa.scalar(None, kind), whole).cast(pa.int64())
        return clean, mask(bad), _shown(whole, bad)
    if pa.types.is_floating(kind):
        number = column.combine_chunks().cast(pa.float64())
        good = pc.and_(pc.and_(pc.greater_equal(number, 0), pc.less(number, float(COUNT_MOST))),
                       pc.equal(number, pc.floor(number)))  # fmt: skip
        bad = mask(pc.and_(pc.invert(pc.fill_null(good, False)), _stated(number)))
        clean = pc.if_else(pc.fill_null(good, False), number, pa.scalar(None, pa.float64()))
        return clean.cast(pa.int64()), bad, _shown(number, pa.array(bad))
    texts = pc.utf8_trim_whitespace(as_text(column))
    return _parsed(texts, _WHOLE, 1, lambda text: values.count(text, COUNT_MOST))


def lengths(column: pa.ChunkedArray) -> tuple[pa.Array, Mask, pa.Array]:
    """Milliseconds of lengths in seconds (`225`, `225.4`), as a clock shows them (`3:45`), or as `PT3M45S`."""
    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        number = column.combine_chunks().cast(pa.float64())
        good = pc.and_(pc.greater_equal(number, 0), pc.less(number, 1e12))
        bad = mask(pc.and_(pc.invert(pc.fill_null(good, False)), _stated(number)))
        clean = pc.if_else(pc.fill_null(good, False), number, pa.scalar(None, pa.float64()))
        return pc.round(pc.multiply(clean, 1000.0)).cast(pa.int64()), bad, _shown(number, pa.array(bad))
    texts = pc.utf8_trim_whitespace(as_text(column))
    return _parsed(texts, _DECIMAL, 1000, _length)


def _stated(number: pa.Array) -> pa.Array:
    """Whether a number stands there; some programs write `not a number` for an empty cell."""
    return pc.and_(pc.is_valid(number), pc.invert(pc.fill_null(pc.is_nan(number), True)))


def _shown(column: pa.Array, bad: pa.Array) -> pa.Array:
    if not pc.any(bad).as_py():
        return pa.repeat("", len(column))
    return pc.fill_null(pc.if_else(pc.fill_null(bad, False), column.cast(pa.string()), ""), "")


def _parsed(texts: pa.Array, pattern: str, factor: int, one: Callable[[str], int]) -> tuple[pa.Array, Mask, pa.Array]:
    usual = pc.match_substring_regex(texts, pattern)
    number = pc.if_else(usual, pc.replace_substring_regex(texts, r"^\+", ""), pa.scalar(None, pa.string()))
    found = pc.round(pc.multiply(number.cast(pa.float64()), float(factor))).cast(pa.int64())
    odd = pc.and_(pc.invert(usual), pc.not_equal(texts, ""))
    if not pc.any(odd).as_py():
        return found, np.zeros(len(texts), np.bool_), texts
    others, bad = each(pc.if_else(odd, texts, ""), one, pa.int64())
    return pc.if_else(odd, others, found), bad, texts


def _length(text: str) -> int:
    found = _LENGTH.fullmatch(text) or _CLOCK.fullmatch(text)
    if found is None or not any(found.groups()):
        return values.seconds(text) * 1000
    hours, minutes, seconds = (int(part or 0) for part in found.groups()[:3])
    return (hours * 3600 + minutes * 60 + seconds) * 1000 + int(f"{found[4] or 0:0<3}"[:3])


def instants(column: pa.ChunkedArray) -> pa.Array:
    """Days and moments of any resolution as moments in UTC; one without a zone is taken as UTC."""
    whole = column.combine_chunks()
    kind = whole.type
    if pa.types.is_timestamp(kind):
        if kind.tz:
            whole = whole.cast(pa.timestamp(kind.unit))
        whole = pc.floor_temporal(whole, unit="second")
    return whole.cast(pa.timestamp("s"), safe=False)


def modality(text: str) -> str:
    """`audio` for `audio`, `Audio/MPEG` or `music`; raises ValueError for a word that says nothing of it."""
    word = text.strip().casefold()
    for name, words in _MODALITIES.items():
        if word in words or word.split("/")[0] in words[:1] or any("/" in w and word.startswith(w) for w in words):
            return name
    for name, endings in _ENDINGS.items():
        if word.removeprefix(".") in endings.split("|"):
            return name
    raise ValueError(text)


_FILE_ENDING = r"[^.]\.(?P<ending>[A-Za-z0-9]{2,8})$"
_PATH_ENDING = r"^[^?]*[^/?]\.(?P<ending>[A-Za-z0-9]{2,8})(?:\?.*)?$"


def modality_by_name(names: pa.Array, *, address: bool) -> pa.Array:
    """What the ending of a file's name, or of an address's path, says; empty for nothing."""
    pattern = _PATH_ENDING if address else _FILE_ENDING
    ending = pc.struct_field(pc.extract_regex(names, pattern), "ending")
    found = pa.repeat("", len(names))
    if ending.null_count == len(names):
        return found
    small = pc.utf8_lower(pc.fill_null(ending, ""))
    for name, endings in _ENDINGS.items():
        found = pc.if_else(pc.is_in(small, value_set=pa.array(endings.split("|"))), name, found)
    return found

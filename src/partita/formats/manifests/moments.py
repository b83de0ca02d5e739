"""A column of moments in UTC: ISO 8601 with or without an offset, 14 digits as crawlers write them, and epochs."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from partita.formats import values
from partita.formats.sieve import Mask, each, mask

_ISO = (
    r"^[12][0-9]{3}(?:-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?)?"
    r"|[0-9]{4}(?:[T ]?[0-9]{6})?)(?:Z|[+-]00:?00| UTC)?$"
)
_SECONDS, _MILLISECONDS = r"^[0-9]{9,10}(?:\.0*)?$", r"^[0-9]{12,13}(?:\.0*)?$"
_DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_OFFSET = re.compile(r"(?:Z|[+-][0-9]{2}:?[0-9]{2})$")
_FIRST_YEAR = 1970


def moments(texts: pa.Array) -> tuple[pa.Array, Mask]:
    """Timestamps in UTC, null where empty or unreadable; and which are unreadable."""
    found = np.full(len(texts), np.datetime64("NaT", "s"))
    iso = mask(pc.match_substring_regex(texts, _ISO))
    read = np.zeros(len(texts), np.bool_)
    if iso.any():
        made, good = _iso(texts.filter(pa.array(iso)))
        found[iso] = made
        read[np.flatnonzero(iso)[good]] = True
    for pattern, divisor in ((_SECONDS, 1), (_MILLISECONDS, 1000)):
        epoch = mask(pc.match_substring_regex(texts, pattern)) & ~read
        if epoch.any():
            digits = pc.replace_substring_regex(texts.filter(pa.array(epoch)), r"\.0*$", "").cast(pa.int64())
            found[epoch] = (digits.to_numpy() // divisor).astype("datetime64[s]")
            read |= epoch
    rest = ~read & mask(pc.not_equal(texts, ""))
    bad = np.zeros(len(texts), np.bool_)
    if rest.any():
        others, refused = each(texts.filter(pa.array(rest)), _one, pa.timestamp("s"))
        found[rest] = others.to_numpy(zero_copy_only=False)
        bad[np.flatnonzero(rest)[refused]] = True
    return pa.array(found, pa.timestamp("s"), from_pandas=True), bad


def _iso(texts: pa.Array) -> tuple[NDArray[np.datetime64], Mask]:
    """Moments of texts whose digits stand as in ISO 8601, and which of them exist: no 30 February, no hour 25."""
    bare = pc.replace_substring_regex(texts, r"[.,][0-9]+|[+-]00:?00$|[^0-9]", "")
    padded = pc.utf8_rpad(bare, 14, padding="0")
    raw = np.frombuffer(
        pc.binary_join(pa.ListArray.from_arrays([0, len(padded)], padded), "")[0].as_py().encode(), np.uint8
    )
    digits = raw.reshape(-1, 14).astype(np.int64) - 48
    year = digits[:, :4] @ np.array([1000, 100, 10, 1])
    month, day, hour, minute, second = (digits[:, n : n + 2] @ np.array([10, 1]) for n in range(4, 14, 2))
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    exists = (month >= 1) & (month <= 12) & (day >= 1) & (hour < 24) & (minute < 60) & (second <= 60)
    exists &= day <= _DAYS[np.clip(month, 1, 12) - 1] + (leap & (month == 2))
    exists &= year >= _FIRST_YEAR
    months = ((np.where(exists, year, 2000) - 1970) * 12 + np.where(exists, month, 1) - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (np.where(exists, day, 1) - 1)
    seconds = hour * 3600 + minute * 60 + np.minimum(second, 59)
    found = days.astype("datetime64[s]") + np.where(exists, seconds, 0)
    found[~exists] = np.datetime64("NaT", "s")
    return found, exists


def _one(text: str) -> dt.datetime:
    """One moment with an offset, or as the house reads a day; raises ValueError."""
    if _OFFSET.search(text):
        when = dt.datetime.fromisoformat(text.strip())
        found = when.astimezone(dt.UTC).replace(tzinfo=None, microsecond=0)
    else:
        found = values.moment(text)
    if found.year < _FIRST_YEAR:
        raise ValueError(text)
    return found

"""Identifiers: canonical forms and check digits.

ISWC after ISO 15707, ISRC after ISO 3901, ISNI after ISO 27729, ISCC after ISO 24138, and the
societies' IPI name number.

For one text, and for a column of texts (the same answers, without a loop).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_ISWC = re.compile(r"T([0-9]{9})([0-9])")
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
_ISNI = re.compile(r"[0-9]{15}[0-9X]")
_IPI = re.compile(r"[0-9]{1,11}")
_ISCC = re.compile(r"[A-Z2-7]{10,64}")
_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_ISCC_CODE, _ISCC_ID, _ISCC_WIDE = 5, 6, 7
"""Main types of the ISCC, and the sub-type of a code with two units of 128 bits."""

_BETWEEN = r"\s.\-‐‑–—_:"
_LENGTH_MOST = 64
"""Characters of a text that could be an identifier with its punctuation."""


def _bare(text: str) -> str:
    """Without punctuation, in capitals; full-width letters and figures are letters and figures."""
    if len(text) > _LENGTH_MOST:
        return ""
    return re.sub(f"[{_BETWEEN}]", "", unicodedata.normalize("NFKC", text)).upper()


def iswc(text: str) -> str | None:
    """`T0345246801` from any punctuation, or None where the form or the check digit is wrong."""
    found = _ISWC.fullmatch(_bare(text).removeprefix("ISWC"))
    if not found:
        return None
    total = 1 + sum(weight * int(digit) for weight, digit in enumerate(found[1], start=1))
    return found[0] if (10 - total % 10) % 10 == int(found[2]) else None


def isrc(text: str) -> str | None:
    """Twelve characters without punctuation, or None where the form is wrong (an ISRC has no check digit)."""
    bare = _bare(text).removeprefix("ISRC")
    return bare if _ISRC.fullmatch(bare) else None


def isni(text: str) -> str | None:
    """Sixteen characters without blanks, or None where the form or check character (ISO 7064, MOD 11-2) is wrong."""
    bare = _bare(text).removeprefix("ISNI")
    if not _ISNI.fullmatch(bare):
        return None
    total = 0
    for digit in bare[:15]:
        total = (total + int(digit)) * 2 % 11
    return bare if "0123456789X"[(12 - total) % 11] == bare[15] else None


def ipi(text: str) -> str | None:
    """An IPI name number in eleven digits, or None where the form or its two check digits (modulo 101) are wrong.

    Leading zeros may be left out: `17798450` is `00017798450`.
    """
    bare = _bare(text).removeprefix("IPI")
    if not _IPI.fullmatch(bare):
        return None
    number = bare.zfill(11)
    total = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), number[:9], strict=True))
    return number if (101 - total % 101) % 100 == int(number[9:]) else None


def iscc(text: str) -> str | None:
    """`ISCC:KACT...` in capitals, or None where it is no ISCC-CODE, ISCC-UNIT or ISCC-ID of ISO 24138.

    Header and length are checked; an ISCC has no check digit.
    """
    body = text.strip().upper().removeprefix("ISCC:")
    if not _ISCC.fullmatch(body):
        return None
    first, second, third, fourth = (_BASE32.index(sign) for sign in body[:4])
    head = first << 15 | second << 10 | third << 5 | fourth
    main, sub, version, length = head >> 16, head >> 12 & 15, head >> 8 & 15, head >> 4 & 15
    if main > _ISCC_ID or version > 1 or (version == 1 and main != _ISCC_ID):
        return None
    size, spare = divmod(len(body) * 5, 8)
    whole = spare < 5 and _BASE32.index(body[-1]) & ((1 << spare) - 1) == 0
    return f"ISCC:{body}" if whole and size - 2 == _iscc_bytes(main, sub, length) else None


def _iscc_bytes(main: int, sub: int, length: int) -> int:
    """Bytes behind the header: of an ISCC-CODE (its units), of an ISCC-ID (its counter), of a unit (its bits)."""
    if main == _ISCC_CODE:
        return 32 if sub == _ISCC_WIDE else 16 + 8 * length.bit_count()
    return 8 + length if main == _ISCC_ID else 4 * (length + 1)


def iswcs(texts: pa.Array) -> pa.Array:
    """`iswc` of each text of a column; null where it is None or null."""
    formed, plain = _formed(texts, _ISWC)
    figures = np.frombuffer("".join(plain.filter(formed).to_pylist()).encode(), np.uint8).reshape(-1, 11)[:, 1:] - 48
    wrong = (figures[:, :9].astype(np.int64) @ np.arange(1, 10) + 1 + figures[:, 9]) % 10 != 0
    good = np.array(formed)
    good[np.flatnonzero(good)[wrong]] = False
    return _with_rest(texts, plain, formed, pa.array(good), iswc)


def isrcs(texts: pa.Array) -> pa.Array:
    """`isrc` of each text of a column; null where it is None or null."""
    formed, plain = _formed(texts, _ISRC)
    return _with_rest(texts, plain, formed, formed, isrc)


def _formed(texts: pa.Array, form: re.Pattern[str]) -> tuple[pa.Array, pa.Array]:
    """Which texts have the form once the common punctuation is gone, and the texts without it."""
    plain = pc.utf8_upper(pc.replace_substring_regex(texts, r"[\s.\-_:]", ""))
    short = pc.less_equal(pc.utf8_length(texts), _LENGTH_MOST)
    return pc.fill_null(pc.and_(short, pc.match_substring_regex(plain, f"^{form.pattern}$")), False), plain


def _with_rest(
    texts: pa.Array, plain: pa.Array, formed: pa.Array, good: pa.Array, one: Callable[[str], str | None]
) -> pa.Array:
    """`plain` where `good`; what has rarer punctuation is tried one by one, each text once."""
    result = pc.if_else(good, plain, None)
    odd = pc.and_(pc.invert(formed), pc.fill_null(pc.not_equal(texts, ""), False))
    if not pc.any(odd).as_py():
        return result
    distinct = pc.unique(texts.filter(odd))
    tried = pa.array([one(text) for text in distinct.to_pylist()], texts.type)
    return pc.if_else(odd, tried.take(pc.index_in(texts, value_set=distinct)), result)

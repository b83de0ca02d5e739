"""Identifiers: canonical forms and check digits. ISWC after ISO 15707, ISRC after ISO 3901."""

from __future__ import annotations

import re

_ISWC = re.compile(r"T(\d{9})(\d)")
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}\d{7}")


def _bare(text: str) -> str:
    return re.sub(r"[\s.\-‐–—_]", "", text).upper()


def iswc(text: str) -> str | None:
    """`T0345246801` from any punctuation, or None where the form or the check digit is wrong."""
    found = _ISWC.fullmatch(_bare(text))
    if not found:
        return None
    total = 1 + sum(weight * int(digit) for weight, digit in enumerate(found[1], start=1))
    return found[0] if (10 - total % 10) % 10 == int(found[2]) else None


def isrc(text: str) -> str | None:
    """Twelve characters without punctuation, or None where the form is wrong (an ISRC has no check digit)."""
    bare = _bare(text).removeprefix("ISRC")
    return bare if _ISRC.fullmatch(bare) else None

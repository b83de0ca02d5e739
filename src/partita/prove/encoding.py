"""Bytes and numbers as the C2SP texts write them: Base64 of RFC 4648 section 4, decimals without leading zeroes."""

from __future__ import annotations

import base64
import binascii
import re

from partita.prove.faults import MalformedNote

NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
NUMBER_MOST = (1 << 63) - 1
SHOWN = 60
"""So many characters of what somebody else wrote are shown in a message."""


def encoded(data: bytes) -> str:
    """Bytes in Base64."""
    return base64.b64encode(data).decode()


def decoded(text: str) -> bytes:
    """The bytes of a Base64 text; raises `MalformedNote` unless it is written in the one way that these bytes are."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedNote(f"{text[:SHOWN]!r} is not Base64") from error
    if encoded(data) != text:
        raise MalformedNote(f"{text[:SHOWN]!r} is not Base64 as it must be written")
    return data


def number(text: str) -> int:
    """A count of leaves or an index, at most 2^63 - 1; raises `MalformedNote`."""
    if not NUMBER.fullmatch(text) or int(text) > NUMBER_MOST:
        raise MalformedNote(f"{text[:SHOWN]!r} is no number of leaves")
    return int(text)

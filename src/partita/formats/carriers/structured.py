"""Structured fields of HTTP (RFC 9651), as http-sf reads them, with a limit and with reasons in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import http_sf

VALUE_MOST = 64 << 10
"""Bytes of one field, all its lines together."""

Token = http_sf.Token
Structure = Any
"""A dictionary, list or item as http-sf gives it: members are `(value, parameters)`."""


class NotStructuredError(ValueError):
    """Why a field's value is no structured field, in words."""


def parse(lines: Sequence[bytes], kind: str) -> Structure:
    """The value of a field that stands on one or more lines; `kind` is `dictionary`, `list` or `item`.

    Lines are joined with a comma, as RFC 9651, section 4.2, says. Raises NotStructuredError.
    """
    value = b", ".join(lines)
    if len(value) > VALUE_MOST:
        raise NotStructuredError(f"is longer than {VALUE_MOST:,} bytes")
    try:
        return http_sf.parse(value, tltype=kind)
    except (http_sf.StructuredFieldError, ValueError, IndexError, OverflowError) as error:
        raise NotStructuredError(f"is no structured field: {' '.join(str(error).split())[:160]}") from None


def tokens(lines: Sequence[bytes]) -> dict[str, str | None]:
    """A dictionary's keys with their tokens, without parameters; None for what is no token. Raises as `parse`."""
    return {key: _token(member) for key, member in parse(lines, "dictionary").items()}


def _token(member: Structure) -> str | None:
    value = member[0] if isinstance(member, tuple) else member
    return str(value) if isinstance(value, Token) else None

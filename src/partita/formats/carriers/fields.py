"""Header fields as they come from a server or a saved response, and what may be written into one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from partita.errors import InputError

Headers = Mapping[str, str | bytes] | Iterable[tuple[str, str | bytes]]
"""A response's header fields: names in any case; a field may come on several lines."""

LINES_MOST = 200
"""Lines of one field that are read."""

_WRITABLE = re.compile(r"[\x20-\x7e]*")


def lines(headers: Headers, name: str) -> list[bytes]:
    """All lines of one field, in order, whatever the case of its name; text as UTF-8."""
    wanted = name.lower()
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    found = [value for key, value in pairs if _text(key).strip().lower() == wanted]
    return [value if isinstance(value, bytes) else value.encode("utf-8", "replace") for value in found[:LINES_MOST]]


def _text(name: str | bytes) -> str:
    return name.decode("latin-1") if isinstance(name, bytes) else name


def words(value: bytes) -> str:
    """A field's value as text, whatever bytes it holds."""
    return value.decode("utf-8", "replace").strip()


def writable(value: str, what: str) -> str:
    """The value, if it can stand in a header or on one line of a file: printable ASCII alone. Raises InputError."""
    if not _WRITABLE.fullmatch(value):
        mend = "Use printable ASCII alone, without line breaks (percent-encode what else an address holds)"
        raise InputError(f"{what} cannot be written into a line: {value[:80]!r}", mend=mend)
    return value

"""Paths and patterns of robots.txt and tdmrep.json: `*` any characters, `$` last the end, else a prefix (RFC 9309).

Matching takes time in proportion to the path: a pattern is never turned into a regular expression.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, unquote_to_bytes

from partita.errors import InputError

PATTERN_MOST = 4096
"""Characters of a pattern that are compared; what comes after is a pattern too long to mean anything."""

_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_KEPT = {"2F", "25", "2A", "24"}
"""Escapes that are not undone: `/`, `%`, and the two characters with a meaning in patterns."""


def path_of(url: str) -> str:
    """Path and query of a URL, without fragment; a URL without a path has `/`. What begins with `/` is a path."""
    rest = url.partition("#")[0]
    scheme, mark, after = rest.partition("://")
    if mark and "/" not in scheme and "?" not in scheme:
        rest = after
    elif rest.startswith("//"):
        rest = rest[2:]
    else:
        return rest if rest.startswith("/") else f"/{rest}"
    start = min((place for place in (rest.find("/"), rest.find("?")) if place >= 0), default=len(rest))
    return rest[start:] if rest[start : start + 1] == "/" else f"/{rest[start:]}"


def normal(text: str) -> str:
    """A path with each character either as itself or escaped, never both: what must be equal becomes equal.

    Escapes are undone but those of `/`, `%`, `*` and `$`; then all but letters, digits and `-._~/=` is escaped.
    """
    decoded = b"%".join(_undone(text.encode("utf-8", "surrogateescape")))
    return quote(decoded, safe="/%=*$")


def _undone(text: bytes) -> list[bytes]:
    """The pieces of a path between the `%` that stay."""
    first, *rest = text.split(b"%")
    pieces = [first]
    for part in rest:
        code = part[:2].decode("latin-1").upper()
        if _ESCAPE.fullmatch(f"%{code}") and code not in _KEPT:
            pieces[-1] += unquote_to_bytes(f"%{code}") + part[2:]
        else:
            pieces.append(code.encode("latin-1") + part[2:] if _ESCAPE.fullmatch(f"%{code}") else part)
    return pieces


def pattern_of(text: str) -> str:
    """A pattern in the normal form: only a `$` at the end is special, another is the character."""
    return _pattern_of(text[:PATTERN_MOST])


@lru_cache(maxsize=4096)
def _pattern_of(text: str) -> str:
    body, anchor = (text[:-1], "$") if text.endswith("$") else (text, "")
    return normal(body).replace("$", "%24") + anchor


def plain(url: str) -> str:
    """A URL's path in the normal form that patterns are compared with."""
    return _plain(url) if len(url) <= PATTERN_MOST else _plain.__wrapped__(url)


@lru_cache(maxsize=4096)
def _plain(url: str) -> str:
    return normal(path_of(url)).replace("*", "%2A").replace("$", "%24")


def target(pattern: str) -> str:
    """A pattern as a signal's target, from the root; empty for what is no path."""
    if pattern.startswith("*"):
        return f"/{pattern}"
    return pattern if pattern.startswith("/") else ""


def fits(pattern: str, path: str) -> bool:
    """Whether a pattern of `pattern_of` matches a path of `plain`."""
    anchored = pattern.endswith("$")
    first, *rest = (pattern[:-1] if anchored else pattern).split("*")
    if not path.startswith(first):
        return False
    if not rest:
        return not anchored or path == first
    place = len(first)
    for part in rest[:-1]:
        found = path.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    last = rest[-1]
    if anchored:
        return len(path) - len(last) >= place and path.endswith(last)
    return path.find(last, place) >= 0


def matches(pattern: str, url: str) -> bool:
    """Whether a pattern as written matches a URL or path as written; an empty pattern matches nothing."""
    return bool(pattern) and fits(pattern_of(pattern), plain(url))


def octets(pattern: str) -> int:
    """Bytes of a pattern as RFC 3986 encodes it: what `longest` counts."""
    return len(quote(pattern.encode("utf-8", "surrogateescape"), safe="%/:?#[]@!$&'()*+,;=-._~"))


def covers(wide: str, narrow: str) -> bool:
    """Whether all that one pattern matches is matched by the other for certain."""
    if wide.endswith("$"):
        return wide == narrow
    return fits(pattern_of(wide), pattern_of(narrow))


def may_meet(one: str, other: str) -> bool:
    """Whether a path may match both patterns; false only where it is certain that none does."""
    first, second = pattern_of(one).split("*")[0].rstrip("$"), pattern_of(other).split("*")[0].rstrip("$")
    return first.startswith(second) or second.startswith(first)


def writable(target: str) -> str:
    """A pattern as a rule may hold it: percent-encoded ASCII. Raises InputError for control characters."""
    if any(ord(character) < 0x20 or ord(character) == 0x7F for character in target):
        raise InputError(f"a path holds a control character: {target[:80]!r}", mend="Write paths without line breaks")
    return quote(target, safe="%/:?@!$&'()*+,;=-._~")

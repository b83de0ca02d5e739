"""URLs and URL patterns: one spelling for each, keys by which an index finds the patterns that could match, a match.

A pattern is an absolute http(s) URL in which `*` stands for any run of characters and a last `$` for the end; it is
anchored at the start, so `https://example.org/songs/` holds for all that begins so, as in robots.txt (RFC 9309, 2.2.2).
Its host may begin with `*.`, which stands for every host below that name, not for the name itself. http and https of
one host are one place. No pattern is ever a regular expression, and matching takes time linear in the URL.
"""

from __future__ import annotations

import re

from partita.urls import DOTS, SHORTER, SUFFIX_LABELS, URL_MOST, canonical, encoded, parts, refused

__all__ = ["URL_MOST", "canonical", "canonical_pattern", "matches", "pattern_keys", "url_keys"]

PATTERN_MOST = 2000
"""Characters of a pattern, once it is encoded: what an index of either database can hold."""

LENGTHS = (1, 4, 8, 12, 16, 20, 24, 32, 40, 48, 64, 96, 128, 192, 256)
"""Characters of a path, from its `/`, at which keys are cut."""

_PATTERN_SIGNS = re.compile(r"%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~!&'()+,;=:@/?*]")


def canonical_pattern(pattern: str) -> str:
    """The one spelling of a URL pattern, as `canonical`; runs of `*` become one. Raises InputError."""
    body = pattern.strip()
    scheme, host, rest = parts(body.removesuffix("$"), PATTERN_MOST, "URL pattern", wild=True)
    path = re.sub(r"\*{2,}", "*", encoded(rest, _PATTERN_SIGNS))
    path = path if path.startswith("/") else "/" + path
    if not DOTS.isdisjoint(path.partition("?")[0].split("/")):
        raise refused("URL pattern", pattern, "it has a segment of dots", "Write the path without . and ..")
    found = f"{scheme}://{host}{path}{'$' if body.endswith('$') else ''}"
    if len(found) > PATTERN_MOST:
        raise refused("URL pattern", pattern, f"it has more than {PATTERN_MOST:,} characters when encoded", SHORTER)
    return found


def pattern_keys(pattern: str) -> tuple[str, ...]:
    """The keys of a canonical pattern, of which a URL that it matches has at least one among `url_keys`: one key."""
    host, path = _place(pattern)
    literal = path.partition("*")[0].removesuffix("$") or "/"
    return (host + literal[: max(n for n in LENGTHS if n <= len(literal))],)


def url_keys(url: str) -> tuple[str, ...]:
    """Every key that a pattern matching the canonical `url` can have; at most 120, whatever the URL."""
    host, path = _place(url)
    name, colon, port = host.partition(":")
    labels = [] if host.startswith("[") else name.split(".")
    least, most = SUFFIX_LABELS
    hosts = [host, *(f"*.{'.'.join(labels[-n:])}{colon}{port}" for n in range(least, min(most, len(labels) - 1) + 1))]
    return tuple(h + path[:n] for h in hosts for n in LENGTHS if n <= len(path))


def matches(pattern: str, url: str) -> bool:
    """Whether the canonical `pattern` holds for the canonical `url`; linear in the length of both."""
    host, path = _place(pattern)
    url_host, url_path = _place(url)
    if host != url_host and not (host.startswith("*.") and url_host.endswith(host[1:])):
        return False
    return _glob(path, url_path)


def _glob(pattern: str, text: str) -> bool:
    """Whether `text` begins as `pattern` says; each piece between stars is sought once, from where the last ended."""
    ended = pattern.endswith("$")
    first, *pieces = pattern.removesuffix("$").split("*")
    if not text.startswith(first):
        return False
    if not pieces:
        return not ended or text == first
    at = len(first)
    last = pieces.pop() if ended else ""
    for piece in pieces:
        found = text.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return not ended or (len(text) - len(last) >= at and text.endswith(last))


def _place(url: str) -> tuple[str, str]:
    """Host and path (with its query) of what is canonical already."""
    host, slash, path = url.partition("://")[2].partition("/")
    return host, slash + path

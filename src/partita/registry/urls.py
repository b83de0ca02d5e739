"""URLs and URL patterns: one spelling for each, keys by which an index finds the patterns that could match, a match.

A pattern is an absolute http(s) URL in which `*` stands for any run of characters and a last `$` for the end; it is
anchored at the start, so `https://example.org/songs/` holds for all that begins so, as in robots.txt (RFC 9309, 2.2.2).
Its host may begin with `*.`, which stands for every host below that name, not for the name itself. http and https of
one host are one place. No pattern is ever a regular expression, and matching takes time linear in the URL.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata

from partita.errors import InputError

URL_MOST = 8192
"""Characters of a URL."""

PATTERN_MOST = 2000
"""Characters of a pattern, once it is encoded: what an index of either database can hold."""

HOST_MOST = 253
SUFFIX_LABELS = (2, 8)
"""A wildcard host names at least and at most so many labels behind the `*.`."""

LENGTHS = (1, 4, 8, 12, 16, 20, 24, 32, 40, 48, 64, 96, 128, 192, 256)
"""Characters of a path, from its `/`, at which keys are cut."""

_FORM = re.compile(r"(https?)://([^/?#]*)([^#]*)(?:#.*)?", re.IGNORECASE | re.DOTALL)
_PORT = re.compile(r"(.*?)(?::([0-9]{0,5}))?", re.DOTALL)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_WHITE = re.compile(r"[\s\x00-\x20\x7f]")
_URL_SIGNS = re.compile(r"%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~!&'()+,;=:@/?]")
_PATTERN_SIGNS = re.compile(r"%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~!&'()+,;=:@/?*]")
_SHORTER = "Write a shorter one"
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_DOTS = frozenset({".", ".."})


def canonical(url: str) -> str:
    """The one spelling of an http(s) URL: lower-case host in ASCII, no default port, user, fragment or dot segments.

    Percent-encoding is made regular, and `*` and `$` are encoded, so that a URL is never taken for a pattern. Raises
    InputError for what is no http(s) URL, or longer than `URL_MOST`.
    """
    scheme, host, rest = _parts(url, URL_MOST, "URL")
    path, mark, query = rest.partition("?")
    clean = _without_dots(_encoded(path, _URL_SIGNS) or "/")
    return f"{scheme}://{host}{clean}{mark}{_encoded(query, _URL_SIGNS)}"


def canonical_pattern(pattern: str) -> str:
    """The one spelling of a URL pattern, as `canonical`; runs of `*` become one. Raises InputError."""
    body = pattern.strip()
    scheme, host, rest = _parts(body.removesuffix("$"), PATTERN_MOST, "URL pattern", wild=True)
    path = re.sub(r"\*{2,}", "*", _encoded(rest, _PATTERN_SIGNS))
    path = path if path.startswith("/") else "/" + path
    if not _DOTS.isdisjoint(path.partition("?")[0].split("/")):
        raise _refused("URL pattern", pattern, "it has a segment of dots", "Write the path without . and ..")
    found = f"{scheme}://{host}{path}{'$' if body.endswith('$') else ''}"
    if len(found) > PATTERN_MOST:
        raise _refused("URL pattern", pattern, f"it has more than {PATTERN_MOST:,} characters when encoded", _SHORTER)
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


def _refused(what: str, text: str, reason: str, mend: str) -> InputError:
    shown = re.sub(r"//[^/?#]*@", "//", text)[:80]
    return InputError(f"{shown!r} is no {what} that can be used: {reason}", mend=mend)


def _parts(text: str, most: int, what: str, *, wild: bool = False) -> tuple[str, str, str]:
    """Scheme, host with port, and the rest, of a URL or pattern."""
    body = text.strip()
    mend = "Write it whole, e.g. https://example.org/songs/"
    if len(body) > most:
        raise _refused(what, body, f"it is longer than {most:,} characters", _SHORTER)
    found = _FORM.fullmatch(body)
    if not found:
        raise _refused(what, body, "it does not begin with http:// or https:// and a host", mend)
    if _WHITE.search(found[2]) or "\\" in found[2] or not _is_text(body):
        raise _refused(what, body, "its host holds a blank, a backslash or a sign that is no character", mend)
    scheme = found[1].lower()
    split = _PORT.fullmatch(found[2].rpartition("@")[2])
    name, port = (split[1], split[2] or "") if split else ("", "")
    number = str(int(port)) if port else ""
    if number and int(number) > 65_535:
        raise _refused(what, body, f"{port} is no port", mend)
    host = _host(name, wild=wild)
    if host is None:
        raise _refused(what, body, f"{name[:60]!r} is no host name", mend)
    place = host if number in {"", _DEFAULT_PORTS[scheme]} else f"{host}:{number}"
    return scheme, place, found[3]


def _is_text(text: str) -> bool:
    return text == text.encode("utf-8", "ignore").decode()


def _host(name: str, *, wild: bool) -> str | None:
    """The host in lower-case ASCII (non-ASCII labels in Punycode, RFC 3492), or None where it is none."""
    if name.startswith("["):
        return _address(name)
    star = wild and name.startswith("*.")
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name[2:] if star else name).lower())
    labels = [_ascii(label) for label in folded.replace("\u3002", ".").removesuffix(".").split(".")]
    host = ".".join(labels)
    if len(host) > HOST_MOST or not all(_LABEL.fullmatch(label) for label in labels):
        return None
    if star and not SUFFIX_LABELS[0] <= len(labels) <= SUFFIX_LABELS[1]:
        return None
    return f"*.{host}" if star else host


def _address(name: str) -> str | None:
    try:
        return f"[{ipaddress.IPv6Address(name.removeprefix('[').removesuffix(']')).compressed}]"
    except ValueError:
        return None


def _ascii(label: str) -> str:
    # Unassigned and invisible signs are no letters of a name; what stays is written as browsers write it.
    if label.isascii() or len(label) > 63 or any(unicodedata.category(sign)[0] in "CZ" for sign in label):
        return label
    return "xn--" + label.encode("punycode").decode("ascii")


def _encoded(text: str, signs: re.Pattern[str]) -> str:
    """Percent-encoding made regular: unreserved characters plain, all others that need it as `%` and capitals."""

    def written(found: re.Match[str]) -> str:
        sign = found[0]
        if len(sign) == 3:
            plain = chr(int(sign[1:], 16))
            return plain if plain in _UNRESERVED else sign.upper()
        return "".join(f"%{byte:02X}" for byte in sign.encode())

    return signs.sub(written, text)


def _without_dots(path: str) -> str:
    """The path without `.` and `..` segments (RFC 3986, 5.2.4)."""
    segments = path.split("/")[1:]
    if _DOTS.isdisjoint(segments):
        return path
    kept: list[str] = []
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in _DOTS:
        kept.append("")
    return "/" + "/".join(kept)

"""URLs: one spelling for each, so that two texts name one place where they are equal.

Outside tables may spell an address in many ways; what is compared is this spelling alone.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata

from partita.errors import InputError

URL_MOST = 8192
"""Characters of a URL."""

HOST_MOST = 253
SUFFIX_LABELS = (2, 8)
"""A wildcard host names at least and at most so many labels behind the `*.`."""

SHORTER = "Write a shorter one"
DOTS = frozenset({".", ".."})

_FORM = re.compile(r"(https?)://([^/?#]*)([^#]*)(?:#.*)?", re.IGNORECASE | re.DOTALL)
_PORT = re.compile(r"(.*?)(?::([0-9]{0,5}))?", re.DOTALL)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_WHITE = re.compile(r"[\s\x00-\x20\x7f]")
_URL_SIGNS = re.compile(r"%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~!&'()+,;=:@/?]")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_DEFAULT_PORTS = {"http": "80", "https": "443"}


def canonical(url: str) -> str:
    """The one spelling of an http(s) URL: lower-case host in ASCII, no default port, user, fragment or dot segments.

    Percent-encoding is made regular, and `*` and `$` are encoded, so that a URL is never taken for a pattern. Raises
    InputError for what is no http(s) URL, or longer than `URL_MOST`.
    """
    scheme, host, rest = parts(url, URL_MOST, "URL")
    path, mark, query = rest.partition("?")
    clean = _without_dots(encoded(path, _URL_SIGNS) or "/")
    return f"{scheme}://{host}{clean}{mark}{encoded(query, _URL_SIGNS)}"


def refused(what: str, text: str, reason: str, mend: str) -> InputError:
    """The error for a text that is none; user and password are never shown."""
    shown = re.sub(r"//[^/?#]*@", "//", text)[:80]
    return InputError(f"{shown!r} is no {what} that can be used: {reason}", mend=mend)


def parts(text: str, most: int, what: str, *, wild: bool = False) -> tuple[str, str, str]:
    """Scheme, host with port, and the rest, of a URL or pattern."""
    body = text.strip()
    mend = "Write it whole, e.g. https://example.org/songs/"
    if len(body) > most:
        raise refused(what, body, f"it is longer than {most:,} characters", SHORTER)
    found = _FORM.fullmatch(body)
    if not found:
        raise refused(what, body, "it does not begin with http:// or https:// and a host", mend)
    if _WHITE.search(found[2]) or "\\" in found[2] or not _is_text(body):
        raise refused(what, body, "its host holds a blank, a backslash or a sign that is no character", mend)
    scheme = found[1].lower()
    split = _PORT.fullmatch(found[2].rpartition("@")[2])
    name, port = (split[1], split[2] or "") if split else ("", "")
    number = str(int(port)) if port else ""
    if number and int(number) > 65_535:
        raise refused(what, body, f"{port} is no port", mend)
    host = _host(name, wild=wild)
    if host is None:
        raise refused(what, body, f"{name[:60]!r} is no host name", mend)
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


def encoded(text: str, signs: re.Pattern[str]) -> str:
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
    if DOTS.isdisjoint(segments):
        return path
    kept: list[str] = []
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in DOTS:
        kept.append("")
    return "/" + "/".join(kept)

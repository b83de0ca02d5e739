"""Reading from the web: the only module that opens a connection, and only for the verb `observe`.

An address is http or https, without credentials. Its name is resolved here; unless every address behind it is public,
nothing is asked of it, and the connection goes to the very address that was checked, so that a name cannot mean one
machine while it is checked and another while it is read. Each redirect is checked anew. No proxy and no cookie is used.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urljoin

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.util import Url, parse_url

from partita import __version__

AGENT = "partita-observe"
USER_AGENT = f"{AGENT}/{__version__}"

SIZE_MOST = 16 << 20
"""Bytes that are read of an answer unless the caller says how many; what follows is not looked at."""
REDIRECTS_MOST = 5
URL_MOST = 8192
PORTS_BELOW = frozenset({80, 443})
"""Ports below 1024 that are spoken to: mail, shells and databases are not for reading."""
CHUNK = 1 << 16

_REFUSED_NETWORKS = tuple(
    ipaddress.ip_network(text)
    for text in (
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/32",
        "2002::/16",
        "fec0::/10",
        "::/96",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "168.63.129.16/32",
    )
)
"""Beyond what is not global anyhow: addresses that hold an IPv4 address in another form, and a metadata service."""

_DIRTY = re.compile(r"[\x00-\x20\x7f\\]")
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class NotFetchedError(Exception):
    """Why nothing was read, in words; `refused` where the rules of fetching forbid it, else it failed."""

    def __init__(self, reason: str, *, refused: bool = False) -> None:
        super().__init__(reason)
        self.refused = refused


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read and for how long. `loopback` lets this machine itself be asked, which only tests do."""

    bytes_most: int = SIZE_MOST
    wait_s: float = 10
    whole_s: float = 30
    loopback: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: where it came from after redirects, its status, headers in order, bytes, and whether they were cut."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes
    cut: bool = False
    hops: tuple[str, ...] = field(default=())


Resolve = Callable[[str, int], list[str]]
"""Gives the addresses behind a name and port."""


def resolve(host: str, port: int) -> list[str]:
    """Every address that the system's resolver knows for a name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def fetch(url: str, limits: Limits | None = None, *, names: Resolve = resolve) -> Fetched:
    """What is served at an address, after at most five redirects. Raises NotFetchedError.

    `names` resolves; tests put their own there.
    """
    limits = limits or Limits()
    until = time.monotonic() + limits.whole_s
    hops: list[str] = []
    at = url
    while True:
        place = checked(at)
        answer = _one(place, limits, names, until)
        where = next((value for name, value in answer.headers if name.lower() == "location"), "")
        if answer.status not in _REDIRECTS or not where:
            return replace(answer, hops=tuple(hops))
        hops.append(place.url)
        if len(hops) > REDIRECTS_MOST:
            raise NotFetchedError(f"more than {REDIRECTS_MOST} redirects", refused=True)
        at = urljoin(place.url, where)


def checked(url: str) -> Url:
    """The parts of an address that may be asked. Raises NotFetchedError, never with credentials in its words."""
    if len(url) > URL_MOST or _DIRTY.search(url):
        raise NotFetchedError("the address is too long, or holds blanks or control characters", refused=True)
    try:
        parts = parse_url(url)
    except LocationParseError:
        raise NotFetchedError("the address cannot be read; write its host in ASCII", refused=True) from None
    if parts.scheme not in ("http", "https"):
        raise NotFetchedError("only http and https are read", refused=True)
    if parts.auth is not None:
        raise NotFetchedError("the address holds credentials, which are not sent", refused=True)
    if not parts.host:
        raise NotFetchedError("the address has no host", refused=True)
    port = _port(parts)
    if not 0 < port < 65_536 or (port < 1024 and port not in PORTS_BELOW):
        raise NotFetchedError(f"port {port} is none that pages are served on", refused=True)
    return parts._replace(fragment=None)


def _port(parts: Url) -> int:
    default = 443 if parts.scheme == "https" else 80
    return default if parts.port is None else parts.port


def public(address: str, *, loopback: bool = False) -> bool:
    """Whether an IP address is one that anybody on the internet may ask."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if loopback and found.is_loopback:
        return True
    if isinstance(found, ipaddress.IPv6Address) and (found.ipv4_mapped or found.scope_id):
        return False
    if any(found.version == net.version and found in net for net in _REFUSED_NETWORKS):
        return False
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def _address(parts: Url, limits: Limits, names: Resolve) -> str:
    """The address to connect to: the first behind the name, if all of them are public."""
    host = (parts.host or "").strip("[]")
    try:
        found = names(host, _port(parts))
    except (OSError, UnicodeError) as error:
        raise NotFetchedError(f"{host[:100]} has no address: {_brief(error)}") from None
    hidden = [one for one in found if not public(one, loopback=limits.loopback)]
    if hidden:
        reason = f"{host[:100]} leads to {hidden[0][:60]}, which is no public address"
        raise NotFetchedError(reason, refused=True)
    if not found:
        raise NotFetchedError(f"{host[:100]} has no address")
    return found[0]


def _one(parts: Url, limits: Limits, names: Resolve, until: float) -> Fetched:
    """One request, without redirects; a watch cuts the connection when time is over, however slowly bytes drip."""
    connection = _connection(parts, _address(parts, limits, names), limits)
    left = until - time.monotonic()
    if left <= 0:
        raise NotFetchedError("it took too long")
    watch = threading.Timer(left, _cut_off, (connection,))
    watch.daemon = True
    watch.start()
    try:
        connection.request("GET", parts.request_uri, headers=_headers(parts), preload_content=False,
                           decode_content=False)  # fmt: skip
        answer = connection.getresponse()
        headers = tuple((str(name), str(value)) for name, value in answer.headers.items())
        content, cut = _body(answer, limits.bytes_most, until)
        return Fetched(parts.url, answer.status, headers, content, cut)
    except (HTTPError, OSError, ValueError, zlib.error) as error:
        late = time.monotonic() >= until
        raise NotFetchedError("it took too long" if late else f"it could not be read: {_brief(error)}") from None
    finally:
        watch.cancel()
        connection.close()


def _headers(parts: Url) -> dict[str, str]:
    default = 443 if parts.scheme == "https" else 80
    port = "" if parts.port in (None, default) else f":{parts.port}"
    return {"Host": f"{parts.host}{port}", "User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}


def _connection(parts: Url, address: str, limits: Limits) -> HTTPConnection:
    """A connection to an address that was checked; the certificate must be the name's."""
    wait = urllib3.Timeout(connect=limits.wait_s, read=limits.wait_s)
    if parts.scheme == "http":
        return HTTPConnection(address, _port(parts), timeout=wait.connect_timeout)
    host = (parts.host or "").strip("[]")
    return HTTPSConnection(
        address, _port(parts), timeout=wait.connect_timeout, cert_reqs="CERT_REQUIRED", server_hostname=host,
        assert_hostname=host,
    )  # fmt: skip


def _cut_off(connection: HTTPConnection) -> None:
    """Ends a connection from outside, so that whoever waits on it wakes up."""
    held = connection.sock
    if held is not None:
        try:
            held.shutdown(socket.SHUT_RDWR)
        except OSError:
            held.close()


def _body(answer: Any, most: int, until: float) -> tuple[bytes, bool]:
    """At most so many bytes, unpacked where the server packed them unasked, and whether there were more."""
    packing = (answer.headers.get("Content-Encoding") or "identity").strip().lower()
    if packing not in ("identity", "gzip", "x-gzip", "deflate"):
        raise ValueError(f"it is packed as {packing[:40]!r}, which was not asked for")
    unpack = None if packing == "identity" else zlib.decompressobj(47 if "gzip" in packing else 15)
    found = bytearray()
    while len(found) <= most:
        if time.monotonic() >= until:
            raise TimeoutError("it took too long")
        piece = answer.read1(CHUNK)
        if not piece:
            break
        found += piece if unpack is None else unpack.decompress(piece, most + 1 - len(found))
        if unpack is not None and unpack.eof:
            break
    if unpack is not None and not unpack.eof and len(found) <= most:
        raise ValueError("it is packed, and ends in the middle")
    return bytes(found[:most]), len(found) > most


def _brief(error: BaseException) -> str:
    """An error in a few words, without addresses of objects or credentials."""
    text = " ".join(str(error).split())
    return re.sub(r"<[^>]*>|//[^/@\s]*@", "", text)[:160] or type(error).__name__

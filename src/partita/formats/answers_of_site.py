"""What a site answered, saved in a folder or fetched, before anything in it is read.

A saved site is a folder whose paths are those of the site. `headers.json` in it tells the headers (see
`headers_of_site`); it and the folder `setup/` of a published site are no pages. A file that is not there was absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urljoin

from partita.errors import InputError
from partita.formats import fetch, headers_of_site
from partita.formats.carriers import robots, rsl
from partita.formats.carriers import robots_lines as lines
from partita.formats.site import SETUP

ROBOTS, TDMREP, HEADERS = "/robots.txt", "/.well-known/tdmrep.json", "headers.json"
FILES_MOST = 5_000
FILE_MOST = 64 << 20
TDMREP_MOST = 1 << 20
LICENCES_MOST = 5

REFUSED, UNREADABLE, ABSENT, READ = "refused", "unreadable", "absent", "read"
_TOO_EARLY = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its address or path, its HTTP status (0: none), headers, bytes, and what is to be known of it."""

    source: str
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    content: bytes = b""
    note: str = ""
    refused: bool = False

    @property
    def state(self) -> str:
        """`read`, `absent`, `unreadable` or `refused`."""
        if self.refused:
            return REFUSED
        if 200 <= self.status < 300:
            return READ
        return ABSENT if 400 <= self.status < 500 and self.status not in _TOO_EARLY else UNREADABLE


@dataclass(frozen=True, slots=True)
class Answers:
    """A site's answers: robots.txt, tdmrep.json, pages and files, RSL documents that were pointed to.

    `headers` are those of a saved site, by pattern of paths; a fetched page has its own.
    """

    origin: str
    robots: Answer
    tdmrep: Answer
    pages: tuple[Answer, ...]
    licences: tuple[Answer, ...] = ()
    headers: dict[str, list[tuple[str, str]]] | None = None
    headers_answer: Answer | None = None


def saved(folder: Path, origin: str) -> Answers:
    """The answers in a folder. Raises InputError where it is none, or holds too many files."""
    if not folder.is_dir():
        mend = "Name a folder, or an address that begins with https://"
        raise InputError("there is no such folder", file=str(folder), mend=mend)
    known = {path: _file(folder, path, origin) for path in (ROBOTS, TDMREP)}
    names = [name for name in _names(folder) if f"/{name}" not in known and name != HEADERS]
    pages = tuple(_file(folder, f"/{name}", origin) for name in names)
    headers, answer = _headers(folder, origin)
    return Answers(origin, known[ROBOTS], known[TDMREP], pages, (), headers, answer)


def _names(folder: Path) -> list[str]:
    """The files of a saved site, by path, sorted; links are not followed."""
    found = []
    published = (folder / SETUP / "report.json").is_file()
    for path in folder.rglob("*"):
        name = path.relative_to(folder)
        if path.is_symlink() or any(parent.is_symlink() for parent in path.parents if parent.is_relative_to(folder)):
            continue
        if path.is_file() and not (published and name.parts[0] == SETUP):
            found.append(name.as_posix())
        if len(found) > FILES_MOST:
            mend = "Observe it in parts"
            raise InputError(f"holds more than {FILES_MOST:,} files", file=str(folder), mend=mend)
    return sorted(found)


def _file(folder: Path, path: str, origin: str) -> Answer:
    source = origin + quote(re.sub(r"(^|/)index\.html?$", r"\1", path), safe="/%:@!$&'()*+,;=-._~")
    file = folder / path.lstrip("/")
    if not file.exists() and not file.is_symlink():
        return Answer(source, 404)
    if file.is_symlink() or not file.is_file():
        return Answer(source, 0, note="is a link or a folder, which is not followed")
    try:
        with file.open("rb") as opened:
            content = opened.read(FILE_MOST + 1)
    except OSError as error:
        return Answer(source, 0, note=f"could not be read: {error.strerror or error}")
    if len(content) > FILE_MOST:
        return Answer(source, 0, note=f"is larger than {FILE_MOST:,} bytes")
    return Answer(source, content=content)


def _headers(folder: Path, origin: str) -> tuple[dict[str, list[tuple[str, str]]], Answer | None]:
    """The headers of a saved site, and the file that tells them as it was read."""
    if not (folder / HEADERS).exists():
        return {}, None
    answer = _file(folder, f"/{HEADERS}", origin)
    try:
        return headers_of_site.read(answer.content), answer
    except ValueError as error:
        return {}, Answer(answer.source, 0, note=str(error))


def live(url: str, *, loopback: bool = False) -> Answers:
    """The answers of a live site about one page. Raises InputError for an address that is not fetched at all.

    `loopback` lets this machine be asked, which only tests do.
    """
    try:
        parts = fetch.checked(url)
    except fetch.NotFetchedError as error:
        raise InputError(str(error), mend="Give a public address, with https://") from None
    port = f":{parts.port}" if parts.port is not None else ""
    origin = f"{parts.scheme}://{parts.host}{port}"
    page_url = f"{origin}{parts.request_uri}"
    rules = _asked(f"{origin}{ROBOTS}", lines.SIZE_MOST + 1, loopback)
    tdmrep = _asked(f"{origin}{TDMREP}", TDMREP_MOST + 1, loopback)
    if rules.state == READ and not robots.allowed(rules.content, fetch.AGENT, page_url):
        page = Answer(page_url, 0, note="robots.txt does not let it be fetched", refused=True)
    elif rules.state == UNREADABLE:
        page = Answer(page_url, 0, note="robots.txt could not be read, so nothing else is fetched", refused=True)
    else:
        page = _asked(page_url, fetch.SIZE_MOST, loopback)
    licences = tuple(_asked(found, fetch.SIZE_MOST, loopback) for found in _pointed(rules, page))
    return Answers(origin, rules, tdmrep, (page,), licences)


def _pointed(rules: Answer, page: Answer) -> list[str]:
    """Addresses of RSL documents that robots.txt, a header or the page point to."""
    links = [value for name, value in page.headers if name.lower() == "link"]
    found = rsl.discover(links=links, robots=list(_licence_lines(rules)), page=page.content)
    urls = (urljoin(page.source, one.url) for one in found)
    return list(dict.fromkeys(urls))[:LICENCES_MOST]


def _licence_lines(rules: Answer) -> Iterator[str]:
    parsed = lines.parse(rules.content)
    yield from (line.text for line in parsed.outside if line.field == lines.LICENSE)
    for group in parsed.groups.values():
        yield from (line.text for line in group.of(lines.LICENSE))


def _asked(url: str, most: int, loopback: bool) -> Answer:
    try:
        found = fetch.fetch(url, fetch.Limits(bytes_most=most, loopback=loopback))
    except fetch.NotFetchedError as error:
        return Answer(url, 0, note=str(error), refused=error.refused)
    note = "; ".join([*(f"came by {hop}" for hop in found.hops[:1]), *(["was cut"] if found.cut else [])])
    source = found.url if found.hops else url
    return Answer(source, found.status, found.headers, found.content, note)

"""The lines of a robots.txt with their numbers, in groups (RFC 9309), with the lines that other standards add.

A line that no standard here knows changes nothing, as RFC 9309 says in section 2.2.4. Content-Usage, Content-Signal,
License, Crawl-delay and the like belong to the group that they stand in, so that a user-agent line after one of them
begins a new group.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote_from_bytes

from partita.formats.carriers import paths

SIZE_MOST = 500 << 10
"""Bytes that are read, RFC 9309, section 2.5; what follows is not looked at."""

USER_AGENT, ALLOW, DISALLOW = "user-agent", "allow", "disallow"
CONTENT_USAGE, CONTENT_SIGNAL, LICENSE = "content-usage", "content-signal", "license"
_OTHER_RULE = "other rule"
_SPELLINGS = {
    **dict.fromkeys(("user-agent", "useragent", "user agent"), USER_AGENT),
    **dict.fromkeys(("disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"), DISALLOW),
    ALLOW: ALLOW,
    CONTENT_USAGE: CONTENT_USAGE,
    CONTENT_SIGNAL: CONTENT_SIGNAL,
    LICENSE: LICENSE,
    **dict.fromkeys(("crawl-delay", "crawl delay"), _OTHER_RULE),
    **dict.fromkeys(("request-rate", "request rate", "visit-time", "visit time", "noindex"), _OTHER_RULE),
}
_NAMES_AS_WORDS = {name for name, kind in _SPELLINGS.items() if kind in (USER_AGENT, ALLOW, DISALLOW, _OTHER_RULE)}
"""Names after which a blank may stand for the colon, as crawlers read them."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line that means something: its number from 1, which field it is, its value as bytes and as text."""

    number: int
    field: str
    value: bytes

    @property
    def text(self) -> str:
        """The value with every byte beyond ASCII percent-encoded."""
        return escaped(self.value)

    @property
    def raw(self) -> str:
        """What stood there, for people."""
        return f"{self.field.capitalize()}: {self.value.decode('utf-8', 'replace')}"

    @property
    def place(self) -> str:
        """Where it stood."""
        return f"line {self.number}"


@dataclass(frozen=True, slots=True)
class Rule:
    """An Allow or Disallow as it is compared: the pattern in the normal form, whether it allows, its line."""

    pattern: str
    allows: bool
    line: Line


@dataclass
class Group:
    """All that a robots.txt says to one user-agent token, in lower case: blocks of lines, shared with other tokens."""

    agent: str
    blocks: list[list[Line]] = field(default_factory=list)

    def of(self, *kinds: str) -> list[Line]:
        """The lines of some fields, in order."""
        return [line for block in self.blocks for line in block if line.field in kinds]

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Allow and Disallow, the longest pattern first and at equal length Allow: the first that matches decides."""
        found = [rule for line in self.of(ALLOW, DISALLOW) if line.value for rule in _forms(line)]
        return tuple(sorted(found, key=lambda rule: (len(rule.pattern), rule.allows), reverse=True))


def _forms(line: Line) -> Iterator[Rule]:
    """A line's rules. As crawlers read them, a `$` may also mean itself, and `index.html` is its folder."""
    allows = line.field == ALLOW
    text = f"/{line.text}" if line.text.startswith(("http://", "https://")) else line.text
    forms = [paths.pattern_of(text)]
    forms += [paths.pattern_of(text.replace("$", "%24"))] if "$" in text else []
    forms += [f"{forms[0].removesuffix('index.html')}$"] if allows and forms[0].endswith("/index.html") else []
    yield from (Rule(form, allows, line) for form in forms)


@dataclass
class Robots:
    """A robots.txt as read: groups by token, lines that stand in no group, and what must be known of the reading."""

    groups: dict[str, Group]
    outside: tuple[Line, ...]
    notes: tuple[str, ...] = ()

    @cached_property
    def with_version(self) -> dict[str, Group]:
        """Groups whose token goes on after a slash or a blank, as RFC 9309 does not allow, by what comes before it."""
        found: dict[str, Group] = {}
        for token, group in self.groups.items():
            name = re.split(r"[/ ]", token, maxsplit=1)[0]
            if name != token:
                found.setdefault(name, group)
        return found

    def group_for(self, agent: str) -> Group | None:
        """The group that a crawler obeys: the longest token that its name holds from the start of a word, else `*`."""
        name = agent.strip().lower()
        starts = [at for at in range(len(name)) if at == 0 or not (name[at - 1].isalnum() or name[at - 1] in "-_")]
        for size in range(len(name), 0, -1):
            for at in starts:
                if at + size <= len(name) and (found := self.groups.get(name[at : at + size])):
                    return found
        return self.groups.get("*")


def escaped(value: bytes) -> str:
    """Bytes as ASCII text, each byte beyond it percent-encoded and control characters too."""
    if value.isascii() and value.decode("ascii").isprintable():
        return value.decode("ascii")
    return quote_from_bytes(value, safe=bytes(range(0x20, 0x7F)))


def parse(content: bytes) -> Robots:
    """The groups of a robots.txt, whatever the bytes; never raises."""
    body, notes = _read(content)
    groups: dict[str, Group] = {}
    outside: list[Line] = []
    block = outside
    naming = False
    for number, bare in enumerate(_split(body), 1):
        line = _line(number, bare)
        if line is None:
            continue
        if line.field != USER_AGENT:
            naming = False
            block.append(line)
            continue
        block = block if naming else []
        naming = True
        for group in _named(groups, line.text):
            if not group.blocks or group.blocks[-1] is not block:
                group.blocks.append(block)
    return Robots(groups, tuple(outside), tuple(notes))


def _named(groups: dict[str, Group], agent: str) -> list[Group]:
    """The groups that a user-agent line names; a name with `*` in it names the same without it too."""
    name = " ".join(agent.lower().split())
    names = [name, name.replace("*", "")] if "*" in name and name != "*" else [name]
    return [groups.setdefault(one, Group(one)) for one in names if one]


def _read(content: bytes) -> tuple[bytes, list[str]]:
    """The bytes that are read, as UTF-8 without a mark at the start, and notes on what was done."""
    notes = []
    body = content
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        body = content[: 2 * SIZE_MOST].decode("utf-16", "replace").encode("utf-8")
        notes.append("is in UTF-16, where RFC 9309 asks for UTF-8")
    body = body.removeprefix(codecs.BOM_UTF8)
    if len(body) > SIZE_MOST:
        notes.append(f"is {len(content):,} bytes long; the first {SIZE_MOST:,} are read, as RFC 9309 allows")
        whole = body[:SIZE_MOST]
        body = whole[: max(whole.rfind(b"\n"), whole.rfind(b"\r")) + 1] or whole
    return body, notes


def _split(body: bytes) -> Sequence[bytes]:
    """Lines ended by LF, CR or CR LF, and by nothing else."""
    return body.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")


def _line(number: int, bare: bytes) -> Line | None:
    text = bare.partition(b"#")[0].strip(b" \t\x00\x0b\x0c")
    if not text:
        return None
    name, colon, value = text.partition(b":")
    kind = _SPELLINGS.get(" ".join(name.decode("latin-1").lower().split())) if colon else None
    if kind is None:
        kind, value = _without_colon(text)
    return Line(number, kind, value.strip(b" \t\x00\x0b\x0c")) if kind else None


def _without_colon(text: bytes) -> tuple[str | None, bytes]:
    """A line whose colon was forgotten: `Disallow /private/`."""
    words = text.split(None, 2)
    for count in (1, 2):
        name = b" ".join(words[:count]).decode("latin-1").lower()
        if len(words) >= count and name in _NAMES_AS_WORDS:
            return _SPELLINGS[name], text.split(None, count)[count] if len(text.split(None, count)) > count else b""
    return None, b""


def texts(content: bytes) -> list[str]:
    """The lines that are read, as ASCII without comments, other bytes percent-encoded: for another reader."""
    body, _ = _read(content)
    return [escaped(line.partition(b"#")[0].replace(b"\t", b" ")).replace("%00", "").strip() for line in _split(body)]

"""The rules of an RSL 1.0 document in our own words: its elements, attributes and values; and what a document breaks.

Source: RSL 1.0 Specification, Recommendation 2025-12-10, with errata to 2026-08-07, https://rslstandard.org/rsl; seen
through stored copies and independent implementations, so where those disagree the looser form passes. Elements and
attributes of other namespaces are extensions and always pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit

from partita.formats.carriers import safe_xml
from partita.formats.carriers.safe_xml import Element
from partita.formats.signals import cut
from partita.scope import PURPOSES

NAMESPACE = "https://rslstandard.org/rsl"
MEDIA_TYPE = "application/rsl+xml"
OURS = "urn:partita:rsl"
"""Namespace of Partita's own attributes on `content`: `iswc`, `isrc`, `iscc`, each a list with blanks between."""

IDENTIFIERS = ("iswc", "isrc", "iscc")

USAGE: dict[str, int] = {
    "all": PURPOSES["mining"] | PURPOSES["ground"] | PURPOSES["search"],
    "ai-all": PURPOSES["train"] | PURPOSES["ground"],
    "ai-train": PURPOSES["train"],
    "ai-input": PURPOSES["ground"],
    "ai-index": 0,
    "search": PURPOSES["search"],
}
"""Usage tokens with the leaves of `scope.PURPOSES` they mean. An index for AI is finer than any leaf of ours."""

DEPTH = {"all": 0, "ai-all": 1, "ai-train": 2, "ai-input": 2, "ai-index": 2, "search": 2}
"""How specific a usage token is: the more specific one wins, at equal depth the prohibition."""

USERS = ("commercial", "non-commercial", "education", "government", "personal")
PAYMENTS = ("purchase", "subscription", "training", "crawl", "use", "contribution", "attribution", "free")
UNPAID = frozenset({"attribution", "free"})
"""Payment types that ask for no money."""

_UNFIT = re.compile(r"[\s\x00-\x1f\x7f<>\"]")
_AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,15})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_PLACE = re.compile(r"[A-Z]{2}")
_MOMENT = re.compile(
    r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2}))?"
)
_MEDIA = re.compile(r"[\w.+-]{1,100}/[\w.+-]{1,100}(\s*;.{0,200})?")

Check = Callable[[str], str]
"""What is wrong with a value, in words with the mend; empty where nothing is."""


class Fault(NamedTuple):
    """One rule that a document breaks: the line, the element, what is wrong and how to mend it."""

    line: int
    element: str
    says: str


@dataclass(frozen=True, slots=True)
class Rule:
    """What an element of RSL may hold. `children`: name to (fewest, most); `text`: its own text; None: none."""

    children: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    required: Mapping[str, Check] = field(default_factory=dict)
    optional: Mapping[str, Check] = field(default_factory=dict)
    text: Check | None = None


MANY = 100_000
FAULTS_MOST = 1_000
"""Faults that are listed of one document."""


def _one_of(*values: str) -> Check:
    return lambda value: "" if value in values else f"{cut(value)!r} is none of {', '.join(values)}"


def _form(pattern: re.Pattern[str], meaning: str) -> Check:
    return lambda value: "" if pattern.fullmatch(value) else f"{cut(value)!r} is no {meaning}"


def url(value: str) -> str:
    """Checks an absolute address of http or https."""
    try:
        parts = urlsplit(value)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and not _UNFIT.search(value)
    except ValueError:
        whole = False
    return "" if whole else f"{cut(value)!r} is no absolute address; write it with https://"


def _scope(value: str) -> str:
    """Checks what `content` is about: a path pattern, an absolute address, or empty for the document around it."""
    return "" if value == "" or (value.startswith("/") and not _UNFIT.search(value)) else url(value)


def _server(value: str) -> str:
    """Checks a licence server; a bare host name is what the specification's first users wrote."""
    return "" if not url(value) or re.fullmatch(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?(/\S*)?", value) else url(value)


def _anything(_: str) -> str:
    return ""


def tokens(value: str) -> list[str]:
    """The tokens of a list; commas, which drafts before 1.0 used, are taken for blanks."""
    return value.replace(",", " ").split()


def _listed(value: str, known: Check) -> str:
    if "," in value:
        return "tokens stand with blanks between, not commas"
    return next((wrong for wrong in map(known, value.split()) if wrong), "" if value.split() else "no token is given")


_TOKENS: dict[str, Check] = {
    "usage": _one_of(*USAGE),
    "user": _one_of(*USERS),
    "geo": _form(_PLACE, "ISO 3166-1 alpha-2 code in capitals, nor EU"),
}
_LIMIT = Rule(required={"type": _one_of(*_TOKENS)}, text=_anything)
_ADDRESS = Rule(text=url)

RULES: dict[str, Rule] = {
    "rsl": Rule({"content": (1, MANY)}, optional={"max-age": _form(re.compile(r"\d{1,6}"), "number of days")}),
    "content": Rule(
        {"license": (1, MANY), "alternate": (0, MANY), "schema": (0, 1), "copyright": (0, 1), "terms": (0, 1)},
        required={"url": _scope},
        optional={
            "server": _server,
            "encrypted": _one_of("true", "false"),
            "lastmod": _form(_MOMENT, "date after RFC 3339"),
        },
    ),
    "license": Rule(
        {
            "permits": (0, 3),
            "prohibits": (0, 3),
            "payment": (0, MANY),
            "reporting": (0, MANY),
            "legal": (0, MANY),
            "terms": (0, 1),
        }
    ),
    "permits": _LIMIT,
    "prohibits": _LIMIT,
    "payment": Rule(
        {"standard": (0, MANY), "custom": (0, 1), "amount": (0, 1), "accepts": (0, MANY)},
        optional={"type": _one_of(*PAYMENTS)},
    ),
    "standard": _ADDRESS,
    "custom": _ADDRESS,
    "amount": Rule(
        required={"currency": _form(_CURRENCY, "ISO 4217 code of three capitals")},
        text=_form(_AMOUNT, "decimal number such as 0.02"),
    ),
    "accepts": Rule(required={"type": _form(_MEDIA, "media type")}, text=_anything),
    "reporting": Rule(
        required={"type": _one_of("telemetry", "provenance", "audit"), "profile": url},
        optional={"endpoint": url},
        text=_anything,
    ),
    "legal": Rule(
        required={"type": _one_of("warranty", "disclaimer", "attestation", "contact", "proof")}, text=_anything
    ),
    "alternate": Rule(required={"type": _form(_MEDIA, "media type")}, text=url),
    "schema": Rule(text=_anything),
    "copyright": Rule(
        optional={"type": _one_of("person", "organization"), "contactEmail": _anything, "contactUrl": url},
        text=_anything,
    ),
    "terms": _ADDRESS,
}


def faults(content: bytes) -> list[Fault]:
    """Every rule that a document breaks, by line; empty where it is valid RSL 1.0. Never raises."""
    try:
        root = safe_xml.xml(content)
    except safe_xml.UnreadableError as error:
        return [Fault(1, "", f"the document {error}")]
    if safe_xml.local(root) != "rsl":
        return [Fault(root.sourceline or 1, safe_xml.local(root), "the outermost element is not rsl")]
    if safe_xml.namespace(root) != NAMESPACE:
        return [Fault(root.sourceline or 1, "rsl", f'the namespace is missing or wrong; write xmlns="{NAMESPACE}"')]
    found: list[Fault] = []
    for element in root.iter(f"{{{NAMESPACE}}}*"):
        line, name = element.sourceline or 1, safe_xml.local(element)
        found += [Fault(line, name, says) for says in _broken(element, name)]
        if len(found) >= FAULTS_MOST:
            return [*found[:FAULTS_MOST], Fault(line, name, "more faults follow and are not listed")]
    return found


def _broken(element: Element, name: str) -> Iterator[str]:
    """What one element of RSL has wrong."""
    rule = RULES.get(name)
    if rule is None:
        yield "RSL 1.0 has no such element"
        return
    checks = {**rule.optional, **rule.required}
    for key, value in element.attrib.items():
        if not key.startswith("{"):
            wrong = checks[key](value.strip()) if key in checks else "RSL 1.0 has no such attribute here"
            yield from [f"{key}: {wrong}"] if wrong else []
    yield from (f"the attribute {key} is missing" for key in rule.required if key not in element.attrib)
    yield from _children(element, rule)
    said = (element.text or "").strip() if name != "reporting" else ""
    if rule.text is not None and (wrong := rule.text(said)):
        yield wrong
    if rule.text is None and said:
        yield f"holds the text {cut(said)!r}, where only elements belong"
    if name in ("permits", "prohibits") and element.get("type") in _TOKENS:
        wrong = _listed(said, _TOKENS[element.get("type")])
        yield from [wrong] if wrong else []


def _children(element: Element, rule: Rule) -> Iterator[str]:
    """What is wrong with which elements stand inside, and how many of each."""
    count = dict.fromkeys(rule.children, 0)
    limits: set[tuple[str, str]] = set()
    for child in element:
        if safe_xml.namespace(child) != NAMESPACE:
            continue
        name = safe_xml.local(child)
        if name not in rule.children:
            if name in RULES:
                yield f"{name} does not belong inside it"
            continue
        count[name] += 1
        kind = (name, child.get("type", ""))
        if name in ("permits", "prohibits"):
            if kind in limits:
                yield f'{name} type="{cut(kind[1])}" stands twice; join the tokens'
            limits.add(kind)
    for name, (fewest, most) in rule.children.items():
        if count[name] < fewest:
            yield f"holds no {name}"
        if count[name] > most:
            yield f"holds {count[name]} of {name}, and may hold {most}"

"""RSL 1.0 (Really Simple Licensing): licences in XML, with prices; how they are found, read and weighed.

A permission that asks for money, or for a licence from a server, is read as a reservation whose terms are on offer. One
for some users only is unknown, because nobody says who asks. Within a licence the more specific usage wins, at equal
depth the prohibition; between licences and channels the most restrictive. Uses that a licence does not list are not
licensed by it and not reserved either: unknown. Source: see `rsl_rules`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import NamedTuple

from lxml import etree

from partita.formats.carriers import paths, rsl_rules, safe_xml
from partita.formats.carriers.rsl_rules import DEPTH, IDENTIFIERS, MEDIA_TYPE, NAMESPACE, OURS, UNPAID, USAGE, tokens
from partita.formats.carriers.rsl_write import html_link, link_header, robots_line, write
from partita.formats.carriers.safe_xml import Element
from partita.formats.signals import Carrier, Signal, Stance, cut
from partita.scope import EVERYWHERE, PURPOSES

__all__ = ["Found", "discover", "html_link", "link_header", "read", "read_page", "read_within", "robots_line", "write"]

UNITS = ("data_mining", "train", "ground", "search")
"""The purposes that RSL can tell apart."""
SIGNALS_MOST = 20_000
CODES_MOST = 10_000
"""Characters kept of the codes that a content is bound to."""
_ANY = "any"


class Found(NamedTuple):
    """An RSL document that something pointed to: its address, where that stood, and what is odd about it."""

    url: str
    place: str
    note: str


@dataclass(frozen=True, slots=True)
class _Licence:
    """One licence of one content: tokens by kind of limit, the terms on which it is had, and whether those cost."""

    permits: Mapping[str, Sequence[str]]
    prohibits: Mapping[str, Sequence[str]]
    terms: Mapping[str, str]
    costs: bool
    place: str
    raw: str


def read(content: bytes, *, place: str = "rsl", url: str = "") -> list[Signal]:
    """What an RSL document says, one signal per purpose, territory and target; never raises.

    `place` names the document in the signals. With a `url` (absolute, or a path of the site), only the most specific
    `content` that matches it speaks, as the specification has it; without, every one speaks for its own pattern.
    """
    try:
        root = safe_xml.xml(content)
    except safe_xml.UnreadableError as error:
        return [_unknown(place, cut(content[:400].decode("utf-8", "replace")), f"the document {error}")]
    if safe_xml.local(root) != "rsl":
        return [_unknown(place, f"<{cut(safe_xml.local(root))}>", "the outermost element is not rsl")]
    return _document(root, place, url)


def read_within(content: bytes, *, place: str = "xml") -> list[Signal]:
    """What RSL documents say that stand within another XML document (an XMP packet, a feed); none where none does."""
    try:
        root = safe_xml.xml(content)
    except safe_xml.UnreadableError as error:
        return [_unknown(place, "", f"the document {error}")]
    found = (signal for inner in root.iter(f"{{{NAMESPACE}}}rsl") for signal in _document(inner, place, ""))
    return list(islice(found, SIGNALS_MOST))


def _document(root: Element, place: str, url: str) -> list[Signal]:
    """The signals of an `rsl` element; in a wrong namespace reservations are heeded, permissions are unknown."""
    contents = [child for child in root if safe_xml.local(child) == "content"]
    if url:
        fitting = [(len(child.get("url", "")), child) for child in contents if _matches(child.get("url", ""), url)]
        longest = max((length for length, _ in fitting), default=0)
        contents = [child for length, child in fitting if length == longest]
    signals = list(islice((s for child in contents for s in _content(child, place)), SIGNALS_MOST + 1))
    if len(signals) > SIGNALS_MOST:
        signals[SIGNALS_MOST:] = [_unknown(place, "", f"says more than {SIGNALS_MOST:,} things; the rest is not read")]
    if safe_xml.namespace(root) != NAMESPACE:
        signals = [_doubted(signal, f"the namespace is not {NAMESPACE}") for signal in signals]
    return signals


def _doubted(signal: Signal, why: str) -> Signal:
    """A signal whose document is not what it should be: no permission is taken from it."""
    stance = Stance.UNKNOWN if signal.stance is Stance.PERMIT else signal.stance
    note = "; ".join(text for text in (signal.note, why) if text)
    return Signal(
        signal.carrier,
        signal.purpose,
        stance,
        signal.place,
        signal.raw,
        territory=signal.territory,
        target=signal.target,
        terms=signal.terms,
        note=note,
    )


def _content(element: Element, place: str) -> Iterator[Signal]:
    """The signals of one `content`, for its address and for each ISCC that it is bound to."""
    targets = [element.get("url", "").strip(), *element.get(f"{{{OURS}}}iscc", "").split()]
    shared = _shared(element)
    licences = [_licence(child, shared, place) for child in element if safe_xml.local(child) == "license"]
    units = [(licence, unit) for licence in licences for unit in _units(licence)]
    said = {unit for _, (unit, _, _) in units}
    listing = next((licence for licence in licences if "usage" in licence.permits), None)
    if listing:
        note = "not among the uses that are licensed, and not prohibited either"
        anywhere = replace(listing, permits={}, prohibits={})
        units += [(anywhere, (unit, Stance.UNKNOWN, note)) for unit in UNITS if unit not in said]
    for target in targets if units else ():
        for licence, (unit, stance, note) in units:
            yield from _signals(licence, unit, stance, note, target)


def _shared(content: Element) -> dict[str, str]:
    """The terms that every licence of a content shares."""
    terms: dict[str, str] = {}
    for child in content:
        if safe_xml.local(child) in ("copyright", "terms"):
            terms.setdefault(safe_xml.local(child), cut(safe_xml.text(child)))
    if server := content.get("server"):
        terms["server"] = cut(server)
    codes = {key: content.get(f"{{{OURS}}}{key}", "")[:CODES_MOST] for key in IDENTIFIERS}
    return terms | {key: listed for key, listed in codes.items() if listed}


def _licence(element: Element, shared: Mapping[str, str], place: str) -> _Licence:
    limits: dict[str, dict[str, list[str]]] = {"permits": {}, "prohibits": {}}
    terms: dict[str, str] = {}
    costs = "server" in shared
    for child in element:
        name = safe_xml.local(child)
        if name in limits:
            limits[name].setdefault(child.get("type", "").strip(), []).extend(tokens(child.text or ""))
        elif name == "payment":
            costs |= _payment(child, terms)
        elif name in ("legal", "reporting"):
            key = f"{name} {cut(child.get('type', ''))}".strip()
            terms.setdefault(key, cut(child.get("profile", child.text or "")))
        elif name == "terms":
            terms["terms"] = cut(safe_xml.text(child))
    raw = cut(etree.tostring(element, encoding="unicode", with_tail=False).replace(f' xmlns="{NAMESPACE}"', ""))
    where = f"{place}:{element.sourceline} license"
    return _Licence(limits["permits"], limits["prohibits"], {**shared, **terms}, costs, where, raw)


def _payment(element: Element, terms: dict[str, str]) -> bool:
    """Writes the terms of one payment, amounts as they stand; whether it costs: terms elsewhere may."""
    kind = cut(element.get("type", ""))
    if kind:
        terms["payment"] = cut(f"{terms.get('payment', '')} {kind}")
    elsewhere = False
    for child in element:
        name, said = safe_xml.local(child), cut(safe_xml.text(child))
        if name == "amount":
            terms["amount"], terms["currency"] = said, cut(child.get("currency", ""))
        elif name == "accepts":
            terms["accepts"] = cut(child.get("type", ""))
        elif name in ("standard", "custom"):
            terms[name] = said
        elsewhere |= name in ("amount", "standard", "custom")
    return kind not in UNPAID if kind else elsewhere


def _units(licence: _Licence) -> Iterator[tuple[str, Stance, str]]:
    """What one licence says of each purpose, with a note."""
    yes, no = licence.permits.get("usage"), licence.prohibits.get("usage", ())
    strange = [token for token in no if token not in USAGE]
    if yes is None and not no and not licence.costs:
        yield _ANY, Stance.UNKNOWN, "the licence names no usage"
        return
    for unit in UNITS:
        allowed = _depth(yes if yes is not None or no else ("all",), unit)
        refused = _depth(no, unit)
        if refused is not None and (allowed is None or refused >= allowed):
            yield unit, Stance.RESERVE, ""
        elif strange:
            yield unit, Stance.UNKNOWN, f"prohibits a usage that RSL 1.0 does not have: {cut(' '.join(strange))}"
        elif unit == "ground" and "ai-index" in no:
            yield unit, Stance.UNKNOWN, "an index for AI is prohibited, which may be part of it"
        elif allowed is not None:
            yield unit, *_granted(licence)


def _depth(listed: Iterable[str] | None, unit: str) -> int | None:
    """How specific the most specific token is that means a purpose; None where none does."""
    depths = [DEPTH[token] for token in listed or () if token in USAGE and USAGE[token] & PURPOSES[unit]]
    return max(depths, default=None)


def _granted(licence: _Licence) -> tuple[Stance, str]:
    """A use that is licensed: free to all, on terms, or to some."""
    if licence.costs:
        return Stance.RESERVE, "a licence is on offer"
    strange = {*licence.permits, *licence.prohibits} - {"usage", "user", "geo"}
    if strange:
        return (
            Stance.UNKNOWN,
            f"limited by something of type {cut(', '.join(sorted(strange)))!r}, which RSL 1.0 does not have",
        )
    users = [*licence.permits.get("user", ()), *("not " + user for user in licence.prohibits.get("user", ()))]
    if users:
        return Stance.UNKNOWN, f"permitted to some users only: {cut(', '.join(users))}"
    return Stance.PERMIT, ""


def _signals(licence: _Licence, unit: str, stance: Stance, note: str, target: str) -> Iterator[Signal]:
    """One signal per territory, and a reservation for each that a permission leaves out."""

    def signal(stance: Stance, territory: str, note: str) -> Signal:
        return Signal(
            Carrier.RSL, unit, stance, licence.place, licence.raw, territory=territory, target=target,
            terms=licence.terms, note=note,
        )  # fmt: skip

    inside = licence.permits.get("geo", (EVERYWHERE,))
    for territory in inside:
        if territory == EVERYWHERE or _is_place(territory):
            yield signal(stance, territory, note)
        else:
            wide = stance if stance is Stance.RESERVE else Stance.UNKNOWN
            yield signal(wide, EVERYWHERE, f"{cut(territory)!r} is no territory")
    for territory in licence.prohibits.get("geo", ()) if stance is Stance.PERMIT else ():
        known = _is_place(territory)
        left_out = f"the licence leaves out {cut(territory)}"
        yield signal(Stance.RESERVE if known else Stance.UNKNOWN, territory if known else EVERYWHERE, left_out)


def _is_place(code: str) -> bool:
    return len(code) == 2 and code.isascii() and code.isalpha() and code.isupper()


def _matches(pattern: str, url: str) -> bool:
    """Whether a path pattern, or an absolute one, covers an address or path; an empty one covers what it stands in."""
    pattern = pattern.strip()
    if not pattern:
        return True
    if pattern.startswith("/") or url.startswith("/"):
        return pattern.startswith("/") and paths.matches(pattern, url)
    return _origin(pattern) == _origin(url) and paths.matches(paths.path_of(pattern), url)


def _origin(url: str) -> str:
    return url[: len(url) - len(paths.path_of(url))].lower() if "/" in url.partition("://")[2] else url.lower()


def _unknown(place: str, raw: str, why: str) -> Signal:
    return Signal(Carrier.RSL, _ANY, Stance.UNKNOWN, place, raw, note=why)


def discover(*, links: Iterable[str] = (), robots: Iterable[str] = (), page: bytes = b"") -> list[Found]:
    """Addresses of RSL documents: from `Link` header values, values of robots.txt `License` lines, and an HTML page.

    Never raises; a link of another media type (a Creative Commons licence) is no RSL and is left out.
    """
    found = [Found(url, "header: Link", "") for value in links for url in _linked(value)]
    found += [
        Found(value.strip(), "robots.txt: License", rsl_rules.url(value.strip())) for value in robots if value.strip()
    ]
    if page:
        try:
            root = safe_xml.html(page)
        except safe_xml.UnreadableError:
            return found
        for element in root.iter("link"):
            kinds = element.get("rel", "").lower().split()
            media = element.get("type", "").split(";")[0].strip().lower()
            if "license" in kinds and media == MEDIA_TYPE and element.get("href"):
                found.append(Found(element.get("href").strip(), f"html:{element.sourceline} link", ""))
    return found


def read_page(page: bytes, *, place: str = "html") -> list[Signal]:
    """What RSL documents say that stand in an HTML page as `<script type="application/rsl+xml">`; never raises."""
    try:
        root = safe_xml.html(page)
    except safe_xml.UnreadableError as error:
        return [_unknown(place, "", f"the page {error}")]
    signals: list[Signal] = []
    for element in root.iter("script"):
        if element.get("type", "").split(";")[0].strip().lower() == MEDIA_TYPE:
            signals += read((element.text or "").encode(), place=f"{place}:{element.sourceline} script")
    return signals[:SIGNALS_MOST]


def _linked(value: str) -> Iterator[str]:
    """Targets of a Link header (RFC 8288) that are licences in RSL."""
    for part in _outside_quotes(value[:100_000], ","):
        target, *parameters = _outside_quotes(part, ";")
        if not (target.strip().startswith("<") and target.strip().endswith(">")):
            continue
        named = dict(_parameter(text) for text in reversed(parameters))
        if "license" in named.get("rel", "").lower().split() and named.get("type", "").lower() == MEDIA_TYPE:
            yield target.strip()[1:-1].strip()


def _parameter(text: str) -> tuple[str, str]:
    key, _, value = text.partition("=")
    return key.strip().lower(), value.strip().strip('"').strip()


def _outside_quotes(text: str, mark: str) -> list[str]:
    """A text split at a mark, where it stands neither within quotation marks nor within angle brackets."""
    parts, start, quoted, angled = [], 0, False, False
    for at, letter in enumerate(text):
        if letter == '"' and not angled:
            quoted = not quoted
        elif letter in "<>" and not quoted:
            angled = letter == "<"
        elif letter == mark and not quoted and not angled:
            parts.append(text[start:at])
            start = at + 1
    return [*parts, text[start:]]

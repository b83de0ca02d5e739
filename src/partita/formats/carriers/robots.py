"""robots.txt (RFC 9309): what it says to AI crawlers, and all that other standards write into it.

A `Disallow` for a crawler that is known for a purpose reserves that purpose against its provider; one for `*`
reserves what crawlers fetch for: mining, AI input, search. An `Allow` permits only where a crawler is named, for its
own purpose. Two readers decide whether a path may be crawled, this one and protego; where they differ, the stricter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from protego import Protego

from partita.formats.carriers import content_signal, content_usage, crawlers, paths
from partita.formats.carriers import robots_lines as lines
from partita.formats.signals import Carrier, Signal, Stance, cut
from partita.scope import ANYONE

STAR_PURPOSES = ("mining", "ground", "search")
"""What crawlers without a name of their own fetch for."""

SIGNALS_MOST = 20_000
"""Signals of one file; beyond, the file says more than anybody meant."""

_PROTEGO_MOST = 2_000_000
"""Tokens times rules up to which protego reads a file: it stores each rule once for each token."""

_TOO_EARLY = frozenset({408, 425, 429})
"""Codes of 4xx that say `not now`, not `there is none`."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A group and whom it binds: the system that its rules speak of, and what for."""

    group: lines.Group
    system: str
    purposes: tuple[str, ...]


def read(
    content: bytes, *, url: str = "", agent: str = "", status: int = 200, draft: str = content_usage.DRAFT
) -> list[Signal]:
    """What a robots.txt says; with `url`, what it says of that URL; with `agent`, what it says to that crawler.

    `status` is the HTTP status it came with; 0 for none (a time-out). `draft` names the vocabulary of its Content-Usage
    lines. Never raises: what cannot be read is a signal of stance unknown. A file that is absent says nothing.
    """
    if not 200 <= status < 300:
        return _not_served(status)
    robots = lines.parse(content)
    signals = [_unknown("file", note) for note in robots.notes]
    if not robots.groups and content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        signals.append(_unknown("file", "a page stands where robots.txt should be"))
    signals += [_outside(line) for line in robots.outside if line.field in _USES]
    signals += [_licence(line, ANYONE) for line in robots.outside if line.field == lines.LICENSE]
    twin = _protego(content, robots) if url else None
    seen: set[tuple[str, ...]] = set()
    for signal in _all(robots, url, agent, draft, twin):
        key = (signal.carrier, signal.purpose, signal.stance, signal.place, signal.system, signal.target, signal.note)
        if len(seen) >= SIGNALS_MOST:
            signals.append(_unknown("file", f"says more than {SIGNALS_MOST:,} things; the rest is not read"))
            break
        if key not in seen:
            seen.add(key)
            signals.append(signal)
    return signals


_USES = (lines.CONTENT_USAGE, lines.CONTENT_SIGNAL)


def allowed(content: bytes, agent: str, url: str) -> bool:
    """Whether a crawler of that name may fetch a URL (RFC 9309); where two readers differ, the stricter counts."""
    robots = lines.parse(content)
    twin = _protego(content, robots)
    return decided(robots, agent, url)[0] and (twin is None or twin.can_fetch(_address(url), agent))


def decided(robots: lines.Robots, agent: str, url: str) -> tuple[bool, lines.Line | None]:
    """Whether a crawler may fetch a URL, and the line that decides: the longest match; at equal length Allow."""
    group = robots.group_for(agent)
    return _in_group(group, url) if group else (True, None)


def _in_group(group: lines.Group, url: str) -> tuple[bool, lines.Line | None]:
    path = paths.plain(url)
    if path == "/robots.txt":
        return True, None
    first = next((rule for rule in group.rules if paths.fits(rule.pattern, path)), None)
    return (first.allows, first.line) if first else (True, None)


def _protego(content: bytes, robots: lines.Robots) -> Protego | None:
    """The same file as protego reads it; None where it would take too long."""
    rules = sum(len(block) for group in robots.groups.values() for block in group.blocks)
    if rules > _PROTEGO_MOST:
        return None
    return Protego.parse("\n".join(lines.texts(content)))


def _address(url: str) -> str:
    """A URL's path on a host that no reader stumbles over."""
    return f"https://site.example{paths.path_of(url)}"


def _all(robots: lines.Robots, url: str, agent: str, draft: str, twin: Protego | None) -> Iterator[Signal]:
    for bound in _bound(robots, agent):
        yield from _crawling(bound, url, agent, twin)
        crawlable = not url or _in_group(bound.group, url)[0]
        for line in bound.group.of(lines.LICENSE):
            yield replace(_licence(line, bound.system), place=_place(line.place, bound))
        if not crawlable:
            continue
        refused = "" if url else _refused_everywhere(bound.group)
        said = content_usage.in_group(bound.group, url, draft) + content_signal.in_group(bound.group, url)
        for signal in said:
            stance = Stance.UNKNOWN if refused else signal.stance
            yield replace(
                signal,
                system=bound.system,
                stance=stance,
                place=_place(signal.place, bound),
                note=refused or signal.note,
            )


def _bound(robots: lines.Robots, agent: str) -> Iterator[Bound]:
    """The groups that speak to somebody: `*`, those of known AI crawlers, and others that say something of use."""
    if agent:
        group = robots.group_for(agent)
        known = crawlers.by_name().get(agent.lower())
        purposes = known.named_purposes if known and group and group.agent != ANYONE else STAR_PURPOSES
        if group:
            yield Bound(group, ANYONE if group.agent == ANYONE else crawlers.system_of(agent), purposes)
        return
    taken = {ANYONE}
    if star := robots.groups.get(ANYONE):
        yield Bound(star, ANYONE, STAR_PURPOSES)
    for crawler in crawlers.every():
        group = robots.group_for(crawler.agent)
        if group is None or group.agent == ANYONE:
            group = robots.with_version.get(crawler.agent.lower())
        if group:
            taken.add(group.agent)
            yield Bound(group, crawler.system, crawler.named_purposes)
    kinds = (*_USES, lines.LICENSE)
    blocks = {id(block): block for group in robots.groups.values() for block in group.blocks}
    telling = {key for key, block in blocks.items() if any(line.field in kinds for line in block)}
    for token, group in robots.groups.items():
        if token not in taken and any(id(block) in telling for block in group.blocks):
            yield Bound(group, crawlers.system_of(token), ())


def _crawling(bound: Bound, url: str, agent: str, twin: Protego | None) -> Iterator[Signal]:
    """What a group's Allow and Disallow lines say of the purposes that its crawlers fetch for."""
    if not bound.purposes:
        return
    if url:
        yield from _crawling_at(bound, url, agent or bound.group.agent, twin)
        return
    for line in bound.group.of(lines.ALLOW, lines.DISALLOW):
        allows = line.field == lines.ALLOW or not line.value
        yield from _of_line(bound, line, allows=allows)


def _crawling_at(bound: Bound, url: str, agent: str, twin: Protego | None) -> Iterator[Signal]:
    allows, line = _in_group(bound.group, url)
    theirs = allows if twin is None else twin.can_fetch(_address(url), agent)
    note = "" if theirs == allows else "readers of robots.txt differ here, so the stricter reading is taken"
    if line is None and theirs:
        return
    line = line or lines.Line(0, lines.DISALLOW, b"")
    for signal in _of_line(bound, line, allows=allows and theirs):
        yield replace(signal, note=note or signal.note)


def _of_line(bound: Bound, line: lines.Line, *, allows: bool) -> Iterator[Signal]:
    """The signals of one line. To allow everybody to crawl says nothing of use."""
    if allows and bound.system == ANYONE:
        return
    stance = Stance.PERMIT if allows else Stance.RESERVE
    place, target, note = _place(line.place, bound), paths.target(line.text or "/"), ""
    if not target:
        stance, target, note = Stance.UNKNOWN, "/", "is no path: paths begin with a slash"
    for purpose in bound.purposes:
        yield Signal(
            Carrier.ROBOTS, purpose, stance, place, cut(line.raw), system=bound.system, target=target, note=note
        )


def _refused_everywhere(group: lines.Group) -> str:
    """Why no use preference of a group counts: nothing of it may be crawled."""
    if _in_group(group, "/")[0] or group.of(lines.ALLOW):
        return ""
    whole = any(line.text in ("/", "/*", "*") for line in group.of(lines.DISALLOW))
    return "what may not be crawled carries no preference" if whole else ""


def _outside(line: lines.Line) -> Signal:
    carrier = Carrier.CONTENT_USAGE_ROBOTS if line.field == lines.CONTENT_USAGE else Carrier.CONTENT_SIGNAL
    note = "stands before any user-agent line, so no crawler is bound by it"
    return Signal(carrier, "any", Stance.UNKNOWN, line.place, cut(line.raw), target="/", note=note)


def _licence(line: lines.Line, system: str) -> Signal:
    terms = {"licence": line.text}
    note = "the terms stand in the licence document"
    return Signal(
        Carrier.RSL, "any", Stance.UNKNOWN, line.place, cut(line.raw), system, target="/", terms=terms, note=note
    )


def _place(place: str, bound: Bound) -> str:
    return f"{place} (user-agent {bound.group.agent})"


def _unknown(place: str, note: str) -> Signal:
    return Signal(Carrier.ROBOTS, "any", Stance.UNKNOWN, place, "", target="/", note=note)


def _not_served(status: int) -> list[Signal]:
    """RFC 9309, section 2.3.1: 4xx means that there are no rules; what could not be reached is not known."""
    if 400 <= status < 500 and status not in _TOO_EARLY:
        return []
    why = f"status {status}" if status else "no answer"
    return [_unknown("file", f"robots.txt could not be read ({why}); crawlers must then assume that all is refused")]

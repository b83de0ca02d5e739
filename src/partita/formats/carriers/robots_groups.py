"""An intent as groups of robots.txt for the AI crawlers that are known by name, and one robots.txt from several parts.

A crawler is refused where all that it is known to fetch for is reserved, or, if the intent chose to broaden, where some
of it is; it is allowed where all of it is permitted. Crawlers without a name in the list are not reached.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from partita.formats.carriers import crawlers, paths
from partita.formats.carriers import robots_lines as lines
from partita.formats.carriers.fates import Axes, Weighed, weigh, words
from partita.formats.carriers.path_fates import crossing, joined, targets
from partita.formats.signals import Artefact, Carrier, Effect, Intent, Loss, Stance, Statement
from partita.scope import ANYONE, PURPOSES

Rules = dict[str, dict[str, Stance]]
"""By crawler's name: each path with what is said of it, empty for all."""


def write(intent: Intent) -> Artefact:
    """Groups for the crawlers that the intent's statements concern. Raises InputError for what no line can hold."""
    rules: Rules = {}
    for stance in (Stance.RESERVE, Stance.PERMIT):
        for statement in intent.statements:
            if statement.stance is stance and not _weighed(statement, intent).lost:
                for crawler in _meant(statement, broaden=intent.broaden):
                    for path in targets(statement)[0]:
                        _say(rules.setdefault(crawler.agent, {}), path, stance)
    fates = tuple(_fate(statement, intent, rules) for statement in intent.statements)
    return Artefact(Carrier.ROBOTS, "robots.txt", _text(rules).encode("ascii"), fates)


def _weighed(statement: Statement, intent: Intent) -> Weighed:
    """A statement against the axes of robots.txt: a provider can be said by its crawlers, one of its systems cannot."""
    provider = replace(statement, system=statement.system if "/" in statement.system else ANYONE)
    return weigh(replace(intent, statements=(provider,)), Axes(names=None))[0]


def _meant(statement: Statement, *, broaden: bool) -> list[crawlers.Crawler]:
    bits = PURPOSES[statement.purpose]
    known = [one for one in crawlers.of_system(statement.system.split("/")[0]) if one.is_token]
    some = broaden and statement.stance is Stance.RESERVE
    return [one for one in known if not one.bits & ~bits or (some and one.bits & bits)]


def _say(said: dict[str, Stance], path: str, stance: Stance) -> None:
    """Adds a rule. A permission is added only as an exception to a reservation of which it is surely the nearer one.

    Without one, the crawler is not refused anyhow, and a group of its own would set the site's other rules aside.
    """
    against = [other for other, one in said.items() if one is Stance.RESERVE]
    inside = any(path and other != path and paths.covers(other or "/", path) for other in against)
    doubtful = any(other == path or (path and other and crossing(path, other)) for other in against)
    if stance is Stance.RESERVE or (inside and not doubtful):
        said[path] = stance


def _fate(statement: Statement, intent: Intent, rules: Rules) -> Loss:
    weighed = _weighed(statement, intent)
    if weighed.lost:
        return Loss(statement, Effect.LOST, weighed.lost)
    named, unnamed = targets(statement)
    meant = _meant(statement, broaden=intent.broaden)
    if not meant:
        return Loss(statement, Effect.LOST, "no crawler is known that fetches for this and nothing more")
    extra = 0
    for crawler in meant:
        extra |= crawler.bits & ~weighed.bits
    found = []
    for path in named:
        said = [one for one in meant if rules.get(one.agent, {}).get(path) is statement.stance]
        if not said:
            why = "a crawler may fetch what it is not refused; nothing is written, and no more is granted by it"
            found.append(Loss(statement, Effect.LOST, why))
        elif extra or weighed.wider:
            also = f"crawlers are refused that also fetch for {words(extra)}" if extra else ""
            found.append(Loss(statement, Effect.BROADER, "; ".join(text for text in (weighed.wider, also) if text)))
        else:
            why = f"reaches the {len(said)} crawlers that are known by name for it, and no others"
            found.append(Loss(statement, Effect.NARROWER, "; ".join(text for text in (why, weighed.unsaid) if text)))
    return joined(statement, found, unnamed)


def _text(rules: Rules) -> str:
    """Groups of crawlers that are told the same, in the order of the list."""
    alike: dict[tuple[tuple[str, Stance], ...], list[str]] = {}
    for agent, said in rules.items():
        order = sorted(said.items(), key=lambda rule: (-paths.octets(rule[0]), rule[0]))
        if order:
            alike.setdefault(tuple(order), []).append(agent)
    groups = []
    for said_of, agents in alike.items():
        words_of = {Stance.RESERVE: "Disallow", Stance.PERMIT: "Allow"}
        names = [f"User-agent: {agent}" for agent in agents]
        groups.append("\n".join([*names, *(f"{words_of[stance]}: {path or '/'}" for path, stance in said_of), ""]))
    return "\n".join(groups)


def together(parts: Sequence[Artefact], site: bytes = b"") -> bytes:
    """One robots.txt from all artefacts that are to stand in it, and what the site has there already.

    Lines that belong to no group stand first, then the site's own, then the groups.

    A crawler with a group of its own does not read the group for `*`: what that group says of use (Content-Usage,
    Content-Signal, License), and the site's own rules in it, are repeated in each group.
    """
    texts = [part.content.decode("ascii") for part in parts if part.where == "robots.txt" and part.content]
    blocks = [block.strip().split("\n") for text in texts for block in text.split("\n\n") if block.strip()]
    star = [line for block in blocks if block[0] == "User-agent: *" for line in block[1:]]
    kinds = tuple(f"{kind}:" for kind in (lines.CONTENT_USAGE, lines.CONTENT_SIGNAL, lines.LICENSE))
    repeated = [line for line in star if line.lower().startswith(kinds)] + _rules_for_all(site)
    named = [block for block in blocks if block[0].startswith("User-agent: ") and block[0] != "User-agent: *"]
    loose = [block for block in blocks if not block[0].startswith("User-agent: ")]
    groups = [*([*block, *repeated] for block in named), *([["User-agent: *", *star]] if star else [])]
    first, last = (["\n".join(block).encode("ascii") for block in wanted] for wanted in (loose, groups))
    whole = [*first, *([site.strip()] if site.strip() else []), *last]
    return b"\n\n".join(whole) + b"\n" if first or last else site


def _rules_for_all(site: bytes) -> list[str]:
    """The rules of a robots.txt that bind crawlers without a group of their own, as lines."""
    group = lines.parse(site).groups.get(ANYONE)
    kinds = (lines.ALLOW, lines.DISALLOW, lines.CONTENT_USAGE, lines.CONTENT_SIGNAL, lines.LICENSE)
    return [f"{line.field.capitalize()}: {line.text}" for line in group.of(*kinds)] if group else []

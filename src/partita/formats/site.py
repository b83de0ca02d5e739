"""One intent in every carrier, as the files of a site; and what became of each statement in each of them.

Nothing is permitted that the intent does not permit. Where a carrier cannot say a reservation in full, a permission
that meets it is withheld there too, for a reader of that carrier alone would take it for a yes. A permission for a part
of what is reserved that cannot be said is lost; the reservation around it stands.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from partita import scope
from partita.formats import headers_of_site, odrl
from partita.formats.carriers import (
    cawg,
    content_signal,
    content_usage,
    embedded,
    epub,
    paths,
    pdf,
    plus,
    robots_groups,
    rsl,
    tdm_ai,
    tdmrep,
    x_robots,
)
from partita.formats.signals import Artefact, Carrier, Effect, Intent, Loss, Stance, Statement

SETUP = "setup"
"""Folder of what is not served: reports, snippets for servers, what is to be put into pages and manifests."""
FILES = "files"

_AGAINST = "a reservation that meets it cannot be said here in full, so nothing is permitted here"
_EXCEPTED = "it speaks of the whole site at once, a part of which is excepted, and to reserve more was not chosen"
_WINS = "where a prohibition meets it, the prohibition wins"
_EARLY = "it begins only on {}"
_LATE = "it ended on {}"

Write = Callable[[Intent], Artefact]


@dataclass(frozen=True, slots=True)
class Given:
    """A work's file that is to carry the intent: its name, its bytes, and further names by which targets mean it."""

    name: str
    content: bytes
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Site:
    """The files to write, by path, and the artefacts with the fate of every statement of the intent, in its order."""

    files: Mapping[str, bytes]
    artefacts: tuple[Artefact, ...]


def made(
    intent: Intent,
    origin: str,
    at: dt.date,
    *,
    robots: bytes = b"",
    given: Sequence[Given] = (),
    codes: Sequence[str] = (),
) -> Site:
    """The site that says what holds on the day `at`. `origin` is its address, `robots` its robots.txt so far.

    `codes` are content codes (ISCC) that declarations are written for. Raises InputError for what cannot be written.
    """
    intent = replace(intent, statements=tuple(_encoded(one, origin) for one in intent.statements))
    out = not_now(intent, at)
    files: dict[str, bytes] = {}
    served = _robots(intent, out, origin)
    files["robots.txt"] = robots_groups.together(served, robots)
    found = list(served[:3])
    found += _files_of_site(intent, out, origin, files)
    found += _headers(intent, out, origin, files)
    found += _head(intent, out, origin, files)
    found += _beside(intent, out, codes, files)
    for one in given:
        found += _embedded(intent, out, origin, one, files)
    return Site({name: content for name, content in files.items() if content}, tuple(found))


def said(write: Write, intent: Intent, out: Mapping[int, str], *, everywhere: bool = False) -> Artefact:
    """What a carrier's writer makes of an intent without the statements `out` (by number, with why), prudently.

    A carrier that speaks of the whole site at once, `everywhere`, does not reserve where a part is excepted, unless the
    intent chose to broaden.
    """
    left = dict(out)
    if everywhere and not intent.broaden:
        left |= {number: _EXCEPTED for number, one in enumerate(intent.statements) if _is_excepted(one, intent)}
    while True:
        kept = [number for number in range(len(intent.statements)) if number not in left]
        artefact = write(replace(intent, statements=tuple(intent.statements[number] for number in kept)))
        fates = dict(zip(kept, artefact.fates, strict=True))
        unsaid = [one.statement for one in fates.values() if _unsaid(one)]
        unsaid += [one.statement for one in fates.values() if _is_narrow(one, artefact.carrier)]
        against = [n for n, loss in fates.items() if _is_said(loss) and any(meets(loss.statement, r) for r in unsaid)]
        if not against:
            break
        left |= dict.fromkeys(against, _AGAINST)
    whole = (fates.get(n) or Loss(one, Effect.LOST, left[n]) for n, one in enumerate(intent.statements))
    return replace(artefact, fates=tuple(whole))


def _is_excepted(one: Statement, intent: Intent) -> bool:
    """Whether a reservation of the whole site has a permission within it for a part of the site."""
    if one.stance is not Stance.RESERVE or one.targets:
        return False
    within = (other for other in intent.statements if other.stance is Stance.PERMIT and other.targets)
    return any(meets(replace(other, targets=()), one) for other in within)


def _unsaid(loss: Loss) -> bool:
    return loss.statement.stance is Stance.RESERVE and loss.effect in (Effect.LOST, Effect.NARROWER)


def _is_narrow(loss: Loss, carrier: Carrier) -> bool:
    """Whether a reservation is said for a territory alone: a permission for more would stand beside it."""
    if loss.statement.stance is not Stance.RESERVE or loss.statement.territory == scope.EVERYWHERE:
        return False
    return loss.effect is not Effect.BROADER or carrier is Carrier.RSL


def _is_said(loss: Loss) -> bool:
    return loss.statement.stance is Stance.PERMIT and loss.effect is not Effect.LOST


def meets(permission: Statement, reservation: Statement) -> bool:
    """Whether a reservation may hold for something that a permission permits, and is not set aside by its nearness."""
    if not scope.PURPOSES[permission.purpose] & scope.PURPOSES[reservation.purpose]:
        return False
    if not scope.systems_meet(permission.system, reservation.system):
        return False
    if not scope.places_meet(permission.territory, reservation.territory):
        return False
    pairs = [(p, r) for p in permission.targets or ("",) for r in reservation.targets or ("",)]
    return any(not _nearer(p, r) and _overlap(p, r) for p, r in pairs)


def _nearer(one: str, other: str) -> bool:
    """Whether a target surely lies within another and is not all of it."""
    if not one or one == other:
        return False
    return not other or (_is_path(one) and _is_path(other) and paths.covers(other, one))


def _overlap(one: str, other: str) -> bool:
    if not one or not other or one == other:
        return True
    if _is_path(one) and _is_path(other):
        return paths.may_meet(one, other)
    return _is_path(one) or _is_path(other) or "://" in one or "://" in other


def _is_path(target: str) -> bool:
    return target.startswith("/")


def _encoded(one: Statement, origin: str) -> Statement:
    """A statement whose addresses on the site are paths, percent-encoded, as every carrier of the web can hold them."""
    found = [t.removeprefix(origin) if origin and t.startswith(f"{origin}/") else t for t in one.targets]
    return replace(one, targets=tuple(paths.writable(t) if _is_path(t) else t for t in found))


def not_now(intent: Intent, at: dt.date) -> dict[int, str]:
    """Statements that do not hold on the day: a carrier says what holds, and has no words for later."""
    found = {}
    for number, one in enumerate(intent.statements):
        if one.valid_from is not None and one.valid_from > at:
            found[number] = _EARLY.format(one.valid_from)
        elif one.valid_to is not None and one.valid_to <= at:
            found[number] = _LATE.format(one.valid_to)
    return found


def _robots(intent: Intent, out: Mapping[int, str], origin: str) -> list[Artefact]:
    """The parts of robots.txt: groups of crawlers, Content-Usage, Content-Signal, and where the licences stand."""
    parts = [said(write, intent, out) for write in (robots_groups.write, content_usage.write_robots)]
    parts.append(said(content_signal.write, intent, out, everywhere=True))
    if origin:
        line = f"User-agent: *\n{rsl.robots_line(f'{origin}/rsl.xml')}\n".encode("ascii")
        parts.append(Artefact(Carrier.RSL, "robots.txt", line, ()))
    return parts


def _files_of_site(intent: Intent, out: Mapping[int, str], origin: str, files: dict[str, bytes]) -> list[Artefact]:
    found = [said(tdmrep.write, intent, out), said(rsl.write, intent, out)]
    found.append(said(lambda told: _policy(told, origin), intent, out))
    files.update({artefact.where: artefact.content for artefact in found})
    return found


def _policy(intent: Intent, origin: str) -> Artefact:
    """The intent as an ODRL 2.2 offer, in the actions of Partita's profile: every limit can be said, no price is."""
    rules = []
    fates = []
    for one in intent.statements:
        kind = "prohibition" if one.stance is Stance.RESERVE else "permission"
        limits = []
        if one.territory != scope.EVERYWHERE:
            limits.append(odrl.Constraint("spatial", "eq", (one.territory,)))
        if one.valid_from is not None:
            limits.append(odrl.Constraint("dateTime", "gteq", (one.valid_from.isoformat(),)))
        if one.valid_to is not None:
            limits.append(odrl.Constraint("dateTime", "lt", (one.valid_to.isoformat(),)))
        targets = tuple(_absolute(target, origin) for target in one.targets) or (
            f"{origin}/*" if origin else "urn:partita:all",
        )
        assignees = () if one.system == scope.ANYONE else (f"urn:partita:system:{one.system}",)
        action = f"{odrl.PROFILE}:{one.purpose}"
        rules.append(odrl.Rule(kind, actions=(action,), targets=targets, assigners=(intent.party,), assignees=assignees,
                               conditions=tuple(limits)))  # fmt: skip
        short = "the price is not said" if one.price else _WINS if _is_beaten(one, intent) else ""
        fates.append(Loss(one, Effect.NARROWER if short else Effect.EXACT, short))
    if not rules:
        return Artefact(Carrier.ODRL, "policy.json", b"", ())
    uid = intent.policy or (f"{origin}/policy.json" if origin else "urn:partita:policy")
    text = odrl.write(odrl.Policy(uid, "Offer", tuple(rules), conflict="prohibit", profile=odrl.PROFILE))
    return Artefact(Carrier.ODRL, "policy.json", text.encode() + b"\n", tuple(fates))


def _is_beaten(one: Statement, intent: Intent) -> bool:
    """Whether a prohibition of the same policy meets a permission, nearer or not: in ODRL the prohibition wins."""
    wide = replace(one, targets=())
    reserved = (other for other in intent.statements if other.stance is Stance.RESERVE)
    return one.stance is Stance.PERMIT and any(meets(wide, replace(other, targets=())) for other in reserved)


def _absolute(target: str, origin: str) -> str:
    return f"{origin}{target}" if _is_path(target) else target


def _headers(intent: Intent, out: Mapping[int, str], origin: str, files: dict[str, bytes]) -> list[Artefact]:
    """The headers of the site, path by path, and the settings that make servers send them."""
    usage = said(content_usage.write_robots, intent, out)
    tdm = said(tdmrep.write, intent, out)
    robots = said(x_robots.write_header, intent, out, everywhere=True)
    link = rsl.link_header(f"{origin}/rsl.xml") if origin else ""
    rules = headers_of_site.rules(usage.content, tdm.content, robots.content, link)
    files["headers.json"] = headers_of_site.as_json(rules)
    for name, content in headers_of_site.settings(rules).items():
        files[f"{SETUP}/{name}"] = content
    kinds = ((Carrier.CONTENT_USAGE_HEADER, usage), (Carrier.TDM_HEADER, tdm), (Carrier.X_ROBOTS_TAG, robots))
    return [
        replace(one, carrier=kind, where=f"{SETUP}/headers.txt", content=files["headers.json"]) for kind, one in kinds
    ]


def _head(intent: Intent, out: Mapping[int, str], origin: str, files: dict[str, bytes]) -> list[Artefact]:
    """The elements for the head of every page."""
    where = f"{SETUP}/head.html"
    found = [
        replace(said(write, intent, out, everywhere=True), where=where)
        for write in (tdmrep.write_meta, x_robots.write_meta)
    ]
    link = f"{rsl.html_link(f'{origin}/rsl.xml')}\n".encode() if origin else b""
    files[where] = b"".join(artefact.content for artefact in found) + link
    return found


def _beside(intent: Intent, out: Mapping[int, str], codes: Sequence[str], files: dict[str, bytes]) -> list[Artefact]:
    """What belongs to works wherever they are: the assertion for content credentials, the sidecar, declarations."""
    assertion = replace(said(cawg.write, intent, out), where=f"{SETUP}/cawg.json")
    sidecar = replace(said(plus.write, intent, out), where=f"{SETUP}/sidecar.xmp")
    found = [assertion, sidecar]
    for code in codes:
        names = _names(intent, "", frozenset({code}))
        artefact = said(lambda told, code=code, names=names: tdm_ai.write(told, code, names=names), intent, out)  # type: ignore[misc]
        found.append(replace(artefact, where=f"tdm-ai/{code.removeprefix('ISCC:')}.json"))
    files.update({artefact.where: artefact.content for artefact in found})
    return found


def _embedded(
    intent: Intent, out: Mapping[int, str], origin: str, given: Given, files: dict[str, bytes]
) -> list[Artefact]:
    """A copy of a work's file that carries the intent: TDMRep in EPUB and PDF, the data mining property in pictures."""
    where = f"{FILES}/{given.name}"
    names = _names(intent, f"/{where}", given.names | {given.name, f"/{where}", f"{origin}/{where}"})
    kind = embedded.media_type(given.content, given.name)
    found: list[Artefact] = []
    content = given.content

    def write(writer: Callable[..., Artefact]) -> bytes:
        artefact = said(lambda told: writer(told, content, names=names), intent, out)
        found.append(replace(artefact, where=where))
        return artefact.content

    if kind == "application/epub+zip":
        content = write(epub.write)
    else:
        if kind == "application/pdf":
            content = write(pdf.write)
        content = write(plus.write)
    files[where] = content
    return found


def _names(intent: Intent, path: str, names: frozenset[str]) -> frozenset[str]:
    """The targets of an intent that mean a thing: its names, and patterns that its path fits."""
    patterns = {target for one in intent.statements for target in one.targets if _is_path(target)}
    return names | {pattern for pattern in patterns if path and paths.matches(pattern, path)}


def effects(site: Site) -> list[dict[str, object]]:
    """The fates as rows: carrier, where, statement (its number from 1), effect, why."""
    return [
        {
            "carrier": artefact.carrier.value,
            "where": artefact.where,
            "statement": number,
            "effect": loss.effect.value,
            "why": loss.why,
        }
        for artefact in site.artefacts
        for number, loss in enumerate(artefact.fates, 1)
    ]


def shown(statement: Statement) -> dict[str, object]:
    """A statement as JSON has it."""
    return {
        "purpose": statement.purpose,
        "stance": statement.stance.value,
        "system": statement.system,
        "territory": statement.territory,
        "from": statement.valid_from.isoformat() if statement.valid_from else None,
        "to": statement.valid_to.isoformat() if statement.valid_to else None,
        "targets": list(statement.targets),
        "price": dict(statement.price),
    }


def compact(data: object) -> bytes:
    """JSON for machines and people: indented, keys sorted, UTF-8."""
    return json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"

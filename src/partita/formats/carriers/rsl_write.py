"""Writes an intent as an RSL 1.0 document: one `content` for the site, one for each address that has its own terms.

A reservation with a price becomes a licence that is had for that price; one without becomes a prohibition. The most
specific `content` alone speaks for an address, so each repeats what holds for everything and is not said anew there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lxml import etree

from partita import ids
from partita.errors import InputError
from partita.formats.carriers import fates, paths, rsl_rules
from partita.formats.carriers.fates import Weighed
from partita.formats.carriers.rsl_rules import MEDIA_TYPE, NAMESPACE, OURS, PAYMENTS, UNPAID, USAGE
from partita.formats.carriers.safe_xml import Element
from partita.formats.signals import Artefact, Carrier, Effect, Intent, Loss, Stance
from partita.scope import EVERYWHERE, place_covers

_NO = Stance.RESERVE
_SHORT = "no address is known at which {} alone is served, so it is not said of it"


def write(
    intent: Intent,
    *,
    site: str = "/",
    places: Mapping[str, Sequence[str]] | None = None,
    max_age_days: int | None = None,
) -> Artefact:
    """An RSL document, to be served as `rsl.xml`, with the fate of every statement.

    `site` is the pattern of all that the intent speaks for. `places` gives, for a target that is an ISWC, ISRC or ISCC,
    the address patterns at which it is served; one is passed over where another target of `places` is or may be served
    too. The code is written beside them as an attribute of our own namespace.
    Raises InputError for an address, price or purpose that cannot be written.
    """
    weighed = fates.weigh(intent, fates.Axes(territory=True, price=True, names=None))
    addressed = [_addresses(one, site, places or {}) for one in weighed]
    urls = list(dict.fromkeys([site, *(url for found, _ in addressed for url in found)]))
    root = etree.Element(f"{{{NAMESPACE}}}rsl", nsmap={None: NAMESPACE, "partita": OURS})
    if max_age_days is not None:
        root.set("max-age", str(max_age_days))
    losses: dict[int, list[Loss]] = {}
    for url in urls:
        own = {place for place, (found, _) in enumerate(addressed) if url in found}
        if own:
            codes = [code for place in sorted(own) for code in addressed[place][0][url]]
            _content(root, intent, url, codes, _spoken(weighed, addressed, url, site), losses)
    if not len(root):
        _add(root, "content", url=site).append(etree.Element(f"{{{NAMESPACE}}}license"))
    missing = [left for _, left in addressed]
    whole = tuple(_joined(one, losses.get(place, []), missing[place]) for place, one in enumerate(weighed))
    content = etree.tostring(root, pretty_print=True, xml_declaration=True, encoding="UTF-8")
    return Artefact(Carrier.RSL, "rsl.xml", content, whole)


def robots_line(url: str) -> str:
    """The line of robots.txt that points to an RSL document."""
    return f"License: {_checked(url)}"


def link_header(url: str) -> str:
    """The value of the `Link` header that points to an RSL document."""
    return f'<{_checked(url)}>; rel="license"; type="{MEDIA_TYPE}"'


def html_link(url: str) -> str:
    """The element of an HTML page's head that points to an RSL document."""
    return f'<link rel="license" type="{MEDIA_TYPE}" href="{_checked(url).replace("&", "&amp;")}">'


def _checked(url: str) -> str:
    if wrong := rsl_rules.url(url):
        raise InputError(wrong)
    return url


def _addresses(one: Weighed, site: str, places: Mapping[str, Sequence[str]]) -> tuple[dict[str, list[str]], list[str]]:
    """The address patterns that a statement is said at, each with the codes bound to it; and the targets with none."""
    if one.lost:
        return {}, []
    found: dict[str, list[str]] = {}
    left: list[str] = []
    for target in one.statement.targets or (site,):
        is_url = target.startswith(("/", "http://", "https://")) or target == site
        served = (target,) if is_url else _alone(target, one.statement.targets, places)
        for url in served:
            if url and (wrong := rsl_rules.RULES["content"].required["url"](url)):
                raise InputError(f"the target {wrong}")
            found.setdefault(url, []).extend([] if is_url else [target])
        left += [] if served else [target]
    return found, left


def _alone(target: str, together: Sequence[str], places: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The addresses of a target at which nothing else is served that a statement does not speak of as well."""
    others = [url for code, urls in places.items() if code not in together for url in urls]
    return tuple(url for url in places.get(target, ()) if not any(_may_meet(url, other) for other in others))


def _may_meet(one: str, other: str) -> bool:
    paired = one.startswith("/") and other.startswith("/")
    return paths.may_meet(one, other) if paired else one.startswith(other) or other.startswith(one)


def _spoken(
    weighed: Sequence[Weighed], addressed: Sequence[tuple[Mapping[str, list[str]], list[str]]], url: str, site: str
) -> list[tuple[int, Weighed, bool]]:
    """What one address says: its own statements, then those of wider addresses as far as they are not said anew."""
    spoken = [(place, weighed[place], True) for place, (found, _) in enumerate(addressed) if url in found]
    wider = [
        (len(other) if other != site else -1, place)
        for place, (found, _) in enumerate(addressed)
        for other in found
        if url not in found and other != url and (other == site or _covers(other, url))
    ]
    told = {place for place, _, _ in spoken}
    for _, place in sorted(wider, key=lambda entry: -entry[0]):
        one = weighed[place]
        bits = one.bits
        for _, nearer, _ in spoken:
            bits &= ~nearer.bits if place_covers(nearer.statement.territory, one.statement.territory) else -1
        if bits and place not in told:
            spoken.append((place, replace(one, bits=bits), False))
            told.add(place)
    return spoken


def _covers(wide: str, narrow: str) -> bool:
    return wide.startswith("/") and narrow.startswith("/") and paths.covers(wide, narrow)


def _content(
    root: Element,
    intent: Intent,
    url: str,
    codes: Sequence[str],
    spoken: Sequence[tuple[int, Weighed, bool]],
    losses: dict[int, list[Loss]],
) -> None:
    """Adds one `content`, and the fates of the statements that are its own."""
    content = etree.SubElement(root, f"{{{NAMESPACE}}}content", url=url)
    for key, listed in _kinds(codes).items():
        content.set(f"{{{OURS}}}{key}", " ".join(listed))
    priced = [entry for entry in spoken if entry[1].statement.price and _has_labels(entry[1])]
    rest = [_without_price(entry) for entry in spoken if entry not in priced]
    for place, one, own in priced:
        said = _offer(content, one)
        _note(
            losses,
            url,
            (place, replace(one, unsaid=_unsaid(one)), own),
            [one],
            [(Stance.RESERVE, bits) for bits in said],
        )
    for territory in dict.fromkeys(one.statement.territory for _, one, _ in rest):
        here = [entry for entry in rest if _holds(entry[1], territory)]
        offered = fates.meant([one for _, one, _ in priced if place_covers(one.statement.territory, territory)], _NO)
        plain = [replace(one, bits=one.bits & ~offered) for _, one, _ in here]
        labels = fates.by_labels(plain, USAGE, broaden=intent.broaden)
        _licence(content, labels, territory)
        told = [(stance, USAGE[name]) for name, stance in labels.items()]
        meant = [one for _, one, _ in here]
        told.append((_NO, offered & fates.meant(meant, _NO)))
        for entry in here:
            if entry[1].statement.territory == territory:
                _note(losses, url, entry, meant, told)
    if not len(content):
        etree.SubElement(content, f"{{{NAMESPACE}}}license")
    _about(content, intent)


def _holds(one: Weighed, territory: str) -> bool:
    """Whether a statement is said in a licence for a territory: its own, or one for a wider one."""
    return place_covers(one.statement.territory, territory)


def _note(
    losses: dict[int, list[Loss]],
    url: str,
    entry: tuple[int, Weighed, bool],
    meant: Sequence[Weighed],
    said: Sequence[tuple[Stance, int]],
) -> None:
    """Keeps the fate of a statement at one address; of one that is only repeated there, where it fares worse."""
    place, one, own = entry
    loss = fates.fates([one, *meant], said)[0]
    known = losses.setdefault(place, [])
    if own:
        known.append(loss)
    elif loss.effect is not Effect.EXACT and loss.why not in {other.why for other in known}:
        known.append(Loss(loss.statement, loss.effect, f"at {url}: {loss.why}"))


def _has_labels(one: Weighed) -> bool:
    """Whether RSL's labels mean exactly what a statement means, so that a price is offered for no more."""
    said = fates.by_labels([replace(one, wider="")], USAGE, broaden=False)
    covered = 0
    for name in said:
        covered |= USAGE[name]
    return bool(said) and covered == one.bits and not one.wider


def _without_price(entry: tuple[int, Weighed, bool]) -> tuple[int, Weighed, bool]:
    place, one, own = entry
    if not one.statement.price:
        return entry
    return place, replace(one, unsaid="the price is not said, for no label means just this"), own


def _unsaid(one: Weighed) -> str:
    per = one.statement.price.get("per", "")
    return f"that the price is per {per} is not said" if per else ""


def _offer(content: Element, one: Weighed) -> list[int]:
    """A licence for a price: the amount stands as it was given. Returns what its labels mean."""
    price = one.statement.price
    kind, amount, currency = price.get("type", ""), price.get("amount", ""), price.get("currency", "")
    if kind not in PAYMENTS or kind in UNPAID:
        raise InputError(f"the price's type {kind!r} is none that is paid", mend=f"Use one of {', '.join(PAYMENTS)}")
    said = fates.by_labels([one], USAGE, broaden=False)
    licence = _licence(content, dict.fromkeys(said, Stance.PERMIT), one.statement.territory)
    payment = etree.SubElement(licence, f"{{{NAMESPACE}}}payment", type=kind)
    if amount or currency:
        rule = rsl_rules.RULES["amount"]
        for wrong in (rule.text(amount) if rule.text else "", rule.required["currency"](currency)):
            if wrong:
                raise InputError(f"the price {wrong}")
        _add(payment, "amount", amount, currency=currency)
    return [USAGE[name] for name in said]


def _licence(content: Element, said: Mapping[str, Stance], territory: str) -> Element:
    licence = etree.Element(f"{{{NAMESPACE}}}license")
    for name, stance in (("permits", Stance.PERMIT), ("prohibits", Stance.RESERVE)):
        listed = [label for label, what in said.items() if what is stance]
        if listed:
            _add(licence, name, " ".join(listed), type="usage")
    if len(licence):
        content.append(licence)
        if territory != EVERYWHERE:
            _add(licence, "permits", territory, type="geo")
    return licence


def _about(content: Element, intent: Intent) -> None:
    """Who speaks and where the terms stand in words."""
    contact = {"contactEmail": intent.contact} if "@" in intent.contact else {"contactUrl": intent.contact}
    if not intent.contact or ("contactUrl" in contact and rsl_rules.url(intent.contact)):
        contact = {}
    if intent.party:
        _add(content, "copyright", intent.party, **contact)
    if intent.policy:
        _add(content, "terms", _checked(intent.policy))


def _add(parent: Element, name: str, said: str = "", **attributes: str) -> Element:
    try:
        element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", **attributes)
        element.text = said or None
    except ValueError:
        raise InputError(f"{said!r} holds characters that XML cannot") from None
    return element


def _kinds(codes: Sequence[str]) -> dict[str, list[str]]:
    """Codes by the attribute that they are written in."""
    kinds: dict[str, list[str]] = {}
    for code in dict.fromkeys(codes):
        if plain := ids.iswc(code):
            kinds.setdefault("iswc", []).append(plain)
        elif plain := ids.isrc(code):
            kinds.setdefault("isrc", []).append(plain)
        elif code.startswith("ISCC:"):
            kinds.setdefault("iscc", []).append(code)
    return kinds


def _joined(one: Weighed, losses: Sequence[Loss], left: Sequence[str]) -> Loss:
    """The fate of a statement over all addresses that it was said at."""
    if one.lost:
        return Loss(one.statement, Effect.LOST, one.lost)
    short = "; ".join(_SHORT.format(target) for target in left[:3])
    said = [loss for loss in losses if loss.effect is not Effect.LOST]
    if not said:
        return Loss(one.statement, Effect.LOST, losses[0].why if losses else short)
    effects = {loss.effect for loss in losses}
    shorter = bool(left) or Effect.NARROWER in effects or Effect.LOST in effects
    effect = Effect.BROADER if Effect.BROADER in effects else Effect.NARROWER if shorter else Effect.EXACT
    whys = dict.fromkeys([*(loss.why for loss in losses if loss.why), *([short] if short else [])])
    return Loss(one.statement, effect, "; ".join(whys))

"""DDEX ERN 4.3.2: what a message says of generative AI in a recording (`ContainsAI`) and of each contributor.

Source: the annotations of the ERN 4.3.2 schema. `ContainsAI` is All, None or Partly; with All only contributors of type
GenerativeAI stand, with None no contributor's `AiContribution` is All or Partly; it is All for GenerativeAI by default,
and None or Partly for anybody else. The schemas are DDEX's, under its own licence, and are not shipped.

A message is a statement of its sender: nothing in it is signed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from partita import ids
from partita.errors import InputError
from partita.formats.carriers import safe_xml
from partita.formats.carriers.safe_xml import Element, UnreadableError
from partita.formats.labels.shape import Contribution, Label, Making, Part, Reason, State

NAMESPACE = "http://ddex.net/xml/ern/432"
ALL, PARTLY, NONE = "All", "Partly", "None"
MACHINE = "GenerativeAI"
SIZE_MOST = 32 << 20
"""Bytes of a message."""
RECORDINGS_MOST = 10_000
CONTRIBUTORS_MOST = 500
"""Contributors read of one recording."""

ROLES: Mapping[str, str] = {
    "lyrics": "Lyricist",
    "melody": "Composer",
    "arrangement": "MusicArranger",
    "vocals": "Vocalist",
    "instrumentation": "Musician",
    "production": "StudioProducer",
    "whole": "Artist",
}
"""The role that a part is written as. Artwork belongs to an Image of the message, whose ContainsAI is its own."""

_PARTS: Mapping[str, tuple[str, ...]] = {
    **{role: (part,) for part, role in ROLES.items() if part != "whole"},
    "Author": ("lyrics",), "NonLyricAuthor": ("melody",), "ComposerLyricist": ("lyrics", "melody"),
    "Arranger": ("arrangement",), "LeadVocalist": ("vocals",), "BackgroundVocalist": ("vocals",),
    "StudioMusician": ("instrumentation",), "PrimaryMusician": ("instrumentation",), "Mixer": ("production",),
    "MixingEngineer": ("production",), "MasteringEngineer": ("production",),
}  # fmt: skip

CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "vocals": ("vocals",),
    "instrumentation": ("instrumentation",),
    "composition": ("melody", "arrangement"),
    "post-production": ("production",),
    "lyrics": ("lyrics",),
}
"""The five categories in which a streaming service shows AI credits (announced 2025-09; secondary), by our parts."""

_MAKINGS = {ALL: Making.GENERATED, PARTLY: Making.ASSISTED, NONE: Making.HUMAN}
_VALUES = {making: value for value, making in _MAKINGS.items()}


@dataclass(frozen=True, slots=True)
class Contributor:
    """One contributor: a party's name, or `special` (GenerativeAI); its roles; AiContribution; the credit's words."""

    name: str = ""
    special: str = ""
    roles: tuple[str, ...] = ()
    ai: str = ""
    credit: str = ""
    ipi: str = ""


@dataclass(frozen=True, slots=True)
class Recording:
    """What a message says of one recording; texts are empty where it is silent."""

    isrc: str = ""
    title: str = ""
    contains_ai: str = ""
    contributors: tuple[Contributor, ...] = ()


@dataclass(frozen=True, slots=True)
class Track:
    """What a message must say of a recording beside the record: ISRC, artist, seconds, and names of parties by id."""

    isrc: str
    artist: str
    seconds: int
    names: Mapping[str, str] = field(default_factory=dict)


def contains_ai(record: Contribution, parts: Sequence[str] = tuple(ROLES)) -> str:
    """All, Partly or None for these parts of a record, by default those of a recording; empty where it is silent."""
    found = {part.making for part in record.parts if part.part in {*parts, "whole"}}
    if not found:
        return ""
    return _VALUES[found.pop()] if len(found) == 1 else PARTLY


def categories(record: Contribution) -> dict[str, str]:
    """The five categories of AI credits that the record speaks of, each All, Partly or None."""
    found = {name: contains_ai(record, parts) for name, parts in CATEGORIES.items()}
    return {name: value for name, value in found.items() if value}


def recording(record: Contribution, track: Track) -> Recording:
    """The record as ERN says it. Raises InputError where it says nothing of the recording, or the ISRC is none.

    A generated part's contributor is GenerativeAI, its tool the credit; a part of nobody named has no contributor.
    Where all was generated no person stands, not even who ran the tool: the schema's annotation allows none.
    """
    isrc = ids.isrc(track.isrc)
    whole = contains_ai(record)
    if not isrc or not whole:
        reason = "the record speaks of no part of the recording" if isrc else f"{track.isrc[:40]!r} is no ISRC"
        raise InputError(reason, mend="A message speaks of a recording by its ISRC")
    made = tuple(_contributor(part, track) for part in record.parts if part.part in ROLES)
    return Recording(isrc, record.title, whole, tuple(dict.fromkeys(one for one in made if one)))


def _contributor(part: Part, track: Track) -> Contributor | None:
    role = (ROLES[part.part],)
    if part.making is Making.GENERATED:
        return Contributor(special=MACHINE, roles=role, ai=ALL, credit=part.tool)
    if not part.party:
        return None
    name = track.names.get(part.party, "" if ids.ipi(part.party) else part.party)
    return Contributor(name, "", role, _VALUES[part.making], part.tool, ids.ipi(part.party) or "")


def write(record: Contribution, track: Track) -> bytes:
    """PartyList and ResourceList of an ERN 4.3.2 NewReleaseMessage, within `Fragment`, which is no element of DDEX.

    Raises InputError as `recording` does, and for texts that XML cannot hold.
    """
    told = recording(record, track)
    root = etree.Element("Fragment")
    try:
        parties = _parties(root, told, track)
        _resource(root, told, track, parties)
    except ValueError:
        raise InputError("a text holds characters that XML cannot", mend="Take the control characters out") from None
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))


def _parties(root: Element, told: Recording, track: Track) -> dict[tuple[str, str], str]:
    """Writes the parties, the artist first; their references by (name, IPI)."""
    people = [(track.artist, ""), *((one.name, one.ipi) for one in told.contributors if not one.special)]
    box = etree.SubElement(root, "PartyList")
    found: dict[tuple[str, str], str] = {}
    for name, ipi in people:
        if (name, ipi) in found:
            continue
        found[name, ipi] = f"P{len(found) + 1}"
        party = etree.SubElement(box, "Party")
        _text(party, "PartyReference", found[name, ipi])
        if name:
            _text(etree.SubElement(party, "PartyName"), "FullName", name)
        if ipi:
            _text(etree.SubElement(party, "PartyId"), "IpiNameNumber", ipi)
    return found


def _resource(root: Element, told: Recording, track: Track, parties: Mapping[tuple[str, str], str]) -> None:
    box = etree.SubElement(etree.SubElement(root, "ResourceList"), "SoundRecording")
    _text(box, "ResourceReference", "A1")
    _text(box, "Type", "MusicalWorkSoundRecording")
    _text(etree.SubElement(etree.SubElement(box, "SoundRecordingEdition"), "ResourceId"), "ISRC", told.isrc)
    _text(box, "DisplayTitleText", told.title)
    _text(etree.SubElement(box, "DisplayTitle"), "TitleText", told.title)
    _text(box, "DisplayArtistName", track.artist)
    artist = etree.SubElement(box, "DisplayArtist")
    _text(artist, "ArtistPartyReference", parties[track.artist, ""])
    _text(artist, "DisplayArtistRole", "MainArtist")
    for number, one in enumerate(told.contributors, 1):
        made = etree.SubElement(box, "Contributor", SequenceNumber=str(number))
        if one.special:
            _text(made, "SpecialContributor", one.special)
        else:
            _text(made, "ContributorPartyReference", parties[one.name, one.ipi])
        for role in one.roles:
            _text(etree.SubElement(made, "Role"), "Value", role)
        _text(made, "AiContribution", one.ai)
        if one.credit:
            _text(etree.SubElement(made, "DisplayCredits"), "DisplayCreditText", one.credit)
    minutes, seconds = divmod(track.seconds, 60)
    _text(box, "Duration", f"PT{minutes}M{seconds}S")
    _text(box, "ContainsAI", told.contains_ai)


def _text(box: Element, name: str, value: str) -> None:
    etree.SubElement(box, name).text = value


def read(content: bytes) -> tuple[Recording, ...]:
    """The recordings of an ERN 4 message, or of a fragment of one; raises InputError for what cannot be read."""
    try:
        root = safe_xml.xml(content, size_most=SIZE_MOST)
    except UnreadableError as error:
        raise InputError(f"the message {error}", mend="Give an ERN message in XML") from None
    parties = {_first(party, "PartyReference"): party for party in _named(root, "Party")}
    found: list[Recording] = []
    for box in _named(root, "SoundRecording"):
        if len(found) == RECORDINGS_MOST:
            raise InputError(f"the message has more than {RECORDINGS_MOST:,} recordings", mend="Give it in parts")
        found.append(_recording(box, parties))
    return tuple(found)


def _recording(box: Element, parties: Mapping[str, Element]) -> Recording:
    people = [*_named(box, "Contributor"), *_named(box, "EditionContributor")][:CONTRIBUTORS_MOST]
    titles = [safe_xml.text(title) for title in _named(box, "DisplayTitleText")]
    isrcs = [safe_xml.text(one) for one in _named(box, "ISRC")]
    return Recording(
        isrc=(ids.isrc(isrcs[0]) or isrcs[0][:40]) if isrcs else "",
        title=titles[0][:500] if titles else "",
        contains_ai=_first(box, "ContainsAI"),
        contributors=tuple(_read_contributor(one, parties) for one in people),
    )


def _read_contributor(box: Element, parties: Mapping[str, Element]) -> Contributor:
    reference = _first(box, "ContributorPartyReference")
    party = parties.get(reference) if reference else None
    special = _first(box, "SpecialContributor")
    roles = [safe_xml.text(value)[:60] for role in _children(box, "Role") for value in _children(role, "Value")]
    names = [safe_xml.text(name)[:500] for name in _named(party, "FullName")] if party is not None else []
    ipis = [safe_xml.text(ipi)[:20] for ipi in _named(party, "IpiNameNumber")] if party is not None else []
    credits_ = [safe_xml.text(text)[:500] for text in _named(box, "DisplayCreditText")]
    return Contributor(
        name=names[0] if names else "" if ipis else reference[:60],
        special=special,
        roles=tuple(roles[:50]),
        ai=_first(box, "AiContribution") or (ALL if special == MACHINE else ""),
        credit=credits_[0] if credits_ else "",
        ipi=ipis[0] if ipis else "",
    )


def label(told: Recording) -> Label:
    """What a message says of a recording as a label: a statement of its sender, so its state is `unsigned`."""
    people = [
        {"name": one.name, "special": one.special, "roles": list(one.roles), "ai": one.ai, "credit": one.credit}
        for one in told.contributors
    ]
    details = {"isrc": told.isrc, "title": told.title, "contains_ai": told.contains_ai, "contributors": people}
    if not told.contains_ai and not any(one.ai for one in told.contributors):
        return Label("ddex", State.NONE, (Reason("ddex_silent", "the message says nothing of AI"),), details=details)
    reasons = (Reason("ddex_stated", "the sender of the message states it; nothing is signed"),)
    return Label("ddex", State.UNSIGNED, reasons, _MAKINGS.get(told.contains_ai), "", "", {}, details)


def parts(told: Recording) -> tuple[Part, ...]:
    """The parts whose making the contributors' roles and AiContribution tell; none for values that are not DDEX's."""
    found = [
        Part(part, _MAKINGS[one.ai], one.credit if one.ai != NONE else "", party=one.ipi)
        for one in told.contributors
        if one.ai in _MAKINGS
        for role in one.roles
        for part in _PARTS.get(role, ())
    ]
    return tuple(dict.fromkeys(found))


def _named(box: Element, name: str) -> Iterator[Element]:
    return (one for one in box.iter() if safe_xml.local(one) == name)


def _children(box: Element, name: str) -> Iterator[Element]:
    return (one for one in box if safe_xml.local(one) == name)


def _first(box: Element, name: str) -> str:
    """The text of the first child of that name, cut; empty for none."""
    return next((safe_xml.text(one)[:60] for one in _children(box, name)), "")

"""The data mining property of PLUS and IPTC, in the XMP of JPEG, PNG, PDF and sidecar files.

Source: PLUS vocabulary of data mining (LDF, `plus:DataMining`), IPTC Photo Metadata Standard from 2023.1. The value is
a full address; the bare key is a common mistake and understood. One property holds one value, so an intent is narrowed
to the code that says most of it; what the code cannot say stands in words in `plus:OtherConstraints`.
"""

from __future__ import annotations

from collections.abc import Sequence

from partita.errors import InputError
from partita.formats.carriers import fates, pdf, xmp
from partita.formats.carriers.safe_xml import UnreadableError
from partita.formats.signals import Artefact, Carrier, Effect, Intent, Signal, Stance, Statement, cut
from partita.scope import ANYONE, EVERYWHERE, PURPOSES

NAMESPACE = "http://ns.useplus.org/ldf/xmp/1.0/"
VOCABULARY = "http://ns.useplus.org/ldf/vocab/"
_IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_RIGHTS = "http://ns.adobe.com/xap/1.0/rights/"

_MINING, _SEARCH = "mining", "search"
_NO, _YES, _UNKNOWN = Stance.RESERVE, Stance.PERMIT, Stance.UNKNOWN
CODES: dict[str, tuple[tuple[str, Stance], ...]] = {
    "DMI-UNSPECIFIED": ((_MINING, _UNKNOWN),),
    "DMI-ALLOWED": ((_MINING, _YES),),
    "DMI-PROHIBITED-AIMLTRAINING": (("train", _NO),),
    "DMI-PROHIBITED-GENAIMLTRAINING": (("train_generative", _NO),),
    "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING": ((_MINING, _NO), (_SEARCH, _YES)),
    "DMI-PROHIBITED": ((_MINING, _NO), (_SEARCH, _NO)),
    "DMI-PROHIBITED-SEECONSTRAINT": ((_MINING, _NO),),
    "DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR": ((_MINING, _NO),),
    "DMI-PROHIBITED-SEELINKEDRIGHTSEXPR": ((_MINING, _NO),),
}
"""The nine codes, and what each says of which purpose. A general prohibition reaches search: one code excepts it."""

_WRITTEN = (
    "DMI-PROHIBITED-AIMLTRAINING",
    "DMI-PROHIBITED-GENAIMLTRAINING",
    "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING",
    "DMI-PROHIBITED-SEECONSTRAINT",
    "DMI-PROHIBITED",
    "DMI-ALLOWED",
)
"""The codes that an intent is written in."""

_FULLER = {
    "constraints": f"{{{NAMESPACE}}}OtherConstraints",
    "embedded": f"{{{_IPTC}}}EmbdEncRightsExpr",
    "linked": f"{{{_IPTC}}}LinkedEncRightsExpr",
    "statement": f"{{{_RIGHTS}}}WebStatement",
    "usage": f"{{{_RIGHTS}}}UsageTerms",
}
_CONSTRAINED = "DMI-PROHIBITED-SEECONSTRAINT"
_MISSING = {
    _CONSTRAINED: ("constraints", "plus:OtherConstraints is missing"),
    "DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR": ("embedded", "the embedded rights expression is missing"),
    "DMI-PROHIBITED-SEELINKEDRIGHTSEXPR": ("linked", "the linked rights expression is missing"),
}
_EXTENDED = "{http://ns.adobe.com/xmp/note/}HasExtendedXMP"


def read(content: bytes) -> list[Signal]:
    """What a JPEG, PNG, PDF or sidecar file says of data mining; none where it is silent. Never raises."""
    try:
        packet = _packet(content)
        found = xmp.properties(packet) if packet else {}
    except UnreadableError as error:
        return [Signal(Carrier.PLUS, _MINING, _UNKNOWN, "XMP", "", note=f"the file {error}")]
    terms = {name: cut("; ".join(found[key])) for name, key in _FULLER.items() if found.get(key)}
    signals = [
        signal
        for value in dict.fromkeys(found.get(f"{{{NAMESPACE}}}DataMining", ()))
        for signal in _signals(value, terms)
    ]
    if not signals and _EXTENDED in found:
        note = "the file has a second XMP packet, which is not read"
        return [Signal(Carrier.PLUS, _MINING, _UNKNOWN, "XMP", "", note=note)]
    return signals


def _packet(content: bytes) -> bytes | None:
    return pdf.packet_of(content) if xmp.kind(content) == "pdf" else xmp.packet_of(content)


def _embedded(content: bytes, packet: bytes) -> bytes:
    if xmp.kind(content) == "pdf":
        return pdf.with_packet(content, packet)
    return xmp.embedded(content, packet)


def _signals(value: str, terms: dict[str, str]) -> list[Signal]:
    """The signals of one value: a full address, or the bare key."""
    bare = value.strip()
    for start in (VOCABULARY, VOCABULARY.replace("http:", "https:")):
        bare = bare.removeprefix(start)
    note = "" if value == VOCABULARY + bare else f"the value should be the full address {VOCABULARY}{cut(bare)}"
    place = "XMP plus:DataMining"
    if bare not in CODES:
        why = f"{cut(value)!r} is none of the nine codes"
        return [Signal(Carrier.PLUS, _MINING, _UNKNOWN, place, cut(value), terms=terms, note=why)]
    needed, missing = _MISSING.get(bare, ("", ""))
    notes = [note, missing if needed and needed not in terms else ""]
    told = "; ".join(text for text in notes if text)
    return [Signal(Carrier.PLUS, purpose, stance, place, cut(value), terms=terms, note=told)
            for purpose, stance in CODES[bare]]  # fmt: skip


def write(intent: Intent, content: bytes | None = None, *, names: frozenset[str] = frozenset()) -> Artefact:
    """The JPEG, PNG or PDF with the intent in its XMP, all else as it was; without a file, or for XMP, a sidecar.

    `names` are the targets (an ISRC, an address) that mean this file. The file is as given where no code says the
    intent. Raises InputError for a file that cannot be read or written.
    """
    weighed = fates.weigh(intent, fates.Axes(names=names))
    codes = {code: _bits(code) for code in _WRITTEN}
    code = fates.by_code(weighed, codes, broaden=intent.broaden)
    no, yes = codes.get(code, (0, 0))
    losses = fates.fates(weighed, [(_NO, no), (_YES, yes)])
    where = f"embed: {xmp.kind(content)}" if content is not None else "sidecar.xmp"
    if not code:
        return Artefact(Carrier.PLUS, where, content or b"", losses)
    statements = [one.statement for one in weighed if one.bits and one.statement.stance is _NO]
    in_words = code == _CONSTRAINED or any(loss.effect is not Effect.EXACT for loss in losses)
    said = {
        f"{{{NAMESPACE}}}DataMining": VOCABULARY + code,
        _FULLER["constraints"]: _constraints(statements) if in_words else None,
    }
    if intent.policy:
        said[_FULLER["statement"]] = intent.policy
    try:
        packet = xmp.merged(_packet(content) if content is not None else None, said,
                            alternatives=frozenset({_FULLER["constraints"]}))  # fmt: skip
        changed = _embedded(content, packet) if content is not None else packet
    except UnreadableError as error:
        raise InputError(f"the file {error}") from None
    return Artefact(Carrier.PLUS, where, changed, losses)


def _bits(code: str) -> tuple[int, int]:
    no = yes = 0
    for purpose, stance in CODES[code]:
        no |= PURPOSES[purpose] if stance is _NO else 0
        yes |= PURPOSES[purpose] if stance is _YES else 0
    return no, yes


def _constraints(statements: Sequence[Statement]) -> str | None:
    """The reservations in words, with the limits and prices that a code cannot say."""
    return "; ".join(_in_words(statement) for statement in statements) or None


def _in_words(one: Statement) -> str:
    limits = [
        f"by {one.system}" if one.system != ANYONE else "",
        f"in {one.territory}" if one.territory != EVERYWHERE else "",
        f"until {one.valid_to}" if one.valid_to else "",
    ]
    price = " ".join(one.price[key] for key in ("amount", "currency") if key in one.price)
    offered = f", licence on offer for {price}" + (f" per {one.price['per']}" if "per" in one.price else "")
    said = " ".join(["Reserved:", fates.words(PURPOSES[one.purpose]), *(limit for limit in limits if limit)])
    return said + (offered if price else "")

"""PLUS data mining in XMP: nine codes, their common mistakes, and files changed without loss."""

from __future__ import annotations

import datetime as dt
import struct
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.errors import InputError
from partita.formats.carriers import pdf, plus, xmp
from partita.formats.carriers.safe_xml import UnreadableError
from partita.formats.signals import Effect, Intent, Stance, Statement

NO, YES, UNKNOWN = Stance.RESERVE, Stance.PERMIT, Stance.UNKNOWN
EXACT, BROADER, NARROWER, LOST = Effect.EXACT, Effect.BROADER, Effect.NARROWER, Effect.LOST
MINING = f"{{{plus.NAMESPACE}}}DataMining"

CODES = {
    "DMI-UNSPECIFIED": {"mining": UNKNOWN},
    "DMI-ALLOWED": {"mining": YES},
    "DMI-PROHIBITED-AIMLTRAINING": {"train": NO},
    "DMI-PROHIBITED-GENAIMLTRAINING": {"train_generative": NO},
    "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING": {"mining": NO, "search": YES},
    "DMI-PROHIBITED": {"mining": NO, "search": NO},
    "DMI-PROHIBITED-SEECONSTRAINT": {"mining": NO},
    "DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR": {"mining": NO},
    "DMI-PROHIBITED-SEELINKEDRIGHTSEXPR": {"mining": NO},
}


def sidecar(value: str) -> bytes:
    """A packet with this value."""
    return xmp.merged(None, {MINING: value})


@pytest.mark.parametrize("code", CODES)
def test_each_code_says_what_it_means(code: str) -> None:
    """The nine codes as full addresses; the bare key is understood and noted as the mistake it is."""
    full = plus.read(sidecar(plus.VOCABULARY + code))
    assert {signal.purpose: signal.stance for signal in full} == CODES[code]
    bare = plus.read(sidecar(code))
    assert [(s.purpose, s.stance) for s in bare] == [(s.purpose, s.stance) for s in full]
    assert all("full address" in signal.note for signal in bare)


def test_every_code_is_known() -> None:
    """There are nine codes, no more and no less."""
    assert set(plus.CODES) == set(CODES)


def test_other_values_are_unknown() -> None:
    """A value of no vocabulary is no permission."""
    for value in ("", "DMI-ALLOWED-ALL", "https://example.org/DMI-ALLOWED", "dmi-allowed"):
        (signal,) = plus.read(sidecar(value))
        assert (signal.stance, "nine codes" in signal.note) == (UNKNOWN, True)


def test_a_pointer_to_nothing_is_noted() -> None:
    """A code that points to a constraint or a rights expression needs one; the reservation holds without."""
    (signal,) = plus.read(sidecar(plus.VOCABULARY + "DMI-PROHIBITED-SEECONSTRAINT"))
    assert (signal.stance, signal.note) == (NO, "plus:OtherConstraints is missing")
    constrained = xmp.merged(
        None,
        {MINING: plus.VOCABULARY + "DMI-PROHIBITED-SEECONSTRAINT", f"{{{plus.NAMESPACE}}}OtherConstraints": "ask us"},
        alternatives=frozenset({f"{{{plus.NAMESPACE}}}OtherConstraints"}),
    )
    (signal,) = plus.read(constrained)
    assert (signal.note, dict(signal.terms)) == ("", {"constraints": "ask us"})


WRITTEN = [
    ((Statement("train", NO),), "DMI-PROHIBITED-AIMLTRAINING", [EXACT]),
    ((Statement("train_generative", NO),), "DMI-PROHIBITED-GENAIMLTRAINING", [EXACT]),
    ((Statement("mining", NO),), "DMI-PROHIBITED-SEECONSTRAINT", [EXACT]),
    ((Statement("mining", NO), Statement("search", YES)), "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING", [EXACT, EXACT]),
    ((Statement("mining", NO), Statement("search", NO)), "DMI-PROHIBITED", [EXACT, EXACT]),
    ((Statement("mining", YES),), "DMI-ALLOWED", [EXACT]),
    ((Statement("any", YES),), "DMI-ALLOWED", [NARROWER]),
    ((Statement("any", NO),), "DMI-PROHIBITED", [NARROWER]),
    ((Statement("train", YES),), None, [LOST]),
    ((Statement("ground", NO),), None, [LOST]),
    ((Statement("data_mining", NO),), None, [LOST]),
    ((Statement("train", NO, system="suno"),), None, [LOST]),
    ((Statement("train", NO), Statement("search", YES)), "DMI-PROHIBITED-AIMLTRAINING", [EXACT, LOST]),
]


@pytest.mark.parametrize(("statements", "code", "effects"), WRITTEN)
def test_an_intent_becomes_the_code_that_says_most_of_it(
    statements: tuple[Statement, ...], code: str | None, effects: list[Effect]
) -> None:
    """One code for all statements; a permission comes out of a code only where it was meant."""
    made = plus.write(Intent("Test publisher", statements))
    assert [fate.effect for fate in made.fates] == effects
    found = xmp.properties(made.content)[MINING] if made.content else [None]
    assert found == [plus.VOCABULARY + code if code else None]


def test_limits_stand_in_words_where_broadening_was_chosen() -> None:
    """System, territory, end and price cannot be coded; they are told in the constraint."""
    limited = Statement("mining", NO, system="suno", territory="EU", valid_to=dt.date(2027, 1, 1),
                        price={"amount": "0.02", "currency": "EUR", "per": "work"})  # fmt: skip
    made = plus.write(Intent("Test publisher", (limited,), "https://example.org/policy", broaden=True))
    (signal,) = plus.read(made.content)
    assert signal.terms["constraints"] == (
        "Reserved: data mining, training generative AI, training other AI by suno in EU until 2027-01-01, "
        "licence on offer for 0.02 EUR per work"
    )
    assert signal.terms["statement"] == "https://example.org/policy"
    assert made.fates[0].effect is BROADER


RESERVE = Intent("Test publisher", (Statement("train", NO),))


@pytest.mark.parametrize("kind", ["photo", "drawing", "paper"])
def test_files_are_changed_without_loss(kind: str, request: pytest.FixtureRequest) -> None:
    """All that was in the file is still there, in its order; other metadata stays; writing twice is writing once."""
    content: bytes = request.getfixturevalue(kind)
    other = xmp.merged(None, {"{http://purl.org/dc/elements/1.1/}source": "kept"})
    described = pdf.with_packet(content, other) if kind == "paper" else xmp.embedded(content, other)
    made = plus.write(RESERVE, described).content
    assert [(signal.purpose, signal.stance) for signal in plus.read(made)] == [("train", NO)]
    packet = (pdf.packet_of(made) if kind == "paper" else xmp.packet_of(made)) or b""
    assert xmp.properties(packet)["{http://purl.org/dc/elements/1.1/}source"] == ["kept"]
    if kind != "paper":
        assert made.count(packet) == 1
        assert stripped(made) == stripped(content) == content
        assert plus.write(RESERVE, made).content == made
    assert plus.read(content) == []


def stripped(content: bytes) -> bytes:
    """A file without its XMP, found by its marks alone."""
    packet = xmp.packet_of(content)
    if packet is None:
        return content
    if content.startswith(b"\x89PNG"):
        start = content.index(b"iTXtXML:com.adobe.xmp") - 4
        return content[:start] + content[start + 12 + struct.unpack(">I", content[start : start + 4])[0] :]
    start = content.index(b"http://ns.adobe.com/xap/1.0/") - 4
    return content[:start] + content[start + 2 + struct.unpack(">H", content[start + 2 : start + 4])[0] :]


def test_the_segment_follows_what_must_come_first(photo: bytes, drawing: bytes) -> None:
    """In a JPEG the packet stands after JFIF and Exif, in a PNG after the header; Exif is not touched."""
    exif = b"\xff\xe1" + struct.pack(">H", 12) + b"Exif\0\0MM\0*"
    made = plus.write(RESERVE, photo[:20] + exif + photo[20:]).content
    assert made.index(b"JFIF") < made.index(b"Exif") < made.index(b"http://ns.adobe.com/xap/1.0/")
    assert plus.write(RESERVE, drawing).content.index(b"iTXt") == 33 + 4


def test_packed_text_of_a_drawing_is_read(drawing: bytes) -> None:
    """Compressed XMP is read within the limit, and a bomb is unknown."""

    def packed(packet: bytes, *, crc: int | None = None) -> bytes:
        body = b"iTXtXML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(packet)
        check = zlib.crc32(body) if crc is None else crc
        return drawing[:33] + struct.pack(">I", len(body) - 4) + body + struct.pack(">I", check) + drawing[33:]

    assert plus.read(packed(sidecar("DMI-PROHIBITED")))[0].stance is NO
    for hostile, why in ((packed(b" " * 50_000_000), "more than"), (packed(sidecar("DMI-ALLOWED"), crc=1), "checksum")):
        (signal,) = plus.read(hostile)
        assert (signal.stance, why in signal.note) == (UNKNOWN, True)


def test_two_packets_are_unknown(photo: bytes, drawing: bytes) -> None:
    """Where a file says a thing in one packet and another in the next, nothing is taken from either."""
    for content in (photo, drawing):
        one, two = (xmp.embedded(content, sidecar(code)) for code in ("DMI-ALLOWED", "DMI-PROHIBITED"))
        start = 20 if content == photo else 33
        added = len(one) - len(content)
        (signal,) = plus.read(one[: start + added] + two[start:])
        assert (signal.stance, "more than one" in signal.note) == (UNKNOWN, True)


def test_a_second_packet_is_not_taken_for_silence(photo: bytes) -> None:
    """Where a JPEG says that more XMP stands elsewhere, and the first part is silent, the answer is unknown."""
    packet = xmp.merged(None, {"{http://ns.adobe.com/xmp/note/}HasExtendedXMP": "0" * 32})
    assert [signal.stance for signal in plus.read(xmp.embedded(photo, packet))] == [UNKNOWN]


def test_what_is_no_picture_is_unknown_or_refused(photo: bytes, drawing: bytes) -> None:
    """Reading says why; writing stops with the same reason; a packet must fit into a segment."""
    for content, why in (
        (b"", "neither"), (b"GIF89a", "neither"), (photo[:30], "broken JPEG"), (drawing[:40], "broken PNG"),
        (b"<a/>", "no rdf:RDF"), (b"<a", "well-formed"), (b"%PDF-1.7", "cannot be read"),
    ):  # fmt: skip
        (signal,) = plus.read(content)
        assert (signal.stance, why in signal.note) == (UNKNOWN, True), (content, signal)
        with pytest.raises((InputError, UnreadableError), match=why):
            plus.write(RESERVE, content)
    for content, why in (
        (b"\xff\xd8" + b"\xff\xe1\x00\x02" * 200_000, "segments"),
        (b"\xff\xd8" + b"\xff" * 999_999, "broken"),
    ):
        assert why in plus.read(content)[0].note
    large = xmp.merged(None, {"{urn:x}a": "b" * 70_000})
    with pytest.raises(InputError, match="more than one segment"):
        xmp.embedded(photo, large)
    with pytest.raises(InputError, match="XML cannot"):
        plus.write(Intent("P", RESERVE.statements, "https://example.org/\x00"), photo)


@given(st.data())
def test_what_is_written_says_no_more(
    intents: st.SearchStrategy[Intent], never_says_more: Callable[..., None], photo: bytes, data: st.DataObject
) -> None:
    """For any intent: a fate per statement, and nothing permitted or reserved that was not meant or chosen."""
    meant = data.draw(intents)
    made = plus.write(meant, photo)
    assert [fate.statement for fate in made.fates] == list(meant.statements)
    never_says_more(meant, plus.read(made.content))


@given(st.data())
def test_any_bytes_give_signals(photo: bytes, drawing: bytes, data: st.DataObject) -> None:
    """Files with bytes changed or cut, or any bytes: signals and no exception, never a permission from nothing."""
    for content in (photo, drawing):
        broken = bytearray(plus.write(RESERVE, content).content)
        for at, value in data.draw(
            st.lists(st.tuples(st.integers(0, len(broken) - 1), st.integers(0, 255)), max_size=8)
        ):
            broken[at] = value
        cut = data.draw(st.integers(0, len(broken)))
        for hostile in (bytes(broken), bytes(broken[:cut]), data.draw(st.binary(max_size=100))):
            assert YES not in {signal.stance for signal in plus.read(hostile)}

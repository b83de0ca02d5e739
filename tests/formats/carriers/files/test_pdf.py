"""TDMRep in the XMP of a PDF: read, appended without touching a byte, and silent or unknown where it must be."""

from __future__ import annotations

import io
from collections.abc import Callable

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.errors import InputError
from partita.formats.carriers import pdf, xmp
from partita.formats.signals import Effect, Intent, Stance, Statement

NO, YES, UNKNOWN = Stance.RESERVE, Stance.PERMIT, Stance.UNKNOWN
RESERVE = Intent("Test publisher", (Statement("mining", NO),), "https://example.org/policy")


def metadata(inside: str, namespace: str = "http://www.w3.org/ns/tdmrep/") -> bytes:
    """An XMP packet with these elements."""
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" xmlns:tdm="{namespace}">{inside}</rdf:Description></rdf:RDF></x:xmpmeta>'
    ).encode()


@pytest.fixture
def modern(paper: bytes) -> bytes:
    """The paper with its table of objects as a stream, as PDF has it since 1.5."""
    writer = pypdf.PdfWriter(io.BytesIO(paper), incremental=True)
    writer.root_object[pypdf.generic.NameObject("/PageMode")] = pypdf.generic.NameObject("/UseNone")
    out = io.BytesIO()
    writer.write(out)
    assert b"/XRef" in out.getvalue()
    return out.getvalue()


@pytest.mark.parametrize(
    ("packet", "stance", "note"),
    [
        (metadata("<tdm:reservation>1</tdm:reservation>"), NO, ""),
        (metadata("<tdm:reservation>0</tdm:reservation>"), YES, ""),
        (metadata("<tdm:reservation>2</tdm:reservation>"), UNKNOWN, "neither 1 nor 0"),
        (metadata("<tdm:policy>https://example.org</tdm:policy>"), UNKNOWN, "policy without"),
        (metadata("<tdm:reservation>1</tdm:reservation>", "http://www.w3.org/ns/tdmrep#"), NO, "namespace"),
        (metadata("<tdm:reservation>0</tdm:reservation>", "http://www.w3.org/ns/tdmrep#"), UNKNOWN, "namespace"),
        (b"not XMP", UNKNOWN, "well-formed"),
        (b"<a/>", UNKNOWN, "no rdf:RDF"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', UNKNOWN, "entities"),
    ],
)
def test_metadata_is_read(paper: bytes, packet: bytes, stance: Stance, note: str) -> None:
    """1 reserves, 0 permits, all else is unknown; EPUB's namespace is a common mistake, from which no yes is taken."""
    (signal,) = pdf.read(pdf.with_packet(paper, packet))
    assert (signal.purpose, signal.stance) == ("mining", stance)
    assert note in signal.note


def test_attributes_say_the_same(paper: bytes) -> None:
    """XMP may write a property as an attribute."""
    packet = metadata("").replace(b'rdf:about=""', b'rdf:about="" tdm:reservation="1"')
    assert [signal.stance for signal in pdf.read(pdf.with_packet(paper, packet))] == [NO]


def test_a_paper_without_metadata_says_nothing(paper: bytes) -> None:
    """No metadata is no signal."""
    assert pdf.read(paper) == []


def test_locked_and_broken_papers_are_unknown(paper: bytes) -> None:
    """What cannot be read is no permission."""
    writer = pypdf.PdfWriter(io.BytesIO(pdf.write(RESERVE, paper).content))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    for content, why in (
        (out.getvalue(), "encrypted"),
        (b"%PDF-1.7 nothing", "cannot be read"),
        (b"", "cannot be read"),
    ):
        (signal,) = pdf.read(content)
        assert (signal.stance, why in signal.note) == (UNKNOWN, True), signal


def test_a_packed_bomb_is_unknown(paper: bytes) -> None:
    """A metadata stream that unpacks to more than a packet may have is not read."""
    writer = pypdf.PdfWriter(io.BytesIO(pdf.with_packet(paper, metadata(""))))
    plain = writer.root_object["/Metadata"]
    plain.set_data(b" " * (xmp.PACKET_MOST + 1))
    stream = plain.flate_encode()
    writer._replace_object(writer.root_object.raw_get("/Metadata"), stream)  # noqa: SLF001 - no public way
    out = io.BytesIO()
    writer.write(out)
    assert len(out.getvalue()) < 100_000
    (signal,) = pdf.read(out.getvalue())
    assert (signal.stance, "larger than" in signal.note) == (UNKNOWN, True)


@pytest.mark.parametrize("form", ["paper", "modern"])
def test_writing_appends(form: str, request: pytest.FixtureRequest) -> None:
    """The old bytes stay as they are; other metadata stays; a second writing replaces the first."""
    paper: bytes = request.getfixturevalue(form)
    other = pdf.with_packet(paper, metadata("<tdm:reservation>0</tdm:reservation><tdm:other>kept</tdm:other>"))
    made = pdf.write(RESERVE, other)
    assert made.content.startswith(other)
    assert [(s.stance, s.terms["policy"]) for s in pdf.read(made.content)] == [(NO, RESERVE.policy)]
    assert [fate.effect for fate in made.fates] == [Effect.EXACT]
    assert b"kept" in (pdf.packet_of(made.content) or b"")
    mistaken = pdf.with_packet(paper, metadata("<tdm:reservation>0</tdm:reservation>", "http://www.w3.org/ns/tdmrep#"))
    assert [signal.stance for signal in pdf.read(pdf.write(RESERVE, mistaken).content)] == [NO]
    back = pdf.write(Intent("Test publisher", (Statement("mining", YES),)), made.content)
    assert [(s.stance, dict(s.terms)) for s in pdf.read(back.content)] == [(YES, {})]
    assert len(pypdf.PdfReader(io.BytesIO(back.content), strict=True).pages) == 1


def test_a_paper_that_cannot_be_read_is_not_written() -> None:
    """Writing says why it cannot."""
    with pytest.raises(InputError, match="the PDF cannot be"):
        pdf.write(RESERVE, b"nothing")


def test_a_paper_with_a_lost_table_is_not_written(paper: bytes) -> None:
    """Where the table of objects is not where the file says, an update would be lost: the reason is told instead."""
    moved = paper.replace(b"%PDF-1.3", b"%PDF-1.3" + b" " * 50)
    with pytest.raises(InputError, match="table of objects"):
        pdf.write(RESERVE, moved)


@given(st.data())
def test_what_is_written_says_no_more(
    paper: bytes, intents: st.SearchStrategy[Intent], never_says_more: Callable[..., None], data: st.DataObject
) -> None:
    """For any intent: a fate per statement, and nothing permitted or reserved that was not meant or chosen."""
    meant = data.draw(intents)
    made = pdf.write(meant, paper)
    assert [fate.statement for fate in made.fates] == list(meant.statements)
    never_says_more(meant, pdf.read(made.content))


@given(st.data())
def test_any_bytes_give_signals(paper: bytes, data: st.DataObject) -> None:
    """A paper with bytes changed or cut, or any bytes: signals and no exception, never a permission from nothing."""
    content = bytearray(pdf.with_packet(paper, metadata("<tdm:reservation>1</tdm:reservation>")))
    for at, value in data.draw(st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), max_size=8)):
        content[at] = value
    cut = data.draw(st.integers(0, len(content)))
    for hostile in (bytes(content), bytes(content[:cut]), data.draw(st.binary(max_size=200))):
        assert YES not in {signal.stance for signal in pdf.read(hostile)} or b">0<" in hostile
        try:
            made = pdf.write(RESERVE, hostile)
        except InputError as error:
            assert "the PDF" in str(error)  # noqa: PT017 - either outcome is right, each has its own check
        else:
            assert {signal.stance for signal in pdf.read(made.content)} == {NO}

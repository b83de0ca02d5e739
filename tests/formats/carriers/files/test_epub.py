"""TDMRep in EPUB: both versions, every way to be broken, and a change that leaves the rest of the book alone."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.errors import InputError
from partita.formats.carriers import epub
from partita.formats.signals import Carrier, Effect, Intent, Stance, Statement

Book = Callable[..., bytes]

NO, YES, UNKNOWN = Stance.RESERVE, Stance.PERMIT, Stance.UNKNOWN
PREFIX = 'prefix="tdm: http://www.w3.org/ns/tdmrep#"'
RESERVE = Intent("Test publisher", (Statement("mining", NO),), "https://example.org/policy")


def package(metadata: str, version: str = "3.0", attributes: str = PREFIX) -> str:
    """A package document with these elements in its metadata."""
    return (
        f'<package xmlns="http://www.idpf.org/2007/opf" version="{version}" {attributes}><metadata>{metadata}'
        "</metadata></package>"
    )


CASES = {
    "epub 3, reserved": (package('<meta property="tdm:reservation">1</meta>'), NO, False),
    "epub 3, not reserved": (package('<meta property="tdm:reservation"> 0 </meta>'), YES, False),
    "epub 2, reserved": (package('<meta name="tdm:reservation" content="1"/>', "2.0", ""), NO, False),
    "epub 2, not reserved": (package('<meta name="tdm:reservation" content="0"/>', "2.0", ""), YES, False),
    "another prefix": (
        package('<meta property="x:reservation">1</meta>', attributes='prefix="x: http://www.w3.org/ns/tdmrep#"'),
        NO, False,
    ),
    "prefix not declared, reserved": (package('<meta property="tdm:reservation">1</meta>', attributes=""), NO, True),
    "prefix not declared, not reserved": (
        package('<meta property="tdm:reservation">0</meta>', attributes=""), UNKNOWN, True
    ),
    "an error of the protocol": (package('<meta property="tdm:reservation">yes</meta>'), UNKNOWN, True),
    "a policy alone": (package('<meta property="tdm:policy">https://example.org/p</meta>'), UNKNOWN, True),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_packages_are_read(book: Book, case: str) -> None:
    """1 reserves text and data mining, 0 permits it, anything else says nothing; odd forms are noted."""
    opf, stance, noted = CASES[case]
    (signal,) = epub.read(book(opf))
    assert (signal.carrier, signal.purpose, signal.stance, bool(signal.note)) == (Carrier.EPUB, "mining", stance, noted)


def test_the_policy_stands_in_the_terms(book: Book) -> None:
    """A policy's address goes with the reservation; both values of a contradiction are told."""
    opf = package(
        '<meta property="tdm:reservation">1</meta><meta property="tdm:reservation">0</meta>'
        '<meta property="tdm:policy">https://example.org/p</meta>'
    )
    signals = epub.read(book(opf))
    assert [signal.stance for signal in signals] == [NO, YES]
    assert {signal.terms["policy"] for signal in signals} == {"https://example.org/p"}


def test_a_silent_book_says_nothing(book: Book) -> None:
    """No property is no signal: silence is the caller's unknown."""
    assert epub.read(book(package("<meta name='cover' content='c'/>"))) == []


def encrypted(content: bytes) -> bytes:
    """The archive with every member marked as encrypted."""
    marked = bytearray(content)
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = marked.find(sign)
        while at >= 0:
            marked[at + offset] |= 1
            at = marked.find(sign, at + 4)
    return bytes(marked)


def crowded() -> bytes:
    """An archive of more members than a book has."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(epub.ENTRIES_MOST + 1):
            archive.writestr(zipfile.ZipInfo(str(number)), b"")
    return out.getvalue()


def swollen(content: bytes) -> bytes:
    """The archive, whose directory says that its last member has four thousand million bytes."""
    at = content.rfind(b"PK\x01\x02")
    return content[: at + 24] + struct.pack("<L", 4_000_000_000) + content[at + 28 :]


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda _: b"", "no ZIP archive"),
        (lambda _: b"PK\x03\x04 garbage", "no ZIP archive"),
        (lambda book: book()[:400], "no ZIP archive"),
        (lambda book: encrypted(book()), "is encrypted"),
        (lambda book: book(b"<package>" + b" " * 1_500_000 + b"</package>"), "too densely"),
        (lambda book: book(b"<package"), "well-formed"),
        (lambda book: book('<!DOCTYPE p [<!ENTITY a "b">]><package>&a;</package>'), "entities"),
        (lambda book: swollen(book(x=b"y")), "would unpack to more"),
        (lambda _: crowded(), "more than 20,000 members"),
        (lambda book: book().replace(b"OPS/book.opf", b"OPS/none.opf"), "no member"),
        (lambda book: book().replace(b"META-INF/container.xml", b"META-INF/container.yml"), "no member"),
    ],
)
def test_what_cannot_be_read_is_unknown(book: Book, make: Callable[[Book], bytes], why: str) -> None:
    """Broken, locked and swollen archives are no permission: one signal of unknown, with the reason."""
    (signal,) = epub.read(make(book))
    assert (signal.stance, signal.purpose) == (UNKNOWN, "mining")
    assert why in signal.note


@pytest.mark.parametrize(
    ("version", "attributes"), [("2.0", ""), ("3.0", ""), ("3.0", 'prefix="a: http://a.example/"')]
)
def test_writing_changes_the_package_alone(book: Book, version: str, attributes: str) -> None:
    """Every other member keeps its packed bytes, mimetype comes first and stored, an old statement is replaced."""
    old = '<meta name="tdm:reservation" content="0"/><meta property="tdm:policy">https://old.example</meta>'
    before = book(package(old + "<meta name='cover' content='c'/>", version, attributes), OPS__a=b"a" * 999)
    made = epub.write(RESERVE, before)
    assert [fate.effect for fate in made.fates] == [Effect.EXACT]
    assert [(s.stance, s.terms["policy"], s.note) for s in epub.read(made.content)] == [(NO, RESERVE.policy, "")]
    first, second = zipfile.ZipFile(io.BytesIO(before)), zipfile.ZipFile(io.BytesIO(made.content))
    assert second.testzip() is None
    assert second.namelist() == first.namelist()
    assert (second.infolist()[0].filename, second.infolist()[0].compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert made.content[30:58] == b"mimetypeapplication/epub+zip"
    for old_info, new_info in zip(first.infolist(), second.infolist(), strict=True):
        if old_info.filename != "OPS/book.opf":
            same = [(i.CRC, i.compress_size, i.date_time, i.external_attr) for i in (old_info, new_info)]
            assert same[0] == same[1]
            assert second.read(new_info) == first.read(old_info)
    assert b"cover" in second.read("OPS/book.opf")
    assert attributes.removeprefix("prefix=").strip('"').encode() in second.read("OPS/book.opf")


def test_members_whose_sizes_follow_them_are_copied(book: Book) -> None:
    """An archive that was written as a stream, with sizes after the data, is copied all the same."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.parts: list[bytes] = []

        def writable(self) -> bool:
            return True

        def write(self, part: object) -> int:
            self.parts.append(bytes(part))  # type: ignore[call-overload]
            return len(self.parts[-1])

    pipe = Pipe()
    source = zipfile.ZipFile(io.BytesIO(book(package(""))))
    with zipfile.ZipFile(pipe, "w") as archive:
        for info in source.infolist():
            archive.writestr(info.filename, source.read(info), info.compress_type)
    made = epub.write(RESERVE, b"".join(pipe.parts))
    copied = zipfile.ZipFile(io.BytesIO(made.content))
    assert copied.testzip() is None
    assert copied.read("OPS/one.xhtml") == source.read("OPS/one.xhtml")


def test_what_the_value_cannot_say_is_lost_or_chosen(book: Book) -> None:
    """One value for mining: narrower reservations need the choice, permissions for less are lost, other books' too."""
    statements = (
        Statement("train", NO),
        Statement("search", YES),
        Statement("mining", NO, targets=("https://example.org/other",)),
        Statement("mining", NO, price={"amount": "1", "currency": "EUR"}),
    )
    book_bytes = book(package(""))
    lost = epub.write(Intent("Test publisher", statements[:3]), book_bytes)
    assert ([fate.effect for fate in lost.fates], lost.content) == ([Effect.LOST] * 3, book_bytes)
    wide = epub.write(Intent("Test publisher", statements[:1], broaden=True), book_bytes)
    assert [(fate.effect, fate.why) for fate in wide.fates] == [(Effect.BROADER, "data mining is reserved too")]
    assert epub.write(Intent("Test publisher", statements[3:]), book_bytes).fates[0].effect is Effect.NARROWER
    named = epub.write(Intent("P", statements[2:3]), book_bytes, names=frozenset({"https://example.org/other"}))
    assert epub.read(named.content)[0].stance is NO


def test_a_signed_or_broken_book_is_not_changed(book: Book) -> None:
    """Writing refuses, with the reason, what it would break or cannot read."""
    with pytest.raises(InputError, match="signed"):
        epub.write(RESERVE, book(**{"META-INF__signatures.xml": b"<signatures/>"}))
    with pytest.raises(InputError, match="no ZIP"):
        epub.write(RESERVE, b"nothing")
    with pytest.raises(InputError, match="without metadata"):
        epub.write(RESERVE, book("<package/>"))


@given(st.data())
def test_what_is_written_says_no_more(
    book: Book, intents: st.SearchStrategy[Intent], never_says_more: Callable[..., None], data: st.DataObject
) -> None:
    """For any intent: a fate per statement, and nothing permitted or reserved that was not meant or chosen."""
    meant = data.draw(intents)
    made = epub.write(meant, book(package("")))
    assert [fate.statement for fate in made.fates] == list(meant.statements)
    never_says_more(meant, epub.read(made.content))


@given(st.data())
def test_any_bytes_give_signals(book: Book, data: st.DataObject) -> None:
    """A book with bytes changed or cut, or any bytes: signals and no exception, never a permission from nothing."""
    content = bytearray(book(package('<meta property="tdm:reservation">1</meta>')))
    for at, value in data.draw(st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), max_size=8)):
        content[at] = value
    cut = data.draw(st.integers(0, len(content)))
    for hostile in (bytes(content), bytes(content[:cut]), data.draw(st.binary(max_size=200))):
        assert {signal.stance for signal in epub.read(hostile)} <= {NO, UNKNOWN}
        try:
            made = epub.write(RESERVE, hostile)
        except InputError as error:
            assert "EPUB" in str(error)  # noqa: PT017 - either outcome is right, each has its own check
        else:
            assert NO in {signal.stance for signal in epub.read(made.content)}

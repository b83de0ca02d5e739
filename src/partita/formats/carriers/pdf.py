"""TDMRep in the XMP metadata of a PDF, read and written; the pages are not looked at.

The file is changed by appending to it, so that all its bytes stay as they were. Validators of PDF/A report the TDMRep
properties, as the protocol itself says: no extension schema is declared for them.
"""

from __future__ import annotations

import io
import logging
import re
import struct
from collections.abc import Mapping
from typing import Any

import pypdf
from pypdf.generic import DictionaryObject, IndirectObject, NameObject, PdfObject

from partita.errors import InputError
from partita.formats.carriers import tdm_metadata, xmp
from partita.formats.carriers.safe_xml import UnreadableError
from partita.formats.carriers.tdm_metadata import NAMESPACE_EPUB, NAMESPACE_XMP
from partita.formats.signals import Artefact, Carrier, Intent, Signal

SIZE_MOST = 100 << 20
"""Bytes of a PDF."""
_PLACE = "XMP"
_MOVED = "cannot be changed: its table of objects is not where it says; repair it first"
_STARTXREF = re.compile(rb"startxref\s{1,4}(\d{1,12})\s")
_OBJECT = re.compile(rb"\d{1,10} \d{1,5} obj")

logging.getLogger("pypdf").setLevel(
    logging.CRITICAL
)  # what is wrong with a file is said in its signal, not on a terminal


def read(content: bytes) -> list[Signal]:
    """What the XMP metadata of a PDF says of text and data mining; none where it is silent. Never raises."""
    try:
        packet = packet_of(content)
        found = xmp.properties(packet) if packet else {}
    except UnreadableError as error:
        return tdm_metadata.unreadable(Carrier.PDF, _PLACE, f"the PDF {error}")
    reservations: list[tuple[str, str, str]] = []
    policies: list[str] = []
    for namespace, note in ((NAMESPACE_XMP, ""), (NAMESPACE_EPUB, f"in XMP the namespace is {NAMESPACE_XMP}")):
        reservations += [(value, "XMP tdm:reservation", note) for value in found.get(f"{{{namespace}}}reservation", ())]
        policies += found.get(f"{{{namespace}}}policy", ())
    return tdm_metadata.signals(Carrier.PDF, reservations, policies)


def packet_of(content: bytes) -> bytes | None:
    """The XMP packet of a PDF's catalogue; None for none. Raises UnreadableError for a broken or locked file."""
    if len(content) > SIZE_MOST:
        raise UnreadableError(f"is larger than {SIZE_MOST:,} bytes")
    try:
        reader = pypdf.PdfReader(io.BytesIO(content), strict=False)
        locked = reader.is_encrypted
        packet = None if locked else _metadata(reader)
    except Exception as error:  # noqa: BLE001 - a broken file may break a parser anywhere
        raise UnreadableError(f"cannot be read: {type(error).__name__} {str(error)[:150]}") from None
    if packet is not None and len(packet) > xmp.PACKET_MOST:
        raise UnreadableError(f"has metadata larger than {xmp.PACKET_MOST:,} bytes")
    if locked:
        raise UnreadableError("is encrypted; give the file without its password")
    return packet


def _metadata(reader: pypdf.PdfReader) -> bytes | None:
    stream: Any = reader.root_object.get("/Metadata")
    stream = stream.get_object() if stream is not None else None
    return bytes(stream.get_data()) if stream is not None else None


def write(intent: Intent, content: bytes, *, names: frozenset[str] = frozenset()) -> Artefact:
    """The PDF with the intent in its metadata, and every statement's fate; as given where nothing can be said.

    `names` are the targets (an ISRC, a URL) that mean this file. Raises InputError for a PDF that cannot be read.
    """
    value, losses = tdm_metadata.value_of(intent, names)
    if not value:
        return Artefact(Carrier.PDF, "embed: PDF", content, losses)
    said = {f"{{{NAMESPACE_XMP}}}reservation": value, f"{{{NAMESPACE_XMP}}}policy": intent.policy or None}
    said |= {f"{{{NAMESPACE_EPUB}}}reservation": None, f"{{{NAMESPACE_EPUB}}}policy": None}
    try:
        packet = xmp.merged(packet_of(content), said)
        changed = with_packet(content, packet)
    except UnreadableError as error:
        raise InputError(f"the PDF {error}") from None
    return Artefact(Carrier.PDF, "embed: PDF", changed, losses)


def with_packet(content: bytes, packet: bytes) -> bytes:
    """The PDF with this packet, appended as an incremental update (ISO 32000-1, 7.5.6), in the form of its last one.

    Raises UnreadableError where the file's structure is such that the update would not be found.
    """
    try:
        changed = _updated(content, packet)
    except Exception as error:  # noqa: BLE001 - as above
        raise UnreadableError(f"cannot be changed: {type(error).__name__} {str(error)[:150]}") from None
    if changed is None or packet_of(changed) != packet:
        raise UnreadableError(_MOVED)
    return changed


def information_of(content: bytes, name: str) -> str | None:
    """A text of a PDF's document information, by its name; None for none. Raises UnreadableError as `packet_of`."""
    packet_of(content)
    try:
        information: Any = pypdf.PdfReader(io.BytesIO(content), strict=False).trailer.get("/Info")
        information = information.get_object() if information is not None else None
        found = information.get(f"/{name}") if isinstance(information, DictionaryObject) else None
        return None if found is None else str(found.get_object())
    except Exception as error:  # noqa: BLE001 - as above
        raise UnreadableError(f"cannot be read: {type(error).__name__} {str(error)[:150]}") from None


def with_information(content: bytes, name: str, text: str) -> bytes:
    """The PDF with this text, in ASCII, in its document information, appended as an update as in `with_packet`.

    Raises UnreadableError for a broken or locked file, and where the update would not be found.
    """
    packet_of(content)
    try:
        changed = _with_information(content, name, text)
    except Exception as error:  # noqa: BLE001 - as above
        raise UnreadableError(f"cannot be changed: {type(error).__name__} {str(error)[:150]}") from None
    if changed is None or information_of(changed, name) != text:
        raise UnreadableError(_MOVED)
    return changed


def _with_information(content: bytes, name: str, text: str) -> bytes | None:
    reader = pypdf.PdfReader(io.BytesIO(content), strict=False)
    size = _size(reader)
    place = reader.trailer.raw_get("/Info") if "/Info" in reader.trailer else None
    if not isinstance(place, IndirectObject):
        place = IndirectObject(size, 0, reader)
    before: Any = reader.trailer.get("/Info")
    kept = DictionaryObject(before.get_object() if before is not None else {})
    kept.pop(NameObject(f"/{name}"), None)
    said = re.sub(rb"([\\()])", rb"\\\1", text.encode("ascii"))
    body = _bytes_of(kept).rstrip().removesuffix(b">>") + b"/%s (%s)\n>>" % (name.encode("ascii"), said)
    return _with_objects(content, reader, {(place.idnum, place.generation): body}, {"/Info": place})


def _updated(content: bytes, packet: bytes) -> bytes | None:
    """The PDF and its update; None where the file does not say where its table of objects is."""
    reader = pypdf.PdfReader(io.BytesIO(content), strict=False)
    size = _size(reader)
    root = DictionaryObject(reader.root_object)
    root[NameObject("/Metadata")] = IndirectObject(size, 0, reader)
    place: Any = reader.trailer.raw_get("/Root")
    objects = {(place.idnum, place.generation): _bytes_of(root), (size, 0): _stream(packet)}
    return _with_objects(content, reader, objects, {})


def _size(reader: pypdf.PdfReader) -> int:
    """The first number that no object has."""
    count: Any = reader.trailer["/Size"]
    return int(count)


def _with_objects(
    content: bytes, reader: pypdf.PdfReader, objects: Mapping[tuple[int, int], bytes], named: dict[str, PdfObject]
) -> bytes | None:
    """The PDF with these objects, by number and generation, and a trailer that names what is `named`, at its end."""
    kept = {key: reader.trailer.raw_get(key) for key in ("/Root", "/Info", "/ID") if key in reader.trailer} | named
    size = max(_size(reader), *(number + 1 for number, _ in objects))
    last = _STARTXREF.findall(content[-2048:])
    before = int(last[-1]) if last else -1
    classic = content[before : before + 4] == b"xref" if before >= 0 else False
    if not classic and not (before >= 0 and _OBJECT.match(content, before)):
        return None
    out = io.BytesIO(content)
    out.seek(0, io.SEEK_END)
    entries = [(*place, _append(out, *place, body)) for place, body in objects.items()]
    trailer = b"".join(b"%s %s\n" % (key.encode(), _bytes_of(value)) for key, value in kept.items())
    trailer += b"/Prev %d\n" % before
    if classic:
        start = out.tell()
        rows = (b"%d 1\n%010d %05d n \n" % (number, at, generation) for number, generation, at in entries)
        out.write(b"xref\n" + b"".join(rows) + b"trailer\n<<\n/Size %d\n" % size + trailer + b">>\n")
    else:
        start = out.tell() + 1
        entries.append((size, 0, start))
        table = b"".join(struct.pack(">BLH", 1, at, generation) for _, generation, at in entries)
        index = b" ".join(b"%d 1" % number for number, _, _ in entries)
        head = b"/Type /XRef /Size %d /W [1 4 2] /Index [%s]\n" % (size + 1, index)
        _append(out, size, 0, _stream(table, head + trailer))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def _append(out: io.BytesIO, number: int, generation: int, body: bytes) -> int:
    """Writes an object at the end; returns where it begins."""
    out.write(b"\n")
    start = out.tell()
    out.write(b"%d %d obj\n%s\nendobj\n" % (number, generation, body))
    return start


def _stream(body: bytes, head: bytes = b"/Type /Metadata /Subtype /XML\n") -> bytes:
    return b"<<\n%s/Length %d\n>>\nstream\n%s\nendstream" % (head, len(body), body)


def _bytes_of(thing: PdfObject) -> bytes:
    out = io.BytesIO()
    thing.write_to_stream(out)
    return out.getvalue()

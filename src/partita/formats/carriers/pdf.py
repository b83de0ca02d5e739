"""TDMRep in the XMP metadata of a PDF, read and written; the pages are not looked at.

The file is changed by appending to it, so that all its bytes stay as they were. Validators of PDF/A report the TDMRep
properties, as the protocol itself says: no extension schema is declared for them.
"""

from __future__ import annotations

import io
import logging
from typing import Any

import pypdf
from pypdf.generic import DecodedStreamObject, NameObject

from partita.errors import InputError
from partita.formats.carriers import tdm_metadata, xmp
from partita.formats.carriers.safe_xml import UnreadableError
from partita.formats.carriers.tdm_metadata import NAMESPACE_EPUB, NAMESPACE_XMP
from partita.formats.signals import Artefact, Carrier, Intent, Signal

SIZE_MOST = 100 << 20
"""Bytes of a PDF."""
_PLACE = "XMP"

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
    policy = intent.policy or None
    said = {f"{{{NAMESPACE_XMP}}}reservation": value, f"{{{NAMESPACE_XMP}}}policy": policy}
    try:
        packet = xmp.merged(packet_of(content), said)
        changed = with_packet(content, packet)
    except UnreadableError as error:
        raise InputError(f"the PDF {error}") from None
    return Artefact(Carrier.PDF, "embed: PDF", changed, losses)


def with_packet(content: bytes, packet: bytes) -> bytes:
    """The PDF with this packet, appended as an update. Raises UnreadableError where the file's structure forbids it."""
    try:
        writer = pypdf.PdfWriter(io.BytesIO(content), incremental=True)
        stream = DecodedStreamObject()
        stream.set_data(packet)
        stream[NameObject("/Type")] = NameObject("/Metadata")
        stream[NameObject("/Subtype")] = NameObject("/XML")
        writer.root_object[NameObject("/Metadata")] = writer._add_object(stream)  # noqa: SLF001 - no public way
        out = io.BytesIO()
        writer.write(out)
    except Exception as error:  # noqa: BLE001 - as above
        raise UnreadableError(f"cannot be changed: {type(error).__name__} {str(error)[:150]}") from None
    return out.getvalue()

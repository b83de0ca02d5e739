"""XMP packets: found in JPEG, PNG and sidecar files, parsed, changed without loss of what else they hold, and put back.

Source: Adobe XMP specification, parts 1 and 3 (ISO 16684-1): the packet wrapper, APP1 in JPEG, iTXt in PNG. Image data
is never decoded: segments and chunks are copied as they stand. For PDF see `pdf`.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence

from lxml import etree

from partita.errors import InputError
from partita.formats.carriers import safe_xml
from partita.formats.carriers.safe_xml import Element, UnreadableError

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_META = "adobe:ns:meta/"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_JPEG_HEAD = b"http://ns.adobe.com/xap/1.0/\0"
_EXIF = b"Exif\0"
_PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
_PNG_KEYWORD = b"XML:com.adobe.xmp\0"
_START = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'.encode()
_END = b'\n<?xpacket end="w"?>'
_SEGMENT_MOST = 65_533
_FILLING = re.compile(b"\xff+")

PACKET_MOST = safe_xml.SIZE_MOST
CHUNKS_MOST = 100_000
"""Chunks of a PNG, or segments of a JPEG before its image data."""
VALUES_MOST = 1_000
"""Values read of one property."""

Properties = Mapping[str, Sequence[str]]
"""Values by `{namespace}name`; more than one where a packet says a thing twice, or in a list."""


def kind(content: bytes) -> str:
    """`jpeg`, `png`, `pdf` or `xmp` (a sidecar), by the first bytes; raises UnreadableError for anything else."""
    if content.startswith(b"\xff\xd8"):
        return "jpeg"
    if content.startswith(_PNG_MAGIC):
        return "png"
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content[:1024].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<"):
        return "xmp"
    raise UnreadableError("is neither JPEG, PNG nor XMP")


def packet_of(content: bytes) -> bytes | None:
    """The XMP packet of a JPEG, PNG or sidecar file; None for none. Raises UnreadableError for a broken file or two."""
    form = kind(content)
    if form == "jpeg":
        return _only([body[len(_JPEG_HEAD) :] for _, _, body in _segments(content) if body.startswith(_JPEG_HEAD)])
    if form == "png":
        packed = _only([body for _, _, _, body in _chunks(content) if body.startswith(_PNG_KEYWORD)])
        return None if packed is None else _international(packed)
    if form == "pdf":
        raise UnreadableError("is a PDF, whose packet another reader takes out")
    return content


def _only(packets: Sequence[bytes]) -> bytes | None:
    if len(packets) > 1:
        raise UnreadableError("holds more than one XMP packet, and readers differ on which counts")
    return packets[0] if packets else None


def properties(packet: bytes) -> dict[str, list[str]]:
    """The properties of a packet, by `{namespace}name`. Raises UnreadableError for what is no XMP."""
    found: dict[str, list[str]] = {}
    for description in _descriptions(_parsed(packet)):
        for name, value in description.attrib.items():
            if name.startswith("{") and not name.startswith((f"{{{RDF}}}", "{http://www.w3.org/XML/")):
                found.setdefault(name, []).append(value)
        for child in description:
            if isinstance(child.tag, str):
                found.setdefault(child.tag, []).extend(_values(child))
    return {name: values[:VALUES_MOST] for name, values in found.items()}


def merged(
    packet: bytes | None, values: Mapping[str, str | None], *, alternatives: frozenset[str] = frozenset()
) -> bytes:
    """A packet with these properties set (or taken out, for None), and everything else as it was.

    `alternatives` names the properties that XMP keeps per language; they are written as the default one. Raises
    UnreadableError for a packet that is no XMP, InputError for a value that XML cannot hold.
    """
    root = _parsed(packet) if packet and packet.strip() else _empty()
    descriptions = list(_descriptions(root))
    if not descriptions:
        descriptions = [etree.SubElement(_rdf(root), f"{{{RDF}}}Description", {f"{{{RDF}}}about": ""})]
    for description in descriptions:
        for name in values:
            description.attrib.pop(name, None)
            for child in description.findall(name):
                description.remove(child)
    try:
        for name, value in values.items():
            if value is not None:
                _set(descriptions[0], name, value, alternative=name in alternatives)
    except ValueError:
        raise InputError("a value holds characters that XML cannot, or a name is none") from None
    etree.cleanup_namespaces(root, keep_ns_prefixes=list(root.nsmap))
    return _START + bytes(etree.tostring(root, encoding="UTF-8")) + _END


def embedded(content: bytes, packet: bytes) -> bytes:
    """A JPEG, PNG or sidecar file with this packet in place of its own, all other bytes as they were.

    Raises UnreadableError for a broken file, InputError for a packet too large for a JPEG's segment.
    """
    form = kind(content)
    if form == "jpeg":
        return _jpeg_with(content, packet)
    if form == "png":
        return _png_with(content, packet)
    if form == "pdf":
        raise UnreadableError("is a PDF, into which another writer puts it")
    return packet


def _parsed(packet: bytes) -> Element:
    return safe_xml.xml(packet.strip(b"\0 \t\r\n"), size_most=PACKET_MOST)


def _empty() -> Element:
    root = etree.Element(f"{{{_META}}}xmpmeta", nsmap={"x": _META})
    etree.SubElement(root, f"{{{RDF}}}RDF", nsmap={"rdf": RDF})
    return root


def _rdf(root: Element) -> Element:
    found = root if root.tag == f"{{{RDF}}}RDF" else root.find(f".//{{{RDF}}}RDF")
    if found is None:
        raise UnreadableError("is no XMP: it holds no rdf:RDF")
    return found


def _descriptions(root: Element) -> Iterator[Element]:
    yield from _rdf(root).findall(f"{{{RDF}}}Description")


def _values(element: Element) -> list[str]:
    """A property's values: a resource, the items of a list, or its text."""
    resource = element.get(f"{{{RDF}}}resource")
    items = [item for box in element if isinstance(box.tag, str) for item in box.findall(f"{{{RDF}}}li")]
    if resource is not None:
        return [resource.strip()]
    if items:
        return [item.get(f"{{{RDF}}}resource") or safe_xml.text(item) for item in items[:VALUES_MOST]]
    return [safe_xml.text(element)]


def _set(description: Element, name: str, value: str, *, alternative: bool) -> None:
    element = etree.SubElement(description, name)
    if not alternative:
        element.text = value
        return
    item = etree.SubElement(etree.SubElement(element, f"{{{RDF}}}Alt"), f"{{{RDF}}}li", {_LANGUAGE: "x-default"})
    item.text = value


def _segments(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Start, end and body of each segment of a JPEG before its image data."""
    at = 2
    for _ in range(CHUNKS_MOST):
        start = at
        filling = _FILLING.match(content, at)
        at = filling.end() - 1 if filling else at
        if len(content) < at + 4 or content[at] != 0xFF:
            raise UnreadableError(f"is a broken JPEG: no segment at byte {at:,}")
        marker, size = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if marker in (0xDA, 0xD9):
            return
        if size < 2 or at + 2 + size > len(content):
            raise UnreadableError(f"is a broken JPEG: the segment at byte {at:,} ends after the file")
        yield start, at + 2 + size, content[at + 4 : at + 2 + size] if marker == 0xE1 else b""
        at += 2 + size
    raise UnreadableError(f"is a JPEG of more than {CHUNKS_MOST:,} segments")


def _jpeg_with(content: bytes, packet: bytes) -> bytes:
    body = _JPEG_HEAD + packet
    if len(body) + 2 > _SEGMENT_MOST:
        raise InputError(f"the XMP packet has {len(packet):,} bytes, more than one segment of a JPEG holds")
    segment = b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    kept = [b"\xff\xd8"]
    after, end = 1, 2
    for start, stop, said in _segments(content):
        end = stop
        if said.startswith(_JPEG_HEAD):
            continue
        kept.append(content[start:stop])
        if content[start:stop].lstrip(b"\xff")[:1] == b"\xe0" or said.startswith(_EXIF):
            after = len(kept)
    return b"".join([*kept[:after], segment, *kept[after:], content[end:]])


def _chunks(content: bytes) -> Iterator[tuple[bytes, int, int, bytes]]:
    """Name, start, end and body (of texts alone) of each chunk of a PNG."""
    at = len(_PNG_MAGIC)
    for _ in range(CHUNKS_MOST):
        if at + 12 > len(content):
            raise UnreadableError(f"is a broken PNG: it ends at byte {at:,} without its end")
        size, name = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        stop = at + 12 + size
        if stop > len(content):
            raise UnreadableError(f"is a broken PNG: the chunk at byte {at:,} ends after the file")
        body = content[at + 8 : stop - 4] if name == b"iTXt" else b""
        if body and zlib.crc32(name + body) != int.from_bytes(content[stop - 4 : stop], "big"):
            raise UnreadableError(f"is a broken PNG: the checksum of the text at byte {at:,} is wrong")
        yield name, at, stop, body
        if name == b"IEND":
            return
        at = stop
    raise UnreadableError(f"is a PNG of more than {CHUNKS_MOST:,} chunks")


def _international(body: bytes) -> bytes:
    """The text of an iTXt chunk, unpacked where it is compressed, within the limit."""
    rest = body[len(_PNG_KEYWORD) :]
    fields = rest[2:].split(b"\0", 2)
    if len(rest) < 2 or len(fields) < 3:
        raise UnreadableError("is a broken PNG: its XMP text has no fields")
    if rest[0] == 0:
        return fields[2]
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(fields[2], PACKET_MOST + 1)
    except zlib.error:
        raise UnreadableError("is a broken PNG: its XMP text does not unpack") from None
    if len(text) > PACKET_MOST or not unpacker.eof:
        raise UnreadableError(f"is a PNG whose XMP text has more than {PACKET_MOST:,} bytes, or is cut short")
    return text


def _png_with(content: bytes, packet: bytes) -> bytes:
    body = _PNG_KEYWORD + b"\0\0\0\0" + packet
    named = b"iTXt" + body
    chunk = struct.pack(">I", len(body)) + named + struct.pack(">I", zlib.crc32(named))
    kept = [_PNG_MAGIC]
    end = len(_PNG_MAGIC)
    for name, start, stop, said in _chunks(content):
        end = stop
        if not said.startswith(_PNG_KEYWORD):
            kept.append(content[start:stop])
        if name == b"IHDR":
            kept.append(chunk)
    return b"".join([*kept, content[end:]])

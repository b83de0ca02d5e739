"""TDMRep in the package of an EPUB 2 or 3, read and written; no other member of the archive is unpacked or changed.

Source: TDM Reservation Protocol 2024-05-10; EPUB Open Container Format 3.3. Every member but the package is copied as
the compressed bytes that it is, `mimetype` first and stored.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from partita.errors import InputError
from partita.formats.carriers import safe_xml, tdm_metadata
from partita.formats.carriers.safe_xml import Element, UnreadableError
from partita.formats.carriers.tdm_metadata import NAMESPACE_EPUB, NAMESPACE_XMP
from partita.formats.signals import Artefact, Carrier, Intent, Signal

SIZE_MOST = 500 << 20
"""Bytes of an EPUB."""
ENTRIES_MOST = 20_000
UNPACKED_MOST = 2 << 30
"""Bytes that all members together say they have."""
RATIO_MOST = 200
"""Times that a member which is read may be larger than its compressed bytes."""
PACKAGES_MOST = 10
_CONTAINER = "META-INF/container.xml"
_SIGNATURES = "META-INF/signatures.xml"
_OPF = "http://www.idpf.org/2007/opf"
_NAMES = ("tdm:reservation", "tdm:policy")


class _Package(NamedTuple):
    """A package document: its name in the archive, and its root."""

    name: str
    root: Element


def read(content: bytes) -> list[Signal]:
    """What the packages of an EPUB say of text and data mining; none where they are silent. Never raises."""
    try:
        with _opened(content) as archive:
            packages = list(_packages(archive))
    except UnreadableError as error:
        return tdm_metadata.unreadable(Carrier.EPUB, "package", f"the EPUB {error}")
    signals: list[Signal] = []
    for package in packages:
        found = list(_metadata(package.root))
        reservations = [
            (value, f"{package.name}:{line}", note) for name, value, line, note in found if name == _NAMES[0]
        ]
        policies = [value for name, value, _, _ in found if name == _NAMES[1]]
        signals += tdm_metadata.signals(Carrier.EPUB, reservations, policies)
    return signals


def write(intent: Intent, content: bytes, *, names: frozenset[str] = frozenset()) -> Artefact:
    """The EPUB with the intent in its packages, and every statement's fate; as given where nothing can be said.

    `names` are the targets (an ISBN, an address) that mean this book. Raises InputError for a book that cannot be read
    or that is signed, for the signature would break.
    """
    value, losses = tdm_metadata.value_of(intent, names)
    if not value:
        return Artefact(Carrier.EPUB, "embed: EPUB", content, losses)
    try:
        with _opened(content) as archive:
            if _SIGNATURES in archive.namelist():
                raise InputError("the EPUB is signed, and a change would break the signature",
                                 mend="Write the metadata before signing")  # fmt: skip
            changed = {package.name: _said(package.root, value, intent.policy) for package in _packages(archive)}
            members = [_Member.of(info, content) for info in archive.infolist()]
    except UnreadableError as error:
        raise InputError(f"the EPUB {error}") from None
    return Artefact(Carrier.EPUB, "embed: EPUB", _archive(members, changed), losses)


def _opened(content: bytes) -> zipfile.ZipFile:
    """The archive, once it is known to be within the limits."""
    if len(content) > SIZE_MOST:
        raise UnreadableError(f"is larger than {SIZE_MOST:,} bytes")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except Exception as error:  # noqa: BLE001 - zipfile has many ways to fail on bytes that are no archive
        raise UnreadableError(f"is no ZIP archive: {str(error)[:150]}") from None
    infos = archive.infolist()
    if len(infos) > ENTRIES_MOST:
        raise UnreadableError(f"has more than {ENTRIES_MOST:,} members")
    if sum(info.file_size for info in infos) > UNPACKED_MOST:
        raise UnreadableError(f"would unpack to more than {UNPACKED_MOST:,} bytes")
    return archive


def _packages(archive: zipfile.ZipFile) -> Iterator[_Package]:
    """The package documents that the container names."""
    container = safe_xml.xml(_member(archive, _CONTAINER))
    paths = [e.get("full-path", "") for e in container.iter("{*}rootfile")]
    if not paths:
        raise UnreadableError("names no package in its container")
    if len(paths) > PACKAGES_MOST:
        raise UnreadableError(f"names more than {PACKAGES_MOST} packages")
    for path in dict.fromkeys(paths):
        yield _Package(path, safe_xml.xml(_member(archive, path)))


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of one member, within the limits of size and ratio."""
    try:
        info = archive.getinfo(name)
    except KeyError:
        raise UnreadableError(f"has no member {name[:100]!r}") from None
    if info.flag_bits & 1:
        raise UnreadableError(f"is encrypted: {name[:100]}")
    if info.file_size > max(RATIO_MOST * info.compress_size, 1000) or info.file_size > safe_xml.SIZE_MOST:
        raise UnreadableError(f"is packed too densely or too large: {name[:100]}")
    try:
        with archive.open(info) as file:
            return file.read(safe_xml.SIZE_MOST + 1)
    except Exception as error:  # noqa: BLE001 - as above
        raise UnreadableError(f"is broken: {name[:100]}: {str(error)[:100]}") from None


def _metadata(root: Element) -> Iterator[tuple[str, str, int, str]]:
    """Name, value, line and a note of every TDM property of a package, in the forms of EPUB 2 and 3."""
    prefixes = _prefixes(root.get("prefix", ""))
    for meta in root.iter("{*}meta"):
        line = meta.sourceline or 0
        if meta.get("name") in _NAMES:
            yield meta.get("name"), meta.get("content", "").strip(), line, ""
        prefix, _, name = (meta.get("property") or "").strip().partition(":")
        meaning = prefixes.get(prefix, "")
        if f"tdm:{name}" in _NAMES and (meaning in (NAMESPACE_EPUB, NAMESPACE_XMP) or prefix == "tdm"):
            note = "" if meaning == NAMESPACE_EPUB else f'the prefix is not declared as "tdm: {NAMESPACE_EPUB}"'
            yield f"tdm:{name}", safe_xml.text(meta), line, note


def _prefixes(declared: str) -> dict[str, str]:
    """`name: address name: address` as a dictionary."""
    parts = declared.split()
    return {key.removesuffix(":"): value for key, value in zip(parts[::2], parts[1::2], strict=False)}


def _said(root: Element, value: str, policy: str) -> bytes:
    """A package with the properties set and older ones taken out."""
    metadata = root.find(f"{{{_OPF}}}metadata")
    if metadata is None:
        raise UnreadableError("has a package without metadata")
    for meta in list(metadata.iter(f"{{{_OPF}}}meta")):
        if meta.get("name") in _NAMES or (meta.get("property") or "").strip() in _NAMES:
            meta.getparent().remove(meta)
    modern = not root.get("version", "").startswith("2")
    if modern:
        others = " ".join(f"{key}: {uri}" for key, uri in _prefixes(root.get("prefix", "")).items() if key != "tdm")
        root.set("prefix", f"{others} tdm: {NAMESPACE_EPUB}".strip())
    try:
        for name, said in zip(_NAMES, (value, policy), strict=True):
            if said and modern:
                etree.SubElement(metadata, f"{{{_OPF}}}meta", property=name).text = said
            elif said:
                etree.SubElement(metadata, f"{{{_OPF}}}meta", name=name, content=said)
    except ValueError:
        raise InputError(f"the policy {policy!r} holds characters that XML cannot") from None
    return bytes(etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8"))


class _Member(NamedTuple):
    """A member of the archive as it lies there: its entry, and its bytes as they are packed."""

    info: zipfile.ZipInfo
    packed: bytes

    @classmethod
    def of(cls, info: zipfile.ZipInfo, content: bytes) -> _Member:
        """The member that an entry names; raises UnreadableError where it does not lie in the file."""
        head = content[info.header_offset : info.header_offset + 30]
        if len(head) < 30 or not head.startswith(b"PK\x03\x04"):
            raise UnreadableError(f"is broken: {info.filename[:100]} is not where the archive says")
        if info.flag_bits & 1:
            raise UnreadableError(f"is encrypted: {info.filename[:100]}")
        start = info.header_offset + 30 + sum(struct.unpack("<HH", head[26:30]))
        if start + info.compress_size > len(content):
            raise UnreadableError(f"is broken: {info.filename[:100]} ends after the file")
        return cls(info, content[start : start + info.compress_size])


def _archive(members: list[_Member], changed: dict[str, bytes]) -> bytes:
    """An archive of the members, `mimetype` first; the changed ones are packed anew, the rest copied."""
    out, directory = io.BytesIO(), io.BytesIO()
    ordered = sorted(members, key=lambda member: member.info.filename != "mimetype")
    for info, packed in ordered:
        method, crc, size, body = info.compress_type, info.CRC, info.file_size, packed
        if info.filename in changed:
            plain = changed[info.filename]
            packer = zlib.compressobj(9, zlib.DEFLATED, -15)
            method, crc, size = zipfile.ZIP_DEFLATED, zlib.crc32(plain), len(plain)
            body = packer.compress(plain) + packer.flush()
        elif info.filename == "mimetype" and method != zipfile.ZIP_STORED:
            raise InputError("the EPUB's mimetype is compressed", mend="Pack it anew, with mimetype first and stored")
        flags = info.flag_bits & ~8
        name = info.orig_filename.encode("utf-8" if flags & 0x800 else "cp437")
        stamp = _stamp(info.date_time)
        fields = struct.pack("<HHHHHLLLH", 20, flags, method, *stamp, crc, len(body), size, len(name))
        offset = out.tell()
        out.write(b"PK\x03\x04" + fields + b"\0\0" + name + body)
        outer = struct.pack("<HHHLL", 0, 0, info.internal_attr, info.external_attr, offset)
        made_by = struct.pack("<BB", 20, info.create_system)
        directory.write(b"PK\x01\x02" + made_by + fields + b"\0\0" + outer + name)
    count, start, size = len(ordered), out.tell(), directory.tell()
    end = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, count, count, size, start, 0)
    return out.getvalue() + directory.getvalue() + end


def _stamp(moment: tuple[int, int, int, int, int, int]) -> tuple[int, int]:
    """The time and date of a member in the form of the archive."""
    year, month, day, hour, minute, second = moment
    return hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day

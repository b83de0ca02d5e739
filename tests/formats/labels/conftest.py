"""Tiny media files of the seven kinds that carry labels, made byte by byte; credentials; records of each making."""

from __future__ import annotations

import datetime as dt
import io
import struct
import wave
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest

from partita.formats.labels import credentials
from partita.formats.labels.credentials import Credentials
from partita.formats.labels.shape import Contribution, Credit, Making, Part

NOW = dt.datetime.now(dt.UTC)
ENDINGS = ("wav", "flac", "mp3", "jpg", "png", "pdf", "epub")
MADE = {making: [making] for making in Making} | {Making.ASSISTED: [Making.HUMAN, Making.GENERATED]}


def sound() -> bytes:
    """A WAV file of a tenth of a second of silence."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(1600))
    return out.getvalue()


def remainder(data: bytes, polynomial: int, width: int) -> int:
    """The check value of a FLAC frame's head (8 bits) or whole (16 bits)."""
    rest, mask = 0, (1 << width) - 1
    for byte in data:
        rest ^= byte << (width - 8)
        for _ in range(8):
            rest = ((rest << 1) ^ (polynomial if rest >> (width - 1) else 0)) & mask
    return rest


def lossless() -> bytes:
    """A FLAC file of one frame: 192 samples of silence, one channel, 16 bits, 44,100 Hz."""
    rates = (44_100 << 44 | 15 << 36 | 192).to_bytes(8, "big")
    information = struct.pack(">HH", 192, 192) + bytes(6) + rates + bytes(16)
    head = bytes([0xFF, 0xF8, 0x19, 0x08, 0x00])
    frame = head + bytes([remainder(head, 0x07, 8)]) + b"\x00\x00\x00"
    return b"fLaC\x80\x00\x00\x22" + information + frame + remainder(frame, 0x8005, 16).to_bytes(2, "big")


def photo() -> bytes:
    """A JPEG of one grey point."""
    tables = b"\xff\xdb\x00\x43\x00" + bytes([1] * 64)
    frame = b"\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00"
    codes = b"\xff\xc4\x00\x14\x00\x01" + bytes(15) + b"\x00" + b"\xff\xc4\x00\x14\x10\x01" + bytes(15) + b"\x00"
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x3f\xff\xd9"
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + tables + frame + codes + scan


def drawing() -> bytes:
    """A PNG of one grey point."""
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\x80")),
        (b"IEND", b""),
    ]
    parts = [
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def paper() -> bytes:
    """A PDF of one empty page."""
    writer, out = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(72, 72)
    writer.write(out)
    return out.getvalue()


def book(method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An EPUB of one page; its members are compressed, as they usually are."""
    out = io.BytesIO()
    container = (
        '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    package = '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata/><manifest/><spine/></package>'
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), "application/epub+zip")
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("OPS/book.opf", package)
        archive.writestr("OPS/one.xhtml", "<html><body>" + "la " * 100 + "</body></html>")
    return out.getvalue()


CONTENT = {
    "wav": sound(),
    "flac": lossless(),
    "mp3": (b"\xff\xfb\x90\x00" + bytes(413)) * 4,
    "jpg": photo(),
    "png": drawing(),
    "pdf": paper(),
    "epub": book(),
}


@pytest.fixture(scope="session")
def contents() -> dict[str, bytes]:
    """The bytes of a tiny media file by its ending."""
    return CONTENT


@pytest.fixture
def media_file(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a tiny media file of this ending, and gives its path."""

    def write(ending: str, name: str = "song") -> Path:
        path = tmp_path / f"{name}.{ending}"
        path.write_bytes(CONTENT[ending])
        return path

    return write


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of credentials made now."""
    folder = tmp_path_factory.mktemp("credentials")
    credentials.make(folder, "Sample society", "Sample society", at=NOW)
    return folder


@pytest.fixture(scope="session")
def signer(keys: Path) -> Credentials:
    """Credentials that are valid now."""
    return credentials.load(keys, at=NOW)


@pytest.fixture(scope="session")
def trust(keys: Path) -> str:
    """The certificate of the credentials' authority."""
    return credentials.trusted(keys)


@pytest.fixture(scope="session")
def record() -> Callable[[Making], Contribution]:
    """A contribution record whose whole was made so."""

    def make(making: Making) -> Contribution:
        names = ("melody", "vocals")
        parts = tuple(
            Part(name, made, *(() if made is Making.HUMAN else ("Model 5", "c2pa.types.model.pytorch")))
            for name, made in zip(names, MADE[making], strict=False)
        )
        return Contribution(
            title="Waltz of the Harbour",
            parts=parts,
            work_id="W000001",
            credits=(Credit("W000002", "Polka", share_ppm=12_000),),
            produced_at=dt.datetime(2026, 11, 22, 10, tzinfo=dt.UTC),
            producer="Sample society",
            reservation=("train", "search"),
            oversight="" if making is Making.HUMAN else "human_validated",
        )

    return make

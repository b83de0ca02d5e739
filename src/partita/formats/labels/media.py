"""Media files that carry labels: what a file is by its first bytes, and whether it may be read or signed at all.

A file is taken for what it is, never for what its name says. Links are followed when a file is read, because only bytes
are taken from it; folders, devices and pipes are not opened.
"""

from __future__ import annotations

import mmap
import os
import shutil
import stat
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from partita.errors import InputError

READ_MOST = 1 << 30
"""Bytes of a file whose labels are read: reading takes about as much memory."""

SIGN_MOST = 500 << 20
"""Bytes of a file that is signed: signing takes up to three times as much memory."""

PDF_MOST = 200 << 20
"""Bytes of a PDF, which takes three times as much memory when it is read and six times when it is signed."""

MEMBERS_MOST = 20_000
"""Files within an EPUB."""

PIECES_MOST = 100_000
"""Chunks of a WAV or PNG: the library that reads labels takes time for each."""

_HEAD = 512
_EPUB = b"mimetypeapplication/epub+zip"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of media file: its name, media type, and the endings that its files have."""

    name: str
    media_type: str
    endings: tuple[str, ...]


WAV = Kind("WAV", "audio/wav", (".wav", ".wave", ".bwf"))
FLAC = Kind("FLAC", "audio/flac", (".flac",))
MP3 = Kind("MP3", "audio/mpeg", (".mp3",))
JPEG = Kind("JPEG", "image/jpeg", (".jpg", ".jpeg", ".jpe"))
PNG = Kind("PNG", "image/png", (".png",))
PDF = Kind("PDF", "application/pdf", (".pdf",))
EPUB = Kind("EPUB", "application/epub+zip", (".epub",))
KINDS = (WAV, FLAC, MP3, JPEG, PNG, PDF, EPUB)


@dataclass(frozen=True, slots=True)
class Media:
    """A file and what it is by its bytes."""

    path: Path
    kind: Kind
    size: int

    @property
    def remark(self) -> str:
        """What its name wrongly says, in words; empty where name and bytes agree."""
        ending = self.path.suffix.lower()
        named = next((kind.name for kind in KINDS if ending in kind.endings), "")
        return f"its name says {named}, its bytes are {self.kind.name}" if named not in ("", self.kind.name) else ""


def is_media(path: Path) -> bool:
    """Whether a file is of a kind whose labels are read; False also where it cannot be opened."""
    try:
        look(path)
    except InputError:
        return False
    return True


def look(path: Path, most: int = READ_MOST) -> Media:
    """What the file at `path` is; raises InputError where it is none, larger than `most`, or of no kind known here."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            what = "a folder" if stat.S_ISDIR(about.st_mode) else "a pipe or a device"
            raise InputError(f"this is {what}", file=str(path), mend="Name a media file on the disk")
        with path.open("rb") as file:
            head = file.read(_HEAD)
            kind = _kind(head, file)
            crumbled = kind in _PIECES and _is_crumbled(file, *_PIECES[kind])
    except OSError as error:
        reason = f"the file cannot be opened: {error.strerror or error}"
        raise InputError(reason, file=str(path), mend="Check its name, and that you may read it") from None
    if about.st_size == 0:
        raise InputError("the file is empty", file=str(path), mend="Export it again")
    most = min(most, PDF_MOST) if kind is PDF else most
    if about.st_size > most:
        raise InputError(f"the file is larger than {most:,} bytes", file=str(path), mend="Label a smaller rendering")
    if crumbled:
        raise InputError(f"the file is in more than {PIECES_MOST:,} pieces", file=str(path), mend="Export it again")
    if kind is None:
        known = ", ".join(kind.name for kind in KINDS)
        raise InputError("the file is of no kind that carries labels here", file=str(path), mend=f"Known are {known}")
    return Media(path, kind, about.st_size)


def check_out(source: Media, out: Path, beside: Sequence[Path] = ()) -> None:
    """Raises InputError where a labelled `source` cannot stand at `out`, or would replace it or a file of `beside`."""
    if out.is_dir():
        raise InputError("this is a folder", file=str(out), mend="Name the file to write")
    if out.suffix.lower() not in source.kind.endings:
        ending = source.kind.endings[0]
        raise InputError(f"the labelled file is {source.kind.name}", file=str(out), mend=f"Let it end with {ending}")
    if out.exists() and any(out.samefile(path) for path in (source.path, *beside) if path.exists()):
        reason = "the labelled file would replace its original, or a file that it is made from"
        raise InputError(reason, file=str(out), mend="Give it another name")


def _kind(head: bytes, file: IO[bytes]) -> Kind | None:
    """The kind of a file that begins with `head`."""
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return WAV
    if head[:3] == b"ID3" and len(head) >= 10:
        # What follows the tag tells; its size has seven bits a byte.
        file.seek(10 + sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True)))
        return FLAC if file.read(4) == b"fLaC" else MP3
    starts = ((b"fLaC", FLAC), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"%PDF-", PDF))
    for start, kind in starts:
        if head.startswith(start):
            return kind
    if head[:4] == b"PK\x03\x04" and head[30 : 30 + len(_EPUB)] == _EPUB:
        return EPUB
    # A frame of MPEG audio: eleven bits of one, then no reserved version, no reserved layer, no reserved bit rate.
    frame = len(head) >= 4 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0
    return MP3 if frame and head[1] & 0x18 != 0x08 and head[1] & 0x06 == 0x02 and head[2] & 0xF0 != 0xF0 else None


_PIECES: dict[Kind, tuple[int, int, Literal["little", "big"], int]] = {WAV: (12, 4, "little", 0), PNG: (8, 0, "big", 4)}
"""Where a kind's chunks begin; in a chunk, where its length stands, in which order; and what follows its content."""


def _is_crumbled(file: IO[bytes], first: int, at: int, order: Literal["little", "big"], tail: int) -> bool:
    """Whether a file has more chunks than are read."""
    size, place = os.fstat(file.fileno()).st_size, first
    if size < PIECES_MOST * 8:
        return False
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for _ in range(PIECES_MOST):
            length = int.from_bytes(content[place + at : place + at + 4], order)
            place += 8 + length + (length % 2 if order == "little" else 0) + tail
            if place >= size:
                return False
    return True


def is_stored(path: Path) -> bool:
    """Whether no member of an EPUB is compressed, as the signing library needs it; raises InputError."""
    with _archive(path) as archive:
        return all(member.compress_type == zipfile.ZIP_STORED for member in archive.infolist())


def members(path: Path) -> list[str]:
    """The names of an EPUB's members, in order; raises InputError if it is broken."""
    with _archive(path) as archive:
        return archive.namelist()


def store(path: Path, out: IO[bytes]) -> None:
    """The EPUB at `path` written with every member uncompressed, content and order kept; raises InputError.

    The library that signs reads uncompressed members alone.
    """
    left = SIGN_MOST
    try:
        with _archive(path) as archive, zipfile.ZipFile(out, "w") as stored:
            for member in archive.infolist():
                left -= member.file_size
                if left < 0:
                    raise InputError(
                        f"the book holds more than {SIGN_MOST:,} bytes", file=str(path), mend="Make it smaller"
                    )
                copy = zipfile.ZipInfo(member.filename, member.date_time)
                copy.external_attr, copy.create_system = member.external_attr, member.create_system
                with archive.open(member) as source, stored.open(copy, "w") as target:
                    shutil.copyfileobj(source, target)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        raise _broken(path, error) from None


def _archive(path: Path) -> zipfile.ZipFile:
    """The EPUB as an archive of not too many members, each named once."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _broken(path, error) from None
    names = archive.namelist()
    if len(names) > MEMBERS_MOST or len(set(names)) < len(names):
        archive.close()
        raise _broken(path, ValueError("it names a file twice, or too many files"))
    return archive


def _broken(path: Path, error: Exception) -> InputError:
    return InputError(f"the book cannot be opened: {error}", file=str(path), mend="Export it again")

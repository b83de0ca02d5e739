"""One text in an audio file's own metadata, found and put: a RIFF chunk, an ID3v2 TXXX frame, a Vorbis comment.

Sound is never decoded: what is not the text is copied as it stands. Sources: Microsoft RIFF (1991), ID3v2.3 and 2.4
(id3.org), FLAC (RFC 9639, 8.6). What cannot be changed without risk (RF64, unsynchronised or older ID3) is refused.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from partita.formats.carriers.safe_xml import UnreadableError

TEXT_MOST = 1 << 20
"""Bytes of one text."""
PIECES_MOST = 100_000
"""Chunks, frames or comments of one file."""
_FLAC_BLOCK_MOST = (1 << 24) - 1
_SYNCSAFE_MOST = (1 << 28) - 1
_COMMENTS = 4


def find(content: bytes, media_type: str, name: str) -> list[bytes]:
    """The texts called `name` (four letters) in an audio file, as bytes in UTF-8; none for another kind of file.

    Raises UnreadableError for a file that is broken, or of a form that is not read.
    """
    if media_type == "audio/wav":
        return [body.rstrip(b"\0") for chunk, _, _, body in _chunks(content, name.encode()) if chunk == name.encode()]
    if media_type == "audio/flac":
        return [_short(text.partition(b"=")[2]) for text in _comments(_comment_block(content)) if _is(text, name)]
    if media_type == "audio/mpeg":
        return [text for frame in _frames(content) for text in _user_text(frame, name)]
    return []


def put(content: bytes, media_type: str, name: str, text: str) -> bytes:
    """The file with one text called `name`, in ASCII, in place of all that were called so.

    Raises UnreadableError for a file that cannot be changed, ValueError for another kind of file.
    """
    data = text.encode("ascii")
    if media_type == "audio/wav":
        return _wav_with(content, name.encode(), data)
    if media_type == "audio/flac":
        return _flac_with(content, name, data)
    if media_type == "audio/mpeg":
        return _mp3_with(content, name, data)
    raise ValueError(f"{media_type} holds no such text")


def _chunks(content: bytes, wanted: bytes) -> Iterator[tuple[bytes, int, int, bytes]]:
    """Name, start, end and body (of the wanted alone) of each chunk of a WAV file."""
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise UnreadableError("is no WAV file that is read here: RF64 and others are not")
    end = 8 + int.from_bytes(content[4:8], "little")
    if end > len(content):
        raise UnreadableError(f"is a broken WAV file: it says {end:,} bytes and has {len(content):,}")
    at = 12
    for _ in range(PIECES_MOST):
        if at + 8 > end:
            return
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        stop = at + 8 + size + size % 2
        if at + 8 + size > end:
            raise UnreadableError(f"is a broken WAV file: the chunk at byte {at:,} ends after the file")
        name = content[at : at + 4]
        yield name, at, min(stop, end), _short(content[at + 8 : at + 8 + size]) if name == wanted else b""
        at = stop
    raise UnreadableError(f"is a WAV file of more than {PIECES_MOST:,} chunks")


def _wav_with(content: bytes, name: bytes, data: bytes) -> bytes:
    kept = [content[at:stop] for chunk, at, stop, _ in _chunks(content, b"") if chunk != name]
    kept = [piece + b"\0" * (len(piece) % 2) for piece in kept]
    chunk = name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
    body = b"".join([b"WAVE", *kept, chunk])
    if len(body) > 0xFFFFFFFF:
        raise UnreadableError("is a WAV file with no room for more")
    return b"RIFF" + struct.pack("<I", len(body)) + body + content[8 + int.from_bytes(content[4:8], "little") :]


def _blocks(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Kind, start and end of each block of a FLAC file's metadata."""
    if content[:4] != b"fLaC":
        raise UnreadableError("is no FLAC file")
    at = 4
    for _ in range(PIECES_MOST):
        if at + 4 > len(content):
            break
        stop = at + 4 + int.from_bytes(content[at + 1 : at + 4], "big")
        if stop > len(content):
            break
        yield content[at] & 0x7F, at, stop
        if content[at] & 0x80:
            return
        at = stop
    raise UnreadableError(f"is a broken FLAC file: its metadata ends at byte {at:,} without an end")


def _comment_block(content: bytes) -> bytes:
    """The body of the block of comments; empty where there is none. Raises UnreadableError for two."""
    found = [content[at + 4 : stop] for kind, at, stop in _blocks(content) if kind == _COMMENTS]
    if len(found) > 1:
        raise UnreadableError("is a FLAC file with two blocks of comments, and readers differ on which counts")
    return found[0] if found else b""


def _comments(block: bytes) -> Iterator[bytes]:
    """The comments, `NAME=text` each, after the vendor's name."""
    if not block:
        return
    at = 4 + int.from_bytes(block[:4], "little")
    count = int.from_bytes(block[at : at + 4], "little")
    at += 4
    for _ in range(min(count, PIECES_MOST + 1)):
        size = int.from_bytes(block[at : at + 4], "little")
        if at + 4 + size > len(block):
            raise UnreadableError("is a broken FLAC file: a comment ends after its block")
        yield block[at + 4 : at + 4 + size]
        at += 4 + size
    if count > PIECES_MOST:
        raise UnreadableError(f"is a FLAC file of more than {PIECES_MOST:,} comments")


def _is(comment: bytes, name: str) -> bool:
    return comment.partition(b"=")[0].upper() == name.encode().upper()


def _flac_with(content: bytes, name: str, data: bytes) -> bytes:
    block = _comment_block(content)
    vendor = block[: 4 + int.from_bytes(block[:4], "little")] if block else struct.pack("<I", 0)
    kept = [text for text in _comments(block) if not _is(text, name)] + [name.encode() + b"=" + data]
    body = vendor + struct.pack("<I", len(kept)) + b"".join(struct.pack("<I", len(text)) + text for text in kept)
    if len(body) > _FLAC_BLOCK_MOST:
        raise UnreadableError("is a FLAC file with no room for more comments")
    pieces: list[tuple[int, bytes]] = []
    end = 4
    for kind, at, stop in _blocks(content):
        end = stop
        if kind != _COMMENTS:
            pieces.append((kind, content[at + 4 : stop]))
    pieces.insert(1, (_COMMENTS, body))
    last = len(pieces) - 1
    made = (
        bytes([kind | (0x80 if place == last else 0)]) + len(said).to_bytes(3, "big") + said
        for place, (kind, said) in enumerate(pieces)
    )
    return b"fLaC" + b"".join(made) + content[end:]


def _tag(content: bytes) -> tuple[int, int, int]:
    """Version, first frame and end of the ID3 tag at the front; version 0 for none. Raises UnreadableError."""
    if content[:3] != b"ID3":
        return 0, 0, 0
    if len(content) < 10 or content[3] not in (3, 4):
        raise UnreadableError("has an ID3 tag of a version that is not read: 2.3 and 2.4 are")
    if content[5] & 0x80:
        raise UnreadableError("has an unsynchronised ID3 tag, which is not read; write it anew without")
    end = 10 + _syncsafe(content[6:10])
    if end > len(content):
        raise UnreadableError("has an ID3 tag that ends after the file")
    start = 10
    if content[5] & 0x40:
        start += _syncsafe(content[10:14]) if content[3] == 4 else 4 + int.from_bytes(content[10:14], "big")
    return content[3], start, end


def _frames(content: bytes) -> Iterator[bytes]:
    """Each frame of the ID3 tag at the front, with its head, as it stands."""
    version, at, end = _tag(content)
    for _ in range(PIECES_MOST):
        if at + 10 > end or content[at] == 0:
            return
        size = _syncsafe(content[at + 4 : at + 8]) if version == 4 else int.from_bytes(content[at + 4 : at + 8], "big")
        if at + 10 + size > end:
            raise UnreadableError(f"has a broken ID3 tag: the frame at byte {at:,} ends after it")
        yield content[at : at + 10 + size]
        at += 10 + size
    raise UnreadableError(f"has an ID3 tag of more than {PIECES_MOST:,} frames")


def _user_text(frame: bytes, name: str) -> list[bytes]:
    """The text of a TXXX frame called `name`, in UTF-8; none for another frame."""
    if frame[:4] != b"TXXX" or len(frame) < 12:
        return []
    if frame[9]:
        raise UnreadableError("has an ID3 text that is compressed, encrypted or grouped, which is not read")
    code = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}.get(frame[10])
    try:
        said = _short(frame[11:]).decode(code or "ascii")
    except (UnicodeDecodeError, LookupError):
        raise UnreadableError("has an ID3 text that is not in the encoding that it names") from None
    described, _, text = said.partition("\0")
    return [text.lstrip("\ufeff").rstrip("\0").encode()] if described.upper() == name.upper() else []


def _mp3_with(content: bytes, name: str, data: bytes) -> bytes:
    version, _, end = _tag(content)
    kept = [frame for frame in _frames(content) if not (frame[:4] == b"TXXX" and _user_text(frame, name))]
    body = b"\0" + name.encode() + b"\0" + data
    size = _as_syncsafe(len(body)) if version != 3 else len(body).to_bytes(4, "big")
    frames = b"".join([*kept, b"TXXX" + size + b"\0\0" + body])
    if version == 4 and content[5] & 0x10:
        end += 10
    head = b"ID3" + bytes([version or 4, 0, content[5] & 0x20 if version else 0])
    return head + _as_syncsafe(len(frames)) + frames + content[end:]


def _syncsafe(four: bytes) -> int:
    if len(four) < 4 or any(byte & 0x80 for byte in four):
        raise UnreadableError("has a broken ID3 tag: a size is none")
    return four[0] << 21 | four[1] << 14 | four[2] << 7 | four[3]


def _as_syncsafe(size: int) -> bytes:
    if size > _SYNCSAFE_MOST:
        raise UnreadableError("has no room for more in its ID3 tag")
    return bytes([size >> 21 & 0x7F, size >> 14 & 0x7F, size >> 7 & 0x7F, size & 0x7F])


def _short(text: bytes) -> bytes:
    if len(text) > TEXT_MOST:
        raise UnreadableError(f"holds a label of more than {TEXT_MOST:,} bytes")
    return text

"""What a file itself carries: EPUB, PDF, XMP in pictures, content credentials, TDM-AI declarations, RSL, HTML.

The file's first bytes say what it is, not its name. A kind that carries nothing known gives no signals.
"""

from __future__ import annotations

import mimetypes

from partita.formats.carriers import cawg, epub, html_head, pdf, plus, rsl, tdm_ai
from partita.formats.signals import Signal

MARKUP = (b"<!doctype html", b"<html", b"<head")
_BY_FIRST_BYTES = (
    (b"%PDF", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG", "image/png"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"RIFF", "audio/wav"),
)
_CREDENTIALS = ("image/", "audio/", "video/", "application/pdf", "application/epub+zip")


def media_type(content: bytes, name: str = "") -> str:
    """What a file is, by its first bytes, else by its name; empty where neither says."""
    if content[:4] == b"PK\x03\x04" and b"application/epub+zip" in content[:100]:
        return "application/epub+zip"
    for first, found in _BY_FIRST_BYTES:
        if content.startswith(first):
            return "image/webp" if first == b"RIFF" and content[8:12] == b"WEBP" else found
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(MARKUP):
        return "text/html"
    if head.startswith((b"<?xml", b"<rsl")) or b"<x:xmpmeta" in head or b"<?xpacket" in head:
        return "text/xml"
    return mimetypes.guess_type(name)[0] or ""


def read(content: bytes, name: str = "") -> list[Signal]:
    """Every signal that the bytes of a file carry; never raises, and an unreadable carrier is of stance unknown."""
    kind = media_type(content, name)
    found: list[Signal] = []
    if kind == "application/epub+zip":
        found += epub.read(content)
    elif kind == "application/pdf":
        found += pdf.read(content)
    elif kind == "text/html":
        found += html_head.read(content) + rsl.read_page(content)
    elif kind == "text/xml":
        found += (
            plus.read(content) if b"xmpmeta" in content[:4096] or b"xpacket" in content[:4096] else rsl.read(content)
        )
    elif kind == "application/json" or content[:1] in (b"{", b"["):
        found += tdm_ai.read(content)
    if kind in ("image/jpeg", "image/png", "application/pdf"):
        found += plus.read(content)
    if kind.startswith(_CREDENTIALS):
        found += cawg.read(content, kind)
    return found

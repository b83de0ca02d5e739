"""GB 45438-2025, China's standard for labelling AI content: the implicit label in a file, the explicit one in words.

The implicit label is one JSON text called `AIGC`, of seven fields in the order of Annex E b. Where it stands is said by
practice guides of 2025-08-28: pictures TC260-PG-20259A (XMP, namespace `TC260`; a PNG's `tEXt` in its annex B), sound
TC260-PG-202510A (WAV: a RIFF chunk; MP3: an ID3v2 TXXX frame; FLAC: a Vorbis comment), PDF TC260-PG-20258A 6.3 (the
document information dictionary). Annex E j allows visible ASCII in values, so a Chinese name stands as its code; 6.1 c
allows one label in a file; 5.3 says what a spoken or rhythmic label holds.

Evidence: the standard and the guides were read in quotations and readings by others, which agree (secondary). Their
PDFs were not. Not read: EXIF UserComment (annex B of the pictures' guide), video, and the signature that ReservedCode1
and ReservedCode2 may hold (TC260-PG-202511A).
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass

from lxml import etree

from partita.errors import InputError
from partita.formats.carriers import embedded, pdf, xmp
from partita.formats.carriers.safe_xml import UnreadableError
from partita.formats.labels import audio_tags
from partita.formats.labels.shape import Contribution, Label, Making, Reason, State

NAMESPACE = "http://www.tc260.org.cn/ns/AIGC/1.0/"
PREFIX = "TC260"
NAME = "AIGC"
FIELDS = (
    "Label",
    "ContentProducer",
    "ProduceID",
    "ReservedCode1",
    "ContentPropagator",
    "PropagateID",
    "ReservedCode2",
)
IS, POSSIBLY, SUSPECTED = "1", "2", "3"
"""Label: it is AI content (its maker says so); possibly (a user said so); suspected (who passes it on finds traces)."""

SIZE_MOST = 500 << 20
"""Bytes of a file."""
JSON_MOST = 64 << 10
"""Bytes of a label."""
SITES_MOST = 100

etree.register_namespace(PREFIX, NAMESPACE)
_PROPERTY = f"{{{NAMESPACE}}}{NAME}"
_LAYER_III = (0xFA, 0xF2, 0xE2)
"""The second byte of an MPEG audio frame of versions 1, 2 and 2.5, without its last bit."""
_VISIBLE = re.compile(r"[\x21-\x7e]{0,4000}")
_PICTURES = ("image/jpeg", "image/png")
_SOUND = ("audio/wav", "audio/flac", "audio/mpeg")
KINDS_OF_FILE = (*_PICTURES, "application/pdf", *_SOUND)
"""Media types into which the implicit label is written."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The seven fields of an implicit label, in the order of Annex E."""

    label: str
    content_producer: str
    produce_id: str
    reserved_code1: str = ""
    content_propagator: str = ""
    propagate_id: str = ""
    reserved_code2: str = ""


def mark(record: Contribution, produce_id: str, producer: str = "") -> Mark:
    """The label of who produced the output; `producer` is its code, where its name is not visible ASCII without blanks.

    A part that a machine made is enough for label 1. Raises InputError for a record of people's work alone, which bears
    no such label, and for values that Annex E j does not allow.
    """
    if record.making is Making.HUMAN:
        raise InputError("the record says that people made it all: a GB 45438 label would be wrong", mend="Write none")
    return _checked(Mark(IS, producer or record.producer, produce_id))


def _checked(said: Mark) -> Mark:
    values = dict(zip(FIELDS, astuple(said), strict=True))
    if said.label not in (IS, POSSIBLY, SUSPECTED):
        raise InputError(f"label {said.label[:20]!r} is none of 1, 2, 3", mend="Write 1 for what you made yourself")
    for name in ("ContentProducer", "ProduceID"):
        if not values[name]:
            raise InputError(
                f"{name} is empty", mend="Name who produced it by its code, and the content's number there"
            )
    for name, value in values.items():
        if not _VISIBLE.fullmatch(value):
            reason = f"{name} holds a blank or a character beyond visible ASCII, which Annex E j does not allow"
            raise InputError(reason, mend="Write a code, such as the unified social credit code, for a name")
    return said


def text(said: Mark) -> str:
    """The label as the one line of JSON that stands in a file."""
    return json.dumps(dict(zip(FIELDS, astuple(said), strict=True)), ensure_ascii=True, separators=(",", ":"))


def write(content: bytes, said: Mark) -> bytes:
    """The file with this label in place of any other, at the place that the practice guides name for its kind.

    Write it before content credentials are signed: they cover it. Raises InputError for another kind of file, a broken
    file, or one in which the label is not found again.
    """
    kind = _kind(content)
    if kind not in KINDS_OF_FILE:
        raise InputError("no label is written into this kind of file", mend="Use JPEG, PNG, PDF, WAV, FLAC or MP3")
    said = _checked(said)
    try:
        changed = _with(content, kind, text(said))
    except UnreadableError as error:
        raise InputError(f"the file {error}") from None
    found = read(changed)
    if [label.details.get("fields") for label in found] != [dict(zip(FIELDS, astuple(said), strict=True))]:
        raise InputError("the label is not found again, or another stands elsewhere in the file", mend="Take that out")
    return changed


def _kind(content: bytes) -> str:
    """The media type, by the first bytes; a bare stream of MPEG audio, layer III, of any version is MP3 too."""
    bare = content[:1] == b"\xff" and len(content) > 1 and content[1] & 0xFE in _LAYER_III
    return "audio/mpeg" if bare else embedded.media_type(content)


def _with(content: bytes, kind: str, line: str) -> bytes:
    if kind in _SOUND:
        return audio_tags.put(content, kind, NAME, line)
    if kind in _PICTURES:
        return xmp.embedded(content, xmp.merged(xmp.packet_of(content), {_PROPERTY: line}))
    return pdf.with_information(content, NAME, line)


def read(content: bytes) -> list[Label]:
    """The GB 45438 labels of a file, one for each place where one stands; none where it has none. Never raises.

    `details` hold `place`, `label`, `fields` and, for fields that are not the standard's, `unknown`. No label says
    whether all or part is a machine's, so none has a making. None is signed in a way that is checked here: its state is
    `unsigned`, or `invalid` where it cannot be read.
    """
    if len(content) > SIZE_MOST:
        return [_invalid("", "too_large", f"the file is larger than {SIZE_MOST:,} bytes")]
    try:
        sites = list(_sites(content))
    except UnreadableError as error:
        return [Label("aigc", State.UNKNOWN, (Reason("file_unreadable", f"the file {error}"),))]
    return [_label(place, line) for place, line in sites[:SITES_MOST]]


def _sites(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Each place where a label stands, with its bytes."""
    kind = _kind(content)
    if kind in _SOUND:
        places = {"audio/wav": "RIFF chunk", "audio/flac": "Vorbis comment", "audio/mpeg": "ID3v2 TXXX"}
        for line in audio_tags.find(content, kind, NAME):
            yield places[kind], line
    if kind in _PICTURES or kind == "application/pdf":
        packet = pdf.packet_of(content) if kind == "application/pdf" else xmp.packet_of(content)
        for value in xmp.properties(packet).get(_PROPERTY, ()) if packet else ():
            yield "XMP", value.encode("utf-8", "replace")
    if kind == "image/png":
        yield from (("PNG tEXt", line) for line in _png_texts(content))
    if kind == "application/pdf" and (told := pdf.information_of(content, NAME)) is not None:
        yield "PDF information", told.encode("utf-8", "replace")


def _png_texts(content: bytes) -> Iterator[bytes]:
    for name, start, stop, _ in xmp._chunks(content):  # noqa: SLF001 - the same room's walk over a PNG
        body = content[start + 8 : stop - 4] if name in (b"tEXt", b"zTXt") else b""
        keyword, _, rest = body.partition(b"\0")
        if keyword.upper() != NAME.encode():
            continue
        yield _unpacked(rest[1:]) if name == b"zTXt" else rest


def _unpacked(packed: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        return unpacker.decompress(packed, JSON_MOST + 1)
    except zlib.error:
        raise UnreadableError("is a PNG whose packed text does not unpack") from None


def _label(place: str, line: bytes) -> Label:
    """The label that stands at a place: its fields, or why they cannot be read."""
    if len(line) > JSON_MOST:
        return _invalid(place, "aigc_too_long", f"the label has more than {JSON_MOST:,} bytes")
    try:
        found = json.loads(line.decode("utf-8"), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        return _invalid(place, "aigc_no_json", f"the label is no JSON: {' '.join(str(error).split())[:120]}")
    if isinstance(found, dict) and list(found) == [NAME]:
        found = found[NAME]
    if not isinstance(found, dict):
        return _invalid(place, "aigc_no_object", "the label is no JSON object")
    fields = {name: str(found.get(name, ""))[:4000] for name in FIELDS}
    unknown = sorted(str(name)[:60] for name in found.keys() - set(FIELDS))[:20]
    details: dict[str, object] = {"place": place, "label": fields["Label"], "fields": fields}
    details |= {"unknown": unknown} if unknown else {}
    return Label("aigc", State.UNSIGNED, tuple(_remarks(found, fields)), details=details)


def _remarks(found: Mapping[str, object], fields: Mapping[str, str]) -> Iterator[Reason]:
    """What is to be said of a label that can be read."""
    if missing := [name for name in FIELDS[:3] if not fields[name]]:
        yield Reason("aigc_field_missing", f"{', '.join(missing)} must not be empty")
    if odd := [name for name in FIELDS if not isinstance(found.get(name, ""), str)]:
        yield Reason("aigc_not_text", f"{', '.join(odd)} must be text")
    if odd := [name for name, value in fields.items() if not _VISIBLE.fullmatch(value)]:
        yield Reason("aigc_characters", f"{', '.join(odd)} holds more than visible ASCII, against Annex E j")
    if fields["ReservedCode1"] or fields["ReservedCode2"]:
        yield Reason("aigc_security_unchecked", "a reserved field is filled; a signature in it is not checked here")
    yield Reason("aigc_unsigned", "anybody can write, change or remove this label")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _invalid(place: str, code: str, words: str) -> Label:
    return Label("aigc", State.INVALID, (Reason(code, words),), details={"place": place})


RHYTHM = "短长 短短"
"""The rhythm that may stand for spoken words (5.3 c): Morse code for AI, short long, short short."""
SPOKEN_A_MINUTE = (120, 160)
"""Characters a minute of spoken Chinese at normal speed (5.3, note 4)."""
POSITIONS = ("start", "end", "suitable place in the middle")
"""Where a label that is heard may stand (5.3 d)."""

_AI, _MADE = ("人工智能", "AI"), ("生成", "合成")
_OBJECTS = {"audio": "音频", "picture": "图片", "text": "文本", "video": "视频"}


def explicit(medium: str, making: Making) -> str:
    """The explicit label in words, to be shown, or spoken where the medium is `audio`; empty for people's work.

    Simplified Chinese, as in the standard; the wording is ours, its elements are the standard's (5.1 to 5.5).
    """
    if making is Making.HUMAN:
        return ""
    what = _OBJECTS[medium]
    return f"本{what}由人工智能生成" if making is Making.GENERATED else f"本{what}部分内容由人工智能生成"


def is_explicit(words: str) -> bool:
    """Whether words hold both elements that an explicit label must: artificial intelligence, and generated or made."""
    return any(one in words for one in _AI) and any(one in words for one in _MADE)

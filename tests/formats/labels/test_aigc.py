"""GB 45438-2025: the implicit label goes into each kind of file and comes out again; the explicit one is whole."""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Callable

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.errors import InputError
from partita.formats.carriers import plus, xmp
from partita.formats.labels import aigc, audio_tags
from partita.formats.labels.shape import Contribution, Making, Part, State

SAID = aigc.Mark(aigc.IS, "91330100TEST000001", "PARTITA-0001")
LINE_V1 = (
    '{"Label":"1","ContentProducer":"91330100TEST000001","ProduceID":"PARTITA-0001","ReservedCode1":"",'
    '"ContentPropagator":"","PropagateID":"","ReservedCode2":""}'
)


def wav(*chunks: tuple[bytes, bytes]) -> bytes:
    """A WAV file of four silent samples, and further chunks."""
    parts = [(b"fmt ", struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8)), (b"data", b"\x80" * 4), *chunks]
    body = b"".join(name + struct.pack("<I", len(said)) + said + b"\0" * (len(said) % 2) for name, said in parts)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body


def flac(*comments: bytes) -> bytes:
    """The metadata of a FLAC file and some bytes of sound; with a block of comments where any are given."""
    told = struct.pack("<I", 4) + b"made" + struct.pack("<I", len(comments))
    told += b"".join(struct.pack("<I", len(text)) + text for text in comments)
    blocks = [(0, b"\0" * 34), *([(4, told)] if comments else []), (1, b"\0" * 8)]
    body = b"".join(
        bytes([kind | (0x80 if place == len(blocks) - 1 else 0)]) + len(said).to_bytes(3, "big") + said
        for place, (kind, said) in enumerate(blocks)
    )
    return b"fLaC" + body + b"\xff\xf8sound"


def mp3(version: int = 0, *frames: bytes) -> bytes:
    """Some bytes of sound, after an ID3 tag of that version with padding."""
    body = b"".join(frames) + b"\0" * 20
    size = bytes([0, 0, len(body) >> 7, len(body) & 0x7F])
    return (b"ID3" + bytes([version, 0, 0]) + size + body if version else b"") + b"\xff\xfb\x90\x00sound"


def frame(name: bytes, said: bytes) -> bytes:
    """One short ID3 frame; its size reads alike in both versions."""
    return name + struct.pack(">I", len(said)) + b"\0\0" + said


def chunk(name: bytes, said: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(said)) + name + said + struct.pack(">I", zlib.crc32(name + said))


def png(*chunks: bytes) -> bytes:
    """A picture of one point, and further chunks."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def jpeg() -> bytes:
    """The segments of a JPEG, without a picture that anybody could see."""
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xda\x00\x02\x00\xff\xd9"


def pdf(password: str = "") -> bytes:
    """A PDF of one empty page, locked where there is a password."""
    out = io.BytesIO()
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    if password:
        writer.encrypt(password, algorithm="RC4-40")
    writer.add_metadata({"/Title": "Night Harbour"})
    writer.write(out)
    return out.getvalue()


def modern() -> bytes:
    """A PDF whose table of objects is a stream, without document information."""
    bodies = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"]
    out, places = b"%PDF-1.5\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    rows = b"\0" * 7 + b"".join(struct.pack(">BLH", 1, place, 0) for place in [*places, start])
    head = b"<< /Type /XRef /Size 4 /W [1 4 2] /Root 1 0 R /Length %d >>" % len(rows)
    return out + b"3 0 obj\n%s\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (head, rows, start)


MADE: dict[str, tuple[Callable[[], bytes], str]] = {
    "wav": (wav, "RIFF chunk"),
    "flac": (flac, "Vorbis comment"),
    "flac with comments": (lambda: flac(b"TITLE=Night Harbour", b"aigc=old"), "Vorbis comment"),
    "mp3": (mp3, "ID3v2 TXXX"),
    "mp3 of version 2": (lambda: b"\xff\xf3\x90\x00sound", "ID3v2 TXXX"),
    "mp3 with ID3 2.3": (lambda: mp3(3, frame(b"TIT2", b"\0Night"), frame(b"TXXX", b"\0AIGC\0{}")), "ID3v2 TXXX"),
    "mp3 with ID3 2.4": (lambda: mp3(4, frame(b"TXXX", b"\0other\0kept")), "ID3v2 TXXX"),
    "jpeg": (jpeg, "XMP"),
    "png": (png, "XMP"),
    "pdf": (pdf, "PDF information"),
    "pdf of version 1.5": (modern, "PDF information"),
}
KEPT = {
    "flac with comments": b"TITLE=Night Harbour",
    "mp3 with ID3 2.3": b"TIT2",
    "mp3 with ID3 2.4": b"other\0kept",
    "pdf": b"Night Harbour",
    "wav": b"fmt ",
}


def test_the_label_is_the_json_of_annex_e_v1() -> None:
    """Seven fields, in the standard's order, in one line without blanks."""
    assert aigc.text(SAID) == LINE_V1


@pytest.mark.parametrize("kind", MADE)
def test_a_label_is_written_and_read_again_once(kind: str) -> None:
    """Each kind of file holds exactly one label after writing twice, at its own place, and keeps what else it held."""
    make, place = MADE[kind]
    changed = aigc.write(aigc.write(make(), aigc.Mark(aigc.POSSIBLY, "A", "B")), SAID)
    (label,) = aigc.read(changed)
    assert (label.state, label.making, label.details["place"]) == (State.UNSIGNED, None, place)
    assert label.details["fields"] == json.loads(LINE_V1)
    assert KEPT.get(kind, b"") in changed
    assert [reason.code for reason in label.reasons] == ["aigc_unsigned"]


def test_files_stay_whole() -> None:
    """The sizes that a WAV, FLAC and MP3 file state are right after writing, and the sound is as it was."""
    changed = aigc.write(wav((b"LIST", b"odd")) + b"after", SAID)
    assert len(changed) == 8 + struct.unpack("<I", changed[4:8])[0] + len(b"after")
    assert changed.endswith(b"after")
    assert aigc.write(flac(), SAID).endswith(b"\xff\xf8sound")
    assert aigc.write(mp3(4), SAID).endswith(b"\xff\xfb\x90\x00sound")
    for made in (pdf(), modern()):
        changed = aigc.write(made, SAID)
        assert changed.startswith(made)
        assert LINE_V1.encode() in changed


def test_brackets_and_strokes_in_a_value_come_back() -> None:
    """What a PDF, JSON and XML each write in their own way is read as it was."""
    said = aigc.Mark("1", 'a(b)\\c<&>"', "x)y")
    for make in (pdf, modern, png, jpeg, wav, flac, mp3):
        (label,) = aigc.read(aigc.write(make(), said))
        assert label.details["fields"]["ContentProducer"] == said.content_producer  # type: ignore[index]


def test_what_xmp_held_stays_beside_the_label() -> None:
    """The label is one property of a packet, in the standard's own namespace, beside those of others."""
    first = xmp.embedded(png(), xmp.merged(None, {f"{{{plus.NAMESPACE}}}DataMining": "kept"}))
    packet = xmp.packet_of(aigc.write(first, SAID)) or b""
    assert xmp.properties(packet)[f"{{{plus.NAMESPACE}}}DataMining"] == ["kept"]
    assert b'xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/"' in packet


@pytest.mark.parametrize("name", [b"tEXt", b"zTXt"])
def test_a_label_in_a_text_of_a_png_is_read(name: bytes) -> None:
    """Annex B of the pictures' guide wraps the fields once more; both forms are read."""
    line = json.dumps({"AIGC": json.loads(LINE_V1)}).encode()
    said = b"AIGC\0" + (b"\0" + zlib.compress(line) if name == b"zTXt" else line)
    (label,) = aigc.read(png(chunk(name, said)))
    assert label.details["place"] == "PNG tEXt"
    assert label.details["label"] == "1"


def test_a_second_label_elsewhere_is_not_hidden() -> None:
    """Where another label stands at another place, writing says so, since a file may hold one."""
    with pytest.raises(InputError, match="another stands elsewhere"):
        aigc.write(png(chunk(b"tEXt", b"AIGC\0{}")), SAID)


@pytest.mark.parametrize(
    ("line", "state", "code"),
    [
        ("not json", State.INVALID, "aigc_no_json"),
        ('{"Label":"1","Label":"3"}', State.INVALID, "aigc_no_json"),
        ("[" * 5000, State.INVALID, "aigc_no_json"),
        ("[1]", State.INVALID, "aigc_no_object"),
        ("1" * (aigc.JSON_MOST + 1), State.INVALID, "aigc_too_long"),
        ('{"Label":"1"}', State.UNSIGNED, "aigc_field_missing"),
        ('{"Label":1,"ContentProducer":"A","ProduceID":"B"}', State.UNSIGNED, "aigc_not_text"),
        ('{"Label":"1","ContentProducer":"a b","ProduceID":"B"}', State.UNSIGNED, "aigc_characters"),
        ('{"Label":"1","ContentProducer":"A","ProduceID":"B","ReservedCode1":"S"}', State.UNSIGNED,
         "aigc_security_unchecked"),
    ],
)  # fmt: skip
def test_each_defect_of_a_label_is_named(line: str, state: State, code: str) -> None:
    """What is wrong with a label found in a file has its code; what cannot be read says nothing of the making."""
    (label,) = aigc.read(wav((b"AIGC", line.encode())))
    assert label.state is state
    assert code in [reason.code for reason in label.reasons]
    assert ("label" in label.details) is (state is State.UNSIGNED)


@pytest.mark.parametrize("label", ["1", "2", "3"])
def test_no_label_tells_all_from_part(label: str) -> None:
    """Label 1 stands on what is generated in part too, 2 and 3 are others' guesses: none tells how all was made."""
    (found,) = aigc.read(aigc.write(wav(), aigc.Mark(label, "A", "B")))
    assert (found.details["label"], found.making) == (label, None)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (aigc.Mark("4", "A", "B"), "none of 1, 2, 3"),
        (aigc.Mark("1", "", "B"), "ContentProducer is empty"),
        (aigc.Mark("1", "A", ""), "ProduceID is empty"),
        (aigc.Mark("1", "海港", "B"), "ContentProducer holds"),
        (aigc.Mark("1", "A", "two words"), "ProduceID holds"),
    ],
)
def test_a_label_against_annex_e_is_not_written(said: aigc.Mark, wrong: str) -> None:
    """A value that the standard does not allow is refused with a word on how to mend it."""
    with pytest.raises(InputError, match=wrong):
        aigc.write(wav(), said)


def test_what_people_made_bears_no_label() -> None:
    """A record of people's work alone is refused; with one generated part it is label 1, under the producer's code."""
    parts = (Part("lyrics", Making.HUMAN), Part("vocals", Making.GENERATED, "singer/v2"))
    with pytest.raises(InputError, match="would be wrong"):
        aigc.mark(Contribution("Night Harbour", parts[:1], producer="A"), "N1")
    found = aigc.mark(Contribution("Night Harbour", parts, producer="海港"), "N1", "91330100TEST000001")
    assert found == aigc.Mark("1", "91330100TEST000001", "N1")


BROKEN = {
    "short RIFF": wav()[:30],
    "RF64": b"RIFF\xff\xff\xff\xffWAVEds64",
    "short FLAC": flac()[:20],
    "short ID3": mp3(3, frame(b"TXXX", b"\0AIGC\0{}"))[:25],
    "ID3 2.2": b"ID3\x02\0\0\0\0\0\x05.....\xff\xfb",
    "unsynchronised": b"ID3\x04\0\x80\0\0\0\x05.....\xff\xfb",
    "text in no encoding": mp3(4, frame(b"TXXX", b"\x03AIGC\0\xff\xff")),
    "two blocks": b"fLaC" + b"\x04\0\0\x08" + b"\0" * 8 + b"\x84\0\0\x08" + b"\0" * 8,
    "comment after its block": b"fLaC" + b"\x84\0\0\x0c" + b"\0" * 4 + b"\x01\0\0\0" + b"\xff\xff\0\0",
    "broken PDF": b"%PDF-1.7 nothing",
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_is_unknown_and_not_changed(kind: str) -> None:
    """A file that cannot be read has one label of state unknown, which says why; writing into it is refused."""
    (label,) = aigc.read(BROKEN[kind])
    assert (label.state, label.reasons[0].code) == (State.UNKNOWN, "file_unreadable")
    with pytest.raises(InputError):
        aigc.write(BROKEN[kind], SAID)


def test_a_locked_pdf_is_not_changed() -> None:
    """A PDF that needs a password is unknown, and no label is written into it."""
    assert aigc.read(pdf("secret"))[0].state is State.UNKNOWN
    with pytest.raises(InputError, match="encrypted"):
        aigc.write(pdf("secret"), SAID)


def test_another_kind_of_file_is_refused() -> None:
    """Nothing is written where no guide says the place; such a file has no label."""
    assert aigc.read(b"plain text") == []
    with pytest.raises(InputError, match="JPEG, PNG, PDF"):
        aigc.write(b"plain text", SAID)


@given(st.sampled_from([wav(), flac(b"A=1"), mp3(3, frame(b"TXXX", b"\0AIGC\0{}")), png()]), st.data())
def test_no_bytes_break_the_reader(content: bytes, data: st.DataObject) -> None:
    """A file cut short or with any byte changed is read without an exception."""
    at = data.draw(st.integers(0, len(content) - 1))
    byte = data.draw(st.integers(0, 255))
    aigc.read(content[:at])
    assert isinstance(aigc.read(content[:at] + bytes([byte]) + content[at + 1 :]), list)


@given(st.binary(max_size=60), st.sampled_from(["audio/wav", "audio/flac", "audio/mpeg"]))
def test_sound_after_the_tags_is_kept(sound: bytes, kind: str) -> None:
    """What follows the metadata comes out as it went in, and the text is found again."""
    made = {"audio/wav": wav((b"slnt", sound)), "audio/flac": flac(b"A=1") + sound, "audio/mpeg": mp3(4) + sound}[kind]
    changed = audio_tags.put(made, kind, "AIGC", "said")
    assert sound in changed
    assert audio_tags.find(changed, kind, "AIGC") == [b"said"]


@pytest.mark.parametrize("medium", ["audio", "picture", "text", "video"])
@pytest.mark.parametrize("making", [Making.ASSISTED, Making.GENERATED])
def test_the_explicit_label_holds_both_elements(medium: str, making: Making) -> None:
    """Words to be shown or spoken name artificial intelligence and generation (5.1 to 5.4)."""
    assert aigc.is_explicit(aigc.explicit(medium, making))
    assert ("部分" in aigc.explicit(medium, making)) is (making is Making.ASSISTED)


def test_people_s_work_is_not_announced_and_half_a_label_is_none() -> None:
    """No words for people's work; the letters AI alone are no explicit label, and the rhythm spells them."""
    assert aigc.explicit("audio", Making.HUMAN) == ""
    assert not aigc.is_explicit("AI")
    assert aigc.RHYTHM.replace("短", ".").replace("长", "-") == ".- .."

"""Content credentials, read: what they are worth, what they say of the making, and what hostile files come to."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partita.errors import InputError
from partita.formats.labels import c2pa, c2pa_read, media
from partita.formats.labels.c2pa_words import FAILURES, words
from partita.formats.labels.credentials import Credentials
from partita.formats.labels.shape import Contribution, Edit, Ingredient, Making, Part, Relation, State

pytest.importorskip("c2pa")
HUMAN, ASSISTED, GENERATED = Making
ENDINGS = ("wav", "flac", "mp3", "jpg", "png", "pdf", "epub")
IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
PLAIN = Contribution("Waltz", (Part("whole", GENERATED, "Model 5"),))
Write = Callable[..., Path]
Record = Callable[[Making], Contribution]


class Files(dict[str, bytes]):
    """Bytes by ending, which a failing test does not print."""

    def __repr__(self) -> str:
        """Names alone."""
        return f"Files({', '.join(self)})"


BELIEVED = (State.TRUSTED, State.UNTRUSTED)


@pytest.fixture(scope="session")
def signed(tmp_path_factory: pytest.TempPathFactory, signer: Credentials, contents: dict[str, bytes]) -> Files:
    """The bytes of a tiny generated file of each ending, labelled."""
    folder, made = tmp_path_factory.mktemp("signed"), Files()
    for ending in ENDINGS:
        path, out = folder / f"in.{ending}", folder / f"out.{ending}"
        path.write_bytes(contents[ending])
        c2pa.sign(path, out, c2pa.manifest(PLAIN), signer)
        made[ending] = out.read_bytes()
    return made


def box(content: bytes) -> range:
    """Where the credentials stand in a file: the outermost box by its own length, and the head of what holds it."""
    start = content.index(b"jumb") - 4
    return range(start - 12, start + int.from_bytes(content[start : start + 4], "big"))


def told(content: bytes) -> list[tuple[str, bytes]]:
    """What a book tells its readers: names and contents of its members; none where it does not open."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [(name, archive.read(name)) for name in archive.namelist()]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        return []


@pytest.mark.parametrize("ending", ENDINGS)
@settings(max_examples=120)
@given(data=st.data())
def test_one_changed_byte_is_never_believed(
    ending: str, data: st.DataObject, signed: Files, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Wherever in the media it stands: the label is invalid or not found, with its reason.

    Within the credentials themselves some bytes are padding. Between the members of a book some bytes belong to none.
    """
    whole = signed[ending]
    at, change = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(1, 255))
    changed = whole[:at] + bytes([whole[at] ^ change]) + whole[at + 1 :]
    path = tmp_path_factory.getbasetemp() / f"changed.{ending}"
    path.write_bytes(changed)
    if not media.is_media(path):
        assert at < 60
        return
    label = c2pa_read.read(path)
    assert label.reasons
    if label.state in BELIEVED:
        assert at in box(whole) or (ending == "epub" and told(changed) == told(whole))
        assert label.making is GENERATED


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_changed_byte_of_content_is_named(ending: str, signed: Files, media_file: Write) -> None:
    """The last byte of sound, picture or page: the reason says that the content was changed after signing."""
    whole, path = bytearray(signed[ending]), media_file(ending)
    at = {"epub": bytes(whole).find(b"la la"), "pdf": bytes(whole).find(b"/MediaBox") + 1}.get(ending, len(whole) - 2)
    whole[at] ^= 1
    path.write_bytes(whole)
    label = c2pa_read.read(path)
    assert (label.state, label.making, dict(label.record)) == (State.INVALID, None, {})
    told_of = " ".join(reason.words for reason in label.reasons)
    assert "changed" in told_of or "damaged" in told_of


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_cut_off_or_with_a_tail_is_never_believed(ending: str, signed: Files, media_file: Write) -> None:
    """Cut anywhere, or followed by bytes that were not signed."""
    whole, path = signed[ending], media_file(ending)
    for content in [*(whole[: len(whole) * part // 16] for part in range(2, 16)), whole[:-1], whole + b"tail"]:
        path.write_bytes(content)
        label = c2pa_read.read(path) if media.is_media(path) else None
        assert label is None or (label.state not in BELIEVED and label.reasons)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_without_credentials_has_none(ending: str, media_file: Write) -> None:
    """Nothing is said of how it was made: that is not human."""
    label = c2pa_read.read(media_file(ending))
    assert (label.state, label.making) == (State.NONE, None)
    assert [reason.code for reason in label.reasons] == ["partita.none"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_huge_files_of_nothing_are_read_in_bounds(ending: str, media_file: Write) -> None:
    """A hundred megabytes behind a right beginning: none or unknown, or refused, with words."""
    path = media_file(ending)
    head = path.read_bytes()[:60]
    path.write_bytes(head)
    os.truncate(path, 100 << 20)
    if ending in ("png", "wav"):
        with pytest.raises(InputError, match="more than 100,000 pieces"):
            c2pa_read.read(path)
    else:
        assert c2pa_read.read(path).state in (State.NONE, State.UNKNOWN)


def test_a_hundred_megabytes_are_signed_and_read(media_file: Write, signer: Credentials, trust: str) -> None:
    """A recording of nearly two hours in mono."""
    path = media_file("wav")
    size = 100 << 20
    content = bytearray(path.read_bytes())
    content[4:8], content[40:44] = (size - 8).to_bytes(4, "little"), (size - 44).to_bytes(4, "little")
    path.write_bytes(content)
    os.truncate(path, size)
    out = path.with_name("out.wav")
    assert c2pa.sign(path, out, c2pa.manifest(PLAIN), signer).bytes > size
    assert c2pa_read.read(out, trust=trust).state is State.TRUSTED


def test_the_wrong_name_and_a_link_change_nothing(signed: Files, tmp_path: Path, trust: str) -> None:
    """A labelled PNG called MP3, through a link, is a labelled PNG; the name is remarked upon."""
    path, link = tmp_path / "song.mp3", tmp_path / "link"
    path.write_bytes(signed["png"])
    link.symlink_to(path)
    assert c2pa_read.read(link, trust=trust).state is State.TRUSTED
    label = c2pa_read.read(path, trust=trust)
    assert [reason.code for reason in label.reasons] == ["partita.name", "signingCredential.trusted"]


def test_credentials_that_lie_elsewhere_are_not_fetched(media_file: Write) -> None:
    """A link to credentials on the web is no label; nothing is fetched, and nothing is concluded."""
    path = media_file("jpg")
    description = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dcterms="http://purl.org/dc/terms/" '
        'dcterms:provenance="https://example.org/song.c2pa"/></rdf:RDF></x:xmpmeta>'
    )
    packet = b"http://ns.adobe.com/xap/1.0/\0" + description.encode()
    plain = path.read_bytes()
    path.write_bytes(plain[:2] + b"\xff\xe1" + (len(packet) + 2).to_bytes(2, "big") + packet + plain[2:])
    label = c2pa_read.read(path)
    assert (label.state, label.reasons[0].code) == (State.UNKNOWN, "manifest.inaccessible")


def test_pieces_of_credentials_are_told_from_none(signed: Files, media_file: Write) -> None:
    """Where a file's credentials were moved out of their place, nobody says that it never had any."""
    path = media_file("pdf")
    path.write_bytes(path.read_bytes() + signed["wav"])
    label = c2pa_read.read(path)
    assert (label.state, label.reasons[0].code) == (State.UNKNOWN, "partita.traces")


def test_a_labelled_book_that_was_packed_again_is_unknown(signed: Files, media_file: Write) -> None:
    """The library reads plain members alone: packed ones cannot be checked, so nothing is said of them."""
    path, out = media_file("epub"), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(signed["epub"])) as before, zipfile.ZipFile(out, "w") as after:
        for member in before.infolist():
            after.writestr(member.filename, before.read(member), zipfile.ZIP_DEFLATED * (member.filename != "mimetype"))
    path.write_bytes(out.getvalue())
    label = c2pa_read.read(path)
    assert (label.state, label.reasons[0].code) == (State.UNKNOWN, "partita.compressed")


def test_without_the_package_nothing_is_known(
    signed: Files, media_file: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even that a file has no label; the mend is the package."""
    path = media_file("wav")
    path.write_bytes(signed["wav"])
    monkeypatch.setattr(c2pa_read, "c2pa", None)
    label = c2pa_read.read(path)
    assert (label.state, "pip install" in label.reasons[0].words) == (State.UNKNOWN, True)


@pytest.mark.parametrize(
    ("first", "relation", "edits", "whole"),
    [
        (HUMAN, Relation.PARENT, [HUMAN], HUMAN),
        (HUMAN, Relation.PARENT, [GENERATED], ASSISTED),
        (GENERATED, Relation.PARENT, [HUMAN], ASSISTED),
        (GENERATED, Relation.PARENT, [GENERATED], GENERATED),
        (GENERATED, Relation.PARENT, [], GENERATED),
        (ASSISTED, Relation.PARENT, [HUMAN], ASSISTED),
        (None, Relation.PARENT, [HUMAN], None),
        (None, Relation.PARENT, [GENERATED], ASSISTED),
        (GENERATED, Relation.COMPONENT, [], ASSISTED),
        (None, Relation.COMPONENT, [], None),
        (HUMAN, Relation.COMPONENT, [], HUMAN),
    ],
)
def test_the_whole_is_made_as_its_steps(
    first: Making | None, relation: Relation, edits: list[Making], whole: Making | None, media_file: Write,
    record: Record, signer: Credentials,
) -> None:  # fmt: skip
    """A source file's making counts where it became part; of an unknown source, nobody says human."""
    source = media_file("png")
    if first:
        source = source.with_name("labelled.png")
        c2pa.sign(media_file("png"), source, c2pa.manifest(record(first)), signer)
    sources = [Ingredient(source, relation)]
    definition = c2pa.manifest(record(HUMAN), sources, [Edit("c2pa.edited", making) for making in edits])
    out = source.with_name("out.png")
    c2pa.sign(media_file("png"), out, definition, signer, sources)
    label = c2pa_read.read(out)
    assert (label.state, label.making) == (State.UNTRUSTED, whole)


def test_what_a_machine_was_shown_is_no_part_of_what_it_made(
    media_file: Write, record: Record, signer: Credentials
) -> None:
    """A model was shown a human picture and made another: that one is generated."""
    shown, out = media_file("png", "shown"), media_file("png").with_name("out.png")
    labelled = shown.with_name("labelled.png")
    c2pa.sign(shown, labelled, c2pa.manifest(record(HUMAN)), signer)
    sources = [Ingredient(labelled, Relation.INPUT)]
    c2pa.sign(shown, out, c2pa.manifest(record(GENERATED), sources), signer, sources)
    assert c2pa_read.read(out).making is GENERATED


def store(*actions: dict[str, Any], complete: bool = True, **more: Any) -> dict[str, Any]:
    """A manifest store as the library tells it, of one manifest with these actions."""
    data = {"actions": list(actions), "allActionsIncluded": complete}
    manifest = {"assertions": [{"label": "c2pa.actions.v2", "data": data}], **more}
    return {"active_manifest": "m", "manifests": {"m": manifest}}


@pytest.mark.parametrize(
    ("source_type", "making"),
    [
        (f"{IPTC}digitalCapture", HUMAN),
        (f"{IPTC}trainedAlgorithmicMedia", GENERATED),
        (f"{IPTC}compositeSynthetic", ASSISTED),
        ("http://c2pa.org/digitalsourcetype/trainedAlgorithmicData", GENERATED),
        ("http://c2pa.org/digitalsourcetype/empty", None),
        (f"{IPTC}composite", None),
        (f"{IPTC}screenCapture", None),
        (f"{IPTC}algorithmicMedia", None),
        ("https://example.org/own", None),
        ("", None),
    ],
)
def test_source_types_of_others_are_read(source_type: str, making: Making | None) -> None:
    """A composite, a screen, an algorithm without training, a word of somebody's own: who made it stays open."""
    first = {"action": "c2pa.created", "digitalSourceType": source_type}
    assert c2pa_read.of_store(store(first), "Valid").making is making
    machine = making in (ASSISTED, GENERATED)
    assert c2pa_read.of_store(store(first, complete=False), "Valid").making is (ASSISTED if machine else None)


def test_a_blank_canvas_says_nothing_and_its_edits_all() -> None:
    """What a machine painted on an empty canvas is generated."""
    blank = {"action": "c2pa.created", "digitalSourceType": "http://c2pa.org/digitalsourcetype/empty"}
    drawn = {"action": "c2pa.drawing", "digitalSourceType": f"{IPTC}trainedAlgorithmicMedia"}
    assert c2pa_read.of_store(store(blank, drawn), "Valid").making is GENERATED


def test_sources_that_name_one_another_in_a_circle_come_to_an_end() -> None:
    """A hostile store may send its reader round in circles."""
    made = store({"action": "c2pa.created", "digitalSourceType": f"{IPTC}digitalCreation"},
                 ingredients=[{"relationship": "parentOf", "active_manifest": "m"}])  # fmt: skip
    assert c2pa_read.of_store(made, "Valid").making is HUMAN


def test_every_reason_has_words_that_are_no_code() -> None:
    """A court reads the words; a code of next year's standard has some too."""
    assert all(" " in text and "." not in text.split()[0] for text in FAILURES.values())
    assert words("assertion.newHash.mismatch") == "something is not what was signed"
    assert words("something.else") == "the check failed"


NAMES = st.sampled_from(
    ["m", "manifests", "active_manifest", "assertions", "label", "data", "actions", "action", "ingredients", "code",
     "c2pa.actions.v2", "c2pa.created", "digitalSourceType", "validation_results", "activeManifest", "failure",
     "relationship", "parentOf", "allActionsIncluded", "cawg.training-mining", "entries", "partita.contribution"]
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | NAMES | st.just(f"{IPTC}digitalCreation"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=40,
)


@given(JSON, st.sampled_from(["Trusted", "Valid", "Invalid", "", "Well"]))
def test_any_store_is_a_label(found: object, state: str) -> None:
    """Whatever the library tells of hostile bytes: a label, and nothing is taken from one that is not valid."""
    label = c2pa_read.of_store(found, state)
    assert label.state in (*BELIEVED, State.INVALID)
    if label.state is State.INVALID:
        assert (label.making, dict(label.record), bool(label.reasons)) == (None, {}, True)


@given(JSON, JSON)
def test_any_active_manifest_is_a_label(assertions: object, ingredients: object) -> None:
    """The same, nearer to a real store."""
    found = {"active_manifest": "m", "manifests": {"m": {"assertions": assertions, "ingredients": ingredients}}}
    assert c2pa_read.of_store(found, "Trusted").state is State.TRUSTED

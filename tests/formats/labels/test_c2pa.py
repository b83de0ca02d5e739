"""Content credentials, written: every making in every kind of file, with sources and edits; and what is refused."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from partita.errors import InputError
from partita.formats import contribution_file
from partita.formats.labels import c2pa, c2pa_read, media
from partita.formats.labels.credentials import Credentials
from partita.formats.labels.shape import Contribution, Edit, Ingredient, Making, Part, Relation, State

pytest.importorskip("c2pa")
HUMAN, ASSISTED, GENERATED = Making
ENDINGS = ("wav", "flac", "mp3", "jpg", "png", "pdf", "epub")
IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
Write = Callable[..., Path]
Record = Callable[[Making], Contribution]
EDITS = (
    Edit("c2pa.mixed", HUMAN, "Console 9", "mixed by hand", dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)),
    Edit("c2pa.edited", GENERATED, "Model 5", "a new verse"),
    Edit("c2pa.transcoded"),
)


@pytest.mark.parametrize("making", list(Making))
@pytest.mark.parametrize("ending", ENDINGS)
def test_every_making_in_every_kind_is_read_back(
    ending: str, making: Making, media_file: Write, record: Record, signer: Credentials, trust: str
) -> None:
    """Whoever has the authority sees it trusted; others see it whole, and untrusted outside; both see the making."""
    path = media_file(ending)
    out = path.with_name(f"labelled.{ending}")
    before = path.read_bytes()
    done = c2pa.sign(path, out, c2pa.manifest(record(making)), signer)
    assert path.read_bytes() == before
    assert done.sha256 == hashlib.sha256(out.read_bytes()).hexdigest()
    for anchors, state, code in (
        (trust, State.TRUSTED, "signingCredential.trusted"),
        ("", State.UNTRUSTED, "signingCredential.untrusted"),
    ):
        label = c2pa_read.read(out, trust=anchors)
        assert (label.state, label.making, label.signer) == (state, making, "Sample society")
        assert [reason.code for reason in label.reasons] == [code]
    assert label.reasons[0].words.startswith("untrusted outside: a private certificate")
    assert [one["purpose"] for one in label.details["reservations"]] == ["train_generative", "train_other"]
    assert label.details["disclosure_faults"] == []
    assert contribution_file.of(dict(label.record)) == record(making)


@pytest.mark.parametrize("ending", ENDINGS)
def test_sources_and_edits_are_read_back(
    ending: str, media_file: Write, record: Record, signer: Credentials, trust: str
) -> None:
    """A generated parent with credentials, mixed by hand, with a picture put in: the whole is assisted."""
    parent = media_file(ending, "parent")
    labelled, out = parent.with_name(f"first.{ending}"), parent.with_name(f"second.{ending}")
    c2pa.sign(parent, labelled, c2pa.manifest(record(GENERATED)), signer)
    sources = (
        Ingredient(labelled, Relation.PARENT), Ingredient(media_file("png", "cover")),
        Ingredient(parent, Relation.INPUT, "a prompt"),
    )  # fmt: skip
    c2pa.sign(labelled, out, c2pa.manifest(record(ASSISTED), sources, EDITS), signer, sources)
    label = c2pa_read.read(out, trust=trust)
    assert (label.state, label.making) == (State.TRUSTED, ASSISTED)
    assert label.details["sources"] == [
        {"title": f"first.{ending}", "relation": "parent", "credentials": True},
        {"title": "cover.png", "relation": "component", "credentials": False},
        {"title": "a prompt", "relation": "input", "credentials": False},
    ]
    actions = ["c2pa.opened", "c2pa.mixed", "c2pa.edited", "c2pa.transcoded", "c2pa.placed"]
    assert [one["action"] for one in label.details["actions"]] == actions
    assert label.details["digital_source_types"] == [f"{IPTC}humanEdits", f"{IPTC}trainedAlgorithmicMedia"]
    assert label.details["actions"][1] == {
        "action": "c2pa.mixed", "source_type": f"{IPTC}humanEdits", "tool": "Console 9", "description": "mixed by hand",
        "when": "2026-11-22T09:00:00+00:00",
    }  # fmt: skip


def test_a_manifest_v1(record: Record) -> None:
    """The manifest of a record, to the letter; the version of Partita aside."""
    made = c2pa.manifest(record(ASSISTED))
    assert made["claim_generator_info"][0].pop("version")
    assert json.loads(json.dumps(made)) == {
        "claim_version": 2,
        "claim_generator_info": [{"name": "Partita", "specVersion": "2.4.0"}],
        "title": "Waltz of the Harbour",
        "assertions": [
            {"label": "c2pa.actions.v2", "created": True, "data": {"allActionsIncluded": True, "actions": [
                {"action": "c2pa.created", "digitalSourceType": f"{IPTC}compositeWithTrainedAlgorithmicMedia",
                 "softwareAgent": {"name": "Model 5"}, "when": "2026-11-22T10:00:00+00:00"}]}},
            {"label": "c2pa.ai-disclosure", "created": True, "data": {
                "modelType": "c2pa.types.model.pytorch", "modelName": "Model 5",
                "contentProfile": {"humanOversightLevel": "human_validated"}}},
            {"label": "cawg.training-mining", "created": True, "data": {"entries": {
                "cawg.ai_training": {"use": "notAllowed"}, "cawg.ai_generative_training": {"use": "notAllowed"}}}},
            {"label": "partita.contribution", "created": True, "data": {
                "v": 1, "making": "assisted", "title": "Waltz of the Harbour", "work_id": "W000001",
                "parts": [{"part": "melody", "making": "human"},
                          {"part": "vocals", "making": "generated", "tool": "Model 5",
                           "model_type": "c2pa.types.model.pytorch"}],
                "credits": [{"work_id": "W000002", "title": "Polka", "share_ppm": 12000}],
                "producer": "Sample society", "produced_at": "2026-11-22T10:00:00+00:00",
                "reservation": ["train", "search"], "oversight": "human_validated"}},
        ],
    }  # fmt: skip


def test_what_cannot_be_said_is_told(record: Record) -> None:
    """The assertion has no word for search: the reservation of it is lost, and that is not hidden."""
    entries, fates = c2pa.reservation(record(HUMAN))
    assert sorted(entries["entries"]) == ["cawg.ai_generative_training", "cawg.ai_training"]
    assert {fate.statement.purpose: fate.effect.value for fate in fates} == {"train": "exact", "search": "lost"}


def test_evidence_is_not_published(record: Record) -> None:
    """A labelled file goes round the world: it holds of evidence the kind and the hash, never the words."""
    part = Part("lyrics", HUMAN, evidence=("drafts: the letter to my sister",), sha256=("ab" * 32,))
    made = c2pa.manifest(replace(record(HUMAN), parts=(part,)))
    assert "sister" not in json.dumps(made)
    assert made["assertions"][-1]["data"]["parts"] == [
        {"part": "lyrics", "making": "human", "evidence": ["drafts"], "sha256": ["ab" * 32]}
    ]


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_work_itself_stays_as_it_was(
    ending: str, media_file: Write, record: Record, signer: Credentials, trust: str
) -> None:
    """Sound, picture, page and members are those of before; names in Chinese are no hindrance."""
    path = media_file(ending, "港邊圓舞曲")
    out = path.with_name(f"港邊圓舞曲 labelled.{ending}")
    before = path.read_bytes()
    c2pa.sign(path, out, c2pa.manifest(replace(record(GENERATED), title="港邊圓舞曲", producer="北區集管團體")), signer)
    after = out.read_bytes()
    if ending in ("wav", "flac", "mp3", "jpg", "png"):
        part = {"wav": slice(12, None), "flac": slice(8, None), "mp3": slice(None), "jpg": slice(20, None),
                "png": slice(33, None)}[ending]  # fmt: skip
        assert before[part] in after
    elif ending == "pdf":
        pages = [pypdf.PdfReader(file).pages for file in (path, out)]
        assert pages[0][0].mediabox == pages[1][0].mediabox
        assert len(pages[0]) == len(pages[1]) == 1
    else:
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(out) as new:
            assert all(new.read(name) == old.read(name) for name in old.namelist())
    label = c2pa_read.read(out, trust=trust)
    assert (label.state, label.record["title"], label.record["producer"]) == (
        State.TRUSTED,
        "港邊圓舞曲",
        "北區集管團體",
    )


def test_titles_of_sources_are_names_without_folders(media_file: Write, record: Record, signer: Credentials) -> None:
    """Nothing of the disk's folders stands in a label."""
    path = media_file("png")
    sources = (Ingredient(path, Relation.PARENT),)
    out = path.with_name("out.png")
    c2pa.sign(path, out, c2pa.manifest(record(HUMAN), sources, EDITS[:1]), signer, sources)
    assert os.fsencode(path.parent) not in out.read_bytes()


@pytest.mark.parametrize("action", sorted(c2pa.EDITS))
def test_every_edit_is_taken_by_the_library(
    action: str, media_file: Write, record: Record, signer: Credentials, trust: str
) -> None:
    """By people and by machines; what changes nothing that is seen needs no source type where people did it."""
    path = media_file("wav")
    out = path.with_name("out.wav")
    edits = [Edit(action, HUMAN), Edit(action, GENERATED)]
    definition = c2pa.manifest(record(ASSISTED), (), edits)
    first, second = definition["assertions"][0]["data"]["actions"][1:]
    assert first.get("digitalSourceType", "") == ("" if action in c2pa.UNSEEN else f"{IPTC}humanEdits")
    assert second["digitalSourceType"] == f"{IPTC}trainedAlgorithmicMedia"
    c2pa.sign(path, out, definition, signer)
    label = c2pa_read.read(out, trust=trust)
    assert (label.state, label.making) == (State.TRUSTED, ASSISTED)


@pytest.mark.parametrize(
    ("sources", "edits", "words"),
    [
        (2 * [Relation.PARENT], EDITS, "one parent at most"),
        ([Relation.PARENT, Relation.INPUT], (), "nothing that a machine made of it"),
        ([Relation.PARENT, Relation.INPUT], EDITS[:1], "nothing that a machine made of it"),
        ([], [Edit("c2pa.watermarked")], "is no edit"),
        ([], [Edit("c2pa.opened")], "is no edit"),
        ([], [Edit("c2pa.redacted")], "is no edit"),
        (101 * [Relation.COMPONENT], (), "more than 100"),
        ([], 101 * [EDITS[0]], "more than 100"),
    ],
)
def test_what_c2pa_has_no_room_for_is_refused(
    sources: list[Relation], edits: list[Edit], words: str, record: Record
) -> None:
    """Before anything is read or signed. No watermark is claimed: none is written."""
    with pytest.raises(InputError, match=words):
        c2pa.manifest(record(ASSISTED), [Ingredient(Path("a.png"), one) for one in sources], edits)


def test_a_disclosure_that_would_be_wrong_is_refused() -> None:
    """The signing library would write it."""
    for part in (Part("vocals", GENERATED, "x" * 300), Part("vocals", GENERATED, "M", "c2pa.types.model.own")):
        with pytest.raises(InputError, match="the AI disclosure would be wrong"):
            c2pa.manifest(Contribution("Waltz", (part,)))


def test_nothing_is_written_where_signing_fails(
    media_file: Write, record: Record, signer: Credentials, tmp_path: Path
) -> None:
    """A file that breaks, credentials that do not fit: the result stays as it was, and no draft is left."""
    whole = media_file("png")
    broken, out = tmp_path / "broken.png", tmp_path / "out.png"
    broken.write_bytes(whole.read_bytes()[:20])
    out.write_bytes(b"earlier")
    strange = replace(signer, certificates=b"none")
    for path, credentials in ((broken, signer), (whole, strange), (whole, replace(signer, algorithm="none"))):
        with pytest.raises(InputError, match="could not be signed"):
            c2pa.sign(path, out, c2pa.manifest(record(HUMAN)), credentials)
    assert out.read_bytes() == b"earlier"
    assert {path.name for path in tmp_path.iterdir()} == {"song.png", "broken.png", "out.png"}


def test_a_result_stands_beside_its_original_under_its_own_ending(
    media_file: Write, record: Record, signer: Credentials, tmp_path: Path
) -> None:
    """Not in its place, also not through a link; not in a folder's; not under the ending of another kind."""
    path, definition = media_file("wav"), c2pa.manifest(record(HUMAN))
    link = tmp_path / "link.wav"
    link.symlink_to(path)
    for out, words in (
        (path, "replace its original"),
        (link, "replace its original"),
        (tmp_path, "a folder"),
        (tmp_path / "out.mp3", "the labelled file is WAV"),
        (path / "out.wav", "cannot be written"),
    ):
        with pytest.raises(InputError, match=words):
            c2pa.sign(path, out, definition, signer)
    with pytest.raises(InputError, match="cannot be written"):
        c2pa.sign(path, tmp_path / "nowhere" / "out.wav", definition, signer)


def test_a_wrong_name_is_signed_as_what_it_is(media_file: Write, record: Record, signer: Credentials) -> None:
    """A PNG called WAV is a PNG, and that is remarked upon."""
    path = media_file("png").rename(media_file("wav"))
    done = c2pa.sign(path, path.with_name("out.png"), c2pa.manifest(record(HUMAN)), signer)
    assert done.remarks == ("its name says WAV, its bytes are PNG",)


def test_compressed_books_are_stored_plain_and_that_is_told(
    media_file: Write, record: Record, signer: Credentials, trust: str
) -> None:
    """The library reads no compressed member; the book is signed all the same."""
    path = media_file("epub")
    out = path.with_name("out.epub")
    done = c2pa.sign(path, out, c2pa.manifest(record(HUMAN)), signer)
    assert done.remarks == ("the book's compressed members were stored plain: the library that signs reads no others",)
    assert (media.is_stored(out), c2pa_read.read(out, trust=trust).state) == (True, State.TRUSTED)


def test_a_file_too_large_to_sign_is_refused(media_file: Write, record: Record, signer: Credentials) -> None:
    """Signing takes several times a file's size of memory."""
    path = media_file("wav")
    os.truncate(path, media.SIGN_MOST + 1)
    with pytest.raises(InputError, match="larger than 524,288,000 bytes"):
        c2pa.sign(path, path.with_name("out.wav"), c2pa.manifest(record(HUMAN)), signer)


def test_without_the_package_it_is_said_how_to_install(
    media_file: Write, record: Record, signer: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The optional package may be missing."""
    monkeypatch.setattr(c2pa, "c2pa", None)
    path = media_file("wav")
    with pytest.raises(InputError, match="pip install"):
        c2pa.sign(path, path.with_name("out.wav"), c2pa.manifest(record(HUMAN)), signer)

"""Labelling a file from its record, and verifying it: nothing is written that contradicts record, parent or label."""

from __future__ import annotations

import datetime as dt
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from partita.errors import InputError
from partita.formats import contribution_file
from partita.formats.labels import aigc, c2pa, credentials, ddex
from partita.formats.labels.shape import Contribution, Edit, Ingredient, Making, Part, Relation
from partita.jobs import labels
from partita.jobs.labels import Wishes

pytest.importorskip("c2pa")
NOW = dt.datetime.now(dt.UTC)
HUMAN, ASSISTED, GENERATED = Making
PARTS = {
    HUMAN: "[{part: melody, making: human, evidence: [drafts]}]",
    ASSISTED: "[{part: melody, making: human, evidence: [drafts]}, {part: vocals, making: generated, tool: Model 5}]",
    GENERATED: "[{part: whole, making: generated, tool: Model 5}]",
}
HEAD = "title: Waltz of the Harbour\nproducer: Sample society\nreservation: [train, search]\n"
Write = Callable[[Making], Path]


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of credentials."""
    folder = tmp_path_factory.mktemp("credentials")
    labels.certificate(folder, "Sample society", "", at=NOW)
    return folder


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A PNG of one grey point."""
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\x80")),
        (b"IEND", b""),
    ]
    parts = [struct.pack(">I", len(b)) + n + b + struct.pack(">I", zlib.crc32(n + b)) for n, b in chunks]
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))
    return tmp_path / "picture.png"


@pytest.fixture
def record(tmp_path: Path) -> Write:
    """Writes a record whose whole was made so."""

    def write(making: Making) -> Path:
        path = tmp_path / f"{making}.yaml"
        path.write_text(f"{HEAD}parts: {PARTS[making]}\n")
        return path

    return write


@pytest.mark.parametrize("making", list(Making))
def test_a_labelled_file_is_verified(making: Making, picture: Path, record: Write, keys: Path) -> None:
    """What the record says is what is read; trusted by whoever has the authority, and by nobody else."""
    out = picture.with_name("out.png")
    done = labels.label(picture, record(making), out, Wishes(keys), at=NOW)
    assert (done["making"], [one["state"] for one in done["labels"]]) == (making, ["untrusted"])
    assert done["unsaid"] == ["search"]
    assert done["words"]["gb_45438"] == aigc.explicit("picture", making)
    assert len(done["words"]["eu_art50"]) == (0 if making is HUMAN else 4)
    for trust, state in ((keys, "trusted"), (None, "untrusted")):
        found = labels.verify(out, trust)
        assert (found["state"], found["making"], found["verified"]) == (state, making, state == "trusted")
        assert found["kind"] == "PNG"
    said = contribution_file.read(record(making))
    assert contribution_file.of(found["labels"][0]["record"]) == said


def test_both_labels_stand_and_the_signature_covers_them(picture: Path, record: Write, keys: Path) -> None:
    """China's label is written first; taking it out breaks the signature."""
    out = picture.with_name("out.png")
    done = labels.label(picture, record(ASSISTED), out, Wishes(keys, produce_id="N-1", producer="9133"), at=NOW)
    assert [(one["kind"], one["state"]) for one in done["labels"]] == [("c2pa", "untrusted"), ("aigc", "unsigned")]
    found = labels.verify(out, keys)
    assert (found["verified"], found["making"], found["findings"]) == (True, ASSISTED, [])
    out.write_bytes(out.read_bytes().replace(b"N-1", b"N-2"))
    assert labels.verify(out, keys)["state"] == "invalid"


def test_without_a_certificate_only_the_unsigned_label_is_written(picture: Path, record: Write, keys: Path) -> None:
    """It is read, and nothing vouches for it; a file with credentials is not broken by one."""
    out = picture.with_name("out.png")
    done = labels.label(picture, record(GENERATED), out, Wishes(produce_id="N-1", producer="9133"), at=NOW)
    assert [(one["kind"], one["state"]) for one in done["labels"]] == [("aigc", "unsigned")]
    assert (labels.verify(out)["state"], labels.verify(out)["verified"]) == ("none", False)
    signed = picture.with_name("signed.png")
    labels.label(picture, record(GENERATED), signed, Wishes(keys), at=NOW)
    with pytest.raises(InputError, match="would break"):
        labels.label(signed, record(GENERATED), out, Wishes(produce_id="N-1", producer="9133"), at=NOW)
    with pytest.raises(InputError, match="nothing would be written"):
        labels.label(picture, record(GENERATED), out, Wishes(), at=NOW)


@pytest.mark.parametrize(
    ("before", "after", "edits"),
    [
        (GENERATED, HUMAN, []),
        (GENERATED, HUMAN, [HUMAN]),
        (ASSISTED, HUMAN, []),
        (GENERATED, ASSISTED, []),
        (HUMAN, GENERATED, []),
        (HUMAN, ASSISTED, [HUMAN]),
    ],
)
def test_no_new_label_hides_what_the_old_one_says(
    before: Making, after: Making, edits: list[Making], picture: Path, record: Write, keys: Path
) -> None:
    """The file's own credentials stay its parent; a record that contradicts them is refused, and nothing is left."""
    first, out = picture.with_name("first.png"), picture.with_name("out.png")
    labels.label(picture, record(before), first, Wishes(keys), at=NOW)
    wishes = Wishes(keys, edits=tuple(Edit("c2pa.edited", making) for making in edits))
    with pytest.raises(InputError, match="--edit"):
        labels.label(first, record(after), out, wishes, at=NOW)
    assert not out.exists()
    assert [path.name for path in picture.parent.iterdir() if path.name.startswith(".")] == []


def test_what_was_done_to_a_labelled_file_is_told(picture: Path, record: Write, keys: Path) -> None:
    """Generated, then edited by hand: assisted; and the same again with nothing done stays as it was."""
    first, second, third = (picture.with_name(f"{name}.png") for name in ("first", "second", "third"))
    labels.label(picture, record(GENERATED), first, Wishes(keys), at=NOW)
    by_hand = Wishes(keys, edits=(Edit("c2pa.edited", HUMAN, description="new colours"),))
    labels.label(first, record(ASSISTED), second, by_hand, at=NOW)
    labels.label(second, record(ASSISTED), third, Wishes(keys), at=NOW)
    found = labels.verify(third, keys)
    assert (found["verified"], found["making"]) == (True, ASSISTED)
    assert found["labels"][0]["details"]["manifests"] == 3


def test_a_parent_needs_its_edit(picture: Path, record: Write, keys: Path) -> None:
    """Who names a parent says what was done to it; of an unlabelled parent only the edit can say how."""
    out = picture.with_name("out.png")
    parent = (Ingredient(picture, Relation.PARENT),)
    with pytest.raises(InputError, match="not what was done to it"):
        labels.label(picture, record(ASSISTED), out, Wishes(keys, parent), at=NOW)
    with pytest.raises(InputError, match="no edit says it"):
        labels.label(picture, record(ASSISTED), out, Wishes(keys, parent, (Edit("c2pa.mixed"),)), at=NOW)
    labels.label(picture, record(ASSISTED), out, Wishes(keys, parent, (Edit("c2pa.mixed", GENERATED),)), at=NOW)
    assert labels.verify(out, keys)["making"] == ASSISTED


def test_another_parent_does_not_hide_what_the_file_says(picture: Path, record: Write, keys: Path) -> None:
    """Whoever names a human parent beside a generated file cannot drop the file's own credentials by that."""
    first, out = picture.with_name("first.png"), picture.with_name("out.png")
    labels.label(picture, record(GENERATED), first, Wishes(keys), at=NOW)
    wishes = Wishes(keys, (Ingredient(picture, Relation.PARENT),), (Edit("c2pa.edited", HUMAN),))
    with pytest.raises(InputError, match="its own parent"):
        labels.label(first, record(HUMAN), out, wishes, at=NOW)
    assert not out.exists()


def test_no_result_replaces_what_it_is_made_from(picture: Path, record: Write, keys: Path) -> None:
    """Neither the record, nor a source, nor the original by the message."""
    cover = picture.with_name("cover.png")
    cover.write_bytes(picture.read_bytes())
    with pytest.raises(InputError, match="the labelled file is PNG"):
        labels.label(picture, record(HUMAN), record(HUMAN), Wishes(keys), at=NOW)
    with pytest.raises(InputError, match="a file that it is made from"):
        labels.label(picture, record(HUMAN), cover, Wishes(keys, (Ingredient(cover),)), at=NOW)
    wishes = Wishes(keys, message=picture, track=ddex.Track("TWA012600001", "A band", 180))
    with pytest.raises(InputError, match="would replace another file"):
        labels.label(picture, record(ASSISTED), picture.with_name("out.png"), wishes, at=NOW)


def test_damaged_credentials_are_not_built_on(picture: Path, record: Write, keys: Path) -> None:
    """A file that was changed after it was signed is not signed again as if nothing had happened."""
    first, out = picture.with_name("first.png"), picture.with_name("out.png")
    labels.label(picture, record(GENERATED), first, Wishes(keys), at=NOW)
    content = first.read_bytes()
    first.write_bytes(content[:-2] + b"??")
    with pytest.raises(InputError, match="cannot be built on"):
        labels.label(first, record(GENERATED), out, Wishes(keys), at=NOW)


def test_a_record_that_contradicts_itself_is_refused(picture: Path, record: Write, keys: Path) -> None:
    """And what stood at the place of the result stays."""
    out, broken = picture.with_name("out.png"), record(HUMAN)
    out.write_bytes(b"earlier")
    broken.write_text(f"{HEAD}parts: [{{part: whole, making: human}}, {{part: vocals, making: generated, tool: M}}]\n")
    with pytest.raises(InputError, match="and a part of it in another"):
        labels.label(picture, broken, out, Wishes(keys), at=NOW)
    assert out.read_bytes() == b"earlier"


def test_the_message_for_ddex_goes_beside(picture: Path, record: Write, keys: Path, tmp_path: Path) -> None:
    """What the file says and what the message says are the same."""
    message = tmp_path / "message.xml"
    wishes = Wishes(keys, message=message, track=ddex.Track("TWA012600001", "A band", 180))
    done = labels.label(picture, record(ASSISTED), picture.with_name("out.png"), wishes, at=NOW)
    (told,) = ddex.read(message.read_bytes())
    assert done["ddex"]["contains_ai"] == told.contains_ai == "Partly"


def test_labels_that_contradict_each_other_are_not_verified(picture: Path, keys: Path) -> None:
    """Credentials that say human around a label that says AI: trusted, and yet not verified; the making is open."""
    out = picture.with_name("out.png")
    picture.write_bytes(aigc.write(picture.read_bytes(), aigc.Mark("1", "9133", "N-1")))
    said = Contribution("Waltz", (Part("whole", HUMAN),))
    c2pa.sign(picture, out, c2pa.manifest(said), credentials.load(keys, at=NOW))
    found = labels.verify(out, keys)
    assert (found["state"], found["making"], found["verified"]) == ("trusted", None, False)
    assert "labels_contradict" in {one["code"] for one in found["findings"]}


def test_a_record_of_somebody_else_that_is_none_is_named(picture: Path, keys: Path) -> None:
    """Anybody may sign an assertion of that name: what is in it is not taken for a record."""
    out = picture.with_name("out.png")
    definition = c2pa.manifest(Contribution("Waltz", (Part("whole", HUMAN),)))
    definition["assertions"][-1]["data"] = {"title": "Waltz", "parts": [{"part": "whole", "making": "divine"}]}
    c2pa.sign(picture, out, definition, credentials.load(keys, at=NOW))
    found = labels.verify(out, keys)
    assert [one["code"] for one in found["findings"]] == ["record_unreadable"]
    assert found["verified"]


def test_a_certificate_made_again_keeps_its_authority(tmp_path: Path) -> None:
    """What was signed before and after is trusted by the same readers."""
    first = labels.certificate(tmp_path / "keys", "Sample society", "", at=NOW)
    authority = (tmp_path / "keys/authority.pem").read_bytes()
    second = labels.certificate(tmp_path / "keys", "Sample society", "", at=NOW + dt.timedelta(days=100))
    assert (first["renewed"], second["renewed"]) == (False, True)
    assert second["valid_until"] > first["valid_until"]
    assert (tmp_path / "keys/authority.pem").read_bytes() == authority

"""Labels of incoming files become authorship rows; what was declared stays, and each contradiction is reported."""

from __future__ import annotations

import datetime as dt
import json
import struct
from pathlib import Path

import pytest
from click.testing import CliRunner

from partita.cli.main import main
from partita.errors import InputError
from partita.formats.labels import aigc, audio_tags, ddex
from partita.formats.labels.shape import Contribution, Making, Part
from partita.jobs import labels, labels_in
from partita.registry import authorship, record
from partita.registry.store import open_store

NOW = dt.datetime(2026, 11, 22, 10, tzinfo=dt.UTC)
SINCE = {"valid_from": dt.date(2000, 1, 1)}
ISRC = "QMXYZ2600001"
DECLARED = [("W-1", "lyrics", "P1", "human"), ("W-3", "whole", "P1", "human"), ("W-4", "whole", "P1", "assisted")]


def wav() -> bytes:
    """A short silent WAV file."""
    parts = [(b"fmt ", struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8)), (b"data", b"\x80" * 800)]
    body = b"".join(name + struct.pack("<I", len(said)) + said for name, said in parts)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body


def marked(label: str = "1") -> bytes:
    """The same with a GB 45438 label."""
    return aigc.write(wav(), aigc.Mark(label, "A", "B"))


def message(value: str, *, isrc: str = ISRC) -> bytes:
    """A DDEX message that says All, Partly or None of one recording."""
    making = {"All": Making.GENERATED, "Partly": Making.ASSISTED, "None": Making.HUMAN}[value]
    made = Contribution("A", (Part("vocals", making, "" if value == "None" else "singer/v2", party="P1"),))
    return ddex.write(made, ddex.Track(isrc, "A", 1))


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """A registry of four works, a recording of the second, and what parties declared of three of them."""
    path = tmp_path / "registry.db"
    store = open_store(path)
    link = {"target_kind": "recording", "target": ISRC, "parent_kind": "work", "parent": "W-2", **SINCE}
    made = [
        {"work_id": work, "part": part, "party_id": party, "making": making, "tool": "", "evidence": [], "sha256": [],
         "source": "registration", **SINCE}
        for work, part, party, making in DECLARED
    ]  # fmt: skip
    works = [{"work_id": f"W-{n}", "title": f"Song {n}", **SINCE} for n in range(1, 5)]
    record.add_all(store, {"works": works, "links": [link], "authorship": made}, "tests", dt.datetime(2020, 1, 1))  # noqa: DTZ001
    store.close()
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where files come in."""
    path = tmp_path / "incoming"
    path.mkdir()
    return path


def made(registry: Path, work: str) -> list[tuple[str, str, str]]:
    """What the registry knows of a work: part, making and source."""
    store = open_store(registry, create=False)
    try:
        rows = authorship.made(store, work, NOW.date())
    finally:
        store.close()
    return [(row.part, row.making, row.source) for row in rows]


def take_in(registry: Path, folder: Path) -> dict[str, object]:
    """The answer of one intake."""
    return labels_in.take_in(str(registry), folder, "desk", NOW)


def test_a_message_s_recording_is_placed_by_its_isrc(registry: Path, folder: Path) -> None:
    """What a DDEX message says of a recording becomes a row of its work, with its source and trust."""
    (folder / "m.xml").write_bytes(message("All"))
    result = take_in(registry, folder)
    assert (result["recorded"], result["contradictions"]) == (2, [])
    source = "label ddex (unsigned) in m.xml"
    assert made(registry, "W-2") == [("production", "generated", source), ("vocals", "generated", source)]


def test_a_generated_recording_makes_no_generated_song(registry: Path, folder: Path) -> None:
    """A machine that sings a song leaves its words and music alone; a machine that is credited with them does not."""
    (folder / "m.xml").write_bytes(message("All"))
    take_in(registry, folder)
    store = open_store(registry, create=False)
    assert "W-2" not in authorship.makings(store, NOW.date())[0]
    (folder / "m.xml").write_bytes(message("All").replace(b"Vocalist", b"Composer"))
    take_in(registry, folder)
    assert authorship.makings(store, NOW.date())[0]["W-2"] == "generated"
    store.close()


def test_parts_of_a_partly_generated_recording_are_told_apart(registry: Path, folder: Path) -> None:
    """Partly gives the parts that contributors' roles name, and the recording as a whole."""
    (folder / "m.xml").write_bytes(message("Partly"))
    take_in(registry, folder)
    assert [row[:2] for row in made(registry, "W-2")] == [("production", "assisted"), ("vocals", "assisted")]


def test_a_gb_45438_label_says_the_least_that_it_can_mean(registry: Path, folder: Path) -> None:
    """Label 1 does not tell all from part, so the row says assisted; labels 2 and 3 give no row."""
    (folder / "W-2.wav").write_bytes(marked())
    take_in(registry, folder)
    assert [row[:2] for row in made(registry, "W-2")] == [("production", "assisted")]
    (folder / "W-2.wav").write_bytes(marked("3"))
    assert take_in(registry, folder)["silent"] == 1


def test_a_picture_s_label_speaks_of_the_artwork(registry: Path, folder: Path) -> None:
    """A cover that a machine made says nothing of the song."""
    cover = b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xda\x00\x02\x00\xff\xd9"
    (folder / "W-2.jpg").write_bytes(aigc.write(cover, aigc.Mark("1", "A", "B")))
    take_in(registry, folder)
    assert [row[:2] for row in made(registry, "W-2")] == [("artwork", "assisted")]


def test_the_work_is_found_by_an_isrc_in_the_file(registry: Path, folder: Path) -> None:
    """A FLAC file's ISRC comment names the recording, whatever the file is called."""
    flac = b"fLaC" + b"\x80\0\0\x22" + b"\0" * 34
    said = aigc.write(audio_tags.put(flac, "audio/flac", "ISRC", ISRC), aigc.Mark("1", "A", "B"))
    (folder / "track 7.flac").write_bytes(said)
    assert take_in(registry, folder)["recorded"] == 1


@pytest.mark.parametrize("work", ["W-1", "W-3"])
def test_a_declaration_is_never_overwritten(registry: Path, folder: Path, work: str) -> None:
    """A label that says otherwise of a declared part, or of all that was declared human, is a contradiction."""
    before = made(registry, work)
    said = message("All").replace(ISRC.encode(), b"QMXYZ2600002").replace(b"Vocalist", b"Lyricist")
    (folder / "m.xml").write_bytes(said)
    store = open_store(registry, create=False)
    link = {"target_kind": "recording", "target": "QMXYZ2600002", "parent_kind": "work", "parent": work, **SINCE}
    record.add(store, "links", [link], "tests", NOW)
    store.close()
    result = take_in(registry, folder)
    clashes = result["contradictions"]
    assert {one["code"] for one in clashes} == {"label_contradicts_declaration"}  # type: ignore[attr-defined]
    assert all("registration" in one["words"] for one in clashes)  # type: ignore[attr-defined]
    assert set(before) <= set(made(registry, work))
    assert "lyrics generated" not in {" ".join(row[:2]) for row in made(registry, work)}


def test_what_agrees_is_counted_and_adds_nothing(registry: Path, folder: Path) -> None:
    """A label that says what was declared, or what a label said before, changes nothing."""
    (folder / "m.xml").write_bytes(message("Partly").replace(b"Vocalist", b"Composer"))
    assert [take_in(registry, folder)["recorded"] for _ in range(2)] == [2, 0]
    store = open_store(registry, create=False)
    link = {"target_kind": "recording", "target": "QMXYZ2600004", "parent_kind": "work", "parent": "W-4", **SINCE}
    record.add(store, "links", [link], "tests", NOW)
    store.close()
    said = message("Partly").replace(ISRC.encode(), b"QMXYZ2600004").replace(b"Vocalist", b"Composer")
    (folder / "m.xml").write_bytes(said)
    result = take_in(registry, folder)
    assert (result["agreed"], result["contradictions"]) == (1, [])
    assert [row[:2] for row in made(registry, "W-4")] == [("production", "assisted"), ("whole", "assisted")]


def test_two_files_of_one_work_that_differ_give_no_row(registry: Path, folder: Path) -> None:
    """Neither of two labels is believed over the other."""
    (folder / "a.xml").write_bytes(message("All"))
    (folder / "b.xml").write_bytes(message("None"))
    result = take_in(registry, folder)
    assert {one["code"] for one in result["contradictions"]} == {"labels_contradict"}  # type: ignore[attr-defined]
    assert made(registry, "W-2") == []


def test_a_label_s_record_is_taken_part_by_part(registry: Path, folder: Path, tmp_path: Path) -> None:
    """Content credentials with a record name work, parts, tools and the signer's worth; a day to come is today."""
    pytest.importorskip("c2pa")
    (tmp_path / "a.wav").write_bytes(wav())
    parts = [{"part": "melody", "making": "human"}, {"part": "vocals", "making": "generated", "tool": "singer/v2"}]
    said = {
        "title": "Song 2",
        "work_id": "W-2",
        "producer": "Desk",
        "produced_at": "2026-10-01T10:00:00Z",
        "parts": parts,
    }
    (tmp_path / "r.json").write_text(json.dumps(said))
    keys = tmp_path / "keys"
    now = dt.datetime.now(dt.UTC)
    labels.certificate(keys, "Sample", "", at=now)
    wishes = labels.Wishes(credentials=keys, produce_id="N1", producer="A1")
    labels.label(tmp_path / "a.wav", tmp_path / "r.json", folder / "unnamed.wav", wishes, at=now)
    results = [labels_in.take_in(str(registry), folder, "desk", NOW, trust=keys) for _ in range(2)]
    assert [(one["recorded"], one["contradictions"]) for one in results] == [(2, []), (0, [])]
    rows = made(registry, "W-2")
    assert [row[:2] for row in rows] == [("melody", "human"), ("vocals", "generated")]
    assert "c2pa (trusted, Sample" in rows[0][2]


def test_a_column_of_a_list_is_taken_in(registry: Path, folder: Path) -> None:
    """A list says it of a work by number, of a recording by ISRC; what was declared otherwise is a contradiction."""
    rows = ["work no,title,isrc,making", "W-2,Song 2,,generated", f",Another,{ISRC},assisted", "W-3,Song 3,,generated"]
    (folder / "list.csv").write_text("\n".join(rows))
    (folder / "silent.csv").write_text("work no,title\nW-1,Song 1\n")
    result = take_in(registry, folder)
    assert (result["files"], result["silent"], result["recorded"]) == (2, 1, 2)
    assert [row[:2] for row in made(registry, "W-2")] == [("production", "assisted"), ("whole", "generated")]
    assert [one["work_id"] for one in result["contradictions"]] == ["W-3"]  # type: ignore[attr-defined]


def test_what_cannot_be_placed_or_read_is_listed(registry: Path, folder: Path) -> None:
    """A file of no known work and one that is broken are named; the others are taken in all the same."""
    (folder / "nobody knows.wav").write_bytes(marked())
    (folder / "broken.xml").write_bytes(b"<a")
    (folder / "W-2.wav").write_bytes(marked())
    (folder / "W-3.wav").write_bytes(marked().replace(b'"Label":"1"', b'"Label";"1"'))
    (folder / ".hidden.wav").write_bytes(marked())
    (folder / "notes.txt").write_text("nothing")
    result = take_in(registry, folder)
    assert (result["files"], result["recorded"], result["contradictions"]) == (4, 1, [])
    assert [one["file"] for one in result["unplaced"]] == ["nobody knows.wav"]  # type: ignore[attr-defined]
    assert {one["file"] for one in result["unreadable"]} == {"broken.xml", "W-3.wav"}  # type: ignore[attr-defined]


def test_a_strange_name_does_not_stop_the_others(registry: Path, folder: Path) -> None:
    """A file's name or a credit with control characters is made one line; nothing is refused for it."""
    (folder / "W-2\n\x1b[31m.wav").write_bytes(marked())
    (folder / "W-2\n.wav").write_bytes(marked())
    result = take_in(registry, folder)
    assert (result["recorded"], len(result["unplaced"])) == (1, 1)  # type: ignore[arg-type]
    assert made(registry, "W-2")[0][2] == "label aigc (unsigned) in W-2 .wav"


def test_a_message_against_its_own_rules_gives_no_row(registry: Path, folder: Path) -> None:
    """ContainsAI None beside a contributor that is all AI is a contradiction, and nothing is recorded."""
    (folder / "m.xml").write_bytes(message("All").replace(b"<ContainsAI>All<", b"<ContainsAI>None<"))
    result = take_in(registry, folder)
    assert {one["code"] for one in result["contradictions"]} == {"ddex_none_with_ai"}  # type: ignore[attr-defined]
    assert made(registry, "W-2") == []


def test_a_folder_that_is_not_there_is_bad_input(registry: Path, tmp_path: Path) -> None:
    """The folder is named; a registry that is not there is too."""
    with pytest.raises(InputError, match="nowhere"):
        take_in(registry, tmp_path / "nowhere")
    with pytest.raises(InputError, match="absent"):
        take_in(tmp_path / "absent.db", tmp_path)


def test_the_command_says_what_it_did(registry: Path, folder: Path) -> None:
    """Exit 0 where labels agree, 1 where one contradicts what is known; in words and as JSON."""
    (folder / "m.xml").write_bytes(message("All"))
    command = ["registry", "labels", str(folder), "--registry", str(registry), "--by", "desk"]
    done = CliRunner().invoke(main, command)
    assert (done.exit_code, "recorded" in done.output) == (0, True)
    (folder / "m.xml").write_bytes(message("None"))
    again = CliRunner().invoke(main, [*command, "--json"])
    assert again.exit_code == 1
    assert json.loads(again.output)["counts"]["contradictions"] == 2

"""`partita label`, `partita certificate` and `partita verify` of media: what they print, exit codes, wrong usage."""

from __future__ import annotations

import json
import wave
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from partita.cli.main import main

pytest.importorskip("c2pa")
RECORD = """
title: Waltz of the Harbour
producer: Sample society
reservation: [search]
parts:
  - {part: melody, making: human, evidence: [drafts]}
  - {part: vocals, making: generated, tool: Model 5}
"""
LABEL = ("label", "song.wav", "--contribution", "record.yaml", "-o", "out.wav")


def run(*words: str | Path) -> Result:
    """Runs `partita`."""
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def song(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A WAV file with a record and credentials beside it, in the folder where the command runs."""
    monkeypatch.chdir(tmp_path)
    with wave.open("song.wav", "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(1600))
    Path("record.yaml").write_text(RECORD)
    assert run("certificate", "keys", "--name", "Sample society").exit_code == 0
    return Path("song.wav")


def test_a_certificate_says_what_to_give_and_what_to_keep(song: Path) -> None:
    """The authority is given, the keys are kept, and nobody is told that outsiders trust it."""
    done = run("certificate", "keys", "--name", "Sample society")
    assert (song.exists(), done.exit_code) == (True, 0)
    for said in ("give   keys/authority.pem", "keep   keys/key.pem", "untrusted outside"):
        assert said in done.stdout


def test_label_and_verify_tell_what_a_file_says(song: Path) -> None:
    """Labelled: exit 0. Verified with the authority: 0; without it, nothing vouches for it: 1."""
    done = run("label", song, "--contribution", "record.yaml", "--certificate", "keys", "-o", "out.wav")
    assert done.exit_code == 0, done.output
    for said in ("Wrote out.wav: Waltz of the Harbour, assisted", "ContainsAI Partly", "not said: that search"):
        assert said in done.stdout
    trusted, foreign = run("verify", "out.wav", "--trust", "keys"), run("verify", "out.wav")
    assert (trusted.exit_code, foreign.exit_code) == (0, 1)
    assert trusted.stdout.startswith("trusted  out.wav (WAV): assisted")
    assert "untrusted outside: a private certificate" in " ".join(foreign.stdout.split())
    assert "it does not prove how the file was made" in trusted.stdout


def test_json_is_one_object(song: Path) -> None:
    """With the hashes that a log takes."""
    done = run("label", song, "--contribution", "record.yaml", "--certificate", "keys", "-o", "out.wav", "--json")
    told = json.loads(done.stdout)
    assert (told["making"], len(told["sha256"]), len(told["credentials_sha256"])) == ("assisted", 64, 64)
    found = json.loads(run("verify", "out.wav", "--trust", "keys", "--json").stdout)
    assert (found["verified"], found["labels"][0]["record"]["title"]) == (True, "Waltz of the Harbour")


def test_one_changed_byte_is_exit_one(song: Path) -> None:
    """With the reason."""
    run("label", song, "--contribution", "record.yaml", "--certificate", "keys", "-o", "out.wav")
    content = bytearray(Path("out.wav").read_bytes())
    content[100] ^= 1
    Path("out.wav").write_bytes(content)
    done = run("verify", "out.wav", "--trust", "keys")
    assert done.exit_code == 1
    assert "the file's content was changed after it was signed" in " ".join(done.stdout.split())


def test_sources_and_edits_are_said_on_the_line(song: Path) -> None:
    """A parent, a file put in, one shown to a machine, and two edits."""
    sources = ("--parent", song, "--ingredient", song, "--input", song)
    edits = ("--edit", "edited=generated: a new verse", "--edit", "mixed=human")
    done = run(*LABEL, "--certificate", "keys", *sources, *edits, "--json")
    assert done.exit_code == 0, done.output
    details = json.loads(done.stdout)["labels"][0]["details"]
    assert [one["relation"] for one in details["sources"]] == ["parent", "component", "input"]
    assert [one["action"] for one in details["actions"]] == ["c2pa.opened", "c2pa.edited", "c2pa.mixed", "c2pa.placed"]
    assert details["actions"][1]["description"] == "a new verse"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("label", "song.wav", "-o", "out.wav"), "--contribution"),
        (LABEL, "nothing would be written"),
        ((*LABEL, "--certificate", "nowhere"), "partita certificate"),
        ((*LABEL, "--certificate", "keys", "--edit", "mixed"), "ACTION=MAKING"),
        ((*LABEL, "--certificate", "keys", "--edit", "mixed=divine"), "ACTION=MAKING"),
        ((*LABEL, "--certificate", "keys", "--edit", "watermarked=human"), "is no edit"),
        ((*LABEL, "--certificate", "keys", "--ddex", "m.xml"), "given together"),
        ((*LABEL, "--certificate", "keys", "--isrc", "TWA012600001"), "given together"),
        ((*LABEL, "--certificate", "keys", "--produce-id", "two words"), "ASCII"),
        ((*LABEL[:-1], "song.wav", "--certificate", "keys"), "replace its original"),
        ((*LABEL[:-1], "out.mp3", "--certificate", "keys"), "Let it end with .wav"),
        (("label", "record.yaml", *LABEL[2:], "--certificate", "keys"), "of no kind that carries labels"),
        (("certificate", "keys"), "--name"),
        (("certificate", "keys", "--name", "x" * 65), "1 to 64 characters"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_two(words: tuple[str, ...], said: str, song: Path) -> None:
    """What is wrong, and how to mend it; nothing is written."""
    before = sorted(Path().iterdir())
    done = run(*words)
    assert (done.exit_code, song.exists()) == (2, True)
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert sorted(Path().iterdir()) == before


def test_text_of_a_file_cannot_move_the_cursor(song: Path) -> None:
    """A file's own name and what a label says are shown, never obeyed."""
    run("label", song, "--contribution", "record.yaml", "--certificate", "keys", "-o", "out.wav")
    Path("out.wav").rename("a\x1b[2J.wav")
    done = run("verify", "a\x1b[2J.wav", "--trust", "keys")
    assert "\x1b" not in done.stdout
    assert "\\x1b[2J" in done.stdout

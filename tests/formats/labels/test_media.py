"""Media files: taken for what their bytes say, and opened only where they are files of a size and kind known here."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.errors import InputError
from partita.formats.labels import media

NAMES = {"wav": "WAV", "flac": "FLAC", "mp3": "MP3", "jpg": "JPEG", "png": "PNG", "pdf": "PDF", "epub": "EPUB"}
Write = Callable[..., Path]


@pytest.mark.parametrize(("ending", "name"), NAMES.items())
def test_a_file_is_what_its_bytes_are(ending: str, name: str, media_file: Write) -> None:
    """Each kind is known without its name, and a name that says another kind is remarked upon."""
    found = media.look(media_file(ending))
    assert (found.kind.name, found.remark) == (name, "")
    other = "png" if ending != "png" else "wav"
    wrong = found.path.rename(found.path.with_suffix(f".{other}"))
    assert media.look(wrong).remark == f"its name says {NAMES[other]}, its bytes are {name}"
    assert media.look(wrong.rename(wrong.with_suffix(""))).remark == ""


def test_a_tag_before_the_sound_does_not_hide_it(tmp_path: Path, media_file: Write) -> None:
    """An ID3 tag may stand before MP3 and before FLAC: what follows it tells."""
    tag = b"ID3\x04\0\0\0\0\x01\x02" + bytes(130)
    for ending in ("mp3", "flac"):
        path = tmp_path / f"tagged.{ending}"
        path.write_bytes(tag + media_file(ending).read_bytes())
        assert media.look(path).kind.name == NAMES[ending]


def test_what_is_no_file_is_not_opened(tmp_path: Path, media_file: Write) -> None:
    """A folder, a pipe and a device are refused by name; a link to a file is read as that file."""
    pipe, link = tmp_path / "pipe.wav", tmp_path / "link.wav"
    os.mkfifo(pipe)
    link.symlink_to(media_file("wav"))
    for path, words in ((tmp_path, "a folder"), (pipe, "a pipe"), (Path("/dev/zero"), "a device")):
        with pytest.raises(InputError, match=words):
            media.look(path)
    assert media.look(link).kind is media.WAV


def test_links_that_lead_nowhere_or_round_are_refused(tmp_path: Path) -> None:
    """A link without a file, and one that leads to itself, cannot be opened, and that is said."""
    lost, round_ = tmp_path / "lost.png", tmp_path / "round.png"
    lost.symlink_to(tmp_path / "nothing")
    round_.symlink_to(round_)
    for path in (lost, round_):
        with pytest.raises(InputError, match="cannot be opened"):
            media.look(path)
        assert not media.is_media(path)


def test_files_too_large_or_empty_are_refused(tmp_path: Path, media_file: Write) -> None:
    """Size is looked at before anything is read."""
    empty = tmp_path / "empty.wav"
    empty.touch()
    for ending, most in (("wav", media.READ_MOST), ("pdf", media.PDF_MOST)):
        huge = media_file(ending)
        os.truncate(huge, most + 1)
        with pytest.raises(InputError, match=f"larger than {most:,} bytes"):
            media.look(huge)
    with pytest.raises(InputError, match="empty"):
        media.look(empty)


@given(st.binary(max_size=600))
def test_any_bytes_are_a_kind_or_none(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """Whatever a file holds, it is of one of the kinds, or refused with words."""
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(content)
    if media.is_media(path):
        assert media.look(path).kind in media.KINDS
    else:
        with pytest.raises(InputError, match=r"of no kind|is empty"):
            media.look(path)


def test_books_are_stored_plain_with_nothing_lost(media_file: Write) -> None:
    """Members keep name, order and content; the first is still the media type."""
    path, out = media_file("epub"), io.BytesIO()
    assert not media.is_stored(path)
    media.store(path, out)
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(out) as after:
        assert before.namelist() == after.namelist() == media.members(path)
        assert all(before.read(name) == after.read(name) for name in before.namelist())
        assert {member.compress_type for member in after.infolist()} == {zipfile.ZIP_STORED}


def test_a_book_that_swells_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small archive that holds very much is refused before it is unpacked."""
    path = tmp_path / "bomb.epub"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), "application/epub+zip")
        archive.writestr("zeros", bytes(1 << 20))
    monkeypatch.setattr(media, "SIGN_MOST", 1 << 19)
    with pytest.raises(InputError, match="holds more than"):
        media.store(path, io.BytesIO())


@pytest.mark.parametrize("damage", ["twice", "cut", "many"])
def test_a_broken_book_is_refused(damage: str, media_file: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that stands twice, a book cut off, and one of too many files."""
    path = media_file("epub")
    if damage == "twice":
        with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("OPS/one.xhtml", "another")
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:-30])
    else:
        monkeypatch.setattr(media, "MEMBERS_MOST", 2)
    with pytest.raises(InputError, match="cannot be opened"):
        media.is_stored(path)


@pytest.mark.parametrize("ending", ["wav", "png"])
def test_a_file_in_very_many_pieces_is_refused(ending: str, media_file: Write) -> None:
    """A library that takes time for each chunk would be busy for minutes with a few megabytes of empty ones."""
    path = media_file(ending)
    head = path.read_bytes()[: {"wav": 36, "png": 33}[ending]]
    path.write_bytes(
        head + {"wav": b"abcd" + bytes(4), "png": bytes(4) + b"tEXt" + bytes(4)}[ending] * media.PIECES_MOST
    )
    with pytest.raises(InputError, match="more than 100,000 pieces"):
        media.look(path)

"""Damaged, rolled back, forked, foreign: each has its name, loses nothing, and stops whoever would continue the log."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from logs import ORIGIN, Made, data, make

from partita.prove import Fault, checkpoint, make_key, merkle, note, open_log
from partita.prove.checkpoint import Checkpoint
from partita.prove.faults import (
    DamagedTile,
    LogBusy,
    MalformedNote,
    MissingTile,
    RolledBack,
    SplitView,
    UnknownKey,
    WrongOrigin,
)
from partita.prove.files import alone
from partita.prove.log import LOCK

EVERY_FILE = ("tile/0/000", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2", "tile/entries/000",
              "tile/entries/001", "tile/entries/002.p/88")  # fmt: skip
EDGE = ("tile/0/002.p/88", "tile/1/000.p/2", "tile/entries/002.p/88")


def turn(file: Path, place: int = 40) -> None:
    """Turns one bit of a file."""
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)


def state(folder: Path) -> dict[str, bytes]:
    """All files of a log but its lock."""
    files = [file for file in sorted(folder.rglob("*")) if file.is_file() and file.name != "lock"]
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


@pytest.mark.parametrize("name", EVERY_FILE)
@pytest.mark.parametrize("place", [0, 20, 40])
def test_one_bit_in_any_tile_is_found(made: Made, name: str, place: int) -> None:
    """A check names the damaged file, and only what reads it is refused."""
    turn(made.log.folder / name, place)
    with pytest.raises(DamagedTile, match="tile"):
        made.log.check()
    if name in EDGE:
        with pytest.raises(DamagedTile):
            open_log(made.log.folder)
    else:
        assert open_log(made.log.folder).root == made.log.root


@pytest.mark.parametrize("name", EVERY_FILE)
def test_a_missing_tile_is_found(made: Made, name: str) -> None:
    """A check names the missing file."""
    (made.log.folder / name).unlink()
    with pytest.raises(MissingTile, match=name.rpartition("/")[0]):
        made.log.check()


@pytest.mark.parametrize("name", EVERY_FILE)
@pytest.mark.parametrize(
    "change", [lambda file: file.write_bytes(b""), lambda file: file.write_bytes(file.read_bytes() + b"x")]
)
def test_a_tile_of_another_length_is_found(made: Made, name: str, change: Callable[[Path], object]) -> None:
    """A tile that was cut or lengthened is damaged."""
    change(made.log.folder / name)
    with pytest.raises(DamagedTile):
        made.log.check()


@pytest.mark.parametrize("name", ["tile/1/000.p/1", "tile/0/002.p/88", "tile/entries/002.p/88"])
def test_damage_in_a_partial_tile_of_an_earlier_checkpoint_is_found(made: Made, name: str) -> None:
    """The narrower forms of a tile, which stand for what was signed earlier, are checked as well."""
    made.log.append(data(2, 600))
    made.log.check()
    turn(made.log.folder / name, 20)
    with pytest.raises(DamagedTile, match=name):
        made.log.check()


@pytest.mark.parametrize("name", EDGE)
@pytest.mark.parametrize("harm", [turn, Path.unlink])
def test_nobody_continues_a_damaged_log(made: Made, name: str, harm: Callable[[Path], object]) -> None:
    """Neither an open log nor one opened anew appends or signs where the right edge is damaged; nothing is written."""
    harm(made.log.folder / name)
    before = state(made.log.folder)
    for act in (lambda: made.log.append(data(1, 600)), lambda: made.log.sign(made.key)):
        with pytest.raises((DamagedTile, MissingTile)):
            act()
    assert state(made.log.folder) == before


def test_no_proof_is_drawn_through_a_damaged_tile(made: Made) -> None:
    """A proof that would lead nowhere is refused with the name of the tile that is to blame; others are drawn."""
    log = open_log(made.log.folder)
    turn(made.log.folder / "tile/0/001")
    for fresh in (log, open_log(made.log.folder)):
        with pytest.raises(DamagedTile, match="tile/0/001"):
            fresh.prove(300)
        assert fresh.prove(555) == merkle.inclusion_proof(merkle.leaf_hashes(made.entries), 555)
    turn(made.log.folder / "tile/entries/000")
    with pytest.raises(DamagedTile, match="entries/000"):
        open_log(made.log.folder).entry(2)


def test_a_log_put_back_behind_its_checkpoint_is_rolled_back(made: Made, tmp_path: Path) -> None:
    """Yesterday's tiles and head under today's checkpoint are refused, and an older log by one who saw a newer."""
    older = make(tmp_path / "older", 3, 300)
    seen = made.log.checkpoint
    assert seen
    with pytest.raises(RolledBack, match="300 leaves; 600"):
        older.log.holds(seen)
    shutil.copy(made.log.folder / "checkpoint", older.log.folder / "checkpoint")
    with pytest.raises(RolledBack):
        open_log(older.log.folder)
    for act in (lambda: older.log.append(data(1)), lambda: older.log.sign(older.key)):
        with pytest.raises(RolledBack):
            act()


def test_a_log_put_back_under_an_open_one_is_rolled_back(made: Made, tmp_path: Path) -> None:
    """A writer notices that the whole folder, checkpoint and all, became an older one since it was opened."""
    shutil.copytree(made.log.folder, tmp_path / "copy")
    made.log.append(data(10, 600))
    made.log.sign(made.key)
    shutil.rmtree(made.log.folder)
    shutil.copytree(tmp_path / "copy", made.log.folder)
    with pytest.raises(RolledBack):
        made.log.append(data(1, 610))


def test_another_past_under_the_same_checkpoint_is_a_split_view(made: Made, tmp_path: Path) -> None:
    """A log whose first leaves are others than those signed is refused, at the same size and grown."""
    for count in (600, 900):
        other = make(tmp_path / str(count), 300).log
        other.append(data(count - 300, 7000))
        shutil.copy(made.log.folder / "checkpoint", other.folder / "checkpoint")
        with pytest.raises(SplitView, match="first 600 leaves"):
            open_log(other.folder)
        with pytest.raises(SplitView):
            other.append(data(1))


def test_a_foreign_logs_checkpoint_is_of_the_wrong_origin(made: Made) -> None:
    """A checkpoint of another log, and one signed by a stranger, do not open a log for whoever knows the key."""
    for name, expected in (("other.example/log", WrongOrigin), (ORIGIN, UnknownKey)):
        key = make_key(name, b"o" * 32)
        signed = checkpoint.sign(Checkpoint(name, made.log.size, made.log.root), key)
        (made.log.folder / "checkpoint").write_text(str(signed), encoding="utf-8")
        with pytest.raises(expected):
            open_log(made.log.folder, [made.key.verifier])
    (made.log.folder / "checkpoint").write_text(str(note.sign("x\n", [made.key.sign("x\n")])), encoding="utf-8")
    with pytest.raises(MalformedNote):
        open_log(made.log.folder)


def test_without_keys_a_foreign_checkpoint_is_noticed_too(made: Made) -> None:
    """The head knows the log's origin: a checkpoint of another name does not fit it."""
    key = make_key("other.example/log", b"o" * 32)
    signed = checkpoint.sign(Checkpoint(key.name, made.log.size, made.log.root), key)
    (made.log.folder / "checkpoint").write_text(str(signed), encoding="utf-8")
    with pytest.raises(WrongOrigin):
        open_log(made.log.folder)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b'{"origin": "a", "root": "zz", "size": 1}', b'{"size": 1}', b"\xff" * 9999]
)
def test_a_head_that_cannot_be_read_is_damage(made: Made, content: bytes) -> None:
    """A head that is cut, empty or no JSON is named, and the log is not continued."""
    (made.log.folder / ".state/head").write_bytes(content)
    with pytest.raises(DamagedTile, match="head"):
        open_log(made.log.folder)
    with pytest.raises(DamagedTile):
        made.log.append(data(1))


@pytest.mark.parametrize("signed", [True, False])
def test_heads_that_lie_are_found(made: Made, *, signed: bool) -> None:
    """A head that claims more, fewer or negative leaves, or to be growing without end, does not fit the tiles."""
    file = made.log.folder / ".state/head"
    right = file.read_text(encoding="utf-8")
    if not signed:
        (made.log.folder / "checkpoint").unlink()
    for size in ("601", "599", "0", "-1", "100000000000000", '600, "growing": 100000000000000000'):
        file.write_text(right.replace("600", size), encoding="utf-8")
        with pytest.raises(Fault):
            open_log(made.log.folder)
    file.write_text(right.replace('root": "', 'root": "00'), encoding="utf-8")
    with pytest.raises(DamagedTile):
        open_log(made.log.folder)


def test_a_folder_in_the_place_of_a_tile_is_a_missing_tile(made: Made) -> None:
    """Whatever stands where a tile should, the answer has a name."""
    (made.log.folder / "tile/0/001").unlink()
    (made.log.folder / "tile/0/001").mkdir()
    with pytest.raises(MissingTile):
        made.log.check()


def test_a_tile_of_any_length_is_not_read_whole(made: Made) -> None:
    """A file of a terabyte where a tile should be is damage, not a program without memory."""
    for name in ("tile/0/001", "tile/entries/001", "checkpoint", ".state/head"):
        file = made.log.folder / name
        kept = file.read_bytes()
        with file.open("ab") as handle:
            handle.truncate(1 << 40)
        with pytest.raises((DamagedTile, MalformedNote)):
            made.log.check()
        file.write_bytes(kept)
    made.log.check()


def test_one_writer_at_a_time(made: Made) -> None:
    """While another holds the log, nobody else appends; reading goes on."""
    with alone(made.log.folder / LOCK):
        with pytest.raises(LogBusy):
            open_log(made.log.folder).append(data(1))
        assert open_log(made.log.folder).entry(5) == made.entries[5]
    made.log.append(data(1, 600))

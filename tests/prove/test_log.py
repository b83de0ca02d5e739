"""The log: appending, signing, proving; whatever was appended in whatever steps, the same files lie there."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from logs import ORIGIN, Made, data, make

from partita.errors import InputError
from partita.prove import Policy, accept, create_log, make_key, merkle, open_log, proof_file
from partita.prove.faults import ForgedSignature, TooFewWitnesses, UnknownKey
from partita.prove.tiles import ENTRY_BYTES_MOST

ROOT_V1 = "bee2fdcf2d4ba1b6d1eab66bd354a9601a33359b98c2469b1ebd60d352c4534c"
FILES_V1 = "6dfd660f716d04b55bd8c11e69d13e2a014051dc918aafa3a373b5f67524391d"
"""SHA-256 over the names and contents of all public files of the log of 70,000 entries made in one step."""


def public(folder: Path) -> dict[str, bytes]:
    """All files of a log that others read, by name."""
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    return {name: file.read_bytes() for file in files if not (name := str(file.relative_to(folder))).startswith(".")}


def test_a_log_is_the_golden_one_v1(tmp_path: Path) -> None:
    """The same entries and key give the same bytes in the same files, always."""
    made = make(tmp_path / "log", 70_000)
    digest = hashlib.sha256()
    for name, content in public(made.log.folder).items():
        digest.update(f"{name} {len(content)}\n".encode() + content)
    assert made.log.root.hex() == ROOT_V1
    assert digest.hexdigest() == FILES_V1
    made.log.check()


@settings(max_examples=15)
@given(st.lists(st.integers(0, 700), min_size=1, max_size=6), st.data())
def test_any_steps_lead_to_the_same_log(
    tmp_path_factory: pytest.TempPathFactory, steps: list[int], drawn: st.DataObject
) -> None:
    """However many entries come at a time, the tree is that of its leaves, and proofs and files are the same."""
    folder = tmp_path_factory.mktemp("log")
    log, total = create_log(folder / "log", ORIGIN), sum(steps)
    for step in steps:
        before = log.size
        assert log.append(data(step, before)) == range(before, before + step)
    hashes = merkle.leaf_hashes(data(total))
    assert (log.size, log.root) == (total, merkle.root(hashes))
    assert list(open_log(log.folder).entries()) == data(total)
    log.check()
    at_once = create_log(folder / "once", ORIGIN)
    at_once.append(data(total))
    kept, once = public(log.folder), public(at_once.folder)
    assert {name: kept[name] for name in once} == once
    if total:
        size = drawn.draw(st.integers(1, total))
        index = drawn.draw(st.integers(0, size - 1))
        assert log.prove(index, size) == merkle.inclusion_proof(hashes[:size], index)
        assert log.consistency(size) == merkle.consistency_proof(hashes, size)
        assert log.consistency(index + 1, size) == merkle.consistency_proof(hashes[:size], index + 1)
        assert log.root_at(size) == merkle.root(hashes[:size])
        assert log.entry(index) == data(1, index)[0]


def test_reading_changes_nothing(made: Made) -> None:
    """A log that is opened, proven from and checked has the same files, with the same times, as before."""
    before = {file: file.stat().st_mtime_ns for file in made.log.folder.rglob("*")}
    log = open_log(made.log.folder, [made.key.verifier])
    log.prove(17)
    log.proof(599)
    log.check()
    assert list(log.entries(250, 310)) == made.entries[250:310]
    assert {file: file.stat().st_mtime_ns for file in made.log.folder.rglob("*")} == before


def test_every_entry_is_proven_by_a_file(made: Made) -> None:
    """Each entry's proof file verifies with nothing but the file, the entry and the public key."""
    for index in (0, 2, 3, 255, 256, 511, 512, 599):
        accepted = proof_file.verify(str(made.log.proof(index)), made.entries[index], made.policy)
        assert accepted.checkpoint.size == 600


def test_partial_tiles_stay_as_long_as_their_checkpoints_need_them(made: Made) -> None:
    """The tiles of signed sizes lie there until their tile is full, and then go, as the specification allows."""
    names = {str(file.relative_to(made.log.folder)) for file in made.log.folder.rglob("*") if file.is_file()}
    assert {"tile/0/000", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/1", "tile/1/000.p/2"} <= names
    assert not [name for name in names if name.startswith(("tile/0/000.p", "tile/0/001.p", "tile/entries/001.p"))]
    made.log.append(data(1, 600))
    made.log.append(data(1, 601))
    assert {file.name for file in (made.log.folder / "tile/0/002.p").iterdir()} == {"88", "89", "90"}
    made.log.check()


def test_what_was_not_signed_is_not_published(made: Made) -> None:
    """Entries appended after the last signature are in the log and no proof file of them is drawn yet."""
    made.log.append(data(5, 600))
    assert open_log(made.log.folder).size == 605
    assert len(made.log.prove(604)) > 0
    with pytest.raises(InputError, match="no leaf 604"):
        made.log.proof(604)
    made.log.sign(made.key)
    proof_file.verify(made.log.proof(604), data(1, 604)[0], made.policy)


def test_two_openers_follow_one_another(made: Made) -> None:
    """Two programs that hold the same log open append after one another, neither over the other."""
    other = open_log(made.log.folder, [made.key.verifier])
    assert made.log.append(data(10, 600)) == range(600, 610)
    assert other.append(data(10, 610)) == range(610, 620)
    made.log.sign(made.key)
    assert made.log.root == merkle.root(merkle.leaf_hashes(data(620)))


def test_slips_are_named(made: Made, tmp_path: Path) -> None:
    """Numbers that the log has not, entries too long, keys of another name, folders in use: each is said."""
    log = made.log
    for act in (
        lambda: log.prove(600), lambda: log.prove(-1), lambda: log.prove(0, 601), lambda: log.consistency(601),
        lambda: log.consistency(2, 1), lambda: log.entry(600), lambda: log.entry(-1), lambda: log.root_at(-1),
        lambda: log.append([b"fine", bytes(ENTRY_BYTES_MOST + 1)]), lambda: log.sign(make_key("other", b"o" * 32)),
        lambda: create_log(log.folder, ORIGIN), lambda: create_log(tmp_path / "new", "two words"),
        lambda: open_log(tmp_path / "nowhere"), lambda: create_log(tmp_path / "new", ORIGIN).proof(0),
    ):  # fmt: skip
        with pytest.raises(InputError):
            act()
    assert log.consistency(0) == []
    assert (log.append([]), log.size) == (range(600, 600), 600)


def test_signing_again_keeps_the_witnesses(made: Made) -> None:
    """The same log signed once more keeps what witnesses signed of it; a grown one has to be witnessed anew."""
    text = str(made.log.note).partition("\n\n")[0] + "\n"
    made.log.cosign([made.watcher.sign(text, 1_700_000_000)], [made.watcher.verifier])
    asked = Policy((made.key.verifier,), (made.watcher.verifier,), 1)
    accept(str(made.log.sign(made.key)), asked)
    made.log.append(data(1, 600))
    made.log.sign(made.key)
    with pytest.raises(TooFewWitnesses):
        accept(str(made.log.note), asked)
    with pytest.raises(UnknownKey):
        made.log.cosign([made.key.sign(text)], [made.watcher.verifier])
    with pytest.raises(ForgedSignature):
        made.log.cosign([made.watcher.sign(text, 1_700_000_000)], [made.watcher.verifier])


def test_who_opened_earlier_reads_on(made: Made) -> None:
    """A program that opened the log before its partial tiles became full finds what it knows in the full ones."""
    earlier = open_log(made.log.folder)
    made.log.append(data(400, 600))
    assert not (made.log.folder / "tile/0/002.p").exists()
    assert earlier.prove(599) == merkle.inclusion_proof(merkle.leaf_hashes(made.entries), 599)
    assert list(earlier.entries()) == made.entries
    assert open_log(made.log.folder).prove(599, 600) == earlier.prove(599)


def test_readers_are_not_disturbed_by_a_writer(made: Made) -> None:
    """While one program appends and signs, whoever opens the log always finds it whole."""
    stop, seen = threading.Event(), []

    def read() -> None:
        while not stop.is_set():
            log = open_log(made.log.folder, [made.key.verifier])
            assert log.checkpoint
            log.proof(log.checkpoint.size - 1)
            seen.append(log.size)

    with ThreadPoolExecutor(1) as pool:
        reader = pool.submit(read)
        for size in range(600, 900, 20):
            made.log.append(data(20, size))
            made.log.sign(made.key)
        stop.set()
        reader.result()
    assert seen == sorted(seen)
    assert seen[-1] > 600

"""A log of ours, verified by an independent program in another language that was written from the specifications."""

from __future__ import annotations

import base64
import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from logs import Made, data, make

from partita.prove import Witness, witness

SCRIPT = Path(__file__).with_name("verify.mjs")
SAMPLE = 12


def node(*arguments: object) -> tuple[int, str]:
    """What the verifier in JavaScript answers: its exit code and its line; skips the test where node is absent."""
    found = shutil.which("node")
    if not found:
        pytest.skip("node is not on the PATH: install it to have logs verified by another implementation")
    done = subprocess.run(
        [found, SCRIPT, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.stderr == ""
    return done.returncode, done.stdout.strip()


def answer(*arguments: object) -> dict[str, object]:
    """What it answers where everything holds."""
    code, line = node(*arguments)
    assert code == 0, line
    found: dict[str, object] = json.loads(line)
    return found


@pytest.mark.parametrize("ends", [(0,), (1,), (3, 300, 600), (256,), (255, 257, 1000), (70_000,)])
def test_logs_of_any_size_verify(tmp_path: Path, ends: tuple[int, ...]) -> None:
    """Every entry and tile, every partial tile, root and signature hold for the other program too."""
    made = make(tmp_path / "log", *ends)
    found = answer("log", made.log.folder, made.key.verifier)
    assert found == {"size": ends[-1], "root": base64.b64encode(made.log.root).decode()}


def test_a_cosignature_of_ours_verifies(made: Made, tmp_path: Path) -> None:
    """The signature that our witness makes is one by the specification."""
    watching = Witness(tmp_path / "witness.json", made.watcher, (made.key.verifier,))
    signed = watching.add(witness.request(0, [], str(made.log.note)), 1_700_000_000)
    assert node("log", made.log.folder, made.key.verifier, made.watcher.verifier)[0] == 1
    made.log.cosign(signed, [made.watcher.verifier])
    assert answer("log", made.log.folder, made.key.verifier, made.watcher.verifier)["size"] == 600


def test_consistency_is_the_same_in_both_languages(tmp_path: Path) -> None:
    """From every earlier checkpoint the other program draws the same proof and verifies it; a forked one it refuses."""
    made = make(tmp_path / "log", 5, 256, 300, 1000)
    earlier = tmp_path / "earlier"
    for size in (5, 256, 300, 1000):
        earlier.write_text(str(make(tmp_path / str(size), size).log.note), encoding="utf-8")
        found = answer("consistency", made.log.folder, made.key.verifier, earlier)
        assert found["proof"] == [base64.b64encode(each).decode() for each in made.log.consistency(size)]
    forked = make(tmp_path / "forked", 5)
    forked.log.append(data(5, 77))
    forked.log.sign(made.key)
    earlier.write_text(str(forked.log.note), encoding="utf-8")
    code, line = node("consistency", made.log.folder, made.key.verifier, earlier)
    assert (code, line) == (1, "the log is not consistent with the checkpoint")


def test_proof_files_verify_offline(made: Made, tmp_path: Path) -> None:
    """A proof file verifies there with the entry and the key; with another entry, or one byte changed, it does not."""
    entry, proof = tmp_path / "entry", tmp_path / "one.tlog-proof"
    for index in (0, 300, 599):
        entry.write_bytes(made.entries[index])
        proof.write_text(str(made.log.proof(index, b"found by this")), encoding="utf-8")
        assert answer("proof", proof, made.key.verifier, entry) == {"index": index, "size": 600}
    entry.write_bytes(made.entries[0])
    assert node("proof", proof, made.key.verifier, entry) == (1, "the proof does not lead to the root")
    entry.write_bytes(made.entries[599])
    content = proof.read_bytes()
    start = content.index(b"index")
    for place in random.Random(1).sample(range(start, len(content)), SAMPLE):  # noqa: S311 - a sample
        proof.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        assert node("proof", proof, made.key.verifier, entry)[0] == 1


def test_one_flipped_byte_anywhere_in_the_log_fails(made: Made) -> None:
    """In each public file of the log, one byte changed somewhere is noticed."""
    files = [file for file in sorted((made.log.folder / "tile").rglob("*")) if file.is_file()]
    chance = random.Random(2)  # noqa: S311 - a sample, no secret
    for file in [*files, made.log.folder / "checkpoint"]:
        content = file.read_bytes()
        place = chance.randrange(len(content))
        file.write_bytes(content[:place] + bytes([content[place] ^ 1 << chance.randrange(8)]) + content[place + 1 :])
        code, line = node("log", made.log.folder, made.key.verifier)
        assert (code, bool(line)) == (1, True), f"{file} byte {place}"
        file.write_bytes(content)
    assert node("log", made.log.folder, made.key.verifier)[0] == 0

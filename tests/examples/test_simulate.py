"""The simulator: the same seed gives the same bytes, and its lists are as real and as faulty as they should be."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pyarrow.compute as pc
import pytest

from partita.formats import usage

LINES = 4_000
LISTS = {"chain-a": "logs/chain-a.csv", "chain-b": "logs/chain-b.csv", "chain-c": "logs/chain-c.xlsx"}
CATALOGUES = {"chain-a.csv": "cp950", "chain-b.csv": "utf-8-sig", "chain-c.csv": "gb18030"}


def truth(folder: Path) -> dict[tuple[str, str], str]:
    """Song by list and line."""
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        return {(row["list"], row["line_id"]): row["work"] for row in csv.DictReader(file)}


def test_the_same_seed_gives_the_same_bytes(simulator: ModuleType, simulated: Path, tmp_path: Path) -> None:
    """Every file of a second run equals the first's."""
    files = simulator.simulate(tmp_path, lines=LINES)
    assert {f.relative_to(tmp_path).as_posix() for f in files} == {
        "truth.csv", *LISTS.values(), *(f"catalogues/{name}" for name in CATALOGUES)
    }  # fmt: skip
    for file in files:
        assert file.read_bytes() == (simulated / file.relative_to(tmp_path)).read_bytes(), file.name


def test_the_command_line_does_the_same(case: Path, simulated: Path, tmp_path: Path) -> None:
    """`python simulate.py OUT` from anywhere writes the same files and prints their names."""
    command = [sys.executable, str(case / "simulate.py"), str(tmp_path / "out"), "--lines", str(LINES)]
    done = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert len(done.stdout.splitlines()) == 7
    assert (tmp_path / "out/truth.csv").read_bytes() == (simulated / "truth.csv").read_bytes()


def test_another_seed_gives_other_logs(simulator: ModuleType, simulated: Path, tmp_path: Path) -> None:
    """The seed matters."""
    simulator.simulate(tmp_path, seed=8, lines=LINES)
    assert (tmp_path / LISTS["chain-b"]).read_bytes() != (simulated / LISTS["chain-b"]).read_bytes()


@pytest.mark.parametrize(("name", "encoding"), sorted(CATALOGUES.items()))
def test_catalogues_decode_in_the_encoding_that_they_claim(simulated: Path, name: str, encoding: str) -> None:
    """Strictly, and only one of them is UTF-8."""
    data = (simulated / "catalogues" / name).read_bytes()
    assert len(data.decode(encoding).splitlines()) > 300
    if encoding != "utf-8-sig":
        with pytest.raises(UnicodeDecodeError):
            data.decode("utf-8")


def test_all_lines_are_read_or_set_aside(simulated: Path) -> None:
    """Lines read and lines quarantined make the lines asked for; what is quarantined has each kind of fault."""
    read, codes = 0, Counter[str]()
    for name, path in LISTS.items():
        reading = usage.read(simulated / path, name=name)
        held = reading.problems.filter(pc.equal(reading.problems.column("severity"), "quarantined"))
        codes.update(held.column("code").to_pylist())
        read += reading.table.num_rows
    assert read + codes.total() == LINES
    assert {"usage.plays", "usage.used_at", "row.columns"} <= codes.keys()


def test_truth_speaks_of_every_sound_line_of_the_year(simulated: Path) -> None:
    """Each line with a title that lies in 2019 has its song (or none, for what is no song), and no other line has.

    A line that has lost its title is read, as it has the operator's number of the song; the truth does not judge it.
    """
    known = truth(simulated)
    lines = set()
    for name, path in LISTS.items():
        table = usage.read(simulated / path, name=name).table
        titled = pc.not_equal(table.column("title"), "")
        inside = table.filter(pc.and_(titled, pc.equal(pc.year(table.column("used_at")), 2019)))
        lines |= {(name, line) for line in inside.column("line_id").to_pylist()}
    assert lines == known.keys()


def test_songs_of_the_truth_exist(simulator: ModuleType, simulated: Path) -> None:
    """Each is a song of songs.csv, and a few lines are no song at all."""
    ids = {song.id for song in simulator.read_songs()}
    found = Counter(truth(simulated).values())
    assert found.keys() - ids == {""}
    assert 0 < found[""] < LINES // 100


def test_popularity_falls_off(simulated: Path) -> None:
    """The ten favourites have more than a fifth of the lines, and most songs are asked for now and then."""
    found = Counter(truth(simulated).values())
    assert sum(count for _, count in found.most_common(10)) > LINES // 5
    assert len(found) > 250


def test_the_noise_of_real_logs_is_there(simulated: Path) -> None:
    """Version tags, simplified and full-width characters, Chinese titles of foreign songs, and joined performers."""
    titles = {
        name: usage.read(simulated / path, name=name).table.column("title").to_pylist() for name, path in LISTS.items()
    }
    assert any("(KTV版)" in title for title in titles["chain-a"])
    assert any(title.startswith("鈴兒響叮噹") for title in titles["chain-a"])
    assert any(" - " in title for title in titles["chain-b"])
    assert any(title.startswith("望春风") for title in titles["chain-c"])
    assert any("\uff01" <= c <= "\uff5e" and c not in ",!?" for of in titles.values() for c in "".join(of))


def test_no_performer_is_a_real_one(simulator: ModuleType, simulated: Path) -> None:
    """Performers are the simulator's descriptions and invented labels, and nothing else."""
    allowed = {*simulator.COVERS, *simulator.COVERS_LATIN}
    for name, path in LISTS.items():
        for performers in usage.read(simulated / path, name=name).table.column("performers").to_pylist():
            assert set(performers) <= allowed, performers

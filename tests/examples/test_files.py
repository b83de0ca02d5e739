"""The societies' files: made by their script, readable as what they claim to be, and clearly of nobody real."""

from __future__ import annotations

import csv
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from partita import price
from partita.distribute import split
from partita.formats import repertoire, shares
from partita.jobs import jobfile, reviewfile

SOCIETIES = {"FICTIONAL-NORTH", "FICTIONAL-SOUTH", "FICTIONAL-EAST", "FICTIONAL-WEST"}
ENCODINGS = {"north.csv": "utf-8", "south.csv": "cp950", "west.tsv": "utf-16"}
COMMITTED_BYTES_MOST = 1_000_000
GENERATED = {"logs", "catalogues", "truth.csv"}


def test_committed_files_are_what_the_script_makes(case: Path, maker: ModuleType, tmp_path: Path) -> None:
    """make_files.py writes the committed files, byte for byte, on every machine."""
    for made in maker.make(tmp_path):
        assert made.read_bytes() == (case / made.relative_to(tmp_path)).read_bytes(), made.name


def test_the_case_is_small(case: Path) -> None:
    """What is committed of the case stays under a megabyte; what the simulator writes there is not counted."""
    own = [p for p in case.iterdir() if p.name not in GENERATED and not p.name.startswith((".", "__"))]
    files = [p for top in own for p in (top, *top.rglob("*")) if p.is_file()]
    assert sum(p.stat().st_size for p in files) < COMMITTED_BYTES_MOST


@pytest.mark.parametrize("folder", ["repertoire", "shares"])
@pytest.mark.parametrize("name", sorted(ENCODINGS))
def test_files_decode_in_the_encoding_that_they_claim(case: Path, folder: str, name: str) -> None:
    """Each text file is its README's encoding, strictly, and that of no other file unless it is plain ASCII."""
    data = (case / folder / name).read_bytes()
    text = data.decode(ENCODINGS[name])
    assert "\ufffd" not in text
    if name != "north.csv":
        with pytest.raises(UnicodeDecodeError):
            data.decode("utf-8")


def job(case: Path) -> dict[str, Any]:
    """The job file as TOML."""
    with (case / "job.toml").open("rb") as file:
        return tomllib.load(file)


def test_every_party_of_the_job_is_fictional(case: Path) -> None:
    """Four societies and three licensees, all marked, with names that say so in both languages."""
    parties = job(case)["society"] + job(case)["licensee"]
    assert {s["id"] for s in job(case)["society"]} == SOCIETIES
    assert all(p["fictional"] is True for p in parties)
    assert all("(fictional)" in p["name"]["en"] and "虛構" in p["name"]["zh-Hant"] for p in parties)


def read_shares(case: Path) -> Iterator[dict[str, Any]]:
    """Every row of every shares file."""
    for source in jobfile.load(case / "job.toml").shares:
        reading = shares.read(case / source.file, name=source.file, sheet=source.sheet)
        assert reading.problems.num_rows == 0, reading.problems.to_pylist()[:3]
        yield from reading.table.to_pylist()


def test_every_payee_is_fictional(case: Path) -> None:
    """No payee could be taken for a person or a company that exists."""
    for row in read_shares(case):
        assert "fictional" in row["party_name"].casefold(), row
        assert row["society"] in SOCIETIES, row


def test_repertoires_are_read_without_a_problem(case: Path) -> None:
    """Each repertoire is recognised without help, and holds the works that registrations.csv lists."""
    with (case / "registrations.csv").open(encoding="utf-8", newline="") as file:
        listed = {(row["society"], row["work_id"]) for row in csv.DictReader(file)}
    found = set()
    for source in jobfile.load(case / "job.toml").repertoire:
        reading = repertoire.read(case / source.file, name=source.name, society=source.society, sheet=source.sheet)
        assert reading.problems.num_rows == 0, reading.problems.to_pylist()[:3]
        assert reading.notes.encoding in {*ENCODINGS.values(), ""}
        found |= {(source.society, number) for number in reading.table.column("work_id").to_pylist()}
    assert found == listed


def test_claims_add_up_but_where_they_are_meant_not_to(maker: ModuleType, simulator: ModuleType) -> None:
    """All works are claimed whole, but six of which half is unclaimed, and one that is claimed one and a half times."""
    odd = {}
    for song in simulator.read_songs():
        total = sum(Fraction(claim.share, 10_000) for claim in maker.claims_of(song))
        if total not in (0, 1):
            odd[song.title] = total
    assert odd == dict.fromkeys(maker.UNCLAIMED, Fraction(1, 2)) | {"三寶歌": Fraction(3, 2)}


def test_the_east_is_small_and_the_north_is_large(maker: ModuleType, simulator: ModuleType) -> None:
    """The shape of the case: 6 to 8 % of the songs and 1 to 2 % of the plays, against 60 % and 70 %."""
    songs = simulator.read_songs()
    held: dict[str, set[str]] = defaultdict(set)
    for song in songs:
        for claim in maker.claims_of(song):
            held[claim.society].add(song.id)
    entries = simulator.catalogue(songs, simulator.CHAIN_A, 7, 1)

    def part(society: str, weights: list[float]) -> float:
        return sum(w for e, w in zip(entries, weights, strict=True) if e.song in held[society]) / sum(weights)

    catalogue, plays = [1.0] * len(entries), [e.weight for e in entries]
    assert 0.06 < part("FICTIONAL-EAST", catalogue) < 0.08
    assert 0.01 < part("FICTIONAL-EAST", plays) < 0.02
    assert 0.56 < part("FICTIONAL-NORTH", catalogue) < 0.7
    assert 0.67 < part("FICTIONAL-NORTH", plays) < 0.76


def test_tariffs_are_read_and_each_licence_names_one(case: Path) -> None:
    """Every tariff file is valid, belongs to a society of the job, and says in its name that it is fictional."""
    loaded = price.load([case / "tariffs"])
    for licence in jobfile.load(case / "job.toml").licence:
        tariff = loaded.one(licence.tariff)
        assert tariff.collecting_society in SOCIETIES
        assert "(fictional)" in tariff.title.en


def test_the_split_table_knows_every_role_of_the_west(case: Path) -> None:
    """The west states roles without shares, and its split table has a rule for each of its works."""
    table = split.shipped("tw-default")
    roles: dict[str, list[str]] = defaultdict(list)
    for row in read_shares(case):
        if row["society"] == "FICTIONAL-WEST":
            roles[row["work_id"]].append(row["role"])
    assert roles
    assert [work for work, of in roles.items() if table.shares(tuple(of)) is None] == []


def test_the_review_file_is_valid(case: Path) -> None:
    """The dossier's file is read, names the small society, and shares its repertoires with the job."""
    review = reviewfile.load(case / "review.toml")
    assert review.review.society == "FICTIONAL-EAST"
    assert [r.file for r in review.repertoire] == [r.file for r in jobfile.load(case / "job.toml").repertoire]

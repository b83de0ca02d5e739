"""The list of songs keeps its own rules: who wrote each, why it is free, and how sure that is."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

YEAR = 2019
"""The year of the case."""
NOBODY = {"traditional", "anonymous"}
CONTESTED = {"望春風", "雨夜花", "月夜愁"}
REQUIREMENT = {"traditional": "folk", "anonymous": "anonymous50"}


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def parts(cell: str) -> list[str]:
    """The items of a list cell."""
    return [item for item in cell.split("; ") if item]


def writers(song: dict[str, str]) -> set[str]:
    """All writers of a song, `traditional` and `anonymous` among them."""
    return {*parts(song["composers"]), *parts(song["lyricists"])}


@pytest.fixture(scope="module")
def songs(case: Path) -> list[dict[str, str]]:
    """The rows of songs.csv."""
    return read(case / "songs.csv")


@pytest.fixture(scope="module")
def died(case: Path) -> dict[str, int]:
    """The year of death of each writer."""
    return {row["name"]: int(row["died"]) for row in read(case / "writers.csv")}


def test_there_are_songs_enough(songs: list[dict[str, str]]) -> None:
    """At least two hundred songs, each with an id and a title of its own, however many share a title."""
    assert len(songs) >= 200
    assert len({song["song_id"] for song in songs}) == len(songs)
    assert all(song["title"] and song["title"] == song["title"].strip() for song in songs)


def test_every_writer_has_died_or_is_nobody(songs: list[dict[str, str]], died: dict[str, int]) -> None:
    """Each named writer stands in writers.csv with a year of death, nobody stands there in vain."""
    named = set().union(*map(writers, songs)) - NOBODY
    assert named - died.keys() == set()
    assert died.keys() - named == set()
    assert all(100 < year < YEAR for year in died.values())


def test_settled_songs_are_free_in_the_year_of_the_case(songs: list[dict[str, str]], died: dict[str, int]) -> None:
    """Settled: every named writer died more than fifty years before; contested: the three that are known, no others."""
    late = {s["title"] for s in songs if any(died[w] + 50 >= YEAR for w in writers(s) - NOBODY)}
    assert late == CONTESTED
    assert {s["title"] for s in songs if s["grade"] == "contested"} == CONTESTED
    assert {s["grade"] for s in songs} == {"settled", "contested"}


def test_every_basis_is_explained_and_fits(case: Path, songs: list[dict[str, str]], died: dict[str, int]) -> None:
    """Each code has a row in PUBLIC_DOMAIN.md, and the codes of a song are those that its writers call for."""
    page = (case / "PUBLIC_DOMAIN.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `([a-z0-9-]+)` \|", page, re.MULTILINE))
    for song in songs:
        needed = {REQUIREMENT[name] for name in writers(song) & NOBODY}
        needed |= {"life50" if died[name] + 50 < YEAR else "earlier-law" for name in writers(song) - NOBODY}
        assert set(song["basis"].split("+")) == needed, song
        assert needed <= explained, song


def test_contested_songs_say_what_speaks_against_them(case: Path) -> None:
    """The page names the songs, their lyricists' deaths, the article that may restore protection, and a source."""
    page = (case / "PUBLIC_DOMAIN.md").read_text(encoding="utf-8")
    for words in (*CONTESTED, "1979", "1988", "Art 106-1", "http://taiinlaw.com.tw/copyright_detail.php?id=89"):
        assert words in page


def test_languages_and_years_are_plausible(songs: list[dict[str, str]]) -> None:
    """Languages are BCP 47 tags, years are empty or lie before the settled writers' terms could matter."""
    assert all(re.fullmatch(r"[a-z]{2,3}", song["language"]) for song in songs)
    assert all(song["year"] == "" or 1500 < int(song["year"]) < 1950 for song in songs)


def test_no_words_of_songs_are_here(case: Path) -> None:
    """No cell of the list is long enough to hold a verse."""
    assert all(len(cell) < 160 for song in read(case / "songs.csv") for cell in song.values())


def test_characters_are_single_and_known(case: Path) -> None:
    """Each pair of characters is of a known kind, and maps one character to another."""
    rows = read(case / "characters.csv")
    assert {row["kind"] for row in rows} == {"simplified", "variant", "typo", "traditional"}
    assert all(len(row["from"]) == len(row["to"]) == 1 and row["from"] != row["to"] for row in rows)

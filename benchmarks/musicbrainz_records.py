"""MusicBrainz 20K as comparable columns: five sources write the same recordings in five ways, and make mistakes.

Every rule here looks at a record alone, whatever source it is from: a length in any notation becomes seconds, a year
two digits, `Artist - Title` and `Title (Album)` in one cell are taken apart, cells that slid one column to the right go
back. The record numbers of the sources are not used.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from partita.text import fold_all
from partita.text.fold import bare_texts
from partita.text.ragged import Places, Texts

SOURCES = 5
_FIELDS = ("number", "title", "length", "artist", "album", "year", "language")
_NOTHING = frozenset(("", "null", "unknown", "n.a.", "unk.", "none"))
_SPACE, _LATIN = 32, 0x250
_TRACK = re.compile(r"^\d\S{0,2}-\s*")
_YEAR_AFTER = re.compile(r"(.*?)\s*\(\s*(unknown|[\d\s\w]*\d{3}[\d\s\w]*)\s*\)")
_DASH = re.compile(r" - |- ")
_ALBUM_ALIKE = 75


@dataclass(frozen=True, slots=True)
class Records:
    """One row a record; numbers are -1 where unknown. `whole` is all text without spaces, `latin` its Latin letters."""

    source: Places
    truth: Places
    title: list[str]
    artist: list[str]
    album: list[str]
    whole: Texts
    latin: list[str]
    other_script: NDArray[np.float64]
    number: Places
    seconds: Places
    year: Places
    language: Places

    def __len__(self) -> int:
        return len(self.source)


def load(folder: Path) -> Records:
    """The records of the five tables and the true cluster of each (its smallest record)."""
    rows, source = [], []
    for number in range(SOURCES):
        with (folder / f"table_{number}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                rows.append(_cells(row))
                source.append(number)
    texts = [_texts(row) for row in rows]
    whole = _squeezed([" ".join(text[:3]) for text in texts])
    latin = whole.keep(whole.codes < _LATIN)
    title, artist, album = (_squeezed([text[k] for text in texts]).strings() for k in range(3))
    return Records(
        np.array(source), _truth(folder, len(rows)), title, artist, album, whole, latin.strings(),
        1 - latin.lengths / np.maximum(whole.lengths, 1),
        np.array([_whole_number(row["number"]) for row in rows]), np.array([seconds(row["length"]) for row in rows]),
        np.array([_year(text[3]) for text in texts]), _languages([row["language"] for row in rows]),
    )  # fmt: skip


def _truth(folder: Path, count: int) -> Places:
    cluster = np.arange(count)
    for line in (folder / "ground_truth.txt").read_text(encoding="utf-8").split():
        members = [int(text) for text in line.split(",")]
        cluster[members] = min(members)
    return cluster


def _blank(text: str) -> str:
    kept = " ".join(text.split())
    return "" if kept.lower().replace(" ", "").strip("[]()") in _NOTHING else kept


def _cells(row: dict[str, str | None]) -> dict[str, str]:
    values = [row[name] or "" for name in ("id", *_FIELDS)]
    if not values[0].strip() and len(re.sub(r"\W", "", values[1])) > 4:
        values = [*values[1:], ""]
    return {name: _blank(value) for name, value in zip(_FIELDS, values[1:], strict=True)}


def _texts(cells: dict[str, str]) -> tuple[str, str, str, str]:
    """Title, artist, album and year, each by itself."""
    title, artist, album, year = _TRACK.sub("", cells["title"]), cells["artist"], cells["album"], cells["year"]
    after = _YEAR_AFTER.fullmatch(album)
    if after and not year:
        album, year = after[1], after[2]
    if not artist and " - " in title:
        artist, title = title.split(" - ", 1)
    if album:
        title = _without_album(title, album)
    elif (dashes := list(_DASH.finditer(title))) and dashes[-1].start() > 0:
        title, album = title[: dashes[-1].start()], title[dashes[-1].end() :]
    return title, artist, album, year


def _without_album(title: str, album: str) -> str:
    """`Adagio` of `Adagio (The Classical Album)`."""
    if title.endswith(")"):
        for bracket in re.finditer(r"\(", title):
            if fuzz.ratio(title[bracket.end() : -1].lower(), album.lower()) >= _ALBUM_ALIKE:
                return title[: bracket.start()].strip()
    return title


def _whole_number(text: str) -> int:
    digits = re.sub(r"\D", "", text)
    return int(digits) if digits and len(digits) <= 4 else -1


def seconds(text: str) -> int:
    """`3:45`, `3m 45sec`, `3.75` minutes, `225` seconds or `225000` milliseconds as 225; -1 where it says nothing."""
    plain = text.replace(" ", "")
    minutes = re.fullmatch(r"(\d+)(?::|m)(\d+)(?:sec)?", plain)
    if minutes:
        value = int(minutes[1]) * 60 + int(minutes[2])
    elif re.fullmatch(r"\d+\.\d+", plain):
        value = round(float(plain) * 60)
    elif plain.isascii() and plain.isdigit():
        value = round(int(plain) / 1000) if int(plain) > 6000 else int(plain)
    else:
        value = 0
    return value or -1


def _year(text: str) -> int:
    digits = re.sub(r"\D", "", text)
    return int(digits[-2:]) if len(digits) in (2, 4) else -1


def _languages(texts: list[str]) -> Places:
    short = [re.sub(r"[^a-z]", "", text.lower())[:3] for text in texts]
    number = {name: place for place, name in enumerate(sorted({name for name in short if len(name) == 3}))}
    return np.array([number.get(name, -1) for name in short])


def _squeezed(strings: list[str]) -> Texts:
    bare = bare_texts(fold_all(strings))
    return bare.keep(bare.codes != _SPACE)

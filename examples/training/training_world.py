"""The world of the training case: works, societies, sites, statements with their days. All but the songs is invented.

The songs are the real public-domain ones of the karaoke case beside this folder; the holders, societies, codes, sites,
systems and figures are fictional. Nothing here knows a clock: the same seed gives the same bytes.
"""

# ruff: noqa: E501 - statements read as a table

import base64
import csv
import datetime as dt
import hashlib
import io
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
KTV = HERE.parent / "ktv"
if str(KTV) not in sys.path:
    sys.path.insert(0, str(KTV))

import make_files as ktv  # noqa: E402 - stands beside this folder
from simulate import Dice, Song, han, misspelt, performers_of, plain, read_characters, read_songs, swapped  # noqa: E402

NORTH, SOUTH, EAST, WEST = ktv.NORTH, ktv.SOUTH, ktv.EAST, ktv.WEST
__all__ = ["Dice", "han", "ktv", "misspelt", "plain", "read_characters", "swapped"]
"""What the karaoke case lends to the files beside this one."""

SOCIETIES = (NORTH, SOUTH, EAST, WEST)
PROVIDER = "songbird"
V1, V2, LITE = "songbird/v1", "songbird/v2", "songbird/lite"
Day = dt.date

SITE_NORTH = "songs-north.example"
SITE_LANTERN = "lantern-lyrics.example"
SITE_ARCHIVE = "open-archive.example"
MIRRORS = ("mirror-one.example", "files.mirror-two.example", "cdn.mirror-three.example")
FREE_SITES = tuple(f"{word}-songs.example" for word in (
    "river", "paper", "harbour", "night", "tea", "bamboo", "mountain", "rain", "plum", "crane", "temple", "bridge",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """One reservation or permission: of a society's repertoire or of a site, from a day, until another."""

    id: str
    kind: str
    target_kind: str
    target: str
    party: str
    since: Day
    until: Day | None
    carrier: str
    form: str
    evidence: str
    source: str


STATEMENTS = (
    Said("north-reserves", "reservation", "repertoire", NORTH, NORTH, Day(2024, 3, 1), None, "registry", "natural", "declared",
         "announcement of the society (fictional)"),
    Said("south-reserves", "reservation", "repertoire", SOUTH, SOUTH, Day(2025, 2, 15), None, "registry", "natural", "declared",
         "letter to providers (fictional)"),
    Said("east-reserves", "reservation", "repertoire", EAST, EAST, Day(2025, 12, 1), None, "registry", "natural", "declared",
         "decision of the general meeting (fictional)"),
    Said("site-north", "reservation", "url", f"https://{SITE_NORTH}/", "", Day(2024, 6, 1), None, "tdmrep", "machine", "served",
         f"https://{SITE_NORTH}/.well-known/tdmrep.json"),
    Said("site-lantern", "reservation", "url", f"https://{SITE_LANTERN}/", "", Day(2025, 1, 10), Day(2025, 10, 1), "robots",
         "machine", "served", f"https://{SITE_LANTERN}/robots.txt"),
    Said("site-archive", "permission", "url", f"https://{SITE_ARCHIVE}/free/", "", Day(2024, 1, 1), None, "content_usage",
         "machine", "served", f"https://{SITE_ARCHIVE}/robots.txt"),
)  # fmt: skip

BORDERS = tuple(day + dt.timedelta(days=step) for said in STATEMENTS for day in (said.since, said.until) if day
                for step in (-1, 0, 1) if day < Day(2025, 11, 1))  # fmt: skip
"""The days before, on and after which a statement begins or ends to hold."""

MANDATES = (
    (NORTH, "performing", "any", Day(2000, 1, 1), "statutes, 1"),
    (SOUTH, "performing", "any", Day(2000, 1, 1), "statutes, 1"),
    (EAST, "performing", "any", Day(2000, 1, 1), "statutes, 1"),
    (WEST, "performing", "any", Day(2000, 1, 1), "statutes, 1"),
    (NORTH, "ai_training", "train", Day(2024, 1, 1), "statutes as amended, 7a"),
    (SOUTH, "ai_training", "train", Day(2024, 6, 1), "statutes as amended, 12"),
    (EAST, "ai_training", "train", Day(2025, 1, 1), "statutes as amended, 4"),
    (WEST, "ai_training", "train", Day(2024, 1, 1), "opt-in contracts, model 3"),
)
WITHDRAWN_FROM, WITHDRAWN_ON = SOUTH, Day(2025, 7, 1)
"""One member of the south takes the right back on this day."""


@dataclass(frozen=True, slots=True)
class Work:
    """A song as the registry may know it: `id` is empty where nobody registered it."""

    song: Song
    id: str
    iswc: str
    isrcs: tuple[str, ...]
    isccs: tuple[str, ...]
    societies: tuple[str, ...]
    performers: tuple[str, str]


def iswc(number: int) -> str:
    """A fictional ISWC of the block T-9.. with its check digit."""
    digits = f"9{number:08d}"
    total = 1 + sum(weight * int(digit) for weight, digit in enumerate(digits, start=1))
    return f"T{digits}{(10 - total % 10) % 10}"


def isrc(number: int, year: int) -> str:
    """A fictional ISRC: ZZ is no country's."""
    return f"ZZZ99{year % 100:02d}{number:05d}"


def iscc(text: str) -> str:
    """A well-formed ISCC-CODE with an invented body."""
    body = bytes((5 << 4, 0)) + hashlib.sha256(text.encode()).digest()[:16]
    return "ISCC:" + base64.b32encode(body).decode().rstrip("=")


def works() -> list[Work]:
    """Every song of the karaoke case as a work; songs that nobody claims have no id."""
    found = []
    for number, song in enumerate(read_songs(KTV), start=1):
        societies = tuple(dict.fromkeys(claim.society for claim in ktv.claims_of(song)))
        name = f"W{number:04d}" if societies else ""
        dice = Dice(11, number)
        code = iswc(number) if name and dice.happens(0.6) else ""
        recordings = tuple(isrc(number * 10 + n, 19 + n) for n in range(1 + dice.below(3))) if name else ()
        contents = tuple(iscc(f"{song.id}/{n}") for n in range(dice.below(3))) if name else ()
        found.append(Work(song, name, code, recordings, contents, societies, performers_of(song)))
    return found


def reserved_by(work: Work | None, url: str, day: Day | None) -> list[str]:
    """Ids of the reservations against training that hold on the day for the place or for a share of the work."""
    if day is None:
        return []
    found = []
    for said in STATEMENTS:
        holds = said.since <= day and (said.until is None or day < said.until)
        near = url.startswith(said.target) if said.target_kind == "url" else work and said.target in work.societies
        if holds and near and said.kind == "reservation":
            found.append(said.id)
    return found


def write_csv(path: Path, rows: Iterable[Sequence[object]]) -> Path:
    """Writes a CSV file in UTF-8; None is an empty cell."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows([["" if c is None else c for c in row] for row in rows])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(buffer.getvalue(), encoding="utf-8", newline="")
    return path

"""Repertoires and shares of the four fictional societies, each in a shape and an encoding that real life has.

`python make_files.py [OUT]` writes repertoire/, shares/ and registrations.csv from songs.csv, always the same bytes;
without OUT into this folder, where they are committed. No society, payee or publisher in them exists.
"""

import argparse
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from simulate import (
    HERE,
    NOBODY,
    Dice,
    Song,
    Tools,
    chance,
    fits,
    performers_of,
    read_characters,
    read_other_names,
    read_songs,
    workbook,
    write_text,
)

NORTH, SOUTH, EAST, WEST = "FICTIONAL-NORTH", "FICTIONAL-SOUTH", "FICTIONAL-EAST", "FICTIONAL-WEST"
NAMES = {
    NORTH: "Society North 虛構北協",
    SOUTH: "Society South 虛構南協",
    EAST: "Society East 虛構東協",
    WEST: "Society West 虛構西協",
}
PREFIX = {NORTH: "N", SOUTH: "S", EAST: "E", WEST: "W"}
PUBLISHERS = (
    "North Lantern Music (fictional) 北燈音樂 (虛構)",
    "Paper Boat Editions (fictional) 紙船音樂 (虛構)",
    "Third Harbour Songs (fictional) 三港歌曲 (虛構)",
)
PARTS: dict[str, tuple[tuple[str, int], ...]] = {
    "cmn": ((NORTH, 82), (SOUTH, 7), (WEST, 5)),
    "nan": ((EAST, 62), (SOUTH, 20), (NORTH, 12)),
    "hak": ((EAST, 60), (SOUTH, 20)),
    "yue": ((SOUTH, 100),),
    "ja": ((NORTH, 66), (WEST, 16), (SOUTH, 12)),
    "en": ((NORTH, 66), (WEST, 14), (SOUTH, 14)),
    "de": ((NORTH, 60), (WEST, 20)),
}
"""By language, which society holds how many songs in a hundred; nobody holds the rest, or any in another language."""

WHOLE = {
    "望春風": NORTH, "雨夜花": NORTH, "送別": WEST, "夜上海": NORTH, "恭喜恭喜": NORTH, "薔薇處處開": NORTH,
    "桃花江": NORTH, "永遠的微笑": NORTH, "毛毛雨": NORTH, "荒城の月": NORTH, "滿江紅": NORTH, "Stille Nacht": WEST,
    "特別快車": WEST, "赤とんぼ": WEST, "丟丟銅仔": SOUTH, "思想起": EAST, "Happy Birthday to You": "",
    "茉莉花": SOUTH, "砂山": NORTH, "Heidenröslein": NORTH, "Wiegenlied": WEST, "Ave Maria": WEST, "松花江上": "",
}  # fmt: skip
SPLIT = {
    "月夜愁": SOUTH, "花樣的年華": SOUTH, "玫瑰三願": SOUTH, "黃河": SOUTH, "初戀女": SOUTH, "告別南洋": SOUTH,
    "畢業歌": SOUTH, "本事": SOUTH, "宵待草": SOUTH, "この道": SOUTH, "浜辺の歌": SOUTH,
    "Silver Threads Among the Gold": SOUTH,
}  # fmt: skip
"""Composer's share in the north, lyricist's in the society named here."""
UNCLAIMED = frozenset({"山中", "開路先鋒", "旅愁", "Annie Laurie", "Daisy Bell", "朧月夜"})
"""Only the composer's half is claimed; nobody speaks for the words."""
OVERCLAIMED = {"三寶歌": SOUTH}
"""The north claims all of it, and this society the words once more."""
TWICE = {"紫竹調": SOUTH, "新的女性": SOUTH}
"""Registered whole in two societies, with the same title and writers and no ISWC; each claims half."""


PLACED = frozenset({*WHOLE, *SPLIT, *UNCLAIMED, *OVERCLAIMED, *TWICE})


@dataclass(frozen=True, slots=True)
class Claim:
    """One row of a shares file: a role, a payee, and hundredths of a per cent of the work."""

    society: str
    role: str
    payee: str
    share: int


@cache
def drawn() -> dict[str, str]:
    """The society of each song that no table above names, by lot within its language, so that the parts are met."""
    found: dict[str, str] = {}
    for language, sizes in PARTS.items():
        songs = [song for song in read_songs() if song.language == language and song.title not in PLACED]
        lots = sorted(songs, key=lambda song: (chance(song, "home", 10**9), song.id))
        societies = [society for society, size in sizes for _ in range(round(len(lots) * size / 100))]
        found |= {song.id: society for song, society in zip(lots, societies, strict=False)}
    return found


def home(song: Song) -> str:
    """The society that registers the song first; empty where nobody does."""
    if song.title in WHOLE:
        return WHOLE[song.title]
    return NORTH if song.title in PLACED else drawn().get(song.id, "")


def heirs(writer: str) -> str:
    """The payee for a writer who has died: invented heirs, and called so."""
    return f"Fictional heirs of {writer} ({writer}之虛構繼承人)"


def equal(total: int, people: tuple[str, ...], role: str, society: str) -> list[Claim]:
    """`total` in equal parts, what is left over to the first."""
    part, rest = divmod(total, len(people))
    return [Claim(society, role, heirs(p), part + (rest if i == 0 else 0)) for i, p in enumerate(people)]


def people(names: tuple[str, ...]) -> tuple[str, ...]:
    """The writers who have a name."""
    return tuple(name for name in names if name not in NOBODY)


def whole(song: Song, society: str, total: int = 10_000) -> list[Claim]:
    """Claims on `total` of a work: composers and lyricists by halves, a publisher on some, arrangers of folk songs."""
    composers, lyricists = people(song.composers), people(song.lyricists)
    publisher = PUBLISHERS[chance(song, "publisher") % 3]
    if not composers and not lyricists:
        desk = f"Fictional arrangers of {NAMES[society]}"
        if society == WEST:
            return [Claim(society, "AR", desk, total)]
        return [Claim(society, "AR", desk, total // 2), Claim(society, "E", publisher, total - total // 2)]
    ruled = society != WEST or bool(composers)
    published = total * 2 // 5 if ruled and chance(song, "published") < 30 else 0
    claims = [Claim(society, "E", publisher, published)] if published else []
    rest = total - published
    if set(composers) == set(lyricists):
        return equal(rest, composers, "CA", society) + claims
    if not composers or not lyricists:
        return equal(rest, composers or lyricists, "C" if composers else "A", society) + claims
    return equal(rest // 2, composers, "C", society) + equal(rest - rest // 2, lyricists, "A", society) + claims


def claims_of(song: Song) -> list[Claim]:
    """Every claim on a song, by all societies; empty where nobody registered it."""
    first = home(song)
    if not first:
        return []
    composers, lyricists = people(song.composers), people(song.lyricists)
    if song.title in SPLIT:
        return equal(5000, composers, "C", NORTH) + equal(5000, lyricists, "A", SPLIT[song.title])
    if song.title in UNCLAIMED:
        return equal(5000, composers, "C", NORTH)
    if song.title in OVERCLAIMED:
        return whole(song, NORTH) + equal(5000, lyricists, "A", OVERCLAIMED[song.title])
    if song.title in TWICE:
        return whole(song, NORTH, 5000) + whole(song, TWICE[song.title], 5000)
    return whole(song, first)


@dataclass(frozen=True, slots=True)
class Registration:
    """A song in one society's repertoire, with the society's own number and claims."""

    song: Song
    number: str
    claims: tuple[Claim, ...]


def registrations(songs: list[Song]) -> dict[str, list[Registration]]:
    """The repertoire of each society, in the order of its numbers."""
    found: dict[str, list[Registration]] = {society: [] for society in PREFIX}
    for song in songs:
        claims = claims_of(song)
        for society in dict.fromkeys(claim.society for claim in claims):
            number = f"{PREFIX[society]}{len(found[society]) * 7 + 1001:06d}"
            found[society].append(Registration(song, number, tuple(c for c in claims if c.society == society)))
    return found


def party(claim: Claim) -> str:
    """The payee's number in its society; made from the name, and no IPI."""
    return f"{PREFIX[claim.society]}P{int.from_bytes(hashlib.sha256(claim.payee.encode()).digest()[:4]) % 10**6:06d}"


def credit(names: tuple[str, ...], unknown: str) -> str:
    """Writers as a society's file lists them."""
    return " / ".join(unknown if name in NOBODY else name for name in names)


def together(song: Song) -> tuple[str, ...]:
    """Composers and lyricists in one list, each once."""
    return tuple(dict.fromkeys(song.composers + song.lyricists))


def percent(share: int) -> str:
    """Hundredths of a per cent as a decimal: 3333 is 33.33."""
    return f"{share // 100}.{share % 100:02d}"


def north(works: list[Registration], out: Path) -> Iterator[Path]:
    """UTF-8 CSV with English headers; shares in per cent."""
    head = ["work_id", "title", "alternative_titles", "composers", "lyricists", "performers", "language"]
    rows = [
        [w.number, w.song.title, "; ".join(w.song.others), credit(w.song.composers, "TRADITIONAL"),
         credit(w.song.lyricists, "TRADITIONAL"), " / ".join(performers_of(w.song)), w.song.language]
        for w in works
    ]  # fmt: skip
    yield write_text(out / "repertoire/north.csv", [head, *rows], "utf-8")
    head = ["work_id", "party_id", "party_name", "role", "share_percent", "society"]
    rows = [[w.number, party(c), c.payee, c.role, percent(c.share), c.society] for w in works for c in w.claims]
    yield write_text(out / "shares/north.csv", [head, *rows], "utf-8")


@dataclass(frozen=True, slots=True)
class Big5:
    """How a file in Big5 (CP950) writes what Big5 does not hold: another form of the name or character, else `?`."""

    tools: Tools

    def text(self, text: str) -> str:
        """`text` as Big5 can hold it."""
        return self.tools.written(text)

    def name(self, writer: str) -> str:
        """The first form of a writer's name that Big5 holds."""
        forms = (writer, *self.tools.others.get(writer, ()))
        return next((form for form in forms if fits(form, "cp950")), self.text(writer))


def south(works: list[Registration], out: Path) -> Iterator[Path]:
    """Big5 CSV with Chinese headers; shares as fractions of one."""
    big5 = Big5(Tools(Dice(0), read_characters(), read_other_names(), "cp950"))
    words = {"C": "作曲", "A": "作詞", "CA": "詞曲", "AR": "編曲", "E": "出版"}
    rows = [["作品編號", "曲名", "別名", "作詞", "作曲", "演唱者", "語別"]]
    names = {"cmn": "國語", "nan": "台語", "hak": "客語", "yue": "粵語", "ja": "日語", "en": "英語"}
    for w in works:
        others = "; ".join(t for t in w.song.others if fits(t, "cp950"))
        writers = [credit(tuple(map(big5.name, of)), "民謠") for of in (w.song.lyricists, w.song.composers)]
        sung = " / ".join(performers_of(w.song))
        rows.append([w.number, big5.text(w.song.title), others, *writers, sung, names[w.song.language]])
    yield write_text(out / "repertoire/south.csv", [[big5.text(cell) for cell in row] for row in rows], "cp950")
    rows = [["作品編號", "權利人編號", "權利人名稱", "身分", "比例", "團體"]]
    rows += [
        [w.number, party(c), c.payee, words[c.role], f"0.{c.share:04d}" if c.share < 10_000 else "1", c.society]
        for w in works
        for c in w.claims
    ]
    yield write_text(out / "shares/south.csv", [[big5.text(cell) for cell in row] for row in rows], "cp950")


def east(works: list[Registration], out: Path) -> Iterator[Path]:
    """One workbook, works and shares on two sheets, with a heading above the header row."""
    head = [
        ["虛構東協 作品清單 (Society East, fictional)"],
        ["作品編號", "作品名稱", "又名", "詞曲作者", "演唱者", "語言"],
    ]
    rows = [
        [w.number, w.song.title, "; ".join(w.song.others), credit(together(w.song), "佚名"),
         " / ".join(performers_of(w.song)), w.song.language]
        for w in works
    ]  # fmt: skip
    shares = [[w.number, party(c), c.payee, c.role, f"{percent(c.share)}%", c.society] for w in works for c in w.claims]
    title = ["作品編號", "會員編號", "會員姓名", "角色", "分配比例", "團體"]
    yield workbook(out / "repertoire/east.xlsx", {"作品": [*head, *rows], "權利人": [title, *shares]})


def west(works: list[Registration], out: Path) -> Iterator[Path]:
    """UTF-16 text with tabs, as a spreadsheet saves `Unicode text`; shares by role: the split table fills them."""
    rows = [["Work No.", "Song title", "AKA", "Words by", "Music by", "Artist", "Language"]]
    rows += [
        [w.number, w.song.title, "; ".join(w.song.others), credit(w.song.lyricists, "DP"),
         credit(w.song.composers, "DP"), " / ".join(performers_of(w.song)), w.song.language]
        for w in works
    ]  # fmt: skip
    yield write_text(out / "repertoire/west.tsv", rows, "utf-16", "\t")
    rows = [["Work No.", "Member No.", "Member", "Role", "Society"]]
    rows += [[w.number, party(c), c.payee, c.role, c.society] for w in works for c in w.claims]
    yield write_text(out / "shares/west.tsv", rows, "utf-16", "\t")


def make(out: Path) -> list[Path]:
    """Writes every file and returns their paths."""
    found = registrations(read_songs())
    known = [[w.song.id, society, w.number] for society, works in found.items() for w in works]
    files = [*north(found[NORTH], out), *south(found[SOUTH], out), *east(found[EAST], out), *west(found[WEST], out)]
    return [*files, write_text(out / "registrations.csv", [["song_id", "society", "work_id"], *known], "utf-8")]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Repertoires and shares of four fictional societies.")
    parser.add_argument("out", type=Path, nargs="?", default=HERE)
    for path in make(parser.parse_args().out):
        print(path)


if __name__ == "__main__":
    main()

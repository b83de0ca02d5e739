"""Play logs and song catalogues of three fictional karaoke operators, from real public-domain titles and a seed.

`python simulate.py OUT --seed 7 --lines 200000` writes OUT/catalogues, OUT/logs and OUT/truth.csv. The noise is what
real logs have; the same seed gives the same bytes. Needs the standard library and numpy, reads the three CSV files
beside it, and touches nothing but OUT. No plays were measured anywhere: every count in the output is invented.
"""

import argparse
import csv
import datetime as dt
import hashlib
import io
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar
from xml.sax.saxutils import escape

import numpy as np

T = TypeVar("T")
HERE = Path(__file__).resolve().parent
YEAR = 2019
NOBODY = frozenset({"traditional", "anonymous"})
LANGUAGES = {
    "cmn": "國語", "nan": "台語", "hak": "客語", "yue": "粵語", "ja": "日語", "en": "英語", "ko": "韓語", "de": "德語",
    "fr": "法語", "it": "義大利語", "es": "西班牙語", "ru": "俄語",
}  # fmt: skip
"""What the operators call a language; the few others are `其他`."""
OTHER_LANGUAGE = "其他"
FOREIGN = frozenset(
    {"en", "ja", "ko", "de", "fr", "it", "es", "ru", "la", "cs", "no", "da", "fi", "he", "ms", "id", "tl"}
)

COVERS = ("好聲音樂隊 (虛構)", "星塵樂團 (虛構)", "合唱團", "男聲", "女聲", "兒童合唱", "男女對唱", "民謠樂團 (虛構)")
COVERS_LATIN = ("Choir", "Baritone", "Soprano", "Children's Choir", "Good Voice Band (fictional)")
TAGS = (
    "(KTV版)",
    "(伴奏)",
    "(演唱會版)",
    "(Live)",
    "-伴奏",
    "(合唱版)",
    "(導唱版)",
    "(現場版)",
    "[HD]",
    "(男Key)",
    "(女Key)",
    "(原版)",
)
TAGS_LATIN = ("(Live)", "(KTV version)", "(Karaoke Version)", "- Instrumental", "(Acoustic)")
NOT_SONGS = ("測試片", "生日組曲", "店內廣告", "新春組曲 (串燒)", "開場音樂", "消防安全宣導", "Track 01", "未知歌曲")
FAVOURITES = {
    title: rank
    for rank, title in enumerate((
        "望春風", "雨夜花", "送別", "月夜愁", "夜上海", "恭喜恭喜", "花樣的年華", "薔薇處處開", "桃花江", "永遠的微笑",
        "毛毛雨", "Happy Birthday to You", "荒城の月", "滿江紅", "Stille Nacht", "特別快車", "赤とんぼ", "玫瑰三願",
        "松花江上", "丟丟銅仔", "黃河", "彩雲追月", "Amazing Grace", "花非花", "鳳陽花鼓", "故郷", "Jingle Bells",
    ))
}  # fmt: skip
"""What is asked for most here, in this order; invented, as every count is."""
BRANCHES_A = ("甲一店", "甲二店", "甲三店", "甲四店")


@dataclass(frozen=True, slots=True)
class Song:
    """One row of songs.csv."""

    id: str
    title: str
    others: tuple[str, ...]
    language: str
    composers: tuple[str, ...]
    lyricists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Characters:
    """How characters are written otherwise: simplified, in a variant form, by a slip, or for a Japanese form."""

    simplified: dict[str, str] = field(default_factory=dict)
    variant: dict[str, str] = field(default_factory=dict)
    typo: dict[str, str] = field(default_factory=dict)
    traditional: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One song as an operator's machine shows it; `song` is empty where it is no song."""

    song: str
    number: str
    title: str
    performer: str
    composer: str
    lyricist: str
    language: str
    weight: float

    @property
    def writers(self) -> str:
        """Composer and lyricist in one field, each once."""
        return " / ".join(dict.fromkeys(name for name in (self.composer, self.lyricist) if name))


@dataclass(frozen=True, slots=True)
class Habits:
    """How an operator keeps its catalogue: how many versions of a song, and probabilities of each kind of noise."""

    prefix: str
    encoding: str
    versions: int
    listed: dict[str, float]
    writers: float
    chinese: float
    tag: float
    other_title: float = 0.1
    variant: float = 0.12
    simplified: float = 0.0
    typo: float = 0.015
    wide: float = 0.03
    joined: float = 0.0


CHAIN_A = Habits(
    "10", "cp950", 4, {"": 0.35, "en": 0.75, "ja": 0.75, "de": 0.6}, writers=0.85, chinese=0.8, tag=0.25, wide=0.04
)
CHAIN_B = Habits(
    "B", "utf-8", 4, {"": 0.4, "en": 0.8, "ja": 0.8, "de": 0.6}, writers=0.7, chinese=0.6, tag=0.25, variant=0.2,
    simplified=0.05, joined=0.06,
)  # fmt: skip
CHAIN_C = Habits(
    "7", "gb18030", 3, {"": 0.25, "en": 0.6, "ja": 0.5, "de": 0.5}, writers=0.6, chinese=0.9, tag=0.2, simplified=1.0,
    other_title=0.05,
)  # fmt: skip


class Dice:
    """Random numbers of one seed; only `random()` is used, so that every numpy release gives the same."""

    def __init__(self, *seed: int) -> None:
        self._source = np.random.Generator(np.random.PCG64(list(seed)))

    def happens(self, probability: float) -> bool:
        """True with this probability."""
        return float(self._source.random()) < probability

    def pick(self, items: Sequence[T]) -> T:
        """One of `items`, each as likely."""
        return items[int(self._source.random() * len(items))]

    def below(self, top: int) -> int:
        """A whole number from 0 to `top` - 1."""
        return int(self._source.random() * top)

    def many(self, count: int) -> np.ndarray:
        """`count` numbers from 0 up to 1."""
        numbers: np.ndarray = self._source.random(count)
        return numbers

    def draws(self, weights: Sequence[float], count: int) -> np.ndarray:
        """`count` places, each as likely as its weight."""
        sums = np.cumsum(np.asarray(weights, dtype=np.float64))
        places: np.ndarray = np.searchsorted(sums, self.many(count) * sums[-1], side="right")
        return places


@dataclass(frozen=True, slots=True)
class Tools:
    """What every operator's catalogue is made with."""

    dice: Dice
    characters: Characters
    others: dict[str, tuple[str, ...]]
    encoding: str

    def written(self, text: str) -> str:
        """`text` as the encoding can hold it: other forms, then accents off, then `?`, as old systems do."""
        if not fits(text, self.encoding):
            missing = {c: t for c, t in self.characters.traditional.items() if not fits(c, self.encoding)}
            text = swapped(text, missing, self.encoding)
        bare = text if fits(text, self.encoding) else plain(text)
        return bare if fits(bare, self.encoding) else text.encode(self.encoding, "replace").decode(self.encoding)


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a UTF-8 CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def parts(text: str) -> tuple[str, ...]:
    """The items of a list cell."""
    return tuple(item for item in text.split("; ") if item)


def read_songs(folder: Path = HERE) -> list[Song]:
    """All songs of songs.csv."""
    return [
        Song(
            r["song_id"],
            r["title"],
            parts(r["alt_titles"]),
            r["language"],
            parts(r["composers"]),
            parts(r["lyricists"]),
        )
        for r in read_rows(folder / "songs.csv")
    ]


def read_characters(folder: Path = HERE) -> Characters:
    """The character pairs of characters.csv."""
    found = Characters()
    for row in read_rows(folder / "characters.csv"):
        getattr(found, row["kind"])[row["from"]] = row["to"]
    return found


def read_other_names(folder: Path = HERE) -> dict[str, tuple[str, ...]]:
    """Other forms of the writers' names, from writers.csv."""
    return {r["name"]: parts(r["other_names"]) for r in read_rows(folder / "writers.csv")}


def chance(song: Song, salt: str, top: int = 100) -> int:
    """0 to `top` - 1, fixed for a song: which of several ways it takes."""
    return int.from_bytes(hashlib.sha256(f"{salt}/{song.title}/{song.composers}".encode()).digest()[:4]) % top


def performers_of(song: Song) -> tuple[str, str]:
    """Two performers by whom the song is known here: descriptions, or house labels that say they are invented."""
    covers = (
        COVERS if song.language in {"cmn", "nan", "hak", "yue", "ja"} or any(map(han, song.others)) else COVERS_LATIN
    )
    first = chance(song, "performer", len(covers))
    return covers[first], covers[(first + 1 + chance(song, "second", len(covers) - 1)) % len(covers)]


def han(text: str) -> bool:
    """Whether a Chinese character stands in `text`."""
    return any("\u4e00" <= c <= "\u9fff" for c in text)


def wide(text: str) -> str:
    """ASCII in its full-width form."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else "\u3000" if c == " " else c for c in text)


def plain(text: str) -> str:
    """Without accents, as operators with old systems type foreign titles."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return bare.replace("ʻ", "'").replace("ß", "ss") if not any("\u1100" <= c <= "\u30ff" for c in bare) else text


def fits(text: str, encoding: str) -> bool:
    """Whether `text` can be written in `encoding`."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def popularity(songs: Sequence[Song], dice: Dice) -> dict[str, float]:
    """Zipf weights: favourites first, the others shuffled; old folk songs and foreign songs are asked for less."""
    kinds = {"cmn": 1.0, "nan": 1.0, "hak": 0.4, "yue": 0.4, "ja": 0.4, "en": 0.4, "de": 0.4}
    chance = dice.many(len(songs))
    order = sorted(range(len(songs)), key=lambda i: (FAVOURITES.get(songs[i].title, len(FAVOURITES)), float(chance[i])))
    weights = {}
    for rank, place in enumerate(order, start=1):
        song = songs[place]
        favourite = song.title in FAVOURITES
        old = 0.28 if set(song.composers) <= NOBODY and song.language in {"nan", "hak", "yue"} else 1.0
        weights[song.id] = (1.0 if favourite else kinds.get(song.language, 0.1) * old) / (rank + 8) ** 0.9
    return weights


def title_of(song: Song, habits: Habits, dice: Dice) -> str:
    """The title that the operator chose: its own, a Chinese one, or another."""
    chinese = [t for t in (song.title, *song.others) if han(t)]
    if song.language in FOREIGN and chinese and dice.happens(habits.chinese):
        return chinese[0] if dice.happens(0.85) else dice.pick(chinese)
    return dice.pick(song.others) if song.others and dice.happens(habits.other_title) else song.title


def swapped(text: str, table: dict[str, str], encoding: str) -> str:
    """`text` with every character of the table written the other way, where the encoding has that."""
    return "".join(table[c] if c in table and fits(table[c], encoding) else c for c in text)


def misspelt(text: str, characters: Characters, dice: Dice) -> str:
    """One slip: a look-alike or sound-alike character, or two Latin letters swapped."""
    places = [i for i, c in enumerate(text) if c in characters.typo]
    if places and han(text):
        i = dice.pick(places)
        return text[:i] + characters.typo[text[i]] + text[i + 1 :]
    if len(text) < 6:
        return text
    i = 1 + dice.below(len(text) - 3)
    return text[:i] + text[i + 1] + text[i] + text[i + 2 :]


def dirtied(text: str, habits: Habits, tools: Tools, *, japanese: bool) -> str:
    """The title as it stands in the catalogue, with the operator's kinds of noise."""
    dice, characters = tools.dice, tools.characters
    if dice.happens(habits.typo):
        text = misspelt(text, characters, dice)
    if not japanese and dice.happens(habits.variant):
        text = swapped(text, characters.variant, tools.encoding)
    if not japanese and dice.happens(habits.simplified):
        text = swapped(text, characters.simplified, tools.encoding)
    if dice.happens(habits.wide):
        text = wide(text)
    return text


def named(writers: Sequence[str], others: dict[str, tuple[str, ...]], dice: Dice) -> str:
    """Writers as an operator types them: sometimes by another name, folk songs as 民謠 or not at all."""
    found = []
    for name in writers:
        if name in NOBODY:
            found.append(dice.pick(("民謠", "佚名", "")))
        else:
            found.append(dice.pick(others[name]) if others.get(name) and dice.happens(0.2) else name)
    return " / ".join(name for name in found if name)


def entries_of(song: Song, weight: float, habits: Habits, tools: Tools) -> Iterator[Entry]:
    """The versions of one song in an operator's catalogue."""
    dice = tools.dice
    chance = (
        1.0 if song.language in {"cmn", "nan", "hak", "yue"} else habits.listed.get(song.language, habits.listed[""])
    )
    if not dice.happens(chance):
        return
    most = habits.versions if song.language in {"cmn", "nan"} else 2
    for version in range(1 + dice.below(most)):
        title = title_of(song, habits, dice)
        japanese = song.language == "ja"
        latin = not han(title) and not japanese
        known = performers_of(song) if dice.happens(0.9) else COVERS_LATIN if latin else COVERS
        performer = dice.pick(known) if dice.happens(0.8) else ""
        text = dirtied(title, habits, tools, japanese=japanese and not han(title))
        if version or dice.happens(habits.tag / 2):
            text += (" " if latin else "") + dice.pick(TAGS_LATIN if latin else TAGS) if dice.happens(0.75) else ""
        if performer and dice.happens(habits.joined):
            text, performer = f"{performer} - {text}", ""
        spoken = LANGUAGES.get(song.language, OTHER_LANGUAGE)
        if song.language in FOREIGN and not japanese and han(title) and dice.happens(0.35):
            spoken = LANGUAGES["cmn"]
        stated = dice.happens(habits.writers)
        yield Entry(
            song.id,
            "",
            tools.written(text),
            tools.written(performer),
            tools.written(named(song.composers, tools.others, dice)) if stated else "",
            tools.written(named(song.lyricists, tools.others, dice)) if stated else "",
            spoken,
            weight / (version + 1),
        )


def catalogue(songs: Sequence[Song], habits: Habits, seed: int, number: int) -> list[Entry]:
    """An operator's whole catalogue, in the order of its song numbers."""
    tools = Tools(Dice(seed, number), read_characters(), read_other_names(), habits.encoding)
    weights = popularity(songs, Dice(seed, 0))
    found = [entry for song in songs for entry in entries_of(song, weights[song.id], habits, tools)]
    total = sum(entry.weight for entry in found)
    found += [Entry("", "", title, "", "", "", OTHER_LANGUAGE, 0.004 * total / len(NOT_SONGS)) for title in NOT_SONGS]
    order = np.argsort(tools.dice.many(len(found)), kind="stable")
    return [replace(found[int(i)], number=f"{habits.prefix}{n:05d}") for n, i in enumerate(order, start=1)]


def write_text(path: Path, rows: Iterable[Sequence[str]], encoding: str, delimiter: str = ",") -> Path:
    """Writes a CSV or TSV file in `encoding`; UTF-16 is little-endian with a byte order mark, on every machine."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = buffer.getvalue()
    path.write_bytes(("\ufeff" + text).encode("utf-16-le") if encoding == "utf-16" else text.encode(encoding))
    return path


def workbook(path: Path, sheets: dict[str, Iterable[Sequence[object]]]) -> Path:
    """Writes an XLSX file, the same bytes everywhere: text inline, numbers as numbers, dates as date cells."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, text in _book(list(sheets)).items():
            archive.writestr(zipfile.ZipInfo(name), text)
        for number, rows in enumerate(sheets.values(), start=1):
            archive.writestr(zipfile.ZipInfo(f"xl/worksheets/sheet{number}.xml"), _sheet(rows))
    return path


_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _book(names: Sequence[str]) -> dict[str, str]:
    numbers = range(1, len(names) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>' for n in numbers
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    sheets = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in zip(numbers, names, strict=True)
    )
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{overrides}</Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}'
        f'<Relationship Id="rId{len(names) + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
        '<fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
    }


def _sheet(rows: Iterable[Sequence[object]]) -> str:
    body = "".join(f'<row r="{n}">{"".join(_cells(n, row))}</row>' for n, row in enumerate(rows, start=1))
    return f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>'


def _cells(number: int, row: Sequence[object]) -> Iterator[str]:
    for place, value in enumerate(row):
        at = f"{chr(ord('A') + place)}{number}"
        if isinstance(value, dt.date):
            yield f'<c r="{at}" s="1"><v>{(value - dt.date(1899, 12, 30)).days}</v></c>'
        elif isinstance(value, int):
            yield f'<c r="{at}"><v>{value}</v></c>'
        elif value != "":
            yield f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'


Truth = list[tuple[str, str, str]]


def geometric(dice: Dice, count: int, mean: float) -> np.ndarray:
    """`count` whole numbers from 1, geometric about `mean`."""
    numbers: np.ndarray = 1 + np.floor(np.log1p(-dice.many(count)) / np.log1p(-1.0 / mean)).astype(np.int64)
    return numbers


def faults(dice: Dice, lines: int, share: float, kinds: Sequence[int]) -> dict[int, int]:
    """Which lines are faulty (at least one of each kind, if there are lines enough), and in which way."""
    places = dict.fromkeys(int(p * lines) for p in dice.many(max(len(kinds), int(lines * share))))
    return {place: kinds[n % len(kinds)] for n, place in enumerate(places)}


def spoilt(row: list[str], places: dict[str, int], kind: int) -> list[str]:
    """`row` with one of six faults that real files have."""
    bad = list(row)
    if kind == 0:
        bad[places["plays"]] = "-3"
    elif kind == 1:
        bad[places["date"]] = f"{YEAR}-02-30"
    elif kind == 2:
        bad[places["title"]] = ""
    elif kind == 3:
        bad[places["plays"]] = "many"
    elif kind == 4:
        bad += ["", "extra"]
    else:
        bad = bad[:2]
    return bad


def log_a(entries: Sequence[Entry], dice: Dice, lines: int, out: Path, truth: Truth) -> Path:
    """Chain A: daily totals per branch and song, Big5, Chinese headers; a few faulty rows."""
    header = ["流水號", "日期", "分店", "曲號", "歌名", "演唱者", "作詞", "作曲", "語別", "點播次數"]
    places = {"date": 1, "title": 4, "plays": 9}
    rows = [header]
    plays, days, branches = geometric(dice, lines, 27.0), dice.many(lines), dice.many(lines)
    faulty = faults(dice, lines, 0.0006, (0, 1, 2, 3, 4, 5))
    for n, chosen in enumerate(dice.draws([e.weight for e in entries], lines)):
        entry = entries[int(chosen)]
        day = dt.date(YEAR, 1, 1) + dt.timedelta(days=int(days[n] * 365))
        branch = BRANCHES_A[int(branches[n] * len(BRANCHES_A))]
        line = f"A{n + 1:07d}"
        row = [line, day.isoformat(), branch, entry.number, entry.title, entry.performer, entry.lyricist,
               entry.composer, entry.language, str(plays[n])]  # fmt: skip
        if n in faulty:
            row = spoilt(row, places, faulty[n])
        else:
            truth.append(("chain-a", line, entry.song))
        rows.append(row)
    return write_text(out, rows, "cp950")


def log_b(entries: Sequence[Entry], dice: Dice, lines: int, out: Path, truth: Truth) -> Path:
    """Chain B: one row per play with its time, UTF-8, English headers; some late plays belong to next year."""
    characters = read_characters()
    rows = [["line_id", "played_at", "branch", "song_no", "title", "artist", "lyricist", "composer", "language"]]
    moments = np.sort(dice.many(lines) * (365 * 86400 + 5400)).astype(np.int64)
    faulty, slips = faults(dice, lines, 0.0005, (1, 2, 5)), dice.many(lines) < 0.008
    start, end = dt.datetime(YEAR, 1, 1), dt.datetime(YEAR + 1, 1, 1)  # noqa: DTZ001 - the venue's local time
    for n, chosen in enumerate(dice.draws([e.weight for e in entries], lines)):
        entry = entries[int(chosen)]
        at = start + dt.timedelta(seconds=int(moments[n]))
        title = misspelt(entry.title, characters, dice) if slips[n] else entry.title
        line = f"B{n + 1:07d}"
        row = [line, at.isoformat(sep=" "), "B1", entry.number, title, entry.performer, entry.lyricist,
               entry.composer, entry.language]  # fmt: skip
        if n in faulty:
            row = spoilt(row, {"date": 1, "title": 4}, faulty[n])
        elif at < end:
            truth.append(("chain-b", line, entry.song))
        rows.append(row)
    return write_text(out, rows, "utf-8")


def log_c(entries: Sequence[Entry], dice: Dice, lines: int, out: Path, truth: Truth) -> Path:
    """Chain C: monthly totals per branch and song in a workbook, in simplified characters."""
    rows: list[list[object]] = [
        ["丙連鎖 (虛構) 2019 年點播月報"],
        [],
        ["項次", "日期", "分店", "曲號", "歌名", "演唱者", "詞曲作者", "語別", "點播次數"],
    ]
    months, branches, plays = dice.many(lines), dice.many(lines), geometric(dice, lines, 75.0)
    faulty = faults(dice, lines, 0.0005, (0,))
    for n, chosen in enumerate(dice.draws([e.weight for e in entries], lines)):
        entry = entries[int(chosen)]
        month = 1 + int(months[n] * 12)
        last = dt.date(YEAR + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)
        branch = f"C{1 + int(branches[n] * 3)}"
        line, count = f"C{n + 1:07d}", int(plays[n])
        if n not in faulty:
            truth.append(("chain-c", line, entry.song))
        reported = -count if n in faulty else count
        shown = [entry.number, entry.title, entry.performer, entry.writers, entry.language]
        rows.append([line, last, branch, *shown, reported])
    return workbook(out, {"點播": rows})


def catalogue_file(entries: Sequence[Entry], out: Path, header: Sequence[str], encoding: str) -> Path:
    """An operator's song list: number, title, performer, language, and writers where the header names them."""
    wanted: dict[int, Callable[[Entry], list[str]]] = {
        5: lambda e: [e.number, e.title, e.performer, e.writers, e.language],
        6: lambda e: [e.number, e.title, e.performer, e.language, e.lyricist, e.composer],
    }
    rows = [list(header)] + [wanted[len(header)](entry) for entry in entries]
    return write_text(out, rows, encoding)


def simulate(out: Path, *, seed: int = 7, lines: int = 200_000) -> list[Path]:
    """Writes catalogues, play logs (`lines` in all) and truth.csv into `out`; the same seed gives the same bytes."""
    songs = read_songs()
    truth: Truth = []
    a, b, c = (catalogue(songs, habits, seed, n) for n, habits in enumerate((CHAIN_A, CHAIN_B, CHAIN_C), start=1))
    few = lines // 10
    half = (lines - few) // 2
    files = [
        catalogue_file(a, out / "catalogues/chain-a.csv", ["曲號", "歌名", "演唱者", "語別", "作詞", "作曲"], "cp950"),
        catalogue_file(
            b,
            out / "catalogues/chain-b.csv",
            ["song_no", "title", "artist", "language", "lyricist", "composer"],
            "utf-8-sig",
        ),
        catalogue_file(
            c, out / "catalogues/chain-c.csv", ["歌曲编号", "歌曲名", "演唱", "词曲作者", "语种"], "gb18030"
        ),
        log_a(a, Dice(seed, 11), half, out / "logs/chain-a.csv", truth),
        log_b(b, Dice(seed, 12), lines - few - half, out / "logs/chain-b.csv", truth),
        log_c(c, Dice(seed, 13), few, out / "logs/chain-c.xlsx", truth),
    ]
    files.append(write_text(out / "truth.csv", [("list", "line_id", "work"), *truth], "utf-8"))
    return files


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description="Simulated karaoke logs of public-domain songs; every count is invented."
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--lines", type=int, default=200_000)
    chosen = parser.parse_args()
    for path in simulate(chosen.out, seed=chosen.seed, lines=chosen.lines):
        print(path)


if __name__ == "__main__":
    main()

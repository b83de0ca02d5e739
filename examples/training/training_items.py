"""The items of the training case: pages, recordings and addresses, with all that goes wrong in real manifests.

Each item is made with what it is (its work, if any) kept beside it for measuring; no manifest says it.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from training_rights import place
from training_world import (
    BORDERS,
    FREE_SITES,
    KTV,
    MIRRORS,
    NORTH,
    SITE_ARCHIVE,
    SITE_LANTERN,
    SITE_NORTH,
    Day,
    Dice,
    Work,
    han,
    misspelt,
    plain,
    read_characters,
    reserved_by,
    swapped,
)

FIRST = Day(2024, 1, 1)
CRAWLERS = ("SongbirdBot/1.2 (fictional)", "SongbirdBot/2.0 (fictional)", "PaperSpider (fictional)")
_ADJECTIVES = (
    "Paper",
    "Quiet",
    "Copper",
    "Slow",
    "Second",
    "Glass",
    "Hidden",
    "Silver",
    "Tired",
    "Crooked",
    "Borrowed",
)
_NOUNS = ("Lantern", "Harbour", "Staircase", "Kettle", "Orchard", "Ferry", "Window", "Umbrella", "Compass", "Carousel")
_HAN_FIRST = ("紙", "遠", "秋", "空", "銅", "小", "晚", "雲", "舊", "藍")
_HAN_LAST = ("燈街", "渡口", "樓梯", "茶壺", "果園", "窗前", "雨傘", "旋轉木馬", "打字機", "草原")
_TALK = ("how to tune a ukulele", "ten soups for winter", "bus timetable", "opening hours", "we rehearse on mondays",
         "wooden toys repair", "weather in the hills", "school menu", "second-hand pianos", "contact us")  # fmt: skip
_BANDS = ("The Kettle Choir (fictional)", "Harbour Duo (fictional)", "紙船合唱 (虛構)", "晚雲樂隊 (虛構)")


@dataclass(slots=True)
class Item:
    """One item with everything that could be said of it; a manifest says some of it."""

    id: str
    work: Work | None
    kind: str
    url: str = ""
    file_name: str = ""
    title: str = ""
    performer: str = ""
    isrc: str = ""
    iswc: str = ""
    iscc: str = ""
    sha256: str = ""
    taken_at: dt.datetime | None = None
    claim: str = ""
    dataset: str = ""
    origin: str = ""
    crawler: str = ""
    size: int = 0
    language: str = ""
    territory: str = ""
    wrong: str = field(default="")

    @property
    def reserved(self) -> list[str]:
        """Ids of the reservations that held on the day on which it was taken."""
        return reserved_by(self.work, self.url, self.taken_at.date() if self.taken_at else None)


class Maker:
    """Makes items by lot; one for each manifest."""

    def __init__(self, works: Sequence[Work], dice: Dice, prefix: str, until: Day) -> None:
        self.dice, self.prefix = dice, prefix
        self.days = (until - FIRST).days
        self.borders = [day for day in BORDERS if day < until]
        self.works = list(works)
        self.registered = [work for work in works if work.id]
        self.characters = read_characters(KTV)
        self.count = 0

    def new(self, work: Work | None, kind: str) -> Item:
        """An item with an id, a hash and a moment."""
        self.count += 1
        name = f"{self.prefix}-{self.count:06d}"
        digest = hashlib.sha256(f"{name}/{self.dice.below(1 << 40)}".encode()).hexdigest()
        return Item(
            name, work, kind, sha256=digest, taken_at=self.moment(), territory="TW" if self.dice.happens(0.4) else ""
        )

    def moment(self) -> dt.datetime:
        """A moment of the crawl; many lie on the days around which something began to be reserved."""
        near = self.dice.happens(0.25)
        day = self.dice.pick(self.borders) if near else FIRST + dt.timedelta(days=self.dice.below(self.days))
        seconds = self.dice.below(86_400)
        return dt.datetime.combine(day, dt.time()) + dt.timedelta(seconds=seconds)

    def work(self) -> Work:
        """A work: the first ones of the list are found more often, as they are on the web."""
        place_ = int(len(self.works) * float(self.dice.many(1)[0]) ** 1.6)
        return self.works[place_]

    def spelled(self, work: Work) -> str:
        """The title as somebody wrote it."""
        dice, song = self.dice, work.song
        title = dice.pick(song.others) if song.others and dice.happens(0.2) else song.title
        if song.language != "ja" and dice.happens(0.12):
            title = swapped(title, self.characters.simplified, "utf-8")
        if dice.happens(0.04):
            title = misspelt(title, self.characters, dice)
        return title.lower() if dice.happens(0.05) else title

    def unknown_title(self) -> str:
        """The title of a song that nobody registered, because it does not exist."""
        dice = self.dice
        if dice.happens(0.5):
            return f"{dice.pick(_ADJECTIVES)} {dice.pick(_NOUNS)} {dice.below(90) + 10}"
        return dice.pick(_HAN_FIRST) + dice.pick(_HAN_LAST) + dice.pick(_HAN_FIRST)

    def file_name(self, title: str, performer: str) -> str:
        """A file name as collections have it."""
        dice, number = self.dice, self.dice.below(18) + 1
        latin = not han(title)
        tag = dice.pick(("", "", "", " (Live)", " (Remastered)", " [HD]", " (Official Video)" if latin else " 動態歌詞",
                         " (Karaoke Version)" if latin else " (KTV版)"))  # fmt: skip
        joined = f"{title}-by-{performer}" if latin else f"{performer}《{title}》{tag}"
        forms = (
            f"{number:02d} - {performer} - {title}{tag}", f"{performer} - {title}{tag}", f"{title} - {performer}{tag}",
            f"{number:02d}. {title}{tag}", f"{title}{tag}", f"{performer}_-_{title}{tag}".replace(" ", "_"),
            f"{number:02d}_{title}".replace(" ", "_"), joined,
        )  # fmt: skip
        name = dice.pick(forms).replace("/", "-")
        return name + dice.pick((".mp3", ".mp3", ".flac", ".wav", ".m4a"))

    def slug(self, title: str) -> str:
        """A title as an address has it."""
        bare = plain(title).replace("'", "")
        if bare.isascii():
            return "-".join(word for word in "".join(c if c.isalnum() else " " for c in bare.lower()).split() if word)
        return quote(bare)

    def hash_name(self, item: Item) -> str:
        """A name that says nothing."""
        return self.dice.pick(
            (f"{item.sha256[:32]}.mp3", f"track_{self.count:05d}.wav", f"{self.dice.below(10**9):09d}.mp3")
        )


def page(maker: Maker) -> Item:
    """A page of a crawl: a song's page on one site or another, a song that nobody knows, or no song at all."""
    dice = maker.dice
    lot = float(dice.many(1)[0])
    if lot < 0.62:
        item = maker.new(maker.work(), "page")
        _on_site(maker, item, _site(dice))
    elif lot < 0.74:
        item = maker.new(None, "unknown_song")
        item.title = maker.unknown_title()
        item.url = f"https://{dice.pick(FREE_SITES)}/lyrics/{maker.slug(item.title)}.html"
    else:
        item = maker.new(None, "other_page")
        item.title = dice.pick(_TALK)
        host = dice.pick((SITE_NORTH, SITE_LANTERN, *[f"blog{dice.below(300)}.example"] * 8))
        item.url = f"https://{host}/{maker.slug(item.title)}/{dice.below(5000)}"
    item.size = 150 + dice.below(1800)
    item.dataset, item.origin = "", "crawled"
    item.crawler = CRAWLERS[0] if item.taken_at and item.taken_at.year == FIRST.year else dice.pick(CRAWLERS[1:])
    if dice.happens(0.25):
        item.title = ""
    elif item.kind == "page" and dice.happens(0.03):
        item.title, item.wrong = maker.spelled(maker.work()), "title"
    return item


def _site(dice: Dice) -> str:
    lot = float(dice.many(1)[0])
    if lot < 0.18:
        return SITE_NORTH
    if lot < 0.36:
        return SITE_LANTERN
    return SITE_ARCHIVE if lot < 0.46 else dice.pick(FREE_SITES)


def _on_site(maker: Maker, item: Item, site: str) -> None:
    """Address and title of a work's page on a site."""
    work, dice = item.work, maker.dice
    if work is None:
        return
    title, item.language = maker.spelled(work), work.song.language
    item.title = title + dice.pick(("", "", " 歌詞" if han(title) else " lyrics", f" - {work.performers[0]}"))
    if site == SITE_NORTH and work.id and NORTH in work.societies:
        item.url = f"{place(work, site)}{dice.pick(('lyrics', 'score', 'story'))}.html"
    elif site == SITE_ARCHIVE:
        item.url = f"https://{site}/{dice.pick(('free', 'texts'))}/{work.song.id.lower()}/{maker.slug(title)}"
    else:
        item.url = f"https://{site}/lyrics/{work.song.id.lower()}/{maker.slug(title)}.html"
    if dice.happens(0.02):
        item.url = item.url.replace("https://", "http://").replace(site, site.upper())


def recording(maker: Maker, earlier: list[Item]) -> Item:
    """A recording: licensed, of an open set, uploaded by a user, made by a machine, or a copy of an earlier one."""
    dice = maker.dice
    lot = float(dice.many(1)[0])
    if lot < 0.12 and earlier:
        return _mirrored(maker, dice.pick(earlier))
    if lot < 0.72:
        item = maker.new(maker.work(), "recording")
        title, performer = maker.spelled(item.work), dice.pick(item.work.performers)  # type: ignore[union-attr]
        _codes(item, dice)
    elif lot < 0.84:
        item = maker.new(None, "unknown_song")
        title, performer = maker.unknown_title(), dice.pick(_BANDS)
    else:
        item = maker.new(None, "synthetic")
        title, performer = f"generated sample {maker.count}", ""
    item.file_name = maker.file_name(title, performer) if performer and dice.happens(0.85) else maker.hash_name(item)
    if dice.happens(0.3):
        item.title, item.performer = title, performer if dice.happens(0.7) else ""
    item.size = 30_000 + dice.below(300_000)
    if item.kind == "synthetic":
        item.dataset, item.origin = "synthetic-songs", "synthetic"
        return item
    _bought(item, dice)
    if dice.happens(0.4) and item.origin == "public_dataset":
        item.url = f"https://{SITE_ARCHIVE}/audio/{item.sha256[:12]}.mp3"
    earlier.append(item)
    return item


def _codes(item: Item, dice: Dice) -> None:
    work = item.work
    if work is None or not work.id:
        return
    if dice.happens(0.3):
        item.isrc = dice.pick(work.isrcs)
    if work.iswc and dice.happens(0.08):
        item.iswc = work.iswc
    if work.isccs and dice.happens(0.25):
        item.iscc = dice.pick(work.isccs)


def _bought(item: Item, dice: Dice) -> None:
    """Dataset, origin and the licence under which the developer says that it was taken."""
    societies = item.work.societies if item.work else ()
    lot = float(dice.many(1)[0])
    if lot < 0.45:
        item.dataset, item.origin = "studio-licensed", "licensed"
        claims = {"FICTIONAL-NORTH": "north-ai-1", "FICTIONAL-SOUTH": "south-ai-1", "FICTIONAL-EAST": "east-ai-1",
                  "FICTIONAL-WEST": "west-v1"}  # fmt: skip
        item.claim = claims[dice.pick(societies)] if societies else dice.pick(sorted(claims.values()))
        if dice.happens(0.03):
            item.claim, item.wrong = dice.pick(sorted(claims.values())), "claim"
        if dice.happens(0.01):
            item.claim, item.wrong = "north-2019", "claim"
    elif lot < 0.8:
        item.dataset, item.origin = "open-audio", "public_dataset"
    else:
        item.dataset, item.origin = "user-uploads", "user"


def _mirrored(maker: Maker, first: Item) -> Item:
    """The same bytes at another host, under a name that says nothing."""
    item = maker.new(first.work, "mirror")
    item.sha256, item.size = first.sha256, first.size
    item.url = f"https://{maker.dice.pick(MIRRORS)}/{maker.dice.below(4096):03x}/{item.sha256[:16]}.mp3"
    item.file_name = f"{item.sha256[:24]}.mp3"
    item.dataset, item.origin = "open-audio", "public_dataset"
    return item


def address(maker: Maker) -> Item:
    """One line of a list of addresses; nothing but the address, and often the day."""
    dice = maker.dice
    lot = float(dice.many(1)[0])
    if lot < 0.5:
        item = maker.new(maker.work(), "page")
        _on_site(maker, item, _site(dice))
    elif lot < 0.75:
        item = maker.new(maker.work(), "recording")
        title = quote(maker.file_name(maker.spelled(item.work), item.work.performers[0]))  # type: ignore[union-attr]
        item.url = f"https://{dice.pick((*MIRRORS, *FREE_SITES))}/mp3/{title}"
    else:
        item = maker.new(None, "other_page")
        item.url = f"https://forum{dice.below(60)}.example/topic/{dice.below(100_000)}"
    item.title, item.sha256 = "", ""
    if dice.happens(0.2):
        item.taken_at = None
    return item

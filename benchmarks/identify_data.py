"""A made-up repertoire and made-up usage of it, for training the scorer: the same seed gives the same rows.

Nothing in it is a real work. Titles collide as real ones do (few words make many titles), works come in families (same
title, other performer; same performer, second part), and a part of the works that are used stand in no repertoire.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field, replace
from itertools import accumulate

import opencc
import pyarrow as pa
from pypinyin.constants import PINYIN_DICT

from benchmarks import identify_words as words
from partita import tables
from partita.text.pinyin import letters

FAME, OF_ONE_SONG = 1.3, 0.25
"""How unequal performers' fame is (the spread of its logarithm), and the part of songs by performers of one song.

In a register of 150,000 works of all kinds half of the works are of performers who have five or fewer, a quarter of
those who have more than sixteen, a tenth of those who have more than forty; so it is here.
"""
_TO_SIMPLIFIED, _TO_TRADITIONAL = opencc.OpenCC("t2s"), opencc.OpenCC("s2t")


@dataclass(slots=True)
class Song:
    """A made-up work."""

    title: str
    performers: list[str]
    writers: list[str]
    language: str
    alternatives: list[str] = field(default_factory=list)


class Maker:
    """Makes songs and lines from one seed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311
        self.invented = ["".join(self.dice.choice(s) for s in self._syllables()) for _ in range(6000)]
        self.same_sound = self._same_sound()

    def _syllables(self) -> list[list[str]]:
        one = [a + b for a in [*"bcdfghjklmnprstvwz", "st", "br", "ch", "sh", "tr"] for b in "aeiou"]
        return [one] * self.dice.choice((1, 2, 2, 3)) + [["", "n", "s", "r", "th", "ll", "y"]]

    def _same_sound(self) -> dict[str, list[str]]:
        common = sorted({c for w in words.HAN_WORDS for c in w} | set(words.HAN_CHARS) | set(words.GIVEN))
        rare = [chr(code) for code in range(0x4E00, 0x9FA6) if code in PINYIN_DICT]
        table: dict[str, list[str]] = {}
        for char in common + self.dice.sample(rare, 2500):
            table.setdefault(letters(char), []).append(char)
        return table

    def zipf(self, choices: list[str] | str, power: float = 2.2) -> str:
        """One of the choices, the earlier ones much more often."""
        return choices[int(len(choices) * self.dice.random() ** power)]

    def title(self, language: str) -> str:
        """A title in a language."""
        dice = self.dice
        if language == "zh":
            pieces = [self.zipf(words.HAN_WORDS, 1.15) if dice.random() < 0.6 else self.zipf(words.HAN_CHARS, 1.1)
                      for _ in range(dice.choice((1, 1, 2, 2, 2, 3, 3, 4)))]  # fmt: skip
            text = "".join(pieces)
            return text if dice.random() < 0.85 else f"{text} {self.title('en')}"
        if language == "ja":
            return "".join(self.zipf(words.KANA, 1.3) for _ in range(dice.choice((1, 2, 2, 3, 4))))
        if language == "ko":
            return " ".join(self.zipf(words.HANGUL, 1.3) for _ in range(dice.choice((1, 2, 2, 3))))
        pool = words.ROMANCE if dice.random() < 0.1 else words.ENGLISH
        count = dice.choice((1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6))
        made = [dice.choice(self.invented) if dice.random() < 0.22 else self.zipf(pool, 1.6) for _ in range(count)]
        text = " ".join(w.capitalize() for w in made)
        return text + dice.choice(("!", "?", "...", "'s Song")) if dice.random() < 0.04 else text

    def person(self, language: str) -> str:
        """A name of a performer or writer."""
        dice = self.dice
        if language == "zh":
            return dice.choice(words.SURNAMES) + "".join(dice.sample(words.GIVEN, dice.choice((1, 2, 2, 2))))
        if language == "ja":
            return dice.choice(words.KANA_NAMES) + dice.choice(words.KANA_NAMES)
        if language == "ko":
            return dice.choice(words.HANGUL_NAMES) + dice.choice(words.HANGUL_NAMES)
        last = dice.choice(self.invented).capitalize() if dice.random() < 0.3 else dice.choice(words.LAST)
        return f"{dice.choice(words.FIRST)} {last}"

    def act(self, language: str) -> str:
        """The name of a performer: a person, a band or a stage name."""
        roll = self.dice.random()
        if language == "zh" and roll > 0.85:
            return self.zipf(words.HAN_WORDS, 1) + self.dice.choice(("樂團", "合唱團", "", "姐妹", "二重唱"))
        if language != "en" and roll > 0.12:
            return self.person(language)
        if roll < 0.25:
            return f"The {self.dice.choice(self.invented).capitalize()} {self.dice.choice(words.BANDS)}"
        if roll < 0.4:
            return self.dice.choice(self.invented).capitalize()
        return self.person("en")

    def _with_team(self) -> tuple[str, str, list[str]]:
        """A performer: language, name, and who mostly writes the songs."""
        spoken = self.dice.choices(("zh", "en", "ja", "ko"), (45, 42, 10, 3))[0]
        return spoken, self.act(spoken), [self.person(spoken) for _ in range(self.dice.choice((1, 2, 3)))]

    def songs(self, count: int) -> list[Song]:
        """Songs of performers of very different fame, with their families."""
        dice = self.dice
        acts = [self._with_team() for _ in range(max(1, count // 6))]
        fame = list(accumulate(math.exp(FAME * dice.gauss(0, 1)) for _ in acts))
        made: list[Song] = []
        taken: set[tuple[str, ...]] = set()
        while len(made) < count:
            known = dice.random() >= OF_ONE_SONG
            language, act, team = dice.choices(acts, cum_weights=fame)[0] if known else self._with_team()
            performers = [act] + ([self.act(language)] if dice.random() < 0.10 else [])
            writers = team if dice.random() < 0.75 else [self.person(language) for _ in range(dice.choice((1, 2, 3)))]
            title = self.title(language if dice.random() < words.OWN_LANGUAGE[language] else "en")
            if dice.random() < 0.01:
                title = dice.choice(acts)[1]
            elif made and dice.random() < 0.12:
                title, performers, language = self._relative(dice.choice(made), performers, language)
            song = Song(title, performers, writers, language)
            if dice.random() < 0.06:
                song.title += f" ({self.title(language)})"
            elif dice.random() < 0.1:
                song.title = self.beside(song.title, language)
            song = self._registered(song, made)
            key = (song.title, *song.performers)
            if key in taken:
                continue
            taken.add(key)
            if dice.random() < 0.06:
                song.alternatives.append(self.title(dice.choice((language, "en"))))
            made.append(song)
        return made

    def house(self, count: int, few: int) -> tuple[list[Song], list[str]]:
        """Songs of a house whose few performers sing anybody's songs, two to a song, and these performers.

        One song in 24 is another of the same two performers whose title is nearly that of the first.
        """
        acts = [self.act("zh" if self.dice.random() < 0.7 else "en") for _ in range(few)]
        made = self.songs(count)
        for song in made:
            song.performers = self.dice.sample(acts, 2)
        for song in self.dice.sample(made, count // 24):
            of = self.dice.choice(made)
            song.title, song.performers = self.other_piece(of.title, of.language), of.performers
        return made, acts

    def heard(self, song: Song, acts: list[str]) -> Song:
        """A song of a house as one of its lines has it: by one performer, sometimes by another one or nobody."""
        names = [self.dice.choice(song.performers if self.dice.random() < 0.9 else acts)]
        return replace(song, performers=names if self.dice.random() < 0.85 else [])

    def _registered(self, song: Song, made: list[Song]) -> Song:
        """The song as it is registered: rarely by nobody that has a name, rarely one that is there already."""
        dice = self.dice
        if dice.random() < 0.008:
            song.performers = dice.choice(([], [], [dice.choice(words.NOBODY)]))
        return self.again(dice.choice(made)) if made and dice.random() < 0.008 else song

    def _relative(self, of: Song, performers: list[str], language: str) -> tuple[str, list[str], str]:
        """Title, performers and language of a song that is easily taken for another."""
        dice = self.dice
        roll = dice.random()
        if roll < 0.83:
            return self.rewritten(of.title, of.language), performers, of.language
        if roll < 0.85:
            return f"{of.title.partition(' (')[0]} ({self.title(of.language)})", of.performers, of.language
        if roll < 0.89:
            part = dice.choice(("II", "Part 2", "Pt. 3", "2", "Part 3", "No. 5"))
            return f"{of.title} {part}", of.performers, of.language
        if roll < 0.90:
            extra = self.zipf(words.HAN_CHARS if of.language == "zh" else words.ENGLISH, 1)
            glue = "" if of.language == "zh" else " "
            return of.title + glue + extra, of.performers, of.language
        if roll < 0.93:
            return self.other_piece(of.title, of.language), of.performers, of.language
        return self.other_piece(of.title, of.language), performers, language

    def rewritten(self, title: str, language: str) -> str:
        """The title as another registrant writes it: mostly the same, else in other letters or with a tag."""
        roll = self.dice.random()
        if roll < 0.15:
            return self.beside(title, language)
        if roll < 0.35:
            return title.capitalize() if title.isascii() else _TO_SIMPLIFIED.convert(title)
        return title.partition(" (")[0] if roll < 0.45 else title

    def again(self, of: Song) -> Song:
        """The song as somebody else registered it: with more performers, in another order, in other letters."""
        dice = self.dice
        title, performers = of.title, list(of.performers)
        if performers and dice.random() < 0.5:
            performers = [*performers, *(self.act(of.language) for _ in range(dice.choice((1, 1, 2, 4))))]
        elif len(performers) > 1:
            dice.shuffle(performers)
        elif performers and performers[0].startswith("The "):
            performers = [performers[0].removeprefix("The ")]
        else:
            title = title.swapcase() if title.isascii() else _TO_SIMPLIFIED.convert(title)
        return Song(title, performers, [self.person(of.language) for _ in of.writers], of.language)

    def beside(self, title: str, language: str) -> str:
        """The title with what registers carry along: a tag, a guest, a source."""
        roll = self.dice.random()
        if roll < 0.1:
            return title + self.dice.choice(words.OWN_TAGS).format(self.title("en"))
        if roll < 0.55:
            tag = self.dice.choice(words.HAN_TAGS if language == "zh" else words.LATIN_TAGS)
            return self.dice.choice(("{} ({})", "{} - {}", "{}（{}）", "{} [{}]")).format(title, tag)
        if roll < 0.8:
            return self.dice.choice(("{} (feat. {})", "{} feat. {}", "{} [feat. {}]")).format(title, self.act(language))
        return f"{title}（{self.dice.choice(('电影', '翻自 ', '劇場版 ', 'From '))}{self.title(language)}）"

    def other_piece(self, text: str, language: str) -> str:
        """The text with one word or character replaced: another song."""
        if language in {"zh", "ja"} and text:
            at = self.dice.randrange(len(text))
            return text[:at] + self.zipf(words.HAN_CHARS, 1) + text[at + 1 :]
        pieces = text.split(" ")
        pieces[self.dice.randrange(len(pieces))] = self.zipf(words.ENGLISH, 1).capitalize()
        return " ".join(pieces)


def filled(table: tables.Table, rows: list[dict[str, object]]) -> pa.Table:
    """Rows of a contract table, with what they leave out empty."""
    columns = {}
    for column in table.columns:
        number = column.name in {"plays", "line"}
        empty: object = [] if column.type == tables.TEXTS else None if column.null else 1 if number else ""
        columns[column.name] = pa.array([row.get(column.name, empty) for row in rows], column.type)
    return tables.conform(pa.table(columns), table)


@dataclass(frozen=True, slots=True)
class Case:
    """A repertoire, usage lines, and for each line the id of its work (empty: not in the repertoire)."""

    repertoire: pa.Table
    usage: pa.Table
    truth: list[str]


def case(seed: int, works: int, lines: int, *, outside: float = 0.2, few: int = 0) -> Case:
    """A made-up case; `outside`: the part of songs that no repertoire has.

    `few`: how many performers there are, where it is a house that has few; 0: as many as songs ask for.
    """
    from benchmarks.identify_noise import Noise  # noqa: PLC0415 - the two modules need each other

    maker = Maker(seed)
    dice = maker.dice
    songs, acts = maker.house(works, few) if few else (maker.songs(works), [])
    registered = [dice.random() >= outside for _ in songs]
    rows: list[dict[str, object]] = [
        {"work_id": f"W{i:07d}", "title": s.title, "alt_titles": s.alternatives,
         "performers": [] if dice.random() < 0.01 else s.performers,
         "writers": [] if dice.random() < 0.1 else s.writers}
        for i, (s, inside) in enumerate(zip(songs, registered, strict=True)) if inside
    ]  # fmt: skip
    noise = Noise(maker)
    usage: list[dict[str, object]] = []
    truth: list[str] = []
    for number in range(lines):
        i = int(len(songs) * dice.random() ** 1.3)
        usage.append({"line_id": str(number), **noise.line(maker.heard(songs[i], acts) if few else songs[i])})
        truth.append(f"W{i:07d}" if registered[i] else "")
    return Case(filled(tables.REPERTOIRE, rows), filled(tables.USAGE, usage), truth)

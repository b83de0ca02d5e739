"""What licensees do to a title on its way into a usage list, as seeded operators on made-up songs."""

from __future__ import annotations

import string
from collections.abc import Sequence

from benchmarks.identify_data import _TO_SIMPLIFIED, _TO_TRADITIONAL, Maker, Song

from benchmarks import identify_words as words
from partita.text.kana import romaji_of
from partita.text.pinyin import letters

_PAIRS = {a: b for pair in words.LOOKALIKES for a, b in (pair, pair[::-1])}
_KANA = frozenset(map(chr, range(0x3041, 0x30FF)))
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


class Noise:
    """Turns a song into a usage line."""

    def __init__(self, maker: Maker) -> None:
        self.maker, self.dice = maker, maker.dice

    def line(self, song: Song) -> dict[str, object]:
        """One line for the song: title, performers, writers."""
        dice = self.dice
        title = dice.choice(song.alternatives) if song.alternatives and dice.random() < 0.3 else song.title
        names = list(song.performers)
        title, names = self._script(title, names)
        title, names = self._errors(title, names)
        title, names = self._beside(title, names, song.language)
        title, names = self._layout(title, names)
        title, names = self._case(title, names)
        writers: list[str] = []
        if dice.random() < 0.3:
            writers = song.writers if dice.random() < 0.5 else [dice.choice(song.writers)]
            writers = [w if w.isascii() is False or dice.random() < 0.5 else self.last_first(w) for w in writers]
        return {"title": title, "performers": names, "writers": writers}

    def _script(self, title: str, names: list[str]) -> tuple[str, list[str]]:
        dice = self.dice
        if dice.random() < 0.5:
            step = (_TO_SIMPLIFIED if dice.random() < 0.7 else _TO_TRADITIONAL).convert
            title, names = step(title), [step(n) if dice.random() < 0.9 else n for n in names]
        if dice.random() < 0.2:
            title = "".join(_PAIRS.get(c, c) if dice.random() < 0.7 else c for c in title)
        roll = dice.random()
        if roll < 0.08:
            title = self.spelt(title) if roll < 0.07 else title
            names = [self.spelt(n) for n in names] if roll < 0.06 or roll >= 0.07 else names
        return title, names

    @staticmethod
    def spelt(text: str) -> str:
        """Han characters and kana spelt in Latin letters, with spaces."""
        text = romaji_of(text) if not set(text).isdisjoint(_KANA) else text
        return " ".join("".join(f" {letters(c).capitalize()} " if letters(c) != c else c for c in text).split())

    def _errors(self, title: str, names: list[str]) -> tuple[str, list[str]]:
        dice = self.dice
        if dice.random() < 0.16:
            title = self.typo(title)
            title = self.typo(title) if dice.random() < 0.25 else title
        if dice.random() < 0.08:
            title = self.homophone(title)
        if dice.random() < 0.08:
            names = [self.misspelt(n) for n in names]
        if dice.random() < 0.002:
            names = [self.maker.act("zh" if not title.isascii() else "en")]
        return title, names

    def misspelt(self, name: str) -> str:
        """A name with a slip of the keyboard, or in Han characters, more rarely, with another of the same sound."""
        if name.isascii() or self.dice.random() < 0.3:
            return self.typo(name)
        return self.homophone(name) if self.dice.random() < 0.3 else name

    def typo(self, text: str) -> str:
        """A slip of the keyboard in Latin letters; a wrong, lost or doubled character in others, more rarely."""
        dice = self.dice
        if len(text) < 2 or (not text.isascii() and dice.random() < 0.6):
            return text
        at = dice.randrange(len(text) - 1)
        other = dice.choice(string.ascii_lowercase) if text.isascii() else self.maker.zipf(words.HAN_CHARS, 1)
        return dice.choice((
            text[:at] + text[at + 1 :], text[:at] + text[at + 1] + text[at] + text[at + 2 :],
            text[:at] + other + text[at + 1 :], text[:at] + other + text[at:], text[:at] + text[at] + text[at:],
        ))  # fmt: skip

    def homophone(self, text: str) -> str:
        """One Han character replaced by another of the same sound."""
        places = [i for i, c in enumerate(text) if letters(c) != c]
        if not places:
            return text
        at = self.dice.choice(places)
        return text[:at] + self.dice.choice(self.maker.same_sound.get(letters(text[at]), [text[at]])) + text[at + 1 :]

    def _beside(self, title: str, names: list[str], language: str) -> tuple[str, list[str]]:
        dice = self.dice
        if dice.random() < 0.22:
            tag = dice.choice(words.HAN_TAGS if language == "zh" and dice.random() < 0.7 else words.LATIN_TAGS)
            form = dice.choice(("{} ({})", "{} - {}", "{}（{}）", "{} [{}]", "{} {}", "{}({})"))
            title = form.format(title, tag)
        if dice.random() < 0.12:
            guest = self.maker.act(language)
            where = dice.random()
            if where < 0.3:
                title = f"{title} (feat. {guest})"
            elif where < 0.6:
                names = [*names, guest]
            elif names:
                names = [names[0] + dice.choice((" feat. ", " ft. ", " & ", ", ", " Feat.")) + guest, *names[1:]]
        if len(names) > 1 and dice.random() < 0.25:
            names = [dice.choice((" & ", " / ", ", ", "、", " and ")).join(dice.sample(names, len(names)))]
        if len(names) > 1 and dice.random() < 0.25:
            names = names[:1]
        return title, names

    def _layout(self, title: str, names: list[str]) -> tuple[str, list[str]]:
        dice = self.dice
        roll = dice.random()
        if roll < 0.06:
            names = []
        elif roll < 0.105 and names:
            title, names = f"{' & '.join(names)}{dice.choice((' - ', ' – ', ' - ', '-'))}{title}", []
        elif roll < 0.125 and names:
            title, names = ", ".join(names), [title]
        elif roll < 0.16:
            names = [self.last_first(n) for n in names]
        if dice.random() < 0.03:
            title = f"{dice.randrange(1, 30):02d}{dice.choice(('. ', ' - ', ' ', '_'))}{title}"
        if dice.random() < 0.05 and len(title) > 18:
            title = title[: dice.choice((16, 20, 22))]
        return title, names

    @staticmethod
    def last_first(name: str) -> str:
        """`Last, First`."""
        first, gap, last = name.rpartition(" ")
        return f"{last}, {first}" if gap else name

    def _case(self, title: str, names: Sequence[str]) -> tuple[str, list[str]]:
        dice = self.dice
        if dice.random() < 0.2:
            title = "".join(c if c.isalnum() else " " for c in title)
        step = dice.choices((str, str.upper, str.lower), (60, 25, 15))[0]
        title, result = step(title), [step(n) for n in names]
        if dice.random() < 0.05:
            title = title.translate(_FULL_WIDTH)
        return title, result

"""The mechanisms of the second noise model, each a way in which a song comes to stand wrongly in a list.

None is shared with the first model: where that edits letters at random, here something reads, hears, types, converts
or publishes. `MECHANISMS` names them all, in the order in which they act; each returns whether it changed anything.

shape            a scanner reads a Han, kana or Hangul sign as one that looks like it
latin_shape      a scanner reads rn as m, l as 1, cl as d
candidate        a typist takes another candidate of a phonetic input method; zh and z, n and ng, l and n are one to it
phrase           a recogniser hears two Han signs as a commoner pair that sounds nearly so
heard            a recogniser writes an English word as another of its sound, or as it sounds
keyboard         a finger hits the neighbouring key
dropped          a syllable or a sign is lost
spaces           a space is lost, or stands within a word
kana_long        long vowels, small tsu and voicing marks are lost from kana
romaji           kana is spelt in Latin letters, long vowels or not
cantonese        a performer's Han name is spelt as in Hong Kong
given_first      a performer's Han name is spelt in pinyin, family name last
half             of a performer's name in two scripts one half is left; of a band's name the article, or its initials
initials         given names become initials, before or after the family name
reordered        performers change places, joined by x, ft., with, vs.
numerals         Roman, Arabic, Han figures and number words change places
ands             `&`, `and`, `n'`, `+`, `with` change places
writer_as_artist the performer's field holds the writer
lost             the performer's field is empty
mojibake         UTF-8 was read as Latin-1 and half repaired, or a sign became a question mark
quotes           a CSV cell lost its end at a comma or a quotation mark
upload           the title field is an uploader's headline, the performer's field a channel
set_list         the title field is a line of a set list; another performer plays it
code             a machine's song number stands in the title field
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import noise_v2_words as words
from pypinyin import lazy_pinyin


@dataclass(slots=True)
class Line:
    """A line on its way into a list."""

    title: str
    performers: list[str]
    writers: list[str]
    applied: list[str] = field(default_factory=list)

    @property
    def artist(self) -> str:
        """The performers in one text."""
        return " / ".join(self.performers)


def is_han(char: str) -> bool:
    """Whether it is a Han character."""
    return "\u3400" <= char <= "\u9fff"


def _near(spelt: str) -> str:
    """A sound as a careless speaker has it: zh, ch, sh as z, c, s; final ng as n; initial l as n, h as f, r as l."""
    text = spelt.replace("zh", "z").replace("ch", "c").replace("sh", "s").replace("ng", "n")
    first = {"l": "n", "r": "n", "h": "f"}.get(text[:1], text[:1])
    return first + text[1:]


class Noise:
    """The mechanisms over the songs of a repertoire, which say what is common."""

    def __init__(self, titles: Sequence[str], performers: Sequence[str], seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311
        self.performers = performers
        self.shapes: dict[str, list[str]] = {}
        for one, other in words.SHAPES:
            self.shapes.setdefault(one, []).append(other)
            self.shapes.setdefault(other, []).append(one)
        signs = Counter(c for title in titles for c in title if is_han(c))
        pairs = Counter(t[i : i + 2] for t in titles for i in range(len(t) - 1) if is_han(t[i]) and is_han(t[i + 1]))
        self.sound = {c: _near("".join(lazy_pinyin(c))) for c in sorted(signs)}
        self.same_sound = self._by_sound([c for c, n in signs.most_common() if n > 2])
        self.same_pair = self._by_sound([p for p, n in pairs.most_common() if n > 3])

    def _by_sound(self, texts: list[str]) -> dict[str, list[str]]:
        table: dict[str, list[str]] = {}
        for text in texts:
            table.setdefault(" ".join(self.sound[c] for c in text), []).append(text)
        return table

    def line(self, title: str, performers: list[str], writers: list[str]) -> Line:
        """The song as some list has it, by none to three mechanisms."""
        line = Line(title, list(performers), [])
        if self.dice.random() < 0.25:
            line.writers = writers if self.dice.random() < 0.5 else writers[:1]
        wanted = self.dice.choices((0, 1, 2, 3), (20, 45, 25, 10))[0]
        names = self.dice.choices(list(WEIGHTS), list(WEIGHTS.values()), k=40)
        drawn = list(dict.fromkeys(names))
        chosen: list[str] = []
        for name in drawn:
            if len(chosen) == wanted:
                break
            trial = Line(line.title, list(line.performers), line.writers)
            if not (name in LAYOUTS and LAYOUTS & set(chosen)) and self.apply(name, trial):
                chosen.append(name)
        for name in sorted(chosen, key=ORDER.index):
            if self.apply(name, line):
                line.applied.append(name)
        return line

    def apply(self, name: str, line: Line) -> bool:
        """Whether the mechanism changed the line; a title is never left empty."""
        before = (line.title, list(line.performers))
        MECHANISMS[name](self, line)
        line.title = line.title.strip() or before[0]
        line.performers = [p for p in line.performers if p]
        return (line.title, line.performers) != before

    def replaced(self, text: str, table: Sequence[tuple[str, str]], *, whole: bool) -> str:
        """One occurrence of one entry of the table, replaced; of whole words where asked."""
        if whole:
            parts = text.split(" ")
            found = [(i, new) for i, part in enumerate(parts) for old, new in table if part.lower() == old.lower()]
            if not found:
                return text
            at, new = self.dice.choice(found)
            parts[at] = new.capitalize() if parts[at][:1].isupper() else new
            return " ".join(parts)
        fitting = [(old, new) for old, new in table if old in text]
        if not fitting:
            return text
        old, new = self.dice.choice(fitting)
        at = self.dice.choice([i for i in range(len(text)) if text.startswith(old, i)])
        return text[:at] + new + text[at + len(old) :]

    def either(self, line: Line, change: Callable[[str], str]) -> None:
        """Changes the title, or more rarely a performer."""
        if line.performers and self.dice.random() < 0.2:
            at = self.dice.randrange(len(line.performers))
            line.performers[at] = change(line.performers[at])
        else:
            line.title = change(line.title)

    def at_one(self, text: str, new: Callable[[str], str | None]) -> str:
        """One of the characters for which `new` knows another, replaced by it."""
        places = [i for i, c in enumerate(text) if new(c)]
        if not places:
            return text
        at = self.dice.choice(places)
        return text[:at] + (new(text[at]) or "") + text[at + 1 :]


def shape(noise: Noise, line: Line) -> None:
    """One or, in long titles, two signs."""
    for _ in range(1 + (len(line.title) > 8)):
        noise.either(line, lambda text: noise.at_one(text, lambda c: noise.dice.choice(noise.shapes.get(c, [""]))))


def latin_shape(noise: Noise, line: Line) -> None:
    """One or, in long titles, two places."""
    for _ in range(1 + (len(line.title) > 18)):
        noise.either(line, lambda text: noise.replaced(text, words.LATIN_SHAPES, whole=False))


def candidate(noise: Noise, line: Line) -> None:
    """The commoner a candidate, the likelier it is taken."""

    def other(char: str) -> str | None:
        found = [c for c in noise.same_sound.get(noise.sound.get(char, ""), []) if c != char][:8]
        return found[int(len(found) * noise.dice.random() ** 2)] if found else None

    noise.either(line, lambda text: noise.at_one(text, other))


def phrase(noise: Noise, line: Line) -> None:
    """Two neighbouring signs at once."""
    text = line.title
    options = []
    for i in range(len(text) - 1):
        if text[i] in noise.sound and text[i + 1] in noise.sound:
            key = f"{noise.sound[text[i]]} {noise.sound[text[i + 1]]}"
            options += [(i, p) for p in noise.same_pair.get(key, [])[:3] if p != text[i : i + 2]]
    if options:
        at, pair = noise.dice.choice(options)
        line.title = text[:at] + pair + text[at + 2 :]


def heard(noise: Noise, line: Line) -> None:
    """Word for word, else as it sounds."""
    pairs = [(old, new) for old, _, new in (entry.partition(" ") for entry in words.HEARD)]
    changed = noise.replaced(line.title, pairs, whole=True)
    line.title = changed if changed != line.title else noise.replaced(line.title, words.SPELT_LIKE, whole=False)


def keyboard(noise: Noise, line: Line) -> None:
    """One letter."""
    noise.either(
        line, lambda text: noise.at_one(text, lambda c: noise.dice.choice(words.KEYS.get(c.lower(), " ")).strip())
    )


def dropped(noise: Noise, line: Line) -> None:
    """A wide sign of four or more, or two or three letters of a long word."""
    text = line.title
    wide = [i for i, c in enumerate(text) if c >= "\u2e80"]
    if len(wide) > 3:
        at = noise.dice.choice(wide)
        line.title = text[:at] + text[at + 1 :]
        return
    parts = text.split(" ")
    long = [i for i, part in enumerate(parts) if len(part) > 5 and part.isascii()]
    if long:
        i = noise.dice.choice(long)
        at, size = noise.dice.randrange(1, len(parts[i]) - 3), noise.dice.choice((2, 3))
        parts[i] = parts[i][:at] + parts[i][at + size :]
        line.title = " ".join(parts)


def spaces(noise: Noise, line: Line) -> None:
    """All spaces lost, one lost, or one too many."""

    def change(text: str) -> str:
        gaps = [i for i, c in enumerate(text) if c == " "]
        roll = noise.dice.random()
        if gaps and roll < 0.25:
            return text.replace(" ", "")
        if gaps and roll < 0.6:
            at = noise.dice.choice(gaps)
            return text[:at] + text[at + 1 :]
        at = noise.dice.randrange(1, len(text)) if len(text) > 1 else 0
        return text[:at] + " " + text[at:] if at else text

    noise.either(line, change)


def kana_long(_: Noise, line: Line) -> None:
    """In title and performers alike."""
    table = str.maketrans({"ー": "", "っ": "", "ッ": "", "ヴ": "ブ", "ぢ": "じ", "づ": "ず", "ヂ": "ジ", "ヅ": "ズ"})
    line.title = line.title.translate(table)
    line.performers = [p.translate(table) for p in line.performers]


def _in_romaji(text: str, *, long: bool) -> str:
    plain = "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" and c != "ヴ" else c for c in text)
    out, i = "", 0
    while i < len(plain):
        two, one = plain[i : i + 2], plain[i]
        if one == "っ" and i + 1 < len(plain):
            out += words.ROMAJI.get(plain[i + 1], " ")[:1]
        elif one == "ー":
            out += out[-1:] if long else ""
        elif two in words.ROMAJI and len(two) == 2:
            out += words.ROMAJI[two]
            i += 1
        else:
            out += words.ROMAJI.get(one, one)
        i += 1
    return out


def romaji(noise: Noise, line: Line) -> None:
    """Titles all in kana; performers too where they are."""

    def spelt(text: str) -> str:
        kana = all("\u3041" <= c <= "\u30ff" or c in " ・!！?？" for c in text)
        return _in_romaji(text, long=long).replace("・", " ").title() if text and kana else text

    long = noise.dice.random() < 0.5
    line.title, line.performers = spelt(line.title), [spelt(p) for p in line.performers]


def cantonese(_: Noise, line: Line) -> None:
    """Names of which every sign is known."""

    def spelt(name: str) -> str:
        if not 2 <= len(name) <= 4 or not all(c in words.CANTONESE for c in name):
            return name
        return " ".join(words.CANTONESE[c] for c in name)

    line.performers = [spelt(p) for p in line.performers]


def given_first(noise: Noise, line: Line) -> None:
    """`Jielun Zhou`, with or without a hyphen."""

    def spelt(name: str) -> str:
        if not 2 <= len(name) <= 3 or not all(map(is_han, name)):
            return name
        family, *given = lazy_pinyin(name)
        return f"{glue.join(given).title() if glue else ''.join(given).title()} {family.title()}"

    glue = noise.dice.choice(("", "-", " "))
    line.performers = [spelt(p) for p in line.performers]


def half(noise: Noise, line: Line) -> None:
    """Of names in two scripts, of bands with an article, of names of three words or more."""

    def cut(name: str) -> str:
        wide = "".join(c for c in name if c >= "\u2e80").strip()
        narrow = " ".join("".join(c if c < "\u2e80" and c not in "()[]" else " " for c in name).split())
        if wide and len(narrow) > 2:
            return noise.dice.choice((wide, narrow))
        parts = name.split()
        if parts and parts[0].lower() == "the" and len(parts) > 1:
            return " ".join(parts[1:])
        return "".join(p[0] for p in parts if p[0].isalpha()).upper() if len(parts) > 2 and name.isascii() else name

    line.performers = [cut(p) for p in line.performers]


def initials(noise: Noise, line: Line) -> None:
    """Of performers of two or three Latin words, and of writers."""

    def short(name: str) -> str:
        parts = name.split()
        plain = name.isascii() and all(p[0].isalpha() and p.strip(".-'").isalpha() for p in parts)
        if not plain or not 2 <= len(parts) <= 3 or parts[0].lower() == "the":
            return name
        given = " ".join(f"{p[0]}." for p in parts[:-1])
        return f"{given} {parts[-1]}" if noise.dice.random() < 0.5 else f"{parts[-1]}, {given}"

    line.performers = [short(p) for p in line.performers]


def reordered(noise: Noise, line: Line) -> None:
    """Two performers or more in one text."""
    if len(line.performers) > 1:
        noise.dice.shuffle(line.performers)
        glue = noise.dice.choice((" x ", " ft. ", " with ", " vs. ", " feat ", ";", " + ", "，", " 合唱 "))
        line.performers = [glue.join(line.performers)]


def numerals(noise: Noise, line: Line) -> None:
    """One of them."""
    changed = noise.replaced(line.title, words.NUMERALS, whole=True)
    digits = sum(c.isdigit() for c in line.title)
    pairs = [(entry[0], entry[1:]) for entry in words.HAN_NUMERALS if digits < 2 or not entry[0].isdigit()]
    line.title = changed if changed != line.title else noise.replaced(line.title, pairs, whole=False)


def ands(noise: Noise, line: Line) -> None:
    """In the title, else among the performers."""
    changed = noise.replaced(line.title, words.ANDS, whole=True)
    if changed != line.title:
        line.title = changed
    else:
        line.performers = [noise.replaced(p, words.ANDS, whole=True) for p in line.performers]


def writer_as_artist(_: Noise, line: Line) -> None:
    """The first writer, where the line would have stated one."""
    if line.writers:
        line.performers, line.writers = [line.writers[0]], []


def lost(_: Noise, line: Line) -> None:
    """No performer."""
    line.performers = []


def mojibake(noise: Noise, line: Line) -> None:
    """Accented letters one by one; of wide signs one becomes a mark."""

    def broken(char: str) -> str:
        if char.isascii() or noise.dice.random() < 0.4:
            return char
        return char.encode().decode("latin-1").replace("\x80", "€") if char < "\u2e80" else char

    accents = [c for c in line.title if not c.isascii() and c < "\u2e80"]
    if accents:
        line.title = "".join(map(broken, line.title))
        line.performers = ["".join(map(broken, p)) for p in line.performers]
    else:
        mark = noise.dice.choice("?□\ufffd〓")
        line.title = noise.at_one(line.title, lambda c: mark if c >= "\u2e80" and len(line.title) > 2 else None)


def quotes(noise: Noise, line: Line) -> None:
    """Cut at a comma or an inner quotation mark, else left with half of its own marks."""
    cut = [i for i, c in enumerate(line.title) if c in ',"，“' and i > 3]
    if cut:
        line.title = '"' * noise.dice.choice((0, 1)) + line.title[: cut[0]]
    else:
        line.title = noise.dice.choice(('"{}', '""{}""', '{}"', "'{}", '\\"{}\\"', '"{}",')).format(line.title)


def upload(noise: Noise, line: Line) -> None:
    """Where there is a performer to name."""
    if line.performers:
        artist = noise.dice.choice((line.artist, line.performers[0]))
        line.title = noise.dice.choice(words.UPLOADS).format(t=line.title, a=artist)
        line.performers = [noise.dice.choice(words.CHANNELS).format(a=artist)]


def set_list(noise: Noise, line: Line) -> None:
    """Played by somebody else, or by nobody named."""
    if line.performers:
        form = noise.dice.choice(words.SETS)
        line.title = form.format(n=noise.dice.randrange(1, 24), t=line.title, a=line.performers[0])
        line.performers = [noise.dice.choice(noise.performers)] if noise.dice.random() < 0.5 else []


def code(noise: Noise, line: Line) -> None:
    """Five or six figures."""
    line.title = noise.dice.choice(words.CODES).format(n=noise.dice.randrange(10_000, 400_000), t=line.title)


MECHANISMS: dict[str, Callable[[Noise, Line], None]] = {
    made.__name__: made
    for made in (
        shape, latin_shape, candidate, phrase, heard, keyboard, dropped, spaces, kana_long, romaji, cantonese,
        given_first, half, initials, reordered, numerals, ands, writer_as_artist, lost, mojibake, quotes, upload,
        set_list, code,
    )
}  # fmt: skip
ORDER = list(MECHANISMS)
LAYOUTS = {"upload", "set_list", "code", "quotes", "lost"}
"""Of these one at most acts on a line."""
WEIGHTS = dict.fromkeys(MECHANISMS, 3.0) | {
    "shape": 6, "candidate": 6, "phrase": 4, "heard": 5, "keyboard": 6, "spaces": 4, "upload": 4, "half": 5,
    "initials": 5, "cantonese": 30, "romaji": 8, "lost": 2, "set_list": 2.5, "writer_as_artist": 4,
    "latin_shape": 5, "numerals": 12, "ands": 12, "reordered": 6, "kana_long": 6,
}  # fmt: skip
"""How often each is tried; what seldom fits a song is tried more often."""

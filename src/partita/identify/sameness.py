"""How surely two works are one: what their titles, writers, performers and numbers say, and in which words.

Titles open the question and never answer it: writers or performers must agree too. Numbers, parts, versions in another
language and what stands in brackets keep works apart. The probabilities of `ODDS` were set by reading pairs
(docs/duplicates.md), not fitted; they are version 1 and change only with a new version.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import fuzz

from partita.identify.fields import WIDE
from partita.text import fold_all

EQUAL, NEAR, NEAR_WIDE = "equal", "near", "near in Han, kana or Hangul"
ALL, SOME, NONE, UNKNOWN = "all", "some", "none", "unknown"

ODDS: dict[tuple[str, str, str], tuple[str, float]] = {
    (EQUAL, ALL, ALL): ("title+writers+performers", 0.99),
    (EQUAL, ALL, UNKNOWN): ("title+writers", 0.97),
    (EQUAL, ALL, NONE): ("title+writers", 0.96),
    (EQUAL, SOME, ALL): ("title+writers+performers", 0.96),
    (EQUAL, SOME, UNKNOWN): ("title+writers", 0.85),
    (EQUAL, SOME, NONE): ("title+writers", 0.80),
    (EQUAL, UNKNOWN, ALL): ("title+performers", 0.96),
    (EQUAL, UNKNOWN, SOME): ("title+performers", 0.80),
    (EQUAL, NONE, ALL): ("title+performers, writers differ", 0.40),
    (NEAR, ALL, ALL): ("near title+writers+performers", 0.96),
    (NEAR, ALL, UNKNOWN): ("near title+writers", 0.88),
    (NEAR, ALL, NONE): ("near title+writers", 0.80),
    (NEAR, SOME, ALL): ("near title+writers+performers", 0.88),
    (NEAR, UNKNOWN, ALL): ("near title+performers", 0.88),
    (NEAR_WIDE, ALL, ALL): ("near title+writers+performers", 0.90),
    (NEAR_WIDE, ALL, UNKNOWN): ("near title+writers", 0.80),
}
"""(titles, writers, performers) -> rule and probability; what is not here says too little."""

SAME_ISWC, OTHER_TITLE_ISWC, SAME_ISRC = ("iswc", 0.999), ("iswc, titles differ", 0.50), ("title+isrc", 0.96)
_NEARLY = 0.97
"""Of the odds where names only nearly agree."""
_BRACKET = 0.95
"""Where one title has brackets that the other lacks, and writers do not all agree."""
_COMMON = 0.5
"""Where the title is one that many works of one performer have (`Intro`), and writers do not agree."""
_OTHER_ISWC = 0.75
"""Where the works have different valid ISWCs."""
_NAME_NEAR, _NAME_LEAST = 88, 5
"""Per cent of likeness of two names that nearly agree, and the letters that each needs."""
_NEAR_LETTERS, _NEAR_WIDE = 8, 5
"""Characters of titles that may be a slip of the pen apart."""
_PARTS_MOST = 12

_NUMERAL = re.compile(r"\d|[一二三四五六七八九十百千上中下前后]|(?:^|\s)[ivx]+(?:\s|$)|^[a-z]$")
_PART = re.compile(
    r"\d|^(?:part|pt|vol|act|no|scene|chapter|book|op|movement|mvt|reprise|first|second|third|intro|outro|prelude)"
    r"|^[ivx]+$|^[a-z]$|^第|^[上中下一二三四五六七八九十之]+$|^(?:part|pt)[ivx]+$"
)
_LANGUAGE = re.compile(
    r"[国粤台日英韩闽客中法][语文]?版|[国粤台日英韩闽客中法]语|(?:mandarin|cantonese|japanese|english|korean|spanish"
    r"|french|german|italian|portuguese|taiwanese|hokkien|chinese)\b"
)
_COMMON_TITLES = (
    "intro", "introduction", "outro", "interlude", "prelude", "overture", "finale", "epilogue", "prologue", "skit",
    "untitled", "theme", "main title", "main theme", "end title", "opening", "ending", "medley", "instrumental",
    "encore", "reprise", "bonus track", "hidden track", "silence", "[untitled]", "unknown", "end credits", "credits",
    "序曲", "前奏", "間奏", "尾聲", "片頭曲", "片尾曲", "主題曲", "插曲", "配樂", "組曲", "終曲", "開場", "無題", "序",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Title:
    """One title in the forms that are compared: squeezed core and brackets, spaced core, hash of numbers, tags."""

    core: str
    aside: str
    spaced: str
    numbers: int
    language: frozenset[str]

    @property
    def reprise(self) -> bool:
        """Whether it is a work taken up again, which is registered by itself."""
        return "reprise" in self.spaced


@dataclass(frozen=True, slots=True)
class Facts:
    """What is compared of a work beside its titles."""

    performers: tuple[str, ...]
    writers: tuple[str, ...]
    iswc: str
    isrc: frozenset[str]


@dataclass(frozen=True, slots=True)
class Finding:
    """A probability, the rule that gave it, and why in words."""

    probability: float
    rule: str
    reason: str


def language_tags(tags: tuple[str, ...]) -> frozenset[str]:
    """The languages that a title's tags name: `粤语版` is another text, so perhaps another work."""
    return frozenset(found for tag in tags for found in _LANGUAGE.findall(tag))


def titles(a: Title, b: Title, *, equal: bool) -> str | None:
    """EQUAL, NEAR or NEAR_WIDE (a slip of the pen apart), None where they are two; `equal` where the cores are."""
    if a.numbers != b.numbers or _asides_apart(a.aside, b.aside) or a.reprise != b.reprise:
        return None
    if equal or a.core == b.core:
        return EQUAL
    return _slip(a, b)


def _asides_apart(a: str, b: str) -> bool:
    """`Tonight (A)` and `Tonight (B)`; `Hello (Part 2)` and `Hello`."""
    if a == b:
        return False
    if a and b:
        digits = [re.sub(r"\D", "", text) for text in (a, b)]
        return digits[0] != digits[1] or min(len(a), len(b)) < 10 or fuzz.ratio(a, b) < 90
    return bool(_PART.search(a or b))


def _slip(a: Title, b: Title) -> str | None:
    """What two cores are that differ in a letter or two, no number, and are long enough for that to be a slip."""
    rests = _rests(a.core, b.core)
    wide = any(ord(c) >= WIDE for rest in rests for c in rest)
    least, most = (_NEAR_WIDE, 1) if wide else (_NEAR_LETTERS, 2)
    if min(len(a.core), len(b.core)) < least or max(map(len, rests)) > most:
        return None
    strange = set(a.spaced.split()) ^ set(b.spaced.split())
    if any(_NUMERAL.search(text) for text in (*rests, *strange) if text not in ("", "a", "i", "s")):
        return None
    return NEAR_WIDE if wide else NEAR


def _rests(a: str, b: str) -> tuple[str, str]:
    """What two texts are without their common beginning and end."""
    short = min(len(a), len(b))
    start = next((k for k in range(short) if a[k] != b[k]), short)
    end = next((k for k in range(short - start) if a[-1 - k] != b[-1 - k]), short - start)
    return a[start : len(a) - end], b[start : len(b) - end]


@lru_cache(maxsize=1 << 16)
def names(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, bool]:
    """ALL of the shorter list's names stand in the other, SOME, NONE, or UNKNOWN; and whether any only nearly."""
    if not a or not b:
        return UNKNOWN, False
    if _spelt_apart(a, b) or _spelt_apart(b, a):
        return ALL, False
    few, many = sorted((a[:_PARTS_MOST], b[:_PARTS_MOST]), key=lambda x: (len(x), x))
    exact = sum(name in many for name in few)
    near = sum(name not in many and any(_near(name, other) for other in many) for name in few)
    state = ALL if exact + near == len(few) else SOME if exact + near else NONE
    return state, state != NONE and exact < len(few) and near > 0


def _spelt_apart(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether `a` are the words of one or more names of `b`: `Berg, Anna` was taken for two names."""
    words = {word for name in a for word in name.split(" ")}
    within = [set(name.split(" ")) for name in b]
    return set[str]().union(*(name for name in within if name <= words)) == words


def _near(a: str, b: str) -> bool:
    if min(len(a), len(b)) < _NAME_LEAST or re.sub(r"\D", "", a) != re.sub(r"\D", "", b):
        return False
    plain = a.replace(" ", ""), b.replace(" ", "")
    return plain[0] == plain[1] or fuzz.ratio(*plain) >= _NAME_NEAR or _initials(a, b) or _initials(b, a)


def _initials(short: str, full: str) -> bool:
    """`G Goffin` for `Gerry Goffin`: a family name in common, and of all other words at least the first letters."""
    words, others = set(short.split(" ")), set(full.split(" "))
    letters = {word for word in words if len(word) == 1}
    family = words - letters
    rest = others - family
    return bool(letters and family <= others and rest) and all(any(w.startswith(x) for w in rest) for x in letters)


def compare(a: Facts, b: Facts, title: str | None, left: Title, right: Title) -> Finding | None:
    """What is found of two works of which these are titles, compared as `title`."""
    writers, writers_nearly = names(a.writers, b.writers)
    performers, performers_nearly = names(a.performers, b.performers)
    rule, probability = _odds(title, writers, performers)
    if a.iswc and a.iswc == b.iswc:
        agrees = title or ALL in (writers, performers)
        rule, probability = SAME_ISWC if agrees else OTHER_TITLE_ISWC
    elif not rule:
        if not (title and a.isrc & b.isrc and writers != NONE):
            return None
        rule, probability = SAME_ISRC
    else:
        if writers_nearly or (performers_nearly and writers not in (ALL, SOME)):
            probability *= _NEARLY
        if writers != ALL:
            probability *= _doubts(left, right, writers)
        if left.language != right.language and performers not in (ALL, SOME):
            probability *= _COMMON
        if a.iswc and b.iswc:
            probability *= _OTHER_ISWC
    return Finding(round(probability, 4), rule, _reason(a, b, title, writers, performers, left, right))


def _odds(title: str | None, writers: str, performers: str) -> tuple[str, float]:
    """Rule and probability of agreeing titles and names; where writers agree, one performer in common is enough."""
    known = ODDS.get((title or "", writers, performers))
    if known is None and performers == SOME:
        known = ODDS.get((title or "", writers, ALL)) if writers in (ALL, SOME) else None
    return known or ("", 0.0)


def _doubts(left: Title, right: Title, writers: str) -> float:
    """What takes from the odds where not all writers agree."""
    doubt = 1.0
    if left.aside != right.aside:
        doubt *= _BRACKET
    if left.language != right.language:
        doubt *= _COMMON
    if writers in (UNKNOWN, NONE) and (left.core in _common() or right.core in _common()):
        doubt *= _COMMON
    return doubt


@cache
def _common() -> frozenset[str]:
    return frozenset(text.replace(" ", "") for text in fold_all(_COMMON_TITLES))


def _reason(a: Facts, b: Facts, title: str | None, writers: str, performers: str, left: Title, right: Title) -> str:
    said = "titles equal" if title == EQUAL else f"titles nearly equal ({left.spaced} / {right.spaced})"
    parts = [said if title else "titles differ", _of_names("writers", writers), _of_names("performers", performers)]
    if left.aside != right.aside:
        parts.append(f"brackets differ ({left.aside or '-'} / {right.aside or '-'})")
    if left.language != right.language:
        parts.append("one is a version in another language")
    if a.iswc and b.iswc:
        parts.append("ISWC equal" if a.iswc == b.iswc else "ISWCs differ")
    if a.isrc & b.isrc:
        parts.append("an ISRC in common")
    return ", ".join(parts)


def _of_names(kind: str, state: str) -> str:
    return {
        ALL: f"{kind} agree", SOME: f"some {kind} agree", NONE: f"{kind} differ", UNKNOWN: f"{kind} not stated by both",
    }[state]  # fmt: skip

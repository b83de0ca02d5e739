"""What belongs to a title and what was written beside it: version tags, featured performers, track numbers, brackets.

Works on folded text (see `fold`), so that traditional and simplified tags are one. Parts are separated, never lost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_LATIN_TAG = (
    r"remaster(?:ed|izado)?|re-?master|remix(?:ed)?|mix|edit|version|ver|acoustic|karaoke|instrumental|inst|mono|stereo|"
    r"demo|live|bonus track|explicit|clean|official|video|audio|lyrics?|lyric video|mv|m/v|off vocal|backing track|"
    r"unplugged|sessions?|sped ?up|speed ?up|slowed|reverb(?:ed)?|nightcore|ost|soundtrack|theme|a ?cappella|deluxe|"
    r"anniversary|edition|rerecorded|re-recorded|take \d+|ktv|mtv|dj|cover|tv size|short|full|\d(?:\.\d+)?x|playback|"
    r"reprise"
)
_HAN_TAG = (
    r"版|伴奏|伴唱|现场|纯音乐|翻自|翻唱|原唱|国语|粤语|台语|闽南语|客语|日语|英语|韩语|主题曲|片尾曲|片头曲|插曲|"
    r"カラオケ|ライブ|バージョン|ヴァージョン|アニメ|주제가|라이브|반주|노래방|버전"
)
_TAG = re.compile(rf"(?<![a-z])(?:{_LATIN_TAG})(?![a-z])|{_HAN_TAG}")
_FEATURED = re.compile(r"(?:^|[\s(\[])(?:feat|ft|featuring)(?:\.\s*|\s+)(.+?)\s*$")
_BRACKET = re.compile(r"\s*([(\[])([^()\[\]]*(?:\([^()]*\)[^()\[\]]*)?)(?:[)\]]|$)")
_TRACK = re.compile(r"^(?:(?:track|no\.?)\s*)?\d{1,3}(?:\s*[.)_,:]\s*(?![\d.])|\s+-\s+)(?=\S)|^0\d\s+(?=\S)")
_NUMBERED = ("track", "no")
_QUALIFIED = (
    r"(?:(?:the|new|original|digital(?:ly)?|\d{4}|\d+(?:st|nd|rd|th)|album|single|radio|live|karaoke|ktv|acoustic|club|"
    r"extended|instrumental|demo|mono|stereo|piano|video|music|full|short|tv|clean|explicit|dance|studio|lyric|official|"
    r"off|bonus|anniversary|english|japanese|korean|chinese|mandarin|cantonese)\s+)"
)
_TRAILING = re.compile(
    rf"(?:\s*[-/|~:]\s*{_QUALIFIED}*(?:{_LATIN_TAG})(?:\s+(?:version|ver\.?|mix|edit))?(?:\s+(?:at|from|in)\s.*)?(?:\s+\d{{4}})?"
    rf"|\s+{_QUALIFIED}+(?:version|ver\.?|edit|mix|remix|size|vocal|video|track|remaster(?:ed)?)(?:\s+\d{{4}})?"
    r"|\s+(?:\d{4}\s+)?(?:remaster(?:ed)?|karaoke|instrumental)(?:\s+\d{4})?(?:\s+version)?|\s+\d(?:\.\d+)?x"
    r"|[-\s]*(?:ktv|live|dj|mv|现场|伴奏|伴唱|粤语|国语|台语|闽南语|英文|日文|中文|日语|英语|纯音乐|钢琴|吉他|完整|原|"
    r"童声|男声|女声|男|女|合唱|独唱|演唱会|加速|慢速|电影|电视剧|动画|卡拉ok)+(?:版本?|伴奏|伴唱|主题曲|片尾曲|片头曲|插曲)"
    r"|\s*-?\s+(?:伴奏|伴唱|片尾曲|片头曲|主题曲|插曲|现场版?|纯音乐|卡拉ok|カラオケ|노래방|mr))\s*$"
)
_TAIL_WORDS = frozenset(
    [
        "remaster",
        "remastered",
        "remasterizado",
        "remix",
        "remixed",
        "mix",
        "edit",
        "version",
        "ver",
        "ver.",
        "acoustic",
        "karaoke",
        "instrumental",
        "inst",
        "mono",
        "stereo",
        "demo",
        "live",
        "explicit",
        "clean",
        "official",
        "video",
        "audio",
        "lyric",
        "lyrics",
        "mv",
        "unplugged",
        "session",
        "sessions",
        "up",
        "slowed",
        "reverb",
        "reverbed",
        "nightcore",
        "ost",
        "soundtrack",
        "deluxe",
        "anniversary",
        "cover",
        "size",
        "full",
        "short",
        "playback",
        "reprise",
        "track",
        "vocal",
        "mr",
        "ok",
        "カラオケ",
        "노래방",
    ]
)
_TAIL_SIGNS = frozenset("版本奏唱曲场乐x")
_TAIL_MOST = 60
"""Characters from the end in which a tag is looked for."""
_LOOSE_WORDS = _TAIL_WORDS | frozenset(
    [
        "edition",
        "single",
        "album",
        "radio",
        "extended",
        "original",
        "club",
        "studio",
        "piano",
        "version",
        "session",
        "the",
        "from",
        "at",
        "bonus",
        "short",
        "tv",
        "off",
        "motion",
        "picture",
        "reboot",
        "sped",
        "slow",
        "slowed",
        "speed",
        "high",
        "low",
        "part",
        "prod",
        "国",
        "粤",
        "台",
        "日",
        "英",
        "韩",
        "闽",
        "客",
        "现场",
        "伴奏",
        "live版",
        "原版",
    ]
)
_LANGUAGES = frozenset(["国", "粤", "台", "日", "英", "韩", "闽", "客", "中", "法", "国语", "粤语"])
_EDGES = " -/|~:,"


class TitleParts(NamedTuple):
    """One title, taken apart: `core` is what is left, `full` still has the bracketed parts that are no tags."""

    core: str
    full: str
    tags: tuple[str, ...] = ()
    brackets: tuple[str, ...] = ()
    featured: tuple[str, ...] = ()


class _Bracketed:
    """Sorts the brackets of one title; a bracket that opens the title belongs to it."""

    def __init__(self) -> None:
        self.tags: list[str] = []
        self.brackets: list[str] = []
        self.featured: list[str] = []

    def __call__(self, found: re.Match[str]) -> str:
        content = found[2].strip()
        guest = _FEATURED.search(content) if "feat" in content or "ft" in content else None
        if guest and not content[: guest.start()].strip():
            self.featured.append(guest[1])
        elif _TAG.search(content) or content in _LANGUAGES:
            self.tags.append(content)
        elif content and found.start() == 0:
            return f" {content} "
        elif content:
            self.brackets.append(content)
        return " "


def _plain(text: str) -> bool:
    """Whether nothing can stand beside the title: a cheap look that most titles pass."""
    if not text or "(" in text or "[" in text or " - " in text or "feat" in text or " ft" in text:
        return not text
    return not (text[0].isdigit() or text.startswith(_NUMBERED)) and not _has_tail(text)


def _has_tail(text: str) -> bool:
    word = text.rpartition(" ")[2]
    return text[-1] in _TAIL_SIGNS or word in _TAIL_WORDS or (len(word) == 4 and word.isdigit()) or " - " in text


def title_parts(folded: str) -> TitleParts:
    """The parts of one folded title; `core` and `full` are never empty where the title is not."""
    if _plain(folded):
        return TitleParts(folded, folded)
    text = core = _TRACK.sub("", folded) if folded[0].isdigit() or folded.startswith(_NUMBERED) else folded
    sort = _Bracketed()
    if "(" in core or "[" in core:
        core = " ".join(_BRACKET.sub(sort, core).split())
    guest = _FEATURED.search(core) if "feat" in core or "ft" in core else None
    if guest and core[: guest.start()].strip():
        sort.featured.append(guest[1])
        core = core[: guest.start()].rstrip()
    core = _without_tail(core, sort.tags)
    full = (f"{core} {' '.join(sort.brackets)}".strip() if sort.brackets else core) or text or folded
    return TitleParts(core or full, full, tuple(sort.tags), tuple(sort.brackets), tuple(sort.featured))


def _without_tail(core: str, tags: list[str]) -> str:
    for _ in range(3):
        tag = _TRAILING.search(core, max(0, len(core) - _TAIL_MOST)) if core and _has_tail(core) else None
        if not tag or not core[: tag.start()].strip(_EDGES):
            break
        tags.append(tag[0].strip(_EDGES))
        core = core[: tag.start()]
    return _neat(core)


def _neat(text: str) -> str:
    return " ".join(text.split()).strip(_EDGES)


def loose(bare_core: str) -> str:
    """The core without a number before it and without tag words after it, brackets or not: for a second look only."""
    if " " not in bare_core:
        return bare_core
    words = bare_core.split(" ")
    begin, end = 0, len(words)
    if end > 1 and words[0].isdigit() and len(words[0]) <= 3:
        begin = 1
    while end > begin + 1 and (
        words[end - 1] in _LOOSE_WORDS or (words[end - 1].isdigit() and len(words[end - 1]) == 4)
    ):
        end -= 1
    return " ".join(words[begin:end])


_SEPARATORS = re.compile(
    r"\s*[/;,&+|\n×]\s*|\s*[()\[\]]\s*|\s+(?:feat|ft|featuring|with|and|vs|x|和|与|及)\.?\s+|\s*\bfeat(?:uring)?\b\.?\s*"
)
_SEPARATED = re.compile(r"[/;,&+|\n×()\[\]]|feat|\s(?:ft|with|and|vs|x|和|与|及)\b")


def name_parts(folded: str) -> tuple[str, ...]:
    """The names in one folded text of names, in order, without empty ones and without a leading `the`."""
    pieces = _SEPARATORS.split(folded) if _SEPARATED.search(folded) else (folded,)
    return tuple([name.removeprefix("the ") for piece in pieces if (name := piece.strip())])


def dashed(folded: str) -> tuple[str, str] | None:
    """`artist - title` in one field, as its two halves; None where there is no dash between two texts."""
    left, dash, right = folded.partition(" - ")
    if not dash:
        left, dash, right = folded.partition("-") if folded.count("-") == 1 and not folded.isascii() else ("", "", "")
    left, right = left.strip(), right.strip()
    return (left, right) if left and right else None


def all_title_parts(folded: Sequence[str]) -> list[TitleParts]:
    """`title_parts` of each."""
    return [title_parts(text) for text in folded]

"""What belongs to a title and what was written beside it: version tags, featured performers, track numbers, brackets.

Works on folded text (see `fold`), so that traditional and simplified tags are one. Parts are separated, never lost.
"""

# ruff: noqa: E501 - tables of Han characters, each of which counts as two columns

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np

from partita.text.glance import Mask, Runs, among, at, last_words, latin, may_be_digit, may_have_other_digits, pieces
from partita.text.ragged import Hashes, Places, Texts, are_among

_PLAIN_TAG = (
    r"remaster(?:ed|izado)?|re-?master|remix(?:ed)?|version|ver|acoustic|karaoke|instrumental|inst|stereo|bonus track|"
    r"explicit|official|lyrics?|lyric video|mv|m/v|off vocal|backing track|unplugged|sped ?up|speed ?up|slowed|"
    r"reverb(?:ed)?|nightcore|ost|soundtrack|a ?cappella|deluxe|anniversary|rerecorded|re-recorded|recorded (?:live|at)|"
    r"mix by|demo (?:track|vocal)|music session|performed live|love theme|take \d+|ktv|mtv|tv size|\d(?:\.\d+)?x|playback|reprise|in the style of|(?:originally|as) (?:performed|recorded)|"
    r"made famous|prod(?:\.|uced)? by"
)
_WORD_TAG = r"live|mix|edit|mono|demo|clean|video|audio|sessions?|theme|edition|dj|cover|short|full"
"""These are words of titles too: tags only where they begin or end what stands in brackets."""
_HAN_TAG = (
    r"版|伴奏|伴唱|导唱|消音|现场|纯音乐|翻自|翻唱|原唱|国语|粤语|台语|闽南语|客语|日语|英语|韩语|主题曲|片尾曲|片头曲|插曲|对唱|合唱|独唱|"
    r"カラオケ|ライブ|ライヴ|バージョン|ヴァージョン|アニメ|弾き语り|弹き语り|サイズ|주제가|라이브|반주|노래방|버전"
)
_LATIN_TAG = f"{_PLAIN_TAG}|{_WORD_TAG}"
_TAG = re.compile(
    rf"(?<![a-z])(?:{_PLAIN_TAG})(?![a-z])|{_HAN_TAG}"
    rf"|^[\d\s'.,/-]*(?:{_WORD_TAG})(?![a-z])|(?<![a-z])(?:{_WORD_TAG})[\d\s'.,/-]*$"
)
_FEATURED = re.compile(r"(?:^|[\s(\[])(?:feat|ft|featuring)(?:\.\s*|\s+)(.+?)\s*$")
_BRACKET = re.compile(r"\s*([(\[])([^()\[\]]*(?:\([^()]*\)[^()\[\]]*)?)(?:[)\]]|$)")
_SUNG = r"(?:(?:live|original|off|生音|オリジナル|本人映像|原版|原曲)[\s・]*)?(?:カラオケ|karaoke|노래방|ktv|vocal)(?:版|ver(?:sion)?\.?)?"
_QUOTED = re.compile(rf'^"({_SUNG})"\s*(?=\S)|\s*"({_SUNG}|live(?:版|ver(?:sion)?\.?)?|伴奏)"$')
"""Quotation marks, where karaoke lists have them for brackets: 《LIVEカラオケ》."""
_WRAPPED = re.compile(r"\s([-~])\s*([^-~]+?)\s*[-~]$")
_TRACK = re.compile(
    r"^(?:(?:track|no\.?)\s*)?\d{1,3}(?:\s*[.)_,:]\s*(?![\d.])|\s+-\s+)(?=\S)|^(?:\d-)?0\d(?:\s+|\s*[-_]\s*(?=[^\W\d]))(?=\S)"
    r"|^[a-h]\d{1,2}\.\s+(?=\S)"
)
_NUMBERED = ("track", "no")
_QUALIFIED = (
    r"(?:(?:the|new|original|digital(?:ly)?|\d{4}|\d+(?:st|nd|rd|th)|album|single|radio|live|karaoke|ktv|acoustic|club|"
    r"extended|instrumental|demo|mono|stereo|piano|video|music|full|short|tv|clean|explicit|dance|studio|lyric|official|"
    r"off|bonus|anniversary|english|japanese|korean|chinese|mandarin|cantonese)\s+)"
)
_TRAILING = re.compile(
    r"[ \-/|~:](?:"
    rf"(?:(?<=[-/|~:])|(?<= )[-/|~:])\s*{_QUALIFIED}*"
    rf"(?:(?:{_LATIN_TAG})(?:\s+(?:version|ver\.?|mix|edit))?(?:\s+(?:at|from|in)\s.*)?(?:\s+\d{{4}})?|from \"[^\"]*\")"
    rf"|(?<= ){_QUALIFIED}+(?:version|ver\.?|edit|mix|remix|size|vocal|video|track|remaster(?:ed)?)(?:\s+\d{{4}})?"
    r"|(?<= )(?:\d{4}\s+)?(?:remaster(?:ed)?|karaoke|instrumental)(?:\s+\d{4})?(?:\s+version)?|(?<= )\d(?:\.\d+)?x)\s*$"
)
_KIND = (
    r"ktv|live|dj|mv|demo|现场|伴奏|伴唱|粤语|国语|台语|闽南语|客语|英文|日文|中文|日语|英语|纯音乐|钢琴|吉他|完整|原|慢|快|童声|男声|女声|男|女|"
    r"对唱|合唱|独唱|演唱会|加速|慢速|电影|电视剧|动画|卡拉ok"
)
_TRAILING_WIDE = re.compile(
    rf"[-\s_]*(?:{_KIND})+(?:版本?|伴奏|伴唱|主题曲|片尾曲|片头曲|插曲)\s*$"
    r"|(?:\s*[-_]\s*|\s+)(?:伴奏|伴唱|导唱|片尾曲|片头曲|主题曲|插曲|现场版?|纯音乐|国语|粤语|台语|闽南语|客语|合唱|独唱|对唱|卡拉ok|カラオケ|"
    r"노래방|반주|라이브)\s*$"
    r"|(?<=[^\x00-\x7f])(?:\s*[-_]\s*|\s+)(?:(?:official )?mv|live|cover|demo|dj|mr|inst\.?)\s*$"
    r"|(?<=[^\x00-\x7f])(?:\s*[-_]\s*|\s*)ktv\s*$"
)
_WIDE_LAST = frozenset("版本奏唱曲场乐语ケ방주브vejrtok.")
"""What `_TRAILING_WIDE` finds ends with one of these."""
_TAIL_WORDS = frozenset((
    "remaster", "remastered", "remasterizado", "remix", "remixed", "mix", "edit", "version", "ver", "ver.", "acoustic",
    "karaoke", "instrumental", "inst", "mono", "stereo", "demo", "live", "explicit", "clean", "official", "video", "audio",
    "lyric", "lyrics", "mv", "unplugged", "session", "sessions", "up", "slowed", "reverb", "reverbed", "nightcore", "ost",
    "soundtrack", "deluxe", "anniversary", "cover", "size", "full", "short", "playback", "reprise", "track", "vocal", "mr",
    "ok", "dj", "inst.", "カラオケ", "노래방", "반주", "라이브", "国语", "粤语", "台语", "闽南语", "客语", "卡拉ok",
))  # fmt: skip
_PART = re.compile(
    r"[\s,;:]+(?:pt|part|pts|parts)\b\.?\s*(?=[\divx])(\d+|[ivx]+)(?!\w)|[\s,;:]+(?:pts|parts)\b\.?(?=\s*[\divx])"
)
"""The number of a part, which belongs to the title, in brackets too: `Pt. 2`, `(Part II)`."""
_ROMAN = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}
_TAIL_SIGNS = frozenset('版本奏唱曲场乐语ケ주방vx"-~')
_LAST_SIGNS = _TAIL_SIGNS | frozenset("0123456789i")
_ALWAYS_OPEN = frozenset('0123456789"')
_FIRST_SIGNS = _ALWAYS_OPEN | frozenset("abcdefghnt")
_YEAR = 4
_TAIL_MOST = 60
"""Characters from the end in which a tag is looked for."""
_LOOSE_WORDS = _TAIL_WORDS | frozenset((
    "edition", "single", "album", "radio", "extended", "original", "club", "studio", "piano", "version", "session", "the",
    "from", "at", "bonus", "short", "tv", "off", "motion", "picture", "reboot", "sped", "slow", "slowed", "speed", "high",
    "low", "part", "prod", "国", "粤", "台", "日", "英", "韩", "闽", "客", "现场", "伴奏", "live版", "原版",
))  # fmt: skip
_LANGUAGES = frozenset(("国", "粤", "台", "日", "英", "韩", "闽", "客", "中", "法", "国语", "粤语", "mr"))
EDGES = " -/|~:,"
"""Signs that do not stand at either end of a core."""


class TitleParts(NamedTuple):
    """One title, taken apart: `core` is what is left, `full` still has the bracketed parts that are no tags."""

    core: str
    full: str
    tags: tuple[str, ...] = ()
    brackets: tuple[str, ...] = ()
    featured: tuple[str, ...] = ()


_TAGGED, _GUEST, BESIDE, PARTED = "tag", "featured", "bracket", "part"
"""What stands in brackets: see `kind_of_bracket`."""


@lru_cache(maxsize=16_384)
def _kind(content: str) -> tuple[str, str]:
    """What stands in brackets is: a tag, a guest (with the name), or something beside the title."""
    guest = _FEATURED.search(content) if "feat" in content or "ft" in content else None
    if guest and not content[: guest.start()].strip():
        return _GUEST, guest[1]
    if content.startswith(("pt", "part")) and _PART.match(f" {content}"):
        return PARTED, content
    return (_TAGGED if _TAG.search(content) or content in _LANGUAGES else BESIDE), content


def kind_of_bracket(content: str) -> str:
    """What it is that stands in brackets: a tag, a guest, the number of a part (`PARTED`), or something `BESIDE`."""
    return _kind(content)[0]


class _Bracketed:
    """Sorts the brackets of one title; a bracket that opens the title belongs to it."""

    def __init__(self) -> None:
        self.tags: list[str] = []
        self.brackets: list[str] = []
        self.featured: list[str] = []

    def __call__(self, found: re.Match[str]) -> str:
        kind, content = _kind(found[2].strip())
        if kind == _GUEST:
            self.featured.append(content)
        elif kind == _TAGGED:
            self.tags.append(content)
        elif kind == PARTED or (content and found.start() == 0):
            return f" {content} "
        elif content:
            self.brackets.append(content)
        return " "


def _plain(text: str) -> bool:
    """Whether nothing can stand beside the title: a cheap look that most titles pass."""
    if not text:
        return True
    if "(" in text or "[" in text or " - " in text or "feat" in text or " ft" in text:
        return False
    first, last = text[0], text[-1]
    if last in _LAST_SIGNS and (last in _TAIL_SIGNS or "pt" in text or "part" in text):
        return False
    if first in _FIRST_SIGNS and (first in _ALWAYS_OPEN or text[1:2].isdigit() or text.startswith(_NUMBERED)):
        return False
    word = text.rpartition(" ")[2]
    return word not in _TAIL_WORDS and (len(word) != _YEAR or not word.isdigit())


_AFTER_A_DASH = (
    "master", "mix", "ver", "acoustic", "karaoke", "inst", "stereo", "bonus", "explicit", "official", "lyric", "mv",
    "m/v", "vocal", "backing", "unplugged", "sped", "speed", "slowed", "reverb", "nightcore", "ost", "soundtrack",
    "cappella", "deluxe", "anniversary", "recorded", "demo", "session", "performed", "theme", "take", "tv", "playback",
    "reprise", "style of", "made famous", "prod", "live", "edit", "mono", "clean", "video", "audio", "dj", "cover", "short",
    "full", "pt", "part", '"',
)  # fmt: skip
"""A tag that only a dash tells from the title has one of these in it, or a digit, or ends as `_TRAILING_WIDE` does."""


@cache
def _after_a_dash() -> tuple[Runs, Runs]:
    return Runs.of((" - ",)), Runs.of((*_AFTER_A_DASH, *"0123456789"))


def _may_end_in_a_tag(folded: Texts) -> Mask:
    """Whether a tag may stand behind a dash of each title."""
    dash, tags = _after_a_dash()
    result = dash.within(folded)
    there = np.flatnonzero(result)
    some = folded.some(there)
    last = at(some, -1)
    edges, wide = among(at(some, 0), EDGES) | among(last, EDGES), among(last, _WIDE_LAST) & ~latin(some)
    result[there] = edges | wide | tags.within(some) | may_have_other_digits(some)
    return result


@cache
def _looked_for() -> tuple[Runs, Runs, Hashes, Hashes]:
    """Runs beside a title and of a part's number; the last words of a tag, and the same with those of a loose one."""
    tail, loose_ = (np.sort(Texts.of(sorted(words)).hashes()) for words in (_TAIL_WORDS, _LOOSE_WORDS))
    return Runs.of(("(", "[", "feat", " ft")), Runs.of(("pt", "part")), tail, loose_


def may_be_parted(folded: Texts) -> Mask:
    """Whether something may stand beside each title: False only where `title_parts` gives the title as it is."""
    beside, part, tail, _ = _looked_for()
    first, last, words = at(folded, 0), at(folded, -1), last_words(folded)
    result: Mask = beside.within(folded) | among(last, _TAIL_SIGNS) | among(first, _ALWAYS_OPEN)
    result |= _may_end_in_a_tag(folded)
    result |= among(last, _LAST_SIGNS) & part.within(folded)
    second = at(folded, 1)
    result |= among(first, _FIRST_SIGNS) & may_be_digit(second)
    for word in _NUMBERED:
        result |= (first == ord(word[0])) & (second == ord(word[1]))
    result |= are_among(words.hashes(), tail) | ((words.lengths == _YEAR) & may_be_digit(at(words, 0)))
    return result


def may_have_part(folded: Texts) -> Mask:
    """Whether each title may hold the number of a part."""
    _, part, *_ = _looked_for()
    return part.within(folded)


def may_open(folded: Texts) -> Mask:
    """Whether a track's number may stand first in each title."""
    first, second = at(folded, 0), at(folded, 1)
    result = may_be_digit(first) | may_be_digit(second)
    for word in _NUMBERED:
        result |= (first == ord(word[0])) & (second == ord(word[1]))
    return result


def may_be_loose(bare_cores: Texts) -> Mask:
    """Whether `loose` may leave out a word of each core: False only where it gives the core as it is."""
    *_, tail = _looked_for()
    words = last_words(bare_cores)
    result: Mask = are_among(words.hashes(), tail) | ((words.lengths == _YEAR) & may_be_digit(at(words, 0)))
    result |= may_be_digit(at(bare_cores, 0))
    result &= words.lengths < bare_cores.lengths
    return result


def _opens(text: str) -> bool:
    """Whether a track's number may stand first."""
    return text[0].isdigit() or text.startswith(_NUMBERED) or text[1:2].isdigit()


def _has_tail(text: str) -> bool:
    if text[-1] in _TAIL_SIGNS or " - " in text:
        return True
    word = text.rpartition(" ")[2]
    return word in _TAIL_WORDS or (len(word) == _YEAR and word.isdigit())


def title_parts(folded: str) -> TitleParts:
    """The parts of one folded title; `core` and `full` are never empty where the title is not."""
    return TitleParts(folded, folded) if _plain(folded) else _taken_apart(folded)


def _taken_apart(folded: str) -> TitleParts:
    track = _TRACK.match(folded) if _opens(folded) else None
    text = core = folded[track.end() :] if track else folded
    sort = _Bracketed()
    if "(" in core or "[" in core:
        core = " ".join(_BRACKET.sub(sort, core).split())
    guest = _FEATURED.search(core) if "feat" in core or "ft" in core else None
    if guest and core[: guest.start()].strip():
        sort.featured.append(guest[1])
        core = core[: guest.start()].rstrip()
    core = _without_tail(core, sort.tags)
    if " p" in core and ("pt" in core or "part" in core):
        core = _PART.sub(_part, core)
    if core == folded:
        return TitleParts(folded, folded)
    full = (f"{core} {' '.join(sort.brackets)}".strip() if sort.brackets else core) or text or folded
    return TitleParts(core or full, full, tuple(sort.tags), tuple(sort.brackets), tuple(sort.featured))


def _part(found: re.Match[str]) -> str:
    number = found[1]
    return f" part {_ROMAN.get(number, number)}" if number else " parts"


def _without_tail(core: str, tags: list[str]) -> str:
    for _ in range(3):
        tag = _tail(core) if core and (core[0] == '"' or _has_tail(core)) else None
        if not tag or not (core[: tag.start()] + core[tag.end() :]).strip(EDGES):
            break
        tags.append(tag[0].strip(EDGES + '"'))
        core = core[: tag.start()] + core[tag.end() :]
    neat = _neat(core)
    return core if neat and core.rstrip("-~") == neat else neat


def _tail(core: str) -> re.Match[str] | None:
    """The first tag at the end of a core, or one in quotation marks at its beginning."""
    if core[-1] == '"' or core[0] == '"':
        quoted = _QUOTED.search(core)
        if quoted:
            return quoted
    if core[-1] in "-~":
        wrapped = _WRAPPED.search(core)
        return wrapped if wrapped and _TAG.search(wrapped[2]) else None
    begin = max(0, len(core) - _TAIL_MOST)
    tag = _TRAILING.search(core, begin)
    return tag or (
        _TRAILING_WIDE.search(core, begin) if core.rstrip()[-1] in _WIDE_LAST and not core.isascii() else None
    )


def _neat(text: str) -> str:
    return " ".join(text.split()).strip(EDGES)


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


_BETWEEN_SIGNS = "/;,&+|\n×\\()[]"
_BETWEEN_WORDS = (
    "feat", "ft", "featuring", "duet with", "with", "and", "vs", "versus", "x", "pres", "presents", "meets", "starring",
    "和", "与", "及", "跟", "と",
)  # fmt: skip
_SEPARATORS = re.compile(
    rf"\s+w/\s*|\s*[{re.escape(_BETWEEN_SIGNS)}]\s*"
    rf"|\s+(?:{'|'.join(_BETWEEN_WORDS)})\.?\s+|\s*\bfeat(?:uring)?\b\.?\s*"
)
_ARTICLE = "the "


def name_parts(folded: str) -> tuple[str, ...]:
    """The names in one folded text of names, in order, without empty ones and without a leading `the`."""
    split = _SEPARATORS.split(folded)
    return tuple([name.removeprefix(_ARTICLE) for piece in split if (name := piece.strip())])


@cache
def _between() -> Runs:
    """What tells that names may stand apart by more than signs."""
    ends = (" ", ". ")
    return Runs.of({"feat", " w/", *(f" {word.split()[-1]}{end}" for word in _BETWEEN_WORDS for end in ends)})


def all_name_parts(folded: Texts, most: int) -> tuple[Texts, Places]:
    """The first `most` of `name_parts` of each folded text; those of text `i` are from `starts[i]` to `starts[i + 1]`."""
    places = np.flatnonzero(_between().within(folded))
    split = Texts.of([_BETWEEN_SIGNS[0].join(_SEPARATORS.split(text)) for text in folded.some(places)])
    return pieces(folded.with_others(places, split), _BETWEEN_SIGNS, _ARTICLE, most)


def dashed(folded: str) -> tuple[str, str] | None:
    """`artist - title` in one field, as its two halves; None where there is no dash between two texts.

    A track's number before the artist is left out.
    """
    left, dash, right = folded.partition(" - ")
    if dash and " - " in right and _TRACK.match(folded):
        left, dash, right = right.partition(" - ")
    if not dash and folded.count("-") == 1:
        beside = "- " in folded or " -" in folded
        left, dash, right = folded.partition("-") if beside or not folded.isascii() else ("", "", "")
    left, right = left.strip(), right.strip()
    return (left, right) if left and right else None


def all_title_parts(folded: Sequence[str]) -> list[TitleParts]:
    """`title_parts` of each."""
    return [TitleParts(text, text) if _plain(text) else _taken_apart(text) for text in folded]

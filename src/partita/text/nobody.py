"""Words that stand where nobody is named: `佚名`, `Traditional`, `DP`, `群星`. They are nobody's name, on either side.

One list for shares (such a part is left unclaimed) and for identification (such a name says nothing about a work).
"""

# ruff: noqa: E501 - tables of Han characters, each of which counts as two columns

from __future__ import annotations

import re
from functools import cache

import numpy as np

from partita.text.fold import fold, fold_all
from partita.text.glance import Mask, Runs
from partita.text.ragged import Hashes, Texts, are_among

_WORDS = (
    "unknown", "unknown writer", "unknown composer", "unknown author", "unknown artist", "unknown performer",
    "unidentified", "anonymous", "anon", "anon.", "anonym", "anonimo", "anonyme", "author unknown", "composer unknown",
    "artist unknown", "not known", "unspecified", "various", "various artists", "various artist", "v.a.", "v.a", "va",
    "v/a", "traditional", "traditional song", "traditional folk song", "folk", "folk song", "folksong", "trad.", "trad",
    "tradicional", "traditionnel", "traditionell", "trad. arr", "trad arr", "public domain", "domaine public", "pd",
    "p.d.", "p.d", "dp", "d.p.", "d.p", "n/a", "na", "n.a.", "n.a", "n. a.", "none", "null", "nil", "nan", "?", "??", "???", "-",
    "--", "---", "_", "*", ".",
    "佚名", "無名氏", "不詳", "不明", "無", "未知", "未詳", "作者不詳", "作者不明", "作者未詳", "詞曲不詳", "未知作者", "未知歌手",
    "未知藝人", "群星", "眾星", "眾藝人", "合輯", "民謠", "民歌", "童謠", "古曲", "傳統", "傳統民謠", "傳統歌謠", "傳統音樂", "民間",
    "民間音樂", "民間歌謠", "民謠歌曲", "公版", "公共版權", "公有領域", "よみ人知らず", "詠み人知らず", "読み人知らず", "作者不詳",
    "伝承曲", "伝承", "わらべうた", "わらべ歌", "オムニバス", "미상", "작자 미상", "작자미상", "전래동요", "민요",
)  # fmt: skip
_PLACES = (
    "台湾|中国|日本|韩国|朝鲜|美国|英国|德国|法国|俄国|俄罗斯|意大利|西班牙|墨西哥|印尼|印度尼西亚|马来西亚|苏格兰|爱尔兰|波兰|捷克|"
    "外国|西洋|欧美|各国|世界|客家|闽南|福佬|河洛|原住民|阿美族|泰雅族|布农族|排湾族|卑南族|邹族|恒春|宜兰|云南|贵州|四川|西藏|"
    "新疆|青海|甘肃|宁夏|陕西|陕北|山西|河南|河北|山东|东北|内蒙古|蒙古|江苏|浙江|安徽|江西|福建|湖南|湖北|广东|广西|海南"
)
_KINDS = "民谣|民歌|童谣|古曲|古谣|山歌|传统民谣|传统歌谣|传统歌曲"
_LATIN_PLACES = (
    "irish|scottish|english|welsh|american|german|french|italian|spanish|russian|chinese|taiwanese|japanese|korean"
)
_OF_A_PLACE = re.compile(
    rf"(?:{_PLACES})(?:族)?(?:{_KINDS})|(?:{_LATIN_PLACES}) (?:traditional|trad\.?|folk ?song)"
    rf"|(?:traditional|trad\.?) (?:{_LATIN_PLACES})"
)
_HINTS = ("trad", "folk", "谣", "歌", "曲")
_HINT = re.compile("|".join(_HINTS))
_STROKES = ("n/a", "v/a")
_WITH_STROKE = re.compile(r"(?<![^\s/])[nv]/a(?![^\s/])")


@cache
def _words() -> frozenset[str]:
    return frozenset(fold_all(_WORDS))


def is_nobody(folded: str) -> bool:
    """Whether a folded name only says that nobody is named."""
    name = folded.strip()
    return name in _words() or (_HINT.search(name) is not None and _OF_A_PLACE.fullmatch(name) is not None)


def somebody(folded: tuple[str, ...]) -> tuple[str, ...]:
    """Those of some folded names that name somebody."""
    if _words().isdisjoint(folded) and not _HINT.search(" ".join(folded)):
        return folded
    return tuple(name for name in folded if not is_nobody(name))


def without_strokes(folded: str) -> str:
    """A folded text of names without `n/a` and `v/a`, whose stroke would be taken for one between two names."""
    return _WITH_STROKE.sub(" ", folded) if "/a" in folded else folded


@cache
def _looked_for() -> tuple[Hashes, Runs, Runs]:
    return np.sort(Texts.of(sorted(_words())).hashes()), Runs.of(_HINTS), Runs.of(_STROKES)


def of_nobody(folded: Texts) -> Mask:
    """`is_nobody` of each folded name."""
    words, hints, _ = _looked_for()
    result = are_among(folded.hashes(), words) | hints.within(folded)
    places = np.flatnonzero(result)
    result[places] = [is_nobody(name) for name in folded.some(places)]
    return result


def all_without_strokes(folded: Texts) -> Texts:
    """`without_strokes` of each folded text of names."""
    _, _, strokes = _looked_for()
    places = np.flatnonzero(strokes.within(folded))
    return folded.with_others(places, Texts.of([without_strokes(text) for text in folded.some(places)]))


def names_nobody(name: str) -> bool:
    """Whether a name as written only says that nobody is named; an empty one does not say even that."""
    return is_nobody(fold(name))

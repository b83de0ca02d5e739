"""Which character stands for which: scripts' variant forms and the spellings of Taiwanese Hokkien.

Folding serves comparison alone: a displayed title is never changed. OpenCC's tables (Taiwan, Hong Kong and Japanese
forms to traditional, traditional to simplified) are read once, character by character.
"""

# ruff: noqa: E501 - tables of Han characters, each of which counts as two columns

from __future__ import annotations

from functools import cache

import opencc

_HAN = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x2A6E0))
_PAIRED = ("s2t", "t2s", "t2jp", "s2tw", "tw2s", "s2hk", "hk2s")
"""OpenCC's other tables: a character and its form in them are one, in whichever direction a text went."""
_NOT_ONE = (frozenset("联连"), frozenset("瓣辨辩"))
"""Folded forms that a table pairs because one sign has taken the place of several words."""
_STEPS = ("tw2t", "hk2t", "jp2t", "hk2t", "tw2t", "t2s")

HOKKIEN = {
    "拚": "拼", "嘸": "毋", "呒": "毋", "唔": "毋", "佇": "置", "伫": "置", "攏": "拢", "呷": "食", "擱": "阁", "搁": "阁",
    "𪜶": "因", "怹": "因", "媠": "水", "𠢕": "势", "囝": "仔", "囡": "仔", "欲": "要", "袂": "未",
    "𣍐": "未", "佗": "叨", "揣": "找", "暝": "瞑", "仝": "同", "𨑨": "迌", "咧": "嘞",
    "𤆬": "娶", "蹛": "住", "徛": "企", "刣": "杀", "濟": "济", "偌": "若",
}  # fmt: skip
"""Spellings of one Hokkien word. 咱 (we, with you) and 阮 (we, without you) are different words and stand apart."""

FORMS = {
    "妳": "你", "祢": "你", "您": "你", "羣": "群", "峯": "峰", "綫": "线", "線": "线", "迴": "回", "廻": "回",
    "着": "著", "箇": "个", "牀": "床", "喫": "吃", "脣": "唇", "煙": "烟", "菸": "烟", "佈": "布", "週": "周", "祇": "只",
    "衹": "只", "嚐": "尝", "痠": "酸", "鍾": "钟", "艷": "艳", "豔": "艳", "痺": "痹", "啓": "启", "雞": "鸡", "鷄": "鸡",
    "淚": "泪", "涙": "泪", "曆": "历", "歷": "历", "歴": "历", "恆": "恒", "擡": "抬", "臺": "台", "檯": "台", "颱": "台",
    "鬪": "斗", "闘": "斗", "槇": "槙", "舖": "铺", "儘": "尽", "滙": "汇",
    "髙": "高", "﨑": "崎", "碕": "崎", "邉": "边", "邊": "边", "辺": "边", "嶋": "岛", "嶌": "岛", "冨": "富", "鐵": "铁", "銕": "铁",
    "靑": "青", "淸": "清", "舩": "船", "翆": "翠", "穐": "秋", "讚": "赞", "讃": "赞", "砲": "炮", "礮": "炮", "汙": "污",
    "嵒": "岩", "峩": "峨", "塲": "场", "鍊": "练", "靱": "韧", "頬": "颊", "籠": "笼", "篭": "笼", "劃": "划", "厰": "厂",
    "蕋": "蕊", "蘂": "蕊", "閒": "闲", "僊": "仙", "凴": "凭", "帬": "裙", "鉄": "铁", "窻": "窗", "窓": "窗", "薰": "熏", "燻": "熏", "昇": "升", "陞": "升",
}  # fmt: skip
"""Variant forms that OpenCC keeps apart, as songs' titles mix them."""


LOOSE = {
    "未": "袂", "不": "毋", "找": "揣", "住": "蹛", "杀": "刣",
}  # fmt: skip


@cache
def han_map() -> dict[str, str]:
    """Each Han character that is not its own folded form, with that form."""
    every = [chr(code) for begin, end in _HAN for code in range(begin, end)]
    folded = "\n".join(every)
    for step in _STEPS:
        folded = opencc.OpenCC(step).convert(folded)
    result = {a: b for a, b in zip(every, folded.split("\n"), strict=True) if a != b and len(b) == 1}
    for table in (FORMS, HOKKIEN):
        chars = result.keys() | table.keys()
        result = {a: table.get(result.get(a, a), result.get(a, a)) for a in sorted(chars)}
    for _ in range(4):
        result = {a: result.get(b, b) for a, b in result.items()}
    return {a: b for a, b in _paired(result, every).items() if a != b}


def _paired(forms: dict[str, str], every: list[str]) -> dict[str, str]:
    """The forms with those made one that OpenCC's other tables pair."""
    same: dict[str, str] = {}

    def root(char: str) -> str:
        while char in same:
            char = same[char]
        return char

    for step in _PAIRED:
        for a, b in zip(every, opencc.OpenCC(step).convert("\n".join(every)).split("\n"), strict=True):
            one, other = root(forms.get(a, a)), root(forms.get(b, b))
            if one != other and len(b) == 1 and not any({one, other} <= words for words in _NOT_ONE):
                same[max(one, other)] = min(one, other)
    return {char: root(forms.get(char, char)) for char in sorted({*forms, *same})}

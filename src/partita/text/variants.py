"""Which character stands for which: scripts' variant forms and the spellings of Taiwanese Hokkien.

Folding serves comparison alone: a displayed title is never changed. Scripts' forms are those of OpenCC's tables; they
are kept beside this file (see `han_forms`), because reading those tables takes as long as comparing many thousand titles.
"""

# ruff: noqa: E501 - tables of Han characters, each of which counts as two columns

from __future__ import annotations

from functools import cache
from importlib import resources

HOKKIEN = {
    "拚": "拼", "嘸": "毋", "呒": "毋", "唔": "毋", "佇": "置", "伫": "置", "攏": "拢", "擱": "阁", "搁": "阁", "怹": "𪜶", "𣍐": "袂", "𫧃": "袂",
    "佗": "叨", "暝": "瞑", "仝": "同", "𨑨": "迌", "咧": "嘞", "徛": "企", "濟": "济", "佮": "甲", "姊": "姐",
}  # fmt: skip
"""Spellings of one Hokkien word that are equal: one of the two signs stands for nothing else where songs are named.

咱 (we, with you) and 阮 (we, without you) are different words and stand apart.
"""

LOOSE = {
    # the other sign is an everyday word of Mandarin or Cantonese, so that the two may well be two titles:
    "不": "毋",  # 不甘 is Mandarin for unwilling, 毋甘 Hokkien for loath
    "未": "袂", "昧": "袂",  # 未來 is the future, 袂來 will not come; 曖昧
    "水": "媠",  # 水 is water, 媠 is pretty
    "欲": "要", "卜": "要",  # 欲望 is desire; 卜 is a surname
    "找": "揣", "住": "蹛", "杀": "刣", "娶": "𤆬", "食": "呷", "吃": "呷", "饮": "啉",  # a word and its translation
    "许": "遐",  # 許願, and a surname
    "哩": "嘞",  # also the mile, and a particle of Cantonese
    "因": "𪜶", "势": "𠢕", "贤": "𠢕", "若": "偌", "较": "卡", "乎": "予", "互": "予", "翁": "尪", "肖": "痟", "疯": "痟",
    "囝": "囡",  # 囝仔 and 囡仔 are one word (see PHRASES), son and daughter are two
}  # fmt: skip
"""Signs, as folded, that may spell one Hokkien word: only a reason to look (`spoken`), never to call two titles equal."""

PHRASES = {
    "囝仔": "囡仔", "啥乜": "啥物", "啥米": "啥物", "啥咪": "啥物", "啥麼": "啥物", "甚物": "啥物", "佚陶": "迌迌", "七逃": "迌迌",
    "查甫": "查埔", "拍謝": "歹勢", "鬥陣": "逗陣", "安怎": "按怎", "安呢": "按呢", "安捏": "按呢", "按捏": "按呢", "安尼": "按呢",
    "目珠": "目睭", "煙投": "緣投", "起肖": "起痟", "翁某": "尪某", "拍拼": "打拼", "頇顢": "預顢", "憨慢": "預顢",
    "喝采": "喝彩", "精采": "精彩", "彷佛": "仿佛",
}  # fmt: skip
"""Words of two signs that are spelt in several ways, most of them Hokkien, and are nothing else: equal. Two stay two."""

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
    "朶": "朵", "栢": "柏", "鏁": "锁", "飮": "饮", "鬬": "斗", "鷰": "燕", "鵞": "鹅", "劵": "券", "妬": "妒", "姪": "侄", "尅": "克", "憇": "憩",
    "朞": "期", "煇": "辉", "燄": "焰", "犂": "犁", "猨": "猿", "珮": "佩", "痲": "麻", "蔴": "麻", "碪": "砧", "碁": "棋", "稾": "稿", "牋": "笺",
    "緜": "绵", "翺": "翱", "耡": "锄", "胷": "胸", "艸": "草", "苺": "莓", "菓": "果", "葠": "参", "袴": "裤", "褭": "袅", "嬝": "袅", "覩": "睹",
    "諠": "喧", "謌": "歌", "譌": "讹", "賸": "剩", "輭": "软", "遯": "遁", "銲": "焊", "隄": "堤", "鴈": "雁", "穨": "颓", "顚": "颠", "飃": "飘",
    "餧": "喂", "騐": "验", "驩": "欢", "麤": "粗", "鼔": "鼓", "婬": "淫", "竸": "竞", "悳": "德", "牠": "它", "徬": "彷", "髣": "仿", "髴": "佛",
}  # fmt: skip
"""Variant forms that OpenCC keeps apart, as songs' titles mix them."""


@cache
def han_map() -> dict[str, str]:
    """Each Han character that is not its own folded form, with that form: as `han_forms.made` gives it."""
    text = resources.files("partita.text").joinpath("han_forms.txt").read_text(encoding="utf-8")
    return {char: line[0] for line in text.splitlines() if line[0] != "#" for char in line[1:]}


@cache
def phrases() -> dict[str, str]:
    """PHRASES as folded."""
    forms = str.maketrans(han_map())
    return {spelt.translate(forms): word.translate(forms) for spelt, word in PHRASES.items()}

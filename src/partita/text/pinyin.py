"""Sounds of Han characters, as keys that find candidates. Equal sound is never a reason to call two titles equal.

One reading a character (the most usual, without tone), by pypinyin's table of single characters.
"""

# ruff: noqa: E501 - tables of syllables and of wide characters

from __future__ import annotations

from functools import cache
from importlib import util
from pathlib import Path

import numpy as np

from partita.text.fold import Table, table_of
from partita.text.ragged import Codes, Texts

_TABLE_CODES = 0x30000
_TONES = {"ā": "a", "á": "a", "ǎ": "a", "à": "a", "ē": "e", "é": "e", "ě": "e", "è": "e", "ê": "e", "ế": "e",
          "ề": "e",
          "ī": "i", "í": "i", "ǐ": "i", "ì": "i", "ō": "o", "ó": "o", "ǒ": "o", "ò": "o", "ū": "u", "ú": "u", "ǔ": "u",
          "ù": "u", "ü": "v", "ǖ": "v", "ǘ": "v", "ǚ": "v", "ǜ": "v", "ń": "n", "ň": "n", "ǹ": "n",
          "ḿ": "m"}  # fmt: skip
_PARTICLES = "底地得"
"""Characters that also write the particle 的."""
_USUAL = {
    "幺": "me",
    "著": "zhe",
    "长": "chang",
    "万": "wan",
    "仮": "jia",
    "呢": "ne",
    "藏": "cang",
    "浜": "bin",
    "姊": "jie",
    "姉": "jie",
    "辗": "zhan",
    "勒": "le",
    "槟": "bing",
    "萌": "meng",
    "似": "si",
    "佛": "fo",
}
"""Folded characters that are mostly read otherwise than the first reading of the table says."""
OTHER_READINGS = {
    "长": "zhang", "重": "chong", "了": "liao", "都": "du", "乐": "yue", "行": "hang", "著": "zhao", "还": "huan", "似": "shi",
    "落": "la", "薄": "bao", "朝": "zhao", "调": "tiao", "藏": "zang", "没": "mo", "弹": "tan", "觉": "jiao", "传": "zhuan", "谁": "shei",
    "角": "jue", "曾": "zeng", "单": "shan", "降": "xiang", "血": "xie", "色": "shai", "查": "zha", "差": "chai", "得": "dei",
    "便": "pian", "参": "shen", "干": "qian", "卡": "qia", "系": "ji", "会": "kuai", "数": "shuo", "露": "lou", "识": "zhi", "只": "qi",
    "奇": "ji", "期": "ji", "要": "yu", "强": "jiang", "解": "xie", "仇": "qiu", "幺": "yao", "模": "mu", "将": "qiang", "哪": "ne",
    "地": "di", "底": "di", "佛": "fu", "南": "na", "阿": "e", "咽": "ye", "尽": "jing", "拗": "niu", "车": "ju",
}  # fmt: skip
"""A second reading of folded characters; a text is looked for under it too."""
_STRIP = str.maketrans(_TONES)


@cache
def _dictionary() -> dict[int, str]:
    """Every character's readings, with commas between: pypinyin's module of single characters, without the rest of it.

    The package reads half a second long, most of it the phrases, before it can be asked for anything.
    """
    package = util.find_spec("pypinyin")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("pypinyin")
    file = Path(package.origin).with_name("pinyin_dict.py")
    spec = util.spec_from_file_location("_pinyin_dict", file)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(str(file))
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    readings_: dict[int, str] = module.pinyin_dict
    return readings_


def _syllable(said: str) -> str:
    return "".join(c for c in said.translate(_STRIP) if c.isascii() and c.isalpha())


@cache
def _syllables() -> dict[str, str]:
    """Each reading with tone, and what it is without."""
    return {said: _syllable(said) for said in sorted(set(",".join(set(_dictionary().values())).split(",")))}


@cache
def _tables() -> tuple[Codes, dict[int, str]]:
    plain = _syllables()
    letters = {code: plain[said.partition(",")[0]] for code, said in _dictionary().items() if code < _TABLE_CODES}
    letters = dict(sorted(letters.items())) | {ord(char): said for char, said in _USUAL.items()}
    number = {syllable: _TABLE_CODES + i for i, syllable in enumerate(sorted(set(letters.values())))}
    table = np.arange(_TABLE_CODES, dtype=np.uint32)
    table[np.fromiter(letters, np.int64)] = np.fromiter((number[said] for said in letters.values()), np.uint32)
    table[[ord(char) for char in _PARTICLES]] = table[ord("的")]
    return table, letters


SYLLABLES = frozenset(_syllables().values()) - {
    "", "m", "n", "hm", "hng", "ng", "wong", "fiao", "cei", "din", "den", "rua",
}  # fmt: skip
"""The syllables of Mandarin in Hanyu Pinyin, without tones; ü is v."""


def sounds(texts: Texts) -> Texts:
    """The texts with every Han character replaced by a code of its syllable; other characters stay."""
    table, _ = _tables()
    heard = table[np.minimum(texts.codes, _TABLE_CODES - 1)]
    return Texts(np.where(texts.codes < _TABLE_CODES, heard, texts.codes + np.uint32(_TABLE_CODES)), texts.starts)


def readings() -> dict[int, str]:
    """Each Han character's code point with its syllable, without tone; ü is v."""
    return _tables()[1]


def letters(text: str) -> str:
    """The syllables of `text` in Latin letters, run together; other characters stay."""
    _, syllables = _tables()
    return "".join(syllables.get(ord(c), c) for c in text)


@cache
def _letters_table() -> Table:
    return table_of({chr(code): said for code, said in readings().items()})


def letters_of(texts: Texts) -> Texts:
    """`letters` of each text."""
    return _letters_table().apply(texts)

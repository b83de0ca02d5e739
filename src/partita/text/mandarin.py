"""Mandarin in Latin letters: Hanyu Pinyin, Wade-Giles, and the spellings of Taiwan's and Hong Kong's passports.

Folded text has lost tones, umlauts and often the apostrophes of Wade-Giles, so that `Chün`, `Chun` and `Ch'un` are one
word. The coarse form of a syllable is therefore its Wade-Giles spelling without them: `deng` and `teng` are `teng`,
`zhou` and `chou` are `chou`. Tables of single syllables only; nothing here reads a Han character.
"""

# ruff: noqa: E501 - tables of syllables and of wide characters

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from partita.text.pinyin import SYLLABLES
from partita.text.spelling import syllables

_INITIALS = (("zh", "ch"), ("ch", "ch"), ("sh", "sh"), ("b", "p"), ("d", "t"), ("g", "k"), ("j", "ch"), ("q", "ch"),
             ("x", "hs"), ("r", "j"), ("z", "ts"), ("c", "ts"))  # fmt: skip
_FINALS = {"ian": "ien", "ie": "ieh", "ue": "ueh", "ve": "ueh", "ong": "ung", "iong": "iung", "uo": "o", "v": "u"}
_WHOLE = {
    "zi": "tzu", "ci": "tzu", "si": "ssu", "zhi": "chih", "chi": "chih", "shi": "shih", "ri": "jih", "yi": "i", "er": "erh",
    "you": "yu", "yan": "yen", "ye": "yeh", "yue": "yueh", "yong": "yung", "ge": "ko", "ke": "ko", "he": "ho", "e": "o",
    "guo": "kuo", "kuo": "kuo", "huo": "huo", "shuo": "shuo", "gui": "kuei", "kui": "kuei",
}  # fmt: skip
_ALSO = {"yi": "i", "szu": "ssu", "sze": "ssu", "tze": "tzu", "tse": "tse", "lee": "li", "chow": "chou", "soong": "sung",
         "kwo": "kuo", "yeh": "yeh", "ie": "yeh", "tzy": "tzu", "chueh": "chueh", "jay": "chieh", "hwa": "hua", "hwang": "huang",
         "whang": "huang", "yee": "i", "woo": "wu", "chih": "chih", "chi": "chi", "shi": "hsi", "shin": "hsin", "erh": "erh",
         "lyu": "lu", "nyu": "nu", "syu": "hsu", "shyu": "hsu", "sheu": "hsu", "shiu": "hsu", "jen": "jen", "rung": "jung",
         "kwang": "kuang", "kwan": "kuan", "tsui": "tsui", "chyi": "chi", "tzeng": "tseng", "jiunn": "chun"}  # fmt: skip
"""Other spellings of the same coarse syllables, as passports have them."""
_TONES = "12345"

CANTONESE = {
    "au": "ou", "chan": "chen", "chau": "chou", "cheuk": "cho", "cheung": "chang", "chik": "chi", "ching": "cheng", "chiu": "chao",
    "choi": "tsai", "chor": "chu", "chung": "chung", "fai": "hui", "fong": "fang", "fook": "fu", "fuk": "fu", "fun": "huan",
    "fung": "feng", "hak": "ko", "heung": "hsiang", "hing": "hsing", "hiu": "hsiao", "ho": "ho", "hoi": "hai", "hok": "hsueh",
    "hon": "han", "hong": "kang", "hung": "hsiung", "kai": "chi", "kam": "chin", "kar": "chia", "ka": "chia", "kei": "chi",
    "keung": "chiang", "kin": "chien", "king": "ching", "kit": "chieh", "kiu": "chiao", "koon": "kuan", "kuen": "chuan",
    "kwan": "kuan", "kwok": "kuo", "kwong": "kuang", "kwun": "kuan", "lai": "li", "lam": "lin", "lau": "liu", "lei": "li", "leung": "liang",
    "lok": "le", "lui": "lei", "luk": "lu", "lun": "lin", "ma": "ma", "man": "wen", "mei": "mei", "ming": "ming", "miu": "miao", "mok": "mo",
    "mui": "mei", "nam": "nan", "ng": "wu", "ngai": "i", "nga": "ya", "on": "an", "pak": "po", "ping": "ping", "po": "pao",
    "poon": "pan", "pui": "pei", "sau": "hsiu", "shan": "shan", "shing": "cheng", "shiu": "shao", "shuk": "shu", "shun": "shun",
    "sik": "hsi", "sin": "hsien", "siu": "hsiao", "suet": "hsueh", "sum": "hsin", "sze": "shih", "tai": "ti", "tak": "te", "tam": "tan",
    "tang": "teng", "tat": "ta", "tin": "tien", "ting": "ting", "tong": "tang", "tsang": "tseng", "tse": "hsieh", "tsui": "hsu",
    "tsz": "tzu", "tung": "tung", "wah": "hua", "wai": "wei", "wan": "yun", "wing": "jung", "wong": "huang", "yan": "jen",
    "yat": "i", "yau": "yu", "yee": "i", "yeung": "yang", "yi": "i", "yik": "i", "yim": "yen", "yin": "yen", "ying": "ying",
    "yip": "yeh", "yiu": "yao", "yu": "yu", "yue": "yu", "yuen": "yuan", "yuk": "yu", "yung": "jung",
    "cheng": "cheng", "chu": "chu", "fan": "fan", "hui": "hsu", "lo": "lo", "law": "lo", "so": "su", "to": "tu", "choy": "tsai",
    "tsoi": "tsai", "wu": "hu", "woo": "hu", "lee": "li", "li": "li", "sham": "tsen", "shum": "shen", "yam": "jen", "ko": "kao",
}  # fmt: skip
"""Hong Kong's spellings of syllables of names, as the coarse Mandarin syllable of the character they most often stand for."""


@cache
def wade_syllables() -> dict[str, str]:
    """Each spelling that a coarse syllable may have, with that coarse syllable."""
    return {coarse: coarse for coarse in coarse_syllables().values()} | _ALSO


@cache
def coarse_syllables() -> dict[str, str]:
    """Each syllable of Hanyu Pinyin with its coarse form."""
    return {said: _coarse(said) for said in sorted(SYLLABLES)} | {"lu": "lu", "nu": "nu", "lue": "lueh", "nue": "nueh"}


def _coarse(said: str) -> str:
    if said in _WHOLE:
        return _WHOLE[said]
    initial, changed = next(((a, b) for a, b in _INITIALS if said.startswith(a)), ("", ""))
    if not initial and said[0] in "fhklmnpstwy":
        initial = changed = said[0]
    final = said[len(initial) :]
    return changed + _FINALS.get(final, final)


def pinyin(word: str) -> tuple[str, ...]:
    """The syllables of a word in Hanyu Pinyin; none where it is not."""
    return syllables(word.rstrip(_TONES), coarse_syllables()) or ()


def wade(word: str) -> tuple[str, ...]:
    """The coarse syllables of a word in Wade-Giles or as a passport of Taiwan has it; none where it is not."""
    return tuple([wade_syllables()[said] for said in syllables(word.rstrip(_TONES), wade_syllables()) or ()])


def coarse(said: Iterable[str]) -> list[str]:
    """Syllables of Hanyu Pinyin in their coarse form; what is none stays."""
    known = coarse_syllables()
    return [known.get(syllable, syllable) for syllable in said]

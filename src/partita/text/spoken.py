"""Keys by sound: what a text may be called in another script or spelling. Keys only propose candidates.

That two texts share a key is never a reason to call them equal: 心願 and 新願 share one. Every function takes distinct
strings as `fold` made them, and looks at each once; texts of more than `CHARACTERS_MOST` characters have no key. A key
begins with its system: `p:` Mandarin, `ps:` Mandarin in any order of syllables, `w:` Mandarin of more than four syllables
in coarse letters, `h:` Hokkien, `r:` Japanese, `k:` Korean, `ks:` Korean in any order, `c:` characters of Hokkien.
"""

# ruff: noqa: E501 - tables of syllables and of wide characters

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache

from partita.text import hangul, hokkien, kana, mandarin
from partita.text.pinyin import OTHER_READINGS, readings
from partita.text.spelling import CHARACTERS_MOST
from partita.text.variants import LOOSE

KEYS_MOST = 6
"""Keys that one Latin text has at most."""

_HAN = re.compile("[\u3005\u3400-\u9fff\U00020000-\U0003ffff]")
_KANA = re.compile("[\u3041-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_NOT_SAID = re.compile("[^a-z0-9\n]+")
_DIVIDES = re.compile("(?<![ptkhs])'(?=[aeo])")
"""An apostrophe between syllables (`Xi'an`), not one of Wade-Giles (`Ts'ai`)."""
_KANA_ONLY = re.compile("[\u3041-\u30ff\u0020-\u007e]+")
_HANGUL_ONLY = re.compile("[\uac00-\ud7a3\u0020-\u007e]+")
_HAN_ONLY = re.compile("[\u3005\u3400-\u9fff\U00020000-\U0003ffff]{2,4}")
_OTHERS = re.compile(f"[{''.join(OTHER_READINGS)}]")
_LOOSE = re.compile(f"[{''.join(sorted({*LOOSE, *LOOSE.values()}))}]")
_LOOSELY = str.maketrans(LOOSE)
_ENGLISH = frozenset((
    "the", "of", "and", "my", "your", "is", "it", "this", "that", "for", "with", "from", "be", "are", "was", "on",
    "love",
))  # fmt: skip
_PINYIN, _WADE, _CANTONESE, _JAPANESE, _HOKKIEN, _KOREAN = (1 << n for n in range(6))
_EVERY = (1 << 6) - 1
_SYSTEMS: tuple[tuple[int, Callable[[str], object]], ...] = (
    (_PINYIN, mandarin.pinyin), (_WADE, mandarin.wade), (_CANTONESE, mandarin.CANTONESE.__contains__),
    (_JAPANESE, kana.is_romaji), (_HOKKIEN, hokkien.is_hokkien), (_KOREAN, hangul.is_korean),
)  # fmt: skip
_LETTERS_LEAST = 3
_NOT_SPELT = re.compile("[^a-zN\n|]+")
_NAME = range(2, 5)
"""Syllables of a person's name."""
_SURNAMES = {"曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "乐": "yue", "查": "zha", "盖": "ge", "尉": "yu", "区": "ou", "朴": "piao",
             "覃": "qin", "缪": "miao", "宓": "fu", "员": "yun", "翟": "zhai", "葛": "ge", "任": "ren", "华": "hua", "万": "wan"}  # fmt: skip


def _places(strings: Sequence[str], wanted: re.Pattern[str], *, whole: bool = False) -> list[int]:
    look = wanted.fullmatch if whole else wanted.search
    return [i for i, s in enumerate(strings) if s and len(s) <= CHARACTERS_MOST and not s.isascii() and look(s)]


class _Words(dict[str, int]):
    """Each word of a column of Latin texts with the systems that it could be spelt in, as bits."""

    def __missing__(self, word: str) -> int:
        fits = 0 if word in _ENGLISH else sum(bit for bit, test in _SYSTEMS if test(word))
        self[word] = fits
        return fits


def _latin(strings: Sequence[str]) -> list[tuple[int, list[str], int]]:
    """The strings of ASCII letters that could be another language's, as their words, with the systems they all fit."""
    places = [i for i, s in enumerate(strings) if s and s.isascii() and len(s) <= CHARACTERS_MOST]
    blob = _together(strings[i] for i in places)
    blob = _DIVIDES.sub(" ", blob).replace("'", "").replace("u:", "u")
    known, found = _Words(), []
    for i, line in zip(places, _NOT_SAID.sub(" ", blob).split("\n"), strict=False):
        words, fits = line.split(), _EVERY
        for word in words:
            fits &= known[word]
            if not fits:
                break
        if fits and words:
            found.append((i, words, fits))
    return found


def _together(strings: Iterable[str]) -> str:
    """Strings one a line; none of them has a line end left."""
    return "\n".join([s.replace("\n", " ") for s in strings])


@cache
def _said() -> dict[int, str]:
    return {code: f" {said.replace('v', 'u')} " for code, said in readings().items()}


def _syllables(texts: list[str]) -> list[list[str]]:
    """The syllables (and Latin words) of each text; all texts are read in one go."""
    lines = _NOT_SAID.sub(" ", _together(texts).translate(_said())).split("\n")
    return [line.split() for line in lines[: len(texts)]]


def _mandarin_keys(text: str, said: list[str]) -> list[str]:
    """The keys of one Han text with its syllables."""
    if len(said) < 2:
        return []
    keys = ["p:" + "".join(said)]
    if _OTHERS.search(text):
        keys += ["p:" + "".join(other) for other in _other_readings(text, said)]
    if len(said) > _NAME[-1]:
        keys.append("w:" + "".join(mandarin.coarse(said)))
    elif len(text) == len(said):
        first = _SURNAMES.get(text[0])
        keys.append(_name_key(mandarin.coarse([first, *said[1:]] if first else said)))
    return keys


def _other_readings(text: str, said: list[str]) -> list[list[str]]:
    if len(text) != len(said):
        return []
    places = [i for i, char in enumerate(text) if char in OTHER_READINGS][:2]
    return [[*said[:i], OTHER_READINGS[text[i]], *said[i + 1 :]] for i in places]


def _name_key(coarse: list[str]) -> str:
    return "ps:" + " ".join(sorted(coarse))


def _han_keys(strings: Sequence[str], keys: list[list[str]]) -> None:
    places = [i for i in _places(strings, _HAN) if not _KANA.search(strings[i])]
    for i, said in zip(places, _syllables([strings[i] for i in places]), strict=True):
        keys[i] += _mandarin_keys(strings[i], said)
        if _LOOSE.search(strings[i]):
            keys[i].append("c:" + "".join(strings[i].translate(_LOOSELY).split()))


def _kana(strings: Sequence[str]) -> tuple[list[int], list[str]]:
    """The texts of nothing but kana, and how they sound."""
    places = _places(strings, _KANA_ONLY, whole=True)
    blob = kana.romaji_of(_together(strings[i] for i in places))
    return places, kana.sound(_NOT_SAID.sub("", blob)).split("\n")


def _korean(strings: Sequence[str], between: str = "") -> tuple[list[int], list[str]]:
    """The texts of nothing but Hangul, and how they sound; with `between`, each syllable by itself."""
    places = _places(strings, _HANGUL_ONLY, whole=True)
    blob = _together(between.join(strings[i].replace(" ", "")) for i in places)
    return places, _NOT_SPELT.sub("", hangul.of_hangul(blob)).split("\n")


def native_keys(strings: Sequence[str]) -> list[tuple[str, ...]]:
    """The keys under which each Han, kana or Hangul text is found; none for other texts."""
    keys: list[list[str]] = [[] for _ in strings]
    _han_keys(strings, keys)
    for i, said in zip(*_kana(strings), strict=False):
        if len(said) >= _LETTERS_LEAST:
            keys[i].append("r:" + said)
    for i, said in zip(*_korean(strings), strict=False):
        if len(said) >= _LETTERS_LEAST:
            keys[i].append("k:" + said)
    for i, said in zip(*_korean(strings, "|"), strict=False):
        if len(strings[i].replace(" ", "")) in _NAME:
            keys[i].append("ks:" + "".join(sorted(said.replace("|", ""))))
    return [tuple(dict.fromkeys(found)) for found in keys]


def _latin_mandarin(words: list[str], fits: int) -> list[str]:
    """The keys of words that may be Mandarin, in whichever spelling."""
    said = [part for word in words for part in mandarin.pinyin(word)] if fits & _PINYIN else []
    keys = ["p:" + "".join(said).replace("v", "u")] if len(said) > 1 else []
    ways = [mandarin.coarse(said)]
    if fits & _WADE:
        ways.append([part for word in words for part in mandarin.wade(word)])
    if fits & _CANTONESE:
        ways.append([mandarin.CANTONESE[word] for word in words])
    for coarse in ways:
        if len(coarse) in _NAME:
            keys.append(_name_key(coarse))
        elif len(coarse) > _NAME[-1]:
            keys.append("w:" + "".join(coarse))
    return keys


def _one_latin(words: list[str], fits: int) -> tuple[str, ...]:
    keys = _latin_mandarin(words, fits) if fits & (_PINYIN | _WADE | _CANTONESE) else []
    if fits & _JAPANESE:
        keys.append("r:" + kana.sound("".join(words)))
    if fits & _HOKKIEN:
        keys.append("h:" + hokkien.spelling(words))
    if fits & _KOREAN:
        keys.append("k:" + hangul.of_latin(words))
        if len(words) in _NAME:
            keys.append("ks:" + "".join(sorted(hangul.of_latin(words, "|").replace("|", ""))))
    return tuple([key for key in dict.fromkeys(keys) if len(key) > _LETTERS_LEAST][:KEYS_MOST])


def latin_keys(strings: Sequence[str]) -> list[tuple[str, ...]]:
    """The keys under which a text of another script, or another spelling, would be found; at most `KEYS_MOST` a text.

    None for texts of other scripts, for those that hold an English word, and for those that fit no system.
    """
    keys: list[tuple[str, ...]] = [()] * len(strings)
    for i, words, fits in _latin(strings):
        keys[i] = _one_latin(words, fits)
    return keys


def _one_form(strings: Sequence[str], forms: Iterable[tuple[int, str]]) -> list[str]:
    result = [""] * len(strings)
    for i, form in forms:
        result[i] = form
    return result


def pinyin_key(strings: Sequence[str]) -> list[str]:
    """Toneless Mandarin syllables run together, `denglijun`: of Han texts, and of texts in Hanyu Pinyin.

    Joins 鄧麗君, 邓丽君, `Deng Lijun`, `deng4 li4 jun1`, `DENG LI JUN`; ü, v and `u:` are u. Wade-Giles and passports meet
    in `name_key`.
    """
    places = [i for i in _places(strings, _HAN) if not _KANA.search(strings[i])]
    han = zip(places, map("".join, _syllables([strings[i] for i in places])), strict=False)
    read = (
        (i, "".join(["".join(mandarin.pinyin(w)) for w in words]))
        for i, words, fits in _latin(strings)
        if fits & _PINYIN
    )
    return _one_form(strings, [*han, *((i, said.replace("v", "u")) for i, said in read)])


def name_key(strings: Sequence[str]) -> list[str]:
    """Coarse Mandarin syllables in sorted order, of names of two to four.

    Joins 鄧麗君, `Teng Li-chün`, `Li-chun Teng` and `Deng Lijun`; 周杰倫, `Chou Chieh-lun` and `Jielun Zhou`. Of Latin texts
    that may be read in two ways, the first.
    """
    every = [*zip(native_keys(strings), latin_keys(strings), strict=True)]
    return [next((k[3:] for k in (*native, *latin) if k.startswith("ps:")), "") for native, latin in every]


def hokkien_key(strings: Sequence[str]) -> list[str]:
    """Toneless Tâi-lô run together: `Pe̍h-ōe-jī`, `Peh8-oe7-ji7`, `Pe̍h-uē-jī` and `peh oe ji` are `pehueji`."""
    return _one_form(strings, ((i, hokkien.spelling(words)) for i, words, fits in _latin(strings) if fits & _HOKKIEN))


def romaji_key(strings: Sequence[str]) -> list[str]:
    """Kana and romaji as one: さくら, サクラ, `sakura`; とうきょう, `Tōkyō`, `Toukyou`, `tôkyô`; しんぶん, `shimbun`, `sinbun`."""
    latin = ((i, kana.sound("".join(words))) for i, words, fits in _latin(strings) if fits & _JAPANESE)
    native = zip(*_kana(strings), strict=False)
    return _one_form(strings, [*native, *latin])


def hangul_key(strings: Sequence[str]) -> list[str]:
    """Hangul and its romanisations as one: 아리랑, `Arirang`; 김정미, `Kim Jeong-mi`, `Kim Chŏng-mi`; 박진영, `Park Jin-young`."""
    native = zip(*_korean(strings), strict=False)
    latin = ((i, hangul.of_latin(words)) for i, words, fits in _latin(strings) if fits & _KOREAN)
    return _one_form(strings, [*native, *latin])

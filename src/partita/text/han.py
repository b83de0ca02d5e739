"""Keys by sound of Han texts, whole columns at once: see `text.spoken`, which says what each system's keys are.

A text is its syllables, one a character, and the Latin words that stand among them.
"""

# ruff: noqa: E501 - tables of wide characters

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from partita.text.compiled import compiled
from partita.text.mandarin import coarse_syllables
from partita.text.pinyin import OTHER_READINGS, readings
from partita.text.ragged import Codes, Places, Texts
from partita.text.spelling import Trie, trie
from partita.text.variants import LOOSE

_TABLE_CODES = 0x30000
_ROOM, _ROOM_EACH = 26, 16
"""Letters that the keys of a text may have: for each of its characters, and besides."""
_TOKENS_MOST, _NAME_MOST, _KEYS_MOST = 80, 4, 5
_SURNAMES = {"曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "乐": "yue", "查": "zha", "盖": "ge", "尉": "yu", "区": "ou", "朴": "piao",
             "覃": "qin", "缪": "miao", "宓": "fu", "员": "yun", "翟": "zhai", "葛": "ge", "任": "ren", "华": "hua", "万": "wan"}  # fmt: skip

_Numbers = NDArray[np.int16]


class Sounds(NamedTuple):
    """How characters are said: numbers of syllables (0: none) by code point, and the letters of each syllable."""

    usual: _Numbers
    other: _Numbers
    surname: _Numbers
    loose: Codes
    letters: Codes
    letters_starts: Places
    coarse: Codes
    coarse_starts: Places
    known: Trie


@cache
def _sounds() -> Sounds:
    """The tables, with ü as u; syllables that have no coarse form are their own."""
    said = {code: syllable.replace("v", "u") for code, syllable in readings().items() if syllable}
    known = coarse_syllables()
    every = sorted({*said.values(), *OTHER_READINGS.values(), *_SURNAMES.values(), *known})
    number = {syllable: n for n, syllable in enumerate(every, 1)}
    letters, rough = Texts.of(["", *every]), Texts.of(["", *(known.get(s, s) for s in every)])
    loose = np.zeros(_TABLE_CODES, np.uint32)
    for char, form in ({form: form for form in LOOSE.values()} | LOOSE).items():
        loose[ord(char)] = ord(form)
    return Sounds(
        _numbers({code: number[s] for code, s in said.items()}),
        _numbers({ord(char): number[s] for char, s in OTHER_READINGS.items()}),
        _numbers({ord(char): number[s] for char, s in _SURNAMES.items()}),
        loose, letters.codes, letters.starts, rough.codes, rough.starts, trie({s: number[s] for s in known}),
    )  # fmt: skip


def _numbers(of: dict[int, int]) -> _Numbers:
    table = np.zeros(_TABLE_CODES, np.int16)
    table[list(of)] = list(of.values())
    return table


def han_keys(texts: Texts) -> tuple[Texts, Places]:
    """The keys of texts of Han characters and others, by the first 80 of each, with the text that each belongs to, in order."""
    room = int(_ROOM * len(texts.codes) + _ROOM_EACH * len(texts))
    codes, starts, owners = _keys(texts.codes, texts.starts, _sounds(), room)
    return Texts(codes, starts), owners


@compiled
def _word(codes: Codes, known: Trie) -> int:
    """The number of the syllable that a Latin word spells; 0 where it spells none."""
    node = 0
    for code in codes:
        node = known[node, code - 97] if code >= 97 else 0
        if node == 0:
            return 0
    return int(known[node, 26])


@compiled
def _tokens(text: Codes, usual: _Numbers, known: Trie, tokens: Places) -> int:
    """Writes the syllables and words of a text to `tokens`: a syllable's number, where it stands and ends in the text."""
    count, place = 0, 0
    while place < len(text):
        code, begin = text[place], place
        place += 1
        number = int(usual[code]) if code < _TABLE_CODES else 0
        if (97 <= code <= 122) or (48 <= code <= 57):
            while place < len(text) and ((97 <= text[place] <= 122) or (48 <= text[place] <= 57)):
                place += 1
            number = _word(text[begin:place], known)
        elif number == 0:
            continue
        tokens[count, 0], tokens[count, 1], tokens[count, 2] = number, begin, place
        count += 1
    return count


@compiled
def _spell(text: Codes, token: Places, forms: Codes, starts: Places, rough: bool, out: Codes, at: int) -> int:
    """Writes a syllable, or a Latin word as it stands, to `out[at:]`; gives the place after it."""
    number = token[0]
    if number == 0 or (not rough and text[token[1]] < 128):
        begin, end = token[1], token[2]
        for place in range(begin, end):
            out[at] = text[place]
            at += 1
        return at
    for place in range(starts[number], starts[number + 1]):
        out[at] = forms[place]
        at += 1
    return at


@compiled
def _before(a: Codes, b: Codes) -> bool:
    for k in range(min(len(a), len(b))):
        if a[k] != b[k]:
            return bool(a[k] < b[k])
    return len(a) < len(b)


@compiled
def _name_key(text: Codes, tokens: Places, sounds: Sounds, out: Codes, at: int) -> int:
    """Writes `ps:` and the coarse syllables in sorted order, a space between two."""
    out[at], out[at + 1], out[at + 2] = 112, 115, 58
    at += 3
    spelt, ends = np.empty((len(tokens), _TOKENS_MOST), np.uint32), np.empty(len(tokens), np.int64)
    for k in range(len(tokens)):
        ends[k] = _spell(text, tokens[k], sounds.coarse, sounds.coarse_starts, True, spelt[k], 0)
    done = np.zeros(len(tokens), np.bool_)
    for k in range(len(tokens)):
        first = -1
        for other in range(len(tokens)):
            if not done[other] and (first < 0 or _before(spelt[other][: ends[other]], spelt[first][: ends[first]])):
                first = other
        done[first] = True
        if k > 0:
            out[at] = 32
            at += 1
        for place in range(ends[first]):
            out[at] = spelt[first][place]
            at += 1
    return at


@compiled
def _run_together(text: Codes, tokens: Places, sounds: Sounds, rough: bool, out: Codes, at: int) -> int:
    """Writes `w:` and the coarse syllables run together, or `p:` and the syllables as they are."""
    out[at], out[at + 1] = 119 if rough else 112, 58
    at += 2
    letters, starts = (sounds.coarse, sounds.coarse_starts) if rough else (sounds.letters, sounds.letters_starts)
    for k in range(len(tokens)):
        at = _spell(text, tokens[k], letters, starts, rough, out, at)
    return at


@compiled
def _loose_key(text: Codes, loose: Codes, out: Codes, at: int) -> int:
    """Writes `c:` and the text with its loose signs in one form; nothing where it has none."""
    some = False
    for code in text:
        some = some or (code < _TABLE_CODES and loose[code] != 0)
    if not some:
        return at
    out[at], out[at + 1] = 99, 58
    at += 2
    for code in text:
        if code != 32:
            out[at] = loose[code] if code < _TABLE_CODES and loose[code] != 0 else code
            at += 1
    return at


@compiled
def _readings(text: Codes, tokens: Places, sounds: Sounds, out: Codes, at: int, ends: Places) -> int:
    """Writes the keys of a text as it is mostly read and with the second reading of one of its first two such signs."""
    ends[0] = _run_together(text, tokens, sounds, False, out, at)
    count = 1
    for k in range(len(tokens) if len(tokens) == len(text) else 0):
        second = sounds.other[text[k]] if text[k] < _TABLE_CODES else np.int16(0)
        if second != 0 and count < 3:
            usual, tokens[k, 0] = tokens[k, 0], second
            ends[count] = _run_together(text, tokens, sounds, False, out, ends[count - 1])
            tokens[k, 0] = usual
            count += 1
    return count


@compiled
def _keys_of(text: Codes, tokens: Places, sounds: Sounds, out: Codes, at: int, ends: Places) -> int:
    """Writes the keys of one text to `out[at:]`, where each ends to `ends`, and gives their number."""
    count = 0
    if len(tokens) > 1:
        count = _readings(text, tokens, sounds, out, at, ends)
        at = ends[count - 1]
        if len(tokens) > _NAME_MOST:
            at = _run_together(text, tokens, sounds, True, out, at)
        elif len(tokens) == len(text):
            surname = sounds.surname[text[0]] if text[0] < _TABLE_CODES else np.int16(0)
            if surname != 0:
                tokens[0, 0] = surname
            at = _name_key(text, tokens, sounds, out, at)
        if at > ends[count - 1]:
            ends[count] = at
            count += 1
    end = _loose_key(text, sounds.loose, out, at)
    if end > at:
        ends[count] = end
        count += 1
    return count


@compiled
def _keys(codes: Codes, starts: Places, sounds: Sounds, room: int) -> tuple[Codes, Places, Places]:
    out, tokens = np.empty(room, np.uint32), np.empty((_TOKENS_MOST, 3), np.int64)
    ends, owners = np.zeros(_KEYS_MOST * len(starts) + 1, np.int64), np.empty(_KEYS_MOST * len(starts), np.int64)
    count = 0
    for n in range(len(starts) - 1):
        text = codes[starts[n] : min(starts[n + 1], starts[n] + _TOKENS_MOST)]
        size = _tokens(text, sounds.usual, sounds.known, tokens)
        found = _keys_of(text, tokens[:size], sounds, out, ends[count], ends[count + 1 :])
        owners[count : count + found] = n
        count += found
    return out[: ends[count]].copy(), ends[: count + 1].copy(), owners[:count].copy()

"""The folded form of every Han character, by OpenCC's tables: run as a module, writes the file that `variants` reads.

The tables (Taiwan, Hong Kong and Japanese forms to traditional, traditional to simplified) are read character by
character; the forms and spellings of `variants` come last.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import opencc

from partita.text.variants import FORMS, HOKKIEN

_HAN = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x2A6E0))
_PAIRED = ("s2t", "t2s", "t2jp", "s2tw", "tw2s", "s2hk", "hk2s")
"""OpenCC's other tables: a character and its form in them are one, in whichever direction a text went."""
_NOT_ONE = (frozenset("联连"), frozenset("瓣辨辩"), frozenset("欠缺"), frozenset("予豫"))
"""Folded forms that a table pairs because one sign has taken the place of several words."""
_STEPS = ("tw2t", "hk2t", "jp2t", "hk2t", "tw2t", "t2s")


def made() -> dict[str, str]:
    """Each Han character that is not its own folded form, with that form."""
    every = [chr(code) for begin, end in _HAN for code in range(begin, end)]
    folded = "\n".join(every)
    for step in _STEPS:
        folded = opencc.OpenCC(step).convert(folded)
    pairs = zip(every, folded.split("\n"), strict=True)
    result = {a: b for a, b in pairs if a != b and len(b) == 1 and not any({a, b} <= words for words in _NOT_ONE)}
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
            if a == b:
                continue
            one, other = root(forms.get(a, a)), root(forms.get(b, b))
            if one != other and len(b) == 1 and not any({one, other} <= words for words in _NOT_ONE):
                same[max(one, other)] = min(one, other)
    return {char: root(forms.get(char, char)) for char in sorted({*forms, *same})}


def written() -> str:
    """The forms as the file has them: a line for each, first the form and then the characters that it stands for."""
    chars = defaultdict(list)
    for char, form in sorted(made().items()):
        chars[form].append(char)
    lines = [form + "".join(chars[form]) for form in sorted(chars)]
    return "\n".join(["# made by `python -m partita.text.han_forms`", *lines, ""])


if __name__ == "__main__":
    Path(__file__).with_name("han_forms.txt").write_text(written(), encoding="utf-8")

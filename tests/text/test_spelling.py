"""The compiled looks at words and texts say what plain definitions of them say."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from partita.text import fold_all, hangul, hokkien, kana, mandarin
from partita.text.han import _SURNAMES, han_keys
from partita.text.pinyin import OTHER_READINGS, readings
from partita.text.ragged import Texts
from partita.text.spelling import readable, syllables
from partita.text.spoken import _ENGLISH, _tests
from partita.text.variants import LOOSE

SYLLABLES = sorted({*mandarin.coarse_syllables(), *mandarin.wade_syllables(), *mandarin.CANTONESE, *hokkien.VOWELLESS})
PIECES = [*SYLLABLES, *"aeiouwynhm'- :1290", "u:", "n'a", "t'a", "the", "young", "lee", "tch", "mb", "kk", "oo", "eo"]
WORDS = st.lists(st.sampled_from(PIECES), max_size=9).map("".join) | st.text("aeiounghkptsmrwy'1 ", max_size=24)
SIGNS = st.text("長重了愛心月亮單曾解華萬不未水的地得行abz 9,é𠢕", min_size=1, max_size=9)


def runs_of(word: str, vowels: str) -> list[str]:
    """The word as consonants, vowels, consonants, and so on."""
    return re.split(f"([{vowels}]+)", word)


def is_shaped(word: str, begin: tuple[str, ...], end: tuple[str, ...], vowels: set[str]) -> bool:
    """Whether what begins, stands within, and ends a word is possible."""
    runs, first, last = runs_of(word, "aeiouwy"), {"", *begin}, {"", *end}
    within = {a + b for a in last for b in first}
    return (
        len(runs) > 2 and runs[0] in first and runs[-1] in last
        and {*runs[1::2]} <= vowels and {*runs[2:-1:2]} <= within
    )  # fmt: skip


def is_romaji(word: str) -> bool:
    """Whether a word could be Japanese."""
    runs = runs_of(word, "aiueo")
    if len(runs) < 3:
        return word == "n"
    return runs[0] in kana.CLUSTERS and runs[-1] in {"", "n", "h"} and {*runs[2:-1:2]} <= kana.CLUSTERS | kana.LONG_H


def is_hokkien(word: str) -> bool:
    """Whether a word could be POJ or Tâi-lô."""
    bare = word.rstrip("123456789")
    return bare in hokkien.VOWELLESS or is_shaped(bare, hokkien.ONSETS, hokkien.CODAS, {*hokkien.VOWELS})


def fits_of(word: str) -> int:
    """The systems a word could be spelt in, as bits."""
    if word in _ENGLISH:
        return 0
    bare = word.rstrip("12345")
    found = (
        bool(syllables(bare, mandarin.coarse_syllables())), bool(syllables(bare, mandarin.wade_syllables())),
        word in mandarin.CANTONESE, is_romaji(word), is_hokkien(word),
        is_shaped(word, hangul.ONSETS, hangul.CODAS, hangul.VOWEL_RUNS),
    )  # fmt: skip
    return sum(1 << n for n, fits in enumerate(found) if fits)


def said_of(text: str) -> list[str]:
    """The words of a text as they are looked at."""
    if not text.isascii() or len(text) > 80:
        return []
    text = re.sub("(?<![ptkhs])'(?=[aeo])", " ", text).replace("'", "").replace("u:", "u")
    return re.sub("[^a-z0-9]+", " ", text).split()


@given(st.lists(WORDS | st.text(max_size=9), max_size=6))
def test_words_fit_the_systems_that_they_are_spelt_in(texts: list[str]) -> None:
    """Apostrophes, figures of tones, and what is no letter included."""
    column = Texts.of(texts)
    fits, words, ends = readable(column.codes, column.starts, _tests())
    for n, text in enumerate(texts):
        expected = 63 if said_of(text) else 0
        for word in said_of(text):
            expected &= fits_of(word)
        assert fits[n] == expected
        assert bytes(words[ends[n] : ends[n + 1]]).decode() == (" ".join(said_of(text)) if expected else "")


def han_keys_of(text: str) -> list[str]:
    """The keys of a folded text of Han characters and others."""
    spoken = "".join(f" {said.replace('v', 'u')} " if (said := readings().get(ord(c))) else c for c in text)
    said, known = re.sub("[^a-z0-9]+", " ", spoken).split(), mandarin.coarse_syllables()
    keys = ["p:" + "".join(said)]
    if len(said) == len(text):
        places = [i for i, char in enumerate(text) if char in OTHER_READINGS][:2]
        keys += ["p:" + "".join([*said[:i], OTHER_READINGS[text[i]], *said[i + 1 :]]) for i in places]
    if len(said) > 4:
        keys.append("w:" + "".join(mandarin.coarse(said)))
    elif len(said) == len(text):
        keys.append("ps:" + " ".join(sorted(known.get(s, s) for s in [_SURNAMES.get(text[0], said[0]), *said[1:]])))
    keys = keys if len(said) > 1 else []
    if {*text} & {*LOOSE, *LOOSE.values()}:
        keys.append("c:" + "".join(LOOSE.get(char, char) for char in text if char != " "))
    return keys


@given(st.lists(SIGNS, max_size=6))
def test_han_texts_have_the_keys_of_their_syllables(texts: list[str]) -> None:
    """With second readings, surnames, Latin words among the signs, and signs that no table knows."""
    folded = fold_all(texts)
    keys, owners = han_keys(Texts.of(folded))
    every = list(zip(owners.tolist(), keys.strings(), strict=True))
    assert every == [(n, key) for n, text in enumerate(folded) for key in han_keys_of(text)]

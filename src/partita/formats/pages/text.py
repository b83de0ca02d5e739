"""The words of the pages by language, from `texts.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

import yaml

LANGUAGES = ("en", "zh-Hant")

_WORD = re.compile("[A-Za-z][A-Za-z_]+")


def words(language: str) -> dict[str, str]:
    """All texts of one language by key. Raises ValueError for a language there is none of."""
    if language not in LANGUAGES:
        raise ValueError(f"there are no texts in {language!r}; there are: {', '.join(LANGUAGES)}")
    return {key: both[language] for key, both in _texts().items()}


def named(table: Mapping[str, str], kind: str, code: str) -> str:
    """The text of a code (`role`, `C`), or the code itself where the table does not know it."""
    return table.get(f"{kind}_{code}", code)


def formula(plain: str, language: str, words: Mapping[str, Mapping[str, str]]) -> str:
    """A charge's formula in a reader's words: `10 room x 249/365 year` as `10 包廂 x 249/365 年`.

    `words` are those of units, classes and periods by code. A formula with a word that is in no table stays as it is:
    half a sentence in another language helps nobody.
    """
    texts = _texts()
    found = plain
    for key in _phrases():
        found = found.replace(texts[key]["en"], texts[key][language])

    def word(match: re.Match[str]) -> str:
        known = words.get(match[0]) or texts.get(f"said_{match[0]}") or {}
        return known.get(language) or match[0]

    said = _WORD.sub(word, found)
    return said if language == "en" or not _WORD.search(said) else plain


@lru_cache(maxsize=1)
def _phrases() -> tuple[str, ...]:
    return tuple(key for key in _texts() if key.startswith("phrase_"))


@lru_cache(maxsize=1)
def _texts() -> dict[str, dict[str, str]]:
    source = resources.files("partita.formats.pages").joinpath("texts.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = yaml.safe_load(source)
    return found

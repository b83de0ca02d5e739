"""The words of the pages by language, from `texts.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

import yaml

LANGUAGES = ("en", "zh-Hant")


def words(language: str) -> dict[str, str]:
    """All texts of one language by key. Raises ValueError for a language there is none of."""
    if language not in LANGUAGES:
        raise ValueError(f"there are no texts in {language!r}; there are: {', '.join(LANGUAGES)}")
    return {key: both[language] for key, both in _texts().items()}


def named(table: Mapping[str, str], kind: str, code: str) -> str:
    """The text of a code (`role`, `C`), or the code itself where the table does not know it."""
    return table.get(f"{kind}_{code}", code)


@lru_cache(maxsize=1)
def _texts() -> dict[str, dict[str, str]]:
    source = resources.files("partita.formats.pages").joinpath("texts.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = yaml.safe_load(source)
    return found

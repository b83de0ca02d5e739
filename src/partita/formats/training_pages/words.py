"""The words of these pages, by language: those of every run's pages, of claims and codes, and their own."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

import yaml

from partita.formats import disclosure_words
from partita.formats.pages import text

PACKAGE = "partita.formats.training_pages"


@lru_cache(maxsize=4)
def words(language: str) -> dict[str, str]:
    """All texts of one language by key; raises ValueError for a language there is none of."""
    shared = text.words(language)
    claims = {key: said for key, said in disclosure_words.words(language).items() if key.startswith(("claim_", "c_"))}
    own: dict[str, dict[str, str]] = yaml.load(
        resources.files(PACKAGE).joinpath("words.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    return {**shared, **claims, **{key: both[language] for key, both in own.items()}}

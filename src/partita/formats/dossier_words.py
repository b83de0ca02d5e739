"""The dossier's words, by language; they stand in `templates/dossier.words.yaml`."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

import yaml


@lru_cache(maxsize=4)
def words(language: str) -> dict[str, str]:
    """All texts of one language by key; raises KeyError for a language there is none of."""
    text = resources.files("partita.formats").joinpath("templates/dossier.words.yaml").read_text(encoding="utf-8")
    table: dict[str, dict[str, str]] = yaml.load(text, Loader=yaml.CSafeLoader)
    return {key: both[language] for key, both in table.items()}

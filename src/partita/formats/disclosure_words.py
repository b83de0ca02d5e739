"""The words of the disclosure pages, by language, and what a field of a summary is called in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

import yaml

LANGUAGES = ("en", "zh-Hant")
Words = Mapping[str, str]

_SECTIONS = {
    "general.provider": "1.1", "general.model.": "1.2", "general.": "1.3", "sources.public_dataset": "2.1",
    "sources.licensed": "2.2.1", "sources.private": "2.2.2", "sources.crawled": "2.3", "sources.user": "2.4",
    "sources.synthetic": "2.5", "sources.other": "2.6", "processing.reservations": "3.1",
    "processing.illegal_content": "3.2", "processing.other": "3.3",
}  # fmt: skip
_OF_MODALITY = re.compile(r"(\.domains\.measures)\.\w+$")
_NAMED = {
    "sources.crawled.description": "f_content_crawled",
    "sources.crawled.domains.listed": "f_domains",
    "general.languages.listed": "f_languages",
    "general.languages.description": "f_languages",
    "processing.reservations.measures": "f_measures_taken",
    "processing.illegal_content.measures": "f_measures_taken",
    "processing.other": "s3_3",
}


@lru_cache(maxsize=4)
def words(language: str) -> Words:
    """All texts of one language by key; raises KeyError for a language there is none of."""
    text = resources.files("partita.formats").joinpath("templates/disclosure.words.yaml").read_text(encoding="utf-8")
    table: dict[str, dict[str, str]] = yaml.load(text, Loader=yaml.CSafeLoader)
    return {key: both[language] for key, both in table.items()}


def label(field: str, t: Words) -> str:
    """A field by its section's number and name: `1.3 Types of content (Text)`; the path where it has no name."""
    plain = _OF_MODALITY.sub(r"\1", re.sub(r"\[.*\]", "", field))
    number = next((number for start, number in _SECTIONS.items() if plain.startswith(start)), "")
    key = _NAMED.get(plain, "f_" + plain.rpartition(".")[2])
    name = t.get(key, field)
    which = _which(field)
    shown = t.get(f"m_{which}", which) if which else ""
    return f"{number} {name}{f' ({shown})' if shown else ''}".strip()


def _which(field: str) -> str:
    """The modality, dataset or carrier that a field speaks of; empty for none."""
    found = (re.search(form, field) for form in (r"\[(.*)\]", r"^general\.modalities\.(\w+)\.", r"measures\.(\w+)$",
                                                 r"^sources\.public_dataset\.large\.(.+)\.url$"))  # fmt: skip
    return next((inside[1] for inside in found if inside), "")

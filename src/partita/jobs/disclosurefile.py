"""The disclosure file: the answers of the Commission's template that no program can compute from a manifest.

TOML; a training job names it with `disclosure`. Each table is a section of the template, every key is optional, and
`[model."PROVIDER/NAME".SECTION]` says what is different for one model. See docs/disclose.md.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from partita.errors import InputError
from partita.jobs.jobfile import Model, Name, parse, validate
from partita.jobs.trainingfile import System

Modality = Literal["text", "image", "audio", "video", "other"]
Modalities = tuple[Modality, ...]
Band = Annotated[str, Field(pattern=r"^(text|image|audio|video)_(small|middle|large)$")]
Text = Annotated[str, Field(max_length=20_000)]


def _month(value: object) -> object:
    """`09/2025` as the first day of that month."""
    if isinstance(value, str):
        found = re.fullmatch(r"(0[1-9]|1[0-2])/([12][0-9]{3})", value)
        if not found:
            raise ValueError(f"{value!r} is no month; write 09/2025")
        return dt.date(int(found[2]), int(found[1]), 1)
    return value


Month = Annotated[dt.date | None, BeforeValidator(_month)]


class General(Model):
    """Section 1: what the job file does not say of provider, models and data as a whole."""

    representative: Text = ""
    model_names: tuple[Name, ...] = ()
    latest_acquisition: dt.date | None = None
    continuous: bool | None = None
    languages: Text = ""
    other: Text = ""
    comments: Text = ""


class Content(Model):
    """Section 1.3, one modality: types of content; a band, or a size in words, where the manifests leave it open."""

    types: Text = ""
    band: Band | None = None
    size: Text = ""


class Public(Model):
    """Section 2.1: publicly available datasets."""

    used: bool | None = None
    modalities: Modalities = ()
    others: Text = ""
    comments: Text = ""


class Licensed(Model):
    """Section 2.2.1: licensed by rightsholders; `ids` says whether licences are listed by their ids."""

    used: bool | None = None
    modalities: Modalities = ()
    ids: Literal["listed", "none"] = "listed"
    comments: Text = ""


class Private(Model):
    """Section 2.2.2: private datasets of other third parties."""

    used: bool | None = None
    modalities: Modalities = ()
    known: tuple[Name, ...] = ()
    description: Text = ""
    comments: Text = ""


class Crawled(Model):
    """Section 2.3: data crawled and scraped; months are written 09/2025."""

    used: bool | None = None
    modalities: Modalities = ()
    crawlers: tuple[Name, ...] = ()
    purposes: Text = ""
    behaviour: Text = ""
    description: Text = ""
    period_from: Month = None
    period_to: Month = None
    comments: Text = ""


class User(Model):
    """Section 2.4: data from interactions with the model, and from the provider's other services."""

    interactions: bool | None = None
    services: bool | None = None
    modalities: Modalities = ()
    description: Text = ""
    comments: Text = ""


class Synthetic(Model):
    """Section 2.5: the models on the market that made the data, and what else made it."""

    used: bool | None = None
    modalities: Modalities = ()
    models: tuple[Name, ...] = ()
    other_models: Text = ""
    comments: Text = ""


class Other(Model):
    """Section 2.6: other sources."""

    used: bool | None = None
    description: Text = ""
    comments: Text = ""


class KeptOut(Model):
    """Items that were not taken because one carrier reserved them: in no manifest, so the provider's word."""

    carrier: Name
    items: int = Field(ge=0, le=10**15)


class Reservations(Model):
    """Section 3.1: signatory of the Code of Practice, and the measures."""

    signatory: bool | None = None
    measures: Text = ""
    kept_out: tuple[KeptOut, ...] = ()
    comments: Text = ""


class Illegal(Model):
    """Section 3.2: measures against illegal content."""

    measures: Text = ""


class Processing(Model):
    """Section 3.3: anything else about the processing of data."""

    comments: Text = ""


class Answers(Model):
    """All sections."""

    general: General = General()
    content: dict[Modality, Content] = Field(default_factory=dict)
    public: Public = Public()
    licensed: Licensed = Licensed()
    private: Private = Private()
    crawled: Crawled = Crawled()
    user: User = User()
    synthetic: Synthetic = Synthetic()
    other: Other = Other()
    reservations: Reservations = Reservations()
    illegal: Illegal = Illegal()
    processing: Processing = Processing()

    @model_validator(mode="after")
    def _bands(self) -> Self:
        for modality, content in self.content.items():
            if content.band and not content.band.startswith(f"{modality}_"):
                raise ValueError(f"content.{modality}: {content.band!r} is a band of another modality")
        return self


class Dataset(Model):
    """What is known of a dataset whose own metadata are not at hand, or do not say it."""

    title: Text = ""
    publisher: Text = ""
    url: Text = ""
    version: Text = ""
    licence: Text = ""
    description: Text = ""
    published: dt.date | None = None


class Publish(Model):
    """What is told beyond the template: exact sizes, an index of annexes, whole URLs in annexes; pages' languages."""

    exact_sizes: bool = False
    annex_index: bool = False
    annex_detail: Literal["domain", "full"] = "domain"
    languages: Annotated[tuple[Literal["en", "zh-Hant"], ...], Field(min_length=1)] = ("en", "zh-Hant")


class Disclosure(Answers):
    """A whole disclosure file."""

    publish: Publish = Publish()
    dataset: dict[Name, Dataset] = Field(default_factory=dict)
    model: dict[System, Answers] = Field(default_factory=dict)

    def stated(self, model: str) -> dict[str, dict[str, Any]]:
        """The answers for one model, by section and key: what is said of that model goes before what is said of all."""
        answers = self.model_dump(exclude={"publish", "dataset", "model"})
        own = self.model.get(model)
        if own:
            _lay(answers, own.model_dump(exclude_unset=True))
        return answers


def _lay(under: dict[str, Any], over: dict[str, Any]) -> None:
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(under.get(key), dict):
            _lay(under[key], value)
        else:
            under[key] = value


def load(path: Path) -> Disclosure:
    """The disclosure file in `path`; raises InputError that says what is wrong, where, and how to mend it."""
    try:
        return validate(Disclosure, parse(path), path)
    except InputError as error:
        raise InputError(error.reason, file=error.file, line=error.line, mend="See docs/disclose.md") from None

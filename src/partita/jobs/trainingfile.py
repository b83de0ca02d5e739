"""The job file of a training run: models, manifests, licences with their figures, outputs. TOML in, frozen models out.

`partita settle` and `partita disclose` read the same file, so that nothing is stated twice. Every path is relative to
it; numbers are exact, as in `jobfile`.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from partita.jobs.jobfile import (
    About,
    Exact,
    FilePath,
    Model,
    Name,
    RegistryPlace,
    Society,
    Source,
    Statements,
    Titles,
    parse,
    validate,
)
from partita.jobs.jobfile import Distribute as Payouts
from partita.jobs.jobfile import Exact as Figure
from partita.tables.training import ORIGINS

Place = Annotated[str, Field(pattern=r"^(world|EU|[A-Z]{2})$")]
System = Annotated[str, Field(pattern=r"^[^\s/*]+/[^\s/*]+$")]


class Provider(Model):
    """Who trained: the developer, as it is charged and as it discloses."""

    id: Name
    name: Titles
    contact: str = ""
    representative: str = ""
    small: bool = False
    fictional: bool = False


class Trained(Model):
    """One model version: `id` is `PROVIDER/NAME`, as a licence's system names it."""

    id: System
    name: Name
    trained_on: dt.date
    placed_on: dt.date | None = None
    based_on: tuple[str, ...] = ()
    purpose: Literal["train_generative", "train_other", "train"] = "train_generative"
    territory: Place = "world"
    manifests: tuple[Name, ...] = ()


class Manifest(Source):
    """One manifest: items of one dataset, or of several where it has a column `dataset`."""

    name: Name
    format: Literal["", "jsonl", "csv", "parquet", "croissant", "urls"] = ""
    origin: Literal[("", *ORIGINS)] = ""  # type: ignore[valid-type]
    crawler: str = ""
    taken_on: dt.date | None = None
    modality: Literal["", "text", "image", "audio", "video", "other"] = ""


class AiLicence(Model):
    """A licence for training: its terms by a model of `price.models`, and the figures that the provider reported."""

    id: Name
    licensor: Name
    model: Name
    systems: tuple[str, ...] = Field(min_length=1)
    offer: str = ""
    statement: str = ""
    terms: dict[str, Exact] = Field(default_factory=dict)
    figures: dict[str, Figure] = Field(default_factory=dict)
    valid_from: dt.date
    valid_to: dt.date | None = None
    territory: Place = "world"
    fallback: Literal["by_analogy", "by_use", "equal_per_work"] = "by_analogy"

    @model_validator(mode="after")
    def _order(self) -> Self:
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError(f"licence {self.id}: valid_to {self.valid_to} does not lie after {self.valid_from}")
        return self


class Outputs(Source):
    """What the models made, what it earned, and who says which works shaped it."""


class TrainingJob(Model):
    """A whole job file of a training run."""

    job: About
    provider: Provider
    registry: RegistryPlace
    known: dt.datetime | None = None
    model: tuple[Trained, ...] = Field(min_length=1)
    manifest: tuple[Manifest, ...] = Field(min_length=1)
    files: tuple[Source, ...] = ()
    licence: tuple[AiLicence, ...] = ()
    outputs: tuple[Outputs, ...] = ()
    society: tuple[Society, ...] = ()
    distribute: Payouts = Payouts()
    statements: Statements = Statements()
    disclosure: FilePath | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for kind, names in (
            ("model", [m.id for m in self.model]),
            ("manifest", [m.name for m in self.manifest]),
            ("licence", [x.id for x in self.licence]),
            ("society", [s.id for s in self.society]),
        ):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"{kind}: {', '.join(twice)} stands twice")
        listed = {m.name for m in self.manifest}
        for one in self.model:
            for name in one.manifests:
                if name not in listed:
                    raise ValueError(f"model {one.id}: there is no manifest {name!r}")
        return self


def is_training(data: dict[str, Any]) -> bool:
    """Whether a parsed job file speaks of a training run: it has manifests."""
    return "manifest" in data


def load(path: Path) -> TrainingJob:
    """The training job in `path`; raises InputError that says what is wrong, where, and how to mend it."""
    return validate(TrainingJob, parse(path), path)

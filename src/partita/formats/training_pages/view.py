"""What the pages of a training run are made from: its tables, and the few facts that no table holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from partita.formats.pages.view import RunView

Texts = Mapping[str, str]
"""The same text by language tag."""


@dataclass(frozen=True, slots=True)
class ModelView:
    """One model version that was trained."""

    id: str
    name: str
    trained_on: dt.date
    purpose: str
    territory: str


@dataclass(frozen=True, slots=True)
class LicenceView:
    """One licence: by whom, on which model, for which systems, from when to when.

    `components`: what each part of its fee is for, by id. `missing`: terms or figures that are not stated, or that
    are contradicted, with what is wrong with each.
    """

    id: str
    licensor: str
    model: str
    name: Texts
    systems: tuple[str, ...]
    territory: str
    valid_from: dt.date
    valid_to: dt.date | None
    components: Mapping[str, Texts]
    missing: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TrainingView:
    """A settled training run: `run` holds the tables of the money; ITEMS and FINDINGS are those of the job."""

    run: RunView
    provider: str
    provider_name: Texts
    provider_contact: str
    models: tuple[ModelView, ...]
    licences: tuple[LicenceView, ...]
    items: pa.Table
    findings: pa.Table

"""What a summary is told besides the tables: the provider, the model, and the answers that no program can compute."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Stated = Mapping[str, Mapping[str, Any]]
"""The provider's own answers by section and key; every key is there, empty or null where nothing was stated."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Who trained; `small`: a small or medium enterprise, which lists fewer domains."""

    id: str
    name: Mapping[str, str]
    contact: str = ""
    representative: str = ""
    small: bool = False
    fictional: bool = False


@dataclass(frozen=True, slots=True)
class Trained:
    """One model version, as the job names it; `licences` are the ids of licences that name it."""

    id: str
    name: str
    trained_on: dt.date
    placed_on: dt.date | None = None
    based_on: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()

"""The template's figures as data: size bands, the part that makes a dataset large, how many domains are listed."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

FILE = "rules_v1.yaml"


@dataclass(frozen=True, slots=True)
class Step:
    """One size band: sizes below `below`, or up to and with `to`; neither: all that is larger."""

    id: str
    below: int | None = None
    to: int | None = None

    def holds(self, size: int) -> bool:
        """Whether a size that is in none of the bands before it lies in this one."""
        if self.below is not None:
            return size < self.below
        return self.to is None or size <= self.to


@dataclass(frozen=True, slots=True)
class Rules:
    """All figures; `units` and `bands` are by modality, for those that the template gives bands."""

    template: str
    law: str
    units: dict[str, str]
    bands: dict[str, tuple[Step, ...]]
    large_over: Fraction
    listed: Fraction
    listed_small: Fraction
    listed_small_most: int
    update_months: int


@lru_cache(maxsize=1)
def rules() -> Rules:
    """The figures that are shipped."""
    text = resources.files("partita.prove.disclosure").joinpath(FILE).read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    bands: dict[str, Any] = data["bands"]
    return Rules(
        template=data["template"],
        law=data["law"],
        units={modality: band["unit"] for modality, band in bands.items()},
        bands={modality: tuple(Step(**step) for step in band["steps"]) for modality, band in bands.items()},
        large_over=Fraction(data["large_dataset_over"]),
        listed=Fraction(data["domains_listed"]),
        listed_small=Fraction(data["domains_listed_small"]),
        listed_small_most=data["domains_listed_small_most"],
        update_months=data["update_months"],
    )

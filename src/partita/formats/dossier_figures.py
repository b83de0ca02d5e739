"""What the dossier's pages look up and print: rates by key, percentages, counts, differences. All whole numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

RATES = ("reproduction", "play")
PARTIES = ("authority", "society", "licensee")
FATES = ("matched", "ambiguous", "unmatched", "foreign_language", "out_of_scope", "quarantined")
CHOICES: dict[str, tuple[str, ...]] = {
    "foreign": ("in", "out"),
    "ambiguous": ("against", "for", "out"),
    "unmatched": ("in", "out"),
    "quarantined": ("in", "out"),
    "matching": ("identified", "title"),
    "counting": ("whole", "share"),
}
"""The columns of SCENARIOS in the order of its id, and what each may say."""

MILLION = 1_000_000


def percent(ppm: int, places: int = 2) -> str:
    """`6.99` for 69,999 ppm: truncated towards zero, at most four decimals."""
    sign, size = ("-" if ppm < 0 else ""), abs(ppm)
    whole, part = divmod(size, 10_000)
    digits = f"{part:04d}"[:places]
    return f"{sign}{whole:,}.{digits}" if digits else f"{sign}{whole:,}"


def change(ppm: int) -> str:
    """`+0.42`, `−1.03`, `0.00`: truncated towards zero, with a sign; to four decimals where two would hide it."""
    text = percent(ppm)
    if ppm and not text.strip("-0."):
        text = percent(ppm, 4)
    if not ppm:
        return text
    return f"+{text}" if ppm > 0 else text.replace("-", "\u2212")


def reach(low_ppm: int, high_ppm: int, to: str) -> str:
    """`0.98 to 3.20 %`; one figure where both are the same."""
    low, high = percent(low_ppm), percent(high_ppm)
    return f"{low} %" if low == high else f"{low} {to} {high} %"


def exact_count(part: int) -> str:
    """A count in millionths as it is: `1,820`, `1,820.5`."""
    whole, rest = divmod(part, MILLION)
    digits = f"{rest:06d}".rstrip("0")
    return f"{whole:,}.{digits}" if digits else f"{whole:,}"


def rounding(code: str, t: Mapping[str, str]) -> str:
    """How a value was rounded, in words."""
    rule, _, places = code.partition(" ")
    if rule == "none":
        return t["rounding_none"]
    form = t["whole_number"] if places == "0" else t["decimals"]
    return form.format(rule=t[f"rounding_{rule}"], places=places)


def scenario_of(chosen: Mapping[str, str]) -> str:
    """The id of a scenario."""
    return "/".join(chosen[choice] for choice in CHOICES)


def total(mask: Any) -> int:
    """How many are true."""
    return int(pc.sum(mask).as_py() or 0)


class Index:
    """RATES, SCENARIOS and COVERAGE by key; the society in dispute first, then by plays."""

    def __init__(self, rates: pa.Table, scenarios: pa.Table, coverage: pa.Table, society: str) -> None:
        self._rates = {
            (row["party"], row["level"], row["operator"], row["society"], row["rate"]): row for row in rates.to_pylist()
        }
        pooled = pc.and_(pc.equal(scenarios.column("level"), "pooled"), pc.equal(scenarios.column("society"), society))
        self._scenarios = {(row["rate"], row["scenario"]): row for row in scenarios.filter(pooled).to_pylist()}
        self._coverage = {(row["rate"], row["operator"], row["fate"]): row["plays"] for row in coverage.to_pylist()}
        self.operators = sorted({operator for _, operator, _ in self._coverage})
        self.fates = [fate for fate in FATES if any(key[2] == fate and n for key, n in self._coverage.items())]
        self.society = society
        found = {key[3] for key in self._rates}
        self.societies = sorted(found, key=lambda name: (name != society, -self._plays(name), name))

    def _plays(self, society: str) -> int:
        row = self._rates.get((PARTIES[0], "pooled", "", society, "play"))
        return row["part"] if row else 0

    def rate(self, party: str, level: str, operator: str, society: str, rate: str) -> dict[str, Any] | None:
        """A row of RATES, or None."""
        return self._rates.get((party, level, operator, society, rate))

    def scenario(self, rate: str, scenario: str) -> dict[str, Any] | None:
        """The pooled row of SCENARIOS of the society in dispute, or None."""
        return self._scenarios.get((rate, scenario))

    def has(self, scenario: str) -> bool:
        """Whether a scenario was computed."""
        return any((rate, scenario) in self._scenarios for rate in RATES)

    def covered(self, rate: str, operator: str, fate: str = "") -> int:
        """Songs or plays of one fate, or of all."""
        fates = [fate] if fate else FATES
        return sum(self._coverage.get((rate, operator, one), 0) for one in fates)

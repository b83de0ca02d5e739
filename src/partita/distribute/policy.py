"""What a society decides about a distribution: rates, thresholds, rights, and how much detail to write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from partita import money

NONE: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class DistributePolicy:
    """The rules of one run, all in integers. Raises ValueError where they contradict themselves.

    `fees`: society to (management fee, social and cultural fund) in parts per million; the entry `""` speaks for
    societies not named. `minimum_micro`: by currency, amounts below it are carried forward. `unit_micro`: by
    currency, payments are whole multiples of it (default: the ISO 4217 minor unit). `rights`: tariff to the right
    that it pays for, where the shares have a column `right`. `detail`: `work` writes an allocation for each work,
    share and pool; `party` only each party's total in each pool, and posts payables to the journal by pool.
    """

    fees: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    minimum_micro: Mapping[str, int] = field(default_factory=dict)
    unit_micro: Mapping[str, int] = field(default_factory=dict)
    rights: Mapping[str, str] = field(default_factory=dict)
    detail: Literal["work", "party"] = "work"

    def __post_init__(self) -> None:
        for society, (fee_ppm, fund_ppm) in self.fees.items():
            if fee_ppm < 0 or fund_ppm < 0 or fee_ppm + fund_ppm > money.PPM:
                raise ValueError(
                    f"fees of {society or 'every society'}: fee and fund must be 0 to 1,000,000 ppm together"
                )
        for currency, unit in self.unit_micro.items():
            if unit <= 0:
                raise ValueError(f"payout unit of {currency} must be above zero")
        for currency, least in self.minimum_micro.items():
            if least < 0:
                raise ValueError(f"minimum payout of {currency} must not be negative")
        if self.detail not in ("work", "party"):
            raise ValueError(f"detail is `work` or `party`, not {self.detail!r}")

    def rates(self, society: str) -> tuple[int, int]:
        """Management fee and fund of a society, in parts per million."""
        return self.fees.get(society, self.fees.get("", NONE))

    def unit(self, currency: str) -> int:
        """Micro-units of which a payment in this currency is a whole multiple."""
        return self.unit_micro.get(currency, money.minor_micro(currency))

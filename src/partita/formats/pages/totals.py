"""The sums of a run, and the one equation that every page shows."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from partita.engine.duck import Duck
from partita.formats.pages.view import RunView


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over a run, in millionths of its currency unit; of differences, where it adjusts an earlier run."""

    collected_micro: int
    allocated_micro: int
    suspense_micro: int
    gross_micro: int
    fee_micro: int
    fund_micro: int
    carried_micro: int
    paid_micro: int

    @property
    def accounted_micro(self) -> int:
        """The sum of paid, fees, funds, suspense and carried forward."""
        return self.paid_micro + self.fee_micro + self.fund_micro + self.carried_micro + self.suspense_micro

    @property
    def difference_micro(self) -> int:
        """Collected less accounted for: 0 where the books balance."""
        return self.collected_micro - self.accounted_micro


def of(run: RunView, duck: Duck) -> Totals:
    """The sums of `run`, whose tables `duck` holds."""
    return Totals(
        collected_micro=_sum(duck.get("SELECT amount_micro AS amount_micro FROM pool"), "amount_micro"),
        allocated_micro=_sum(run.allocations, "amount_micro"),
        suspense_micro=_sum(run.suspense, "amount_micro"),
        gross_micro=_sum(run.payouts, "gross_micro"),
        fee_micro=_sum(run.payouts, "fee_micro"),
        fund_micro=_sum(run.payouts, "fund_micro"),
        carried_micro=_sum(run.payouts, "carried_out_micro") - _sum(run.payouts, "carried_in_micro"),
        paid_micro=_sum(run.payouts, "paid_micro"),
    )


def _sum(data: pa.Table, column: str) -> int:
    return int(pc.sum(data.column(column)).as_py() or 0)

"""Tables of a what-if: the same settlement with a further share of generated works, scenario by scenario.

The first rows of each are the scenario `base`: the settlement as it is. Differences are scenario less base.
"""

from __future__ import annotations

from partita.tables.shape import Column, Table, count, text

UNIT = "millionths of the currency unit"

# fmt: off
_SCENARIO = text("scenario", "`base`, or how generated works are treated and their further share, e.g. `paid 24 %`")
_CURRENCY = text("currency", "ISO 4217 code")


def _money(name: str, meaning: str) -> Column:
    return count(name, meaning, UNIT)


TOTALS = Table(
    "whatif_totals",
    "Where the money goes in each scenario: collected = people + recorded + generated + suspense.",
    ("scenario", "currency"),
    (
        _SCENARIO,
        text("kind", "`base`; `paid`: generated works earn as any other; `unpaid`: they earn nothing and are not charged for"),
        text("share", "the further share of generated works, exact: `6/25`; `0` in the base"),
        _CURRENCY,
        _money("collected_micro", "charged by the tariffs or given, net of tax"),
        _money("people_micro", "allocated to works that are not recorded as generated, before fees"),
        _money("recorded_micro", "allocated to works that the registry or a repertoire records as generated today, before fees"),
        _money("generated_micro", "what the further share takes, before fees"),
        _money("suspense_micro", "waits: nobody knows yet whose it is"),
        _money("fees_micro", "management fees, without those on the further share"),
        _money("funds_micro", "social and cultural funds, without those on the further share"),
        _money("paid_micro", "paid to the run's payees now"),
        _money("carried_out_micro", "carried forward for them"),
        _money("people_change_micro", "`people_micro` less that of the base: income at risk, as a negative amount"),
        count("payees_paid", "payees who are paid something now", "payees"),
        count("payees_below", "payees who are paid in the base, and here nothing, as they fall below the minimum payout", "payees"),
    ),
)

MEMBERS = Table(
    "whatif_members",
    "Each payee of the settlement in each scenario.",
    ("scenario", "party_id", "society", "currency"),
    (
        _SCENARIO,
        text("party_id", "the payee"),
        text("party_name", "name as registered"),
        text("society", "the society that pays"),
        _CURRENCY,
        _money("gross_micro", "sum of its allocations"),
        _money("recorded_micro", "of it, for works recorded as generated today"),
        _money("fee_micro", "management fee"),
        _money("fund_micro", "social and cultural fund"),
        _money("carried_in_micro", "brought forward from the run before, as in the base"),
        _money("paid_micro", "paid now"),
        _money("carried_out_micro", "carried forward"),
        _money("gross_change_micro", "gross, less that of the base"),
        _money("paid_change_micro", "paid now, less that of the base"),
        count("below_minimum", "1 where it is paid in the base, and here nothing, as it falls below the minimum payout", "0 or 1"),
    ),
)

REPERTOIRES = Table(
    "whatif_repertoires",
    "Each repertoire, by society and language, in each scenario; works recorded as generated are left out.",
    ("scenario", "society", "language", "currency"),
    (
        _SCENARIO,
        text("society", "the society that collects"),
        text("language", "the works' language as registered; empty where unknown"),
        _CURRENCY,
        count("works", "works that were allocated something in the base or here", "works"),
        _money("gross_micro", "allocated to the repertoire, before fees"),
        _money("change_micro", "gross, less that of the base"),
    ),
)
# fmt: on

ALL = (TOTALS, MEMBERS, REPERTOIRES)

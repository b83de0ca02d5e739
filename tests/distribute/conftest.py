"""The oracle: the same distribution in plain Python integers, slow and readable, written apart from the SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import strategies as st

from partita import tables
from partita.distribute import Books, DistributePolicy, balance, distribute
from partita.distribute.selftest import TO, rows
from partita.distribute.stage import POINTS
from partita.money import PPM, split_v1

Case = dict[str, Any]
Found = dict[tuple[str, ...], int]


def oracle(case: Case) -> tuple[Found, Found]:
    """Allocations by (pool, work, party, role, society) and suspense by (pool, reason, line, work), in micro-units."""
    allocations: Found = defaultdict(int)
    suspense: Found = defaultdict(int)
    for pool in case["pools"]:
        _pool(pool, case, allocations, suspense)
    return dict(allocations), dict(suspense)


def _pool(pool: Case, case: Case, allocations: Found, suspense: Found) -> None:
    works, held = _weigh(pool, case)
    weights = [*works.values(), *held.values()]
    if not sum(weights):
        suspense[pool["pool_id"], "no_usage", "", ""] += pool["amount_micro"]
        return
    amounts = split_v1(pool["amount_micro"], weights)
    for key, amount in zip([*works, *held], amounts, strict=True):
        if isinstance(key, tuple):
            suspense[pool["pool_id"], *key] += amount
            continue
        claims = _claims(pool, case, key)
        rest = PPM - sum(ppm for *_, ppm in claims) if not pool["societies"] else 0
        parts = split_v1(amount, [*(ppm for *_, ppm in claims), rest])
        for (society, party, role, _), part in zip(claims, parts[:-1], strict=True):
            allocations[pool["pool_id"], key, party, role, society] += part
        if rest:
            suspense[pool["pool_id"], "unclaimed_share", "", key] += parts[-1]


def _claims(pool: Case, case: Case, work: str) -> list[tuple[str, str, str, int]]:
    return sorted(
        (s["society"], s["party_id"], s["role"], s["share_ppm"])
        for s in case["shares"]
        if s["work_id"] == work and s["share_ppm"] and (not pool["societies"] or s["society"] in pool["societies"])
    )


def _base(pool: Case, line: Case, case: Case) -> int:
    key = pool["allocation_key"]
    points = case.get("points", {}).get(line.get("category"), 0)
    return {"plays": line["plays"], "points": line["plays"] * points, "given": line.get("weight") or 0, "equal": 1}[key]


def _weigh(pool: Case, case: Case) -> tuple[dict[str, int], dict[tuple[str, str, str], int]]:
    matches = {m["line_id"]: m for m in case["matches"]}
    counted = [u for u in case["usage"] if not pool["licensee"] or u["licensee"] == pool["licensee"]]
    base: dict[str, int] = defaultdict(int)
    lines, titles = [], set()
    for line in sorted(counted, key=lambda u: str(u["line_id"])):
        match = matches[line["line_id"]]
        if match["outcome"] == "matched":
            work = match["work_id"]
            base[work] = 1 if pool["allocation_key"] == "equal" else base[work] + _base(pool, line, case)
        elif match["outcome"] != "out_of_scope" and not (pool["allocation_key"] == "equal" and line["title"] in titles):
            titles.add(line["title"])
            lines.append((line, match))
    known = {s["work_id"] for s in case["shares"] if s["share_ppm"]}
    held_ppm = {work: min(PPM, sum(ppm for *_, ppm in _claims(pool, case, work))) for work in known}
    whole = {**pool, "societies": []}
    claimed = {work: sum(ppm for *_, ppm in _claims(whole, case, work)) for work in known}
    plays = sum(b for work, b in base.items() if work in known)
    expected = sum(b * held_ppm[work] for work, b in base.items() if work in known) // plays if plays else PPM
    expected = PPM if not pool["societies"] else expected
    works: dict[str, int] = {}
    late: dict[tuple[str, str, str], int] = {}
    for work in sorted(base):
        if work not in known:
            late["no_shares", "", work] = base[work] * expected
        elif claimed[work] > PPM:
            late["overclaimed", "", work] = base[work] * (held_ppm[work] if pool["societies"] else PPM)
        else:
            works[work] = base[work] * (held_ppm[work] if pool["societies"] else PPM)
    held = dict(late)
    for line, match in lines:
        ppm = expected
        if match["outcome"] == "ambiguous" and pool["societies"] and match["candidates"]:
            ppm = max(held_ppm.get(c["work_id"], expected) for c in match["candidates"])
        held[match["outcome"], line["line_id"], ""] = _base(pool, line, case) * ppm
    return {w: x for w, x in works.items() if x}, {k: x for k, x in held.items() if x}


@pytest.fixture(scope="session", name="oracle")
def _oracle() -> Callable[[Case], tuple[Found, Found]]:
    """The distribution in plain Python."""
    return oracle


def _money(most: int) -> st.SearchStrategy[int]:
    return st.one_of(st.integers(-most, most), st.integers(0, 9), st.just(most))


@st.composite
def cases(draw: st.DrawFn, *, keys: tuple[str, ...] = ("plays", "points", "equal", "given")) -> Case:
    """A small world: up to three pools, twelve lines, five works, any shares, weights, points, rates and thresholds."""
    works = [f"w{i}" for i in range(draw(st.integers(1, 5)))]
    society = st.sampled_from(["S", "R", ""])
    share = st.fixed_dictionaries(
        {
            "work_id": st.sampled_from(works),
            "party_id": st.sampled_from(["p1", "p2", "張", "p 4"]),
            "society": society,
            "role": st.sampled_from(["C", "A", "E"]),
            "share_ppm": st.sampled_from([0, 1, 250_000, 333_333, 500_000, 999_999, PPM]),
        }
    )
    shares = draw(
        st.lists(share, max_size=10, unique_by=lambda s: (s["work_id"], s["society"], s["party_id"], s["role"]))
    )
    pool = st.fixed_dictionaries(
        {
            "licensee": st.sampled_from(["", "K", "L"]),
            "societies": st.sampled_from([[], ["S"], ["R"], ["S", "R"]]),
            "currency": st.sampled_from(["TWD", "JPY"]),
            "amount_micro": _money(10**15),
            "allocation_key": st.sampled_from(keys),
        }
    )
    pools = [
        {**p, "pool_id": f"pool{i}", "period_to": TO}
        for i, p in enumerate(draw(st.lists(pool, min_size=1, max_size=3)))
    ]
    usage, matches = _lines(draw, works)
    rate = st.tuples(st.integers(0, 600_000), st.integers(0, 400_000))
    fees = draw(st.dictionaries(society, rate))
    minimum = draw(st.dictionaries(st.sampled_from(["TWD", "JPY"]), st.integers(0, 10**9)))
    return {
        "pools": pools,
        "usage": usage,
        "matches": matches,
        "shares": shares,
        "fees": fees,
        "minimum": minimum,
        "points": {"prime": 7, "night": draw(st.integers(0, 3))},
    }


def _lines(draw: st.DrawFn, works: list[str]) -> tuple[list[Case], list[Case]]:
    usage, matches = [], []
    for i in range(draw(st.integers(0, 12))):
        line = {
            "line_id": f"{i:x}",
            "list": "l",
            "licensee": draw(st.sampled_from(["K", "L"])),
            "title": f"t{i % 4}",
            "category": draw(st.sampled_from(["prime", "night"])),
            "plays": draw(st.integers(0, 10**6)),
            "weight": draw(st.integers(0, 10**6)),
        }
        outcome = draw(st.sampled_from(["matched", "matched", "ambiguous", "unmatched", "out_of_scope"]))
        known = st.sampled_from([*works, "w-unknown"])
        candidates = draw(st.lists(known, min_size=1, max_size=3)) if outcome == "ambiguous" else []
        matches.append(
            {
                "line_id": line["line_id"],
                "outcome": outcome,
                "work_id": draw(known) if outcome == "matched" else None,
                "candidates": [{"work_id": c, "probability": 0.3} for c in candidates],
            }
        )
        usage.append(line)
    return usage, matches


def policy(case: Case, **more: Any) -> DistributePolicy:
    """The policy that a case states."""
    return DistributePolicy(fees=case["fees"], minimum_micro=case["minimum"], **more)


def books(case: Case, **more: Any) -> Books:
    """The books of a case, checked before they are handed out."""
    pools, charges = rows(tables.POOLS, case["pools"]), tables.CHARGES.empty()
    points = pa.table({"category": list(case["points"]), "points": list(case["points"].values())}, schema=POINTS)
    detail = more.pop("detail", "work")
    found = distribute(
        pools,
        rows(tables.USAGE, case["usage"]),
        rows(tables.MATCHES, case["matches"]),
        rows(tables.SHARES, case["shares"]),
        policy(case, detail=detail),
        charges=charges,
        problems=rows(tables.PROBLEMS, case.get("problems", [])),
        points=points,
        **more,
    )
    balance.check(found, pools, charges, previous=more.get("previous"))
    return found


@pytest.fixture(scope="session", name="cases")
def _cases() -> Callable[..., st.SearchStrategy[Case]]:
    """Any small world, as a Hypothesis strategy."""
    return cases


@pytest.fixture(scope="session", name="books")
def _books() -> Callable[..., Books]:
    """The books of a case."""
    return books

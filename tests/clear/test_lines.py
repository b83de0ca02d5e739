"""What was matched is cleared whole: no play and no share is lost or counted twice, whatever licences there are."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from partita.clear import lines

FIRST = dt.date(2024, 1, 1)
LICENSEES = ("bar", "club")
SOCIETIES = ("NORTH", "SOUTH", "")
WORKS = ("W1", "W2", "W3")
ANSWER = {code: answer for code, answer, _ in lines.REASONS}

days = st.none() | st.integers(0, 9).map(lambda count: FIRST + dt.timedelta(days=count))
used = st.tuples(
    st.sampled_from(LICENSEES), st.sampled_from(WORKS), st.sampled_from(("matched", "ambiguous")),
    st.integers(0, 50), days,
)  # fmt: skip
held = st.dictionaries(
    st.tuples(st.sampled_from(WORKS), st.sampled_from(("P1", "P2")), st.sampled_from(SOCIETIES)),
    st.tuples(st.integers(1, 500_000), st.booleans()),
    max_size=8,
)
granted = st.tuples(
    st.sampled_from((*LICENSEES, "")), st.sampled_from(SOCIETIES[:2]), st.booleans(),
    st.integers(0, 9), st.integers(0, 9),
)  # fmt: skip


def cleared(
    uses: list[Any], holdings: dict[Any, Any], licences: list[Any]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """CLEARANCES and unlicensed uses; a holding that says so is withheld, and no longer among the shares."""
    names = [str(number) for number in range(len(uses))]
    usage = pa.table({
        "line_id": pa.array(names, pa.string()), "licensee": pa.array([row[0] for row in uses], pa.string()),
        "plays": pa.array([row[3] for row in uses], pa.int64()),
        "used_at": pa.array([row[4] and dt.datetime.combine(row[4], dt.time(20)) for row in uses], pa.timestamp("s")),
    })  # fmt: skip
    matches = pa.table({
        "line_id": pa.array(names, pa.string()), "outcome": pa.array([row[2] for row in uses], pa.string()),
        "work_id": pa.array([row[1] if row[2] == "matched" else None for row in uses], pa.string()),
        "candidates": pa.nulls(len(uses)),
    })  # fmt: skip
    rows = [(*key, share) for key, (share, withheld) in holdings.items() if not withheld]
    shares = pa.table({
        name: pa.array([row[place] for row in rows], kind)
        for place, (name, kind) in enumerate(
            (("work_id", pa.string()), ("party_id", pa.string()), ("society", pa.string()), ("share_ppm", pa.int64()))
        )
    })  # fmt: skip
    away = [
        {"work_id": work, "party_id": party, "society": society, "answer": "refused", "code": "reserved",
         "reason": "r", "share_ppm": share}
        for (work, party, society), (share, withheld) in holdings.items() if withheld
    ]  # fmt: skip
    licensed = [
        {"licensee": who, "society": "" if every else society, "every": every,
         "period_from": FIRST + dt.timedelta(days=min(begin, end)),
         "period_to": FIRST + dt.timedelta(days=max(begin, end))}
        for who, society, every, begin, end in licences
    ]  # fmt: skip
    found = lines.clear_lines(
        usage, matches, shares, pa.Table.from_pylist(licensed, schema=lines.LICENSED),
        pa.Table.from_pylist(away, schema=lines.WITHHELD),
    )  # fmt: skip
    return found.clearances.to_pylist(), found.unlicensed.to_pylist()


def played(uses: list[Any]) -> dict[tuple[str, str], int]:
    """Plays matched, by licensee and work."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    for licensee, work, outcome, plays, _ in uses:
        if outcome == "matched":
            found[licensee, work] += plays
    return found


@settings(max_examples=60, deadline=None)
@given(st.lists(used, max_size=12), held, st.lists(granted, max_size=5))
def test_every_play_is_cleared_once_for_each_society(uses: list[Any], holdings: Any, licences: list[Any]) -> None:
    """For each licensee, work and society the rows' plays are those that were matched; nothing else is listed."""
    rows, _ = cleared(uses, holdings, licences)
    matched = played(uses)
    plays: dict[Any, int] = defaultdict(int)
    for row in rows:
        plays[row["licensee"], row["work_id"], row["society"], row["party_id"]] += row["plays"]

    assert {key[:2] for key in plays} == set(matched)
    assert all(count == matched[key[:2]] for key, count in plays.items())


@settings(max_examples=60, deadline=None)
@given(st.lists(used, max_size=12), held, st.lists(granted, max_size=5))
def test_the_shares_of_all_answers_are_the_shares_held(uses: list[Any], holdings: Any, licences: list[Any]) -> None:
    """Allowed, refused and unknown shares of a work make what is held; that none is known is said only then."""
    rows, _ = cleared(uses, holdings, licences)
    for licensee, work in played(uses):
        shares = {
            (row["society"], row["party_id"]): row["share_ppm"]
            for row in rows
            if (row["licensee"], row["work_id"]) == (licensee, work)
        }
        whole = sum(share for key, (share, _) in holdings.items() if key[0] == work)
        assert sum(shares.values()) == whole
        codes = {row["code"] for row in rows if (row["licensee"], row["work_id"]) == (licensee, work)}
        assert ("shares_unknown" in codes) == (whole == 0)


@settings(max_examples=60, deadline=None)
@given(st.lists(used, max_size=12), held, st.lists(granted, max_size=5))
def test_what_nobody_licensed_is_never_allowed(uses: list[Any], holdings: Any, licences: list[Any]) -> None:
    """A row is allowed only by a licence; what is unlicensed is summed by licensee and society, to the play."""
    rows, unlicensed = cleared(uses, holdings, licences)
    owned = {who for who, *_ in licences}
    summed: dict[Any, int] = defaultdict(int)
    for row in rows:
        if not row["party_id"]:
            assert row["answer"] == ANSWER[row["code"]]
        if row["answer"] == "allowed":
            assert "" in owned or row["licensee"] in owned
        if row["code"] == "unlicensed":
            summed[row["licensee"], row["society"]] += row["plays"]
    assert {(row["licensee"], row["society"]): row["plays"] for row in unlicensed} == summed

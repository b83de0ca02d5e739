"""Merging registrations: what is one work becomes one, what is not stays apart, and the order of rows is nothing."""

# ruff: noqa: E501  samples stand as they stand in a list

from __future__ import annotations

from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from partita import tables
from partita.registry import works

ISWC, OTHER_ISWC = "T0345246801", "T0000000010"


def work(society: str, number: str, title: str, writers: list[str], iswc: str | None = None) -> dict[str, Any]:
    """A row of REPERTOIRE."""
    return {"work_id": number, "title": title, "alt_titles": [], "writers": writers, "performers": [], "iswc": iswc,
            "isrc": [], "language": None, "society": society}  # fmt: skip


def share(number: str, party: str, society: str, ppm: int, role: str = "C") -> dict[str, Any]:
    """A row of SHARES."""
    return {
        "work_id": number,
        "party_id": party,
        "party_name": party.title(),
        "role": role,
        "society": society,
        "share_ppm": ppm,
    }


def merge(rows: list[dict[str, Any]], parts: list[dict[str, Any]] | None = None) -> works.Merged:
    """`works.merge` of rows."""
    return works.merge(
        pa.Table.from_pylist(rows, schema=tables.REPERTOIRE.schema),
        pa.Table.from_pylist(parts or [], schema=tables.SHARES.schema),
    )


def ids(merged: works.Merged) -> dict[tuple[str, str], str]:
    """Society and number to work."""
    return {(r["society"], r["registered_id"]): r["work_id"] for r in merged.registrations.to_pylist()}


def parts(merged: works.Merged) -> dict[tuple[str, str, str], int]:
    """Work, party and society to share."""
    return {(r["work_id"], r["party_id"], r["society"]): r["share_ppm"] for r in merged.shares.to_pylist()}


def test_one_iswc_is_one_work():
    """Registrations with one valid ISWC are one work, whatever their titles; its id is the smallest number."""
    merged = merge([work("B", "b1", "Spring Wind", ["Deng"], ISWC), work("A", "a7", "望春風", ["鄧雨賢"], ISWC)])
    assert ids(merged) == {("A", "a7"): "a7", ("B", "b1"): "a7"}
    row = merged.repertoire.to_pylist()[0]
    assert (row["title"], row["alt_titles"], row["writers"]) == ("望春風", ["Spring Wind"], ["Deng", "鄧雨賢"])
    assert row["society"] == ""
    assert merged.repertoire.schema == tables.REPERTOIRE.schema


def test_same_title_and_writers_in_two_societies():
    """Traditional and simplified titles with the same writers are one work, if of different societies."""
    merged = merge([work("A", "1", "望春風", ["鄧雨賢"]), work("B", "2", "望春风", ["邓雨贤"])])
    assert set(ids(merged).values()) == {"1"}


def test_what_stays_apart():
    """One society's own two works, no writers, other writers, two ISWCs, an ISWC with a wrong check digit."""
    apart = [
        [work("A", "1", "Waltz", ["x"]), work("A", "2", "Waltz", ["x"])],
        [work("A", "1", "Waltz", []), work("B", "2", "Waltz", [])],
        [work("A", "1", "Waltz", ["x"]), work("B", "2", "Waltz", ["x", "y"])],
        [work("A", "1", "Waltz", ["x"], ISWC), work("B", "2", "Waltz", ["x"], OTHER_ISWC)],
        [work("A", "1", "Waltz", ["x"], "T0345246802"), work("B", "2", "Polka", ["x"], "T0345246802")],
        [work("A", "1", "Waltz", ["x"]), work("A", "3", "Waltz", ["x"]), work("B", "2", "Waltz", ["x"])],
    ]
    for rows in apart:
        assert len(merge(rows).repertoire) == len(rows)


def test_one_number_for_two_works():
    """Where two societies use a number for different works, both get the society's name before it; shares follow."""
    merged = merge(
        [work("A", "1", "Waltz", ["x"]), work("B", "1", "Polka", ["y"]), work("B", "2", "March", ["z"])],
        [share("1", "x", "A", 10**6), share("1", "y", "B", 10**6), share("B:1", "e", "C", 0, "E"), share("1", "q", "C", 5),
         share("A:2", "n", "C", 7), share("B:2", "z", "C", 10**6)],
    )  # fmt: skip
    assert ids(merged) == {("A", "1"): "A:1", ("B", "1"): "B:1", ("B", "2"): "2"}
    assert parts(merged) == {
        ("A:1", "x", "A"): 10**6, ("B:1", "y", "B"): 10**6, ("B:1", "e", "C"): 0, ("A:2", "n", "C"): 7, ("2", "z", "C"): 10**6,
    }  # fmt: skip
    assert merged.problems.column("code").to_pylist() == [
        "works.number_shared", "works.share_unclear", "works.share_without_work",
    ]  # fmt: skip


def test_shares_of_two_registrations():
    """The same share registered twice counts once; near-wholes are scaled; a dispute pays the smaller share."""
    rows = [work("A", "1", "Waltz", ["x"], ISWC), work("B", "2", "Waltz", ["x"], ISWC)]
    merged = merge(rows, [share("1", "x", "A", 500_000), share("2", "x", "A", 500_000), share("2", "y", "B", 499_900)])
    assert parts(merged) == {("1", "x", "A"): 500_050, ("1", "y", "B"): 499_950}
    assert merged.problems.column("code").to_pylist() == ["works.scaled"]
    merged = merge(rows, [share("1", "x", "A", 500_000), share("2", "x", "A", 250_000)])
    assert parts(merged) == {("1", "x", "A"): 250_000}
    assert merged.problems.column("code").to_pylist() == ["works.shares_differ"]


def test_claims_of_several_societies_beyond_the_whole_are_named():
    """Each society claims no more than the whole, but both together do: the remark says who claims what."""
    rows = [work("A", "1", "Waltz", ["x"], ISWC), work("B", "2", "Waltz", ["x"], ISWC), work("A", "3", "Polka", ["x"])]
    merged = merge(rows, [share("1", "x", "A", 600_000), share("2", "y", "B", 500_000), share("3", "x", "A", 10**6)])
    (found,) = merged.problems.to_pylist()
    assert (found["code"], found["severity"], found["value"]) == ("works.overclaimed", "warning", "1")
    assert found["reason"].endswith(": A 600,000 ppm, B 500,000 ppm")


def test_thirds_of_two_decimals_become_a_whole():
    """Three times 33.33 % is scaled to the whole by largest remainder; 99 % is not."""
    merged = merge([work("A", "1", "Waltz", [])], [share("1", p, "A", 333_300) for p in "xyz"])
    assert sorted(parts(merged).values()) == [333_333, 333_333, 333_334]
    merged = merge([work("A", "1", "Waltz", [])], [share("1", p, "A", 330_000) for p in "xyz"])
    assert sum(parts(merged).values()) == 990_000


ROWS = st.lists(
    st.builds(
        work, st.sampled_from(["", "A", "B"]), st.sampled_from(["1", "2", "A:1", "1#2"]), st.sampled_from(["春", "Wind", "wind", ""]),
        st.lists(st.sampled_from(["x", "X", "y"]), max_size=2), st.sampled_from([None, ISWC, OTHER_ISWC, "bad"]),
    ),
    max_size=8,
)  # fmt: skip
PARTS = st.lists(
    st.builds(
        share, st.sampled_from(["1", "2", "A:1", "B:1", "9"]), st.sampled_from("pq"), st.sampled_from(["", "A", "B"]),
        st.sampled_from([0, 333_300, 333_333, 500_000, 999_800]),
    ),
    max_size=8,
)  # fmt: skip


@settings(max_examples=150)
@given(rows=ROWS, claims=PARTS, data=st.data())
def test_any_order_gives_the_same(rows, claims, data):
    """Shuffled input gives equal tables; each work stands once, each registration has its work, no share is negative."""
    merged = merge(rows, claims)
    again = merge(data.draw(st.permutations(rows)), data.draw(st.permutations(claims)))
    for table in ("repertoire", "shares", "registrations", "problems"):
        assert getattr(merged, table).equals(getattr(again, table))
    known = merged.repertoire.column("work_id").to_pylist()
    assert len(set(known)) == len(known)
    assert set(ids(merged).values()) <= set(known)
    assert {(r["society"], r["work_id"]) for r in rows} == set(ids(merged))
    keys = [tuple(r[c] for c in tables.SHARES.key) for r in merged.shares.to_pylist()]
    assert len(set(keys)) == len(keys)

"""Who made what: the record in two times, a person's part in a work, and the shares that societies' rules pay."""

from __future__ import annotations

import datetime as dt
from itertools import product

import pytest
from registry_rows import authorship, moment

from partita import money
from partita.registry import record
from partita.registry.authorship import Made, evidence, human_part, made, shares_earned
from partita.registry.facts import Held
from partita.registry.store import Store

DAY = dt.date(2026, 1, 1)
RULES = {"GEMA": "work", "BMI": "work", "NORTH": "part"}


def row(part: str, making: str, party_id: str = "A", *pieces: str) -> Made:
    """A row of the record of work `w`."""
    return Made("w", part, party_id, making, "", pieces, (), "registration")


def held(role: str, party_id: str = "A", society: str = "NORTH") -> Held:
    """A share in work `w`."""
    return Held("work", "w", party_id, role, society, money.PPM)


def test_the_record_is_read_in_two_times(store: Store) -> None:
    """The record of a day, as known on a day: parts, tools, evidence with its hashes."""
    lyrics = authorship("w", "lyrics", "assisted", tool="llm/1", evidence=["edits: verse two", "prompts: forty"],
                        sha256=["a" * 64, "b" * 64])  # fmt: skip
    record.add(store, "authorship", [lyrics, authorship("w", "melody", "generated")], "clerk", moment(1))
    record.correct(store, "authorship", [authorship("w", "melody", "human")], "clerk", moment(3))
    found = made(store, "w", DAY)
    assert [(m.part, m.making, m.tool, m.evidence) for m in found] == [
        ("lyrics", "assisted", "llm/1", ("edits: verse two", "prompts: forty")),
        ("melody", "human", "", ()),
    ]
    assert found[0].sha256 == ("a" * 64, "b" * 64)
    assert [m.making for m in made(store, "w", DAY, moment(2))] == ["assisted", "generated"]
    assert made(store, "other", DAY) == ()


@pytest.mark.parametrize(
    ("makings", "expected"),
    [
        ((), "unknown"),
        (("human", "human"), "human"),
        (("human", "assisted"), "assisted"),
        (("assisted",), "assisted"),
        (("generated", "generated"), "generated"),
        (("human", "generated"), "mixed"),
        (("assisted", "generated"), "mixed"),
    ],
)
def test_the_human_part(makings: tuple[str, ...], expected: str) -> None:
    """What is said of the parts together; nothing said is unknown, not human."""
    assert human_part([row("lyrics", making) for making in makings]) == expected


def test_evidence_is_counted_by_kind() -> None:
    """Prompts alone can be told from selection and edits."""
    rows = [
        row("lyrics", "assisted", "A", "prompts: 40", "edits: verse two"),
        row("melody", "assisted", "A", "edits: b"),
    ]
    assert evidence(rows) == {"edits": 2, "prompts": 1}
    assert evidence([row("whole", "generated")]) == {}


def test_a_generated_work_earns_no_author_s_share() -> None:
    """A work that was wholly generated earns nothing for authors and publishers, at any society; its recording does."""
    holdings = [
        held(role, society=s) for role, s in product(["C", "A", "CA", "AR", "W", "E"], ["NORTH", "GEMA", "BMI"])
    ]
    for generated in ([row("whole", "generated")], [row("lyrics", "generated"), row("melody", "generated")]):
        assert {e.earned for e in shares_earned(holdings, generated, RULES)} == {False}
    recording = Held("recording", "XXAAA2400001", "B", "PR", "", money.PPM)
    assert shares_earned([recording], [row("whole", "generated")], RULES)[0].earned


def test_a_generated_part_earns_by_the_society_s_rule() -> None:
    """Generated lyrics earn their holder nothing, unless the society takes a work as a whole."""
    rows = [row("lyrics", "generated", "A"), row("melody", "human", "B")]
    holdings = [held("A"), held("C", "B"), held("CA", "C"), held("E", "D"), held("A", society="GEMA")]
    assert [e.earned for e in shares_earned(holdings, rows, RULES)] == [False, True, True, True, True]


def test_each_holder_earns_for_what_he_made() -> None:
    """Of two who hold a share in the melody, the one who only ran a machine earns nothing."""
    rows = [row("melody", "human", "A"), row("melody", "generated", "B")]
    assert [e.earned for e in shares_earned([held("C", "A"), held("C", "B"), held("C", "C")], rows, RULES)] == [
        True, False, True,
    ]  # fmt: skip


def test_what_is_not_recorded_is_earned() -> None:
    """Without a record, or with one that speaks of other parts, every share is earned."""
    for rows in ([], [row("artwork", "generated")], [row("vocals", "generated")], [row("melody", "assisted")]):
        assert all(e.earned for e in shares_earned([held("C"), held("A"), held("E")], rows, RULES))

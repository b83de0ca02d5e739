"""The edge: canonical forms, and every wrong value named with its row and column."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from registry_rows import (
    ISCC,
    OPENED,
    authorship,
    holding,
    link,
    mandate,
    moment,
    offer,
    party,
    reciprocal,
    statement,
    work,
)

from partita.errors import InputError
from partita.registry import edge, lookup, record
from partita.registry.store import Store
from partita.tables import rights


def wrong(table: Any, row: dict[str, Any]) -> list[tuple[str, str]]:
    """Codes and columns of what is wrong with a row."""
    return [(p["code"], p["column"]) for p in edge.checked(table, [row])[1].to_pylist()]


WRONG = [
    (rights.PARTIES, party("A", ipi="00017798451"), "registry.id", "ipi"),
    (rights.PARTIES, party("A", isni="0000 0001 2281 9550"), "registry.id", "isni"),
    (rights.PARTIES, party("A", kind="robot"), "registry.word", "kind"),
    (rights.PARTIES, party(" "), "registry.text", "party_id"),
    (rights.PARTIES, party("A", name="A\x00B"), "registry.text", "name"),
    (rights.WORKS, work("歌" * 334), "registry.text", "work_id"),
    (rights.LINKS, link("url", "https://example.org/" + "歌" * 300, "work", "w"), "registry.target", "target"),
    (rights.LINKS, link("recording", "XXAAA2400001", "work", "歌" * 700), "registry.text", "parent"),
    (rights.WORKS, work("w", iswc="T-034.524.680-2"), "registry.id", "iswc"),
    (rights.WORKS, work("w", title=""), "registry.text", "title"),
    (rights.WORKS, work("w", title="x" * 2001), "registry.text", "title"),
    (rights.WORKS, work("w", writers=["A", ""]), "registry.text", "writers"),
    (rights.LINKS, link("url", "/songs/*", "work", "w"), "registry.target", "target"),
    (rights.LINKS, link("recording", "XX", "work", "w"), "registry.target", "target"),
    (rights.LINKS, link("recording", "XXAAA2400001", "content", "ISCC:A"), "registry.target", "parent"),
    (rights.LINKS, link("work", "w", "work", "v"), "registry.word", "target_kind"),
    (rights.HOLDINGS, holding("w", "A", 1_000_001), "registry.share", "share_ppm"),
    (rights.HOLDINGS, holding("w", "A", -1), "registry.share", "share_ppm"),
    (rights.HOLDINGS, holding("w", "A", valid_to=OPENED), "registry.period", "valid_to"),
    (rights.MANDATES, mandate("NORTH", right="everything"), "registry.word", "right"),
    (rights.MANDATES, mandate("NORTH", purpose="fun"), "registry.word", "purpose"),
    (rights.MANDATES, mandate("NORTH", territory="Taiwan"), "registry.scope", "territory"),
    (rights.MANDATES, mandate(""), "registry.text", "society"),
    (rights.STATEMENTS, statement("s", "work", "w", system="my system"), "registry.scope", "system"),
    (rights.STATEMENTS, statement("s", "work", "w", sha256="abc"), "registry.id", "sha256"),
    (rights.STATEMENTS, statement("s", "work", "w", kind="maybe"), "registry.word", "kind"),
    (rights.STATEMENTS, statement("s", "url", "https://*.com/"), "registry.target", "target"),
    (rights.OFFERS, offer("o", "NORTH", "work", "w", terms="[1]"), "registry.terms", "terms"),
    (rights.OFFERS, offer("o", "NORTH", "work", "w", terms="{" * 5000), "registry.terms", "terms"),
    (rights.OFFERS, offer("o", "NORTH", "work", "w", currency="euro"), "registry.word", "currency"),
    (rights.AUTHORSHIP, authorship("w", "solo", "human"), "registry.word", "part"),
    (rights.AUTHORSHIP, authorship("w", "whole", "human", evidence=["a hunch"]), "registry.evidence", "evidence"),
    (rights.AUTHORSHIP, authorship("w", "whole", "human", evidence=["edits: a"], sha256=["a" * 64] * 2),
     "registry.evidence", "evidence"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "row", "code", "column"), WRONG)
def test_what_is_wrong_is_named(table: Any, row: dict[str, Any], code: str, column: str) -> None:
    """A wrong value gives one problem, with its code, column and row, the value, and how to mend it."""
    fine = dict(row)
    data, problems = edge.checked(table, [row])
    assert data.num_rows == 1
    assert [(p["code"], p["column"]) for p in problems.to_pylist()] == [(code, column)]
    assert problems.column("line")[0].as_py() == 1
    assert problems.column("mend")[0].as_py()
    assert row == fine


def test_values_come_out_in_their_one_form() -> None:
    """Codes, URLs, systems and days are brought into one form, however they were written."""
    found = edge.checked(
        rights.PARTIES, [party("A", ipi="177984 50", isni="0000-0001-2281-955x", valid_from="2020-01-02")]
    )
    assert found[0].select(["party_id", "ipi", "isni", "valid_from"]).to_pylist() == [
        {"party_id": "A", "ipi": "00017798450", "isni": "000000012281955X", "valid_from": dt.date(2020, 1, 2)}
    ]
    rows = [link("url", "https://EXAMPLE.org:443/a/**", "content", ISCC.lower()),
            link("content", ISCC[5:], "recording", "xx-aaa-24-00001")]  # fmt: skip
    assert edge.checked(rights.LINKS, rows)[0].select(["target", "parent"]).to_pylist() == [
        {"target": "https://example.org/a/*", "parent": ISCC},
        {"target": ISCC, "parent": "XXAAA2400001"},
    ]
    assert edge.checked(rights.STATEMENTS, [statement("s", "work", "w", system="Suno/V5", offer_id="")])[0].select(
        ["system", "offer_id", "note"]
    ).to_pylist() == [{"system": "suno/v5", "offer_id": None, "note": ""}]


def test_each_wrong_row_is_named_and_no_right_one() -> None:
    """Of many rows the wrong ones are named by their place; the list ends at a thousand."""
    rows = [statement(str(n), "work", "w", purpose="fun" if n % 3 == 1 else "train") for n in range(10)]
    assert edge.checked(rights.STATEMENTS, rows)[1].column("line").to_pylist() == [2, 5, 8]
    many = pa.Table.from_pylist([statement(str(n), "work", "w", purpose="fun") for n in range(5000)])
    assert edge.checked(rights.STATEMENTS, many)[1].num_rows == edge.PROBLEMS_MOST


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (work("w", colour="red"), "works has no column 'colour'"),
        (work("w", recorded_at=dt.datetime(2024, 1, 1)), "works has no column 'recorded_at'"),  # noqa: DTZ001
        ({"work_id": "w", "title": "Song"}, "row 1 of works has no valid_from"),
        ({"work_id": "w", "valid_from": OPENED}, "row 1 of works has no title"),
        (work("w", valid_from="soon"), "valid_from cannot be read"),
        (work("w", title=5), "title cannot be read"),
        (work("w", title="\ud800"), "title cannot be read"),
        (work("w", writers="A / B"), "writers cannot be read"),
    ],
)
def test_rows_of_another_shape_are_refused(row: dict[str, Any], said: str) -> None:
    """Columns that the table does not have, or lacks, or of another type: one line that says which."""
    with pytest.raises(InputError, match=said):
        edge.checked(rights.WORKS, [row])


def test_the_longest_names_are_recorded_and_found(store: Store) -> None:
    """What the edge lets through either database can index and find again, however little it can be compressed."""
    chance = random.Random(7)  # noqa: S311 - no secret
    signs = "".join(chr(chance.randrange(0x4E00, 0x9FFF)) for _ in range(333))
    letters = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=2000))
    pattern = ("https://example.org/" + letters)[:2000]
    rows = {"links": [link("url", pattern, "work", signs)], "mandates": [mandate(signs, signs[::-1])],
            "statements": [statement(signs, "work", signs), statement("t", "url", pattern, party_id=signs)],
            "reciprocals": [reciprocal(signs, signs[::-1])], "works": [work(signs)],
            "holdings": [holding(signs, signs)], "offers": [offer(signs, signs, "work", signs)]}  # fmt: skip
    record.add_all(store, rows, "clerk", moment(1))
    found = lookup.facts(store, "url", pattern + "/more", dt.date(2024, 6, 1))
    assert (len(found.statements), found.work_id, len(found.offers)) == (2, signs, 1)


@given(st.lists(st.text(max_size=8), min_size=1, max_size=4), st.text(max_size=8))
def test_no_text_breaks_the_edge(texts: list[str], word: str) -> None:
    """Whatever texts rows hold, they come out canonical or are named; nothing is raised but for what is no text."""
    rows = [statement(text, "url", text, system=word, territory=word, purpose=word, sha256=text) for text in texts]
    rows = [{k: v.encode("utf-8", "ignore").decode() if isinstance(v, str) else v for k, v in r.items()} for r in rows]
    data, problems = edge.checked(rights.STATEMENTS, rows)
    assert data.num_rows == len(rows)
    assert problems.num_rows > 0

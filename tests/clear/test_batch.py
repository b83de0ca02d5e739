"""Whole tables are answered as single uses are: the same answers, the same bytes whatever the order of rows."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_facts import gather, snapshot, uses

from partita import clear, tables
from partita.clear import Use, kernel, patterns, reasons, rows
from partita.registry import urls
from partita.scope import PURPOSES, RIGHTS
from partita.tables import rights

DAYS = [dt.date(2025, 1, 1), dt.date(2025, 6, 1), dt.date(2026, 1, 1)]
MOMENTS = [dt.datetime(day.year, day.month, 1) for day in DAYS]  # noqa: DTZ001 - UTC without a zone, as tables have it
PARTIES = ("A", "B", "S", "T", "X", "")
PATTERNS = ("https://a.example/", "https://a.example/songs/*.mp3$", "https://*.example.org/x")
THINGS = (
    *(("work", w) for w in ("W1", "W2")), ("recording", "USAAA2500001"), ("recording", "USAAA2500002"),
    *(("url", p) for p in PATTERNS), *(("party", p) for p in "ABX"), *(("repertoire", s) for s in "ST"),
)  # fmt: skip
SYSTEMS = ("*", "suno", "suno/v4", "suno/v5", "Suno/V5", "udio", "/odd", "")
PLACES = ("world", "EU", "FR", "DK", "TW", "fr", "")
PURPOSE = ("any", "any_ai", "train", "train_generative", "train_other", "perform", "mining", "odd")
TIMES = {
    "valid_from": st.sampled_from([dt.date(2020, 1, 1), *DAYS]),
    "valid_to": st.sampled_from([None, None, *DAYS]),
    "recorded_at": st.sampled_from([dt.datetime(2020, 1, 1), *MOMENTS]),  # noqa: DTZ001
    "retired_at": st.sampled_from([None, None, *MOMENTS]),
}


def pick(*values: Any) -> st.SearchStrategy[Any]:
    """One of some values."""
    return st.sampled_from(values)


@st.composite
def attached(draw: st.DrawFn, **fields: st.SearchStrategy[Any]) -> dict[str, Any]:
    """A row that hangs on some thing, with a scope and two times."""
    kind, target = draw(st.sampled_from(THINGS))
    scope = {"purpose": pick(*PURPOSE), "system": pick(*SYSTEMS), "territory": pick(*PLACES)}
    row = {name: draw(value) for name, value in (scope | fields | TIMES).items()}
    return row | {"target_kind": kind, "target": target}


def plain(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A row of these fields and two times."""
    return st.fixed_dictionaries(fields | TIMES)


STATEMENTS = attached(
    statement_id=pick("1", "2", "3", "4", "5"),
    kind=pick("reservation", "reservation", "licence", "licence", "consent", "permission", "statutory", "odd"),
    party_id=pick(*PARTIES), offer_id=pick(None, "o1", "o2"), carrier=pick("registry", "robots"),
    evidence=pick("signed", "declared", "odd"),
)  # fmt: skip
OFFERS = attached(offer_id=pick("o1", "o2", "o3"), licensor=pick(*PARTIES), payee=pick("S", "T", ""))
HOLDINGS = st.builds(
    lambda thing, rest: rest | {"target_kind": thing[0], "target": thing[1]},
    st.sampled_from(THINGS[:4]),
    plain(party_id=pick(*PARTIES), society=pick("S", "T", ""), share_ppm=pick(1_000_000, 500_000, 500_000, 1, -5)),
)
MANDATES = plain(
    society=pick("S", "T", "X"), party_id=pick("", "A", "B"), kind=pick("mandate", "mandate", "mandate", "withdrawal"),
    right=pick("reproduction", "ai_training", "performing", "odd"), purpose=pick(*PURPOSE), territory=pick(*PLACES),
)  # fmt: skip
RECIPROCALS = plain(
    grantor=pick("S", "T"), grantee=pick("S", "T", "X"), right=pick(*RIGHTS), purpose=pick(*PURPOSE),
    territory=pick(*PLACES),
)  # fmt: skip
LINKS = st.builds(
    lambda child, parent, rest: rest | {"target_kind": child[0], "target": child[1], "parent_kind": parent[0],
                                        "parent": parent[1]},
    st.sampled_from(THINGS[2:7]), st.sampled_from((*THINGS[:4], ("party", "X"), ("party", "A"))), plain(),
)  # fmt: skip
SNAPSHOTS = st.builds(
    snapshot,
    st.fixed_dictionaries({
        "statements": st.lists(STATEMENTS, max_size=9), "offers": st.lists(OFFERS, max_size=4),
        "holdings": st.lists(HOLDINGS, max_size=5), "mandates": st.lists(MANDATES, max_size=6),
        "reciprocals": st.lists(RECIPROCALS, max_size=4), "links": st.lists(LINKS, max_size=6),
    }),
)  # fmt: skip
TARGETS = (
    *THINGS[:4], ("work", "W9"), ("recording", "usaaa-25-00001"), ("recording", "odd"), ("party", "A"),
    ("url", "https://a.example/songs/1.mp3"), ("url", "http://A.example/songs"), ("url", "https://b.example.org/x/y"),
    ("url", "mailto:odd"),
)  # fmt: skip
USE = st.builds(
    lambda number, target, purpose, system, place, at, known: Use(
        f"u{number}", target[0], target[1], purpose, system, place, at, known
    ),
    st.integers(0, 99), st.sampled_from(TARGETS), pick(*PURPOSE), pick(*SYSTEMS), pick(*PLACES), pick(*DAYS),
    pick(None, *MOMENTS),
)  # fmt: skip


@settings(max_examples=400, suppress_health_check=list(HealthCheck))
@given(SNAPSHOTS, st.lists(USE, min_size=1, max_size=12, unique_by=lambda use: use.use_id))
def test_a_table_is_answered_as_its_uses_are(data: dict[str, pa.Table], asked: list[Use]) -> None:
    """Whatever the registry holds and whatever is asked, both ways give every field of every answer alike."""
    together = clear.decide_all(uses(asked), data).to_pylist()
    singly = {use.use_id: clear.decide(use, gather(data, use)).row() for use in asked}
    assert together == [singly[name] for name in sorted(singly)]


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(SNAPSHOTS, st.lists(USE, min_size=1, max_size=8, unique_by=lambda use: use.use_id), st.randoms())
def test_the_order_of_rows_changes_no_byte(data: dict[str, pa.Table], asked: list[Use], chance: random.Random) -> None:
    """Rows of the snapshot and of the uses in another order give the same table."""
    shuffled = {name: table.take(chance.sample(range(table.num_rows), table.num_rows)) if table.num_rows else table
                for name, table in data.items()}  # fmt: skip
    again = clear.decide_all(uses(chance.sample(asked, len(asked))), shuffled, "zh-Hant")
    assert again.equals(clear.decide_all(uses(asked), data, "zh-Hant"))


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(SNAPSHOTS, st.lists(USE, min_size=1, max_size=8, unique_by=lambda use: use.use_id))
def test_what_is_reduced_is_answered_alike(data: dict[str, pa.Table], asked: list[Use]) -> None:
    """Things with very many statements are answered as small ones are, but that claims are as many as they are."""
    many = dict(data)
    wide = [dict(row, statement_id=f"{row['statement_id']}-{n:03}") for row in data["statements"].to_pylist()
            for n in range(80)]  # fmt: skip
    many["statements"] = pa.Table.from_pylist(wide, data["statements"].schema)
    together = clear.decide_all(uses(asked), many).to_pylist()
    singly = {use.use_id: clear.decide(use, gather(many, use)).row() for use in asked}
    assert together == [singly[name] for name in sorted(singly)]


def test_no_uses_give_no_answers() -> None:
    """An empty table of uses, and an empty registry, are answered."""
    empty = clear.decide_all(rights.USES.empty(), snapshot({}))
    assert empty.schema == rights.ANSWERS.schema
    assert empty.num_rows == 0
    one = clear.decide_all(uses([Use("u", "work", "W", "train", "*", "world", DAYS[0])]), snapshot({}))
    assert one.column("code").to_pylist() == ["silent"]


def test_a_work_of_many_holders_finds_room() -> None:
    """Hundreds of shares, each with an offer, are answered: room is made where it lacks."""
    count = 500
    holders = [f"P{n:03}" for n in range(count)]
    data = snapshot({
        "holdings": [{"target_kind": "work", "target": "W", "party_id": name, "share_ppm": 2000} for name in holders],
        "offers": [{"offer_id": f"o{name}", "licensor": name, "target_kind": "party", "target": name, "payee": "C"}
                   for name in holders],
    })  # fmt: skip
    asked = [Use(f"u{n}", "work", "W", "perform", "*", "TW", DAYS[0]) for n in range(9)]
    for row in clear.decide_all(uses(asked), data).to_pylist():
        assert row == clear.decide(asked[int(row["use_id"][1:])], gather(data, asked[0])).row()
        assert row["offers"] == [f"o{name}" for name in holders]


def test_threads_change_nothing() -> None:
    """Many uses are answered side by side as they are one after the other."""
    data = snapshot({"statements": [{"statement_id": str(n), "kind": "reservation", "target_kind": "work",
                                     "target": f"W{n}"} for n in range(300)]})  # fmt: skip
    asked = uses([Use(f"{n:06}", "work", f"W{n % 600}", "perform", "*", "TW", DAYS[0]) for n in range(20_000)])
    together = clear.decide_all(asked, clear.prepare(data), threads=2)
    assert together.equals(clear.decide_all(asked, data, threads=1))
    assert together.column("answer").to_pylist().count("refused") == 300 * (20_000 // 600) + min(20_000 % 600, 300)


def test_codes_of_the_compiled_rules_are_those_of_the_reasons() -> None:
    """The numbers that stand in the compiled file are the places of the codes, kinds and leaves they mean."""
    names = {"CONTRADICTED": "contradicted", "IN_PART": "reserved_in_part", "BY_UNKNOWN": "reserved_by_unknown",
             "FOR_SYSTEM": "reserved_for_system", "RESERVED": "reserved", "STATUTORY": "statutory",
             "LICENSED": "licensed", "CONSENTED": "consented", "PERMITTED": "permitted",
             "SEVERAL_WORKS": "several_works", "SHARES_OVER": "shares_over", "UNREADABLE": "unreadable",
             "WITHDRAWN": "mandate_withdrawn", "NO_MANDATE": "no_mandate", "OF_UNKNOWN": "permission_of_unknown",
             "OTHER_SYSTEM": "other_system", "OTHER_PLACE": "other_territory", "CLAIM_ONLY": "claim_only",
             "SILENT": "silent", "PARTLY": "partly", "TARGET_UNKNOWN": "target_unknown",
             "SHARES_UNKNOWN": "shares_unknown"}  # fmt: skip
    assert {name: getattr(kernel, name) for name in names} == {n: reasons.NUMBER[code] for n, code in names.items()}
    assert set(rows.STATEMENT.names or ()) > set(rows.LINK.names or ()) - {"to"}


def test_a_snapshot_that_lacks_a_table_is_named() -> None:
    """What is missing is said, and so is a language without reasons."""
    with pytest.raises(KeyError, match="links"):
        clear.prepare({name: table for name, table in snapshot({}).items() if name != "links"})
    with pytest.raises(ValueError, match="no reasons in fr"):
        clear.decide_all(rights.USES.empty(), snapshot({}), "fr")
    with pytest.raises(ValueError, match="columns missing"):
        clear.decide_all(pa.table({"use_id": ["u"]}), snapshot({}))


@given(st.from_regex(patterns.PLAIN, fullmatch=True).filter(lambda url: len(url) <= patterns.PLAIN_MOST))
def test_a_plain_url_is_canonical(url: str) -> None:
    """What is taken as canonical by its form alone is so by the registry's rules."""
    assert urls.canonical(url) == url


@given(st.from_regex(patterns.PLAIN_PATTERN, fullmatch=True).filter(lambda url: len(url) <= patterns.PLAIN_MOST))
def test_a_plain_pattern_is_canonical(pattern: str) -> None:
    """So is a pattern, but for stars that follow each other."""
    assert urls.canonical_pattern(pattern) == pattern or "**" in pattern


@given(
    st.sampled_from(["https://a.example/", "https://*.a.example/"]), st.text("ab/*$", max_size=9),
    st.sampled_from(["a.example", "b.a.example"]), st.text("ab/?", max_size=9),
)  # fmt: skip
def test_patterns_match_as_the_registry_has_it(start: str, rest: str, host: str, path: str) -> None:
    """The index finds a pattern for a URL exactly where the registry says that it matches."""
    pattern, url = urls.canonical_pattern(start + rest), urls.canonical(f"https://{host}/{path}")
    assert patterns.Patterns.of([pattern]).of_urls([url])[0] == ([0] if urls.matches(pattern, url) else [])


def test_purposes_fit_the_numbers() -> None:
    """Every purpose fits into the bits that a scope has for it."""
    assert max(PURPOSES.values()) < 1 << 13
    assert tables.rights.USES.key == ("use_id",)

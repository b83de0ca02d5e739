"""Items as usage lines, and their matches as one answer an item."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from partita import tables
from partita.identify.items import item_lines, item_matches, known_works, with_copies
from partita.tables.training import ITEMS, READINGS


def _items(*rows: dict[str, Any]) -> pa.Table:
    empty = {"dataset": "d", "origin": "", "domain": "", "title": "", "performers": [], "writers": [], "modality": "",
             "crawler": "", "licence_claim": "", "file": "", "line": 1}  # fmt: skip
    full = [dict.fromkeys(ITEMS.schema.names) | empty | {"item_id": str(n)} | row for n, row in enumerate(rows)]
    return pa.Table.from_pylist(full, schema=ITEMS.schema)


def _readings(*rows: tuple[str, str, str]) -> pa.Table:
    full = [{"item_id": i, "reading": r, "title": t, "performers": [], "read_from": "url"} for i, r, t in rows]
    return pa.Table.from_pylist(full, schema=READINGS.schema)


def _match(line: str, outcome: str, work: str | None, probability: float) -> dict[str, Any]:
    named = [{"work_id": work, "probability": probability}] if work else []
    return {"line_id": line, "outcome": outcome, "work_id": work if outcome == "matched" else None,
            "probability": probability, "rule": "r", "candidates": named}  # fmt: skip


def _matches(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=tables.MATCHES.schema)


def test_an_item_is_looked_for_under_its_own_title_first_and_under_each_reading() -> None:
    """A title of its own, two readings, and nothing at all: three lines, in this order."""
    items = _items({"title": "Own", "isrc": "TWA471900001"}, {"url": "https://a.example/x"}, {})
    lines = item_lines(items, _readings(("1", "name-title", "A"), ("1", "title-name", "B"), ("9", "title", "gone")))
    assert lines.usage.column("title").to_pylist() == ["Own", "A", "B"]
    assert lines.usage.column("isrc").to_pylist() == ["TWA471900001", None, None]
    assert lines.owner.tolist() == [0, 1, 1]


def test_the_best_line_of_an_item_counts_and_lines_that_differ_leave_it_open() -> None:
    """One reading is sure: matched. Two are sure of different works: ambiguous, with both."""
    items = _items({}, {}, {})
    lines = item_lines(items, _readings(("0", "a", "x"), ("0", "b", "y"), ("1", "a", "x"), ("1", "b", "y")))
    found = item_matches(items, lines, _matches(
        _match("000000000000", "unmatched", None, 0.1), _match("000000000001", "matched", "W", 0.9),
        _match("000000000002", "matched", "W", 0.8), _match("000000000003", "matched", "V", 0.9),
    ))  # fmt: skip
    assert found.column("outcome").to_pylist() == ["matched", "ambiguous", "unmatched"]
    assert found.column("work_id").to_pylist() == ["W", None, None]
    assert [c["work_id"] for c in found.column("candidates").to_pylist()[1]] == ["V", "W"]
    assert found.column("line_id").to_pylist() == ["0", "1", "2"]


def test_copies_follow_what_is_sure_and_agrees() -> None:
    """A hash of one work identifies its copy; a hash of two works identifies none; no hash, nothing."""
    items = _items({"sha256": "a"}, {"sha256": "a"}, {"sha256": "b"}, {"sha256": "b"}, {"sha256": "b"}, {})
    found = with_copies(items, _matches(
        _match("0", "matched", "W", 0.9), _match("1", "unmatched", None, 0.0), _match("2", "matched", "W", 0.9),
        _match("3", "matched", "V", 0.9), _match("4", "unmatched", None, 0.0), _match("5", "unmatched", None, 0.0),
    ))  # fmt: skip
    assert found.column("work_id").to_pylist() == ["W", "W", "W", "V", None, None]
    assert found.column("rule").to_pylist()[1] == "sha256"


def test_what_was_taken_from_one_url_is_one_work() -> None:
    """The same page in two manifests, once with its title, once without."""
    items = _items({"url": "https://a.example/x"}, {"url": "http://a.example/x"}, {"url": "https://a.example/y"})
    found = with_copies(items, _matches(
        _match("0", "matched", "W", 0.9), _match("1", "ambiguous", "W", 0.4), _match("2", "unmatched", None, 0.0),
    ))  # fmt: skip
    assert found.column("work_id").to_pylist() == ["W", "W", None]
    assert found.column("rule").to_pylist()[1] == "same_url"


def test_a_title_alone_does_not_spread_over_a_url_and_never_against_an_item_s_own_readings() -> None:
    """One page's title may be wrong: a second one must say the same; and who reads otherwise keeps the doubt."""
    one = {**_match("0", "matched", "W", 0.9), "rule": "title"}
    items = _items({"url": "https://a.example/x"}, {"url": "https://a.example/x"})
    found = with_copies(items, _matches(one, _match("1", "unmatched", None, 0.0)))
    assert found.column("work_id").to_pylist() == ["W", None]
    items = _items(*[{"url": "https://a.example/x"}] * 4)
    found = with_copies(
        items, _matches(one, one, _match("2", "unmatched", None, 0.0), _match("3", "ambiguous", "V", 0.4))
    )
    assert found.column("work_id").to_pylist() == ["W", "W", "W", None]


def test_a_reading_that_likely_leads_elsewhere_makes_an_item_doubtful() -> None:
    """The title says one work for sure, the URL says another with some likelihood: nobody is told for sure."""
    items = _items({}, {})
    lines = item_lines(items, _readings(("0", "a", "x"), ("0", "b", "y"), ("1", "a", "x"), ("1", "b", "y")))
    found = item_matches(items, lines, _matches(
        _match("000000000000", "matched", "W", 0.9), _match("000000000001", "ambiguous", "V", 0.5),
        _match("000000000002", "matched", "W", 0.9), _match("000000000003", "ambiguous", "V", 0.1),
    ))  # fmt: skip
    assert found.column("rule").to_pylist() == ["readings_differ", "r"]
    assert found.column("work_id").to_pylist() == [None, "W"]


def test_what_the_registry_knows_by_code_stands_before_the_title_and_is_reported() -> None:
    """The code's work counts; that the title says another is told, not hidden."""
    items = _items({}, {})
    found, told = known_works(items, _matches(_match("0", "matched", "W", 0.9), _match("1", "matched", "W", 0.9)),
                              pa.array(["V", None]), pa.array(["url", "url"]))  # fmt: skip
    assert found.column("work_id").to_pylist() == ["V", "W"]
    assert (found.column("rule")[0].as_py(), found.column("probability")[0].as_py()) == ("url", 1.0)
    assert told.to_pylist() == [{"item_id": "0", "work_id": "V", "title_work_id": "W"}]

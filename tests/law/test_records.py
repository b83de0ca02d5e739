"""A place's file is checked when it is read: closed lists, cited sources, honest grades, dates in order."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.errors import InputError
from partita.law.records import check_place
from partita.law.text import read

GOOD: dict[str, Any] = {
    "place": "US",
    "name": {"english": "United States", "chinese": "美國"},
    "as_of": "2026-11-22",
    "review_by": "2027-03-01",
    "sources": {
        "act": {"title": "An act", "address": "https://example.org/act", "date": "2020-01-01", "kind": "primary"},
        "blog": {"title": "A blog", "address": "https://example.org/blog", "kind": "secondary"},
    },
    "cells": {
        "parody.exception": {
            "review_by": "2027-02-01",
            "values": [
                {"from": None, "position": "open_standard", "status": "settled", "evidence": "primary", "rule": "r",
                 "sources": ["act"]},
                {"from": "2025-01-01", "position": "named", "status": "settled", "evidence": "secondary", "rule": "r",
                 "sources": ["blog"], "review_by": "2027-01-15"},
            ],
        }
    },
}  # fmt: skip


def spoiled(path: tuple[str | int, ...], new: object) -> dict[str, Any]:
    """GOOD with one part replaced; a new part of None removes it."""
    content: Any = copy.deepcopy(GOOD)
    inner = content
    for step in path[:-1]:
        inner = inner[step]
    if new is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = new
    return content  # type: ignore[no-any-return]


CELL = ("cells", "parody.exception")
FIRST = (*CELL, "values", 0)


def test_the_nearest_review_counts() -> None:
    """`as_of` and `review_by` are handed down from the place to its cells to their values."""
    cell = check_place(GOOD, "us.yaml").cells["parody.exception"]
    assert [value.review_by.isoformat() for value in cell.values] == ["2027-02-01", "2027-01-15"]
    assert {value.as_of.isoformat() for value in cell.values} == {"2026-11-22"}


@pytest.mark.parametrize(
    ("path", "new", "said"),
    [
        (("place",), "usa", "EU or an ISO 3166-1"),
        (("cells", "parody"), {"values": []}, "at least 1 item"),
        (("cells", "parody"), GOOD["cells"]["parody.exception"], "parody is no question"),
        ((*FIRST, "position"), "free", "free is no answer"),
        ((*FIRST, "position"), "no_rule", "go together"),
        ((*FIRST, "status"), "no_rule", "go together"),
        ((*FIRST, "status"), "sure", "settled"),
        ((*FIRST, "evidence"), "certain", "primary"),
        ((*FIRST, "sources"), ["statute"], "source statute is not among"),
        ((*FIRST, "sources"), ["blog"], "needs a primary source"),
        ((*FIRST, "sources"), [], "without a source"),
        ((*FIRST, "rule"), "", "at least 1 character"),
        ((*FIRST, "rule"), None, "Field required"),
        ((*FIRST, "weight"), "3", "not permitted"),
        ((*FIRST, "from"), "2026-13-01", "valid date"),
        ((*FIRST, "from"), "2025-06-01", "oldest first"),
        ((*FIRST, "from"), "2025-01-01", "oldest first"),
        ((*FIRST, "review_by"), "2026-11-22", "not after as_of"),
        ((*FIRST, "measure"), {"amount": "0", "unit": "hours"}, "greater than 0"),
        ((*FIRST, "measure"), {"amount": "2", "unit": "weeks"}, "hours"),
        (("sources", "act", "address"), "javascript:alert(1)", "begins with https"),
        (("sources", "act", "read_at"), "ftp://example.org", "begins with https"),
        (("as_of",), None, "as_of"),
        ((*CELL, "values"), "none", "valid tuple"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(path: tuple[str | int, ...], new: object, said: str) -> None:
    """One line that names the file, the part, and what it should be."""
    with pytest.raises(InputError) as refused:
        check_place(spoiled(path, new), "us.yaml")
    assert str(refused.value).startswith("us.yaml: ")
    assert said in str(refused.value)
    assert "docs/law.md" in str(refused.value)


@pytest.mark.parametrize(
    "content", [None, "text", [], [1], {"place": "US"}, {"cells": {"x": 3}}, {"cells": {"x": {"values": [3]}}}]
)
def test_content_of_another_shape_is_refused(content: object) -> None:
    """Whatever a file holds, the answer is one line, never a traceback."""
    with pytest.raises(InputError):
        check_place(content, "us.yaml")


@given(
    st.recursive(
        st.none() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["place", "name", "sources", "cells", "values", "as_of"]), inner, max_size=4
            )
        ),
        max_leaves=12,
    )
)
def test_nothing_passes_by_chance(content: object) -> None:
    """No content that is not a place gets through, and none breaks the reader."""
    with pytest.raises(InputError):
        check_place(content, "us.yaml")


def test_every_scalar_is_text_and_no_key_stands_twice(tmp_path: Path) -> None:
    """YAML guesses nothing: `no` is a word, a date is a text; a key that stands twice is refused with its line."""
    file = tmp_path / "x.yaml"
    file.write_text("a: no\nb: 2026-01-01\nc: null\n", encoding="utf-8")
    assert read(file) == {"a": "no", "b": "2026-01-01", "c": None}
    file.write_text("a: 1\nb: 2\na: 3\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"x\.yaml:3: 'a' stands twice"):
        read(file)
    file.write_text("a: [1\n", encoding="utf-8")
    with pytest.raises(InputError, match="not YAML"):
        read(file)

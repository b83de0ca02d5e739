"""Titles and performers from file names and addresses: every case of the list, whole columns, and any text at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from partita import tables
from partita.tables.training import READINGS
from partita.text.names_of import readings

CASES: dict[str, list[Any]] = yaml.safe_load(Path(__file__).with_name("names_of.yaml").read_text(encoding="utf-8"))


def items(names: list[str | None]) -> pa.Table:
    """Items with these names: an address where it begins like one, else a file name."""
    return pa.table(
        {
            "item_id": pa.array([str(place) for place in range(len(names))], pa.string()),
            "file_name": pa.array([None if n is None or n.startswith("https://") else n for n in names], pa.string()),
            "url": pa.array([n if n is not None and n.startswith("https://") else None for n in names], pa.string()),
        }
    )


def read(name: str) -> list[tuple[str, str, list[str]]]:
    """Reading, title and performers of one name."""
    rows = readings(items([name])).to_pylist()
    return [(row["reading"], row["title"], row["performers"]) for row in rows]


def test_there_are_enough_cases() -> None:
    """At least 150 names, of which many give no reading."""
    assert sum(map(len, CASES.values())) >= 150
    assert len(CASES["none"]) >= 40


@pytest.mark.parametrize("case", CASES["both"], ids=lambda case: case[0])
def test_two_parts_are_read_both_ways(case: list[str]) -> None:
    """A dash does not say which side is the title."""
    name, left, right = case
    assert read(name) == [("name-title", right, [left]), ("title-name", left, [right])]


@pytest.mark.parametrize("case", CASES["title"], ids=lambda case: case[0])
def test_one_title_is_read(case: list[str]) -> None:
    """Numbers, tags, sites, endings and encodings are left out."""
    name, title, *performers = case
    assert read(name) == [("title", title, performers)]


@pytest.mark.parametrize("case", CASES["by"], ids=lambda case: case[0])
def test_by_is_read_as_a_word_and_as_a_sign(case: list[str]) -> None:
    """`Stand by the River` is a title; `Copper Rain by Marla Quent` is one and a name."""
    name, whole, title, performer = case
    assert read(name) == [("title", whole, []), ("title-name", title, [performer])]


@pytest.mark.parametrize("name", CASES["none"])
def test_what_says_nothing_gives_no_reading(name: str) -> None:
    """A name that only a machine made is no title."""
    assert read(name) == []


def test_columns_are_read_as_single_names_are() -> None:
    """All names at once, each twice, give what each gives alone; ids stay with their items."""
    names = [case if isinstance(case, str) else case[0] for cases in CASES.values() for case in cases]
    whole = readings(items([*names, *names]))
    for place, name in enumerate(names):
        for number in (place, place + len(names)):
            rows = whole.filter(pc.equal(whole.column("item_id"), str(number))).to_pylist()
            assert [(row["reading"], row["title"], row["performers"]) for row in rows] == read(name)


def test_a_file_name_is_read_before_the_address() -> None:
    """The address is only read where the file name says nothing."""
    address = "https://songs.example/copper-rain"
    some = pa.table(
        {
            "item_id": ["a", "b"],
            "file_name": pa.array(["Paper Moon.mp3", "000123.mp3"], pa.string()),
            "url": pa.array([address, address], pa.string()),
        }
    )
    found = {row["item_id"]: (row["title"], row["read_from"]) for row in readings(some).to_pylist()}
    assert found == {"a": ("Paper Moon", "file_name"), "b": ("copper rain", "url")}


def test_nothing_gives_nothing() -> None:
    """No items, and items without names, give an empty table of the contract."""
    for table in (items([]), items([None, None])):
        assert tables.conform(readings(table), READINGS).num_rows == 0


@given(
    st.lists(st.one_of(st.text(max_size=40), st.from_regex(r"https://[a-z]{1,5}\.example/[ -~]{0,40}", fullmatch=True)))
)
def test_any_text_is_read_or_not(names: list[str]) -> None:
    """Whatever stands there, each reading has a title with a letter, and an item has at most two."""
    rows = readings(items([name.encode("utf-8", "replace").decode() for name in names]))
    counts = pc.value_counts(rows.column("item_id")).to_pylist()
    assert all(count["counts"] <= 2 for count in counts)
    assert all(any(sign.isalpha() for sign in row["title"]) for row in rows.to_pylist())
    assert rows.schema.equals(READINGS.schema)

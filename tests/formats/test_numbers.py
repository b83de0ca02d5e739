"""Numbers in usage lists: a society's work number and the sender's own number are told apart by their headers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from partita.formats import headers, usage

SENDERS = (
    "song no",
    "Song_No.",
    "SONG ID",
    "曲號",
    "歌號",
    "點歌編號",
    "歌曲編號",
    "点歌编号",
    "曲號 Song No.",
    "곡번호",
)
SOCIETIES = ("work number", "Work No.", "work code", "作品編號", "著作編號", "作品编号", "作品コード", "작품번호")
NEITHER = ("work_id", "編號", "序號", "no", "track no", "曲", "著作人", "歌號碼段落")


@pytest.mark.parametrize(
    ("header", "ours"), [(h, "sender_number") for h in SENDERS] + [(h, "work_number") for h in SOCIETIES]
)
def test_a_number_is_known_by_its_header(header: str, ours: str):
    """In English, Chinese, Japanese and Korean, whatever the punctuation, and in bilingual headers."""
    found = headers.meaning(header, "usage")
    assert found is not None
    assert found[0] == ours


@pytest.mark.parametrize("header", NEITHER)
def test_other_numbers_are_neither(header: str):
    """A bare number of the row, a track number or somebody's `work_id` decides nothing about works."""
    found = headers.meaning(header, "usage")
    assert found is None or found[0] not in {"sender_number", "work_number"}


def test_numbers_are_read_as_text(text: Callable[[str], Path]):
    """Leading zeros stay; empty cells are null; a line with a number and no title is a line."""
    path = text("曲號,作品編號,歌名,次數\n00123, T-9 ,望春風,1\n,,雨夜花,2\n77,,,9\n,,,4\n")
    reading = usage.read(path, name="log")
    assert reading.table.column("sender_number").to_pylist() == ["00123", None, "77"]
    assert reading.table.column("work_number").to_pylist() == ["T-9", None, None]
    assert reading.problems.column("code").to_pylist() == ["usage.title"]

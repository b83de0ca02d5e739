"""A contribution record as a file: what it says comes in whole, and what it may not say is refused with the place."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.errors import InputError
from partita.formats import contribution_file
from partita.formats.labels.shape import Contribution, Credit, Making, Part
from partita.law.authorship import EVIDENCE_KINDS
from partita.tables import rights

TEXT = """
title: 夜港
work_id: T9000000011
producer: Harbour Studio (fictional)
produced_at: 2026-10-01T10:00:00+08:00
parts:
  - {part: lyrics, making: human, party: P1, evidence: ["drafts: three dated drafts"]}
  - {part: vocals, making: generated, tool: singer/v2}
credits:
  - {work_id: T9000000022, title: Waltz, share_ppm: 250000}
reservation: [train_generative]
"""


def read(folder: Path, text: str) -> Contribution:
    """The record of a file that holds `text`."""
    path = folder / "record.yaml"
    path.write_text(text, encoding="utf-8")
    return contribution_file.read(path)


def test_a_record_is_read(tmp_path: Path) -> None:
    """Parts, credits, producer, moment with its zone and reservation come in as they are written."""
    found = read(tmp_path, TEXT)
    assert found.parts[0] == Part("lyrics", Making.HUMAN, party="P1", evidence=("drafts: three dated drafts",))
    assert found.credits == (Credit("T9000000022", "Waltz", share_ppm=250_000),)
    assert found.produced_at is not None
    assert found.produced_at.isoformat() == "2026-10-01T10:00:00+08:00"
    assert (found.making, found.reservation) == (Making.ASSISTED, ("train_generative",))


def test_json_is_read_too(tmp_path: Path) -> None:
    """JSON is a part of YAML: a record written as plain data comes back the same."""
    found = read(tmp_path, TEXT)
    assert read(tmp_path, json.dumps(contribution_file.plain(found))) == found


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("title: 夜港", "", "title"),
        ("title: 夜港", 'title: "a\\u0000b"', "title"),
        ("title: 夜港", "title: A\ntitle: B", "title stands twice"),
        ("title: 夜港", "title: A\nnonsense: B", "nonsense"),
        ("part: lyrics", "part: solo", r"parts\.1\.part"),
        ("making: human", "making: magic", r"parts\.1\.making"),
        ("drafts: three", "a dream: three", r"parts\.1\.evidence\.1"),
        ("share_ppm: 250000", "share_ppm: 0.25", "whole number of parts per million"),
        ("share_ppm: 250000", "share_ppm: true", "whole number of parts per million"),
        ("share_ppm: 250000", "share_ppm: 1000001", r"credits\.1\.share_ppm"),
        ("share_ppm: 250000", "iswc: T-000.000.000-0", r"credits\.1\.iswc"),
        ("{work_id: T9000000022, title: Waltz, ", "{", "names no work"),
        ("+08:00", "", "timezone"),
        ("[train_generative]", "[world peace]", "no purpose is called"),
        ("work_id: T9000000011", "making: human", "human as a whole, and assisted by its parts"),
        ("reservation: [train_generative]", "reservation: &all [train]\noversight: *all", "alias"),
    ],
)
def test_what_a_record_may_not_say_is_refused(tmp_path: Path, old: str, new: str, wrong: str) -> None:
    """Each field that is missing, strange, doubled or out of its bounds is named."""
    with pytest.raises(InputError, match=wrong):
        read(tmp_path, TEXT.replace(old, new, 1))


def test_words_are_those_of_the_registry() -> None:
    """Parts and kinds of evidence are those that the table `authorship` and the law's list know."""
    meaning = next(column.meaning for column in rights.AUTHORSHIP.columns if column.name == "part")
    assert all(f"`{part}`" in meaning for part in contribution_file.PARTS)
    record = {
        "title": "A",
        "parts": [{"part": "whole", "making": "human", "evidence": [f"{k}: a" for k in EVIDENCE_KINDS]}],
    }
    assert len(contribution_file.of(record).parts[0].evidence) == len(EVIDENCE_KINDS)


def test_a_large_or_missing_file_is_bad_input(tmp_path: Path) -> None:
    """A file beyond the limit, a folder and a name that is not there are refused by name."""
    (tmp_path / "large.yaml").write_bytes(b"#" * (contribution_file.BYTES_MOST + 1))
    for name in ("large.yaml", "absent.yaml", "."):
        with pytest.raises(InputError):
            contribution_file.read(tmp_path / name)


JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["title", "parts", "part", "making", "credits", "share_ppm", "work_id"]), inner, max_size=4
    ),
    max_leaves=12,
)  # fmt: skip


@given(JSONISH)
def test_no_data_breaks_the_reader(data: object) -> None:
    """Whatever plain data comes is a record or bad input, and a record has a title and parts."""
    with contextlib.suppress(InputError):
        found = contribution_file.of(data)
        assert found.title
        assert found.parts

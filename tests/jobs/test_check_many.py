"""Files of questions: what each is about, answers that are safe to open, and nothing half written."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partita import clear
from partita.errors import InputError
from partita.formats.uses import SCHEMA
from partita.jobs.check_many import check_many
from partita.jobs.meant import meant
from partita.registry import lookup, record, snapshot
from partita.registry.store import Store, open_store

DAY = dt.date(2026, 5, 1)
TOLD = dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
ALWAYS = {"valid_from": dt.date(2000, 1, 1)}
OTHERWISE = {"purpose": "train", "system": "*", "territory": "world"}
NAMES = ("W1", "W2", "T9000000011", "T-900.000.001-1", "T9000000022", "ZZZ992600001", "zz-z99-26-00001", "=W", "none",
         " W1 ")  # fmt: skip
"""Texts that name a work, two works, a recording, a work numbered as a recording is, and nothing."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Works with one ISWC between two, a number that is an ISRC too, and an ISWC that moved in 2020."""
    found = open_store(tmp_path_factory.mktemp("many") / "registry.db")
    works = [
        {"work_id": "W1", "title": "Harbour Song", "iswc": "T9000000011", **ALWAYS},
        {"work_id": "W2", "title": "Mountain Song", "iswc": "T9000000011", **ALWAYS},
        {"work_id": "W3", "title": "Old Song", "iswc": "T9000000022", **ALWAYS, "valid_to": dt.date(2020, 1, 1)},
        {"work_id": "W4", "title": "New Song", "iswc": "T9000000022", "valid_from": dt.date(2020, 1, 1)},
        {"work_id": "ZZZ992600001", "title": "Numbered as a Recording", **ALWAYS},
        {"work_id": "=W", "title": "Sum", **ALWAYS},
    ]
    record.add_all(found, {"works": works}, "tests", TOLD)
    return found


def answers(store: Store, folder: Path, text: str, **more: Any) -> tuple[dict[str, Any], list[dict[str, str]], str]:
    """What a file of questions comes to: the result, the rows of answers.csv, and its text."""
    (folder / "uses.csv").write_text(text, encoding="utf-8")
    result = check_many(store, folder / "uses.csv", folder / "answers.csv", OTHERWISE, DAY, None, **more)
    written = (folder / "answers.csv").read_text(encoding="utf-8-sig")
    return result, list(csv.DictReader(written.splitlines())), written


def question(text: str, at: dt.date, known: dt.datetime | None) -> pa.Table:
    """One question about a text."""
    row: dict[str, Any] = dict.fromkeys(SCHEMA.names, "") | {"writers": [], "performers": []}
    row |= {"target": text, "at": at, "known": known}
    return pa.Table.from_pylist([row], schema=SCHEMA)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.sampled_from(NAMES).map(str.strip) | st.text(min_size=1, max_size=12).map(str.strip).filter(bool),
    at=st.sampled_from((dt.date(1999, 1, 1), dt.date(2019, 12, 31), dt.date(2020, 1, 1), DAY)),
    known=st.sampled_from((None, TOLD, TOLD - dt.timedelta(seconds=1))),
)
def test_a_text_in_a_file_names_what_it_names_alone(
    store: Store, text: str, at: dt.date, known: dt.datetime | None
) -> None:
    """The same thing on the same day, as known then; where it names none or several, nothing."""
    if "\0" in text or "://" in text:
        return
    alone = lookup.find(store, text, at, known)
    plain = known.replace(tzinfo=None) if known else None
    row = meant(question(text, at, plain), snapshot.read(store)["works"]).to_pylist()[0]

    assert (row["target_kind"], row["target"]) == (alone[0] if len(alone) == 1 else ("work", ""))
    assert (row["matched_by"] == "several", row["matched_by"] == "nothing") == (len(alone) > 1, not alone)


def test_what_names_several_things_is_unknown_and_says_so(store: Store, tmp_path: Path) -> None:
    """An ISWC of two works, and a number that is an ISRC too; with its kind stated the number is clear."""
    text = "id,target,target_kind\n1,T9000000011,\n2,ZZZ992600001,\n3,ZZZ992600001,work\n"
    _, rows, _ = answers(store, tmp_path, text)

    assert [(row["answer"], row["matched_by"]) for row in rows] == [
        ("unknown", "several"), ("unknown", "several"), ("unknown", "stated"),
    ]  # fmt: skip
    assert "several" in rows[0]["reason"]
    assert "several" not in rows[2]["reason"]


def test_answers_run_nothing_and_show_no_password(store: Store, tmp_path: Path) -> None:
    """A cell that a spreadsheet would run is text; the user and password of a URL are written nowhere."""
    text = "id,target\n=1+1,=W\n+2,https://clerk:s3cret@example.org/a\n@3,ftp://clerk:s3cret@example.org/\n"
    result, rows, written = answers(store, tmp_path, text)

    assert [row["use_id"] for row in rows] == ["'+2", "'=1+1", "'@3"]
    assert rows[1]["target"] == "'=W"
    assert "s3cret" not in written + str(result)


def test_a_number_stands_once(store: Store, tmp_path: Path) -> None:
    """The second row of a number is set aside and named; also where the row's own place is its number."""
    result, rows, _ = answers(store, tmp_path, "id,target\n2,W1\n,W2\n2,W4\n")

    assert [(row["use_id"], row["target"]) for row in rows] == [("2", "W1")]
    assert [(problem["code"], problem["line"]) for problem in result["problems"]] == [("uses.id", 3), ("uses.id", 4)]


def test_a_title_is_looked_for_on_its_own_day(store: Store, tmp_path: Path) -> None:
    """A work that was gone by then is not found by its title."""
    _, rows, _ = answers(store, tmp_path, "id,title,at\n1,Old Song,2019-06-01\n2,Old Song,2021-06-01\n")
    assert [(row["target"], row["matched_by"]) for row in rows] == [("W3", "title"), ("", "title_unsure")]


def test_questions_in_big5_are_read(store: Store, tmp_path: Path) -> None:
    """A list as a Taiwanese office saves it."""
    (tmp_path / "uses.csv").write_bytes("編號,曲名,作曲\n1,雨夜花,鄧雨賢\n".encode("big5"))
    result = check_many(store, tmp_path / "uses.csv", tmp_path / "a.parquet", OTHERWISE, DAY, None)
    assert (result["uses"], result["file"]["encoding"]) == (1, "cp950")


def test_an_interruption_leaves_what_was_there(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answers of before stay; no other file does."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    (tmp_path / "uses.csv").write_text("id,target\n1,W1\n", encoding="utf-8")
    (tmp_path / "answers.csv").write_text("before", encoding="utf-8")
    monkeypatch.setattr(clear, "decide_all", interrupted)
    with pytest.raises(KeyboardInterrupt):
        check_many(store, tmp_path / "uses.csv", tmp_path / "answers.csv", OTHERWISE, DAY, None)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.csv", "uses.csv"]
    assert (tmp_path / "answers.csv").read_text(encoding="utf-8") == "before"


@pytest.mark.parametrize(
    ("out", "purpose", "wrong"),
    [("uses.csv", "train", "replace the questions"), ("a.csv", "trian", "train_generative"),
     ("a.csv", "", "no column says what for"), ("a.ods", "train", r"\.csv or \.parquet"),
     ("nowhere/a.csv", "train", "No such file")],
)  # fmt: skip
def test_what_cannot_be_done_is_said_before_anything_is_written(
    store: Store, tmp_path: Path, out: str, purpose: str, wrong: str
) -> None:
    """The questions are never replaced, and no answers appear."""
    (tmp_path / "uses.csv").write_text("id,target\n1,W1\n", encoding="utf-8")
    with pytest.raises(InputError, match=wrong):
        check_many(store, tmp_path / "uses.csv", tmp_path / out, OTHERWISE | {"purpose": purpose}, DAY, None)
    assert [path.name for path in tmp_path.iterdir()] == ["uses.csv"]

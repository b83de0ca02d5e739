"""The review queue as a sheet: what is written is safe to open and comes back as it was, whatever stands in a title."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partita.errors import InputError
from partita.formats import queue_sheet, xlsx

HOSTILE = [
    "=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(A1:A9)", "\t=1", "\r=1", "＝1+1", "a\x00b", "\ud800 alone",
    "\u202eabc\u202c",
    "_x0041_", "T" * 100_000, "愛" * 40_000, "<t>&amp;</t>", "]]>", '"quoted", and a comma', "line\nbreak",
    "\ufffe\uffff",
    "\u200b", "😀", "  spaces  ", "'apostrophe", "007", "1e10",
]  # fmt: skip


def item(title: str, *, works: tuple[str, ...] = ("W1", "=W2"), **more: Any) -> dict[str, Any]:
    """An item of a queue with one title everywhere."""
    candidates = [{"work_id": work, "title": title, "performers": title, "writers": "", "probability": "0.5000",
                   "why": "below 0.90"} for work in works]  # fmt: skip
    data = {"item": "q1", "title": title, "performers": [title], "writers": [], "works": list(works), "senders": [],
            "run": "r", "place": "run"}  # fmt: skip
    return {
        "item_id": "q1", "title": title, "performers": title, "writers": "", "amount": "-12.50", "currency": "TWD",
        "plays": 3, "lines": 2, "outcome": "ambiguous", "decided": "", "candidates": candidates, "licensees": 1,
        "licensee": title, "line_id": "L1", "file": "log.csv", "line": 7, "data": data, **more,
    }  # fmt: skip


def filled(path: Path, answer: str, out: Path | None = None) -> Path:
    """The workbook with the answer in its first row, saved as another program saves it."""
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    names = [str(cell.value).split(" ")[0] for cell in sheet[1]]
    sheet.cell(2, names.index("answer") + 1).value = answer
    book.save(out or path)
    return out or path


@pytest.mark.parametrize("title", HOSTILE)
def test_a_workbook_runs_nothing_and_keeps_what_it_asks(tmp_path: Path, title: str) -> None:
    """No cell of the workbook is a formula, other programs read it, and the question comes back to the letter."""
    path = tmp_path / "queue.xlsx"
    queue_sheet.write(path, [item(title)], {})
    cells = [cell for row in openpyxl.load_workbook(path).active.iter_rows() for cell in row]  # type: ignore[union-attr]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    with zipfile.ZipFile(path) as archive:
        assert not [name for name in archive.namelist() if b"<f" in archive.read(name).replace(b"<formula1>", b"")
                    and name.startswith("xl/worksheets")]  # fmt: skip
    found = queue_sheet.read(filled(path, "same 1"))
    assert [(f.item_id, f.answer) for f in found] == [("q1", "same 1")]
    data = found[0].data
    assert data is not None
    assert (data["title"], data["performers"], data["works"]) == (title[:1024], [title[:1024]], ["W1", "=W2"])


@pytest.mark.parametrize("title", HOSTILE)
def test_a_csv_runs_nothing_and_keeps_what_it_asks(tmp_path: Path, title: str) -> None:
    """No cell of the CSV begins with a sign that starts a formula, and the question comes back to the letter."""
    path = tmp_path / "queue.csv"
    queue_sheet.write(path, [item(title)], {})
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, row = csv.reader(file)
    words = dict(zip(header, row, strict=True))
    assert [
        c for name, c in words.items() if c.startswith(("=", "+", "-", "@", "\t", "\r", "＝")) and "amount" not in name
    ] == []
    row[1] = "none"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([header, row])
    found = queue_sheet.read(path)
    assert [(f.answer, f.place) for f in found] == [("none", "row 2")]
    assert found[0].data is not None
    assert found[0].data["title"] == title[:1024]


@pytest.mark.parametrize("title", HOSTILE)
def test_json_keeps_everything(tmp_path: Path, title: str) -> None:
    """JSON holds the whole text, and takes an answer."""
    path = tmp_path / "queue.json"
    queue_sheet.write(path, [item(title)], {"run_id": "r"})
    whole = json.loads(path.read_text(encoding="utf-8"))
    assert whole["items"][0]["title"] == title
    whole["items"][0]["answer"] = "not this"
    path.write_text(json.dumps(whole), encoding="utf-8")
    assert [f.answer for f in queue_sheet.read(path)] == ["not this"]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(), max_size=30), min_size=1, max_size=4))
def test_any_text_survives_a_workbook(tmp_path: Path, texts: list[str]) -> None:
    """Whatever the characters, the question is read back as it was written."""
    path = tmp_path / "any.xlsx"
    whole = item(texts[0])
    whole["data"] |= {"performers": texts, "works": texts}
    queue_sheet.write(path, [whole | {"answer": "none"}], {})
    data = queue_sheet.read(path)[0].data
    assert data is not None
    assert (data["title"], data["performers"], data["works"]) == (texts[0], texts, texts)


@pytest.mark.parametrize("suffix", queue_sheet.SUFFIXES)
def test_the_same_queue_gives_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    """No clock and no machine stands in a file; a rewritten one is equal."""
    for name in ("a", "b"):
        queue_sheet.write(tmp_path / f"{name}{suffix}", [item(t) for t in HOSTILE], {"run_id": "r"})
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"a{suffix}", f"b{suffix}"]


def test_headers_speak_both_languages_and_answers_can_be_chosen(tmp_path: Path) -> None:
    """Each header has its Chinese word, the column of answers offers a list, what carries the question is hidden."""
    path = tmp_path / "queue.xlsx"
    queue_sheet.write(path, [item("望春風")], {})
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    headers = [str(cell.value) for cell in sheet[1]]
    assert all(any("\u4e00" <= c <= "\u9fff" for c in header) for header in headers)
    assert headers[1] == "answer 答覆"
    listed = sheet.data_validations.dataValidation[0]
    assert (str(listed.sqref), listed.formula1) == ("B2", '"' + ",".join(queue_sheet.CHOICES) + '"')
    assert sheet.column_dimensions[xlsx.letters(len(headers))].hidden
    assert sheet.freeze_panes == "E2"


def test_names_that_no_cell_holds_are_not_cut_in_silence(tmp_path: Path) -> None:
    """A line whose names are longer than a cell says so when it is answered; nothing else is lost."""
    path = tmp_path / "queue.xlsx"
    whole = item("x") | {"answer": "same 1"}
    whole["data"] |= {"performers": ["愛" * 1000 for _ in range(40)]}
    queue_sheet.write(path, [whole], {})
    assert queue_sheet.read(path)[0].data == {"item": "q1", "long": True}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.xlsx", b"no workbook"), ("x.csv", b"title,plays\na,1\n"), ("x.csv", b""), ("x.json", b"{}"),
        ("x.json", b"[1]"),
        ("x.json", b'{"items": [1]}'), ("x.csv", b"\xff\xfe\x00"),
    ],
)  # fmt: skip
def test_what_is_no_queue_is_one_line(tmp_path: Path, name: str, content: bytes) -> None:
    """Another file is refused with its name."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=name):
        queue_sheet.read(tmp_path / name)


@pytest.mark.parametrize("data", ["", "{", "[]", "{}", '{"item": "q1"}', '{"item": "q1", "long": 0}', "[" * 9999,
                                  json.dumps(item("x")["data"] | {"works": [1]}),
                                  json.dumps(item("x")["data"] | {"senders": ["a"]})])  # fmt: skip
def test_a_spoilt_question_is_none(tmp_path: Path, data: str) -> None:
    """What carries the question is checked; an answer beside a spoilt one has no question."""
    with (tmp_path / "q.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["item_id", "answer", "data"], ["q1", "same 1", data]])
    assert [f.data for f in queue_sheet.read(tmp_path / "q.csv")] == [None]


def test_a_name_that_is_no_form_of_a_queue(tmp_path: Path) -> None:
    """The ending says what is written; another one is refused."""
    with pytest.raises(InputError, match="End the name in"):
        queue_sheet.write(tmp_path / "queue.ods", [], {})


def test_more_rows_than_a_sheet_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A queue that no sheet holds says so, and leaves no file."""
    monkeypatch.setattr(xlsx, "ROWS_MOST", 3)
    with pytest.raises(InputError, match="do not fit into a sheet"):
        queue_sheet.write(tmp_path / "queue.xlsx", [item("x")] * 4, {})
    assert list(tmp_path.iterdir()) == []

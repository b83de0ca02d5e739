"""Input made to hurt: every line gets an outcome, or its row is set aside, in bounded memory and time.

Time is never asserted: each process has a limit of CPU seconds and of memory that only a blow-up reaches.
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from partita.errors import InputError
from partita.formats import Reading, repertoire, usage
from partita.identify import identify

sys.path.insert(0, str(Path(__file__).parent))
from hostile_lines import BIDI, CONTROLS, EMOJI, FORMULAS, INVISIBLE, STACKED

SMALL = (
    "odd_lines", "odd_works", "long_lines", "long_names", "long_works", "many_names", "no_works", "one_work",
    "no_lines", "empty_works",
)  # fmt: skip
SAME_TITLE = ("one_title_named", "one_title_bare", "one_title_one_name", "one_name")
MIB_MOST = {"every_character": 4_096}
"""Memory beyond that of the input; for the others `MIB_MOST_ELSE`."""
MIB_MOST_ELSE = 1_536
AT_MOST_S = 900
"""Only so that nothing waits for ever."""


@pytest.fixture(scope="session")
def run() -> Callable[..., dict[str, dict[str, Any]]]:
    """Runs cases of `hostile_lines`, together in one process, once."""
    done: dict[tuple[str, ...], dict[str, dict[str, Any]]] = {}

    def ask(*names: str) -> dict[str, dict[str, Any]]:
        if names not in done:
            command = [sys.executable, str(Path(__file__).with_name("hostile_lines.py")), *names]
            ran = subprocess.run(command, capture_output=True, text=True, timeout=AT_MOST_S, check=False)
            said = [json.loads(line) for line in ran.stdout.splitlines()]
            done[names] = {one["case"]: one for one in said}
            for name in set(names) - set(done[names]):
                done[names][name] = {"failed": f"ended with {ran.returncode}: {ran.stderr[-2000:]}"}
        return done[names]

    return ask


def check(said: dict[str, Any]) -> None:
    """Every line has one outcome, in order, with works that there are, in bounded memory."""
    assert "failed" not in said, said["failed"]
    assert sum(said["outcomes"].values()) == said["lines"]
    assert set(said["outcomes"]) <= {"matched", "ambiguous", "unmatched"}
    assert said["in_order"]
    assert said["works_known"]
    assert said["probable"]
    assert said["candidates_most"] <= 5
    assert said["peak_mib"] - said["before_mib"] <= MIB_MOST.get(said["case"], MIB_MOST_ELSE)


@pytest.mark.parametrize("name", SMALL)
def test_odd_and_long_texts(run: Callable[..., Any], name: str) -> None:
    """Empty, endless, bracketed, controlling, bidirectional, invisible, stacked texts as lines and as works."""
    check(run(*SMALL)[name])


@pytest.mark.parametrize("name", SAME_TITLE)
def test_many_works_that_look_the_same(run: Callable[..., Any], name: str) -> None:
    """200,000 works of one title, or of one performer, do not multiply the lines that ask for them."""
    check(run(*SAME_TITLE)[name])


def test_a_work_among_many_of_its_title(run: Callable[..., Any]) -> None:
    """Among 200,000 works of one title, the one with the stated performer is found."""
    said = run(*SAME_TITLE)["one_title_named"]
    check(said)
    assert said["outcomes"]["matched"] >= 2_000


def test_a_million_equal_lines(run: Callable[..., Any]) -> None:
    """A line that stands there a million times is looked at once."""
    said = run("equal_lines")["equal_lines"]
    check(said)
    assert said["outcomes"] == {"matched": 1_000_000}
    assert said["looked_at"] == 1


def test_lines_of_signs(run: Callable[..., Any]) -> None:
    """200,000 distinct lines of nothing but signs match nothing."""
    said = run("signs_only")["signs_only"]
    check(said)
    assert said["lines"] == 200_000
    assert "matched" not in said["outcomes"]


def test_every_character(run: Callable[..., Any]) -> None:
    """Characters of every script and plane, alone and in the middle of a title."""
    check(run("every_character")["every_character"])


def test_no_work_matches_without_a_repertoire(run: Callable[..., Any]) -> None:
    """Where there is no work, every line is unmatched; where there is no line, there is no outcome."""
    assert set(run(*SMALL)["no_works"]["outcomes"]) == {"unmatched"}
    assert run(*SMALL)["no_lines"]["outcomes"] == {}
    assert set(run(*SMALL)["empty_works"]["outcomes"]) == {"unmatched"}


# The same texts as they come: in files.

CELLS = [*FORMULAS, *BIDI, *INVISIBLE, *EMOJI, *CONTROLS, *STACKED, "", "x" * 100_000, "((" * 900, "Yesterday"]
HEAD = ["line_id", "title", "artist", "plays"]


def lines() -> list[list[str]]:
    """Rows of a usage list with each odd cell as title and as performer."""
    return [
        [str(i), *pair, "1"]
        for i, pair in enumerate([(c, "The Beatles") for c in CELLS] + [("Yesterday", c) for c in CELLS])
    ]


def as_delimited(path: Path, delimiter: str) -> None:
    """CSV or TSV, every cell quoted, and rows of bytes that are no UTF-8: lone surrogates, cut characters."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([HEAD, *lines()])
    raw = [b"\xed\xa0\x80", b"Yes\xed\xbf\xbfterday", b"\xff\xfe", b"\xe6\x9c", b"\xf8\x88\x80\x80\x80", b"\xc0\x80"]
    mark = delimiter.encode()
    rows = [mark.join([b"raw%d" % i, cell, b"The Beatles", b"1"]) for i, cell in enumerate(raw)]
    path.write_bytes(out.getvalue().encode() + b"\r\n".join(rows) + b"\r\n")


def as_workbook(path: Path) -> None:
    """XLSX; what XML cannot hold is left out, formulas are text."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEAD)
    for row in lines():
        cells = ["".join(c for c in cell if c in "\t\n\r" or unicodedata.category(c) != "Cc")[:32_000] for cell in row]
        sheet.append(cells)
        for cell in sheet[sheet.max_row]:
            cell.data_type = "s"
    book.save(path)


def as_parquet(path: Path) -> None:
    """Parquet."""
    pq.write_table(pa.table(dict(zip(HEAD, map(list, zip(*lines(), strict=True)), strict=True))), path)


WRITERS: dict[str, Callable[[Path], None]] = {
    "list.csv": lambda path: as_delimited(path, ","),
    "list.tsv": lambda path: as_delimited(path, "\t"),
    "list.xlsx": as_workbook,
    "list.parquet": as_parquet,
}


def read(tmp_path: Path, name: str) -> Reading:
    """The hostile list in this form, read."""
    path = tmp_path / name
    WRITERS[name](path)
    return usage.read(path, name="hostile")


@pytest.mark.parametrize("name", WRITERS)
def test_files_of_odd_cells(tmp_path: Path, works: pa.Table, name: str) -> None:
    """Each row is read or set aside with its line; each row that was read gets an outcome; the plain one is found."""
    reading = read(tmp_path, name)
    aside = [p for p in reading.problems.to_pylist() if p["severity"] == "quarantined"]
    assert reading.table.num_rows + len(aside) == reading.notes.rows
    assert all(p["line"] > 0 and p["reason"] for p in aside)
    matches = identify(reading.table, works)
    assert matches.column("line_id").equals(reading.table.column("line_id"))
    found = dict(zip(matches["line_id"].to_pylist(), matches["work_id"].to_pylist(), strict=True))
    assert found[str(CELLS.index("Yesterday"))] == "W07"


@pytest.mark.parametrize("name", WRITERS)
def test_no_text_holds_what_cannot_be_shown(tmp_path: Path, name: str) -> None:
    """What was read holds no control character, lone surrogate or mark that turns the direction of writing."""
    reading = read(tmp_path, name)
    texts = reading.table["title"].to_pylist() + [n for names in reading.table["performers"].to_pylist() for n in names]
    odd = {
        c
        for text in texts
        for c in text
        if unicodedata.category(c) in {"Cc", "Cs"} or c in "\u202a\u202b\u202d\u202e\u2066\u2067"
    }
    assert odd == set()


@pytest.mark.parametrize("name", WRITERS)
def test_formulas_stay_text(tmp_path: Path, name: str) -> None:
    """A cell that looks like a formula is the title that it says, to the letter but for control characters."""
    titles = set(read(tmp_path, name).table["title"].to_pylist())
    assert {text.strip() for text in FORMULAS} <= titles


def test_too_long_a_cell_is_set_aside(tmp_path: Path) -> None:
    """A title of 100 KB is no title: its row is set aside, its plays are counted, the other rows are read."""
    reading = read(tmp_path, "list.csv")
    long_ones = [p for p in reading.problems.to_pylist() if p["code"] == "row.too_long"]
    assert [p["plays"] for p in long_ones] == [1, 1]


def test_parquet_that_lies(tmp_path: Path) -> None:
    """A Parquet text column whose bytes are no UTF-8 is refused in one line, not read."""
    data = b"Yesterday\xed\xa0\x80"
    column = pa.StringArray.from_buffers(
        1, pa.py_buffer(b"\0\0\0\0" + len(data).to_bytes(4, "little")), pa.py_buffer(data)
    )
    path = tmp_path / "list.parquet"
    pq.write_table(pa.table({"title": column}), path)
    for read_one in (usage.read, repertoire.read):
        with pytest.raises(InputError) as caught:
            read_one(path, name="x")
        assert "\n" not in str(caught.value)


ESCAPES = [
    "_x0000_Yes_x0000_terday",
    "_xD800_",
    "Yes_xDFFF_terday",
    "&#xD800;",
    "&#0;",
    "&#x202E;x",
    "&#xFFFE;",
    "&amp;#0;",
]


@pytest.mark.parametrize("escape", ESCAPES)
def test_a_workbook_with_escapes_for_what_is_no_character(tmp_path: Path, works: pa.Table, escape: str) -> None:
    """Character escapes of XML and of XLSX for surrogates and controls: the cell is text, or the file is refused."""
    book = openpyxl.Workbook()
    for row in (["title", "artist"], ["HERE", "The Beatles"], ["Yesterday", "The Beatles"]):
        book.active.append(row)
    whole, out = io.BytesIO(), io.BytesIO()
    book.save(whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(out, "w") as target:
        for member in source.infolist():
            target.writestr(member.filename, source.read(member).replace(b"HERE", escape.encode()))
    path = tmp_path / "list.xlsx"
    path.write_bytes(out.getvalue())
    refused = ""
    try:
        reading = usage.read(path, name="x")
    except InputError as error:
        refused = str(error)
    if refused:
        assert "\n" not in refused
        return
    assert reading.notes.rows == 2
    assert "W07" in identify(reading.table, works).column("work_id").to_pylist()


def test_bytes_that_are_no_text_are_set_aside(tmp_path: Path) -> None:
    """A row of a CSV file with lone surrogates or cut characters is set aside with its line; no other is lost."""
    reading = read(tmp_path, "list.csv")
    aside = [p["line"] for p in reading.problems.to_pylist() if p["code"] == "row.undecodable"]
    assert len(aside) == 6

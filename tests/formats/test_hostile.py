"""Files that are not what they say, or were made to hurt: one clear line each, and nothing else is ever raised."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partita.errors import InputError
from partita.formats import Reading, repertoire, shares, usage

READ: dict[str, Callable[..., Reading]] = {"usage": usage.read, "repertoire": repertoire.read, "shares": shares.read}
HEADERS = {
    "usage": "line_id,title,artist,plays,date,isrc,seconds",
    "repertoire": "work_id,title,composer,lyricist,iswc,language",
    "shares": "work_id,party_name,role,share,society",
}


def workbook() -> bytes:
    """A small true workbook."""
    book = openpyxl.Workbook()
    book.active.append(["title", "plays"])
    book.active.append(["Waltz", 2])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parquet() -> bytes:
    """A small true Parquet file."""
    out = io.BytesIO()
    pq.write_table(pa.table({"title": ["Waltz"] * 100, "plays": [1] * 100}), out)
    return out.getvalue()


TRUE = {".xlsx": workbook(), ".parquet": parquet()}


def archive(**members: bytes) -> bytes:
    """A ZIP archive; `__` in a name stands for a slash, `_xml` for `.xml`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_rels", ".rels"), content)
    return out.getvalue()


def sheet_of(cells: bytes) -> bytes:
    """A true workbook whose sheet has these cells instead."""
    source, out = zipfile.ZipFile(io.BytesIO(workbook())), io.BytesIO()
    with source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for member in source.infolist():
            content = source.read(member)
            if member.filename.endswith("sheet1.xml"):
                content = (
                    content[: content.index(b"<sheetData>")] + b"<sheetData>" + cells + b"</sheetData></worksheet>"
                )
            file.writestr(member.filename, content)
    return out.getvalue()


WRONG = {
    "empty.csv": (b"", "empty"),
    "blank.csv": (b"\n\n  \n", "no header row"),
    "zip.csv": (archive(a=b"x"), "ZIP archive or XLSX workbook, not .csv"),
    "book.csv": (workbook(), "Name it .xlsx"),
    "table.csv": (parquet(), "Name it .parquet"),
    "paper.csv": (b"%PDF-1.7 ...", "PDF"),
    "page.csv": (b"\xef\xbb\xbf <!DOCTYPE html><table>", "web page"),
    "noise.csv": (bytes(range(1, 32)) * 50, "binary"),
    "gzip.tsv": (b"\x1f\x8b\x08\x00", "gzip"),
    "prose.txt": (b"Dear Sirs,\nplease find our list attached\n", "no header row"),
    "line.csv": (b"title," + b"x" * (17 << 20), "longer than"),
    "wide.csv": (b"title," * 600 + b"\n", "limit is 512"),
    "text.xlsx": (b"title,plays\nWaltz,2\n", "first bytes"),
    "old.xlsx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "password"),
    "zip.xlsx": (archive(a=b"x"), "no XLSX workbook"),
    "cut.xlsx": (workbook()[:-400], "cannot be read"),
    "bomb.xlsx": (archive(xl__workbook_xml=b"<a/>", xl__big_xml=b" " * (80 << 20)), "no real list"),
    "broken.xlsx": (archive(xl__workbook_xml=b"<a"), "cannot be read"),
    "far.xlsx": (
        sheet_of(b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "cells",
    ),
    "deep.xlsx": (sheet_of(b"<row r='9'><c r = 'ZZ4294967295'><v>1</v></c></row>"), "cells"),
    "none.xlsx": (sheet_of(b""), "no header row"),
    "text.parquet": (b"title,plays\n", "first bytes"),
    "cut.parquet": (parquet()[:-30], "cannot be read"),
    "head.parquet": (b"PAR1", "cannot be read"),
    "list.xls": (b"\xd0\xcf\x11\xe0", "not read"),
    "list": (b"title\n", "not read"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_file_that_is_not_what_it_says(tmp_path: Path, name):
    """One line that names the file and how to mend it."""
    content, said = WRONG[name]
    path = tmp_path / name
    path.write_bytes(content)
    for read in READ.values():
        with pytest.raises(InputError) as caught:
            read(path, name="x")
        message = str(caught.value)
        assert message.startswith(f"{path}: ")
        assert "\n" not in message
        if read is usage.read:
            assert said in message


def test_places_that_are_no_files(tmp_path: Path):
    """A folder, a missing file and a pipe are refused, not waited for."""
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    for name in ("pipe.csv", "folder.csv", "missing.csv"):
        with pytest.raises(InputError):
            usage.read(tmp_path / name, name="x")


def test_a_workbook_of_one_huge_text(tmp_path: Path):
    """A text of many megabytes that thousands of cells point at is refused before it is multiplied."""
    source, out = (
        zipfile.ZipFile(io.BytesIO(sheet_of(b'<row r="1">' + b'<c t="s"><v>0</v></c>' * 20_000 + b"</row>"))),
        io.BytesIO(),
    )
    with source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for member in source.infolist():
            file.writestr(member.filename, source.read(member))
        file.writestr("xl/sharedStrings.xml", b"<sst><si><t>" + os.urandom(300_000).hex().encode() + b"</t></si></sst>")
    path = tmp_path / "list.xlsx"
    path.write_bytes(out.getvalue())
    with pytest.raises(InputError, match="bytes long"):
        usage.read(path, name="x")


def test_nested_parquet(tmp_path: Path):
    """A column of structures is no text, number, date or list of texts."""
    path = tmp_path / "list.parquet"
    pq.write_table(pa.table({"title": [{"a": 1}]}), path)
    with pytest.raises(InputError, match="struct"):
        usage.read(path, name="x")
    pq.write_table(pa.table({"title": pa.array([b"\xff\xfe"], pa.binary())}), path)
    with pytest.raises(InputError, match="cannot be read"):
        usage.read(path, name="x")


@settings(max_examples=25)
@pytest.mark.parametrize("kind", READ)
@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".xlsx", ".parquet"])
@given(data=st.data())
def test_only_input_errors_are_raised(tmp_path_factory, kind, suffix, data):
    """Any bytes, bare or after a true beginning, are read or refused with InputError."""
    true = TRUE.get(suffix, HEADERS[kind].encode() + b"\n")
    noise = data.draw(st.binary(max_size=300))
    place = data.draw(st.integers(0, len(true)))
    content = data.draw(
        st.sampled_from([noise, true + noise, true[:place] + noise + true[place + len(noise) :], true[:place]])
    )
    path = tmp_path_factory.mktemp("noise") / f"list{suffix}"
    path.write_bytes(content)
    try:
        reading = READ[kind](path, name="x")
    except InputError:
        return
    assert reading.notes.rows >= reading.notes.quarantined


CELLS = st.one_of(
    st.text(max_size=10),
    st.sampled_from(
        [
            "",
            "1",
            "-1",
            "1/3",
            "33.33 %",
            "1e9",
            "nan",
            "108/01/05",
            "2019-02-30",
            '"',
            '"a"b',
            "\0",
            "a\nb",
            "T0345246801",
            "C",
        ]
    ),
)


@settings(max_examples=40)
@pytest.mark.parametrize("kind", READ)
@given(rows=st.lists(st.lists(CELLS, min_size=1, max_size=8), max_size=12))
def test_nothing_is_lost(tmp_path_factory, kind, rows):
    """Whatever stands in the rows, each row that is not blank is in the table or among the problems, once."""
    body = "\n".join(",".join(row) for row in rows)
    path = tmp_path_factory.mktemp("rows") / "list.csv"
    path.write_bytes(f"{HEADERS[kind]}\n{body}\n".encode("utf-8", "replace"))
    reading = READ[kind](path, name="x", encoding="utf-8")
    aside = [p for p in reading.problems.to_pylist() if p["severity"] == "quarantined"]
    assert len(aside) == reading.notes.quarantined
    assert len({p["line"] for p in aside}) == len(aside)
    if kind == "usage":
        assert reading.table.num_rows + len(aside) == reading.notes.rows
        lines = set(reading.table.column("line").to_pylist()) | {p["line"] for p in aside}
        assert len(lines) == reading.notes.rows

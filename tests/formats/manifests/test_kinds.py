"""What kind a manifest is, by its content; lists of URLs, tables and JSON lists; what each is refused for."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from partita.errors import InputError

from .conftest import Read, problems

Lines = Callable[..., Path]


def test_a_list_of_urls(read: Read, tmp_path: Path) -> None:
    """One a line, `#` begins a remark, a day may stand behind a tab; the line is the file's own."""
    path = tmp_path / "list"
    path.write_text(
        "# a list\n\nhttps://a.example/x.html\t2024-01-02\r\n  https://b.example/y.mp3  \n"
        "https://c.example/\tsoon\nno address\n",
        encoding="utf-8",
    )
    found = read(path)
    rows = [(r["item_id"], r["url"], r["modality"], r["taken_at"], r["line"]) for r in found.items.to_pylist()]
    assert rows == [
        ("0", "https://a.example/x.html", "text", dt.datetime(2024, 1, 2), 3),  # noqa: DTZ001
        ("1", "https://b.example/y.mp3", "audio", None, 4),
        ("2", "https://c.example/", "", None, 5),
    ]
    assert problems(found) == [(5, "manifest.day"), (6, "manifest.nothing")]
    assert found.notes[0].format == "urls"


def test_a_list_that_is_not_utf_8(read: Read, tmp_path: Path) -> None:
    """The address at fault has replacement signs; the others are read."""
    path = tmp_path / "list.txt"
    path.write_bytes(b"https://a.example/\xff\nhttps://b.example/\n")
    assert read(path).items.column("url").to_pylist()[1] == "https://b.example/"


def test_csv_and_tsv_by_their_headers(read: Read, tmp_path: Path) -> None:
    """The house's own reader finds delimiter, header row and columns."""
    path = tmp_path / "m.csv"
    path.write_text("exported today\nURL;歌名;歌手;Duration (s)\nhttps://a.example/;望春風;甲;61.5\n", encoding="utf-8")
    found = read(path)
    row = found.items.to_pylist()[0]
    assert (row["title"], row["performers"], row["milliseconds"], row["line"]) == ("望春風", ["甲"], 61_500, 3)
    assert found.notes[0].delimiter == "semicolon"


def test_rows_of_a_table_that_do_not_fit(read: Read, tmp_path: Path) -> None:
    """A row with too many cells is set aside with its line."""
    path = tmp_path / "m.csv"
    path.write_text("url,title\nhttps://a.example/,A\nhttps://b.example/,B,C\n", encoding="utf-8")
    found = read(path)
    assert found.items.num_rows == 1
    assert problems(found) == [(3, "row.columns")]


def test_a_json_list(read: Read, tmp_path: Path) -> None:
    """Elements are rows, counted from 1; one that is no object is set aside."""
    path = tmp_path / "m.json"
    path.write_text(json.dumps([{"url": "https://a.example/"}, 7, {"title": "T"}]), encoding="utf-8")
    found = read(path)
    assert [(row["item_id"], row["line"]) for row in found.items.to_pylist()] == [("0", 1), ("2", 3)]
    assert problems(found) == [(2, "manifest.line")]


def test_rows_that_hold_metadata_are_rows(read: Read, lines: Lines) -> None:
    """A page's own JSON-LD within a long first row does not make the file a description."""
    page = '{"@context": "https://schema.org", "@type": "Dataset", "name": "x"}' * 2000
    assert read(lines({"title": "T", "text": page}, {"title": "U"})).items.num_rows == 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks(read: Read, tmp_path: Path, encoding: str) -> None:
    """JSON lines with a mark are read in what it says."""
    path = tmp_path / "m.jsonl"
    path.write_bytes('{"title": "望春風"}\n{"title": "雨夜花"}\n'.encode(encoding))
    assert read(path).items.column("title").to_pylist() == ["望春風", "雨夜花"]


def test_a_stated_encoding(read: Read, tmp_path: Path) -> None:
    """The job may say what a file is in; an encoding that nobody knows is refused."""
    path = tmp_path / "m.jsonl"
    path.write_bytes('{"title": "望春風"}\n'.encode("cp950"))
    assert read(path, encoding="cp950").items.column("title").to_pylist() == ["望春風"]
    with pytest.raises(InputError, match="encoding"):
        read(path, encoding="nonsense")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\x1f\x8b\x08rest", "gzip"),
        (b"WARC/1.0\r\n", "WARC"),
        (b"%PDF-1.7", "PDF"),
        (b"PAR1 cut short", "Parquet"),
        (b'{"a": 1}\n{"b": 2}\n', "names url or"),
        (b"a,b\n1,2\n", "header row"),
        (b'{"a": [1, 2', "names url or|no JSON|not JSON"),
    ],
)
def test_what_is_no_manifest(read: Read, tmp_path: Path, content: bytes, reason: str) -> None:
    """One error that says what the file is."""
    path = tmp_path / "m"
    path.write_bytes(content)
    if content.startswith(b'{"a": ['):
        assert problems(read(path)) == [(1, "manifest.line")]
        return
    with pytest.raises(InputError, match=reason):
        read(path)


def test_places_that_hold_no_file(read: Read, tmp_path: Path) -> None:
    """A folder and a name that nothing bears are refused."""
    for path in (tmp_path, tmp_path / "absent"):
        with pytest.raises(InputError):
            read(path)


def test_the_job_may_not_call_parquet_something_else(read: Read, tmp_path: Path) -> None:
    """Nor something else Parquet."""
    path = tmp_path / "m.parquet"
    pq.write_table(pa.table({"url": ["https://a.example/"]}), path)
    with pytest.raises(InputError, match="Parquet"):
        read(path, format="jsonl")
    other = tmp_path / "m.jsonl"
    other.write_text('{"title": "T"}\n', encoding="utf-8")
    with pytest.raises(InputError, match="Parquet"):
        read(other, format="parquet")


def test_a_mapping_must_name_a_field_and_a_column(read: Read, lines: Lines) -> None:
    """A field that no row has, and a column that the contract has not."""
    path = lines({"url": "https://a.example/"})
    with pytest.raises(InputError, match="'where'"):
        read(path, columns={"url": "where"})
    with pytest.raises(InputError, match="no column"):
        read(path, columns={"smell": "url"})


def test_progress_is_told(tmp_path: Path, lines: Lines) -> None:
    """With the step, bytes read and bytes in all."""
    from partita.formats import manifests  # noqa: PLC0415

    seen: list[tuple[str, int, int]] = []
    path = lines(*[{"title": str(n)} for n in range(10)])
    manifests.read(path, name="m", file="x/m.jsonl", progress=lambda *step: seen.append(step))
    size = path.stat().st_size
    assert seen[-1] == ("read x/m.jsonl", size, size)
    assert tmp_path in path.parents

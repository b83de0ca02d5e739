"""Croissant: metadata read, files beside it followed, nothing fetched, nothing outside the folder opened."""

# ruff: noqa: E501 - metadata reads as it is written

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from partita.errors import InputError

from .conftest import Read, problems

Write = Callable[..., Path]
ROWS = '{"uri": "https://a.example/1", "n": 5}\n{"uri": "https://a.example/2", "n": 6}\n'


@pytest.fixture
def metadata(tmp_path: Path) -> Write:
    """Writes metadata with this distribution and these fields beside the files."""

    def write(distribution: list[Any], fields: list[Any] | None = None, **more: Any) -> Path:
        node = {
            "@context": {"@vocab": "https://schema.org/", "cr": "http://mlcommons.org/croissant/"}, "@type": "sc:Dataset",
            "conformsTo": "http://mlcommons.org/croissant/1.1", "name": "set", "distribution": distribution,
            "recordSet": [{"@type": "cr:RecordSet", "field": fields or []}], **more,
        }  # fmt: skip
        path = tmp_path / "metadata.json"
        path.write_text(json.dumps(node, indent=1), encoding="utf-8")
        return path

    return write


def file(name: str, form: str = "application/jsonlines", **more: Any) -> dict[str, Any]:
    """A file object."""
    return {"@type": "cr:FileObject", "@id": name, "name": name, "contentUrl": name, "encodingFormat": form, **more}


def field(name: str, source: str, kind: str = "sc:Text", **extract: str) -> dict[str, Any]:
    """A field that comes from a file."""
    return {"@type": "cr:Field", "@id": f"rows/{name}", "name": name, "dataType": kind,
            "source": {"fileObject": {"@id": source}, "extract": extract}}  # fmt: skip


def digest(text: str) -> str:
    """SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def test_fields_say_what_columns_are(read: Read, metadata: Write, tmp_path: Path) -> None:
    """A field's name, or its type, tells what a column of another name is; the file's hash is checked."""
    (tmp_path / "rows.jsonl").write_text(ROWS, encoding="utf-8")
    path = metadata(
        [file("rows.jsonl", sha256=digest(ROWS))],
        [
            field("page", "rows.jsonl", "sc:URL", jsonPath="$.uri"),
            field("token_count", "rows.jsonl", jsonPath="$[*].n"),
        ],
    )
    found = read(path)
    assert [(r["url"], r["tokens"], r["file"]) for r in found.items.to_pylist()] == [
        ("https://a.example/1", 5, "rows.jsonl"), ("https://a.example/2", 6, "rows.jsonl"),
    ]  # fmt: skip
    assert problems(found) == []
    assert [note.file for note in found.notes] == ["metadata.json", "rows.jsonl"]


def test_the_dataset_as_it_describes_itself(read: Read, metadata: Write) -> None:
    """Names, licence, publisher and how it was collected, with prefixes and languages, as far as they are stated."""
    path = metadata(
        [], version="1.2", license=["https://l.example/x"], url="https://d.example/", datePublished="2024-05-06T00:00:00",
        creator=[{"@type": "Person", "name": "Ann"}], description={"@language": "en", "@value": "What it is."},
        **{"rai:dataCollectionType": ["Web Scraping"], "rai:dataCollection": "by a crawler"},
    )  # fmt: skip
    assert read(path, origin="crawled").datasets.to_pylist() == [
        {"dataset": "m", "title": "set", "origin": "crawled", "publisher": "Ann", "url": "https://d.example/", "version": "1.2",
         "licence": "https://l.example/x", "description": "What it is.", "collection": ["Web Scraping", "by a crawler"],
         "published": dt.date(2024, 5, 6), "file": "metadata.json"}
    ]  # fmt: skip


def test_sets_of_parquet_and_csv(read: Read, metadata: Write, tmp_path: Path) -> None:
    """Every file of a set that fits its pattern is read, in order, none twice."""
    (tmp_path / "data" / "deep").mkdir(parents=True)
    for name in ("b", "a"):
        pq.write_table(
            pa.table({"id": [name], "image_url": [f"https://{name}.example/x.png"]}), tmp_path / f"data/{name}.parquet"
        )
    (tmp_path / "data/deep/c.parquet").write_bytes(b"PAR1")
    (tmp_path / "x.csv").write_text("id,url\nc,https://c.example/\n", encoding="utf-8")
    path = metadata([
        {"@type": "cr:FileSet", "@id": "parts", "includes": "data/*.parquet", "encodingFormat": "application/x-parquet"},
        file("x.csv", "text/csv"),
    ])  # fmt: skip
    found = read(path)
    assert found.items.column("item_id").to_pylist() == ["a", "b", "c"]
    assert found.items.column("file").to_pylist() == ["data/a.parquet", "data/b.parquet", "x.csv"]
    assert found.items.column("images").to_pylist() == [1, 1, None]


def test_ids_are_unique_over_all_files(read: Read, metadata: Write, tmp_path: Path) -> None:
    """The second file's row with an earlier id is set aside, and the problem names both places."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.jsonl").write_text('{"id": "1", "title": "T"}\n', encoding="utf-8")
    found = read(metadata([file("a.jsonl"), file("b.jsonl")]))
    assert found.items.num_rows == 1
    assert [(r["file"], r["reason"]) for r in found.problems.to_pylist()] == [
        ("b.jsonl", "the row has the id of line 1 of a.jsonl"),
    ]  # fmt: skip


def test_things_that_are_items_themselves(read: Read, metadata: Write, tmp_path: Path) -> None:
    """A recording in the distribution is an item, with what the metadata states of it."""
    (tmp_path / "audio").mkdir()
    (tmp_path / "audio/x.mp3").write_bytes(b"12345")
    path = metadata([
        file("moon.flac", "audio/flac", contentUrl="https://u:hunter2@a.example/moon.flac", sha256="ab" * 32, contentSize="7 B"),
        {"@type": "cr:FileSet", "@id": "set", "includes": ["audio/*.mp3"], "encodingFormat": "audio/mpeg"},
    ])  # fmt: skip
    found = read(path)
    assert [(r["file_name"], r["url"], r["sha256"], r["bytes"], r["modality"]) for r in found.items.to_pylist()] == [
        ("moon.flac", "https://a.example/moon.flac", "ab" * 32, 7, "audio"), ("x.mp3", None, None, 5, "audio"),
    ]  # fmt: skip
    assert "hunter2" not in str(found)


def test_rows_in_the_metadata(read: Read, metadata: Write) -> None:
    """Inline rows are items; lists of values of a field are none."""
    records = [
        {"@type": "cr:RecordSet", "data": [{"rows/url": "https://a.example/", "rows/title": "T"}]},
        {"@type": "cr:RecordSet", "dataType": "cr:Split", "data": [{"s/name": "train", "s/url": "https://s.example/"}]},
    ]
    found = read(metadata([], recordSet=records))
    assert found.items.column("url").to_pylist() == ["https://a.example/"]


@pytest.mark.parametrize(
    ("distribution", "code"),
    [
        ([file("rows.zip", "application/zip")], "manifest.archive"),
        ([file("rows.tar.gz", "application/x-tar")], "manifest.archive"),
        ([file("rows.jsonl.gz", "application/jsonlines")], "manifest.archive"),
        ([file("absent.csv", "text/csv")], "manifest.absent"),
        ([file("rows", "text/csv", contentUrl="https://a.example/rows.csv")], "manifest.absent"),
        ([file("../outside.jsonl")], "manifest.absent"),
        ([file("/etc/passwd", "text/csv")], "manifest.absent"),
        ([file("link.jsonl")], "manifest.absent"),
        (
            [{"@type": "cr:FileSet", "@id": "s", "includes": "../*.jsonl", "encodingFormat": "application/jsonlines"}],
            "manifest.absent",
        ),
        ([file("rows.jsonl", sha256="ab" * 32)], "manifest.hash_differs"),
        ([file("rows.jsonl", sha256="main")], "manifest.metadata"),
        ([file("words.csv", "text/csv")], "manifest.metadata"),
        ([file("model.pt", "application/octet-stream")], "manifest.kind"),
    ],
)
def test_what_is_not_followed(read: Read, metadata: Write, tmp_path: Path, distribution: list[Any], code: str) -> None:
    """Archives, absent and foreign files, wrong hashes: named, and nothing of them read but what may be."""
    (tmp_path / "rows.jsonl").write_text(ROWS, encoding="utf-8")
    (tmp_path / "words.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path.parent / "outside.jsonl").write_text(ROWS, encoding="utf-8")
    (tmp_path / "link.jsonl").symlink_to(tmp_path.parent / "outside.jsonl")
    found = read(metadata(distribution))
    assert [c for _, c in problems(found)] == [code]
    assert found.items.num_rows == (0 if code != "manifest.metadata" or distribution[0]["@id"] == "words.csv" else 2)


@pytest.mark.parametrize("content", ["{", "[]", '{"@type": "Person", "name": "x"}', '"text"', "[" * 100_000])
def test_what_is_no_metadata(read: Read, tmp_path: Path, content: str) -> None:
    """One error that says so."""
    path = tmp_path / "metadata.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError):
        read(path, format="croissant")


def test_odd_shapes_are_no_danger(read: Read, metadata: Write) -> None:
    """Values of any type where an object is expected give no exception."""
    for odd in (None, 7, "x", [], {}, [None, 7, "x", [1]], {"@id": {}}, [[["x"]]]):
        shaped: Mapping[str, Any] = {
            "name": odd,
            "license": odd,
            "creator": odd,
            "datePublished": odd,
            "conformsTo": odd,
        }
        read(metadata([odd, {"@type": odd, "@id": odd, "contentUrl": odd, "encodingFormat": odd, "sha256": odd}],
                      [odd, {"source": odd, "name": odd}], **{**shaped, "recordSet": [odd, {"field": odd, "data": odd}]}),
             format="croissant")  # fmt: skip


def test_the_public_examples(read: Read, vectors: Callable[[str], Path]) -> None:
    """All metadata that MLCommons publishes as examples of 1.0 and 1.1 is read; nothing is fetched."""
    paths = sorted(
        p for version in ("1.0", "1.1") for p in (vectors("croissant") / "datasets" / version).glob("*/metadata.json")
    )
    assert len(paths) >= 46
    for path in paths:
        found = read(path)
        assert found.datasets.num_rows == 1
        assert found.datasets.to_pylist()[0]["title"]

"""Values of manifests made regular; what cannot be read is left out with a remark, and what names nothing set aside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita import urls
from partita.errors import InputError
from partita.formats.manifests import addresses, moments

from .conftest import Read, problems, stated_values

Lines = Callable[..., Path]
DIGEST = "ab" * 32


def test_an_item_with_everything(read: Read, lines: Lines) -> None:
    """Each column has its value in one spelling, whatever the manifest calls it."""
    row = {
        "id": "a", "page_url": "HTTPS://Songs.Example.ORG:443/x/../%7eann/a b.mp3#t=3", "audio_path": "x/01 - Moon.mp3",
        "hash": "SHA256:" + DIGEST.upper(), "isrc": "ZZ-Z99-26-00001", "iswc": "T-900.000.001-3", "song": " Moon  ",
        "artist": "Ann; Bo", "composer": "Cy", "lyricist": "Di", "token_count": "12", "duration": "3:45", "size": 4096,
        "lang": "zh_tw", "country": "tw", "crawl_date": "2024-05-01T23:30:00+08:00", "user_agent": "bot/1",
        "license": "north-1", "subset": "s", "source_type": "web crawl",
    }  # fmt: skip
    item = read(lines(row)).items.to_pylist()[0]
    assert item.pop("taken_at") == dt.datetime(2024, 5, 1, 15, 30)  # noqa: DTZ001 - UTC, as the table says
    assert stated_values(item) == {
        "item_id": "a", "dataset": "s", "origin": "crawled", "url": "https://songs.example.org/~ann/a%20b.mp3",
        "domain": "songs.example.org", "file_name": "01 - Moon.mp3", "sha256": DIGEST, "isrc": "ZZZ992600001",
        "title": "Moon", "performers": ["Ann", "Bo"], "writers": ["Cy", "Di"], "modality": "audio", "tokens": 12,
        "milliseconds": 225_000, "bytes": 4096, "language": "zh-TW", "territory": "TW", "crawler": "bot/1",
        "licence_claim": "north-1", "file": "m.jsonl", "line": 1, **({"iswc": item["iswc"]} if item["iswc"] else {}),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("row", "code", "column", "left"),
    [
        ({"crawl_date": "2024-02-30"}, "manifest.day", "taken_at", None),
        ({"crawl_date": "soon"}, "manifest.day", "taken_at", None),
        ({"crawl_date": "2031-01-01"}, "manifest.future", "taken_at", None),
        ({"timestamp": 1_893_456_000}, "manifest.future", "taken_at", None),
        ({"n_tokens": -4}, "manifest.count", "tokens", None),
        ({"n_tokens": 1.5}, "manifest.count", "tokens", None),
        ({"file_size": "-1"}, "manifest.count", "bytes", None),
        ({"duration": -3.5}, "manifest.count", "milliseconds", None),
        ({"duration": "long"}, "manifest.count", "milliseconds", None),
        ({"sha256": "ab" * 20}, "manifest.sha256", "sha256", None),
        ({"isrc": "nonsense"}, "id.isrc", "isrc", None),
        ({"iswc": "T-000.000.001-9"}, "id.iswc", "iswc", None),
        ({"iscc": "ISCC:AAAA"}, "id.iscc", "iscc", None),
        ({"title": "x" * 100_000}, "manifest.long", "title", ""),
        ({"title": "a\0b"}, "text.controls", "title", "ab"),
        ({"origin": "the moon"}, "manifest.origin", "origin", ""),
        ({"modality": "smell"}, "manifest.modality", "modality", "text"),
        ({"country": "Atlantis"}, "text.territory", "territory", None),
        ({"language": "?"}, "text.language", "language", None),
    ],
)
def test_what_cannot_be_read_is_left_out(
    read: Read, lines: Lines, row: dict[str, Any], code: str, column: str, left: object
) -> None:
    """The item stays, with a remark that names the line; nothing is guessed."""
    found = read(lines({"url": "https://a.example/x.html"}, {"url": "https://b.example/y.html", **row}))
    assert problems(found) == [(2, code)]
    assert found.items.to_pylist()[1][column] == left


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-05-01", (2024, 5, 1)),
        ("2024-05-01T10:11:12Z", (2024, 5, 1, 10, 11, 12)),
        ("2024-05-01 10:11:12.999 UTC", (2024, 5, 1, 10, 11, 12)),
        ("2024-05-01T10:11:12-05:00", (2024, 5, 1, 15, 11, 12)),
        ("20240501", (2024, 5, 1)),
        ("20240501101112", (2024, 5, 1, 10, 11, 12)),
        ("1714558272", (2024, 5, 1, 10, 11, 12)),
        ("1714558272000", (2024, 5, 1, 10, 11, 12)),
        ("2024-02-29", (2024, 2, 29)),
        ("113/05/01", (2024, 5, 1)),
        ("2023-02-29", None),
        ("2100-02-29", None),
        ("2024-13-01", None),
        ("2024-05-01T24:61:00Z", None),
        ("1850-01-01", None),
        ("never", None),
    ],
)
def test_moments(text: str, moment: tuple[int, ...] | None) -> None:
    """Days and moments in UTC as crawlers write them; what is none is refused, not shifted."""
    found, bad = moments.moments(pa.array([text, ""]))
    assert found.to_pylist() == [dt.datetime(*moment) if moment else None, None]  # type: ignore[arg-type]  # noqa: DTZ001
    assert bad.tolist() == [moment is None, False]


@given(st.datetimes(dt.datetime(1970, 1, 1), dt.datetime(2199, 12, 31)))  # noqa: DTZ001
def test_every_moment_is_read_back(when: dt.datetime) -> None:
    """ISO 8601 of any second gives that second."""
    second = when.replace(microsecond=0)
    found, bad = moments.moments(pa.array([second.isoformat() + "Z", second.strftime("%Y%m%d%H%M%S")]))
    assert found.to_pylist() == [second, second]
    assert not bad.any()


URL = st.from_regex(
    r"https?://[a-zA-Z0-9.:@%-]{1,20}(?:/[ -~]{0,20}){0,3}(?:\?[ -~]{0,20})?(?:#[ -~]{0,10})?", fullmatch=True
)


@given(st.lists(st.one_of(URL, st.text(max_size=30)), max_size=20))
def test_addresses_are_spelled_as_the_house_spells_them(texts: list[str]) -> None:
    """Where nothing is withheld, whole columns give what `urls.canonical` gives one by one."""
    clean = [text.encode("utf-8", "replace").decode() for text in texts]
    found, bad, held = addresses.spelled(pa.array(clean, pa.string()))
    for text, one, none, secret in zip(clean, found.to_pylist(), bad, held, strict=True):
        try:
            wanted: str | None = urls.canonical(text) if text else None
        except InputError:
            wanted = None
        if not secret:
            assert (one, none) == (wanted, wanted is None and text != "")


def test_lengths_and_counts_of_parquet_columns(read: Read, tmp_path: Path) -> None:
    """Numbers of any type, moments with a zone, dictionaries and nested fields are read as the texts are."""
    table = pa.table(
        {
            "url": pa.array(["https://a.example/1", "https://a.example/2", "https://a.example/3"]).dictionary_encode(),
            "duration_ms": pa.array([1, -1, None], pa.int32()),
            "n_tokens": pa.array([5.0, 5.5, float("nan")]),
            "crawled_at": pa.array([0, 10**9, None], pa.timestamp("ms", "Asia/Taipei")),
            "audio": pa.array([{"path": "x/a.flac", "bytes": b"1"}, None, {"path": None, "bytes": None}]),
            "artists": pa.array([["A", "B"], None, []], pa.list_(pa.string())),
        }
    )
    path = tmp_path / "m.parquet"
    pq.write_table(table, path)
    found = read(path)
    rows = found.items.to_pylist()
    assert [row["milliseconds"] for row in rows] == [1, None, None]
    assert [row["tokens"] for row in rows] == [5, None, None]
    assert [row["file_name"] for row in rows] == ["a.flac", None, None]
    assert [row["performers"] for row in rows] == [["A", "B"], [], []]
    assert rows[1]["taken_at"] == dt.datetime(1970, 1, 12, 13, 46, 40)  # noqa: DTZ001
    assert problems(found) == [(2, "manifest.count"), (2, "manifest.count")]


def test_a_source_is_an_address_or_a_dataset(read: Read, lines: Lines) -> None:
    """`source` holds either; an address of its own column comes first."""
    found = read(lines({"source": "https://a.example/x"}, {"source": "wiki", "title": "T"},
                       {"source": "https://b.example/", "url": "https://c.example/"}))  # fmt: skip
    rows = found.items.to_pylist()
    assert [(row["url"], row["dataset"]) for row in rows] == [
        ("https://a.example/x", "m"), (None, "wiki"), ("https://c.example/", "m"),
    ]  # fmt: skip


def test_the_job_says_what_rows_do_not(read: Read, lines: Lines) -> None:
    """Origin, crawler, day and modality of the job stand where a row is silent; its mapping comes before all names."""
    path = lines({"where": "https://a.example/x", "url": "https://b.example/"}, {"where": "https://a.example/y.mp3",
                 "crawler": "own", "crawl_date": "2024-01-02"})  # fmt: skip
    found = read(path, columns={"url": "where"}, origin="crawled", crawler="bot", taken_on=dt.date(2024, 2, 1),
                 modality="text")  # fmt: skip
    rows = found.items.to_pylist()
    assert [row["url"] for row in rows] == ["https://a.example/x", "https://a.example/y.mp3"]
    assert [row["crawler"] for row in rows] == ["bot", "own"]
    assert [row["taken_at"].date() for row in rows] == [dt.date(2024, 2, 1), dt.date(2024, 1, 2)]
    assert [row["modality"] for row in rows] == ["text", "audio"]


def test_nothing_is_later_than_the_day_of_the_manifest(read: Read, lines: Lines) -> None:
    """A row taken after the manifest was is in the future, too."""
    found = read(lines({"url": "https://a.example/", "crawl_date": "2024-03-01"}), taken_on=dt.date(2024, 2, 1))
    assert problems(found) == [(1, "manifest.future")]
    assert found.items.to_pylist()[0]["taken_at"].date() == dt.date(2024, 2, 1)


def test_the_second_of_an_id_is_set_aside(read: Read, lines: Lines) -> None:
    """The first keeps the id, the problem names its line; a row without one is called by its number."""
    found = read(lines({"id": "a", "title": "1"}, {"id": "a", "title": "2"}, {"title": "3"}))
    assert [(row["item_id"], row["title"]) for row in found.items.to_pylist()] == [("a", "1"), ("row-2", "3")]
    assert problems(found) == [(2, "manifest.item_id_twice"), (3, "manifest.item_id")]
    assert "line 1" in found.problems.to_pylist()[0]["reason"]
    assert [(note.rows, note.quarantined) for note in found.notes] == [(3, 1)]


def test_remarks_that_stand_everywhere_are_counted(read: Read, lines: Lines) -> None:
    """A thousand are listed, the others counted; rows that are set aside are listed one by one."""
    rows = [{"url": f"https://a.example/{n}", "hash": "x"} for n in range(1200)]
    found = read(lines(*rows, *["{}"] * 1100))
    codes = [code for _, code in problems(found)]
    assert codes.count("manifest.sha256") == 1000
    assert codes.count("manifest.nothing") == 1100
    more = [row for row in found.problems.to_pylist() if row["code"] == "manifest.more"]
    assert [(row["line"], "200 times more" in row["reason"]) for row in more] == [(1001, True)]

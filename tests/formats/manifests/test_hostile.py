"""Manifests that lie, leak or try to break the reader: each has its named outcome, no credential is shown anywhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita.errors import InputError
from partita.formats import manifests
from partita.formats.manifests import jsonl

from .conftest import Read, problems, reading

Lines = Callable[..., Path]
SECRETS = ("hunter2", "s3cr3t", "opensesame")


def everything(found: manifests.ManifestReading) -> str:
    """All that a reading says."""
    tables = [found.items.to_pylist(), found.datasets.to_pylist(), found.problems.to_pylist()]
    return json.dumps([*tables, [note.as_dict() for note in found.notes]], default=str, ensure_ascii=False)


@pytest.mark.parametrize(
    "row",
    [
        {"url": "https://user:hunter2@a.example/x"},
        {"url": "https://hunter2@a.example/x"},
        {"url": "HTTPS://user:hunter2@A.example:443/x?token=opensesame#access_token=s3cr3t"},
        {"url": "https://a.example/x?X-Amz-Signature=hunter2&X-Amz-Credential=opensesame&v=1"},
        {"url": "https://a.example/x?api_key=hunter2"},
        {"url": "https://a.example/x?a=1;token=hunter2"},
        {"url": "https://a.example/x?token%3Dhunter2"},
        {"url": "https://a.example/x;jsessionid=hunter2"},
        {"url": "https://a.example/x;v=1;jsessionid=hunter2/y?b=1"},
        {"url": "https://a.example/x?PHPSESSID=hunter2&b=1"},
        {"url": "https://a.example/x?ASPSESSIONIDQQ=hunter2"},
        {"url": "https://a.example/x?key=AIzaSyhunter2hunter2hunter2"},
        {"title": "T", "file_name": "user:hunter2@a.example/x.mp3"},
        {"title": "https://user:hun/hunter2@a.example/x"},
        {"url": "https://a.example/x?a=1&API%5Fkey=hunter2"},
        {"url": "https://archive.example/2020/https://user:hunter2@b.example/x"},
        {"url": "https://a.example/x?next=https%3A%2F%2Fuser%3Ahunter2%40b.example%2F"},
        {"url": "https://user:hunter2@a.example:99999/x", "title": "T"},
        {"url": "https://user:hun/ter2hunter2@a.example/x", "title": "T"},
        {"url": "ftp://user:hunter2@a.example/x", "title": "T"},
        {"url": "user:hunter2@a.example/x", "title": "T"},
        {"url": "https:\\\\user:hunter2@a.example/x", "title": "T"},
        {"source": "https://user:hunter2@a.example/x"},
        {"id": "https://user:hunter2@a.example/x", "title": "T"},
        {"id": "1", "title": "see https://user:hunter2@a.example/"},
        {"file_name": "https://user:hunter2@a.example/x.mp3?sig=s3cr3t"},
        {"title": "T", "artist": ["https://user:hunter2@a.example/"]},
        {"title": "T", "license": "https://a.example/?secret=hunter2"},
        {"title": "T", "crawl_date": "https://user:hunter2@a.example/"},
        {"title": "T", "n_tokens": "https://user:hunter2@a.example/"},
        {"title": "T", "https://user:hunter2@a.example/": 1},
        {"url (https://user:hunter2@a.example/)": "no address", "title": "T"},
    ],
)
def test_no_credential_is_shown(read: Read, lines: Lines, row: dict[str, object]) -> None:
    """Neither items, problems nor notes hold a password, token or signature, however the address is broken."""
    said = everything(read(lines({"title": "first"}, row)))
    assert not [secret for secret in SECRETS if secret in said]


@pytest.mark.parametrize(
    "line",
    [
        '{"url": "https://user:hunter2@a.example/x"',
        '{"url": "https://user:hunter2',
        '["https://user:hunter2@a.example/x"]',
        '{"url": "' + "x" * 380 + 'https://user:hunter2@a.example"',
        "https://user:hunter2@a.example/x",
    ],
)
def test_no_credential_of_a_broken_line_is_shown(read: Read, lines: Lines, line: str) -> None:
    """What is shown of a line that is set aside has no credential either, nor the beginning of one."""
    found = read(lines({"title": "first"}, line))
    assert problems(found) == [(2, "manifest.line")]
    assert "hunter2" not in everything(found)


def test_what_is_no_credential_stays(read: Read, lines: Lines) -> None:
    """Names behind an at sign, ids with one, and short keys are kept as they stand."""
    rows = [
        {"id": "set:0001@v1", "url": "https://a.example/@name/1?key=7&id=2"},
        {"id": "set:0002@v1", "title": "Dinner @ 8:30 = late"},
        {"id": "https://a.example:8080/@name/2", "url": "https://b.example/"},
    ]
    found = read(lines(*rows))
    assert problems(found) == []
    assert [row["item_id"] for row in found.items.to_pylist()] == [row["id"] for row in rows]
    assert found.items.to_pylist()[0]["url"] == rows[0]["url"]
    assert found.items.to_pylist()[1]["title"] == rows[1]["title"]


def test_the_problem_names_the_line_of_a_credential(read: Read, lines: Lines) -> None:
    """It says that they were there, and where."""
    found = read(lines({"url": "https://a.example/"}, {"url": "https://u:hunter2@a.example/x?token=s3cr3t&b=2"}))
    assert problems(found) == [(2, "manifest.credentials")]
    assert found.items.to_pylist()[1]["url"] == "https://a.example/x?b=2"


@pytest.mark.parametrize("address", ["https://user:hunter2@a.example/x", "https://hunter2@a.example/x"])
@pytest.mark.parametrize("more", ["", "hunter2" * 8])
def test_no_credential_stands_in_an_error(tmp_path: Path, read: Read, address: str, more: str) -> None:
    """A file whose first row is taken for a header row is refused without showing it, cut or whole."""
    path = tmp_path / "m.csv"
    path.write_text(f"1;{address.replace('hunter2', 'hunter2' + more)};z\n2;b;c\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read(path)
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize("before", ["", "x" * 150, "x" * 185, "x" * 190])
def test_no_credential_of_a_table_is_shown(tmp_path: Path, read: Read, before: str) -> None:
    """Rows with too many cells show none either, wherever the row is cut."""
    path = tmp_path / "m.csv"
    row = f"{before},https://user:hunter2hunter2@a.example/x,more"
    path.write_text(f"url,title\nhttps://a.example/,T\n{row}\n", encoding="utf-8")
    found = read(path)
    assert problems(found) == [(3, "row.columns")]
    assert "hunter" not in everything(found)


def test_broken_lines_are_set_aside(read: Read, lines: Lines) -> None:
    """Each with its line and reason; the rows around them are read, and keep their numbers."""
    found = read(lines(
        {"title": "a"}, '{"title": "b"', "[1]", "7", "", '{"title": "c"} {"title": "d"}', b'{"title": "\xff"}', "null",
        '{"title": "e", "n_tokens": ' + "9" * 5000 + "}", {"title": "f"},
    ))  # fmt: skip
    assert [(row["item_id"], row["title"], row["line"]) for row in found.items.to_pylist()] == [
        ("0", "a", 1), ("8", "f", 10),
    ]  # fmt: skip
    assert problems(found) == [
        (2, "manifest.line"), (3, "manifest.line"), (4, "manifest.line"), (6, "manifest.line"), (7, "row.undecodable"),
        (8, "manifest.line"), (9, "manifest.line"),
    ]  # fmt: skip
    assert found.notes[0].rows == 9
    assert found.notes[0].quarantined == 7


def test_a_broken_line_among_many(read: Read, lines: Lines) -> None:
    """One line of thousands is set aside alone; all others are read with their own lines."""
    rows: list[object] = [{"id": f"n{n}", "title": f"t{n}", "crawl_date": "2024-01-01", "n": n} for n in range(5000)]
    rows[3210] = '{"id": "broken'
    found = read(lines(*rows))
    assert problems(found) == [(3211, "manifest.line")]
    assert [int(row["item_id"][1:]) + 1 for row in found.items.to_pylist()] == found.items.column("line").to_pylist()
    assert found.items.num_rows == 4999


def test_types_may_change_from_line_to_line(read: Read, lines: Lines) -> None:
    """A number here and a text there are read alike; an id of twenty digits keeps them all."""
    found = read(lines({"id": 12345678901234567890, "title": 1999}, {"id": "b", "title": "x", "n_tokens": "7"},
                       {"id": 3, "title": True, "n_tokens": 8}))  # fmt: skip
    assert [(row["item_id"], row["title"], row["tokens"]) for row in found.items.to_pylist()] == [
        ("12345678901234567890", "1999", None), ("b", "x", 7), ("3", "true", 8),
    ]  # fmt: skip


def test_lists_of_nothing_are_no_danger(read: Read, lines: Lines) -> None:
    """A list of nulls, which Arrow reads and cannot take apart, costs no row."""
    found = read(lines({"title": "a"}, {"meta": [None, None], "title": "b"}, {"title": "c"}))
    assert found.items.column("title").to_pylist() == ["a", "b", "c"]


def test_days_stay_as_they_were_written(read: Read, lines: Lines) -> None:
    """A title that looks like a day is no moment, in whatever way the block is read."""
    found = read(
        lines({"title": "2020-01-01", "crawl_date": "2024-01-01"}, {"title": "2020-02-02", "crawl_date": "2024-01-02"})
    )
    assert found.items.column("title").to_pylist() == ["2020-01-01", "2020-02-02"]


def test_names_within_objects_are_read_alike(read: Read, lines: Lines) -> None:
    """Whether a block is read whole or line by line, `name` is the name and `id` is not."""
    row = {"title": "T", "artist": {"id": "a1", "name": "Ann"}, "writers": [{"id": "w1", "name": "Bo"}],
           "license": {"id": "MIT"}}  # fmt: skip
    for others in ([], ["{broken"]):
        item = read(lines(row, *others)).items.to_pylist()[0]
        assert (item["performers"], item["writers"], item["licence_claim"]) == (["Ann"], ["Bo"], "MIT")


def test_lone_surrogates_and_nul_are_taken_out(read: Read, lines: Lines) -> None:
    """With a remark, and no exception."""
    found = read(lines('{"title": "a\\ud800b"}', '{"title": "c\\u0000d"}', '{"title": "e", "x\\udc00": 1}'))
    assert found.items.column("title").to_pylist() == ["ab", "cd", "e"]
    assert problems(found) == [(1, "text.controls"), (2, "text.controls")]


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_deep_nesting_is_no_danger(read: Read, lines: Lines, opening: str) -> None:
    """Neither the process nor the other rows suffer."""
    deep = '{"x": ' + opening * 100_000
    closed = '{"title": "deep", "x": ' + "[" * 5_000 + "]" * 5_000 + "}"
    found = read(lines({"title": "a"}, deep, closed, {"title": "b"}))
    assert set(found.items.column("title").to_pylist()) >= {"a", "b"}
    assert (2, "manifest.line") in problems(found)


def test_thousands_of_keys_cost_no_memory(read: Read, lines: Lines) -> None:
    """Rows of which each has other keys are read one by one; the note lists some of the keys."""
    found = read(lines(*[{"title": str(n), **{f"key{n}-{m}": m for m in range(20)}} for n in range(2000)]))
    assert found.items.num_rows == 2000
    assert len(found.notes[0].unused) <= 512


def test_a_line_of_many_megabytes_is_skipped(read: Read, lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line longer than the limit is set aside, and those behind it are read."""
    monkeypatch.setattr(jsonl, "LINE_MOST", 1000)
    monkeypatch.setattr(jsonl, "BLOCK", 300)
    found = read(lines({"title": "a"}, '{"title": "' + "x" * 3000 + '"}', {"title": "b"}))
    assert [(row["title"], row["line"]) for row in found.items.to_pylist()] == [("a", 1), ("b", 3)]
    assert problems(found) == [(2, "manifest.line")]


def test_blocks_of_any_size_give_the_same(lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a block ends does not matter."""
    rows = [{"id": str(n), "title": "t" * (n % 50), "url": f"https://a.example/{n}"} for n in range(300)]
    path = lines(*rows[:150], "{broken", "", *rows[150:])
    whole = reading(path)
    for size in (64, 1000, 4096):
        monkeypatch.setattr(jsonl, "BLOCK", size)
        again = reading(path)
        assert again.items.equals(whole.items)
        assert again.problems.equals(whole.problems)


@given(st.lists(st.one_of(
    st.dictionaries(st.sampled_from(["url", "id", "title", "artist", "n_tokens", "duration", "timestamp", "meta"]),
                    st.recursive(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10)),
                                 lambda inner: st.lists(inner, max_size=3)
                                 | st.dictionaries(st.text(max_size=4), inner, max_size=3), max_leaves=5), max_size=5),
    st.text(max_size=20)), max_size=8))  # fmt: skip
def test_any_lines_are_read_or_set_aside(tmp_path_factory: pytest.TempPathFactory, rows: list[object]) -> None:
    """Every line that is not blank is an item or a quarantined problem, once; nothing is raised but an InputError."""
    path = tmp_path_factory.mktemp("any") / "m.jsonl"
    texts = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    content = "".join(text.replace("\n", " ").replace("\r", " ") + "\n" for text in texts).encode("utf-8", "replace")
    path.write_bytes(b'{"title": "first"}\n' + content)
    found = reading(path, format="jsonl")
    held = [row["line"] for row in found.problems.to_pylist() if row["severity"] == "quarantined"]
    full = [n for n, line in enumerate(path.read_bytes().split(b"\n"), start=1) if any(sign > 32 for sign in line)]
    assert sorted(held + found.items.column("line").to_pylist()) == full
    assert (found.notes[0].rows, found.notes[0].quarantined) == (len(full), len(held))

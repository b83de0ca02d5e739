"""Imports into the registry: CSV, Parquet and YAML; what is wrong has its file and line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partita import tables
from partita.errors import InputError
from partita.formats import registry_file

STATEMENTS = """\
statement_id,kind,target_kind,target,purpose,system,territory,party_id,carrier,form,evidence,valid_from,valid_to
s1,reservation,work,w1,train,*,world,A,registry,machine,declared,2024-01-01,
s2,reservation,work,w2,train,*,world,A,registry,machine,declared,soon,
s3,consent,work,w3,train,suno,EU,A,registry,machine,declared,2024-01-01,2025-01-01
s4,consent,work,w4,train,suno,EU,A,registry,machine,declared,,
"""
YAML = """\
# a small registry
works:
  - work_id: 007
    title: 港邊的歌
    alt_titles: [Harbour Song, "Song: of the harbour"]
    writers: 林月
    valid_from: 2001-02-03
  - just a text
  - {work_id: w2, title: yes, iswc: ~, valid_from: 2001-02-03}
holdings:
  - {target_kind: work, target: w2, party_id: A, role: CA, society: MUST, share_ppm: 1000000, valid_from: 2001-02-03}
  - {target_kind: work, target: w2, party_id: B, role: CA, society: MUST, share_ppm: half, valid_from: 2001-02-03}
offers:
  - offer_id: o
    terms:
      permission: [{action: use, target: "w2"}]
    valid_from: 2001-02-03
"""


def write(folder: Path, name: str, text: str) -> Path:
    """A text file."""
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def said(found: pa.Table) -> list[tuple[str, int, str, str]]:
    """File, line, code and table of each problem."""
    return [(p["file"], p["line"], p["code"], p["list"]) for p in found.to_pylist()]


def test_a_csv_file_is_of_the_table_that_its_name_begins_with(tmp_path: Path) -> None:
    """Rows come in the contract's types; a day that cannot be read sets its row aside, with its line."""
    found = registry_file.read(write(tmp_path, "Statements-2024.csv", STATEMENTS))
    assert list(found.rows) == ["statements"]
    rows = found.rows["statements"]
    assert rows.column("statement_id").to_pylist() == ["s1", "s3"]
    assert rows.column("valid_to").to_pylist() == [None, dt.date(2025, 1, 1)]
    assert found.places["statements"].to_pylist() == [
        {"file": "Statements-2024.csv", "line": 2}, {"file": "Statements-2024.csv", "line": 4},
    ]  # fmt: skip
    assert said(found.problems) == [
        ("Statements-2024.csv", 3, "registry.day", "statements"),
        ("Statements-2024.csv", 5, "registry.day", "statements"),
    ]
    assert (found.notes[0].rows, found.notes[0].quarantined) == (4, 2)


def test_yaml_holds_several_tables(tmp_path: Path) -> None:
    """Values stand as they are written: 007 is a text, `yes` no truth value, and terms become JSON."""
    found = registry_file.read(write(tmp_path, "small.yaml", YAML))
    assert found.rows["works"].to_pylist() == [
        {"work_id": "007", "title": "港邊的歌", "alt_titles": ["Harbour Song", "Song: of the harbour"],
         "writers": ["林月"], "iswc": None, "valid_from": dt.date(2001, 2, 3)},
        {"work_id": "w2", "title": "yes", "alt_titles": [], "writers": [], "iswc": None,
         "valid_from": dt.date(2001, 2, 3)},
    ]  # fmt: skip
    assert found.rows["holdings"].column("share_ppm").to_pylist() == [1_000_000]
    assert found.rows["offers"].column("terms").to_pylist() == [
        '{"permission": [{"action": "use", "target": "w2"}]}'
    ]  # fmt: skip
    assert [p["line"] for p in found.places["works"].to_pylist()] == [3, 9]
    assert said(found.problems) == [
        ("small.yaml", 8, "registry.row", "works"), ("small.yaml", 12, "registry.count", "holdings"),
    ]  # fmt: skip


def test_a_folder_holds_a_file_per_table(tmp_path: Path) -> None:
    """Files of one table are joined in the order of their names; files of other kinds are passed over."""
    write(tmp_path, "statements-1.csv", STATEMENTS)
    write(tmp_path, "README.md", "not a table")
    write(tmp_path, "small.yml", YAML)
    parquet = pa.table({"work_id": ["w9"], "title": ["Nine"], "writers": [["A", "B"]],
                        "valid_from": [dt.date(2020, 1, 1)]})  # fmt: skip
    pq.write_table(parquet, tmp_path / "works.parquet")
    found = registry_file.read(tmp_path)
    assert found.rows["works"].column("work_id").to_pylist() == ["007", "w2", "w9"]
    assert found.rows["works"].column("writers").to_pylist() == [["林月"], [], ["A", "B"]]
    assert found.places["works"].column("file").to_pylist() == ["small.yml", "small.yml", "works.parquet"]
    assert [note.file for note in found.notes] == [
        "small.yml", "small.yml", "small.yml", "statements-1.csv", "works.parquet",
    ]  # fmt: skip


def test_the_registry_s_problems_get_their_places(tmp_path: Path) -> None:
    """A problem that names a table and a row of it is shown with the row's file and line."""
    found = registry_file.read(write(tmp_path, "statements.csv", STATEMENTS))
    empty = {"file": "", "line": 2, "code": "registry.word", "severity": "quarantined", "column": "kind", "value": "x",
             "reason": "r", "mend": "m", "list": "statements", "plays": 0}  # fmt: skip
    problems = pa.Table.from_pylist([empty, empty | {"line": 0}], schema=tables.PROBLEMS.schema)
    assert said(found.placed(problems)) == [
        ("", 0, "registry.word", "statements"), ("statements.csv", 4, "registry.word", "statements"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("songs.csv", STATEMENTS, "the file's name does not say which table it holds"),
        ("workshop.csv", STATEMENTS, "the file's name does not say which table it holds"),
        ("works.csv", STATEMENTS, "no header row that names work_id"),
        ("a.yaml", "works:\n  - {work_id: w, colour: red}\n", "a.yaml:2: there is no column 'colour'"),
        ("a.yaml", "works:\n  - {work_id: w, work_id: v}\n", "a.yaml:2: the column work_id stands twice"),
        ("a.yaml", "works:\n  - {work_id: w, recorded_at: 2020-01-01}\n", "there is no column 'recorded_at'"),
        ("a.yaml", "works: []\nsongs: []\n", "a.yaml:2: 'songs' is no table of the registry"),
        ("a.yaml", "works: {work_id: w}\n", "a.yaml:1: works is no list of rows"),
        ("a.yaml", "- works\n", "the file is no list of tables"),
        ("a.yaml", "", "the file is no list of tables"),
        ("a.yaml", "works: [\n", "a.yaml:2: no YAML"),
        ("a.yaml", "a: &a [x]\nb: [*a, *a]\n", "a.yaml:2: an alias"),
        ("a.yaml", "works: " + "[" * 100_000, "nested deeper than 40"),
        ("a.yaml", "works:\n  - {work_id: 'a\x00b'}\n", "no YAML"),
        ("a.yaml", "--- a\n--- b\n", "no YAML"),
    ],
)
def test_what_is_no_import_is_refused(tmp_path: Path, name: str, text: str, message: str) -> None:
    """A file that is no import is refused with its line and the mend."""
    with pytest.raises(InputError) as refused:
        registry_file.read(write(tmp_path, name, text))
    assert message in str(refused.value)


def test_an_empty_folder_and_an_absent_file(tmp_path: Path) -> None:
    """A folder without a table, and a file that is not there, are said in one line."""
    with pytest.raises(InputError, match="the folder holds no table"):
        registry_file.read(tmp_path)
    for name in ("absent.yaml", "works.csv"):
        with pytest.raises(InputError, match="the file cannot be opened"):
            registry_file.read(tmp_path / name)


def test_a_table_without_rows_is_remarked(tmp_path: Path) -> None:
    """A table that is named but holds nothing is a warning."""
    found = registry_file.read(write(tmp_path, "a.yaml", "works: []\n"))
    assert said(found.problems) == [("a.yaml", 1, "file.no_rows", "works")]
    assert found.rows["works"].num_rows == 0


@given(text=st.text(max_size=60), column=st.sampled_from(["title", "valid_from", "share_ppm", "terms", "writers"]))
def test_no_value_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, text: str, column: str) -> None:
    """Any text in any place is read, set aside, or refused in one line; nothing else is raised."""
    folder = tmp_path_factory.mktemp("any")
    for body in (f"works:\n  - {{work_id: w, {column}: {text}}}\n", f"holdings:\n- share_ppm: {text}\n", text):
        (folder / "a.yaml").write_bytes(body.encode("utf-8", "surrogatepass"))
        try:
            found = registry_file.read(folder / "a.yaml")
        except InputError as error:
            refused = str(error)
        else:
            refused = found.notes[0].file if found.notes else "a.yaml"
        assert "a.yaml" in refused

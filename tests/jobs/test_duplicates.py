"""Works that are probably one: the list that people look through, and claims in conflict with their money in a run."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from partita import tables
from partita.errors import InputError
from partita.jobs.duplicates import duplicates
from partita.jobs.settle import settle

NORTH = """work_id,title,writers,performers,society
1,愛情的故事,羅大佑,某甲,NORTH
2,=cmd|' /C calc'!A0,Anna Berg,,NORTH
3,@Hello,Anna Berg; Ben Carl,One,NORTH
4,Only Here,Ben Carl,,NORTH
"""
SOUTH = """work_id,title,writers,performers,society
1,爱情的故事,罗大佑,另一人,SOUTH
2,=cmd|' /C calc'!A0,"Berg, Anna",,SOUTH
3,@Hello,Anna Berg,Two,SOUTH
9,Only There,Ben Carl,,SOUTH
"""
JOB = """
[job]
title = { en = "Two claims" }
currency = "TWD"
period_from = 2019-01-01
period_to = 2019-12-31

[[society]]
id = "NORTH"
name = { en = "North (fictional)" }

[[society]]
id = "SOUTH"
name = { en = "South (fictional)" }

[[repertoire]]
file = "north.csv"

[[repertoire]]
file = "south.csv"

[[usage]]
file = "log.csv"

[[pool]]
id = "P"
amount = "900.00"
"""
LOG = "title,writers,performers,plays\n愛情的故事,,,2\n愛情的故事,羅大佑,某甲,3\nOnly Here,Ben Carl,,4\n"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """Two repertoires, a log and a job."""
    (tmp_path / "north.csv").write_text(NORTH, encoding="utf-8")
    (tmp_path / "south.csv").write_text(SOUTH, encoding="utf-8")
    (tmp_path / "log.csv").write_text(LOG, encoding="utf-8")
    (tmp_path / "job.toml").write_text(JOB, encoding="utf-8")
    return tmp_path


def test_between_two_repertoires(case: Path) -> None:
    """Pairs of two files are found, and a number that both use has its society before it."""
    result = duplicates([case / "north.csv", case / "south.csv"], case / "d.parquet")
    found = pq.read_table(case / "d.parquet")
    assert found.schema == tables.DUPLICATES.schema
    assert list(zip(found["work_id"].to_pylist(), found["other_work_id"].to_pylist(), strict=True)) == [
        ("NORTH:1", "SOUTH:1"),
        ("NORTH:2", "SOUTH:2"),
        ("NORTH:3", "SOUTH:3"),
    ]
    assert result["counts"] == {"works": 8, "duplicates": 3, "between_societies": 3, "quarantined": 0}


def test_files_without_a_society_go_by_their_names(case: Path) -> None:
    """Where rows name no society, the file's name stands for it."""
    for name, text in (("a.csv", NORTH), ("b.csv", SOUTH)):
        rows = [row[:-1] for row in csv.reader(text.splitlines())]
        with (case / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    duplicates([case / "a.csv", case / "b.csv"], case / "d.parquet")
    found = pq.read_table(case / "d.parquet")
    assert found.column("society").unique().to_pylist() == ["a"]
    assert found.column("other_work_id").to_pylist() == ["b:1", "b:2", "b:3"]


def test_no_cell_is_a_formula(case: Path) -> None:
    """Titles that begin with a sign stay text, in a workbook and in CSV."""
    for name in ("d.xlsx", "d.csv"):
        duplicates([case / "north.csv", case / "south.csv"], case / name)
    sheet = openpyxl.load_workbook(case / "d.xlsx").active
    assert {c.data_type for row in sheet.iter_rows() for c in row if c.value is not None} == {"s", "n"}
    assert "=cmd|' /C calc'!A0" in [c.value for row in sheet.iter_rows() for c in row]
    with (case / "d.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
    assert "'=cmd|' /C calc'!A0" in cells


@pytest.mark.parametrize("out", ["d.txt", "north.csv", "."])
def test_where_it_cannot_be_written(case: Path, out: str) -> None:
    """Another ending, one of the inputs, and a folder are refused, and nothing is written."""
    before = sorted(p.name for p in case.iterdir())
    with pytest.raises(InputError):
        duplicates([case / "north.csv"], case / out)
    assert sorted(p.name for p in case.iterdir()) == before


def test_the_verb_prints_one_object(case: Path) -> None:
    """`partita duplicates --json` prints one JSON object and nothing else."""
    words = [sys.executable, "-m", "partita.cli", "duplicates", "north.csv", "south.csv", "-o", "d.csv", "--json"]
    words[1:3] = ["-c", "from partita.cli.main import main; main()"]
    done = subprocess.run(words, cwd=case, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["rules"] == {"title+writers": 3}
    assert result["surest"][0]["title"] == "=cmd|' /C calc'!A0"


def test_claims_in_conflict_and_their_money(case: Path) -> None:
    """A run writes the pairs it did not merge, and says what is at stake; nothing is merged by it."""
    # One writer more: the registry, which asks for the same writers, leaves the two apart.
    text = SOUTH.replace("1,爱情的故事,罗大佑,另一人", "1,爱情的故事,羅大佑; 某乙,另一人")
    (case / "south.csv").write_text(text, encoding="utf-8")
    summary = settle(case / "job.toml", case / "run")
    found = pq.read_table(case / "run/duplicates.parquet").to_pylist()
    assert [(r["work_id"], r["other_work_id"], r["rule"]) for r in found] == [
        ("NORTH:1", "SOUTH:1", "title+writers"),
        ("NORTH:2", "SOUTH:2", "title+writers"),
        ("NORTH:3", "SOUTH:3", "title+writers"),
    ]
    assert summary["counts"]["duplicates"] == 3
    problems = pq.read_table(case / "run/problems.parquet")
    said = problems.filter(pc.equal(problems.column("code"), "works.possible_duplicate")).to_pylist()
    assert [row["value"] for row in said] == ["NORTH:1", "NORTH:2", "NORTH:3"]
    assert {row["severity"] for row in said} == {"warning"}
    # Two plays of nine could be either work and wait; three are NORTH's: both are at stake.
    assert "TWD 500.00 at stake" in said[0]["reason"]
    assert "TWD 0.00 at stake" in said[2]["reason"]
    assert "NORTH 1,000,000 ppm" in said[0]["reason"]
    works = pq.read_table(case / "run/repertoire.parquet").column("work_id").to_pylist()
    assert {"NORTH:1", "SOUTH:1"} <= set(works)


def test_a_job_may_leave_it_out(case: Path) -> None:
    """`duplicates = false` compares no works; the money is the same."""
    (case / "south.csv").write_text(SOUTH.replace("羅大佑", "某乙"), encoding="utf-8")
    settle(case / "job.toml", case / "with")
    job = JOB.replace("[[society]]", "[identify]\nduplicates = false\n\n[[society]]", 1)
    (case / "job.toml").write_text(job, encoding="utf-8")
    settle(case / "job.toml", case / "without")
    assert pq.read_table(case / "without/duplicates.parquet").num_rows == 0
    assert pq.read_table(case / "with/payouts.parquet") == pq.read_table(case / "without/payouts.parquet")

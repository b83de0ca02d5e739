"""`partita explain`, by the command line: what was reported, compared, named, decided, and why the others lost."""

# ruff: noqa: E501 - tables of Han characters

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parent))

from partita import tables
from partita.cli.main import main
from partita.identify import words
from partita.identify.features import NAMES
from partita.jobs import run
from partita.registry import decisions_file

WORKS = """作品編號,曲名,演唱者,詞曲作者,ISWC,ISRC
W-001,望春風,純純,鄧雨賢 / 李臨秋,T-034.524.680-1,
W-002,雨夜花,純純,鄧雨賢 / 周添旺,,GBAYE0601477
W-003,心願,四個女生,蕭世昌,,
W-004,新願,許某人,,,
W-005,月夜愁,,周添旺,,
"""
LOG = """編號,歌名,歌手,作品編號,點歌編號,ISWC,ISRC,次數
1,望春風 (KTV版),純純,,,T0345246801,,5
2,完全不同的歌,別人,,,T0345246801,,4
3,雨夜花,純純,,,T0345246801,GBAYE0601477,3
4,雨夜花,純純,,,T0345246802,,2
5,月夜愁,,w 005,,,,2
6,月夜愁,別的歌手,w001,,,,1
7,心願,,,54321,,,7
8,新願 (伴奏),某人,,54321,,,1
9,愛情無價,,,,,,1
10,"[red]=cmd|' /C calc'!A0[/]","\u202e惡意",,,,,1
11,新愿,別的歌手,,,,,1
"""
JOB = """
[job]
title = { en = "Identifiers" }
currency = "TWD"
period_from = 2019-01-01
period_to = 2019-12-31
[[repertoire]]
file = "works.csv"
society = "NORTH"
[[usage]]
file = "log.csv"
name = "chain"
[[pool]]
id = "pool"
amount = "1000"
"""


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with a conflict, two identifiers, a wrong check digit, work numbers, and a number that was confirmed."""
    case = tmp_path_factory.mktemp("case")
    for name, text in (("works.csv", WORKS), ("log.csv", LOG.replace("\\u202e", "\u202e"))):
        (case / name).write_text(text, encoding="utf-8")
    (case / "job.toml").write_text('decisions = "decisions.jsonl"\n' + JOB, encoding="utf-8")
    row = {
        "kind": "same",
        "title": "心願 MV",
        "sender_number": "54321",
        "list": "chain",
        "work_id": "W-003",
        "note": "heard it",
    }
    decisions_file.append(
        case / "decisions.jsonl", [row], recorded_by="reviewer", recorded_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    )  # fmt: skip
    done = CliRunner().invoke(main, ["settle", str(case / "job.toml"), "-o", str(case / "run")])
    assert done.exit_code == 0, done.output
    return case / "run"


def told(folder: Path, line: str) -> dict[str, Any]:
    """What `explain --json` says of a line."""
    done = CliRunner().invoke(main, ["explain", str(folder), line, "--json"])
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def shown(folder: Path, line: str) -> str:
    """What `explain` prints of a line."""
    done = CliRunner().invoke(main, ["explain", str(folder), line])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_each_line_is_decided_by_its_identifier(settled: Path) -> None:
    """The rules that decided, and that the explanation says what the run did, without a note."""
    expected = {"1": "iswc", "2": "identifier_conflict", "3": "identifier_conflict", "4": "title+performer",
                "5": "work_number", "6": "identifier_conflict", "7": "sender_number", "8": "identifier_conflict"}  # fmt: skip
    for line, rule in expected.items():
        found = told(settled, line)
        assert (found["match"]["rule"], found["evidence"]["rule"], found["note"]) == (rule, rule, "")
        assert found["evidence"]["outcome"] == found["match"]["outcome"]


def test_identifiers_say_what_they_are_of_and_what_the_title_makes_of_it(settled: Path) -> None:
    """One that agrees, one that contradicts, two of two works, one with a wrong check digit, one that was learned."""
    says = {line: [i["says"] for i in told(settled, line)["evidence"]["identifiers"]] for line in ("1", "2", "3", "7")}
    assert says["1"] == ['ISWC T0345246801 is of W-001 "望春風"; the line\'s title agrees']
    assert says["2"] == ['ISWC T0345246801 is of W-001 "望春風"; the line\'s title contradicts it']
    assert [i.split(";")[0] for i in says["3"]] == [
        'ISWC T0345246801 is of W-001 "望春風"',
        'ISRC GBAYE0601477 is of W-002 "雨夜花"',
    ]
    assert says["7"] == ["sender's number 54321 is of W-003 \"心願\"; the line's title agrees"]


def test_conflicts_are_rows_of_problems_and_remarks_of_the_line(settled: Path) -> None:
    """The run's problems name file, line, identifier and work; explain shows them, and wrong values, with the line."""
    rows = run.read_table(settled, tables.PROBLEMS).to_pylist()
    conflicts = {row["line"]: row for row in rows if row["code"] == "identifier_conflict"}
    assert sorted(conflicts) == [3, 4, 7, 9]
    assert conflicts[3]["reason"] == 'ISWC T0345246801 is of W-001 "望春風"; the line is called "完全不同的歌"'
    assert (conflicts[3]["severity"], conflicts[3]["file"], conflicts[3]["list"]) == ("note", "log.csv", "chain")
    assert [row["code"] for row in told(settled, "2")["remarks"]] == ["identifier_conflict"]
    assert [row["code"] for row in told(settled, "4")["remarks"]] == ["id.iswc"]
    assert "identifier_conflict" in (settled / "report.html").read_text(encoding="utf-8")


def test_a_conflict_waits_in_suspense_with_its_candidates(settled: Path) -> None:
    """Nobody is paid; the work of the identifier and that of the title are both shown."""
    found = told(settled, "3")
    assert found["allocations"] == []
    assert [row["reason"] for row in found["suspense"]] == ["ambiguous"]
    assert {row["work_id"] for row in found["candidates"]} >= {"W-001", "W-002"}
    assert "named by another identifier" in found["evidence"]["runner_up"]


def test_decisions_that_touched_the_line_are_shown(settled: Path) -> None:
    """Who confirmed the sender's number, when, for which work, and the note."""
    (decision,) = told(settled, "7")["evidence"]["decisions"]
    assert (decision["recorded_by"], decision["kind"], decision["work_id"]) == ("reviewer", "same", "W-003")
    text = shown(settled, "7")
    assert "reviewer on 2020-01-01" in text
    assert "heard it" in text
    assert told(settled, "1")["evidence"]["decisions"] == []


def test_an_unmatched_line_says_which_rule_stopped_it(settled: Path) -> None:
    """Nothing near; or a work near whose title only sounds alike; or another performer."""
    assert told(settled, "9")["evidence"]["stopped_by"]
    found = told(settled, "11")
    assert found["match"]["outcome"] != "matched"
    assert "stopped by: " in shown(settled, "11")
    assert "Runner-up: " in shown(settled, "11")


def test_the_terminal_shows_everything_in_a_hundred_columns(settled: Path) -> None:
    """Fields, normal forms, keys of sound, candidates, features in words, money; no line is too long."""
    from rich.cells import cell_len  # noqa: PLC0415

    text = shown(settled, "1")
    for part in ("望春風 (KTV版)", "iswc: T0345246801", "Compared as: title: 望春风", "ktv版", "p:wangchunfeng",
                 "by iswc", "Identifier: ISWC", "title without tags and brackets", "both state one", "pool"):  # fmt: skip
        assert part in text
    assert max(cell_len(line) for line in text.splitlines()) <= 100


def test_hostile_cells_are_shown_and_not_obeyed(settled: Path) -> None:
    """Markup, formulas and marks that turn text round are printed as what they are."""
    text = shown(settled, "10")
    assert "[red]=cmd" in text
    assert "\u202e" not in text


def test_json_is_complete(settled: Path) -> None:
    """Every feature with name, number and words; thresholds; the scorer that the run recorded."""
    evidence = told(settled, "1")["evidence"]
    first = evidence["candidates"][0]
    assert set(first["features"]) == set(first["words"]) == set(NAMES)
    assert evidence["thresholds"] == {"accept": 0.9, "reject": 0.08, "margin": 0.5}
    assert evidence["scorer"] == run.read_json(settled)["scorer"]


def test_a_run_of_another_scorer_is_explained_with_a_warning(settled: Path, tmp_path: Path) -> None:
    """What the run decided stands, whatever this version would say; unknown policies are left out."""
    folder = tmp_path / "run"
    folder.mkdir()
    for path in settled.glob("*.parquet"):
        (folder / path.name).write_bytes(path.read_bytes())
    about = json.loads((settled / "run.json").read_text(encoding="utf-8"))
    about["scorer"] = "0-00000000"
    about["policy"]["identify"]["something_new"] = [1]
    (folder / "run.json").write_text(json.dumps(about), encoding="utf-8")
    matches = run.read_table(folder, tables.MATCHES).to_pylist()
    matches[0] |= {"outcome": "unmatched", "work_id": None, "rule": "none"}
    pq.write_table(
        tables.MATCHES.schema.empty_table().from_pylist(matches, schema=tables.MATCHES.schema),
        folder / "matches.parquet",
    )
    note = told(folder, matches[0]["line_id"])["note"]
    assert "the run was scored by 0-00000000" in note
    assert "what the run decided stands" in note
    assert "Note: " in shown(folder, matches[0]["line_id"])


def test_every_feature_has_words() -> None:
    """Each feature of this version is in the table of words; one that is not is shown by its name."""
    assert sorted(name for name in NAMES if name not in words.WORDS) == []
    assert words.sentences({"brand_new": 0.25}) == {"brand_new": "brand new: 0.25"}

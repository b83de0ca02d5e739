"""From a run to a better next run: queue out, answers in, and nothing that is finished ever changes."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
from click.testing import CliRunner, Result

from partita import distribute, tables
from partita.cli.main import main
from partita.errors import InputError
from partita.jobs import answers, run
from partita.jobs.queue import queue
from partita.registry import decisions_file

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
WORKS = """work_id,title,composer,performers,society
W1,望春風,鄧雨賢,純純,NORTH
W2,雨夜花,鄧雨賢,純純,NORTH
W3,港都夜雨,,甲甲,NORTH
W4,港都夜雨,,甲甲,SOUTH
W5,Harbour Lights,,Anna B,SOUTH
"""
LOG = """line_id,title,performers,licensee,plays,歌號
1,望春風,純純,lantern,12,1001
2,夜來香,李香蘭,lantern,5,1002
3,港都夜雨,甲甲,lantern,7,1003
4,港都夜雨,甲甲,harbour,8,77
5,=cmd|' /C calc'!A0,+1,harbour,3,78
6,Lights of the Harbour,Anna B,harbour,100,79
7,港都夜雨,甲 甲,harbour,1,80
"""
JOB = """
[job]
title = { en = "A small case" }
currency = "TWD"
period_from = 2019-01-01
period_to = 2019-12-31
[[repertoire]]
file = "works.csv"
[[usage]]
file = "log.csv"
name = "log"
"""
POOLS = """
[[pool]]
id = "lantern"
licensee = "lantern"
amount = "2400"
[[pool]]
id = "harbour"
licensee = "harbour"
amount = "1120"
"""


def partita(*words: str | Path) -> Result:
    """Runs the command line."""
    return CliRunner().invoke(main, [str(word) for word in words], prog_name="partita")


def told(*words: str | Path, code: int = 0) -> dict[str, Any]:
    """The JSON that a command prints, which must end with this exit code."""
    done = partita(*words, "--json")
    assert done.exit_code == code, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def write(folder: Path, *, pools: str = POOLS, log: str = LOG, decisions: str = "") -> Path:
    """The case's files; returns the job file."""
    folder.mkdir(exist_ok=True)
    (folder / "works.csv").write_text(WORKS, encoding="utf-8")
    (folder / "log.csv").write_text(log, encoding="utf-8")
    named = f'decisions = "{decisions}"\n' if decisions else ""
    (folder / "job.toml").write_text(named + JOB + pools, encoding="utf-8")
    return folder / "job.toml"


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A settled run of the case, in a folder `run` beside its job; not to be written to."""
    folder = tmp_path_factory.mktemp("queue")
    told("settle", write(folder), "-o", folder / "run")
    return folder


def answered(path: Path, given: dict[str, str], out: Path, *, column: str = "answer") -> Path:
    """The workbook with these answers, by title, as another spreadsheet program saves it."""
    book = openpyxl.load_workbook(path)
    sheet: Any = book.active
    names = [str(cell.value).split(" ")[0] for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        title = row[names.index("title")].value
        if title in given:
            row[names.index(column)].value = given[title]
    book.save(out)
    return out


def listed(folder: Path) -> dict[str, bytes]:
    """Every file of a run by its path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def outcomes(folder: Path) -> dict[str, tuple[str, str | None, str]]:
    """Outcome, work and rule of each line of a run."""
    rows = run.read_table(folder, tables.MATCHES).to_pylist()
    return {row["line_id"]: (row["outcome"], row["work_id"], row["rule"]) for row in rows}


def items(folder: Path, out: Path, **how: Any) -> list[dict[str, Any]]:
    """The items of a run's queue."""
    queue(folder, out / "items.json", **how)
    found: list[dict[str, Any]] = json.loads((out / "items.json").read_text(encoding="utf-8"))["items"]
    return found


def test_equal_lines_are_one_item_and_most_money_comes_first(settled: Path, tmp_path: Path) -> None:
    """Lines of two licensees with one song are one item; amounts fall, and add up to what waits for lines."""
    found = items(settled / "run", tmp_path)
    amounts = [float(item["amount"]) for item in found]
    assert amounts == sorted(amounts, reverse=True)
    one = next(item for item in found if item["title"] == "港都夜雨" and item["lines"] > 1)
    assert (one["plays"], one["lines"], one["licensees"], one["outcome"]) == (15, 2, 2, "ambiguous")
    assert (one["file"], one["line"], one["line_id"]) == ("log.csv", 4, "3")
    assert [c["work_id"] for c in one["candidates"]] == ["W3", "W4"]
    assert all(c["why"] for c in one["candidates"])
    waiting = run.read_table(settled / "run", tables.SUSPENSE).to_pylist()
    held = sum(r["amount_micro"] for r in waiting if r["reason"] in ("ambiguous", "unmatched"))
    assert round(sum(amounts) * 1_000_000) == held
    assert len({item["item_id"] for item in found}) == len(found)


def test_plays_order_a_queue_without_money(tmp_path: Path) -> None:
    """Where the pools are empty, the item that was played most comes first."""
    job = write(tmp_path / "case", pools='\n[[pool]]\nid = "none"\namount = "0"\n')
    told("settle", job, "-o", tmp_path / "run")
    plays = [item["plays"] for item in items(tmp_path / "run", tmp_path)]
    assert plays == sorted(plays, reverse=True)
    assert len(plays) > 2


def test_from_a_run_to_a_better_next_run(settled: Path, tmp_path: Path) -> None:
    """Answers in a workbook decide the next run, the first run keeps its bytes, and undoing gives its matches again."""
    before = listed(settled / "run")
    told("queue", settled / "run", "-o", tmp_path / "queue.xlsx")
    given = {"港都夜雨": "same 2", "夜來香": "new title W2", "Lights of the Harbour": "same W5"}
    sheet = answered(tmp_path / "queue.xlsx", given, tmp_path / "filled.xlsx")
    file = tmp_path / "decisions.jsonl"
    done = told("decide", file, "--from", sheet, "--by", "A. Clerk", "--run", settled / "run")
    assert (done["taken"], done["refused"]) == (4, [])

    again = told("decide", file, "--from", sheet, "--by", "A. Clerk", "--run", settled / "run")
    assert (again["taken"], again["known"], again["recorded"]) == (0, 4, [])

    job = write(tmp_path / "next", decisions="../decisions.jsonl")
    first = run.read_json(settled / "run")
    second = told("settle", job, "-o", tmp_path / "next-run")
    assert second["run_id"] != first["run_id"]
    assert second["files"]["decisions.parquet"] == run.digest(tmp_path / "next-run" / "decisions.parquet")
    assert [note["format"] for note in second["inputs"]][-1] == "jsonl"
    found = outcomes(tmp_path / "next-run")
    assert found["3"] == found["4"] == ("matched", "W4", "decided")
    assert found["2"] == ("matched", "W2", "decided")
    assert found["6"] == ("matched", "W5", "decided")
    assert second["totals"]["TWD"]["suspense"] < first["totals"]["TWD"]["suspense"]
    assert listed(settled / "run") == before

    kept = listed(tmp_path / "next-run")
    ids = [row["decision_id"] for row in told("decide", file, "--list")["rows"]]
    for decision in ids:
        if {r["decision_id"]: r["state"] for r in told("decide", file, "--list")["rows"]}[decision] == "stands":
            told("decide", file, "--undo", decision, "--by", "B. Clerk", "--note", "a mistake")
    assert {row["state"] for row in told("decide", file, "--list")["rows"]} == {"undone", ""}
    third = told("settle", job, "-o", tmp_path / "third-run")
    assert third["run_id"] == first["run_id"]
    assert listed(tmp_path / "third-run")["matches.parquet"] == before["matches.parquet"]
    assert listed(tmp_path / "third-run")["journal.parquet"] == before["journal.parquet"]
    assert listed(tmp_path / "next-run") == kept


def test_an_answer_teaches_the_senders_numbers(settled: Path, tmp_path: Path) -> None:
    """What is confirmed of a song is confirmed of each sender's own number for it, and undone with it."""
    told("queue", settled / "run", "-o", tmp_path / "queue.xlsx")
    sheet = answered(tmp_path / "queue.xlsx", {"夜來香": "same W2"}, tmp_path / "filled.xlsx")
    file = tmp_path / "decisions.jsonl"
    made = told("decide", file, "--from", sheet, "--by", "A", "--run", settled / "run")["recorded"]
    assert [(row["list"], row["sender_number"]) for row in made] == [("", ""), ("lantern", "1002")]
    undone = told("decide", file, "--undo", "000001", "--by", "A")["recorded"]
    assert sorted(row["undoes"] for row in undone) == sorted(row["decision_id"] for row in made)


def test_what_was_decided_stands_last_and_says_so(settled: Path, tmp_path: Path) -> None:
    """An item that was answered since, `none` too, says by whom and comes after what is open."""
    told("queue", settled / "run", "-o", tmp_path / "queue.xlsx")
    first = items(settled / "run", tmp_path)[0]["title"]
    sheet = answered(tmp_path / "queue.xlsx", {first: "none"}, tmp_path / "filled.xlsx")
    told("decide", tmp_path / "d.jsonl", "--from", sheet, "--by", "A. Clerk")
    found = items(settled / "run", tmp_path, decisions=tmp_path / "d.jsonl")
    assert found[-1]["title"] == first
    assert "A. Clerk" in found[-1]["decided"]
    assert [item["decided"] for item in found[:-1]] == [""] * (len(found) - 1)


REFUSED = [
    ("same 9", "no work of the run is called '9'"),
    ("same W77", "no work of the run is called 'W77'"),
    ("same", "does not say which work"),
    ("new title", "does not say which work"),
    ("maybe", "is not understood"),
    ("same1", "is not understood"),
    ("=1+1", "is not understood"),
    ("1", "is not understood"),
    ("same W1 W2", "no work of the run"),
    ("nothing", "is not understood"),
    ("x" * 50_000, "is not understood"),
]


@pytest.mark.parametrize(("answer", "said"), REFUSED)
def test_an_answer_that_cannot_be_taken_is_named(settled: Path, tmp_path: Path, answer: str, said: str) -> None:
    """The row, what is wrong and the mend; the good answers beside it are taken; the exit code says so."""
    told("queue", settled / "run", "-o", tmp_path / "queue.csv")
    rows = {item["title"]: item for item in items(settled / "run", tmp_path)}
    whole = json.loads((tmp_path / "items.json").read_text(encoding="utf-8"))
    for item in whole["items"]:
        item["answer"] = {"港都夜雨": answer, "夜來香": "none"}.get(item["title"], "")
    whole["items"] = [item for item in whole["items"] if item["lines"] == rows[item["title"]]["lines"]]
    (tmp_path / "filled.json").write_text(json.dumps(whole), encoding="utf-8")
    done = told("decide", tmp_path / "d.jsonl", "--from", tmp_path / "filled.json", "--by", "A",
                "--run", settled / "run", code=1)  # fmt: skip
    assert done["taken"] == 1
    assert [said in row["reason"] for row in done["refused"]] == [True]
    assert done["refused"][0]["place"].startswith("item ")
    assert done["refused"][0]["mend"]


TAKEN = [
    ("same 1", [("same", "W3")]), ("SAME  2", [("same", "W4")]), ("ｓａｍｅ ２", [("same", "W4")]),
    ("same W5", [("same", "W5")]), ("same: W5", [("same", "W5")]), ("\u202esame\u200b 1", [("same", "W3")]),
    ("same NORTH:W1", [("same", "W1")]), ("same work W1", [("same", "W1")]),
    ("同 2", [("same", "W4")]), ("同2", [("same", "W4")]), ("none", [("not_same", "W3"), ("not_same", "W4")]),
    ("無", [("not_same", "W3"), ("not_same", "W4")]), ("not this", [("not_same", "W3")]),
    ("not 2", [("not_same", "W4")]), ("不是 W4", [("not_same", "W4")]), ("new title 1", [("alt_title", "W3")]),
    ("新曲名 W5", [("alt_title", "W5")]),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "rows"), TAKEN)
def test_answers_are_understood(settled: Path, tmp_path: Path, answer: str, rows: list[tuple[str, str]]) -> None:
    """Each form of answer, in both languages, with the works that it means."""
    told("queue", settled / "run", "-o", tmp_path / "queue.xlsx")
    filled = answers.of_line(settled / "run", "3", answer)
    done = answers.decide(tmp_path / "d.jsonl", [filled], by="A", at=NOW, folder=settled / "run")
    made = [(row["kind"], row["work_id"]) for row in done["recorded"] if not row["sender_number"]]
    assert (made, done["refused"]) == (rows, [])


def test_a_matched_line_can_be_refused(settled: Path, tmp_path: Path) -> None:
    """A wrong match stands in no queue; it is answered by its line, and the next run does not match it."""
    file = tmp_path / "d.jsonl"
    told("decide", file, "--run", settled / "run", "--line", "1", "--answer", "not this", "--by", "A")
    told("settle", write(tmp_path / "case", decisions="../d.jsonl"), "-o", tmp_path / "run")
    assert outcomes(settled / "run")["1"][:2] == ("matched", "W1")
    assert outcomes(tmp_path / "run")["1"][:2] == ("unmatched", None)


def test_only_one_licensee_may_be_meant(settled: Path, tmp_path: Path) -> None:
    """With --only the answers speak of the lines of that list or licensee."""
    file = tmp_path / "d.jsonl"
    told(
        "decide", file, "--run", settled / "run", "--line", "3", "--answer", "same W3", "--by", "A", "--only", "lantern"
    )
    told("settle", write(tmp_path / "case", decisions="../d.jsonl"), "-o", tmp_path / "run")
    found = outcomes(tmp_path / "run")
    assert found["3"] == ("matched", "W3", "decided")
    assert found["4"][0] == "ambiguous"


def test_a_changed_mind_is_asked_to_say_so(settled: Path, tmp_path: Path) -> None:
    """An old sheet taken in again after another answer does not turn it back in silence."""
    file, folder = tmp_path / "d.jsonl", settled / "run"

    def take(answer: str) -> dict[str, Any]:
        return answers.decide(file, [answers.of_line(folder, "3", answer)], by="A", at=NOW, folder=folder)

    first = take("same W3")["recorded"][0]["decision_id"]
    assert take("same W4")["taken"] == 1
    again = take("same W3")
    assert again["taken"] == 0
    assert first in again["refused"][0]["reason"]
    answers.undo(file, [first], by="A", at=NOW)
    assert take("same W3")["taken"] == 1


def test_two_answers_for_one_item_are_both_refused(settled: Path, tmp_path: Path) -> None:
    """A copied row with another answer says where both stand; a copied row with the same answer counts once."""
    whole = items(settled / "run", tmp_path)
    one = next(item for item in whole if item["title"] == "港都夜雨" and item["lines"] == 2)
    for second, refused, taken in (("same 2", 2, 0), ("same 1", 0, 1)):
        made = {"items": [one | {"answer": "same 1"}, one | {"answer": second}]}
        (tmp_path / "twice.json").write_text(json.dumps(made), encoding="utf-8")
        done = told(
            "decide", tmp_path / "d.jsonl", "--from", tmp_path / "twice.json", "--by", "A", code=int(refused > 0)
        )
        assert (len(done["refused"]), done["taken"]) == (refused, taken)
    assert decisions_file.read(tmp_path / "d.jsonl").table.num_rows == 3


def test_a_sheet_sorted_by_some_columns_is_noticed(settled: Path, tmp_path: Path) -> None:
    """Where the question does not belong to its row any more, no answer is taken."""
    whole = items(settled / "run", tmp_path)
    mixed = [one | {"answer": "none", "data": other["data"]} for one, other in zip(whole, whole[::-1], strict=True)]
    changed = whole[0] | {"answer": "none", "data": whole[0]["data"] | {"title": "another"}}
    for made in (mixed[:1], [changed]):
        (tmp_path / "mixed.json").write_text(json.dumps({"items": made}), encoding="utf-8")
        done = told("decide", tmp_path / "d.jsonl", "--from", tmp_path / "mixed.json", "--by", "A", code=1)
        assert "not as it was written" in done["refused"][0]["reason"]
    assert not (tmp_path / "d.jsonl").exists()


def test_a_work_beside_the_candidates_needs_the_run_that_asked(settled: Path, tmp_path: Path) -> None:
    """Without the run a work cannot be looked up, and another run will not do."""
    (tmp_path / "away").mkdir()
    told("queue", settled / "run", "-o", tmp_path / "queue.xlsx")
    sheet = answered(tmp_path / "queue.xlsx", {"夜來香": "same W2"}, tmp_path / "away" / "filled.xlsx")
    done = told("decide", tmp_path / "d.jsonl", "--from", sheet, "--by", "A", code=1)
    assert "--run" in done["refused"][0]["mend"]
    log = LOG + "8,another,,lantern,1,9\n"
    told("settle", write(tmp_path / "other", log=log), "-o", tmp_path / "other-run")
    done = told("decide", tmp_path / "d.jsonl", "--from", sheet, "--by", "A", "--run", tmp_path / "other-run", code=1)
    assert "not the run that asked" in done["refused"][0]["reason"]


def test_a_decided_work_that_is_gone_is_a_problem_of_the_run(settled: Path, tmp_path: Path) -> None:
    """The run names the decision, and its lines wait."""
    file = tmp_path / "d.jsonl"
    told("decide", file, "--run", settled / "run", "--line", "1", "--answer", "same W2", "--by", "A")
    job = write(tmp_path / "case", decisions="../d.jsonl")
    works = (tmp_path / "case" / "works.csv").read_text(encoding="utf-8").replace("W2,", "W22,")
    (tmp_path / "case" / "works.csv").write_text(works, encoding="utf-8")
    told("settle", job, "-o", tmp_path / "run")
    assert outcomes(tmp_path / "run")["1"] == ("ambiguous", None, "decided_gone")
    rows = run.read_table(tmp_path / "run", tables.PROBLEMS).to_pylist()
    assert ("decisions.work_gone", "warning") in [(row["code"], row["severity"]) for row in rows]


WRONG = [
    (["decide", "d.jsonl"], "one of --from, --line, --list and --undo is needed"),
    (["decide", "d.jsonl", "--list", "--undo", "x"], "one of --from"),
    (["decide", "d.jsonl", "--from", "q.xlsx"], "--from needs --by"),
    (["decide", "d.jsonl", "--from", "none.xlsx", "--by", "A"], "none.xlsx: there is no such file"),
    (["decide", "d.jsonl", "--from", "works.csv", "--by", "A"], "works.csv: is no review queue"),
    (["decide", "d.jsonl", "--list"], "d.jsonl: No such file"),
    (["decide", "d.jsonl", "--undo", "000001-x", "--by", "A"], "d.jsonl: No such file"),
    (["decide", "d.jsonl", "--line", "1", "--by", "A"], "--line needs --run and --answer"),
    (["decide", "d.jsonl", "--run", "run", "--line", "99", "--answer", "none", "--by", "A"], "has no line '99'"),
    (["decide", "d.jsonl", "--run", "run", "--line", "1", "--answer", "none", "--by", " "], "--by needs the name"),
    (["queue", "run", "-o", "queue.ods"], "End the name in .xlsx, .csv or .json"),
    (["queue", "nowhere", "-o", "queue.xlsx"], "is not a run folder"),
    (["queue", "run", "-o", "run"], "is a folder"),
]


@pytest.mark.parametrize(("words", "said"), WRONG)
def test_what_is_wrong_is_one_line(settled: Path, words: list[str], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bad usage and bad input give exit 2 and one line."""
    monkeypatch.chdir(settled)
    done = partita(*words)
    assert done.exit_code == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_undo_of_what_is_not_there(settled: Path, tmp_path: Path) -> None:
    """An unknown decision, an undo, and one that was undone before are named; nothing is written."""
    file = tmp_path / "d.jsonl"
    made = told("decide", file, "--run", settled / "run", "--line", "3", "--answer", "same 1", "--by", "A")["recorded"]
    undone = told("decide", file, "--undo", made[0]["decision_id"], "--by", "A")["recorded"]
    before = file.read_bytes()
    for decision, said in (("000099-x", "has no decision"), (undone[0]["decision_id"], "is itself an undo"),
                           (made[0]["decision_id"], "was taken back before")):  # fmt: skip
        with pytest.raises(InputError, match=said):
            answers.undo(file, [decision], by="A", at=NOW)
    assert file.read_bytes() == before


def test_people_read_what_was_done(settled: Path, tmp_path: Path) -> None:
    """Without --json each verb says in words what it did and what to do next."""
    done = partita("queue", settled / "run", "-o", tmp_path / "queue.xlsx")
    assert "partita decide decisions.jsonl --from" in done.output
    sheet = answered(tmp_path / "queue.xlsx", {"夜來香": "perhaps"}, tmp_path / "filled.xlsx")
    done = partita("decide", tmp_path / "d.jsonl", "--from", sheet, "--by", "A")
    assert done.exit_code == 1
    assert "row " in done.output
    assert "is not understood" in done.output


def test_a_million_equal_lines_are_one_item(settled: Path, tmp_path: Path) -> None:
    """A million lines of one song are one decision with all their plays and money."""
    size, table = 1_000_000, run.read_table(settled / "run", tables.USAGE)
    one = table.filter(pa.compute.equal(table.column("line_id"), "2"))
    usage = one.take(pa.array([0] * size)).set_column(
        one.column_names.index("line_id"), "line_id", pa.array(map(str, range(size)), pa.string())
    )
    few = run.read_table(settled / "run", tables.MATCHES)
    match = few.filter(pa.compute.equal(few.column("line_id"), "2")).take(pa.array([0] * size))
    matches = match.set_column(0, "line_id", usage.column("line_id"))
    for source in (settled / "run").glob("*.*"):
        (tmp_path / source.name).write_bytes(source.read_bytes())
    pools = run.read_table(settled / "run", tables.POOLS)
    empty = distribute.distribute(pools, usage.slice(0, 0), matches.slice(0, 0), tables.SHARES.empty(),
                                  distribute.DistributePolicy(), charges=tables.CHARGES.empty(),
                                  problems=tables.PROBLEMS.empty())  # fmt: skip
    held = [{"pool_id": "lantern", "reason": "unmatched", "line_id": str(n), "work_id": "", "weight": 1,
             "since": dt.date(2019, 12, 31), "amount_micro": 1000} for n in range(1000)]  # fmt: skip
    for contract, data in ((tables.USAGE, usage), (tables.MATCHES, matches), (tables.JOURNAL, empty.journal),
                           (tables.SUSPENSE, pa.Table.from_pylist(held, tables.SUSPENSE.schema))):  # fmt: skip
        run.write_table(tmp_path, contract, data)
    found = items(tmp_path, tmp_path)
    assert [(item["lines"], item["plays"], item["amount"]) for item in found] == [(size, 5 * size, "1.00")]

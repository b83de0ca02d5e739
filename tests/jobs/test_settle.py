"""The main job, end to end: files in, balanced books and statements out."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
import time
from pathlib import Path

import pyarrow.compute as pc
import pytest
from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parent))
import harbour

from partita import tables
from partita.cli.main import main
from partita.errors import InputError
from partita.jobs import run
from partita.jobs.explain import explain
from partita.jobs.settle import settle


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run folder of the small case."""
    folder = tmp_path_factory.mktemp("harbour")
    settle(harbour.write(folder / "case"), folder / "run")
    return folder / "run"


def outcomes(folder: Path) -> dict[str, tuple[str, str | None]]:
    """Outcome and work of each line."""
    rows = run.read_table(folder, tables.MATCHES).to_pylist()
    return {row["line_id"]: (row["outcome"], row["work_id"]) for row in rows}


def test_each_line_gets_its_outcome(settled: Path) -> None:
    """Exact, tagged, simplified and writer-only lines match; one title of two works is ambiguous."""
    expected = {
        "L1": ("matched", "N-1"),
        "L2": ("matched", "N-2"),
        "L3": ("matched", "N-3"),
        "L4": ("matched", "N-4"),
        "L5": ("matched", "S-1"),
        "L6": ("matched", "S-2"),
        "L7": ("ambiguous", None),
        "L8": ("unmatched", None),
        "L9": ("out_of_scope", None),
        "L12": ("out_of_scope", None),
    }

    assert outcomes(settled) == expected


def test_bad_rows_are_set_aside_with_a_mend(settled: Path) -> None:
    """The row with negative plays and the row without a title are quarantined, each with file, line, code and mend."""
    rows = run.read_table(settled, tables.PROBLEMS).to_pylist()
    quarantined = [row for row in rows if row["severity"] == "quarantined"]

    assert sorted(row["line"] for row in quarantined) == [11, 12]
    assert all(row["code"] and row["reason"] and row["mend"] and row["file"] for row in quarantined)


def test_the_books_balance_to_the_unit(settled: Path) -> None:
    """Collected equals paid, fees, funds, suspense and carried forward, and each journal entry sums to zero."""
    journal = run.read_table(settled, tables.JOURNAL)
    sums = journal.group_by("entry_id").aggregate([("amount_micro", "sum")]).column("amount_micro_sum")
    about = run.read_json(settled)
    total = about["totals"]["TWD"]

    assert set(sums.to_pylist()) == {0}
    assert about["balanced"] is True
    assert total["collected"] == 134_333_330_000
    parts = ("paid", "fees", "funds", "suspense", "carried_out")
    assert total["collected"] + total["carried_in"] == sum(total[name] for name in parts)


def test_what_is_open_earns_nothing_and_waits(settled: Path) -> None:
    """Ambiguous, unmatched, quarantined, unclaimed and overclaimed money is in suspense with its reason."""
    reasons = set(run.read_table(settled, tables.SUSPENSE).column("reason").to_pylist())

    assert {"ambiguous", "unmatched", "quarantined", "unclaimed_share", "overclaimed"} <= reasons
    paid_works = set(run.read_table(settled, tables.ALLOCATIONS).column("work_id").to_pylist())
    assert not paid_works & {"S-2", "S-3", "S-4"}


def test_each_payee_has_statements(settled: Path) -> None:
    """Every payee that earned something has a statement, and the pages are there in both languages."""
    payees = run.read_table(settled, tables.PAYOUTS).num_rows
    pages = list((settled / "statements").glob("*.html"))

    assert payees > 0
    assert len(pages) >= payees
    assert (settled / "report.html").is_file()
    assert (settled / "report.zh-Hant.html").is_file()


def test_explain_follows_the_money(settled: Path) -> None:
    """A matched line shows who is paid for it; an ambiguous one shows what it holds back and its candidates."""
    matched, ambiguous = explain(settled, "L1"), explain(settled, "L7")

    assert {row["party_id"] for row in matched["allocations"]} >= {"N-H1", "N-H2"}
    assert matched["suspense"] == []
    assert {row["work_id"] for row in ambiguous["evidence"]["candidates"]} >= {"S-3", "S-4"}
    assert sum(row["amount_micro"] for row in ambiguous["suspense"]) > 0


def test_explain_names_lines_that_are_not_there(settled: Path) -> None:
    """An unknown line id is one line that says which ids there are."""
    with pytest.raises(InputError, match="no line 'L99'"):
        explain(settled, "L99")


def test_explain_knows_rows_that_were_set_aside(settled: Path) -> None:
    """A quarantined row is asked for by its file and line: what is wrong with it, and the money that it holds back."""
    found = explain(settled, "log.csv:11")

    assert [row["code"] for row in found["set_aside"]] == ["usage.plays"]
    assert sum(row["amount_micro"] for row in found["suspense"]) > 0


def test_roles_without_a_split_table_share_equally(tmp_path: Path) -> None:
    """A repertoire that names composer and lyricist, without shares file or split table, pays both the same."""
    job = harbour.write(tmp_path / "case")
    text = job.read_text(encoding="utf-8").replace('[[shares]]\nfile = "shares.csv"\n', "")
    job.write_text(text, encoding="utf-8")
    settle(job, tmp_path / "run")

    shares = run.read_table(tmp_path / "run", tables.SHARES).to_pylist()

    assert {row["share_ppm"] for row in shares if row["work_id"] == "N-1"} == {500_000}
    assert run.read_json(tmp_path / "run")["totals"]["TWD"]["paid"] > 0


def listed(folder: Path) -> dict[str, bytes]:
    """Every file of a run by its path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path, settled: Path) -> None:
    """Two runs of one job are equal file by file."""
    settle(harbour.write(tmp_path / "case"), tmp_path / "run")

    again, before = listed(tmp_path / "run"), listed(settled)

    assert again.keys() == before.keys()
    assert [name for name in again if again[name] != before[name]] == []


NAMES_LINES = {
    "run.json",
    "usage.parquet",
    "problems.parquet",
    "suspense.parquet",
    "report.html",
    "report.zh-Hant.html",
}
"""Files that state the input's SHA-256, or on which line of the file a (bad) row stands: shuffling moves those."""


def waiting(folder: Path) -> list[dict[str, object]]:
    """Suspense without what bad rows hold: those are known by their place in the file alone."""
    rows = run.read_table(folder, tables.SUSPENSE).to_pylist()
    return [row for row in rows if row["reason"] != "quarantined"]


def test_the_order_of_rows_does_not_matter(tmp_path: Path, settled: Path) -> None:
    """Shuffled inputs give identical files, but for those that name a file's lines or its SHA-256."""
    settle(harbour.write(tmp_path / "case", shuffle=5), tmp_path / "run")

    again, before = listed(tmp_path / "run"), listed(settled)

    assert again.keys() == before.keys()
    assert {name for name in again if again[name] != before[name]} <= NAMES_LINES
    assert waiting(tmp_path / "run") == waiting(settled)
    assert json.loads(again["run.json"])["totals"] == json.loads(before["run.json"])["totals"]
    assert json.loads(again["run.json"])["run_id"] == json.loads(before["run.json"])["run_id"]


def test_the_encoding_of_the_log_does_not_matter(tmp_path: Path, settled: Path) -> None:
    """A Big5 log gives the same matches and the same money, and the run says that it was Big5."""
    text = (harbour.write(tmp_path / "case").parent / "log.csv").read_text(encoding="utf-8")
    (tmp_path / "case" / "log.csv").write_bytes(text.replace("送别", "送別").encode("cp950"))
    settle(tmp_path / "case" / "job.toml", tmp_path / "run")

    assert outcomes(tmp_path / "run") == outcomes(settled)
    notes = run.read_json(tmp_path / "run")["inputs"]
    assert [note["encoding"] for note in notes if note["file"].endswith("log.csv")] in (["cp950"], ["big5"])


def _settle(job: Path, out: Path) -> None:
    settle(job, out)


@pytest.mark.slow
def test_a_run_killed_at_any_point_leaves_no_half_run(tmp_path: Path, settled: Path) -> None:
    """Killed after 10 different times, the run folder is absent or complete; a last run ends with the same bytes."""
    job = harbour.write(tmp_path / "case")
    out = tmp_path / "run"
    context = multiprocessing.get_context("spawn")
    for step in range(10):
        process = context.Process(target=_settle, args=(job, out))
        process.start()
        time.sleep(0.4 + 0.35 * step)
        if process.pid and process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
        process.join()
        assert not out.exists() or listed(out) == listed(settled)
    settle(job, out)

    assert listed(out) == listed(settled)


def test_unusable_files_are_one_line_and_exit_2(tmp_path: Path) -> None:
    """A spreadsheet that is none gives exit 2, one line that names it, and no run folder."""
    job = harbour.write(tmp_path / "case")
    (tmp_path / "case" / "log.csv").write_bytes(b"%PDF-1.7\n\x00\x01\x02" * 100)

    result = CliRunner().invoke(main, ["settle", str(job), "-o", str(tmp_path / "run")])

    assert result.exit_code == 2
    assert "log.csv" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "run").exists()


def test_json_is_one_object_and_nothing_else(tmp_path: Path) -> None:
    """With --json each verb prints one JSON object on standard output."""
    job = harbour.write(tmp_path / "case")
    case, out = job.parent, tmp_path / "run"
    verbs = [
        ["settle", str(job), "-o", str(out)],
        ["explain", str(out), "L2"],
        [
            "identify",
            "--repertoire",
            str(case / "works.csv"),
            "--usage",
            str(case / "log.csv"),
            "-o",
            str(tmp_path / "m.parquet"),
        ],
    ]
    for verb in verbs:
        result = CliRunner().invoke(main, [*verb, "--json"])
        assert result.exit_code == 0, result.output
        assert isinstance(json.loads(result.stdout), dict)
        plain = CliRunner().invoke(main, verb)
        assert plain.exit_code == 0, plain.output


def test_an_adjusting_run_books_only_differences(tmp_path: Path, settled: Path) -> None:
    """A corrected share moves exactly its money: one party gets it, another owes it, and the books balance."""
    job = harbour.write(tmp_path / "case")
    text = job.read_text(encoding="utf-8") + f'\n[earlier]\nadjusts = "{os.path.relpath(settled, job.parent)}"\n'
    job.write_text(text, encoding="utf-8")
    shares = job.parent / "shares.csv"
    shares.write_text(shares.read_text(encoding="utf-8").replace("N-1,N-H2", "N-1,N-NEW"), encoding="utf-8")

    about = settle(job, tmp_path / "run")

    by_party = {
        row["party_id"]: row["gross_micro"] for row in run.read_table(tmp_path / "run", tables.PAYOUTS).to_pylist()
    }
    assert by_party["N-NEW"] > 0
    assert by_party["N-H2"] == -by_party["N-NEW"]
    assert by_party.get("N-H1", 0) == 0
    assert about["totals"]["TWD"]["collected"] == 0
    assert pc.sum(run.read_table(tmp_path / "run", tables.ALLOCATIONS).column("amount_micro")).as_py() == 0

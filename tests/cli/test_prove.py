"""`partita prove` and `partita verify`, as a society and a payee run them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from partita.cli.main import main
from partita.jobs.demo import demo


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A settled run, a log, and the run's statements proven by the commands of the README."""
    folder = tmp_path_factory.mktemp("prove")
    demo(folder / "run", lines=2_000)
    assert _run("log", "init", str(folder / "log"), "--name", "society.example/s").exit_code == 0
    done = _run("prove", str(folder / "run"), "--log", str(folder / "log"), "-o", str(folder / "proven"))
    assert done.exit_code == 0, done.output
    assert "statements with their proofs" in done.output
    return folder


def _statement(work: Path) -> Path:
    return min((work / "proven" / "statements").glob("*.json"))


def test_a_payee_verifies_a_statement_with_the_public_key(work: Path) -> None:
    """Exit 0; without a key exit 2, in one line that says what is missing."""
    file, key = str(_statement(work)), str(work / "proven" / "society.vkey")
    done = _run("verify", file, "--key", key, "--json")
    assert (done.exit_code, json.loads(done.stdout)["outcome"]) == (0, "proven")
    lacking = _run("verify", file)
    assert lacking.exit_code == 2
    assert "--key" in lacking.output


def test_a_changed_digit_is_named_and_the_exit_is_one(work: Path, tmp_path: Path) -> None:
    """The message says which figure, in text and in JSON."""
    document = json.loads(_statement(work).read_bytes())
    document["money"]["paid_micro"] += 1
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(document), encoding="utf-8")
    key = str(work / "proven" / "society.vkey")
    told = _run("verify", str(changed), "--key", key)
    assert told.exit_code == 1
    assert "/money/paid_micro" in told.output.replace("\n", "")
    said = json.loads(_run("verify", str(changed), "--key", key, "--json").stdout)
    assert said["outcome"] == "altered_figure"


def test_the_run_s_receipt_and_the_log_hold_too(work: Path) -> None:
    """What the society keeps, and the folder that it publishes."""
    key = str(work / "proven" / "society.vkey")
    assert _run("verify", str(work / "proven" / "run-receipt.json"), "--key", key).exit_code == 0
    assert _run("verify", str(work / "log"), "--key", key).exit_code == 0


def test_a_run_that_is_none_or_a_log_that_is_not_there_is_bad_input(work: Path, tmp_path: Path) -> None:
    """Exit 2, and nothing is written."""
    out = tmp_path / "out"
    assert _run("prove", str(tmp_path), "--log", str(work / "log"), "-o", str(out)).exit_code == 2
    assert _run("prove", str(work / "run"), "--log", str(tmp_path / "none"), "-o", str(out)).exit_code == 2
    assert not out.exists()


def test_a_statement_that_says_a_thing_twice_is_not_read(work: Path, tmp_path: Path) -> None:
    """A second `currency` before the true one is read by people and overlooked by machines: it is no statement."""
    text = _statement(work).read_text(encoding="utf-8")
    twice = tmp_path / "twice.json"
    twice.write_text(text.replace("{", '{"currency": "USD",', 1), encoding="utf-8")
    done = _run("verify", str(twice), "--key", str(work / "proven" / "society.vkey"))
    assert done.exit_code == 2
    assert "'currency' stands twice" in done.output.replace("\n", "")

"""`partita publish` and `partita observe`: what they print, their exit codes, and usage that is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from partita.cli.main import main

INTENT = "party: A publisher\nsite: https://example.org\nstatements:\n  - {purpose: train, stance: reserve}\n"


def run(*words: str | Path) -> Result:
    """Runs `partita`."""
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def intent(tmp_path: Path) -> Path:
    """An intent of one statement."""
    (tmp_path / "intent.yaml").write_text(INTENT)
    return tmp_path / "intent.yaml"


def test_publish_shows_carriers_and_statements(intent: Path, tmp_path: Path) -> None:
    """A row a carrier, and what is left to be done by hand; done is exit 0."""
    done = run("publish", intent, "-o", tmp_path / "site", "--at", "2026-11-22")
    assert done.exit_code == 0, done.output
    for said in ("content_usage_robots", "tdmrep_file", "reserve train", "head.html", "Wrote"):
        assert said in done.stdout


def test_publish_then_observe_then_check(intent: Path, tmp_path: Path) -> None:
    """From an intent to an answer, through files alone; JSON is one object."""
    assert run("publish", intent, "-o", tmp_path / "site", "--json").exit_code == 0
    done = run("observe", tmp_path / "site", "--origin", "https://example.org", "-o", tmp_path / "o.parquet", "--at",
               "2026-11-22", "--registry", tmp_path / "r.db", "--by", "desk", "--json")  # fmt: skip
    assert done.exit_code == 0, done.output
    result = json.loads(done.stdout)
    assert result["recorded"]["started"] > 0
    assert result["contradictions"] == []
    asked = run("check", "https://example.org/x", "--use", "train_generative", "--at", "2026-11-22", "--registry",
                tmp_path / "r.db", "--json")  # fmt: skip
    assert asked.exit_code == 1
    assert json.loads(asked.stdout)["answer"] == "refused"


def test_a_reservation_that_nothing_says_is_exit_one(tmp_path: Path) -> None:
    """Done, but not all of it could be said."""
    (tmp_path / "i.yaml").write_text("party: A\nstatements: [{purpose: clone_voice, stance: reserve}]\n")
    done = run("publish", tmp_path / "i.yaml", "-o", tmp_path / "site")
    assert done.exit_code == 1
    assert "policy.json" in done.stdout


def test_something_unreadable_is_exit_one(tmp_path: Path) -> None:
    """And it is named with the reason."""
    (tmp_path / "site/.well-known").mkdir(parents=True)
    (tmp_path / "site/.well-known/tdmrep.json").write_text("[{")
    done = run("observe", tmp_path / "site", "-o", tmp_path / "o.parquet")
    assert done.exit_code == 1
    assert "unreadable" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("publish", "-o", "x"), "INTENT"),
        (("publish", "nowhere.yaml", "-o", "x"), "nowhere.yaml"),
        (("publish", "--party", "P", "-o", "x"), "--registry"),
        (("observe", "nowhere", "-o", "x.parquet"), "no such folder"),
        (("observe", ".", "-o", "x.parquet", "--registry", "r.db"), "--by"),
        (("observe", "https://example.org", "-o", "x.parquet", "--at", "2026-01-01"), "--at"),
        (("observe", "https://u:p@example.org/", "-o", "x.parquet"), "credentials"),
        (("observe", ".", "-o", "x.parquet", "--origin", "file:///x"), "address"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_two(words: tuple[str, ...], said: str, tmp_path: Path,
                                              monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """The line says what is wrong; nothing is written."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PARTITA_REGISTRY", raising=False)
    done = run(*words)
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []

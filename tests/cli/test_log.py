"""`partita log` and `partita verify`: what they print, their exit codes, and usage that is wrong."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from partita.cli import say_log
from partita.cli.main import main
from partita.jobs import log_audit
from partita.prove import Fault


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of its own for every test."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PARTITA_LOG_KEY", raising=False)


def run(*words: str | Path) -> Result:
    """Runs `partita`."""
    return CliRunner().invoke(main, [str(word) for word in words])


def done(*words: str | Path) -> str:
    """What a run prints that ends with exit 0."""
    result = run(*words)
    assert result.exit_code == 0, result.output
    return str(result.stdout)


def said(*words: str | Path, code: int = 0) -> dict[str, object]:
    """The one JSON object that a run prints."""
    result = run(*words, "--json")
    assert result.exit_code == code, result.output
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    return found


def test_from_an_empty_folder_to_a_proof_that_anybody_checks() -> None:
    """Init, append, checkpoint, prove, verify: each says what was done, and verifying needs the public key alone."""
    Path("r.jsonl").write_text('{"work": "W1"}\n{"work": "W2"}\n', encoding="utf-8")
    key = re.search(r"society\.example/log\+\S+", done("log", "init", "log", "--name", "society.example/log"))
    assert key
    assert "entries 0 to 1" in done("log", "append", "log", "r.jsonl", "--kind", "reservation")
    assert run("log", "prove", "log", "0").exit_code == 2
    assert "2 entries" in done("log", "checkpoint", "log")
    assert done("log", "prove", "log", "1").startswith("c2sp.org/tlog-proof@v1\n")
    done("log", "prove", "log", "1", "-o", "e.tlog-proof")
    done("log", "prove", "log", "1", "--open", "-o", "r.json")
    for verb in (("log", "verify"), ("verify",)):
        for file in ("e.tlog-proof", "r.json", "log/checkpoint"):
            assert "proven" in done(*verb, file, "--key", key[0])
        assert "proven" in done(*verb, "log")
    assert said("verify", "r.json", "--key", "log.vkey")["record"] == {"work": "W2"}
    assert (Path("r.json").stat().st_mode & 0o777) == 0o600


def test_a_fault_is_exit_one_with_its_name() -> None:
    """And bad input is exit 2 with one line."""
    done("log", "init", "a", "--name", "a.example/log")
    done("log", "init", "b", "--name", "b.example/log")
    Path("r.json").write_text("{}", encoding="utf-8")
    done("log", "append", "a", "r.json", "--kind", "run")
    done("log", "checkpoint", "a")
    done("log", "prove", "a", "0", "-o", "p.tlog-proof")
    assert said("verify", "p.tlog-proof", "--key", "b.vkey", code=1)["outcome"] == "wrong_origin"
    assert "wrong_origin" in run("verify", "p.tlog-proof", "--key", "b.vkey").stdout
    Path("a/tile/0/000.p/1").unlink()
    assert said("log", "checkpoint", "a", code=1)["outcome"] == "missing_tile"
    lacking = run("verify", "p.tlog-proof")
    assert (lacking.exit_code, lacking.stdout) == (2, "")
    assert "--key" in lacking.stderr


def test_plays_from_the_room_to_the_audit() -> None:
    """A receipt at once, the day closed, the list held against it; every answer by its name."""
    done("log", "init", "log", "--name", "ktv.example/log")
    play = ("log", "play", "plays", "--key", "log.key", "--venue", "B1")
    for song in ("望春風", "雨夜花"):
        done(*play, "--song", song, "--room", "7", "--at", "2019-01-05T21:00:00", "-o", f"{song}.json")
    assert said("verify", "望春風.json", "--key", "log.vkey")["outcome"] == "signed"
    assert "2 plays" in done("log", "close", "plays", "log", "--day", "2019-01-05")
    done("log", "checkpoint", "log")
    assert "play 1 of 2" in done("verify", "望春風.json", "--log", "log")
    done("log", "prove", "log", "--receipt", "雨夜花.json", "-o", "p.json")
    assert "proven" in done("verify", "p.json", "--key", "log.vkey")
    Path("u.csv").write_text("歌名,room\n望春風,7\n雨夜花,8\n", encoding="utf-8")
    result = run("log", "audit", "u.csv", "--log", "log", "--days", "plays", "-o", "wrong.csv")
    assert result.exit_code == 1
    assert "missing_play" in result.stdout
    Path("u.csv").write_text("歌名,room\n望春風,7\n雨夜花,7\n", encoding="utf-8")
    assert "2 proven" in done("log", "audit", "u.csv", "--log", "log", "--days", "plays")
    done("log", "erase", "plays", "--help")
    Path("p.json").write_text(json.dumps({"room": "7", "title": "望春風", "used_at": "2019-01-05T21:00:00"}))
    assert "Erased 1 opening" in done("log", "erase", "plays", "p.json")


def test_a_machine_hands_its_plays_over_line_by_line() -> None:
    """Standard input as JSON lines; a line that is none is set aside with its number, and the exit code is 1."""
    done("log", "init", "log", "--name", "ktv.example/log")
    words = ["log", "play", "plays", "--key", "log.key", "--venue", "B1", "--file", "-", "-o", "r.jsonl"]
    lines = '{"title": "A", "used_at": "2019-01-05T21:00"}\n{\n{"title": "B", "used_at": "2019-01-05T21:04"}\n'
    result = CliRunner().invoke(main, words, input=lines)
    assert result.exit_code == 1
    assert "-:2" in result.stdout
    assert "2 signed" in done("verify", "r.jsonl", "--key", "log.vkey")


def test_every_outcome_is_explained(repository: Path) -> None:
    """Each fault's name stands in the docs, and in words on the terminal."""
    pages = [(repository / "docs" / page).read_text(encoding="utf-8") for page in ("log.md", "usage-log.md")]
    names = {kind.code for kind in kinds(Fault) if kind.code != Fault.code} | set(log_audit.ORDER)
    assert {"missing_play", "split_view", "altered_figure"} < names
    assert [name for name in sorted(names) if not any(f"`{name}`" in page for page in pages)] == []
    assert sorted(names - set(say_log.WORDS)) == []


def kinds(kind: type[Fault]) -> list[type[Fault]]:
    """Every kind of fault below one."""
    return [found for below in kind.__subclasses__() for found in (below, *kinds(below))]


def test_a_witness_from_the_command_line() -> None:
    """Cosigned, taken in, asked for."""
    done("log", "init", "log", "--name", "a.example/log")
    done("log", "key", "w.key", "--name", "w.example/w", "--witness")
    done("log", "witness", "log", "--key", "w.key", "--state", "w.json", "--log-key", "log.vkey", "-o", "cosigned")
    done("log", "checkpoint", "log", "--cosigned", "cosigned", "--witness", "w.vkey")
    assert "witnessed by w.example/w" in done("verify", "log", "--witness", "w.vkey")
    log, witness = (Path(name).read_text(encoding="utf-8") for name in ("log.vkey", "w.vkey"))
    Path("policy").write_text(f"log {log}witness w1 {witness}quorum w1\n", encoding="utf-8")
    assert "witnessed by w.example/w" in done("verify", "log", "--policy", "policy")
    assert run("verify", "log", "--policy", "policy", "--key", "log.vkey").exit_code == 2
    Path("r.json").write_text("{}", encoding="utf-8")
    done("log", "append", "log", "r.json", "--kind", "run")
    done("log", "checkpoint", "log")
    assert said("verify", "log", "--policy", "policy", code=1)["outcome"] == "too_few_witnesses"


def test_a_log_is_served_until_it_is_interrupted() -> None:
    """The address is said first, as JSON where that is asked for; Ctrl-C ends it."""
    done("log", "init", "log", "--name", "a.example/log")
    code = "from partita.cli.main import main; main()"
    command = [sys.executable, "-c", code, "log", "serve", "log", "--port", "0", "--json"]
    # A shell that started the tests in the background has Ctrl-C ignored for all below it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ)
    ) as it:
        signal.signal(signal.SIGINT, before)
        assert it.stdout
        assert json.loads(it.stdout.readline())["address"].startswith("http://127.0.0.1:")
        it.send_signal(signal.SIGINT)
        assert it.wait(timeout=30) == 130


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (("log", "init", "log", "--name", "no good"), 2, "cannot name a key"),
        (("log", "append", "nowhere", "x.json", "--kind", "run"), 2, "no log"),
        (("log", "append", "log", "--kind", "run"), 2, "FILES"),
        (("log", "append", "log", "x.json", "--kind", "run", "--batch", "--by", "a"), 2, "--by"),
        (("log", "append", "log", "x.json", "--kind", "run", "--at", "2999-01-01"), 2, "still to come"),
        (("log", "prove", "log"), 2, "ENTRY"),
        (("log", "prove", "log", "--record", "x", "--open"), 2, "--open"),
        (("log", "verify", "nowhere"), 2, "no such file"),
        (("verify", "nowhere"), 2, "no such file"),
        (("verify", "."), 2, "no log"),
        (("log", "checkpoint", "log", "--cosigned", "x"), 2, "together"),
        (("log", "play", "plays", "--key", "k", "--venue", "B"), 2, "--song"),
        (("log", "play", "plays", "--key", "k", "--song", "S"), 2, "--venue"),
        (("log", "play", "plays", "--key", "k", "--venue", "B", "--file", "f", "--room", "7"), 2, "--room"),
        (("log", "close", "nowhere", "nowhere"), 2, "no log"),
        (("log", "erase", "nowhere"), 2, "RECORD"),
    ],
)
def test_wrong_usage_is_one_line(words: tuple[str, ...], code: int, text: str) -> None:
    """That names what is wrong, and exit 2."""
    result = run(*words)
    assert result.exit_code == code
    assert text in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1

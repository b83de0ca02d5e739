"""The command line as people and shells use it: exit codes, one-line errors, JSON, pipes, terminals, interruptions."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from partita.cli.main import main
from partita.distribute import balance

WORKS = "作品編號,歌曲名稱,作詞,作曲,演唱者\nW1,望春風,李臨秋,鄧雨賢,純純\nW2,雨夜花,周添旺,鄧雨賢,純純\n"
LOG = "編號,歌曲名稱,詞,曲,主唱,點唱數\n1,望春風,李臨秋,鄧雨賢,純純,12\n2,夜來香,,黎錦光,李香蘭,5\n3,雨夜花,,,,-1\n"
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
[[pool]]
id = "pool"
amount = "1000"
"""
PROGRAM = [sys.executable, "-c", "import sys; sys.argv[0] = 'partita'; from partita.cli.main import main; main()"]


@pytest.fixture(scope="session")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a job, its files, and the run made from them."""
    folder = tmp_path_factory.mktemp("case")
    for name, text in (("works.csv", WORKS), ("log.csv", LOG), ("job.toml", JOB)):
        (folder / name).write_text(text, encoding="utf-8")
    assert partita("settle", "job.toml", "-o", "run", inside=folder).returncode == 0
    return folder


def partita(*words: str, inside: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the program in a folder, without a terminal."""
    return subprocess.run(
        [*PROGRAM, *words], cwd=inside, env=os.environ | environment, capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL, timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["setle"], "no such command 'setle'. Did you mean 'settle'? See `partita --help`"),
        (["--bogus"], "no such option '--bogus'. See `partita --help`"),
        (["settle"], "missing argument 'JOB'. See `partita settle --help`"),
        (["settle", "job.toml"], "missing option '-o' / '--out'. See `partita settle --help`"),
        (["explain", "run"], "missing argument 'LINE_ID'. See `partita explain --help`"),
        (["demo", "--lines", "10"], "10 is not in the range"),
        (["settle", "nowhere.toml", "-o", "x"], "nowhere.toml: "),
        (["settle", "works.csv", "-o", "x"], "works.csv: not TOML"),
        (["settle", "job.toml", "-o", "."], "holds something else than a run"),
        (["explain", "run", "4711"], "has no line '4711'"),
        (["explain", "nowhere", "1"], "nowhere: is not a run folder"),
        (["identify", "--repertoire", "works.csv", "--usage", "run", "-o", "m.parquet"], "run: this is a folder"),
        (["identify", "--repertoire", "works.csv", "--usage", "none.csv", "-o", "m.parquet"], "none.csv: "),
        (["review", "job.toml", "-o", "x"], "job.toml: "),
    ],
)
def test_what_is_wrong_is_one_line(case: Path, words: list[str], said: str, monkeypatch: pytest.MonkeyPatch):
    """Bad usage and bad input give exit 2 and one line on standard error, without a traceback."""
    monkeypatch.chdir(case)
    done = CliRunner().invoke(main, words, prog_name="partita")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("partita: ")
    assert done.stderr.count("\n") == 1
    assert said in done.stderr


def test_json_is_one_object_and_nothing_else(case: Path):
    """With --json there is one JSON object on standard output, and nothing on standard error."""
    for words in (
        ("settle", "job.toml", "-o", "again"),
        ("explain", "run", "1"),
        ("identify", "--repertoire", "works.csv", "--usage", "log.csv", "-o", "m.parquet"),
    ):
        done = partita(*words, "--json", inside=case)
        assert isinstance(json.loads(done.stdout), dict)
        assert (done.stdout.count("\n"), done.stderr, done.returncode) == (1, "", 0)


def test_every_row_is_counted(case: Path):
    """Rows of the file = lines identified + rows set aside, and the money of those set aside is held."""
    run = json.loads(partita("settle", "job.toml", "-o", "counted", "--json", inside=case).stdout)
    log = next(note for note in run["inputs"] if note["file"] == "log.csv")
    assert (log["rows"], log["quarantined"], run["counts"]["lines"]) == (3, 1, 2)
    total = run["totals"]["TWD"]
    assert total["collected"] == sum(total[k] for k in ("paid", "fees", "funds", "suspense", "carried_out"))


def test_ascii_output_stops_nothing(case: Path):
    """Where the terminal has no Chinese, text is escaped and JSON is still the same JSON."""
    plain = {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    done = partita("explain", "run", "1", inside=case, **plain)
    assert (done.returncode, done.stderr) == (0, "")
    assert r"\u671b\u6625\u98a8" in done.stdout
    escaped = partita("explain", "run", "1", "--json", inside=case, **plain).stdout
    assert json.loads(escaped) == json.loads(partita("explain", "run", "1", "--json", inside=case).stdout)


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_reader_may_leave(case: Path, more: list[str]):
    """`partita ... | head` ends in silence."""
    with subprocess.Popen(
        [*PROGRAM, "explain", "run", "1", *more], cwd=case, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as done:
        assert done.stdout
        assert done.stderr
        done.stdout.close()
        said = done.stderr.read()
    assert (done.returncode, said) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_output_that_cannot_be_written_is_said(case: Path):
    """A full disk behind standard output is one line and exit 2."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*PROGRAM, "explain", "run", "1", "--json"], cwd=case, stdout=full, stderr=subprocess.PIPE, text=True,
            check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (2, "partita: the output cannot be written: No space left on device\n")


def heed_interruptions() -> None:
    """Undoes that a shell which runs the tests in the background has Ctrl-C ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_an_interruption_leaves_nothing(case: Path):
    """Ctrl-C in the midst of a job is exit 130 and one line; no folder is left behind."""
    (case / "long.csv").write_text("歌名,次數\n" + "".join(f"歌{n},1\n" for n in range(200_000)), encoding="utf-8")
    (case / "long.toml").write_text(JOB.replace("log.csv", "long.csv"), encoding="utf-8")
    with subprocess.Popen(
        [*PROGRAM, "settle", "long.toml", "-o", "broken"],
        cwd=case,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=heed_interruptions,  # noqa: PLW1509 - no thread runs beside this test
    ) as running:
        for _ in range(600):
            if (case / ".broken.partial").exists():
                break
            time.sleep(0.05)
        time.sleep(0.5)  # into the job: the folder is there from its first moment
        running.send_signal(signal.SIGINT)
        printed, said = running.communicate(timeout=120)
    assert (running.returncode, printed) == (130, b"")
    assert said == b"partita: interrupted. No file was left half written\n"
    assert not [path.name for path in case.iterdir() if "broken" in path.name]


def test_odd_file_names_stay_in_their_line(case: Path):
    """A line break or an escape sequence in a file's name does not reach the terminal."""
    odd = case / "a\n\x1b[31mb 歌.csv"
    odd.write_text(LOG, encoding="utf-8")
    done = partita("identify", "--repertoire", "works.csv", "--usage", odd.name, "-o", "o.parquet", inside=case)
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert re.search(r"^ a\\n\\x1b\[31mb 歌\.csv ", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("verb", ["demo", "settle", "identify", "explain", "review"])
def test_help_explains_every_option(verb: str):
    """Each verb's help has an example that begins with its name, and a sentence for each option."""
    text = CliRunner().invoke(main, [verb, "--help"], prog_name="partita").stdout
    assert re.search(rf"^ +partita {verb}\b", re.split("Examples?:", text)[1], re.MULTILINE)
    options = text.split("Options:\n")[1]
    assert all(re.search(r"\S {2,}\S|^ {10,}\S", line) or line.endswith("PATH") for line in options.splitlines())


def test_books_that_do_not_balance_are_one_line(case: Path, monkeypatch: pytest.MonkeyPatch):
    """What the balance check of `distribute` raises is one line and exit 1, and nothing is written."""

    def differ(*_books: object, **_more: object) -> None:
        raise balance.Unbalanced("the books do not balance: a pool")

    monkeypatch.setattr(balance, "check", differ)
    monkeypatch.chdir(case)
    done = CliRunner().invoke(main, ["settle", "job.toml", "-o", "unbalanced"])

    assert (done.exit_code, done.stderr) == (1, "partita: the books do not balance: a pool. Nothing was written\n")
    assert not (case / "unbalanced").exists()


def test_a_settled_training_run_is_told_by_model(tmp_path: Path) -> None:
    """A training run settles by the same verb: what each model took, the money, and where to look."""
    files = {
        "registry.yaml": (
            "parties:\n"
            "  - {party_id: S, name: Society, kind: society, valid_from: 2000-01-01}\n"
            "  - {party_id: A, name: Writer, kind: person, valid_from: 2000-01-01}\n"
            "works:\n"
            "  - {work_id: W1, title: Seven Paper Boats, performers: [Mira], writers: [A], valid_from: 2000-01-01}\n"
        ),
        "m.jsonl": '{"title": "Seven Paper Boats", "artist": "Mira", "taken_at": "2025-03-01"}\n{"title": \n',
        "job.toml": (
            'registry = "r.db"\n[job]\ntitle = { en = "A small run" }\ncurrency = "EUR"\n'
            "period_from = 2025-01-01\nperiod_to = 2025-12-31\n"
            '[provider]\nid = "acme"\nname = { en = "Acme" }\n'
            '[[model]]\nid = "acme/m1"\nname = "m1"\ntrained_on = 2025-06-01\n'
            '[[manifest]]\nname = "m"\nfile = "m.jsonl"\n'
        ),
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    imported = partita("registry", "import", "registry.yaml", "--registry", "r.db", "--by", "test", inside=tmp_path)
    assert imported.returncode == 0, imported.stderr
    done = partita("settle", "job.toml", "-o", "run", inside=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "acme/m1" in done.stdout
    assert re.search(r"matched +1\b", done.stdout)
    assert "Set aside, for they cannot be read: 1 row " in done.stdout

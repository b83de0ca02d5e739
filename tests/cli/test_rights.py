"""`partita registry` and `partita check` at the command line: exit codes, one line of error, JSON, both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from partita.cli.main import main


def run(*words: str) -> Result:
    """Runs the program in this process."""
    return CliRunner().invoke(main, list(words), prog_name="partita")


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> str:
    """The registry of examples/rights, imported by the verb."""
    where = str(tmp_path_factory.mktemp("rights") / "registry.db")
    done = run("registry", "import", str(repository / "examples/rights/registry.yaml"), "--registry", where,
               "--by", "tests", "--recorded", "2026-02-01")  # fmt: skip
    assert done.exit_code == 0, done.output
    return where


def test_allowed_is_exit_0_and_all_else_exit_1(registry: str) -> None:
    """Allowed, refused and unknown: exit 0, 1 and 1."""
    words = ("--registry", registry, "--use", "train", "--at", "2026-05-01", "--json")
    found = {
        system: run("check", "T9000000011", "--system", system, *words) for system in ("songbird/v1", "songbird/v2")
    }
    silent = run("check", "F-1", *words)

    assert [r.exit_code for r in (*found.values(), silent)] == [0, 1, 1]
    assert [json.loads(r.stdout)["answer"] for r in (*found.values(), silent)] == ["allowed", "refused", "unknown"]


def test_a_person_reads_answer_reason_share_and_law(registry: str) -> None:
    """The answer stands first, in English and Chinese; then what decided, the shares, the offer, the law."""
    said = run("check", "T9000000011", "--registry", registry, "--use", "train_generative", "--system", "songbird/v2",
               "--place", "DE", "--at", "2026-05-01", "--figure", "net_income=1000000",
               "--figure", "output_income=5000").stdout  # fmt: skip

    assert said.startswith("refused  FICTIONAL-NORTH reserved training generative AI")
    for part in (
        "保留訓練生成式 AI",
        "north-reserves",
        "50 %",
        "TWD 300,500.00",
        "training.lawful",
        "not legal advice",
    ):
        assert part in said


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (("check", "--use", "train"), "one of TARGET"),
        (("check", "N-1", "--title", "x", "--use", "train"), "cannot stand together"),
        (("check", "N-1"), "--use is needed"),
        (("check", "N-1", "--use", "trian"), "train_generative"),
        (("check", "N-1", "--use", "train", "--at", "tomorrow"), "is no day"),
        (("check", "N-1", "--use", "train", "--figure", "net_income"), "NAME=NUMBER"),
        (("check", "N-1", "--use", "train", "--known", "0001-01-01T00:00+14:00"), "no moment of the calendar"),
        (("check", "N-1", "--use", "train", "-o", "x.csv"), "there is no --batch"),
        (("check", "N-1", "--use", "train", "--writer", "x"), "go with --title"),
        (("check", "N-1", "--batch", "x.csv", "-o", "y.csv"), "a target cannot stand with --batch"),
        (("check", "--batch", "x.csv", "-o", "y.csv", "--figure", "a=1"), "--figure cannot stand with --batch"),
        (("check", "--batch", "nowhere.csv"), "needs -o"),
        (("check", "--batch", "nowhere.csv", "-o", "x.parquet"), "nowhere.csv"),
        (("check", "--batch", "nowhere.csv", "-o", "x.doc"), "Name it .csv or .parquet"),
        (("registry", "end", "statements", "statement_id=nobody", "--from", "2026-01-01", "--by", "x"), "no such row"),
        (("registry", "end", "statements", "north", "--from", "2026-01-01", "--by", "x"), "COLUMN=VALUE"),
        (("registry", "retire", "works", "work_id=N-1", "--by", "x", "--recorded", "2999-01-01"), "still to come"),
        (("registry", "retire", "works", "work_id=nobody", "--by", "x"), "no such row"),
        (("registry", "show", "nothing"), "nothing that the registry knows"),
    ],
)
def test_bad_usage_is_one_line_and_exit_2(registry: str, words: tuple[str, ...], wrong: str) -> None:
    """What is wrong with the question is said in one line that holds the mend."""
    done = run(*words, "--registry", registry)

    assert done.exit_code == 2
    assert wrong in done.stderr
    assert done.stderr.count("\n") == 1


def test_no_registry_is_said(tmp_path: Path) -> None:
    """A registry that is not there is named; none is made by asking."""
    done = run("check", "N-1", "--use", "train", "--registry", str(tmp_path / "no.db"))

    assert (done.exit_code, "no.db" in done.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_an_import_is_whole_or_nothing(tmp_path: Path) -> None:
    """A wrong row stops the import with its file, line and mend; what was right in it is not recorded either."""
    file = tmp_path / "registry.yaml"
    file.write_text(
        "works:\n"
        "  - {work_id: A, title: A, valid_from: 2000-01-01}\n"
        "  - {work_id: B, title: B, iswc: T9000000012, valid_from: 2000-01-01}\n",
        encoding="utf-8",
    )
    where = str(tmp_path / "registry.db")
    done = run("registry", "import", str(file), "--by", "tests", "--registry", where)

    assert done.exit_code == 2
    assert "registry.yaml:3" in done.stderr
    assert "T9000000012" in done.stderr
    assert run("registry", "show", "A", "--registry", where).exit_code == 2


def test_what_ends_is_over_from_that_day(tmp_path: Path, repository: Path) -> None:
    """A reservation that was ended holds before the day and not after; what was known before stays known."""
    where = str(tmp_path / "registry.db")
    run("registry", "import", str(repository / "examples/rights/registry.yaml"), "--registry", where,
        "--by", "tests", "--recorded", "2026-02-01")  # fmt: skip
    done = run("registry", "end", "statements", "statement_id=north-reserves", "--from", "2026-06-01",
               "--by", "tests", "--recorded", "2026-03-01", "--registry", where)  # fmt: skip
    asked = ("check", "N-1", "--use", "train", "--registry", where, "--json", "--at")
    codes = [json.loads(run(*asked, *rest).stdout)["code"]
             for rest in (("2026-05-31",), ("2026-06-01",), ("2026-06-01", "--known", "2026-02-15"))]  # fmt: skip

    assert done.exit_code == 0
    assert codes == ["reserved", "other_system", "reserved"]


def test_show_tells_who_made_what_and_what_it_means(registry: str) -> None:
    """The record of authorship stands with the evidence kept, and what that means in each place."""
    found = json.loads(run("registry", "show", "N-1", "--registry", registry, "--json").stdout)

    assert found["making"] == "human"
    assert found["authorship"][0]["evidence"] == ["drafts: manuscript"]
    assert {row["place"] for row in found["meaning"]} >= {"US", "EU", "CN", "TW", "JP", "KR", "GB"}


@pytest.mark.parametrize(
    "words",
    [
        ("https://clerk:s3cret@songs.example.org/n-1/x",),
        ("https://clerk:s3cret@songs.example.org/n-1/x", "--kind", "url"),
        ("https://clerk:s3cret@songs.example.org:99999/", "--kind", "url"),
        ("ftp://clerk:s3cret@songs.example.org/n-1/x",),
        ("clerk:s3cret@songs.example.org/n-1/x",),
        ("N-1", "--registry", "postgresql://clerk:s3cret@127.0.0.1:1/registry"),
    ],
)
def test_a_password_is_never_shown(registry: str, words: tuple[str, ...]) -> None:
    """Not of a URL that is asked about, nor of the registry's own address; for people and as JSON."""
    for form in ((), ("--json",)):
        done = run("check", "--registry", registry, "--use", "train", *form, *words)
        assert done.exit_code in (1, 2)
        assert "s3cret" not in done.output


def test_what_was_wrong_is_corrected_or_retired_and_stays_readable(tmp_path: Path, repository: Path) -> None:
    """A reservation corrected to another purpose, then retired: each state can be asked for."""
    where = str(tmp_path / "registry.db")
    run("registry", "import", str(repository / "examples/rights/registry.yaml"), "--registry", where,
        "--by", "tests", "--recorded", "2026-02-01")  # fmt: skip
    text = (repository / "examples/rights/registry.yaml").read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if "north-reserves" in line)
    file = tmp_path / "statements.yaml"
    file.write_text("statements:\n" + row.replace("purpose: train", "purpose: ground") + "\n", encoding="utf-8")
    key = ("statements", "statement_id=north-reserves", "--by", "tests", "--registry", where)
    done = [
        run("registry", "correct", str(file), "--by", "tests", "--registry", where, "--recorded", "2026-03-01"),
        run("registry", "retire", *key, "--recorded", "2026-04-01"),
    ]
    asked = ("check", "N-1", "--registry", where, "--at", "2026-05-01", "--json", "--use")
    codes = [
        json.loads(run(*asked, use, "--known", known).stdout)["code"]
        for use, known in (("train", "2026-02-15"), ("ground", "2026-03-15"), ("ground", "2026-04-15"))
    ]

    assert [d.exit_code for d in done] == [0, 0]
    assert codes == ["reserved", "claim_only", "silent"]
    several = run("registry", "correct", str(repository / "examples/rights/registry.yaml"), "--by", "x",
                  "--registry", where)  # fmt: skip
    assert (several.exit_code, "one is corrected at a time" in several.stderr) == (2, True)


def test_several_files_are_one_act_and_a_wrong_row_is_named_by_its_file(tmp_path: Path) -> None:
    """The row at fault is in the second file: its file and line are named, and nothing of the first is recorded."""
    (tmp_path / "works.csv").write_text("work_id,title,valid_from\nA,A,2000-01-01\n", encoding="utf-8")
    (tmp_path / "works-2.csv").write_text(
        "work_id,title,valid_from\nB,B,2000-01-01\nA,A,2000-01-01\n", encoding="utf-8"
    )
    where = str(tmp_path / "registry.db")
    files = [str(tmp_path / name) for name in ("works.csv", "works-2.csv")]
    done = run("registry", "import", *files, "--by", "tests", "--registry", where)

    assert (done.exit_code, "works-2.csv:3" in done.stderr) == (2, True)
    assert run("registry", "show", "A", "--registry", where).exit_code == 2


def test_a_batch_is_exit_0_only_where_all_was_asked_and_allowed(registry: str, tmp_path: Path) -> None:
    """No question, a question set aside, or one refused: exit 1."""
    good, bad = "1,N-1,songbird/v1\n", "2,,\n"
    codes = []
    for rows in (good, "", good + bad, good + "3,N-1,songbird/v2\n"):
        (tmp_path / "uses.csv").write_text("id,target,system\n" + rows, encoding="utf-8")
        codes.append(run("check", "--batch", str(tmp_path / "uses.csv"), "-o", str(tmp_path / "a.csv"), "--use",
                         "train", "--at", "2026-05-01", "--registry", registry).exit_code)  # fmt: skip
    assert codes == [0, 1, 1, 1]

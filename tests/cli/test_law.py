"""`partita law`: answers, exit codes, JSON, pages, and usage that is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from partita.cli.main import main


def law(*words: str) -> Result:
    """Runs `partita law`."""
    return CliRunner().invoke(main, ["law", *words])


def test_an_answer_shows_status_grade_source_and_that_it_is_no_advice() -> None:
    """What a person sees on the terminal."""
    done = law("training.lawful", "--place", "DE", "--at", "2026-11-22")
    assert done.exit_code == 0
    for said in (
        "DE on 2026-11-22",
        "contested",
        "evidence primary",
        "since 2021-06-07",
        "Bundesgerichtshof",
        "source:",
        "not legal advice",
    ):
        assert said in done.stdout


def test_an_answer_as_json_is_one_object() -> None:
    """And nothing else on standard output."""
    done = law("notice.duty_and_clock", "--place", "US", "--at", "2026-11-22", "--json")
    answer = json.loads(done.stdout)
    assert answer["measure"] == {"amount": 48, "unit": "hours"}
    assert answer["since"] == "2026-05-19"


def test_unknown_exits_with_one() -> None:
    """Unknown is done, and the answer is no: never a yes."""
    done = law("training.lawful", "--place", "US", "--at", "2001-01-01")
    assert done.exit_code == 1
    assert "unknown is never a yes" in done.stdout


def test_knowledge_before_the_look_up_is_unknown() -> None:
    """With --known, what was looked up later is not used."""
    assert law("training.lawful", "--place", "US", "--at", "2026-01-01", "--known", "2026-01-01").exit_code == 1


def test_a_question_without_a_place_asks_every_place() -> None:
    """One row per place."""
    done = law("parody.exception", "--at", "2026-11-22", "--json")
    assert [answer["place"] for answer in json.loads(done.stdout)["answers"]][:2] == ["EU", "CN"]
    assert "parody" in law("parody.exception", "--at", "2026-11-22").stdout.lower()


def test_without_a_question_the_questions_are_listed() -> None:
    """With the places that may be asked about."""
    done = law()
    assert "training.lawful" in done.stdout
    assert "US United States" in " ".join(done.stdout.split())


def test_pages_are_written_and_may_be_written_again(tmp_path: Path) -> None:
    """Twice into the same folder: the earlier pages are replaced whole."""
    for _ in range(2):
        done = law("--pages", str(tmp_path / "law"), "--at", "2026-11-22")
        assert done.exit_code == 0
    assert (tmp_path / "law/index.html").is_file()
    assert "index.html" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("training",), "is no question of the law table"),
        (("training.lawful", "--place", "Atlantis"), "is no place"),
        (("training.lawful", "--at", "yesterday"), "is no day"),
        (("training.lawful", "--pages", "x"), "--pages shows every question"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_two(words: tuple[str, ...], said: str) -> None:
    """The line names the mend."""
    done = law(*words)
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert not Path("x").exists()

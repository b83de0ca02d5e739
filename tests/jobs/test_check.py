"""May it be used? One question, and a file of them, put to the registry of examples/rights."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml

from partita.errors import InputError
from partita.jobs.check import Asked, Question, check, deeds
from partita.jobs.check_many import check_many
from partita.registry import record
from partita.registry.store import Store, open_store

DAY = dt.date(2026, 5, 1)
TOLD = dt.datetime(2026, 2, 1, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Store:
    """The registry of the example."""
    found = open_store(tmp_path_factory.mktemp("rights") / "registry.db")
    rows = yaml.safe_load((repository / "examples/rights/registry.yaml").read_text(encoding="utf-8"))
    record.add_all(found, rows, "tests", TOLD)
    return found


def asked(store: Store, text: str, purpose: str, system: str = "*", place: str = "world", **more: object) -> dict:
    """The answer to one question."""
    question = Question(purpose, system, place, more.pop("at", DAY), **more)  # type: ignore[arg-type]
    return check(store, Asked(text), question)


def test_a_licence_for_one_version_is_none_for_the_next(store: Store) -> None:
    """Version 1 is licensed by the society; version 2 falls back on the society's reservation."""
    first = asked(store, "T9000000011", "train_generative", "songbird/v1", "TW")
    second = asked(store, "T-900.000.001-1", "train_generative", "songbird/v2", "TW")

    assert (first["answer"], first["code"], first["decided_by"]["statement"]) == (
        "allowed",
        "licensed",
        "north-songbird-1",
    )
    assert (second["answer"], second["code"]) == ("refused", "reserved")
    assert second["decided_by"]["since"] == "2024-03-01"


def test_the_day_asked_and_the_day_known_count_both(store: Store) -> None:
    """Before the reservation nobody had spoken; and what was told later was not known before."""
    assert asked(store, "N-1", "train", at=dt.date(2024, 2, 29))["code"] == "silent"
    assert asked(store, "N-1", "train", at=dt.date(2024, 3, 1))["code"] == "reserved"
    unknown = asked(store, "N-1", "train", known=TOLD - dt.timedelta(seconds=1))
    assert unknown["answer"] == "unknown"


def test_a_society_without_the_right_cannot_license_it(store: Store) -> None:
    """The South licensed, but holds no mandate for training: unknown, and it says so."""
    found = asked(store, "S-1", "train", "songbird/v1")

    assert (found["answer"], found["code"]) == ("unknown", "no_mandate")
    assert "holds no mandate" in found["reason"]
    assert "未受託" in found["reason_zh"]


def test_co_owners_differ_and_the_answer_is_by_share(store: Store) -> None:
    """One half licensed, the other not: half is allowed, the whole is not."""
    found = asked(store, "N-2", "train", "songbird/v1")

    assert found["answer"] == "unknown"
    assert found["shares"]["allowed_ppm"] == 500_000
    assert {(part["party"], part["answer"]) for part in found["shares"]["parts"]} == {
        ("NORTH-H1", "allowed"), ("SOUTH-H3", "unknown"),
    }  # fmt: skip


def test_an_offer_is_priced_by_the_figures_given(store: Store) -> None:
    """30 % of net income and 10 % of what outputs earn; what is missing is named."""
    figures = {"net_income": "1000000", "output_income": "5000"}
    priced = asked(store, "N-1", "train", "songbird/v2", figures=figures)["offers"][0]
    unpriced = asked(store, "N-1", "train", "songbird/v2")["offers"][0]

    assert (priced["price_micro"], priced["payee"]) == (300_500_000_000, "FICTIONAL-NORTH")
    assert unpriced["price_micro"] is None
    assert "net_income" in unpriced["price_why"]


def test_duties_of_a_licence_are_evaluated_on_the_day(store: Store, repository: Path) -> None:
    """Paid in full by the deadline it stays allowed; half paid it is open until the day, and then no licence holds."""
    done = deeds(repository / "examples/rights/deeds.yaml")

    def duty(net_income: str, at: dt.date) -> tuple[str, str, list[str]]:
        figures = {"net_income": net_income, "output_income": "0"}
        found = asked(store, "N-1", "train", "songbird/v1", figures=figures, deeds=done, at=at)
        return found["answer"], found["code"], [row["state"] for row in found["duties"]]

    assert duty("1000000", dt.date(2026, 7, 1)) == ("allowed", "licensed", ["fulfilled"] * 3)
    assert duty("2000000", dt.date(2026, 6, 30)) == ("allowed", "licensed", ["open", "fulfilled", "fulfilled"])
    late = duty("2000000", dt.date(2026, 7, 1))
    assert late == ("unknown", "duty_violated", ["violated", "fulfilled", "fulfilled"])


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("- {action: steal, day: 2026-01-01}", "deed 0.action"),
        ("- {action: compensate, day: 2026-01-01, amount: -3, currency: TWD}", "below 0"),
        ("- {action: compensate, day: 2026-01-01, amount: 0.1234567, currency: TWD}", "finer than a millionth"),
        ("- [", "not YAML"),
        ("- &a [x]\n- *a", "alias"),
    ],
)
def test_deeds_that_are_none_are_refused(tmp_path: Path, text: str, wrong: str) -> None:
    """The deed and what is wrong with it are named."""
    (tmp_path / "deeds.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=wrong):
        deeds(tmp_path / "deeds.yaml")


def test_a_url_inherits_from_its_work_and_a_place_has_a_law(store: Store) -> None:
    """A page of the song is refused by the society's reservation; the law of the place stands beside it."""
    found = asked(store, "https://songs.example.org/n-1/listen?x=1", "train", place="DE")

    assert (found["answer"], found["target"]["work_id"]) == ("refused", "N-1")
    assert next(row["question"] for row in found["law"]) == "training.lawful"
    assert asked(store, "N-1", "train")["law"] == []


def test_a_stranger_claims_and_does_not_decide(store: Store) -> None:
    """A reservation by somebody without a share is listed as a claim; the holder's consent decides."""
    found = asked(store, "F-1", "ground", place="DE")

    assert found["answer"] == "allowed"
    assert [claim["statement_id"] for claim in found["claims"]] == ["stranger-reserves"]


def test_a_title_is_found_through_identify(store: Store) -> None:
    """A title with its writer names the work; one that fits nothing is unknown, with why."""
    question = Question("train", "songbird/v1", "TW", DAY)
    found = check(store, Asked(title="望春風 (Live)", writers=("鄧雨賢",)), question)
    lost = check(store, Asked(title="nobody wrote this"), question)

    assert (found["answer"], found["target"]["work_id"]) == ("allowed", "N-1")
    assert (lost["answer"], lost["code"]) == ("unknown", "target_unknown")
    assert "unmatched" in lost["reason"]


@pytest.mark.parametrize("name", ["page.html", "empty.bin", "broken.pdf", "broken.epub"])
def test_a_file_that_says_nothing_or_is_broken_is_never_allowed(store: Store, tmp_path: Path, name: str) -> None:
    """Whatever the bytes, an answer is given, and it is not allowed."""
    content = {"page.html": b"<html><head><meta name='tdm-reservation' content='1'>", "empty.bin": b"",
               "broken.pdf": b"%PDF-1.7 cut", "broken.epub": b"PK\x03\x04 cut"}[name]  # fmt: skip
    (tmp_path / name).write_bytes(content)
    found = check(store, Asked(file=tmp_path / name), Question("train", at=DAY))

    assert found["answer"] == ("refused" if name == "page.html" else "unknown")


def test_a_file_that_is_not_there_is_unknown(store: Store, tmp_path: Path) -> None:
    """A missing file is an answer with its reason, no crash."""
    found = check(store, Asked(file=tmp_path / "nowhere.pdf"), Question("train", at=DAY))
    assert (found["answer"], "nowhere.pdf" in found["reason"]) == ("unknown", True)


def test_a_purpose_that_is_none_is_bad_usage(store: Store) -> None:
    """The error lists the purposes."""
    with pytest.raises(InputError, match="train_generative"):
        asked(store, "N-1", "everything")


def test_a_file_of_questions_has_the_answers_of_single_ones(store: Store, tmp_path: Path) -> None:
    """ISWC, URL, ISRC, number and title in one file: the same answers, row by row, as CSV and as Parquet."""
    rows = [
        ("a", "T9000000011", "", "train_generative", "songbird/v1", "2026-05-01"),
        ("b", "https://songs.example.org/n-1/x", "", "train", "*", "2026-05-01"),
        ("c", "ZZZ992600001", "", "train", "songbird/v1", "2026-05-01"),
        ("d", "S-1", "", "train", "songbird/v1", "2026-05-01"),
        ("e", "", "望春風", "train", "songbird/v1", "2026-05-01"),
        ("f", "", "nobody wrote this", "train", "*", "2026-05-01"),
        ("g", "T9000000099", "", "train", "*", "2026-05-01"),
        ("h", "", "", "train", "*", "2026-05-01"),
        ("i", "N-1", "", "train", "*", "not a day"),
        ("j", "N-1", "", "everything", "*", "2026-05-01"),
    ]
    with (tmp_path / "uses.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "target", "title", "use", "system", "date"), *rows])
    otherwise = {"purpose": "", "system": "*", "territory": "world"}
    result = check_many(store, tmp_path / "uses.csv", tmp_path / "answers.parquet", otherwise, DAY, None)
    found = {row["use_id"]: row for row in pq.read_table(tmp_path / "answers.parquet").to_pylist()}

    assert {key: row["answer"] for key, row in found.items()} == {
        "a": "allowed", "b": "refused", "c": "allowed", "d": "unknown", "e": "allowed", "f": "unknown", "g": "unknown",
        "j": "unknown",
    }  # fmt: skip
    assert found["e"]["matched_by"] == "title"
    assert [problem["code"] for problem in result["problems"]] == ["uses.target", "uses.at"]
    for key, target, _, purpose, system, _ in rows[:4]:
        single = asked(store, target, purpose, system)
        assert (found[key]["answer"], found[key]["code"]) == (single["answer"], single["code"])
    check_many(store, tmp_path / "uses.csv", tmp_path / "answers.csv", otherwise, DAY, None)
    assert (tmp_path / "answers.csv").read_text(encoding="utf-8").count("\n") == len(found) + 1

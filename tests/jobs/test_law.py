"""The law as a job: answers for programs, pages written whole, and nothing that is not ours replaced."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest

from partita import law
from partita.errors import InputError
from partita.jobs import law as job

AT = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of the shipped table."""
    folder = tmp_path_factory.mktemp("law") / "pages"
    job.write_pages(folder, AT)
    return folder


def test_an_answer_is_plain_json_with_its_sources() -> None:
    """What a program gets: the position in words, its grade, dates, sources and holdings, and that it is no advice."""
    answer = json.loads(json.dumps(job.ask("training.lawful", "DE", AT)))
    assert (answer["position"], answer["status"], answer["since"]) == ("exception", "contested", "2021-06-07")
    assert answer["sources"][0]["address"].startswith("https://")
    assert {"court", "ref", "date", "holding", "final", "evidence", "sources"} <= set(answer["holdings"][0])
    assert answer["advice"] == "This is not legal advice."


@pytest.mark.parametrize("said", ["GB", "gb", "UK", "united kingdom", "英國", " GB "])
def test_a_place_may_be_named_as_people_name_it(said: str) -> None:
    """By code in either case, by the code that is not the ISO one, or by name."""
    assert job.ask("parody.exception", said, AT)["place"] == "GB"


def test_what_is_not_held_is_unknown() -> None:
    """Before the table begins, and for a place that it does not hold: unknown, with why."""
    early = job.ask("training.lawful", "US", dt.date(2001, 1, 1))
    assert (early["known"], early["position"], early["status"]) == (False, "unknown", "unknown")
    assert "begins" in early["note"]
    assert not job.ask("training.lawful", "BR", AT)["known"]


def test_every_place_is_asked_at_once() -> None:
    """One answer per place of the table, in its order."""
    asked = job.ask_everywhere("ai.label_duty", AT)
    assert [answer["place"] for answer in asked["answers"]] == list(law.PLACES)


@pytest.mark.parametrize("text", ["today", "2026-1-1", "22.11.2026", "2026-02-30", ""])
def test_days_are_written_in_one_way(text: str) -> None:
    """Another form is refused with the one that is read."""
    with pytest.raises(InputError, match="2026-11-22"):
        job.day(text)


def test_pages_hold_every_place_and_question(pages: Path) -> None:
    """The table links to a page per place, each with a section per question, and all of it as JSON beside."""
    names = {page.name for page in pages.iterdir()}
    assert names == {"index.html", "law.json", *(f"{code.lower()}.html" for code in law.PLACES)}
    table = (pages / "index.html").read_text(encoding="utf-8")
    for code in law.PLACES:
        text = (pages / f"{code.lower()}.html").read_text(encoding="utf-8")
        for question in law.QUESTIONS:
            assert f'id="{question}"' in text
            assert f'href="{code.lower()}.html#{question}"' in table
    answers = json.loads((pages / "law.json").read_text(encoding="utf-8"))["answers"]
    assert len(answers) == len(law.PLACES) * len(law.QUESTIONS)


def test_each_page_says_that_it_is_no_advice_in_both_languages(pages: Path) -> None:
    """At the head of the page, not only at its foot."""
    for page in pages.glob("*.html"):
        head = page.read_text(encoding="utf-8").split("</header>")[0]
        assert "not legal advice" in head
        assert "非法律意見" in head


def test_pages_need_no_server_and_run_no_script(pages: Path) -> None:
    """No script, no address that is loaded; the same table gives the same bytes."""
    for page in pages.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "<script" not in text
        assert not re.search(r"<(img|iframe|link|source|video)\b|\bsrc=|url\(", text)
        assert "default-src 'none'" in text


def test_the_same_day_gives_the_same_bytes(pages: Path, tmp_path: Path) -> None:
    """Written twice, every file is equal; for another day the table differs."""
    job.write_pages(tmp_path / "again", AT)
    assert {p.name: p.read_bytes() for p in pages.iterdir()} == {
        p.name: p.read_bytes() for p in (tmp_path / "again").iterdir()
    }
    job.write_pages(tmp_path / "again", dt.date(2020, 1, 1))
    assert (tmp_path / "again/index.html").read_bytes() != (pages / "index.html").read_bytes()
    assert "s-unknown" in (tmp_path / "again/eu.html").read_text(encoding="utf-8")


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    """A site with an index.html of its own is not replaced."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site/index.html").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="something else"):
        job.write_pages(tmp_path / "site", AT)
    assert (tmp_path / "site/index.html").read_text(encoding="utf-8") == "mine"


def test_pages_show_making_and_factors(pages: Path) -> None:
    """Each place's page says what ways of making mean, and which facts speak for and against building upon a work."""
    for code in law.PLACES:
        text = (pages / f"{code.lower()}.html").read_text(encoding="utf-8")
        assert "made by a machine" in text.split('id="making"')[1].split("</section>")[0]
        factors = text.split('id="factors"')[1].split("</section>")[0]
        assert "f-for" in factors
        assert "f-against" in factors
        assert "nothing concluded" in factors


def test_a_members_page_says_whose_law_it_shows(pages: Path) -> None:
    """Where Germany has no cell of its own, its page says that it is the Union's law."""
    german = (pages / "de.html").read_text(encoding="utf-8")
    section = german.split('id="ai.label_duty"')[1].split("</section>")[0]
    assert "law of the European Union" in section

"""Law pages from made views: what strangers wrote is escaped, what is missing is shown as unknown, filters work."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from partita.formats import law_page
from partita.formats.law_page import Asked, Cell, Cited, Decided, Entry, Item, LawView, Listed, PlaceView, Said

DAY = dt.date(2026, 11, 22)
EVIL = "<script>alert(1)</script>"


def entry(**more: Any) -> Entry:
    """A value with everything that it may have."""
    source = Cited(f"An act {EVIL}", DAY, 'https://example.org/?a=1&b="2"', "https://example.org/copy", "primary")
    given: dict[str, Any] = {
        "valid_from": DAY, "start_known": True, "position": "allowed", "words": Said("yes", "可以"),
        "status": "settled", "evidence": "primary", "rule": Said(f"A rule {EVIL}", "規定"),
        "measure": "48 hours", "sources": (source,), "as_of": DAY, "review_by": dt.date(2027, 1, 1),
    }  # fmt: skip
    return Entry(**given | more)


def view() -> LawView:
    """Two questions and two places: one cell answered and disputed, the others unknown or another place's law."""
    case = Decided(f"Court {EVIL}", "1/26", None, Said("Pending.", "審理中"), None, "secondary", ())
    one = Cell(
        "q.one", entry(), (entry(start_known=False, status="contested", evidence="unverified"),), (case,), "EU", ""
    )
    two = Cell("q.two", None, (), (), "", f"nothing {EVIL}")
    asked = (
        Asked("q.one", Said("One?", "一？"), Said("One", "一")),
        Asked("q.two", Said("Two?", "二？"), Said("Two", "二")),
    )
    facts = (("for", Said(f"a joke {EVIL}", "玩笑")), ("against", Said("sold", "販售")))
    item = Item(Said("purpose", "目的"), Said(""), "secondary", (), facts)
    factors = Listed("factors", Said("Above.", "上。"), (item,))
    places = (
        PlaceView("EU", Said("Union", "聯盟"), Said("A note.", "說明。"), (one, two), (factors,)),
        PlaceView("FR", Said("France", "法國"), None, (one, two)),
    )
    return LawView(DAY, asked, places, "0")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of the made view."""
    made = tmp_path_factory.mktemp("law")
    law_page.write(made, view())
    return made


def test_pages_are_named_by_place(folder: Path) -> None:
    """One page for the table and one per place."""
    assert {p.name for p in folder.iterdir()} == {"index.html", "eu.html", "fr.html"}


def test_markup_in_texts_is_shown_and_not_obeyed(folder: Path) -> None:
    """Rules, courts, sources and notes are text, wherever they stand."""
    for page in folder.iterdir():
        text = page.read_text(encoding="utf-8")
        assert "<script" not in text
    assert "&lt;script&gt;" in (folder / "eu.html").read_text(encoding="utf-8")
    assert 'b="2"' not in (folder / "eu.html").read_text(encoding="utf-8")


def test_what_is_unknown_is_said_with_why(folder: Path) -> None:
    """An unknown cell has its own colour, its word in both languages, and the reason."""
    section = (folder / "fr.html").read_text(encoding="utf-8").split('id="q.two"')[1]
    assert "unknown" in section
    assert "不明" in section
    assert "nothing &lt;script" in section


def test_a_member_says_that_the_law_is_the_unions(folder: Path) -> None:
    """On the member's page and in its cell of the table; not on the Union's own page."""
    assert "law of the European Union" in (folder / "fr.html").read_text(encoding="utf-8")
    assert "law of the European Union" not in (folder / "eu.html").read_text(encoding="utf-8")


def test_a_start_that_is_not_known_is_said_to_be_so(folder: Path) -> None:
    """Other values are listed; one without a first day says `since before 2019`."""
    text = (folder / "eu.html").read_text(encoding="utf-8")
    assert "since before 2019" in text
    assert "2026-11-22" in text


def test_facts_stand_under_the_side_for_which_they_speak(folder: Path) -> None:
    """For and against, and not a word of which weighs more; a place without the list has no such section."""
    section = (folder / "eu.html").read_text(encoding="utf-8").split('id="factors"')[1]
    assert section.index("f-for") < section.index("a joke") < section.index("f-against") < section.index("sold")
    assert "nothing concluded" in section
    assert 'id="factors"' not in (folder / "fr.html").read_text(encoding="utf-8")


def test_pages_are_not_written_over(folder: Path) -> None:
    """Writing into a folder that holds them already fails: nothing is edited in place."""
    with pytest.raises(FileExistsError):
        law_page.write(folder, view())


@pytest.mark.browser
def test_filters_hide_cells_and_columns_without_a_script(browser: Any, folder: Path) -> None:
    """Unticking a status, a grade or a place hides what it names; nothing is requested but the page."""
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((folder / "index.html").as_uri())
    cell = page.locator("td.p-FR.s-settled a")
    assert cell.is_visible()
    for box in ("#show-settled", "#grade-primary", "#place-FR"):
        page.uncheck(box)
        assert not cell.is_visible()
        page.check(box)
        assert cell.is_visible()
    assert asked == [(folder / "index.html").as_uri()]
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_their_window(browser: Any, folder: Path, width: int) -> None:
    """On a telephone and a desk the page itself does not scroll sideways; the table does, within its frame."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    for name in ("index.html", "eu.html"):
        page.goto((folder / name).as_uri())
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0
    page.close()

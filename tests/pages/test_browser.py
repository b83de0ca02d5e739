"""Pages in a real Chromium: no network, no script, readable on a telephone, and sums that add up on the screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import made
import pytest

from partita.formats import pages

pytestmark = pytest.mark.browser


class Seen:
    """What a page did while it was open."""

    def __init__(self, page: Any) -> None:
        self.page, self.errors, self.requests = page, [], []
        page.on("console", lambda message: self.errors.append(message.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", lambda dialog: (self.errors.append("dialog"), dialog.dismiss()))
        page.on("request", lambda request: self.requests.append(request.url))

    def wide(self) -> int:
        """How far the page reaches beyond the window, in pixels."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def look(browser: Any, path: Path, width: int) -> Seen:
    """Opens a page and watches it."""
    seen = Seen(browser.new_page(viewport={"width": width, "height": 900}, locale="en-GB"))
    seen.page.goto(path.as_uri())
    return seen


def names(folder: Path) -> list[Path]:
    """A page of every kind."""
    statements = [p for p in (folder / "statements").glob("*.html") if not p.name.startswith("index")]
    largest = max(statements, key=lambda p: p.stat().st_size)
    first = next(iter(sorted((folder / "art38").glob("*.html"))))
    return [folder / "report.html", folder / "report.zh-Hant.html", folder / "statements/index.html", largest, first]


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_load_quietly_and_fit(browser: Any, folder: Path, width: int) -> None:
    """No console message, no request but for the page itself, nothing wider than the window."""
    for path in names(folder):
        seen = look(browser, path, width)
        assert seen.errors == []
        assert seen.requests == [path.as_uri()]
        assert seen.wide() <= 0, path.name
        seen.page.close()


def test_the_language_link_leads_to_the_other_language_and_back(browser: Any, folder: Path) -> None:
    """From English to Chinese and back, with the language of the page declared each time."""
    page = look(browser, folder / "report.html", 1280).page
    page.get_by_role("link", name="正體中文").click()
    assert page.evaluate("document.documentElement.lang") == "zh-Hant"
    assert page.get_by_role("heading", name="比對結果").is_visible()
    page.get_by_role("link", name="English").click()
    assert page.evaluate("document.documentElement.lang") == "en"
    page.close()


ADD_UP = """(id) => {
  const micro = (cell) => { const t = cell.textContent.trim().replace(/[, ]/g, '').replace('\\u2212', '-');
    const [whole, part = ''] = t.split('.'); return BigInt(whole + part.padEnd(6, '0')); };
  const table = document.getElementById(id), last = (row) => micro(row.cells[row.cells.length - 1]);
  let sum = 0n; for (const row of table.tBodies[0].rows) sum += last(row);
  return [sum.toString(), last(table.tFoot.rows[0]).toString()]; }"""


@pytest.mark.parametrize(("place", "table"), [(0, "suspense"), (0, "societies"), (3, "pools"), (3, "lines")])
def test_what_the_eye_adds_up_is_the_total(browser: Any, folder: Path, place: int, table: str) -> None:
    """The last column of a table, as a reader sees it, adds up to its foot, to the millionth."""
    page = look(browser, names(folder)[place], 1280).page
    summed, foot = page.evaluate(ADD_UP, table)
    assert summed == foot
    page.close()


def test_every_table_names_its_columns(browser: Any, folder: Path) -> None:
    """Header cells have a scope, scrolling regions can be reached by keyboard, pages have one main heading."""
    for path in names(folder):
        page = look(browser, path, 1280).page
        assert page.evaluate("[...document.querySelectorAll('th')].every(c => c.scope)")
        assert page.evaluate("[...document.querySelectorAll('.wide')].every(c => c.tabIndex === 0 && c.ariaLabel)")
        assert page.locator("h1").count() == 1
        page.close()


def test_hostile_names_are_inert(browser: Any, tmp_path: Path) -> None:
    """Names of parties, societies, licensees and works that try tags, endless words and reversed text stay text."""
    bad = "<img src=x onerror=alert(1)>\u202e" + "W" * 2000
    run = made.run(
        works=8, lines=60, titles=[bad], contact=bad, title={"en": bad, "zh-Hant": bad},
        societies={s: {"en": bad, "zh-Hant": bad} for s in made.SOCIETIES},
        licensees={s: {"en": bad, "zh-Hant": bad} for s in made.LICENSEES},
    )  # fmt: skip
    pages.write(tmp_path, run)
    for path in names(tmp_path):
        seen = look(browser, path, 390)
        assert seen.errors == []
        assert seen.page.locator("img").count() == 0
        assert seen.wide() <= 0, path.name
        seen.page.close()

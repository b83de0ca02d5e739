"""The pages of a disclosure in a real Chromium: quiet, no wider than a telephone, readable without the colours."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from test_browser import look

sys.path.insert(0, str(Path(__file__).parents[1] / "prove" / "disclosure"))
import made_training

from partita.formats import disclosure_annex, disclosure_page, disclosure_spread
from partita.prove import disclosure

pytestmark = pytest.mark.browser
LONG = "A" * 120
PAIRS = [
    ({"url": f"https://{LONG}.example/{n}", "domain": f"{LONG}{n}.example", "tokens": n, "language": LONG},
     {"outcome": "matched", "work_id": "W", "answer": "refused", "code": "reserved", "carrier": "robots",
      "statement_id": LONG, "sha256": "ab" * 32})
    for n in range(12)
]  # fmt: skip


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A page of every kind, with words without a break in every place."""
    folder = tmp_path_factory.mktemp("disclosure")
    items, findings = made_training.run(*PAIRS, ({"origin": "public_dataset", "dataset": LONG}, {}))
    works = made_training.works({"work_id": "W", "title": LONG, "society": LONG})
    shares = made_training.shares({"work_id": "W", "party_id": LONG, "party_name": LONG, "society": LONG})
    first = made_training.summary(made_training.run(PAIRS[0]))
    answers = f'general.other = "{LONG}"\ncrawled = {{purposes = "{LONG}", crawlers = ["{LONG}"]}}'
    disclosure_page.write(folder, made_training.summary((items, findings), answers, previous=first))
    tables = {"items": items, "findings": findings, "works": works, "shares": shares}
    terms = disclosure.Terms(detail="full")
    (annex,) = disclosure.annexes(tables, made_training.PROVIDER, made_training.TRAINED, terms, "2026-07-01")
    own = disclosure_annex.write(folder, annex.data)
    disclosure_annex.write_index(folder, [annex.data])
    spread = disclosure.spread(items, findings, works, shares, made_training.MODEL)
    disclosure_spread.write(folder, spread, disclosure_spread.Head({"en": LONG}, LONG, "a/b", "2026-07-01"))
    names = ["summary.html", "summary.zh-Hant.html", "spread.html", "annexes.html"]
    return [*(folder / name for name in names), own / "annex.html", own / "annex.zh-Hant.html"]


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_load_quietly_and_fit(browser: Any, pages: list[Path], width: int) -> None:
    """No message, no request but for the page itself, nothing wider than the window."""
    for path in pages:
        seen = look(browser, path, width)
        assert seen.errors == []
        assert seen.requests == [path.as_uri()]
        assert seen.wide() <= 0, path.name
        seen.page.close()


def test_every_table_and_region_is_named(browser: Any, pages: list[Path]) -> None:
    """Header cells have a scope, scrolling regions can be reached by keyboard, pages have one main heading."""
    for path in pages:
        page = look(browser, path, 1280).page
        assert page.evaluate("[...document.querySelectorAll('th')].every(c => c.scope)")
        assert page.evaluate("[...document.querySelectorAll('.wide')].every(c => c.tabIndex === 0 && c.ariaLabel)")
        assert page.locator("h1").count() == 1
        page.close()


def test_the_chinese_summary_is_one_link_away(browser: Any, pages: list[Path]) -> None:
    """And says so in its language."""
    page = look(browser, pages[0], 1280).page
    page.get_by_role("link", name="正體中文").click()
    assert page.evaluate("document.documentElement.lang") == "zh-Hant"
    assert page.get_by_role("heading", name="資料來源").first.is_visible()
    page.close()

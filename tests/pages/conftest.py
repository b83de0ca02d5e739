"""A made run and its pages, written once; and a real browser, which looks at them."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from partita.formats import pages

sys.path.insert(0, str(Path(__file__).parent))
import made

HOSTILE = ("<script>alert(1)</script>", "\u202egnp.exe \u202e反轉", "=cmd|' /C calc'!A0", "長" * 2000, "A" * 2000)
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def run() -> pages.RunView:
    """A balanced run with titles and names that mean harm."""
    return made.run(titles=HOSTILE, html_most=25)


@pytest.fixture(scope="session")
def folder(run: pages.RunView, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of `run`."""
    target = tmp_path_factory.mktemp("run")
    pages.write(target, run)
    return target


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium; skipped where there is none, unless PARTITA_REQUIRE_BROWSER=1 asks that this fail."""
    found = next((p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None)
    if not found:
        if os.environ.get("PARTITA_REQUIRE_BROWSER") == "1":
            pytest.fail("no Chromium on the PATH, and PARTITA_REQUIRE_BROWSER=1 asks for one")
        pytest.skip("no Chromium on the PATH: install the package `chromium` to look at pages in a browser")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield opened
        opened.close()

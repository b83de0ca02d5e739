"""The sample review, run once for each party; and a real browser, which looks at its pages."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from partita.jobs.review import review

DATA = Path(__file__).parent / "data"
PARTIES = ("authority", "society", "licensee")


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The run folder of the sample review for each party."""
    made = {}
    for party in PARTIES:
        job = tmp_path_factory.mktemp(party) / "job"
        shutil.copytree(DATA, job)
        text = (job / "review.toml").read_text(encoding="utf-8")
        (job / "review.toml").write_text(
            text.replace('party = "authority"  ', f'party = "{party}"  ', 1), encoding="utf-8"
        )
        made[party] = job.parent / "run"
        review(job / "review.toml", made[party])
    return made


@pytest.fixture
def job(tmp_path: Path) -> Path:
    """A copy of the sample review's folder, to spoil."""
    return Path(shutil.copytree(DATA, tmp_path / "job"))


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
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()

"""What all tests share: the repository, the measuring data, a real browser, and Hypothesis settings."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

REPOSITORY = Path(__file__).resolve().parents[1]

PHASES = [phase for phase in Phase if phase is not Phase.explain]
settings.register_profile(
    "house", deadline=None, derandomize=True, phases=PHASES, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")

BROWSER_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout's folder."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of measuring data beside the checkout; skips the test where it is absent."""
    folder = Path(os.environ.get("PARTITA_SHARED", REPOSITORY.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip(f"measuring data is absent: {folder.name}/data beside the checkout (or PARTITA_SHARED)")
    return folder


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
        opened = playwright.chromium.launch(executable_path=found, args=BROWSER_ARGUMENTS)
        yield opened
        opened.close()

"""A made run and its pages, written once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from partita.formats import pages

sys.path.insert(0, str(Path(__file__).parent))
import made

HOSTILE = ("<script>alert(1)</script>", "\u202egnp.exe \u202e反轉", "=cmd|' /C calc'!A0", "長" * 2000, "A" * 2000)


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

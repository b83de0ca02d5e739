"""A log of a few hundred entries, made for each test."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from logs import Made, make


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """A log of 600 entries, signed at 3, at 300 and at 600."""
    return make(tmp_path / "log", 3, 300, 600)

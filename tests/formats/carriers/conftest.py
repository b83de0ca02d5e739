"""Where test vectors that others publish lie, if they do: folders named after their repositories."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def vectors() -> Callable[[str], Path]:
    """Gives a folder of vectors by its name; skips the test where it is absent, saying what to fetch."""

    def folder(name: str) -> Path:
        root = os.environ.get("PARTITA_VECTORS", "")
        found = Path(root) / name
        if not root or not found.is_dir():
            pytest.skip(f"vectors are absent: clone {name} into a folder and name that folder in PARTITA_VECTORS")
        return found

    return folder

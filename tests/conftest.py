"""What all tests share: where the repository and the measuring data are, and Hypothesis settings."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

REPOSITORY = Path(__file__).resolve().parents[1]

PHASES = [phase for phase in Phase if phase is not Phase.explain]
settings.register_profile(
    "house", deadline=None, derandomize=True, phases=PHASES, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")


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

"""The shipped case, its two scripts as modules, and one small simulated set of logs for all tests here."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

LINES = 4_000


@pytest.fixture(scope="session")
def case(repository: Path) -> Path:
    """The folder of the shipped case."""
    return repository / "examples" / "ktv"


@pytest.fixture(scope="session")
def simulator(case: Path) -> ModuleType:
    """simulate.py as a module."""
    return _module(case, "simulate")


@pytest.fixture(scope="session")
def maker(case: Path) -> ModuleType:
    """make_files.py as a module."""
    return _module(case, "make_files")


@pytest.fixture(scope="session")
def measurer(case: Path) -> ModuleType:
    """measure.py as a module."""
    return _module(case, "measure")


@pytest.fixture(scope="session")
def simulated(simulator: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with catalogues, logs and truth of a few thousand lines."""
    folder: Path = tmp_path_factory.mktemp("ktv")
    simulator.simulate(folder, lines=LINES)
    return folder


def _module(case: Path, name: str) -> ModuleType:
    sys.path.insert(0, str(case))
    try:
        return import_module(name)
    finally:
        sys.path.remove(str(case))

"""Small manifests for the tests, and what reading them gave."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from partita import tables
from partita.formats import manifests
from partita.tables.training import DATASETS, ITEMS

TODAY = dt.date(2026, 11, 22)
Read = Callable[..., manifests.ManifestReading]


def reading(path: Path, **stated: Any) -> manifests.ManifestReading:
    """The manifest `m` at `path`, in the shapes of the contract."""
    found = manifests.read(path, name="m", stated=manifests.Stated(**{"today": TODAY, **stated}))
    tables.conform(found.items, ITEMS)
    tables.conform(found.datasets, DATASETS)
    tables.conform(found.problems, tables.PROBLEMS)
    return found


@pytest.fixture
def read() -> Read:
    """Reads a manifest, all of whose days lie before 2026-11-23."""
    return reading


@pytest.fixture
def lines(tmp_path: Path) -> Callable[..., Path]:
    """Writes JSON lines: objects as JSON, texts and bytes as they are."""

    def write(*rows: Mapping[str, Any] | str | bytes, name: str = "m.jsonl") -> Path:
        path = tmp_path / name
        parts = [row if isinstance(row, bytes) else (row if isinstance(row, str) else json.dumps(row)).encode()
                 for row in rows]  # fmt: skip
        path.write_bytes(b"\n".join(parts) + b"\n")
        return path

    return write


def stated_values(row: Mapping[str, Any]) -> dict[str, Any]:
    """What an item states, without what is empty."""
    return {key: value for key, value in row.items() if value not in (None, "", [])}


def problems(found: manifests.ManifestReading) -> list[tuple[int, str]]:
    """Line and code of each problem."""
    return [(row["line"], row["code"]) for row in found.problems.to_pylist()]

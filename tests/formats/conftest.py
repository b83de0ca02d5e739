"""Small files for the tests, written from rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest

Write = Callable[..., Path]


@pytest.fixture
def text(tmp_path: Path) -> Write:
    """Writes a text to a file in an encoding."""

    def write(content: str, name: str = "list.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode(encoding))
        return path

    return write


@pytest.fixture
def sheet(tmp_path: Path) -> Write:
    """Writes rows to a workbook, one sheet per keyword."""

    def write(name: str = "list.xlsx", **sheets: Sequence[Sequence[object]]) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for title, rows in sheets.items():
            page = book.create_sheet(title)
            for row in rows:
                page.append(list(row))
        path = tmp_path / name
        book.save(path)
        return path

    return write

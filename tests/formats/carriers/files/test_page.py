"""The page about carriers in files: its example runs, and prints what the page shows."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[4] / "docs" / "carriers-files.md"


def test_the_example_of_the_page_prints_what_it_shows() -> None:
    """The code block gives the text block after it, to the letter."""
    pytest.importorskip("iscc_core")
    page = PAGE.read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (shown,) = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.returncode) == (shown, 0), ran.stderr

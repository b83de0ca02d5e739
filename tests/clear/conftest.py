"""Lets the tests of clear import their building blocks, `made_facts`, from this folder."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

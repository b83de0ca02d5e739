"""What is compiled ahead is all that is compiled, and who has to wait for it is told."""

from __future__ import annotations

import datetime as dt
import importlib
from pathlib import Path

import pytest
from made_facts import snapshot, uses

from partita import clear
from partita.clear import Use, kernel


def test_all_is_compiled_ahead() -> None:
    """What the rules were compiled for ahead is all that a table of uses asks of them."""
    clear.warm()
    data = snapshot({
        "statements": [{"statement_id": "1", "kind": "reservation", "target_kind": "work", "target": "W"}],
        "holdings": [{"target_kind": "work", "target": "W", "party_id": "A", "society": "S", "share_ppm": 1_000_000}],
        "mandates": [{"society": "S"}],
    })  # fmt: skip
    asked = [Use(str(n), "work", "W", "perform", "*", "TW", dt.date(2026, 1, n + 1)) for n in range(9)]
    assert set(clear.decide_all(uses(asked), data).column("answer").to_pylist()) == {"refused"}
    assert len(kernel.answer.signatures) == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("kept", [True, False])
def test_a_first_compile_is_told(monkeypatch: pytest.MonkeyPatch, *, kept: bool) -> None:
    """Only where nothing is kept from an earlier process is the wait announced."""
    module = importlib.import_module("partita.clear.warm")
    told: list[tuple[str, int, int]] = []
    monkeypatch.setattr(module, "are_kept", lambda package: kept and package == "partita.clear")
    clear.warm(lambda *step: told.append(step))
    assert told == ([] if kept else [(module.STEP, 0, 1)])


def test_setting_up_compiles_the_rules(repository: Path) -> None:
    """Whoever sets Partita up does not wait at the first question."""
    assert "clear.warm()" in (repository / "tools/setup.py").read_text(encoding="utf-8")

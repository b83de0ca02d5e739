"""Warming: after it no compiled function of the matcher is left to be compiled while somebody waits."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import partita
from partita.identify import warm

ROOM = Path(partita.__file__).parent


def _kernels() -> dict[str, set[str]]:
    """The compiled functions of each module, without those that another compiled one calls."""
    found = {}
    for path in sorted(ROOM.rglob("*.py")):
        functions = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)]
        made = {f.name: f for f in functions if any(ast.unparse(mark) == "compiled" for mark in f.decorator_list)}
        inner = {
            call.func.id
            for function in made.values()
            for call in ast.walk(function)
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        }
        module = ".".join(path.relative_to(ROOM.parent).with_suffix("").parts)
        found[module] = {f"{module}.{name}" for name in made.keys() - inner}
    return found


def test_warming_calls_every_kernel() -> None:
    """A sample of lines goes every way through the matcher: each function that Python calls has been called."""
    script = (
        "import json; from partita.identify import warm; warm(); from partita.text import compiled;"
        "print(json.dumps(compiled.never_called()))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    kernels = set().union(*_kernels().values())
    assert len(kernels) > 10
    assert kernels & set(json.loads(done.stdout)) == set()


def test_a_long_wait_is_told_once() -> None:
    """Once functions are kept nobody is told to wait, and a second call does nothing."""
    told: list[tuple[str, int, int]] = []
    warm()
    warm(lambda *step: told.append(step))
    assert told == []

"""What must stand in no file of the project, and what the pinned requirements must hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

DOT = "."
DASH = "-"
REGISTRIES = [
    f"pypi{DOT}org",
    f"pythonhosted{DOT}org",
    f"npmjs{DOT}org",
    f"anaconda{DOT}org",
    f"-{DASH}index-url",
    f"-{DASH}extra-index-url",
    f"-{DASH}find-links",
]
"""Assembled, so that this file names none itself."""

HOMES = "home|Users|root|work|mnt|opt|tmp"
MACHINE = re.compile(rf"(?<![\w.~/-])/(?:{HOMES})/[\w.-]")
PINNED = ("run", "dev", "bench")


def texts(repository: Path, files: list[Path]) -> Iterator[tuple[Path, str]]:
    """Every file that is text, with its text."""
    for file in files:
        data = (repository / file).read_bytes()
        if b"\0" not in data[:4096]:
            yield file, data.decode("utf-8", errors="replace")


def test_no_registry_is_named(repository: Path, files: list[Path]) -> None:
    """No file names a package registry: where packages come from is the user's own setting."""
    wrong = []
    for file, text in texts(repository, files):
        wrong += [f"{file}: {address}" for address in REGISTRIES if address in text]
    assert wrong == []


def test_no_machine_is_named(repository: Path, files: list[Path]) -> None:
    """No file holds an absolute path of somebody's machine."""
    wrong = []
    for file, text in texts(repository, files):
        found = MACHINE.search(text)
        wrong += [f"{file}: {found[0]}"] if found else []
    assert wrong == []


@pytest.mark.parametrize("name", PINNED)
def test_every_requirement_is_pinned_with_hashes(repository: Path, name: str) -> None:
    """Each requirement has one exact version and at least one SHA-256, and nothing else stands in the file."""
    text = (repository / f"requirements/{name}.txt").read_text(encoding="utf-8")
    entries = [entry for entry in re.split(r"\n(?=\S)", text.strip()) if entry]
    form = re.compile(r"[a-z0-9][a-z0-9.-]*==[\w.!+]+( ; [^\n\\]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+")
    assert [entry.splitlines()[0] for entry in entries if not form.fullmatch(entry)] == []
    assert len(entries) > 10


def test_the_tests_run_what_users_run(repository: Path) -> None:
    """Every pin of run.txt stands in dev.txt unchanged, so that the tests speak of what is installed."""

    def pins(name: str) -> set[str]:
        text = (repository / f"requirements/{name}.txt").read_text(encoding="utf-8")
        return {line.rstrip(" \\") for line in text.splitlines() if "==" in line.split(";")[0]}

    assert pins("run") - pins("dev") == set()


def test_the_pins_meet_what_the_project_asks_for(repository: Path) -> None:
    """Every dependency that pyproject.toml names is pinned in run.txt."""
    import tomllib  # noqa: PLC0415 - beside its one use

    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {re.split(r"[<>=!~ \[;]", need, maxsplit=1)[0].lower() for need in project["dependencies"]}
    pinned = (repository / "requirements/run.txt").read_text(encoding="utf-8")
    assert {name for name in asked if not re.search(rf"^{re.escape(name)}==", pinned, re.MULTILINE)} == set()


def test_the_licence_is_whole(repository: Path) -> None:
    """LICENSE is the Apache License 2.0, from its title to its appendix."""
    text = (repository / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "APPENDIX: How to apply the Apache License to your work" in text


def test_make_help_lists_what_can_be_made(repository: Path) -> None:
    """Each target that is meant for people has its line in `make help`."""
    makefile = (repository / "Makefile").read_text(encoding="utf-8")
    promised = {"demo", "test", "lint", "types", "bench", "docs", "clean", "help"}
    assert promised - set(re.findall(r"^([a-z-]+):[^\n]*## ", makefile, re.MULTILINE)) == set()


def test_the_whole_check_is_whole(repository: Path) -> None:
    """The check is executable, stops at the first failure, and runs linter, types, pages, and the tests last."""
    file = repository / ".ci/run"
    text = file.read_text(encoding="utf-8")
    assert file.stat().st_mode & 0o111
    assert "set -euo pipefail" in text
    assert re.findall(r"^make (\S+)", text, re.MULTILINE) == ["lint", "types", "docs-check", "test"]

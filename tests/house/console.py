"""Reads the ```console blocks of the docs and runs them as a user would, in a copy of the checkout."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(r"^( *)```console\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
EXIT = re.compile(r"\s+# exit (\d)\b.*$")
RUN = {"partita", "python", "cat", "ls", "head", "tail", "cd", "bean-check", "diff", "sha256sum", "cp", "mkdir", "cut"}
NAMED = {"make", "git", ".", "sh", ".ci/run"}
"""Commands that are not run again here: `make` targets must exist, the others must be one of `FIXED`."""

FIXED = {". .venv/bin/activate", ".ci/run", "git clone", "git -C"}


@dataclass(frozen=True, slots=True)
class Command:
    """One `$` line of a doc: the exit code it states (`# exit 1`, else 0), its place, and what it shows below."""

    text: str
    exit_code: int = 0
    line: int = 0
    shows: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The program."""
        return self.text.split()[0].removeprefix(".venv/bin/")


def commands(text: str) -> list[Command]:
    """Every command of every console block of a page, in order; a backslash continues a line."""
    found = []
    for block in BLOCK.finditer(text):
        first = text[: block.start(2)].count("\n") + 1
        lines = block[2].replace("\\\n", "  ").splitlines()
        starts = [number for number, line in enumerate(lines) if line.strip().startswith("$ ")]
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            found.append(command(lines[start].strip(), first + start, lines[start + 1 : end]))
    return found


def command(line: str, number: int, below: list[str]) -> Command:
    """A `$` line with the lines below it, which are what it prints."""
    stated = EXIT.search(line)
    bare = re.sub(r"\s+# .*$", "", EXIT.sub("", line[2:]).strip())
    shows = tuple(words(text) for text in below if words(text) not in {"", "..."})
    return Command(bare, int(stated[1]) if stated else 0, number, shows)


def words(line: str) -> str:
    """A line without the spaces that only align it."""
    return " ".join(line.split())


def unsaid(command: Command, done: subprocess.CompletedProcess[str]) -> list[str]:
    """What the page shows below the command and the command did not print."""
    said = {words(line) for line in (done.stdout + done.stderr).splitlines()}
    return [line for line in command.shows if line not in said]


def needs_shared(command: Command, folder: Path) -> bool:
    """Whether a command, or a job file that it names, reads the measuring data beside the checkout."""
    named = [folder / word for word in shlex.split(command.text) if word.endswith(".toml")]
    return "shared" in command.text or any(f.is_file() and "shared" in f.read_text(encoding="utf-8") for f in named)


def run(command: Command, folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs a command with the environment's own programs first on PATH, in English and without a terminal."""
    own = str(Path(sys.executable).parent)
    environ = {**os.environ, "PATH": f"{own}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": "", "COLUMNS": "100"}
    text = command.text.replace(".venv/bin/", "")
    shell = ["bash", "-o", "pipefail", "-c", text]
    return subprocess.run(shell, cwd=folder, env=environ, capture_output=True, text=True, check=False, timeout=900)

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
    """One `$` line of a doc, the exit code it states (0 unless `# exit 1` stands behind it), and where it stands."""

    text: str
    exit_code: int
    line: int

    @property
    def name(self) -> str:
        """The program."""
        return self.text.split()[0].removeprefix(".venv/bin/")


def commands(text: str) -> list[Command]:
    """Every command of every console block of a page, in order; a backslash continues a line."""
    found = []
    for block in BLOCK.finditer(text):
        first = text[: block.start(2)].count("\n") + 1
        body = block[2].replace("\\\n", "  ")
        for number, raw in enumerate(body.splitlines()):
            line = raw.strip()
            if line.startswith("$ "):
                stated = EXIT.search(line)
                bare = EXIT.sub("", line[2:]).strip()
                found.append(Command(re.sub(r"\s+# .*$", "", bare), int(stated[1]) if stated else 0, first + number))
    return found


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

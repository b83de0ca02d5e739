"""What the tests of the house share: the project's own files, as git lists them, and a copy that may be written to."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

OUTSIDE = {".git", ".venv", ".venv-bench", "out", "build", "dist", "__pycache__"}


@pytest.fixture(scope="session")
def files(repository: Path) -> list[Path]:
    """Every file of the project, relative to the checkout: tracked, or new and not ignored."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=repository, capture_output=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        found = [Path(name) for name in listed.stdout.decode().split("\0") if name]
    else:  # a tree without git, e.g. an unpacked archive
        found = [path.relative_to(repository) for path in repository.rglob("*")]
        found = [path for path in found if not OUTSIDE & set(path.parts) and not path.parts[0].startswith(".venv")]
    return sorted({path for path in found if (repository / path).is_file()})


def copy_tree(repository: Path, files: list[Path], into: Path) -> Path:
    """A copy of the project's own files in `into`."""
    for file in files:
        target = into / file
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(repository / file, target)
    return into

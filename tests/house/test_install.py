"""What a newcomer does: `make demo` in a fresh copy, and a wheel that holds all it needs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from .conftest import copy_tree

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory, repository: Path, files: list[Path]) -> Path:
    """A copy of the project in a folder with a blank and Chinese in its name."""
    return copy_tree(repository, files, tmp_path_factory.mktemp("new user 新手") / "partita")


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A newcomer's environment: an empty home, pip's settings and its cache, nothing else."""
    kept = {k: v for k, v in os.environ.items() if k.startswith("PIP_") or k in {"PATH", "SSL_CERT_FILE", "LANG"}}
    command = [sys.executable, "-m", "pip", "cache", "dir"]
    cache = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    own = {"HOME": str(tmp_path_factory.mktemp("home")), "PARTITA_APT": "no"}
    rust = {"RUSTUP_HOME": str(tmp_path_factory.mktemp("rust"))}  # pip asks rustc, where there is one, for its version
    return {"PIP_CACHE_DIR": cache, **kept, **own, **rust}


@pytest.fixture(scope="module")
def demo(fresh: Path, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """`make demo`, really run."""
    return subprocess.run(["make", "demo"], cwd=fresh, env=environ, capture_output=True, text=True, check=False)


def test_make_demo_ends_with_a_run_folder(fresh: Path, demo: subprocess.CompletedProcess[str]) -> None:
    """`make demo` installs, settles the shipped case, says where to look, and the books balance."""
    assert demo.returncode == 0, demo.stderr
    assert "out/demo" in demo.stdout
    assert "report.html" in demo.stdout
    assert (fresh / "out/demo/report.html").is_file()
    assert json.loads((fresh / "out/demo/run.json").read_text(encoding="utf-8"))["balanced"] is True


def test_nothing_is_written_outside(
    fresh: Path, files: list[Path], environ: dict[str, str], demo: subprocess.CompletedProcess[str]
) -> None:
    """`make demo` writes into .venv and out alone, and leaves the home folder empty."""
    assert demo.returncode == 0
    assert list(Path(environ["HOME"]).iterdir()) == []
    assert {p.name for p in fresh.iterdir()} - {f.parts[0] for f in files} <= {".venv", "out"}


def test_a_second_call_installs_nothing(
    fresh: Path, environ: dict[str, str], demo: subprocess.CompletedProcess[str]
) -> None:
    """With the environment there and current, setting up says and does nothing, even without a home."""
    assert demo.returncode == 0
    homeless = {name: value for name, value in environ.items() if name != "HOME"}
    again = subprocess.run(
        ["sh", "tools/setup.sh", "run"], cwd=fresh, env=homeless, capture_output=True, text=True, check=True
    )
    assert again.stdout + again.stderr == ""


def test_a_python_too_old_is_said_in_one_line(fresh: Path, environ: dict[str, str], tmp_path: Path) -> None:
    """Where there is no fit Python, make stops with exit 2 and one line that says what to install."""
    stub = '#!/bin/sh\n[ "$1" = --version ] || exit 1\necho Python 3.9.2\n'
    (tmp_path / "python3").write_text(stub, encoding="utf-8")
    (tmp_path / "python3").chmod(0o755)
    for tool in ("sh", "dirname"):
        (tmp_path / tool).symlink_to(Path("/usr/bin") / tool)
    done = subprocess.run(
        ["/usr/bin/env", "sh", "tools/setup.sh", "run"],
        cwd=fresh, env={**environ, "PATH": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "Python 3.11 or later" in done.stderr
    assert "Python 3.9.2" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.fixture(scope="module")
def wheel(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the copy with the environment's own hatchling."""
    into = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(into),
        ".",
    ]
    subprocess.run(command, cwd=fresh, check=True)
    return next(into.glob("*.whl"))


def test_the_wheel_holds_what_the_source_holds(wheel: Path, files: list[Path]) -> None:
    """Every module, query, template, tariff and the example are in the wheel; no test and no tool is."""
    names = set(zipfile.ZipFile(wheel).namelist())
    needed = {f.relative_to("src").as_posix() for f in files if f.parts[0] == "src"}
    example = {f"partita/{f.as_posix()}" for f in files if f.parts[:2] == ("examples", "ktv")}
    assert (needed | example) - names == set()
    assert {name.split("/")[0].split("-")[0] for name in names} == {"partita"}


def test_the_wheel_works_without_the_checkout(
    fresh: Path, wheel: Path, environ: dict[str, str], demo: subprocess.CompletedProcess[str], tmp_path: Path
) -> None:
    """In an environment of run.txt alone, the installed wheel answers --help and settles the shipped case."""
    assert demo.returncode == 0
    python = fresh / ".venv/bin/python"
    install = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--force-reinstall", str(wheel)]
    subprocess.run(install, env=environ, check=True, cwd=tmp_path)
    helped = subprocess.run(
        [fresh / ".venv/bin/partita", "--help"], env=environ, capture_output=True, text=True, check=True
    )
    assert "settle" in helped.stdout
    small = [fresh / ".venv/bin/partita", "demo", "--lines", "1000", "-o", "small", "--json"]
    done = subprocess.run(small, env=environ, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "small/run.json").read_text(encoding="utf-8"))["balanced"] is True


def test_help_is_light(repository: Path) -> None:
    """`partita --help` loads neither the engine nor the charts."""
    code = (
        "import sys, click.testing\n"
        "from partita.cli.main import main\n"
        "assert click.testing.CliRunner().invoke(main, ['--help']).exit_code == 0\n"
        "print([m for m in ('duckdb', 'altair', 'vl_convert', 'pyarrow', 'pydantic') if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=repository)
    assert done.stdout.strip() == "[]"

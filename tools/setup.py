"""Makes the environments of `make`, and what tests need of the system: `setup.py run|dev|bench|browser|servers`.

Uses the standard library alone, and no network but pip's and apt's own. A stamp in the environment says what was
installed, so that a second call is quick. System packages are installed where that is allowed (root, or sudo without a
password, and apt-get); otherwise the command to run is printed, with the reason. PARTITA_APT=no forbids it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = {"run": ".venv", "dev": ".venv", "bench": ".venv-bench"}
SUFFICIENT = {"run": ("run", "dev"), "dev": ("dev",), "bench": ("bench",)}
"""Which stamps will do: the environment for tests holds all that a run needs."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def say(text: str) -> None:
    """A line of progress on standard error."""
    print(text, file=sys.stderr, flush=True)


def main(kind: str) -> int:
    """Makes what `kind` asks for; the process's exit code."""
    if kind in OFFERS:
        OFFERS[kind]()
        return 0
    folder = ROOT / FOLDERS[kind]
    if is_whole(folder) and any(
        stamp(folder, k).is_file() and stamp(folder, k).read_text() == key(k) for k in SUFFICIENT[kind]
    ):
        return 0
    if not is_whole(folder) and not create(folder):
        return 2
    for other in folder.glob("partita-*.stamp"):
        other.unlink()
    if not install(folder, kind):
        return 2
    stamp(folder, kind).write_text(key(kind))
    return 0


def stamp(folder: Path, kind: str) -> Path:
    """Where it is noted that the environment holds the requirements of `kind`."""
    return folder / f"partita-{kind}.stamp"


def is_current(folder: Path, kind: str) -> bool:
    """Whether the environment holds the requirements of `kind` as they are now."""
    note = stamp(folder, kind)
    return note.is_file() and note.read_text() == key(kind)


def key(kind: str) -> str:
    """Changes whenever the environment must be made anew: requirements, the project's metadata, its place."""
    parts = [
        str(ROOT).encode(),
        (ROOT / f"requirements/{kind}.txt").read_bytes(),
        (ROOT / "pyproject.toml").read_bytes(),
    ]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_whole(folder: Path) -> bool:
    """Whether the environment runs, is of a fit Python, has pip, and was made in this place."""
    test = "import sys, pip; print(sys.prefix); sys.exit(sys.version_info < (3, 11))"
    try:
        done = subprocess.run([python(folder), "-c", test], capture_output=True, text=True, check=True, env=environ())
    except (OSError, subprocess.CalledProcessError):
        return False
    return Path(done.stdout.strip()).resolve() == folder.resolve()


def python(folder: Path) -> str:
    """The environment's interpreter."""
    return str(folder / "bin" / "python")


def create(folder: Path) -> bool:
    """A fresh environment; says what is missing where that fails."""
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        if not offer([package], "this Python comes without ensurepip, which makes virtual environments"):
            return False
    say(f"Making {folder.name} with Python {sys.version.split()[0]} ...")
    return call([sys.executable, "-m", "venv", "--clear", str(folder)])


def install(folder: Path, kind: str) -> bool:
    """The pinned requirements, each checked against its hash, Partita itself as an editable install, its kernels."""
    pip = [python(folder), "-m", "pip", "install", "--quiet"]
    say(f"Installing requirements/{kind}.txt (pinned, with hashes) into {folder.name} ...")
    if not call([*pip, "--require-hashes", "-r", f"requirements/{kind}.txt"]):
        say("The requirements could not be installed; the lines above say why.")
        say("pip's own settings (PIP_INDEX_URL, PIP_CERT, PIP_PROXY, PIP_FIND_LINKS, ...) are honoured.")
        return False
    if kind == "bench":
        return True
    if not call([*pip, "--no-deps", "--no-build-isolation", "-e", "."]):
        return False
    say("Compiling the matcher and the rules of clearing (once, about a minute) ...")
    return call([python(folder), "-c", "from partita import clear, identify; identify.warm(); clear.warm()"])


def environ() -> dict[str, str]:
    """The user's environment, without what would make pip or Python look past the virtual environment."""
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    return kept | {"PIP_USER": "0", "PIP_REQUIRE_HASHES": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def call(command: list[str]) -> bool:
    """Whether the command, run in the checkout, succeeded."""
    return subprocess.run(command, cwd=ROOT, env=environ(), check=False).returncode == 0


def offer_browser() -> None:
    """Chromium and a Chinese font for the tests that look at pages; without them those tests are skipped, visibly."""
    wanted = [] if any(shutil.which(name) for name in BROWSERS) else ["chromium"]
    if not has_chinese_font():
        wanted.append("fonts-noto-cjk")
    if wanted and not offer(wanted, "the tests that open pages in a real browser need it"):
        say("Going on without: the browser tests will be skipped and say so.")


def offer_servers() -> None:
    """PostgreSQL for the tests of the registry; they start a server of their own and never use one that runs."""
    if shutil.which("initdb") or any(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        return
    if not offer(["postgresql"], "the tests that run the registry on a PostgreSQL server need it"):
        say("Going on without: the tests on PostgreSQL will be skipped and say so.")


def has_chinese_font() -> bool:
    """Whether a font with traditional Chinese is installed, as fontconfig or dpkg tells."""
    for command in (["fc-list", ":lang=zh-tw"], ["dpkg-query", "-W", "-f", "${db:Status-Status}", "fonts-noto-cjk"]):
        if shutil.which(command[0]):
            out = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
            if out and out != "not-installed":
                return True
    return False


def offer(packages: list[str], reason: str) -> bool:
    """Installs system packages where that is allowed, else prints the command; whether they are there now."""
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    say(f"Needed from the system: {' '.join(packages)} ({reason}).")
    front = privilege()
    if front is None:
        say(f"Please run: sudo {' '.join(command)}   (or what your system calls it), then make again.")
        return False
    say(f"Running: {' '.join([*front, *command])}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    patient = ["-qq", "-o", "DPkg::Lock::Timeout=300"]
    for step in ([*front, "apt-get", "update", *patient], [*front, *command, *patient]):
        done = subprocess.run(step, check=False, env=quiet, stdout=subprocess.DEVNULL)
    if done.returncode:
        say(f"That failed. Please run it yourself: {' '.join(command)}")
    return done.returncode == 0


def privilege() -> list[str] | None:
    """What to put before apt-get: nothing for root, `sudo -n` where it asks no password; None where it may not run."""
    if not shutil.which("apt-get") or os.environ.get("PARTITA_APT") == "no":
        return None
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    may = shutil.which("sudo") and subprocess.run([*sudo, "true"], check=False, capture_output=True).returncode == 0
    return sudo if may else None


OFFERS = {"browser": offer_browser, "servers": offer_servers}
"""What is installed from the system, where that is allowed."""

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in {*FOLDERS, *OFFERS}:
        sys.exit("usage: setup.py run|dev|bench|browser|servers")
    sys.exit(main(sys.argv[1]))

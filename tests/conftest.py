"""What all tests share: the repository, measuring data, others' vectors, a browser, servers, Hypothesis's settings."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

REPOSITORY = Path(__file__).resolve().parents[1]

# openpyxl writes what tests give it only without lxml, which refuses control characters.
os.environ.setdefault("OPENPYXL_LXML", "False")

PHASES = [phase for phase in Phase if phase is not Phase.explain]
settings.register_profile(
    "house", deadline=None, derandomize=True, phases=PHASES, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")

BROWSER_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout's folder."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of measuring data beside the checkout; skips the test where it is absent."""
    folder = Path(os.environ.get("PARTITA_SHARED", REPOSITORY.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip(f"measuring data is absent: {folder.name}/data beside the checkout (or PARTITA_SHARED)")
    return folder


@pytest.fixture(scope="session")
def vectors() -> Callable[[str], Path]:
    """Gives a folder of vectors by its name; skips the test where it is absent, saying what to fetch."""

    def folder(name: str) -> Path:
        root = os.environ.get("PARTITA_VECTORS", "")
        found = Path(root) / name
        if not root or not found.is_dir():
            pytest.skip(f"vectors are absent: clone {name} into a folder and name that folder in PARTITA_VECTORS")
        return found

    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium; skipped where there is none, unless PARTITA_REQUIRE_BROWSER=1 asks that this fail."""
    found = next((p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None)
    if not found:
        if os.environ.get("PARTITA_REQUIRE_BROWSER") == "1":
            pytest.fail("no Chromium on the PATH, and PARTITA_REQUIRE_BROWSER=1 asks for one")
        pytest.skip("no Chromium on the PATH: install the package `chromium` to look at pages in a browser")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=BROWSER_ARGUMENTS)
        yield opened
        opened.close()


SAIL = """
import sys
from pysail.spark import SparkConnectServer
server = SparkConnectServer()
server.start(background=True)
print(server.listening_address[1], flush=True)
sys.stdin.read()
server.stop()
"""
"""A server on a free port, which it prints; it ends with its standard input."""


@pytest.fixture(scope="session")
def sail() -> Iterator[str]:
    """The address of a Sail server: Spark Connect without Java."""
    pytest.importorskip("pysail", reason="pysail is not installed: it serves Spark Connect without Java")
    command = [sys.executable, "-c", SAIL]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdin
        assert server.stdout
        yield f"sc://127.0.0.1:{int(server.stdout.readline())}"
        server.stdin.close()
        server.wait(timeout=30)


@pytest.fixture(scope="session")
def apache_spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an Apache Spark server on two threads, where Java and Spark are installed."""
    submit = _spark_home() / "bin/spark-submit"
    if not shutil.which("java"):
        pytest.skip("no java on the PATH: Apache Spark needs it; Sail stands in for it in the other tests")
    if not submit.is_file():
        pytest.skip("Apache Spark is not installed: set PARTITA_SPARK_HOME to its folder to test with it too")
    folder = tmp_path_factory.mktemp("spark")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"spark.connect.grpc.binding.port": port, "spark.connect.grpc.binding.address": "127.0.0.1",
                "spark.ui.enabled": "false", "spark.sql.shuffle.partitions": 4}  # fmt: skip
    command = [submit, "--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "--master", "local[2]"]
    command += [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
    environ = {**os.environ, "SPARK_HOME": str(_spark_home()), "PYSPARK_PYTHON": sys.executable,
               "SPARK_LOCAL_IP": "127.0.0.1"}  # fmt: skip
    with subprocess.Popen(
        [*command, "spark-internal"], cwd=folder, env=environ, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as server:  # fmt: skip
        for _ in range(240):
            with socket.socket() as call:
                if call.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.5)
        yield f"sc://127.0.0.1:{port}"
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=60)


def _spark_home() -> Path:
    """Where Apache Spark lies: as PARTITA_SPARK_HOME says, else the installed pyspark, if more than a client."""
    if os.environ.get("PARTITA_SPARK_HOME"):
        return Path(os.environ["PARTITA_SPARK_HOME"])
    found = importlib.util.find_spec("pyspark")
    return Path(found.origin).parent if found and found.origin else Path("nowhere")

"""Serving and witnessing: what others see of a log, and what they sign."""

from __future__ import annotations

import datetime as dt
import http.client
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from partita.errors import InputError
from partita.jobs import log, log_append, log_keys, log_serve, log_verify, log_witness
from partita.jobs.log_append import How
from partita.jobs.log_serve import FOREVER, FRESH, Server
from partita.jobs.log_verify import Asked
from partita.prove import Policy, open_log
from partita.prove.faults import RolledBack, SplitView, UnknownKey, WrongOrigin

ORIGIN = "society.example/log"
NOW = dt.datetime(2026, 11, 22, 10, tzinfo=dt.UTC)


def add(folder: Path, count: int, key: Path | None = None) -> None:
    """Adds a batch and single entries, and signs."""
    rows = [("test", number, {"n": number}) for number in range(count)]
    log.append(folder, rows, How("run", log.second(NOW), whole=True), folder.with_name("o"))
    log.append(folder, rows, How("run", log.second(NOW)), folder.with_name("o"))
    log.sign(folder, key)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A log of a few entries."""
    folder = tmp_path / "log"
    log.init(folder, ORIGIN)
    add(folder, 5)
    return folder


@pytest.fixture
def served(made: Path) -> Iterator[Server]:
    """The log, served on a free port of this machine."""
    server = log_serve.server(made, port=0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def ask(server: Server, path: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=10)
    connection.putrequest(method, path, skip_host=False)
    connection.endheaders()
    answer = connection.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read()
    connection.close()
    return found


def test_what_the_format_names_is_served_with_its_type(served: Server, made: Path) -> None:
    """The checkpoint changes and is not kept; tiles, entries and lists of commitments never change."""
    (batch,) = (made / "batch").iterdir()
    expected = {
        "/checkpoint": (log_serve.TEXT, FRESH),
        "/tile/0/000.p/6": (log_serve.BYTES, FOREVER),
        "/tile/entries/000.p/6": (log_serve.BYTES, FOREVER),
        f"/batch/{batch.name}": (log_serve.TEXT, FOREVER),
    }
    for path, (kind, kept) in expected.items():
        status, headers, body = ask(served, path)
        assert (status, headers["Content-Type"], headers["Cache-Control"]) == (200, kind, kept), path
        assert body == (made / path[1:]).read_bytes()
        assert ask(served, path, "HEAD") == (200, {**headers, "Date": ask(served, path, "HEAD")[1]["Date"]}, b"")


@pytest.mark.parametrize(
    "path",
    ["/", "/../log.key", "/tile/../../log.key", "/%2e%2e/log.key", "//etc/passwd", "/.state/head", "/secret",
     "/tile/0/000.p/7", "/tile/0/000.p/0", "/tile/00/000", "/tile/0/x00/../000", "/batch/x.txt", "/tile/0/000.p",
     "/checkpoint/", "/checkpoint\\", "/batch", "/" + "x" * 5000, "/tile/0/link", "/batch/" + "0" * 64 + ".txt"],
)  # fmt: skip
def test_nothing_else_is_found(served: Server, made: Path, path: str) -> None:
    """No other file of the folder, none outside it, none behind a link."""
    (made / "secret").write_text("secret")
    if not (made / "tile/0/link").is_symlink():
        (made / "tile/0/link").symlink_to(made.with_name("log.key"))
        (made / "batch" / ("0" * 64 + ".txt")).symlink_to(made.with_name("log.key"))
    status, _, body = ask(served, path)
    assert (status, body) == (404, b"not found\n")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "CONNECT"])
def test_other_methods_are_not_answered(served: Server, method: str) -> None:
    """The log is read, never written, over the network."""
    assert ask(served, "/checkpoint", method)[0] == 501


def test_a_server_is_bound_to_this_machine_alone(served: Server, made: Path, tmp_path: Path) -> None:
    """Unless told otherwise; a port that is taken, and a folder that is no log, are refused in words."""
    assert served.server_address[0] == "127.0.0.1"
    assert log_serve.address(served).startswith("http://127.0.0.1:")
    with pytest.raises(InputError, match="cannot answer"):
        log_serve.server(made, port=served.server_address[1])
    with pytest.raises(InputError, match="no log"):
        log_serve.server(tmp_path)


def test_a_witness_signs_a_log_that_only_grew(made: Path, tmp_path: Path) -> None:
    """The cosignature is taken into the checkpoint, and asked for when verifying; it states when."""
    key = log_keys.make(tmp_path / "w.key", "witness.example/w", witness=True)
    trust = [str(log_keys.beside(made, ".vkey"))]
    policy = log_keys.policy(trust, [str(tmp_path / "w.vkey")])
    assert log_verify.verify(made, Asked(policy))["outcome"] == "too_few_witnesses"
    for _ in range(2):
        log_witness.cosign(made, tmp_path / "w.key", tmp_path / "w.json", trust, NOW, tmp_path / "cosigned")
        log.adopt(made, tmp_path / "cosigned", [str(tmp_path / "w.vkey")])
        found = log_verify.verify(made, Asked(policy))
        assert found["outcome"] == "proven"
        assert found["witnessed"] == [{"name": key.name, "at": int(NOW.timestamp())}]
        add(made, 3)
    with pytest.raises(InputError, match="no signature over"):
        log.adopt(made, tmp_path / "cosigned", [str(tmp_path / "w.vkey")])


def test_a_witness_refuses_two_pasts(made: Path, tmp_path: Path) -> None:
    """A log that shrank, and one with another past: neither is signed, and each is named."""
    shutil.copytree(made, tmp_path / "small")
    add(made, 2)
    log_keys.make(tmp_path / "w.key", "witness.example/w", witness=True)
    trust = [str(log_keys.beside(made, ".vkey"))]

    def cosign(folder: Path, logs: list[str]) -> None:
        log_witness.cosign(folder, tmp_path / "w.key", tmp_path / "w.json", logs, NOW)

    cosign(made, trust)
    with pytest.raises(RolledBack):
        cosign(tmp_path / "small", trust)
    log.append(tmp_path / "small", [("test", 1, {"n": "else"})] * 3, How("run", log.second(NOW)), tmp_path / "o2")
    open_log(tmp_path / "small").sign(log_keys.signing(log_keys.beside(made, ".key")))
    with pytest.raises(SplitView):
        cosign(tmp_path / "small", trust)
    log_keys.make(tmp_path / "same.key", ORIGIN)
    with pytest.raises(UnknownKey):
        cosign(made, [str(tmp_path / "same.vkey")])
    log_keys.make(tmp_path / "else.key", "else.example/log")
    with pytest.raises(WrongOrigin):
        cosign(made, [str(tmp_path / "else.vkey")])
    with pytest.raises(InputError, match="cosignature key"):
        log_witness.cosign(made, tmp_path / "else.key", tmp_path / "w.json", trust, NOW)


def test_a_log_that_was_copied_from_the_server_verifies(served: Server, made: Path, tmp_path: Path) -> None:
    """What is served is all that is needed: no head, no lock, no key."""
    for name in (
        "checkpoint",
        "tile/0/000.p/6",
        "tile/entries/000.p/6",
        f"batch/{next((made / 'batch').iterdir()).name}",
    ):
        target = tmp_path / "copy" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(ask(served, f"/{name}")[2])
    policy = Policy((log_keys.public(str(log_keys.beside(made, ".vkey"))),))
    assert log_verify.verify(tmp_path / "copy", Asked(policy))["outcome"] == "proven"
    assert log_append.find(open_log(tmp_path / "copy"), bytes(32)) is None

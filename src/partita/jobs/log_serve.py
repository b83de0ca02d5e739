"""Serving a log: the one module that answers on the network, read only, on this machine alone unless told otherwise.

What can be asked for is what the format names: the checkpoint, tiles, bundles of entries, lists of commitments. Any
other path is not found, whatever lies in the folder. No connection is opened from here, and nothing sent in is kept.
"""

from __future__ import annotations

import http.server
import os
import re
import shutil
import stat
import threading
from pathlib import Path
from typing import Any, BinaryIO

from partita.errors import InputError
from partita.prove import open_log
from partita.prove.log import CHECKPOINT

WAIT_S = 10
"""Seconds for which a connection may say nothing."""
CLIENTS_MOST = 64
"""Connections that are answered at the same time; more wait their turn."""
PATH_MOST = 200

_NUMBER = r"(?:x[0-9]{3}/){0,6}[0-9]{3}"
_WIDTH = r"(?:\.p/(?:[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5]))?"
TEXT = "text/plain; charset=utf-8"
BYTES = "application/octet-stream"
FRESH = "no-cache"
FOREVER = "public, max-age=31536000, immutable"
ROUTES = (
    (re.compile(CHECKPOINT), TEXT, FRESH),
    (re.compile(rf"tile/(?:[0-9]|[1-5][0-9]|6[0-3])/{_NUMBER}{_WIDTH}"), BYTES, FOREVER),
    (re.compile(rf"tile/entries/{_NUMBER}{_WIDTH}"), BYTES, FOREVER),
    (re.compile(r"batch/[0-9a-f]{64}\.txt"), TEXT, FOREVER),
)
"""What may be asked for, as what it is sent, and how long it may be kept."""


class Server(http.server.ThreadingHTTPServer):
    """Serves the folder of one log."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, folder: Path, host: str, port: int) -> None:
        self.folder = folder
        self._places = threading.BoundedSemaphore(CLIENTS_MOST)
        super().__init__((host, port), Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answers in a thread of its own, once there is a place."""
        self._places.acquire()
        try:
            super().process_request(request, client_address)
        except BaseException:
            self._places.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answers, and gives the place back."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Does nothing: a client that goes away in the middle is no event."""


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers GET and HEAD."""

    server: Server
    timeout = WAIT_S
    protocol_version = "HTTP/1.1"
    server_version = "partita-log"
    sys_version = ""

    def do_GET(self) -> None:
        """Sends a file of the log."""
        self._answer(body=True)

    def do_HEAD(self) -> None:
        """Sends what would stand above a file of the log."""
        self._answer(body=False)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's signature
        """Does nothing: who asks for what is not written down."""

    def _answer(self, *, body: bool) -> None:
        self.close_connection = self.close_connection or "Content-Length" in self.headers
        path = self.path.partition("?")[0].removeprefix("/") if len(self.path) <= PATH_MOST else ""
        for route, kind, kept in ROUTES:
            if route.fullmatch(path):
                file = opened(self.server.folder, path)
                if file is not None:
                    with file:
                        self._send(file, kind, kept, body=body)
                    return
        self._refuse(body=body)

    def _send(self, file: BinaryIO, kind: str, kept: str, *, body: bool) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(os.fstat(file.fileno()).st_size))
        self.send_header("Cache-Control", kept)
        self._common()
        self.end_headers()
        if body:
            shutil.copyfileobj(file, self.wfile)

    def _refuse(self, *, body: bool) -> None:
        said = b"not found\n"
        self.send_response(404)
        self.send_header("Content-Type", TEXT)
        self.send_header("Content-Length", str(len(said)))
        self.send_header("Cache-Control", FRESH)
        self._common()
        self.end_headers()
        if body:
            self.wfile.write(said)

    def _common(self) -> None:
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Access-Control-Allow-Origin", "*")


def opened(folder: Path, name: str) -> BinaryIO | None:
    """A plain file of the folder, opened step by step without following any link; None where there is none."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        *above, last = name.split("/")
        for part in above:
            below = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=handle)
            os.close(handle)
            handle = below
        file = os.open(last, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=handle)
    except OSError:
        return None
    finally:
        os.close(handle)
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        return None
    return os.fdopen(file, "rb")


def server(folder: Path, host: str = "127.0.0.1", port: int = 8080) -> Server:
    """A server that is bound and not yet running; raises InputError for what is no log or an address that is taken."""
    open_log(folder)
    try:
        return Server(folder, host, port)
    except (OSError, OverflowError) as error:
        reason = f"cannot answer at {host}:{port}: {getattr(error, 'strerror', None) or error}"
        raise InputError(reason, mend="Name another --host or --port") from None


def address(running: Server) -> str:
    """Where a server answers."""
    host, port = running.server_address[:2]
    shown = f"[{host!s}]" if ":" in str(host) else str(host)
    return f"http://{shown}:{port}/"

"""Fetching: what may be asked, what is refused, and that no answer can hurt; from a real server on this machine."""

from __future__ import annotations

import datetime as dt
import gzip
import http.server
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from partita.formats import fetch
from partita.formats.fetch import Limits, NotFetchedError

HERE = Limits(loopback=True, wait_s=2, whole_s=5)


class Pages(http.server.BaseHTTPRequestHandler):
    """What the server answers, by path."""

    protocol_version = "HTTP/1.1"
    asked: list[tuple[str, str]]

    def do_GET(self) -> None:
        """Answers one request."""
        type(self).asked.append((self.path, self.headers.get("Host", "")))
        name = self.path.strip("/").partition("/")[0]
        getattr(self, f"answer_{name.replace('-', '_')}", self.answer_plain)()

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        """One answer with its length."""
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer_plain(self) -> None:
        """A small page with a header."""
        self.send(b"a page", Content_Usage="train-ai=n")

    def answer_missing(self) -> None:
        """What is not there."""
        self.send(b"none", 404)

    def answer_large(self) -> None:
        """Far more than is read."""
        self.send(b"x" * 400_000)

    def answer_bomb(self) -> None:
        """Few bytes that unpack to many."""
        self.send(gzip.compress(bytes(30_000_000)), Content_Encoding="gzip")

    def answer_half(self) -> None:
        """Packed bytes that end in the middle."""
        self.send(gzip.compress(b"a text" * 1000)[:30], Content_Encoding="gzip")

    def answer_brotli(self) -> None:
        """A packing that nobody asked for."""
        self.send(b"abc", Content_Encoding="br")

    def answer_around(self) -> None:
        """A redirect to itself."""
        self.send(b"", 302, Location="/around/again")

    def answer_to(self) -> None:
        """A redirect to whatever stands behind `to/`."""
        self.send(b"", 301, Location=self.path.partition("/to/")[2])

    def answer_drip(self) -> None:
        """A byte now and then, for ever."""
        self.send_response(200)
        self.end_headers()
        for _ in range(200):
            self.wfile.write(b".")
            self.wfile.flush()
            time.sleep(0.05)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the base class has
        """Says nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[http.server.ThreadingHTTPServer]:
    """A server on a port of this machine."""
    Pages.asked = []
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    made.daemon_threads = True
    made.handle_error = lambda *_: None  # type: ignore[method-assign] # a reader that hangs up is what is tested
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def url(server: http.server.ThreadingHTTPServer) -> Callable[[str], str]:
    """Gives the address of a path of the server."""
    return lambda path: f"http://127.0.0.1:{server.server_address[1]}/{path}"


def test_an_answer_is_read_with_status_headers_and_bytes(url: Callable[[str], str]) -> None:
    """Headers keep their order and case; a page that is absent is an answer too."""
    found = fetch.fetch(url("page"), HERE)
    assert (found.status, found.content, found.cut) == (200, b"a page", False)
    assert ("Content-Usage", "train-ai=n") in found.headers
    assert fetch.fetch(url("missing"), HERE).status == 404


def test_this_machine_is_not_asked_unless_a_test_says_so(url: Callable[[str], str]) -> None:
    """Without the parameter that tests give, no request is sent."""
    before = len(Pages.asked)
    with pytest.raises(NotFetchedError, match="no public address") as caught:
        fetch.fetch(url("page"))
    assert caught.value.refused
    assert len(Pages.asked) == before


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254",  # noqa: S104 - none is bound
        "100.64.0.1", "100.100.100.200", "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255", "168.63.129.16",
        "192.0.0.192", "198.18.0.1", "192.0.2.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254",
        "ff02::1", "::ffff:8.8.8.8", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fec0::1",
        "2001:0:1:2::3", "2001:db8::1", "no address",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    """Private, loopback, link-local, carrier-grade, multicast, reserved, metadata, and IPv4 in another form."""
    assert not fetch.public(address)


def test_public_addresses_may_be_asked() -> None:
    """Of both families."""
    assert fetch.public("8.8.8.8")
    assert fetch.public("2606:4700:4700::1111")


@pytest.mark.parametrize("hidden", ["10.0.0.1", "::ffff:127.0.0.1", "169.254.169.254"])
def test_a_name_with_one_hidden_address_is_refused(hidden: str) -> None:
    """It is not enough that the first address behind a name is public."""
    with pytest.raises(NotFetchedError, match="no public address") as caught:
        fetch.fetch("http://example.org/", names=lambda *_: ["8.8.8.8", hidden])
    assert caught.value.refused


def test_the_address_that_was_checked_is_the_one_that_is_asked(server: http.server.ThreadingHTTPServer) -> None:
    """A name is resolved once a request, and the server still hears the name."""
    asked: list[str] = []

    def names(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["8.8.8.8"]

    port = server.server_address[1]
    found = fetch.fetch(f"http://rebinding.example:{port}/plain", HERE, names=names)
    assert found.content == b"a page"
    assert asked == ["rebinding.example"]
    assert Pages.asked[-1][1] == f"rebinding.example:{port}"


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/hostname", "ftp://example.org/", "gopher://example.org/", "example.org", "", "http://",
        "http://example.org:22/", "http://example.org:25/", "http://example.org:70000/", "javascript:alert(1)",
        "http://exa mple.org/", "http://example.org/\r\nX: y", "http://example.org\\@127.0.0.1/", "http://[::1",
        "http://example.org/" + "a" * 9000,
    ],
)  # fmt: skip
def test_addresses_that_are_no_place_of_the_web_are_refused(address: str) -> None:
    """Other schemes, other ports, and what could mean two things."""
    with pytest.raises(NotFetchedError) as caught:
        fetch.fetch(address, HERE)
    assert caught.value.refused


def test_credentials_are_neither_sent_nor_repeated() -> None:
    """An address with a password is refused, in words that do not hold it."""
    with pytest.raises(NotFetchedError) as caught:
        fetch.fetch("https://somebody:hunter2@example.org/", HERE)
    assert caught.value.refused
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/hostname",
        "http://169.254.169.254/latest",
        "http://user:pw@127.0.0.1/",
        "http://10.0.0.1/",
        "//[::1",
    ],
)
def test_each_redirect_is_checked_anew(url: Callable[[str], str], target: str) -> None:
    """A public page cannot send the reader to a file or to a machine behind it."""
    with pytest.raises(NotFetchedError) as caught:
        fetch.fetch(url(f"to/{target}"), HERE)
    assert caught.value.refused


def test_redirects_end(url: Callable[[str], str]) -> None:
    """After five, nothing more is asked; up to then the way is told."""
    with pytest.raises(NotFetchedError, match="5 redirects"):
        fetch.fetch(url("around"), HERE)
    found = fetch.fetch(url("to//plain"), HERE)
    assert found.hops == (url("to//plain"),)
    assert found.url == url("plain")


def test_more_than_is_wanted_is_not_read(url: Callable[[str], str]) -> None:
    """The answer is cut, and says so."""
    found = fetch.fetch(url("large"), replace(HERE, bytes_most=1000))
    assert (len(found.content), found.cut) == (1000, True)


def test_a_packed_answer_cannot_unpack_beyond_the_limit(url: Callable[[str], str]) -> None:
    """Thirty million bytes in thirty thousand are read up to the limit alone."""
    found = fetch.fetch(url("bomb"), replace(HERE, bytes_most=100_000))
    assert (len(found.content), found.cut) == (100_000, True)


@pytest.mark.parametrize("path", ["half", "brotli"])
def test_what_cannot_be_unpacked_is_not_read(url: Callable[[str], str], path: str) -> None:
    """Neither a packing that was not asked for nor one that ends too early."""
    with pytest.raises(NotFetchedError, match="packed") as caught:
        fetch.fetch(url(path), HERE)
    assert not caught.value.refused


def test_a_server_that_drips_is_left(url: Callable[[str], str]) -> None:
    """Whoever sends a byte now and then does not hold the reader for longer than the whole time."""
    with pytest.raises(NotFetchedError, match="too long"):
        fetch.fetch(url("drip"), replace(HERE, whole_s=0.5))


def test_nobody_there_is_no_refusal() -> None:
    """A port on which nobody listens could not be read; a name without an address neither."""
    with pytest.raises(NotFetchedError) as caught:
        fetch.fetch("http://127.0.0.1:1999/", HERE)
    assert not caught.value.refused
    with pytest.raises(NotFetchedError, match="no address"):
        fetch.fetch("http://nobody.example/", HERE, names=lambda *_: [])


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate of a name signed by itself, and its key, as files."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files


def test_the_certificate_must_be_the_name_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though the connection goes to an address: a trusted name is read, another name and an unknown issuer are not."""
    issued, key = certificate(tmp_path, "site.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(issued, key)
    Pages.asked = []
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    made.socket = context.wrap_socket(made.socket, server_side=True)
    made.handle_error = lambda *_: None  # type: ignore[method-assign] # whoever hangs up is what is tested
    threading.Thread(target=made.serve_forever, daemon=True).start()
    port = made.server_address[1]

    def asked(name: str) -> fetch.Fetched:
        return fetch.fetch(f"https://{name}:{port}/plain", HERE, names=lambda *_: ["127.0.0.1"])

    try:
        with pytest.raises(NotFetchedError, match="CERTIFICATE"):
            asked("site.example")
        monkeypatch.setenv("SSL_CERT_FILE", str(issued))
        assert asked("site.example").content == b"a page"
        with pytest.raises(NotFetchedError, match=r"(?i)match|certificate"):
            asked("other.example")
    finally:
        made.shutdown()
        made.server_close()

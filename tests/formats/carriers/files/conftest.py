"""Tiny files for the tests, built in code: a book, a paper, a photo, a drawing, and a certificate authority."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pypdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import strategies as st

from partita.formats.signals import Intent, Signal, Stance, Statement
from partita.scope import PURPOSES, place_covers

Book = Callable[..., bytes]

CONTAINER = (
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)


def package(metadata: str = "", version: str = "3.0", attributes: str = "") -> str:
    """A package document with these elements in its metadata."""
    return (
        f'<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="{version}" {attributes}>'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Waltz</dc:title>{metadata}</metadata>'
        "<manifest/><spine/></package>"
    )


@pytest.fixture(scope="session")
def book() -> Book:
    """Makes an EPUB of a package document; further members by name."""

    def make(opf: str | bytes = package(), **members: bytes) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(zipfile.ZipInfo("mimetype"), "application/epub+zip")
            archive.writestr("META-INF/container.xml", CONTAINER)
            archive.writestr("OPS/book.opf", opf)
            archive.writestr("OPS/one.xhtml", "<html><body>" + "la " * 500 + "</body></html>")
            for name, content in members.items():
                archive.writestr(name.replace("__", "/"), content)
        return out.getvalue()

    return make


@pytest.fixture(scope="session")
def paper() -> bytes:
    """A PDF of one empty page, without metadata."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(72, 72)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.fixture(scope="session")
def photo() -> bytes:
    """A JPEG of one grey point."""
    tables = b"\xff\xdb\x00\x43\x00" + bytes([1] * 64)
    frame = b"\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00"
    codes = b"\xff\xc4\x00\x14\x00\x01" + bytes(15) + b"\x00" + b"\xff\xc4\x00\x14\x10\x01" + bytes(15) + b"\x00"
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x3f\xff\xd9"
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + tables + frame + codes + scan


def chunk(name: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


@pytest.fixture(scope="session")
def drawing() -> bytes:
    """A PNG of one grey point."""
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


@pytest.fixture(scope="session")
def authority() -> tuple[bytes, bytes, bytes]:
    """A certificate authority of the tests' own: root, chain with the leaf first, and the leaf's key, in PEM."""
    root_key, leaf_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name, leaf_name = name("Test authority"), name("Test signer")
    signing = x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    issuing = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    own = x509.SubjectKeyIdentifier.from_public_key(root_key.public_key())
    root = (
        draft(root_name, root_name, root_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(issuing, critical=True)
        .add_extension(own, critical=False)
        .sign(root_key, hashes.SHA256())
    )
    leaf = (
        draft(leaf_name, root_name, leaf_key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(signing, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = leaf_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return root.public_bytes(pem), leaf.public_bytes(pem) + root.public_bytes(pem), secret


def name(text: str) -> x509.Name:
    """A name of a certificate."""
    return x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, text), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Partita tests")]
    )


def draft(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    """A certificate that is valid for long, without extensions."""
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
        .not_valid_after(dt.datetime(2099, 1, 1, tzinfo=dt.UTC))
    )


PLAIN = st.builds(
    Statement, purpose=st.sampled_from(sorted(PURPOSES)), stance=st.sampled_from([Stance.RESERVE, Stance.PERMIT])
)
LIMITED = st.builds(
    Statement,
    purpose=st.sampled_from(sorted(PURPOSES)),
    stance=st.sampled_from(list(Stance)),
    system=st.sampled_from(["*", "suno", "suno/v5"]),
    territory=st.sampled_from(["world", "EU", "DE", "TW"]),
    valid_to=st.sampled_from([None, dt.date(2027, 1, 1)]),
    targets=st.sampled_from([(), ("/songs/",), ("/songs/waltz.mp3",), ("T0345246801",)]),
    price=st.sampled_from([{}, {"type": "training", "amount": "0.02", "currency": "EUR", "per": "work"}]),
)
INTENTS = st.builds(
    Intent,
    party=st.just("Test publisher"),
    statements=st.lists(PLAIN | LIMITED, max_size=5).map(tuple),
    policy=st.sampled_from(["", "https://example.org/policy"]),
    broaden=st.booleans(),
)


@pytest.fixture(scope="session")
def intents() -> st.SearchStrategy[Intent]:
    """Intents of up to five statements, on all axes."""
    return INTENTS


Speaks = Callable[[Statement, Signal], bool]


@pytest.fixture(scope="session")
def never_says_more() -> Callable[[Intent, list[Signal], Speaks], None]:
    """Checks what is read back of an intent: nothing is permitted, nor without the choice reserved, that was not meant.

    `speaks` says whether a statement is about what a signal is about. A permission counts where it was meant for
    everybody and for ever, and either counts in all of the signal's territory.
    """

    def check(intent: Intent, signals: list[Signal], speaks: Speaks = lambda one, _: not one.targets) -> None:
        for signal in signals:
            if signal.stance is Stance.PERMIT or (signal.stance is Stance.RESERVE and not intent.broaden):
                meant = 0
                for one in intent.statements:
                    whole = one.system == "*" and one.valid_to is None and place_covers(one.territory, signal.territory)
                    if one.stance is signal.stance and whole and speaks(one, signal):
                        meant |= PURPOSES[one.purpose]
                assert not PURPOSES[signal.purpose] & ~meant, (signal, intent)

    return check

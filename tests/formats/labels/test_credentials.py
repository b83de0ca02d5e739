"""Certificates and keys of one's own: made, renewed, loaded; refused where others could sign with them too."""

from __future__ import annotations

import datetime as dt
import stat
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from partita.errors import InputError
from partita.formats.labels import credentials

AT = dt.datetime(2026, 11, 22, 10, tzinfo=dt.UTC)
PEM = serialization.Encoding.PEM


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Fresh credentials."""
    credentials.make(tmp_path / "keys", "Sample society", "Sample organisation", at=AT)
    return tmp_path / "keys"


def test_secret_keys_are_for_their_owner_alone(folder: Path) -> None:
    """Both keys have mode 0600; the certificates may be read by all."""
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == {"authority.pem": 0o644, "authority.key": 0o600, "certificate.pem": 0o644, "key.pem": 0o600}


def test_what_was_made_is_loaded_and_never_shown(folder: Path) -> None:
    """The certificate is the authority's; a representation of the credentials does not hold the key."""
    loaded = credentials.load(folder, at=AT)
    authority = x509.load_pem_x509_certificate((folder / "authority.pem").read_bytes())
    loaded.leaf.verify_directly_issued_by(authority)
    assert loaded.algorithm == "es256"
    assert "PRIVATE" not in repr(loaded)
    assert credentials.trusted(folder) == credentials.trusted(folder / "authority.pem")


def test_a_second_certificate_is_of_the_same_authority(folder: Path) -> None:
    """Readers keep the authority that they have; key and certificate are new."""
    before, trust = credentials.load(folder, at=AT), credentials.trusted(folder)
    later = AT + dt.timedelta(days=900)
    after = credentials.make(folder, "Sample society", "Sample organisation", at=later)
    assert credentials.trusted(folder) == trust
    assert (after.key != before.key, after.certificates != before.certificates) == (True, True)
    assert credentials.load(folder, at=later + dt.timedelta(days=900)) == after


@pytest.mark.parametrize("days", [-2, 3 * 365 + 1])
def test_a_certificate_signs_in_its_time_alone(folder: Path, days: int) -> None:
    """Not before it was made, and not after three years: there is no time stamp to show when it signed."""
    with pytest.raises(InputError, match="valid from 2026-11-21 to 2029-11-21 only"):
        credentials.load(folder, at=AT + dt.timedelta(days=days))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o777])
def test_a_key_that_others_may_read_is_refused(folder: Path, mode: int) -> None:
    """As ssh does; the mend is the command."""
    (folder / "key.pem").chmod(mode)
    with pytest.raises(InputError, match="others may read this secret key"):
        credentials.load(folder, at=AT)


def damaged(folder: Path, damage: str) -> None:
    """Breaks the credentials in one way."""
    key = folder / "key.pem"
    other = ec.generate_private_key(ec.SECP256R1())
    plain, pkcs8 = serialization.NoEncryption(), serialization.PrivateFormat.PKCS8
    if damage == "password":
        locked = serialization.BestAvailableEncryption(b"secret")
        key.write_bytes(other.private_bytes(PEM, pkcs8, locked))
    elif damage == "another key":
        key.write_bytes(other.private_bytes(PEM, pkcs8, plain))
    elif damage == "another kind":
        key.write_bytes(ed25519.Ed25519PrivateKey.generate().private_bytes(PEM, pkcs8, plain))
    elif damage == "no key":
        key.write_bytes(b"no key")
    elif damage == "no certificate":
        (folder / "certificate.pem").write_bytes(b"no certificate")
    elif damage == "authority signs":
        (folder / "certificate.pem").write_bytes((folder / "authority.pem").read_bytes())
        key.write_bytes((folder / "authority.key").read_bytes())
    else:
        (folder / "certificate.pem").unlink()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("password", "has a password"),
        ("another key", "not that of the first certificate"),
        ("another kind", "not that of the first certificate"),
        ("no key", "no key in PEM"),
        ("no certificate", "no certificate in PEM"),
        ("authority signs", "not for signing documents"),
        ("missing", "cannot be opened"),
    ],
)
def test_credentials_that_do_not_fit_are_refused(folder: Path, damage: str, words: str) -> None:
    """Each with its own words, and never with a piece of the key."""
    damaged(folder, damage)
    with pytest.raises(InputError, match=words):
        credentials.load(folder, at=AT)


def test_an_authority_is_not_renewed_with_a_strange_key(folder: Path) -> None:
    """A certificate is made anew only with the authority's own key."""
    (folder / "authority.key").write_bytes((folder / "key.pem").read_bytes())
    with pytest.raises(InputError, match="not that of the authority"):
        credentials.make(folder, "Sample society", "Sample society", at=AT)


@pytest.mark.parametrize("name", ["", "  ", "x" * 65, "two\nlines"])
def test_names_that_certificates_cannot_hold_are_refused(tmp_path: Path, name: str) -> None:
    """Nothing is written then."""
    with pytest.raises(InputError, match="cannot hold the name"):
        credentials.make(tmp_path / "keys", name, "Sample society", at=AT)
    assert not (tmp_path / "keys").exists()


def test_a_folder_without_credentials_says_how_to_make_some(tmp_path: Path) -> None:
    """The mend is the verb."""
    with pytest.raises(InputError, match="partita certificate"):
        credentials.load(tmp_path / "nothing", at=AT)
    (tmp_path / "no.pem").write_text("no certificate")
    with pytest.raises(InputError, match="no certificate in PEM"):
        credentials.trusted(tmp_path / "no.pem")

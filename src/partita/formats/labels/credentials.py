"""Certificates and keys that labels are signed with: an authority of one's own made, loaded, and checked before use.

Source: C2PA's certificate profile: X.509 v3, digital signature, extended key usage e-mail protection, no authority.
Whoever is not given the authority's certificate sees such a signature as untrusted: it is on no public trust list.
Secret keys are written for their owner alone (mode 0600), and refused where others may read them.
"""

from __future__ import annotations

import datetime as dt
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from partita.errors import InputError
from partita.formats.reading import bounded

AUTHORITY, AUTHORITY_KEY, CERTIFICATE, KEY = "authority.pem", "authority.key", "certificate.pem", "key.pem"
"""Files of a folder of credentials. `authority.pem` alone is given to readers."""

AUTHORITY_YEARS, CERTIFICATE_YEARS = 20, 3
_MOST = 1 << 20
_PEM = serialization.Encoding.PEM
_MEND = "Make credentials with `partita certificate FOLDER --name NAME`"
_PURPOSES = (ExtendedKeyUsageOID.EMAIL_PROTECTION, x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36"))
"""E-mail protection and document signing: what C2PA takes without a list of one's own."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What labels are signed with: certificates in PEM, leaf first, the leaf's key in PEM, and the algorithm's name."""

    certificates: bytes
    key: bytes = field(repr=False)
    algorithm: str = "es256"

    @property
    def leaf(self) -> x509.Certificate:
        """The certificate whose key signs."""
        return x509.load_pem_x509_certificates(self.certificates)[0]


def make(folder: Path, name: str, organisation: str, *, at: dt.datetime) -> Credentials:
    """An authority and a certificate of it, valid from `at` on, written into `folder`; raises InputError.

    Where the folder has an authority, only the certificate is made anew, so that readers keep the authority they have.
    """
    for text in (name, organisation):
        if not 0 < len(text.strip()) <= 64 or not text.isprintable():
            raise InputError(f"a certificate cannot hold the name {text[:80]!r}", mend="Give 1 to 64 characters")
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / AUTHORITY).exists():
        authority, authority_key = _stored_authority(folder, at)
    else:
        authority, authority_key = _authority(name, organisation, at)
        _write(folder / AUTHORITY_KEY, _secret(authority_key), 0o600)
        _write(folder / AUTHORITY, authority.public_bytes(_PEM), 0o644)
    key = ec.generate_private_key(ec.SECP256R1())
    leaf = _leaf(_name(name, organisation), key, authority, authority_key, at)
    made = Credentials(leaf.public_bytes(_PEM) + authority.public_bytes(_PEM), _secret(key))
    _write(folder / KEY, made.key, 0o600)
    _write(folder / CERTIFICATE, made.certificates, 0o644)
    return made


def load(folder: Path, *, at: dt.datetime) -> Credentials:
    """The credentials in a folder (`certificate.pem`, leaf first, and `key.pem`), fit for signing at `at`.

    Raises InputError where a file is missing, others may read the key, the two do not belong together, or C2PA would
    not take the certificate.
    """
    if not folder.is_dir():
        raise InputError("this is no folder of credentials", file=str(folder), mend=_MEND)
    certificates, key = bounded(folder / CERTIFICATE, _MOST, _MEND), _guarded(folder / KEY)
    try:
        leaf = x509.load_pem_x509_certificates(certificates)[0]
    except ValueError as error:
        raise InputError(f"no certificate in PEM: {error}", file=str(folder / CERTIFICATE), mend=_MEND) from None
    secret = _parsed(folder / KEY, key)
    if secret.public_key() != leaf.public_key():
        raise InputError("the key is not that of the first certificate", file=str(folder / KEY), mend=_MEND)
    _check(leaf, folder / CERTIFICATE, at)
    return Credentials(certificates, key, _algorithm(secret, folder / KEY))


def trusted(path: Path) -> str:
    """The certificates in a PEM file, or in the `authority.pem` of a folder, to be trusted; raises InputError."""
    file = path / AUTHORITY if path.is_dir() else path
    content = bounded(file, _MOST, "Name a file of certificates in PEM")
    try:
        found = x509.load_pem_x509_certificates(content)
    except ValueError as error:
        mend = "Name the authority's certificate in PEM"
        raise InputError(f"no certificate in PEM: {error}", file=str(file), mend=mend) from None
    return b"".join(certificate.public_bytes(_PEM) for certificate in found).decode()


def _authority(name: str, organisation: str, at: dt.datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """A certificate that signs others, by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name(f"{name[:54]} authority", organisation)
    draft = _draft(subject, subject, key, at, AUTHORITY_YEARS)
    made = draft.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    made = made.add_extension(_usage(issues=True), critical=True)
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return made.add_extension(own, critical=False).sign(key, hashes.SHA256()), key


def _leaf(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    at: dt.datetime,
) -> x509.Certificate:
    """A certificate that signs labels."""
    issued_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    draft = _draft(subject, authority.subject, key, at, CERTIFICATE_YEARS)
    made = draft.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    made = made.add_extension(_usage(issues=False), critical=True)
    made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    return made.add_extension(issued_by, critical=False).sign(authority_key, hashes.SHA256())


def _draft(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, at: dt.datetime, years: int
) -> x509.CertificateBuilder:
    """A certificate without extensions, valid from the day before `at`, since clocks differ."""
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - dt.timedelta(days=1))
        .not_valid_after(at + dt.timedelta(days=365 * years))
    )


def _name(name: str, organisation: str) -> x509.Name:
    attributes = (NameOID.COMMON_NAME, name), (NameOID.ORGANIZATION_NAME, organisation)
    return x509.Name([x509.NameAttribute(kind, text) for kind, text in attributes])


def _usage(*, issues: bool) -> x509.KeyUsage:
    """What a key may do: sign certificates, or sign labels."""
    return x509.KeyUsage(
        digital_signature=not issues, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=issues, crl_sign=issues, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _stored_authority(folder: Path, at: dt.datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """The authority of a folder and its key, made here before."""
    content = bounded(folder / AUTHORITY, _MOST, _MEND)
    try:
        authority = x509.load_pem_x509_certificate(content)
    except ValueError as error:
        raise InputError(f"no certificate in PEM: {error}", file=str(folder / AUTHORITY), mend=_MEND) from None
    secret = _parsed(folder / AUTHORITY_KEY, _guarded(folder / AUTHORITY_KEY))
    if not isinstance(secret, ec.EllipticCurvePrivateKey) or secret.public_key() != authority.public_key():
        raise InputError("the key is not that of the authority", file=str(folder / AUTHORITY_KEY), mend=_MEND)
    _in_time(authority, folder / AUTHORITY, at)
    return authority, secret


Secret = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey


def _parsed(path: Path, key: bytes) -> Secret:
    """The key of a PEM file, of a kind that signs labels."""
    try:
        secret = serialization.load_pem_private_key(key, password=None)
    except TypeError:
        raise InputError(
            "the key has a password", file=str(path), mend="Give it without, readable by you alone"
        ) from None
    except ValueError as error:
        raise InputError(f"no key in PEM: {str(error)[:100]}", file=str(path), mend=_MEND) from None
    if not isinstance(secret, Secret):
        raise InputError("a key of this kind signs no labels", file=str(path), mend="Use P-256, Ed25519 or RSA")
    return secret


def _algorithm(secret: Secret, path: Path) -> str:
    """C2PA's name of the algorithm that a key signs with."""
    if isinstance(secret, ed25519.Ed25519PrivateKey):
        return "ed25519"
    if isinstance(secret, rsa.RSAPrivateKey):
        return "ps256"
    found = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}.get(secret.curve.name, "")
    if not found:
        raise InputError(f"keys on the curve {secret.curve.name} sign no labels", file=str(path), mend="Use P-256")
    return found


def _check(leaf: x509.Certificate, path: Path, at: dt.datetime) -> None:
    """Whether C2PA takes this certificate for signing; raises InputError where it does not."""
    _in_time(leaf, path, at)
    try:
        usages = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        signs = leaf.extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature
    except x509.ExtensionNotFound:
        usages, signs = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False
    if not signs or not any(purpose in usages for purpose in _PURPOSES):
        raise InputError("this certificate is not for signing documents or e-mail", file=str(path), mend=_MEND)


def _in_time(certificate: x509.Certificate, path: Path, at: dt.datetime) -> None:
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        first, last = certificate.not_valid_before_utc.date(), certificate.not_valid_after_utc.date()
        raise InputError(f"the certificate is valid from {first} to {last} only", file=str(path), mend=_MEND)


def _guarded(path: Path) -> bytes:
    """A secret file's content; raises InputError where others than its owner may read or change it."""
    content = bounded(path, _MOST, _MEND)
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise InputError("others may read this secret key", file=str(path), mend=f"Run chmod 600 {path.name}")
    return content


def _secret(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _write(path: Path, content: bytes, mode: int) -> None:
    """A file written whole, of that mode from its first byte on."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)

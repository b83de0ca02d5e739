"""Signed notes (c2sp.org/signed-note): a text, and one line for each key that signed it.

Keys are Ed25519, of two kinds: `ED25519` signs the text itself, `COSIGNATURE` signs a checkpoint together with the
time at which a witness saw it (c2sp.org/tlog-cosignature). A verifier key is written `NAME+HASH+BASE64`, a signing key
`PRIVATE+KEY+NAME+HASH+BASE64`. Signatures of keys that the reader does not know are passed over, as the specification
says; one by a known key that does not fit its text refuses the whole note.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from partita.errors import InputError
from partita.prove.encoding import SHOWN, decoded, encoded
from partita.prove.faults import ForgedSignature, MalformedNote, UnknownKey

ED25519 = 0x01
COSIGNATURE = 0x04
KINDS = (ED25519, COSIGNATURE)
SEED_BYTES = 32
ID_BYTES = 4
NOTE_BYTES_MOST = 1 << 20
SIGNATURES_MOST = 100
TIME_MOST = (1 << 63) - 1
PRIVATE = "PRIVATE+KEY+"
MARK = "— "


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: the key's name, its id (4 bytes), and the signature's own bytes."""

    name: str
    key_id: bytes
    data: bytes

    def line(self) -> str:
        """The line as it stands in a note, with its newline."""
        return f"{MARK}{self.name} {encoded(self.key_id + self.data)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A signed text: the text with its last newline, and its signatures, none of them checked yet."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(each.line() for each in self.signatures)


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key by its name; `kind` is `ED25519` or `COSIGNATURE`, `public` its 32 bytes."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256 over name, newline, kind and key."""
        return hashlib.sha256(f"{self.name}\n".encode() + bytes([self.kind]) + self.public).digest()[:ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{encoded(bytes([self.kind]) + self.public)}"

    def made(self, signature: Signature) -> bool:
        """Whether a signature names this key."""
        return (signature.name, signature.key_id) == (self.name, self.key_id)

    def check(self, text: str, signature: Signature) -> int | None:
        """The time (POSIX seconds) that a cosignature states, None for a plain one; raises `ForgedSignature`."""
        at, message, data = None, text.encode(), signature.data
        if self.kind == COSIGNATURE:
            at, data = int.from_bytes(data[:8]), data[8:]
            message = _cosigned(text, at)
            if at > TIME_MOST:
                raise ForgedSignature(f"the signature of {self.name} states no time")
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(data, message)
        except (InvalidSignature, ValueError) as error:
            raise ForgedSignature(f"the signature of {self.name} does not fit the text") from error
        return at


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key by its name: `seed` is the 32 secret bytes that it is made from."""

    name: str
    kind: int
    seed: bytes

    @property
    def verifier(self) -> VerifierKey:
        """The public key to this one."""
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return VerifierKey(self.name, self.kind, public)

    def secret(self) -> str:
        """The key as it is kept in a file: `PRIVATE+KEY+NAME+HASH+BASE64`."""
        return f"{PRIVATE}{self.name}+{self.verifier.key_id.hex()}+{encoded(bytes([self.kind]) + self.seed)}"

    def __repr__(self) -> str:
        return f"SigningKey({self.name!r}, kind={self.kind})"

    def sign(self, text: str, at: int | None = None) -> Signature:
        """The key's signature over a text; a cosignature states the time `at` (POSIX seconds), no other does."""
        if (at is None) == (self.kind == COSIGNATURE):
            raise InputError("a cosignature states its time, and no other signature does")
        key = Ed25519PrivateKey.from_private_bytes(self.seed)
        if at is None:
            return Signature(self.name, self.verifier.key_id, key.sign(text.encode()))
        if not 0 < at <= TIME_MOST:
            raise InputError(f"{at} is no time that a cosignature can state")
        return Signature(self.name, self.verifier.key_id, at.to_bytes(8) + key.sign(_cosigned(text, at)))


def _cosigned(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


@dataclass(frozen=True, slots=True)
class Signed:
    """A key whose signature was checked, and the time that it states (POSIX seconds), where it states one."""

    key: VerifierKey
    at: int | None


def make_key(name: str, seed: bytes, kind: int = ED25519) -> SigningKey:
    """A signing key from 32 secret random bytes; raises `InputError` for a name that a note cannot carry."""
    if not is_name(name):
        raise InputError(f"{name!r} cannot name a key", mend="Use a name without spaces and without +")
    if len(seed) != SEED_BYTES or kind not in KINDS:
        raise InputError(f"a key is made from {SEED_BYTES} random bytes")
    return SigningKey(name, kind, seed)


def read_verifier(text: str) -> VerifierKey:
    """The public key written `NAME+HASH+BASE64`; raises `InputError` where it is not one that is understood."""
    key = VerifierKey(*_key_parts(text.strip()))
    _same_id(key, text.strip())
    return key


def read_signing_key(text: str) -> SigningKey:
    """The private key written `PRIVATE+KEY+NAME+HASH+BASE64`; raises `InputError`, which never holds the secret."""
    text = text.strip()
    if not text.startswith(PRIVATE):
        raise InputError("this is no signing key", mend="A signing key begins with PRIVATE+KEY+")
    key = SigningKey(*_key_parts(text.removeprefix(PRIVATE)))
    _same_id(key.verifier, text.removeprefix(PRIVATE))
    return key


def _key_parts(text: str) -> tuple[str, int, bytes]:
    name, _, rest = text.partition("+")
    data = _material(rest.partition("+")[2])
    if not is_name(name) or len(data) != 1 + SEED_BYTES or data[0] not in KINDS:
        raise InputError("this is no Ed25519 key of a log or a witness", mend="A verifier key is NAME+HASH+BASE64")
    return name, data[0], data[1:]


def _material(text: str) -> bytes:
    try:
        return decoded(text)
    except MalformedNote:
        return b""


def _same_id(key: VerifierKey, text: str) -> None:
    if text.split("+", 2)[1] != key.key_id.hex():
        raise InputError(f"the key of {key.name!r} does not fit its own hash", mend="Copy the whole key again")


def parse(data: bytes | str) -> Note:
    """Takes a signed note apart, checking its form and no signature; raises `MalformedNote`."""
    text = _sound(data)
    body, found, lines = text.rpartition("\n\n")
    if not found or not lines.endswith("\n"):
        raise MalformedNote("a signed note is a text, an empty line, and signature lines")
    signatures = [_signature(line) for line in lines[:-1].split("\n")]
    if len(signatures) > SIGNATURES_MOST:
        raise MalformedNote(f"a note with {len(signatures)} signatures is not read; {SIGNATURES_MOST} are the most")
    return Note(body + "\n", tuple(signatures))


def parse_signatures(lines: str) -> tuple[Signature, ...]:
    """Signature lines alone, as a witness answers; raises `MalformedNote`."""
    return parse(f"-\n\n{lines}").signatures


def _sound(data: bytes | str) -> str:
    if len(data) > NOTE_BYTES_MOST:
        raise MalformedNote(f"a note of {len(data)} bytes is not read; {NOTE_BYTES_MOST} are the most")
    try:
        text = data.decode() if isinstance(data, bytes) else data
        text.encode()
    except UnicodeError as error:
        raise MalformedNote("the note is not UTF-8") from error
    if any(character < " " and character != "\n" for character in text):
        raise MalformedNote("the note holds a control character")
    return text


def _signature(line: str) -> Signature:
    name, _, written = line.removeprefix(MARK).partition(" ")
    data = decoded(written)
    if not line.startswith(MARK) or not is_name(name) or len(data) <= ID_BYTES:
        raise MalformedNote(f"{line[:SHOWN]!r} is no signature line")
    return Signature(name, data[:ID_BYTES], data[ID_BYTES:])


def verify(data: bytes | str | Note, keys: Iterable[VerifierKey]) -> tuple[Note, tuple[Signed, ...]]:
    """The note, and those of the known keys whose signatures hold, each once, in the note's order.

    Raises `MalformedNote`; `ForgedSignature` where a known key's signature does not hold; `UnknownKey` where no known
    key signed.
    """
    note = data if isinstance(data, Note) else parse(data)
    known = {(key.name, key.key_id): key for key in keys}
    signed: dict[VerifierKey, Signed] = {}
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is not None:
            signed.setdefault(key, Signed(key, key.check(note.text, signature)))
    if not signed:
        names = ", ".join(dict.fromkeys(each.name for each in note.signatures))[:SHOWN]
        raise UnknownKey(f"no key that is trusted here signed the note; it is signed by {names}")
    return note, tuple(signed.values())


def sign(text: str, signatures: Sequence[Signature]) -> Note:
    """A note of a text and its signatures; raises `InputError` where the text cannot be one of a note."""
    if not text.endswith("\n") or not signatures:
        raise InputError("a note's text ends with a newline, and at least one key signs it")
    try:
        return parse(str(Note(text, tuple(signatures))))
    except MalformedNote as error:
        raise InputError(f"this cannot be signed: {error.reason}") from error


def is_name(name: str) -> bool:
    """Whether a text can name a key: not empty, no spaces, no plus."""
    return bool(name) and "+" not in name and not any(each.isspace() or each < " " for each in name)

"""Keys on the disk: the private one in a file for its owner alone, never inside a log; the public one as text."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from partita.errors import InputError
from partita.formats.reading import bounded
from partita.jobs import log_files
from partita.prove import checkpoint, note
from partita.prove import policy as policies
from partita.prove.checkpoint import Policy
from partita.prove.note import SigningKey, VerifierKey

BYTES_MOST = 1 << 16
PUBLIC = ".vkey"
PRIVATE = ".key"


def beside(log: Path, ending: str) -> Path:
    """Where a log's key lies unless the user says otherwise: beside its folder."""
    return log_files.beside(log, ending)


def make(path: Path, name: str, *, witness: bool = False, outside: Path | None = None) -> SigningKey:
    """A new key pair: PATH holds the private key, for its owner alone, and PATH with the ending .vkey the public one.

    Raises InputError where there is a file already, or where PATH lies inside the folder `outside`, which is published.
    """
    if outside is not None and path.resolve().is_relative_to(outside.resolve()):
        mend = "Keep the private key outside the log's folder, which is published"
        raise InputError("a key inside the log would be published with it", file=str(path), mend=mend)
    key = note.make_key(name, os.urandom(note.SEED_BYTES), note.COSIGNATURE if witness else note.ED25519)
    public = path.with_suffix(PUBLIC)
    if public == path:
        raise InputError(f"{PUBLIC} is how public keys end", file=str(path), mend=f"End its name in {PRIVATE}")
    if public.exists():
        raise InputError("there is a public key already", file=str(public), mend="Name another file with --key")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        mend = "Name another file with --key; a key is never overwritten"
        raise InputError("there is a key already", file=str(path), mend=mend) from None
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(key.secret() + "\n")
        file.flush()
        os.fsync(file.fileno())
    public.write_text(f"{key.verifier}\n", encoding="utf-8")
    return key


def signing(path: Path) -> SigningKey:
    """The private key in a file; raises InputError where others may read the file, and never shows the key."""
    text = _text(path, "Name the file of the private key with --key")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise InputError("others may read this private key", file=str(path), mend="Take their right: chmod 600")
    try:
        return note.read_signing_key(text)
    except InputError as error:
        raise InputError(error.reason, file=str(path), mend=error.mend) from None


def public(said: str) -> VerifierKey:
    """The public key that is said: as text, or as the file that holds it. Raises InputError."""
    path = Path(said)
    if "+" in said and not path.is_file():
        return note.read_verifier(said)
    text = _text(path, "Write the public key, NAME+HASH+BASE64, or name the file that holds it")
    if text.startswith(note.PRIVATE):
        raise InputError("this is the private key", file=said, mend=f"Name the public one, which ends in {PUBLIC}")
    try:
        return note.read_verifier(text)
    except InputError as error:
        raise InputError(error.reason, file=said, mend=error.mend) from None


def policy(keys: Sequence[str], witnesses: Sequence[str] = (), quorum: int | None = None) -> Policy:
    """Whom the reader trusts: logs, and how many of the witnesses (all of those named, unless said)."""
    found = tuple(public(each) for each in witnesses)
    if any(key.kind != note.COSIGNATURE for key in found):
        raise InputError("a witness's key is one of cosignatures", mend="It is made by `partita log key --witness`")
    return checkpoint.Policy(tuple(public(each) for each in keys), found, len(found) if quorum is None else quorum)


def policy_of(path: Path) -> Policy:
    """Whom a policy file trusts (c2sp.org/tlog-policy): logs, witnesses, groups of them and a quorum."""
    mend = "Write lines of log, witness, group and quorum"
    return policies.parse(bounded(path, policies.BYTES_MOST, mend), str(path))


def _text(path: Path, mend: str) -> str:
    try:
        with path.open("rb") as file:
            return file.read(BYTES_MOST).decode().strip()
    except UnicodeError:
        raise InputError("this is no key", file=str(path), mend=mend) from None
    except OSError as error:
        reason = f"the key cannot be read: {error.strerror or error}"
        raise InputError(reason, file=str(path), mend=mend) from None

"""Documents whose every figure can be proven: a statement, an annex, a receipt, as a tree over its figures.

A figure is a JSON pointer (RFC 6901) and the value that stands there; a document is all of its figures, in the order of
their pointers. Each is committed to under a salt of its own, drawn from the document's one salt, so that one figure can
be shown to others with its proof and tell nothing of the rest. The root over them is the document's commitment.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from partita.prove import merkle
from partita.prove.commitment import SALT_BYTES, canonical, commit
from partita.prove.faults import AlteredFigure, MalformedNote

PROOF = "proof"
"""The key of a document under which its proof stands; no figure of it is one of the document."""

HINT_BYTES = 6
"""Kept of each figure's hash: where the root differs, they say which figure does; they prove nothing."""

FIGURES_MOST = 5_000_000


@dataclass(frozen=True, slots=True)
class Sealed:
    """The root over a document's figures, and the hints that tell which figure was altered."""

    root: bytes
    hints: bytes


def figures(document: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Every figure of a document without its proof: JSON pointer and value, sorted by pointer.

    An empty list or object is a figure itself, so that nothing can be added to or taken from one unseen.
    """
    found = list(_walk({name: value for name, value in document.items() if name != PROOF}, ""))
    return sorted(found, key=lambda figure: figure[0])


def _walk(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from _walk(inner, f"{place}/{str(name).replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list) and value:
        for number, inner in enumerate(value):
            yield from _walk(inner, f"{place}/{number}")
    else:
        yield place, value


def leaves(document: Mapping[str, Any], salt: bytes) -> tuple[list[str], list[bytes]]:
    """The pointers of a document's figures, and the leaf hash of each; raises InputError for floats."""
    found = figures(document)
    hashes = [merkle.leaf_hash(commit(canonical([place, value]), figure_salt(salt, place))) for place, value in found]
    return [place for place, _ in found], hashes


def figure_salt(salt: bytes, place: str) -> bytes:
    """The salt of one figure: who knows it alone can open that figure and no other."""
    return hmac.digest(salt, place.encode(), "sha256")


def seal(document: Mapping[str, Any], salt: bytes) -> Sealed:
    """The commitment to a document under a salt of 32 random bytes."""
    _, hashes = leaves(document, salt)
    return Sealed(merkle.root(hashes), b"".join(each[:HINT_BYTES] for each in hashes))


def unseal(document: Mapping[str, Any], salt: bytes, hints: bytes) -> bytes:
    """The root over the document as it stands; raises `AlteredFigure` that names the figures that are not as sealed."""
    places, hashes = leaves(document, salt)
    kept = [hints[at : at + HINT_BYTES] for at in range(0, len(hints), HINT_BYTES)]
    if len(kept) != len(hashes):
        more, less = len(hashes), len(kept)
        raise AlteredFigure(
            f"the document has {more:,} figures; {less:,} were sealed: something was added or taken out"
        )
    wrong = [place for place, mine, hint in zip(places, hashes, kept, strict=True) if mine[:HINT_BYTES] != hint]
    if len(wrong) == len(places) > 1:
        raise AlteredFigure("no figure is as sealed: the salt was altered, or the proof is another document's")
    if wrong:
        rest = f" (and {len(wrong) - 5} more)" if len(wrong) > 5 else ""
        shown = ", ".join(f"{place} = {_shown(document, place)}" for place in wrong[:5])
        raise AlteredFigure(f"not what was sealed: {shown}{rest}")
    return merkle.root(hashes)


def _shown(document: Mapping[str, Any], place: str) -> str:
    """What stands at a pointer now, cut short."""
    return canonical(dict(figures(document))[place]).decode()[:60]


def as_text(data: bytes) -> str:
    """Bytes as they stand in a proof."""
    return base64.b64encode(data).decode()


def from_text(text: object, what: str) -> bytes:
    """Bytes from a proof; raises `MalformedNote` for what is no Base64."""
    try:
        return base64.b64decode(str(text), validate=True)
    except (binascii.Error, ValueError):
        raise MalformedNote(f"{what} is not Base64") from None


def read_salt(text: object) -> bytes:
    """The salt of a proof; raises `MalformedNote` for one of another length."""
    salt = from_text(text, "the salt")
    if len(salt) != SALT_BYTES:
        raise MalformedNote(f"the salt is not {SALT_BYTES} bytes long")
    return salt

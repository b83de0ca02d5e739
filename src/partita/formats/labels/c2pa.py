"""Content credentials (C2PA) of a contribution: the manifest, and signing it into WAV, FLAC, MP3, JPEG, PNG, PDF, EPUB.

Source: C2PA Technical Specification 2.4, with what its conformance programme asks of a manifest (claim version 2, the
specification's version named, complete actions of version 2, an inception action first, a source type for what can be
perceived); CAWG Training and Data Mining Assertion 1.1. Signatures carry no time stamp, because that needs a network:
they end with their certificate. c2pa-python, which signs, is an optional package.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from partita import __version__
from partita.errors import InputError
from partita.formats import contribution_file
from partita.formats.carriers import cawg
from partita.formats.labels import disclosure, media
from partita.formats.labels.credentials import Credentials
from partita.formats.labels.shape import Contribution, Edit, Ingredient, Making, Relation
from partita.formats.signals import Intent, Loss, Stance, Statement, cut

try:
    import c2pa
except ImportError:
    c2pa = None

INSTALL = "content credentials are written and read with c2pa-python: pip install 'partita[labels]'"
SPECIFICATION = "2.4.0"
ACTIONS = "c2pa.actions.v2"
RECORD = "partita.contribution"
"""Label of our own assertion, which holds the contribution record."""

_IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
CREATED = {
    Making.HUMAN: f"{_IPTC}digitalCreation",
    Making.ASSISTED: f"{_IPTC}compositeWithTrainedAlgorithmicMedia",
    Making.GENERATED: f"{_IPTC}trainedAlgorithmicMedia",
}
"""Digital source type of what was made anew."""
EDITED = CREATED | {Making.HUMAN: f"{_IPTC}humanEdits"}
"""Digital source type of what was changed."""

UNSEEN = frozenset(
    {"c2pa.converted", "c2pa.edited.metadata", "c2pa.enhanced", "c2pa.published", "c2pa.repackaged", "c2pa.transcoded"}
)
"""Edits that change nothing of what is told: they need no source type where people made them."""
EDITS = UNSEEN | {
    "c2pa.addedText", "c2pa.adjustedColor", "c2pa.changedSpeed", "c2pa.cropped", "c2pa.deleted", "c2pa.drawing",
    "c2pa.edited", "c2pa.filtered", "c2pa.mastered", "c2pa.mixed", "c2pa.orientation", "c2pa.remixed", "c2pa.resized",
    "c2pa.trimmed",
}  # fmt: skip
"""Actions that an edit may be. Watermarks are not among them: nothing here writes one, so nothing here claims one."""

INGREDIENTS_MOST, EDITS_MOST = 100, 100
_RELATIONS = {Relation.PARENT: "parentOf", Relation.COMPONENT: "componentOf", Relation.INPUT: "inputTo"}


@dataclass(frozen=True, slots=True)
class Signed:
    """What was written: SHA-256 of the file and of its credentials, its bytes, and what had to be done to it first."""

    sha256: str
    credentials_sha256: str
    bytes: int
    remarks: tuple[str, ...] = ()


def manifest(
    contribution: Contribution, ingredients: Sequence[Ingredient] = (), edits: Sequence[Edit] = ()
) -> dict[str, Any]:
    """The manifest to be signed: actions, AI disclosures, reservation, and the contribution record.

    A work without a parent was created, by the making of its whole; one with a parent was opened, and the edits say by
    which making it was changed. Raises InputError where C2PA has no room for what is given.
    """
    entries = reservation(contribution)[0]
    assertions: list[tuple[str, dict[str, Any]]] = [
        (ACTIONS, {"actions": _actions(contribution, ingredients, edits), "allActionsIncluded": True}),
        *((disclosure.LABEL, data) for data in _disclosures(contribution)),
        *([(cawg.LABEL, entries)] if entries["entries"] else []),
        (RECORD, record(contribution)),
    ]
    return {
        "claim_version": 2,
        "claim_generator_info": [{"name": "Partita", "version": __version__, "specVersion": SPECIFICATION}],
        "title": contribution.title,
        "assertions": [{"label": label, "created": True, "data": data} for label, data in assertions],
    }


def record(contribution: Contribution) -> dict[str, Any]:
    """The record as plain data. A file is public: of evidence it holds kinds and hashes, never what it is."""
    parts = tuple(
        replace(part, evidence=tuple(one.partition(":")[0] for one in part.evidence)) for part in contribution.parts
    )
    return {"v": 1, "making": contribution.making.value} | contribution_file.plain(replace(contribution, parts=parts))


def reservation(contribution: Contribution) -> tuple[dict[str, Any], tuple[Loss, ...]]:
    """The training and data mining assertion's data for what is reserved, and what became of each purpose in it."""
    statements = tuple(Statement(purpose, Stance.RESERVE) for purpose in contribution.reservation)
    return cawg.assertion(Intent(contribution.producer, statements))


def sign(
    path: Path, out: Path, definition: dict[str, Any], credentials: Credentials, ingredients: Sequence[Ingredient] = ()
) -> Signed:
    """The file at `path` with the manifest of that definition signed into it, written whole to `out`; InputError.

    `ingredients` are those that the manifest was made with. What was in `out` before is replaced; `path` stays as it
    is. Where a book's members are compressed they are stored plain, because the library signs no others.
    """
    if c2pa is None:
        raise InputError(INSTALL)
    source = media.look(path, media.SIGN_MOST)
    media.check_out(source, out, [one.path for one in ingredients])
    remarks = [source.remark] if source.remark else []
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with contextlib.ExitStack() as stack:
            content = stack.enter_context(_content(source, remarks))
            parts = [(one, stack.enter_context(_ingredient(one))) for one in ingredients]
            with draft.open("w+b") as target:
                made = _sign(source.kind.media_type, content, target, definition, credentials, parts)
                target.flush()
                os.fsync(target.fileno())
        with draft.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = draft.stat().st_size
        draft.replace(out)
    except OSError as error:
        reason = f"the labelled file cannot be written: {error.strerror or error}"
        raise InputError(reason, file=str(out), mend="Check the folder, its rights and its room") from None
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()
    return Signed(digest, hashlib.sha256(made).hexdigest(), size, tuple(remarks))


def settings(anchors: str = "") -> Any:
    """Settings of the library: trust these certificates in PEM, fetch nothing, draw no pictures."""
    chosen: dict[str, Any] = {
        "verify": {"verify_trust": True, "remote_manifest_fetch": False, "ocsp_fetch": False},
        "builder": {"thumbnail": {"enabled": False}},
    }
    if anchors:
        chosen["trust"] = {"user_anchors": anchors}
    return c2pa.Context(settings=c2pa.Settings.from_dict(chosen))


def name_of(place: int) -> str:
    """The name by which actions of a manifest point at the ingredient at this place in the list, from 0."""
    return f"ingredient-{place}"


def _actions(
    contribution: Contribution, ingredients: Sequence[Ingredient], edits: Sequence[Edit]
) -> list[dict[str, Any]]:
    """What was done, in order: created or opened, edited, and what was put in."""
    named = {
        relation: [name_of(place) for place, one in enumerate(ingredients) if one.relation is relation]
        for relation in Relation
    }
    _check(ingredients, edits, named)
    _check_input(contribution, edits, named)
    if named[Relation.PARENT]:
        first: dict[str, Any] = {"action": "c2pa.opened", "parameters": {"ingredientIds": named[Relation.PARENT]}}
    else:
        first = {"action": "c2pa.created", "digitalSourceType": CREATED[contribution.making]}
        tools = {part.tool for part in contribution.parts if part.making is not Making.HUMAN}
        first |= {"softwareAgent": {"name": tools.pop()}} if len(tools) == 1 and "" not in tools else {}
        first |= _said({"when": _time(contribution.produced_at)})
    made = [_edit(edit) for edit in edits]
    if named[Relation.INPUT]:
        shown = made[_first_machine(edits)] if named[Relation.PARENT] else first
        shown["parameters"] = {"ingredientIds": named[Relation.INPUT]}
    placed = [{"action": "c2pa.placed", "parameters": {"ingredientIds": [one]}} for one in named[Relation.COMPONENT]]
    return [first, *made, *placed]


def _edit(edit: Edit) -> dict[str, Any]:
    """One edit as an action."""
    unseen = edit.action in UNSEEN and edit.making is Making.HUMAN
    return _said(
        {
            "action": edit.action,
            "digitalSourceType": "" if unseen else EDITED[edit.making],
            "softwareAgent": {"name": edit.tool} if edit.tool else None,
            "description": edit.description,
            "when": _time(edit.at),
        }
    )


def _first_machine(edits: Sequence[Edit]) -> int:
    """Which edit a machine's input belongs to: the first that a machine took part in."""
    return next(place for place, edit in enumerate(edits) if edit.making is not Making.HUMAN)


def _check(ingredients: Sequence[Ingredient], edits: Sequence[Edit], named: dict[Relation, list[str]]) -> None:
    """Raises InputError where C2PA has no room for these ingredients and edits."""
    if len(ingredients) > INGREDIENTS_MOST or len(edits) > EDITS_MOST:
        raise InputError(f"more than {INGREDIENTS_MOST} ingredients or {EDITS_MOST} edits", mend="Name the main ones")
    if len(named[Relation.PARENT]) > 1:
        raise InputError("a file has one parent at most", mend="Name the others as ingredients")
    for edit in edits:
        if edit.action not in EDITS:
            known = ", ".join(sorted(name.removeprefix("c2pa.") for name in EDITS))
            raise InputError(f"{cut(edit.action)!r} is no edit", mend=f"Known are {known}")


def _check_input(contribution: Contribution, edits: Sequence[Edit], named: dict[Relation, list[str]]) -> None:
    """Raises InputError where a machine was shown something, and no machine took part in what was made of it."""
    made = [edit.making for edit in edits] if named[Relation.PARENT] else [contribution.making]
    if named[Relation.INPUT] and not set(made) - {Making.HUMAN}:
        mend = "Say the edit that used it, or which part a machine made"
        raise InputError("a machine's input is named, and nothing that a machine made of it", mend=mend)


def _disclosures(contribution: Contribution) -> list[dict[str, object]]:
    """The AI disclosures, each as the specification asks; raises InputError where one is not."""
    made = disclosure.disclosures(contribution)
    for data in made:
        if wrong := disclosure.faults(data):
            raise InputError(f"the AI disclosure would be wrong: {wrong[0]}", mend="Mend the contribution record")
    return made


def _said(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields that say something."""
    return {name: value for name, value in fields.items() if value not in ("", None, [])}


def _time(at: Any) -> str:
    """A time with its zone, as RFC 3339 writes it; empty for none."""
    return at.isoformat(timespec="seconds") if at else ""


@contextlib.contextmanager
def _content(source: media.Media, remarks: list[str]) -> Iterator[IO[bytes]]:
    """The bytes to be signed: the file's own, or those of a book with its members stored plain."""
    if source.kind is media.EPUB and not media.is_stored(source.path):
        remarks.append("the book's compressed members were stored plain: the library that signs reads no others")
        with tempfile.TemporaryFile() as plain:
            media.store(source.path, plain)
            plain.seek(0)
            yield plain
    else:
        with source.path.open("rb") as file:
            yield file


@contextlib.contextmanager
def _ingredient(one: Ingredient) -> Iterator[tuple[str, IO[bytes]]]:
    """An ingredient's media type and bytes."""
    found = media.look(one.path, media.SIGN_MOST)
    with _content(found, []) as content:
        yield found.kind.media_type, content


def _sign(
    media_type: str,
    content: IO[bytes],
    target: IO[bytes],
    definition: dict[str, Any],
    credentials: Credentials,
    parts: Sequence[tuple[Ingredient, tuple[str, IO[bytes]]]],
) -> bytes:
    """Signs, and gives the credentials' bytes; raises InputError where the library refuses."""
    try:
        info = c2pa.C2paSignerInfo(credentials.algorithm.encode(), credentials.certificates, credentials.key, None)
        with c2pa.Signer.from_info(info) as signer, settings() as context:
            builder = c2pa.Builder(json.dumps(definition | {"format": media_type}), context=context)
            for place, (one, (kind, stream)) in enumerate(parts):
                about = {
                    "title": one.title or one.path.name, "relationship": _RELATIONS[one.relation],
                    "label": name_of(place),
                }  # fmt: skip
                builder.add_ingredient(json.dumps(about), kind, stream)
            return bytes(builder.sign(signer, media_type, content, target))
    except (c2pa.C2paError, io.UnsupportedOperation, ValueError) as error:
        mend = "Give a whole file, and certificates that C2PA takes"
        raise InputError(f"the file could not be signed: {cut(str(error))}", mend=mend) from None

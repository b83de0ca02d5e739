"""Labels of one media file: written from a contribution record, and verified.

Written are, in this order, the AIGC label of GB 45438 and the content credentials that cover it. What was written is
read back before it stands at its place: a file whose labels contradict its record is not written at all, so nobody can
call by a new label human what the file's own credentials call generated.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from partita.errors import InputError
from partita.formats import contribution_file
from partita.formats.labels import aigc, art50, c2pa, c2pa_read, credentials, ddex, media
from partita.formats.labels.shape import Contribution, Edit, Ingredient, Label, Making, Reason, Relation, State
from partita.formats.reading import bounded
from partita.formats.signals import Effect
from partita.jobs import run
from partita.prove import contribution
from partita.prove.contribution import Finding

MEND = "Mend the record, or say with --edit what was done to the file"
_MEDIA = {"audio": "audio", "image": "picture", "application": "text"}
"""What GB 45438 and Art. 50 call a file whose media type begins so."""
ADVICE = "A label says what somebody stated, and who signed it; it does not prove how the file was made."


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is written beside the record: credentials to sign with, sources and edits, GB 45438 codes, a DDEX message.

    `credentials` is a folder (see `credentials.load`), or None to sign nothing. `produce_id` is the file's number at
    its producer, by which an AIGC label is written; `producer` is the producer's code there, where the name is none.
    """

    credentials: Path | None = None
    ingredients: tuple[Ingredient, ...] = ()
    edits: tuple[Edit, ...] = ()
    produce_id: str = ""
    producer: str = ""
    message: Path | None = None
    track: ddex.Track | None = None


def label(path: Path, record: Path, out: Path, wishes: Wishes, *, at: dt.datetime) -> dict[str, Any]:
    """Labels the file at `path` by the record, into `out`; says what was written, and what could not be said.

    `at` is now: certificates are valid for a time. Raises InputError, and then `out` is as it was.
    """
    source, said = media.look(path, media.SIGN_MOST), contribution_file.read(record)
    media.check_out(source, out, [record, *(one.path for one in wishes.ingredients)])
    _refuse([one for one in contribution.check(said) if not one.note], record)
    if not wishes.credentials and not wishes.produce_id:
        mend = "Give --certificate to sign it, or --produce-id for an AIGC label"
        raise InputError("nothing would be written into the file", file=str(path), mend=mend)
    message = _message(said, wishes, (path, record, out))
    wishes = replace(wishes, ingredients=_sources(path, wishes))
    with _draft(out) as plain, _draft(out, "signed") as signed, _draft(wishes.message or out, "message") as told:
        content = _marked(source, said, plain, wishes)
        made: c2pa.Signed | None = None
        if wishes.credentials:
            definition = c2pa.manifest(said, wishes.ingredients, wishes.edits)
            keys = credentials.load(wishes.credentials, at=at)
            made = c2pa.sign(content, signed, definition, keys, wishes.ingredients)
        found = _agreeing(signed if wishes.credentials else content, said, record)
        if wishes.message:
            told.write_bytes(message)
            told.replace(wishes.message)
        (signed if wishes.credentials else content).replace(out)
    return _report(source, out, said, found, made)


def verify(path: Path, trust: Path | None = None) -> dict[str, Any]:
    """What the labels in the media file at `path` say and are worth, and whether they agree with one another.

    `trust` is a file of certificates in PEM, or a folder with `authority.pem`, whose signatures are believed.
    `verified` is true only where content credentials are trusted and no label contradicts them.
    """
    source = media.look(path)
    found = _labels(path, credentials.trusted(trust) if trust else "")
    record, wrong = _record_of(found)
    findings = contribution.check_labels(found, record)
    state = next(one.state for one in found if one.kind == c2pa_read.KIND)
    clash = any(not one.note for one in findings)
    making = _making(found)
    return {
        "file": str(path),
        "kind": source.kind.name,
        "media_type": source.kind.media_type,
        "bytes": source.size,
        "state": state.value,
        "making": making.value if making and not clash else None,
        "verified": state is State.TRUSTED and not clash,
        "labels": [_plain(one) for one in found if one.state is not State.NONE or one.kind == c2pa_read.KIND],
        "findings": [*(_finding(one) for one in findings), *wrong],
        "advice": ADVICE,
    }


def certificate(folder: Path, name: str, organisation: str, *, at: dt.datetime) -> dict[str, Any]:
    """Credentials made in `folder`, valid from now: an authority of one's own, and a certificate that it signed."""
    renewed = (folder / credentials.AUTHORITY).exists()
    leaf = credentials.make(folder, name, organisation or name, at=at).leaf
    return {
        "folder": str(folder),
        "name": name,
        "renewed": renewed,
        "valid_until": leaf.not_valid_after_utc.date().isoformat(),
        "give": str(folder / credentials.AUTHORITY),
        "keep": [str(folder / file) for file in (credentials.KEY, credentials.AUTHORITY_KEY)],
        "trust": "untrusted outside: only who is given the authority's certificate trusts what is signed with this",
    }


def _message(said: Contribution, wishes: Wishes, files: Sequence[Path]) -> bytes:
    """The DDEX message that is asked for; raises InputError where it would stand in the place of one of the files."""
    if not wishes.message or not wishes.track:
        return b""
    if wishes.message.resolve() in {file.resolve() for file in files}:
        raise InputError(
            "the message would replace another file", file=str(wishes.message), mend="Give it another name"
        )
    return ddex.write(said, wishes.track)


def _sources(path: Path, wishes: Wishes) -> tuple[Ingredient, ...]:
    """What the file was made from: as named; and the file itself, where it has credentials: they are never dropped."""
    before = c2pa_read.read(path)
    parent = any(one.relation is Relation.PARENT for one in wishes.ingredients)
    if before.state in (State.INVALID, State.UNKNOWN):
        why = "; ".join(reason.words for reason in before.reasons)
        raise InputError(f"its content credentials cannot be built on: {why}", file=str(path), mend="Take a whole file")
    if before.state is not State.NONE and not wishes.credentials:
        reason = "it has content credentials, which writing another label would break"
        raise InputError(reason, file=str(path), mend="Give --certificate to sign it anew")
    if before.state is not State.NONE and parent:
        reason = "it has content credentials of its own, so it is its own parent"
        raise InputError(reason, file=str(path), mend="Name the other file with --ingredient")
    if parent and not wishes.edits:
        reason = "a parent is named, and not what was done to it"
        raise InputError(reason, file=str(path), mend="Say it with --edit")
    itself = () if before.state is State.NONE else (Ingredient(path, Relation.PARENT),)
    return (*itself, *wishes.ingredients)


def _marked(source: media.Media, said: Contribution, draft: Path, wishes: Wishes) -> Path:
    """The file to be signed: itself, or a draft with the AIGC label in it."""
    if not wishes.produce_id:
        return source.path
    mark = aigc.mark(said, wishes.produce_id, wishes.producer)
    try:
        draft.write_bytes(aigc.write(source.path.read_bytes(), mark))
    except InputError as error:
        raise InputError(error.reason, file=str(source.path), mend=error.mend) from None
    return draft


def _agreeing(path: Path, said: Contribution, record: Path) -> list[Label]:
    """The labels that were written, read back; raises InputError where one contradicts the record."""
    found = _labels(path, "")
    _refuse([one for one in contribution.check_labels(found, said) if not one.note], record)
    silent = [one for one in found if one.kind == c2pa_read.KIND and one.state is State.UNTRUSTED and not one.making]
    if silent and said.making is not Making.HUMAN:
        reason = "what the file was made from does not say how it was made, and no edit says it"
        raise InputError(reason, file=str(record), mend="Say with --edit what was done to it")
    return found


def _labels(path: Path, trust: str) -> list[Label]:
    """Every label of the file, its content credentials first."""
    found = [c2pa_read.read(path, trust=trust)]
    if path.stat().st_size > aigc.SIZE_MOST:
        why = Reason("too_large", f"the file is larger than {aigc.SIZE_MOST:,} bytes")
        return [*found, Label("aigc", State.UNKNOWN, (why,))]
    return [*found, *aigc.read(bounded(path, aigc.SIZE_MOST, "Take a smaller rendering"))]


def _record_of(found: Sequence[Label]) -> tuple[Contribution | None, list[dict[str, Any]]]:
    """The contribution record in the labels, None where there is none; and what is wrong with one that is not read."""
    try:
        return next((contribution_file.of(dict(one.record)) for one in found if one.record), None), []
    except InputError as error:
        words = f"the contribution record in the label cannot be read: {error.reason}"
        return None, [{"code": "record_unreadable", "words": words, "place": c2pa_read.KIND, "note": True}]


def _making(found: Sequence[Label]) -> Making | None:
    """The one way of making that all labels are true of; None where they leave it open, or there is no label."""
    believed = [one for one in found if one.state in (State.TRUSTED, State.UNTRUSTED, State.UNSIGNED)]
    left = frozenset(Making)
    for one in believed:
        left &= contribution.allowed(one)
    return next(iter(left)) if believed and len(left) == 1 else None


def _refuse(findings: Sequence[Finding], record: Path) -> None:
    """Raises InputError for the first finding, and says how many there are."""
    if findings:
        first, more = findings[0], f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
        place = f"{first.place}: " if first.place else ""
        raise InputError(f"{place}{first.words}{more}", file=str(record), mend=MEND)


@contextmanager
def _draft(out: Path, name: str = "plain") -> Iterator[Path]:
    """A file beside `out` that is gone afterwards, unless it was moved."""
    draft = out.with_name(f".{os.getpid()}.{name}.{out.name}")
    try:
        yield draft
    finally:
        with suppress(OSError):
            draft.unlink()


def _report(
    source: media.Media, out: Path, said: Contribution, found: Sequence[Label], made: c2pa.Signed | None
) -> dict[str, Any]:
    """What was written and what was not, as plain data; the SHA-256 of the file and of its credentials, for the log."""
    unsaid = [loss.statement.purpose for loss in c2pa.reservation(said)[1] if loss.effect is not Effect.EXACT]
    return {
        "file": str(source.path),
        "out": str(out),
        "bytes": out.stat().st_size,
        "sha256": run.digest(out),
        "credentials_sha256": made.credentials_sha256 if made else "",
        "title": said.title,
        "making": said.making.value,
        "labels": [_plain(one) for one in found if one.state is not State.NONE],
        "ddex": {"contains_ai": ddex.contains_ai(said), "categories": ddex.categories(said)},
        "words": _words(said.making, _MEDIA[source.kind.media_type.partition("/")[0]]),
        "findings": [_finding(one) for one in contribution.check(said)],
        "unsaid": unsaid,
        "remarks": list(made.remarks) if made else [],
        "advice": ADVICE,
    }


def _words(making: Making, medium: str) -> dict[str, Any]:
    """What people are shown or told of an output made so: for Art. 50 by language, and GB 45438's explicit label."""
    told = {language: art50.wording(making, language, medium) for language in art50.LANGUAGES}
    eu = {language: asdict(words) for language, words in told.items() if words}
    return {"eu_art50": eu, "gb_45438": aigc.explicit(medium, making)}


def _plain(one: Label) -> dict[str, Any]:
    """A label as plain data."""
    return {
        "kind": one.kind,
        "state": one.state.value,
        "making": one.making.value if one.making else None,
        "signer": one.signer,
        "signed_at": one.signed_at,
        "reasons": [asdict(reason) for reason in one.reasons],
        "record": dict(one.record),
        "details": dict(one.details),
    }


def _finding(one: Finding) -> dict[str, Any]:
    return {"code": one.code, "words": one.words, "place": one.place, "note": one.note}

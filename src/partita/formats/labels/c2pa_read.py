"""Content credentials (C2PA) of a file, read: what they say of its making, and what they are worth.

A label is `trusted` only where the reader was given its issuer; one that is whole but of an unknown issuer is
`untrusted`; nothing is taken from one that is `invalid`. The making is told by the actions of the active manifest and
of the source files taken into it: what is not told is unknown, and unknown is never human.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from partita.errors import InputError
from partita.formats.carriers import cawg
from partita.formats.labels import c2pa as credentials
from partita.formats.labels import disclosure, media
from partita.formats.labels.c2pa_words import words
from partita.formats.labels.shape import Label, Making, Reason, State, overall
from partita.formats.signals import cut

try:
    import c2pa
except ImportError:
    c2pa = None

KIND = "c2pa"
LISTED_MOST = 200
"""Actions, source files and reasons that are told; the rest is counted."""

STORE_MOST = 64 << 20
"""Characters of a manifest store as the library tells it."""

_MEMBER = "META-INF/content_credential.c2pa"
_TRACE = bytes.fromhex("00110010800000aa00389b71")
"""What the identifiers of all boxes of content credentials end with."""

_IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_BLANK = "http://c2pa.org/digitalsourcetype/empty"
_MAKINGS = {
    f"{_IPTC}{name}": making
    for making, names in {
        Making.HUMAN: (
            "digitalCapture", "computationalCapture", "negativeFilm", "positiveFilm", "print", "minorHumanEdits",
            "humanEdits", "digitalCreation", "compositeCapture",
        ),
        Making.ASSISTED: ("compositeWithTrainedAlgorithmicMedia", "compositeSynthetic"),
        Making.GENERATED: ("trainedAlgorithmicMedia",),
    }.items()
    for name in names
} | {"http://c2pa.org/digitalsourcetype/trainedAlgorithmicData": Making.GENERATED}  # fmt: skip
"""Source types that say who made something; the others (a composite, digital art, a screen) leave it open."""

_FOREIGN = "signingCredential.untrusted"
"""The one failure that breaks nothing: it is told last."""
_STATES = {"Trusted": State.TRUSTED, "Valid": State.UNTRUSTED}


def read(path: Path, *, trust: str = "") -> Label:
    """The content credentials of the file at `path`; `trust` holds certificates in PEM whose holders are believed.

    Raises InputError where there is no file of a known kind; whatever stands in the file is a label with its reasons.
    """
    found = media.look(path)
    remarks = (Reason("partita.name", found.remark),) if found.remark else ()
    if c2pa is None:
        return _label(State.UNKNOWN, ("partita.package", credentials.INSTALL), *remarks)
    try:
        if found.kind is media.EPUB and (told := _of_book(path)):
            return told
        with (
            path.open("rb") as file,
            credentials.settings(trust) as context,
            c2pa.Reader(found.kind.media_type, file, context=context) as reader,
        ):
            text, state = reader.json(), str(reader.get_validation_state())
    except c2pa.C2paError.ManifestNotFound:
        return _without(path, remarks)
    except InputError as error:
        return _broken(path, error.reason, remarks)
    except Exception as error:  # noqa: BLE001 - the library is native code over hostile bytes
        return _broken(path, cut(str(error)), remarks)
    if len(text) > STORE_MOST:
        return _label(State.UNKNOWN, ("partita.size", "the credentials are larger than is read here"), *remarks)
    return of_store(json.loads(text), state, remarks)


def _of_book(path: Path) -> Label | None:
    """The label of a book that the library cannot open: without credentials, or with members that are compressed."""
    if media.is_stored(path):
        return None
    if _MEMBER not in media.members(path):
        return _label(State.NONE, ("partita.none", "the file has no content credentials"))
    why = "the book's members are compressed, and the library that checks credentials reads only plain ones"
    return _label(State.UNKNOWN, ("partita.compressed", why))


def _without(path: Path, remarks: Sequence[Reason]) -> Label:
    """The label of a file in which the library finds no credentials."""
    if has_traces(path):
        why = (
            "pieces of content credentials stand in the file, but not where its format has them: damaged, moved, or "
            "those of a file within it"
        )
        return _label(State.UNKNOWN, ("partita.traces", why), *remarks)
    return _label(State.NONE, ("partita.none", "the file has no content credentials"), *remarks)


def _broken(path: Path, error: str, remarks: Sequence[Reason]) -> Label:
    """The label of a file whose credentials lie elsewhere, or that breaks the library."""
    if error.startswith("Remote"):
        return _label(State.UNKNOWN, ("manifest.inaccessible", words("manifest.inaccessible")), *remarks)
    if has_traces(path):
        why = f"the content credentials, or the file around them, were damaged after signing ({error})"
        return _label(State.INVALID, ("partita.damaged", why), *remarks)
    return _label(State.UNKNOWN, ("partita.unreadable", f"the file is damaged or cut off ({error})"), *remarks)


def has_traces(path: Path) -> bool:
    """Whether boxes of content credentials stand anywhere in a file that is not empty."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        first = content.find(_TRACE)
        return first >= 0 and content.find(_TRACE, first + 1) >= 0


def _label(state: State, *reasons: Reason | tuple[str, str]) -> Label:
    return Label(KIND, state, tuple(one if isinstance(one, Reason) else Reason(*one) for one in reasons))


def of_store(store: Any, state: str, remarks: Sequence[Reason] = ()) -> Label:
    """The label of a manifest store, as the library tells it in JSON with the state of its validation; never raises."""
    store = _object(store)
    manifests, name = _object(store.get("manifests")), str(store.get("active_manifest", ""))
    active = _object(manifests.get(name))
    worth = _STATES.get(state, State.INVALID)
    reasons = [*remarks, *_reasons(store, active, worth)]
    if worth is State.INVALID:
        return Label(KIND, worth, tuple(reasons), signer=_signer(active))
    about = _object(active.get("signature_info"))
    return Label(
        KIND,
        worth,
        tuple(reasons),
        making=_making(manifests, name),
        signer=_signer(active),
        signed_at=str(about.get("time") or ""),
        record=next(iter(_data(active, credentials.RECORD)), {}),
        details=_details(active, len(manifests), state),
    )


def _reasons(store: Mapping[str, Any], active: Mapping[str, Any], worth: State) -> list[Reason]:
    """Why the credentials are worth what they are: failures first, then those of the source files."""
    results = _object(store.get("validation_results"))
    codes = sorted(dict.fromkeys(_codes(_object(results.get("activeManifest")))), key=_FOREIGN.__eq__)
    told = [Reason(code, words(code)) for code in codes]
    if worth is State.TRUSTED:
        told.append(Reason("signingCredential.trusted", f"signed by {_signer(active)}, whose issuer is trusted here"))
    sources = [*_list(results.get("ingredientDeltas")), *_ingredients(store)]
    inner = dict.fromkeys(code for source in sources for code in _source_codes(source))
    told += [Reason(code, f"in a source file's credentials: {words(code)}") for code in inner]
    if worth is State.INVALID and not told:
        told.append(Reason("general.error", words("general.error")))
    return told[:LISTED_MOST]


def _codes(result: Mapping[str, Any]) -> Iterator[str]:
    """The failures among a validation's results."""
    for failure in _list(result.get("failure")):
        if code := str(_object(failure).get("code", "")):
            yield cut(code)


def _source_codes(source: Any) -> list[str]:
    """The failures in a source file's credentials, now or when it was taken in; a foreign issuer is no failure."""
    about = _object(source)
    found = [
        *_codes(_object(about.get("validationDeltas"))),
        *_codes(_object(_object(about.get("validation_results")).get("activeManifest"))),
        *(cut(str(_object(one).get("code", ""))) for one in _list(about.get("validation_status"))),
    ]
    return [code for code in found if code and code != _FOREIGN]


def _ingredients(store: Mapping[str, Any]) -> Iterator[Any]:
    for manifest in _object(store.get("manifests")).values():
        yield from _list(_object(manifest).get("ingredients"))


def _signer(manifest: Mapping[str, Any]) -> str:
    """Who signed, as the certificate names them."""
    about = _object(manifest.get("signature_info"))
    name, issuer = cut(str(about.get("common_name") or "")), cut(str(about.get("issuer") or ""))
    return f"{name} ({issuer})" if name and issuer and name != issuer else name or issuer


def _details(active: Mapping[str, Any], manifests: int, state: str) -> dict[str, object]:
    """What else the active manifest says, as plain data."""
    actions = list(_actions(active))
    types = [str(action["digitalSourceType"]) for action in actions if action.get("digitalSourceType")]
    signals = [
        one for label in cawg.LABELS for data in _data(active, label) for one in cawg.read_assertion(data, state)
    ]
    generator = _object(next(iter(_list(active.get("claim_generator_info"))), {}))
    return {
        "title": cut(str(active.get("title") or "")),
        "generator": cut(f"{generator.get('name', '')} {generator.get('version', '')}").strip(),
        "manifests": manifests,
        "actions": [_action(action) for action in actions[:LISTED_MOST]],
        "digital_source_types": list(dict.fromkeys(cut(kind) for kind in types))[:LISTED_MOST],
        "disclosures": [dict(data) for data in _data(active, disclosure.LABEL)][:LISTED_MOST],
        "disclosure_faults": [fault for data in _data(active, disclosure.LABEL) for fault in disclosure.faults(data)],
        "reservations": [{"purpose": one.purpose, "stance": one.stance.value} for one in signals][:LISTED_MOST],
        "sources": [_source(one) for one in _list(active.get("ingredients"))[:LISTED_MOST]],
        "algorithm": cut(str(_object(active.get("signature_info")).get("alg") or "")),
    }


def _action(action: Mapping[str, Any]) -> dict[str, str]:
    """One action in short."""
    agent = action.get("softwareAgent")
    fields = {
        "action": action.get("action"),
        "source_type": action.get("digitalSourceType"),
        "tool": _object(agent).get("name") or (agent if isinstance(agent, str) else ""),
        "description": action.get("description"),
        "when": action.get("when"),
    }
    return {name: cut(str(value)) for name, value in fields.items() if value}


def _source(ingredient: Any) -> dict[str, object]:
    """One source file in short: its title, what it was to the output, and whether it had credentials."""
    about = _object(ingredient)
    relation = {"parentOf": "parent", "componentOf": "component", "inputTo": "input"}
    return {
        "title": cut(str(about.get("title") or "")),
        "relation": relation.get(str(about.get("relationship")), "component"),
        "credentials": bool(about.get("active_manifest")),
    }


def _making(manifests: Mapping[str, Any], label: str) -> Making | None:
    """How the whole was made, by every step that is told; None where people alone are told of and something is not."""
    steps = set(_steps(manifests, label, set()))
    known = {step for step in steps if step}
    if None not in steps:
        return overall(known) if known else None
    return Making.ASSISTED if known - {Making.HUMAN} else None


def _steps(manifests: Mapping[str, Any], label: str, seen: set[str]) -> Iterator[Making | None]:
    """The making of each step of a manifest and of the source files that became part of it; None for what is untold."""
    if label in seen:
        return
    seen.add(label)
    manifest = _object(manifests.get(label))
    actions = list(_actions(manifest))
    begun = {"c2pa.created", "c2pa.opened"} & {str(action.get("action")) for action in actions}
    if not begun or not _is_complete(manifest):
        yield None
    for action in actions:
        kind, name = str(action.get("digitalSourceType") or ""), str(action.get("action"))
        if kind and kind != _BLANK:
            yield _MAKINGS.get(kind)
        elif not kind and name not in credentials.UNSEEN and name not in ("c2pa.opened", "c2pa.placed"):
            yield None
    for ingredient in _list(manifest.get("ingredients")):
        about = _object(ingredient)
        if about.get("relationship") != "inputTo":
            inner = str(about.get("active_manifest") or "")
            if inner in manifests and not _source_codes(about):
                yield from _steps(manifests, inner, seen)
            else:
                yield None


def _is_complete(manifest: Mapping[str, Any]) -> bool:
    """Whether the signer says that no action was left out."""
    return any(data.get("allActionsIncluded") is True for data in _data(manifest, *_ACTIONS))


_ACTIONS = (credentials.ACTIONS, "c2pa.actions")


def _actions(manifest: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for data in _data(manifest, *_ACTIONS):
        yield from (_object(action) for action in _list(data.get("actions")))


def _data(manifest: Mapping[str, Any], *labels: str) -> Iterator[Mapping[str, Any]]:
    """The data of the manifest's assertions of these labels, numbered or not."""
    for assertion in _list(manifest.get("assertions")):
        about = _object(assertion)
        if str(about.get("label", "")).split("__")[0] in labels:
            yield _object(about.get("data"))


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
